/* users: who asks, for tests of pages. */
#ifndef JD_TESTS_SUPPORT_USERS_H
#define JD_TESTS_SUPPORT_USERS_H

#include "web/web.h"

/* Days from 1970 to 2025-12-31: the year before the one that tests are in. */
static const struct scope test_public_scope = { .role = ROLE_PUBLIC, .everywhere = true, .until = 20453 };
static const struct scope test_nobody_scope = { .role = ROLE_NONE };
static const struct user test_public = { .login = "", .name = "", .csrf = "",
                                         .scope = &test_public_scope };
static const struct user test_nobody = { .login = "", .name = "", .csrf = "",
                                         .scope = &test_nobody_scope };
static const struct user test_admin = { .account = 1, .login = "admin", .name = "Admin",
                                        .csrf = "token", .scope = &scope_all };

static const struct scope test_helper_scope = { .role = ROLE_HELPER };
static const struct user test_helper = { .account = 2, .login = "helper", .name = "Helper",
                                         .csrf = "token", .scope = &test_helper_scope };
static const struct user test_token = { .account = 2, .login = "helper", .name = "Helper", .csrf = "",
                                        .token = true, .scope = &test_helper_scope };

#endif
