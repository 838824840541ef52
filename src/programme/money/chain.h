/* chain: what became of a commitment: its batches, their lines, what was posted and paid, how far the
 * projects are, and whom they carry. */
#ifndef JD_PROGRAMME_MONEY_CHAIN_H
#define JD_PROGRAMME_MONEY_CHAIN_H

#include "entity/entity.h"

enum chain_kind { CHAIN_COMMITMENT, CHAIN_BATCH, CHAIN_ALLOCATION, CHAIN_POSTED, CHAIN_PAID,
                  CHAIN_IN_HAND, CHAIN_STAGE, CHAIN_BENEFIT };
struct chain_step {
    enum chain_kind kind;
    const char *record, *what;     /* code; its kind, purpose or stage as a code */
    const char *list;              /* of that code */
    int32_t day;                   /* DATE_MIN = not told */
    int64_t amount; bool known;    /* fen; of a benefit households */
    int64_t place;
};
typedef bool chain_fn(void *arg, const struct chain_step *s, struct err *e);
bool chain_walk(struct db *d, const struct model *mo, int64_t county, int64_t id, struct arena *a,
                chain_fn *fn, void *arg, struct err *e) WARN_UNUSED;

enum chain_stmt { CHAIN_SQL_COMMITMENT, CHAIN_SQL_BATCHES, CHAIN_SQL_LINES, CHAIN_SQL_DIRECT,
                  CHAIN_SQL_STAGE, CHAIN_SQL_BENEFITS, CHAIN_N_STMTS };
extern const struct stmt_table chain_stmts;

#endif
