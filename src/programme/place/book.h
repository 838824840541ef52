/* book: what a place_book remembers, shared by the files of this room. */
#ifndef JD_PROGRAMME_PLACE_BOOK_H
#define JD_PROGRAMME_PLACE_BOOK_H

#include "base/map.h"
#include "programme/place/place.h"
#include "text/text.h"

struct retired { int64_t code, successor; };                 /* successor 0 = not known */
struct alias { const char *key; int64_t code; };             /* key: text_key of the name */

struct place_book {
    struct text *text;
    struct map known;                /* code -> 1 in today's list or history, 2 in neither */
    struct arena kept;               /* aliases; program lifetime */
    struct arena work;               /* one call */
    struct retired *retired; size_t n_retired; bool has_retired;
    struct retired *succeeded; size_t n_succeeded; /* those that have a successor, by it */
    struct alias *alias; size_t n_alias; bool has_alias;
};

bool book_text(struct place_book *b, struct err *e);                  /* opens b->text once */

/* The usual English name of a province; of another place its reading in Latin letters with its kind. NULL
 * when neither can be made: text NULL, or no reading. Arena or constant. */
const char *place_english(struct text *text, int64_t code, const char *chinese, struct arena *a);

struct place_facts { char name[128], name_en[128]; int64_t level, retired, successor; bool found; };

bool book_facts(struct place_book *b, struct db *d, int64_t code, struct place_facts *out, struct err *e);
bool book_retired(struct place_book *b, struct db *d, struct err *e);  /* fills b->retired once */
bool book_aliases(struct place_book *b, struct db *d, struct err *e);  /* fills b->alias once */

/* "Xinjiang / Hotan / Lop County" with the names there are, highest first. */
bool book_full_name(struct place_book *b, struct db *d, int64_t code, bool zh, struct buf *out, struct err *e);

bool place_resolve(void *arg, struct db *d, const char *s, size_t n, int64_t *code, struct err *e);

#endif
