/* The money trail: from who gave, through offices and places, to projects and households, drawn from
 * the lots of the ledger. Boxes are holders; a place's accounts are one box, and so are the households
 * of a place. What goes back and forth inside one box is not drawn. */
#include "pages/parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "programme/money/trace.h"
#include "web/sankey.h"

enum { WIDE_BOXES = 8, NARROW_BOXES = 4, WIDE = 1106, NARROW = 358, TABLE_ROWS = 12 };
/* A trace of everything reads all edges; over this many legs a page shows one giver at a time. */
enum { MOST_LEGS = 50000 };

/* Stages in the order of the way; places by their level. */
enum stage { GIVER, OFFICE, PROVINCE, PREFECTURE, COUNTY, TOWNSHIP, VILLAGE, PROJECT, REACHED, STAGES };

struct holder_key { int64_t kind, county, id; };
struct holder { int node; enum stage stage; };
struct account_key { int64_t county, account; };
struct pair { int32_t from, to; };

struct trail {
    struct request *q;
    const struct table_map *accounts;
    struct map holders;            /* holder_key -> struct holder */
    struct map boxes;              /* account_key -> int: node of an account */
    struct map senders;            /* account_key of a transit lot -> int: node that sent it */
    struct map links;              /* struct pair -> int64_t */
    struct flow_node *node; int n, cap;
    struct spans spans;
    int64_t given, reached, under_way, elsewhere, in_hand[STAGES];
    struct err *e;
};

static int add_node(struct trail *t, enum stage stage, const char *label, const char *url)
{
    t->node = arena_more(t->q->arena, t->node, t->n, &t->cap, sizeof *t->node);
    t->node[t->n] = (struct flow_node){ .stage = stage, .label = label, .url = url };
    return t->n++;
}

static enum stage stage_of(const char *kind, int64_t place)
{
    if (!strcmp(kind, "outside")) return GIVER;
    if (!strcmp(kind, "organisation")) return OFFICE;
    if (!strcmp(kind, "project")) return PROJECT;
    if (strcmp(kind, "place")) return REACHED;
    int level = place ? place_level(place) : 1;
    return (enum stage)(PROVINCE + (level < 1 ? 0 : level > 5 ? 4 : level - 1));
}

/* The list of the accounts that one box is made of. */
static const char *accounts_url(const struct trail *t, const char *kind, int64_t place)
{
    return page_url(t->q, "/records/ledger_account?f.holder_kind=%s&place=%012lld", kind, (long long)place);
}

/* One box for a place and one for the households of a place; else one an account. */
static int box_of_row(struct trail *t, const struct val *row, int64_t county, int64_t account)
{
    const struct table_map *m = t->accounts;
    struct val kind = row[m->column[LEDGER_ACCOUNT_HOLDER_KIND]], at = row[m->column[LEDGER_ACCOUNT_PLACE]];
    int64_t place = at.type == VAL_INT ? at.i : 0;
    const char *k = arena_strndup(t->q->arena, kind.type == VAL_TEXT ? kind.p : "", kind.n);
    enum stage stage = stage_of(k, place);
    bool shared = place && (!strcmp(k, "place") || !strcmp(k, "household"));
    struct holder_key key = { shared ? (int64_t)stage : -1, shared ? 0 : county, shared ? place : account };
    bool added;
    struct holder *h = map_put(&t->holders, &key, &added);
    if (!added) return h->node;
    const char *label, *url;
    if (!strcmp(k, "household")) {
        label = place ? place_name(t->q, place) : tr(t->q, "place not known", "地点不明");
        url = accounts_url(t, k, place);
    } else if (shared) {
        label = place_name(t->q, place);
        url = accounts_url(t, k, place);
    } else {
        label = row_title(t->q, m, row);
        url = record_url(t->q, m, county, account);
    }
    h->stage = stage;
    return h->node = add_node(t, stage, label, url);
}

/* -1 and the error when it cannot be read. */
static int box_of(struct trail *t, int64_t county, int64_t account)
{
    struct account_key key = { county, account };
    int *known = map_get(&t->boxes, &key);
    if (known) return *known;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    bool found = false;
    if (!row_get(t->q->seat->db, t->accounts, county, account, t->q->arena, row, &found, t->e)) return -1;
    if (!found) return err_set(t->e, ERR_CORRUPT, "an account of the ledger is not there; see `jiedui verify`"), -1;
    int node = box_of_row(t, row, county, account);
    *(int *)map_put(&t->boxes, &key, NULL) = node;
    return node;
}

static void add_link(struct trail *t, int from, int to, int64_t amount)
{
    if (from == to) return;
    if (t->node[from].stage >= t->node[to].stage) {
        t->elsewhere += amount;
        return;
    }
    struct pair p = { from, to };
    *(int64_t *)map_put(&t->links, &p, NULL) += amount;
}

static bool take_origin(void *arg, const struct origin *o, struct err *e)
{
    struct trail *t = arg;
    const char *only = request_param(t->q, "from");
    (void)e;
    if (only) {
        int64_t county, id;
        if (!address_parse(only, &county, &id) || county != o->county || id != o->giver) return true;
    }
    int from = box_of(t, o->county, o->giver), to = from;
    if (from < 0) return false;
    /* Given straight to another county: the band begins where the money arrives. */
    if (is_transit(o->account)) {
        const struct account_key lot = { o->county, o->lot };
        *(int *)map_put(&t->senders, &lot, NULL) = from;
    } else {
        to = box_of(t, o->county, o->account);
    }
    if (to < 0) return false;
    spans_add(&t->spans, (struct span){ o->county, o->lot, 0, o->amount, o->account });
    t->given += o->amount;
    add_link(t, from, to, o->amount);
    return true;
}

/* Money between counties goes through a transit account, which is no holder: the band goes on from
 * who sent it. */
static bool take_edge(void *arg, const struct trace_edge *x, struct err *e)
{
    struct trail *t = arg;
    struct account_key lot = { x->from_county, x->from_lot }, became = { x->to_county, x->to_lot };
    (void)e;
    int from;
    if (is_transit(x->from_account)) {
        const int *sent = map_get(&t->senders, &lot);
        if (!sent) return true;
        from = *sent;
    } else {
        from = box_of(t, x->from_county, x->from_account);
    }
    if (from < 0) return false;
    if (is_transit(x->to_account)) {
        *(int *)map_put(&t->senders, &became, NULL) = from;
        return true;
    }
    int to = box_of(t, x->to_county, x->to_account);
    if (to < 0) return false;
    add_link(t, from, to, x->amount);
    return true;
}

static bool take_end(void *arg, const struct trace_end *x, struct err *e)
{
    struct trail *t = arg;
    (void)e;
    if (is_transit(x->account)) {
        t->under_way += x->amount;
        return true;
    }
    int at = box_of(t, x->county, x->account);
    if (at < 0) return false;
    enum stage stage = (enum stage)t->node[at].stage;
    if (stage == REACHED || stage == GIVER) {
        t->reached += x->amount;
    } else {
        t->node[at].in_hand += x->amount;
        t->in_hand[stage] += x->amount;
    }
    return true;
}

static bool read_trail(struct trail *t, struct err *e)
{
    struct trace_sink sink = { take_edge, take_end, t };
    t->e = e;
    map_init(&t->holders, sizeof(struct holder_key), sizeof(struct holder));
    map_init(&t->boxes, sizeof(struct account_key), sizeof(int));
    map_init(&t->senders, sizeof(struct account_key), sizeof(int));
    map_init(&t->links, sizeof(struct pair), sizeof(int64_t));
    struct db *d = t->q->seat->rows;
    return ledger_origins(d, take_origin, t, e) && trace_forward(d, t->spans.at, t->spans.n, &sink, e);
}

static void free_trail(struct trail *t)
{
    map_free(&t->holders);
    map_free(&t->boxes);
    map_free(&t->senders);
    map_free(&t->links);
    free(t->spans.at);
}

/* --- as a flow --- */

static const char *stage_name(const struct request *q, int stage)
{
    static const char *const en[STAGES] = { "Giver", "Office", "Province", "Prefecture", "County", "Township",
                                            "Village", "Project", "Households, payees" };
    static const char *const zh[STAGES] = { "出资方", "单位", "省", "市州", "县", "乡镇", "村", "项目", "农户、收款人" };
    return (q->zh ? zh : en)[stage];
}

struct shown { struct trail *t; enum stage stage[STAGES]; };

static const char *amount(void *arg, int64_t value)
{
    return money_text(((struct shown *)arg)->t->q, value, true);
}

static const char *others(void *arg, int stage, int count)
{
    const struct shown *s = arg;
    struct request *q = s->t->q;
    static const char *const en[STAGES] = { "%d other givers", "%d other offices", "%d other provinces",
        "%d other prefectures", "%d other counties", "%d other townships", "%d other villages",
        "%d other projects", "%d other groups" };
    if (q->zh) return arena_printf(q->arena, "其他 %d 个", count);
    const char *form = en[s->stage[stage]];
    return arena_printf(q->arena, "%d%s", count, form + 2);
}

static const char *others_url(void *arg, int stage)
{
    const struct shown *s = arg;
    static const char *const kinds[STAGES] = { "outside", "organisation", "place", "place", "place", "place",
                                               "place", "project", "household" };
    return page_url(s->t->q, "/records/ledger_account?f.holder_kind=%s", kinds[s->stage[stage]]);
}

/* Only stages that are there; links from the largest. */
static struct flow make_flow(struct shown *s)
{
    struct trail *t = s->t;
    struct arena *a = t->q->arena;
    const char **names = arena_array(a, STAGES, sizeof *names);
    int place[STAGES], n = 0;
    for (int i = 0; i < STAGES; i++) {
        bool there = false;
        for (int k = 0; k < t->n; k++) there |= t->node[k].stage == i;
        place[i] = n;
        if (!there) continue;
        s->stage[n] = (enum stage)i;
        names[n++] = stage_name(t->q, i);
    }
    for (int k = 0; k < t->n; k++) t->node[k].stage = place[t->node[k].stage];
    struct flow f = { .stages = names, .n_stages = n, .nodes = t->node, .n_nodes = t->n, .amount = amount,
        .others = others, .others_url = others_url, .in_hand = tr(t->q, "in hand", "在手"), .arg = s };
    f.links = arena_array(a, t->links.count + 1, sizeof *f.links);
    const void *key;
    void *value;
    for (size_t at = 0; map_next(&t->links, &at, &key, &value);) {
        const struct pair *p = key;
        f.links[f.n_links++] = (struct flow_link){ p->from, p->to, *(int64_t *)value, t->node[p->to].url, false };
    }
    flow_balance(&f, a);
    return f;
}

/* --- the page --- */

static void balance_part(struct request *q, struct buf *b, const char *op, int64_t value, const char *what)
{
    html_raw(b, "<span class=\"eq\">");
    if (*op) html(b, "<span class=\"op\">%s</span>", op);
    html(b, "<span><b>%s</b><small>%s</small></span></span>", money_text(q, value, true), what);
}

static void balance_panel(struct request *q, struct buf *b, const struct trail *t)
{
    int64_t sum = t->reached + t->under_way;
    for (int i = 0; i < STAGES; i++) sum += t->in_hand[i];
    html(b, "<section class=\"panel\" aria-labelledby=\"bal\"><h2 class=\"vh\" id=\"bal\">%s</h2>"
         "<div class=\"balance\">", tr(q, "Balance", "平衡"));
    balance_part(q, b, "", t->given, tr(q, "given", "给付"));
    balance_part(q, b, "=", t->reached, tr(q, "with households and payees", "到户、到收款人"));
    for (int i = 0; i < STAGES; i++)
        if (t->in_hand[i])
            balance_part(q, b, "+", t->in_hand[i], arena_printf(q->arena, tr(q, "in hand: %s", "%s在手"),
                                                                stage_name(q, i)));
    if (t->under_way) balance_part(q, b, "+", t->under_way, tr(q, "under way", "在途"));
    if (sum == t->given)
        html(b, "<span class=\"tag ok\">✓ %s</span>", tr(q, "Balances to the fen", "分毫不差"));
    else
        html(b, "<span class=\"tag err\">%s</span>", tr(q, "Does not balance: run jiedui verify",
                                                        "不平衡：请运行 jiedui verify"));
    html_raw(b, "</div></section>");
}

static int larger_link(const void *x, const void *y)
{
    const struct flow_link *a = x, *b = y;
    if (a->value != b->value) return a->value > b->value ? -1 : 1;
    return a->from != b->from ? a->from - b->from : a->to - b->to;
}

static void twin_table(struct request *q, struct buf *b, const struct flow *f)
{
    int n = f->n_links < TABLE_ROWS ? f->n_links : TABLE_ROWS;
    if (f->n_links) qsort(f->links, (size_t)f->n_links, sizeof *f->links, larger_link);
    html(b, "<details class=\"twin\"><summary>%s</summary>", arena_printf(q->arena,
         tr(q, "Show as table: the %d largest of %d flows", "以表格显示：最大 %d 项，共 %d 项"), n, f->n_links));
    table_open(b, tr(q, "The largest flows", "最大的资金流"), "stack");
    table_head(b, tr(q, "From", "自"), false);
    table_head(b, tr(q, "To", "至"), false);
    table_head(b, tr(q, "Yuan", "元"), true);
    html_raw(b, "</tr></thead><tbody role=\"rowgroup\">");
    for (int i = 0; i < n; i++) {
        const struct flow_link *k = &f->links[i];
        html(b, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><a href=\"%s\">%s</a></th>"
             "<td role=\"cell\" data-l=\"%s\"><a href=\"%s\">%s</a></td><td role=\"cell\" class=\"num\" "
             "data-l=\"%s\">%s</td></tr>", f->nodes[k->from].url, f->nodes[k->from].label, tr(q, "To", "至"),
             f->nodes[k->to].url, f->nodes[k->to].label, tr(q, "Yuan", "元"), money_text(q, k->value, false));
    }
    html_raw(b, "</tbody></table></div></details>");
}

static void trail_panel(struct request *q, struct buf *b, const struct flow *f, const struct trail *t)
{
    const char *name = tr(q, "Money from who gave it to where it is", "资金自出资方至所在");
    struct flow wide = flow_merge(f, WIDE_BOXES, q->arena), narrow = flow_merge(f, NARROW_BOXES, q->arena);
    html(b, "<figure class=\"panel\"><header><h2>%s</h2><span class=\"key\"><svg width=\"20\" height=\"12\" "
         "aria-hidden=\"true\"><defs><pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" "
         "patternTransform=\"rotate(45)\"><rect class=\"h0\" width=\"6\" height=\"6\"/>"
         "<path class=\"h1\" d=\"M0 0V6\"/>"
         "</pattern></defs><rect class=\"in-hand\" x=\"1\" y=\"1\" width=\"18\" height=\"10\"/></svg>%s</span></header>"
         "<div class=\"wide\">", tr(q, "Money trail", "资金去向"),
         tr(q, "In hand, not passed on yet", "在手，尚未拨出"));
    chart_sankey(b, name, &wide, WIDE, false, q->arena);
    html_raw(b, "</div><div class=\"narrow\">");
    chart_sankey(b, name, &narrow, NARROW, true, q->arena);
    html_raw(b, "</div>");
    struct flow all = *f;
    twin_table(q, b, &all);
    html(b, "<figcaption>%s</figcaption></figure>", tr(q,
         "Widths are yuan. A box or a band opens the accounts behind it; small boxes are merged. Every amount "
         "is followed lot by lot, so it is exact for any splitting and merging.",
         "宽度表示金额。点开方框或流带可见其账户；较小的方框已合并。金额逐笔追踪，分拆合并后仍然精确。"));
    if (t->elsewhere)
        html(b, "<p class=\"note\">%s</p>", arena_printf(q->arena, tr(q,
             "%s moved between holders of the same kind, or back, and is not drawn.",
             "另有 %s 在同级之间流转或退回，未画出。"), money_text(q, t->elsewhere, true)));
}

static bool too_large(struct request *q, bool *large, struct err *e)
{
    int64_t legs = 0;
    if (!ledger_size(q->seat->db, &legs, e)) return false;
    *large = legs > MOST_LEGS;
    return true;
}

static void empty_page(struct request *q, struct response *r, const char *why)
{
    struct buf *b = &r->body;
    page_begin(q, r, NAV_FLOW, tr(q, "Money trail", "资金去向"));
    head_begin(b, tr(q, "Money trail", "资金去向"), why);
    head_end(b);
    page_end(q, r);
}

void flow_page(struct request *q, struct response *r)
{
    struct trail t = { .q = q, .accounts = model_find(q->seat->model, "ledger_account") };
    struct err e = { .code = ERR_NONE };
    struct buf *b = &r->body;
    bool large = false;
    if (scope_is_public(q->scope)) {
        public_flow_page(q, r);
        return;
    }
    if (!q->scope->everywhere || !scope_reads(q->scope, ACCESS_MONEY)) {
        empty_page(q, r, tr(q, "The trail of all money is drawn for who may see the whole store.",
                            "全部资金的去向只向可见全库者绘出。"));
        return;
    }
    if (!t.accounts || !too_large(q, &large, &e)) {
        page_fail(q, r, &e);
        return;
    }
    if (large) {
        empty_page(q, r, tr(q, "The ledger is too large to be drawn as a whole: follow one batch with "
            "`jiedui money trace --from BATCH`.", "账本过大，无法整体绘制：请用 jiedui money trace 追踪单个批次。"));
        return;
    }
    bool ok = read_trail(&t, &e);
    if (ok && !t.given) {
        empty_page(q, r, tr(q, "No money is in the ledger yet. Load accounts (ledger_account.csv) and post transfers "
            "with `jiedui money post FILE`.", "账本中还没有资金。请先载入账户（ledger_account.csv），再用 jiedui money post 记账。"));
    } else if (ok) {
        struct shown s = { .t = &t };
        struct flow f = make_flow(&s);
        page_begin(q, r, NAV_FLOW, tr(q, "Money trail", "资金去向"));
        head_begin(b, arena_printf(q->arena, tr(q, "%s of %s has reached households and payees",
            "%s 已到户、到收款人（共给付 %s）"), money_text(q, t.reached, true), money_text(q, t.given, true)),
            tr(q, "Follow the money from who gave it, through offices and places, to projects and households.",
               "自出资方起，经单位、地区、项目，直至农户。"));
        html(b, "<a class=\"btn\" href=\"%s\">%s</a>", page_url(q, "/flow/transfers"), tr(q, "All transfers", "流转明细"));
        head_end(b);
        balance_panel(q, b, &t);
        trail_panel(q, b, &f, &t);
        page_end(q, r);
    } else {
        page_fail(q, r, &e);
    }
    free_trail(&t);
}
