#include "programme/access/demo.h"

#include "store/schema.h"

#define SETTING "demo"

const struct demo_account demo_list[] = {
    { "admin", "Administrator", "系统管理员", "admin", 0, true, NULL },
    { "auditor", "Auditor", "审计人员", "auditor", 0, true, NULL },
    { "officer", "Programme office", "协作办公室", "officer", 0, true, NULL },
    { "gansu", "Officer of Gansu", "甘肃省干部", "officer", 620000000000, false, NULL },
    { "ayaksayi", "Village team of Ayaksayi", "阿亚克萨依驻村工作队", "village", 653224103222, false, NULL },
    { "labour", "Labour station", "劳务工作站", "labour", 653224000000, false, NULL },
    { "helper", "Helper unit", "帮扶单位", "helper", 0, false, "TJ-CITY" },
};
const int demo_count = sizeof demo_list / sizeof *demo_list;

bool demo_mark(struct tx *tx, struct err *e)
{
    return setting_put(tx, SETTING, "1", e);
}

bool demo_store(struct db *d, bool *demo, struct err *e)
{
    struct arena a = { 0 };
    const char *value;
    bool ok = setting_get(d, SETTING, &a, &value, e);
    *demo = ok && value;
    arena_free(&a);
    return ok;
}

struct making { const struct model *mo; const char *password; struct arena *a; };

/* The organisation of the examples, or any that helps: the demo works with other records too. */
static bool organisation_of(struct making *m, struct db *d, const char *code, struct val *out)
{
    const struct table_map *orgs = model_find(m->mo, "organisation");
    int64_t county, id;
    struct err none;
    *out = val_null();
    if (!code || !ref_find(m->mo, orgs, code, strlen(code), -1, d, m->a, &county, &id, &none)) return !code;
    *out = val_int(id);
    return true;
}

static bool add_one(struct tx *tx, struct making *m, const struct demo_account *x, struct err *e)
{
    struct val row[ENTITY_MAX_COLUMNS + 1] = { { 0 } };
    bool found = false;
    if (!account_find(m->mo, tx_db(tx), x->login, m->a, row, &found, e)) return false;
    if (found) return true;
    memset(row, 0, sizeof row);
    row[ROW_DRAFT] = row[ROW_LOAD] = val_int(0);
    row[ROW_FIRST + ACCOUNT_LOGIN] = val_text(x->login);
    row[ROW_FIRST + ACCOUNT_NAME] = val_text(x->name);
    row[ROW_FIRST + ACCOUNT_ROLE] = val_text(x->role);
    row[ROW_FIRST + ACCOUNT_STATE] = val_text("active");
    if (x->place) row[ROW_FIRST + ACCOUNT_PLACE] = val_int(x->place);
    if (x->whole) row[ROW_FIRST + ACCOUNT_WHOLE] = val_int(1);
    if (!organisation_of(m, tx_db(tx), x->organisation, &row[ROW_FIRST + ACCOUNT_ORGANISATION])) return true;
    return account_add(tx, m->mo, row, m->password, e);
}

static bool add_all(struct tx *tx, void *arg, struct err *e)
{
    for (int i = 0; i < demo_count; i++)
        if (!add_one(tx, arg, &demo_list[i], e)) return false;
    return true;
}

bool demo_accounts(struct store *s, const struct model *mo, struct err *e)
{
    char password[PASSWORD_TEXT];
    struct arena a = { 0 };
    struct making m = { mo, password, &a };
    bool ok = password_hash(DEMO_PASSWORD, password) ? store_write(s, add_all, &m, e)
                                                     : err_set(e, ERR_FULL, "no memory to hash a password");
    arena_free(&a);
    return ok;
}

void demo_announce(void)
{
    printf("Demo sign-ins, all with the password %s:\n", DEMO_PASSWORD);
    for (int i = 0; i < demo_count; i++) printf("  %-10s %s\n", demo_list[i].login, demo_list[i].name);
}
