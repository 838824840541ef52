/* codes: check characters of the identifiers the register uses. Pure functions over bytes.
 * Sources: citizen id GB 11643-1999 (ISO 7064 MOD 11-2), unified social credit code GB 32100-2015,
 * organisation code GB 11714, bank card Luhn (ISO/IEC 7812-1). */
#ifndef JD_BASE_CODES_H
#define JD_BASE_CODES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum id_fault { ID_OK, ID_LENGTH, ID_CHARACTER, ID_BIRTH, ID_CHECK };

/* 18 characters; a lower-case x is accepted. Sets birth (a date) and sex (1 male, 2 female) when
 * ID_OK and the pointers are not NULL. Births before 1800 are refused. The first six digits are not
 * looked up here. */
enum id_fault citizen_id_check(const char *s, size_t n, int32_t *birth, int *sex);
/* 15 to 18 characters, by inserting 19 and appending the check character; upper-case X. */
bool citizen_id_upgrade(const char *s, size_t n, char out[19]);
char citizen_id_check_char(const char *first17);
/* True for ids that cannot be a real person's: place prefix 99. */
bool citizen_id_synthetic(const char *s, size_t n);

/* 18 characters. Codes in real use are known that fail: a reason to warn, not to refuse. */
bool credit_code_check(const char *s, size_t n);
/* 9 characters, a hyphen before the last allowed. */
bool organisation_code_check(const char *s, size_t n);
bool luhn_check(const char *s, size_t n);              /* 12 to 19 digits, spaces not allowed */
/* A bank's number in the clearing system CNAPS: class of bank 3, city 4, branch 4, and a check digit
 * by ISO 7064 MOD 11,10, as the numbers in use have it. */
bool cnaps_check(const char *s, size_t n);
/* 11 digits beginning with 1, or an area code (with its 0) and 7 or 8 digits, hyphen allowed. */
bool phone_check(const char *s, size_t n);

#endif
