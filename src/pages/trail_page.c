/* The money trail of one household: every fen that its accounts received, followed back through the lots
 * of the ledger to who gave it. An account outside the area of who looks is told by its holder alone. */
#include "pages/face.h"

#include <stdlib.h>
#include <string.h>

#include "base/date.h"
#include "programme/money/trace.h"
#include "web/sankey.h"

enum { MOST_PIECES = 20000, WIDE = 1106, NARROW = 358, WIDE_BOXES = 8, NARROW_BOXES = 4, DEEP = 66 };

struct named { const char *label, *url; int node; bool own; };
struct trail {
    struct face_view v;
    const struct table_map *accounts;
    struct ways ways;
    struct map names;              /* account_ref -> struct named */
    struct flow_node *node; int nodes, cap;
    struct flow_link *link; int links, room;
    int end;                       /* node of the household */
    int64_t elsewhere;
};

/* --- who an account belongs to --- */

static const char *holder_text(struct request *q, const struct table_map *m, const struct val *row)
{
    const char *kind = row_words(q, m, row, "holder_kind");
    struct val org = row_at(m, row, "organisation"), place = row_at(m, row, "place");
    if (org.type == VAL_INT) return org_title(q, org.i);
    if (place.type == VAL_INT && place_level(place.i) < 4)
        return arena_printf(q->arena, q->zh ? "%s（%s）" : "%s (%s)", place_name(q, place.i), kind);
    return arena_printf(q->arena, tr(q, "%s, outside your area", "%s（不在您的范围内）"), kind);
}

static bool name_account(struct trail *t, struct account_ref at, struct named *out, struct err *e)
{
    struct request *q = t->v.q;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    const struct named *known = map_get(&t->names, &at);
    bool found = false, seen = false;
    if (known) {
        *out = *known;
        return true;
    }
    *out = (struct named){ .label = tr(q, "an account that is not there", "账户不存在"), .url = t->v.url,
                           .node = -1 };
    if (!row_get(q->seat->db, t->accounts, at.county, at.id, q->arena, row, &found, e)) return false;
    if (found) {
        struct val own = row_at(t->accounts, row, "household");
        out->own = own.type == VAL_INT && own.i == t->v.id &&
                   ref_county(q, t->accounts, LEDGER_ACCOUNT_HOUSEHOLD, row) == t->v.county;
        if (!row_seen(q->seat->model, q->seat->db, q->scope, t->accounts, at.county, at.id, q->arena, row, &seen, e))
            return false;
        out->label = seen ? row_title(q, t->accounts, row) : holder_text(q, t->accounts, row);
        if (seen) out->url = record_url(q, t->accounts, at.county, at.id);
    }
    *(struct named *)map_put(&t->names, &at, NULL) = *out;
    return true;
}

/* --- as a flow --- */

static int add_node(struct trail *t, const char *label, const char *url)
{
    t->node = arena_more(t->v.q->arena, t->node, t->nodes, &t->cap, sizeof *t->node);
    t->node[t->nodes] = (struct flow_node){ .label = label, .url = url };
    return t->nodes++;
}

static bool node_of(struct trail *t, struct account_ref at, int *node, struct err *e)
{
    struct named n;
    if (!name_account(t, at, &n, e)) return false;
    if (n.node < 0) {
        n.node = n.own ? t->end : add_node(t, n.label, n.url);
        *(struct named *)map_put(&t->names, &at, NULL) = n;
    }
    *node = n.node;
    return true;
}

static void add_link(struct trail *t, int from, int to, int64_t amount)
{
    if (from == to) return;
    for (int i = 0; i < t->links; i++)
        if (t->link[i].from == from && t->link[i].to == to) {
            t->link[i].value += amount;
            return;
        }
    t->link = arena_more(t->v.q->arena, t->link, t->links, &t->room, sizeof *t->link);
    t->link[t->links++] = (struct flow_link){ from, to, amount, t->node[to].url, false };
}

/* Every band leads to a later stage; money that went round in a ring is not drawn. */
static void set_stages(struct trail *t)
{
    int last = 1, kept = 0;
    for (int round = 0; round < DEEP; round++)
        for (int i = 0; i < t->links; i++) {
            struct flow_node *to = &t->node[t->link[i].to];
            int next = t->node[t->link[i].from].stage + 1;
            if (to->stage < next && next < DEEP) to->stage = next;
        }
    for (int i = 0; i < t->nodes; i++)
        if (i != t->end && t->node[i].stage + 1 > last) last = t->node[i].stage + 1;
    t->node[t->end].stage = last;
    for (int i = 0; i < t->links; i++) {
        const struct flow_link k = t->link[i];
        if (t->node[k.from].stage < t->node[k.to].stage) t->link[kept++] = k;
        else t->elsewhere += k.value;
    }
    t->links = kept;
}

static const char *amount_of(void *arg, int64_t value) { return money_text(arg, value, false); }

static const char *others(void *arg, int stage, int count)
{
    struct request *q = arg;
    (void)stage;
    return arena_printf(q->arena, tr(q, "%d others", "其他 %d 个"), count);
}

static const char *others_url(void *arg, int stage)
{
    const struct request *q = arg;
    (void)stage;
    return page_url(q, "/records/ledger_account");
}

static bool make_flow(struct trail *t, struct flow *f, struct err *e)
{
    struct request *q = t->v.q;
    t->end = add_node(t, tr(q, "This household", "本户"), t->v.url);
    for (int i = 0; i < t->ways.n; i++) {
        const struct way *w = &t->ways.at[i];
        int from = -1, to = -1;
        for (int k = 0; k < w->n; k++) {
            if (!node_of(t, w->at[k], &to, e)) return false;
            if (from >= 0) add_link(t, from, to, w->amount);
            from = to;
        }
    }
    set_stages(t);
    int n = t->node[t->end].stage + 1;
    const char **names = arena_array(q->arena, (size_t)n, sizeof *names);
    for (int i = 0; i < n; i++)
        names[i] = i == 0 ? tr(q, "Giver", "出资方") : i == n - 1 ? tr(q, "Household", "农户") : tr(q,
                "Through", "经由");
    *f = (struct flow){ .stages = names, .n_stages = n, .nodes = t->node, .n_nodes = t->nodes, .links = t->link,
        .n_links = t->links, .amount = amount_of, .others = others, .others_url = others_url, .in_hand = "", .arg = q };
    flow_balance(f, q->arena);
    return true;
}

/* --- reading --- */

static bool read_trail(struct trail *t, struct err *e)
{
    struct spans spans = { 0 };
    struct db *d = t->v.q->seat->rows;
    bool ok = db_begin_read(d, e);
    bool began = ok;
    ok = ok && spans_of_holder(d, TRACE_HOUSEHOLD, t->v.county, t->v.id, &spans, e) &&
         ways_back(d, &spans, MOST_PIECES, t->v.q->arena, &t->ways, e);
    if (began) db_end_read(d);
    free(spans.at);
    return ok;
}

static bool open_trail(struct request *q, struct response *r, struct trail *t, struct val *row)
{
    struct err e = { .code = ERR_NONE };
    *t = (struct trail){ .accounts = model_find(q->seat->model, "ledger_account") };
    map_init(&t->names, sizeof(struct account_ref), sizeof(struct named));
    if (!scope_reads(q->scope, ACCESS_MONEY)) {
        page_error(q, r, 403, tr(q, "This page is for those who may see the ledger.",
                                 "本页仅供可查看资金账的人员使用。"));
        return false;
    }
    if (!face_read(q, r, &household_face, &t->v, row)) return false;
    if (read_trail(t, &e)) return true;
    if (e.code == ERR_FULL) page_error(q, r, 422, e.message);
    else page_fail(q, r, &e);
    return false;
}

/* --- the page --- */

static bool way_line(struct trail *t, const struct way *w, struct err *e)
{
    struct request *q = t->v.q;
    struct buf *b = t->v.b;
    struct named n;
    if (!name_account(t, w->at[0], &n, e)) return false;
    html(b,
         "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\"><a href=\"%s\">%s</a></th><td role=\"cell\" "
         "data-l=\"%s\">",
         n.url, n.label, tr(q, "Through", "经由"));
    for (int k = 1; k < w->n; k++) {
        if (!name_account(t, w->at[k], &n, e)) return false;
        html(b, "%s<a href=\"%s\">%s</a>", k > 1 ? " → " : "", n.url, n.label);
    }
    html_raw(b, "</td>");
    table_cell(b, tr(q, "Yuan", "元"), money_text(q, w->amount, false), true);
    table_cell(b, tr(q, "Reached it", "到户日期"), w->last <= DATE_MIN ? "–" : w->first == w->last
               ? date_text(q, w->last, true)
               : arena_printf(q->arena, "%s – %s", date_text(q, w->first, true), date_text(q, w->last, true)), false);
    table_cell(b, tr(q, "Pieces", "笔数"), number_text(q, w->pieces, 0), true);
    html_raw(b, "</tr>");
    return true;
}

static bool ways_table(struct trail *t, struct err *e)
{
    struct request *q = t->v.q;
    struct buf *b = t->v.b;
    html(b, "<section class=\"panel\"><header><h2>%s</h2><a href=\"%s/trail/table.csv\">CSV</a></header>",
         tr(q, "Each way, to the fen", "逐条路径（分毫不差）"), t->v.url);
    table_open(b, tr(q, "Ways of the money", "资金路径"), "stack");
    table_head(b, tr(q, "Giver", "出资方"), false);
    table_head(b, tr(q, "Through", "经由"), false);
    table_head(b, tr(q, "Yuan", "元"), true);
    table_head(b, tr(q, "Reached it", "到户日期"), false);
    table_head(b, tr(q, "Pieces", "笔数"), true);
    table_body(b);
    for (int i = 0; i < t->ways.n; i++)
        if (!way_line(t, &t->ways.at[i], e)) return false;
    table_close(b);
    html(b, "<p class=\"note\">%s</p></section>", arena_printf(q->arena, tr(q,
            "Together %s, which is what its accounts received.",
         "合计 %s，即该户账户所收金额。"), money_text(q, t->ways.amount, false)));
    return true;
}

static const char *picture_name(struct request *q)
{
    return tr(q, "Money from who gave it to this household", "资金自出资方至本户");
}

static bool picture(struct trail *t, struct err *e)
{
    struct request *q = t->v.q;
    struct buf *b = t->v.b;
    struct flow f;
    const char *name = picture_name(q);
    if (!make_flow(t, &f, e)) return false;
    struct flow wide = flow_merge(&f, WIDE_BOXES, q->arena), narrow = flow_merge(&f, NARROW_BOXES, q->arena);
    html(b, "<figure class=\"panel\"><header><h2>%s</h2><a href=\"%s/trail/trail.svg\">SVG</a></header><div "
         "class=\"wide\">", tr(q, "From the givers to this household", "自出资方至本户"), t->v.url);
    chart_sankey(b, name, &wide, WIDE, false, q->arena);
    html_raw(b, "</div><div class=\"narrow\">");
    chart_sankey(b, name, &narrow, NARROW, true, q->arena);
    html(b, "</div><figcaption>%s</figcaption>", tr(q,
                                                    "Only the part of each account's money that reached this "
                                                    "household; widths are yuan.",
         "仅含各账户资金中到达本户的部分；宽度表示金额。"));
    if (t->elsewhere)
        html(b, "<p class=\"note\">%s</p>", arena_printf(q->arena, tr(q, "%s went round in a ring and is not drawn.",
             "另有 %s 往返流转，未画出。"), money_text(q, t->elsewhere, false)));
    html_raw(b, "</figure>");
    return true;
}

static int count_givers(const struct ways *w)
{
    int n = 0;
    for (int i = 0; i < w->n; i++) {
        bool before = false;
        for (int k = 0; k < i; k++) before |= !memcmp(&w->at[k].at[0], &w->at[i].at[0], sizeof w->at[0].at[0]);
        n += !before;
    }
    return n;
}

static const char *conclusion(struct request *q, const struct ways *w)
{
    int givers = count_givers(w);
    if (!w->n) return tr(q, "No money of the ledger has reached this household", "账本中尚无资金到达本户");
    return arena_printf(q->arena, givers == 1 ? tr(q, "%s reached this household, from %d giver",
                                                   "%s 已到本户，来自 %d 个出资方")
                        : tr(q, "%s reached this household, from %d givers",
                             "%s 已到本户，来自 %d 个出资方"),
                        money_text(q, w->amount, false), givers);
}

void household_trail_page(struct request *q, struct response *r)
{
    struct trail t;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct err e = { .code = ERR_NONE };
    if (open_trail(q, r, &t, row)) {
        const char *title = tr(q, "Money trail", "资金去向");
        page_begin(q, r, NAV_FLOW, title);
        face_crumbs(&t.v, title);
        head_begin(&r->body, conclusion(q, &t.ways), t.ways.n ? tr(q,
            "Followed back lot by lot, so it is exact for any splitting and merging on the way.",
            "逐笔回溯，分拆合并后仍然精确。") : tr(q,
                                    "Money paid in another way stands among what happened to the household.",
            "以其他方式支付的款项见该户大事记。"));
        head_end(&r->body);
        if (!t.ways.n || (picture(&t, &e) && ways_table(&t, &e))) page_end(q, r);
        else page_fail(q, r, &e);
    }
    map_free(&t.names);
}

static bool csv_way(struct trail *t, const struct way *w, struct response *r, struct err *e)
{
    struct arena *a = t->v.q->arena;
    const char *through = "", *giver = "";
    char day[DATE_TEXT] = "";
    for (int k = 0; k < w->n; k++) {
        struct named n;
        if (!name_account(t, w->at[k], &n, e)) return false;
        if (k == 0) giver = n.label;
        else through = arena_printf(a, "%s%s%s", through, *through ? " > " : "", n.label);
    }
    if (w->last > DATE_MIN) date_format(w->last, day);
    csv_put(r, (const char *[]){ giver, through, yuan_text(t->v.q, w->amount), day, arena_printf(a, "%d",
            w->pieces) }, 5);
    return true;
}

void household_trail_csv(struct request *q, struct response *r)
{
    static const char *const heads[] = { "giver", "through", "yuan", "last_day", "pieces" };
    struct trail t;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct err e = { .code = ERR_NONE };
    bool ok = true;
    if (open_trail(q, r, &t, row)) {
        csv_answer(r, "trail.csv", heads, COUNT(heads));
        for (int i = 0; ok && i < t.ways.n; i++) ok = csv_way(&t, &t.ways.at[i], r, &e);
        if (!ok) page_fail(q, r, &e);
    }
    map_free(&t.names);
}

void household_trail_svg(struct request *q, struct response *r)
{
    struct trail t;
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct err e = { .code = ERR_NONE };
    struct flow f;
    if (open_trail(q, r, &t, row)) {
        if (!t.ways.n) {
            page_error(q, r, 404, tr(q, "No money of the ledger has reached this household", "账本中尚无资金到达本户"));
        } else if (make_flow(&t, &f, &e)) {
            struct flow wide = flow_merge(&f, WIDE_BOXES, q->arena);
            chart_sankey(&r->body, picture_name(q), &wide, WIDE, false, q->arena);
            chart_alone(&r->body, 0);
            r->type = "image/svg+xml; charset=utf-8";
            r->filename = "trail.svg";
        } else {
            page_fail(q, r, &e);
        }
    }
    map_free(&t.names);
}
