/* paper: what belongs to money besides the ledger: vouchers by digest, dividends of shares, loans,
 * and the rules by which idle money is told. */
#ifndef JD_PROGRAMME_MONEY_PAPER_H
#define JD_PROGRAMME_MONEY_PAPER_H

#include "entity/entity.h"
#include "store/store.h"

enum voucher_col { VOUCHER_DIGEST, VOUCHER_TRANSFER, VOUCHER_PLACE, VOUCHER_KIND, VOUCHER_TITLE,
    VOUCHER_FILE_NAME, VOUCHER_BYTES, VOUCHER_NCOLS };
enum dividend_col { DIVIDEND_CODE, DIVIDEND_EQUITY_SHARE, DIVIDEND_PLACE, DIVIDEND_HELPER,
    DIVIDEND_FOR_YEAR, DIVIDEND_AMOUNT, DIVIDEND_HOUSEHOLDS, DIVIDEND_TRANSFER, DIVIDEND_NCOLS };
enum loan_col { LOAN_CODE, LOAN_PLACE, LOAN_HELPER, LOAN_LENDER, LOAN_BORROWER, LOAN_HOUSEHOLD,
    LOAN_PROJECT, LOAN_FUND_LINE, LOAN_KIND, LOAN_AMOUNT, LOAN_YEARLY_RATE, LOAN_INTEREST_PAID,
    LOAN_REPAID, LOAN_DUE_ON, LOAN_LOAN_STATE, LOAN_PURPOSE, LOAN_NCOLS };
enum alert_rule_col { ALERT_RULE_CODE, ALERT_RULE_TITLE, ALERT_RULE_DAYS, ALERT_RULE_AMOUNT,
    ALERT_RULE_FUND_LINE, ALERT_RULE_EARMARK, ALERT_RULE_HOLDER_KIND, ALERT_RULE_NCOLS };
extern const struct entity voucher_entity, dividend_entity, loan_entity, alert_rule_entity;

/* A file that belongs to a transfer: its digest is computed here, the file stays where it is. The
 * same file for the same transfer again is there already (*added false). */
struct voucher_add { const char *path; int64_t county, transfer; const char *kind, *title;
                     bool added; char digest[DIGEST_HEX]; };
bool voucher_add(struct tx *tx, const struct model *mo, struct voucher_add *v,
                 struct err *e) WARN_UNUSED;

/* Vouchers and documents with a digest against the files of a folder, names of folders below
 * included. */
enum paper_state { PAPER_THERE, PAPER_MISSING, PAPER_CHANGED };
struct paper_found { const char *of, *name, *digest, *file; enum paper_state state; };
typedef bool paper_fn(void *arg, const struct paper_found *p, struct err *e);
bool papers_verify(struct db *d, const char *folder, paper_fn *fn, void *arg,
                   struct err *e) WARN_UNUSED;

/* Ends a rule of use or of idle money after its last day; why goes into its note and the journal. */
struct rule_ending { const char *code, *why; int32_t last; int64_t actor; };
bool rule_end(struct tx *tx, const struct model *mo, const struct rule_ending *r,
              struct err *e) WARN_UNUSED;
/* A change of a row that ends such a rule, or ends it sooner, and says nothing new in its note. */
bool rule_ends_untold(const struct table_map *m, const struct val *before, const struct val *after);

enum paper_stmt { PAPER_TRANSFER_PLACE, PAPER_VOUCHER, PAPER_VOUCHERS, PAPER_DOCUMENTS,
    PAPER_ALERT_RULES, PAPER_N_STMTS };
extern const struct stmt_table paper_stmts;

#endif
