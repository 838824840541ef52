/* money: `jiedui money` and its parts. */
#ifndef JD_CLI_MONEY_H
#define JD_CLI_MONEY_H

#include "cli/cli.h"
#include "programme/money/ledger.h"

extern const struct command money_commands[];
extern const int money_command_count;

struct money_cli {
    const char *from, *to, *place, *on, *since, *date, *note, *html, *kind, *office;
    bool lots, chain, draft, anew, apart, together;
    /* payments and reconcile */
    const char *by, *payer, *purpose, *period, *due, *title, *mapping, *xml, *csv, *line, *account,
        *records, *where, *earmark;
    int64_t days;
    bool all;
};

int money_trace(struct app *app, const struct money_cli *o, struct err *e);
int money_ageing(struct app *app, const struct money_cli *o, struct err *e);
int money_alerts(struct app *app, const struct money_cli *o, struct err *e);
int money_voucher(struct app *app, const struct money_cli *o, const char *const *operand, int n,
                  struct err *e);
int money_documents(struct app *app, const char *folder, struct err *e);
int money_chain(struct app *app, const char *commitment, struct err *e);
int money_receipt(struct app *app, const struct money_cli *o, const char *of, struct err *e);
int money_rules(struct app *app, const struct money_cli *o, bool check, struct err *e);
int money_rules_end(struct app *app, const struct money_cli *o, const char *code, struct err *e);
/* "COUNTY:NUMBER" */
bool money_number(const char *text, int64_t *county, int64_t *number);
const char *money_yuan(struct arena *a, int64_t fen);

/* `money payments WHAT ...`, `money reconcile FILE`: operand[0] is the word behind "money". */
int money_payments(struct app *app, const struct money_cli *o, const char *const *operand, int n,
                   struct err *e);
int money_reconcile(struct app *app, const struct money_cli *o, const char *file, struct err *e);
/* The day named, or today. */
bool money_day(struct app *app, const char *text, int32_t *out, struct err *e);

#endif
