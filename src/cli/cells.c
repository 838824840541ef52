/* Short ways to the cells of a table. */
#include "cli/rooms.h"

#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "base/money.h"

const char *cell_number(struct app *app, int64_t v)
{
    return arena_printf(app->arena, "%lld", (long long)v);
}

const char *cell_scaled(struct app *app, int64_t v, int scale)
{
    char text[DECIMAL_TEXT];
    size_t n = decimal_format(v, scale, text);
    while (scale > 0 && n > 1 && text[n - 1] == '0') n--;
    if (scale > 0 && text[n - 1] == '.') n--;
    return arena_strndup(app->arena, text, n);
}

const char *cell_permille(struct app *app, int64_t v)
{
    return arena_printf(app->arena, "%s%lld.%lld%%", v < 0 ? "-" : "",
                        (long long)(v < 0 ? -v : v) / 10, (long long)(v < 0 ? -v : v) % 10);
}

const char *cell_day(struct app *app, int32_t day)
{
    char text[DATE_TEXT];
    if (day == DATE_MIN || day == DATE_MAX) return "";
    date_format(day, text);
    return arena_strdup(app->arena, text);
}

const char *cell_org(struct app *app, int64_t id)
{
    const struct table_map *m = model_find(app->model, "organisation");
    return id && m ? ref_text(app->model, m, 0, id, app->db, app->arena) : "";
}

const char *cell_place(struct app *app, int64_t code)
{
    char name[256];
    const struct places *p = app->model->places;
    if (!code) return "";
    if (!p->name(p->arg, app->db, code, app->zh, name, sizeof name)) return cell_number(app, code);
    return arena_strdup(app->arena, name);
}

const char *cell_sign(const char *qualifier)
{
    static const char *const words[][2] = { { "ge", ">= " }, { "gt", "> " }, { "le", "<= " },
                                            { "lt", "< " }, { "approx", "~ " } };
    for (int i = 0; i < (int)(sizeof words / sizeof *words); i++)
        if (strcmp(qualifier, words[i][0]) == 0) return words[i][1];
    return "";
}

const char *cell_code(struct app *app, const char *list, const char *code)
{
    const struct code *c = app->format == OUT_TEXT && *code
                               ? codes_find(app->model->codes, list, code, strlen(code)) : NULL;
    return c ? app->zh ? c->zh : c->en : code;
}

bool app_day(struct app *app, const char *text, int32_t *on, struct err *e)
{
    *on = instant_date(clock_now(&app->clock), store_zone(app->store));
    if (!text || date_parse(text, strlen(text), DATE_LAST, on)) return true;
    return err_set(e, ERR_USAGE, "\"%s\" is no date; write 2020-05-27, 2020-05 or 2020", text);
}

int app_choice(const char *command, const char *const *words, int count,
               const char *const *operand, int n, struct err *e)
{
    char all[512] = "";
    for (int i = 0; i < count; i++)
        snprintf(all + strlen(all), sizeof all - strlen(all), "%s%s", i ? " " : "", words[i]);
    if (n != 1) return err_set(e, ERR_USAGE, "%s takes one of: %s", command, all), -1;
    for (int i = 0; i < count; i++)
        if (strcmp(words[i], operand[0]) == 0) return i;
    const char *near = nearest_name(operand[0], words, count);
    err_set(e, ERR_USAGE, "%s knows no \"%s\"%s%s%s; `jiedui help %s` says more", command,
            operand[0], near ? ": did you mean \"" : "", near ? near : "", near ? "\"?" : "",
            command);
    return -1;
}

bool app_watch(struct app *app, const char *as_of, const char *place, struct watch *w,
               struct err *e)
{
    *w = (struct watch){ .d = app->db, .model = app->model, .parties = &app->parties,
                         .a = app->arena };
    return app_day(app, as_of, &w->on, e) && app_place(app, place, &w->place, e) &&
           watch_begin(w, e);
}
