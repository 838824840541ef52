/* entity: a record type is declared once, as a C table of fields. DDL, checks, CSV/XLSX/JSON
 * columns, import mapping, help and the blank sheet are generic functions over that table.
 *
 * A row in memory is `struct val row[]` in stored column order:
 *   row[ROW_COUNTY] row[ROW_ID] row[ROW_RECORDED] row[ROW_LOAD] row[ROW_DRAFT]
 *   row[ROW_FIRST ...]   the entity's own fields, then the fact fields, then the common ones
 *   row[columns]         the row digest (in the table; computed, not given, in memory)
 * A far reference takes two columns: NAME_county stands right before NAME in the table, and the
 * model gives both their place (struct table_map).
 *
 * Entities are const, one per table; the model below joins all rooms' entities at program start and
 * owns nothing but what it computes. */
#ifndef JD_ENTITY_ENTITY_H
#define JD_ENTITY_ENTITY_H

#include "base/arena.h"
#include "base/err.h"
#include "base/val.h"
#include "rule/rule.h"
#include "store/schema.h"
#include "store/store.h"

enum field_type {
    F_TEXT = 1,
    F_INT,     /* whole number */
    F_MONEY,   /* fen; typed in yuan */
    F_DECIMAL, /* int64 times 10^scale */
    F_BOOL,    /* 0/1; typed 1/0, true/false, yes/no, 是/否 */
    F_DATE,    /* days; F_FROM and F_TO fields also take a month or a year */
    F_INSTANT, /* µs UTC; typed in the programme's zone */
    F_CODE,    /* a code of .list; typed as the code or either label; stored as the code text */
    F_PLACE,   /* 12-digit place code; typed as a code (6, 9 or 12 digits), a name or an alias */
    F_REF      /* a row of .ref, typed by its natural key or its id */
};

enum field_flag {
    F_REQUIRED = 1 << 0,
    F_KEY = 1 << 1,       /* part of the natural key */
    F_NATION = 1 << 2,    /* unique in the whole nation, claimed in national_key: on a F_KEY field
                             the natural key is, on another field that value besides */
    F_LIST = 1 << 3,      /* shown in lists */
    F_SEARCH = 1 << 4,
    F_PERSONAL = 1 << 5,  /* masked for roles that may not see it */
    F_FROM = 1 << 6,      /* a coarse date means its first day */
    F_TO = 1 << 7,        /* a coarse date means its last day */
    F_FAR = 1 << 8,       /* the referred row may lie in another county: two columns */
    F_HOME = 1 << 9,      /* this F_PLACE, or the target of this F_REF, decides the row's county */
    F_COMPUTED = 1 << 10, /* filled by the room, never typed or imported */
    F_CITIZEN_ID = 1 << 11,
    F_CREDIT_CODE = 1 << 12,
    F_BANK_CARD = 1 << 13,
    F_PHONE = 1 << 14,
    F_MULTI = 1 << 15,    /* F_CODE: several codes, stored as "01;03" in code order */
    /* Dates of a row that goes from county to county; both F_COMPUTED. The row counts in figures
     * from its F_ARRIVED day on and before its F_LEFT day; one that has left claims no value. */
    F_ARRIVED = 1 << 16,
    F_LEFT = 1 << 17
};

struct field {
    const char *name, *en, *zh;        /* column name; labels */
    const char *help_en, *help_zh;     /* one sentence: meaning, and an example where it helps */
    const char *unit;                  /* "person", "mu", "m2", "yuan", "km", NULL */
    enum field_type type;
    uint32_t flags;
    int scale;                         /* F_DECIMAL */
    /* Range of the stored integer (fen, days, scaled decimals), bounds included; max 0 = no upper
     * bound of its own. Whatever they say, a number lies within ENTITY_INT_MAX, so that rules can
     * add and multiply. Text: fewest and most characters (max 0 = 200). */
    int64_t min, max;
    const char *list;                  /* F_CODE */
    const char *ref;                   /* F_REF: entity name */
    const char *national;              /* field code in the national register, "AAC007" */
    const char *preset;                /* as typed: when the cell is empty or the column absent */
    /* F_COMPUTED: a field of the row that the home reference names, of the same type. Every write
     * of a row takes the value from there, and a change there is carried on to the rows below in
     * the same transaction, so that filters, lists and figures need to read one row alone. */
    const char *copies;
};

enum severity { CHECK_REFUSE = 1, CHECK_WARN };

/* A check that must hold for a row, in the rule language over the entity's columns: a row for which
 * it is false is refused (or warned about); unknown passes. */
struct check {
    const char *name;      /* "HH11" */
    enum severity severity;
    const char *holds;
    const char *en, *zh;   /* what is wrong when it does not hold */
};

/* What the rows tell of, for who may read and write them (scope.h). Zero: the administrator alone. */
enum access {
    ACCESS_NONE,
    ACCESS_OPEN,     /* places, codes, what was printed: everybody, everywhere */
    ACCESS_WORK,     /* who helps whom, with what */
    ACCESS_MONEY,    /* the ledger */
    ACCESS_LABOUR,   /* people who look for work or found it */
    ACCESS_PEOPLE,   /* households, persons, and what belongs to them */
    ACCESS_N
};

/* When the public sees a row, where a store is opened to it. Zero: never. A draft it never sees. */
enum publicity {
    PUBLIC_NEVER,
    PUBLIC_ALWAYS,     /* places, codes */
    PUBLIC_ITSELF,     /* when the entity's rule `published` holds */
    PUBLIC_BY_SOURCE   /* when the public sees what its `source` names */
};

enum entity_flag {
    E_FACT = 1 << 0,     /* has the fact fields below */
    E_DRAFTS = 1 << 1,   /* a row that lacks required fields is kept as a draft */
    E_NO_SOURCE = 1 << 2, /* has no common fields but valid_from, valid_to (gazetteer tables) */
    /* Rows are made by its room's commands alone, and stay: no load brings them, nothing changes or
     * deletes them, and the store refuses it too. */
    E_MADE = 1 << 3,
    E_OWN = 1 << 4,      /* rows come from the program's own commands alone, never from a sheet */
    /* Also written down where there is no network: new rows are kept on the phone and sent later. A row
     * says what was seen on a day, so that sending it late changes nothing that others wrote. */
    E_AWAY = 1 << 5,
    /* A row is said to every place inside its own (of no place: to all): who sees a part of it sees the row. */
    E_ADDRESSED = 1 << 6
};

/* An act on every row of a list that adds a row of another kind to each: `by` is that kind's reference to the
 * row, its key with the text field `code`; `asks` are its fields that are filled in once, ending with NULL, the
 * first of them required: fields that mean the same in every county. */
struct list_act {
    const char *name, *en, *zh, *help_en, *help_zh;
    const char *adds, *by;
    const char *const *asks;
};

struct entity {
    const char *name, *en, *zh, *help_en, *help_zh; /* name is also the table and the file name */
    const char *room;
    uint32_t number;               /* stable; in digests and the journal; never reused */
    enum reach reach;
    uint32_t flags;
    enum access access;
    enum publicity publicity;      /* none for kinds of people and money */
    const char *published;         /* PUBLIC_ITSELF: a rule over the row's columns */
    const struct field *fields; int n;
    const struct check *checks; int n_checks;
    /* Rows are what this select gives of tables that the room writes itself: all columns in row order
     * and the digest. There is no table of its own; it is E_MADE and needs no natural key, and the
     * room tells model_tell of each row that appears or goes. */
    const struct stmt *view;
    const char *view_of;           /* a table in which every county of the view has rows */
    const struct list_act *acts; int n_acts;
    const char *const *indexes;    /* besides those of keys and of the home field; ends with NULL */
    /* A check that expressions cannot say; fills e with the field. NULL = none. */
    bool (*check)(const struct val *row, struct err *e);
};

/* Fact fields (E_FACT), in this order after the entity's own:
 *   quantity (int, preset 1), qualifier (code list qualifier: eq ge gt le lt approx, preset eq),
 *   state (code list fact_state: planned committed done, preset done), of_which (F_REF to the same
 *   entity, far), of_which_unclear (text: the parents it may belong to)
 * Common fields (unless E_NO_SOURCE): valid_from (F_FROM), valid_to (F_TO), basis (code list basis:
 *   recorded restated synthetic derived, preset recorded), confirmation (code list confirmation:
 *   one_sided confirmed corrected disputed, preset one_sided), source (F_REF document), quote,
 *   note.
 * For an aggregate, quantity counts and the qualifier speaks of the whole row (its amount too). */
enum fact_field { FACT_QUANTITY, FACT_QUALIFIER, FACT_STATE, FACT_OF_WHICH, FACT_OF_WHICH_UNCLEAR,
                  FACT_N };
enum common_field { COMMON_VALID_FROM, COMMON_VALID_TO, COMMON_BASIS, COMMON_CONFIRMATION,
                    COMMON_SOURCE, COMMON_QUOTE, COMMON_NOTE, COMMON_N };
extern const struct field common_fields[COMMON_N];

extern const struct field fact_fields[FACT_N];
#define ENTITY_INT_MAX INT64_C(1000000000000000)

enum row_index { ROW_COUNTY, ROW_ID, ROW_RECORDED, ROW_LOAD, ROW_DRAFT, ROW_FIRST };
#define ENTITY_MAX_COLUMNS 128

/* A value that one row in the nation may have: an entry of the store's table national_key. The
 * natural key comes first when it is nation-wide. Tables of REACH_NATION hold their natural key to
 * one row themselves and claim only extra F_NATION fields. */
struct claim {
    uint32_t kind;                 /* entity number * 8 + index: national_key's kind */
    const int *fields; int n;
};

struct field_plan; /* what reading and checking a field needs, found once (plan.h) */

/* What the model computes for one entity. */
struct table_map {
    const struct entity *entity;
    const struct field *field;     /* all fields: own, fact, common */
    int fields;                    /* how many */
    int *column;                   /* field -> row index of its value */
    int *county_column;            /* field -> row index of NAME_county, or -1 */
    int columns;                   /* row length without the digest */
    int fact, common;              /* number of the first fact and first common field; fact or -1 */
    int home;                      /* field with F_HOME, or -1 */
    int place;                     /* where the row lies: F_HOME, else one named "place"; or -1 */
    bool place_near;               /* that place always lies in the row's county */
    int arrived, left;             /* fields with F_ARRIVED, F_LEFT, or -1 */
    const int *key; int n_key;     /* natural key fields */
    bool key_national;             /* resolved through national_key */
    const struct claim *claims; int n_claims;
    const struct field_plan *plan; /* one a field */
    struct table table;            /* for schema_create; column list with the digest last */
    const char *from;              /* what is read in SQL: the table, or the view under its name */
    const uint32_t *tags;          /* of the columns' names, for digests and images */
    struct rule_schema schema;     /* columns of the row, for rules */
    struct rule **checks;
    struct rule *published;        /* PUBLIC_ITSELF */
    const struct stmt *stmts;      /* generated statements, enum entity_stmt */
    int n_stmts;
};
/* ENTITY_INSERT, ENTITY_UPDATE: all columns with the digest, in row order. ENTITY_GET: ?1 county ?2
 * id, gives all columns and the digest. ENTITY_DELETE: ?1 county ?2 id. ENTITY_BY_KEY: ?1 county,
 * then the key values; gives the id. (Without a natural key it finds nothing.) ENTITY_BY_ID: ?1 id,
 * gives the counties that have it. ENTITY_SCAN: all columns and the digest ordered by county, id,
 * for ?1 <= county <= ?2. REACH_NATION tables have county too, always 0. */
enum entity_stmt { ENTITY_INSERT, ENTITY_GET, ENTITY_UPDATE, ENTITY_DELETE, ENTITY_BY_KEY,
                   ENTITY_BY_ID, ENTITY_SCAN, ENTITY_N_STMTS };

/* A row as it is proved and kept: both forms name the columns by their tags (FNV-1a of the name, 32
 * bits) and leave out what is NULL, so that they stay as they are when the table is given a column.
 * The digest is over row[0 .. columns). The image is what the journal keeps of a row before a change:
 * tag, value, tag, value; out has room for 2 * m->columns. map_from_image gives the row back, with
 * NULL in columns that the image does not have; false when it is no image. */
int64_t map_digest(const struct table_map *m, const struct row_key *k, const struct val *row);
int map_image(const struct table_map *m, const struct val *row, struct val *out);
bool map_from_image(const struct table_map *m, const struct val *image, int n, struct val *row);
bool map_tags(struct table_map *m, struct arena *a, struct err *e) WARN_UNUSED; /* for model_open */

/* The claims' statements, on the store's table national_key.
 * CLAIM_TAKE: ?1 kind ?2 value ?3 county ?4 id; changes nothing when the value is taken.
 * CLAIM_HOLDER: ?1 kind ?2 value; gives county, id. CLAIM_FREE: ?1 kind ?2 value ?3 county ?4 id.
 * CLAIM_SCAN: all of ?1 <= kind <= ?2: kind, value, county, id. */
enum claim_stmt { CLAIM_TAKE, CLAIM_HOLDER, CLAIM_FREE, CLAIM_SCAN, CLAIM_N_STMTS };
extern const struct stmt_table claim_stmts;
/* What the row claims: NULL when a part is missing or the row has left, else the text in
 * national_key. Borrowed from the row or arena. */
struct val claim_value(const struct table_map *m, const struct claim *c, const struct val *row,
                       struct arena *a);

/* Code lists, read once from the store (or from the shipped file before there is one). */
struct codes;
struct code { const char *list, *code, *zh, *en, *source; };
/* By code or either label. */
const struct code *codes_find(const struct codes *c, const char *list, const char *p, size_t n);
const struct code *codes_list(const struct codes *c, const char *list, int *n);
/* A list held by the hand, for many look-ups: by code, by code without its leading zeros, by either
 * label (case and full-width forms do not matter). A label that two codes share finds nothing. */
struct code_list;
const struct code_list *codes_get(const struct codes *c, const char *list); /* or NULL */
const struct code *code_list_find(const struct code_list *l, const char *p, size_t n);
/* By code alone. */
const struct code *code_list_code(const struct code_list *l, const char *p, size_t n);
const struct code *code_list_all(const struct code_list *l, int *n);        /* in file order */
int codes_lists(const struct codes *c, const struct code_list *const **lists);
const char *code_list_name(const struct code_list *l);
bool codes_read(struct codes **out, const char *csv, size_t n, struct err *e) WARN_UNUSED;
void codes_free(struct codes *c);

/* How places are known to the layers below the place room. */
struct place_range { int64_t lo, hi; };          /* inclusive 12-digit codes */
struct places {
    void *arg;
    /* A typed text into a code: codes of any length, old codes, names, aliases, "Hotan / Lop
     * County". Ambiguous: ERR_CONFLICT, the message lists the candidates; unknown: ERR_NOT_FOUND
     * with the nearest. */
    bool (*resolve)(void *arg, struct db *d, const char *s, size_t n, int64_t *code, struct err *e);
    /* Its own range and those of retired codes that now lie in it. 0 = the nation: one range of
     * all. */
    bool (*ranges)(void *arg, struct db *d, int64_t place, struct place_range *out, int max, int *n,
                   struct err *e);
    /* In the language asked for, if it is known or can be made of the other. */
    bool (*name)(void *arg, struct db *d, int64_t code, bool zh, char *out, size_t size);
    /* Places that have a class (place_class) on a day, in code order; arena. */
    bool (*members)(void *arg, struct db *d, const char *class, int32_t on, struct arena *a,
                    const int64_t **codes, size_t *n, struct err *e);
};

/* Digits of a code: level 0 nation 1 province 2 prefecture 3 county 4 township 5 village. */
int place_level(int64_t code);
int64_t place_county(int64_t code);              /* code / 1000000: its shard */
struct place_range place_own_range(int64_t code);
int64_t place_up(int64_t code, int level);       /* the ancestor at a level by digits */

/* References by their text and back, remembered: a direct-mapped cache of `entries`, so that its
 * size never grows. A load or an export makes one and hangs it into a copy of the model (struct
 * model copies by assignment); what is put in before the rows reach the store is found too, while
 * it lasts. */
struct ref_cache;
struct ref_cache *ref_cache_open(size_t entries);   /* owned */
void ref_cache_close(struct ref_cache *c);
void ref_cache_put(struct ref_cache *c, uint32_t table, const char *text, size_t n,
                   int64_t county, int64_t id);
bool ref_cache_get(const struct ref_cache *c, uint32_t table, const char *text, size_t n,
                   int64_t *county, int64_t *id);

struct model {
    const struct table_map *maps; int n;
    const struct table *const *tables;   /* one an entity */
    struct ref_cache *refs;              /* NULL = none; belongs to one thread */
    const struct model_own *own;         /* private to entity/ */
    const struct codes *codes;
    const struct places *places;
    /* Told of every row written, inside its transaction, before == NULL for an insert, after ==
     * NULL for a delete; rows in stored column order. The figure room sets it. */
    bool (*observe)(void *arg, struct tx *tx, const struct table_map *m, const struct val *before,
                    const struct val *after, struct err *e);
    void *observe_arg;
    /* Asked before a row that is there is written anew, `before` as it stands, row as it is to be:
     * fills in what the rooms compute of it, or refuses what was typed (ERR_INVALID with the field;
     * in a load that refuses the one row). Texts it puts there live as long as the program. Shares
     * observe_arg; may be NULL. */
    bool (*complete)(void *arg, struct tx *tx, const struct table_map *m, const struct val *before,
                     struct val *row, struct err *e);
    /* Figures of a load. A load that takes several transactions is hidden until the last of them,
     * so its rows must not reach a figure before. Inside a load's transaction load_of(tx) gives the
     * load's number (elsewhere 0, and it does not change within one transaction). observe is then
     * told of a row as ever; when that row's ROW_LOAD is load_of(tx) its deltas are kept aside
     * under that number (in memory until the flush, then in a staging table), any other row (a
     * change applied with the last slice) goes the ordinary way.
     * publish: called once, in the load's last transaction, after every observe and before the
     * parts are flushed: what is kept aside under `load`, in the staging table and in this
     * transaction's memory, now counts, and the staging rows go. A load of one transaction never
     * needs the table.
     * discard: the load is taken back, its rows go without observe being told: drop what is kept
     * aside. Called possibly again after a crash, so finding nothing is no fault.
     * The undo of a published load tells observe of each row (after == NULL) with load_of(tx) == 0.
     * All three may be NULL; they share observe_arg. */
    bool (*publish)(void *arg, struct tx *tx, int64_t load, struct err *e);
    bool (*discard)(void *arg, struct tx *tx, int64_t load, struct err *e);
};
/* The load whose slice this transaction is, or 0. */
int64_t load_of(struct tx *tx);
/* Joins entities of all rooms; checks every table (names, refs, lists, keys, checks parse) and
 * aborts nothing: a fault is in e. Owned. codes and places are borrowed. */
bool model_open(struct model **out, const struct entity *const *entities, int n,
                const struct codes *codes, const struct places *places, struct err *e) WARN_UNUSED;
void model_close(struct model *m);
const struct table_map *model_find(const struct model *m, const char *entity);
const struct table_map *model_number(const struct model *m, uint32_t number);
/* All tables for schema_create: the entities'. */
const struct table *const *model_tables(const struct model *m, int *n);
int map_field(const struct table_map *m, const char *name); /* field number or -1 */

/* Typed text to stored value. Writes row[column] (and NAME_county). Text is copied to the arena,
 * codes are borrowed from the code lists. Empty text gives the preset or NULL. False with field and
 * message when it is no such value. The home field also writes row[ROW_COUNTY] and must be read
 * before near references, which are looked for in that county (REACH_NATION: row[ROW_COUNTY] is 0
 * from the start). d is needed for places, references, and instants (zone) alone. */
bool field_read(const struct model *mo, const struct table_map *m, int field, const char *s,
                size_t n, struct db *d, struct val *row, struct arena *a,
                struct err *e) WARN_UNUSED;
/* Stored value to text as exported (dates ISO, money yuan with two decimals, codes as codes,
 * references by natural key). Arena. */
const char *field_write(const struct model *mo, const struct table_map *m, int field,
                        const struct val *row, struct db *d, struct arena *a);

/* A row as text that names it: its natural key, parts joined by "/" (a "/" inside a part doubled),
 * or, without one, its id, "COUNTY:ID" when the table is by county. ref_find takes that text, a
 * claimed value (a citizen id), or an id; near is the county looked in where the text does not say
 * which, -1 when none is known. ERR_NOT_FOUND, or ERR_CONFLICT when several rows have that id.
 * Arena. */
const char *ref_text(const struct model *mo, const struct table_map *target, int64_t county,
                     int64_t id, struct db *d, struct arena *a);
/* The same of a row that is at hand. */
const char *row_key_text(const struct model *mo, const struct table_map *t, const struct val *row, struct db *d,
                     struct arena *a);
bool ref_find(const struct model *mo, const struct table_map *target, const char *s, size_t n,
              int64_t near, struct db *d, struct arena *a, int64_t *county, int64_t *id,
              struct err *e) WARN_UNUSED;

/* All checks of a row that is read: required, ranges, lengths, identifiers, check rules, the
 * entity's own. Fills faults (up to max; the first refusing ones are always among them) and counts
 * those that refuse. In an E_DRAFTS entity a missing required field counts in *missing and is told
 * with CHECK_WARN and the check's name "required"; key and home fields refuse even there. message
 * is borrowed or arena. */
struct row_fault { enum severity severity; const char *check; int field; const char *message; };
int row_check(const struct model *mo, const struct table_map *m, const struct val *row,
              struct arena *a, struct row_fault *faults, int max, int *refusing, int *missing);

/* Who does it, for the journal; holds for the rest of this command. */
void row_actor(struct tx *tx, int64_t account);
/* Rows of this load are about to go: copies are not carried on to them, and a row that becomes what
 * it was before has the instant of that again. For the same time. */
void row_leaving(struct tx *tx, int64_t load);
/* Carries copied facts to every row that has not got them: those of a store that is older than the
 * copies. Counts the rows; more are left when *n comes to max. */
bool rows_recopy(struct tx *tx, const struct model *mo, int64_t max, int64_t *n,
                 struct err *e) WARN_UNUSED;

/* The county a row belongs to by its home field. A home reference was read with its county. */
int64_t row_county(const struct table_map *m, const struct val *row);

/* One row in, changed, out: checks it (row_check; the first refusing fault becomes e), computes
 * county, draft mark and digest, claims, journal entry, and tells the observer. insert gives the id
 * (row[ROW_ID] NULL or 0 takes a new one; a given id that is there with the same values, or was first
 * written with them, is a retry, and done). update needs the digest the caller saw (0 = whatever is
 * there): ERR_CONFLICT when it moved on; it changes nothing when no value differs, and a row never
 * leaves its county. delete refuses a row that others refer to. row[] needs room for m->columns +
 * 1 values; the digest is left in row[m->columns]. Copied fields are filled in whatever row[] has
 * there; update writes the rows below too whose copies change, each with its journal entry
 * (ERR_BUSY when one of them belongs to a load that is not published yet). */
bool row_insert(struct tx *tx, const struct model *mo, const struct table_map *m, struct val *row,
                struct err *e) WARN_UNUSED;
bool row_update(struct tx *tx, const struct model *mo, const struct table_map *m, struct val *row,
                int64_t seen, struct err *e) WARN_UNUSED;
bool row_delete(struct tx *tx, const struct model *mo, const struct table_map *m, int64_t county,
                int64_t id, int64_t seen, struct err *e) WARN_UNUSED;
/* A row by id, digest in row[m->columns]; *found. Arena. */
/* Tells the observer of a row of a view, as of any other: before NULL = it appears. */
bool model_tell(struct tx *tx, const struct model *mo, const struct table_map *m,
                const struct val *before, const struct val *after, struct err *e) WARN_UNUSED;
bool row_get(struct db *d, const struct table_map *m, int64_t county, int64_t id, struct arena *a,
             struct val *row, bool *found, struct err *e) WARN_UNUSED;

#endif
