/* A rule of use or of idle money that is in force no longer: why is written into it and into the
 * journal. */
#include "base/date.h"
#include "programme/money/earmark_book.h"
#include "programme/money/paper.h"
#include "programme/numbers.h"
#include "store/journal.h"

/* Which of the two kinds has a rule of that code. */
static bool find_rule(struct db *d, const struct model *mo, const char *code, struct arena *a,
                      const struct table_map **m, int64_t *id, struct err *e)
{
    const struct entity *kind[2] = { &earmark_rule_entity, &alert_rule_entity };
    for (int i = 0; i < 2; i++) {
        int64_t county;
        *m = model_number(mo, kind[i]->number);
        if (ref_find(mo, *m, code, strlen(code), 0, d, a, &county, id, e)) return true;
        if (e->code != ERR_NOT_FOUND) return false;
    }
    return err_set(e, ERR_NOT_FOUND, "there is no rule %s (`jiedui money rules` and `jiedui list "
                   "alert_rule` list them)", code);
}

static bool end_row(struct tx *tx, const struct model *mo, const struct table_map *m, int64_t id,
                    const struct rule_ending *r, struct arena *a, struct err *e)
{
    struct val row[ENTITY_MAX_COLUMNS + 1];
    char day[DATE_TEXT];
    bool found;
    int from = m->column[map_field(m, "valid_from")], to = m->column[map_field(m, "valid_to")],
        note = m->column[map_field(m, "note")];
    if (!row_get(tx_db(tx), m, 0, id, a, row, &found, e)) return false;
    if (row[to].type == VAL_INT && row[to].i < r->last)
        return err_set(e, ERR_CONFLICT, "rule %s ended before that", r->code);
    if (row[from].type == VAL_INT && row[from].i > r->last)
        return err_set(e, ERR_INVALID, "rule %s begins after that", r->code);
    const char *old = row[note].type == VAL_TEXT ? arena_strndup(a, row[note].p, row[note].n) : "";
    date_format(r->last, day);
    row[to] = val_int(r->last);
    row[note] = val_text(arena_printf(a, "%s%sended %s: %s", old, *old ? "; " : "", day, r->why));
    const char *says = arena_printf(a, "%s, last day %s: %s", r->code, day, r->why);
    struct journal_entry j = { .kind = JOURNAL_NOTE, .table = m->entity->number, .id = id,
                               .actor = r->actor, .body = says, .body_n = strlen(says) };
    row_actor(tx, r->actor);
    return row_update(tx, mo, m, row, 0, e) && journal_add(tx, &j, e);
}

bool rule_ends_untold(const struct table_map *m, const struct val *before, const struct val *after)
{
    if (m->entity->number != NUMBER_EARMARK_RULE && m->entity->number != NUMBER_ALERT_RULE) return false;
    int to = m->column[map_field(m, "valid_to")], note = m->column[map_field(m, "note")];
    bool ends = after[to].type == VAL_INT && (before[to].type != VAL_INT || after[to].i < before[to].i);
    return ends && (after[note].type != VAL_TEXT || val_equal(after[note], before[note]));
}

bool rule_end(struct tx *tx, const struct model *mo, const struct rule_ending *r, struct err *e)
{
    const struct table_map *m;
    struct arena a = { 0 };
    int64_t id;
    bool ok = find_rule(tx_db(tx), mo, r->code, &a, &m, &id, e) && end_row(tx, mo, m, id, r, &a, e);
    arena_free(&a);
    return ok;
}
