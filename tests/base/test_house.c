/* The house keeps its own rules: which way includes point, who may include a library, where SQL may
 * stand, no mutable globals, no file too long. Reads the sources and the built objects. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/count.h"

/* A room may include rooms of a lower rank, and itself. */
static const struct { const char *room; int rank; } ranks[] = {
    { "base", 0 }, { "text", 1 }, { "engine", 1 }, { "doc", 2 }, { "store", 3 }, { "rule", 4 },
    { "entity", 5 }, { "figure", 6 }, { "web", 7 }, { "programme", 8 }, { "pages", 8 }, { "cli", 9 },
    { "server", 10 },
};

static const struct { const char *header, *room; } libraries[] = {
    { "unicode/", "text" }, { "xlsxwriter.h", "doc" }, { "unzip.h", "doc" }, { "zip.h", "doc" },
    { "minizip/", "doc" }, { "expat.h", "doc" }, { "zlib.h", "doc" }, { "sqlite3.h", "store" },
    { "libpq-fe.h", "store" }, { "sodium.h", "base" }, { "jansson.h", "base" },
    { "microhttpd.h", "server" }, { "liboath/", "base" }, { "qrencode.h", "doc" },
};

static int faults;

static void fault(const char *file, int line, const char *what)
{
    print_message("%s:%d: %s\n", file, line, what);
    faults++;
}

static int rank_of(const char *room, size_t n)
{
    for (int i = 0; i < COUNT(ranks); i++)
        if (strlen(ranks[i].room) == n && memcmp(ranks[i].room, room, n) == 0) return ranks[i].rank;
    return -1;
}

static void check_include(const char *file, int line, const char *room, const char *text)
{
    const char *own = strchr(text, '"'), *lib = strchr(text, '<');
    int rank = rank_of(room, strcspn(room, "/"));
    if (own) {
        const char *slash = strchr(own + 1, '/');
        int theirs = slash ? rank_of(own + 1, (size_t)(slash - own - 1)) : -1;
        if (!slash) fault(file, line, "an include names its room");
        else if (theirs < 0) fault(file, line, "includes a room that is not in the plan");
        else if (rank >= 0 && theirs > rank) fault(file, line, "includes upward");
    }
    for (int i = 0; lib && i < COUNT(libraries); i++) {
        size_t n = strlen(libraries[i].header);
        if (strncmp(lib + 1, libraries[i].header, n) == 0 &&
            strncmp(room, libraries[i].room, strlen(libraries[i].room)) != 0)
            fault(file, line, "a library's header outside its room");
    }
}

/* Statement tables, the store itself, and what is composed from entity tables (into a buf). */
static bool may_hold_sql(const char *path, const char *text)
{
    const char *name = strrchr(path, '/') + 1;
    bool composing = strstr(path, "src/entity/") || strstr(path, "src/figure/");
    return strstr(name, "sql") || strstr(path, "src/store/") || (composing && strstr(text, "buf_"));
}

/* Money is whole fen: no floating point among what is said in code, comments apart. */
static bool floats(const char *text)
{
    static const char *const words[] = { "float", "double", "strtod", "atof", "<math.h>" };
    const char *at = text + strspn(text, " ");
    if (!strncmp(at, "/*", 2) || *at == '*') return false;
    for (int i = 0; i < COUNT(words); i++)
        for (const char *p = text; (p = strstr(p, words[i])) != NULL; p++) {
            char before = p > text ? p[-1] : ' ', after = p[strlen(words[i])];
            bool inside = strchr("_abcdefghijklmnopqrstuvwxyz-", before) ||
                          (after && strchr("_abcdefghijklmnopqrstuvwxyz", after));
            if (!inside) return true;
        }
    return false;
}

static void check_line(const char *path, const char *room, int line, const char *text)
{
    static const char *const verbs[] = { "\"select ", "\"insert into ", "\"delete from ", "\"update " };
    if (strncmp(text, "#include", 8) == 0) check_include(path, line, room, text);
    for (int i = 0; i < COUNT(verbs); i++)
        if (strstr(text, verbs[i]) && !may_hold_sql(path, text))
            fault(path, line, "SQL outside a statement table");
    if (!strcmp(room, "programme/money") && floats(text))
        fault(path, line, "floating point in the room of money");
    size_t columns = 0;
    for (const char *p = text; *p && *p != '\n'; p++) columns += ((unsigned char)*p & 0xC0) != 0x80;
    if (columns > 120) fault(path, line, "a line of over 120 columns");
    if (strstr(text, "TODO") || strstr(text, "FIXME")) fault(path, line, "something is left open");
}

static void check_file(const char *path, const char *room)
{
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    char text[4096];
    int line = 0;
    while (fgets(text, sizeof text, f)) check_line(path, room, ++line, text);
    fclose(f);
    if (line > 800) fault(path, line, "over 800 lines: is there a room in it that wants its own door?");
}

static void walk(const char *dir, const char *below)
{
    DIR *d = opendir(dir);
    assert_non_null(d);
    for (struct dirent *entry; (entry = readdir(d));) {
        char path[1024], room[512];
        struct stat st;
        if (entry->d_name[0] == '.') continue;
        snprintf(path, sizeof path, "%s/%s", dir, entry->d_name);
        snprintf(room, sizeof room, "%s%s%s", below, *below ? "/" : "", entry->d_name);
        if (stat(path, &st) != 0) continue;
        size_t n = strlen(path);
        if (S_ISDIR(st.st_mode)) walk(path, room);
        else if (n > 2 && (!strcmp(path + n - 2, ".c") || !strcmp(path + n - 2, ".h")))
            check_file(path, *below ? below : "main");
    }
    closedir(d);
}

static void test_sources(void **state)
{
    (void)state;
    faults = 0;
    walk(JD_SOURCE_DIR "/src", "");
    assert_int_equal(faults, 0);
}

/* Constant tables with pointers lie in .data.rel.ro; whatever lies in .data or .bss can be changed. */
static void test_no_mutable_globals(void **state)
{
    (void)state;
    FILE *p = popen("objdump -t " JD_BUILD_DIR "/libjd_*.a 2>/dev/null", "r");
    assert_non_null(p);
    char text[1024];
    int bad = 0, seen = 0;
    while (fgets(text, sizeof text, p)) {
        seen += strstr(text, " .text") != NULL;
        bool data = strstr(text, " .data\t") || strstr(text, " .bss\t") || strstr(text, "*COM*");
        if (!data || !strstr(text, " O ") || strstr(text, "asan") || strstr(text, "ubsan")) continue;
        /* UBSan's own records, one for each place that it watches. */
        if (strstr(text, ".Lubsan") || strstr(text, " *.L")) continue;
        print_message("a file-scope variable: %s", text);
        bad++;
    }
    pclose(p);
    if (!seen) skip();
    assert_int_equal(bad, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_sources),
                                        cmocka_unit_test(test_no_mutable_globals) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
