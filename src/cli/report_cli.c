/* jiedui report: which document, of what. */
#include "cli/report.h"

#include <string.h>

#include "base/count.h"
#include "base/date.h"
#include "base/period.h"

bool report_about(struct app *app, const struct report_cli *o, struct report_about *out, struct err *e)
{
    *out = (struct report_about){ .from = DATE_MIN, .to = DATE_MAX, .dated = o->period != NULL };
    if (!app_day(app, NULL, &out->today, e) || !app_place(app, o->place, &out->place, e) ||
        !app_organisation(app, o->org, &out->org, e))
        return false;
    if (o->period && !period_parse(o->period, &out->from, &out->to))
        return err_set(e, ERR_USAGE, "\"%s\" is no period; write 2020, 2020Q2, 2020-06 or "
                       "2020-01..2020-06", o->period);
    out->place_name = out->place ? cell_place(app, out->place) : app->zh ? "全国" : "the nation";
    return true;
}

static int run_report(struct app *app, void *options, const char *const *operand, int n, struct err *e)
{
    static const char *const words[] = { "fill", "press", "quarter", "year", "notice", "iati" };
    const struct report_cli *o = options;
    int what = 0;
    if (n == 0) return err_set(e, ERR_USAGE, "which report? `jiedui help report` lists them"), 2;
    while (what < COUNT(words) && strcmp(words[what], operand[0]) != 0) what++;
    if (what == COUNT(words)) {
        const char *near = nearest_name(operand[0], words, COUNT(words));
        err_set(e, ERR_USAGE, "report knows no \"%s\"%s%s%s", operand[0], near ? ": did you mean \"" : "",
                near ? near : "", near ? "\"?" : "");
        return 2;
    }
    if (n != (what == 0 ? 2 : 1))
        return err_set(e, ERR_USAGE, what == 0 ? "report fill takes one workbook" : "report %s takes "
                       "options alone", words[what]), 2;
    if (what == 0) return report_fill(app, o, operand[1], e);
    return what == 5 ? report_iati(app, o, e) : report_print(app, o, words[what], e);
}

#define TEXT_OPTION(field, n, l, v, h) { .name = n, .letter = l, .type = OPTION_TEXT, \
    .offset = offsetof(struct report_cli, field), .value = v, .help = h }
static const struct option_row options[] = {
    TEXT_OPTION(place, "place", 'p', "PLACE", "of which place; where a cell names none"),
    TEXT_OPTION(org, "org", 'g', "ORGANISATION", "of which organisation, its own units included"),
    TEXT_OPTION(period, "period", 0, "PERIOD", "2020, 2020Q2, 2020H1, 2020-06, 2020-01..2020-06"),
    TEXT_OPTION(release, "release", 'r', "NAME", "fill, press: values of that release, not of today"),
    TEXT_OPTION(until, "until", 0, "DATE", "notice: its last day; a week from today when absent"),
    TEXT_OPTION(objections, "objections", 0, "TEXT", "notice: where to object: office, address, telephone"),
    TEXT_OPTION(identifier, "identifier", 0, "CODE", "iati: the organisation's identifier, as registered"),
    { .name = "helped", .type = OPTION_FLAG, .offset = offsetof(struct report_cli, helped),
      .help = "iati: the books of the helped side: money received and paid out" },
    TEXT_OPTION(output, "output", 'o', "FILE", "where to: .html (prints on A4) or .txt; shown when absent"),
};

const struct command report_commands[] = {
    { .name = "report",
      .operands = "press | quarter | year | notice | iati | fill TEMPLATE.xlsx",
      .help = "documents to print, and the office's own template filled in",
      .more =
"  report press --place P --period 2020 -o FILE.html     figures that the press asks for\n"
"  report press --release 2020-annual -o FILE.html       what an approved release holds\n"
"  report quarter --place P --period 2020Q2 -o FILE.html all figures with records, beside the same\n"
"  report year --org O --period 2020 -o FILE.html        period a year before, and by places inside\n"
"  report notice --place VILLAGE --period 2020 --objections \"Township office, Main Street 1\" -o FILE.html\n"
"                                                        one page of large type for the wall\n"
"  report iati --org O --identifier CN-ABC-1 -o FILE.xml activities and transactions, IATI 2.03\n"
"\n"
"Both languages (--zh); .txt instead of .html gives text. Press sheet and notice show of people what\n"
"the public may see: counts of whole counties in tens, and nothing below.\n"
"\n"
"fill: cells of the workbook name what is to stand in them, alone or inside a text:\n"
"\n"
"  {{aid_received 653224 2020}}     a figure, of a place (name or code), in a period; what is left out\n"
"                                   comes from --place and --period. Alone it becomes a number, and the\n"
"                                   cell keeps its number format\n"
"  {{aid_received 2020H1 org=TJ-ORG-1 万元}}   of an organisation; in units of 10,000 (wan, million, yi)\n"
"  {{claim TJ-F132}}                what was printed; {{claim TJ-F132 computed}}, {{claim TJ-F132 verdict}}\n"
"  {{place}} {{place 653224}} {{period}} {{date}}\n"
"\n"
"Everything else stays as it was, byte for byte; kept results of formulas are left out, so that the\n"
"spreadsheet works them out anew. A sheet of evidence is added: for each cell the figure, the version\n"
"of its definition, value, what it rests on, digest of the rows, release. A name that is unknown or\n"
"ambiguous is told with its sheet and cell, and nothing is written.",
      .needs = NEEDS_STORE,
      .options = options,
      .n_options = COUNT(options),
      .options_size = sizeof(struct report_cli),
      .run = run_report },
};
const int report_command_count = COUNT(report_commands);
