/* jiedui confirm: the other side's word on a record; what waits for one; what is disputed. */
#include "cli/rooms.h"

#include "base/count.h"
#include "base/date.h"
#include "programme/sides/sides.h"

struct confirm_cli {
    const char *as, *corrected, *reason, *evidence, *on, *org, *place;
    bool confirmed, disputed, reported;
};

/* --- one word --- */

struct saying { struct app *app; struct confirm_request q; struct confirm_done done; };

static bool say(struct tx *tx, void *arg, struct err *e)
{
    struct saying *s = arg;
    return confirm(tx, s->app->model, &s->q, s->app->arena, &s->done, e);
}

static bool read_says(const struct confirm_cli *o, struct confirm_request *q, struct err *e)
{
    int n = o->confirmed + o->disputed + o->reported + (o->corrected != NULL);
    q->says = o->confirmed   ? SAYS_CONFIRMED
              : o->disputed  ? SAYS_DISPUTED
              : o->reported  ? SAYS_REPORTED
                             : SAYS_CORRECTED;
    q->correction = o->corrected;
    return n == 1 || err_set(e, ERR_USAGE, "say one of --confirmed, --corrected FIELD=VALUE, "
                             "--disputed --reason TEXT, --reported");
}

static bool read_request(struct app *app, const struct confirm_cli *o, struct confirm_request *q,
                         struct err *e)
{
    char *hex = arena_alloc(app->arena, DIGEST_HEX);
    if (!read_says(o, q, e)) return false;
    if (!o->as) return err_set(e, ERR_USAGE, "who says it? --as ORGANISATION, by code or name");
    q->on = instant_date(clock_now(&app->clock), store_zone(app->store));
    if (o->on && !date_parse(o->on, strlen(o->on), DATE_EXACT, &q->on))
        return err_set(e, ERR_USAGE, "--on: '%s' is not a date: write 2020-05-27", o->on);
    q->reason = o->reason;
    if (o->evidence) {
        const char *slash = strrchr(o->evidence, '/');
        if (!evidence_digest(o->evidence, hex, e)) return false;
        q->evidence = hex;
        q->evidence_name = slash ? slash + 1 : o->evidence;
    }
    return app_organisation(app, o->as, &q->organisation, e);
}

static int run_word(struct app *app, const struct confirm_cli *o, const char *entity,
                    const char *record, struct err *e)
{
    struct saying s = { .app = app, .q = { .entity = entity, .record = record } };
    if (!read_request(app, o, &s.q, e) || !store_write(app->store, say, &s, e))
        return err_exit(e->code);
    if (app->format == OUT_TEXT && !s.done.changed) {
        printf(app->zh ? "%s %s：此前已如此表态，仍为“%s”\n"
                       : "%s %s: it said so before; it stays %s\n", entity, record,
               app_word(app, s.done.is));
        return 0;
    }
    static const struct table_column cols[] = { { "entity", "of", false },
        { "record", "record", false }, { "was", "before", false }, { "is", "after", false } };
    struct table_out *t = table_begin(app, cols, COUNT(cols));
    table_row(t, (const char *[]){ entity, record, app_word(app, s.done.was),
                                   app_word(app, s.done.is) });
    table_end(t);
    return 0;
}

/* --- by the sheet --- */

static int run_sheet(struct app *app, const char *path, struct err *e)
{
    struct confirm_sheet s = { .path = path };
    s.today = instant_date(clock_now(&app->clock), store_zone(app->store));
    if (!confirm_sheet(app->store, app->model, &s, e)) return err_exit(e->code);
    static const struct table_column cols[] = { { "file", "file", false }, { "rows", "rows", true },
        { "said", "said", true }, { "unchanged", "as they were", true },
        { "refused", "refused", true }, { "refused_rows", "refused rows are in", false } };
    struct table_out *t = table_begin(app, cols, COUNT(cols));
    table_row(t, (const char *[]){ path, cell_number(app, s.rows), cell_number(app, s.said),
        cell_number(app, s.unchanged), cell_number(app, s.refused), s.refused_path });
    table_end(t);
    return s.refused ? 3 : 0;
}

/* --- lists --- */

struct showing { struct app *app; struct table_out *t; int64_t n; int32_t today; struct arena a; };

static const char *org_list(struct app *app, const int64_t *orgs)
{
    const char *t = "";
    for (int i = 0; i < ENDS_MAX; i++)
        if (orgs[i])
            t = arena_printf(app->arena, "%s%s%s", t, *t ? ", " : "", cell_org(app, orgs[i]));
    return t;
}

static int32_t day_of(const struct table_map *m, const struct val *row, int common)
{
    struct val v = row[m->column[m->common + common]];
    return v.type == VAL_INT ? (int32_t)v.i : DATE_MIN;
}

/* What the row gives: its amount, or its quantity. */
static const char *worth(struct app *app, const struct table_map *m, const struct val *row)
{
    int f = map_field(m, "amount");
    if (f < 0 || val_is_null(row[m->column[f]])) f = map_field(m, "quantity");
    return f < 0 ? "" : field_write(app->model, m, f, row, app->db, app->arena);
}

static bool print_waiting(void *arg, const struct side_item *i, struct err *e)
{
    struct showing *s = arg;
    struct app *a = s->app;
    bool helper = i->standing.reporter == SIDE_HELPER;
    struct arena_mark mark = arena_mark(a->arena);
    (void)e;
    int32_t since = instant_date(i->row[ROW_RECORDED].i, store_zone(a->store));
    const char *whom = org_list(a, i->ends.org[helper ? SIDE_HELPED : SIDE_HELPER]);
    if (!*whom) whom = app_word(a, helper && i->ends.place ? "authorities of the place" : "not named");
    table_row(s->t, (const char *[]){ i->m->entity->name, i->record, cell_place(a, i->ends.place),
        worth(a, i->m, i->row), cell_day(a, day_of(i->m, i->row, COMMON_VALID_TO)),
        org_list(a, i->ends.org[helper ? SIDE_HELPER : SIDE_HELPED]),
        whom, cell_number(a, (int64_t)s->today - since) });
    arena_rewind(a->arena, mark);
    s->n++;
    return true;
}

/* One line a corrected value; a dispute is of the record as a whole. */
static bool print_disputed(void *arg, const struct side_item *i, struct err *e)
{
    struct showing *s = arg;
    struct app *a = s->app;
    const struct word *w = i->word;
    struct correction *c = NULL;
    int n = 0;
    struct arena_mark mark = arena_mark(a->arena);
    if (!corrections_read(i->m, w->correction, a->arena, &c, &n, e)) return false;
    for (int k = 0; k < (n ? n : 1); k++)
        table_row(s->t, (const char *[]){ i->m->entity->name, i->record,
            cell_place(a, i->ends.place), app_word(a, says_word(w->says)),
            n ? i->m->field[c[k].field].name : "",
            n ? field_write(a->model, i->m, c[k].field, i->row, a->db, a->arena)
              : worth(a, i->m, i->row),
            n ? c[k].value : "", cell_org(a, w->organisation), cell_day(a, w->said_on),
            cell_number(a, (int64_t)s->today - w->said_on), w->reason, w->evidence_name });
    arena_rewind(a->arena, mark);
    s->n++;
    return true;
}

static int run_list(struct app *app, const struct confirm_cli *o, bool waiting, const char *entity,
                    struct err *e)
{
    static const struct table_column wait[] = { { "entity", "of", false },
        { "record", "record", false }, { "place", "place", false }, { "value", "value", true },
        { "to", "to", false }, { "reported_by", "reported by", false },
        { "waits_for", "waits for", false }, { "days", "days", true } };
    static const struct table_column against[] = { { "entity", "of", false },
        { "record", "record", false }, { "place", "place", false }, { "says", "says", false },
        { "field", "field", false }, { "reported", "reported", true },
        { "corrected", "other side's", true }, { "organisation", "said by", false },
        { "said_on", "said on", false }, { "days", "days open", true },
        { "reason", "reason", false }, { "evidence", "evidence", false } };
    struct showing s = { .app = app };
    struct side_query q = { .mo = app->model, .d = app->db, .entity = entity };
    s.today = instant_date(clock_now(&app->clock), store_zone(app->store));
    const struct table_map *m;
    if (entity && !app_entity(app, entity, &m, e)) return err_exit(e->code);
    if (!app_place(app, o->place, &q.place, e) || !app_organisation(app, o->org, &q.org, e))
        return err_exit(e->code);
    s.t = waiting ? table_begin(app, wait, COUNT(wait)) : table_begin(app, against, COUNT(against));
    bool ok = waiting ? sides_waiting(&q, print_waiting, &s, e)
                      : sides_disputed(&q, print_disputed, &s, e);
    table_end(s.t);
    return ok ? 0 : err_exit(e->code);
}

/* --- who said what of one record --- */

static const char *values(struct app *app, const struct table_map *m, const struct word *w,
                          struct err *e)
{
    struct correction *c = NULL;
    const char *t = "";
    int n = 0;
    if (!corrections_read(m, w->correction, app->arena, &c, &n, e)) return NULL;
    for (int i = 0; i < n; i++)
        t = arena_printf(app->arena, "%s%s%s=%s", t, *t ? "; " : "", m->field[c[i].field].name,
                         c[i].value);
    return t;
}

static int run_words(struct app *app, const char *entity, const char *record, struct err *e)
{
    static const struct table_column cols[] = { { "said_on", "said on", false },
        { "organisation", "said by", false }, { "says", "says", false },
        { "correction", "other side's", false }, { "holds", "holds", false },
        { "reason", "reason", false }, { "evidence", "evidence", false },
        { "digest", "digest", false }, { "package", "package", false } };
    struct val row[ENTITY_MAX_COLUMNS + 1];
    const struct table_map *m;
    struct words w;
    struct standing st;
    int64_t county, id;
    bool found;
    const size_t n = strlen(record);
    if (!app_entity(app, entity, &m, e) ||
        !ref_find(app->model, m, record, n, -1, app->db, app->arena, &county, &id, e) ||
        !row_get(app->db, m, county, id, app->arena, row, &found, e) ||
        !words_read(app->db, m, row, app->arena, &w, e) ||
        !standing_of(app->model, app->db, m, row, &w, app->arena, &st, e))
        return err_exit(e->code);
    struct table_out *t = table_begin(app, cols, COUNT(cols));
    bool ok = true;
    for (int i = 0; i < w.n && ok; i++) {
        const char *own = values(app, m, &w.at[i], e);
        ok = own != NULL;
        table_row(t, (const char *[]){ cell_day(app, w.at[i].said_on),
            cell_org(app, w.at[i].organisation), app_word(app, says_word(w.at[i].says)), own,
            app_word(app, w.at[i].past ? "past" : "holds"), w.at[i].reason, w.at[i].evidence_name,
            w.at[i].evidence, w.at[i].package });
    }
    table_end(t);
    return ok ? 0 : err_exit(e->code);
}

static int run_confirm(struct app *app, void *options, const char *const *operand, int n,
                       struct err *e)
{
    const struct confirm_cli *o = options;
    const char *what = n ? operand[0] : "";
    if (strcmp(what, "waiting") == 0 && n <= 2)
        return run_list(app, o, true, n == 2 ? operand[1] : NULL, e);
    if (strcmp(what, "disputed") == 0 && n <= 2)
        return run_list(app, o, false, n == 2 ? operand[1] : NULL, e);
    if (strcmp(what, "sheet") == 0 && n == 2) return run_sheet(app, operand[1], e);
    if (strcmp(what, "words") == 0 && n == 3) return run_words(app, operand[1], operand[2], e);
    if (n == 2) return run_word(app, o, operand[0], operand[1], e);
    err_set(e, ERR_USAGE, "write jiedui confirm ENTITY RECORD, or waiting, disputed, words ENTITY "
            "RECORD, sheet FILE");
    return 2;
}

#define TEXT_OPTION(field, flag, shown, words) \
    { .name = flag, .type = OPTION_TEXT, .offset = offsetof(struct confirm_cli, field), \
      .value = shown, .help = words }
#define FLAG_OPTION(field, flag, words) \
    { .name = flag, .type = OPTION_FLAG, .offset = offsetof(struct confirm_cli, field), \
      .help = words }

static const struct option_row options[] = {
    TEXT_OPTION(as, "as", "ORG", "who says it, by code or full name"),
    FLAG_OPTION(confirmed, "confirmed", "the record is right as it stands"),
    TEXT_OPTION(corrected, "corrected", "FIELD=VALUE",
                "another value; several with ; between: \"amount=900; quantity=3\""),
    FLAG_OPTION(disputed, "disputed", "the record is not so, or not ours; needs --reason"),
    FLAG_OPTION(reported, "reported",
                "this side reported the record, so that the other confirms it"),
    TEXT_OPTION(reason, "reason", "TEXT", "why"),
    TEXT_OPTION(evidence, "evidence", "FILE", "a document that shows it; its digest is kept"),
    TEXT_OPTION(on, "on", "DATE", "the day it was said; today when absent"),
    TEXT_OPTION(org, "org", "ORG", "waiting, disputed: only what is this organisation's"),
    TEXT_OPTION(place, "place", "PLACE", "waiting, disputed: only inside that place"),
};

const struct command confirm_commands[] = {
    { .name = "confirm",
      .operands = "ENTITY RECORD | waiting | disputed | words ENTITY RECORD | sheet FILE",
      .help = "the other side's word on a record; what waits for one; what is disputed",
      .more = "  jiedui confirm purchase BJ-P-1 --as LUOPU --confirmed\n"
              "  jiedui confirm purchase BJ-P-1 --as LUOPU --corrected amount=900 --reason \"two "
              "boxes came back\" --evidence note.pdf\n"
              "  jiedui confirm purchase BJ-P-1 --as LUOPU --disputed --reason \"never arrived\"\n"
              "  jiedui confirm waiting --org LUOPU      records of which LUOPU has said nothing\n"
              "  jiedui confirm disputed --place 653224  both values, who, why, days open\n"
              "  jiedui confirm words purchase BJ-P-1    who said what, when, and whether it holds\n"
              "  jiedui confirm sheet confirmation.csv   many; columns record_of, record, "
              "organisation, says,\n"
              "                                          correction, reason, evidence, said_on\n"
              "\n"
              "A record is taken as reported by the helper, unless the helped side says --reported "
              "first. Only the\n"
              "other side confirms, corrects or disputes: the organisation named there, one above "
              "it, a member of a\n"
              "joint party, or an authority of the place. A word holds for the record as it was: "
              "when its values\n"
              "change it waits again, and when they become what the other side gave, both agree. "
              "The field\n"
              "confirmation of the record, and the parts of every figure, follow from this.",
      .needs = NEEDS_WRITE,
      .options = options,
      .n_options = COUNT(options),
      .options_size = sizeof(struct confirm_cli),
      .run = run_confirm },
};
const int confirm_command_count = COUNT(confirm_commands);
