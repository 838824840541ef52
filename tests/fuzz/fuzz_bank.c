/* Bank files on any bytes: statements (CSV, camt.053) and answers to a run (CSV, pain.002). The first
 * byte chooses which; the rest is the file. Whatever comes out is whole and within its limits. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/date.h"
#include "base/utf8.h"
#include "programme/money/bank_part.h"
#include "programme/money/pay_return.h"

#define CHECK(x) do { if (!(x)) abort(); } while (0)

static void sound(struct csv_field f)
{
    CHECK(f.n <= (size_t)8 << 20);
    CHECK(utf8_check(f.p, f.n) == f.n);
}

static void statement(const char *path)
{
    struct bank_file *f;
    struct bank_row r;
    struct err e = { 0 };
    enum csv_result got;
    int64_t n = 0;
    if (!bank_file_open(&f, NULL, path, NULL, &e)) {
        CHECK(e.code != ERR_NONE && e.message[0]);
        return;
    }
    while ((got = bank_file_next(f, &r, &e)) == CSV_ROW || got == CSV_BAD) {
        if (got == CSV_BAD) continue;
        CHECK(r.number == ++n && r.amount != 0 && r.day >= DATE_MIN && r.day <= DATE_MAX);
        CHECK(r.amount <= ENTITY_INT_MAX && r.amount >= -ENTITY_INT_MAX);
        sound(r.reference);
        sound(r.counterparty);
        sound(r.account);
        sound(r.remark);
    }
    CHECK(got == CSV_END || e.code != ERR_NONE);
    const struct bank_head *h = bank_file_head(f);
    CHECK(memchr(h->account, '\0', sizeof h->account));
    CHECK(n == 0 || got != CSV_END || (h->from && h->to));
    bank_file_close(f);
}

static void answers(const char *path)
{
    const struct pay_desk none = { .store = NULL };
    struct answers *a;
    struct err e = { 0 };
    const struct csv_field *cells;
    enum csv_result got;
    if (!answers_open(&a, &none, path, NULL, &e)) {
        CHECK(e.code != ERR_NONE && e.message[0]);
        return;
    }
    struct table_in *t = answers_table(a);
    while ((got = table_in_next(t, &cells, &e)) == CSV_ROW || got == CSV_BAD) {
        struct answer x;
        struct err why = { 0 };
        if (got == CSV_BAD) continue;
        for (int i = 0; i < ANSWER_CELLS; i++) sound(cells[i]);
        if (!answer_read(cells, 18000, &x, &why)) {
            CHECK(why.code == ERR_INVALID && why.field[0]);
            CHECK(table_in_refuse(t, -1, why.message, &e));
        } else {
            CHECK(x.code.n > 0 && x.state != ANSWER_UNKNOWN && x.amount >= -1);
        }
    }
    CHECK(got == CSV_END || e.code != ERR_NONE);
    answers_close(a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const tails[] = { "csv", "xml" };
    char folder[] = "/tmp/jiedui-fuzz-XXXXXX", path[80];
    if (size == 0) return 0;
    CHECK(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/f.%s", folder, tails[data[0] / 2 % 2]);
    FILE *f = fopen(path, "wb");
    CHECK(f && fwrite(data + 1, 1, size - 1, f) == size - 1 && fclose(f) == 0);
    if (data[0] % 2) answers(path);
    else statement(path);
    unlink(path);
    CHECK(rmdir(folder) == 0);
    return 0;
}
