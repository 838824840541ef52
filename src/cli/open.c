/* Opening what a command needs, in the order the layers depend on each other. */
#include "cli/cli.h"

#include "base/csv.h"
#include "cli/asset.h"
#include "programme/guard/guard.h"
#include "programme/party/party.h"
#include "programme/place/place.h"
#include "store/schema.h"

enum { MAX_ENTITIES = 256 };

struct opened { struct place_book *book; struct places places; struct guards guards; };

static bool add_code(void *arg, const struct val *row, int n, struct err *e)
{
    struct buf *b = arg;
    (void)e;
    for (int i = 0; i < n; i++)
        csv_add(b, row[i].type == VAL_TEXT ? row[i].p : "", row[i].type == VAL_TEXT ? row[i].n : 0,
                i == 0, false);
    csv_end_row(b);
    return true;
}

static bool read_codes(struct app *app, struct err *e)
{
    struct asset shipped;
    if (!app->db)
        return asset_find("data/codelists.csv", &shipped) &&
               codes_read(&app->codes, shipped.p, shipped.n, e);
    struct buf b;
    buf_init(&b, (size_t)64 << 20);
    buf_str(&b, "list,code,name_zh,name_en,source\r\n");
    bool ok = db_query(app->db, &place_stmts.stmts[PLACE_CODE_ITEMS], NULL, 0, add_code, &b, e) &&
              codes_read(&app->codes, b.p, b.n, e);
    buf_free(&b);
    return ok;
}

static bool open_model(struct app *app, struct err *e)
{
    const struct entity *all[MAX_ENTITIES];
    int n = 0;
    for (int r = 0; r < app->n_rooms; r++)
        for (int i = 0; i < app->rooms[r]->n_entities && n < MAX_ENTITIES; i++)
            all[n++] = app->rooms[r]->entities[i];
    struct opened *o = arena_alloc(app->arena, sizeof *o);
    if (!place_book_open(&o->book, e)) return false;
    o->places = place_book_places(o->book);
    app->opened = o;
    if (model_open(&app->model, all, n, app->codes, &o->places, e)) return true;
    /* The program may know a code list that an older store lacks. */
    if (app->db) err_context(e, "the store and the program do not fit (`jiedui upgrade` adds what is missing)");
    return false;
}

int app_tables(const struct app *app, const struct table **out)
{
    int n = 0, m;
    const struct table *const *entities = model_tables(app->model, &m);
    for (int i = 0; i < store_table_count; i++) out[n++] = &store_tables[i];
    for (int i = 0; i < entity_table_count; i++) out[n++] = &entity_tables[i];
    for (int i = 0; i < figure_table_count; i++) out[n++] = &figure_tables[i];
    for (int i = 0; i < m; i++) out[n++] = entities[i];
    for (int r = 0; r < app->n_rooms; r++)
        for (int i = 0; i < app->rooms[r]->n_tables; i++) out[n++] = &app->rooms[r]->tables[i];
    return n;
}

/* The digest of what is declared, in one engine's words, so that it is the same on both. */
static const char *declared(const struct app *app)
{
    const struct table *tables[APP_TABLES];
    unsigned char digest[DIGEST_LEN];
    struct buf b;
    int n = app_tables(app, tables);
    buf_init(&b, (size_t)16 << 20);
    for (int i = 0; i < n; i++) schema_ddl(&b, ENGINE_SQLITE, 0, tables[i]);
    digest_of(b.p, b.n, digest);
    buf_free(&b);
    char *hex = arena_alloc(app->arena, DIGEST_HEX);
    digest_hex(digest, DIGEST_LEN, hex);
    return hex;
}

static bool note_declared(struct tx *tx, void *arg, struct err *e)
{
    return setting_put(tx, "declared", arg, e);
}

bool app_make_tables(struct app *app, struct err *e)
{
    const struct table *tables[APP_TABLES];
    int n = app_tables(app, tables);
    return schema_create(app->store, tables, n, e) &&
           store_write(app->store, note_declared, (void *)(uintptr_t)declared(app), e);
}

static bool same_declared(struct app *app, struct err *e)
{
    const char *was;
    if (!setting_get(app->db, "declared", app->arena, &was, e)) return false;
    if (was && strcmp(was, declared(app)) == 0) return true;
    return err_set(e, ERR_CONFLICT, "%s was made by a program that declares other tables; "
                   "`jiedui upgrade` adds what is missing", store_url(app->store));
}

bool app_open(struct app *app, enum needs needs, struct err *e)
{
    if (needs >= NEEDS_STORE) {
        struct store_options o = { .clock = app->clock, .read_only = needs == NEEDS_STORE };
        if (!store_open(&app->store, app->store_url, &o, e)) return false;
        if (!store_connect(app->store, DB_READ, &app->db, e)) return false;
    }
    if (needs >= NEEDS_MODEL && (!read_codes(app, e) || !open_model(app, e))) return false;
    if (needs >= NEEDS_STORE) {
        if (!same_declared(app, e)) return false;
        if (!figures_from_store(&app->figures, app->db, app->model, e)) return false;
        figures_observe(app->figures, app->model);
        guards_observe(&((struct opened *)app->opened)->guards, app->model, app->figures);
        store_set_model(app->store, app->model);
        app->parties = party_parties();
        app->context = (struct figure_context){ .figures = app->figures, .model = app->model,
                                                .parties = &app->parties };
    }
    return true;
}

void app_close(struct app *app)
{
    struct opened *o = app->opened;
    figures_free(app->figures);
    model_close(app->model);
    if (o) place_book_close(o->book);
    codes_free(app->codes);
    db_close(app->db);
    store_close(app->store);
    app->figures = NULL;
    app->model = NULL;
    app->opened = NULL;
    app->codes = NULL;
    app->db = NULL;
    app->store = NULL;
}

bool app_place(struct app *app, const char *text, int64_t *code, struct err *e)
{
    *code = 0;
    if (!text || !*text) return true;
    const struct places *p = app->model->places;
    return p->resolve(p->arg, app->db, text, strlen(text), code, e);
}

bool app_entity(struct app *app, const char *name, const struct table_map **out, struct err *e)
{
    *out = model_find(app->model, name);
    if (*out) return true;
    const char *names[MAX_ENTITIES];
    int n = 0;
    for (; n < app->model->n && n < MAX_ENTITIES; n++) names[n] = app->model->maps[n].entity->name;
    const char *near = nearest_name(name, names, n);
    return err_set(e, ERR_NOT_FOUND, "there is no entity \"%s\"%s%s%s; `jiedui schema` lists them",
                   name, near ? " (did you mean \"" : "", near ? near : "", near ? "\"?)" : "");
}

bool app_organisation(struct app *app, const char *text, int64_t *id, struct err *e)
{
    *id = 0;
    if (!text || !*text) return true;
    const struct table_map *agreement = model_find(app->model, "agreement");
    int field = agreement ? map_field(agreement, "helper") : -1;
    if (field < 0) return err_set(e, ERR_INTERNAL, "no reference to an organisation is declared");
    struct val row[ENTITY_MAX_COLUMNS + 1] = { { 0 } };
    struct err by_code = { 0 };
    if (field_read(app->model, agreement, field, text, strlen(text), app->db, row, app->arena,
                   &by_code)) {
        *id = row[agreement->column[field]].i;
        return true;
    }
    if (!party_by_name(app->db, text, id, e)) return false;
    if (*id) return true;
    return err_set(e, by_code.code, "there is no organisation '%s', by code or full name; "
                   "`jiedui list organisation` shows them", text);
}
