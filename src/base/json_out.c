#include "base/json.h"

#include <string.h>

#include "base/log.h"

#define DEPTH ((int)(sizeof((struct json_out *)0)->in_object / sizeof(bool)))

void json_start(struct json_out *j, struct buf *b)
{
    memset(j, 0, sizeof *j);
    j->b = b;
}

static _Noreturn void misuse(const struct json_out *j, const char *what)
{
    log_fatal("json_misuse", "what=%s depth=%d", what, j->depth);
}

/* Puts the comma a value needs, after making sure that a value may stand here. */
static void value(struct json_out *j)
{
    if (j->after_key) {
        j->after_key = false;
        return;
    }
    if (j->in_object[j->depth]) misuse(j, "value_without_key");
    if (j->need_comma[j->depth]) {
        if (j->depth == 0) misuse(j, "second_top_value");
        buf_char(j->b, ',');
    }
    j->need_comma[j->depth] = true;
}

static void open(struct json_out *j, bool object)
{
    value(j);
    if (j->depth + 1 >= DEPTH) misuse(j, "too_deep");
    j->depth++;
    j->in_object[j->depth] = object;
    j->need_comma[j->depth] = false;
    buf_char(j->b, object ? '{' : '[');
}

static void close(struct json_out *j, bool object)
{
    if (j->depth == 0 || j->in_object[j->depth] != object || j->after_key) misuse(j, "wrong_end");
    j->depth--;
    buf_char(j->b, object ? '}' : ']');
}

void json_object(struct json_out *j)
{
    open(j, true);
}

void json_end_object(struct json_out *j)
{
    close(j, true);
}

void json_array(struct json_out *j)
{
    open(j, false);
}

void json_end_array(struct json_out *j)
{
    close(j, false);
}

/* The letter after the backslash; 'u' asks for four digits, 0 for no escape. DEL needs none. */
static char escape_of(unsigned char c)
{
    switch (c) {
    case '"':
    case '\\': return (char)c;
    case '\n': return 'n';
    case '\r': return 'r';
    case '\t': return 't';
    case '\b': return 'b';
    case '\f': return 'f';
    default: return c < 0x20 ? 'u' : 0;
    }
}

static void quoted(struct buf *b, const char *p, size_t n)
{
    buf_char(b, '"');
    size_t plain = 0;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)p[i];
        char escape = escape_of(c);
        if (!escape) continue;
        buf_add(b, p + plain, i - plain);
        plain = i + 1;
        if (escape == 'u')
            buf_printf(b, "\\u%04x", c);
        else
            buf_add(b, (char[]){ '\\', escape }, 2);
    }
    buf_add(b, p + plain, n - plain);
    buf_char(b, '"');
}

void json_key(struct json_out *j, const char *key)
{
    if (!j->in_object[j->depth] || j->after_key) misuse(j, "key_out_of_place");
    if (j->need_comma[j->depth]) buf_char(j->b, ',');
    j->need_comma[j->depth] = true;
    quoted(j->b, key, strlen(key));
    buf_char(j->b, ':');
    j->after_key = true;
}

void json_text(struct json_out *j, const char *p, size_t n)
{
    value(j);
    quoted(j->b, p, n);
}

void json_str(struct json_out *j, const char *s)
{
    if (s)
        json_text(j, s, strlen(s));
    else
        json_null(j);
}

void json_int(struct json_out *j, int64_t v)
{
    value(j);
    buf_int(j->b, v);
}

void json_id(struct json_out *j, int64_t v)
{
    value(j);
    buf_char(j->b, '"');
    buf_int(j->b, v);
    buf_char(j->b, '"');
}

void json_bool(struct json_out *j, bool v)
{
    value(j);
    buf_str(j->b, v ? "true" : "false");
}

void json_null(struct json_out *j)
{
    value(j);
    buf_str(j->b, "null");
}

void json_raw(struct json_out *j, const char *p, size_t n)
{
    value(j);
    buf_add(j->b, p, n);
}

void json_member_str(struct json_out *j, const char *key, const char *s)
{
    json_key(j, key);
    json_str(j, s);
}

void json_member_int(struct json_out *j, const char *key, int64_t v)
{
    json_key(j, key);
    json_int(j, v);
}
