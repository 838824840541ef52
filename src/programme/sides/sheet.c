/* Words by the sheet. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/csv.h"
#include "base/date.h"
#include "programme/party/party.h"
#include "programme/sides/sides.h"
#include "store/backup.h"

#define COUNT(a) ((int)(sizeof(a) / sizeof(*(a))))

enum { CHUNK = 500 };
enum cell { C_OF, C_RECORD, C_ORGANISATION, C_SAYS, C_CORRECTION, C_REASON, C_EVIDENCE, C_SAID_ON,
              C_N };
static const char *const names[C_N] = { "record_of", "record", "organisation", "says", "correction",
                                        "reason", "evidence", "said_on" };

bool evidence_digest(const char *path, char hex[DIGEST_HEX], struct err *e)
{
    unsigned char digest[DIGEST_LEN];
    if (!file_digest(path, digest, e)) return err_context(e, "evidence");
    digest_hex(digest, DIGEST_LEN, hex);
    return true;
}

struct line { const char *cell[C_N]; const char *raw; int64_t number; const char *refused; bool changed; };

struct sheet {
    const struct model *mo;
    struct confirm_sheet *out;
    struct csv *csv;
    FILE *in, *refused;
    int column[C_N], columns;
    struct line at[CHUNK];
    int n;
    struct arena a;
};

/* ---- one word ---- */

static bool hex64(const char *s) { return strlen(s) == 64 && strspn(s, "0123456789abcdef") == 64; }

static bool read_evidence(struct sheet *s, const char *cell, struct confirm_request *q,
                          struct err *e)
{
    const char *path = cell, *slash = strrchr(s->out->path, '/');
    char *hex = arena_alloc(&s->a, DIGEST_HEX);
    if (!*cell) return true;
    q->evidence = hex64(cell) ? cell : hex;
    if (hex64(cell)) return true;
    if (slash && *cell != '/')
        path = arena_printf(&s->a, "%.*s%s", (int)(slash - s->out->path + 1), s->out->path, cell);
    slash = strrchr(cell, '/');
    q->evidence_name = slash ? slash + 1 : cell;
    return evidence_digest(path, hex, e);
}

static bool read_line(struct sheet *s, struct db *d, const struct line *l,
                      struct confirm_request *q, struct err *e)
{
    const struct table_map *org = model_find(s->mo, "organisation");
    const char *o = l->cell[C_ORGANISATION], *on = l->cell[C_SAID_ON];
    int64_t county;
    struct err none = { 0 };
    *q = (struct confirm_request){ .entity = l->cell[C_OF], .record = l->cell[C_RECORD],
        .correction = l->cell[C_CORRECTION], .reason = l->cell[C_REASON], .on = s->out->today };
    for (int i = 0; i <= C_SAYS; i++)
        if (!*l->cell[i]) return err_field(e, ERR_INVALID, names[i], "%s is missing", names[i]);
    if (!says_read(l->cell[C_SAYS], &q->says))
        return err_field(e, ERR_INVALID, "says", "\"%s\": write confirmed, corrected, disputed or "
                         "reported", l->cell[C_SAYS]);
    if (*on && !date_parse(on, strlen(on), DATE_EXACT, &q->on))
        return err_field(e, ERR_INVALID, "said_on", "'%s' is not a date: write 2020-05-27", on);
    if (!ref_find(s->mo, org, o, strlen(o), 0, d, &s->a, &county, &q->organisation, &none)) {
        if (!party_by_name(d, o, &q->organisation, e)) return false;
        if (!q->organisation)
            return err_field(e, ERR_INVALID, "organisation", "there is no organisation '%s', by "
                             "code or full name", o);
    }
    return read_evidence(s, l->cell[C_EVIDENCE], q, e);
}

/* ---- a chunk in one transaction ---- */

struct chunk { struct sheet *s; struct line *failed; struct err why; };

static bool of_data(const struct err *e)
{
    return e->code == ERR_INVALID || e->code == ERR_NOT_FOUND || e->code == ERR_CONFLICT ||
           e->code == ERR_FORBIDDEN;
}

static bool say_chunk(struct tx *tx, void *arg, struct err *e)
{
    struct chunk *c = arg;
    struct sheet *s = c->s;
    c->failed = NULL;
    for (int i = 0; i < s->n; i++) {
        struct line *l = &s->at[i];
        struct confirm_request q;
        struct confirm_done done = { .began = false };
        if (l->refused) continue;
        if (read_line(s, tx_db(tx), l, &q, e) && confirm(tx, s->mo, &q, &s->a, &done, e)) {
            l->changed = done.changed;
            continue;
        }
        if (!of_data(e)) return false;
        if (done.began) {      /* half of it is written: again, without this line */
            c->failed = l;
            return false;
        }
        l->refused = arena_strdup(&s->a, e->message);
        err_clear(e);
    }
    return true;
}

static bool refuse(struct sheet *s, const struct line *l, struct err *e)
{
    struct confirm_sheet *o = s->out;
    struct buf b;
    if (!s->refused) {
        size_t n = strlen(o->path);
        if (n > 4 && strcmp(o->path + n - 4, ".csv") == 0) n -= 4;
        snprintf(o->refused_path, sizeof o->refused_path, "%.*s.refused.csv", (int)n, o->path);
        s->refused = fopen(o->refused_path, "wb");
        if (!s->refused)
            return err_set(e, ERR_FULL, "%s: %s", o->refused_path, strerror(errno));
        fputs("line,reason,row\r\n", s->refused);
    }
    buf_init(&b, (size_t)16 << 20);
    buf_printf(&b, "%lld", (long long)l->number);
    csv_add(&b, l->refused, strlen(l->refused), false, true);
    csv_add(&b, l->raw, strlen(l->raw), false, true);
    csv_end_row(&b);
    bool ok = fwrite(b.p, 1, b.n, s->refused) == b.n;
    buf_free(&b);
    o->refused++;
    return ok || err_set(e, ERR_FULL, "%s: cannot be written", o->refused_path);
}

static bool settle(struct sheet *s, struct store *store, struct err *e)
{
    struct chunk c = { .s = s };
    while (!store_write(store, say_chunk, &c, e)) {
        if (!c.failed) return false;
        c.failed->refused = arena_strdup(&s->a, e->message);
        err_clear(e);
    }
    for (int i = 0; i < s->n; i++) {
        const struct line *l = &s->at[i];
        s->out->rows++;
        if (l->refused) {
            if (!refuse(s, l, e)) return false;
        } else if (l->changed) s->out->said++;
        else s->out->unchanged++;
    }
    s->n = 0;
    arena_reset(&s->a);
    return true;
}

/* ---- the file ---- */

static bool header(struct sheet *s, struct err *e)
{
    const struct csv_field *f;
    if (csv_next(s->csv, &f, &s->columns, e) != CSV_ROW)
        return e->code != ERR_NONE ? false : err_set(e, ERR_INVALID, "it is empty");
    for (int i = 0; i < C_N; i++) s->column[i] = -1;
    for (int k = 0; k < s->columns; k++) {
        int i = 0;
        while (i < C_N && !(f[k].n == strlen(names[i]) && memcmp(f[k].p, names[i], f[k].n) == 0)) i++;
        if (i == C_N)
            return err_set(e, ERR_INVALID, "line 1: the column \"%.*s\" is not one of record_of, "
                           "record, organisation, says, correction, reason, evidence, said_on",
                           (int)(f[k].n < 60 ? f[k].n : 60), f[k].p);
        if (s->column[i] >= 0)
            return err_set(e, ERR_INVALID, "line 1: the column %s stands there twice", names[i]);
        s->column[i] = k;
    }
    for (int i = 0; i <= C_SAYS; i++)
        if (s->column[i] < 0)
            return err_set(e, ERR_INVALID, "line 1: the column %s is missing", names[i]);
    return true;
}

static void take_line(struct sheet *s, const struct csv_field *f, int n, const char *bad)
{
    struct line *l = &s->at[s->n++];
    size_t raw_n;
    const char *raw = csv_raw(s->csv, &raw_n);
    *l = (struct line){ .number = csv_line(s->csv), .raw = arena_strndup(&s->a, raw, raw_n) };
    if (bad) l->refused = arena_strdup(&s->a, bad);
    else if (n != s->columns)
        l->refused = arena_printf(&s->a, "it has %d cells, and the first line %d", n, s->columns);
    for (int i = 0; i < C_N; i++) {
        bool there = !l->refused && s->column[i] >= 0;
        l->cell[i] = there ? arena_strndup(&s->a, f[s->column[i]].p, f[s->column[i]].n) : "";
    }
}

static bool read_sheet(struct sheet *s, struct store *store, struct err *e)
{
    const struct csv_field *f;
    int n;
    if (!header(s, e)) return false;
    for (;;) {
        struct err why = { 0 };
        enum csv_result r = csv_next(s->csv, &f, &n, &why);
        if (r == CSV_ERROR) return *e = why, false;
        if (r == CSV_END) break;
        take_line(s, f, n, r == CSV_BAD ? why.message : NULL);
        if (s->n == CHUNK && !settle(s, store, e)) return false;
        if (r == CSV_BAD && why.code == ERR_CORRUPT) break;
    }
    return s->n == 0 || settle(s, store, e);
}

bool confirm_sheet(struct store *store, const struct model *mo, struct confirm_sheet *out,
                   struct err *e)
{
    struct sheet *s = mem_alloc(sizeof *s);
    *s = (struct sheet){ .mo = mo, .out = out, .in = fopen(out->path, "rb") };
    out->rows = out->said = out->unchanged = out->refused = 0;
    out->refused_path[0] = '\0';
    bool ok = s->in != NULL;
    if (ok) {
        s->csv = csv_open(csv_from_file(s->in), NULL);
        ok = read_sheet(s, store, e) || err_context(e, "%s", out->path);
        csv_close(s->csv);
        fclose(s->in);
    } else err_set(e, ERR_NOT_FOUND, "%s: %s", out->path, strerror(errno));
    if (s->refused && fclose(s->refused) != 0 && ok)
        ok = err_set(e, ERR_FULL, "%s: cannot be written", out->refused_path);
    arena_free(&s->a);
    free(s);
    return ok;
}
