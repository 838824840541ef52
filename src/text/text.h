/* text: the only room that knows ICU. Forms of a name that are stored as columns, so that both
 * databases sort and search alike, and decoding of other encodings. Pure functions over an opaque
 * handle; a handle belongs to one thread. */
#ifndef JD_TEXT_TEXT_H
#define JD_TEXT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include "base/arena.h"
#include "base/csv.h"
#include "base/err.h"

struct text;
bool text_open(struct text **out, struct err *e) WARN_UNUSED; /* owned; free with text_close */
void text_close(struct text *t);

/* Normal form of what people type: NFKC, white space runs to one blank, trimmed; case kept. */
const char *text_clean(struct text *t, const char *s, size_t n, struct arena *a);
/* For comparing: text_clean, then case folding, blanks and punctuation removed. */
const char *text_key(struct text *t, const char *s, size_t n, struct arena *a);
/* Sort key bytes in zh@collation=pinyin order, as lower-case hex text, which both databases sort
 * alike. */
const char *text_sort_key(struct text *t, const char *s, size_t n, struct arena *a);
/* Romanised key: Any-Latin, Latin-ASCII, lower case, letters and digits only: "张伟" is
 * "zhangwei". */
const char *text_roman(struct text *t, const char *s, size_t n, struct arena *a);
const char *text_icu_version(void);

/* Encodings a file may come in. TEXT_AUTO: BOM decides; else the first block that is not pure
 * ASCII: UTF-8 if it is valid or nearly so (a few damaged bytes are left for csv to tell), else
 * GB18030. */
enum text_encoding { TEXT_AUTO, TEXT_UTF8, TEXT_GB18030, TEXT_UTF16LE, TEXT_UTF16BE };

/* Wraps a byte source into one that gives UTF-8, streaming in constant memory. Bytes that mean
 * nothing in the encoding make read return -1 with the byte offset in the message; under UTF-8
 * bytes pass as they are (csv tells bad rows one by one). Owned; free with text_decoder_close. */
struct text_decoder;
struct text_decoder *text_decoder_open(struct csv_source in, enum text_encoding enc);
struct csv_source text_decoder_source(struct text_decoder *d);
/* Known after the first read; while all was ASCII, UTF-8. */
enum text_encoding text_decoder_encoding(const struct text_decoder *d);
void text_decoder_close(struct text_decoder *d);

#endif
