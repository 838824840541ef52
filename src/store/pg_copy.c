/* Many rows of a plain INSERT go into PostgreSQL by COPY, at a third of the cost of a pipeline. */
#include "store/pg.h"

#include <arpa/inet.h>

/* "insert into T (a, b) values (?1, ?2)" and nothing else becomes "copy T (a, b) from stdin". */
char *pg_copy_text(const char *sql)
{
    struct sql_scan s = { .p = sql };
    struct sql_token t = sql_next(&s), open;
    if (!sql_is(&t, "insert") || (t = sql_next(&s), !sql_is(&t, "into"))) return NULL;
    const char *target = sql_next(&s).p, *end;
    open = sql_next(&s);
    if (!sql_is(&open, "(")) return NULL;
    int columns = 0;
    do {
        if (sql_next(&s).kind != SQL_WORD) return NULL;
        t = sql_next(&s);
        columns++;
    } while (sql_is(&t, ","));
    if (!sql_is(&t, ")")) return NULL;
    end = t.p + 1;
    if ((t = sql_next(&s), !sql_is(&t, "values")) || (t = sql_next(&s), !sql_is(&t, "(")))
        return NULL;
    for (int i = 1; i <= columns; i++) {
        t = sql_next(&s);
        if (t.kind != SQL_PARAM || t.number != i) return NULL;
        t = sql_next(&s);
        if (!sql_is(&t, i < columns ? "," : ")")) return NULL;
    }
    if (sql_next(&s).kind != SQL_END) return NULL;
    struct buf b;
    buf_init(&b, 1 << 20);
    buf_printf(&b, "copy %.*s from stdin (format binary)", (int)(end - target), target);
    char *text = mem_strdup(b.p);
    buf_free(&b);
    return text;
}

static void add4(struct buf *b, uint32_t v)
{
    v = htonl(v);
    buf_add(b, &v, 4);
}

static void add_row(struct buf *b, const struct val *v, int n)
{
    uint16_t fields = htons((uint16_t)n);
    buf_add(b, &fields, 2);
    for (int i = 0; i < n; i++) {
        if (v[i].type == VAL_NULL) {
            add4(b, UINT32_MAX);
        } else if (v[i].type == VAL_INT) {
            add4(b, 8);
            add4(b, (uint32_t)((uint64_t)v[i].i >> 32));
            add4(b, (uint32_t)v[i].i);
        } else {
            add4(b, v[i].n);
            if (v[i].n) buf_add(b, v[i].p, v[i].n);
        }
    }
}

static bool send_rows(struct db *d, const struct val *params, int n, size_t rows)
{
    static const char head[19] = "PGCOPY\n\377\r\n";
    struct buf b;
    bool ok = true;
    buf_init(&b, (size_t)2 << 30);
    buf_add(&b, head, sizeof head);
    for (size_t i = 0; ok && i < rows; i++) {
        add_row(&b, params + i * (size_t)n, n);
        if (b.n < 60000 && i + 1 < rows) continue;
        ok = !b.over && PQputCopyData(d->conn, b.p, (int)b.n) == 1;
        buf_clear(&b);
    }
    ok = ok && PQputCopyData(d->conn, "\377\377", 2) == 1;
    buf_free(&b);
    return ok;
}

bool pg_copy(struct db *d, const char *copy, const struct stmt *s, const struct val *params, int n,
             size_t rows, struct err *e)
{
    PGresult *r = PQexec(d->conn, copy);
    bool ok = PQresultStatus(r) == PGRES_COPY_IN || pg_fail(d, r, stmt_label(s), e);
    PQclear(r);
    if (!ok) return false;
    ok = send_rows(d, params, n, rows);
    if (PQputCopyEnd(d->conn, ok ? NULL : "the rows could not be sent") != 1) ok = false;
    bool told = false;
    while ((r = PQgetResult(d->conn)) != NULL) {
        if (PQresultStatus(r) != PGRES_COMMAND_OK && !told) {
            pg_fail(d, r, stmt_label(s), e);
            told = true;
        }
        PQclear(r);
    }
    return !told && (ok || pg_fail(d, NULL, stmt_label(s), e));
}
