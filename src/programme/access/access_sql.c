/* The statements of the access room. */
#include "programme/access/access_sql.h"

static const struct stmt stmts[ACCESS_N_SQL] = {
    [ACCESS_ACCOUNT_COUNT] = { "access_account_count", STMT_REF,
        "select count(*) from account where county = 0", NULL },
    [ACCESS_CREDENTIAL_GET] = { "access_credential_get", STMT_REF,
        "select password, totp, totp_last, language, large from credential where account = ?1", NULL },
    [ACCESS_CREDENTIAL_NEW] = { "access_credential_new", STMT_REF,
        "insert into credential (account, password, totp, totp_last, language, large, changed) "
        "values (?1, ?2, null, 0, 0, 0, ?3)", NULL },
    [ACCESS_CREDENTIAL_PASSWORD] = { "access_credential_password", STMT_REF,
        "update credential set password = ?2, changed = ?3 where account = ?1", NULL },
    [ACCESS_CREDENTIAL_TOTP] = { "access_credential_totp", STMT_REF,
        "update credential set totp = ?2, totp_last = ?3, changed = ?4 where account = ?1", NULL },
    [ACCESS_CREDENTIAL_STEP] = { "access_credential_step", STMT_REF,
        "update credential set totp_last = ?2 where account = ?1 and totp_last < ?2", NULL },
    [ACCESS_CREDENTIAL_PREFERENCE] = { "access_credential_preference", STMT_REF,
        "update credential set language = ?2, large = ?3 where account = ?1", NULL },
    [ACCESS_RECOVERY_PUT] = { "access_recovery_put", STMT_REF,
        "insert into recovery_code (account, mark) values (?1, ?2)", NULL },
    [ACCESS_RECOVERY_TAKE] = { "access_recovery_take", STMT_REF,
        "delete from recovery_code where account = ?1 and mark = ?2", NULL },
    [ACCESS_RECOVERY_CLEAR] = { "access_recovery_clear", STMT_REF,
        "delete from recovery_code where account = ?1", NULL },
    [ACCESS_RECOVERY_COUNT] = { "access_recovery_count", STMT_REF,
        "select count(*) from recovery_code where account = ?1", NULL },
    [ACCESS_SESSION_GET] = { "access_session_get", STMT_REF,
        "select account, made, seen from session where mark = ?1", NULL },
    [ACCESS_SESSION_PUT] = { "access_session_put", STMT_REF,
        "insert into session (mark, account, made, seen, address) values (?1, ?2, ?3, ?3, ?4)", NULL },
    [ACCESS_SESSION_SEEN] = { "access_session_seen", STMT_REF,
        "update session set seen = ?2 where mark = ?1", NULL },
    [ACCESS_SESSION_DROP] = { "access_session_drop", STMT_REF,
        "delete from session where mark = ?1", NULL },
    [ACCESS_SESSION_CLEAR] = { "access_session_clear", STMT_REF,
        "delete from session where account = ?1", NULL },
    [ACCESS_SESSION_OLD] = { "access_session_old", STMT_REF,
        "delete from session where made < ?1 or seen < ?2", NULL },
    [ACCESS_SESSIONS_OF] = { "access_sessions_of", STMT_REF,
        "select mark, made, seen, address from session where account = ?1 order by seen desc, mark", NULL },
    [ACCESS_FAILURE_GET] = { "access_failure_get", STMT_REF,
        "select failures, last from sign_in_failure where subject = ?1", NULL },
    [ACCESS_FAILURE_PUT] = { "access_failure_put", STMT_REF,
        "insert into sign_in_failure (subject, failures, last) values (?1, ?2, ?3) "
        "on conflict (subject) do update set failures = ?2, last = ?3", NULL },
    [ACCESS_FAILURE_DROP] = { "access_failure_drop", STMT_REF,
        "delete from sign_in_failure where subject = ?1", NULL },
    [ACCESS_FAILURE_OLD] = { "access_failure_old", STMT_REF,
        "delete from sign_in_failure where last < ?1", NULL },
    [ACCESS_TOKEN_GET] = { "access_token_get", STMT_REF,
        "select id, account, until, reads_only, used from api_token where mark = ?1", NULL },
    [ACCESS_TOKEN_PUT] = { "access_token_put", STMT_REF,
        "insert into api_token (mark, id, account, name, made, until, reads_only, used) "
        "values (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0)", NULL },
    [ACCESS_TOKEN_USED] = { "access_token_used", STMT_REF,
        "update api_token set used = ?2 where mark = ?1", NULL },
    [ACCESS_TOKEN_DROP] = { "access_token_drop", STMT_REF,
        "delete from api_token where id = ?1 and (account = ?2 or ?2 = 0)", NULL },
    [ACCESS_TOKENS] = { "access_tokens", STMT_REF,
        "select t.id, t.account, t.name, t.made, t.until, t.used, t.reads_only, a.login "
        "from api_token t join account a on a.county = 0 and a.id = t.account "
        "where t.account = ?1 or ?1 = 0 order by t.made, t.id", NULL },
    [ACCESS_PAIRED_AGREEMENT] = { "access_paired_agreement", STMT_SCATTER,
        "select place, valid_from, valid_to, helper, helped from agreement where draft = 0 and "
        "load <> ?1 and state <> 'planned' and place is not null and (helper = ?2 or helped = ?2)", NULL },
    [ACCESS_PAIRED_HELPED] = { "access_paired_helped", STMT_SCATTER,
        "select place, valid_from, valid_to, helper, helper from helped_place where draft = 0 and "
        "load <> ?1 and state <> 'planned' and place is not null and helper = ?2", NULL },
    [ACCESS_PARTNERS] = { "access_partners", STMT_SCATTER,
        "select place, valid_from, valid_to, helper, helped from agreement where county between ?2 "
        "and ?3 and draft = 0 and load <> ?1 and state <> 'planned' and place between ?4 and ?5", NULL },
    [ACCESS_SAVED_VIEWS] = { "access_saved_views", STMT_REF,
        "select v.id, v.account, v.kind, v.name, v.shared, v.conditions from saved_view v where v.county = 0 and "
        "(v.account = ?1 or (v.shared = 'role' and v.role = ?2) or (v.shared = 'organisation' and v.organisation = "
        "(select a.organisation from account a where a.county = 0 and a.id = ?1))) "
        "order by v.kind nulls last, v.name nulls last, v.id", NULL },
    [ACCESS_KEY_PUT] = { "access_key_put", STMT_REF,
        "insert into request_key (mark, request, made) values (?1, ?2, ?3) on conflict (mark) do nothing", NULL },
    [ACCESS_KEY_GET] = { "access_key_get", STMT_REF, "select request from request_key where mark = ?1", NULL },
    [ACCESS_KEY_OLD] = { "access_key_old", STMT_REF, "delete from request_key where made < ?1", NULL },
};
const struct stmt_table access_stmts = { "access", stmts, ACCESS_N_SQL };
