#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/log.h"

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif
#ifdef ARENA_ASAN
/* Makes the sanitizer see uses of arena memory after a rewind and past an allocation's end. */
#include <sanitizer/asan_interface.h>
#define HIDE(p, n) ASAN_POISON_MEMORY_REGION(p, n)
#define SHOW(p, n) ASAN_UNPOISON_MEMORY_REGION(p, n)
#else
#define HIDE(p, n) ((void)(p), (void)(n))
#define SHOW(p, n) ((void)(p), (void)(n))
#endif

#define ALIGN ((size_t)16)
#define FIRST_BLOCK ((size_t)8 << 10)
#define LARGEST_BLOCK ((size_t)1 << 20) /* blocks double up to this; bigger only for one big item */
#define DEFAULT_CAP ((size_t)1 << 30)

struct arena_block {
    struct arena_block *prev;
    size_t size, used; /* bytes after the header */
};
_Static_assert(sizeof(struct arena_block) <= 32, "the header fits before the data");
#define HEADER ((size_t)32)

static char *block_data(struct arena_block *b)
{
    return (char *)b + HEADER;
}

void arena_init(struct arena *a, size_t cap)
{
    *a = (struct arena){ .cap = cap };
}

static void block_free(struct arena *a, struct arena_block *b)
{
    a->held -= HEADER + b->size;
    SHOW(block_data(b), b->size);
    free(b);
}

static struct arena_block *block_add(struct arena *a, size_t n)
{
    size_t cap = a->cap ? a->cap : DEFAULT_CAP;
    size_t left = a->held < cap ? cap - a->held : 0;
    if (n > cap || n + HEADER > left)
        log_fatal("arena_full", "cap=%zu held=%zu asked=%zu", cap, a->held, n);
    size_t size = a->head ? a->head->size * 2 : FIRST_BLOCK;
    if (size > LARGEST_BLOCK) size = LARGEST_BLOCK;
    if (size > left - HEADER) size = left - HEADER;
    if (size < n) size = n;
    struct arena_block *b = malloc(HEADER + size);
    if (!b) log_fatal("out_of_memory", "asked=%zu", HEADER + size);
    *b = (struct arena_block){ .prev = a->head, .size = size };
    HIDE(block_data(b), size);
    a->held += HEADER + size;
    a->head = b;
    return b;
}

/* Not zeroed, for those who write every byte themselves. */
static void *take(struct arena *a, size_t n)
{
    if (n > SIZE_MAX / 2) log_fatal("arena_full", "asked=%zu", n);
    size_t room = (n + ALIGN - 1) & ~(ALIGN - 1);
    struct arena_block *b = a->head;
    if (!b || b->size - b->used < room) b = block_add(a, room);
    char *p = block_data(b) + b->used;
    b->used += room;
    SHOW(p, n);
    return p;
}

void *arena_alloc(struct arena *a, size_t n)
{
    void *p = take(a, n);
    memset(p, 0, n);
    return p;
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    size_t n;
    if (__builtin_mul_overflow(count, size, &n))
        log_fatal("arena_full", "count=%zu size=%zu", count, size);
    return arena_alloc(a, n);
}

char *arena_strndup(struct arena *a, const char *s, size_t n)
{
    if (!s) return NULL;
    char *p = take(a, n + 1);
    if (n) memcpy(p, s, n);
    p[n] = '\0';
    return p;
}

void *arena_more(struct arena *a, void *at, int n, int *cap, size_t size)
{
    if (n < *cap) return at;
    *cap = *cap ? *cap * 2 : 16;
    void *more = arena_array(a, (size_t)*cap, size);
    if (n) memcpy(more, at, (size_t)n * size);
    return more;
}

char *arena_strdup(struct arena *a, const char *s)
{
    return s ? arena_strndup(a, s, strlen(s)) : NULL;
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    char text[256];
    int n = vsnprintf(text, sizeof text, fmt, ap);
    if (n < 0) log_fatal("bad_format", "function=arena_vprintf");
    char *p;
    if ((size_t)n < sizeof text) {
        p = arena_strndup(a, text, (size_t)n);
    } else {
        p = take(a, (size_t)n + 1);
        vsnprintf(p, (size_t)n + 1, fmt, again);
    }
    va_end(again);
    return p;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *p = arena_vprintf(a, fmt, ap);
    va_end(ap);
    return p;
}

struct arena_mark arena_mark(const struct arena *a)
{
    return (struct arena_mark){ .block = a->head, .used = a->head ? a->head->used : 0 };
}

void arena_rewind(struct arena *a, struct arena_mark m)
{
    if (!m.block) {
        arena_reset(a);
        return;
    }
    while (a->head && a->head != m.block) {
        struct arena_block *prev = a->head->prev;
        block_free(a, a->head);
        a->head = prev;
    }
    if (!a->head || m.used > a->head->used) log_fatal("arena_rewind", "mark=foreign");
    a->head->used = m.used;
    HIDE(block_data(a->head) + m.used, a->head->size - m.used);
}

/* The block that stays is the largest ordinary one; one big item must not be held for ever. */
void arena_reset(struct arena *a)
{
    struct arena_block *keep = NULL;
    for (struct arena_block *b = a->head, *prev; b; b = prev) {
        prev = b->prev;
        if (b->size <= LARGEST_BLOCK && (!keep || b->size > keep->size)) {
            if (keep) block_free(a, keep);
            keep = b;
        } else {
            block_free(a, b);
        }
    }
    if (keep) {
        keep->prev = NULL;
        keep->used = 0;
        HIDE(block_data(keep), keep->size);
    }
    a->head = keep;
}

void arena_free(struct arena *a)
{
    for (struct arena_block *b = a->head, *prev; b; b = prev) {
        prev = b->prev;
        block_free(a, b);
    }
    a->head = NULL;
}

void *mem_alloc(size_t n)
{
    void *p = calloc(1, n ? n : 1);
    if (!p) log_fatal("out_of_memory", "asked=%zu", n);
    return p;
}

void *mem_grow(void *p, size_t n)
{
    void *q = realloc(p, n ? n : 1);
    if (!q) log_fatal("out_of_memory", "asked=%zu", n);
    return q;
}

void *mem_more(void *at, size_t n, size_t *cap, size_t size)
{
    if (n < *cap) return at;
    *cap = *cap ? *cap * 2 : 16;
    return mem_grow(at, *cap * size);
}

char *mem_strdup(const char *s)
{
    size_t n = strlen(s) + 1;
    return memcpy(mem_grow(NULL, n), s, n);
}

char *arena_take(struct arena *a, struct buf *b)
{
    char *text = arena_strndup(a, b->p, b->n);
    buf_free(b);
    return text;
}
