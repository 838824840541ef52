/* money: int64 fen and overflow-checked arithmetic; fixed-point decimals share its reader. No
 * floating point. */
#ifndef JD_BASE_MONEY_H
#define JD_BASE_MONEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Arithmetic that tells overflow: true when the exact result fits. */
static inline bool i64_add(int64_t a, int64_t b, int64_t *r)
{
    return !__builtin_add_overflow(a, b, r);
}
static inline bool i64_sub(int64_t a, int64_t b, int64_t *r)
{
    return !__builtin_sub_overflow(a, b, r);
}
static inline bool i64_mul(int64_t a, int64_t b, int64_t *r)
{
    return !__builtin_mul_overflow(a, b, r);
}

/* Reads a decimal with at most `scale` decimals into an integer times 10^scale: "1,234.5" at
 * scale 2 is 123450. Thousands commas are accepted where they stand right, full-width digits
 * too; exponents, a third decimal (even a zero) and overflow are refused. The scale is 0 to 18. */
enum decimal_fault { DECIMAL_OK, DECIMAL_NOT_NUMBER, DECIMAL_TOO_FINE, DECIMAL_TOO_LARGE };
enum decimal_fault decimal_parse(const char *s, size_t n, int scale, int64_t *out);

/* Writes it back without grouping and with all decimals, "1234.50"; at most 32 bytes with NUL. */
#define DECIMAL_TEXT 32
size_t decimal_format(int64_t v, int scale, char out[DECIMAL_TEXT]);

/* num * factor / den rounded half away from zero, by 128-bit arithmetic; false when den is 0 or
 * the result does not fit. */
bool ratio_round(int64_t num, int64_t factor, int64_t den, int64_t *out);

/* Splits total over weights by largest remainder, ties to the lower index; the parts sum to
 * total exactly. False when n is 0 or the weights sum to 0, are negative or overflow. */
bool money_split(int64_t total, const int64_t *weight, int64_t *part, size_t n);

#endif
