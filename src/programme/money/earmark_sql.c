/* Statements of the earmark rules. ?1 is the number of the pending load, whose rows are not
 * there. */
#include "programme/money/earmark_book.h"

#define LINES \
    "select county, id, code, amount, qualifier, purpose, nature, form, fund_kind, for_class, " \
    "additional, stage, place, valid_from, valid_to, of_which_county, of_which, " \
    "of_which_unclear, fund_line_county, fund_line, batch_county, batch, helper, taker, " \
    "project_county, project from allocation where draft = 0 and load <> ?1 " \
    "and (stage is null or stage = 'allocated')"

/* A leg of a batch counts until it is returned or voided; a promise that was fulfilled, until its
 * arrival is returned. */
#define LEGS_OF_BATCH \
    "select t.county, t.seq, t.amount, t.day, t.debit, t.credit, f.restricted, c.code, " \
    "c.holder_kind, c.earmark, c.place, c.project_county, c.project, c.fund_line_county, " \
    "c.fund_line, c.restricted from transfer t " \
    "left join ledger_account f on f.county = t.county and f.id = t.debit " \
    "left join ledger_account c on c.county = t.county and c.id = t.credit " \
    "left join transfer r on r.county = t.county and r.about = t.seq " \
    "left join transfer b on b.county = t.county and b.about = r.seq " \
    "where t.cause_id = ?3 and t.cause = ?4 and t.cause_county = ?2 and t.kind in (1, 2) " \
    "and t.day <= ?1 and (r.seq is null or (r.kind = 3 and b.seq is null)) " \
    "order by t.county, t.seq"

static const struct stmt stmts[] = {
    [EARMARK_RULES] = { "earmark_rules", STMT_REF,
        "select id, code, title, kind, scope, fund_line, helper, applies, holds, share, valid_from, "
        "valid_to from earmark_rule where county = 0 and draft = 0 and load <> ?1 order by id",
        NULL },
    [EARMARK_CLASSES] = { "earmark_classes", STMT_SCATTER,
        "select place, class, valid_from, valid_to from place_class where draft = 0 "
        "and load <> ?1 and class = ?2 order by county, id", NULL },
    [EARMARK_LINES] = { "earmark_lines", STMT_SCATTER, LINES " order by county, id", NULL },
    [EARMARK_LINES_OF_BATCH] = { "earmark_lines_of_batch", STMT_SCATTER,
        LINES " and batch_county = ?2 and batch = ?3 order by county, id", NULL },
    [EARMARK_LINES_OF_FUND] = { "earmark_lines_of_fund", STMT_SCATTER,
        LINES " and fund_line_county = ?2 and fund_line = ?3 order by county, id", NULL },
    [EARMARK_LINES_OF_LOAD] = { "earmark_lines_of_load", STMT_SCATTER,
        LINES " and load = ?2 order by county, id", NULL },
    [EARMARK_LINE] = { "earmark_line", STMT_ROUTER,
        "select county, id, code, amount, qualifier, purpose, nature, form, fund_kind, for_class, "
        "additional, stage, place, valid_from, valid_to, of_which_county, of_which, "
        "of_which_unclear, fund_line_county, fund_line, batch_county, batch, helper, taker, "
        "project_county, project from allocation where county = ?1 and id = ?2 and draft = 0 "
        "and (stage is null or stage = 'allocated')", NULL },
    [EARMARK_LEGS_OF_BATCH] = { "earmark_legs_of_batch", STMT_SCATTER, LEGS_OF_BATCH, NULL },
    [EARMARK_LEG] = { "earmark_leg", STMT_ROUTER,
        "select t.county, t.seq, t.amount, t.day, t.debit, t.credit, null, c.code, "
        "c.holder_kind, c.earmark, c.place, c.project_county, c.project, c.fund_line_county, "
        "c.fund_line, c.restricted from transfer t "
        "join ledger_account c on c.county = ?1 and c.id = t.credit "
        "where t.county = ?1 and t.seq = ?2 and t.kind in (1, 2)", NULL },
    [EARMARK_BATCHES] = { "earmark_batches", STMT_SCATTER,
        "select county, id, code, amount, qualifier, fund_line_county, fund_line, helper, "
        "valid_from, valid_to, load from batch where draft = 0 and load <> ?1 "
        "order by county, id", NULL },
    [EARMARK_BATCH_BY_ID] = { "earmark_batch_by_id", STMT_ROUTER,
        "select county, id, code, amount, qualifier, fund_line_county, fund_line, helper, "
        "valid_from, valid_to, load from batch where county = ?1 and id = ?2 and draft = 0",
        NULL },
    [EARMARK_BATCHES_OF_LOAD] = { "earmark_batches_of_load", STMT_SCATTER,
        "select county, id, code, amount, qualifier, fund_line_county, fund_line, helper, "
        "valid_from, valid_to, load from batch where draft = 0 and load = ?1 "
        "order by county, id", NULL },
    [EARMARK_FUND_LINE_BY_ID] = { "earmark_fund_line_by_id", STMT_ROUTER,
        "select code, amount, qualifier, kind, purpose, nature, duty, helper from fund_line "
        "where county = ?1 and id = ?2 and draft = 0", NULL },
    [EARMARK_PROJECT] = { "earmark_project", STMT_ROUTER,
        "select kind, basis from project where county = ?1 and id = ?2 and draft = 0", NULL },
    [EARMARK_ENTERED] = { "earmark_entered", STMT_SCATTER,
        "select min(valid_from), count(*) from project_stage where project_county = ?2 "
        "and project = ?3 and stage = 'entered' and draft = 0 and load <> ?1 "
        "and (result is null or result <> 'refused')", NULL },
};
_Static_assert(sizeof stmts / sizeof *stmts == EARMARK_N_STMTS, "one statement a name");

const struct stmt_table earmark_stmts = { "earmark", stmts, EARMARK_N_STMTS };
