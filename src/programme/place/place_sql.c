/* Statements and the derived table of the place room. */
#include "programme/place/place.h"

static const struct column name_columns[] = {
    { "name_key", COL_TEXT, true }, /* the form that is looked up */
    { "code", COL_INT, true },      /* the place */
    { "kind", COL_INT, true },      /* enum place_name_kind */
};

const struct table place_tables[] = {
    { .name = "place_name", .reach = REACH_NATION, .cols = name_columns, .n = 3,
      .key = "name_key, code, kind", .derived = true },
};
const int place_table_count = 1;

static const struct stmt stmts[] = {
    [PLACE_BY_CODE] = { "place_by_code", STMT_REF,
        "select name, name_en, level, retired, successor from place where county = 0 and code = ?1",
        NULL },
    [PLACE_BY_NAME] = { "place_by_name", STMT_REF,
        "select code, kind from place_name where name_key = ?1 order by code, kind", NULL },
    [PLACE_RETIRED_ALL] = { "place_retired_all", STMT_REF,
        "select code, successor from place where county = 0 and retired = 1 "
        "order by code nulls first", NULL },
    [PLACE_ALIAS_ALL] = { "place_alias_all", STMT_REF,
        "select name, place from place_alias where county = 0 and draft = 0 "
        "order by name nulls first, place nulls first", NULL },
    [PLACE_CLASS_MEMBERS] = { "place_class_members", STMT_SCATTER,
        "select place from place_class where class = ?1 and draft = 0 and load <> ?3 "
        "and (valid_from is null or valid_from <= ?2) and (valid_to is null or valid_to >= ?2) "
        "group by county, place order by place nulls first", NULL },
    [PLACE_VILLAGES] = { "place_villages", STMT_REF,
        "select code, name from place where county = 0 and code between ?1 and ?2 and level = 5 "
        "and retired = 0 order by code nulls first", NULL },
    [PLACE_NAME_ADD] = { "place_name_add", STMT_REF,
        "insert into place_name (name_key, code, kind) values (?1, ?2, ?3)", NULL },
    [PLACE_CODE_ITEMS] = { "place_code_items", STMT_REF,
        "select list, code, name_zh, name_en, origin from code_item where county = 0 "
        "order by list nulls first, code nulls first", NULL },
    [PLACE_NAME_ALL] = { "place_name_all", STMT_REF,
        "select name_key, code, kind from place_name order by name_key, code, kind", NULL },
    [PLACE_NAME_CLEAR] = { "place_name_clear", STMT_ADMIN, "delete from place_name", NULL },
};
_Static_assert(sizeof stmts / sizeof *stmts == PLACE_N_STMTS, "one statement a name");

const struct stmt_table place_stmts = { "place", stmts, PLACE_N_STMTS };
