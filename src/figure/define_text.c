/* A figure's canonical text: equal definitions print equally, whatever their layout was. */
#include <string.h>

#include "figure/inside.h"

const char *const figure_levels[6] = { "nation", "province", "prefecture", "county", "township",
                                       "village" };

int figure_level(const char *p, size_t n)
{
    for (int i = 0; i < 6; i++)
        if (n == strlen(figure_levels[i]) && memcmp(p, figure_levels[i], n) == 0) return i;
    return -1;
}

static void quoted(struct buf *b, const char *text)
{
    buf_char(b, '"');
    for (; *text; text++) {
        if (*text == '"') buf_char(b, '"');
        buf_char(b, *text);
    }
    buf_char(b, '"');
}

static void write_labels(struct buf *b, const char *word, const char *en, const char *zh)
{
    if (!*en && !*zh) return;
    buf_printf(b, "  %s", word);
    if (*en) {
        buf_str(b, " en ");
        quoted(b, en);
    }
    if (*zh) {
        buf_str(b, " zh ");
        quoted(b, zh);
    }
    buf_char(b, '\n');
}

static bool plain_word(const char *s)
{
    for (const char *p = s; *p; p++)
        if (!((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') || (*p >= '0' && *p <= '9') ||
              *p == '_'))
            return false;
    return *s != '\0';
}

static void write_unit(struct buf *b, const struct figure *f)
{
    if (!*f->unit && !(f->kind == FIGURE_RATIO && f->scale)) return;
    buf_str(b, "  unit ");
    if (plain_word(f->unit)) buf_str(b, f->unit);
    else quoted(b, f->unit);
    if (f->kind == FIGURE_RATIO && f->scale) buf_printf(b, " decimals %d", f->scale);
    buf_char(b, '\n');
}

static void write_terms(struct buf *b, const struct figure *f, int from, int to)
{
    for (int i = from; i < to; i++) {
        const struct figure_term *t = &f->terms[i];
        if (i > from) buf_str(b, t->sign < 0 ? " - " : " + ");
        buf_str(b, t->of->name);
        if (t->within) buf_printf(b, " within %s", t->within);
    }
}

static void write_distinct(struct buf *b, const struct figure *f)
{
    for (int i = 0; i < f->n_distinct; i++) {
        buf_printf(b, "%s%s", i ? ", " : "", f->map->field[f->distinct[i]].name);
        if (f->distinct_level[i]) buf_printf(b, " at %s", figure_levels[f->distinct_level[i]]);
    }
    buf_printf(b, " of %s per %s%s", f->map->entity->name, figure_levels[f->scope_level],
               f->by_year ? " by year" : "");
}

static void write_kind(struct buf *b, const struct figure *f)
{
    switch (f->kind) {
    case FIGURE_COUNT: buf_printf(b, "  count of %s\n", f->map->entity->name); return;
    case FIGURE_SUM:
        buf_str(b, "  sum ");
        rule_print(f->value, b);
        buf_printf(b, " of %s\n", f->map->entity->name);
        return;
    case FIGURE_DISTINCT:
        buf_str(b, "  distinct ");
        write_distinct(b, f);
        buf_char(b, '\n');
        return;
    case FIGURE_RATIO:
        buf_str(b, "  ratio ");
        write_terms(b, f, 0, f->n_upper);
        buf_str(b, " / ");
        write_terms(b, f, f->n_upper, f->n_terms);
        if (f->times != 1) buf_printf(b, " times %lld", (long long)f->times);
        buf_char(b, '\n');
        return;
    default:
        buf_str(b, "  total ");
        write_terms(b, f, 0, f->n_terms);
        buf_char(b, '\n');
        return;
    }
}

static void write_row(struct buf *b, const struct figure *f)
{
    const struct field *fields = f->map->field;
    if (f->where) {
        buf_str(b, "  where ");
        rule_print(f->where, b);
        buf_char(b, '\n');
    }
    if (figure_always(f)) {
        buf_str(b, "  stock always");
    } else if (f->stock) {
        buf_printf(b, "  stock from %s", fields[f->date_from].name);
        if (f->date_to >= 0)
            buf_printf(b, " %s %s", f->through ? "through" : "until", fields[f->date_to].name);
    } else if (f->date_from == f->date_to) {
        buf_printf(b, "  flow at %s", fields[f->date_from].name);
    } else {
        buf_printf(b, "  flow %s .. %s", fields[f->date_from].name, fields[f->date_to].name);
    }
    buf_char(b, '\n');
    if (f->place >= 0) buf_printf(b, "  place %s\n", fields[f->place].name);
    if (f->organisation >= 0) buf_printf(b, "  organisation %s\n", fields[f->organisation].name);
}

void figure_write(struct figure *f, struct arena *a)
{
    struct buf text, meaning;
    buf_init(&meaning, (size_t)1 << 20);
    write_kind(&meaning, f);
    if (f->map) write_row(&meaning, f);
    digest_of(meaning.p, meaning.n, f->meaning);
    buf_init(&text, (size_t)2 << 20);
    buf_printf(&text, "figure %s\n", f->name);
    write_labels(&text, "label", f->en, f->zh);
    write_labels(&text, "help", f->help_en, f->help_zh);
    write_unit(&text, f);
    buf_add(&text, meaning.p, meaning.n);
    f->text = arena_strndup(a, text.p, text.n);
    digest_of(text.p, text.n, f->digest);
    buf_free(&text);
    buf_free(&meaning);
}
