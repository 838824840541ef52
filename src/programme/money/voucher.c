/* Files that prove transfers, by their digests. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/map.h"
#include "programme/money/paper.h"
#include "programme/sides/sides.h"

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool set(const struct model *mo, const struct table_map *m, int field, const char *text,
                struct db *d, struct val *row, struct arena *a, struct err *e)
{
    return !text || field_read(mo, m, field, text, strlen(text), d, row, a, e);
}

static bool fill(struct tx *tx, const struct model *mo, const struct table_map *m,
                 const struct voucher_add *v, int64_t place, int64_t size, struct val *row,
                 struct arena *a, struct err *e)
{
    struct db *d = tx_db(tx);
    for (int f = 0; f < m->fields; f++)
        if (f != VOUCHER_PLACE && !set(mo, m, f, "", d, row, a, e)) return false;
    row[ROW_COUNTY] = val_int(v->county);
    row[m->column[VOUCHER_PLACE]] = val_int(place);
    row[m->column[VOUCHER_BYTES]] = val_int(size);
    const char *transfer = arena_printf(a, "%lld:%lld", (long long)v->county,
                                        (long long)v->transfer);
    return set(mo, m, VOUCHER_DIGEST, v->digest, d, row, a, e) &&
           set(mo, m, VOUCHER_TRANSFER, transfer, d, row, a, e) &&
           set(mo, m, VOUCHER_KIND, v->kind, d, row, a, e) &&
           set(mo, m, VOUCHER_TITLE, v->title, d, row, a, e) &&
           set(mo, m, VOUCHER_FILE_NAME, base_name(v->path), d, row, a, e);
}

bool voucher_add(struct tx *tx, const struct model *mo, struct voucher_add *v, struct err *e)
{
    const struct table_map *m = model_find(mo, "voucher");
    struct val row[ENTITY_MAX_COLUMNS + 1] = { { 0 } };
    struct val key[2] = { val_int(v->county), val_int(v->transfer) };
    struct arena a = { 0 };
    struct stat st;
    int64_t place, id;
    bool found = false, ok = true;
    if (stat(v->path, &st) != 0)
        return err_set(e, ERR_NOT_FOUND, "%s: %s", v->path, strerror(errno));
    if (!S_ISREG(st.st_mode)) return err_set(e, ERR_INVALID, "%s is no file", v->path);
    if (!evidence_digest(v->path, v->digest, e)) return false;
    if (!db_int(tx_db(tx), &paper_stmts.stmts[PAPER_TRANSFER_PLACE], key, 2, &place, &found, e))
        return false;
    if (!found)
        return err_set(e, ERR_NOT_FOUND, "there is no transfer %lld:%lld", (long long)v->county,
                       (long long)v->transfer);
    ok = fill(tx, mo, m, v, place, (int64_t)st.st_size, row, &a, e);
    struct val same[3] = { key[0], row[m->column[VOUCHER_DIGEST]], row[m->column[VOUCHER_TRANSFER]] };
    ok = ok && db_int(tx_db(tx), &paper_stmts.stmts[PAPER_VOUCHER], same, 3, &id, &found, e);
    v->added = ok && !found;
    ok = ok && (found || row_insert(tx, mo, m, row, e));
    arena_free(&a);
    return ok;
}

/* --- against a folder --- */

struct digest_key { char hex[DIGEST_HEX]; };
struct name_key { char name[256]; };
struct folder { struct map digests, names; struct arena a; };

static bool take_file(struct folder *x, const char *path, struct err *e)
{
    struct digest_key k;
    struct name_key n;
    memset(&k, 0, sizeof k);
    memset(&n, 0, sizeof n);
    if (!evidence_digest(path, k.hex, e)) return false;
    const char *kept = arena_strdup(&x->a, path);
    *(const char **)map_put(&x->digests, &k, NULL) = kept;
    snprintf(n.name, sizeof n.name, "%s", base_name(path));
    *(const char **)map_put(&x->names, &n, NULL) = kept;
    return true;
}

static bool walk(struct folder *x, const char *path, int depth, struct err *e)
{
    DIR *d = opendir(path);
    struct dirent *at;
    bool ok = true;
    if (!d) return err_set(e, ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
    while (ok && (at = readdir(d))) {
        struct stat st;
        if (at->d_name[0] == '.') continue;
        const char *full = arena_printf(&x->a, "%s/%s", path, at->d_name);
        if (lstat(full, &st) != 0) continue;
        if (S_ISDIR(st.st_mode)) ok = depth > 30 || walk(x, full, depth + 1, e);
        else if (S_ISREG(st.st_mode)) ok = take_file(x, full, e);
    }
    closedir(d);
    return ok;
}

struct comparing { struct folder *x; const char *kind; paper_fn *fn; void *arg; };

static bool compare(void *arg, const struct val *row, int n, struct err *e)
{
    struct comparing *c = arg;
    struct arena *a = &c->x->a;
    struct digest_key k;
    struct name_key name;
    (void)n;
    memset(&k, 0, sizeof k);
    memset(&name, 0, sizeof name);
    snprintf(k.hex, sizeof k.hex, "%.*s", row[2].type == VAL_TEXT ? (int)row[2].n : 0,
             row[2].type == VAL_TEXT ? row[2].p : "");
    snprintf(name.name, sizeof name.name, "%.*s", row[1].type == VAL_TEXT ? (int)row[1].n : 0,
             row[1].type == VAL_TEXT ? row[1].p : "");
    const char **by_digest = map_get(&c->x->digests, &k), **by_name = map_get(&c->x->names, &name);
    struct paper_found p = { .name = name.name, .digest = k.hex,
        .of = arena_printf(a, "%s %.*s", c->kind, (int)row[0].n, row[0].p),
        .file = by_digest ? *by_digest : by_name ? *by_name : "",
        .state = by_digest ? PAPER_THERE : by_name ? PAPER_CHANGED : PAPER_MISSING };
    return c->fn(c->arg, &p, e);
}

bool papers_verify(struct db *d, const char *folder, paper_fn *fn, void *arg, struct err *e)
{
    struct folder x = { .a = { 0 } };
    struct comparing v = { &x, "transfer", fn, arg }, w = { &x, "document", fn, arg };
    map_init(&x.digests, sizeof(struct digest_key), sizeof(const char *));
    map_init(&x.names, sizeof(struct name_key), sizeof(const char *));
    bool ok = walk(&x, folder, 0, e) &&
              db_query(d, &paper_stmts.stmts[PAPER_VOUCHERS], NULL, 0, compare, &v, e) &&
              db_query(d, &paper_stmts.stmts[PAPER_DOCUMENTS], NULL, 0, compare, &w, e);
    map_free(&x.digests);
    map_free(&x.names);
    arena_free(&x.a);
    return ok;
}
