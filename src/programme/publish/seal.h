/* seal: lines that are chained, so that a changed one is found and named, and none is missing.
 *
 *   hash(i) = BLAKE2b-256(hash(i - 1) || body of line i), hash(0) = 32 bytes of 0
 *
 * A body is a JSON object on one line. In a file its hash is its last member: the body without its
 * closing brace, then ,"hash":"64 hex digits"} and a line end. Whoever has b2sum can redo it. No
 * store. */
#ifndef JD_PROGRAMME_SEAL_H
#define JD_PROGRAMME_SEAL_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/digest.h"
#include "base/json.h"

struct seal_line {
    const char *kind, *figure;     /* borrowed; figure NULL = about none */
    int64_t place;
    const char *body; size_t n;    /* arena, NUL-terminated */
    char hash[DIGEST_HEX];
};
struct seal {
    struct arena *a;
    struct seal_line *at; size_t n, cap;
    unsigned char head[DIGEST_LEN];
};

/* Begins behind a head: NULL = at the beginning. */
void seal_start(struct seal *s, struct arena *a, const unsigned char *head);
/* Adds a line; body is one JSON object. The struct is valid until the next one is added. */
struct seal_line *seal_add(struct seal *s, const char *kind, const struct buf *body);
void seal_hash(const unsigned char before[DIGEST_LEN], const char *body, size_t n,
               unsigned char out[DIGEST_LEN]);
/* The line as it stands in a file. */
void seal_write(struct buf *out, const char *body, size_t n, const char *hash);

/* A line of a file: its body, and the hash that stands in it. false: it has none. The body's closing
 * brace is put where the hash began, so p is changed. */
bool seal_read(char *p, size_t n, size_t *body, unsigned char hash[DIGEST_LEN]);

#endif
