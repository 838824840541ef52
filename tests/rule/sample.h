/* sample: helpers to parse over the columns of columns.h, failing the test on a fault. */
#ifndef JD_TESTS_RULE_SAMPLE_H
#define JD_TESTS_RULE_SAMPLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "rule/columns.h"

static inline struct rule *sample_parse(const char *text, struct arena *a)
{
    struct rule *r = NULL;
    struct err e = { 0 };
    if (!rule_parse(&r, text, strlen(text), 1, 1, &sample_schema, a, &e))
        fail_msg("%s\n  %s", text, e.message);
    return r;
}

static inline struct rule *sample_value(const char *text, struct arena *a, enum rule_type *type,
                                        int *scale)
{
    struct rule *r = NULL;
    struct err e = { 0 };
    if (!rule_parse_value(&r, text, strlen(text), 1, 1, &sample_schema, a, type, scale, &e))
        fail_msg("%s\n  %s", text, e.message);
    return r;
}

#endif
