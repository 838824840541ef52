#include "base/option.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/log.h"
#include "base/utf8.h"

#define ROWS_MAX 128
#define WORD_MAX 63
#define HELP_COLUMN 30 /* a longer option pushes its help to the next line */

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Edits (insert, delete, replace, swap neighbours) that turn a into b, or WORD_MAX when a word is
 * too long to be one of ours. */
static size_t distance(const char *a, const char *b)
{
    size_t na = strlen(a), nb = strlen(b), row[3][WORD_MAX + 1];
    if (na > WORD_MAX || nb > WORD_MAX) return WORD_MAX;
    for (size_t k = 0; k <= nb; k++) row[0][k] = k;
    for (size_t i = 1; i <= na; i++) {
        size_t *now = row[i % 3];
        const size_t *above = row[(i + 2) % 3], *before = row[(i + 1) % 3];
        now[0] = i;
        for (size_t k = 1; k <= nb; k++) {
            size_t best = above[k - 1] + (a[i - 1] != b[k - 1]);
            best = smaller(best, smaller(above[k], now[k - 1]) + 1);
            if (i > 1 && k > 1 && a[i - 1] == b[k - 2] && a[i - 2] == b[k - 1])
                best = smaller(best, before[k - 2] + 1);
            now[k] = best;
        }
    }
    return row[na % 3][nb];
}

/* A short word allows fewer slips, or everything would be near it; an unfinished word is near what
 * it begins. */
const char *nearest_name(const char *word, const char *const *names, int n)
{
    const char *best = NULL, *begun = NULL;
    size_t length = strlen(word), least = smaller(3, (length + 2) / 3) + 1;
    for (int i = 0; i < n; i++) {
        size_t d = distance(word, names[i]);
        if (d < least) {
            least = d;
            best = names[i];
        }
        if (!begun && length >= 2 && strncmp(names[i], word, length) == 0) begun = names[i];
    }
    return best ? best : begun;
}

struct parse {
    const struct option_row *rows;
    int n;
    char *into;
    bool seen[ROWS_MAX];
    struct err *e;
};

/* What a message calls the option, and who gave the value. */
struct giver { const struct option_row *row; const char *env; };

static bool refuse(struct parse *p, struct giver g, const char *what, const char *text)
{
    if (g.env) {
        return err_set(p->e, ERR_USAGE, "environment variable %s (for --%s) %s: %s", g.env,
                       g.row->name, what, text);
    }
    return err_set(p->e, ERR_USAGE, "option --%s %s: %s", g.row->name, what, text);
}

static bool set_int(struct parse *p, struct giver g, const char *text)
{
    int64_t v = 0;
    bool negative = *text == '-';
    const char *s = text + (negative || *text == '+');
    bool good = *s != '\0';
    for (; good && *s; s++) {
        int digit = *s - '0';
        good = digit >= 0 && digit <= 9 && !__builtin_mul_overflow(v, 10, &v) &&
               !__builtin_add_overflow(v, negative ? -digit : digit, &v);
    }
    if (!good) return refuse(p, g, "wants a whole number", text);
    memcpy(p->into + g.row->offset, &v, sizeof v);
    return true;
}

#define CHOICES_MAX 32

/* Copies the choices of "a|b|c" into `text` as words of their own. */
static int split_choices(const char *value, char text[512], const char *name[CHOICES_MAX])
{
    int n = 0;
    size_t length = strlen(value);
    if (length >= 512) log_fatal("option_table", "choices=long");
    memcpy(text, value, length + 1);
    for (char *at = text; at && n < CHOICES_MAX; n++) {
        name[n] = at;
        at = strchr(at, '|');
        if (at) *at++ = '\0';
    }
    return n;
}

static bool set_choice(struct parse *p, struct giver g, const char *text)
{
    char copy[512], what[600];
    const char *name[CHOICES_MAX];
    int n = split_choices(g.row->value, copy, name);
    for (int i = 0; i < n; i++) {
        if (strcmp(name[i], text) != 0) continue;
        memcpy(p->into + g.row->offset, &i, sizeof i);
        return true;
    }
    const char *near = nearest_name(text, name, n);
    snprintf(what, sizeof what, "wants one of %s%s%s%s, not", g.row->value,
             near ? " (did you mean " : "", near ? near : "", near ? "?)" : "");
    return refuse(p, g, what, text);
}

static bool set_flag(struct parse *p, struct giver g, const char *text)
{
    static const char *const yes[] = { "1", "true", "yes", "on" };
    static const char *const no[] = { "0", "false", "no", "off" };
    bool value = true;
    if (text) {
        int i = 0;
        while (i < 4 && strcmp(text, yes[i]) != 0 && strcmp(text, no[i]) != 0) i++;
        if (i == 4) return refuse(p, g, "wants yes or no", text);
        value = strcmp(text, yes[i]) == 0;
    }
    memcpy(p->into + g.row->offset, &value, sizeof value);
    return true;
}

static bool set(struct parse *p, struct giver g, const char *text)
{
    switch (g.row->type) {
    case OPTION_FLAG: return set_flag(p, g, text);
    case OPTION_TEXT: memcpy(p->into + g.row->offset, &text, sizeof text); return true;
    case OPTION_INT: return set_int(p, g, text);
    case OPTION_CHOICE: return set_choice(p, g, text);
    }
    return false;
}

static bool unknown(struct parse *p, const char *name, size_t length)
{
    const char *names[ROWS_MAX + 1];
    char word[WORD_MAX + 1];
    for (int i = 0; i < p->n; i++) names[i] = p->rows[i].name;
    names[p->n] = "help";
    const char *near = NULL;
    if (length <= WORD_MAX) {
        memcpy(word, name, length);
        word[length] = '\0';
        near = nearest_name(word, names, p->n + 1);
    }
    if (!near) return err_set(p->e, ERR_USAGE, "unknown option --%.*s", (int)length, name);
    return err_set(p->e, ERR_USAGE, "unknown option --%.*s; did you mean --%s?", (int)length, name,
                   near);
}

/* The argument at *at is a long option; takes the next argument too when that is its value. */
static bool long_option(struct parse *p, int argc, char **argv, int *at)
{
    const char *name = argv[*at] + 2, *equals = strchr(name, '=');
    size_t length = equals ? (size_t)(equals - name) : strlen(name);
    int i = 0;
    while (i < p->n && (strlen(p->rows[i].name) != length ||
                        memcmp(p->rows[i].name, name, length) != 0))
        i++;
    if (i == p->n) return unknown(p, name, length);
    const struct option_row *row = &p->rows[i];
    const char *value = equals ? equals + 1 : NULL;
    if (!value && row->type != OPTION_FLAG) {
        if (*at + 1 >= argc)
            return err_set(p->e, ERR_USAGE, "option --%s wants a value", row->name);
        value = argv[++*at];
    }
    p->seen[i] = true;
    return set(p, (struct giver){ .row = row }, value);
}

/* A word of letters after one dash: flags in a row, the last one perhaps with a value. */
static bool short_options(struct parse *p, int argc, char **argv, int *at, bool *help)
{
    for (const char *letter = argv[*at] + 1; *letter; letter++) {
        int i = 0;
        while (i < p->n && p->rows[i].letter != *letter) i++;
        if (i == p->n && *letter == 'h') {
            *help = true;
            return true;
        }
        if (i == p->n)
            return err_set(p->e, ERR_USAGE, "unknown option -%c in %s", *letter, argv[*at]);
        const struct option_row *row = &p->rows[i];
        p->seen[i] = true;
        if (row->type == OPTION_FLAG) {
            if (!set(p, (struct giver){ .row = row }, NULL)) return false;
            continue;
        }
        const char *value = letter + 1;
        if (!*value && *at + 1 >= argc)
            return err_set(p->e, ERR_USAGE, "option -%c (--%s) wants a value", *letter, row->name);
        if (!*value) value = argv[++*at];
        return set(p, (struct giver){ .row = row }, value);
    }
    return true;
}

static bool from_environment(struct parse *p)
{
    for (int i = 0; i < p->n; i++) {
        const struct option_row *row = &p->rows[i];
        const char *text = row->env && !p->seen[i] ? getenv(row->env) : NULL;
        if (!text || !*text) continue;
        if (!set(p, (struct giver){ .row = row, .env = row->env }, text)) return false;
    }
    return true;
}

/* Takes the option at argv[*at]; sets *help for --help. */
static bool take_option(struct parse *p, int argc, char **argv, int *at, bool *help)
{
    const char *arg = argv[*at];
    if (strcmp(arg, "--help") == 0) {
        *help = true;
        return true;
    }
    if (arg[1] == '-') return long_option(p, argc, argv, at);
    return short_options(p, argc, argv, at, help);
}

bool option_parse(const struct option_row *rows, int n, void *into, int argc, char **argv,
                  const char **operand, int max_operands, int *operands, bool *help,
                  struct err *e)
{
    if (n > ROWS_MAX) log_fatal("option_table", "rows=%d", n);
    struct parse p = { .rows = rows, .n = n, .into = into, .e = e };
    bool ended = false;
    *operands = 0;
    *help = false;
    for (int i = 1; i < argc; i++) {
        const char *arg = argv[i];
        if (!ended && strcmp(arg, "--") == 0) {
            ended = true;
        } else if (!ended && arg[0] == '-' && arg[1]) {
            if (!take_option(&p, argc, argv, &i, help)) return false;
            if (*help) return true;
        } else if (*operands < max_operands) {
            operand[(*operands)++] = arg;
        } else {
            return err_set(e, ERR_USAGE, "unexpected argument: %s", arg);
        }
    }
    return from_environment(&p);
}

static void help_head(struct buf *b, const struct option_row *row)
{
    if (row->letter)
        buf_printf(b, "  -%c, --%s", row->letter, row->name);
    else
        buf_printf(b, "      --%s", row->name);
    if (row->type != OPTION_FLAG && row->value) buf_printf(b, " %s", row->value);
}

void option_help(struct buf *b, const struct option_row *rows, int n)
{
    static const struct option_row help = { .name = "help", .letter = 'h', .help = "show this" };
    bool taken = false;
    for (int i = 0; i <= n; i++) {
        struct option_row row = i < n ? rows[i] : help;
        if (i == n && taken) row.letter = 0;
        taken = taken || row.letter == 'h';
        size_t start = b->n;
        help_head(b, &row);
        size_t width = utf8_width(b->p + start, b->n - start);
        if (width + 2 > HELP_COLUMN) {
            buf_char(b, '\n');
            width = 0;
        }
        buf_printf(b, "%*s%s", (int)(HELP_COLUMN - width), "", row.help ? row.help : "");
        if (row.env) buf_printf(b, " [%s]", row.env);
        buf_char(b, '\n');
    }
}
