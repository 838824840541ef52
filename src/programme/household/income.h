/* income: what a household, or all of a place, earned by source and year. Pure. */
#ifndef JD_PROGRAMME_HOUSEHOLD_INCOME_H
#define JD_PROGRAMME_HOUSEHOLD_INCOME_H

#include <stdint.h>

/* Wages, business, its cost, property, transfers, what does not count: codes of income_class. */
enum { INCOME_WAGE, INCOME_BUSINESS, INCOME_COST, INCOME_PROPERTY, INCOME_TRANSFER, INCOME_NOT_COUNTED,
       INCOME_SOURCES, INCOME_YEARS = 40 };
struct income_year { int year; int64_t of[INCOME_SOURCES]; };
struct income_years { struct income_year at[INCOME_YEARS]; int n; };

/* Years come as they are added; a year over INCOME_YEARS is left out, and a code that is none. */
void income_add(struct income_years *years, int32_t day, const char *source, int64_t amount);
int64_t income_net(const struct income_year *y);

#endif
