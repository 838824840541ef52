/* The arithmetic of a released figure: its parts, its terms, its bounds. All from its own line. */
#include "programme/publish/release_check.h"

#include <string.h>

#include "base/money.h"

struct sums { const struct release_sums *s; const struct json *line; int scale; };

__attribute__((format(printf, 2, 3)))
static void fault(const struct sums *x, const char *fmt, ...)
{
    char text[600];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    fault_tell(x->s->told, "line %lld: %s: %s", (long long)x->s->line,
               release_line_name(x->line, x->s->a), text);
}

/* A member that is a number; a fault and false when it is none. */
static bool number(const struct sums *x, const struct json *of, const char *key, int scale,
                   int64_t *out)
{
    const char *text = release_member(of, key, x->s->a);
    if (*text && decimal_parse(text, strlen(text), scale, out) == DECIMAL_OK) return true;
    fault(x, "%s is no number with %d decimals", key, scale);
    return false;
}

static int decimals(const char *text)
{
    const char *dot = strchr(text, '.');
    return dot ? (int)strlen(dot + 1) : 0;
}

/* Do the parts come to the whole? */
static void parts(const struct sums *x, const char *whole, const char *const *part, int n, int scale)
{
    int64_t total, sum = 0;
    bool fits = number(x, x->line, whole, scale, &total);
    for (int i = 0; fits && i < n; i++) {
        int64_t v;
        fits = number(x, x->line, part[i], scale, &v);
        if (!fits || i64_add(sum, v, &sum)) continue;
        fault(x, "its parts leave 64 bits");
        fits = false;
    }
    if (!fits || sum == total) return;
    char a[DECIMAL_TEXT], b[DECIMAL_TEXT];
    decimal_format(sum, scale, a);
    decimal_format(total, scale, b);
    fault(x, "its parts come to %s, where %s is %s", a, whole, b);
}

/* The signed sum of the terms of one part ("sum", "upper", "lower") with `scale` decimals. */
static bool term_sum(const struct sums *x, const struct json *terms, const char *part, int scale,
                     int64_t *out)
{
    *out = 0;
    for (size_t i = 0; i < terms->n; i++) {
        const struct json *t = &terms->items[i], *sign = json_get(t, "sign");
        int64_t v;
        if (strcmp(release_member(t, "part", x->s->a), part) != 0) continue;
        if (!number(x, t, "value", scale, &v)) return false;
        if (!sign || sign->type != JSON_INT || (sign->i != 1 && sign->i != -1)) {
            fault(x, "a term without a sign");
            return false;
        }
        if (!i64_add(*out, sign->i * v, out)) {
            fault(x, "its terms leave 64 bits");
            return false;
        }
    }
    return true;
}

static void total(const struct sums *x, const struct json *terms, int64_t value)
{
    int64_t sum;
    char a[DECIMAL_TEXT], b[DECIMAL_TEXT];
    if (!term_sum(x, terms, "sum", x->scale, &sum) || sum == value) return;
    decimal_format(sum, x->scale, a);
    decimal_format(value, x->scale, b);
    fault(x, "its terms come to %s, where the value is %s", a, b);
}

static void ratio(const struct sums *x, const struct json *terms, const struct json *definition,
                  int64_t value)
{
    static const char *const names[2][2] = { { "numerator", "upper" }, { "denominator", "lower" } };
    const struct json *times = json_get(definition, "times");
    int64_t side[2], factor = times && times->type == JSON_INT ? times->i : 0, is;
    for (int i = 0; i < 2; i++) {
        int64_t sum;
        int scale = decimals(release_member(x->line, names[i][0], x->s->a));
        if (!number(x, x->line, names[i][0], scale, &side[i]) ||
            !term_sum(x, terms, names[i][1], scale, &sum))
            return;
        if (sum != side[i]) fault(x, "its terms do not come to the %s", names[i][0]);
    }
    bool fits = factor != 0;
    for (int i = 0; i < x->scale; i++) fits = fits && i64_mul(factor, 10, &factor);
    if (!fits || !ratio_round(side[0], factor, side[1], &is)) {
        fault(x, "the ratio cannot be worked out");
    } else if (is != value) {
        char a[DECIMAL_TEXT];
        decimal_format(is, x->scale, a);
        fault(x, "the ratio of its terms is %s, where the value is %s", a,
              release_member(x->line, "value", x->s->a));
    }
}

static void bounds(const struct sums *x, int64_t value)
{
    int64_t low, high;
    if (!json_get(x->line, "low")) return;
    if (number(x, x->line, "low", x->scale, &low) && number(x, x->line, "high", x->scale, &high) &&
        (low > value || value > high))
        fault(x, "the value lies outside its own bounds");
}

/* Of people, for the public: whole tens, and nothing that tells more. */
static void cut(const struct sums *x, int64_t value)
{
    static const char *const more[] = { "rows", "counted", "confirmed", "one_sided", "disputed", "recorded",
                                        "restated", "rows_digest", "low", "high", "terms" };
    if (value <= 0 || value % SMALL_CELL) fault(x, "the value is not cut to whole tens");
    for (size_t i = 0; i < sizeof more / sizeof *more; i++)
        if (json_get(x->line, more[i])) fault(x, "it is cut to whole tens, and tells %s", more[i]);
}

void release_sums_check(const struct release_sums *s, const struct json *line,
                        const struct json *definition)
{
    static const char *const rests[] = { "recorded", "restated", "synthetic", "derived" };
    static const char *const sides[] = { "confirmed", "one_sided", "disputed" };
    const struct json *scale = json_get(definition, "decimals");
    const struct json *v = json_get(line, "value"), *terms = json_get(line, "terms");
    const char *is = release_member(definition, "is", s->a);
    struct sums x = { s, line, scale && scale->type == JSON_INT ? (int)scale->i : 0 };
    int64_t value;
    if (x.scale < 0 || x.scale > 9) {
        fault(&x, "the definition has no proper decimals");
        return;
    }
    bool unknown = !v || v->type == JSON_NULL, is_cut = *release_member(line, "cut", s->a);
    if (!is_cut && (!unknown || json_get(line, "rows"))) parts(&x, "rows", rests, 4, 0);
    if (unknown) {
        if (!*release_member(line, "why", s->a)) fault(&x, "no value, and no reason why");
        return;
    }
    if (decimals(release_member(line, "value", s->a)) != x.scale)
        fault(&x, "the value has not the decimals of its definition");
    if (!number(&x, line, "value", x.scale, &value)) return;
    if (is_cut) {
        cut(&x, value);
        return;
    }
    bounds(&x, value);
    bool is_ratio = strcmp(is, "ratio") == 0, is_total = strcmp(is, "total") == 0;
    if (!is_ratio) parts(&x, "value", sides, 3, x.scale);
    if (!is_ratio && !is_total) return;
    if (!terms || terms->type != JSON_ARRAY || terms->n == 0) fault(&x, "its terms are missing");
    else if (is_ratio) ratio(&x, terms, definition, value);
    else total(&x, terms, value);
}
