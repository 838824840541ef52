/* date: civil days and instants. A date is an int32 count of days since 1970-01-01 in the
 * proleptic Gregorian calendar, years 1 to 9999. An instant is int64 µs UTC. */
#ifndef JD_BASE_DATE_H
#define JD_BASE_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DATE_MIN INT32_C(-719162) /* 0001-01-01 */
#define DATE_MAX INT32_C(2932896) /* 9999-12-31 */

struct civil { int32_t year; int month, day; };

int32_t date_make(int32_t year, int month, int day);   /* no check of the day */
bool date_valid(int32_t year, int month, int day);
struct civil date_civil(int32_t date);
int date_days_in_month(int32_t year, int month);
/* Clamps the day to the month's end, and the result to the range. */
int32_t date_add_months(int32_t date, int months);
int date_age(int32_t born, int32_t on);                 /* whole years; negative if not yet born */

/* Which end of a coarse date is meant. */
enum date_end { DATE_EXACT, DATE_FIRST, DATE_LAST };

/* Reads 2020-05-27, 2020/5/27, 2020.5.27, 20200527, 2020年5月27日; with DATE_FIRST or DATE_LAST
 * also a month (2020-05, 2020年5月) or a year (2020), giving that end. False when it is no date. */
bool date_parse(const char *s, size_t n, enum date_end end, int32_t *out);

/* Reads an instant: a date, or date 'T' or ' ' hh:mm[:ss[.ffffff]] with Z or ±hh:mm; without a
 * zone the offset given (minutes east of UTC) holds. */
bool instant_parse(const char *s, size_t n, int offset_min, int64_t *out);

#define DATE_TEXT 11     /* "2020-05-27" and NUL */
#define INSTANT_TEXT 28  /* "2020-05-27T07:53:00.000000Z" and NUL */
void date_format(int32_t date, char out[DATE_TEXT]);
void instant_format(int64_t at, char out[INSTANT_TEXT]);

/* The civil day an instant falls on at a fixed offset (minutes east of UTC). */
int32_t instant_date(int64_t at, int offset_min);

#endif
