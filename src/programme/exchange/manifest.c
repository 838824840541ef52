/* The manifest of a package, and the proof of a package as a whole. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "doc/tar.h"
#include "programme/exchange/exchange.h"

enum { MANIFEST_MAX = 1 << 18 };

/* ---- writing ---- */

bool manifest_write(const struct manifest *m, struct buf *out, struct err *e)
{
    char hex[DIGEST_HEX];
    struct json_out j;
    json_start(&j, out);
    json_object(&j);
    json_key(&j, "format"), json_str(&j, "jiedui package");
    json_key(&j, "version"), json_int(&j, m->version);
    json_key(&j, "sender"), json_str(&j, m->sender);
    json_key(&j, "receiver"), json_str(&j, m->receiver);
    json_key(&j, "number"), json_int(&j, m->number);
    json_key(&j, "previous"), json_str(&j, m->previous);
    json_key(&j, "made_at"), json_str(&j, m->made_at);
    json_key(&j, "since"), json_str(&j, m->since);
    json_key(&j, "personal"), json_bool(&j, m->personal);
    digest_hex(m->open, SIGN_PUBLIC_LEN, hex);
    json_key(&j, "public_key"), json_str(&j, hex);
    json_key(&j, "files"), json_array(&j);
    for (int i = 0; i < m->files; i++) {
        const struct package_file *f = &m->file[i];
        buf_char(out, '\n');
        json_object(&j);
        json_key(&j, "name"), json_str(&j, f->name);
        json_key(&j, "entity"), json_str(&j, f->entity);
        json_key(&j, "rows"), json_int(&j, f->rows);
        json_key(&j, "bytes"), json_int(&j, f->bytes);
        digest_hex(f->digest, DIGEST_LEN, hex);
        json_key(&j, "digest"), json_str(&j, hex);
        json_end_object(&j);
    }
    json_end_array(&j);
    json_end_object(&j);
    buf_char(out, '\n');
    return !out->over || err_set(e, ERR_INTERNAL, "the manifest is too long");
}

/* ---- reading ---- */

static bool bad(const char *key, struct err *e)
{
    return err_set(e, ERR_CORRUPT, "its manifest is damaged: %s", key);
}

static bool get_int(const struct json *o, const char *key, int64_t *out, struct err *e)
{
    const struct json *v = json_get(o, key);
    if (!v || v->type != JSON_INT || v->i < 0) return bad(key, e);
    *out = v->i;
    return true;
}

static bool get_text(const struct json *o, const char *key, char *out, size_t size, struct err *e)
{
    const struct json *v = json_get(o, key);
    if (!v || v->type != JSON_TEXT || v->n >= size || strlen(v->text) != v->n) return bad(key, e);
    memcpy(out, v->text, v->n + 1);
    return true;
}

static bool get_hex(const struct json *o, const char *key, unsigned char *out, struct err *e)
{
    char hex[DIGEST_HEX], again[DIGEST_HEX];
    if (!get_text(o, key, hex, sizeof hex, e)) return false;
    if (strlen(hex) != DIGEST_HEX - 1 || !digest_unhex(hex, DIGEST_HEX - 1, out)) return bad(key, e);
    digest_hex(out, DIGEST_LEN, again);
    return strcmp(hex, again) == 0 || bad(key, e);
}

static bool get_file(const struct json *o, struct package_file *f, struct err *e)
{
    char want[80];
    if (o->type != JSON_OBJECT) return bad("files", e);
    if (!get_text(o, "name", f->name, sizeof f->name, e) ||
        !get_text(o, "entity", f->entity, sizeof f->entity, e) ||
        !get_int(o, "rows", &f->rows, e) || !get_int(o, "bytes", &f->bytes, e) ||
        !get_hex(o, "digest", f->digest, e))
        return false;
    snprintf(want, sizeof want, "%s.csv", f->entity);
    return strcmp(want, f->name) == 0 || bad("files: name", e);
}

static bool get_files(const struct json *o, struct manifest *m, struct err *e)
{
    const struct json *files = json_get(o, "files");
    if (!files || files->type != JSON_ARRAY) return bad("files", e);
    if (files->n > PACKAGE_FILES) return bad("too many files", e);
    for (size_t i = 0; i < files->n; i++) {
        if (!get_file(&files->items[i], &m->file[i], e)) return false;
        for (size_t k = 0; k < i; k++)
            if (strcmp(m->file[k].name, m->file[i].name) == 0) return bad("a file twice", e);
    }
    m->files = (int)files->n;
    return true;
}

static bool fill(struct manifest *m, const struct json *o, struct err *e)
{
    char format[32];
    const struct json *personal = json_get(o, "personal");
    unsigned char before[DIGEST_LEN];
    if (o->type != JSON_OBJECT || !get_text(o, "format", format, sizeof format, e) ||
        strcmp(format, "jiedui package") != 0)
        return err_set(e, ERR_CORRUPT, "it is no package of jiedui");
    if (!get_int(o, "version", &m->version, e)) return false;
    if (m->version > PACKAGE_VERSION)
        return err_set(e, ERR_INVALID, "it is of version %lld, and this program reads up to version "
                       "%d: a newer program is needed", (long long)m->version, PACKAGE_VERSION);
    if (m->version < 1) return bad("version", e);
    if (!personal || personal->type != JSON_BOOL) return bad("personal", e);
    m->personal = personal->i != 0;
    if (!get_text(o, "sender", m->sender, sizeof m->sender, e) ||
        !get_text(o, "receiver", m->receiver, sizeof m->receiver, e) ||
        !get_text(o, "made_at", m->made_at, sizeof m->made_at, e) ||
        !get_text(o, "since", m->since, sizeof m->since, e) ||
        !get_text(o, "previous", m->previous, sizeof m->previous, e) ||
        !get_int(o, "number", &m->number, e) || !get_hex(o, "public_key", m->open, e))
        return false;
    if (m->number < 1) return bad("number", e);
    if ((m->number == 1) != (m->previous[0] == '\0')) return bad("previous", e);
    return (!m->previous[0] || get_hex(o, "previous", before, e)) && get_files(o, m, e);
}

bool manifest_read(struct manifest *m, const char *p, size_t n, struct err *e)
{
    struct arena a = { .cap = 64 << 20 };
    struct json *o;
    unsigned char id[DIGEST_LEN];
    *m = (struct manifest){ .version = 0 };
    bool ok = json_parse(&o, p, n, &a, e);
    if (!ok) {
        struct err why = *e;
        err_set(e, ERR_CORRUPT, "its manifest is damaged: %s", why.message);
    }
    ok = ok && fill(m, o, e);
    arena_free(&a);
    digest_of(p, n, id);
    digest_hex(id, DIGEST_LEN, m->id);
    return ok;
}

/* ---- a whole package ---- */

static bool whole(FILE *f, const struct tar_member *m, struct buf *b, struct err *e)
{
    char part[4096];
    struct tar_reader r;
    struct csv_source s = tar_source(&r);
    long got;
    if (m->bytes > MANIFEST_MAX) return bad("it is too long", e);
    if (!tar_read_from(&r, f, m, e)) return false;
    while ((got = s.read(s.arg, part, sizeof part, e)) > 0) buf_add(b, part, (size_t)got);
    return got == 0;
}

static bool signature_holds(const struct manifest *m, const struct buf *text, const struct buf *sig,
                            struct err *e)
{
    unsigned char raw[SIGN_LEN];
    char again[2 * SIGN_LEN + 1];
    bool shaped = sig->n == 2 * SIGN_LEN + 1 && sig->p[2 * SIGN_LEN] == '\n' &&
                  digest_unhex(sig->p, 2 * SIGN_LEN, raw);
    if (shaped) digest_hex(raw, SIGN_LEN, again);
    return (shaped && memcmp(again, sig->p, 2 * SIGN_LEN) == 0 &&
            sign_holds(m->open, text->p, text->n, raw)) ||
           err_set(e, ERR_CORRUPT, "its signature does not hold: it was altered after it was signed");
}

static bool file_holds(const struct package *p, int i, const struct tar_member *t, struct err *e)
{
    const struct package_file *f = &p->m.file[i];
    static const size_t size = 1 << 16;
    unsigned char sum[DIGEST_LEN];
    struct tar_reader r;
    struct csv_source s = tar_source(&r);
    struct digest d;
    long got;
    if (strcmp(t->name, f->name) != 0 || t->bytes != f->bytes)
        return err_set(e, ERR_CORRUPT, "%s is not what its manifest says", t->name);
    if (!tar_read_from(&r, p->f, t, e)) return false;
    char *part = mem_alloc(size);
    digest_init(&d);
    while ((got = s.read(s.arg, part, size, e)) > 0) digest_add(&d, part, (size_t)got);
    free(part);
    if (got < 0) return false;
    digest_done(&d, sum);
    return memcmp(sum, f->digest, DIGEST_LEN) == 0 ||
           err_set(e, ERR_CORRUPT, "%s was altered after it was signed", f->name);
}

static bool prove(struct package *p, const struct tar_member *t, int n, struct buf *text,
                  struct buf *sig, struct err *e)
{
    if (n < 2 || strcmp(t[n - 2].name, "manifest.json") != 0 ||
        strcmp(t[n - 1].name, "manifest.sig") != 0)
        return err_set(e, ERR_CORRUPT, "it is no package of jiedui: it has no manifest");
    if (!whole(p->f, &t[n - 2], text, e) || !whole(p->f, &t[n - 1], sig, e) ||
        !manifest_read(&p->m, text->p, text->n, e) || !signature_holds(&p->m, text, sig, e))
        return false;
    if (n != p->m.files + 2) return err_set(e, ERR_CORRUPT, "it holds files that its manifest does not name");
    for (int i = 0; i < p->m.files; i++) {
        p->at[i] = t[i].at;
        if (!file_holds(p, i, &t[i], e)) return false;
    }
    return true;
}

bool package_holds(const struct package *p, struct err *e)
{
    for (int i = 0; i < p->m.files; i++) {
        struct tar_member t = { .at = p->at[i], .bytes = p->m.file[i].bytes };
        snprintf(t.name, sizeof t.name, "%s", p->m.file[i].name);
        if (!file_holds(p, i, &t, e)) return false;
    }
    return true;
}

bool package_open(struct package *p, const char *path, struct err *e)
{
    struct tar_member *t = mem_alloc((PACKAGE_FILES + 2) * sizeof *t);
    struct buf text, sig;
    int n;
    *p = (struct package){ .f = fopen(path, "rb") };
    buf_init(&text, MANIFEST_MAX + 1);
    buf_init(&sig, MANIFEST_MAX + 1);
    bool ok = p->f ? tar_list(p->f, t, PACKAGE_FILES + 2, &n, e) && prove(p, t, n, &text, &sig, e)
                   : err_set(e, ERR_NOT_FOUND, "%s", strerror(errno));
    buf_free(&text);
    buf_free(&sig);
    free(t);
    if (!ok) package_close(p);
    return ok || err_context(e, "%s", path);
}

void package_close(struct package *p)
{
    if (p->f) fclose(p->f);
    p->f = NULL;
}
