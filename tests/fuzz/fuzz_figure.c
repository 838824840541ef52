/* Any bytes as figure definitions: a fault that names its place, or figures whose canonical text
 * reads to the same figures. And any bytes as a row of cells: nothing is read past the end, and
 * what can be read is written again as it was. */
#include <stdint.h>
#include <stdlib.h>

#include "../figure/declared.h"

#include "figure/cell.h"

#define CHECK(x) do { if (!(x)) abort(); } while (0)

static struct figures *read_text(const struct model *mo, const char *p, size_t n, struct err *e)
{
    struct figures *f = NULL;
    struct figure_source src = { "x.figure", p, n };
    if (figures_read(&f, &src, 1, mo, e)) return f;
    CHECK(!f && e->code == ERR_INVALID && e->message[0]);
    return NULL;
}

static void check_definitions(const char *p, size_t n)
{
    struct codes *codes;
    struct model *mo;
    struct err e = { 0 };
    CHECK(codes_read(&codes, sample_codes, sizeof sample_codes - 1, &e));
    CHECK(model_open(&mo, sample_entities, COUNT(sample_entities), codes, &sample_places, &e));
    struct figures *f = read_text(mo, p, n, &e);
    if (f) {
        struct buf all;
        buf_init(&all, (size_t)1 << 26);
        for (int i = 0; i < figures_count(f); i++) buf_str(&all, figures_at(f, i)->text);
        struct figures *again = read_text(mo, all.p, all.n, &e);
        CHECK(again && figures_count(again) == figures_count(f));
        for (int i = 0; i < figures_count(f); i++)
            CHECK(strcmp(figures_at(f, i)->text, figures_at(again, i)->text) == 0);
        figures_free(again);
        buf_free(&all);
    }
    figures_free(f);
    model_close(mo);
    codes_free(codes);
}

static void check_cell(const void *p, size_t n)
{
    struct cuts cuts = { 0 }, ordered = { 0 };
    struct sums sums = { .over = false };
    struct cell_at at = { { 7305, 18262 }, { 2015, 2020 } };
    struct err e = { 0 };
    struct buf b;
    enum cell_kind kind = cell_kind(p, n);
    buf_init(&b, (size_t)1 << 26);
    CHECK(cell_read(p, n, &at, &sums) == kind);
    bool good = cell_open(p, n, &cuts);
    CHECK(!good || kind != CELL_BAD);
    if (good && cuts_merge(cuts.at, cuts.n, NULL, 0, &ordered, &e) &&
        cell_pack(kind, ordered.at, ordered.n, &b, &e) && b.n) {
        struct cuts again = { 0 };
        CHECK(cell_open(b.p, b.n, &again) && again.n == ordered.n);
        for (size_t i = 0; i < again.n; i++)
            CHECK(again.at[i].part == ordered.at[i].part && again.at[i].v == ordered.at[i].v);
        cuts_free(&again);
    }
    cuts_free(&cuts);
    cuts_free(&ordered);
    buf_free(&b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_definitions((const char *)data, size);
    check_cell(data, size);
    return 0;
}
