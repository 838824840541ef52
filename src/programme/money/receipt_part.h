/* receipt_part: what the files of receipts share. Private to programme/money/receipt*.c. */
#ifndef JD_PROGRAMME_MONEY_RECEIPT_PART_H
#define JD_PROGRAMME_MONEY_RECEIPT_PART_H

#include "programme/money/receipt.h"

/* receipt_text.c: fills in states and digest. */
void receipt_state(struct receipt *x, struct arena *a);

#endif
