/* Accounts from the command line, and the asking for passwords. */
#include "cli/account.h"

#include <errno.h>
#include <termios.h>
#include <unistd.h>

#include "base/count.h"
#include "base/date.h"
#include "programme/access/demo.h"

/* --- passwords --- */

static bool read_line(char out[PASSWORD_MOST + 2])
{
    if (!fgets(out, PASSWORD_MOST + 2, stdin)) return false;
    out[strcspn(out, "\r\n")] = '\0';
    return true;
}

/* Typed without being shown. */
static bool ask_hidden(const char *prompt, char out[PASSWORD_MOST + 2])
{
    struct termios was, hidden;
    if (tcgetattr(STDIN_FILENO, &was) != 0) return false;
    hidden = was;
    hidden.c_lflag &= ~(tcflag_t)ECHO;
    fputs(prompt, stderr);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden);
    bool ok = read_line(out);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &was);
    fputc('\n', stderr);
    return ok;
}

static bool from_file(const char *path, char out[PASSWORD_MOST + 2], struct err *e)
{
    FILE *f = fopen(path, "r");
    if (!f) return err_set(e, ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
    bool ok = fgets(out, PASSWORD_MOST + 2, f) != NULL;
    fclose(f);
    if (!ok) return err_set(e, ERR_INVALID, "%s: the first line is to be the password", path);
    out[strcspn(out, "\r\n")] = '\0';
    return true;
}

bool app_password(struct app *app, const char *file, const char *login, char out[PASSWORD_TEXT],
                  bool *given, struct err *e)
{
    char password[PASSWORD_MOST + 2] = "", again[PASSWORD_MOST + 2] = "";
    const struct request q = { .zh = app->zh, .arena = app->arena };
    *given = file || isatty(STDIN_FILENO);
    if (!*given) return true;
    bool ok = file ? from_file(file, password, e) : true;
    if (ok && !file) {
        char *prompt = arena_printf(app->arena, "Password of %s: ", login);
        ok = ask_hidden(prompt, password) && ask_hidden("The same again: ", again)
            ? strcmp(password, again) == 0 || err_set(e, ERR_INVALID, "the two passwords are not the same")
            : err_set(e, ERR_INVALID, "no password was typed");
    }
    const char *fault = ok ? password_fault(&q, password, login) : NULL;
    if (fault) ok = err_set(e, ERR_INVALID, "the password will not do: %s", fault);
    if (ok && !password_hash(password, out)) ok = err_set(e, ERR_FULL, "no memory to hash a password");
    secret_wipe(password, sizeof password);
    secret_wipe(again, sizeof again);
    return ok;
}

/* --- the command --- */

struct account_cli { const char *role, *name, *place, *org, *expires, *note, *password_file; bool whole; };

struct change {
    struct app *app;
    const char *verb, *password;
    struct val row[ENTITY_MAX_COLUMNS + 1];
};

static bool set_field(struct app *app, const struct table_map *m, int col, const char *text,
                      struct val *row, struct err *e)
{
    if (!text) return true;
    return field_read(app->model, m, col, text, strlen(text), app->db, row, app->arena, e);
}

bool app_account_row(struct app *app, const char *login, const char *name, const char *role,
                     struct val *row, struct err *e)
{
    const struct table_map *m = model_find(app->model, "account");
    row[ROW_COUNTY] = row[ROW_DRAFT] = row[ROW_LOAD] = val_int(0);
    return set_field(app, m, ACCOUNT_LOGIN, login, row, e) && set_field(app, m, ACCOUNT_NAME, name, row, e) &&
           set_field(app, m, ACCOUNT_ROLE, role, row, e) && set_field(app, m, ACCOUNT_STATE, "active", row, e);
}

static bool add_row(struct tx *tx, void *arg, struct err *e)
{
    struct change *c = arg;
    return account_add(tx, c->app->model, c->row, c->password, e);
}

static int run_add(struct app *app, const struct account_cli *o, const char *login, struct err *e)
{
    const struct table_map *m = model_find(app->model, "account");
    char hash[PASSWORD_TEXT];
    struct change c = { .app = app, .password = hash };
    bool given = false;
    if (!o->role) return err_set(e, ERR_USAGE, "--role is needed: helper, village, labour, officer, auditor "
                                 "or admin"), 2;
    bool ok = app_account_row(app, login, o->name ? o->name : login, o->role, c.row, e) &&
              set_field(app, m, ACCOUNT_PLACE, o->place, c.row, e) &&
              set_field(app, m, ACCOUNT_ORGANISATION, o->org, c.row, e) &&
              set_field(app, m, ACCOUNT_EXPIRES_ON, o->expires, c.row, e) &&
              set_field(app, m, ACCOUNT_NOTE, o->note, c.row, e) &&
              set_field(app, m, ACCOUNT_WHOLE, o->whole ? "1" : NULL, c.row, e);
    ok = ok && app_password(app, o->password_file, login, hash, &given, e);
    if (ok && !given)
        ok = err_set(e, ERR_USAGE, "no terminal to ask the password at: give --password-file FILE");
    if (!ok || !store_write(app->store, add_row, &c, e)) return err_exit(e->code);
    bool sees = o->whole || o->place || o->org || strcmp(o->role, "admin") == 0;
    printf("%s may sign in as %s%s\n", login, o->role,
           sees ? "" : "; it sees nothing yet: give --place, --org or --whole");
    return 0;
}

static bool change_row(struct tx *tx, void *arg, struct err *e)
{
    struct change *c = arg;
    const struct table_map *m = model_find(c->app->model, "account");
    int64_t id = c->row[ROW_ID].i;
    if (!strcmp(c->verb, "password")) return password_set(tx, id, c->password, 0, e);
    if (!strcmp(c->verb, "totp-reset")) return totp_reset(tx, id, 0, e);
    if (!strcmp(c->verb, "sign-out")) return sessions_end(tx, id, e);
    c->row[ROW_FIRST + ACCOUNT_STATE] = val_text(!strcmp(c->verb, "enable") ? "active" : "disabled");
    return row_update(tx, c->app->model, m, c->row, 0, e) && sessions_end(tx, id, e);
}

static int run_change(struct app *app, const struct account_cli *o, const char *verb, const char *login,
                      struct err *e)
{
    static const char *const said[][2] = { { "password", "has a new password; its sessions are over" },
        { "totp-reset", "signs in without a one-time code; its sessions are over" },
        { "sign-out", "is signed out everywhere" }, { "enable", "may sign in again" },
        { "disable", "may not sign in any more; its sessions are over" } };
    char hash[PASSWORD_TEXT];
    struct change c = { .app = app, .verb = verb, .password = hash };
    bool found = false, given = true;
    bool ok = account_find(app->model, app->db, login, app->arena, c.row, &found, e);
    if (ok && !found) ok = err_set(e, ERR_NOT_FOUND, "there is no account \"%s\"; `jiedui account list` shows "
                                   "them", login);
    if (ok && !strcmp(verb, "password"))
        ok = app_password(app, o->password_file, login, hash, &given, e) && (given ||
             err_set(e, ERR_USAGE, "no terminal to ask the password at: give --password-file FILE"));
    if (!ok || !store_write(app->store, change_row, &c, e)) return err_exit(e->code);
    for (int i = 0; i < COUNT(said); i++)
        if (!strcmp(verb, said[i][0])) printf("%s %s\n", login, said[i][1]);
    return 0;
}

struct listing { struct app *app; struct table_out *t; };

static bool list_one(void *arg, const struct table_map *m, const struct val *row, struct err *e)
{
    struct listing *l = arg;
    struct app *app = l->app;
    const char *cells[ACCOUNT_NOTE];
    (void)e;
    for (int i = 0; i < ACCOUNT_NOTE; i++)
        cells[i] = row[m->column[i]].type == VAL_NULL ? ""
                 : field_write(app->model, m, i, row, app->db, app->arena);
    table_row(l->t, cells);
    return true;
}

static int run_list(struct app *app, struct err *e)
{
    static const struct table_column cols[ACCOUNT_NOTE] = { { "login", "sign-in name", false },
        { "name", "name", false }, { "role", "role", false }, { "organisation", "organisation", false },
        { "place", "area", false }, { "whole", "whole", false }, { "state", "state", false },
        { "expires_on", "last day", false } };
    const struct list_query all = { .sort = "login" };
    struct listing l = { app, table_begin(app, cols, ACCOUNT_NOTE) };
    struct db *d;
    bool ok = store_connect(app->store, DB_READ, &d, e);
    if (ok) {
        ok = list_rows(app->model, d, &scope_all, model_find(app->model, "account"), &all, list_one, &l, e);
        db_close(d);
    }
    table_end(l.t);
    return ok ? 0 : 1;
}

static int run_account(struct app *app, void *options, const char *const *operand, int n, struct err *e)
{
    static const char *const verbs[] = { "add", "list", "disable", "enable", "password", "totp-reset",
                                         "sign-out" };
    const struct account_cli *o = options;
    const char *verb = n ? operand[0] : "list";
    int k = 0;
    while (k < COUNT(verbs) && strcmp(verb, verbs[k]) != 0) k++;
    if (k == COUNT(verbs))
        return err_set(e, ERR_USAGE, "account knows no \"%s\": add, list, disable, enable, password, "
                       "totp-reset, sign-out", verb), 2;
    if (k == 1) return n > 1 ? (err_set(e, ERR_USAGE, "account list takes no name"), 2) : run_list(app, e);
    if (n != 2) return err_set(e, ERR_USAGE, "account %s takes one sign-in name", verb), 2;
    return k == 0 ? run_add(app, o, operand[1], e) : run_change(app, o, verb, operand[1], e);
}

#define TEXT(field, option, placeholder, what) \
    { .name = option, .type = OPTION_TEXT, .offset = offsetof(struct account_cli, field), \
      .value = placeholder, .help = what }
static const struct option_row account_options[] = {
    TEXT(role, "role", "ROLE", "helper, village, labour, officer, auditor or admin"),
    TEXT(name, "name", "TEXT", "who it is; the sign-in name when absent"),
    TEXT(place, "place", "PLACE", "sees what lies in this place"),
    TEXT(org, "org", "CODE", "sees what this organisation did, and the places it is paired with"),
    { .name = "whole", .type = OPTION_FLAG, .offset = offsetof(struct account_cli, whole),
      .help = "sees all places" },
    TEXT(expires, "expires", "DATE", "the last day on which it may sign in"),
    TEXT(note, "note", "TEXT", "anything else worth knowing"),
    TEXT(password_file, "password-file", "FILE", "its first line is the password; asked when absent"),
};

const struct command account_commands[] = {
    { .name = "account", .operands = "[add|list|disable|enable|password|totp-reset|sign-out] [NAME]",
      .help = "who may sign in on the web, in which role, for which area",
      .more = "An account sees what its role opens, cut to its place, its organisation and the places that is\n"
              "paired with; without any of them it sees nothing. What the roles open: docs/web.md.\n"
              "Every change is in the journal; passwords are not.",
      .needs = NEEDS_WRITE, .options = account_options, .n_options = COUNT(account_options),
      .options_size = sizeof(struct account_cli), .run = run_account },
};
const int account_command_count = COUNT(account_commands);

/* --- the first one, for init --- */

bool app_first_account(struct app *app, const char *login, const char *file, bool demo, bool *made,
                       struct err *e)
{
    char hash[PASSWORD_TEXT];
    struct change c = { .app = app, .password = hash };
    *made = false;
    if (demo) return true;
    if (!app_password(app, file, login, hash, made, e) || !*made) return e->code == ERR_NONE;
    return app_account_row(app, login, login, "admin", c.row, e) &&
           store_write(app->store, add_row, &c, e);
}
