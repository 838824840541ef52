/* The JSON parser on any bytes: what it takes can be written and is read back the same. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

#define CHECK(x) do { if (!(x)) abort(); } while (0)
#define DEEP 30 /* the writer's own limit is just above */

static int depth_of(const struct json *v)
{
    int most = 0;
    if (v->type != JSON_ARRAY && v->type != JSON_OBJECT) return 0;
    for (size_t i = 0; i < v->n; i++) {
        int d = depth_of(&v->items[i]);
        if (d > most) most = d;
    }
    return most + 1;
}

static void write(struct json_out *j, const struct json *v)
{
    char real[40];
    switch (v->type) {
    case JSON_NULL: json_null(j); break;
    case JSON_BOOL: json_bool(j, v->i); break;
    case JSON_INT: json_int(j, v->i); break;
    case JSON_REAL:
        snprintf(real, sizeof real, "%.17e", v->real);
        json_raw(j, real, strlen(real));
        break;
    case JSON_TEXT: json_text(j, v->text, v->n); break;
    case JSON_ARRAY:
        json_array(j);
        for (size_t i = 0; i < v->n; i++) write(j, &v->items[i]);
        json_end_array(j);
        break;
    case JSON_OBJECT:
        json_object(j);
        for (size_t i = 0; i < v->n; i++) {
            json_key(j, v->keys[i]);
            write(j, &v->items[i]);
        }
        json_end_object(j);
        break;
    }
}

static void same(const struct json *a, const struct json *b)
{
    CHECK(a->type == b->type && a->i == b->i && a->n == b->n);
    CHECK(memcmp(&a->real, &b->real, sizeof a->real) == 0);
    if (a->type == JSON_TEXT) CHECK(memcmp(a->text, b->text, a->n) == 0);
    if (a->type != JSON_ARRAY && a->type != JSON_OBJECT) return;
    for (size_t i = 0; i < a->n; i++) {
        if (a->type == JSON_OBJECT) CHECK(strcmp(a->keys[i], b->keys[i]) == 0);
        if (a->type == JSON_OBJECT) CHECK(json_get(a, a->keys[i]) == &a->items[i]);
        same(&a->items[i], &b->items[i]);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena a = { 0 };
    struct err e = { 0 };
    struct json *v, *again;
    if (!json_parse(&v, (const char *)data, size, &a, &e)) {
        CHECK(e.code == ERR_INVALID && e.message[0]);
    } else if (depth_of(v) < DEEP) {
        struct buf b;
        struct json_out j;
        buf_init(&b, (size_t)1 << 26);
        json_start(&j, &b);
        write(&j, v);
        CHECK(!b.over && json_parse(&again, b.p, b.n, &a, &e));
        same(v, again);
        buf_free(&b);
    }
    arena_free(&a);
    return 0;
}
