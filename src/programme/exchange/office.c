/* The keys of offices. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/count.h"
#include "base/date.h"
#include "base/digest.h"
#include "programme/exchange/exchange.h"

enum { LINE = 300 };
static const char secret_head[] = "jiedui office secret key 1", open_head[] = "jiedui office key 1";

void key_fingerprint(const unsigned char open[SIGN_PUBLIC_LEN], char out[FINGERPRINT])
{
    unsigned char sum[DIGEST_LEN];
    digest_of(open, SIGN_PUBLIC_LEN, sum);
    for (int i = 0; i < 8; i++)
        snprintf(out + 5 * i, 6, "%02x%02x ", sum[2 * i], sum[2 * i + 1]);
    out[39] = '\0';
}

static void key_hex(const unsigned char open[SIGN_PUBLIC_LEN], char hex[DIGEST_HEX])
{
    digest_hex(open, SIGN_PUBLIC_LEN, hex);
}

/* ---- files of a few "name value" lines ---- */

static bool write_new(const char *path, mode_t mode, const char *text, struct err *e)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    size_t n = strlen(text);
    if (fd < 0)
        return err_set(e, errno == EEXIST ? ERR_CONFLICT : ERR_FULL, "%s: %s", path,
                       strerror(errno));
    bool ok = write(fd, text, n) == (ssize_t)n && fsync(fd) == 0;
    if (close(fd) != 0 || !ok) {
        unlink(path);
        return err_set(e, ERR_FULL, "%s: it cannot be written", path);
    }
    return true;
}

/* The value behind `name`, from a file that begins with the line `head`. */
static bool read_line(const char *path, FILE *f, const char *head, const char *name, char out[LINE],
                      struct err *e)
{
    char line[LINE];
    size_t n = strlen(name);
    rewind(f);
    for (int at = 1; at < 16 && fgets(line, sizeof line, f); at++) {
        line[strcspn(line, "\r\n")] = '\0';
        if (at == 1 && strcmp(line, head) != 0) break;
        if (at > 1 && strncmp(line, name, n) == 0 && line[n] == ' ') {
            memcpy(out, line + n + 1, strlen(line + n + 1) + 1);
            return true;
        }
    }
    return err_set(e, ERR_INVALID, "%s: it is no file of the kind \"%s\" with a line \"%s ...\"",
                   path, head, name);
}

static bool unhex32(const char *path, const char *hex, unsigned char out[32], struct err *e)
{
    return (strlen(hex) == 64 && digest_unhex(hex, 64, out)) ||
           err_set(e, ERR_INVALID, "%s: the key in it is damaged", path);
}

/* ---- rows ---- */

struct keeping {
    const struct model *mo;
    const unsigned char *open;
    int64_t organisation;
    bool own, confirms, known;
    int32_t today;
};

static bool keep(struct tx *tx, void *arg, struct err *e)
{
    struct keeping *k = arg;
    const struct table_map *m = model_find(k->mo, "office_key");
    struct val row[ENTITY_MAX_COLUMNS + 1] = { 0 };
    struct arena a = { 0 };
    char hex[DIGEST_HEX], print[FINGERPRINT];
    key_hex(k->open, hex);
    key_fingerprint(k->open, print);
    struct val key = val_text(hex);
    int64_t found_id = 0;
    bool found = false;
    bool ok = db_int(tx_db(tx), &m->stmts[ENTITY_BY_KEY], (struct val[]){ val_int(0), key }, 2,
                     &found_id, &found, e);
    if (ok && found) ok = row_get(tx_db(tx), m, 0, found_id, &a, row, &found, e);
    k->known = found;
    if (ok && found && row[m->column[OFFICE_KEY_ORGANISATION]].i != k->organisation)
        ok = err_set(e, ERR_CONFLICT, "this key is known already, as another office's");
    row[m->column[OFFICE_KEY_PUBLIC_KEY]] = key;
    row[m->column[OFFICE_KEY_ORGANISATION]] = val_int(k->organisation);
    row[m->column[OFFICE_KEY_FINGERPRINT]] = val_text(print);
    if (!found) row[m->column[OFFICE_KEY_OWN]] = val_int(k->own);
    row[m->column[OFFICE_KEY_CONFIRMS]] = val_int(k->confirms);
    if (!found) row[m->column[OFFICE_KEY_SINCE]] = val_int(k->today);
    row[m->column[OFFICE_KEY_ENDED]] = val_null();
    ok = ok && (found ? row_update(tx, k->mo, m, row, 0, e) : row_insert(tx, k->mo, m, row, e));
    arena_free(&a);
    return ok;
}

/* ---- making and trusting ---- */

static bool org_names(struct store *s, const struct model *mo, int64_t org, char code[LINE],
                      char name[LINE], struct err *e)
{
    const struct table_map *m = model_find(mo, "organisation");
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct arena a = { 0 };
    struct db *d = NULL;
    bool found = false;
    bool ok = store_connect(s, DB_READ, &d, e) && row_get(d, m, 0, org, &a, row, &found, e);
    if (ok && !found) ok = err_set(e, ERR_NOT_FOUND, "there is no such organisation");
    if (ok) {
        int zh = map_field(m, "name_zh");
        snprintf(code, LINE, "%s", ref_text(mo, m, 0, org, d, &a));
        snprintf(name, LINE, "%s", zh < 0 ? "" : field_write(mo, m, zh, row, d, &a));
    }
    if (d) db_close(d);
    arena_free(&a);
    return ok;
}

bool office_key_make(struct store *s, const struct model *mo, const struct key_request *q,
                     char fingerprint[FINGERPRINT], struct err *e)
{
    struct sign_key k;
    unsigned char seed[SIGN_PUBLIC_LEN];
    char hex[DIGEST_HEX], secret[4 * LINE], open[4 * LINE], code[LINE], name[LINE];
    if (!org_names(s, mo, q->organisation, code, name, e)) return false;
    if (q->seed) memcpy(seed, q->seed, sizeof seed);
    else random_bytes(seed, sizeof seed);
    sign_from_seed(&k, seed);
    digest_hex(seed, sizeof seed, hex);
    snprintf(secret, sizeof secret, "%s\noffice %s\nseed %s\n", secret_head, code, hex);
    key_hex(k.open, hex);
    key_fingerprint(k.open, fingerprint);
    snprintf(open, sizeof open, "%s\noffice %s\nname %s\nkey %s\nfingerprint %s\n", open_head, code,
             name, hex, fingerprint);
    struct keeping row = { .mo = mo, .open = k.open, .organisation = q->organisation, .own = true,
                           .today = q->today };
    bool ok = write_new(q->secret, 0600, secret, e);
    if (ok && !write_new(q->open, 0644, open, e)) ok = (unlink(q->secret), false);
    if (ok && !store_write(s, keep, &row, e)) {
        unlink(q->secret);
        unlink(q->open);
        ok = false;
    }
    sign_wipe(&k);
    memset(secret, 0, sizeof secret);
    memset(seed, 0, sizeof seed);
    return ok;
}

static bool find_office(struct store *s, const struct model *mo, const char *path, const char *code,
                        int64_t *org, struct err *e)
{
    const struct table_map *m = model_find(mo, "organisation");
    struct arena a = { 0 };
    struct db *d = NULL;
    int64_t county;
    struct err why = { 0 };
    bool ok = store_connect(s, DB_READ, &d, e);
    if (ok && !ref_find(mo, m, code, strlen(code), 0, d, &a, &county, org, &why))
        ok = err_set(e, ERR_NOT_FOUND, "%s: there is no organisation %s here; load it first, or say "
                     "which it is: --office CODE", path, code);
    if (d) db_close(d);
    arena_free(&a);
    return ok;
}

static void squeeze(const char *s, char *out, size_t size)
{
    size_t n = 0;
    for (; *s && n + 1 < size; s++)
        if (*s != ' ') out[n++] = *s;
    out[n] = '\0';
}

bool office_key_trust(struct store *s, const struct model *mo, const struct trust_request *q,
                      struct trust_done *out, struct err *e)
{
    char code[LINE] = "", hex[LINE] = "", want[FINGERPRINT], is[FINGERPRINT];
    unsigned char open[SIGN_PUBLIC_LEN];
    FILE *f = fopen(q->path, "rb");
    *out = (struct trust_done){ .organisation = q->organisation };
    if (!f) return err_set(e, ERR_NOT_FOUND, "%s: %s", q->path, strerror(errno));
    bool ok = read_line(q->path, f, open_head, "office", code, e) &&
              read_line(q->path, f, open_head, "key", hex, e) && unhex32(q->path, hex, open, e);
    fclose(f);
    if (!ok) return false;
    key_fingerprint(open, out->fingerprint);
    if (q->fingerprint) {
        squeeze(q->fingerprint, want, sizeof want);
        squeeze(out->fingerprint, is, sizeof is);
        if (strcmp(want, is) != 0)
            return err_set(e, ERR_FORBIDDEN, "%s: its fingerprint is %s, not %s: ask the office again",
                           q->path, out->fingerprint, q->fingerprint);
    }
    if (!out->organisation && !find_office(s, mo, q->path, code, &out->organisation, e)) return false;
    struct keeping row = { .mo = mo, .open = open, .organisation = out->organisation,
                           .confirms = q->confirms, .today = q->today };
    ok = store_write(s, keep, &row, e);
    out->known = row.known;
    return ok;
}

struct ending { const struct model *mo; const char *fingerprint; int32_t today; };

static bool end_key(struct tx *tx, void *arg, struct err *e)
{
    const struct ending *x = arg;
    const struct table_map *m = model_find(x->mo, "office_key");
    struct val row[ENTITY_MAX_COLUMNS + 1], print = val_text(x->fingerprint);
    struct arena a = { 0 };
    int64_t id = 0;
    bool found = false;
    bool ok = db_int(tx_db(tx), &exchange_stmts.stmts[EXCHANGE_KEY_BY_PRINT], &print, 1, &id,
                     &found, e) &&
              (found || err_set(e, ERR_NOT_FOUND, "there is no key %s; `jiedui package keys` lists "
                                "them", x->fingerprint)) &&
              row_get(tx_db(tx), m, 0, id, &a, row, &found, e);
    if (ok) row[m->column[OFFICE_KEY_ENDED]] = val_int(x->today);
    ok = ok && row_update(tx, x->mo, m, row, 0, e);
    arena_free(&a);
    return ok;
}

bool office_key_end(struct store *s, const struct model *mo, const char *fingerprint, int32_t today,
                    struct err *e)
{
    struct ending x = { mo, fingerprint, today };
    return store_write(s, end_key, &x, e);
}

/* ---- using ---- */

bool office_key_read(struct db *d, const char *path, struct sign_key *k, int64_t *organisation,
                     struct err *e)
{
    char hex[LINE] = "";
    unsigned char seed[SIGN_PUBLIC_LEN];
    struct office_key known;
    struct stat st;
    bool found = false;
    FILE *f = fopen(path, "rb");
    if (!f) return err_set(e, ERR_NOT_FOUND, "the office's secret key %s: %s", path, strerror(errno));
    bool ok = fstat(fileno(f), &st) == 0 && (st.st_mode & 077) == 0;
    if (!ok) err_set(e, ERR_FORBIDDEN, "%s can be read by others: chmod 600 %s, and make a new key if "
                     "somebody may have", path, path);
    ok = ok && read_line(path, f, secret_head, "seed", hex, e) && unhex32(path, hex, seed, e);
    fclose(f);
    if (!ok) return false;
    sign_from_seed(k, seed);
    memset(seed, 0, sizeof seed);
    memset(hex, 0, sizeof hex);
    if (!office_key_find(d, k->open, &known, &found, e)) return false;
    *organisation = known.organisation;
    return (found && known.own) ||
           err_set(e, ERR_FORBIDDEN, "%s is no key of this store; `jiedui package keys` lists them",
                   path);
}

static bool take_key(void *arg, const struct val *r, int n, struct err *e)
{
    struct office_key *k = arg;
    (void)n, (void)e;
    k->organisation = r[0].i;
    k->own = r[1].type == VAL_INT && r[1].i;
    k->confirms = r[2].type == VAL_INT && r[2].i;
    return true;
}

bool office_key_find(struct db *d, const unsigned char open[SIGN_PUBLIC_LEN],
                     struct office_key *out, bool *found, struct err *e)
{
    char hex[DIGEST_HEX];
    key_hex(open, hex);
    struct val p = val_text(hex);
    *out = (struct office_key){ .organisation = 0 };
    memcpy(out->open, open, SIGN_PUBLIC_LEN);
    if (!db_query(d, &exchange_stmts.stmts[EXCHANGE_KEY], &p, 1, take_key, out, e)) return false;
    *found = out->organisation != 0;
    return true;
}
