/* Writes and reads one workbook and prints what it took.
 *   bench_xlsx write FILE ROWS     10 columns: texts, a number, a date, money
 *   bench_xlsx read FILE           all visible sheets
 * The line printed: what, cells, seconds, MiB of peak memory. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include "base/clock.h"
#include "base/random.h"
#include "doc/xlsx.h"

#define COLUMNS 10

static bool write_rows(const char *path, int64_t rows, int64_t *cells, struct err *e)
{
    static const struct xlsx_column cols[COLUMNS] = {
        { .title = "id" }, { .title = "姓名" }, { .title = "县" }, { .title = "村" },
        { .title = "备注" }, { .title = "人口", .kind = XLSX_NUMBER },
        { .title = "面积", .kind = XLSX_NUMBER, .scale = 2 },
        { .title = "日期", .kind = XLSX_DATE }, { .title = "收入", .kind = XLSX_MONEY },
        { .title = "支出", .kind = XLSX_MONEY },
    };
    static const char *const names[] = { "张伟", "王芳", "李娜", "刘洋", "欧阳修", "Ayša Memet" };
    struct xlsx_out *out;
    struct random r;
    random_seed(&r, 1);
    if (!xlsx_create(&out, path, "data", cols, COLUMNS, e)) return false;
    for (int64_t i = 0; i < rows; i++) {
        char id[32], village[32];
        snprintf(id, sizeof id, "%018lld", (long long)(653223000000 + i));
        snprintf(village, sizeof village, "第%d村", (int)random_below(&r, 5000));
        struct val row[COLUMNS] = {
            val_text(id), val_text(names[random_below(&r, 6)]), val_text("皮山县"),
            val_text(village), val_text("on the register since the first survey"),
            val_int((int64_t)random_below(&r, 10)), val_int((int64_t)random_below(&r, 100000)),
            val_int(18000 + (int64_t)random_below(&r, 1000)),
            val_int((int64_t)random_below(&r, 10000000)),
            val_int((int64_t)random_below(&r, 100000)),
        };
        if (!xlsx_write_row(out, row, COLUMNS, e)) {
            xlsx_abandon(out);
            return false;
        }
    }
    *cells = rows * COLUMNS;
    return xlsx_finish(out, e);
}

static bool read_rows(const char *path, int64_t *cells, struct err *e)
{
    struct xlsx *in;
    bool ok = true;
    if (!xlsx_open(&in, path, NULL, e)) return false;
    for (int i = 0; ok && i < xlsx_sheet_count(in); i++) {
        const struct csv_field *field;
        int n;
        enum csv_result result = CSV_ERROR;
        ok = xlsx_sheet(in, i, e);
        while (ok && (result = xlsx_next(in, &field, &n, e)) == CSV_ROW)
            for (int k = 0; k < n; k++) *cells += field[k].n > 0;
        ok = ok && result == CSV_END;
    }
    xlsx_close(in);
    return ok;
}

int main(int argc, char **argv)
{
    struct err e = { 0 };
    int64_t cells = 0, start = clock_ticks();
    bool ok;
    if (argc == 4 && strcmp(argv[1], "write") == 0) {
        ok = write_rows(argv[2], strtoll(argv[3], NULL, 10), &cells, &e);
    } else if (argc == 3 && strcmp(argv[1], "read") == 0) {
        ok = read_rows(argv[2], &cells, &e);
    } else {
        fprintf(stderr, "usage: bench_xlsx write FILE ROWS | read FILE\n");
        return 2;
    }
    if (!ok) {
        fprintf(stderr, "%s\n", e.message);
        return 1;
    }
    double seconds = (double)(clock_ticks() - start) / 1e9;
    struct rusage use;
    getrusage(RUSAGE_SELF, &use);
    printf("%s %lld %.2f %ld\n", argv[1], (long long)cells, seconds, use.ru_maxrss / 1024);
    return 0;
}
