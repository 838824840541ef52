/* columns: what the tests, the fuzz target and the benchmark of rules speak of: every type, several
 * scales and ranges, two code lists. */
#ifndef JD_TESTS_RULE_COLUMNS_H
#define JD_TESTS_RULE_COLUMNS_H

#include <stdint.h>
#include <string.h>

#include "rule/rule.h"

enum {
    C_ID, C_AMOUNT, C_COST, C_AREA, C_PERSONS, C_COUNT, C_PAID, C_BORN, C_FOOD_OK, C_WATER_OK,
    C_STATE, C_NEXT_STATE, C_CAUSE, C_CAUSES, C_NAME, C_TOWN, C_BALANCE, C_PLACE, C_N
};
static const struct rule_column sample_columns[C_N] = {
    [C_ID] = { "id", RULE_INT, 0, 0, INT64_MAX, NULL },
    [C_AMOUNT] = { "amount", RULE_INT, 2, 0, 0, NULL },
    [C_COST] = { "cost", RULE_INT, 2, 0, INT64_C(100000000000), NULL },
    [C_AREA] = { "area", RULE_INT, 4, 0, INT64_C(1000000000000), NULL },
    [C_PERSONS] = { "persons", RULE_INT, 0, 0, 50, NULL },
    [C_COUNT] = { "count", RULE_INT, 0, 0, 0, NULL },
    [C_PAID] = { "paid_on", RULE_DATE, 0, 0, 0, NULL },
    [C_BORN] = { "born", RULE_DATE, 0, 0, 0, NULL },
    [C_FOOD_OK] = { "food_ok", RULE_BOOL, 0, 0, 0, NULL },
    [C_WATER_OK] = { "water_ok", RULE_BOOL, 0, 0, 0, NULL },
    [C_STATE] = { "state", RULE_CODE, 0, 0, 0, "fact_state" },
    [C_NEXT_STATE] = { "next_state", RULE_CODE, 0, 0, 0, "fact_state" },
    [C_CAUSE] = { "cause", RULE_CODE, 0, 0, 0, "cause" },
    [C_CAUSES] = { "causes", RULE_CODES, 0, 0, 0, "cause" },
    [C_NAME] = { "name", RULE_TEXT, 0, 0, 0, NULL },
    [C_TOWN] = { "town", RULE_TEXT, 0, 0, 0, NULL },
    [C_BALANCE] = { "balance", RULE_INT, 0, -1000, 1000, NULL },
    [C_PLACE] = { "place", RULE_INT, 0, 0, INT64_C(999999999999), NULL },
};

static const char *const sample_states[] = { "planned", "committed", "done", "true", "x-1",
                                            "place", "cause", NULL };
static const char *const sample_causes[] = { "01", "02", "03", "3a", "99", NULL };

static inline const char *sample_code_at(void *arg, const char *list, int i)
{
    (void)arg;
    return (strcmp(list, "cause") == 0 ? sample_causes : sample_states)[i];
}

static inline bool sample_code_known(void *arg, const char *list, const char *code, size_t n)
{
    const char *have;
    for (int i = 0; (have = sample_code_at(arg, list, i)) != NULL; i++)
        if (strlen(have) == n && memcmp(have, code, n) == 0) return true;
    return false;
}

static const struct rule_schema sample_schema = {
    .cols = sample_columns, .n = C_N, .code_known = sample_code_known, .code_at = sample_code_at,
};

#endif
