/* Taking a package in. It is proved whole before anything is read of it; then its rows are held
 * against the store and written as sheets, which one load brings in. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/count.h"
#include "base/csv.h"
#include "base/date.h"
#include "base/json.h"
#include "doc/tar.h"
#include "entity/load.h"
#include "programme/exchange/item.h"

enum { FLUSH = 1 << 18, REFS = 1 << 16, COLUMNS = 256, CONTENT_MAX = 16000 };

struct taking {
    struct package_in *i;
    struct model model;                /* with a cache of references */
    struct package p;
    struct office_key key;
    int64_t receiver;
    const char *sender;                /* its code here */
    int64_t pending;
    bool first;                        /* no package of this sender was taken before */
    bool gaps;                         /* some before this one have not come */
    char dir[512], items[600], packages[600];
    FILE *out;
    struct buf line, json;
    struct arena arena, row;
    /* of the file being read */
    const struct package_file *file;
    const struct table_map *map;       /* NULL: words */
    int field[COLUMNS]; const char *name[COLUMNS]; int columns;
    int key_at, place_at, at[3];       /* at: record_of, record, organisation of a word */
    const char *lacks;
};

/* ---- may it come in? ---- */

static bool trusted(struct taking *t, struct err *e)
{
    bool found;
    char print[FINGERPRINT];
    if (!office_key_find(t->i->d, t->p.m.open, &t->key, &found, e)) return false;
    key_fingerprint(t->p.m.open, print);
    if (!found)
        return err_set(e, ERR_FORBIDDEN, "it is signed with a key that is not trusted here (%s, "
                       "which it says is %s): `jiedui package trust FILE` after asking that office "
                       "for its fingerprint", print, t->p.m.sender);
    return !t->key.own || err_set(e, ERR_INVALID, "it is a package of this store itself");
}

static bool note_any(void *arg, const struct val *row, int n, struct err *e)
{
    (void)row, (void)n, (void)e;
    *(bool *)arg = true;
    return true;
}

static bool for_us(struct taking *t, struct err *e)
{
    const struct table_map *org = model_find(&t->model, "organisation");
    const char *code = t->p.m.receiver;
    int64_t county;
    struct err none = { 0 };
    bool ours = false;
    if (ref_find(&t->model, org, code, strlen(code), 0, t->i->d, &t->arena, &county, &t->receiver,
                 &none)) {
        struct val p = val_int(t->receiver);
        if (!db_query(t->i->d, &exchange_stmts.stmts[EXCHANGE_OWN_KEY], &p, 1, note_any, &ours, e))
            return false;
    }
    return ours || err_set(e, ERR_FORBIDDEN, "it is for %s, and this store keeps no key of that "
                           "office", code);
}

struct seen { bool any; int64_t at; char id[DIGEST_HEX], previous[DIGEST_HEX]; };

static bool take_seen(void *arg, const struct val *r, int n, struct err *e)
{
    struct seen *s = arg;
    (void)n, (void)e;
    s->any = true;
    snprintf(s->id, sizeof s->id, "%.*s", (int)r[0].n, r[0].p);
    s->at = r[1].i;
    snprintf(s->previous, sizeof s->previous, "%.*s", r[2].type == VAL_TEXT ? (int)r[2].n : 0,
             r[2].type == VAL_TEXT ? r[2].p : "");
    return true;
}

static bool look_number(struct taking *t, int64_t number, struct seen *s, struct err *e)
{
    struct val p[] = { val_int(t->key.organisation), val_int(t->receiver), val_int(number) };
    *s = (struct seen){ .any = false };
    return db_query(t->i->d, &exchange_stmts.stmts[EXCHANGE_NUMBER], p, COUNT(p), take_seen, s, e);
}

static bool new_here(struct taking *t, struct err *e)
{
    struct seen same, before, after;
    const struct manifest *m = &t->p.m;
    char day[DATE_TEXT];
    if (!look_number(t, m->number, &same, e) || !look_number(t, m->number - 1, &before, e) ||
        !look_number(t, m->number + 1, &after, e))
        return false;
    if (same.any && strcmp(same.id, m->id) == 0) {
        date_format(instant_date(same.at, store_zone(t->i->store)), day);
        return err_set(e, ERR_CONFLICT, "package %lld of %s was taken in already, on %s",
                       (long long)m->number, t->sender, day);
    }
    if (same.any || (before.any && strcmp(before.id, m->previous) != 0) ||
        (after.any && strcmp(after.previous, m->id) != 0))
        return err_set(e, ERR_CONFLICT, "package %lld of %s does not go with those that came before: "
                       "its store was set back, or somebody else has its key; ask that office",
                       (long long)m->number, t->sender);
    return true;
}

struct numbering { struct taking *t; int64_t next; int told; bool any; };

static void miss(struct numbering *n, int64_t from, int64_t to)
{
    struct package_in *i = n->t->i;
    size_t at = strlen(i->missing);
    if (from >= to) return;
    n->t->gaps = n->t->gaps || from < n->t->p.m.number;
    if (n->told++ == 8) snprintf(i->missing + at, sizeof i->missing - at, ", ...");
    if (n->told > 8) return;
    if (to - from == 1) snprintf(i->missing + at, sizeof i->missing - at, "%s%lld", at ? ", " : "",
                                 (long long)from);
    else snprintf(i->missing + at, sizeof i->missing - at, "%s%lld-%lld", at ? ", " : "",
                  (long long)from, (long long)to - 1);
}

static void number_seen(struct numbering *n, int64_t v)
{
    int64_t mine = n->t->p.m.number;
    if (mine >= n->next && mine < v) {
        miss(n, n->next, mine);
        n->next = mine + 1;
    }
    miss(n, n->next, v);
    if (v >= n->next) n->next = v + 1;
}

static bool take_number(void *arg, const struct val *r, int n, struct err *e)
{
    struct numbering *x = arg;
    (void)n, (void)e;
    x->any = true;
    number_seen(x, r[0].i);
    return true;
}

/* Which numbers have not come, this package counted in. */
static bool numbers(struct taking *t, struct err *e)
{
    struct numbering n = { .t = t, .next = 1 };
    struct val p[] = { val_int(t->key.organisation), val_int(t->receiver) };
    if (!db_query(t->i->d, &exchange_stmts.stmts[EXCHANGE_NUMBERS], p, COUNT(p), take_number, &n, e))
        return false;
    number_seen(&n, t->p.m.number);
    t->first = !n.any;
    return true;
}

/* ---- a file's header ---- */

static bool bad_file(const struct taking *t, const struct csv *c, const char *why, struct err *e)
{
    return err_set(e, ERR_INVALID, "%s, line %lld: %s", t->file->name,
                   (long long)(c ? csv_line(c) : 1), why);
}

static void tell_aside(struct taking *t, const char *name)
{
    struct package_in *i = t->i;
    size_t at = strlen(i->aside);
    snprintf(i->aside + at, sizeof i->aside - at, "%s%s", at ? ", " : "", name);
}

static bool find_columns(struct taking *t, const struct csv_field *f, int n, struct err *e)
{
    static const char *const word[3] = { "record_of", "record", "organisation" };
    const struct table_map *m = t->map ? t->map : model_find(&t->model, "confirmation");
    t->key_at = t->place_at = t->at[0] = t->at[1] = t->at[2] = -1;
    if (n > COLUMNS) return bad_file(t, NULL, "too many columns", e);
    for (int c = 0; c < n; c++) {
        t->name[c] = arena_strndup(&t->arena, f[c].p, f[c].n);
        t->field[c] = map_field(m, t->name[c]);
        for (int k = 0; k < c; k++)
            if (strcmp(t->name[k], t->name[c]) == 0 || !*t->name[c])
                return bad_file(t, NULL, "a column stands there twice, or has no name", e);
        if (t->field[c] < 0)
            tell_aside(t, arena_printf(&t->arena, "%s.%s", t->file->entity, t->name[c]));
        if (t->map && t->field[c] == m->key[0]) t->key_at = c;
        if (t->field[c] >= 0 && t->field[c] == m->home) t->place_at = c;
        for (int k = 0; k < 3; k++)
            if (strcmp(t->name[c], word[k]) == 0) t->at[k] = c;
    }
    t->columns = n;
    bool there = t->map ? t->key_at >= 0 && t->place_at >= 0
                        : t->at[0] >= 0 && t->at[1] >= 0 && t->at[2] >= 0 && t->place_at >= 0;
    return there || bad_file(t, NULL, "a column that names the record or its place is missing", e);
}

/* Fields of ours that the sender does not have, for the item. */
static void find_lacking(struct taking *t)
{
    t->lacks = "";
    for (int f = 0; t->map && f < t->map->fields; f++) {
        bool there = !told_field(t->map, f);
        for (int c = 0; c < t->columns && !there; c++) there = t->field[c] == f;
        if (!there)
            t->lacks = arena_printf(&t->arena, "%s%s%s", t->lacks, *t->lacks ? " " : "",
                                    t->map->field[f].name);
    }
}

/* ---- one row ---- */

static struct csv_field plain(struct csv_field f)
{
    if (f.n > 1 && f.p[0] == '\'' && csv_formula_like(f.p + 1, f.n - 1)) f.p++, f.n--;
    return f;
}

static bool place_of(const struct taking *t, const struct csv *c, struct csv_field f, int64_t *place,
                     struct err *e)
{
    *place = 0;
    for (size_t i = 0; i < f.n; i++) {
        if (f.p[i] < '0' || f.p[i] > '9' || f.n > 12)
            return bad_file(t, c, "the place is no code", e);
        *place = *place * 10 + (f.p[i] - '0');
    }
    return true;
}

/* The row as an object, and its digest over what is not empty. */
static bool content(struct taking *t, const struct csv *c, const struct csv_field *f,
                    char digest[FACTS_HEX], struct err *e)
{
    unsigned char sum[DIGEST_LEN];
    struct json_out j;
    buf_clear(&t->json);
    json_start(&j, &t->json);
    json_object(&j);
    for (int k = 0; k < t->columns; k++) {
        struct csv_field v = plain(f[k]);
        if (!v.n) continue;
        json_key(&j, t->name[k]);
        json_text(&j, v.p, v.n);
    }
    if (*t->lacks) json_key(&j, ""), json_str(&j, t->lacks);
    json_end_object(&j);
    if (t->json.over || t->json.n > CONTENT_MAX) return bad_file(t, c, "the row is too long", e);
    digest_of(t->json.p, t->json.n, sum);
    digest_hex(sum, (FACTS_HEX - 1) / 2, digest);
    return true;
}

struct finding { struct item item; bool found; struct arena *a; };

static bool take_item(void *arg, const struct val *r, int n, struct err *e)
{
    struct finding *x = arg;
    (void)n, (void)e;
    item_read(r, x->a, &x->item);
    x->found = true;
    return true;
}

static bool find_item(struct taking *t, const char *record, int64_t county, struct item *out,
                      bool *found, struct err *e)
{
    struct finding x = { .a = &t->row };
    struct val p[] = { val_int(county), val_int(t->key.organisation), val_text(t->file->entity),
                       val_text(record) };
    *found = false;
    if (t->first) return true;
    if (!db_query(t->i->d, &exchange_stmts.stmts[EXCHANGE_ITEM], p, COUNT(p), take_item, &x, e))
        return false;
    *out = x.item;
    *found = x.found;
    return true;
}

/* How it stands against the row here. */
static bool match(struct taking *t, const struct csv_field *f, const char *ours, const char **state,
                  struct err *e)
{
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct given g[COLUMNS];
    int n = 0;
    bool found;
    *state = "unknown";
    if (!row_by_code(&t->model, t->i->d, t->map, ours, t->pending, &t->row, row, &found, e))
        return false;
    if (!found) return true;
    for (int k = 0; k < t->columns; k++) {
        struct csv_field v = plain(f[k]);
        if (t->field[k] >= 0)
            g[n++] = (struct given){ t->field[k], arena_strndup(&t->row, v.p, v.n) };
    }
    bool same = row_agrees(&t->model, t->i->d, t->map, row, g, n, &t->row);
    *state = same ? "agrees" : "differs";
    return true;
}

static bool item_line(struct taking *t, const char *record, int64_t place, const char *state,
                      const char *ours, const char *digest, struct err *e)
{
    char code[24] = "", number[24];
    if (place) snprintf(code, sizeof code, "%012lld", (long long)place);
    snprintf(number, sizeof number, "%lld", (long long)t->p.m.number);
    const char *cells[] = { t->sender, t->file->entity, record, code, t->p.m.id, number, state, ours,
                            t->json.p, digest };
    for (int i = 0; i < COUNT(cells); i++)
        csv_add(&t->line, cells[i], strlen(cells[i]), i == 0, true);
    csv_end_row(&t->line);
    if (t->line.n < FLUSH) return true;
    bool ok = fwrite(t->line.p, 1, t->line.n, t->out) == t->line.n;
    buf_clear(&t->line);
    return ok || err_set(e, ERR_FULL, "%s: %s", t->items, strerror(errno));
}

static bool is_word(const char *s, const char *word) { return strcmp(s, word) == 0; }

/* What becomes of an item that another package brought before. */
static void again(struct taking *t, const struct item *old, const char *digest, const char **state,
                  bool *write)
{
    bool same = strcmp(old->digest, digest) == 0;
    *write = true;
    if (old->number > t->p.m.number) {
        t->i->older++;
        *write = false;
        return;
    }
    if (!same) return;
    bool settled = is_word(old->state, "refused") || is_word(old->state, "applied") ||
                   !t->map ||
                   (is_word(*state, "agrees") &&
                    (is_word(old->state, "accepted") || is_word(old->state, "confirmed")));
    if (settled) *state = old->state;
    *write = t->gaps || !is_word(*state, old->state);
    t->i->same++;
}

static bool take_record(struct taking *t, const struct csv *c, const struct csv_field *f,
                        const char *record, int64_t place, struct err *e)
{
    struct item old = { .ours = "" };
    const char *state = "open", *ours = record;
    char digest[FACTS_HEX];
    bool found, write = true;
    if (!content(t, c, f, digest, e) ||
        !find_item(t, record, place / 1000000, &old, &found, e))
        return false;
    if (found && *old.ours) ours = old.ours;
    if (t->map && !match(t, f, ours, &state, e)) return false;
    if (found) again(t, &old, digest, &state, &write);
    const bool older = found && old.number > t->p.m.number;
    if (!t->map) t->i->words++;
    else t->i->records++;
    if (t->map && !older) {
        if (is_word(state, "agrees")) t->i->agree++;
        if (is_word(state, "differs")) t->i->differ++;
        if (is_word(state, "unknown")) t->i->unknown++;
    }
    const char *known = !t->map || is_word(state, "unknown") ? (found ? old.ours : "") : ours;
    return !write || item_line(t, record, place, state, known, digest, e);
}

static bool take_row(struct taking *t, const struct csv *c, const struct csv_field *f, int n,
                     struct err *e)
{
    int64_t place;
    const char *record;
    if (n != t->columns) return bad_file(t, c, "the row has too many or too few cells", e);
    arena_reset(&t->row);
    if (!place_of(t, c, f[t->place_at], &place, e)) return false;
    if (t->map) {
        struct csv_field v = plain(f[t->key_at]);
        record = arena_strndup(&t->row, v.p, v.n);
    } else {
        const char *part[3];
        for (int k = 0; k < 3; k++) {
            struct csv_field v = plain(f[t->at[k]]);
            part[k] = arena_strndup(&t->row, v.p, v.n);
            if (!*part[k]) return bad_file(t, c, "a word that names no record or nobody", e);
        }
        record = arena_printf(&t->row, "%s/%s/%s", part[0], part[1], part[2]);
    }
    if (!*record) return bad_file(t, c, "the record has no code", e);
    return take_record(t, c, f, record, place, e);
}

/* ---- files ---- */

static bool read_file(struct taking *t, int i, struct err *e)
{
    struct tar_member member = { .at = t->p.at[i], .bytes = t->p.m.file[i].bytes };
    struct csv_options opt = { .separator = ',', .max_columns = COLUMNS };
    struct tar_reader r;
    const struct csv_field *f;
    enum csv_result got;
    int n;
    int64_t rows = 0;
    if (!tar_read_from(&r, t->p.f, &member, e)) return false;
    struct csv *c = csv_open(tar_source(&r), &opt);
    bool ok = csv_next(c, &f, &n, e) == CSV_ROW ? find_columns(t, f, n, e)
                                                : bad_file(t, c, "it has no header", e);
    if (ok) find_lacking(t);
    while (ok && (got = csv_next(c, &f, &n, e)) != CSV_END) {
        if (got != CSV_ROW) ok = bad_file(t, c, arena_strdup(&t->arena, e->message), e);
        else ok = take_row(t, c, f, n, e);
        rows += ok;
    }
    if (ok && rows != t->file->rows) ok = bad_file(t, c, "it has not as many rows as the manifest says", e);
    csv_close(c);
    return ok;
}

static bool read_files(struct taking *t, struct err *e)
{
    for (int i = 0; i < t->p.m.files; i++) {
        t->file = &t->p.m.file[i];
        const struct table_map *m = model_find(&t->model, t->file->entity);
        bool words = strcmp(t->file->entity, "confirmation") == 0;
        t->map = words ? NULL : m;
        if (!m || (!words && (!two_sided(m) || m->entity->view))) {
            tell_aside(t, t->file->name);
            continue;
        }
        if (!read_file(t, i, e)) return false;
    }
    return true;
}

static bool write_package(struct taking *t, struct err *e)
{
    const struct manifest *m = &t->p.m;
    char number[24], records[24], words[24], key[DIGEST_HEX];
    struct buf b;
    FILE *f = fopen(t->packages, "wb");
    if (!f) return err_set(e, ERR_FULL, "%s: %s", t->packages, strerror(errno));
    buf_init(&b, 1 << 16);
    snprintf(number, sizeof number, "%lld", (long long)m->number);
    snprintf(records, sizeof records, "%lld", (long long)t->i->records);
    snprintf(words, sizeof words, "%lld", (long long)t->i->words);
    digest_hex(m->open, SIGN_PUBLIC_LEN, key);
    const char *head[] = { "package_id", "way", "sender", "receiver", "sequence_no", "previous",
                           "made_at", "records", "words", "public_key", "personal" };
    const char *cells[] = { m->id, "in", t->sender, m->receiver, number, m->previous, m->made_at,
                            records, words, key, m->personal ? "1" : "0" };
    for (int i = 0; i < COUNT(head); i++) csv_add(&b, head[i], strlen(head[i]), i == 0, false);
    csv_end_row(&b);
    for (int i = 0; i < COUNT(cells); i++) csv_add(&b, cells[i], strlen(cells[i]), i == 0, true);
    csv_end_row(&b);
    bool ok = fwrite(b.p, 1, b.n, f) == b.n;
    buf_free(&b);
    return (fclose(f) == 0 && ok) || err_set(e, ERR_FULL, "%s: it cannot be written", t->packages);
}

static bool write_items(struct taking *t, struct err *e)
{
    static const char head[] = "sender,record_of,record,place,package,sequence_no,state,ours,content,"
                               "content_digest\r\n";
    t->out = fopen(t->items, "wb");
    if (!t->out) return err_set(e, ERR_FULL, "%s: %s", t->items, strerror(errno));
    buf_str(&t->line, head);
    bool ok = read_files(t, e);
    if (ok && fwrite(t->line.p, 1, t->line.n, t->out) != t->line.n)
        ok = err_set(e, ERR_FULL, "%s: %s", t->items, strerror(errno));
    if (fclose(t->out) != 0 && ok) ok = err_set(e, ERR_FULL, "%s: it cannot be written", t->items);
    return ok;
}

/* ---- the load ---- */

static const char *first_refusal(const char *path, struct arena *a)
{
    char line[2000] = "";
    FILE *f = fopen(path, "rb");
    for (int i = 0; f && i < 2; i++)
        if (!fgets(line, sizeof line, f)) break;
    if (f) fclose(f);
    return arena_strdup(a, line);
}

static bool load(struct taking *t, struct err *e)
{
    const char *paths[] = { t->packages, t->items };
    struct load_options opt = { .all_or_nothing = true, .own = true, .refused_dir = t->dir };
    struct load_report report;
    bool ok = load_paths(t->i->model, t->i->store, paths, 2, &opt, &report, e);
    if (!ok) return false;
    for (int i = 0; ok && i < report.n; i++)
        if (strcmp(report.files[i].entity, "package") == 0 && !report.files[i].refused &&
            !report.files[i].inserted)
            ok = err_set(e, ERR_CONFLICT, "package %lld of %s was taken in already, by another "
                         "process", (long long)t->p.m.number, t->sender);
        else if (report.files[i].refused)
            ok = err_set(e, ERR_INVALID, "%lld of its rows cannot be taken; the first: %.300s",
                         (long long)report.files[i].refused,
                         first_refusal(report.files[i].refused_path, &t->arena));
    load_report_free(&report);
    return ok;
}

static bool make_dir(struct taking *t, struct err *e)
{
    const char *tmp = getenv("TMPDIR");
    snprintf(t->dir, sizeof t->dir, "%s/jiedui-package.XXXXXX", tmp && *tmp ? tmp : "/tmp");
    if (!mkdtemp(t->dir)) {
        bool ok = err_set(e, ERR_FULL, "%s: %s", t->dir, strerror(errno));
        t->dir[0] = '\0';
        return ok;
    }
    snprintf(t->items, sizeof t->items, "%s/package_item.csv", t->dir);
    snprintf(t->packages, sizeof t->packages, "%s/package.csv", t->dir);
    return true;
}

static void remove_dir(struct taking *t)
{
    static const char *const names[] = { "package.csv", "package_item.csv", "package.refused.csv",
                                         "package_item.refused.csv" };
    char path[700];
    if (!t->dir[0]) return;
    for (int i = 0; i < COUNT(names); i++) {
        snprintf(path, sizeof path, "%s/%s", t->dir, names[i]);
        unlink(path);
    }
    rmdir(t->dir);
}

static bool take(struct taking *t, struct err *e)
{
    struct package_in *i = t->i;
    if (!trusted(t, e) || !for_us(t, e)) return false;
    t->sender = ref_text(&t->model, model_find(&t->model, "organisation"), 0, t->key.organisation,
                         i->d, &t->arena);
    i->sender = t->key.organisation;
    i->number = t->p.m.number;
    memcpy(i->id, t->p.m.id, sizeof i->id);
    if (!new_here(t, e) || !numbers(t, e) || !load_pending(i->d, &t->pending, e) || !make_dir(t, e))
        return false;
    bool ok = db_begin_read(i->d, e);
    if (ok) {
        ok = write_items(t, e) && package_holds(&t->p, e);
        db_end_read(i->d);
    }
    return ok && write_package(t, e) && load(t, e);
}

bool package_take(struct package_in *i, struct err *e)
{
    struct taking *t = mem_alloc(sizeof *t);
    *t = (struct taking){ .i = i, .model = *i->model };
    i->records = i->agree = i->differ = i->unknown = i->same = i->older = i->words = 0;
    i->aside[0] = i->missing[0] = '\0';
    t->model.refs = ref_cache_open(REFS);
    buf_init(&t->line, (size_t)1 << 26);
    buf_init(&t->json, (size_t)1 << 20);
    bool ok = package_open(&t->p, i->path, e);
    if (ok && !take(t, e)) ok = err_context(e, "%s", i->path);
    package_close(&t->p);
    remove_dir(t);
    buf_free(&t->line);
    buf_free(&t->json);
    ref_cache_close(t->model.refs);
    arena_free(&t->arena);
    arena_free(&t->row);
    free(t);
    return ok;
}
