/* The header row of a sheet against the fields of an entity. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/option.h"
#include "base/utf8.h"
#include "entity/load_parts.h"
#include "entity/load_sql.h"
#include "store/seal.h"

#define UNKNOWN (-2)
#define SHARED (-3)        /* two fields answer to it */
#define TOLD_MAX 5         /* unknown columns named in one message */

struct matcher {
    const struct model *mo;
    const struct table_map *m;
    struct sheet *sh;
    struct arena *a;
};

static bool left_out(uint32_t c)
{
    return c <= ' ' || c == 0xa0 || c == 0x3000 || c == '_' || c == '-' || c == '*';
}

size_t title_form(const char *s, bool bare, char out[TITLE_FORM])
{
    size_t m = 0, n = strlen(s), used;
    for (size_t i = 0; i < n && m + 5 < TITLE_FORM; i += used) {
        uint32_t c = utf8_decode(s + i, n - i, &used);
        if (c >= 0xff01 && c <= 0xff5e) c -= 0xfee0;
        if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
        if (left_out(c)) continue;
        if (bare && (c == '(' || c == '[' || c == 0x3010)) break;
        m += utf8_encode(c, out + m);
    }
    out[m] = 0;
    return m;
}

static bool same_form(const char *s, const char *title, bool bare)
{
    char a[TITLE_FORM];
    if (!s) return false;
    title_form(s, bare, a);
    return *a && strcmp(a, title) == 0;
}

static int by_form(const struct matcher *x, const char *title, bool bare)
{
    char t[TITLE_FORM];
    int found = UNKNOWN;
    if (!title_form(title, bare, t)) return UNKNOWN;
    for (int i = 0; i < x->m->fields; i++) {
        const struct field *f = &x->m->field[i];
        if (same_form(f->name, t, false)) return i;
        if (same_form(f->en, t, bare) || same_form(f->zh, t, bare)
            || same_form(f->national, t, false))
            found = found == UNKNOWN ? i : SHARED;
    }
    return found;
}

/* What an export or a refused file adds, and no field is called. */
static bool is_extra(const char *title)
{
    static const char *const extra[] = { "id", "county", "recorded", "load", "draft", "digest",
                                         "line", "error", "reason" };
    for (int i = 0; i < COUNT_OF(extra); i++)
        if (same_form(extra[i], title, false)) return true;
    return false;
}

static int match_title(const struct matcher *x, const char *title)
{
    char t[TITLE_FORM];
    int f = by_form(x, title, false);
    if (f == UNKNOWN) f = by_form(x, title, true);
    if (f >= 0 && x->m->field[f].flags & F_COMPUTED) return SHEET_IGNORE;
    if (f != UNKNOWN) return f;
    title_form(title, false, t);
    return is_extra(t) ? SHEET_IGNORE : UNKNOWN;
}

/* The four columns that refused rows are written behind. */
static int refused_prefix(const struct sheet *sh)
{
    static const char *const lead[] = { "line", "column", "value", "reason" };
    if (sh->columns <= COUNT_OF(lead)) return 0;
    for (int i = 0; i < COUNT_OF(lead); i++)
        if (strcmp(sh->title[i], lead[i]) != 0) return 0;
    return COUNT_OF(lead);
}

/* ---- mapping files and remembered mappings ---- */

static char *trim(char *s)
{
    while (*s == ' ' || *s == '\t') s++;
    size_t n = strlen(s);
    while (n && strchr(" \t\r\n", s[n - 1])) s[--n] = 0;
    return s;
}

static int find_title(const struct sheet *sh, const char *name)
{
    char a[TITLE_FORM], b[TITLE_FORM];
    title_form(name, false, a);
    for (int c = 0; c < sh->columns; c++) {
        title_form(sh->title[c], false, b);
        if (strcmp(a, b) == 0) return c;
    }
    return -1;
}

/* One line "sheet column = field"; "-" as the field leaves the column out. */
static bool mapping_line(const struct matcher *x, char *line, const char *path, int number,
                         struct err *e)
{
    char *s = trim(line);
    if (!*s || *s == '#') return true;
    if (utf8_check(s, strlen(s)) != strlen(s))
        return err_set(e, ERR_INVALID, "%s, line %d: this is no UTF-8", path, number);
    char *eq = strrchr(s, '=');
    if (!eq) return err_set(e, ERR_INVALID, "%s, line %d: expected SHEET COLUMN = FIELD", path,
                            number);
    *eq = 0;
    char *title = trim(s), *name = trim(eq + 1);
    int c = find_title(x->sh, title);
    if (c < 0) return err_set(e, ERR_INVALID, "%s, line %d: the sheet has no column \"%s\"", path,
                              number, title);
    if (!*name || strcmp(name, "-") == 0) {
        x->sh->field[c] = SHEET_IGNORE;
        return true;
    }
    int f = by_form(x, name, false);
    if (f < 0 || x->m->field[f].flags & F_COMPUTED)
        return err_set(e, ERR_INVALID, "%s, line %d: %s has no field \"%s\" to load into", path,
                       number, x->m->entity->name, name);
    x->sh->field[c] = f;
    return true;
}

static bool mapping_file(const struct matcher *x, const char *path, struct err *e)
{
    FILE *f = fopen(path, "r");
    if (!f) return err_set(e, ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
    char *line = NULL;
    size_t cap = 0;
    bool ok = true;
    for (int number = 1; ok && getline(&line, &cap, f) >= 0; number++) {
        char *s = line;
        if (number == 1 && strncmp(s, "\xef\xbb\xbf", 3) == 0) s += 3;
        ok = mapping_line(x, s, path, number, e);
    }
    free(line);
    fclose(f);
    x->sh->taught = true;
    return ok;
}

static bool keep_text(void *arg, const struct val *row, int n, struct err *e)
{
    struct matcher *x = arg;
    (void)n, (void)e;
    /* Names of fields, one a column: "code,-,place". What no longer fits is matched anew. */
    const char *p = row[0].p, *end = p + row[0].n;
    for (int c = x->sh->lead; c < x->sh->columns && p < end; c++) {
        const char *comma = memchr(p, ',', (size_t)(end - p));
        size_t len = (size_t)((comma ? comma : end) - p);
        char *name = arena_strndup(x->a, p, len);
        int f = map_field(x->m, name);
        if (strcmp(name, "-") == 0) x->sh->field[c] = SHEET_IGNORE;
        else if (f >= 0 && !(x->m->field[f].flags & F_COMPUTED)) x->sh->field[c] = f;
        p += len + 1;
    }
    return true;
}

static void fingerprint(struct sheet *sh, const struct table_map *m)
{
    unsigned char out[DIGEST_LEN];
    struct digest d;
    digest_init(&d);
    digest_add(&d, m->entity->name, strlen(m->entity->name) + 1);
    for (int c = sh->lead; c < sh->columns; c++) digest_add(&d, sh->title[c], strlen(sh->title[c]) + 1);
    digest_done(&d, out);
    digest_hex(out, 16, sh->fingerprint);
}

bool mapping_put(struct tx *tx, const char *print, uint32_t entity, const struct buf *names,
                 struct err *e)
{
    struct val p[] = { val_text(print), val_int(entity), val_textn(names->p, names->n),
                       val_int(tx_now(tx)), { 0 } };
    int64_t was = 0, seal = seal_of(db_store(tx_db(tx)), &entity_tables[TABLE_LOAD_MAPPING], p);
    p[4] = val_int(seal);
    if (!db_int(tx_db(tx), load_stmt(LOAD_MAPPING_SEAL), p, 1, &was, NULL, e) ||
        !tx_exec(tx, load_stmt(LOAD_MAPPING_PUT), p, COUNT_OF(p), NULL, e))
        return false;
    seal_note(tx, &entity_tables[TABLE_LOAD_MAPPING], was, seal);
    return true;
}

bool sheet_remember(struct tx *tx, const struct table_map *m, const struct sheet *sh,
                    struct err *e)
{
    if (!sh->taught) return true;
    struct buf b;
    buf_init(&b, 1 << 16);
    for (int c = sh->lead; c < sh->columns; c++) {
        if (c > sh->lead) buf_char(&b, ',');
        buf_str(&b, sh->field[c] == SHEET_IGNORE ? "-" : m->field[sh->field[c]].name);
    }
    bool ok = mapping_put(tx, sh->fingerprint, m->entity->number, &b, e);
    buf_free(&b);
    return ok;
}

/* ---- what is wrong with a header ---- */

static const char *nearest_field(const struct matcher *x, const char *title)
{
    const char **names = arena_array(x->a, (size_t)x->m->fields * 3, sizeof *names);
    int n = 0;
    for (int i = 0; i < x->m->fields; i++) {
        if (x->m->field[i].flags & F_COMPUTED) continue;
        names[n++] = x->m->field[i].name;
        names[n++] = x->m->field[i].en;
        names[n++] = x->m->field[i].zh;
    }
    return nearest_name(title, names, n);
}

static void tell_column(const struct matcher *x, struct buf *b, int c)
{
    const char *title = x->sh->title[c];
    if (b->n) buf_str(b, "; ");
    if (x->sh->field[c] == SHARED) {
        buf_printf(b, "column %d \"%s\" fits several fields, use the field's name", c + 1, title);
        return;
    }
    const char *near = nearest_field(x, title);
    if (!*title) buf_printf(b, "column %d has no title", c + 1);
    else if (near) buf_printf(b, "no field \"%s\" (did you mean %s?)", title, near);
    else buf_printf(b, "no field \"%s\"", title);
}

static bool check_known(const struct matcher *x, struct err *e)
{
    struct buf b;
    int told = 0, more = 0;
    buf_init(&b, 400);
    for (int c = 0; c < x->sh->columns; c++) {
        if (x->sh->field[c] >= SHEET_IGNORE) continue;
        if (told < TOLD_MAX) tell_column(x, &b, c), told++;
        else more++;
    }
    if (more) buf_printf(&b, "; and %d more", more);
    /* Office sheets like to begin with a title across the page. */
    if (told + more == x->sh->columns) buf_str(&b, " (the first row must name the columns)");
    if (told) err_set(e, ERR_INVALID, "header of %s: %s; `jiedui schema %s` lists its fields",
                      x->m->entity->name, b.p, x->m->entity->name);
    buf_free(&b);
    return told == 0;
}

static bool check_once(const struct matcher *x, struct err *e)
{
    int first[ENTITY_MAX_COLUMNS];
    for (int i = 0; i < ENTITY_MAX_COLUMNS; i++) first[i] = -1;
    for (int c = 0; c < x->sh->columns; c++) {
        int f = x->sh->field[c];
        if (f == SHEET_IGNORE) continue;
        if (first[f] >= 0)
            return err_field(e, ERR_INVALID, x->m->field[f].name,
                             "columns %d and %d are both %s (\"%s\" and \"%s\")", first[f] + 1,
                             c + 1, x->m->field[f].name, x->sh->title[first[f]], x->sh->title[c]);
        first[f] = c;
        x->sh->has[f] = true;
    }
    return true;
}

static bool check_required(const struct matcher *x, struct err *e)
{
    struct buf b;
    int n = 0;
    buf_init(&b, 300);
    for (int i = 0; i < x->m->fields; i++) {
        const struct field *f = &x->m->field[i];
        bool firm = f->flags & (F_KEY | F_HOME) || !(x->m->entity->flags & E_DRAFTS);
        if (x->sh->has[i] || !(f->flags & F_REQUIRED) || f->preset || !firm
            || f->flags & F_COMPUTED)
            continue;
        if (n++) buf_str(&b, ", ");
        buf_printf(&b, "%s (%s)", f->name, f->zh);
    }
    if (n) err_set(e, ERR_INVALID, "header of %s: missing %s %s", x->m->entity->name,
                   n > 1 ? "columns" : "column", b.p);
    buf_free(&b);
    return n == 0;
}

static void read_titles(struct sheet *sh, const struct csv_field *cells, int n, struct arena *a)
{
    /* Empty columns at the right end are what a spreadsheet leaves behind. */
    while (n > 0 && cells[n - 1].n == 0) n--;
    *sh = (struct sheet){ .columns = n };
    sh->title = arena_array(a, (size_t)n + 1, sizeof *sh->title);
    sh->field = arena_array(a, (size_t)n + 1, sizeof *sh->field);
    for (int c = 0; c < n; c++)
        sh->title[c] = trim(arena_strndup(a, cells[c].p, cells[c].n));
}

bool sheet_read(struct sheet *sh, const struct model *mo, const struct table_map *m, struct db *d,
                const char *mapping, const struct csv_field *cells, int n, struct arena *a, struct err *e)
{
    struct matcher x = { mo, m, sh, a };
    read_titles(sh, cells, n, a);
    sh->lead = refused_prefix(sh);
    for (int c = 0; c < sh->columns; c++) sh->field[c] = c < sh->lead ? SHEET_IGNORE : UNKNOWN;
    fingerprint(sh, m);
    struct val key = val_text(sh->fingerprint);
    if (mapping ? !mapping_file(&x, mapping, e)
                : !db_query(d, load_stmt(LOAD_MAPPING_GET), &key, 1, keep_text, &x, e))
        return false;
    sh->left = -1;
    for (int c = 0; c < sh->columns; c++) {
        if (m->left >= 0 && by_form(&x, sh->title[c], false) == m->left) sh->left = c;
        if (sh->field[c] == UNKNOWN) sh->field[c] = match_title(&x, sh->title[c]);
    }
    return true;
}

bool sheet_match(struct sheet *sh, const struct model *mo, const struct table_map *m, struct db *d,
                 const char *mapping, const struct csv_field *cells, int n, struct arena *a,
                 struct err *e)
{
    struct matcher x = { mo, m, sh, a };
    return sheet_read(sh, mo, m, d, mapping, cells, n, a, e) && check_known(&x, e) && check_once(&x, e) &&
           check_required(&x, e);
}
