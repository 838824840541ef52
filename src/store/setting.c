#include "store/driver.h"
#include "store/tables.h"

#include <inttypes.h>
#include <stdlib.h>

struct settings { struct store *s; int64_t version; bool key, known; };

static bool digits(const char *p, size_t n, int64_t *out)
{
    int64_t v = 0;
    size_t i = n > 0 && p[0] == '-';
    if (n == i || n > 18) return false;
    for (size_t at = i; at < n; at++) {
        if (p[at] < '0' || p[at] > '9') return false;
        v = v * 10 + (p[at] - '0');
    }
    *out = i ? -v : v;
    return true;
}

static bool take(void *arg, const struct val *row, int n, struct err *e)
{
    struct settings *t = arg;
    struct store *s = t->s;
    int64_t number;
    if (n != 3 || row[0].type != VAL_TEXT || row[1].type != VAL_TEXT)
        return err_set(e, ERR_CORRUPT, "the setting table of %s is not as it was made", s->shown);
    const char *name = row[0].p, *value = row[1].p;
    if (strcmp(name, "schema_version") == 0) {
        t->known = digits(value, row[1].n, &t->version);
    } else if (strcmp(name, "row_key") == 0) {
        t->key = row[1].n == DIGEST_KEY_LEN * 2 && digest_unhex(value, row[1].n, s->key);
    } else if (strcmp(name, "zone") == 0) {
        if (digits(value, row[1].n, &number) && number >= -840 && number <= 840)
            s->zone = (int)number;
    } else if (strcmp(name, SETTING_COUNTIES) == 0) {
        s->apart = strcmp(value, "apart") == 0;
    } else if (strcmp(name, "append_only") == 0) {
        free(s->append_only);
        s->append_only = mem_strdup(value);
    } else if (strcmp(name, SETTING_INCOMPLETE) == 0) {
        s->incomplete = mem_strdup(value);
    }
    return true;
}

bool store_table_exists(struct db *d, const char *name, bool *found, struct err *e)
{
    struct val v = val_text(name);
    int64_t count;
    if (!db_int(d, &store_sql[STORE_HAS_TABLE], &v, 1, &count, NULL, e)) return false;
    *found = count > 0;
    return true;
}

bool settings_read(struct store *s, struct db *d, struct err *e)
{
    struct settings t = { .s = s };
    bool there;
    s->has_schema = false;
    free(s->incomplete);
    s->incomplete = NULL;
    if (!store_table_exists(d, "setting", &there, e)) return false;
    if (!there) return true;
    if (!db_query(d, &store_sql[STORE_SETTINGS], NULL, 0, take, &t, e)) return false;
    if (!t.known || t.version < 1)
        return err_set(e, ERR_INVALID, "%s has a setting table, but is not a Jiedui store",
                       s->shown);
    if (t.version > SCHEMA_VERSION)
        return err_set(e, ERR_INVALID, "%s was made by a newer Jiedui (schema %lld, this one knows "
                       "%d): open it with that one", s->shown, (long long)t.version,
                       SCHEMA_VERSION);
    if (!t.key) return err_set(e, ERR_CORRUPT, "%s has lost its row key", s->shown);
    row_key_init(&s->row_key, s->key);
    s->has_schema = true;
    if (!s->incomplete || s->opt.incomplete) return true;
    const char *original = strchr(s->incomplete, ' ');
    return err_set(e, ERR_CONFLICT, "%s is an incomplete copy of%s: the command that made it, "
                   "given again, goes on with it", s->shown,
                   original ? original : " another store");
}

struct text_out { struct arena *a; const char *value; };

static bool take_text(void *arg, const struct val *row, int n, struct err *e)
{
    struct text_out *t = arg;
    (void)e;
    if (n > 0 && row[0].type == VAL_TEXT) t->value = arena_strndup(t->a, row[0].p, row[0].n);
    return true;
}

bool setting_get(struct db *d, const char *name, struct arena *a, const char **value, struct err *e)
{
    struct text_out t = { .a = a };
    struct val v = val_text(name);
    if (!db_query(d, &store_sql[STORE_SETTING_GET], &v, 1, take_text, &t, e)) return false;
    *value = t.value;
    return true;
}

/* --- none is missing --- */

bool name_sum_add(void *arg, const struct val *row, int n, struct err *e)
{
    struct name_sum *s = arg;
    struct val name = val_textn(row[0].p, row[0].n);
    (void)n, (void)e;
    if (strcmp(row[0].p, SETTING_NAMES) == 0 || strcmp(row[0].p, SETTING_INCOMPLETE) == 0)
        return true;
    s->count++;
    s->sum += (uint64_t)row_digest(s->key, SETTING_NUMBER, &name, 1);
    return true;
}

void name_sum_text(const struct name_sum *s, char out[48])
{
    snprintf(out, 48, "%" PRId64 " %016" PRIx64, s->count, s->sum);
}

static bool put(struct tx *tx, const char *name, const char *value, struct err *e)
{
    struct val v[3] = { val_text(name), val_text(value) };
    v[2] = val_int(row_digest(&tx->db->store->row_key, SETTING_NUMBER, v, 2));
    return tx_exec(tx, &store_sql[STORE_SETTING_PUT], v, 3, NULL, e);
}

bool settings_begin(struct tx *tx, struct err *e)
{
    struct name_sum s = { .key = &tx->db->store->row_key };
    char text[48];
    if (!tx_query(tx, &store_sql[STORE_SETTINGS], NULL, 0, name_sum_add, &s, e)) return false;
    name_sum_text(&s, text);
    return put(tx, SETTING_NAMES, text, e);
}

/* A name that was not there is added to the sum of names, as the sum says it was. */
static bool count_name(struct tx *tx, const char *name, struct err *e)
{
    struct name_sum s = { .key = &tx->db->store->row_key };
    struct val v = val_text(name);
    struct arena a = { 0 };
    const char *had = NULL, *sum = NULL;
    char text[48];
    bool ok = setting_get(tx->db, name, &a, &had, e) &&
              setting_get(tx->db, SETTING_NAMES, &a, &sum, e);
    if (ok && !had && sum && sscanf(sum, "%" SCNd64 " %" SCNx64, &s.count, &s.sum) == 2 &&
        name_sum_add(&s, &v, 1, e)) {
        name_sum_text(&s, text);
        ok = put(tx, SETTING_NAMES, text, e);
    }
    arena_free(&a);
    return ok;
}

bool setting_put(struct tx *tx, const char *name, const char *value, struct err *e)
{
    return count_name(tx, name, e) && put(tx, name, value, e);
}
