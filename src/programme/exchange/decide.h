/* decide: what becomes of an item. Private to programme/exchange/. */
#ifndef JD_PROGRAMME_EXCHANGE_DECIDE_H
#define JD_PROGRAMME_EXCHANGE_DECIDE_H

#include "programme/exchange/item.h"

struct item_change { const char *state, *reason, *ours; int32_t on; };
bool item_put(struct tx *tx, const struct model *mo, const struct item *i,
              const struct item_change *c, struct err *e) WARN_UNUSED;
/* agrees, differs, unknown: as the store is now. */
bool item_state(struct db *d, const struct model *mo, const struct item *i, struct arena *a,
                struct item_change *out, struct err *e) WARN_UNUSED;
/* The office that the package was for confirms the record, when it still is as the item has it. */
bool item_confirm(struct tx *tx, const struct model *mo, const struct item *i, int32_t today,
                  struct arena *a, bool *began, struct err *e) WARN_UNUSED;

#endif
