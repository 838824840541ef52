/* Every declared entity: the model takes them all together, and nobody is left without a label, a
 * help sentence, a code list or a usable name in either language. */
#include "entity/scope.h"
#include "rooms.h"

#include <dirent.h>

static const struct entity *entities[MAX_ENTITIES];
static int count;

static bool filled(const char *s)
{
    return s && *s;
}

static bool chinese(const char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s >= 0xe3) return true;
    return false;
}

static void assert_words(const char *where, const char *what, const char *en, const char *zh)
{
    if (!filled(en)) fail_msg("%s: no English %s", where, what);
    if (!filled(zh)) fail_msg("%s: no Chinese %s", where, what);
    if (chinese(en)) fail_msg("%s: Chinese in the English %s: %s", where, what, en);
    if (!chinese(zh)) fail_msg("%s: no Chinese in the Chinese %s: %s", where, what, zh);
}

static void every_word_is_there_in_both_languages(void **state)
{
    (void)state;
    for (int i = 0; i < count; i++) {
        const struct entity *en = entities[i];
        char where[128];
        assert_words(en->name, "label", en->en, en->zh);
        assert_words(en->name, "help", en->help_en, en->help_zh);
        for (int k = 0; k < en->n; k++) {
            const struct field *f = &en->fields[k];
            snprintf(where, sizeof where, "%s.%s", en->name, f->name ? f->name : "?");
            assert_true(filled(f->name));
            assert_words(where, "label", f->en, f->zh);
            assert_words(where, "help", f->help_en, f->help_zh);
        }
        for (int k = 0; k < en->n_acts; k++) {
            snprintf(where, sizeof where, "%s act %s", en->name, en->acts[k].name);
            assert_words(where, "label", en->acts[k].en, en->acts[k].zh);
            assert_words(where, "help", en->acts[k].help_en, en->acts[k].help_zh);
        }
        for (int k = 0; k < en->n_checks; k++) {
            snprintf(where, sizeof where, "%s check %s", en->name, en->checks[k].name);
            assert_words(where, "message", en->checks[k].en, en->checks[k].zh);
        }
    }
}

static const struct field *field_of(const char *entity, const char *name)
{
    for (int i = 0; i < count; i++)
        for (int k = 0; k < entities[i]->n && !strcmp(entities[i]->name, entity); k++)
            if (!strcmp(entities[i]->fields[k].name, name)) return &entities[i]->fields[k];
    for (int k = 0; k < COMMON_N; k++)
        if (!strcmp(common_fields[k].name, name)) return &common_fields[k];
    return NULL;
}

static void acts_add_what_there_is(void **state)
{
    (void)state;
    for (int i = 0; i < count; i++)
        for (int k = 0; k < entities[i]->n_acts; k++) {
            const struct list_act *act = &entities[i]->acts[k];
            const struct field *by = field_of(act->adds, act->by), *code = field_of(act->adds, "code");
            assert_true(by && by->type == F_REF && !strcmp(by->ref, entities[i]->name) && (by->flags & F_KEY));
            assert_true(code && code->type == F_TEXT && (code->flags & F_KEY) && act->asks[0]);
            for (int n = 0; act->asks[n]; n++) {
                const struct field *f = field_of(act->adds, act->asks[n]);
                if (!f || (f->flags & (F_KEY | F_COMPUTED))) fail_msg("%s.%s is not asked", act->adds, act->asks[n]);
            }
        }
}

/* A check's name is told when it refuses, and looked up in the papers: one rule each. */
static void check_names_are_unique(void)
{
    static struct { const char *entity, *check; } seen[2000];
    int n = 0;
    for (int i = 0; i < count; i++)
        for (int k = 0; k < entities[i]->n_checks; k++) {
            const char *name = entities[i]->checks[k].name;
            for (int j = 0; j < n; j++)
                if (strcmp(seen[j].check, name) == 0)
                    fail_msg("%s and %s both have a check %s", seen[j].entity, entities[i]->name, name);
            assert_true(n < 2000);
            seen[n].entity = entities[i]->name;
            seen[n++].check = name;
        }
}

static void names_and_numbers_are_unique(void **state)
{
    (void)state;
    check_names_are_unique();
    for (int i = 0; i < count; i++) {
        assert_true(entities[i]->number > 0);
        for (int k = 0; k < i; k++) {
            assert_string_not_equal(entities[i]->name, entities[k]->name);
            assert_string_not_equal(entities[i]->en, entities[k]->en);
            assert_string_not_equal(entities[i]->zh, entities[k]->zh);
            if (entities[i]->number == entities[k]->number)
                fail_msg("%s and %s have one number", entities[i]->name, entities[k]->name);
        }
        for (int a = 0; a < entities[i]->n; a++)
            for (int b = 0; b < a; b++)
                assert_string_not_equal(entities[i]->fields[a].name, entities[i]->fields[b].name);
    }
}

/* Words that SQLite lists as keywords or PostgreSQL reserves, and those of rules and figures. */
static const char *const taken[] = {
    "abort", "action", "add", "after", "all", "alter", "always", "analyze", "and", "any", "array",
    "as", "asc", "at", "attach", "before", "begin", "between", "both", "by", "cascade", "case",
    "cast", "check", "collate", "column", "commit", "conflict", "constraint", "create", "cross",
    "current", "database", "default", "deferred", "delete", "desc", "detach", "distinct", "do",
    "drop", "each", "else", "end", "escape", "except", "exclude", "exists", "explain", "fail",
    "false", "fetch", "filter", "first", "following", "for", "foreign", "from", "full", "generated",
    "glob", "grant", "group", "groups", "having", "if", "ignore", "in", "index", "initially",
    "inner", "insert", "instead", "intersect", "into", "is", "isnull", "join", "key", "known",
    "last", "lateral", "leading", "left", "like", "limit", "match", "natural", "no", "not",
    "notnull", "null", "nulls", "of", "offset", "on", "only", "or", "order", "others", "outer",
    "over", "per", "plan", "pragma", "preceding", "primary", "query", "raise", "range",
    "recursive", "references", "reindex", "release", "rename", "replace", "returning", "right",
    "rollback", "row", "rows", "savepoint", "select", "set", "some", "table", "temp", "then",
    "ties", "times", "to", "trailing", "transaction", "trigger", "true", "unbounded", "union",
    "unique", "until", "update", "user", "using", "vacuum", "values", "view", "virtual", "when",
    "where", "window", "with", "within", "without", "year",
};

static void assert_free(const char *where, const char *name)
{
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++)
        if (strcmp(name, taken[i]) == 0) fail_msg("%s: %s is a keyword", where, name);
    for (const char *p = name; *p; p++)
        if (!((*p >= 'a' && *p <= 'z') || *p == '_' || (*p >= '0' && *p <= '9')))
            fail_msg("%s: %s is no plain name", where, name);
}

static void names_are_no_keywords(void **state)
{
    (void)state;
    for (int i = 0; i < count; i++) {
        assert_free("entity", entities[i]->name);
        for (int k = 0; k < entities[i]->n; k++)
            assert_free(entities[i]->name, entities[i]->fields[k].name);
    }
}

static void the_model_takes_them_all(void **state)
{
    (void)state;
    struct test_model t;
    test_model_open(&t);
    assert_int_equal(t.model->n, count);
    for (int i = 0; i < count; i++) {
        const struct table_map *m = model_find(t.model, entities[i]->name);
        assert_non_null(m);
        assert_ptr_equal(m, model_number(t.model, entities[i]->number));
        if (entities[i]->reach == REACH_COUNTY && m->home < 0)
            fail_msg("%s lies in counties but no field says in which", entities[i]->name);
        if (m->n_key == 0 && !m->entity->view) fail_msg("%s has no natural key: loading it twice would double it",
                                    entities[i]->name);
    }
    test_model_close(&t);
}

static void code_lists_are_labelled(void **state)
{
    (void)state;
    struct test_model t;
    test_model_open(&t);
    for (int i = 0; i < count; i++)
        for (int k = 0; k < entities[i]->n; k++) {
            const struct field *f = &entities[i]->fields[k];
            if (f->type != F_CODE) continue;
            int n;
            const struct code *c = codes_list(t.codes, f->list, &n);
            if (n < 2)
                fail_msg("%s.%s: list %s has no codes", entities[i]->name, f->name, f->list);
            for (int j = 0; j < n; j++) {
                if (!filled(c[j].en) || !filled(c[j].zh) || !filled(c[j].source))
                    fail_msg("%s %s lacks a label or its source", f->list, c[j].code);
                assert_non_null(codes_find(t.codes, f->list, c[j].en, strlen(c[j].en)));
                assert_non_null(codes_find(t.codes, f->list, c[j].zh, strlen(c[j].zh)));
            }
        }
    test_model_close(&t);
}

/* The household card: every field code of the national register that is about one household or one
 * person has its field, except those that the place code answers. */
static void the_national_card_is_complete(void **state)
{
    (void)state;
    static const char *const card[] = {
        "AAC001", "AAR006", "AAR010", "AAC004", "AAQ002", "AAC006", "AAC007", "AAC008", "AAR012",
        "AAR040", "AAR041", "AAC012", "AAC013", "AAC014", "AAC016", "AAC301", "AAC302", "AAC303",
        "AAC304", "AAC305", "AAC306", "AAC307", "AAC308", "AAC084", "AAC311", "AAC312", "AAC313",
        "AAC314", "AAC315", "AAC316", "AAC317", "AAC318", "AAC319", "AAC320", "AAC322", "AAC071",
        "AAC074", "AAC072", "AAC073", "AAC085", "AAC077", "AAC086", "AAC087", "AAC082", "AAB001",
        "AAB002", "AAB003", "AAB004", "AAB005", "AAB006", "AAB007", "AAB008", "AAB009", "AAB010",
        "AAB012", "AAB015", "AAB017", "AAB018", "AAB019", "AAB022", "AAB025", "AAB029", "AAB030",
        "AAB031", "AAK033",
    };
    for (size_t c = 0; c < sizeof card / sizeof *card; c++) {
        bool found = false;
        for (int i = 0; i < count; i++)
            for (int k = 0; k < entities[i]->n; k++) {
                const char *code = entities[i]->fields[k].national;
                found = found || (code && strcmp(code, card[c]) == 0);
            }
        if (!found) fail_msg("no field has the national code %s", card[c]);
    }
}

/* Does a row hold people: identity numbers, bank cards, telephones, or belongs to one that does? */
static bool holds_people(const struct entity *en, int depth)
{
    const uint32_t marks = F_CITIZEN_ID | F_BANK_CARD | F_PHONE;
    for (int i = 0; i < en->n; i++)
        if ((en->fields[i].flags & marks) && (en->fields[i].flags & F_PERSONAL)) return true;
    for (int i = 0; i < en->n && depth < 6; i++) {
        const struct field *f = &en->fields[i];
        if (f->type != F_REF || !(f->flags & (F_HOME | F_REQUIRED))) continue;
        for (int k = 0; k < count; k++)
            if (strcmp(entities[k]->name, f->ref) == 0 && entities[k] != en &&
                holds_people(entities[k], depth + 1))
                return true;
    }
    return false;
}

/* The administrator's own kinds, named here so that no other is forgotten. */
static void every_kind_says_who_may_read_it(void **state)
{
    static const char *const admin[] = { "account", "office_key", "package",
                                          "package_item", "saved_view" };
    (void)state;
    for (int i = 0; i < count; i++) {
        const struct entity *en = entities[i];
        bool own = false;
        for (size_t k = 0; k < sizeof admin / sizeof *admin; k++) own |= strcmp(admin[k], en->name) == 0;
        if (own != (en->access == ACCESS_NONE)) fail_msg("%s: who may read it?", en->name);
        bool open = en->access == ACCESS_OPEN || en->access == ACCESS_WORK;
        /* Who is posted, and whom they teach, is staff: told of by role, the rest masked. */
        bool staff = strcmp(en->room, "talent") == 0;
        if (open && !staff && holds_people(en, 0)) fail_msg("%s holds people and is open", en->name);
    }
}

/* docs/web.md tells what each role sees; it is read and held against the table that decides it. */
static void kinds_text(uint32_t kinds, char *out, size_t size)
{
    static const struct { enum access kind; const char *name; } names[] = { { ACCESS_OPEN, "open" },
        { ACCESS_WORK, "work" }, { ACCESS_MONEY, "money" }, { ACCESS_LABOUR, "labour" }, { ACCESS_PEOPLE, "people" },
        { ACCESS_NONE, "admin" } };
    size_t n = 0;
    out[0] = '\0';
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (kinds >> names[i].kind & 1)
            n += (size_t)snprintf(out + n, size - n, "%s%s", n ? ", " : "", names[i].name);
}

static void the_roles_are_as_documented(void **state)
{
    size_t n;
    char *text = project_file("docs/web.md", &n);
    (void)state;
    for (int r = ROLE_PUBLIC; r < ROLE_N; r++) {
        const struct role_rights *x = &role_rights[r];
        char line[400], reads[120], writes[120];
        kinds_text(x->reads, reads, sizeof reads);
        kinds_text(x->writes, writes, sizeof writes);
        snprintf(line, sizeof line, "\n| %s | %s |%s%s | %s| %s| %s|\n", x->code, reads, *writes ? " " : "", writes,
                 x->reveals ? "yes " : "", x->journal ? "yes " : "", x->manages ? "yes " : "");
        if (!strstr(text, line)) fail_msg("docs/web.md does not say:%s", line);
    }
    free(text);
}

int main(void)
{
    count = all_entities(entities);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_word_is_there_in_both_languages),
        cmocka_unit_test(acts_add_what_there_is),
        cmocka_unit_test(names_and_numbers_are_unique),
        cmocka_unit_test(names_are_no_keywords),
        cmocka_unit_test(the_model_takes_them_all),
        cmocka_unit_test(code_lists_are_labelled),
        cmocka_unit_test(the_national_card_is_complete),
        cmocka_unit_test(every_kind_says_who_may_read_it),
        cmocka_unit_test(the_roles_are_as_documented),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
