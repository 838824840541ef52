/* plan: what reading and checking a field needs, found once when the model is opened, so that a
 * load of millions of rows looks nothing up by name. Private to entity/. */
#ifndef JD_ENTITY_PLAN_H
#define JD_ENTITY_PLAN_H

#include "entity/entity.h"

/* Checks of one field, done in this order by row_check. */
enum plan_check {
    PLAN_REQUIRED = 1 << 0,
    PLAN_FIRM     = 1 << 1,   /* its lack refuses the row even where drafts are kept */
    PLAN_RANGE    = 1 << 2,
    PLAN_LENGTH   = 1 << 3,
    PLAN_CODE     = 1 << 4,
    PLAN_IDENTIFIER = 1 << 5  /* citizen id, credit code, bank card or phone */
};

struct field_plan {
    const struct field *field;
    enum field_type type;
    uint32_t flags;
    uint32_t checks;
    int column, county_column;
    int scale;                       /* decimals kept: 2 for money */
    bool coarse;                     /* a month or a year is taken: DATE_FIRST or DATE_LAST */
    int64_t lo, hi;                  /* integers, or characters of text */
    const struct code_list *codes;   /* F_CODE */
    const struct table_map *target;  /* F_REF */
    struct val preset;               /* read already, where no store is needed */
    bool preset_late;                /* places and references: read when it is used */
    int source;                      /* row column of the home row that it copies, or -1 */
};

/* A reference from one table into another, and the statement that finds a row with it. */
struct referrer { const struct table_map *map; int field; struct stmt stmt; bool by_county; };

/* The facts that rows of a table copy from the rows their home reference names. n 0 = none. */
struct copies {
    const struct table_map *map, *from;
    int n;
    const int *to, *source;          /* row columns of map and of from */
    /* Of the row of `from` that is ?1 county ?2 id: the source columns; on PostgreSQL the row cannot
     * change before the transaction ends. */
    struct stmt get;
    /* Of rows of `from` in county ?1, ?2 <= id <= ?3, not of load ?4, by id: id, load, then the
     * source columns; `held` as get. */
    struct stmt range, held;
    /* Rows of `map` with the digest, by id, that refer to ?1 county ?2 id, id > ?3: COPIES_PAGE. */
    struct stmt below;
    /* Rows of `map` that have not what they should copy, after ?1 county ?2 id: county, id, load;
     * COPIES_PAGE. */
    struct stmt strays;
};
#define COPIES_PAGE 200

/* What the model owns besides what it shows. */
struct model_own {
    struct model model;              /* first: what model_open gives */
    struct arena arena;
    struct referrer **referrers;     /* one array a map */
    int *n_referrers;
    struct copies *copies;           /* one a map */
    struct table_map *maps;
    int n_tables;                    /* maps but views */
};

/* Reads a value that needs no store: all types but F_PLACE and F_REF. s is trimmed, n > 0. */
bool plain_read(const struct field_plan *p, const char *s, size_t n, int zone, struct val *out,
                struct arena *a, struct err *e) WARN_UNUSED;
/* Writes such a value. */
const char *plain_write(const struct field_plan *p, struct val v, struct arena *a);

/* A typed character in its plain form: full-width signs half-width, the yuan sign as ¥, 0 for a
 * blank of any kind. */
static inline uint32_t plain_char(uint32_t c)
{
    if (c >= 0xff01 && c <= 0xff5e) return c - 0xfee0;
    if (c == 0xffe5) return 0xa5;
    return c <= ' ' || c == 0xa0 || c == 0x3000 ? 0 : c;
}

/* Cuts blanks of every kind from both ends. */
void trim_blanks(const char **s, size_t *n);

/* A short piece of what was typed, for messages: at most 60 bytes, with "..." where it was cut. */
#define SHOWN_TEXT 80
const char *shown(char out[SHOWN_TEXT], const char *s, size_t n);

/* sql.c: table and statements of one map. Arena: the model's. */
void plan_table(struct table_map *m, struct arena *a);
void plan_statements(struct table_map *m, struct arena *a);
struct referrer plan_referrer(const struct table_map *m, int field, struct arena *a);
bool sql_word(const char *name);     /* reserved in either database */
void plan_copies_stmts(struct copies *c, struct arena *a);

/* copies.c: resolves what fields copy; maps must be planned. */
bool plan_copies(struct model_own *own, struct err *e) WARN_UNUSED;

/* Does this text lie in the list's own memory, as the codes do that reading gives? */
bool code_list_holds(const struct code_list *l, const char *p);

/* Numbers and dates as people type them (typed.c). */
bool typed_int(const struct field_plan *p, const char *s, size_t n, int64_t *out, struct err *e)
    WARN_UNUSED;
bool typed_date(const struct field_plan *p, const char *s, size_t n, int64_t *out, struct err *e)
    WARN_UNUSED;

#endif
