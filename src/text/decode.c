#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/ucnv.h>
#include <unicode/ustring.h>

#include "base/log.h"
#include "base/utf8.h"
#include "text/text.h"

#define BLOCK 32768
#define UNFINISHED 8 /* bytes of a character that the block's end may cut */

struct text_decoder {
    struct csv_source in;
    enum text_encoding enc; /* TEXT_AUTO until a byte beyond ASCII has told */
    UConverter *conv;       /* NULL while bytes pass as they are */
    bool first, ended;
    uint64_t at;            /* offset in the file of raw[0] */
    size_t raw_n;
    size_t out_at, out_n;
    struct err fault;       /* told once what lies before it has been given out */
    char raw[BLOCK + UNFINISHED];
    UChar units[BLOCK + UNFINISHED];
    char out[(BLOCK + UNFINISHED) * 3];
};

static const char *const converter_names[] = {
    [TEXT_GB18030] = "gb18030",
    [TEXT_UTF16LE] = "UTF-16LE",
    [TEXT_UTF16BE] = "UTF-16BE",
};
static const char *const encoding_names[] = {
    [TEXT_AUTO] = "ASCII",
    [TEXT_UTF8] = "UTF-8",
    [TEXT_GB18030] = "GB18030",
    [TEXT_UTF16LE] = "UTF-16LE",
    [TEXT_UTF16BE] = "UTF-16BE",
};

static bool choose(struct text_decoder *d, enum text_encoding enc)
{
    UErrorCode code = U_ZERO_ERROR;
    d->enc = enc;
    if (enc == TEXT_UTF8) return true;
    d->conv = ucnv_open(converter_names[enc], &code);
    ucnv_setToUCallBack(d->conv, UCNV_TO_U_CALLBACK_STOP, NULL, NULL, NULL, &code);
    if (U_SUCCESS(code)) return true;
    return err_set(&d->fault, ERR_INTERNAL, "the ICU library lacks %s: %s", encoding_names[enc],
                   u_errorName(code));
}

struct text_decoder *text_decoder_open(struct csv_source in, enum text_encoding enc)
{
    struct text_decoder *d = mem_alloc(sizeof *d);
    d->in = in;
    d->first = true;
    if (enc != TEXT_AUTO) d->ended = !choose(d, enc);
    return d;
}

void text_decoder_close(struct text_decoder *d)
{
    if (!d) return;
    if (d->conv) ucnv_close(d->conv);
    free(d);
}

enum text_encoding text_decoder_encoding(const struct text_decoder *d)
{
    return d->enc == TEXT_AUTO ? TEXT_UTF8 : d->enc;
}

static bool starts(const char *p, size_t n, const char *mark, size_t len)
{
    return n >= len && memcmp(p, mark, len) == 0;
}

/* One damaged byte must not turn a UTF-8 file into GB18030, where it would read as other, valid
 * characters. So the sequences that are well formed are weighed against the bytes that are not:
 * Chinese in GB18030 makes well-formed UTF-8 only by rare accident. */
static bool looks_utf8(const char *p, size_t n, bool last)
{
    size_t good = 0, bad = 0;
    for (size_t i = 0; i < n;) {
        if ((unsigned char)p[i] < 0x80) {
            i++;
            continue;
        }
        size_t len = 2;
        while (len <= 4 && i + len <= n && utf8_check(p + i, len) < len) len++;
        if (len <= 4 && i + len <= n) {
            good++;
            i += len;
        } else if (n - i < 4 && !last) {
            break; /* cut by the block's end, perhaps: it tells nothing */
        } else {
            bad++;
            i++;
        }
    }
    return bad == 0 || good / 8 >= bad;
}

/* Tells the encoding from a block, or leaves it open while all is ASCII. */
static bool detect(struct text_decoder *d, const char *p, size_t n)
{
    if (d->first) {
        if (starts(p, n, "\xEF\xBB\xBF", 3)) return choose(d, TEXT_UTF8);
        if (starts(p, n, "\xFF\xFE", 2)) return choose(d, TEXT_UTF16LE);
        if (starts(p, n, "\xFE\xFF", 2)) return choose(d, TEXT_UTF16BE);
        if (starts(p, n, "\x84\x31\x95\x33", 4)) return choose(d, TEXT_GB18030);
    }
    unsigned char all = 0;
    for (size_t i = 0; i < n; i++) all |= (unsigned char)p[i];
    if (all < 0x80) return true;
    return choose(d, looks_utf8(p, n, d->ended) ? TEXT_UTF8 : TEXT_GB18030);
}

/* Fills raw behind what an earlier block left over. */
static bool fill(struct text_decoder *d)
{
    size_t want = sizeof d->raw - d->raw_n;
    while (want > 0) { /* a full block, so that detection and offsets do not hang on short reads */
        long got = d->in.read(d->in.arg, d->raw + d->raw_n, want, &d->fault);
        if (got < 0) return false;
        if (got == 0) {
            d->ended = true;
            return true;
        }
        d->raw_n += (size_t)got;
        want -= (size_t)got;
    }
    return true;
}

static void note_fault(struct text_decoder *d, uint64_t offset, UErrorCode code)
{
    char bytes[UNFINISHED * 3 + 1] = "";
    size_t from = (size_t)(offset - d->at);
    for (size_t i = 0; i < 4 && from + i < d->raw_n; i++)
        snprintf(bytes + 3 * i, sizeof bytes - 3 * i, " %02X", (unsigned char)d->raw[from + i]);
    err_set(&d->fault, ERR_INVALID, "at byte %llu of the file: %s in %s:%s",
            (unsigned long long)offset,
            code == U_TRUNCATED_CHAR_FOUND ? "a character is cut off" : "bytes mean no character",
            encoding_names[d->enc], bytes);
    d->ended = true;
}

/* Converts raw to out. Each block is given to a fresh converter and begins at a character; what
 * the block's end cuts is kept for the next one, so offsets are exact wherever blocks end. */
static void convert(struct text_decoder *d)
{
    UErrorCode code = U_ZERO_ERROR;
    const char *from = d->raw;
    UChar *to = d->units;
    ucnv_resetToUnicode(d->conv);
    ucnv_toUnicode(d->conv, &to, d->units + sizeof d->units / sizeof *d->units, &from,
                   d->raw + d->raw_n, NULL, d->ended, &code);
    size_t used = (size_t)(from - d->raw);
    if (U_FAILURE(code)) {
        char bad[32];
        int8_t len = sizeof bad;
        UErrorCode ignore = U_ZERO_ERROR;
        ucnv_getInvalidChars(d->conv, bad, &len, &ignore);
        if (U_FAILURE(ignore) || (size_t)len > used) len = 0;
        note_fault(d, d->at + used - (size_t)len, code);
    } else if (!d->ended) {
        int32_t pending = ucnv_toUCountPending(d->conv, &code);
        if (pending > 0 && pending <= UNFINISHED) used -= (size_t)pending;
    }
    int32_t n = (int32_t)(to - d->units), out = 0;
    UChar *units = d->units;
    if (d->first && n > 0 && units[0] == 0xFEFF) units++, n--;
    code = U_ZERO_ERROR;
    u_strToUTF8(d->out, (int32_t)sizeof d->out, &out, units, n, &code);
    if (code != U_STRING_NOT_TERMINATED_WARNING && U_FAILURE(code))
        log_fatal("decode", "icu=%s", u_errorName(code));
    d->out_n = (size_t)out;
    memmove(d->raw, d->raw + used, d->raw_n - used);
    d->raw_n -= used;
    d->at += used;
}

static void pass(struct text_decoder *d)
{
    memcpy(d->out, d->raw, d->raw_n);
    d->out_n = d->raw_n;
    d->at += d->raw_n;
    d->raw_n = 0;
}

static void next_block(struct text_decoder *d)
{
    d->out_at = d->out_n = 0;
    if (!fill(d) || (d->enc == TEXT_AUTO && !detect(d, d->raw, d->raw_n))) {
        d->ended = true;
        return;
    }
    if (d->conv) {
        convert(d);
    } else {
        pass(d);
    }
    d->first = false;
}

static long decoder_read(void *arg, char *p, size_t n, struct err *e)
{
    struct text_decoder *d = arg;
    while (d->out_at == d->out_n && !d->ended) next_block(d);
    size_t left = d->out_n - d->out_at;
    if (left == 0 && d->fault.code != ERR_NONE) {
        if (e) *e = d->fault;
        return -1;
    }
    if (left > n) left = n;
    memcpy(p, d->out + d->out_at, left);
    d->out_at += left;
    return (long)left;
}

struct csv_source text_decoder_source(struct text_decoder *d)
{
    return (struct csv_source){ decoder_read, d };
}
