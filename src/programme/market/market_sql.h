/* The statements of the market room, by number. */
#ifndef JD_PROGRAMME_MARKET_SQL_H
#define JD_PROGRAMME_MARKET_SQL_H

#include "store/store.h"

/* ?1 is the pending load, ?2 the day. MARKET_MATCHED and MARKET_BOUGHT: by lot; MARKET_MET: by
 * demand. */
enum market_stmt { MARKET_LOTS, MARKET_MATCHED, MARKET_BOUGHT, MARKET_DEMANDS, MARKET_MET,
                   MARKET_PRODUCTS, MARKET_SALES, MARKET_N_STMTS };
extern const struct stmt_table market_stmts;

#endif
