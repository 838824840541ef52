/* val: one stored value. Text is a slice of valid UTF-8, not necessarily NUL-terminated; who owns
 * the bytes is said where a val is made (a row from the store is borrowed until the next row). */
#ifndef JD_BASE_VAL_H
#define JD_BASE_VAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum val_type { VAL_NULL, VAL_INT, VAL_TEXT, VAL_BLOB };

struct val {
    uint8_t type; /* enum val_type */
    uint32_t n;   /* bytes of p, for text and blob */
    union { int64_t i; const char *p; };
};

static inline struct val val_null(void) { return (struct val){ .type = VAL_NULL }; }
static inline struct val val_int(int64_t i) { return (struct val){ .type = VAL_INT, .i = i }; }
static inline struct val val_textn(const char *p, size_t n)
{
    return (struct val){ .type = VAL_TEXT, .n = (uint32_t)n, .p = p };
}
static inline struct val val_text(const char *p)
{
    return p ? val_textn(p, strlen(p)) : val_null();
}
static inline struct val val_blob(const void *p, size_t n)
{
    return (struct val){ .type = VAL_BLOB, .n = (uint32_t)n, .p = p };
}
static inline bool val_is_null(struct val v) { return v.type == VAL_NULL; }
static inline bool val_equal(struct val a, struct val b)
{
    if (a.type != b.type) return false;
    if (a.type == VAL_NULL) return true;
    if (a.type == VAL_INT) return a.i == b.i;
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

#endif
