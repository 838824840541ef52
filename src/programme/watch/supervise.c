/* Findings and measures of supervision, and how each listed place stands. */
#include "programme/watch/supervise.h"

#include "base/count.h"
#include "base/date.h"
#include "programme/fields.h"
#include "programme/numbers.h"

static const struct field finding_fields[] = {
    [FINDING_CODE] = FIELD_CODE,
    [FINDING_PLACE] = FIELD_PLACE,
    [FINDING_TITLE] = { .name = "title", .en = "Finding", .zh = "发现的问题", .type = F_TEXT,
        .flags = F_REQUIRED | F_LIST | F_SEARCH, .max = 500,
        .help_en = "What was found, in one line.", .help_zh = "发现的问题，一句话。" },
    [FINDING_KIND] = { .name = "kind", .en = "Kind", .zh = "类别", .type = F_CODE,
        .flags = F_REQUIRED | F_LIST, .list = "finding_kind",
        .help_en = "Education, medical care, housing, water, jobs, relocation, watch list, ...",
        .help_zh = "教育、医疗、住房、饮水、就业、搬迁后续、监测等。" },
    [FINDING_FOUND_BY] = { .name = "found_by", .en = "Found by", .zh = "督战单位", .type = F_REF,
        .flags = F_LIST, .ref = "organisation",
        .help_en = "Who supervises and found it.", .help_zh = "督战并发现问题的单位。" },
    [FINDING_FOUND_ON] = { .name = "found_on", .en = "Found on", .zh = "发现日期", .type = F_DATE,
        .flags = F_REQUIRED | F_LIST,
        .help_en = "Day on which it was found.", .help_zh = "发现之日。" },
    [FINDING_OWNER] = { .name = "owner", .en = "Owner", .zh = "整改单位", .type = F_REF,
        .flags = F_LIST, .ref = "organisation",
        .help_en = "Who has to correct it; empty while nobody has taken it.",
        .help_zh = "负责整改的单位；未落实留空。" },
    [FINDING_DUE_ON] = { .name = "due_on", .en = "Due by", .zh = "整改时限", .type = F_DATE,
        .flags = F_TO | F_LIST,
        .help_en = "Day by which it is to be corrected.", .help_zh = "整改时限。" },
    [FINDING_CORRECTED_ON] = { .name = "corrected_on", .en = "Corrected on", .zh = "整改完成日期",
        .type = F_DATE, .flags = F_LIST,
        .help_en = "Day on which it was corrected; empty while it is open.",
        .help_zh = "整改完成之日；未完成留空。" },
    [FINDING_CORRECTION] = { .name = "correction", .en = "Correction", .zh = "整改情况",
        .type = F_TEXT, .max = 2000,
        .help_en = "How it was corrected.", .help_zh = "如何整改。" },
    [FINDING_VERIFIED_BY] = { .name = "verified_by", .en = "Verified by", .zh = "验收单位",
        .type = F_REF, .ref = "organisation",
        .help_en = "Who looked at the correction.", .help_zh = "核验整改的单位。" },
};
_Static_assert(COUNT(finding_fields) == FINDING_NCOLS, "one row per column");

static const struct check finding_checks[] = {
    { .name = "SF01", .severity = CHECK_REFUSE, .holds = "found_on <= corrected_on",
      .en = "it was corrected before it was found", .zh = "整改日期早于发现日期" },
    { .name = "SF02", .severity = CHECK_REFUSE,
      .holds = "not known(verified_by) or known(corrected_on)",
      .en = "what is verified has a day of correction", .zh = "验收的问题须填整改日期" },
};

const struct entity supervision_finding_entity = {
    .name = "supervision_finding", .en = "Finding of supervision", .zh = "督战发现问题",
    .room = "watch",
    .help_en = "The list of problems of a listed place, and their corrections.",
    .help_zh = "挂牌县村的问题清单与整改清单。",
    .access = ACCESS_WORK,
    .number = NUMBER_SUPERVISION_FINDING, .reach = REACH_COUNTY, .flags = E_DRAFTS,
    .fields = finding_fields, .n = COUNT(finding_fields),
    .checks = finding_checks, .n_checks = COUNT(finding_checks),
};

static const struct field measure_fields[] = {
    [MEASURE_CODE] = FIELD_CODE,
    [MEASURE_PLACE] = FIELD_PLACE,
    [MEASURE_FINDING] = { .name = "supervision_finding", .en = "Answers finding",
        .zh = "针对问题", .type = F_REF, .flags = F_FAR | F_LIST, .ref = "supervision_finding",
        .help_en = "The finding that it corrects; empty for a measure of the plan.",
        .help_zh = "所整改的问题；属计划措施的留空。" },
    [MEASURE_WORK_PLAN] = FIELD_WORK_PLAN,
    [MEASURE_TITLE] = { .name = "title", .en = "Measure", .zh = "措施", .type = F_TEXT,
        .flags = F_REQUIRED | F_LIST | F_SEARCH, .max = 500,
        .help_en = "What is done.", .help_zh = "措施内容。" },
    [MEASURE_ORGANISATION] = FIELD_ORGANISATION,
    [MEASURE_DUE_ON] = { .name = "due_on", .en = "Due by", .zh = "时限", .type = F_DATE,
        .flags = F_TO | F_LIST,
        .help_en = "Day by which it is to be done.", .help_zh = "完成时限。" },
    [MEASURE_DONE_ON] = { .name = "done_on", .en = "Done on", .zh = "完成日期", .type = F_DATE,
        .flags = F_LIST,
        .help_en = "Day on which it was done; empty while it is open.",
        .help_zh = "完成之日；未完成留空。" },
};
_Static_assert(COUNT(measure_fields) == MEASURE_NCOLS, "one row per column");

const struct entity supervision_measure_entity = {
    .name = "supervision_measure", .en = "Measure under supervision", .zh = "督战措施",
    .room = "watch",
    .help_en = "A measure of a listed place: of its own plan, or against a finding.",
    .help_zh = "挂牌县村的措施：方案措施或整改措施。",
    .access = ACCESS_WORK,
    .number = NUMBER_SUPERVISION_MEASURE, .reach = REACH_COUNTY, .flags = E_DRAFTS,
    .fields = measure_fields, .n = COUNT(measure_fields),
};

/* --- how each stands --- */

enum { PE_PLACE, PE_KIND, PE_ON, PE_QUANTITY, PE_QUALIFIER };
enum { PO_PLACE, PO_CODE };

static const struct rule_column columns[] = {
    { .name = "poor_persons", .type = RULE_INT, .max = ENTITY_INT_MAX },
    { .name = "incidence", .type = RULE_INT, .scale = 2, .max = ENTITY_INT_MAX },
};
const struct rule_schema supervised_schema = { .cols = columns, .n = COUNT(columns) };

struct looking {
    const struct watch *w;
    const struct criterion *rule;
    struct rows listed, policies, measures, findings, exits, people;
};

/* Rows come by place; the first of a place. */
static int first_at(const struct rows *r, int col, int64_t place)
{
    int lo = 0, hi = r->n;
    while (lo < hi) {
        int mid = lo + (hi - lo) / 2;
        struct val v = r->row[mid][col];
        if (v.type == VAL_INT && v.i < place) lo = mid + 1;
        else hi = mid;
    }
    return lo;
}

static bool is_at(const struct rows *r, int i, int col, int64_t place)
{
    return i < r->n && row_int(r->row[i][col]) == place;
}

/* The latest number of people of a kind known by the day. */
static bool latest(const struct looking *l, int64_t place, const char *kind, int64_t *n, int32_t *on,
                   bool *about)
{
    bool found = false;
    for (int i = first_at(&l->people, PE_PLACE, place); is_at(&l->people, i, PE_PLACE, place); i++) {
        const struct val *p = l->people.row[i];
        if (!row_is(p[PE_KIND], kind)) continue;
        *n = row_int(p[PE_QUANTITY]);
        *on = row_date(p[PE_ON], DATE_MIN);
        if (about) *about = !row_is(p[PE_QUALIFIER], "eq");
        found = true;
    }
    return found;
}

static void count_people(const struct looking *l, struct supervised *s)
{
    const struct val *v = s->listing;
    s->poor_on = s->base_on = DATE_MIN;
    s->poor_known = latest(l, s->place, "registered_left", &s->poor, &s->poor_on, NULL);
    s->base_known = latest(l, s->place, "rural", &s->base, &s->base_on, &s->base_about) && s->base > 0;
    if (!s->poor_known && v && v[SV_POOR].type == VAL_INT) s->poor_known = true, s->poor = v[SV_POOR].i;
    s->incidence_known = s->poor_known && s->base_known;
    if (s->incidence_known) s->incidence = s->poor * 10000 / s->base;
    struct val row[] = { s->poor_known ? val_int(s->poor) : val_null(),
                         s->incidence_known ? val_int(s->incidence) : val_null() };
    s->rule = l->rule && place_level(s->place) == 5 ? criterion_test(l->rule, row, NULL) : RULE_UNKNOWN;
}

static void count_work(const struct looking *l, struct supervised *s)
{
    int32_t on = l->w->on;
    int i = first_at(&l->policies, PO_PLACE, s->place);
    if (is_at(&l->policies, i, PO_PLACE, s->place)) s->policy = row_text(l->policies.row[i][PO_CODE]);
    for (i = first_at(&l->measures, ME_PLACE, s->place); is_at(&l->measures, i, ME_PLACE, s->place); i++) {
        s->measures++;
        s->measures_done += row_date(l->measures.row[i][ME_DONE], DATE_MAX) <= on;
    }
    for (i = first_at(&l->findings, FN_PLACE, s->place); is_at(&l->findings, i, FN_PLACE, s->place); i++) {
        if (row_date(l->findings.row[i][FN_FOUND], DATE_MIN) > on) continue;
        s->findings++;
        s->findings_open += row_date(l->findings.row[i][FN_CORRECTED], DATE_MAX) > on;
    }
    for (i = first_at(&l->exits, EX_PLACE, s->place); is_at(&l->exits, i, EX_PLACE, s->place); i++) {
        const struct val *v = l->exits.row[i];
        if (row_is(v[EX_STATE], "done")) s->exited = v;
        else s->planned = v;
    }
}

static bool stands(const struct looking *l, int64_t place, const struct val *listing, bool named,
                   supervised_fn *fn, void *arg, struct err *e)
{
    struct supervised s = { .place = place, .listing = listing, .named = named,
                            .poor_on = DATE_MIN, .base_on = DATE_MIN, .rule = RULE_UNKNOWN };
    if (named) count_people(l, &s), count_work(l, &s);
    return fn(arg, &s, e);
}

static bool listed(const struct looking *l, int64_t place)
{
    for (int i = 0; i < l->listed.n; i++)
        if (row_int(l->listed.row[i][SV_PLACE]) == place) return true;
    return false;
}

/* Villages of which people are counted, and which the rule would list. */
static bool would_list(const struct looking *l, supervised_fn *fn, void *arg, struct err *e)
{
    int64_t last = 0;
    for (int i = 0; i < l->people.n; i++) {
        int64_t place = row_int(l->people.row[i][PE_PLACE]);
        struct supervised s = { .place = place };
        if (place == last || place_level(place) != 5 || !watch_inside(l->w, place)) continue;
        last = place;
        count_people(l, &s);
        if (s.rule == RULE_TRUE && !listed(l, place) && !stands(l, place, NULL, true, fn, arg, e))
            return false;
    }
    return true;
}

bool supervised_read(const struct watch *w, struct criterion *rule, supervised_fn *fn, void *arg,
                     struct err *e)
{
    struct looking l = { .w = w, .rule = rule };
    struct val on = val_int(w->on);
    if ((rule && !criterion_bind(rule, &supervised_schema, w->a, e)) ||
        !watch_read(w, WATCH_SUPERVISED, &on, 1, &l.listed, e) ||
        !watch_read(w, WATCH_POLICIES, NULL, 0, &l.policies, e) ||
        !watch_read(w, WATCH_SUPERVISION_MEASURES, NULL, 0, &l.measures, e) ||
        !watch_read(w, WATCH_SUPERVISION_FINDINGS, NULL, 0, &l.findings, e) ||
        !watch_read(w, WATCH_EXITS, NULL, 0, &l.exits, e) ||
        !watch_read(w, WATCH_PEOPLE, &on, 1, &l.people, e))
        return false;
    for (int i = 0; i < l.listed.n; i++) {
        const struct val *v = l.listed.row[i];
        int64_t place = row_int(v[SV_PLACE]);
        int level = row_is(v[SV_KIND], "village") ? 5 : 3;
        bool named = place && row_int(v[SV_QUANTITY]) == 1 && place_level(place) == level;
        if (watch_inside(w, place) && !stands(&l, place, v, named, fn, arg, e)) return false;
    }
    return !rule || would_list(&l, fn, arg, e);
}
