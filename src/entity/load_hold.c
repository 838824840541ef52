/* Rows whose reference is not there yet. A parent may stand below its child, and two kinds of
 * record may refer to each other, so such rows are kept as they came, and tried again when more
 * rows are in the store: level by level, each level referring only to rows written before it. Rows
 * left over at the end refer to something that never came, or to each other: within one kind of
 * record that is a circle of parents and is refused; between kinds it is no fault, and they get
 * their ids beforehand. */
#include <stdlib.h>
#include <string.h>

#include "entity/load_run.h"
#include "entity/plan.h"

#define HELD_MAX 400000
#define HELD_BYTES ((size_t)64 << 20)
#define TRY_AGAIN 20000               /* rows held since the last attempt */

enum held_state { HELD, HELD_WRITTEN, HELD_REFUSED, HELD_BLOCKED };
enum want_state { WANT_OPEN, WANT_ROW, WANT_THERE, WANT_LATER };

struct want {
    const struct table_map *target;
    const char *text;
    uint32_t n;
    int32_t on;                        /* the held row that is wanted, or -1 */
    uint8_t field, state;
};
struct held {
    int64_t line, county, id;
    const char *raw, *name;            /* its natural key, as others refer to it */
    uint32_t raw_n;
    int32_t input, first, n_wants;
    uint8_t state;
};
struct name_key { uint64_t a, b; };

struct hold {
    struct loader *l;
    struct arena arena;
    struct held *at;
    struct want *wants;
    size_t cap;
    int n, n_wants, cap_wants, settled;
    struct want next[ENTITY_MAX_COLUMNS]; int n_next;   /* of the row being read */
    struct arena next_arena;
    struct map names;                  /* struct name_key -> place in `at` */
    int waiting;
    struct tx *tx;
};

struct hold *hold_open(struct loader *l)
{
    struct hold *h = mem_alloc(sizeof *h);
    h->l = l;
    map_init(&h->names, sizeof(struct name_key), sizeof(int32_t));
    return h;
}

void hold_close(struct hold *h)
{
    if (!h) return;
    free(h->at);
    free(h->wants);
    map_free(&h->names);
    arena_free(&h->arena);
    arena_free(&h->next_arena);
    free(h);
}

size_t hold_count(const struct hold *h)
{
    return (size_t)h->waiting;
}

bool hold_full(const struct hold *h)
{
    return h->n - h->settled > TRY_AGAIN;
}

static struct name_key name_key(uint32_t table, const char *s, size_t n)
{
    return (struct name_key){ hash_bytes(s, n, table), hash_bytes(s, n, ~(uint64_t)table) };
}

static int32_t find_name(const struct hold *h, uint32_t table, const char *s, size_t n)
{
    struct name_key k = name_key(table, s, n);
    const int32_t *at = map_get(&h->names, &k);
    return at ? *at : -1;
}

static void add_name(struct hold *h, uint32_t table, const char *s, size_t n, int32_t at)
{
    struct name_key k = name_key(table, s, n);
    bool added;
    int32_t *to = map_put(&h->names, &k, &added);
    /* Given twice: the first row is meant, unless nothing came of it. */
    if (added || h->at[*to].state == HELD_REFUSED) *to = at;
}

/* ---- keeping ---- */

void hold_want_nothing(struct hold *h)
{
    if (h->n_next) arena_reset(&h->next_arena);
    h->n_next = 0;
}

void hold_want(struct hold *h, const struct table_map *t, int field, const char *s, size_t n)
{
    trim_blanks(&s, &n);
    h->next[h->n_next++] = (struct want){ .target = t, .field = (uint8_t)field, .on = -1,
        .text = arena_strndup(&h->next_arena, s, n), .n = (uint32_t)n };
}

static bool key_waits(const struct hold *h, const struct table_map *m)
{
    for (int i = 0; i < h->n_next; i++)
        if (m->field[h->next[i].field].flags & F_KEY) return true;
    return false;
}

static const char *key_of(struct hold *h, const struct reader *r)
{
    const struct table_map *m = r->m;
    struct arena *a = &h->arena;
    if (key_waits(h, m)) return "";
    const char *text = "";
    for (int k = 0; k < m->n_key; k++) {
        const char *part = field_write(&h->l->model, m, m->key[k], r->row, h->l->db, a);
        text = k ? arena_printf(a, "%s/%s", text, part) : part;
    }
    return text;
}

static void name_it(struct hold *h, const struct reader *r, int32_t at)
{
    const struct table_map *m = r->m;
    const char *key = h->at[at].name;
    if (*key) add_name(h, m->entity->number, key, strlen(key), at);
    for (int k = 0; k < m->n_claims; k++) {
        struct val v = claim_value(m, &m->claims[k], r->row, &h->arena);
        if (m->claims[k].n == 1 && v.type == VAL_TEXT)
            add_name(h, m->entity->number, v.p, v.n, at);
    }
}

static void add_wants(struct hold *h, struct held *x)
{
    if (h->n_wants + h->n_next > h->cap_wants) {
        h->cap_wants = (h->cap_wants + h->n_next) * 2;
        h->wants = mem_grow(h->wants, (size_t)h->cap_wants * sizeof *h->wants);
    }
    x->first = h->n_wants;
    x->n_wants = h->n_next;
    for (int i = 0; i < h->n_next; i++) {
        struct want *w = &h->wants[h->n_wants++];
        *w = h->next[i];
        w->text = arena_strndup(&h->arena, w->text, w->n);
    }
}

bool hold_add(struct hold *h, struct reader *r, int64_t line, const char *raw, size_t n,
              struct err *e)
{
    if (h->waiting >= HELD_MAX || h->arena.held > HELD_BYTES)
        return err_set(e, ERR_INVALID, "%s, line %lld: more than %d rows refer to rows that come "
                       "later; put the rows that others refer to first", r->in->path,
                       (long long)line, h->waiting);
    h->at = mem_more(h->at, h->n, &h->cap, sizeof *h->at);
    struct held *x = &h->at[h->n];
    *x = (struct held){ .line = line, .input = r->index, .raw_n = (uint32_t)n, .county = -1,
                        .raw = arena_strndup(&h->arena, raw, n), .state = HELD };
    x->name = key_of(h, r);
    if (r->m->home < 0) x->county = 0;
    add_wants(h, x);
    bool home = r->m->home >= 0;
    for (int i = 0; i < h->n_next; i++) home = home && h->next[i].field != r->m->home;
    if (home) x->county = r->row[ROW_COUNTY].i;
    name_it(h, r, h->n++);
    h->waiting++;
    return true;
}

bool hold_knows(const struct hold *h, const struct table_map *t, const char *s, size_t n)
{
    if (h->n == 0) return false;
    trim_blanks(&s, &n);
    int32_t at = find_name(h, t->entity->number, s, n);
    return at >= 0 && h->at[at].state != HELD_REFUSED;
}

bool hold_place(struct hold *h, const struct table_map *t, const char *s, size_t n,
                int64_t *county, int64_t *id)
{
    if (h->n == 0) return false;
    trim_blanks(&s, &n);
    int32_t at = find_name(h, t->entity->number, s, n);
    if (at < 0 || !h->at[at].id || h->at[at].state == HELD_REFUSED) return false;
    *county = h->at[at].county;
    *id = h->at[at].id;
    return true;
}

int64_t hold_id(const struct hold *h, int32_t held)
{
    return h->at[held].id;
}

void hold_refused(struct hold *h, int32_t held)
{
    if (h->at[held].state != HELD_REFUSED) h->waiting--;
    h->at[held].state = HELD_REFUSED;
}

/* ---- what each row waits for ---- */

static const struct table_map *map_of(const struct hold *h, const struct held *x)
{
    return h->l->inputs[x->input].map;
}

static void refuse(struct hold *h, int32_t at, int field, const char *reason)
{
    struct held *x = &h->at[at];
    if (x->state == HELD_REFUSED) return;
    reader_refuse_raw(h->l->readers[x->input], x->line, x->raw, x->raw_n, field, reason);
    hold_refused(h, at);
}

/* Looks one want up: in the store, among the held rows, or in what may still come. */
static bool look_up(struct hold *h, const struct held *x, struct want *w, struct err *e)
{
    struct err why = { 0 };
    int64_t county, id, near = x->county;
    w->state = WANT_THERE;
    w->on = -1;
    if (w->target->entity->reach == REACH_NATION) near = 0;
    if (ref_find(&h->l->model, w->target, w->text, w->n, near, h->l->db, &h->next_arena, &county,
                 &id, &why))
        return true;
    if (why.code != ERR_NOT_FOUND && why.code != ERR_INVALID && why.code != ERR_CONFLICT) {
        *e = why;
        return false;
    }
    w->on = find_name(h, w->target->entity->number, w->text, w->n);
    if (w->on >= 0 && h->at[w->on].state == HELD_REFUSED) w->state = WANT_OPEN;
    else if (w->on >= 0) w->state = WANT_ROW;
    else w->state = loader_may_come(h->l, w->target) ? WANT_LATER : WANT_OPEN;
    return true;
}

static void refuse_unmet(struct hold *h, int32_t at, const struct want *w)
{
    char show[SHOWN_TEXT];
    struct arena *a = &h->arena;
    shown(show, w->text, w->n);
    const struct held *on = w->on >= 0 ? &h->at[w->on] : NULL;
    refuse(h, at, w->field, on
           ? arena_printf(a, "it refers to line %lld of %s ('%s'), which was refused",
                          (long long)on->line, h->l->inputs[on->input].name, show)
           : arena_printf(a, "there is no %s '%s'", w->target->entity->name, show));
}

/* The graph of one settling: for each held row, who waits for it, and how many it waits for. */
struct graph { int32_t *waiters, *first, *left, *queue, *stack; int n_queue; };

static bool look_up_all(struct hold *h, struct err *e)
{
    for (int32_t i = 0; i < h->n; i++) {
        struct held *x = &h->at[i];
        if (x->state == HELD_BLOCKED) x->state = HELD;
        for (int k = 0; x->state == HELD && k < x->n_wants; k++)
            if (!look_up(h, x, &h->wants[x->first + k], e)) return false;
        arena_reset(&h->next_arena);
    }
    return true;
}

static void make_graph(struct hold *h, struct graph *g)
{
    int edges = 0;
    g->first = mem_alloc((size_t)(h->n + 2) * sizeof *g->first);
    g->left = mem_alloc((size_t)(h->n + 1) * sizeof *g->left);
    g->queue = mem_alloc((size_t)(h->n + 1) * sizeof *g->queue);
    g->stack = mem_alloc((size_t)(h->n + 1) * sizeof *g->stack);
    for (int32_t i = 0; i < h->n; i++)
        for (int k = 0; h->at[i].state == HELD && k < h->at[i].n_wants; k++) {
            const struct want *w = &h->wants[h->at[i].first + k];
            if (w->state == WANT_ROW) g->first[w->on + 2]++, g->left[i]++, edges++;
        }
    for (int32_t i = 1; i <= h->n + 1; i++) g->first[i] += g->first[i - 1];
    g->waiters = mem_alloc((size_t)(edges + 1) * sizeof *g->waiters);
    for (int32_t i = 0; i < h->n; i++)
        for (int k = 0; h->at[i].state == HELD && k < h->at[i].n_wants; k++) {
            const struct want *w = &h->wants[h->at[i].first + k];
            if (w->state == WANT_ROW) g->waiters[g->first[w->on + 1]++] = i;
        }
}

static void drop_graph(struct graph *g)
{
    free(g->waiters);
    free(g->first);
    free(g->left);
    free(g->queue);
    free(g->stack);
}

/* What waits for `at`, directly or through others, shares its fate: refused or blocked. */
static void spread(struct hold *h, const struct graph *g, int32_t at)
{
    int32_t *stack = g->stack;
    int depth = 0;
    stack[depth++] = at;
    while (depth) {
        int32_t i = stack[--depth];
        for (int32_t k = g->first[i]; k < g->first[i + 1]; k++) {
            int32_t w = g->waiters[k];
            if (h->at[w].state != HELD) continue;
            if (h->at[i].state == HELD_REFUSED) {
                const struct held *x = &h->at[w];
                for (int m = 0; m < x->n_wants; m++)
                    if (h->wants[x->first + m].on == i) {
                        refuse_unmet(h, w, &h->wants[x->first + m]);
                        break;
                    }
            } else {
                h->at[w].state = HELD_BLOCKED;
            }
            stack[depth++] = w;
        }
    }
}

static void mark_hopeless(struct hold *h, const struct graph *g)
{
    for (int32_t i = 0; i < h->n; i++) {
        const struct held *x = &h->at[i];
        for (int k = 0; x->state == HELD && k < x->n_wants; k++) {
            const struct want *w = &h->wants[x->first + k];
            if (w->state == WANT_OPEN) refuse_unmet(h, i, w);
        }
        if (x->state == HELD_REFUSED) spread(h, g, i);
    }
    for (int32_t i = 0; i < h->n; i++) {
        struct held *x = &h->at[i];
        for (int k = 0; x->state == HELD && k < x->n_wants; k++)
            if (h->wants[x->first + k].state == WANT_LATER) x->state = HELD_BLOCKED;
        if (x->state == HELD_BLOCKED) spread(h, g, i);
    }
}

/* ---- writing ---- */

static bool write_reader(struct hold *h, struct reader *r, struct err *e)
{
    if (!batch_write(h->l, h->tx, r, e)) return false;
    for (size_t i = 0; i < r->batch.n; i++) {
        struct held *x = &h->at[r->batch.rows[i].held];
        if (x->state != HELD) continue;
        x->state = HELD_WRITTEN;
        h->waiting--;
    }
    return reader_flush(r, e);
}

static bool write_all(struct hold *h, struct err *e)
{
    for (int i = 0; i < h->l->n_inputs; i++) {
        struct reader *r = h->l->readers[i];
        if (r && (r->batch.n || r->batch.n_refused) && !write_reader(h, r, e)) return false;
    }
    return true;
}

static bool read_again(struct hold *h, int32_t at, struct err *e)
{
    const struct held *x = &h->at[at];
    struct reader *r = h->l->readers[x->input];
    bool took;
    if (r->batch.cap && r->batch.n == r->batch.cap && !write_reader(h, r, e)) return false;
    r->again = true;
    bool ok = reader_again(r, x->line, x->raw, x->raw_n, at, &took, e);
    r->again = false;
    return ok;
}

/* Level by level: rows that wait for none are written, and those that waited for them move up. */
static bool write_levels(struct hold *h, struct graph *g, struct err *e)
{
    int from = 0;
    for (int32_t i = 0; i < h->n; i++)
        if (h->at[i].state == HELD && g->left[i] == 0) g->queue[g->n_queue++] = i;
    while (from < g->n_queue) {
        int to = g->n_queue;
        for (int q = from; q < to; q++)
            if (h->at[g->queue[q]].state == HELD && !read_again(h, g->queue[q], e)) return false;
        if (!write_all(h, e)) return false;
        for (; from < to; from++) {
            int32_t i = g->queue[from];
            if (h->at[i].state == HELD_REFUSED) spread(h, g, i);
            if (h->at[i].state != HELD_WRITTEN) continue;
            for (int32_t k = g->first[i]; k < g->first[i + 1]; k++)
                if (--g->left[g->waiters[k]] == 0) g->queue[g->n_queue++] = g->waiters[k];
        }
    }
    return true;
}

/* ---- circles ---- */

/* A walk along references to rows of the same kind, depth first. */
struct walk { int32_t *path, *edge; unsigned char *seen; int depth; };

/* The next row of the same kind that `at` refers to, from its edge-th want on; -1 = no more. */
static int32_t next_row(const struct hold *h, int32_t at, int32_t *edge)
{
    const struct held *x = &h->at[at];
    while (*edge < x->n_wants) {
        const struct want *w = &h->wants[x->first + (*edge)++];
        if (w->state == WANT_ROW && w->target == map_of(h, x) && h->at[w->on].state == HELD)
            return w->on;
    }
    return -1;
}

/* Refuses the rows of path[from..depth), each naming them all. */
static void refuse_circle(struct hold *h, const struct walk *w, int from)
{
    struct buf names;
    buf_init(&names, 300);
    for (int i = from; i < w->depth; i++)
        buf_printf(&names, "%s (line %lld) -> ", h->at[w->path[i]].name,
                   (long long)h->at[w->path[i]].line);
    const char *reason = arena_printf(&h->arena, "these refer to each other in a circle: %s%s%s",
                                      names.p, names.over ? "... -> " : "",
                                      h->at[w->path[from]].name);
    for (int i = from; i < w->depth; i++) {
        const struct held *x = &h->at[w->path[i]];
        refuse(h, w->path[i], h->wants[x->first + w->edge[i] - 1].field, reason);
    }
    buf_free(&names);
}

static bool walk_from(struct hold *h, struct walk *w, int32_t start)
{
    w->depth = 1;
    w->path[0] = start;
    w->edge[0] = 0;
    w->seen[start] = 1;
    while (w->depth) {
        int32_t next = next_row(h, w->path[w->depth - 1], &w->edge[w->depth - 1]);
        if (next < 0) {
            w->seen[w->path[--w->depth]] = 2;
        } else if (w->seen[next] == 1) {
            int from = w->depth - 1;
            while (w->path[from] != next) from--;
            refuse_circle(h, w, from);
            return true;
        } else if (w->seen[next] == 0) {
            w->seen[next] = 1;
            w->path[w->depth] = next;
            w->edge[w->depth++] = 0;
        }
    }
    return false;
}

/* Refuses circles among rows of one kind; *any tells whether there was one. */
static void refuse_circles(struct hold *h, bool *any)
{
    size_t n = (size_t)h->n + 1;
    struct walk w = { .path = mem_alloc(n * sizeof *w.path), .edge = mem_alloc(n * sizeof *w.edge),
                      .seen = mem_alloc(n) };
    *any = false;
    for (int32_t i = 0; i < h->n; i++) {
        if (h->at[i].state != HELD || w.seen[i]) continue;
        if (!walk_from(h, &w, i)) continue;
        *any = true;
        /* Others on the way here are looked at in the next round. */
        for (int k = 0; k < w.depth; k++) w.seen[w.path[k]] = 2;
    }
    free(w.path);
    free(w.edge);
    free(w.seen);
}

/* The county of a row whose home is a row that waits as well. */
static void inherit_counties(struct hold *h)
{
    for (int depth = 0; depth < 8; depth++)
        for (int32_t i = 0; i < h->n; i++) {
            struct held *x = &h->at[i];
            for (int k = 0; x->state == HELD && x->county < 0 && k < x->n_wants; k++) {
                const struct want *w = &h->wants[x->first + k];
                if (w->field == map_of(h, x)->home && w->state == WANT_ROW)
                    x->county = h->at[w->on].county;
            }
        }
}

/* Rows of different kinds that refer to each other: ids first, then all of them are written. */
static bool write_together(struct hold *h, struct err *e)
{
    inherit_counties(h);
    for (int32_t i = 0; i < h->n; i++)
        if (h->at[i].state == HELD && h->at[i].county >= 0) h->at[i].id = tx_id(h->tx);
    for (int32_t i = 0; i < h->n; i++)
        if (h->at[i].state == HELD && !read_again(h, i, e)) return false;
    if (!write_all(h, e)) return false;
    for (int32_t i = 0; i < h->n; i++)
        if (h->at[i].id && h->at[i].state == HELD_REFUSED)
            return err_set(e, ERR_INVALID, "%s, line %lld: this row cannot be loaded, and rows of "
                           "other files refer to it in a circle, so that none of them can",
                           h->l->inputs[h->at[i].input].path, (long long)h->at[i].line);
    for (int32_t i = 0; i < h->n; i++) h->at[i].id = 0;
    return true;
}

/* One round; *again when rows were refused that others wait for. */
static bool settle(struct hold *h, bool *again, struct err *e)
{
    struct graph g = { 0 };
    int left = 0;
    *again = false;
    if (!look_up_all(h, e)) return false;
    make_graph(h, &g);
    mark_hopeless(h, &g);
    bool ok = write_levels(h, &g, e);
    drop_graph(&g);
    for (int32_t i = 0; i < h->n; i++) left += h->at[i].state == HELD;
    if (!ok || left == 0) return ok;
    refuse_circles(h, again);
    return *again || write_together(h, e);
}

bool hold_settle(struct hold *h, struct tx *tx, struct err *e)
{
    bool again = h->waiting > 0;
    h->tx = tx;
    while (again && h->waiting > 0)
        if (!settle(h, &again, e)) return false;
    for (int i = 0; i < h->l->n_inputs; i++)
        if (h->l->readers[i] && !reader_flush(h->l->readers[i], e)) return false;
    h->settled = h->n;
    if (h->waiting > 0) return true;
    h->n = h->n_wants = h->settled = 0;
    map_clear(&h->names);
    arena_reset(&h->arena);
    return true;
}
