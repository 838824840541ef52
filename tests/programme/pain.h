/* pain: the rules of pain.001.001.03 written down a second time, as a checker that knows nothing of the
 * writer: which elements, in which order and how often, their lengths and patterns, and what the
 * numbers must come to. pain_check gives what is wrong, or NULL. */
#ifndef JD_TESTS_PROGRAMME_PAIN_H
#define JD_TESTS_PROGRAMME_PAIN_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

#define PAIN_MANY 1000000000
/* type: what an element called `name` inside it is of; a choice has its alternatives as 0..1. */
static const struct pain_rule { const char *in, *name, *type; int min, max; } pain_rules[] = {
    { "Root", "Document", "Document", 1, 1 },
    { "Document", "CstmrCdtTrfInitn", "Initiation", 1, 1 },
    { "Initiation", "GrpHdr", "Header", 1, 1 },
    { "Initiation", "PmtInf", "Payment", 1, PAIN_MANY },
    { "Header", "MsgId", "=35", 1, 1 }, { "Header", "CreDtTm", "=instant", 1, 1 },
    { "Header", "NbOfTxs", "=count", 1, 1 }, { "Header", "CtrlSum", "=sum", 0, 1 },
    { "Header", "InitgPty", "Party", 1, 1 }, { "Header", "FwdgAgt", "Agent", 0, 1 },
    { "Payment", "PmtInfId", "=35", 1, 1 }, { "Payment", "PmtMtd", "=method", 1, 1 },
    { "Payment", "BtchBookg", "=bool", 0, 1 }, { "Payment", "NbOfTxs", "=count", 0, 1 },
    { "Payment", "CtrlSum", "=sum", 0, 1 }, { "Payment", "ReqdExctnDt", "=date", 1, 1 },
    { "Payment", "PoolgAdjstmntDt", "=date", 0, 1 }, { "Payment", "Dbtr", "Party", 1, 1 },
    { "Payment", "DbtrAcct", "Account", 1, 1 }, { "Payment", "DbtrAgt", "Agent", 1, 1 },
    { "Payment", "DbtrAgtAcct", "Account", 0, 1 }, { "Payment", "UltmtDbtr", "Party", 0, 1 },
    { "Payment", "ChrgBr", "=4", 0, 1 }, { "Payment", "CdtTrfTxInf", "Line", 1, PAIN_MANY },
    { "Line", "PmtId", "LineId", 1, 1 }, { "Line", "Amt", "Amount", 1, 1 },
    { "Line", "ChrgBr", "=4", 0, 1 }, { "Line", "UltmtDbtr", "Party", 0, 1 },
    { "Line", "CdtrAgt", "Agent", 0, 1 }, { "Line", "CdtrAgtAcct", "Account", 0, 1 },
    { "Line", "Cdtr", "Party", 0, 1 }, { "Line", "CdtrAcct", "Account", 0, 1 },
    { "Line", "UltmtCdtr", "Party", 0, 1 }, { "Line", "RmtInf", "Remittance", 0, 1 },
    { "LineId", "InstrId", "=35", 0, 1 }, { "LineId", "EndToEndId", "=id", 1, 1 },
    { "Amount", "InstdAmt", "=amount", 1, 1 },
    { "Party", "Nm", "=70", 0, 1 },
    { "Account", "Id", "AccountId", 1, 1 }, { "Account", "Ccy", "=3", 0, 1 },
    { "Account", "Nm", "=70", 0, 1 },
    { "AccountId", "Othr", "Other", 1, 1 },
    { "Other", "Id", "=34", 1, 1 },
    { "Agent", "FinInstnId", "Institution", 1, 1 },
    { "Institution", "BIC", "=11", 0, 1 }, { "Institution", "ClrSysMmbId", "Member", 0, 1 },
    { "Institution", "Nm", "=140", 0, 1 },
    { "Member", "ClrSysId", "System", 0, 1 }, { "Member", "MmbId", "=cnaps", 1, 1 },
    { "System", "Cd", "=5", 1, 1 },
    { "Remittance", "Ustrd", "=140", 0, PAIN_MANY },
};
enum { PAIN_RULES = sizeof pain_rules / sizeof *pain_rules, PAIN_DEEP = 24, PAIN_IDS = 1 << 16 };

struct pain_frame { const char *type, *name; int rule, times; bool leaf; };
struct pain {
    const char *p, *end;
    struct pain_frame at[PAIN_DEEP]; int depth;
    char text[1000]; size_t n;
    char attributes[200];
    int64_t told_count[2], told_sum[2], count[2], sum[2]; /* of the header, of the payment */
    char (*ids)[36]; int n_ids;
    char why[300];
};

static inline bool pain_wrong(struct pain *x, const char *what, const char *of)
{
    snprintf(x->why, sizeof x->why, "%s: %s", of, what);
    return false;
}

/* The closed element or the end: nothing that had to come is missing. */
static inline bool pain_complete(struct pain *x, const struct pain_frame *f, int upto)
{
    for (int i = f->rule + (f->times > 0); i < upto; i++)
        if (strcmp(pain_rules[i].in, f->type) == 0 && pain_rules[i].min > 0)
            return pain_wrong(x, "is missing, or stands too early", pain_rules[i].name);
    return true;
}

static inline bool pain_open(struct pain *x, const char *name)
{
    struct pain_frame *f = &x->at[x->depth];
    int i = f->times > 0 ? f->rule : 0;
    if (f->leaf) return pain_wrong(x, "stands inside a text", name);
    while (i < PAIN_RULES && (strcmp(pain_rules[i].in, f->type) || strcmp(pain_rules[i].name, name)))
        i++;
    if (i == PAIN_RULES) return pain_wrong(x, "does not belong here, or stands too late", name);
    if (i != f->rule || f->times == 0) {
        if (!pain_complete(x, f, i)) return false;
        f->rule = i;
        f->times = 0;
    }
    if (++f->times > pain_rules[i].max) return pain_wrong(x, "comes too often", name);
    if (++x->depth == PAIN_DEEP) return pain_wrong(x, "is too deep", name);
    x->at[x->depth] = (struct pain_frame){ .type = pain_rules[i].type, .name = pain_rules[i].name,
                                           .leaf = pain_rules[i].type[0] == '=' };
    x->n = 0;
    return true;
}

static inline bool pain_number(const char *s, int decimals, int64_t *out)
{
    int seen = -1;
    *out = 0;
    if (!*s) return false;
    for (; *s; s++) {
        if (*s == '.' && seen < 0) seen = 0;
        else if (*s < '0' || *s > '9') return false;
        else *out = *out * 10 + (*s - '0'), seen += seen >= 0;
    }
    return seen == (decimals ? decimals : -1);
}

static inline bool pain_pattern(const char *s, const char *like)
{
    for (; *like; like++, s++)
        if (*like == '9' ? *s < '0' || *s > '9' : *s != *like) return false;
    return !*s;
}

static inline bool pain_text(struct pain *x, const struct pain_frame *f)
{
    const char *kind = f->type + 1, *s = x->text;
    int level = strcmp(x->at[x->depth - 1].type, "Header") == 0 ? 0 : 1;
    size_t chars = utf8_length(s, x->n);
    int64_t v;
    if (strcmp(kind, "instant") == 0) return pain_pattern(s, "9999-99-99T99:99:99");
    if (strcmp(kind, "date") == 0) return pain_pattern(s, "9999-99-99");
    if (strcmp(kind, "method") == 0) return strcmp(s, "TRF") == 0;
    if (strcmp(kind, "bool") == 0) return strcmp(s, "true") == 0 || strcmp(s, "false") == 0;
    if (strcmp(kind, "cnaps") == 0) return pain_pattern(s, "999999999999");
    if (strcmp(kind, "count") == 0)
        return chars <= 15 && pain_number(s, 0, &x->told_count[level]);
    if (strcmp(kind, "sum") == 0) return chars <= 18 && pain_number(s, 2, &x->told_sum[level]);
    if (strcmp(kind, "amount") == 0) {
        if (!pain_number(s, 2, &v) || v <= 0 || strcmp(x->attributes, " Ccy=\"CNY\"") != 0)
            return false;
        for (int i = 0; i < 2; i++) x->count[i]++, x->sum[i] += v;
        return true;
    }
    if (strcmp(kind, "id") == 0) {
        for (int i = 0; i < x->n_ids; i++)
            if (strcmp(x->ids[i], s) == 0) return false;
        if (chars < 1 || x->n > 35 || x->n_ids == PAIN_IDS) return false;
        memcpy(x->ids[x->n_ids++], s, x->n + 1);
        return true;
    }
    return chars >= 1 && chars <= (size_t)strtol(kind, NULL, 10);
}

static inline bool pain_close(struct pain *x, const char *name)
{
    struct pain_frame *f = &x->at[x->depth];
    if (x->depth == 0 || strcmp(f->name, name) != 0) return pain_wrong(x, "is closed wrongly", name);
    x->text[x->n] = '\0';
    if (f->leaf && !pain_text(x, f)) return pain_wrong(x, x->text, name);
    if (!f->leaf && !pain_complete(x, f, PAIN_RULES)) return false;
    if (strcmp(f->type, "Payment") == 0) {
        if (x->told_count[1] != x->count[1] || x->told_sum[1] != x->sum[1])
            return pain_wrong(x, "count or sum is not that of its lines", "PmtInf");
        x->count[1] = x->sum[1] = 0;
    }
    x->depth--;
    return true;
}

static inline bool pain_tag(struct pain *x)
{
    char name[80];
    size_t n = 0;
    bool end = *x->p == '/';
    if (end) x->p++;
    while (x->p < x->end && n < 79 && *x->p != '>' && *x->p != ' ') name[n++] = *x->p++;
    name[n] = '\0';
    size_t a = 0;
    while (!end && x->p < x->end && *x->p != '>' && a < sizeof x->attributes - 1)
        x->attributes[a++] = *x->p++;
    if (!end) x->attributes[a] = '\0';
    if (x->p == x->end || *x->p != '>') return pain_wrong(x, "a tag does not end", name);
    x->p++;
    if (strcmp(name, "Document") == 0 && !end &&
        strcmp(x->attributes, " xmlns=\"urn:iso:std:iso:20022:tech:xsd:pain.001.001.03\"") != 0)
        return pain_wrong(x, "another namespace", name);
    return end ? pain_close(x, name) : pain_open(x, name);
}

static inline bool pain_char(struct pain *x)
{
    static const struct { const char *entity; char c; } named[] = { { "&amp;", '&' }, { "&lt;", '<' },
        { "&gt;", '>' }, { "&quot;", '"' }, { "&apos;", '\'' }, { "&#13;", '\r' } };
    char c = *x->p;
    size_t used = 1;
    if (c == '&') {
        used = 0;
        for (size_t i = 0; i < sizeof named / sizeof *named; i++)
            if (strncmp(x->p, named[i].entity, strlen(named[i].entity)) == 0) {
                used = strlen(named[i].entity);
                c = named[i].c;
            }
        if (!used) return pain_wrong(x, "an ampersand stands alone", x->at[x->depth].name);
    }
    x->p += used;
    if (!x->at[x->depth].leaf)
        return strchr(" \n\r\t", c) || pain_wrong(x, "text between elements", x->at[x->depth].type);
    if (x->n >= sizeof x->text - 1) return pain_wrong(x, "a text is too long", x->at[x->depth].name);
    x->text[x->n++] = c;
    return true;
}

static inline const char *pain_check(const char *xml, size_t n, char why[300])
{
    static const char head[] = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>";
    struct pain x = { .p = xml, .end = xml + n };
    x.at[0] = (struct pain_frame){ .type = "Root", .name = "" };
    x.ids = malloc(sizeof *x.ids * PAIN_IDS);
    bool ok = utf8_check(xml, n) == n || pain_wrong(&x, "no UTF-8", "file");
    if (n > sizeof head && memcmp(xml, head, sizeof head - 1) == 0) x.p += sizeof head - 1;
    while (ok && x.p < x.end) ok = *x.p == '<' ? (x.p++, pain_tag(&x)) : pain_char(&x);
    ok = ok && (x.depth == 0 || pain_wrong(&x, "is not closed", x.at[x.depth].name)) &&
         pain_complete(&x, &x.at[0], PAIN_RULES) &&
         ((x.told_count[0] == x.count[0] && x.told_sum[0] == x.sum[0]) ||
          pain_wrong(&x, "count or sum is not that of its lines", "GrpHdr"));
    free(x.ids);
    snprintf(why, 300, "%s", x.why);
    return ok ? NULL : why;
}

#endif
