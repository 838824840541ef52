/* receipt_sheet: what a giver is told, as a document. */
#ifndef JD_PAGES_RECEIPT_SHEET_H
#define JD_PAGES_RECEIPT_SHEET_H

#include "pages/print.h"
#include "programme/money/receipt.h"

/* p: as it was issued, or NULL for what would be stated now; of: the batch or transfer. */
void receipt_sheet(struct request *q, const struct receipt *r, const struct receipt_paper *p, const char *of,
                   bool copy, struct sheet *s);

#endif
