/* jiedui package: keys of offices, packages out and in, and what of them does not match. */
#include "cli/rooms.h"

#include <stdlib.h>

#include "base/count.h"
#include "base/date.h"
#include "entity/load.h"
#include "programme/exchange/exchange.h"

struct package_cli {
    const char *as, *secret, *public_key, *office, *fingerprint, *to, *from, *entity, *since, *output;
    const char *reason, *state;
    bool confirm, personal, all;
};

static int32_t today(const struct app *app)
{
    return instant_date(clock_now(&app->clock), store_zone(app->store));
}

static int status_of(bool ok, const struct err *e) { return ok ? 0 : err_exit(e->code); }

/* --- keys --- */

static int run_key(struct app *app, const struct package_cli *o, struct err *e)
{
    char print[FINGERPRINT];
    struct key_request q = { .secret = o->secret, .open = o->public_key, .today = today(app) };
    if (!o->as || !o->secret)
        return err_set(e, ERR_USAGE, "jiedui package key --as OFFICE --secret FILE"), 2;
    if (!q.open) q.open = arena_printf(app->arena, "%s.pub", o->secret);
    if (!app_organisation(app, o->as, &q.organisation, e) ||
        !office_key_make(app->store, app->model, &q, print, e))
        return err_exit(e->code);
    static const struct table_column cols[] = { { "fingerprint", "fingerprint", false },
        { "public", "to be sent to other offices", false }, { "secret", "to be kept secret", false } };
    struct table_out *t = table_begin(app, cols, COUNT(cols));
    table_row(t, (const char *[]){ print, q.open, q.secret });
    table_end(t);
    return 0;
}

static int run_trust(struct app *app, const struct package_cli *o, const char *path, struct err *e)
{
    struct trust_request q = { .path = path, .fingerprint = o->fingerprint, .confirms = o->confirm,
                               .today = today(app) };
    struct trust_done d;
    if (!app_organisation(app, o->office, &q.organisation, e) ||
        !office_key_trust(app->store, app->model, &q, &d, e))
        return err_exit(e->code);
    static const struct table_column cols[] = { { "office", "office", false },
        { "fingerprint", "fingerprint", false }, { "confirms", "confirms by itself", false } };
    struct table_out *t = table_begin(app, cols, COUNT(cols));
    table_row(t, (const char *[]){ cell_org(app, d.organisation), d.fingerprint,
                                   app_word(app, o->confirm ? "yes" : "no") });
    table_end(t);
    if (app->format == OUT_TEXT && !o->fingerprint)
        puts(app->zh ? "请电话核对指纹；不符则：jiedui package distrust 指纹"
                     : "ask that office for its fingerprint over the telephone; if it is another: "
                       "jiedui package distrust FINGERPRINT");
    return 0;
}

/* --- lists of rows --- */

struct showing { struct app *app; struct table_out *t; const int *fields; int n; };

static bool print_row(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct showing *s = arg;
    const char *cells[16];
    struct arena_mark mark = arena_mark(s->app->arena);
    (void)e;
    for (int i = 0; i < s->n; i++) {
        int f = s->fields[i];
        cells[i] = m->field[f].type == F_PLACE
                       ? cell_place(s->app, row[m->column[f]].type == VAL_INT ? row[m->column[f]].i : 0)
                       : field_write(s->app->model, m, f, row, s->app->db, s->app->arena);
        if (m->field[f].type == F_CODE) cells[i] = app_word(s->app, cells[i]);
    }
    table_row(s->t, cells);
    arena_rewind(s->app->arena, mark);
    return true;
}

static int run_rows(struct app *app, const struct entity *entity, const struct table_column *cols,
                    const int *fields, int n, const char *where, struct err *e)
{
    struct showing s = { .app = app, .fields = fields, .n = n };
    struct list_query q = { .where = where };
    const struct table_map *m;
    if (!app_entity(app, entity->name, &m, e)) return err_exit(e->code);
    s.t = table_begin(app, cols, n);
    bool ok = list_rows(app->model, app->db, &scope_all, m, &q, print_row, &s, e);
    table_end(s.t);
    return status_of(ok, e);
}

static int run_keys(struct app *app, struct err *e)
{
    static const struct table_column cols[] = { { "office", "office", false },
        { "fingerprint", "fingerprint", false }, { "own", "our own", false },
        { "confirms", "confirms by itself", false }, { "since", "from", false },
        { "ended_on", "until", false } };
    static const int fields[] = { OFFICE_KEY_ORGANISATION, OFFICE_KEY_FINGERPRINT, OFFICE_KEY_OWN,
                                  OFFICE_KEY_CONFIRMS, OFFICE_KEY_SINCE, OFFICE_KEY_ENDED };
    return run_rows(app, &office_key_entity, cols, fields, COUNT(cols), NULL, e);
}

static int run_status(struct app *app, struct err *e)
{
    static const struct table_column cols[] = { { "way", "way", false }, { "sender", "from", false },
        { "receiver", "to", false }, { "number", "number", true }, { "made_at", "made at", false },
        { "records", "records", true }, { "words", "words", true }, { "package", "package", false } };
    static const int fields[] = { PACKAGE_WAY, PACKAGE_SENDER, PACKAGE_RECEIVER, PACKAGE_NUMBER,
                                  PACKAGE_MADE_AT, PACKAGE_RECORDS, PACKAGE_WORDS, PACKAGE_ID };
    return run_rows(app, &package_entity, cols, fields, COUNT(cols), NULL, e);
}

static int run_items(struct app *app, const struct package_cli *o, struct err *e)
{
    static const struct table_column cols[] = { { "sender", "from", false },
        { "entity", "of", false }, { "record", "record", false }, { "place", "place", false },
        { "state", "state", false }, { "ours", "our record", false }, { "number", "number", true },
        { "reason", "reason", false }, { "content", "values", false } };
    static const int fields[] = { ITEM_SENDER, ITEM_RECORD_OF, ITEM_RECORD, ITEM_PLACE, ITEM_STATE,
                                  ITEM_OURS, ITEM_NUMBER, ITEM_REASON, ITEM_CONTENT };
    const char *where = "state in {\"open\", \"unknown\", \"differs\", \"agrees\"}";
    if (o->state && !codes_find(app->codes, "item_state", o->state, strlen(o->state)))
        return err_set(e, ERR_USAGE, "--state: open, agrees, differs, unknown, confirmed, accepted, "
                       "refused or applied"), 2;
    if (o->state) where = arena_printf(app->arena, "state = \"%s\"", o->state);
    if (o->all) where = NULL;
    return run_rows(app, &package_item_entity, cols, fields, COUNT(cols), where, e);
}

/* --- out --- */

static bool read_since(struct app *app, const char *text, int64_t *out, struct err *e)
{
    *out = 0;
    return !text || instant_parse(text, strlen(text), store_zone(app->store), out) ||
           err_set(e, ERR_USAGE, "--since: '%s' is not a day: write 2020-05-27", text);
}

static int run_out(struct app *app, const struct package_cli *o, struct err *e)
{
    struct sign_key key;
    struct package_out p = { .store = app->store, .d = app->db, .model = app->model, .key = &key,
        .entity = o->entity, .personal = o->personal, .path = o->output, .today = today(app) };
    const struct table_map *m;
    if (!o->to || !o->output || !o->secret)
        return err_set(e, ERR_USAGE, "jiedui package out --to OFFICE --secret FILE -o FILE"), 2;
    if (!read_since(app, o->since, &p.since, e)) return 2;
    if ((o->entity && !app_entity(app, o->entity, &m, e)) ||
        !app_organisation(app, o->to, &p.receiver, e) ||
        !office_key_read(app->db, o->secret, &key, &p.sender, e))
        return err_exit(e->code);
    bool ok = package_send(&p, e);
    sign_wipe(&key);
    if (!ok) return err_exit(e->code);
    static const struct table_column cols[] = { { "file", "file", false }, { "to", "to", false },
        { "number", "number", true }, { "records", "records", true }, { "words", "words", true },
        { "package", "package", false } };
    struct table_out *t = table_begin(app, cols, COUNT(cols));
    table_row(t, (const char *[]){ o->output, cell_org(app, p.receiver), cell_number(app, p.number),
        cell_number(app, p.records), cell_number(app, p.words), p.id });
    table_end(t);
    return 0;
}

/* --- in --- */

static void tell_in(struct app *app, const struct package_in *p, const struct settle *s)
{
    static const struct table_column cols[] = { { "file", "file", false }, { "from", "from", false },
        { "number", "number", true }, { "records", "records", true }, { "agree", "agree", true },
        { "differ", "differ", true }, { "unknown", "unknown", true }, { "same", "as before", true },
        { "older", "older", true }, { "words", "words", true }, { "applied", "applied", true },
        { "confirmed", "confirmed", true }, { "waiting", "wait", true },
        { "missing", "packages missing", false }, { "aside", "left aside", false } };
    struct table_out *t = table_begin(app, cols, COUNT(cols));
    table_row(t, (const char *[]){ p->path, cell_org(app, p->sender), cell_number(app, p->number),
        cell_number(app, p->records), cell_number(app, p->agree), cell_number(app, p->differ),
        cell_number(app, p->unknown), cell_number(app, p->same), cell_number(app, p->older),
        cell_number(app, p->words), cell_number(app, s->applied), cell_number(app, s->confirmed),
        cell_number(app, s->waiting), p->missing, p->aside });
    table_end(t);
    if (app->format == OUT_TEXT && p->aside[0])
        printf(app->zh ? "本程序不认识的列已保存但未使用：%s\n"
                       : "this program does not know %s: kept with the items, and not used\n",
               p->aside);
    if (app->format == OUT_TEXT && p->missing[0])
        printf(app->zh ? "%s 的第 %s 号数据包尚未收到\n" : "of %s, packages %s have not come\n",
               cell_org(app, p->sender), p->missing);
}

/* 3 when something waits for a decision. */
static int run_in(struct app *app, const char *path, struct err *e)
{
    struct package_in p = { .store = app->store, .d = app->db, .model = app->model, .path = path,
                            .today = today(app) };
    struct settle s;
    /* What an interrupted one left to do comes first. */
    if (!package_settle(app->store, app->db, app->model, false, p.today, &s, e) ||
        !package_take(&p, e) ||
        !package_settle(app->store, app->db, app->model, false, p.today, &s, e))
        return err_exit(e->code);
    tell_in(app, &p, &s);
    return p.differ || p.unknown || s.waiting ? 3 : 0;
}

static int run_settle(struct app *app, struct err *e)
{
    static const struct table_column cols[] = { { "applied", "applied", true },
        { "confirmed", "confirmed", true }, { "waiting", "wait", true } };
    struct settle s;
    if (!package_settle(app->store, app->db, app->model, true, today(app), &s, e))
        return err_exit(e->code);
    struct table_out *t = table_begin(app, cols, COUNT(cols));
    table_row(t, (const char *[]){ cell_number(app, s.applied), cell_number(app, s.confirmed),
                                   cell_number(app, s.waiting) });
    table_end(t);
    return 0;
}

/* --- deciding --- */

struct deciding { struct app *app; struct item_request q; const char *state; };

static bool decide(struct tx *tx, void *arg, struct err *e)
{
    struct deciding *d = arg;
    return item_decide(tx, d->app->model, &d->q, d->app->arena, &d->state, e);
}

struct chosen { struct app *app; const char **of, **record; int n, cap; };

static bool choose(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct chosen *c = arg;
    struct app *app = c->app;
    (void)e;
    if (c->n == c->cap) {
        c->cap = c->cap ? c->cap * 2 : 64;
        c->of = mem_grow(c->of, (size_t)c->cap * sizeof *c->of);
        c->record = mem_grow(c->record, (size_t)c->cap * sizeof *c->record);
    }
    c->of[c->n] = field_write(app->model, m, ITEM_RECORD_OF, row, app->db, app->arena);
    c->record[c->n++] = field_write(app->model, m, ITEM_RECORD, row, app->db, app->arena);
    return true;
}

/* All records in the state that waits, one transaction each: one that cannot be is told. */
static int decide_all(struct app *app, struct deciding *d, const struct package_cli *o,
                      struct err *e)
{
    struct chosen c = { .app = app };
    struct list_query q = { .where = arena_printf(app->arena,
        "state = \"%s\" and record_of != \"confirmation\"", o->state ? o->state : "unknown") };
    int done = 0, left = 0;
    bool ok = list_rows(app->model, app->db, &scope_all, model_find(app->model, "package_item"), &q, choose, &c, e);
    for (int i = 0; ok && i < c.n; i++) {
        if (o->entity && strcmp(o->entity, c.of[i]) != 0) continue;
        d->q.entity = c.of[i];
        d->q.record = c.record[i];
        if (store_write(app->store, decide, d, e)) {
            done++;
            continue;
        }
        fprintf(stderr, "%s %s: %s\n", c.of[i], c.record[i], e->message);
        err_clear(e);
        left++;
    }
    free(c.of);
    free(c.record);
    if (!ok) return err_exit(e->code);
    static const struct table_column cols[] = { { "done", "done", true }, { "left", "refused", true } };
    struct table_out *t = table_begin(app, cols, COUNT(cols));
    table_row(t, (const char *[]){ cell_number(app, done), cell_number(app, left) });
    table_end(t);
    return left ? 3 : 0;
}

static int run_decide(struct app *app, const struct package_cli *o, enum item_deed deed,
                      const char *const *operand, int n, struct err *e)
{
    struct deciding d = { .app = app, .q = { .deed = deed, .reason = o->reason,
                                             .today = today(app) } };
    struct settle s;
    bool all = o->all && n == 0 && deed != ITEM_LINK;
    if (!all && n != (deed == ITEM_LINK ? 3 : 2))
        return err_set(e, ERR_USAGE, "which? ENTITY RECORD%s", deed == ITEM_LINK ? " OUR-RECORD" :
                       ", or --all [--state STATE] [--entity ENTITY]"), 2;
    if (!app_organisation(app, o->from, &d.q.sender, e)) return err_exit(e->code);
    if (all) {
        int status = decide_all(app, &d, o, e);
        if (status != 0 && status != 3) return status;
        return package_settle(app->store, app->db, app->model, false, d.q.today, &s, e) ? status
                                                                                 : err_exit(e->code);
    }
    d.q.entity = operand[0];
    d.q.record = operand[1];
    if (n == 3) d.q.ours = operand[2];
    if (!store_write(app->store, decide, &d, e) ||
        !package_settle(app->store, app->db, app->model, false, d.q.today, &s, e))
        return err_exit(e->code);
    static const struct table_column cols[] = { { "entity", "of", false },
        { "record", "record", false }, { "state", "state", false } };
    struct table_out *t = table_begin(app, cols, COUNT(cols));
    table_row(t, (const char *[]){ operand[0], operand[1], app_word(app, d.state) });
    table_end(t);
    return 0;
}

static int run_package(struct app *app, void *options, const char *const *operand, int n,
                       struct err *e)
{
    const struct package_cli *o = options;
    const char *what = n ? operand[0] : "";
    if (strcmp(what, "key") == 0 && n == 1) return run_key(app, o, e);
    if (strcmp(what, "keys") == 0 && n == 1) return run_keys(app, e);
    if (strcmp(what, "trust") == 0 && n == 2) return run_trust(app, o, operand[1], e);
    if (strcmp(what, "distrust") == 0 && n == 2)
        return status_of(office_key_end(app->store, app->model, operand[1], today(app), e), e);
    if (strcmp(what, "out") == 0 && n == 1) return run_out(app, o, e);
    if (strcmp(what, "in") == 0 && n == 2) return run_in(app, operand[1], e);
    if (strcmp(what, "items") == 0 && n == 1) return run_items(app, o, e);
    if (strcmp(what, "status") == 0 && n == 1) return run_status(app, e);
    if (strcmp(what, "settle") == 0 && n == 1) return run_settle(app, e);
    if (strcmp(what, "accept") == 0) return run_decide(app, o, ITEM_ACCEPT, operand + 1, n - 1, e);
    if (strcmp(what, "refuse") == 0) return run_decide(app, o, ITEM_REFUSE, operand + 1, n - 1, e);
    if (strcmp(what, "link") == 0) return run_decide(app, o, ITEM_LINK, operand + 1, n - 1, e);
    err_set(e, ERR_USAGE, "write jiedui package key, keys, trust FILE, distrust FINGERPRINT, out, in "
            "FILE, status, items, accept, refuse, link or settle (`jiedui help package`)");
    return 2;
}

#define TEXT_OPTION(field, flag, shown, words) \
    { .name = flag, .type = OPTION_TEXT, .offset = offsetof(struct package_cli, field), \
      .value = shown, .help = words }
#define FLAG_OPTION(field, flag, words) \
    { .name = flag, .type = OPTION_FLAG, .offset = offsetof(struct package_cli, field), \
      .help = words }

static const struct option_row options[] = {
    TEXT_OPTION(as, "as", "OFFICE", "key: whose key it is"),
    { .name = "secret", .type = OPTION_TEXT, .offset = offsetof(struct package_cli, secret),
      .value = "FILE", .env = "JIEDUI_OFFICE_KEY",
      .help = "key, out: the file of the secret half; readable by its owner alone, not in the store" },
    TEXT_OPTION(public_key, "public", "FILE", "key: the public half; SECRET.pub when absent"),
    TEXT_OPTION(office, "office", "OFFICE", "trust: whose key it is here, when the codes differ"),
    TEXT_OPTION(fingerprint, "fingerprint", "TEXT", "trust: only when it is this one"),
    FLAG_OPTION(confirm, "confirm", "trust: what agrees in its packages is confirmed by itself"),
    TEXT_OPTION(to, "to", "OFFICE", "out: who it is for"),
    TEXT_OPTION(entity, "entity", "ENTITY", "out, accept and refuse --all: only records of that kind"),
    TEXT_OPTION(since, "since", "DATE", "out: only what was recorded from that day on"),
    FLAG_OPTION(personal, "personal",
                "out: personal columns too, where the receiver is the helped side; needs an agreement"),
    { .name = "output", .letter = 'o', .type = OPTION_TEXT,
      .offset = offsetof(struct package_cli, output), .value = "FILE", .help = "out: the package" },
    TEXT_OPTION(from, "from", "OFFICE", "accept, refuse, link: who sent it"),
    TEXT_OPTION(reason, "reason", "TEXT", "refuse: why"),
    TEXT_OPTION(state, "state", "STATE", "items, accept and refuse --all: only in that state"),
    FLAG_OPTION(all, "all", "items: decided ones too; accept, refuse: all that are in the state"),
};

const struct command package_commands[] = {
    { .name = "package",
      .operands = "key | keys | trust FILE | distrust FINGERPRINT | out | in FILE | status | items | "
                  "accept | refuse | link | settle",
      .help = "signed packages between offices that share no server, and what of them does not match",
      .more = "  jiedui package key --as TJ-OFFICE --secret ~/tj.key     once; send tj.key.pub to the "
              "other office\n"
              "  jiedui package trust gs.key.pub --confirm               its key; compare the fingerprint\n"
              "  jiedui package out --to GS-OFFICE --secret ~/tj.key -o tj-1.jdp\n"
              "  jiedui package in gs-4.jdp                              exit status 3 when something "
              "waits\n"
              "  jiedui package items                                    what does not match\n"
              "  jiedui package accept purchase TJ-P-1                   take what the sender gives\n"
              "  jiedui package accept --all --state unknown\n"
              "  jiedui package refuse purchase TJ-P-1 --reason \"900, by our receipt\"\n"
              "  jiedui package link purchase TJ-P-1 OUR-7               it is our record OUR-7\n"
              "  jiedui package settle                                   hold all of it against the "
              "store again\n"
              "\n"
              "A package is a tar file of CSV sheets with a signed manifest; any archive program opens "
              "it, and a\n"
              "change of one byte is found. It carries the records that the sender's side reports and the "
              "receiver\n"
              "is the other side of, and the sender's confirmations, corrections and disputes. Packages "
              "are numbered;\n"
              "they may come in any order or twice, and a later whole one makes good for a lost one.\n"
              "When a refused record differs from ours, it takes what its reporter says, and our values "
              "stand beside\n"
              "it as our correction. Nothing personal leaves without --personal.",
      .needs = NEEDS_WRITE,
      .options = options,
      .n_options = COUNT(options),
      .options_size = sizeof(struct package_cli),
      .run = run_package },
};
const int package_command_count = COUNT(package_commands);
