/* jiedui place: what a name or a code means. */
#include "programme/place/book.h"

static int run_place(struct app *app, void *options, const char *const *operand, int n, struct err *e)
{
    static const char *const levels[] = { "nation", "province", "prefecture", "county", "township",
                                          "village" };
    struct place_book *b = app->model->places->arg;
    (void)options;
    if (n == 0) return err_set(e, ERR_USAGE, "which place? a name, an alias, or a code"), 2;
    struct buf text;
    buf_init(&text, 1 << 16);
    for (int i = 0; i < n; i++) buf_printf(&text, "%s%s", i ? " " : "", operand[i]);
    int64_t code;
    struct place_facts f;
    struct place_range range[64];
    int ranges = 0;
    bool ok = place_resolve(b, app->db, text.p, text.n, &code, e) &&
              book_facts(b, app->db, code, &f, e) &&
              app->model->places->ranges(b, app->db, code, range, 64, &ranges, e);
    buf_clear(&text);
    ok = ok && book_full_name(b, app->db, code, true, &text, e);
    if (ok) {
        printf("%012lld  %s\n", (long long)code, text.p);
        printf("level         %s%s\n", levels[place_level(code)],
               f.retired ? ", retired: no longer in the official list" : "");
        if (f.name_en[0]) printf("English       %s\n", f.name_en);
        for (int i = 0; i < ranges; i++)
            printf("%s %012lld .. %012lld\n", i ? "and retired  " : "holds codes  ",
                   (long long)range[i].lo, (long long)range[i].hi);
    }
    buf_free(&text);
    return ok ? 0 : err_exit(e->code);
}

const struct command place_commands[] = {
    { .name = "place", .operands = "NAME|CODE",
      .help = "what a name, an alias or a code means; an ambiguous name lists the places",
      .more = "jiedui place 洛浦县            jiedui place Hotan / Lop County\n"
              "jiedui place 542427            jiedui place 阿亚克萨依村",
      .needs = NEEDS_STORE, .run = run_place },
};
const int place_command_count = sizeof place_commands / sizeof *place_commands;
