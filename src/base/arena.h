/* arena: memory with one lifetime. Everything allocated from an arena is valid until the arena
 * is reset or rewound past it ("arena" in ownership comments). Running out of the system's
 * memory, or over the arena's own cap, aborts with a log line: limits on input come first. */
#ifndef JD_BASE_ARENA_H
#define JD_BASE_ARENA_H

#include <stddef.h>
#include <stdarg.h>

struct arena_block;
struct arena {
    struct arena_block *head; /* the block being filled */
    size_t cap;               /* bytes this arena may hold in all; 0 = 1 GiB */
    size_t held;              /* bytes held from the system */
};
struct arena_mark { struct arena_block *block; size_t used; };

/* A zeroed struct arena is ready to use. */
void arena_init(struct arena *a, size_t cap);
void *arena_alloc(struct arena *a, size_t n);               /* zeroed, 16-byte aligned */
void *arena_array(struct arena *a, size_t count, size_t size); /* overflow-checked, zeroed */
/* Room for one more of n: `at` itself, or, when n has come to *cap, a copy with twice the room. */
void *arena_more(struct arena *a, void *at, int n, int *cap, size_t size);
char *arena_strdup(struct arena *a, const char *s);         /* NULL gives NULL */
char *arena_strndup(struct arena *a, const char *s, size_t n); /* adds the NUL */
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap);
struct arena_mark arena_mark(const struct arena *a);
void arena_rewind(struct arena *a, struct arena_mark m);
void arena_reset(struct arena *a);  /* keeps one block for reuse */
void arena_free(struct arena *a);   /* gives everything back; the struct may be used again */

/* malloc family for the few program-lifetime objects: abort on failure, never NULL. */
void *mem_alloc(size_t n);          /* zeroed */
void *mem_grow(void *p, size_t n);  /* realloc */
/* As arena_more; `at` is moved and what it was is gone. */
void *mem_more(void *at, size_t n, size_t *cap, size_t size);
char *mem_strdup(const char *s);

struct buf;
/* The text of b in the arena; b is freed. */
char *arena_take(struct arena *a, struct buf *b);

#endif
