/* jiedui totals: how many, and how much, by any coded field of any entity. */
#include "cli/rooms.h"

#include <stdlib.h>
#include <string.h>

#include "base/count.h"
#include "base/date.h"
#include "base/map.h"
#include "entity/load.h"

enum { MAX_SUMS = 8, MAX_GROUPS = 4096 };

struct totals_cli { const char *where, *place, *state; bool parts; };

struct sums { int64_t records, quantity, known[MAX_SUMS], v[MAX_SUMS]; bool inexact, more; };
struct group { const char *key; struct sums s; };

struct totals {
    struct app *app;
    const struct table_map *m;
    const struct totals_cli *o;
    int by, quantity, qualifier, state, of_which, unclear;
    int sum[MAX_SUMS], n_sums;
    struct group *group; int n;
    struct map index;          /* hash of the key -> 1 + number of the group */
};

/* Money and decimals add up where their unit is fixed; what is of one person or one unit does not. */
static bool adds_up(const struct field *f)
{
    static const char *const never[] = { "monthly_pay", "yearly_pay", "unit_price", "tonne_price",
        "pay_wanted", "yearly_rate", "foreign_rate", "measure", "share", "incidence", "fee",
        "fare", "yearly_income" };
    bool sum = (f->type == F_MONEY || f->type == F_DECIMAL) && f->unit &&
               strcmp(f->unit, "percent") != 0;
    for (int i = 0; sum && i < COUNT(never); i++) sum = strcmp(f->name, never[i]) != 0;
    return sum;
}

static struct group *group_of(struct totals *t, const char *key)
{
    uint64_t hash = hash_bytes(key, strlen(key), 0);
    for (;; hash++) {          /* keys of one hash go to the next free one */
        int *number = map_put(&t->index, &hash, NULL);
        if (*number && strcmp(t->group[*number - 1].key, key) == 0) return &t->group[*number - 1];
        if (*number) continue;
        if (t->n == MAX_GROUPS) return NULL;
        t->group[t->n].key = arena_strdup(t->app->arena, key);
        *number = ++t->n;
        return &t->group[t->n - 1];
    }
}

static struct val at(const struct totals *t, const struct val *row, int field)
{
    return field < 0 ? val_null() : row[t->m->column[field]];
}

static bool text_is(struct val v, const char *s)
{
    return v.type == VAL_TEXT && strlen(s) == v.n && memcmp(v.p, s, v.n) == 0;
}

static bool add_row(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct totals *t = arg;
    struct arena scratch = { 0 };
    struct val state = at(t, row, t->state);
    if (state.type == VAL_TEXT && strcmp(t->o->state, "all") != 0 && !text_is(state, t->o->state))
        return true;
    if (!t->o->parts && (at(t, row, t->of_which).type == VAL_INT ||
                         at(t, row, t->unclear).type == VAL_TEXT))
        return true;
    struct group *g = group_of(t, field_write(t->app->model, m, t->by, row, t->app->db, &scratch));
    arena_free(&scratch);
    if (!g) return err_set(e, ERR_USAGE, "more than %d values of %s", MAX_GROUPS,
                           m->field[t->by].name);
    struct val quantity = at(t, row, t->quantity), q = at(t, row, t->qualifier);
    g->s.records++;
    g->s.quantity += t->quantity < 0 ? 1 : quantity.type == VAL_INT ? quantity.i : 0;
    g->s.more |= text_is(q, "gt") || text_is(q, "ge");
    g->s.inexact |= q.type == VAL_TEXT && !text_is(q, "eq");
    for (int i = 0; i < t->n_sums; i++) {
        struct val v = at(t, row, t->sum[i]);
        if (v.type != VAL_INT) continue;
        g->s.v[i] += v.i;
        g->s.known[i]++;
    }
    return true;
}

static int by_records(const void *a, const void *b)
{
    const struct group *x = a, *y = b;
    if (x->s.quantity != y->s.quantity) return x->s.quantity < y->s.quantity ? 1 : -1;
    return strcmp(x->key, y->key);
}

static void print(struct totals *t)
{
    struct app *a = t->app;
    struct table_column cols[4 + MAX_SUMS] = { { "value", "value", false },
        { "label", "label", false }, { "records", "records", true },
        { "quantity", "number", true } };
    const struct field *by = &t->m->field[t->by];
    for (int i = 0; i < t->n_sums; i++) {
        const struct field *f = &t->m->field[t->sum[i]];
        cols[4 + i] = (struct table_column){ f->name, a->zh ? f->zh : f->en, true };
    }
    struct table_out *out = table_begin(a, cols, 4 + t->n_sums);
    qsort(t->group, (size_t)t->n, sizeof *t->group, by_records);
    for (int i = 0; i < t->n; i++) {
        const struct sums *s = &t->group[i].s;
        const char *key = t->group[i].key, *cells[4 + MAX_SUMS] = { key };
        const struct code *c = by->type == F_CODE
                                   ? codes_find(a->model->codes, by->list, key, strlen(key)) : NULL;
        cells[1] = c ? a->zh ? c->zh : c->en
                   : !*key ? app_word(a, "not told")
                   : by->type == F_PLACE ? cell_place(a, strtoll(key, NULL, 10)) : "";
        cells[2] = cell_number(a, s->records);
        cells[3] = arena_printf(a->arena, "%s%lld", s->more ? ">= " : s->inexact ? "~ " : "",
                                (long long)s->quantity);
        for (int k = 0; k < t->n_sums; k++) {
            const struct field *f = &t->m->field[t->sum[k]];
            int scale = f->type == F_MONEY ? 2 : f->scale;
            cells[4 + k] = !s->known[k] ? ""
                           : arena_printf(a->arena, "%s%s", s->inexact ? "~ " : "",
                                          cell_scaled(a, s->v[k], scale));
        }
        table_row(out, cells);
    }
    table_end(out);
}

static bool prepare(struct totals *t, const char *entity, const char *field, struct err *e)
{
    if (!app_entity(t->app, entity, &t->m, e)) return false;
    t->by = map_field(t->m, field);
    if (t->by < 0)
        return err_set(e, ERR_USAGE, "%s has no field \"%s\"; `jiedui schema %s` lists them", entity,
                       field, entity);
    const struct field *f = &t->m->field[t->by];
    if (f->flags & F_PERSONAL)
        return err_set(e, ERR_USAGE, "%s is personal, no totals are made of it", field);
    if (f->type == F_MONEY || f->type == F_DECIMAL || (f->type == F_TEXT && f->flags & F_KEY))
        return err_set(e, ERR_USAGE, "totals by %s make no sense: take a coded field, a date, a "
                       "place or a reference", field);
    t->quantity = map_field(t->m, "quantity");
    t->qualifier = map_field(t->m, "qualifier");
    t->state = map_field(t->m, "state");
    t->of_which = map_field(t->m, "of_which");
    t->unclear = map_field(t->m, "of_which_unclear");
    for (int i = 0; i < t->m->fields && t->n_sums < MAX_SUMS; i++)
        if (adds_up(&t->m->field[i])) t->sum[t->n_sums++] = i;
    t->group = arena_array(t->app->arena, MAX_GROUPS, sizeof *t->group);
    map_init(&t->index, sizeof(uint64_t), sizeof(int));
    return true;
}

static int run_totals(struct app *app, void *options, const char *const *operand, int n,
                      struct err *e)
{
    struct totals_cli o = *(const struct totals_cli *)options;
    struct totals t = { .app = app, .o = &o };
    struct list_query q = { .where = o.where };
    struct db *d;
    if (n != 2) return err_set(e, ERR_USAGE, "totals takes an entity and one of its fields"), 2;
    if (!o.state) o.state = "done";
    if (strcmp(o.state, "all") &&
        !codes_find(app->model->codes, "fact_state", o.state, strlen(o.state)))
        return err_set(e, ERR_USAGE, "--state is done, planned, committed or all, not \"%s\"",
                       o.state), 2;
    if (!prepare(&t, operand[0], operand[1], e) || !app_place(app, o.place, &q.place, e))
        return err_exit(e->code);
    bool ok = store_connect(app->store, DB_READ, &d, e);
    if (ok) {
        ok = list_rows(app->model, d, &scope_all, t.m, &q, add_row, &t, e);
        db_close(d);
    }
    if (ok) print(&t);
    map_free(&t.index);
    return ok ? 0 : err_exit(e->code);
}

static const struct option_row options[] = {
    { .name = "where", .letter = 'w', .type = OPTION_TEXT,
      .offset = offsetof(struct totals_cli, where), .value = "RULE",
      .help = "only rows for which it is true" },
    { .name = "place", .letter = 'p', .type = OPTION_TEXT,
      .offset = offsetof(struct totals_cli, place), .value = "PLACE",
      .help = "only inside that place" },
    { .name = "state", .type = OPTION_TEXT, .offset = offsetof(struct totals_cli, state),
      .value = "STATE", .help = "done when absent; planned, committed, or all" },
    { .name = "parts", .type = OPTION_FLAG, .offset = offsetof(struct totals_cli, parts),
      .help = "parts beside their wholes too" },
};

const struct command totals_commands[] = {
    { .name = "totals", .operands = "ENTITY FIELD",
      .help = "how many and how much of an entity, by a field: totals placement way",
      .more = "Records, their number, and the sums of money and weight for each value of the "
              "field. Parts are left\nout beside their wholes; \">=\" and \"~\" say that a "
              "number among them is not exact.\n\n"
              "  jiedui totals project kind            projects by kind\n"
              "  jiedui totals placement area          jobs by work area\n"
              "  jiedui totals purchase channel_kind   purchases by channel\n"
              "  jiedui totals posting kind --where 'direction = to_helped'",
      .needs = NEEDS_STORE, .options = options, .n_options = COUNT(options),
      .options_size = sizeof(struct totals_cli), .run = run_totals },
};
const int totals_command_count = COUNT(totals_commands);
