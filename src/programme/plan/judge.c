/* Completion, time and forecast of one target. No database, no clock. */
#include "programme/plan/measure.h"

#include "base/date.h"

__extension__ typedef __int128 i128;

/* Is the target's unit that of its figure? Units that multiply are refused on the way in. */
static bool unit_fits(const struct plan_node *n)
{
    static const struct { const char *unit, *of; } known[] = {
        { "元", "yuan" }, { "人", "person" }, { "people", "person" }, { "人次", "person" },
        { "%", "percent" }, { "个", "project" }, { "家", "firm" }, { "户", "household" },
        { "村", "village" }, { "次", "visit" }, { "次", "meeting" }, { "吨", "tonne" },
    };
    const char *of = n->figure->unit ? n->figure->unit : "";
    if (!*n->unit || strcmp(n->unit, of) == 0) return true;
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcmp(known[i].unit, n->unit) && !strcmp(known[i].of, of)) return true;
    return false;
}

static i128 power(int scale)
{
    i128 p = 1;
    while (scale-- > 0) p *= 10;
    return p;
}

static int64_t clamp(i128 v)
{
    return v > INT64_MAX ? INT64_MAX : v < INT64_MIN ? INT64_MIN : (int64_t)v;
}

static bool at_most(const struct plan_node *n)
{
    return n->qualifier == Q_LE || n->qualifier == Q_LT;
}

static int64_t sure(const struct figure_value *v)
{
    return v->partial ? v->low : v->value;
}

/* The two sides on one scale: actual * 100, and target * 10^scale. */
static i128 target_side(const struct plan_node *n)
{
    return (i128)n->value * power(n->figure->scale);
}

static bool reached(const struct plan_node *n)
{
    i128 got = (i128)sure(&n->actual) * 100, wanted = target_side(n);
    return n->qualifier == Q_GT ? got > wanted : got >= wanted;
}

static void compare(struct plan_node *n)
{
    i128 wanted = target_side(n);
    n->compared = wanted > 0;
    if (!n->compared) return;
    i128 x = (i128)sure(&n->actual) * 100 * 1000 / wanted;
    n->completion = clamp(x);
    /* More than 100 is not reached by 100. */
    if (n->completion >= 1000 && !at_most(n) && !reached(n)) n->completion = 999;
}

static void look_at_time(struct plan_node *n, int32_t on, int64_t *gone, int64_t *days)
{
    *gone = *days = 0;
    n->timed = n->from != DATE_MIN && n->to != DATE_MAX;
    if (!n->timed) return;
    *days = (int64_t)n->to - n->from + 1;
    *gone = on < n->from ? 0 : on >= n->to ? *days : (int64_t)on - n->from + 1;
    n->elapsed = *gone * 1000 / *days;
}

static void foresee(struct plan_node *n, int64_t gone, int64_t days, int64_t start)
{
    int64_t now = n->actual.value;
    if (!n->timed || gone == 0) return;
    n->forecast_known = true;
    if (n->figure->kind == FIGURE_RATIO) n->forecast = now;
    else if (plan_is_stock(n->figure))
        n->forecast = clamp(start + ((i128)now - start) * days / gone);
    else n->forecast = clamp((i128)now * days / gone);
}

static enum plan_state state_of(const struct plan_node *n, const struct plan_when *w, int64_t gone,
                                int64_t days)
{
    if (at_most(n)) {
        i128 got = (i128)n->actual.value * 100, most = target_side(n);
        return (n->qualifier == Q_LT ? got < most : got <= most) ? PLAN_WITHIN : PLAN_EXCEEDED;
    }
    if (reached(n)) return PLAN_MET;
    if (n->timed && gone == 0) return PLAN_NOT_BEGUN;
    if (n->timed && gone == days && w->on > n->to) return PLAN_MISSED;
    if (n->timed && n->compared && n->completion + w->tolerance < n->elapsed) return PLAN_BEHIND;
    return PLAN_ON_TIME;
}

void plan_judge(struct plan_node *n, const struct plan_when *w, int64_t start)
{
    int64_t gone, days;
    n->compared = n->forecast_known = false;
    look_at_time(n, w->on, &gone, &days);
    if (n->reserve) {
        n->state = PLAN_RESERVE;
        return;
    }
    if (!n->figure || !n->actual.known) {
        n->state = n->known ? PLAN_NO_FIGURE : PLAN_NO_TARGET;
        return;
    }
    foresee(n, gone, days, start);
    if (!n->known) {
        n->state = PLAN_NO_TARGET;
        return;
    }
    if (!unit_fits(n)) {
        n->why = "the target's unit is not that of its figure";
        n->state = PLAN_NO_FIGURE;
        return;
    }
    compare(n);
    n->state = state_of(n, w, gone, days);
}

int64_t plan_left(const struct plan_node *n)
{
    if (!n->known || at_most(n)) return n->known ? 0 : -1;
    if (!n->figure || !n->actual.known || !unit_fits(n)) return -1;
    if (n->figure->kind == FIGURE_RATIO) return reached(n) ? 0 : n->value;
    i128 left = target_side(n) - (i128)sure(&n->actual) * 100, one = power(n->figure->scale);
    return left <= 0 ? 0 : clamp((left + one - 1) / one);
}
