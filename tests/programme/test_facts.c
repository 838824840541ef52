/* docs/facts-of-the-reports.md against the examples: every record and claim it names is there, and,
 * where the list of facts lies beside the project, no fact of the three reports is left out. */
#include "rooms.h"

#include <dirent.h>

#include "base/csv.h"

struct fact { char id[8], record[512], claim[128]; };
static struct fact facts[512];
static int n_facts;

static void cell(const char **p, char *out, size_t size)
{
    const char *start = *p, *end = strchr(start, '|');
    assert_non_null(end);
    *p = end + 1;
    while (*start == ' ') start++;
    while (end > start && end[-1] == ' ') end--;
    snprintf(out, size, "%.*s", (int)(end - start), start);
}

static int read_table(void **state)
{
    (void)state;
    size_t n;
    char *text = project_file("docs/facts-of-the-reports.md", &n);
    for (char *line = text; line && *line; line = strchr(line, '\n'), line += line ? 1 : 0) {
        if (strncmp(line, "| F", 3) != 0) continue;
        const char *p = line + 1;
        struct fact *f = &facts[n_facts++];
        assert_in_range(n_facts, 1, 511);
        cell(&p, f->id, sizeof f->id);
        cell(&p, f->record, sizeof f->record);
        cell(&p, f->claim, sizeof f->claim);
    }
    free(text);
    return 0;
}

static const struct fact *find(const char *id)
{
    for (int i = 0; i < n_facts; i++)
        if (strcmp(facts[i].id, id) == 0) return &facts[i];
    return NULL;
}

/* Is there a row with this code in FILE.csv of an example? */
static bool code_in(const char *folder, const char *entity, const char *code)
{
    char path[1024], line[16384];
    snprintf(path, sizeof path, "%s/examples/%s/%s.csv", JD_SOURCE_DIR, folder, entity);
    FILE *f = fopen(path, "rb");
    bool found = false;
    size_t n = strlen(code);
    while (f && !found && fgets(line, sizeof line, f))
        found = strncmp(line, code, n) == 0 && line[n] == ',';
    if (f) fclose(f);
    return found;
}

static bool code_exists(const char *entity, const char *code)
{
    DIR *d = opendir(JD_SOURCE_DIR "/examples");
    assert_non_null(d);
    bool found = false;
    for (struct dirent *x; !found && (x = readdir(d));)
        found = x->d_name[0] != '.' && code_in(x->d_name, entity, code);
    closedir(d);
    return found;
}

/* "entity CODE, entity CODE": every pair whose second word looks like a code. */
static void records_are_there(void **state)
{
    (void)state;
    int checked = 0;
    for (int i = 0; i < n_facts; i++) {
        char text[512], entity[64] = "", *save = NULL;
        snprintf(text, sizeof text, "%s", facts[i].record);
        for (char *w = strtok_r(text, " ,()", &save); w; w = strtok_r(NULL, " ,()", &save)) {
            bool code = strlen(w) > 3 && w[2] == '-' && w[0] >= 'A' && w[0] <= 'Z';
            if (code && !code_exists(entity, w)) fail_msg("%s: no %s %s", facts[i].id, entity, w);
            checked += code;
            if (!code) snprintf(entity, sizeof entity, "%s", w);
        }
    }
    assert_true(checked > 60);
}

static void claims_are_there(void **state)
{
    (void)state;
    for (int i = 0; i < n_facts; i++) {
        char text[128], *save = NULL;
        snprintf(text, sizeof text, "%s", facts[i].claim);
        for (char *w = strtok_r(text, " ,", &save); w; w = strtok_r(NULL, " ,", &save))
            if (!code_exists("claim", w)) fail_msg("%s: no claim %s", facts[i].id, w);
        if (!facts[i].record[0] && !facts[i].claim[0]) fail_msg("%s says nothing", facts[i].id);
    }
}

/* Facts that are a day or a month, and one whose number the report does not give. */
static bool is_no_number(const char *value, size_t n)
{
    return n == 0 || (n >= 7 && value[4] == '-');
}

static void check_fact(const struct csv_field *f)
{
    static const char *const reports[] = { "000", "003", "004" };
    char id[16];
    bool ours = false, input = f[10].n == 5 && memcmp(f[10].p, "input", 5) == 0;
    bool derived = f[10].n == 7 && memcmp(f[10].p, "derived", 7) == 0;
    for (int i = 0; i < 3; i++) ours = ours || memcmp(f[1].p, reports[i], 3) == 0;
    if (!ours || (!input && !derived)) return;
    snprintf(id, sizeof id, "%.*s", (int)f[0].n, f[0].p);
    const struct fact *found = find(id);
    if (!found) fail_msg("%s is neither a record nor a claim", id);
    if (input && !found->record[0]) fail_msg("%s is an input without a record", id);
    if (!is_no_number(f[5].p, f[5].n) && !found->claim[0])
        fail_msg("%s has a number but no claim", id);
}

static void no_fact_is_left_out(void **state)
{
    (void)state;
    FILE *file = fopen(JD_SOURCE_DIR "/../shared/domain/report-facts.csv", "rb");
    if (!file) {
        print_message("skipped: the list of facts does not lie beside the project\n");
        skip();
    }
    struct csv *in = csv_open(csv_from_file(file), NULL);
    const struct csv_field *f;
    struct err e;
    int n, rows = 0;
    while (csv_next(in, &f, &n, &e) == CSV_ROW)
        if (rows++) {
            assert_true(n >= 11);
            check_fact(f);
        }
    csv_close(in);
    fclose(file);
    assert_true(rows > 150);
}

/* docs/coverage.md: the records that a row's page lists are an entity, its tests are there. */
static void coverage_names_what_is_there(void **state)
{
    (void)state;
    struct test_model t;
    size_t n;
    int rows = 0;
    char *text = project_file("docs/coverage.md", &n), *save = NULL;
    test_model_open(&t);
    for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
        char id[8], page[256], tests[512], *word = NULL;
        if (strncmp(line, "| F", 3) != 0) continue;
        const char *p = line + 1;
        cell(&p, id, sizeof id);
        for (int i = 0; i < 3; i++) p = strchr(p, '|') + 1;
        cell(&p, page, sizeof page);
        cell(&p, tests, sizeof tests);
        rows++;
        const char *records = strstr(page, "/en/records/");
        if (records) {
            char entity[64];
            const char *end = strpbrk(records += 12, "`?/ ");
            snprintf(entity, sizeof entity, "%.*s", end ? (int)(end - records) : 63, records);
            if (!model_find(t.model, entity)) fail_msg("%s: no page of %s", id, entity);
        }
        for (char *w = strtok_r(tests, " ,", &word); w; w = strtok_r(NULL, " ,", &word)) {
            char path[1024];
            snprintf(path, sizeof path, "%s/tests/%s", JD_SOURCE_DIR, w);
            FILE *f = strchr(w, '/') ? fopen(path, "rb") : NULL;
            if (!f) fail_msg("%s: there is no test %s", id, w);
            fclose(f);
        }
    }
    free(text);
    test_model_close(&t);
    assert_true(rows > 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_are_there),
        cmocka_unit_test(claims_are_there),
        cmocka_unit_test(coverage_names_what_is_there),
        cmocka_unit_test(no_fact_is_left_out),
    };
    return cmocka_run_group_tests(tests, read_table, NULL);
}
