/* Frames above a helper, and whether a place lies in one of them. */
#include "programme/pairing/above.h"

#include <string.h>

#include "entity/load.h"
#include "programme/pairing/pairing_sql.h"

enum { F_CO, F_ID, F_CODE_, F_TITLE, F_HELPER, F_AREA, F_BEGIN, F_END };
enum { O_ID, O_CODE, O_PARENT, O_PLACE_, O_KIND, O_LEVEL };
enum { DEEPEST = 12 };

bool above_open(struct above *s, struct db *d, const struct places *places, int64_t published,
                struct arena *a, struct err *e)
{
    *s = (struct above){ .d = d, .places = places, .a = a };
    map_init(&s->orgs, sizeof(int64_t), sizeof(const struct val *));
    if (!load_pending(d, &s->hidden, e)) return false;
    if (s->hidden == published) s->hidden = -1;
    struct val v = val_int(s->hidden);
    if (!rows_read(d, &pairing_stmts.stmts[PAIRING_FRAMES], &v, 1, a, &s->frames, e)) return false;
    s->deciding = arena_array(a, (size_t)s->frames.n * 2 + 1, sizeof *s->deciding);
    return true;
}

void above_close(struct above *s) { map_free(&s->orgs); }

/* NULL when it is not there. */
static bool org_row(struct above *s, int64_t id, const struct val **out, struct err *e)
{
    const struct val **held = map_get(&s->orgs, &id);
    if (!held) {
        struct rows r;
        struct val v = val_int(id);
        if (!rows_read(s->d, &pairing_stmts.stmts[PAIRING_ORG], &v, 1, s->a, &r, e)) return false;
        held = map_put(&s->orgs, &id, NULL);
        *held = r.n ? r.row[0] : NULL;
    }
    *out = *held;
    return true;
}

static bool in_area(const struct above *s, const struct val *frame, int64_t place, bool *in,
                    struct err *e)
{
    struct place_range range[64];
    int n = 0;
    int64_t area = row_int(frame[F_AREA]);
    *in = area == 0;
    if (*in) return true;
    if (!s->places->ranges(s->places->arg, s->d, area, range, 64, &n, e)) return false;
    for (int i = 0; i < n; i++) *in |= place >= range[i].lo && place <= range[i].hi;
    return true;
}

static bool governs(const struct val *org)
{
    return row_is(org[O_KIND], "government") || row_is(org[O_KIND], "party") ||
           row_is(org[O_KIND], "department") || row_is(org[O_KIND], "headquarters");
}

/* Frames by which the act is judged; those that were over before it began do not count. */
struct deciding { const struct val **frame; int n; };

static bool is_over(const struct val *frame, const struct above_act *act)
{
    return act->from != DATE_MIN && row_date(frame[F_END], DATE_MAX) < act->from;
}

static void decide(const struct above *s, struct deciding *x, const struct above_act *act,
                   int64_t org)
{
    for (int i = 0; i < s->frames.n; i++) {
        const struct val *f = s->frames.row[i];
        if (row_int(f[F_HELPER]) == org && !is_over(f, act)) x->frame[x->n++] = f;
    }
}

/* Of the government that sits at this very place, unless the chain of organisations has it. */
static bool decide_seat(struct above *s, struct deciding *x, const struct above_act *act,
                        int64_t seat, struct err *e)
{
    int chain = x->n;
    for (int i = 0; i < s->frames.n; i++) {
        const struct val *f = s->frames.row[i], *org;
        bool again = is_over(f, act);
        if (!org_row(s, row_int(f[F_HELPER]), &org, e)) return false;
        for (int k = 0; k < chain; k++) again |= x->frame[k] == f;
        if (org && governs(org) && row_int(org[O_PLACE_]) == seat && !again)
            x->frame[x->n++] = f;
    }
    return true;
}

/* The nearest frames above the helper, or, `wide`, all of them. */
static bool find_deciding(struct above *s, const struct above_act *act, bool wide,
                          struct deciding *x, const struct val **helper, struct err *e)
{
    int64_t seat = 0;
    bool bound = true;         /* to its seat */
    *helper = NULL;
    *x = (struct deciding){ s->deciding, 0 };
    for (int64_t id = act->helper, depth = 0; id && depth < DEEPEST; depth++) {
        const struct val *org;
        if (!org_row(s, id, &org, e)) return false;
        if (!org) break;
        if (!*helper) *helper = org;
        decide(s, x, act, id);
        if (x->n && !wide) return true;
        if (!seat) seat = row_int(org[O_PLACE_]);
        bound &= !row_is(org[O_LEVEL], "01") && !row_is(org[O_LEVEL], "11");
        id = row_int(org[O_PARENT]);
    }
    for (int level = bound && seat ? place_level(seat) : 0; level > 0; level--) {
        if (x->n && !wide) break;
        if (!decide_seat(s, x, act, place_up(seat, level), e)) return false;
    }
    return true;
}

enum { TOLD = 8 };             /* frames in a message */

static const char *areas(struct above *s, const struct deciding *x)
{
    const char *out = "";
    for (int i = 0; i < x->n && i < TOLD; i++) {
        char name[256] = "everywhere";
        int64_t area = row_int(x->frame[i][F_AREA]);
        if (area && !s->places->name(s->places->arg, s->d, area, false, name, sizeof name))
            snprintf(name, sizeof name, "%lld", (long long)area);
        out = arena_printf(s->a, "%s%s%s (%s%s%s)", out, i ? ", " : "",
                           row_text(x->frame[i][F_CODE_]), name, area ? " " : "",
                           area ? arena_printf(s->a, "%lld", (long long)area) : "");
    }
    return x->n > TOLD ? arena_printf(s->a, "%s and %d more", out, x->n - TOLD) : out;
}

/* The frame that the act names must be one of those above the helper. */
static bool keep_named(struct deciding *x, const struct above_act *act)
{
    for (int i = 0; i < x->n; i++)
        if (row_int(x->frame[i][F_ID]) == act->frame &&
            row_int(x->frame[i][F_CO]) == act->frame_county) {
            x->frame[0] = x->frame[i];
            x->n = 1;
            return true;
        }
    return false;
}

/* The named frame alone decides; one that is not above the helper is told with those that are. */
static bool find_frames(struct above *s, const struct above_act *act, struct deciding *x,
                        const struct val **helper, bool *foreign, struct err *e)
{
    *foreign = false;
    if (act->frame && !find_deciding(s, act, true, x, helper, e)) return false;
    if (act->frame && keep_named(x, act)) return true;
    if (!find_deciding(s, act, false, x, helper, e)) return false;
    *foreign = act->frame && x->n;
    return true;
}

static bool judge_one(struct above *s, const struct above_act *act, enum above_verdict *out,
                      const char **why, struct err *e)
{
    struct deciding x;
    const struct val *helper;
    bool foreign;
    if (!find_frames(s, act, &x, &helper, &foreign, e)) return false;
    *out = ABOVE_NO_FRAME;
    *why = "";
    if (!x.n) return true;
    *why = areas(s, &x);
    *out = ABOVE_OUTSIDE;
    if (foreign) {
        *why = arena_printf(s->a, "%s: the frame it names is not above the helper %s, which acts "
                            "under %s", act->code, row_text(helper[O_CODE]), *why);
        return true;
    }
    for (int i = 0; i < x.n && *out == ABOVE_OUTSIDE; i++) {
        bool in;
        if (!in_area(s, x.frame[i], act->place, &in, e)) return false;
        if (!in) continue;
        *out = ABOVE_INSIDE;
        *why = areas(s, &(struct deciding){ &x.frame[i], 1 });
    }
    if (*out == ABOVE_INSIDE) return true;
    char name[256];
    if (!s->places->name(s->places->arg, s->d, act->place, false, name, sizeof name)) *name = '\0';
    *why = arena_printf(s->a, "%s: %s (%lld) lies outside the frames under which the helper %s "
                        "acts: %s", act->code, name, (long long)act->place,
                        row_text(helper[O_CODE]), *why);
    return true;
}

static bool judge_members(struct above *s, const struct above_act *act, enum above_verdict *out,
                          const char **why, struct err *e)
{
    struct rows members;
    struct val v[2] = { val_int(act->helper), val_int(s->hidden) };
    if (!rows_read(s->d, &pairing_stmts.stmts[PAIRING_MEMBERS], v, 2, s->a, &members, e))
        return false;
    for (int i = 0; i < members.n && *out != ABOVE_OUTSIDE; i++) {
        struct above_act one = *act;
        enum above_verdict verdict;
        const char *of;
        one.helper = row_int(members.row[i][0]);
        if (!judge_one(s, &one, &verdict, &of, e)) return false;
        if (verdict == ABOVE_NO_FRAME) continue;
        *out = verdict;
        *why = of;
    }
    return true;
}

bool above_judge(struct above *s, const struct above_act *act, enum above_verdict *out,
                 const char **why, struct err *e)
{
    *out = ABOVE_NO_FRAME;
    *why = "";
    if (!act->helper) return true;
    if (!act->place) {
        *out = ABOVE_NO_PLACE;
        return true;
    }
    return judge_one(s, act, out, why, e) &&
           (*out != ABOVE_NO_FRAME || judge_members(s, act, out, why, e));
}
