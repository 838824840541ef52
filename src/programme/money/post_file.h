/* post_file: a CSV of transfers posted as one command, wholly or not at all. Columns by name, in
 * any order: date, debit, credit (account codes) and amount (yuan) are needed; code, earmark, note
 * and batch may be there. Lines with one code that stand together are the legs of one transfer. A
 * code that is posted already with the same legs is passed over, so a file can be sent twice. */
#ifndef JD_PROGRAMME_MONEY_POST_FILE_H
#define JD_PROGRAMME_MONEY_POST_FILE_H

#include "programme/money/ledger.h"

struct post_report { int64_t lines, posted, done; };

/* A refusal names the line. model may be NULL when the file has no column batch. */
bool post_file(struct store *s, const struct model *model, const char *path, int64_t actor,
               struct post_report *out, struct err *e) WARN_UNUSED;

#endif
