#include "programme/household/income.h"

#include <string.h>

#include "base/date.h"

static const char *const codes[INCOME_SOURCES] = { "1", "2", "21", "3", "4", "5" };

void income_add(struct income_years *years, int32_t day, const char *source, int64_t amount)
{
    int year = date_civil(day).year, k = 0;
    while (k < years->n && years->at[k].year != year) k++;
    if (k == years->n && years->n == INCOME_YEARS) return;
    if (k == years->n) years->at[years->n++] = (struct income_year){ .year = year };
    for (int s = 0; s < INCOME_SOURCES; s++)
        if (strcmp(source, codes[s]) == 0) years->at[k].of[s] += amount;
}

int64_t income_net(const struct income_year *y)
{
    return y->of[INCOME_WAGE] + y->of[INCOME_BUSINESS] - y->of[INCOME_COST] + y->of[INCOME_PROPERTY] +
           y->of[INCOME_TRANSFER];
}
