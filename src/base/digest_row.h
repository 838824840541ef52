/* digest_row: what the row digest one by one and the one in lanes share of BLAKE2b. Private to base/. */
#ifndef JD_BASE_DIGEST_ROW_H
#define JD_BASE_DIGEST_ROW_H

#include <stddef.h>
#include <stdint.h>

#define BLOCK ((size_t)128)

/* What is left to do from the key block on; the beginning of a row_key's state. */
struct chain { uint64_t h[8]; uint64_t bytes; };

static const uint64_t blake_start[8] = {
    UINT64_C(0x6a09e667f3bcc908), UINT64_C(0xbb67ae8584caa73b), UINT64_C(0x3c6ef372fe94f82b),
    UINT64_C(0xa54ff53a5f1d36f1), UINT64_C(0x510e527fade682d1), UINT64_C(0x9b05688c2b3e6c1f),
    UINT64_C(0x1f83d9abfb41bd6b), UINT64_C(0x5be0cd19137e2179),
};

/* The order in which a round takes the words of the block; two more rounds begin anew. */
static const unsigned char sigma[10][16] = {
    { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 },
    { 14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3 },
    { 11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4 },
    { 7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8 },
    { 9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13 },
    { 2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9 },
    { 12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11 },
    { 13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10 },
    { 6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5 },
    { 10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0 },
};

/* The rounds over v[16] and the block's m[16], of words or of vectors of words. Macros, so that the order's
 * entries are constants where they are used; MIX is of the file that uses them. */
#define ROUND(r)                                                                  \
    MIX(v[0], v[4], v[8], v[12], m[sigma[r][0]], m[sigma[r][1]]);                 \
    MIX(v[1], v[5], v[9], v[13], m[sigma[r][2]], m[sigma[r][3]]);                 \
    MIX(v[2], v[6], v[10], v[14], m[sigma[r][4]], m[sigma[r][5]]);                \
    MIX(v[3], v[7], v[11], v[15], m[sigma[r][6]], m[sigma[r][7]]);                \
    MIX(v[0], v[5], v[10], v[15], m[sigma[r][8]], m[sigma[r][9]]);                \
    MIX(v[1], v[6], v[11], v[12], m[sigma[r][10]], m[sigma[r][11]]);              \
    MIX(v[2], v[7], v[8], v[13], m[sigma[r][12]], m[sigma[r][13]]);               \
    MIX(v[3], v[4], v[9], v[14], m[sigma[r][14]], m[sigma[r][15]])
#define ROUNDS                                                                    \
    ROUND(0); ROUND(1); ROUND(2); ROUND(3); ROUND(4); ROUND(5);                   \
    ROUND(6); ROUND(7); ROUND(8); ROUND(9); ROUND(0); ROUND(1)

/* Written out, which compilers know to be one load or store where the byte order is this. */
static inline uint64_t load(const unsigned char *p)
{
    return (uint64_t)p[0] | (uint64_t)p[1] << 8 | (uint64_t)p[2] << 16 | (uint64_t)p[3] << 24 |
           (uint64_t)p[4] << 32 | (uint64_t)p[5] << 40 | (uint64_t)p[6] << 48 |
           (uint64_t)p[7] << 56;
}

static inline void store32(unsigned char *p, uint32_t v)
{
    p[0] = (unsigned char)v;
    p[1] = (unsigned char)(v >> 8);
    p[2] = (unsigned char)(v >> 16);
    p[3] = (unsigned char)(v >> 24);
}

static inline void store64(unsigned char *p, uint64_t v)
{
    store32(p, (uint32_t)v);
    store32(p + 4, (uint32_t)(v >> 32));
}

#endif
