#include "web/sankey.h"

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "web/html.h"

enum { TALL = 560, TALL_EACH = 160, GAP = 12, LEAST = 20, HEAD = 26, BAR = 7, BOX_MOST = 220, BAND_LEAST = 90,
       SWEEPS = 6, DOWN_STEP = 150, DOWN_LABEL = 54, DOWN_NAME = 22, DOWN_BAR = 12, DOWN_GAP = 10,
       DOWN_LEAST = 74, STUB = 8, TWO_LINES = 36, THREE_LINES = 52, LINE = 16 };
static const double COLUMN = 7, AMOUNT_COLUMN = 6.3;

void flow_balance(struct flow *f, struct arena *a)
{
    int64_t *out = arena_array(a, (size_t)f->n_nodes + 1, sizeof *out);
    for (int i = 0; i < f->n_nodes; i++) f->nodes[i].value = 0;
    for (int i = 0; i < f->n_links; i++) {
        f->nodes[f->links[i].to].value += f->links[i].value;
        out[f->links[i].from] += f->links[i].value;
    }
    for (int i = 0; i < f->n_nodes; i++) {
        int64_t gone = out[i] + (f->nodes[i].in_hand > 0 ? f->nodes[i].in_hand : 0);
        if (gone > f->nodes[i].value) f->nodes[i].value = gone;
    }
}

/* --- merging --- */

struct ranked { int64_t value; int node; };

static int larger(const void *x, const void *y)
{
    const struct ranked *a = x, *b = y;
    if (a->value != b->value) return a->value > b->value ? -1 : 1;
    return a->node - b->node;
}

/* Nodes of a stage, largest first. */
static int stage_nodes(const struct flow *f, int stage, struct ranked *out)
{
    int n = 0;
    for (int i = 0; i < f->n_nodes; i++)
        if (f->nodes[i].stage == stage) out[n++] = (struct ranked){ f->nodes[i].value, i };
    if (n) qsort(out, (size_t)n, sizeof *out, larger);
    return n;
}

static int count_of(const struct flow_node *n) { return n->merged > 1 ? n->merged : 1; }

static void merge_stage(const struct flow *f, int stage, int most, struct flow *out, int *to,
                        struct ranked *r)
{
    int n = stage_nodes(f, stage, r), keep = n > most ? most - 1 : n;
    for (int i = 0; i < keep; i++) {
        to[r[i].node] = out->n_nodes;
        out->nodes[out->n_nodes++] = f->nodes[r[i].node];
    }
    if (keep == n) return;
    struct flow_node others = { .stage = stage };
    for (int i = keep; i < n; i++) {
        const struct flow_node *one = &f->nodes[r[i].node];
        to[r[i].node] = out->n_nodes;
        others.merged += count_of(one);
        others.in_hand += one->in_hand;
    }
    others.label = f->others(f->arg, stage, others.merged);
    others.url = f->others_url(f->arg, stage);
    out->nodes[out->n_nodes++] = others;
}

static int by_ends(const void *x, const void *y)
{
    const struct flow_link *a = x, *b = y;
    if (a->from != b->from) return a->from - b->from;
    if (a->to != b->to) return a->to - b->to;
    return (int)a->on - (int)b->on;
}

struct flow flow_merge(const struct flow *f, int most, struct arena *a)
{
    struct flow out = *f;
    int *to = arena_array(a, (size_t)f->n_nodes + 1, sizeof *to);
    struct ranked *r = arena_array(a, (size_t)f->n_nodes + 1, sizeof *r);
    out.nodes = arena_array(a, (size_t)f->n_nodes + (size_t)f->n_stages + 1, sizeof *out.nodes);
    out.links = arena_array(a, (size_t)f->n_links + 1, sizeof *out.links);
    out.n_nodes = out.n_links = 0;
    for (int s = 0; s < f->n_stages; s++) merge_stage(f, s, most, &out, to, r);
    struct flow_link *moved = arena_array(a, (size_t)f->n_links + 1, sizeof *moved);
    for (int i = 0; i < f->n_links; i++) {
        moved[i] = f->links[i];
        moved[i].from = to[moved[i].from];
        moved[i].to = to[moved[i].to];
    }
    if (f->n_links) qsort(moved, (size_t)f->n_links, sizeof *moved, by_ends);
    for (int i = 0; i < f->n_links; i++) {
        struct flow_link *last = out.n_links ? &out.links[out.n_links - 1] : NULL;
        if (last && by_ends(last, &moved[i]) == 0) {
            last->value += moved[i].value;
            last->url = out.nodes[last->to].merged > 1 ? out.nodes[last->from].url : out.nodes[last->to].url;
        } else {
            out.links[out.n_links++] = moved[i];
        }
    }
    flow_balance(&out, a);
    return out;
}

/* --- layout --- */

/* A box on the axis across the flow; `in` and `out` run on as bands are put to its sides. */
struct box { double at, size, in, out, middle; };
struct layout {
    const struct flow *f;
    struct box *box;
    int **row, *n;             /* nodes of each stage, in the order they are drawn */
    double scale, size;        /* px for one unit; of the widest stage */
    double gap, least;
};

static double stage_size(const struct layout *l, int stage, double scale)
{
    double sum = l->n[stage] ? (l->n[stage] - 1) * l->gap : 0;
    for (int i = 0; i < l->n[stage]; i++) {
        double own = (double)l->f->nodes[l->row[stage][i]].value * scale;
        sum += own < l->least ? l->least : own;
    }
    return sum;
}

static double widest(const struct layout *l, double scale)
{
    double most = 0;
    for (int s = 0; s < l->f->n_stages; s++) {
        double own = stage_size(l, s, scale);
        if (own > most) most = own;
    }
    return most;
}

/* The largest scale with which every stage fits into `room`; small boxes do not shrink below `least`. */
static void find_scale(struct layout *l, double room)
{
    int64_t largest = 1;
    for (int i = 0; i < l->f->n_nodes; i++)
        if (l->f->nodes[i].value > largest) largest = l->f->nodes[i].value;
    double lo = 0, hi = room / (double)largest;
    for (int i = 0; i < 50; i++) {
        double mid = (lo + hi) / 2;
        if (widest(l, mid) <= room) lo = mid;
        else hi = mid;
    }
    l->scale = lo;
    l->size = widest(l, lo);
}

static void place_stage(struct layout *l, int stage)
{
    double at = 0;
    for (int i = 0; i < l->n[stage]; i++) {
        struct box *b = &l->box[l->row[stage][i]];
        b->at = at;
        b->size = (double)l->f->nodes[l->row[stage][i]].value * l->scale;
        if (b->size < l->least) b->size = l->least;
        at += b->size + l->gap;
    }
}

/* Where its neighbours on one side lie on average, or where it lies now. */
static double pull(const struct layout *l, int node, bool from_left)
{
    double sum = 0, weight = 0;
    for (int i = 0; i < l->f->n_links; i++) {
        const struct flow_link *k = &l->f->links[i];
        if ((from_left ? k->to : k->from) != node) continue;
        const struct box *b = &l->box[from_left ? k->from : k->to];
        sum += (b->at + b->size / 2) * (double)k->value;
        weight += (double)k->value;
    }
    const struct box *own = &l->box[node];
    return weight > 0 ? sum / weight : own->at + own->size / 2;
}

/* Few boxes a stage: insertion keeps equal ones in their order. Merged boxes stay last. */
static void order_stage(struct layout *l, int stage, bool from_left)
{
    int *row = l->row[stage], n = l->n[stage];
    for (int i = 0; i < n; i++)
        l->box[row[i]].middle = l->f->nodes[row[i]].merged > 1 ? 1e12 : pull(l, row[i], from_left);
    for (int i = 1; i < n; i++)
        for (int j = i; j > 0 && l->box[row[j]].middle < l->box[row[j - 1]].middle; j--) {
            int t = row[j];
            row[j] = row[j - 1];
            row[j - 1] = t;
        }
    place_stage(l, stage);
}

static void lay_out(struct layout *l, const struct flow *f, double room, struct arena *a)
{
    struct ranked *r = arena_array(a, (size_t)f->n_nodes + 1, sizeof *r);
    l->f = f;
    l->box = arena_array(a, (size_t)f->n_nodes + 1, sizeof *l->box);
    l->row = arena_array(a, (size_t)f->n_stages + 1, sizeof *l->row);
    l->n = arena_array(a, (size_t)f->n_stages + 1, sizeof *l->n);
    for (int s = 0; s < f->n_stages; s++) {
        l->n[s] = stage_nodes(f, s, r);
        l->row[s] = arena_array(a, (size_t)l->n[s] + 1, sizeof **l->row);
        for (int i = 0; i < l->n[s]; i++) l->row[s][i] = r[i].node;
    }
    find_scale(l, room);
    for (int s = 0; s < f->n_stages; s++) place_stage(l, s);
    for (int k = 0; k < SWEEPS; k++) {
        bool forth = k % 2 == 0;
        for (int i = 1; i < f->n_stages; i++) order_stage(l, forth ? i : f->n_stages - 1 - i, forth);
    }
}

/* --- bands --- */

struct band { const struct flow_link *link; double from, to, thick; };
struct banding { struct layout *l; struct band *at; };

/* Bands leave a box in the order of where they go, and arrive in the order of where they come from. */
static void put_bands(struct layout *l, struct band *at, bool leaving)
{
    int n = l->f->n_links;
    for (int node = 0; node < l->f->n_nodes; node++) {
        double pen = l->box[node].at, last = -1;
        for (;;) {
            struct band *next = NULL;
            double where = 0;
            for (int i = 0; i < n; i++) {
                const struct flow_link *k = at[i].link;
                if ((leaving ? k->from : k->to) != node) continue;
                double other = l->box[leaving ? k->to : k->from].at + (double)i * 1e-6;
                if (other > last && (!next || other < where)) next = &at[i], where = other;
            }
            if (!next) break;
            if (leaving) next->from = pen;
            else next->to = pen;
            pen += next->thick;
            last = where;
        }
    }
}

static void percent(struct buf *b, const struct flow *f, const struct flow_link *k)
{
    int64_t whole = f->nodes[k->from].value;
    if (whole > 0) buf_printf(b, " (%d%%)", (int)((double)k->value * 100 / (double)whole + 0.5));
}

static void band_open(struct buf *b, const struct flow *f, const struct flow_link *k)
{
    const char *from = f->nodes[k->from].label, *to = f->nodes[k->to].label, *sum = f->amount(f->arg, k->value);
    html(b, "<a href=\"%s\" data-tip=\"%s → %s\n%s", k->url, from, to, sum);
    percent(b, f, k);
    html(b, "\" aria-label=\"%s → %s, %s\">", from, to, sum);
}

/* One band; x runs along the flow. */
static void band_path(struct buf *b, double x0, double x1, const struct band *d, double head, bool down)
{
    double mx = (x0 + x1) / 2, y0 = d->from + head, y1 = d->to + head, t = d->thick;
    if (down)
        buf_printf(b, "M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1fh%.1fC%.1f %.1f %.1f %.1f %.1f %.1fz",
                   y0, x0, y0, mx, y1, mx, y1, x1, t, y1 + t, mx, y0 + t, mx, y0 + t, x0);
    else
        buf_printf(b, "M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1fv%.1fC%.1f %.1f %.1f %.1f %.1f %.1fz",
                   x0, y0, mx, y0, mx, y1, x1, y1, t, mx, y1 + t, mx, y0 + t, x0, y0 + t);
}

/* --- drawing --- */

struct frame { double step, box, head; bool down; }; /* along: from stage to stage; of a box */

static void draw_bands(struct buf *b, struct layout *l, const struct frame *fr, struct arena *a)
{
    const struct flow *f = l->f;
    struct band *at = arena_array(a, (size_t)f->n_links + 1, sizeof *at);
    for (int i = 0; i < f->n_links; i++)
        at[i] = (struct band){ .link = &f->links[i], .thick = (double)f->links[i].value * l->scale };
    put_bands(l, at, true);
    put_bands(l, at, false);
    for (int i = 0; i < f->n_links; i++) {
        const struct flow_link *k = at[i].link;
        double x0 = f->nodes[k->from].stage * fr->step + fr->box, x1 = f->nodes[k->to].stage * fr->step;
        if (fr->down) x0 += DOWN_LABEL, x1 += DOWN_LABEL;
        if (at[i].thick < 1) at[i].thick = 1;
        band_open(b, f, k);
        html(b, "<path class=\"lk%s k%d\" d=\"", k->on ? " on" : "", f->nodes[k->from].stage % 5 + 1);
        band_path(b, x0, x1, &at[i], fr->head, fr->down);
        buf_str(b, "\"/></a>");
    }
}

static size_t columns_of(double room, double column) { return room > 2 * column ? (size_t)(room / column) : 2; }

/* A text of at most so many px, cut with an ellipsis. `column`: px of a half-width sign; amounts have
 * narrow points, commas and blanks in them. */
static void cut_text(struct buf *b, const char *s, double room, double column)
{
    size_t columns = columns_of(room, column), n = strlen(s);
    if (utf8_width(s, n) <= columns) {
        html_text(b, s, n);
        return;
    }
    while (n > 0 && utf8_width(s, n) > columns - 1) n = utf8_cut(s, n, n - 1);
    html_text(b, s, n);
    buf_str(b, "…");
}

/* The bytes of a label's first line: all of it, or up to a blank in its second half, or what fits. */
static size_t first_line(const char *s, double room)
{
    size_t columns = columns_of(room, COLUMN), n = strlen(s), fits = n;
    while (fits > 0 && utf8_width(s, fits) > columns) fits = utf8_cut(s, n, fits - 1);
    for (size_t i = fits; fits < n && i > fits / 2; i--)
        if (s[i] == ' ') return i;
    return fits;
}

static double in_hand_px(const struct layout *l, const struct flow_node *n, double size)
{
    double px = (double)(n->in_hand > 0 ? n->in_hand : 0) * l->scale;
    if (n->in_hand > 0 && px < 2) px = 2;
    return px < size ? px : size;
}

static void box_open(struct buf *b, const struct flow *f, const struct flow_node *n)
{
    const char *sum = f->amount(f->arg, n->value), *rest = n->in_hand > 0 ? f->amount(f->arg, n->in_hand) : NULL;
    html(b, "<a href=\"%s\" data-tip=\"%s\n%s", n->url, n->label, sum);
    if (rest) html(b, "\n%s %s", f->in_hand, rest);
    html(b, "\" aria-label=\"%s %s", sum, n->label);
    if (rest) html(b, ", %s %s", f->in_hand, rest);
    buf_str(b, "\">");
}

static void rectangle(struct buf *b, const char *class, int k, double x, double y, double w, double h)
{
    buf_printf(b, "<rect class=\"%s%.0d\" x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\"/>", class, k, x,
               y, w, h);
}

/* What is written in a box may be cut. It lies over the link and is no part of it, for the link's name says
 * it whole, and is what is read out. */
static void label_text(struct buf *b, double x, double y, const char *label, double room)
{
    buf_printf(b, "<text class=\"nm2\" aria-hidden=\"true\" x=\"%.1f\" y=\"%.1f\">", x, y);
    cut_text(b, label, room, COLUMN);
    buf_str(b, "</text>");
}

static void draw_box(struct buf *b, const struct layout *l, const struct frame *fr, int node, struct arena *a)
{
    const struct flow *f = l->f;
    const struct flow_node *n = &f->nodes[node];
    const struct box *x = &l->box[node];
    double left = n->stage * fr->step, top = x->at + fr->head, hand = in_hand_px(l, n, x->size);
    int k = n->stage % 5 + 1;
    box_open(b, f, n);
    rectangle(b, "nd bx", 0, left, top, fr->box, x->size);
    rectangle(b, "k", k, left, top, BAR, x->size);
    if (n->stage < f->n_stages - 1) rectangle(b, "k", k, left + fr->box - BAR, top, BAR, x->size);
    if (hand > 0) rectangle(b, "in-hand", 0, left + fr->box - BAR, top + x->size - hand, BAR, hand);
    buf_str(b, "</a>");
    bool two = x->size >= TWO_LINES;
    double middle = top + x->size / 2 + (two ? -3 : 5), room = fr->box - 2 * BAR - 2 * STUB;
    size_t first = first_line(n->label, room);
    if (x->size >= THREE_LINES && n->label[first]) {
        middle -= LINE / 2.0;
        label_text(b, left + BAR + STUB, middle, arena_strndup(a, n->label, first), room);
        middle += LINE;
        label_text(b, left + BAR + STUB, middle, n->label + first + (n->label[first] == ' '), room);
    } else {
        label_text(b, left + BAR + STUB, middle, n->label, room);
    }
    if (two) {
        buf_printf(b, "<text aria-hidden=\"true\" x=\"%.1f\" y=\"%.1f\">", left + BAR + STUB, middle + LINE);
        cut_text(b, f->amount(f->arg, n->value), room, AMOUNT_COLUMN);
        buf_str(b, "</text>");
    }
}

static void draw_box_down(struct buf *b, const struct layout *l, const struct frame *fr, int node)
{
    const struct flow *f = l->f;
    const struct flow_node *n = &f->nodes[node];
    const struct box *x = &l->box[node];
    double top = n->stage * fr->step, hand = in_hand_px(l, n, x->size);
    box_open(b, f, n);
    rectangle(b, "hit", 0, x->at, top + DOWN_NAME, x->size, DOWN_LABEL - DOWN_NAME);
    rectangle(b, "nd k", n->stage % 5 + 1, x->at, top + DOWN_LABEL, x->size, DOWN_BAR);
    if (hand > 0) rectangle(b, "in-hand", 0, x->at + x->size - hand, top + DOWN_LABEL + DOWN_BAR, hand, DOWN_BAR);
    buf_str(b, "</a>");
    label_text(b, x->at, top + 34, n->label, x->size + DOWN_GAP - 4);
    buf_printf(b, "<text aria-hidden=\"true\" x=\"%.1f\" y=\"%.1f\">", x->at, top + 49);
    cut_text(b, f->amount(f->arg, n->value), x->size + DOWN_GAP - 4, AMOUNT_COLUMN);
    buf_str(b, "</text>");
}

/* Of the stage that has the most. */
static int most_boxes(const struct flow *f, struct arena *a)
{
    int most = 1, *n = arena_array(a, (size_t)f->n_stages + 1, sizeof *n);
    for (int i = 0; i < f->n_nodes; i++)
        if (++n[f->nodes[i].stage] > most) most = n[f->nodes[i].stage];
    return most;
}

void chart_sankey(struct buf *b, const char *name, const struct flow *f, int width, bool down, struct arena *a)
{
    struct layout l = { .gap = down ? DOWN_GAP : GAP, .least = down ? DOWN_LEAST : LEAST };
    struct frame fr = { .down = down, .head = down ? 0 : HEAD };
    int gaps = f->n_stages > 1 ? f->n_stages - 1 : 1;
    int tall = TALL_EACH * most_boxes(f, a);
    lay_out(&l, f, down ? width : tall < TALL ? tall : TALL, a);
    fr.box = down ? DOWN_BAR : (width - gaps * BAND_LEAST) / (f->n_stages ? f->n_stages : 1);
    if (!down && fr.box > BOX_MOST) fr.box = BOX_MOST;
    fr.step = down ? DOWN_STEP : (width - fr.box) / gaps;
    int height = down ? gaps * DOWN_STEP + DOWN_LABEL + 2 * DOWN_BAR : (int)(l.size + HEAD + 2);
    html(b, "<svg class=\"chart sk\" viewBox=\"-1 0 %d %d\" width=\"%d\" height=\"%d\" role=\"group\" "
         "aria-label=\"%s\">", width + 2, height, width + 2, height, name);
    for (int s = 0; s < f->n_stages; s++) {
        buf_printf(b, "<text class=\"st\" x=\"%.1f\" y=\"%.1f\">", down ? 0 : s * fr.step,
                   down ? s * fr.step + 16 : 15);
        html(b, "%s</text>", f->stages[s]);
    }
    buf_str(b, "<g data-roving=\"\">");
    draw_bands(b, &l, &fr, a);
    for (int i = 0; i < f->n_nodes; i++) {
        if (down) draw_box_down(b, &l, &fr, i);
        else draw_box(b, &l, &fr, i, a);
    }
    buf_str(b, "</g></svg>");
}
