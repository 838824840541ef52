/* The numbers of the access room's statements. Private to it. */
#ifndef JD_PROGRAMME_ACCESS_SQL_H
#define JD_PROGRAMME_ACCESS_SQL_H

#include "programme/access/access.h"
#include "store/seal.h"

enum access_sql {
    ACCESS_ACCOUNT_COUNT,
    ACCESS_CREDENTIAL_GET, ACCESS_CREDENTIAL_NEW, ACCESS_CREDENTIAL_PASSWORD, ACCESS_CREDENTIAL_TOTP,
    ACCESS_CREDENTIAL_STEP, ACCESS_CREDENTIAL_PREFERENCE,
    ACCESS_RECOVERY_PUT, ACCESS_RECOVERY_TAKE, ACCESS_RECOVERY_CLEAR, ACCESS_RECOVERY_COUNT,
    ACCESS_SESSION_GET, ACCESS_SESSION_PUT, ACCESS_SESSION_SEEN, ACCESS_SESSION_DROP,
    ACCESS_SESSION_CLEAR, ACCESS_SESSION_OLD, ACCESS_SESSIONS_OF,
    ACCESS_FAILURE_GET, ACCESS_FAILURE_PUT, ACCESS_FAILURE_DROP, ACCESS_FAILURE_OLD,
    ACCESS_TOKEN_GET, ACCESS_TOKEN_PUT, ACCESS_TOKEN_USED, ACCESS_TOKEN_DROP, ACCESS_TOKENS,
    ACCESS_PAIRED_AGREEMENT, ACCESS_PAIRED_HELPED, ACCESS_PARTNERS,
    ACCESS_SAVED_VIEWS,
    ACCESS_KEY_PUT, ACCESS_KEY_GET, ACCESS_KEY_OLD,
    ACCESS_N_SQL
};
enum access_table { TABLE_CREDENTIAL, TABLE_RECOVERY, TABLE_SESSION, TABLE_FAILURE, TABLE_TOKEN, TABLE_KEY };
extern const struct table access_tables[];
static inline const struct stmt *access_sql(enum access_sql i) { return &access_stmts.stmts[i]; }

/* Runs one that writes; rows of the tables that are proven are sealed with it. */
bool access_exec(struct tx *tx, enum access_sql which, const struct val *v, int n, int64_t *changed,
                 struct err *e) WARN_UNUSED;

/* The digest of a session's or token's text, as the tables keep it. */
const char *mark_of(const char *text, struct arena *a);

#endif
