/* What a receipt states, as text: a line for each leg, end and step, cells with tabs between them. */
#include <stdlib.h>
#include <string.h>

#include "base/money.h"
#include "programme/money/receipt_part.h"

#define STATES_MAX ((size_t)64 << 20)
enum { CELLS = 8 };

/* A name, and the end of its cell. */
static void add_name(struct buf *b, const char *s, char end)
{
    for (; *s; s++) buf_char(b, (unsigned char)*s < ' ' ? ' ' : *s);
    buf_char(b, end);
}

static void add_legs(struct buf *b, const struct receipt *x)
{
    for (int i = 0; i < x->n_legs; i++) {
        const struct receipt_leg *l = &x->leg[i];
        buf_printf(b, "leg\t%d\t%lld\t%lld\t%s\t", l->day, (long long)l->amount,
                   (long long)l->place, l->lot);
        add_name(b, l->standing, '\t');
        add_name(b, l->to, '\n');
    }
}

void receipt_state(struct receipt *x, struct arena *a)
{
    unsigned char digest[DIGEST_LEN];
    struct buf b;
    buf_init(&b, STATES_MAX);
    buf_printf(&b, "given\t%d\t%d\t%lld\n", x->first, x->last, (long long)x->vouchers);
    add_legs(&b, x);
    for (int i = 0; i < x->n_lines; i++) {
        const struct receipt_line *l = &x->line[i];
        buf_printf(&b, "end\t%d\t%lld\t%lld\t%lld\t", (int)l->end, (long long)l->amount,
                   (long long)l->place, (long long)l->holders);
        add_name(&b, l->kind, '\t');
        add_name(&b, l->name, '\n');
    }
    for (int i = 0; i < x->n_steps; i++) {
        const struct receipt_step *s = &x->step[i];
        buf_printf(&b, "step\t%d\t%lld\t", s->level, (long long)s->amount);
        add_name(&b, s->from, '\t');
        add_name(&b, s->to, '\n');
    }
    x->states = arena_strndup(a, b.p, b.n);
    x->states_n = b.n;
    digest_of(b.p, b.n, digest);
    digest_hex(digest, DIGEST_LEN, x->digest);
    buf_free(&b);
}

/* --- read again --- */

struct parsing { struct receipt *x; struct arena *a; const char *cell[CELLS]; int n; bool fits; };

static int64_t number(struct parsing *p, int i)
{
    char *end = NULL;
    int64_t v = i < p->n ? strtoll(p->cell[i], &end, 10) : 0;
    if (!end || end == p->cell[i] || *end) p->fits = false;
    return v;
}

static void take_leg(struct parsing *p)
{
    struct receipt *x = p->x;
    struct receipt_leg *l = &x->leg[x->n_legs++];
    *l = (struct receipt_leg){ .day = (int32_t)number(p, 1), .amount = number(p, 2),
        .place = number(p, 3), .lot = p->cell[4], .standing = p->cell[5], .to = p->cell[6] };
    int64_t *sum = strcmp(l->standing, "confirmed") == 0 ? &x->confirmed
                   : strcmp(l->standing, "one_sided") == 0 ? &x->one_sided : &x->disputed;
    p->fits = p->fits && i64_add(x->given, l->amount, &x->given) &&
              i64_add(*sum, l->amount, sum);
}

static void take_end(struct parsing *p)
{
    struct receipt *x = p->x;
    int64_t *sum[] = { &x->delivered, &x->in_hand, &x->under_way }, end = number(p, 1);
    p->fits = p->fits && end >= RECEIPT_DELIVERED && end <= RECEIPT_UNDER_WAY;
    if (!p->fits) return;
    struct receipt_line *l = &x->line[x->n_lines++];
    *l = (struct receipt_line){ (enum receipt_end)end, p->cell[5], p->cell[6], number(p, 3),
                                number(p, 2), number(p, 4) };
    p->fits = p->fits && i64_add(*sum[end], l->amount, sum[end]);
}

static void take_line(struct parsing *p)
{
    struct receipt *x = p->x;
    const char *kind = p->cell[0];
    if (strcmp(kind, "given") == 0 && p->n == 4) {
        x->first = (int32_t)number(p, 1);
        x->last = (int32_t)number(p, 2);
        x->vouchers = number(p, 3);
    } else if (strcmp(kind, "leg") == 0 && p->n == 7) {
        take_leg(p);
    } else if (strcmp(kind, "end") == 0 && p->n == 7) {
        take_end(p);
    } else if (strcmp(kind, "step") == 0 && p->n == 5) {
        x->step[x->n_steps++] = (struct receipt_step){ p->cell[3], p->cell[4], number(p, 2),
                                                       (int)number(p, 1) };
    } else {
        p->fits = false;
    }
}

/* The line's cells, in place. */
static void cut(struct parsing *p, char *line)
{
    p->n = 0;
    for (char *tab; p->n < CELLS; line = tab + 1) {
        p->cell[p->n++] = line;
        tab = strchr(line, '\t');
        if (!tab) return;
        *tab = '\0';
    }
    p->fits = false;
}

bool receipt_parse(const char *states, size_t n, struct arena *a, struct receipt *out,
                   struct err *e)
{
    struct parsing p = { .x = out, .a = a, .fits = true };
    char *at = arena_strndup(a, states, n);
    size_t lines = 1;
    *out = (struct receipt){ .states = arena_strndup(a, states, n), .states_n = n };
    for (size_t i = 0; i < n; i++) lines += states[i] == '\n';
    out->leg = arena_array(a, lines, sizeof *out->leg);
    out->line = arena_array(a, lines, sizeof *out->line);
    out->step = arena_array(a, lines, sizeof *out->step);
    for (char *end; p.fits && (end = strchr(at, '\n')); at = end + 1) {
        *end = '\0';
        cut(&p, at);
        if (p.fits) take_line(&p);
    }
    unsigned char digest[DIGEST_LEN];
    digest_of(states, n, digest);
    digest_hex(digest, DIGEST_LEN, out->digest);
    return (p.fits && !*at) || err_set(e, ERR_CORRUPT, "what a receipt states is not as it was made");
}
