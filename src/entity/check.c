/* The checks of a row. Everything that can be known beforehand lies in the field plans, so that a
 * right row costs a few comparisons a field. */
#include <string.h>

#include "base/codes.h"
#include "base/utf8.h"
#include "entity/plan.h"

struct found {
    struct row_fault *faults;
    int max, n, refusing;
    struct arena *a;
};

/* When there is no room left, a refusing fault takes the place of the last warning. */
static void add(struct found *f, enum severity s, const char *check, int field, const char *message)
{
    int at = f->n;
    if (s == CHECK_REFUSE) f->refusing++;
    if (at >= f->max) {
        if (s != CHECK_REFUSE) return;
        for (at = f->max - 1; at >= 0 && f->faults[at].severity == CHECK_REFUSE;) at--;
        if (at < 0) return;
    } else {
        f->n++;
    }
    f->faults[at] = (struct row_fault){ s, check, field, message };
}

static void check_range(struct found *f, const struct field_plan *p, int field, int64_t v)
{
    if (v >= p->lo && v <= p->hi) return;
    bool low = v < p->lo;
    const char *bound = plain_write(p, val_int(low ? p->lo : p->hi), f->a);
    add(f, CHECK_REFUSE, "range", field,
        arena_printf(f->a, "%s is %s than %s", plain_write(p, val_int(v), f->a),
                     low ? "less" : "more", bound));
}

static void check_length(struct found *f, const struct field_plan *p, int field, struct val v)
{
    if ((int64_t)v.n <= p->hi && p->lo <= 0) return;
    int64_t n = (int64_t)utf8_length(v.p, v.n);
    if (n > p->hi)
        add(f, CHECK_REFUSE, "length", field,
            arena_printf(f->a, "it has %lld characters; at most %lld fit", (long long)n,
                         (long long)p->hi));
    else if (n < p->lo)
        add(f, CHECK_REFUSE, "length", field,
            arena_printf(f->a, "it has %lld characters; at least %lld are needed", (long long)n,
                         (long long)p->lo));
}

/* The codes that reading gives lie in the list's own memory and need no look-up. */
static void check_code(struct found *f, const struct field_plan *p, int field, struct val v)
{
    if (code_list_holds(p->codes, v.p) || code_list_code(p->codes, v.p, v.n)) return;
    char show[SHOWN_TEXT];
    add(f, CHECK_REFUSE, "code", field,
        arena_printf(f->a, "'%s' is not in the code list %s", shown(show, v.p, v.n),
                     code_list_name(p->codes)));
}

/* A disability certificate's number is the citizen id with two digits behind it (legacy: four). */
static const char *citizen_fault(struct val v)
{
    int32_t birth;
    int sex;
    if (v.n != 18 && v.n != 20 && v.n != 22) return "a citizen id has 18 characters";
    switch (citizen_id_check(v.p, 18, &birth, &sex)) {
    case ID_OK: return NULL;
    case ID_LENGTH: return "a citizen id has 18 characters";
    case ID_CHARACTER: return "a citizen id has digits alone, and perhaps an X at its end";
    case ID_BIRTH: return "the birth date inside the citizen id is no date";
    default: return "the last character of the citizen id does not fit the others";
    }
}

static void check_identifier(struct found *f, const struct table_map *m, const struct field_plan *p,
                             int field, struct val v, const struct val *row)
{
    if (p->flags & F_CITIZEN_ID) {
        const char *wrong = citizen_fault(v);
        if (wrong) {
            add(f, CHECK_REFUSE, "citizen_id", field, wrong);
        } else if (citizen_id_synthetic(v.p, 18) && !(m->entity->flags & E_NO_SOURCE)) {
            struct val basis = row[m->column[m->common + COMMON_BASIS]];
            if (basis.type != VAL_TEXT || basis.n != 9 || memcmp(basis.p, "synthetic", 9) != 0)
                add(f, CHECK_REFUSE, "citizen_id", field,
                    "an id that begins with 99 is no real person's: only rows with basis synthetic "
                    "have one");
        }
    }
    if (p->flags & F_CREDIT_CODE && !credit_code_check(v.p, v.n))
        add(f, CHECK_WARN, "credit_code", field, "the credit code's check character does not fit");
    if (p->flags & F_BANK_CARD && !luhn_check(v.p, v.n))
        add(f, CHECK_WARN, "bank_card", field, "the card number's check digit does not fit");
    if (p->flags & F_PHONE && !phone_check(v.p, v.n))
        add(f, CHECK_WARN, "phone", field, "this is no telephone number");
}

static bool type_right(enum field_type t, struct val v)
{
    return v.type == (t == F_TEXT || t == F_CODE ? VAL_TEXT : VAL_INT);
}

static void check_value(struct found *f, const struct table_map *m, int field, struct val v,
                        const struct val *row)
{
    const struct field_plan *p = &m->plan[field];
    if (!type_right(p->type, v)) {
        add(f, CHECK_REFUSE, "type", field, "the value is of another type");
        return;
    }
    if (p->checks & PLAN_RANGE) check_range(f, p, field, v.i);
    if (p->checks & PLAN_LENGTH) check_length(f, p, field, v);
    if (p->checks & PLAN_CODE) check_code(f, p, field, v);
    if (p->checks & PLAN_IDENTIFIER) check_identifier(f, m, p, field, v, row);
}

static void check_missing(struct found *f, const struct table_map *m, int field, int *missing)
{
    const struct field_plan *p = &m->plan[field];
    bool draft = m->entity->flags & E_DRAFTS && !(p->checks & PLAN_FIRM);
    if (draft) ++*missing;
    add(f, draft ? CHECK_WARN : CHECK_REFUSE, "required", field, "it must be given");
}

static void check_period(struct found *f, const struct table_map *m, const struct val *row)
{
    struct val from = row[m->column[m->common + COMMON_VALID_FROM]];
    struct val to = row[m->column[m->common + COMMON_VALID_TO]];
    if (from.type == VAL_INT && to.type == VAL_INT && from.i > to.i)
        add(f, CHECK_REFUSE, "period", m->common + COMMON_VALID_TO, "it lies before valid_from");
}

static void check_rules(struct found *f, const struct table_map *m, const struct val *row)
{
    for (int i = 0; i < m->entity->n_checks; i++) {
        const struct check *c = &m->entity->checks[i];
        if (rule_test(m->checks[i], row) == RULE_FALSE)
            add(f, c->severity, c->name, -1, c->en);
    }
    struct err e = { .code = ERR_NONE };
    if (!m->entity->check || m->entity->check(row, &e)) return;
    add(f, CHECK_REFUSE, m->entity->name, e.field[0] ? map_field(m, e.field) : -1,
        arena_strdup(f->a, e.message));
}

int row_check(const struct model *mo, const struct table_map *m, const struct val *row,
              struct arena *a, struct row_fault *faults, int max, int *refusing, int *missing)
{
    (void)mo;
    struct found f = { .faults = faults, .max = max, .a = a };
    *missing = 0;
    for (int i = 0; i < m->fields; i++) {
        const struct field_plan *p = &m->plan[i];
        struct val v = row[p->column];
        if (v.type != VAL_NULL) check_value(&f, m, i, v, row);
        else if (p->checks & PLAN_REQUIRED) check_missing(&f, m, i, missing);
    }
    check_period(&f, m, row);
    if (f.refusing == 0) check_rules(&f, m, row);
    *refusing = f.refusing;
    return f.n;
}
