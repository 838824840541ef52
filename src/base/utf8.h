/* utf8: checking and walking UTF-8. */
#ifndef JD_BASE_UTF8_H
#define JD_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Offset of the first byte that does not belong to valid UTF-8 (overlong forms, surrogates and
 * values over U+10FFFF are invalid), or n when all is well. Fast on ASCII. */
size_t utf8_check(const char *s, size_t n);
size_t utf8_length(const char *s, size_t n);            /* code points of valid text */
/* The longest prefix of at most max bytes that ends at a character. */
size_t utf8_cut(const char *s, size_t n, size_t max);
size_t utf8_encode(uint32_t cp, char out[4]);
uint32_t utf8_decode(const char *s, size_t n, size_t *used); /* of valid text */
/* Columns on a terminal: East Asian wide characters count two, combining marks none. */
size_t utf8_width(const char *s, size_t n);

#endif
