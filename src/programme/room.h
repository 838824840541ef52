/* room: what a folder of programme/ gives to the program: its entities, statements, tables and
 * commands. main.c lists the rooms; everything else is found by walking that list. */
#ifndef JD_PROGRAMME_ROOM_H
#define JD_PROGRAMME_ROOM_H

#include "base/option.h"
#include "entity/entity.h"
#include "figure/figure.h"
#include "store/journal.h"

/* What a command works with. Opened by main as far as the command's `needs` says; borrowed. */
enum needs { NEEDS_NOTHING, NEEDS_MODEL, NEEDS_STORE, NEEDS_WRITE };
enum output_format { OUT_TEXT, OUT_CSV, OUT_JSON };
struct app {
    const char *store_url;
    bool store_named;              /* by an option or the environment, not by default */
    enum output_format format;
    bool zh;                       /* labels in Chinese */
    struct clock clock;
    const struct room *const *rooms; int n_rooms;
    struct codes *codes;
    struct model *model;
    struct store *store;
    struct db *db;                 /* a read connection */
    struct figures *figures;
    struct parties parties;
    struct figure_context context; /* points into this struct */
    struct arena *arena;           /* the command's lifetime */
    void *opened;                  /* what app_open keeps for app_close */
};

struct command {
    const char *name;              /* "figure"; a second word is an operand */
    const char *operands;          /* "NAME" for the usage line */
    const char *help;              /* one line */
    const char *more;              /* paragraphs for `jiedui help NAME`, or NULL */
    enum needs needs;
    const struct option_row *options; int n_options; size_t options_size;
    /* Exit status: 0 done, 1 failed (e is printed by main), 2 usage, 3 done with refused rows. */
    int (*run)(struct app *app, void *options, const char *const *operand, int n, struct err *e);
};

struct room {
    const char *name;
    const struct entity *const *entities; int n_entities;
    const struct stmt_table *stmts;       /* may be NULL */
    const struct table *tables; int n_tables; /* besides the entities' own */
    const struct command *commands; int n_commands;
    /* Its part of `jiedui verify`: tells each fault as a sentence and counts them. May be NULL. */
    bool (*verify)(struct db *d, struct faults *f, struct err *e);
};

extern const struct room place_room, party_room, pairing_room, household_room, money_room,
    project_room, labour_room, market_room, talent_room, plan_room, watch_room, publish_room,
    sides_room, access_room, exchange_room, job_room;

/* place_room's and party_room's services to the layers below. The handles are owned and per thread. */
struct place_book;
bool place_book_open(struct place_book **out, struct err *e) WARN_UNUSED;
void place_book_close(struct place_book *b);
struct places place_book_places(struct place_book *b);  /* the vtable over it */
struct parties party_parties(void);

/* The gazetteer as it ships: gzip CSV code,name; CSV code,name,parent_name,successor,rule of retired
 * codes; CSV code,lon,lat; CSV name,place,name_en,kind of aliases. Any but the first may be empty. */
struct place_file { const char *p; size_t n; };
struct place_files { struct place_file places, retired, centroids, aliases; };
/* Puts it into a store that holds no places yet, in one transaction. */
bool place_install(struct store *s, struct model *mo, const struct place_files *files, struct err *e) WARN_UNUSED;

#endif
