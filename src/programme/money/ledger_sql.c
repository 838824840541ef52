/* Tables and statements of the ledger. */
#include "programme/money/ledger_sql.h"

/* One row a county: locked by whoever writes to the county's ledger. */
static const struct column head_columns[] = {
    { "county", COL_INT, true },
    { "seq", COL_INT, true },       /* number of its last leg */
    { "last_id", COL_INT, true },   /* the highest transfer id it has seen */
    /* The legs up to here are in ledger_balance and lot_taken, later ones perhaps not: see ledger_tail.h.
     * NULL = all. */
    { "settled", COL_INT, false },
    { "seal", COL_INT, false },
};
_Static_assert(sizeof head_columns / sizeof *head_columns == HEAD_NCOLS, "one row a column");

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
    { "ins", COL_INT, true },       /* legs that brought it money */
    { "last_in", COL_INT, true },   /* the last of them; 0 = none, here and below */
    { "skip_in", COL_INT, true },   /* the last of them with a skip */
    { "last_out", COL_INT, true },  /* the last leg that took money from it */
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

/* Home halves whose far half is not there yet, or was not struck off. */
static const struct column outbox_columns[] = {
    { "county", COL_INT, true },
    { "seq", COL_INT, true },       /* the home half */
    { "far", COL_INT, true },       /* the county it goes to */
    { "account", COL_INT, true },   /* and the account there; of a return the transit account */
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
    /* The first piece of a lot that it took; further ones are in lot_use. A leg that returns
     * another says what that one had taken. */
    [T_LOT_COUNTY] = { "lot_county", COL_INT, false }, /* another one: money that was in transit */
    [T_LOT] = { "lot", COL_INT, false },
    [T_LOT_OFF] = { "lot_off", COL_INT, false }, /* its first fen */
    [T_TAKEN] = { "taken", COL_INT, false },     /* how many */
    /* The legs of an account, backwards: no index by account has to be kept. */
    [T_BEFORE_IN] = { "before_in", COL_INT, false },   /* the leg before it into the same account */
    [T_SKIP_IN] = { "skip_in", COL_INT, false },       /* every SKIP_EVERYth: so many legs back */
    [T_BEFORE_OUT] = { "before_out", COL_INT, false }, /* the leg before it out of the same one */
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
    [U_ID] = { "id", COL_INT, true },     /* of that leg, for the trace: its transfer, */
    [U_CREDIT] = { "credit", COL_INT, true }, /* its account, */
    [U_DAY] = { "day", COL_INT, true },       /* its day */
    [U_DIGEST] = { "digest", COL_INT, true },
};
_Static_assert(sizeof use_columns / sizeof *use_columns == U_NCOLS, "one row a column");

/* The first pieces that legs took, in the order of the lots. */
static const struct column taken_columns[] = {
    { "county", COL_INT, true },
    { "lot_county", COL_INT, true },
    { "lot", COL_INT, true },
    { "off", COL_INT, true },
    { "to_lot", COL_INT, true },    /* the leg */
    { "amount", COL_INT, true },
    { "back", COL_INT, true },      /* 1 = the leg gave it back */
    { "id", COL_INT, true },        /* of that leg, for the trace: its transfer, */
    { "credit", COL_INT, true },    /* its account, */
    { "day", COL_INT, true },       /* its day */
};
_Static_assert(sizeof taken_columns / sizeof *taken_columns == TAKEN_NCOLS, "one row a column");

static const char *const transfer_uniques[] = { "county, id, leg",
    "county, code where code is not null", "county, about where about is not null", NULL };
static const char *const transfer_indexes[] = { "cause_id where cause_id is not null", NULL };
static const char *const use_indexes[] = { "county, to_lot", NULL };

#define COLUMNS(c) .cols = c, .n = sizeof c / sizeof *c
const struct table ledger_tables[LEDGER_N_TABLES] = {
    [TABLE_HEAD] = { .name = "ledger_head", .reach = REACH_COUNTY, COLUMNS(head_columns),
        .key = "county", .derived = true, .sealed = SEALED_ROWS },
    [TABLE_BALANCE] = { .name = "ledger_balance", .reach = REACH_COUNTY, COLUMNS(balance_columns),
        .key = "county, account", .derived = true, .sealed = SEALED_ROWS },
    [TABLE_MARK] = { .name = "lot_mark", .reach = REACH_COUNTY, COLUMNS(mark_columns),
        .key = "county, account, gap, lot, off", .derived = true, .sealed = SEALED_ROWS },
    [TABLE_OUTBOX] = { .name = "ledger_outbox", .reach = REACH_COUNTY, COLUMNS(outbox_columns),
        .key = "county, seq", .derived = true, .sealed = SEALED_ROWS },
    [TABLE_TRANSFER] = { .name = "transfer", .reach = REACH_COUNTY, COLUMNS(transfer_columns),
        .key = "county, seq", .uniques = transfer_uniques, .indexes = transfer_indexes,
        .append_only = true },
    [TABLE_LOT_USE] = { .name = "lot_use", .reach = REACH_COUNTY, COLUMNS(use_columns),
        .key = "county, lot_county, lot, off, to_lot, back", .indexes = use_indexes,
        .append_only = true },
    /* An earlier program kept an index of transfer instead. */
    [TABLE_LOT_TAKEN] = { .name = "lot_taken", .reach = REACH_COUNTY, COLUMNS(taken_columns),
        .key = "county, lot_county, lot, off, to_lot", .derived = true,
        .begin = "insert into lot_taken (county, lot_county, lot, off, to_lot, amount, back, id, "
            "credit, day) select county, lot_county, lot, lot_off, seq, taken, "
            "case when kind = 5 then 1 else 0 end, id, credit, day from transfer "
            "where lot is not null order by county, lot_county, lot, lot_off, seq; "
            "drop index if exists transfer_county_lot_county_lot_lot_off_seq_kind_taken_193bc859" },
};

#define TRANSFER_COLUMNS                                                                           \
    "t.county, t.seq, t.id, t.leg, t.legs, t.kind, t.about, t.debit, t.credit, "                   \
    "t.amount, t.day, t.code, t.note, t.cause, t.cause_county, t.cause_id, t.actor, t.recorded, "  \
    "t.lot_county, t.lot, t.lot_off, t.taken, t.before_in, t.skip_in, t.before_out, t.digest"
/* struct amounts, in its order. */
#define AMOUNTS_COLUMNS \
    "b.balance, b.reserved, b.expected, b.front, b.front_off, b.gaps, b.holes, b.ins, b.last_in, " \
    "b.skip_in, b.last_out"
#define USE_COLUMNS "u.county, u.lot_county, u.lot, u.off, u.to_lot, u.to_off, u.amount, u.back, " \
    "u.id, u.credit, u.day, u.digest"

/* TRACE_AT_ONCE of them, from ?2 and from ?4 on. */
#define FROM_2 \
    "?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, " \
    "?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, " \
    "?39, ?40, ?41, ?42, ?43, ?44, ?45, ?46, ?47, ?48, ?49, ?50, ?51, ?52, ?53, ?54, ?55, ?56, " \
    "?57, ?58, ?59, ?60, ?61, ?62, ?63, ?64, ?65"
#define FROM_4 \
    "?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, " \
    "?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38, ?39, " \
    "?40, ?41, ?42, ?43, ?44, ?45, ?46, ?47, ?48, ?49, ?50, ?51, ?52, ?53, ?54, ?55, ?56, " \
    "?57, ?58, ?59, ?60, ?61, ?62, ?63, ?64, ?65, ?66, ?67"

#define INTO_COLUMNS "to_lot, lot_county, lot, off, to_off, amount, back, id, credit, day"
#define INTO_WHERE "where county = ?1 and to_lot in (" FROM_2 ") " \
    "order by to_lot, to_off, lot_county, lot, off, back"

static const struct stmt stmts[LEDGER_N_STMTS] = {
    [LEDGER_HEAD] = { "ledger_head", STMT_ROUTER,
        "select county, seq, last_id, settled from ledger_head where county = ?1",
        "select county, seq, last_id, settled from ledger_head where county = ?1 for update" },
    [LEDGER_HEAD_NEW] = { "ledger_head_new", STMT_ROUTER,
        "insert into ledger_head (county, seq, last_id, settled, seal) "
        "values (?1, ?2, ?3, ?4, ?5) on conflict (county) do nothing", NULL },
    [LEDGER_HEAD_SET] = { "ledger_head_set", STMT_ROUTER,
        "insert into ledger_head (county, seq, last_id, settled, seal) "
        "values (?1, ?2, ?3, ?4, ?5) on conflict (county) do update set seq = excluded.seq, "
        "last_id = excluded.last_id, settled = excluded.settled, seal = excluded.seal", NULL },
    /* Of one county always: behind the last leg of its head are those of the transaction at hand. */
    [LEDGER_BEHIND] = { "ledger_behind", STMT_SCATTER,
        "select county, coalesce(settled, seq) from ledger_head where county >= ?1 "
        "and county <= ?2 and (settled < seq or ?1 = ?2) order by county", NULL },
    [LEDGER_TAIL] = { "ledger_tail", STMT_ROUTER,
        "select " TRANSFER_COLUMNS " from transfer t where t.county = ?1 and t.seq > ?2 "
        "and (t.kind = 1 or t.lot is not null) order by t.seq", NULL },
    [LEDGER_TAIL_OF] = { "ledger_tail_of", STMT_ROUTER,
        "select " TRANSFER_COLUMNS " from transfer t where t.county = ?1 and t.seq > ?2 "
        "and t.kind = 1 and (t.debit = ?3 or t.credit = ?3) order by t.seq", NULL },
    [LEDGER_TAIL_LOT] = { "ledger_tail_lot", STMT_ROUTER,
        "select " TRANSFER_COLUMNS " from transfer t where t.county = ?1 and t.seq > ?2 "
        "and t.lot_county = ?3 and t.lot = ?4 order by t.seq", NULL },

    [LEDGER_ACCOUNT] = { "ledger_account_state", STMT_ROUTER,
        "select a.restricted, a.holder_kind, a.earmark, a.fund_line, " AMOUNTS_COLUMNS
        " from ledger_account a left join ledger_balance b on b.county = ?1 "
        "and b.account = a.id where a.county = ?1 and a.id = ?2 and a.load <> ?3", NULL },
    [LEDGER_BALANCE] = { "ledger_balance", STMT_ROUTER,
        "select " AMOUNTS_COLUMNS " from ledger_balance b where b.county = ?1 and b.account = ?2", NULL },
    [LEDGER_BALANCE_PUT] = { "ledger_balance_put", STMT_ROUTER,
        "insert into ledger_balance (county, account, balance, reserved, expected, front, "
        "front_off, gaps, holes, ins, last_in, skip_in, last_out, seal) "
        "values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14) "
        "on conflict (county, account) do update set balance = excluded.balance, "
        "reserved = excluded.reserved, expected = excluded.expected, front = excluded.front, "
        "front_off = excluded.front_off, gaps = excluded.gaps, holes = excluded.holes, "
        "ins = excluded.ins, last_in = excluded.last_in, skip_in = excluded.skip_in, "
        "last_out = excluded.last_out, seal = excluded.seal", NULL },

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
    [LEDGER_LEGS_IN] = { "ledger_legs_in", STMT_ROUTER,
        "select " TRANSFER_COLUMNS " from transfer t where t.county = ?1 and t.seq > ?2 "
        "and t.seq <= ?3 and t.credit = ?4 and t.kind in (1, 3, 5) order by t.seq desc", NULL },
    [LEDGER_LEGS_OUT] = { "ledger_legs_out", STMT_ROUTER,
        "select " TRANSFER_COLUMNS " from transfer t where t.county = ?1 and t.seq > ?2 "
        "and t.seq <= ?3 and t.debit = ?4 and t.kind in (1, 3, 5) order by t.seq desc", NULL },
    [LEDGER_SKIP] = { "ledger_skip", STMT_ROUTER,
        "select skip_in from transfer where county = ?1 and seq = ?2", NULL },

    [LEDGER_TRANSFER_ADD] = { "ledger_transfer_add", STMT_ROUTER,
        "insert into transfer (county, seq, id, leg, legs, kind, about, debit, credit, amount, day, "
        "code, note, cause, cause_county, cause_id, actor, recorded, lot_county, lot, lot_off, "
        "taken, before_in, skip_in, before_out, digest) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, "
        "?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, "
        "?26)", NULL },
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

    [LEDGER_OUTBOX_ADD] = { "ledger_outbox_add", STMT_ROUTER,
        "insert into ledger_outbox (county, seq, far, account, seal) "
        "values (?1, ?2, ?3, ?4, ?5)", NULL },
    [LEDGER_OUTBOX_DROP] = { "ledger_outbox_drop", STMT_ROUTER,
        "delete from ledger_outbox where county = ?1 and seq = ?2", NULL },
    [LEDGER_OUTBOX] = { "ledger_outbox", STMT_SCATTER,
        "select o.county, o.seq, o.far, o.account, t.kind from ledger_outbox o "
        "left join transfer t on t.county = o.county and t.seq = o.seq "
        "where o.county > ?1 or (o.county = ?1 and o.seq > ?2) order by o.county, o.seq limit 256",
        NULL },
    [LEDGER_UNDER_WAY] = { "ledger_under_way", STMT_SCATTER,
        "select o.county, o.seq, o.far, t.amount, t.kind, t.id, t.leg, t.day from ledger_outbox o "
        "left join transfer t on t.county = o.county and t.seq = o.seq "
        "order by o.county, o.seq", NULL },
    [LEDGER_ARRIVED] = { "ledger_arrived", STMT_ROUTER,
        "select 1 from transfer where county = ?1 and id = ?2 and leg = ?3 and debit = ?4", NULL },
    [LEDGER_USE_ADD] = { "ledger_use_add", STMT_ROUTER,
        "insert into lot_use (county, lot_county, lot, off, to_lot, to_off, amount, back, id, "
        "credit, day, digest) values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)", NULL },
    [LEDGER_TAKEN_ADD] = { "ledger_taken_add", STMT_ROUTER,
        "insert into lot_taken (county, lot_county, lot, off, to_lot, amount, back, id, credit, day) "
        "values (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) "
        "on conflict (county, lot_county, lot, off, to_lot) do nothing", NULL },
    /* A piece that was given back comes right before its giving back. */
    [LEDGER_USES_OF] = { "ledger_uses_of", STMT_ROUTER,
        "select lot, off, to_lot, 0, amount, back, id, credit, day from lot_taken "
        "where county = ?1 and lot_county = ?2 and to_lot <= ?3 and lot in (" FROM_4 ") union all "
        "select lot, off, to_lot, to_off, amount, back, id, credit, day from lot_use "
        "where county = ?1 and lot_county = ?2 and lot in (" FROM_4 ") order by 1, 2, 3, 6", NULL },
    [LEDGER_USES_INTO] = { "ledger_uses_into", STMT_ROUTER,
        "select lot_county, lot, off, to_lot, to_off, amount, back from lot_use "
        "where county = ?1 and to_lot = ?2 order by to_off, lot_county, lot, off, back", NULL },
    [TRACE_FRONTS] = { "trace_fronts", STMT_ROUTER,
        "select " AMOUNTS_COLUMNS ", b.account from ledger_balance b "
        "where b.county = ?1 and b.account in (" FROM_2 ")", NULL },
    [TRACE_LEGS] = { "trace_legs", STMT_ROUTER,
        "select seq, lot_county, lot, lot_off, taken, id, debit, credit, day, amount "
        "from transfer where county = ?1 and seq in (" FROM_2 ") order by seq", NULL },
    /* SQLite takes one county for fewer rows than a list of lots, and would read all of it. */
    [TRACE_USES_INTO] = { "trace_uses_into", STMT_ROUTER,
        "select " INTO_COLUMNS " from lot_use indexed by lot_use_county_to_lot_idx " INTO_WHERE,
        "select " INTO_COLUMNS " from lot_use " INTO_WHERE },
    [LEDGER_BY_CAUSE] = { "ledger_by_cause", STMT_SCATTER,
        "select " TRANSFER_COLUMNS " from transfer t where t.cause_id = ?3 and t.cause = ?1 "
        "and t.cause_county = ?2 order by t.county, t.seq", NULL },
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
        "select " AMOUNTS_COLUMNS ", a.county, a.id, a.code, a.title, a.holder_kind, a.earmark, "
        "a.restricted from ledger_balance b "
        "join ledger_account a on a.county = b.county and a.id = b.account "
        "where a.county >= ?1 and a.county <= ?2 order by a.county, a.id", NULL },
    [LEDGER_OPEN_GAPS] = { "ledger_open_gaps", STMT_ROUTER,
        "select m.lot, m.off, m.upto, t.day from lot_mark m join transfer t on t.county = ?1 "
        "and t.seq = m.lot where m.county = ?1 and m.account = ?2 and m.gap = 1 "
        "order by m.lot, m.off", NULL },

    [LEDGER_COUNTY_TRANSFERS] = { "ledger_county_transfers", STMT_ROUTER,
        "select " TRANSFER_COLUMNS " from transfer t where t.county = ?1 order by t.seq", NULL },
    [LEDGER_COUNTY_USES] = { "ledger_county_uses", STMT_ROUTER,
        "select " USE_COLUMNS " from lot_use u where u.county = ?1 "
        "order by u.lot_county, u.lot, u.off, u.to_lot, u.back", NULL },
    /* The pieces of both, in order; digests apart. */
    [LEDGER_COUNTY_PIECES] = { "ledger_county_pieces", STMT_ROUTER,
        "select lot_county, lot, lot_off, case when kind = 5 then about else seq end, 0, taken, "
        "case when kind = 5 then 1 else 0 end "
        "from transfer where county = ?1 and lot is not null union all "
        "select lot_county, lot, off, to_lot, to_off, amount, back from lot_use where county = ?1 "
        "order by 1, 2, 3, 4, 7", NULL },
    [LEDGER_COUNTY_TAKEN] = { "ledger_county_taken", STMT_ROUTER,
        "select county, lot_county, lot, off, to_lot, amount, back, id, credit, day from lot_taken "
        "where county = ?1 order by lot_county, lot, off, to_lot", NULL },
    [LEDGER_TAKEN_COUNTIES] = { "ledger_taken_counties", STMT_ADMIN,
        "select distinct county from lot_taken order by county", NULL },
    [LEDGER_COUNTY_BALANCES] = { "ledger_county_balances", STMT_ROUTER,
        "select " AMOUNTS_COLUMNS ", b.account from ledger_balance b where b.county = ?1 "
        "order by b.account", NULL },
    [LEDGER_COUNTY_MARKS] = { "ledger_county_marks", STMT_ROUTER,
        "select account, gap, lot, off, upto from lot_mark where county = ?1 "
        "order by account, gap, lot, off", NULL },
    [LEDGER_COUNTY_ACCOUNTS] = { "ledger_county_accounts", STMT_ROUTER,
        "select id, restricted from ledger_account where county = ?1 order by id", NULL },
    [LEDGER_ALL_HEADS] = { "ledger_all_heads", STMT_ADMIN,
        "select county, seq, last_id, settled from ledger_head order by county", NULL },
};

const struct stmt_table ledger_stmts = { "money", stmts, LEDGER_N_STMTS };
