/* Tasks of the web from the command line: listed, stopped, cleared away. */
#include "cli/rooms.h"

#include "base/count.h"
#include "base/date.h"
#include "base/id.h"
#include "programme/job/job.h"

enum { LIST_MOST = 1000 };

struct task_options { const char *files; int64_t days; bool open; };

static const char *when(struct app *app, int64_t at)
{
    char text[INSTANT_TEXT];
    if (!at) return NULL;
    instant_format(at, text);
    return arena_strdup(app->arena, text);
}

static struct request asking(struct app *app, struct seat *seat)
{
    static const struct user operator = { .account = 1, .login = "", .name = "", .csrf = "", .scope = &scope_all };
    *seat = (struct seat){ .db = app->db };
    return (struct request){ .arena = app->arena, .user = &operator, .scope = &scope_all, .seat = seat, .zh = app->zh };
}

static int run_list(struct app *app, const struct task_options *o, struct err *e)
{
    static const struct table_column cols[] = {
        { "id", "task", true }, { "kind", "kind", false }, { "title", "title", false }, { "state", "state", false },
        { "done", "done", true }, { "total", "total", true }, { "account", "account", false },
        { "made", "asked for", false }, { "ended", "ended", false }, { "why", "why", false },
    };
    struct job_view *v = arena_array(app->arena, LIST_MOST, sizeof *v);
    struct seat seat;
    struct request q = asking(app, &seat);
    struct job_page p = { .all = true, .most = LIST_MOST };
    int n = 0;
    struct table_out *t = NULL;
    do {
        if (!job_list(&q, &p, v, &n, e)) return err_exit(e->code);
        if (!t) t = table_begin(app, cols, COUNT(cols));
        for (int i = 0; i < n; i++) {
            if (o->open && job_rests(&v[i])) continue;
            const char *state = app->format == OUT_TEXT ? job_state_text(&q, &v[i]) : job_state_code(v[i].state);
            const char *const cells[] = { cell_number(app, v[i].id), v[i].kind_name, v[i].title, state,
                cell_number(app, v[i].done), cell_number(app, v[i].total), v[i].owner_name, when(app, v[i].made),
                when(app, v[i].ended), v[i].why };
            table_row(t, cells);
        }
        if (n) p.before = v[n - 1].id;
    } while (n == LIST_MOST);
    table_end(t);
    return 0;
}

static int run_stop(struct app *app, const char *text, struct err *e)
{
    int64_t id;
    bool found = false;
    if (!id_parse(text, strlen(text), &id))
        return err_set(e, ERR_USAGE, "\"%s\" is no task's number; `jiedui tasks` shows them", text), 2;
    if (!job_stop_row(app->store, id, &found, e)) return err_exit(e->code);
    if (!found)
        return err_set(e, ERR_NOT_FOUND, "no task %lld waits or runs; `jiedui tasks` shows them", (long long)id), 1;
    printf("task %lld is asked to stop\n", (long long)id);
    return 0;
}

static int run_remove(struct app *app, const struct task_options *o, struct err *e)
{
    int64_t days = o->days ? o->days : JOB_KEPT_DAYS, removed = 0;
    const char *dir = o->files ? o->files : jobs_dir_beside(app->store, app->arena);
    if (days < 1 || days > 36500) return err_set(e, ERR_USAGE, "--days is 1 to 36500"), 2;
    int64_t before = clock_now(&app->clock) - days * INT64_C(86400000000);
    if (!jobs_sweep(app->store, app->db, dir, before, &removed, e)) return err_exit(e->code);
    printf("%lld %s removed\n", (long long)removed, removed == 1 ? "task" : "tasks");
    return 0;
}

static int run_tasks(struct app *app, void *options, const char *const *operand, int n, struct err *e)
{
    const struct task_options *o = options;
    const char *verb = n ? operand[0] : "list";
    if (strcmp(verb, "list") == 0 && n <= 1) return run_list(app, o, e);
    if (strcmp(verb, "stop") == 0 && n == 2) return run_stop(app, operand[1], e);
    if (strcmp(verb, "remove") == 0 && n == 1) return run_remove(app, o, e);
    return err_set(e, ERR_USAGE, "tasks takes list, stop NUMBER or remove"), 2;
}

static const struct option_row task_options[] = {
    { .name = "open", .type = OPTION_FLAG, .offset = offsetof(struct task_options, open),
      .help = "list: only those that wait or run" },
    { .name = "days", .type = OPTION_INT, .offset = offsetof(struct task_options, days), .value = "N",
      .help = "remove: those that ended more than N days ago; 30 when absent" },
    { .name = "files", .type = OPTION_TEXT, .offset = offsetof(struct task_options, files), .value = "FOLDER",
      .help = "remove: where the server keeps their files; STORE.files when absent" },
};

const struct command task_commands[] = {
    { .name = "tasks", .operands = "[list|stop NUMBER|remove]",
      .help = "longer work of the web: imports, large exports; what is under way and what ended",
      .more = "list      what waits, runs and has ended, the latest first\n"
              "stop      asks a task to stop; the server hears of it within seconds\n"
              "remove    takes away tasks that ended long ago, with their files (the server does so by itself\n"
              "          after 30 days)",
      .needs = NEEDS_WRITE, .options = task_options, .n_options = COUNT(task_options),
      .options_size = sizeof(struct task_options), .run = run_tasks },
};
const int task_command_count = COUNT(task_commands);
