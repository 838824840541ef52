#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "doc/xml.h"

#define BLOCK ((size_t)64 << 10)

static void drain(struct xml_out *x)
{
    digest_add(&x->digest, x->block.p, x->block.n);
    if (!x->wrong && fwrite(x->block.p, 1, x->block.n, x->file) != x->block.n)
        x->wrong = errno ? errno : EIO;
    buf_clear(&x->block);
}

/* Room for a short piece, so that the block never grows. */
static void room(struct xml_out *x, size_t n)
{
    if (x->block.n + n > BLOCK) drain(x);
}

static void plain(struct xml_out *x, const char *s)
{
    size_t n = strlen(s);
    room(x, n);
    buf_add(&x->block, s, n);
}

static bool allowed(uint32_t c)
{
    return c == '\t' || c == '\n' || c == '\r' || (c >= 0x20 && c < 0xfffe) || c > 0xffff;
}

static const char *escaped(unsigned char c)
{
    switch (c) {
    case '&': return "&amp;";
    case '<': return "&lt;";
    case '>': return "&gt;";
    case '"': return "&quot;";
    case '\r': return "&#13;";
    default: return NULL;
    }
}

static void text(struct xml_out *x, const char *s, size_t n)
{
    size_t used;
    for (size_t i = 0; i < n; i += used) {
        const char *as = escaped((unsigned char)s[i]);
        uint32_t c = utf8_decode(s + i, n - i, &used);
        room(x, 8);
        if (as) buf_str(&x->block, as);
        else if (allowed(c)) buf_add(&x->block, s + i, used);
        else buf_str(&x->block, "\xef\xbf\xbd");
    }
}

void xml_start(struct xml_out *x, FILE *file)
{
    *x = (struct xml_out){ .file = file };
    digest_init(&x->digest);
    buf_init(&x->block, BLOCK + 64);
    plain(x, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
}

static void tag(struct xml_out *x, const char *name, const char *attributes)
{
    plain(x, "<");
    plain(x, name);
    if (attributes) {
        plain(x, " ");
        plain(x, attributes);
    }
    plain(x, ">");
}

static void end_tag(struct xml_out *x, const char *name)
{
    plain(x, "</");
    plain(x, name);
    plain(x, ">\n");
}

void xml_open(struct xml_out *x, const char *name, const char *attributes)
{
    if (x->depth == XML_DEEPEST) abort();
    x->open[x->depth++] = name;
    tag(x, name, attributes);
    plain(x, "\n");
}

void xml_close(struct xml_out *x)
{
    if (x->depth == 0) abort();
    end_tag(x, x->open[--x->depth]);
}

void xml_leaf_with(struct xml_out *x, const char *name, const char *attributes, const char *s,
                   size_t n)
{
    tag(x, name, attributes);
    text(x, s, n);
    end_tag(x, name);
}

void xml_leaf(struct xml_out *x, const char *name, const char *s, size_t n)
{
    xml_leaf_with(x, name, NULL, s, n);
}

bool xml_finish(struct xml_out *x, unsigned char digest[DIGEST_LEN], struct err *e)
{
    while (x->depth > 0) xml_close(x);
    drain(x);
    buf_free(&x->block);
    digest_done(&x->digest, digest);
    return !x->wrong || err_set(e, x->wrong == ENOSPC ? ERR_FULL : ERR_INTERNAL,
                                "the XML cannot be written: %s", strerror(x->wrong));
}
