/* The rooms, the command table, and nothing else. */
#include "base/log.h"
#include "base/count.h"
#include "cli/account.h"
#include "cli/cli.h"
#include "cli/money.h"
#include "cli/rooms.h"
#include "server/server.h"

static const struct room *const rooms[] = {
    &place_room, &party_room, &pairing_room, &household_room, &money_room, &project_room,
    &labour_room, &market_room, &talent_room, &plan_room, &watch_room, &publish_room,
    &sides_room, &access_room, &exchange_room, &job_room,
};

/* In the order in which `jiedui help` tells of them. */
static const struct group { const char *title; const struct command *at; const int *n; } groups[] = {
    { "the store", store_commands, &store_command_count }, { NULL, copy_commands, &copy_command_count },
    { "records", entity_commands, &entity_command_count },
    { NULL, generate_commands, &generate_command_count },
    { NULL, boundary_commands, &boundary_command_count },
    { "figures", figure_commands, &figure_command_count },
    { NULL, totals_commands, &totals_command_count },
    { "money", money_commands, &money_command_count },
    { "plans and supervision", plan_commands, &plan_command_count },
    { NULL, scorecard_commands, &scorecard_command_count },
    { NULL, watch_commands, &watch_command_count },
    { "both sides", confirm_commands, &confirm_command_count },
    { NULL, package_commands, &package_command_count }, { NULL, needs_commands, &needs_command_count },
    { "pairings, posts, work, produce", pairing_commands, &pairing_command_count },
    { NULL, posting_commands, &posting_command_count }, { NULL, training_commands, &training_command_count },
    { NULL, labour_commands, &labour_command_count }, { NULL, market_commands, &market_command_count },
    { "eligibility, exits, effects", effect_commands, &effect_command_count },
    { "publishing", release_commands, &release_command_count },
    { NULL, report_commands, &report_command_count },
    { "the web", account_commands, &account_command_count }, { NULL, server_commands, &server_command_count },
    { NULL, task_commands, &task_command_count },
};

enum { MAX_COMMANDS = 128, MAX_OPTIONS = 64, MAX_OPERANDS = 256 };

/* title: of the group that begins with the command, or NULL. */
struct command_list { const struct command *at[MAX_COMMANDS]; const char *title[MAX_COMMANDS]; int n; };

static void add_commands(struct command_list *l, const char *title, const struct command *c, int n)
{
    for (int i = 0; i < n; i++) {
        if (l->n == MAX_COMMANDS) log_fatal("too_many_commands", "from=%s", c[i].name);
        l->title[l->n] = i ? NULL : title;
        l->at[l->n++] = &c[i];
    }
}

static struct command_list all_commands(void)
{
    struct command_list l = { .n = 0 };
    const char *title = "places and moves";
    for (int i = 0; i < COUNT(groups); i++) add_commands(&l, groups[i].title, groups[i].at, *groups[i].n);
    for (int i = 0; i < COUNT(rooms); i++) {
        add_commands(&l, title, rooms[i]->commands, rooms[i]->n_commands);
        if (rooms[i]->n_commands) title = NULL;
    }
    return l;
}

struct globals { const char *store; int format; bool zh; };

static const struct option_row global_options[] = {
    { .name = "store", .letter = 's', .type = OPTION_TEXT, .offset = offsetof(struct globals, store),
      .value = "FILE|URL", .env = "JIEDUI_STORE",
      .help = "SQLite file or postgresql:// URL; ./jiedui.db when absent" },
    { .name = "format", .letter = 'f', .type = OPTION_CHOICE,
      .offset = offsetof(struct globals, format), .value = "text|csv|json",
      .help = "how results are printed" },
    { .name = "zh", .type = OPTION_FLAG, .offset = offsetof(struct globals, zh),
      .help = "labels in Chinese" },
};

static void print_usage(const struct command_list *l, FILE *f)
{
    fputs("jiedui " JD_VERSION ": runs a paired-assistance programme and proves its figures.\n\n"
          "usage: jiedui COMMAND [OPERAND...] [OPTION...]\n\n", f);
    for (int i = 0; i < l->n; i++) {
        if (l->title[i]) fprintf(f, "%s%s\n", i ? "\n" : "", l->title[i]);
        fprintf(f, "  %-10s %s\n", l->at[i]->name, l->at[i]->help);
    }
    fputs("\njiedui help COMMAND says more about a command.\n\noptions of every command:\n", f);
    struct buf b;
    buf_init(&b, 1 << 16);
    option_help(&b, global_options, COUNT(global_options));
    fputs(b.p, f);
    buf_free(&b);
    fputs("\nexit status: 0 done, 1 failed, 2 wrong usage, 3 done with refused rows or faults found\n", f);
}

static void print_command(const struct command *c, FILE *f)
{
    struct buf b;
    buf_init(&b, 1 << 16);
    buf_printf(&b, "usage: jiedui %s%s%s [OPTION...]\n\n%s\n", c->name, c->operands ? " " : "",
               c->operands ? c->operands : "", c->help);
    if (c->more) buf_printf(&b, "\n%s\n", c->more);
    if (c->n_options) buf_str(&b, "\noptions:\n");
    option_help(&b, c->options, c->n_options);
    buf_str(&b, "\noptions of every command:\n");
    option_help(&b, global_options, COUNT(global_options));
    fputs(b.p, f);
    buf_free(&b);
}

static const struct command *find_command(const struct command_list *l, const char *name)
{
    for (int i = 0; i < l->n; i++)
        if (strcmp(l->at[i]->name, name) == 0) return l->at[i];
    return NULL;
}

static int unknown_command(const struct command_list *l, const char *name)
{
    const char *names[MAX_COMMANDS];
    for (int i = 0; i < l->n; i++) names[i] = l->at[i]->name;
    const char *near = nearest_name(name, names, l->n);
    fprintf(stderr, "jiedui: there is no command \"%s\"", name);
    if (near) fprintf(stderr, "; did you mean \"%s\"?", near);
    fputs("\n`jiedui help` lists the commands\n", stderr);
    return 2;
}

static int run(const struct command *c, struct app *app, void *into, const char *const *operand,
               int n)
{
    struct err e = { .code = ERR_NONE };
    int status = 1;
    if (app_open(app, c->needs, &e)) status = c->run(app, into, operand, n, &e);
    else status = err_exit(e.code);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        if (e.code == ERR_NONE) err_set(&e, ERR_FULL, "the output could not be written");
        status = 1;
    }
    if (e.code != ERR_NONE) fprintf(stderr, "jiedui %s: %s\n", c->name, e.message);
    return status;
}

/* The options of a command and the global ones are one table: its own struct comes first. */
static int parse_and_run(const struct command *c, int argc, char **argv)
{
    struct option_row table[MAX_OPTIONS];
    int n = 0;
    size_t at = (c->options_size + 15) / 16 * 16;
    for (int i = 0; i < c->n_options; i++) table[n++] = c->options[i];
    for (int i = 0; i < COUNT(global_options); i++) {
        table[n] = global_options[i];
        table[n++].offset += at;
    }
    char *into = mem_alloc(at + sizeof(struct globals));
    const char *operand[MAX_OPERANDS];
    int operands = 0;
    bool help = false;
    struct err e = { .code = ERR_NONE };
    int status;
    if (!option_parse(table, n, into, argc - 1, argv + 1, operand, MAX_OPERANDS, &operands, &help, &e)) {
        fprintf(stderr, "jiedui %s: %s\n`jiedui help %s` says more\n", c->name, e.message, c->name);
        status = 2;
    } else if (help) {
        print_command(c, stdout);
        status = 0;
    } else {
        const struct globals *g = (const void *)(into + at);
        struct arena arena;
        arena_init(&arena, 0);
        struct app app = { .store_url = g->store ? g->store : "jiedui.db",
            .store_named = g->store != NULL,
            .format = (enum output_format)g->format, .zh = g->zh, .clock = clock_system(),
            .rooms = rooms, .n_rooms = COUNT(rooms), .arena = &arena };
        status = run(c, &app, into, operand, operands);
        app_close(&app);
        arena_free(&arena);
    }
    free(into);
    return status;
}

/* Options may stand before the command too: the command is brought to the front. */
static void command_first(int argc, char **argv)
{
    int at = 1;
    while (at < argc && argv[at][0] == '-' && argv[at][1]) {
        const char *o = argv[at];
        bool alone = strchr(o, '=') || !strcmp(o, "--zh") || !strcmp(o, "--help") ||
                     !strcmp(o, "-h") || !strcmp(o, "--version");
        at += alone ? 1 : 2;
    }
    if (at == 1 || at >= argc) return;
    char *command = argv[at];
    memmove(argv + 2, argv + 1, (size_t)(at - 1) * sizeof *argv);
    argv[1] = command;
}

int main(int argc, char **argv)
{
    command_first(argc, argv);
    if (!digest_start()) {
        fputs("jiedui: the system gives no randomness\n", stderr);
        return 1;
    }
    struct command_list l = all_commands();
    const char *name = argc > 1 ? argv[1] : NULL;
    if (!name) {
        print_usage(&l, stderr);
        return 2;
    }
    if (!strcmp(name, "--version") || !strcmp(name, "version")) {
        puts("jiedui " JD_VERSION);
        return 0;
    }
    bool help = !strcmp(name, "help") || !strcmp(name, "--help") || !strcmp(name, "-h");
    if (help && argc == 2) {
        print_usage(&l, stdout);
        return 0;
    }
    if (help) name = argv[2];
    const struct command *c = find_command(&l, name);
    if (!c) return unknown_command(&l, name);
    if (help) {
        print_command(c, stdout);
        return 0;
    }
    return parse_and_run(c, argc, argv);
}
