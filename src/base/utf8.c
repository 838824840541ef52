#include "base/utf8.h"

#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

/* Bytes of ASCII at the start of s, found in blocks; may stop short at the end of the text. */
static size_t ascii_run(const char *s, size_t n)
{
    size_t i = 0;
#if defined(__SSE2__)
    for (; n - i >= 64; i += 64) {
        const __m128i *v = (const __m128i *)(const void *)(s + i);
        __m128i a = _mm_or_si128(_mm_loadu_si128(v), _mm_loadu_si128(v + 1));
        __m128i b = _mm_or_si128(_mm_loadu_si128(v + 2), _mm_loadu_si128(v + 3));
        if (_mm_movemask_epi8(_mm_or_si128(a, b))) break;
    }
    for (; n - i >= 16; i += 16) {
        int high = _mm_movemask_epi8(_mm_loadu_si128((const __m128i *)(const void *)(s + i)));
        if (high) return i + (size_t)__builtin_ctz((unsigned)high);
    }
#endif
    for (; n - i >= 8; i += 8) {
        uint64_t w;
        memcpy(&w, s + i, 8);
        if (w & UINT64_C(0x8080808080808080)) break;
    }
    return i;
}

static bool follows(unsigned char c)
{
    return (c & 0xc0) == 0x80;
}

/* The second byte's range shuts out overlong forms, surrogates and values over U+10FFFF. */
static bool second_fits(unsigned char first, unsigned char second)
{
    switch (first) {
    case 0xe0: return second >= 0xa0 && second <= 0xbf;
    case 0xed: return second >= 0x80 && second <= 0x9f;
    case 0xf0: return second >= 0x90 && second <= 0xbf;
    case 0xf4: return second >= 0x80 && second <= 0x8f;
    default: return follows(second);
    }
}

/* Length of the valid character at p, or 0. */
static size_t valid_char(const unsigned char *p, size_t n)
{
    unsigned char c = p[0];
    if (c < 0x80) return 1;
    if (c < 0xc2 || c > 0xf4) return 0;
    size_t length = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    if (length > n || !second_fits(c, p[1])) return 0;
    for (size_t i = 2; i < length; i++)
        if (!follows(p[i])) return 0;
    return length;
}

/* True when the three bytes at p are a valid character and no surrogate: the bulk of Chinese. */
static bool valid_three(const unsigned char *p)
{
    uint32_t w = (uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2];
    if ((w & 0xf0c0c0) != 0xe08080) return false;
    uint32_t five = (w >> 15 & 0x1e) | (w >> 13 & 1); /* the code point's top five bits */
    return five != 0 && five != 0x1b;
}

size_t utf8_check(const char *s, size_t n)
{
    const unsigned char *p = (const unsigned char *)s;
    size_t i = 0;
    while (i < n) {
        if (p[i] < 0x80) {
            i += ascii_run(s + i, n - i);
            while (i < n && p[i] < 0x80) i++;
            continue;
        }
        while (n - i >= 3 && valid_three(p + i)) i += 3;
        if (i >= n || p[i] < 0x80) continue;
        size_t used = valid_char(p + i, n - i);
        if (!used) return i;
        i += used;
    }
    return n;
}

size_t utf8_length(const char *s, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) count += !follows((unsigned char)s[i]);
    return count;
}

size_t utf8_cut(const char *s, size_t n, size_t max)
{
    size_t at = n <= max ? n : max, lead = at;
    while (lead > 0 && at - lead < 4 && follows((unsigned char)s[lead - 1])) lead--;
    if (lead == 0) return at; /* no UTF-8: cut where it stands */
    unsigned char c = (unsigned char)s[lead - 1];
    size_t length = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
    return at - (lead - 1) < length ? lead - 1 : at;
}

size_t utf8_encode(uint32_t cp, char out[4])
{
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xc0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 0x3f));
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (char)(0xe0 | cp >> 12);
        out[1] = (char)(0x80 | (cp >> 6 & 0x3f));
        out[2] = (char)(0x80 | (cp & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | cp >> 18);
    out[1] = (char)(0x80 | (cp >> 12 & 0x3f));
    out[2] = (char)(0x80 | (cp >> 6 & 0x3f));
    out[3] = (char)(0x80 | (cp & 0x3f));
    return 4;
}

uint32_t utf8_decode(const char *s, size_t n, size_t *used)
{
    const unsigned char *p = (const unsigned char *)s;
    unsigned char c = n ? p[0] : 0;
    size_t length = c < 0xc0 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
    if (length > n) length = n ? 1 : 0;
    *used = length;
    if (length < 2) return c;
    uint32_t cp = c & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) cp = cp << 6 | (p[i] & 0x3f);
    return cp;
}
