/* The colours of assets/jiedui.css: text can be read on what it stands on, marks are seen, and colours that must be
 * told apart are apart for every eye. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/count.h"

struct colour { double v[3]; };                 /* linear sRGB */

static struct buf css;

/* The first "--name:#rrggbb" or "#rgb"; fails when there is none. */
static struct colour token(const char *name)
{
    char key[40], hex[7];
    struct colour out;
    snprintf(key, sizeof key, "--%s:#", name);
    const char *at = strstr(css.p, key);
    if (!at) fail_msg("there is no colour --%s", name);
    at += strlen(key);
    size_t n = strspn(at, "0123456789abcdef");
    if (n != 3 && n != 6) fail_msg("--%s is no colour", name);
    for (size_t i = 0; i < 6; i++) hex[i] = n == 6 ? at[i] : at[i / 2];
    hex[6] = '\0';
    long all = strtol(hex, NULL, 16);
    for (int i = 0; i < 3; i++) {
        double c = (double)(all >> (16 - 8 * i) & 255) / 255;
        out.v[i] = c <= 0.04045 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4);
    }
    return out;
}

static double luminance(struct colour c)
{
    return 0.2126 * c.v[0] + 0.7152 * c.v[1] + 0.0722 * c.v[2];
}

/* WCAG 2: 1 to 21. */
static double contrast(struct colour a, struct colour b)
{
    double x = luminance(a), y = luminance(b);
    return (fmax(x, y) + 0.05) / (fmin(x, y) + 0.05);
}

static struct colour times(const double m[9], struct colour c)
{
    struct colour out;
    for (int i = 0; i < 3; i++) out.v[i] = m[3 * i] * c.v[0] + m[3 * i + 1] * c.v[1] + m[3 * i + 2] * c.v[2];
    return out;
}

/* Ottosson's OKLab: equal steps look equal. */
static struct colour oklab(struct colour c)
{
    static const double cones[9] = { 0.4122214708, 0.5363325363, 0.0514459929, 0.2119034982, 0.6806995451, 0.1073969566,
                                     0.0883024619, 0.2817188376, 0.6299787005 };
    static const double lab[9] = { 0.2104542553, 0.793617785, -0.0040720468, 1.9779984951, -2.428592205, 0.4505937099,
                                   0.0259040371, 0.7827717662, -0.808675766 };
    struct colour x = times(cones, c);
    for (int i = 0; i < 3; i++) x.v[i] = cbrt(x.v[i]);
    return times(lab, x);
}

/* Eyes: usual, and those without one kind of cone (Machado, Oliveira and Fernandes 2009, severity 1). */
static const struct { const char *name; double m[9]; } eyes[] = {
    { "usual", { 1, 0, 0, 0, 1, 0, 0, 0, 1 } },
    { "protan", { 0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998 } },
    { "deutan", { 0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881 } },
    { "tritan", { 1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.3039 } },
};

static double apart(struct colour a, struct colour b, int eye)
{
    struct colour x = times(eyes[eye].m, a), y = times(eyes[eye].m, b);
    for (int i = 0; i < 3; i++) x.v[i] = fmax(0, x.v[i]), y.v[i] = fmax(0, y.v[i]);
    x = oklab(x);
    y = oklab(y);
    return hypot(hypot(x.v[0] - y.v[0], x.v[1] - y.v[1]), x.v[2] - y.v[2]);
}

static void want(const char *a, const char *b, double least)
{
    double is = contrast(token(a), token(b));
    if (is < least) fail_msg("--%s on --%s has a contrast of %.2f, not %.1f", a, b, is, least);
}

static void text_can_be_read(void **state)
{
    static const char *const grounds[] = { "surface", "page", "sunk", "tint" };
    static const char *const inks[] = { "ink", "ink-2", "ink-3", "link", "link-hover", "brand" };
    (void)state;
    for (int i = 0; i < COUNT(inks); i++)
        for (int k = 0; k < COUNT(grounds); k++) want(inks[i], grounds[k], 4.5);
    want("ok", "ok-bg", 4.5);
    want("warn", "warn-bg", 4.5);
    want("err", "err-bg", 4.5);
    want("err", "surface", 4.5);
    want("surface", "brand", 4.5); /* the masthead's words */
    want("surface", "brand-2", 4.5);
}

static void marks_are_seen(void **state)
{
    static const char *const marks[] = { "c1", "c2", "c3", "c4", "d1", "d5", "q4", "q5", "c0",
                                        "line-strong" };
    (void)state;
    for (int i = 0; i < COUNT(marks); i++) want(marks[i], "surface", 3);
    want("focus", "brand", 3);
}

static void set_is_apart(const char *const *names, int n, double least)
{
    for (int eye = 0; eye < COUNT(eyes); eye++)
        for (int i = 0; i < n; i++)
            for (int k = i + 1; k < n; k++) {
                double is = apart(token(names[i]), token(names[k]), eye);
                if (is < least)
                    fail_msg("--%s and --%s are %.3f apart for %s eyes, not %.2f", names[i], names[k], is,
                             eyes[eye].name, least);
            }
}

/* Not ok, warn and err: to deutan eyes they are alike, so words carry them. */
static void sets_are_told_apart(void **state)
{
    static const char *const kinds[] = { "c1", "c2", "c3", "c4" };
    static const char *const ramp[] = { "q1", "q2", "q3", "q4", "q5" };
    static const char *const change[] = { "d1", "d2", "d3", "d4", "d5" };
    (void)state;
    set_is_apart(kinds, COUNT(kinds), 0.10);
    set_is_apart(ramp, COUNT(ramp), 0.10);
    set_is_apart(change, COUNT(change), 0.10);
    for (int i = 1; i < COUNT(ramp); i++)
        assert_true(luminance(token(ramp[i])) < luminance(token(ramp[i - 1])));
}

static int read_css(void **state)
{
    (void)state;
    char part[4096];
    FILE *f = fopen(JD_SOURCE_DIR "/assets/jiedui.css", "r");
    buf_init(&css, 1 << 20);
    if (!f) return 1;
    for (size_t n; (n = fread(part, 1, sizeof part, f)) > 0;) buf_add(&css, part, n);
    fclose(f);
    return css.n == 0;
}

static int drop_css(void **state)
{
    (void)state;
    buf_free(&css);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_can_be_read), cmocka_unit_test(marks_are_seen), cmocka_unit_test(sets_are_told_apart),
    };
    return cmocka_run_group_tests(tests, read_css, drop_css);
}
