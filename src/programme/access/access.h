/* access: accounts, how they sign in, and what each may see.
 *
 * An account is a record like any other, with its history in the journal; only the administrator may
 * read the kind. What it signs in with lies apart (credential, recovery_code, session, api_token):
 * no secret is in a record, an export or the journal. Passwords are argon2id texts; of sessions,
 * tokens and recovery codes the store keeps digests alone.
 *
 * Functions that take a request write with its user; what they return is its arena's. */
#ifndef JD_PROGRAMME_ACCESS_H
#define JD_PROGRAMME_ACCESS_H

#include <stdatomic.h>

#include "base/secret.h"
#include "programme/room.h"
#include "web/web.h"

enum account_col { ACCOUNT_LOGIN, ACCOUNT_NAME, ACCOUNT_ROLE, ACCOUNT_ORGANISATION, ACCOUNT_PLACE,
    ACCOUNT_WHOLE, ACCOUNT_STATE, ACCOUNT_EXPIRES_ON, ACCOUNT_NOTE, ACCOUNT_NCOLS };
extern const struct entity account_entity;
extern const struct stmt_table access_stmts;

/* What all workers share about signing in. Guarded by itself; of the program's lifetime. */
struct gate {
    atomic_int hashing; int most;      /* passwords being hashed, and how many may be at once */
    char nobody[PASSWORD_TEXT];        /* what a sign-in without an account is checked against */
    char first_run[SECRET_TEXT];       /* opens the set-up page while there is no account; or "" */
    bool public;                       /* who has not signed in sees what the public may */
    bool demo;                         /* the sign-ins of the demo are shown */
    bool proxied_tls;                  /* cookies are for https alone */
};
bool gate_make(struct gate *g, int workers, struct err *e) WARN_UNUSED;

/* ---- account.c ---- */
enum { PASSWORD_LEAST = 10, PASSWORD_MOST = 200 };
/* Says what is wrong with a new password, or NULL. */
const char *password_fault(const struct request *q, const char *password, const char *login);
bool accounts_any(struct db *d, bool *any, struct err *e) WARN_UNUSED;
/* By login, in any case of letters. row has room for a row and its digest. */
bool account_find(const struct model *mo, struct db *d, const char *login, struct arena *a,
                  struct val *row, bool *found, struct err *e) WARN_UNUSED;
bool account_get(const struct model *mo, struct db *d, int64_t id, struct arena *a, struct val *row,
                 bool *found, struct err *e) WARN_UNUSED;
/* Active, and not expired on the day? */
bool account_open(const struct val *row, int32_t today);
/* A new one with its password's text (password_hash). row[] as for row_insert. */
bool account_add(struct tx *tx, const struct model *mo, struct val *row, const char *password,
                 struct err *e) WARN_UNUSED;
/* Sets a password and ends the account's sessions; `by` is who did it, 0 on the command line. */
bool password_set(struct tx *tx, int64_t account, const char *password, int64_t by,
                  struct err *e) WARN_UNUSED;
bool sessions_end(struct tx *tx, int64_t account, struct err *e) WARN_UNUSED;

/* A line in the journal on an account: what was done, by whom. */
bool access_note(struct tx *tx, int64_t account, int64_t by, const char *what, struct err *e) WARN_UNUSED;

struct credential { char password[PASSWORD_TEXT]; unsigned char totp[TOTP_SECRET]; bool has_totp;
                    int64_t totp_last; int language; bool large; };
bool credential_get(struct db *d, int64_t account, struct credential *c, bool *found,
                    struct err *e) WARN_UNUSED;
bool preference_set(struct tx *tx, int64_t account, int language, bool large,
                    struct err *e) WARN_UNUSED;

/* ---- totp.c ---- */
enum { RECOVERY_CODES = 10, RECOVERY_TEXT = 12 };   /* "abcde-fghjk" */
/* Turns the second step on: secret, and fresh recovery codes. */
bool totp_set(struct tx *tx, int64_t account, const unsigned char secret[TOTP_SECRET], int64_t step,
              char codes[RECOVERY_CODES][RECOVERY_TEXT], int64_t by, struct err *e) WARN_UNUSED;
bool totp_reset(struct tx *tx, int64_t account, int64_t by, struct err *e) WARN_UNUSED;
bool recovery_left(struct db *d, int64_t account, int64_t *n, struct err *e) WARN_UNUSED;
/* otpauth://totp/... */
const char *totp_address(const unsigned char secret[TOTP_SECRET], const char *login, struct arena *a);

/* ---- sign_in.c ---- */
enum sign_in { SIGN_IN_DONE, SIGN_IN_WRONG, SIGN_IN_BUSY };
/* Counts the attempt, looks at login, password and code with the same work whether there is such an
 * account or not, and begins a session: *cookie is the whole Set-Cookie. Who failed often waits. */
bool sign_in(struct request *q, const char *login, const char *password, const char *code,
             enum sign_in *out, const char **cookie, struct err *e) WARN_UNUSED;
/* Is it this account's password? Counted as an attempt too. */
bool password_check(struct request *q, const char *password, enum sign_in *out,
                    struct err *e) WARN_UNUSED;
bool sign_out(struct request *q, const char **cookie, struct err *e) WARN_UNUSED;

/* ---- session.c ---- */
#define SESSION_IDLE (INT64_C(60) * 60 * 1000000)
#define SESSION_LONGEST (INT64_C(12) * 60 * 60 * 1000000)
const char *session_cookie_name(bool secure_only);
/* A session for an account; *cookie as above. In a transaction of its own. */
bool session_begin(struct request *q, int64_t account, const char **cookie, struct err *e) WARN_UNUSED;
struct session_row { const char *hash; int64_t made, seen; const char *address; bool current; };
typedef bool session_fn(void *arg, const struct session_row *s, struct err *e);
bool sessions_of(struct request *q, session_fn *fn, void *arg, struct err *e) WARN_UNUSED;

/* ---- token.c ---- */
struct token_row { int64_t id, account, made, until, used; const char *name, *login; bool reads_only; };
typedef bool token_fn(void *arg, const struct token_row *t, struct err *e);
/* A token of the request's user; shown once. days 1 to 366. */
bool token_make(struct request *q, const char *name, bool reads_only, int days,
                char out[SECRET_TEXT], struct err *e) WARN_UNUSED;
bool tokens_list(struct db *d, int64_t account, token_fn *fn, void *arg, struct err *e) WARN_UNUSED; /* 0 = all */
bool token_drop(struct tx *tx, int64_t id, int64_t account, struct err *e) WARN_UNUSED; /* account 0: any */

/* ---- key.c: requests that are sent again until they are answered ---- */
/* Inside the transaction that writes it: takes q->idempotency for a request of that digest. *again: it was
 * written before. ERR_CONFLICT when the key stands for another request. */
bool key_take(struct tx *tx, const struct request *q, const unsigned char request[DIGEST_LEN], bool *again,
              struct err *e) WARN_UNUSED;
/* Those of over a year ago. */
bool keys_forget(struct tx *tx, struct err *e) WARN_UNUSED;

/* ---- saved_view.c: lists that were given a name ---- */
enum { SAVED_VIEW_NAME_MOST = 60, SAVED_VIEW_QUERY_MOST = 2000, SAVED_VIEWS = 200 };
extern const struct entity saved_view_entity;
struct saved_view { int64_t id; bool own; const char *kind, *name, *query, *shared; /* own, organisation, role */ };
/* Those of the request's user and those shared with them, by kind and name; nothing for who has not signed in. */
bool saved_views(struct request *q, struct saved_view **out, int *n, struct err *e) WARN_UNUSED;
/* id 0 makes a new one; another must be the user's own. */
bool saved_view_put(struct request *q, const struct saved_view *v, int64_t *id, struct err *e) WARN_UNUSED;
bool saved_view_drop(struct request *q, int64_t id, struct err *e) WARN_UNUSED;

/* ---- scope_make.c: the one function that says what an account may see ---- */
bool scope_make(const struct model *mo, struct db *d, const struct parties *parties,
                const struct val *account, int32_t today, struct arena *a, struct scope *out,
                struct err *e) WARN_UNUSED;

/* ---- who.c: who a request is from ---- */
/* Remembers scopes while the journal stands still; of one thread. */
struct who_cache;
struct who_cache *who_cache_open(void);
void who_cache_close(struct who_cache *c);
/* Fills q->user and q->scope from q->cookie or the bearer token. heads is a mark of the journal's
 * state. Never fails for a wrong cookie: that is nobody. */
bool who_is(struct who_cache *c, struct request *q, const char *bearer, const char *heads,
            struct err *e) WARN_UNUSED;
/* An account as it stands now, for work that is done while nobody asks; arena. *open is false when it is closed
 * or gone. */
bool account_user(const struct seat *s, int64_t account, struct arena *a, struct user *out, bool *open,
                  struct err *e) WARN_UNUSED;

#endif
