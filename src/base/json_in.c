/* jansson and base/json.h share a few names. jansson's constants and constructors, none of which
 * is wanted here, are renamed while its header is read. */
#define JSON_OBJECT JANSSON_OBJECT
#define JSON_ARRAY JANSSON_ARRAY
#define JSON_STRING JANSSON_STRING
#define JSON_INTEGER JANSSON_INTEGER
#define JSON_REAL JANSSON_REAL
#define JSON_TRUE JANSSON_TRUE
#define JSON_FALSE JANSSON_FALSE
#define JSON_NULL JANSSON_NULL
#define json_object jansson_object
#define json_array jansson_array
#define json_null jansson_null
#include <jansson.h>
#undef JSON_OBJECT
#undef JSON_ARRAY
#undef JSON_REAL
#undef JSON_NULL
#undef json_object
#undef json_array
#undef json_null

#include "base/json.h"

#include <string.h>

static void take(struct json *to, json_t *from, struct arena *a);

static void take_array(struct json *to, const json_t *from, struct arena *a)
{
    to->n = json_array_size(from);
    to->items = arena_array(a, to->n, sizeof *to->items);
    for (size_t i = 0; i < to->n; i++) take(&to->items[i], json_array_get(from, i), a);
}

static void take_object(struct json *to, json_t *from, struct arena *a)
{
    to->n = json_object_size(from);
    to->items = arena_array(a, to->n, sizeof *to->items);
    to->keys = arena_array(a, to->n, sizeof *to->keys);
    void *at = json_object_iter(from);
    for (size_t i = 0; i < to->n && at; i++, at = json_object_iter_next(from, at)) {
        to->keys[i] = arena_strdup(a, json_object_iter_key(at));
        take(&to->items[i], json_object_iter_value(at), a);
    }
}

/* jansson bounds the nesting while it parses, so the recursion is bounded too. */
static void take(struct json *to, json_t *from, struct arena *a)
{
    switch (json_typeof(from)) {
    case JANSSON_OBJECT:
        to->type = JSON_OBJECT;
        take_object(to, from, a);
        break;
    case JANSSON_ARRAY:
        to->type = JSON_ARRAY;
        take_array(to, from, a);
        break;
    case JANSSON_STRING:
        to->type = JSON_TEXT;
        to->n = json_string_length(from);
        to->text = arena_strndup(a, json_string_value(from), to->n);
        break;
    case JANSSON_INTEGER:
        to->type = JSON_INT;
        to->i = json_integer_value(from);
        break;
    case JANSSON_REAL:
        to->type = JSON_REAL;
        to->real = json_real_value(from);
        break;
    case JANSSON_TRUE:
    case JANSSON_FALSE:
        to->type = JSON_BOOL;
        to->i = json_typeof(from) == JANSSON_TRUE;
        break;
    case JANSSON_NULL:
        to->type = JSON_NULL;
        break;
    }
}

bool json_parse(struct json **out, const char *p, size_t n, struct arena *a, struct err *e)
{
    json_error_t fault;
    json_t *tree = json_loadb(p, n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &fault);
    if (!tree) {
        return err_set(e, ERR_INVALID, "JSON line %d column %d: %s", fault.line, fault.column,
                       fault.text);
    }
    *out = arena_alloc(a, sizeof **out);
    take(*out, tree, a);
    json_decref(tree);
    return true;
}

const struct json *json_get(const struct json *object, const char *key)
{
    if (!object || object->type != JSON_OBJECT) return NULL;
    for (size_t i = 0; i < object->n; i++)
        if (strcmp(object->keys[i], key) == 0) return &object->items[i];
    return NULL;
}

const char *json_text_at(const struct json *o, const char *key)
{
    const struct json *v = json_get(o, key);
    return v && v->type == JSON_TEXT ? v->text : NULL;
}

int64_t json_int_at(const struct json *o, const char *key)
{
    const struct json *v = json_get(o, key);
    return v && (v->type == JSON_INT || v->type == JSON_BOOL) ? v->i : 0;
}
