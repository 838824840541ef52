/* Words by the sheet. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "entity/table_in.h"
#include "programme/party/party.h"
#include "programme/sides/sides.h"
#include "store/backup.h"


enum { CHUNK = 500 };
enum cell { C_OF, C_RECORD, C_ORGANISATION, C_SAYS, C_CORRECTION, C_REASON, C_EVIDENCE, C_SAID_ON,
            C_N };
static const struct in_column columns[C_N] = {
    [C_OF] = { "record_of", "Of", "记录种类", NULL, true },
    [C_RECORD] = { "record", "Record", "记录", "code;编号", true },
    [C_ORGANISATION] = { "organisation", "Says it", "表态单位", "organization;unit;单位", true },
    [C_SAYS] = { "says", "Says", "表态", NULL, true },
    [C_CORRECTION] = { "correction", "Its own values", "更正值", NULL, false },
    [C_REASON] = { "reason", "Reason", "理由", NULL, false },
    [C_EVIDENCE] = { "evidence", "Evidence", "凭据", NULL, false },
    [C_SAID_ON] = { "said_on", "Said on", "表态日期", NULL, false },
};

bool evidence_digest(const char *path, char hex[DIGEST_HEX], struct err *e)
{
    unsigned char digest[DIGEST_LEN];
    if (!file_digest(path, digest, e)) return err_context(e, "evidence");
    digest_hex(digest, DIGEST_LEN, hex);
    return true;
}

struct line {
    struct in_row row;
    const char *cell[C_N];
    const char *refused; int column;   /* -1 = the row */
    bool changed;
};

struct sheet {
    const struct model *mo;
    struct confirm_sheet *out;
    struct table_in *in;
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

/* By its code, or by a label in either language. */
static bool read_says(const struct sheet *s, const char *cell, enum says *out)
{
    const struct code *c = codes_find(s->mo->codes, "says", cell, strlen(cell));
    return says_read(c ? c->code : cell, out);
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
        if (!*l->cell[i])
            return err_field(e, ERR_INVALID, columns[i].name, "%s is missing", columns[i].name);
    if (!read_says(s, l->cell[C_SAYS], &q->says))
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

static void refused(struct sheet *s, struct line *l, struct err *e)
{
    l->refused = arena_strdup(&s->a, e->message);
    l->column = -1;
    for (int i = 0; i < C_N; i++)
        if (strcmp(columns[i].name, e->field) == 0) l->column = i;
    err_clear(e);
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
        refused(s, l, e);
    }
    return true;
}

static bool settle(struct sheet *s, struct store *store, struct err *e)
{
    struct chunk c = { .s = s };
    while (!store_write(store, say_chunk, &c, e)) {
        if (!c.failed) return false;
        refused(s, c.failed, e);
    }
    for (int i = 0; i < s->n; i++) {
        const struct line *l = &s->at[i];
        if (l->refused && !table_in_refuse_row(s->in, &l->row, l->column, l->refused, e)) return false;
        s->out->said += !l->refused && l->changed;
        s->out->unchanged += !l->refused && !l->changed;
    }
    s->n = 0;
    arena_reset(&s->a);
    return true;
}

/* ---- the file ---- */

static void take_line(struct sheet *s, const struct csv_field *f)
{
    struct line *l = &s->at[s->n++];
    *l = (struct line){ .changed = false };
    table_in_hold(s->in, &s->a, &l->row);
    for (int i = 0; i < C_N; i++) l->cell[i] = arena_strndup(&s->a, f[i].p ? f[i].p : "", f[i].n);
}

static bool read_sheet(struct sheet *s, struct store *store, struct err *e)
{
    const struct csv_field *f;
    enum csv_result r;
    while ((r = table_in_next(s->in, &f, e)) != CSV_END) {
        if (r == CSV_ERROR) return false;
        s->out->rows++;
        if (r == CSV_ROW) take_line(s, f);
        if (s->n == CHUNK && !settle(s, store, e)) return false;
    }
    return s->n == 0 || settle(s, store, e);
}

bool confirm_sheet(struct store *store, const struct model *mo, struct confirm_sheet *out,
                   struct err *e)
{
    struct sheet *s = mem_alloc(sizeof *s);
    struct arena kept = { 0 };
    const char *path = NULL;
    *s = (struct sheet){ .mo = mo, .out = out };
    out->rows = out->said = out->unchanged = out->refused = 0;
    out->refused_path[0] = '\0';
    bool ok = table_in_open(&s->in, out->path, columns, C_N, NULL, e);
    if (ok) {
        ok = read_sheet(s, store, e) && table_in_keep(s->in, &kept, &path, e);
        out->refused = table_in_refused(s->in);
        if (ok && path) snprintf(out->refused_path, sizeof out->refused_path, "%s", path);
        table_in_close(s->in);
    }
    arena_free(&kept);
    arena_free(&s->a);
    free(s);
    return ok;
}
