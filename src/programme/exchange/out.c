/* A package to another office. */
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
#include "programme/exchange/link.h"
#include "programme/numbers.h"
#include "programme/sides/sides.h"
#include "store/backup.h"

enum { FLUSH = 1 << 18, REFS = 1 << 16 };

struct sending {
    struct package_out *o;
    struct model model;                /* with a cache of references */
    struct actor us, them;
    struct links links;
    struct reports reports;
    struct tar_writer tar;
    struct manifest m;
    struct package_file *file;         /* the one being written, or NULL */
    struct digest digest;
    struct buf line;
    struct arena row;
    int field[ENTITY_MAX_COLUMNS], fields;
    const struct table_map *map;
};

/* ---- one file ---- */

static bool flush(struct sending *s, size_t over, struct err *e)
{
    if (s->line.over) return err_set(e, ERR_INVALID, "a row is too long to be sent");
    if (s->line.n <= over) return true;
    digest_add(&s->digest, s->line.p, s->line.n);
    bool ok = tar_add(&s->tar, s->line.p, s->line.n, e);
    buf_clear(&s->line);
    return ok;
}

static bool file_begin(struct sending *s, const struct entity *entity, struct err *e)
{
    if (s->m.files == PACKAGE_FILES) return err_set(e, ERR_INTERNAL, "too many kinds of records");
    s->file = &s->m.file[s->m.files++];
    *s->file = (struct package_file){ .rows = 0 };
    snprintf(s->file->entity, sizeof s->file->entity, "%s", entity->name);
    snprintf(s->file->name, sizeof s->file->name, "%s.csv", s->file->entity);
    digest_init(&s->digest);
    buf_clear(&s->line);
    return tar_begin(&s->tar, s->file->name, e);
}

static bool file_end(struct sending *s, struct err *e)
{
    if (!s->file) return true;
    if (!flush(s, 0, e)) return false;
    digest_done(&s->digest, s->file->digest);
    s->file->bytes = s->tar.bytes;
    s->file = NULL;
    return tar_end(&s->tar, e);
}

static void cell(struct sending *s, const char *text, bool first)
{
    csv_add(&s->line, text, strlen(text), first, false);
}

/* ---- records ---- */

static bool sent(const struct sending *s, int f)
{
    const struct table_map *m = s->map;
    if (m->field[f].flags & F_COMPUTED) return false;
    return m->field[f].flags & F_KEY || told_field(m, f) ||
           (s->o->personal && personal_field(m, f));
}

static void choose(struct sending *s, const struct table_map *m)
{
    s->map = m;
    s->fields = 0;
    for (int f = 0; f < m->fields; f++)
        if (sent(s, f)) s->field[s->fields++] = f;
}

/* Do we stand at one end of the row, and they at the other? */
static bool between(struct sending *s, const struct table_map *m, const struct val *row, bool *yes,
                    enum side *theirs, struct err *e)
{
    struct ends ends;
    enum side ours = SIDE_NONE;
    struct err why = { 0 };
    *yes = false;
    row_ends(m, row, &ends);
    if (!actor_side(&s->us, &ends, &ours, &why) || !actor_side(&s->them, &ends, theirs, &why))
        return why.code == ERR_FORBIDDEN || (*e = why, false);
    *yes = ours != SIDE_NONE && *theirs != SIDE_NONE && ours != *theirs;
    return true;
}

static const char *code_there(struct sending *s, const struct table_map *m, struct val code)
{
    const char *text = arena_strndup(&s->row, code.p, code.n);
    return link_theirs(&s->links, m->entity->name, text);
}

static bool record_out(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct sending *s = arg;
    enum side theirs;
    bool yes;
    if (s->o->since && row[ROW_RECORDED].i < s->o->since) return true;
    if (!between(s, m, row, &yes, &theirs, e)) return false;
    if (!yes || reporter_of(&s->reports, m, row) == theirs) return true;
    if (!s->file) {
        if (!file_begin(s, m->entity, e)) return false;
        for (int k = 0; k < s->fields; k++) cell(s, m->field[s->field[k]].name, k == 0);
        csv_end_row(&s->line);
    }
    arena_reset(&s->row);
    for (int k = 0; k < s->fields; k++) {
        int f = s->field[k];
        bool hidden = personal_field(m, f) && theirs != SIDE_HELPED;
        const char *text = hidden ? "" : field_write(&s->model, m, f, row, s->o->d, &s->row);
        if (m->field[f].flags & F_KEY) text = code_there(s, m, row[m->column[f]]);
        cell(s, text, k == 0);
    }
    csv_end_row(&s->line);
    s->file->rows++;
    s->o->records++;
    return flush(s, FLUSH, e);
}

static bool records(struct sending *s, struct err *e)
{
    for (int i = 0; i < two_sided_count(); i++) {
        const struct table_map *m = model_find(&s->model, two_sided_name(i));
        struct list_query q = { .where = NULL };
        if (!m || m->entity->view || (s->o->entity && strcmp(s->o->entity, m->entity->name) != 0)) continue;
        choose(s, m);
        if (!list_rows(&s->model, s->o->d, &scope_all, m, &q, record_out, s, e) || !file_end(s, e)) return false;
    }
    return true;
}

/* ---- words ---- */

static const int word_fields[] = { CONFIRMATION_RECORD_OF, CONFIRMATION_RECORD,
    CONFIRMATION_ORGANISATION, CONFIRMATION_PLACE, CONFIRMATION_SAYS, CONFIRMATION_CORRECTION,
    CONFIRMATION_REASON, CONFIRMATION_EVIDENCE, CONFIRMATION_EVIDENCE_NAME, CONFIRMATION_SAID_ON,
    CONFIRMATION_SEEN };

/* Is it a word of ours, on a record between us? */
static bool word_goes(struct sending *s, const struct table_map *m, const struct val *word,
                      bool *yes, struct err *e)
{
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct val of = word[m->column[CONFIRMATION_RECORD_OF]];
    struct val record = word[m->column[CONFIRMATION_RECORD]];
    const struct table_map *t = model_find(&s->model, arena_strndup(&s->row, of.p, of.n));
    int64_t county, id;
    enum side theirs;
    bool ours = false, found = false;
    struct err none = { 0 };
    *yes = false;
    if (!t || t->entity->view || (s->o->entity && strcmp(s->o->entity, t->entity->name) != 0)) return true;
    if (!actor_above(&s->us, word[m->column[CONFIRMATION_ORGANISATION]].i, &ours, e)) return false;
    if (!ours || !ref_find(&s->model, t, record.p, record.n, word[ROW_COUNTY].i, s->o->d, &s->row,
                           &county, &id, &none))
        return none.code == ERR_NONE || none.code == ERR_NOT_FOUND || (*e = none, false);
    return row_get(s->o->d, t, county, id, &s->row, row, &found, e) &&
           (!found || between(s, t, row, yes, &theirs, e));
}

static bool word_out(void *arg, const struct table_map *m, const struct val *word, struct err *e)
{
    struct sending *s = arg;
    bool yes;
    arena_reset(&s->row);
    if (s->o->since && word[ROW_RECORDED].i < s->o->since) return true;
    if (!word_goes(s, m, word, &yes, e)) return false;
    if (!yes) return true;
    if (!s->file) {
        if (!file_begin(s, m->entity, e)) return false;
        for (int k = 0; k < COUNT(word_fields); k++) cell(s, m->field[word_fields[k]].name, k == 0);
        csv_end_row(&s->line);
    }
    for (int k = 0; k < COUNT(word_fields); k++) {
        int f = word_fields[k];
        const char *text = field_write(&s->model, m, f, word, s->o->d, &s->row);
        if (f == CONFIRMATION_RECORD) {
            struct val of = word[m->column[CONFIRMATION_RECORD_OF]];
            text = link_theirs(&s->links, arena_strndup(&s->row, of.p, of.n), text);
        }
        cell(s, text, k == 0);
    }
    csv_end_row(&s->line);
    s->file->rows++;
    s->o->words++;
    return flush(s, FLUSH, e);
}

static bool words(struct sending *s, struct err *e)
{
    struct list_query q = { .where = NULL };
    return list_rows(&s->model, s->o->d, &scope_all, model_find(&s->model, "confirmation"), &q, word_out, s,
                     e) && file_end(s, e);
}

/* ---- manifest ---- */

static bool text_file(struct sending *s, const char *name, const char *p, size_t n, struct err *e)
{
    return tar_begin(&s->tar, name, e) && tar_add(&s->tar, p, n, e) && tar_end(&s->tar, e);
}

static bool sign(struct sending *s, struct err *e)
{
    unsigned char sum[DIGEST_LEN], signature[SIGN_LEN];
    char hex[2 * SIGN_LEN + 2];
    struct buf b;
    buf_init(&b, 1 << 18);
    bool ok = manifest_write(&s->m, &b, e);
    if (ok) {
        digest_of(b.p, b.n, sum);
        digest_hex(sum, DIGEST_LEN, s->o->id);
        sign_bytes(s->o->key, b.p, b.n, signature);
        digest_hex(signature, SIGN_LEN, hex);
        hex[2 * SIGN_LEN] = '\n';
        ok = text_file(s, "manifest.json", b.p, b.n, e) &&
             text_file(s, "manifest.sig", hex, 2 * SIGN_LEN + 1, e) && tar_finish(&s->tar, e);
    }
    buf_free(&b);
    return ok;
}

struct last { int64_t number; char id[DIGEST_HEX]; };

static bool take_last(void *arg, const struct val *r, int n, struct err *e)
{
    struct last *l = arg;
    (void)n, (void)e;
    l->number = r[0].type == VAL_INT ? r[0].i : 0;
    snprintf(l->id, sizeof l->id, "%.*s", (int)r[1].n, r[1].p);
    return true;
}

static bool last_sent(struct db *d, const struct package_out *o, struct last *l, struct err *e)
{
    struct val p[] = { val_text("out"), val_int(o->sender), val_int(o->receiver) };
    *l = (struct last){ .number = 0 };
    return db_query(d, &exchange_stmts.stmts[EXCHANGE_LAST], p, COUNT(p), take_last, l, e);
}

static bool manifest_begin(struct sending *s, struct err *e)
{
    struct package_out *o = s->o;
    const struct table_map *org = model_find(&s->model, "organisation");
    struct last l;
    char day[DATE_TEXT];
    if (!last_sent(o->d, o, &l, e)) return false;
    s->m = (struct manifest){ .version = PACKAGE_VERSION, .number = l.number + 1,
                              .personal = o->personal };
    memcpy(s->m.previous, l.id, sizeof l.id);
    memcpy(s->m.open, o->key->open, SIGN_PUBLIC_LEN);
    snprintf(s->m.sender, sizeof s->m.sender, "%s", ref_text(&s->model, org, 0, o->sender, o->d,
                                                             &s->row));
    snprintf(s->m.receiver, sizeof s->m.receiver, "%s",
             ref_text(&s->model, org, 0, o->receiver, o->d, &s->row));
    char at[INSTANT_TEXT];
    instant_format(clock_now(store_clock(o->store)), at);
    snprintf(s->m.made_at, sizeof s->m.made_at, "%s", at);
    if (o->since) {
        date_format(instant_date(o->since, store_zone(o->store)), day);
        snprintf(s->m.since, sizeof s->m.since, "%s", day);
    }
    o->number = s->m.number;
    return true;
}

/* ---- the whole ---- */

/* Personal columns need an agreement in force between the two. */
struct agreeing { struct sending *s; bool found; };

static bool look_agreement(void *arg, const struct table_map *m, const struct val *row,
                           struct err *e)
{
    struct agreeing *g = arg;
    enum side theirs;
    bool yes;
    struct val to = row[m->column[m->common + COMMON_VALID_TO]];
    if (g->found || (to.type == VAL_INT && to.i < g->s->o->today)) return true;
    if (!between(g->s, m, row, &yes, &theirs, e)) return false;
    g->found = yes;
    return true;
}

static bool may_be_personal(struct sending *s, struct err *e)
{
    struct agreeing g = { s, false };
    struct list_query q = { .where = "state != \"planned\"" };
    if (!s->o->personal) return true;
    return list_rows(&s->model, s->o->d, &scope_all, model_find(&s->model, "agreement"), &q, look_agreement, &g,
                     e) &&
           (g.found || err_set(e, ERR_FORBIDDEN, "personal data goes only to an office that an "
                               "agreement in force pairs with the sender, and there is none"));
}

static bool note(struct tx *tx, void *arg, struct err *e)
{
    const struct sending *s = arg;
    const struct package_out *o = s->o;
    const struct table_map *m = model_find(o->model, "package");
    struct val row[ENTITY_MAX_COLUMNS + 1] = { 0 };
    struct last l;
    char hex[DIGEST_HEX];
    int64_t at;
    if (!last_sent(tx_db(tx), o, &l, e)) return false;
    if (l.number + 1 != o->number)
        return err_set(e, ERR_CONFLICT, "another package to this office was made meanwhile: try again");
    digest_hex(s->m.open, SIGN_PUBLIC_LEN, hex);
    const struct val v[PACKAGE_NCOLS] = {
        [PACKAGE_ID] = val_text(o->id), [PACKAGE_WAY] = val_text("out"),
        [PACKAGE_SENDER] = val_int(o->sender), [PACKAGE_RECEIVER] = val_int(o->receiver),
        [PACKAGE_NUMBER] = val_int(o->number),
        [PACKAGE_PREVIOUS] = s->m.previous[0] ? val_text(s->m.previous) : val_null(),
        [PACKAGE_MADE_AT] = instant_parse(s->m.made_at, strlen(s->m.made_at), 0, &at) ? val_int(at)
                                                                                     : val_null(),
        [PACKAGE_RECORDS] = val_int(o->records), [PACKAGE_WORDS] = val_int(o->words),
        [PACKAGE_PUBLIC_KEY] = val_text(hex), [PACKAGE_PERSONAL] = val_int(o->personal) };
    for (int f = 0; f < PACKAGE_NCOLS; f++) row[m->column[f]] = v[f];
    return row_insert(tx, o->model, m, row, e);
}

static bool contents(struct sending *s, struct err *e)
{
    struct package_out *o = s->o;
    return actor_open(&s->us, &s->model, o->d, o->sender, e) &&
           actor_open(&s->them, &s->model, o->d, o->receiver, e) &&
           links_read(&s->links, o->d, o->receiver, e) &&
           reports_read(&s->reports, o->d, e) && may_be_personal(s, e) &&
           manifest_begin(s, e) && records(s, e) && words(s, e) && sign(s, e);
}

bool package_send(struct package_out *o, struct err *e)
{
    struct sending *s = mem_alloc(sizeof *s);
    struct part_file part = { .fd = -1 };
    *s = (struct sending){ .o = o, .model = *o->model };
    o->records = o->words = 0;
    if (o->sender == o->receiver) {
        free(s);
        return err_set(e, ERR_INVALID, "a package goes to another office");
    }
    s->model.refs = ref_cache_open(REFS);
    buf_init(&s->line, (size_t)64 << 20);
    bool ok = part_file_open(&part, o->path, false, e);
    s->tar.f = ok ? fdopen(dup(part.fd), "w+b") : NULL;
    if (ok && !s->tar.f) ok = err_set(e, ERR_FULL, "%s: %s", o->path, strerror(errno));
    if (ok && db_begin_read(o->d, e)) {
        ok = contents(s, e);
        db_end_read(o->d);
    } else ok = false;
    if (s->tar.f && fclose(s->tar.f) != 0 && ok) ok = err_set(e, ERR_FULL, "%s: %s", o->path, strerror(errno));
    ok = ok && store_write(o->store, note, s, e) && part_file_place(&part, e);
    part_file_close(&part, !ok);
    actor_close(&s->us);
    actor_close(&s->them);
    links_free(&s->links);
    reports_free(&s->reports);
    ref_cache_close(s->model.refs);
    buf_free(&s->line);
    arena_free(&s->row);
    free(s);
    return ok;
}
