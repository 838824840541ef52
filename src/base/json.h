/* json: a streaming writer, and parsing by jansson behind our own small tree. Duplicate keys, bad
 * UTF-8, NUL bytes and numbers outside int64 or finite double are refused. */
#ifndef JD_BASE_JSON_H
#define JD_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/buf.h"
#include "base/err.h"

/* Writer: commas are put by the writer; misuse (a value without key inside an object) aborts. */
struct json_out { struct buf *b; int depth; bool in_object[32], need_comma[32], after_key; };

/* jansson's library has functions of these names; a linker name of our own keeps each side calling
 * its own. */
#define JSON_OWN(name) __asm__("jd_" name)
void json_object(struct json_out *j) JSON_OWN("json_object");
void json_array(struct json_out *j) JSON_OWN("json_array");
void json_null(struct json_out *j) JSON_OWN("json_null");
#undef JSON_OWN

void json_start(struct json_out *j, struct buf *b);
void json_end_object(struct json_out *j);
void json_end_array(struct json_out *j);
void json_key(struct json_out *j, const char *key);
void json_text(struct json_out *j, const char *p, size_t n); /* valid UTF-8 */
void json_str(struct json_out *j, const char *s);            /* NULL writes null */
void json_int(struct json_out *j, int64_t v);
void json_member_str(struct json_out *j, const char *key, const char *s); /* key and value of an object */
void json_member_int(struct json_out *j, const char *key, int64_t v);
void json_id(struct json_out *j, int64_t v);                 /* an integer as a string */
void json_bool(struct json_out *j, bool v);
void json_raw(struct json_out *j, const char *p, size_t n);  /* an already valid value */

enum json_type { JSON_NULL, JSON_BOOL, JSON_INT, JSON_REAL, JSON_TEXT, JSON_ARRAY, JSON_OBJECT };
struct json {
    enum json_type type;
    int64_t i;                   /* JSON_BOOL, JSON_INT */
    double real;                 /* JSON_REAL */
    const char *text; size_t n;  /* JSON_TEXT; n is also the number of items or members */
    const char **keys;           /* JSON_OBJECT */
    struct json *items;          /* JSON_ARRAY, JSON_OBJECT */
};
/* Arena-owned tree, or false with line and column in the message. */
bool json_parse(struct json **out, const char *p, size_t n, struct arena *a,
                struct err *e) WARN_UNUSED;
const struct json *json_get(const struct json *object, const char *key); /* NULL when absent */
/* A member's text, NULL when it has none; its number or truth, 0 when it has none. */
const char *json_text_at(const struct json *o, const char *key);
int64_t json_int_at(const struct json *o, const char *key);

#endif
