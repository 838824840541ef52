/* The shipped figure definitions: they are read over the shipped entities, are labelled in both
 * languages, and every figure that an example's claim asks for is there. */
#include "rooms.h"

#include <dirent.h>

#include "base/csv.h"

enum { MAX_FILES = 64 };

static struct figure_source sources[MAX_FILES];
static int n_sources;
static struct test_model model;
static struct figures *figures;

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static int is_definition(const struct dirent *d)
{
    const char *dot = strrchr(d->d_name, '.');
    return dot && strcmp(dot, ".figure") == 0;
}

static int open_figures(void **state)
{
    struct dirent **names;
    struct err e;
    (void)state;
    test_model_open(&model);
    int n = scandir(JD_SOURCE_DIR "/figures", &names, is_definition, by_name);
    assert_in_range(n, 1, MAX_FILES);
    for (int i = 0; i < n; i++) {
        char path[512];
        snprintf(path, sizeof path, "figures/%s", names[i]->d_name);
        sources[i].text = project_file(path, &sources[i].n);
        sources[i].name = strdup(path);
        free(names[i]);
    }
    free(names);
    n_sources = n;
    if (!figures_read(&figures, sources, n, model.model, &e)) fail_msg("%s", e.message);
    return 0;
}

static int close_figures(void **state)
{
    (void)state;
    figures_free(figures);
    test_model_close(&model);
    for (int i = 0; i < n_sources; i++) {
        free((char *)sources[i].text);
        free((char *)sources[i].name);
    }
    return 0;
}

static bool chinese(const char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s >= 0xe3) return true;
    return false;
}

static void every_figure_is_labelled(void **state)
{
    (void)state;
    assert_true(figures_count(figures) > 50);
    for (int i = 0; i < figures_count(figures); i++) {
        const struct figure *f = figures_at(figures, i);
        if (!*f->en || !chinese(f->zh)) fail_msg("%s lacks a label", f->name);
        if (!*f->help_en || !chinese(f->help_zh)) fail_msg("%s lacks help", f->name);
        if (!*f->unit) fail_msg("%s lacks a unit", f->name);
        for (int k = 0; k < i; k++)
            if (strcmp(f->en, figures_at(figures, k)->en) == 0)
                fail_msg("%s and %s have one label", f->name, figures_at(figures, k)->name);
    }
}

/* The figure column of one claims file. */
static int check_claims(const char *path)
{
    size_t n;
    char *text = project_file(path, &n);
    struct csv_memory memory = { text, n };
    struct csv *in = csv_open(csv_from_memory(&memory), NULL);
    const struct csv_field *f;
    struct err e;
    int fields, column = -1, rows = 0;
    while (csv_next(in, &f, &fields, &e) == CSV_ROW) {
        if (column < 0) {
            for (int i = 0; i < fields; i++)
                if (f[i].n == 6 && memcmp(f[i].p, "figure", 6) == 0) column = i;
            assert_true(column >= 0);
            continue;
        }
        char name[80];
        snprintf(name, sizeof name, "%.*s", (int)f[column].n, f[column].p);
        if (*name && !figures_find(figures, name)) fail_msg("%s: no figure %s", path, name);
        rows++;
    }
    csv_close(in);
    free(text);
    return rows;
}

static void every_claim_has_its_figure(void **state)
{
    struct dirent **names;
    int claims = 0, n = scandir(JD_SOURCE_DIR "/examples", &names, NULL, by_name);
    (void)state;
    for (int i = 0; i < n; i++) {
        char path[512], full[1024];
        snprintf(path, sizeof path, "examples/%s/claim.csv", names[i]->d_name);
        snprintf(full, sizeof full, "%s/%s", JD_SOURCE_DIR, path);
        FILE *f = names[i]->d_name[0] == '.' ? NULL : fopen(full, "rb");
        if (f) {
            fclose(f);
            claims += check_claims(path);
        }
        free(names[i]);
    }
    free(names);
    assert_true(claims > 80);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_figure_is_labelled),
        cmocka_unit_test(every_claim_has_its_figure),
    };
    return cmocka_run_group_tests(tests, open_figures, close_figures);
}
