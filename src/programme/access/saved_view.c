/* Lists that were given a name: which kind of record, and the conditions, columns and order as an address
 * has them. One is an address and nothing more: whoever opens it sees what they may see. */
#include "programme/access/access_sql.h"

#include "base/count.h"
#include "programme/numbers.h"

enum saved_view_col { SAVED_VIEW_ACCOUNT, SAVED_VIEW_KIND, SAVED_VIEW_NAME, SAVED_VIEW_SHARED, SAVED_VIEW_ORGANISATION,
    SAVED_VIEW_ROLE, SAVED_VIEW_QUERY, SAVED_VIEW_NCOLS };

static const struct field saved_view_fields[] = {
    [SAVED_VIEW_ACCOUNT] = { .name = "account", .en = "Account", .zh = "账号", .type = F_REF, .ref = "account",
        .flags = F_REQUIRED | F_KEY | F_LIST,
        .help_en = "Who named the list, and alone may change it.", .help_zh = "命名者，只有本人可更改。" },
    [SAVED_VIEW_KIND] = { .name = "kind", .en = "Kind of record", .zh = "记录种类", .type = F_TEXT, .max = 60,
        .flags = F_REQUIRED | F_KEY | F_LIST,
        .help_en = "What the list is of, as in household.", .help_zh = "列表的记录种类，如 household。" },
    [SAVED_VIEW_NAME] = { .name = "name", .en = "Name", .zh = "名称", .type = F_TEXT, .max = SAVED_VIEW_NAME_MOST,
        .flags = F_REQUIRED | F_KEY | F_LIST | F_SEARCH,
        .help_en = "What the list is called.", .help_zh = "列表的名称。" },
    [SAVED_VIEW_SHARED] = { .name = "shared", .en = "For whom", .zh = "供谁使用", .type = F_CODE, .list = "view_shared",
        .flags = F_REQUIRED | F_LIST, .preset = "own",
        .help_en = "Who else finds it in their menu.", .help_zh = "还有谁能在菜单中看到。" },
    [SAVED_VIEW_ORGANISATION] = { .name = "organisation", .en = "Organisation", .zh = "单位", .type = F_REF,
        .ref = "organisation", .flags = F_LIST,
        .help_en = "The one whose accounts find it.", .help_zh = "共享给哪个单位的账号。" },
    [SAVED_VIEW_ROLE] = { .name = "role", .en = "Role", .zh = "角色", .type = F_CODE, .list = "account_role",
        .flags = F_LIST, .help_en = "The role whose accounts find it.", .help_zh = "共享给哪个角色的账号。" },
    [SAVED_VIEW_QUERY] = { .name = "conditions", .en = "Conditions", .zh = "条件", .type = F_TEXT,
        .max = SAVED_VIEW_QUERY_MOST,
        .help_en = "Conditions, columns and order, as the list's address has them.",
        .help_zh = "条件、列与排序，同列表网址。" },
};
_Static_assert(COUNT(saved_view_fields) == SAVED_VIEW_NCOLS, "one row per column");

const struct entity saved_view_entity = {
    .name = "saved_view", .en = "Saved list", .zh = "常用列表", .room = "access",
    .help_en = "A list that was given a name, for oneself or for one's office.",
    .help_zh = "命名保存的列表，供本人或本部门使用。",
    .access = ACCESS_NONE,
    .number = NUMBER_SAVED_VIEW, .reach = REACH_NATION, .flags = E_NO_SOURCE | E_OWN,
    .fields = saved_view_fields, .n = COUNT(saved_view_fields),
};

/* --- reading --- */

struct reading { struct request *q; struct saved_view *at; int n; };

static const char *copied(struct arena *a, struct val v)
{
    return v.type == VAL_TEXT ? arena_strndup(a, v.p, v.n) : "";
}

static bool take_view(void *arg, const struct val *row, int n, struct err *e)
{
    struct reading *x = arg;
    struct arena *a = x->q->arena;
    (void)n;
    (void)e;
    if (x->n == SAVED_VIEWS) return true;
    x->at[x->n++] = (struct saved_view){ .id = row[0].i, .own = row[1].i == x->q->user->account,
        .kind = copied(a, row[2]), .name = copied(a, row[3]), .shared = copied(a, row[4]), .query = copied(a, row[5]) };
    return true;
}

bool saved_views(struct request *q, struct saved_view **out, int *n, struct err *e)
{
    struct reading x = { .q = q };
    const struct val v[] = { val_int(q->user->account), val_text(role_rights[q->scope->role].code) };
    *n = 0;
    if (!q->user->account) return true;
    x.at = arena_array(q->arena, SAVED_VIEWS, sizeof *x.at);
    if (!db_query(q->seat->db, access_sql(ACCESS_SAVED_VIEWS), v, COUNT(v), take_view, &x, e)) return false;
    *out = x.at;
    *n = x.n;
    return true;
}

/* --- writing --- */

struct putting { struct request *q; const struct saved_view *v; bool drop; int64_t id; };

/* The row of one's own view; what is another's is told as what is not there. */
static bool own_row(struct tx *tx, const struct putting *p, const struct table_map *m, struct val *row, struct err *e)
{
    bool found = false;
    if (!row_get(tx_db(tx), m, 0, p->v->id, p->q->arena, row, &found, e)) return false;
    found = found && row[m->column[SAVED_VIEW_ACCOUNT]].i == p->q->user->account;
    return found || err_set(e, ERR_NOT_FOUND, "%s", tr(p->q, "There is no such saved list of yours.", "您没有此常用列表。"));
}

static bool put_view(struct tx *tx, void *arg, struct err *e)
{
    struct putting *p = arg;
    struct request *q = p->q;
    const struct model *mo = q->seat->model;
    const struct table_map *m = model_find(mo, "saved_view");
    struct val row[ENTITY_MAX_COLUMNS + 1] = { { 0 } }, account[ENTITY_MAX_COLUMNS + 1];
    bool found = false;
    if (p->v->id && !own_row(tx, p, m, row, e)) return false;
    if (p->drop) return row_delete(tx, mo, m, 0, p->v->id, 0, e);
    if (!account_get(mo, tx_db(tx), q->user->account, q->arena, account, &found, e)) return false;
    if (!found) return err_set(e, ERR_FORBIDDEN, "%s", tr(q, "Sign in first.", "请先登录。"));
    bool office = strcmp(p->v->shared, "organisation") == 0, role = strcmp(p->v->shared, "role") == 0;
    struct val organisation = account[ROW_FIRST + ACCOUNT_ORGANISATION];
    if (office && val_is_null(organisation))
        return err_field(e, ERR_INVALID, "shared", "%s", tr(q, "Your account belongs to no organisation: share it with "
                                                           "your role instead.", "您的账号没有所属单位，可共享给同一角色。"));
    row[ROW_COUNTY] = val_int(0);
    row[m->column[SAVED_VIEW_ACCOUNT]] = val_int(q->user->account);
    row[m->column[SAVED_VIEW_KIND]] = val_text(p->v->kind);
    row[m->column[SAVED_VIEW_NAME]] = val_text(p->v->name);
    row[m->column[SAVED_VIEW_SHARED]] = val_text(p->v->shared);
    row[m->column[SAVED_VIEW_ORGANISATION]] = office ? organisation : val_null();
    row[m->column[SAVED_VIEW_ROLE]] = role ? account[ROW_FIRST + ACCOUNT_ROLE] : val_null();
    row[m->column[SAVED_VIEW_QUERY]] = *p->v->query ? val_text(p->v->query) : val_null();
    if (!(p->v->id ? row_update(tx, mo, m, row, 0, e) : row_insert(tx, mo, m, row, e))) return false;
    p->id = row[ROW_ID].i;
    return true;
}

bool saved_view_put(struct request *q, const struct saved_view *v, int64_t *id, struct err *e)
{
    struct putting p = { .q = q, .v = v };
    if (!request_write(q, put_view, &p, e)) return false;
    *id = p.id;
    return true;
}

bool saved_view_drop(struct request *q, int64_t id, struct err *e)
{
    const struct saved_view v = { .id = id };
    struct putting p = { .q = q, .v = &v, .drop = true };
    return request_write(q, put_view, &p, e);
}
