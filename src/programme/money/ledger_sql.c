/* Tables and statements of the ledger. */
#include "programme/money/ledger_sql.h"

/* One row a county: locked by whoever writes to the county's ledger. */
static const struct column head_columns[] = {
    { "county", COL_INT, true },
    { "seq", COL_INT, true },       /* number of its last leg */
    { "last_id", COL_INT, true },   /* the highest transfer id it has seen */
};

static const struct column balance_columns[] = {
    { "county", COL_INT, true },
    { "account", COL_INT, true },
    { "balance", COL_INT, true },   /* fen */
    { "reserved", COL_INT, true },  /* promised away */
    { "expected", COL_INT, true },  /* promised to it */
    { "front", COL_INT, true },     /* the lot that is taken from next; later ones are whole */
    { "front_off", COL_INT, true }, /* how much of it is gone */
    { "gaps", COL_INT, true },      /* marks of pieces before the front that are open again */
    { "holes", COL_INT, true },     /* marks ever made of pieces from the front on that are gone */
    { "seal", COL_INT, false },
};

/* Exceptions to "gone before the front, whole from it on". */
static const struct column mark_columns[] = {
    { "county", COL_INT, true },
    { "account", COL_INT, true },
    { "gap", COL_INT, true },       /* 1 = open before the front, 0 = gone from the front on */
    { "lot", COL_INT, true },
    { "off", COL_INT, true },       /* from here */
    { "upto", COL_INT, true },      /* to before here */
    { "seal", COL_INT, false },
};

static const struct column transfer_columns[] = {
    [T_COUNTY] = { "county", COL_INT, true },
    [T_SEQ] = { "seq", COL_INT, true }, /* 1, 2, 3 in the county, in posting order; a lot's name */
    [T_ID] = { "id", COL_INT, true },   /* of the transfer, the same in all its legs */
    [T_LEG] = { "leg", COL_INT, true }, /* 0, 1, 2 in the transfer */
    [T_LEGS] = { "legs", COL_INT, true },    /* how many the transfer has */
    [T_KIND] = { "kind", COL_INT, true },    /* enum leg_kind */
    [T_ABOUT] = { "about", COL_INT, false }, /* seq of the leg that it fulfils, voids or returns */
    [T_DEBIT] = { "debit", COL_INT, true },  /* account */
    [T_CREDIT] = { "credit", COL_INT, true },
    [T_AMOUNT] = { "amount", COL_INT, true }, /* fen */
    [T_DAY] = { "day", COL_INT, true },       /* when it was true in the world */
    [T_CODE] = { "code", COL_TEXT, false },   /* the sender's own name of the transfer, in leg 0 */
    [T_NOTE] = { "note", COL_TEXT, false },
    [T_CAUSE] = { "cause", COL_INT, false }, /* entity number of what it carries out */
    [T_CAUSE_COUNTY] = { "cause_county", COL_INT, false },
    [T_CAUSE_ID] = { "cause_id", COL_INT, false },
    [T_ACTOR] = { "actor", COL_INT, true }, /* account of the person; 0 = the command line */
    [T_RECORDED] = { "recorded", COL_INT, true },
    [T_DIGEST] = { "digest", COL_INT, true },
};
_Static_assert(sizeof transfer_columns / sizeof *transfer_columns == T_NCOLS, "one row a column");

static const struct column use_columns[] = {
    [U_COUNTY] = { "county", COL_INT, true },
    [U_LOT_COUNTY] = { "lot_county", COL_INT,
                       true }, /* another one for money that was in transit */
    [U_LOT] = { "lot", COL_INT, true },
    [U_OFF] = { "off", COL_INT, true },       /* first fen taken of that lot */
    [U_TO_LOT] = { "to_lot", COL_INT, true }, /* the leg that took it */
    [U_TO_OFF] = { "to_off", COL_INT, true }, /* where it lies in that */
    [U_AMOUNT] = { "amount", COL_INT, true },
    [U_BACK] = { "back", COL_INT, true }, /* 1 = the same piece was given back */
    [U_DIGEST] = { "digest", COL_INT, true },
};
_Static_assert(sizeof use_columns / sizeof *use_columns == U_NCOLS, "one row a column");

static const char *const transfer_uniques[] = { "county, id, leg",
    "county, code where code is not null", "county, about where about is not null", NULL };
static const char *const transfer_indexes[] = { "county, credit, seq",
    "cause_id where cause_id is not null", NULL };
static const char *const use_indexes[] = { "county, to_lot", NULL };

#define COLUMNS(c) .cols = c, .n = sizeof c / sizeof *c
const struct table ledger_tables[LEDGER_N_TABLES] = {
    [TABLE_HEAD] = { .name = "ledger_head", .reach = REACH_COUNTY, COLUMNS(head_columns),
        .key = "county", .derived = true },
    [TABLE_BALANCE] = { .name = "ledger_balance", .reach = REACH_COUNTY, COLUMNS(balance_columns),
        .key = "county, account", .derived = true, .sealed = SEALED_ROWS },
    [TABLE_MARK] = { .name = "lot_mark", .reach = REACH_COUNTY, COLUMNS(mark_columns),
        .key = "county, account, gap, lot, off", .derived = true, .sealed = SEALED_ROWS },
    [TABLE_TRANSFER] = { .name = "transfer", .reach = REACH_COUNTY, COLUMNS(transfer_columns),
        .key = "county, seq", .uniques = transfer_uniques, .indexes = transfer_indexes,
        .append_only = true },
    [TABLE_LOT_USE] = { .name = "lot_use", .reach = REACH_COUNTY, COLUMNS(use_columns),
        .key = "county, lot_county, lot, off, to_lot, back", .indexes = use_indexes,
        .append_only = true },
};

#define TRANSFER_COLUMNS                                                                           \
    "t.county, t.seq, t.id, t.leg, t.legs, t.kind, t.about, t.debit, t.credit, "                   \
    "t.amount, t.day, t.code, t.note, t.cause, t.cause_county, t.cause_id, t.actor, t.recorded, "  \
    "t.digest"
#define USE_COLUMNS "u.county, u.lot_county, u.lot, u.off, u.to_lot, u.to_off, u.amount, u.back, " \
    "u.digest"

static const struct stmt stmts[LEDGER_N_STMTS] = {
    [LEDGER_HEAD] = { "ledger_head", STMT_ROUTER,
                      "select seq, last_id from ledger_head where county = ?1",
                      "select seq, last_id from ledger_head where county = ?1 for update" },
    [LEDGER_HEAD_NEW] = { "ledger_head_new", STMT_ROUTER,
                          "insert into ledger_head (county, seq, last_id) values (?1, 0, 0) "
                          "on conflict (county) do nothing",
                          NULL },
    [LEDGER_HEAD_SET] = { "ledger_head_set", STMT_ROUTER,
                          "insert into ledger_head (county, seq, last_id) values (?1, ?2, ?3) "
        "on conflict (county) do update set seq = excluded.seq, last_id = excluded.last_id", NULL },

    [LEDGER_ACCOUNT] = { "ledger_account_state", STMT_ROUTER,
                         "select a.restricted, a.holder_kind, a.earmark, a.fund_line, b.balance, "
                         "b.reserved, "
                         "b.expected, b.front, b.front_off, b.gaps, b.holes "
                         "from ledger_account a left join ledger_balance b on b.county = ?1 and "
                         "b.account = a.id "
                         "where a.county = ?1 and a.id = ?2 and a.load <> ?3",
                         NULL },
    [LEDGER_BALANCE] = { "ledger_balance", STMT_ROUTER,
                         "select balance, reserved, expected, front, front_off, gaps, holes from "
                         "ledger_balance "
                         "where county = ?1 and account = ?2",
                         NULL },
    [LEDGER_BALANCE_SET] = { "ledger_balance_set", STMT_ROUTER,
                             "insert into ledger_balance (county, account, balance, reserved, "
                             "expected, front, "
                             "front_off, gaps, holes, seal) "
                             "values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) "
                             "on conflict (county, account) do update set balance = "
                             "excluded.balance, "
                             "reserved = excluded.reserved, expected = excluded.expected, front = "
                             "excluded.front, "
                             "front_off = excluded.front_off, gaps = excluded.gaps, holes = "
                             "excluded.holes, seal = excluded.seal",
                             NULL },

    [LEDGER_MARKS] = { "ledger_marks", STMT_ROUTER,
                       "select lot, off, upto from lot_mark where county = ?1 and account = ?2 and "
                       "gap = 1 "
                       "order by lot, off",
                       NULL },
    [LEDGER_HOLES] = { "ledger_holes", STMT_ROUTER,
                       "select lot, off, upto from lot_mark where county = ?1 and account = ?2 and "
                       "gap = 0 "
                       "and lot >= ?3 and lot <= ?4 order by lot, off",
                       NULL },
    [LEDGER_MARKS_OF_LOT] = { "ledger_marks_of_lot", STMT_ROUTER,
                              "select lot, off, upto from lot_mark where county = ?1 and account = "
                              "?2 and gap = 1 "
                              "and lot = ?3 order by off",
                              NULL },
    [LEDGER_MARK_ADD] = { "ledger_mark_add", STMT_ROUTER,
                          "insert into lot_mark (county, account, gap, lot, off, upto, seal) "
                          "values (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                          NULL },
    [LEDGER_MARK_DROP] = { "ledger_mark_drop", STMT_ROUTER,
                           "delete from lot_mark where county = ?1 and account = ?2 and gap = ?3 "
                           "and lot = ?4 "
                           "and off = ?5",
                           NULL },
    /* Pairs are compared, so that the index by account is the only one that fits. */
    [LEDGER_LOTS] = { "ledger_lots", STMT_ROUTER,
        "select seq, amount from transfer where county = ?1 and (credit, seq) >= (?2, ?3) "
        "and (credit, seq) <= (?2, ?4) and kind in (1, 3) order by credit, seq limit 64", NULL },

    [LEDGER_TRANSFER_ADD] = { "ledger_transfer_add", STMT_ROUTER,
                              "insert into transfer (county, seq, id, leg, legs, kind, about, "
                              "debit, credit, amount, day, "
                              "code, note, cause, cause_county, cause_id, actor, recorded, digest) "
                              "values (?1, ?2, ?3, "
                              "?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, "
                              "?18, ?19)",
                              NULL },
    [LEDGER_TRANSFER_BY_ID] = { "ledger_transfer_by_id", STMT_ROUTER,
                                "select " TRANSFER_COLUMNS
                                " from transfer t where t.county = ?1 and t.id = ?2 "
                                "order by t.leg",
                                NULL },
    [LEDGER_TRANSFER_BY_CODE] = { "ledger_transfer_by_code", STMT_ROUTER,
                                  "select id from transfer where county = ?1 and code = ?2", NULL },
    [LEDGER_TRANSFER_BY_SEQ] = { "ledger_transfer_by_seq", STMT_ROUTER,
                                 "select " TRANSFER_COLUMNS
                                 " from transfer t where t.county = ?1 and t.seq = ?2",
                                 NULL },
    [LEDGER_TRANSFER_END] = { "ledger_transfer_end", STMT_ROUTER,
                              "select id, kind from transfer where county = ?1 and about = ?2",
                              NULL },

    [LEDGER_USE_ADD] = { "ledger_use_add", STMT_ROUTER,
                         "insert into lot_use (county, lot_county, lot, off, to_lot, to_off, "
                         "amount, back, digest) "
                         "values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                         NULL },
    [LEDGER_USES_OF] = { "ledger_uses_of", STMT_ROUTER,
                         "select u.lot, u.off, u.to_lot, u.to_off, u.amount, u.back, t.id, "
                         "t.credit, t.day "
                         "from lot_use u join transfer t on t.county = ?1 and t.seq = u.to_lot "
                         "where u.county = ?1 and u.lot_county = ?2 and u.lot >= ?3 and u.lot <= "
                         "?4 "
                         "order by u.lot, u.off, u.to_lot, u.back",
                         NULL },
    [LEDGER_USES_INTO] = { "ledger_uses_into", STMT_ROUTER,
        "select u.lot_county, u.lot, u.off, u.to_lot, u.to_off, u.amount, u.back, t.id, t.debit, "
        "t.credit, t.day from lot_use u join transfer t on t.county = ?1 and t.seq = u.to_lot "
        "where u.county = ?1 and u.to_lot >= ?2 and u.to_lot <= ?3 "
        "order by u.to_lot, u.to_off, u.lot_county, u.lot, u.off, u.back", NULL },
    [LEDGER_BY_CAUSE] = { "ledger_by_cause", STMT_SCATTER,
        "select " TRANSFER_COLUMNS " from transfer t where t.cause_id = ?3 and t.cause = ?1 "
        "and t.cause_county = ?2 order by t.county, t.seq", NULL },
    [LEDGER_ACCOUNT_LOTS] = { "ledger_account_lots", STMT_ROUTER,
        "select " TRANSFER_COLUMNS " from transfer t where t.county = ?1 and t.credit = ?2 "
        "and t.kind in (1, 3) and not exists (select 1 from transfer r where r.county = ?1 "
        "and r.about = t.seq) order by t.seq", NULL },
    [LEDGER_ACCOUNTS_OF_HOUSEHOLD] = { "ledger_accounts_of_household", STMT_SCATTER,
        "select county, id from ledger_account where household_county = ?1 and household = ?2 "
        "order by county, id", NULL },
    [LEDGER_ACCOUNTS_OF_PROJECT] = { "ledger_accounts_of_project", STMT_SCATTER,
        "select county, id from ledger_account where project_county = ?1 and project = ?2 "
        "order by county, id", NULL },
    [LEDGER_ACCOUNT_NAME] = { "ledger_account_name", STMT_ROUTER,
        "select code, title, holder_kind from ledger_account where county = ?1 and id = ?2", NULL },
    [LEDGER_ORIGINS] = { "ledger_origins", STMT_SCATTER,
        "select " TRANSFER_COLUMNS " from transfer t join ledger_account a on a.county = t.county "
        "and a.id = t.debit where a.restricted = 0 and t.kind in (1, 3) and not exists "
        "(select 1 from transfer r where r.county = t.county and r.about = t.seq) "
        "order by t.county, t.seq", NULL },
    [LEDGER_SIZE] = { "ledger_size", STMT_SCATTER,
        "select cast(coalesce(sum(seq), 0) as bigint) from ledger_head", NULL },

    [LEDGER_BALANCES] = { "ledger_balances", STMT_SCATTER,
        "select a.county, a.id, a.code, a.title, a.holder_kind, a.earmark, b.balance, b.reserved, "
        "b.expected, b.front, b.front_off, b.holes, a.restricted from ledger_balance b "
        "join ledger_account a on a.county = b.county and a.id = b.account "
        "where a.county >= ?1 and a.county <= ?2 order by a.county, a.id", NULL },
    [LEDGER_OPEN_LOTS] = { "ledger_open_lots", STMT_ROUTER,
        "select t.seq, t.amount, t.day from transfer t where t.county = ?1 "
        "and (t.credit, t.seq) >= (?2, ?3) and (t.credit, t.seq) <= (?2, ?4) and t.kind in (1, 3) "
        "order by t.credit, t.seq", NULL },
    [LEDGER_OPEN_GAPS] = { "ledger_open_gaps", STMT_ROUTER,
        "select m.lot, m.off, m.upto, t.day from lot_mark m join transfer t on t.county = ?1 "
        "and t.seq = m.lot where m.county = ?1 and m.account = ?2 and m.gap = 1 "
        "order by m.lot, m.off", NULL },

    [LEDGER_COUNTY_TRANSFERS] = { "ledger_county_transfers", STMT_ROUTER,
        "select " TRANSFER_COLUMNS " from transfer t where t.county = ?1 order by t.seq", NULL },
    [LEDGER_COUNTY_USES] = { "ledger_county_uses", STMT_ROUTER,
        "select " USE_COLUMNS " from lot_use u where u.county = ?1 "
        "order by u.lot_county, u.lot, u.off, u.to_lot, u.back", NULL },
    [LEDGER_COUNTY_BALANCES] = { "ledger_county_balances", STMT_ROUTER,
        "select account, balance, reserved, expected, front, front_off, gaps "
        "from ledger_balance where county = ?1 order by account", NULL },
    [LEDGER_COUNTY_MARKS] = { "ledger_county_marks", STMT_ROUTER,
        "select account, gap, lot, off, upto from lot_mark where county = ?1 "
        "order by account, gap, lot, off", NULL },
    [LEDGER_COUNTY_ACCOUNTS] = { "ledger_county_accounts", STMT_ROUTER,
        "select id, restricted from ledger_account where county = ?1 order by id", NULL },
    [LEDGER_ALL_HEADS] = { "ledger_all_heads", STMT_ADMIN,
                           "select county, seq, last_id from ledger_head order by county", NULL },
};

const struct stmt_table ledger_stmts = { "money", stmts, LEDGER_N_STMTS };
