/* Who a line of a run pays: found in the register or among the payees, made or brought up to date. */
#include "programme/money/pay_payee.h"

#include "base/utf8.h"
#include "programme/numbers.h"

struct names { const char *entity; int field; const char *kind; };
static const struct names registers[] = {
    { "household", PAYEE_HOUSEHOLD, "household" },
    { "person", PAYEE_PERSON, "person" },
    { "organisation", PAYEE_ORGANISATION, "organisation" },
};
enum { REGISTERS = sizeof registers / sizeof *registers };

static bool take_row(void *arg, const struct val *row, int n, struct err *e)
{
    struct payee *p = arg;
    (void)n, (void)e;
    p->county = row[0].i;
    p->id = row[1].i;
    p->known = true;
    return true;
}

static bool held(struct payees *s, uint32_t kind, struct val value, struct payee *out, struct err *e)
{
    struct val v[2] = { val_int(kind), value };
    return db_query(s->d, &claim_stmts.stmts[CLAIM_HOLDER], v, 2, take_row, out, e);
}

static bool read_known(struct payees *s, struct payee *p, struct err *e)
{
    bool found = false;
    if (!p->known) return true;
    if (!row_get(s->d, s->m, p->county, p->id, s->arena, p->row, &found, e)) return false;
    return found || err_set(e, ERR_CORRUPT, "a payee's code is claimed by no row: see verify");
}

/* The payee that a row of the register is, by the claim on the reference. */
static bool by_reference(struct payees *s, int field, struct payee *p, struct err *e)
{
    for (int i = 0; i < s->m->n_claims; i++) {
        const struct claim *c = &s->m->claims[i];
        if (c->n == 1 && c->fields[0] == field)
            return held(s, c->kind, claim_value(s->m, c, p->row, s->arena), p, e);
    }
    return err_set(e, ERR_INTERNAL, "payees are not unique by this reference");
}

static struct val place_of(struct payees *s, const struct table_map *m, int64_t county, int64_t id,
                           struct err *e, bool *ok)
{
    struct val row[ENTITY_MAX_COLUMNS + 1];
    bool found = false;
    *ok = row_get(s->d, m, county, id, s->arena, row, &found, e);
    return found && m->place >= 0 ? row[m->column[m->place]] : val_null();
}

/* Is it that there is no such row? Then another register may have it. */
static bool absent(const struct err *e)
{
    return e->code == ERR_NOT_FOUND || e->code == ERR_INVALID;
}

static bool in_register(struct payees *s, const struct names *r, struct csv_field text,
                        struct payee *p, struct err *e)
{
    const struct table_map *m = model_find(s->model, r->entity);
    int64_t county, id;
    bool ok;
    if (!ref_find(s->model, m, text.p, text.n, -1, s->d, s->arena, &county, &id, e)) return false;
    if (s->m->county_column[r->field] >= 0) p->row[s->m->county_column[r->field]] = val_int(county);
    *pay_at(s->m, p->row, r->field) = val_int(id);
    *pay_at(s->m, p->row, PAYEE_KIND) = val_text(r->kind);
    *pay_at(s->m, p->row, PAYEE_CODE) =
        val_text(ref_text(s->model, m, county, id, s->d, s->arena));
    *pay_at(s->m, p->row, PAYEE_PLACE) = place_of(s, m, county, id, e, &ok);
    return ok && by_reference(s, r->field, p, e);
}

/* A code of a payee, or of the register; the kind, when given, says of which. */
static bool by_code(struct payees *s, struct csv_field text, struct val kind, struct payee *p,
                    struct err *e)
{
    struct val code = val_textn(text.p, text.n);
    if (!held(s, NUMBER_PAYEE * 8, code, p, e)) return false;
    for (int i = 0; i < REGISTERS && !p->known; i++) {
        struct err why = { 0 };
        if (kind.type == VAL_TEXT && !row_is(kind, registers[i].kind)) continue;
        if (in_register(s, &registers[i], text, p, &why)) {
            if (p->known) return true;
            struct val own = *pay_at(s->m, p->row, PAYEE_CODE);
            /* Of a household that moved: it was a payee in its first county. */
            return held(s, NUMBER_PAYEE * 8, own, p, e);
        }
        if (!absent(&why)) return *e = why, false;
    }
    if (p->known) return true;
    if (!row_is(kind, "other"))
        return err_field(e, ERR_NOT_FOUND, "payee", "no payee, household, person or organisation "
                         "has the code \"%.*s\"", (int)text.n, text.p);
    *pay_at(s->m, p->row, PAYEE_CODE) = code;
    *pay_at(s->m, p->row, PAYEE_KIND) = kind;
    return true;
}

/* Digits without the blanks that people put between them; full-width ones in their plain form. */
static struct val digits_of(struct csv_field f, struct arena *a)
{
    char *out = arena_alloc(a, f.n + 1);
    size_t n = 0, used;
    for (size_t i = 0; i < f.n; i += used) {
        uint32_t c = utf8_decode(f.p + i, f.n - i, &used);
        if (c >= 0xff01 && c <= 0xff5e) c -= 0xfee0;
        if (c == ' ' || c == 0xa0 || c == 0x3000) continue;
        n += utf8_encode(c, out + n);
    }
    return val_textn(out, n);
}

/* Somebody who stands in no register is known by the account, without showing it. */
static bool by_account(struct payees *s, struct val card, struct val kind, struct payee *p,
                       struct err *e)
{
    int64_t digest = row_digest(store_row_key(db_store(s->d)), NUMBER_PAYEE, &card, 1);
    if (card.n == 0)
        return err_field(e, ERR_INVALID, "payee", "a line names a payee, or an account");
    *pay_at(s->m, p->row, PAYEE_CODE) =
        val_text(arena_printf(s->arena, "A-%016llx", (unsigned long long)digest));
    *pay_at(s->m, p->row, PAYEE_KIND) = kind.type == VAL_TEXT ? kind : val_text("other");
    return held(s, NUMBER_PAYEE * 8, *pay_at(s->m, p->row, PAYEE_CODE), p, e);
}

/* What the sheet gives goes over what is known; what it leaves out stays. */
static bool lay(struct payees *s, struct payee *p, int field, struct val v)
{
    struct val *at = pay_at(s->m, p->row, field);
    if (v.type != VAL_TEXT || v.n == 0 || val_equal(*at, v)) return false;
    *at = v;
    return true;
}

static bool lay_all(struct payees *s, const struct pay_line *l, struct val card, struct payee *p,
                    struct err *e)
{
    const struct csv_field *c = l->cell;
    struct val *place = pay_at(s->m, p->row, PAYEE_PLACE);
    bool changed = lay(s, p, PAYEE_NAME, val_textn(c[CELL_NAME].p, c[CELL_NAME].n));
    p->new_account = lay(s, p, PAYEE_BANK_CARD, card) && p->known;
    changed = lay(s, p, PAYEE_BANK_CODE, digits_of(c[CELL_BANK], s->arena)) || changed;
    changed = lay(s, p, PAYEE_BANK_NAME, val_textn(c[CELL_BANK_NAME].p, c[CELL_BANK_NAME].n)) ||
              changed;
    p->changed = changed || p->new_account;
    if (val_is_null(*pay_at(s->m, p->row, PAYEE_BANK_CARD)))
        return err_field(e, ERR_INVALID, "account", "no account of this payee is known: give name, "
                         "account and bank_code, or load payee.csv");
    if (p->known) return true;
    if (place->type != VAL_INT && c[CELL_PLACE].n) {
        int64_t code;
        if (!s->model->places->resolve(s->model->places->arg, s->d, c[CELL_PLACE].p,
                                       c[CELL_PLACE].n, &code, e)) {
            snprintf(e->field, sizeof e->field, "place");
            return false;
        }
        *place = val_int(code);
    }
    if (place->type != VAL_INT) *place = val_int(s->place);
    return true;
}

bool payee_of(struct payees *s, const struct pay_line *l, struct payee *p, struct err *e)
{
    struct val card = digits_of(l->cell[CELL_ACCOUNT], s->arena), kind = val_null();
    struct csv_field k = l->cell[CELL_KIND];
    memset(p, 0, sizeof *p);
    if (k.n) {
        const struct code *c = codes_find(s->model->codes, "payee_kind", k.p, k.n);
        if (!c)
            return err_field(e, ERR_INVALID, "kind",
                             "a payee is a household, a person, an organisation or other");
        kind = val_text(c->code);
    }
    return (l->cell[CELL_PAYEE].n ? by_code(s, l->cell[CELL_PAYEE], kind, p, e)
                                  : by_account(s, card, kind, p, e)) &&
           read_known(s, p, e) && lay_all(s, l, card, p, e);
}

bool payee_put(struct payees *s, struct tx *tx, struct payee *p, struct err *e)
{
    if (!p->known) {
        if (!row_insert(tx, s->model, s->m, p->row, e)) return false;
        p->county = p->row[ROW_COUNTY].i;
        p->id = p->row[ROW_ID].i;
        return true;
    }
    return !p->changed || row_update(tx, s->model, s->m, p->row, 0, e);
}
