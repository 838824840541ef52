/* demo: the accounts of a demo store. Their password is known to everybody, so a store that has them
 * is marked, and is served as a demo or not at all. */
#ifndef JD_PROGRAMME_ACCESS_DEMO_H
#define JD_PROGRAMME_ACCESS_DEMO_H

#include "programme/access/access.h"

#define DEMO_PASSWORD "jiedui-demo"
struct demo_account { const char *login, *name, *name_zh, *role; int64_t place; bool whole;
                      const char *organisation; };
extern const struct demo_account demo_list[];
extern const int demo_count;

bool demo_mark(struct tx *tx, struct err *e) WARN_UNUSED;
bool demo_store(struct db *d, bool *demo, struct err *e) WARN_UNUSED;
/* Makes those that are not there. */
bool demo_accounts(struct store *s, const struct model *mo, struct err *e) WARN_UNUSED;
void demo_announce(void);

#endif
