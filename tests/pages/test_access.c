/* Who sees what. Two rows of every kind, one inside an area and one outside with marks of its own; then
 * every route of the router's table, every export and every error, asked by an account of each role: no
 * mark from outside may be in any answer. A route whose captures are not known here fails the test.
 *
 * The public is asked the same: of two rows taken from a printed report and from minutes it sees the first,
 * and of kinds that are never published neither. */
#include "pages/site.h"

#include "base/log.h"
#include "base/map.h"
#include "doc/xlsx.h"
#include "programme/access/access.h"

#define IN_VILLAGE INT64_C(653225100201)
#define OUT_VILLAGE INT64_C(620524100201)
#define OUT_MARK "Zqout"
#define OUT_NUMBER 87654321            /* 87,654,321 on a page */
#define OUT_TASK "4611686018427387904"
#define TODAY date_make(2026, 11, 22)

enum { MAX_KINDS = 128, MAX_URLS = 40000 };

struct pair { int64_t county[2], id[2]; bool made; };

struct world {
    struct programme p;
    struct site site;
    struct seat seat;
    struct gate gate;
    struct arena arena, keep;
    struct pair rows[MAX_KINDS];
    struct user users[ROLE_N];
    struct scope scopes[ROLE_N];
    int64_t org[2];
};

/* --- two rows of every kind, made from its declaration --- */

static int map_at(const struct world *w, const char *name)
{
    for (int i = 0; i < w->p.model->n; i++)
        if (strcmp(w->p.model->maps[i].entity->name, name) == 0) return i;
    return -1;
}

static const char *text_for(struct world *w, const struct field *f, int side, int kind)
{
    const char *mark = side ? OUT_MARK : "Inner";
    if (f->flags & F_CREDIT_CODE) return side ? "91110000MA0000099X" : NULL;
    if (f->flags & (F_CITIZEN_ID | F_BANK_CARD | F_PHONE)) return NULL;
    if (strcmp(f->name, "applies") == 0) return NULL;
    if (strcmp(f->name, "holds") == 0) return "known(place)";
    if (strcmp(f->name, "grades") == 0) return "good 90; poor 0";
    if (f->min > 20) return "00000000000000000000000000000000000000000000000000000000000000ff";
    if (f->max && f->max < 9) return side ? "Zqo" : "Inn";
    return arena_printf(&w->keep, "%.*s", f->max ? (int)f->max : 200,
                        arena_printf(&w->keep, "%s%d%s", mark, kind, f->name));
}

static bool make_row(struct world *w, struct tx *tx, int kind, int side, int depth, struct err *e);

struct making { struct world *w; int kind, side; };

/* The inner row's document was printed, the outer one's are minutes. */
static bool not_printed(const struct table_map *m, const struct field *f, int side)
{
    return side && strcmp(m->entity->name, "document") == 0 && strncmp(f->name, "published_", 10) == 0;
}

static bool fill(struct world *w, struct tx *tx, const struct table_map *m, int field, int side, int kind,
                 int depth, struct val *row)
{
    const struct field *f = &m->field[field];
    struct val *v = &row[m->column[field]];
    struct err none = { 0 };
    int n = 0, to;
    if (not_printed(m, f, side)) return true;
    switch (f->type) {
    case F_TEXT: *v = val_text(text_for(w, f, side, kind)); break;
    case F_INT: case F_MONEY: case F_DECIMAL:
        *v = val_int(side && m->entity->access != ACCESS_OPEN ? OUT_NUMBER : 3 + side);
        if (f->max && v->i > f->max) *v = val_int(f->max);
        if (v->i < f->min) *v = val_int(f->min);
        break;
    case F_BOOL: *v = val_int(0); break;
    case F_DATE: *v = val_int(date_make(2019, 6, 1)); break;
    case F_INSTANT: *v = val_int(INT64_C(1560000000000000)); break;
    case F_CODE: {
        const struct code *codes = codes_list(w->p.codes, f->list, &n);
        *v = n ? val_text(codes[0].code) : val_null();
        for (int i = 0; i < n; i++)
            if (strcmp(codes[i].code, "typed") == 0) *v = val_text("typed"); /* the one that needs no other field */
        if (side && strcmp(f->list, "document_kind") == 0) *v = val_text("minutes");
        if (strcmp(m->entity->name, "asked_form") == 0 && strcmp(f->name, "unit_level") == 0) *v = val_text("village");
        break;
    }
    case F_PLACE: *v = val_int(side ? OUT_VILLAGE : IN_VILLAGE); break;
    case F_REF:
        to = map_at(w, f->ref);
        /* What was printed may name anybody; here it does not, so that every name found is a fault. */
        if (m->entity->access == ACCESS_OPEN && to >= 0 && w->p.model->maps[to].entity->access != ACCESS_OPEN)
            return !(f->flags & F_REQUIRED);
        if (to < 0 || to == kind || depth > 6) return !(f->flags & F_REQUIRED);
        if (!w->rows[to].made && !make_row(w, tx, to, side, depth + 1, &none)) return !(f->flags & F_REQUIRED);
        if (!w->rows[to].id[side]) return !(f->flags & F_REQUIRED);
        *v = val_int(w->rows[to].id[side]);
        if (m->county_column[field] >= 0) row[m->county_column[field]] = val_int(w->rows[to].county[side]);
        break;
    }
    return true;
}

/* All fields; if a check of the kind refuses that, what is required and every text, or what is required alone. */
enum fields { FIELDS_ALL, FIELDS_TEXTS, FIELDS_REQUIRED };
static bool try_row(struct world *w, struct tx *tx, int kind, int side, int depth, enum fields which,
                    struct err *e)
{
    const struct table_map *m = &w->p.model->maps[kind];
    struct val row[ENTITY_MAX_COLUMNS + 1] = { { 0 } };
    bool nation = m->entity->reach == REACH_NATION;
    row[ROW_DRAFT] = row[ROW_LOAD] = val_int(0);
    row[ROW_COUNTY] = val_int(nation ? 0 : (side ? OUT_VILLAGE : IN_VILLAGE) / 1000000);
    for (int i = 0; i < m->fields; i++) {
        bool needed = m->field[i].flags & (F_REQUIRED | F_KEY | F_HOME);
        bool named = m->field[i].type == F_TEXT || i == m->place;
        if (m->field[i].flags & F_COMPUTED) continue;
        /* Names of things there are; a field that is asked for may have none. */
        if (strcmp(m->entity->name, "asked_field") == 0 && m->field[i].type == F_TEXT && !needed) continue;
        if (which == FIELDS_TEXTS && !needed && !named) continue;
        if (which == FIELDS_REQUIRED && !needed) continue;
        if (strcmp(m->field[i].name, "of_which") == 0 || strcmp(m->field[i].name, "parent") == 0) continue;
        if (!fill(w, tx, m, i, side, kind, depth, row)) return err_set(e, ERR_INVALID, "a reference");
    }
    if (!row_insert(tx, w->p.model, m, row, e)) return false;
    w->rows[kind].county[side] = row[ROW_COUNTY].i;
    w->rows[kind].id[side] = row[ROW_ID].i;
    return true;
}

/* Kinds whose rows a room has to make; what they tell is told by their rooms' tests. */
static bool made_elsewhere(const struct entity *en)
{
    static const char *const names[] = { "confirmation", "payment", "payment_run", "payee", "publication_item",
                                         "publication", "statistical_return" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], en->name) == 0) return true;
    return en->view || en->access == ACCESS_NONE || (en->flags & E_MADE);
}

static bool make_row(struct world *w, struct tx *tx, int kind, int side, int depth, struct err *e)
{
    const struct entity *en = w->p.model->maps[kind].entity;
    struct err first = { 0 };
    if (w->rows[kind].id[side]) return true;
    if (made_elsewhere(en)) return err_set(e, ERR_INVALID, "not made so");
    return try_row(w, tx, kind, side, depth, FIELDS_ALL, &first) ||
           try_row(w, tx, kind, side, depth, FIELDS_TEXTS, &first) ||
           try_row(w, tx, kind, side, depth, FIELDS_REQUIRED, e);
}

static bool make_one(struct tx *tx, void *arg, struct err *e)
{
    struct making *m = arg;
    return make_row(m->w, tx, m->kind, m->side, 0, e);
}

/* How many were made of one side: of the kinds that all may see everywhere, or of the others. */
static int make_rows(struct world *w, int side, bool open)
{
    int made = 0, missing = 0;
    for (int i = 0; i < w->p.model->n; i++) {
        struct making m = { w, i, side };
        struct err e = { 0 };
        const struct entity *en = w->p.model->maps[i].entity;
        if ((en->access == ACCESS_OPEN) != open) continue;
        if (store_write(w->p.store.store, make_one, &m, &e)) made++;
        else if (!made_elsewhere(en)) {
            print_message("%s: no row of it could be made: %s\n", en->name, e.message);
            missing++;
        }
    }
    assert_int_equal(missing, 0);
    return made;
}

/* --- accounts --- */

struct person { struct world *w; enum role role; struct val row[ENTITY_MAX_COLUMNS + 1]; };

static bool add_person(struct tx *tx, void *arg, struct err *e)
{
    struct person *x = arg;
    return account_add(tx, x->w->p.model, x->row, "not a password", e);
}

static void add_account(struct world *w, enum role role)
{
    struct person x = { .w = w, .role = role };
    struct err e = { 0 };
    struct val *row = x.row;
    row[ROW_DRAFT] = row[ROW_LOAD] = row[ROW_COUNTY] = val_int(0);
    row[ROW_FIRST + ACCOUNT_LOGIN] = val_text(arena_printf(&w->keep, "%s.one", role_rights[role].code));
    row[ROW_FIRST + ACCOUNT_NAME] = val_text("Inner person");
    row[ROW_FIRST + ACCOUNT_ROLE] = val_text(role_rights[role].code);
    row[ROW_FIRST + ACCOUNT_STATE] = val_text("active");
    if (role == ROLE_HELPER) row[ROW_FIRST + ACCOUNT_ORGANISATION] = val_int(w->org[0]);
    else if (role == ROLE_VILLAGE) row[ROW_FIRST + ACCOUNT_PLACE] = val_int(IN_VILLAGE);
    else row[ROW_FIRST + ACCOUNT_PLACE] = val_int(IN_VILLAGE / 1000000 * 1000000);
    assert_ok(store_write(w->p.store.store, add_person, &x, &e), e);
    assert_ok(scope_make(w->p.model, w->p.db, &w->p.parties, row, TODAY, &w->keep, &w->scopes[role], &e), e);
    w->users[role] = (struct user){ .account = row[ROW_ID].i, .login = "one", .name = "Inner person",
        .csrf = "token", .scope = &w->scopes[role] };
}

/* Without what lies outside. */
static void world_inside(struct world *w, enum engine engine)
{
    struct err e = { 0 };
    memset(w, 0, sizeof *w);
    programme_open(&w->p, engine);
    assert_ok(gate_make(&w->gate, 2, &e), e);
    site_begin(&w->p, &w->site, &w->seat);
    w->seat.gate = &w->gate;
    for (int side = 0; side < 2; side++) assert_true(make_rows(w, side, true) > 5);
    assert_true(make_rows(w, 0, false) > 40);
    w->org[0] = w->rows[map_at(w, "organisation")].id[0];
    for (int r = ROLE_HELPER; r < ROLE_ADMIN; r++) add_account(w, (enum role)r);
    test_sql(w->p.store.store, "insert into job (id, owner, kind, title, asked, mark, state, stopping, done, total, "
             "process, beat, made) values (" OUT_TASK ", 1, 'import', '" OUT_MARK ".csv', '{}', '', 'waiting', 0, 0, "
             "0, '', 0, 0)");
}

static void world_open(struct world *w, enum engine engine)
{
    world_inside(w, engine);
    assert_true(make_rows(w, 1, false) > 40);
    w->org[1] = w->rows[map_at(w, "organisation")].id[1];
}

static void world_close(struct world *w)
{
    arena_free(&w->arena);
    arena_free(&w->keep);
    programme_close(&w->p);
}

/* --- asking --- */

static void sheet_text(const char *path, struct buf *out)
{
    struct xlsx *x;
    struct err e = { 0 };
    const struct csv_field *f;
    int n;
    assert_ok(xlsx_open(&x, path, NULL, &e), e);
    for (int s = 0; s < xlsx_sheet_count(x); s++) {
        assert_ok(xlsx_sheet(x, s, &e), e);
        while (xlsx_next(x, &f, &n, &e) == CSV_ROW)
            for (int i = 0; i < n; i++) {
                buf_add(out, f[i].p, f[i].n);
                buf_char(out, '\n');
            }
    }
    xlsx_close(x);
}

/* The texts of a workbook instead of its bytes. */
static void unfold(struct buf *b)
{
    char path[] = "/tmp/jiedui-book-XXXXXX";
    if (b->n < 2 || memcmp(b->p, "PK", 2) != 0) return;
    int fd = mkstemp(path);
    assert_true(fd >= 0 && write(fd, b->p, b->n) == (ssize_t)b->n);
    close(fd);
    buf_clear(b);
    sheet_text(path, b);
    remove(path);
}

static struct answer ask(struct world *w, const struct user *u, const char *method, const char *url,
                         const char *form, struct buf *keep)
{
    struct answer a = site_ask(&w->seat, &w->arena, keep, u,
                               &(struct sent){ .method = method, .url = url, .form = form, .body = form });
    unfold(keep);
    a.body = keep->p;
    a.n = keep->n;
    return a;
}

static const char *find_bytes(const char *s, size_t n, const char *word)
{
    size_t k = strlen(word);
    for (size_t i = 0; i + k <= n; i++)
        if (memcmp(s + i, word, k) == 0) return s + i;
    return NULL;
}

/* Kinds that everybody may see everywhere carry the marks too; they are told apart by their number. */
static bool open_mark(const struct world *w, const char *at)
{
    int kind = (int)strtol(at + strlen(OUT_MARK), NULL, 10);
    return at[strlen(OUT_MARK)] >= '0' && at[strlen(OUT_MARK)] <= '9' && kind < w->p.model->n &&
           w->p.model->maps[kind].entity->access == ACCESS_OPEN;
}

static void assert_inside(const struct world *w, const struct user *u, const char *url, const struct answer *a)
{
    static const char *const numbers[] = { "87,654,321", "87654321", "876,543.21", "876543.21", "8765.43" };
    for (const char *at = a->body; (at = find_bytes(at, a->n - (size_t)(at - a->body), "Zqo")); at++)
        if (!open_mark(w, at))
            fail_msg("%s sees %.60s at %s (%d)", role_rights[u->scope->role].code, at, url, a->status);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        const char *at = find_bytes(a->body, a->n, numbers[i]);
        if (at) fail_msg("%s sees %.80s at %s", role_rights[u->scope->role].code, at - 30 > a->body ? at - 30 : at, url);
    }
}

static enum publicity publicity_of(const struct world *w, const char *digits)
{
    int kind = (int)strtol(digits, NULL, 10);
    return *digits >= '0' && *digits <= '9' && kind < w->p.model->n ? w->p.model->maps[kind].entity->publicity
                                                                    : PUBLIC_NEVER;
}

/* Totals are told; rows, names and amounts of one are not. */
static void assert_published(const struct world *w, const char *url, const struct answer *a)
{
    static const char inner[] = "Inner";
    bool rows = strstr(url, "/records") != NULL;
    for (const char *at = a->body; (at = find_bytes(at, a->n - (size_t)(at - a->body), OUT_MARK)); at++)
        if (publicity_of(w, at + strlen(OUT_MARK)) != PUBLIC_ALWAYS) fail_msg("the public sees %.60s at %s", at, url);
    for (const char *at = a->body; (at = find_bytes(at, a->n - (size_t)(at - a->body), inner)); at++)
        if (at[5] >= '0' && at[5] <= '9' && publicity_of(w, at + 5) == PUBLIC_NEVER)
            fail_msg("the public sees %.60s at %s", at, url);
    if (rows && (find_bytes(a->body, a->n, "87,654,321") || find_bytes(a->body, a->n, "87654321")))
        fail_msg("the public sees an amount at %s", url);
}

/* --- every address of the router's table --- */

/* What was answered before rows were added outside, in the order that it was asked. */
enum { MOST_TOLD = 60000 };
struct told { uint64_t at[MOST_TOLD]; int n; bool again; };
struct walk { struct world *w; const struct user *user; struct buf *b; int asked, found, turn; struct told *told; };

/* An answer but for the numbers that a form is given anew each time. */
static uint64_t mark_of(const struct answer *a)
{
    uint64_t h = (uint64_t)a->status;
    for (size_t i = 0, digits; i < a->n; i += digits ? digits : 1) {
        for (digits = 0; i + digits < a->n && a->body[i + digits] >= '0' && a->body[i + digits] <= '9';) digits++;
        if (digits < 15) h = hash_bytes(a->body + i, digits ? digits : 1, h);
    }
    return h;
}

static void same_as_before(struct walk *x, const char *url, const struct answer *a)
{
    struct told *t = x->told;
    uint64_t h = mark_of(a);
    assert_true(t->n < MOST_TOLD);
    if (t->again && t->at[t->n] != h)
        fail_msg("what lies outside changes what %s is told at %s", role_rights[x->user->scope->role].code, url);
    t->at[t->n++] = h;
}

static void visit(struct walk *x, const char *method, const char *url)
{
    if (x->told && strcmp(method, "GET") != 0) return;
    const char *form = strcmp(method, "POST") == 0 ? "reason=because&now=x&new=y&name=n&days=3" : NULL;
    struct answer a = ask(x->w, x->user, method, url, form, x->b);
    if (a.status == 500) fail_msg("%s %s: 500", method, url);
    x->asked++;
    x->found += a.status == 200;
    if (x->told && !strstr(url, "/me/code")) same_as_before(x, url, &a);   /* a new secret each time */
    if (x->user == &test_public) assert_published(x->w, url, &a);
    else assert_inside(x->w, x->user, url, &a);
}

static void ask_with(struct walk *x, const char *method, const char *url, const char *pattern)
{
    static const char *const tails[] = { "", "?place=620524100201", "?place=620000", "?from=2019-01-01&to=2019-12-31",
        "?by=county", "?by=province", "?format=csv", "?format=json", "?format=xlsx", "?place=nowhere", "?q=Inner",
        "?columns=nothing", "?drafts=1&sort=-id", "?counts=1", "?last=1", "?where=known%28valid_from%29", "?size=large" };
    enum { TAILS = sizeof tails / sizeof *tails };
    char text[600];
    visit(x, method, url);
    if (strcmp(method, "GET") != 0) return;
    /* Every page as it stands, and with conditions in turn, so that each comes to every page. */
    (void)pattern;
    for (size_t i = 0; i < 2; i++) {
        snprintf(text, sizeof text, "%s%s", url, tails[1 + (size_t)(x->turn + (int)i * 7) % (TAILS - 1)]);
        visit(x, method, text);
    }
    if (x->turn++ % 4 || x->told) return;
    snprintf(text, sizeof text, "%s?org=%lld", url, (long long)x->w->org[1]);
    visit(x, method, text);
}

static void expand(struct walk *x, const char *method, const char *pattern, const char *at, char *url, size_t n,
                   int kind);

static void put(struct walk *x, const char *method, const char *pattern, const char *rest, char *url, size_t n,
                int kind, const char *value)
{
    size_t k = (size_t)snprintf(url + n, 600 - n, "%s", value);
    expand(x, method, pattern, rest, url, n + k, kind);
    url[n] = '\0';
}

static void put_rows(struct walk *x, const char *method, const char *pattern, const char *rest, char *url,
                     size_t n, int kind)
{
    char text[64];
    const struct pair *p = &x->w->rows[kind];
    for (int side = 0; side < 2; side++) {
        if (!p->id[side] || (side && x->told)) continue;
        snprintf(text, sizeof text, "%lld-%lld", (long long)p->county[side], (long long)p->id[side]);
        put(x, method, pattern, rest, url, n, kind, text);
    }
    if (!p->id[0] && (!p->id[1] || x->told)) put(x, method, pattern, rest, url, n, kind, "0-1");
}

/* A capture that is not known here would be a page that nobody tries. */
static void put_capture(struct walk *x, const char *method, const char *pattern, const char *name, size_t len,
                        char *url, size_t n, int kind)
{
    const char *rest = name + len;
    const struct model *mo = x->w->p.model;
    if (!strncmp(name, "entity", len)) {
        for (int i = 0; i < mo->n; i++) put(x, method, pattern, rest, url, n, i, mo->maps[i].entity->name);
        put(x, method, pattern, rest, url, n, 0, "nothing");
    } else if (!strncmp(name, "row", len)) {
        put_rows(x, method, pattern, rest, url, n, kind);
    } else if (!strncmp(name, "name", len)) {
        for (int i = 0; i < figures_count(x->w->p.figures); i += 7)
            put(x, method, pattern, rest, url, n, kind, figures_at(x->w->p.figures, i)->name);
        put(x, method, pattern, rest, url, n, kind, "nothing");
    } else if (!strncmp(name, "place", len)) {
        static const char *const places[] = { "653225100201", "620524100201", "620000", "653200" };
        for (size_t i = 0; i < 4; i++) put(x, method, pattern, rest, url, n, kind, places[i]);
    } else if (!strncmp(name, "entry", len)) {
        for (int i = 1; i < 60; i += 2) {
            char text[32];
            snprintf(text, sizeof text, "0-%d", i);
            put(x, method, pattern, rest, url, n, kind, text);
        }
    } else if (!strncmp(name, "pay", len)) {
        put_rows(x, method, pattern, rest, url, n, map_at(x->w, "payment_run"));
    } else if (!strncmp(name, "receipt", len)) {
        put_rows(x, method, pattern, rest, url, n, map_at(x->w, "receipt"));
    } else if (!strncmp(name, "release", len)) {
        put(x, method, pattern, rest, url, n, kind, "nothing");
    } else if (!strncmp(name, "plan", len)) {
        put_rows(x, method, pattern, rest, url, n, map_at(x->w, "work_plan"));
    } else if (!strncmp(name, "task", len) || !strncmp(name, "number", len)) {
        put(x, method, pattern, rest, url, n, kind, OUT_TASK);       /* somebody else's */
    } else if (!strncmp(name, "room", len)) {
        static const char *const rooms[] = { "labour", "market", "talent", "matching", "nothing" };
        for (size_t i = 0; i < 5; i++) put(x, method, pattern, rest, url, n, kind, rooms[i]);
    } else if (!strncmp(name, "card", len)) {
        put(x, method, pattern, rest, url, n, kind, "Inn");
        put(x, method, pattern, rest, url, n, kind, "nothing");
    } else if (!strncmp(name, "report", len)) {
        static const char *const whole[] = { "quarter?period=2019Q2", "year?period=2019", "press?period=2019", "x" };
        static const char *const part[] = { "quarter", "year", "press", "x" };
        for (size_t i = 0; i < 4; i++) put(x, method, pattern, rest, url, n, kind, *rest ? part[i] : whole[i]);
    } else if (!strncmp(name, "household", len) || !strncmp(name, "organisation", len) ||
               !strncmp(name, "project", len) || !strncmp(name, "batch", len)) {
        put_rows(x, method, pattern, rest, url, n, map_at(x->w, arena_strndup(&x->w->arena, name, len)));
    } else if (!strncmp(name, "login", len)) {
        put(x, method, pattern, rest, url, n, kind, "officer.one");
    } else if (!strncmp(name, "act", len)) {
        put(x, method, pattern, rest, url, n, kind, "disable");
    } else if (!strncmp(name, "id", len) || !strncmp(name, "code", len) || !strncmp(name, "run", len)) {
        put(x, method, pattern, rest, url, n, kind, "1");
    } else {
        fail_msg("%s: what may :%.*s be? Say it here, so that the page is tried", pattern, (int)len, name);
    }
}

static void expand(struct walk *x, const char *method, const char *pattern, const char *at, char *url, size_t n,
                   int kind)
{
    const char *colon = strchr(at, ':');
    size_t k = colon ? (size_t)(colon - at) : strlen(at);
    memcpy(url + n, at, k);
    url[n + k] = '\0';
    if (colon) put_capture(x, method, pattern, colon + 1, strcspn(colon + 1, "/."), url, n + k, kind);
    else ask_with(x, method, url, pattern);
}

static int crawl(struct world *w, const struct user *u, struct told *told)
{
    struct buf b;
    struct walk x = { w, u, &b, 0, 0, (int)u->scope->role, told };
    buf_init(&b, (size_t)64 << 20);
    for (int i = 0; i < page_route_count; i++) {
        const struct route *r = &page_routes[i];
        char url[600] = "/en";
        /* A deleted row would not be there for the others; who may not see it is told so all the same. */
        bool sign = strstr(r->pattern, "sign-out") != NULL;
        if (sign || (strcmp(r->method, "GET") != 0 && strstr(r->pattern, "/delete"))) continue;
        expand(&x, r->method, r->pattern, r->pattern, url, 3, 0);
    }
    buf_free(&b);
    print_message("%s: %d answers, %d with a page\n", role_rights[u->scope->role].code, x.asked, x.found);
    return x.found;
}

static void nobody_sees_outside(enum engine engine)
{
    struct world *w = mem_alloc(sizeof *w);
    world_open(w, engine);
    /* The scope is the same text for both databases; the slower one is asked by two of them. */
    int step = engine == ENGINE_POSTGRES ? 3 : 1;
    for (int r = ROLE_HELPER; r < ROLE_ADMIN; r += step) assert_true(crawl(w, &w->users[r], NULL) > 300);
    crawl(w, &test_nobody, NULL);
    world_close(w);
    free(w);
}
STORE_TEST(nobody_sees_outside)

/* Counts, sums, order, choices, pages and digests too: with rows outside or without, each answer is the same. */
static void what_lies_outside_changes_nothing(enum engine engine)
{
    struct world *w = mem_alloc(sizeof *w);
    struct told *told = mem_alloc(sizeof *told);
    memset(told, 0, sizeof *told);
    world_inside(w, engine);
    int step = engine == ENGINE_POSTGRES ? 3 : 1;
    for (int r = ROLE_HELPER; r < ROLE_ADMIN; r += step) crawl(w, &w->users[r], told);
    assert_true(told->n > 2000);
    assert_true(make_rows(w, 1, false) > 40);
    told->n = 0;
    told->again = true;
    for (int r = ROLE_HELPER; r < ROLE_ADMIN; r += step) crawl(w, &w->users[r], told);
    world_close(w);
    free(told);
    free(w);
}
STORE_TEST(what_lies_outside_changes_nothing)

static void the_public_sees_what_is_published(enum engine engine)
{
    struct world *w = mem_alloc(sizeof *w);
    struct buf b;
    int seen = 0;
    world_open(w, engine);
    assert_true(crawl(w, &test_public, NULL) > 300);
    buf_init(&b, (size_t)64 << 20);
    for (int i = 0; i < w->p.model->n; i++) {
        const struct entity *en = w->p.model->maps[i].entity;
        char url[200];
        snprintf(url, sizeof url, "/en/records/%s/export?format=csv&drafts=1", en->name);
        struct answer a = ask(w, &test_public, "GET", url, NULL, &b);
        assert_int_equal(a.status, en->publicity == PUBLIC_NEVER ? 404 : 200);
        seen += en->publicity == PUBLIC_BY_SOURCE && find_bytes(a.body, a.n, "Inner");
    }
    assert_true(seen > 25);
    buf_free(&b);
    world_close(w);
    free(w);
}
STORE_TEST(the_public_sees_what_is_published)

/* The marks can be found: who sees everything sees them. */
static void the_marks_are_there(enum engine engine)
{
    struct world *w = mem_alloc(sizeof *w);
    struct buf b;
    int seen = 0;
    buf_init(&b, (size_t)64 << 20);
    world_open(w, engine);
    for (int i = 0; i < w->p.model->n; i++) {
        char url[200];
        if (!w->rows[i].id[1]) continue;
        snprintf(url, sizeof url, "/en/records/%s/export?format=csv", w->p.model->maps[i].entity->name);
        struct answer a = ask(w, &test_admin, "GET", url, NULL, &b);
        assert_int_equal(a.status, 200);
        seen += find_bytes(a.body, a.n, "Zqo") || find_bytes(a.body, a.n, "8765");
        /* And the inner row is seen by who may read the kind. */
        if (!scope_reads(&w->scopes[ROLE_OFFICER], w->p.model->maps[i].entity->access)) continue;
        a = ask(w, &w->users[ROLE_OFFICER], "GET", url, NULL, &b);
        if (w->p.model->maps[i].place >= 0 && !find_bytes(a.body, a.n, "Inn"))
            fail_msg("an officer does not see the inner row of %s:\n%s", w->p.model->maps[i].entity->name, a.body);
    }
    assert_true(seen > 70);
    buf_free(&b);
    world_close(w);
    free(w);
}
STORE_TEST(the_marks_are_there)

static void page_is(struct world *w, struct buf *b, const char *url, int status, const char *has)
{
    struct answer a = ask(w, &test_admin, "GET", url, NULL, b);
    if (a.status != status) fail_msg("%s: %d", url, a.status);
    if (has && !find_bytes(a.body, a.n, has)) fail_msg("%s: \"%s\" is not said", url, has);
}

/* List, counts, order, export, record with its history; form, deletion and acts on the whole list of those that are
 * typed: of every kind, in both languages. */
static void every_kind_has_its_pages(enum engine engine)
{
    struct world *w = mem_alloc(sizeof *w);
    struct buf b;
    int kinds = 0;
    buf_init(&b, (size_t)64 << 20);
    world_open(w, engine);
    for (int i = 0; i < 2 * w->p.model->n; i++) {
        const struct table_map *m = &w->p.model->maps[i / 2];
        const char *zh = i % 2 ? "zh" : "en", *name = m->entity->name;
        const long long county = w->rows[i / 2].county[0], id = w->rows[i / 2].id[0];
        bool typed = !(m->entity->flags & (E_MADE | E_OWN));
        char url[300], row[200];
        snprintf(url, sizeof url, "/%s/records/%s", zh, name);
        page_is(w, &b, url, 200, i % 2 ? m->entity->zh : m->entity->en);
        snprintf(url, sizeof url, "/%s/records/%s?counts=1&sort=-%s&last=1", zh, name, m->field[m->fields - 1].name);
        page_is(w, &b, url, 200, "</html>");
        snprintf(url, sizeof url, "/%s/records/%s/export?format=csv", zh, name);
        page_is(w, &b, url, 200, NULL);
        snprintf(url, sizeof url, "/%s/records/%s/new", zh, name);
        page_is(w, &b, url, typed ? 200 : 403, "</html>");
        snprintf(url, sizeof url, "/%s/records/%s/bulk", zh, name);
        page_is(w, &b, url, typed ? 200 : 403, "</html>");
        if (!id) continue;
        kinds++;
        snprintf(row, sizeof row, "/%s/records/%s/%lld-%lld", zh, name, county, id);
        page_is(w, &b, row, 200, m->entity->view ? "</html>" : i % 2 ? "登记：" : "Recorded, ");
        snprintf(url, sizeof url, "%s/edit", row);
        page_is(w, &b, url, typed ? 200 : 403, "</html>");
        snprintf(url, sizeof url, "%s/delete", row);
        page_is(w, &b, url, typed ? 200 : 403, "</html>");
    }
    assert_true(kinds > 140);
    buf_free(&b);
    world_close(w);
    free(w);
}
STORE_TEST(every_kind_has_its_pages)

int main(void)
{
    const struct CMUnitTest tests[] = { STORE_TESTS(nobody_sees_outside),
                                        STORE_TESTS(what_lies_outside_changes_nothing),
                                        STORE_TESTS(the_public_sees_what_is_published),
                                        STORE_TESTS(every_kind_has_its_pages), STORE_TESTS(the_marks_are_there) };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
