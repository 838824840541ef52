/* jiedui generate: a synthetic register over real villages. */
#include "cli/cli.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/count.h"
#include "base/csv.h"
#include "base/id.h"
#include "cli/asset.h"
#include "doc/pack.h"
#include "programme/household/generate.h"

struct generate_cli { int64_t households, seed, errors; const char *out, *place; };

struct villages { int64_t *code; size_t n, cap; struct place_range within; };

/* Rural committees: the last three digits are 200 to 399. */
static bool read_villages(struct villages *v, struct err *e)
{
    struct asset a;
    struct pack_memory *pack;
    if (!asset_find("data/places.csv.gz", &a)) return err_set(e, ERR_INTERNAL, "no gazetteer");
    if (!pack_memory_open(&pack, a.p, a.n, e)) return false;
    struct csv *csv = csv_open(pack_memory_source(pack), NULL);
    const struct csv_field *f;
    int n;
    enum csv_result r;
    while ((r = csv_next(csv, &f, &n, e)) == CSV_ROW) {
        int64_t code;
        if (!id_parse(f[0].p, f[0].n, &code)) continue;
        int64_t kind = code % 1000 / 100;
        if ((kind != 2 && kind != 3) || code < v->within.lo || code > v->within.hi) continue;
        v->code = mem_more(v->code, v->n, &v->cap, sizeof *v->code);
        v->code[v->n++] = code;
    }
    csv_close(csv);
    pack_memory_close(pack);
    return r == CSV_END;
}

static FILE *create(struct app *app, const char *dir, const char *name, struct err *e)
{
    const char *path = arena_printf(app->arena, "%s/%s", dir, name);
    FILE *f = fopen(path, "wb");
    if (!f) err_set(e, ERR_INVALID, "%s: %s", path, strerror(errno));
    return f;
}

static bool read_place(const char *text, struct place_range *out, struct err *e)
{
    int64_t code;
    size_t n = text ? strlen(text) : 0;
    *out = (struct place_range){ 0, INT64_MAX };
    if (!n) return true;
    if (n > 12 || !id_parse(text, n, &code))
        return err_set(e, ERR_USAGE, "--place takes a code of 2, 4, 6, 9 or 12 digits here");
    for (; n < 12; n++) code *= 10;
    *out = place_own_range(code);
    return true;
}

static int run_generate(struct app *app, void *options, const char *const *operand, int n, struct err *e)
{
    const struct generate_cli *o = options;
    (void)operand;
    if (n) return err_set(e, ERR_USAGE, "generate takes no operand"), 2;
    if (o->households < 0 || o->errors < 0 || o->errors > 1000)
        return err_set(e, ERR_USAGE, "--households is not negative, --errors is 0 to 1000"), 2;
    struct villages v = { .n = 0 };
    if (!read_place(o->place, &v.within, e)) return 2;
    const char *dir = o->out ? o->out : ".";
    if (mkdir(dir, 0777) != 0 && errno != EEXIST)
        return err_set(e, ERR_INVALID, "%s: %s", dir, strerror(errno)), 1;
    struct generate_plan plan = { .households = o->households ? o->households : 1000,
                                  .seed = (uint64_t)o->seed, .errors = (int)o->errors };
    struct generate_counts c;
    FILE *household = NULL, *person = NULL;
    bool ok = read_villages(&v, e) && (household = create(app, dir, "household.csv", e)) &&
              (person = create(app, dir, "person.csv", e));
    plan.villages = v.code;
    plan.n_villages = v.n;
    ok = ok && household_generate(&plan, household, person, &c, e);
    if (household && fclose(household)) ok = ok && err_set(e, ERR_FULL, "household.csv: %s", strerror(errno));
    if (person && fclose(person)) ok = ok && err_set(e, ERR_FULL, "person.csv: %s", strerror(errno));
    free(v.code);
    if (!ok) return 1;
    fprintf(stderr, "%lld households, %lld persons, %lld planted faults in %s\n",
            (long long)c.households, (long long)c.persons, (long long)c.faults, dir);
    return 0;
}

static const struct option_row options[] = {
    { .name = "households", .type = OPTION_INT, .offset = offsetof(struct generate_cli, households),
      .value = "N", .help = "how many; 1000 when absent; about 3.6 persons each" },
    { .name = "seed", .type = OPTION_INT, .offset = offsetof(struct generate_cli, seed),
      .value = "N", .help = "the same seed gives the same bytes" },
    { .name = "errors", .type = OPTION_INT, .offset = offsetof(struct generate_cli, errors),
      .value = "N", .help = "rows in a thousand with one planted fault; 0 when absent" },
    { .name = "place", .letter = 'p', .type = OPTION_TEXT, .offset = offsetof(struct generate_cli, place),
      .value = "CODE", .help = "only villages inside this place" },
    { .name = "out", .letter = 'o', .type = OPTION_TEXT, .offset = offsetof(struct generate_cli, out),
      .value = "DIR", .help = "folder for household.csv and person.csv; here when absent" },
};

const struct command generate_commands[] = {
    { .name = "generate", .help = "a synthetic register of any size: household.csv, person.csv",
      .more = "Villages are real, people are not: ids begin with 99, which was never assigned, and\n"
              "every row says that it is synthetic.",
      .needs = NEEDS_NOTHING, .options = options, .n_options = COUNT(options),
      .options_size = sizeof(struct generate_cli), .run = run_generate },
};
const int generate_command_count = COUNT(generate_commands);
