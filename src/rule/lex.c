/* Text to tokens. Lines and columns count characters, as an editor shows them. */
#include "rule/rule_impl.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include "base/date.h"
#include "base/money.h"
#include "base/utf8.h"

void rule_fault(struct rule_fault *f, int line, int col, const char *fmt, ...)
{
    char message[400];
    va_list ap;
    if (f->set) return;
    f->set = true;
    va_start(ap, fmt);
    vsnprintf(message, sizeof message, fmt, ap);
    va_end(ap);
    /* err_set cuts at a character's end; this buffer may not have. */
    message[utf8_check(message, strlen(message))] = '\0';
    err_set(f->e, ERR_INVALID, "line %d, column %d: %s", line, col, message);
}

static bool is_digit(char c) { return c >= '0' && c <= '9'; }
static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
static bool is_word(char c) { return is_digit(c) || is_letter(c); }

static const struct { const char *word; enum token_kind kind; } reserved[] = {
    { "and", T_AND }, { "or", T_OR }, { "not", T_NOT }, { "in", T_IN },
    { "true", T_TRUE }, { "false", T_FALSE },
};

static enum token_kind word_kind(const char *p, size_t n)
{
    for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
        if (strlen(reserved[i].word) == n && memcmp(reserved[i].word, p, n) == 0)
            return reserved[i].kind;
    return T_WORD;
}

bool rule_reserved(const char *p, size_t n)
{
    return word_kind(p, n) != T_WORD;
}

static void skip_space(struct lexer *l)
{
    for (; l->p < l->end; l->p++) {
        if (*l->p == '\n') {
            l->line++;
            l->col = 1;
        } else if (*l->p == ' ' || *l->p == '\t' || *l->p == '\r') {
            l->col++;
        } else {
            return;
        }
    }
}

static void stop(struct lexer *l, struct token *t)
{
    t->kind = T_END;
    l->p = l->end;
}

static void take(struct lexer *l, struct token *t, enum token_kind kind, size_t n)
{
    t->kind = kind;
    t->p = l->p;
    t->n = n;
    l->p += n;
    l->col += (int)utf8_length(t->p, n);
}

/* 2020-05-27 and nothing more. */
static bool looks_like_date(const char *p, size_t n)
{
    if (n < 10) return false;
    for (int i = 0; i < 10; i++)
        if ((i == 4 || i == 7) ? p[i] != '-' : !is_digit(p[i])) return false;
    return n == 10 || !is_word(p[10]);
}

static void lex_date(struct lexer *l, struct token *t)
{
    int32_t days;
    take(l, t, T_DATE, 10);
    if (!date_parse(t->p, t->n, DATE_EXACT, &days)) {
        rule_fault(l->fault, t->line, t->col, "there is no date %.10s", t->p);
        stop(l, t);
        return;
    }
    t->value = days;
}

/* The digits as an integer; trailing zeros behind the point are dropped, so 1.50 is 1.5. */
static bool read_number(struct token *t)
{
    const char *point = memchr(t->p, '.', t->n);
    size_t n = t->n;
    if (point) {
        while (t->p[n - 1] == '0') n--;
        if (t->p[n - 1] == '.') n--;
    }
    for (size_t i = 0; i < n; i++) {
        if (t->p[i] == '.') continue;
        if (!i64_mul(t->value, 10, &t->value) || !i64_add(t->value, t->p[i] - '0', &t->value))
            return false;
        if (point && t->p + i > point) t->decimals++;
    }
    return t->decimals <= RULE_MAX_SCALE;
}

static void lex_number(struct lexer *l, struct token *t)
{
    size_t left = (size_t)(l->end - l->p), n = 0;
    bool letters = false;
    if (looks_like_date(l->p, left)) {
        lex_date(l, t);
        return;
    }
    for (; n < left && is_word(l->p[n]); n++)
        letters = letters || is_letter(l->p[n]);
    if (letters) {
        take(l, t, T_MIXED, n);
        return;
    }
    if (n + 1 < left && l->p[n] == '.' && is_digit(l->p[n + 1]))
        for (n++; n < left && is_digit(l->p[n]);) n++;
    take(l, t, T_NUM, n);
    if (!read_number(t)) {
        rule_fault(l->fault, t->line, t->col, "the number %.*s%s is too large",
                   (int)(t->n < 40 ? t->n : 40), t->p, t->n < 40 ? "" : "...");
        stop(l, t);
    }
}

/* The bytes of a text literal with its quotes, 0 when it is not closed on its line. */
static size_t text_extent(const char *p, const char *end)
{
    for (const char *q = p + 1; q < end; q++) {
        if ((unsigned char)*q < ' ' && *q != '\t') return 0;
        if (*q != '"') continue;
        if (q + 1 == end || q[1] != '"') return (size_t)(q + 1 - p);
        q++;
    }
    return 0;
}

static void lex_text(struct lexer *l, struct token *t)
{
    size_t n = text_extent(l->p, l->end);
    if (n == 0) {
        rule_fault(l->fault, t->line, t->col, "the text is not closed by a \" on its line");
        stop(l, t);
        return;
    }
    take(l, t, T_TEXT, n);
    char *to = arena_alloc(l->a, n);
    t->n = 0;
    for (const char *p = t->p + 1; p < l->p - 1; p++) {
        to[t->n++] = *p;
        if (*p == '"') p++;
    }
    t->p = to;
}

/* Signs that people type, and what the language writes for them. */
static const struct { const char *sign, *write; } habits[] = {
    { "==", "=" }, { "<>", "!=" }, { "&&", "and" }, { "||", "or" }, { "!", "not" },
    { "'", "\"" }, { "“", "\"" }, { "”", "\"" }, { "（", "(" }, { "）", ")" },
    { "，", "," }, { "、", "," }, { "｛", "{" }, { "｝", "}" }, { "＝", "=" },
    { "≠", "!=" }, { "≥", ">=" }, { "≤", "<=" }, { "＞", ">" }, { "＜", "<" },
    { "×", "*" }, { "÷", "/" }, { "－", "-" }, { "＋", "+" }, { "…", ".." }, { "[", "{" },
    { "]", "}" },
};

static void lex_fault(struct lexer *l, struct token *t)
{
    size_t left = (size_t)(l->end - l->p), used = 1;
    for (size_t i = 0; i < sizeof habits / sizeof *habits; i++) {
        size_t n = strlen(habits[i].sign);
        if (n > left || memcmp(habits[i].sign, l->p, n) != 0) continue;
        rule_fault(l->fault, t->line, t->col, "write %s instead of %s", habits[i].write,
                   habits[i].sign);
        stop(l, t);
        return;
    }
    if ((unsigned char)*l->p < ' ' || *l->p == 0x7f) {
        rule_fault(l->fault, t->line, t->col, "a control character has no place here");
    } else {
        utf8_decode(l->p, left, &used);
        rule_fault(l->fault, t->line, t->col, "the character %.*s has no meaning here%s",
                   (int)used, l->p,
                   used > 1 ? "; text stands in double quotes" : "");
    }
    stop(l, t);
}

static const struct { char sign[3]; enum token_kind kind; } signs[] = {
    { "!=", T_NE }, { "<=", T_LE }, { ">=", T_GE }, { "..", T_DOTS },
    { "=", T_EQ }, { "<", T_LT }, { ">", T_GT }, { "(", T_LPAREN }, { ")", T_RPAREN },
    { "{", T_LBRACE }, { "}", T_RBRACE }, { ",", T_COMMA }, { "+", T_PLUS }, { "-", T_MINUS },
    { "*", T_STAR }, { "/", T_SLASH },
};

void rule_lex(struct lexer *l, struct token *t)
{
    skip_space(l);
    *t = (struct token){ .line = l->line, .col = l->col, .p = l->p };
    if (l->p == l->end) return;
    size_t left = (size_t)(l->end - l->p), n = 0;
    if (is_digit(*l->p)) {
        lex_number(l, t);
        return;
    }
    if (is_letter(*l->p)) {
        while (n < left && is_word(l->p[n])) n++;
        take(l, t, word_kind(l->p, n), n);
        return;
    }
    if (*l->p == '"') {
        lex_text(l, t);
        return;
    }
    if (left > 1 && ((l->p[0] == '=' && l->p[1] == '=') || (l->p[0] == '<' && l->p[1] == '>'))) {
        lex_fault(l, t);
        return;
    }
    for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
        n = strlen(signs[i].sign);
        if (n <= left && memcmp(signs[i].sign, l->p, n) == 0) {
            take(l, t, signs[i].kind, n);
            return;
        }
    }
    lex_fault(l, t);
}
