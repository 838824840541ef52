/* Which files a load takes, what each one holds, and in which order references need them. */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/option.h"
#include "entity/load_parts.h"

struct plan {
    const struct model *mo;
    const char *entity;
    struct arena *a;
    struct load_input *in;
    int n, cap;
};

static bool ends_with(const char *s, const char *tail)
{
    size_t n = strlen(s), k = strlen(tail);
    return n > k && strcasecmp(s + n - k, tail) == 0;
}

static bool kind_of(const char *name, enum input_kind *kind)
{
    if (ends_with(name, ".csv")) *kind = INPUT_CSV;
    else if (ends_with(name, ".csv.gz")) *kind = INPUT_GZIP;
    else if (ends_with(name, ".xlsx")) *kind = INPUT_XLSX;
    else return false;
    return true;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* "Place-Alias.2020.csv" -> "place_alias": up to the first dot, in the manner of entity names. */
static char *stem_of(const char *name, struct arena *a)
{
    size_t n = strcspn(name, ".");
    char *s = arena_strndup(a, name, n);
    for (char *p = s; *p; p++) {
        if (*p == '-' || *p == ' ') *p = '_';
        else if ((unsigned char)*p < 128) *p = (char)tolower((unsigned char)*p);
    }
    return s;
}

static const struct table_map *by_label(const struct model *mo, const char *s)
{
    for (int i = 0; i < mo->n; i++) {
        const struct entity *en = mo->maps[i].entity;
        if (strcasecmp(en->en, s) == 0 || strcmp(en->zh, s) == 0) return &mo->maps[i];
    }
    return NULL;
}

/* "claims" is a file of claims, "allocations_2" is not guessed at. */
static const struct table_map *by_plural(const struct model *mo, const char *s, struct arena *a)
{
    size_t n = strlen(s);
    const struct table_map *m = NULL;
    if (n > 4 && strcmp(s + n - 3, "ies") == 0)
        m = model_find(mo, arena_printf(a, "%.*sy", (int)(n - 3), s));
    if (!m && n > 3 && strcmp(s + n - 2, "es") == 0)
        m = model_find(mo, arena_strndup(a, s, n - 2));
    if (!m && n > 2 && s[n - 1] == 's') m = model_find(mo, arena_strndup(a, s, n - 1));
    return m;
}

static bool find_entity(const struct plan *p, const char *path, const struct table_map **out,
                        struct err *e)
{
    const char *s = p->entity ? p->entity : stem_of(base_name(path), p->a);
    *out = model_find(p->mo, s);
    if (!*out) *out = by_label(p->mo, s);
    if (!*out) *out = by_plural(p->mo, s, p->a);
    if (*out && (*out)->entity->flags & E_MADE)
        return err_set(e, ERR_FORBIDDEN, "%s: rows of %s are made by a command of the room %s, not "
                       "loaded", path, (*out)->entity->name, (*out)->entity->room);
    if (*out) return true;
    const char **names = arena_array(p->a, (size_t)p->mo->n, sizeof *names);
    for (int i = 0; i < p->mo->n; i++) names[i] = p->mo->maps[i].entity->name;
    const char *near = nearest_name(s, names, p->mo->n);
    return err_set(e, ERR_NOT_FOUND, "%s: there is no kind of record named %s%s%s%s; the file is "
                   "named after its records, or say --entity NAME (jiedui schema lists them)",
                   path, s, near ? " (did you mean " : "", near ? near : "", near ? "?)" : "");
}

static bool add_file(struct plan *p, const char *path, const struct stat *st, struct err *e)
{
    enum input_kind kind;
    if (!kind_of(path, &kind))
        return err_set(e, ERR_USAGE, "%s: neither .csv, .csv.gz nor .xlsx", path);
    p->in = arena_more(p->a, p->in, p->n, &p->cap, sizeof *p->in);
    struct load_input *in = &p->in[p->n];
    *in = (struct load_input){ .path = arena_strdup(p->a, path), .kind = kind,
                               .bytes = (uint64_t)st->st_size };
    in->name = base_name(in->path);
    if (!find_entity(p, path, &in->map, e)) return false;
    p->n++;
    return true;
}

/* Refused files lie beside their sources and are loaded only when asked for; "~$x.xlsx" is a mark
 * that a spreadsheet program leaves while it has x.xlsx open. */
static int wanted(const struct dirent *f)
{
    enum input_kind kind;
    if (f->d_name[0] == '.' || f->d_name[0] == '~') return 0;
    return kind_of(f->d_name, &kind) && !strstr(f->d_name, ".refused.");
}

static int by_bytes(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bool add_folder(struct plan *p, const char *path, struct err *e)
{
    struct dirent **names = NULL;
    int n = scandir(path, &names, wanted, by_bytes);
    if (n < 0) return err_set(e, ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
    bool ok = true;
    size_t len = strlen(path);
    while (len > 1 && path[len - 1] == '/') len--;
    for (int i = 0; i < n; i++) {
        struct stat st;
        const char *file = arena_printf(p->a, "%.*s/%s", (int)len, path, names[i]->d_name);
        if (ok && stat(file, &st) != 0)
            ok = err_set(e, ERR_NOT_FOUND, "%s: %s", file, strerror(errno));
        if (ok && S_ISREG(st.st_mode)) ok = add_file(p, file, &st, e);
        free(names[i]);
    }
    free(names);
    if (ok && n == 0) ok = err_set(e, ERR_NOT_FOUND, "%s: no .csv or .xlsx file in it", path);
    return ok;
}

/* ---- the order ---- */

enum need { NEED_NONE, NEED_SOFT, NEED_HARD };

/* Does a row of m need rows of `other` to be there? A reference that gives the row its county, or
 * that a row cannot be without, is not the one to put off when references run in a circle. */
static enum need needs(const struct table_map *m, const struct table_map *other)
{
    enum need need = NEED_NONE;
    const char *name = other->entity->name;
    if (m == other) return NEED_NONE;
    for (int i = 0; i < m->fields; i++) {
        const struct field *f = &m->field[i];
        enum need one = NEED_NONE;
        if (f->type == F_REF && f->ref && strcmp(f->ref, name) == 0)
            one = f->flags & (F_HOME | F_REQUIRED | F_KEY) ? NEED_HARD : NEED_SOFT;
        /* A typed place is looked up among the places and their other names. */
        else if (f->type == F_PLACE && strcmp(name, "place") == 0) one = NEED_HARD;
        else if (f->type == F_PLACE && strcmp(name, "place_alias") == 0
                 && strcmp(m->entity->name, "place") != 0) one = NEED_HARD;
        if (one > need) need = one;
    }
    return need;
}

/* How much of what input i needs is not placed yet: hard needs weigh more than all soft ones. */
static int weight(const struct plan *p, const bool *placed, int i)
{
    int sum = 0;
    for (int k = 0; k < p->n; k++) {
        if (placed[k] || p->in[k].map == p->in[i].map) continue;
        enum need need = needs(p->in[i].map, p->in[k].map);
        sum += need == NEED_HARD ? 1000 : need == NEED_SOFT ? 1 : 0;
    }
    return sum;
}

/* Takes, again and again, the input that waits for least; ties in the order given. Files of one
 * kind of record stay together. Where references run in a circle the lightest goes first, and its
 * rows whose reference is not there yet wait in hold. */
static void put_in_order(struct plan *p)
{
    bool *placed = arena_array(p->a, (size_t)p->n, sizeof *placed);
    struct load_input *out = arena_array(p->a, (size_t)p->n, sizeof *out);
    int n = 0;
    while (n < p->n) {
        int best = -1, least = 0;
        for (int i = 0; i < p->n; i++) {
            if (placed[i]) continue;
            int w = weight(p, placed, i);
            if (best < 0 || w < least) best = i, least = w;
        }
        for (int i = best; i < p->n; i++) {
            if (placed[i] || p->in[i].map != p->in[best].map) continue;
            placed[i] = true;
            out[n++] = p->in[i];
        }
    }
    for (int i = 0; i < n; i++) out[i].last = i + 1 == n || out[i + 1].map != out[i].map;
    p->in = out;
}

bool load_plan(const struct model *mo, const char *const *paths, int n, const char *entity,
               struct arena *a, struct load_input **out, int *count, struct err *e)
{
    struct plan p = { .mo = mo, .entity = entity, .a = a };
    for (int i = 0; i < n; i++) {
        struct stat st;
        if (stat(paths[i], &st) != 0)
            return err_set(e, ERR_NOT_FOUND, "%s: %s", paths[i], strerror(errno));
        bool ok = S_ISDIR(st.st_mode) ? add_folder(&p, paths[i], e)
                                      : add_file(&p, paths[i], &st, e);
        if (!ok) return false;
    }
    if (p.n == 0) return err_set(e, ERR_USAGE, "no file or folder to load");
    put_in_order(&p);
    *out = p.in;
    *count = p.n;
    return true;
}
