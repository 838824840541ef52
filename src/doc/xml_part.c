#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "doc/xml_part.h"

#define CHUNK 16384
#define DEEPEST 64
#define TOKEN_MAX (1 << 20) /* the longest tag, comment or such that expat may hold */

static const char *local(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon ? colon + 1 : name;
}

const char *part_attr(const char **attr, const char *name)
{
    for (; *attr; attr += 2)
        if (strcmp(attr[0], name) == 0) return attr[1];
    return NULL;
}

void part_stop(struct part *p, const char *fmt, ...)
{
    char message[256];
    va_list ap;
    if (p->fault.code != ERR_NONE) return;
    va_start(ap, fmt);
    vsnprintf(message, sizeof message, fmt, ap);
    va_end(ap);
    err_set(&p->fault, ERR_INVALID, "%s", message);
    XML_StopParser(p->xml, XML_FALSE);
}

void part_pause(struct part *p)
{
    XML_StopParser(p->xml, XML_TRUE);
}

static void on_start(void *arg, const char *name, const char **attr)
{
    struct part *p = arg;
    if (p->fault.code != ERR_NONE) return;
    if (++p->depth > DEEPEST) {
        part_stop(p, "elements are nested more than %d deep", DEEPEST);
        return;
    }
    p->raw = name;
    p->handler->start(p->arg, local(name), attr);
}

/* Expat still ends an empty element after a stop at its start. */
static void on_end(void *arg, const char *name)
{
    struct part *p = arg;
    if (p->fault.code != ERR_NONE) return;
    p->handler->end(p->arg, local(name));
    p->depth--;
}

static void on_text(void *arg, const char *s, int n)
{
    struct part *p = arg;
    if (p->fault.code == ERR_NONE) p->handler->text(p->arg, s, (size_t)n);
}

static void on_doctype(void *arg, const char *name, const char *system, const char *public,
                       int internal)
{
    (void)name, (void)system, (void)public, (void)internal;
    part_stop(arg, "a document type is declared, which such a file never needs");
}

bool part_begin(struct part *p, struct csv_source source, uint64_t max,
                const struct part_handler *h, void *arg, struct err *e)
{
    *p = (struct part){ .source = source, .handler = h, .arg = arg, .max = max };
    p->xml = XML_ParserCreate(NULL);
    if (!p->xml) return err_set(e, ERR_FULL, "no memory is left for an XML parser");
    XML_SetUserData(p->xml, p);
    XML_SetElementHandler(p->xml, on_start, on_end);
    if (h->text) XML_SetCharacterDataHandler(p->xml, on_text);
    XML_SetStartDoctypeDeclHandler(p->xml, on_doctype);
    return true;
}

void part_close(struct part *p)
{
    if (p->xml) XML_ParserFree(p->xml);
    p->xml = NULL;
}

/* Gives the parser one more piece of the part. */
static enum XML_Status feed(struct part *p)
{
    char *room = XML_GetBuffer(p->xml, CHUNK);
    if (!room) {
        err_set(&p->fault, ERR_FULL, "no memory is left for the XML parser");
        return XML_STATUS_ERROR;
    }
    long n = p->source.read(p->source.arg, room, CHUNK, &p->fault);
    if (n < 0) return XML_STATUS_ERROR;
    p->last = n == 0;
    p->fed += (uint64_t)n;
    if (p->max && p->fed > p->max) {
        err_set(&p->fault, ERR_INVALID, "the part unpacks to more than %llu bytes",
                (unsigned long long)p->max);
        return XML_STATUS_ERROR;
    }
    return XML_ParseBuffer(p->xml, (int)n, p->last);
}

static bool holds_too_much(struct part *p)
{
    XML_Index at = XML_GetCurrentByteIndex(p->xml);
    return at >= 0 && p->fed > (uint64_t)at && p->fed - (uint64_t)at > TOKEN_MAX;
}

enum part_state part_run(struct part *p, struct err *e)
{
    while (p->fault.code == ERR_NONE && (p->paused || !p->last)) {
        enum XML_Status status = p->paused ? XML_ResumeParser(p->xml) : feed(p);
        p->paused = status == XML_STATUS_SUSPENDED && p->fault.code == ERR_NONE;
        if (p->paused) return PART_PAUSED;
        if (status == XML_STATUS_ERROR && p->fault.code == ERR_NONE)
            err_set(&p->fault, ERR_INVALID, "the XML is broken at line %lu, byte %ld: %s",
                    (unsigned long)XML_GetCurrentLineNumber(p->xml),
                    (long)XML_GetCurrentByteIndex(p->xml),
                    XML_ErrorString(XML_GetErrorCode(p->xml)));
        else if (holds_too_much(p))
            err_set(&p->fault, ERR_INVALID, "a tag is longer than %d bytes", TOKEN_MAX);
    }
    if (p->fault.code == ERR_NONE) return PART_DONE;
    if (e) *e = p->fault;
    return PART_FAILED;
}
