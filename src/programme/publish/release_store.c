/* Releases in the store. */
#include "programme/publish/release.h"

#include <string.h>
#include <strings.h>

#include "base/option.h"
#include "programme/publish/publish.h"

static const struct stmt *statement(enum publish_stmt i)
{
    return &publish_stmts.stmts[i];
}

/* --- reading --- */

static const char *copy(struct arena *a, struct val v)
{
    return v.type == VAL_TEXT ? arena_strndup(a, v.p, v.n) : "";
}

static void take_row(const struct val *row, struct arena *a, struct release_row *r)
{
    *r = (struct release_row){ .id = row[0].i, .name = copy(a, row[1]), .title = copy(a, row[2]),
        .as_of = row[3].i, .made_by = copy(a, row[4]), .recorded = row[5].i,
        .corrects = copy(a, row[6]), .reason = copy(a, row[7]), .figures = row[8].i,
        .claims = row[9].i, .head = copy(a, row[10]), .for_public = row[11].type == VAL_INT && row[11].i };
}

/* 0: approved ones for the public; 1: all for the public; 2: all. */
static struct val seen_by(const struct scope *s)
{
    if (!s || s->role <= ROLE_PUBLIC) return val_int(0);
    return val_int(s->everywhere && scope_reads(s, ACCESS_PEOPLE) ? 2 : 1);
}

struct finding { struct arena *a; struct release_row *out; };

static bool take_found(void *arg, const struct val *row, int n, struct err *e)
{
    const struct finding *f = arg;
    (void)n;
    (void)e;
    take_row(row, f->a, f->out);
    return true;
}

struct naming { const char *wanted, *names[256]; int n; struct arena *a; };

static bool take_name(void *arg, const struct release_row *r, struct err *e)
{
    struct naming *x = arg;
    (void)e;
    if (x->n < 256) x->names[x->n++] = r->name;
    return true;
}

bool release_find(struct db *d, const struct scope *s, const char *name, struct arena *a,
                  struct release_row *out, struct err *e)
{
    struct finding f = { a, out };
    struct naming x = { .wanted = name, .a = a };
    const struct val v[] = { seen_by(s), val_text(name) };
    *out = (struct release_row){ 0 };
    if (!db_query(d, statement(RELEASE_FIND), v, 2, take_found, &f, e)) return false;
    if (out->id) return true;
    if (!release_each(d, s, a, take_name, &x, e)) return false;
    const char *near = nearest_name(name, x.names, x.n);
    return err_set(e, ERR_NOT_FOUND, "there is no release \"%s\"%s%s%s; `jiedui release list` shows "
                   "them", name, near ? " (did you mean \"" : "", near ? near : "",
                   near ? "\"?)" : "");
}

struct listing { struct arena *a; release_fn *fn; void *arg; };

static bool give_row(void *arg, const struct val *row, int n, struct err *e)
{
    const struct listing *l = arg;
    struct release_row r;
    (void)n;
    take_row(row, l->a, &r);
    return l->fn(l->arg, &r, e);
}

bool release_each(struct db *d, const struct scope *s, struct arena *a, release_fn *fn, void *arg,
                  struct err *e)
{
    struct listing l = { a, fn, arg };
    const struct val v = seen_by(s);
    return db_query(d, statement(RELEASE_LIST), &v, 1, give_row, &l, e);
}

struct reading { release_line_fn *fn; void *arg; };

static bool give_line(void *arg, const struct val *row, int n, struct err *e)
{
    const struct reading *r = arg;
    char kind[24], hash[DIGEST_HEX];
    struct release_line l = { .line = row[0].i, .kind = kind, .body = row[2].p, .n = row[2].n,
                              .hash = hash };
    (void)n;
    snprintf(kind, sizeof kind, "%.*s", (int)row[1].n, row[1].p);
    snprintf(hash, sizeof hash, "%.*s", (int)row[3].n, row[3].p);
    return r->fn(r->arg, &l, e);
}

bool release_lines(struct db *d, int64_t id, release_line_fn *fn, void *arg, struct err *e)
{
    struct reading r = { fn, arg };
    struct val v = val_int(id);
    return db_query(d, statement(RELEASE_ITEMS), &v, 1, give_line, &r, e);
}

struct approvals { struct arena *a; const char *names; };

static bool take_approval(void *arg, const struct val *row, int n, struct err *e)
{
    struct approvals *x = arg;
    struct json *line;
    (void)n;
    if (!json_parse(&line, row[0].p, row[0].n, x->a, e)) return false;
    const char *by = release_member(line, "by", x->a);
    x->names = *x->names ? arena_printf(x->a, "%s, %s", x->names, by) : by;
    return true;
}

bool release_approved(struct db *d, int64_t id, struct arena *a, const char **by, struct err *e)
{
    struct approvals x = { a, "" };
    struct val v = val_int(id);
    bool ok = db_query(d, statement(RELEASE_APPROVALS), &v, 1, take_approval, &x, e);
    *by = x.names;
    return ok;
}

/* --- writing --- */

struct putting {
    const struct release_world *w;
    const struct release_wish *x;
    int64_t corrects, release;
    const struct seal *lines;
    int64_t from;              /* lines there are already */
    struct release_made *made; /* NULL = only lines are added */
};

static struct val text_or_null(const char *s)
{
    return s && *s ? val_text(s) : val_null();
}

static bool put_row(struct tx *tx, struct putting *p, struct err *e)
{
    const struct table_map *m = model_find(p->w->model, "publication");
    struct val row[ENTITY_MAX_COLUMNS + 1] = { { 0 } };
    const int *c = m->column;
    row[ROW_DRAFT] = row[ROW_LOAD] = val_int(0);
    row[c[RELEASE_NAME]] = val_text(p->x->name);
    row[c[RELEASE_TITLE]] = text_or_null(p->x->title);
    row[c[RELEASE_AS_OF]] = val_int(p->made->as_of);
    row[c[RELEASE_MADE_BY]] = val_text(p->x->by);
    row[c[RELEASE_CORRECTS]] = p->corrects ? val_int(p->corrects) : val_null();
    row[c[RELEASE_REASON]] = text_or_null(p->x->reason);
    row[c[RELEASE_FIGURES]] = val_int((int64_t)p->made->figures);
    row[c[RELEASE_CLAIMS]] = val_int((int64_t)p->made->claims);
    row[c[RELEASE_HEAD]] = val_text(p->made->head);
    row[c[RELEASE_FOR_PUBLIC]] = val_int(!p->x->offices);
    if (!row_insert(tx, p->w->model, m, row, e)) return false;
    p->release = p->made->id = row[ROW_ID].i;
    return true;
}

static bool put_lines(struct tx *tx, const struct putting *p, struct err *e)
{
    const struct table_map *m = model_find(p->w->model, "publication_item");
    const int *c = m->column;
    for (size_t i = 0; i < p->lines->n; i++) {
        const struct seal_line *l = &p->lines->at[i];
        struct val row[ENTITY_MAX_COLUMNS + 1] = { { 0 } };
        row[ROW_DRAFT] = row[ROW_LOAD] = val_int(0);
        row[c[RELEASE_ITEM_RELEASE]] = val_int(p->release);
        row[c[RELEASE_ITEM_LINE]] = val_int(p->from + (int64_t)i + 1);
        row[c[RELEASE_ITEM_KIND]] = val_text(l->kind);
        row[c[RELEASE_ITEM_FIGURE]] = text_or_null(l->figure);
        row[c[RELEASE_ITEM_PLACE]] = l->place ? val_int(l->place) : val_null();
        row[c[RELEASE_ITEM_BODY]] = val_textn(l->body, l->n);
        row[c[RELEASE_ITEM_HASH]] = val_text(l->hash);
        if (!row_insert(tx, p->w->model, m, row, e)) return false;
    }
    return true;
}

static bool put_release(struct tx *tx, void *arg, struct err *e)
{
    struct putting *p = arg;
    return put_row(tx, p, e) && put_lines(tx, p, e);
}

bool release_put(const struct release_world *w, const struct release_wish *x, int64_t corrects,
                 const struct seal *lines, struct release_made *made, struct err *e)
{
    struct putting p = { .w = w, .x = x, .corrects = corrects, .lines = lines, .made = made };
    return store_write(w->store, put_release, &p, e);
}

/* --- approval: one more line, behind what is there when it is written --- */

struct approving {
    const struct release_world *w;
    const struct release_row *r;
    const char *by;
};

struct tail { int64_t line; unsigned char head[DIGEST_LEN]; };

static bool take_tail(void *arg, const struct release_line *l, struct err *e)
{
    struct tail *t = arg;
    t->line = l->line;
    return (strlen(l->hash) == 2 * DIGEST_LEN && digest_unhex(l->hash, 2 * DIGEST_LEN, t->head)) ||
           err_set(e, ERR_CORRUPT, "line %lld of the release has no hash", (long long)l->line);
}

static bool may_approve(struct tx *tx, const struct approving *x, struct arena *a, struct err *e)
{
    const char *before;
    size_t n = strlen(x->by);
    if (strcasecmp(x->by, x->r->made_by) == 0)
        return err_set(e, ERR_FORBIDDEN, "%s made the release %s; somebody else approves it", x->by,
                       x->r->name);
    if (!release_approved(tx_db(tx), x->r->id, a, &before, e)) return false;
    for (const char *p = before; (p = strstr(p, x->by)) != NULL; p++)
        if ((p == before || p[-1] == ' ') && (p[n] == '\0' || p[n] == ','))
            return err_set(e, ERR_CONFLICT, "%s has approved the release %s already", x->by,
                           x->r->name);
    return true;
}

static bool add_approval(struct tx *tx, const struct approving *x, struct arena *a, struct err *e)
{
    struct tail t = { 0 };
    struct buf b;
    struct seal s;
    struct putting p = { .w = x->w, .release = x->r->id, .lines = &s };
    if (!may_approve(tx, x, a, e) || !release_lines(tx_db(tx), x->r->id, take_tail, &t, e))
        return false;
    seal_start(&s, a, t.head);
    buf_init(&b, 4096);
    release_approval_body(x->by, tx_now(tx), &b);
    seal_add(&s, "approval", &b);
    buf_free(&b);
    p.from = t.line;
    return put_lines(tx, &p, e);
}

static bool run_approval(struct tx *tx, void *arg, struct err *e)
{
    struct arena a = { 0 };
    bool ok = add_approval(tx, arg, &a, e);
    arena_free(&a);
    return ok;
}

bool release_approve(const struct release_world *w, const char *name, const char *by, struct err *e)
{
    struct arena a = { 0 };
    struct release_row r;
    struct approving x = { w, &r, by };
    if (!by || !*by) return err_set(e, ERR_USAGE, "who approves it? --by WHO");
    bool ok = release_find(w->db, &scope_all, name, &a, &r, e) && store_write(w->store, run_approval, &x, e);
    arena_free(&a);
    return ok;
}
