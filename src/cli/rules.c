/* The criteria that ship with the program, and which one a table was made by. */
#include "cli/rooms.h"

#include <stdio.h>
#include <string.h>

#include "base/date.h"
#include "cli/asset.h"

bool app_criteria(struct app *app, const char *file, struct criteria *out, struct err *e)
{
    *out = (struct criteria){ .n = 0 };
    if (file) {
        struct buf b;
        buf_init(&b, (size_t)1 << 24);
        bool ok = app_read_file(file, &b, e) &&
                  criteria_read(out, file, b.p, b.n, app->arena, e);
        buf_free(&b);
        return ok;
    }
    for (int i = 0; i < asset_count(); i++) {
        struct asset a = asset_at(i);
        if (strncmp(a.name, "criteria/", 9) == 0 &&
            !criteria_read(out, a.name, a.p, a.n, app->arena, e))
            return false;
    }
    return true;
}

void app_rule_used(struct app *app, const struct criterion *rule)
{
    if (app->format != OUT_TEXT) return;
    const char *from = cell_day(app, rule->from);
    printf(app->zh ? "\n依据：%s（%s%s%s），%s；%s\n" : "\nby %s (%s%s%s), %s; %s\n",
           app->zh ? rule->zh : rule->en, rule->name, *from ? ", " : "", from, rule->digest,
           rule->source);
}
