/* bench_plan: the steps of `jiedui plan` on a store, the best of five: reading targets and linking
 * them, checking that the parts sum, reading what was reached from the figures and rolling it up.
 * bench/plan makes the store.
 *
 *   bench_plan STORE */
#include <stdio.h>

#include "base/clock.h"
#include "base/date.h"
#include "base/digest.h"
#include "cli/cli.h"
#include "programme/plan/measure.h"
#include "programme/plan/plan_read.h"

enum { ROUNDS = 5, STEPS = 3 };

static const struct room *const rooms[] = {
    &place_room, &party_room, &pairing_room, &household_room, &money_room, &project_room,
    &labour_room, &market_room, &talent_room, &plan_room, &watch_room, &publish_room,
};

static bool count_fault(void *arg, const struct plan_fault *f, struct err *e)
{
    (void)f, (void)e;
    ++*(int64_t *)arg;
    return true;
}

static bool round_of(struct app *app, int64_t took[STEPS], int *targets, int64_t *faults,
                     struct err *e)
{
    struct arena a = { 0 };
    struct plan_book b;
    struct plan_when w = { .on = date_make(2020, 6, 30), .tolerance = 100 };
    int64_t t0 = clock_ticks();
    bool ok = plan_read_targets(&b, app->db, w.on, -1, &a, e);
    int64_t t1 = clock_ticks();
    *faults = 0;
    if (ok) {
        plan_find_figures(&b.tree, app->figures, &a);
        ok = plan_tree_check(&b.tree, count_fault, faults, e);
    }
    int64_t t2 = clock_ticks();
    ok = ok && plan_measure(&b.tree, &app->context, app->db, &w, &a, e);
    int64_t t3 = clock_ticks();
    const int64_t now[STEPS] = { t1 - t0, t2 - t1, t3 - t2 };
    for (int i = 0; i < STEPS; i++)
        if (!took[i] || now[i] < took[i]) took[i] = now[i];
    *targets = b.tree.n;
    arena_free(&a);
    return ok;
}

int main(int argc, char **argv)
{
    static const char *const steps[STEPS] = { "read and link", "check the sums",
                                              "actuals, roll-up" };
    struct arena arena = { 0 };
    struct err e = { 0 };
    int64_t took[STEPS] = { 0 }, faults = 0, all = 0;
    int targets = 0;
    if (argc != 2 || !digest_start()) return 2;
    struct app app = { .store_url = argv[1], .clock = clock_system(), .rooms = rooms,
                       .n_rooms = sizeof rooms / sizeof *rooms, .arena = &arena };
    bool ok = app_open(&app, NEEDS_STORE, &e);
    for (int i = 0; ok && i < ROUNDS; i++) ok = round_of(&app, took, &targets, &faults, &e);
    if (!ok) fprintf(stderr, "%s\n", e.message);
    for (int i = 0; ok && i < STEPS; i++) {
        printf("%-18s %6lld ms\n", steps[i], (long long)(took[i] / 1000000));
        all += took[i];
    }
    if (ok)
        printf("%-18s %6lld ms   %d targets, %lld faults\n", "together", (long long)(all / 1000000),
               targets, (long long)faults);
    app_close(&app);
    arena_free(&arena);
    return !ok;
}
