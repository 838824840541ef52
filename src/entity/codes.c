/* Code lists: small tables held in memory, found by list and then by code or label. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/csv.h"
#include "base/map.h"
#include "base/utf8.h"
#include "entity/plan.h"

#define LABEL_MAX 200 /* bytes of a label in its comparing form */

/* A slot of a list's hash: the entry's place + 1, 0 = free. */
struct slot { uint32_t hash; int32_t entry; };

/* Codes of up to eight bytes, which nearly all are, are looked for as one number. */
struct short_slot { uint64_t key; int32_t entry; uint32_t n; };
enum { SHARED = -2 }; /* a label that two codes have */

struct code_list {
    const char *name;
    struct code *all;
    int n, cap;
    const char *text;      /* all codes, each with its NUL, in one piece */
    size_t text_n;
    struct slot *by_code, *by_label;
    struct short_slot *by_short;
    uint32_t mask_code, mask_label;
};

struct codes {
    struct arena arena;
    struct code_list **lists;
    int n, cap;
};

static uint32_t hash_of(const char *p, size_t n)
{
    return (uint32_t)hash_bytes(p, n, 0);
}

/* A label's comparing form: full-width ASCII made half-width, case folded, blanks left out. */
static size_t label_form(const char *p, size_t n, char out[LABEL_MAX])
{
    size_t m = 0, used;
    for (size_t i = 0; i < n && m + 4 < LABEL_MAX; i += used) {
        uint32_t c = plain_char(utf8_decode(p + i, n - i, &used));
        if (c >= 'A' && c <= 'Z') c += 'a' - 'A';
        if (c) m += utf8_encode(c, out + m);
    }
    return m;
}

/* The next way of writing a label: "more than / over" has three, the whole and each part. */
static bool label_way(const char *label, const char **at, const char **p, size_t *n)
{
    if (!*at) {
        *p = label;
        *n = strlen(label);
        *at = strstr(label, " / ") ? label : label + *n;
        return true;
    }
    if (!**at) return false;
    const char *end = strstr(*at, " / ");
    *p = *at;
    *n = end ? (size_t)(end - *at) : strlen(*at);
    *at = end ? end + 3 : *at + *n;
    return true;
}

/* Whether a label can be written so; form is the comparing form. */
static bool label_is(const char *label, const char *form, size_t n)
{
    const char *at = NULL, *p;
    char held[LABEL_MAX];
    size_t m;
    while (label_way(label, &at, &p, &m))
        if (label_form(p, m, held) == n && memcmp(held, form, n) == 0) return true;
    return false;
}

static uint32_t table_size(int entries)
{
    uint32_t size = 8;
    while (size < (uint32_t)entries * 2) size *= 2;
    return size;
}

/* The bytes as one number; 0 = too long. */
static uint64_t short_key(const char *p, size_t n)
{
    uint64_t key = 0;
    if (n > 8) return 0;
    for (size_t i = 0; i < n; i++) key = key << 8 | (unsigned char)p[i];
    return key;
}

static uint32_t short_hash(uint64_t key)
{
    return (uint32_t)(key * UINT64_C(0x9e3779b97f4a7c15) >> 40);
}

static const struct code *find_code(const struct code_list *l, const char *p, size_t n)
{
    uint64_t key = short_key(p, n);
    if (key) {
        for (uint32_t i = short_hash(key) & l->mask_code; l->by_short[i].entry;
             i = (i + 1) & l->mask_code)
            if (l->by_short[i].key == key && l->by_short[i].n == n)
                return &l->all[l->by_short[i].entry - 1];
        return NULL;
    }
    uint32_t hash = hash_of(p, n);
    for (uint32_t i = hash & l->mask_code; l->by_code[i].entry; i = (i + 1) & l->mask_code) {
        const struct code *c = &l->all[l->by_code[i].entry - 1];
        if (l->by_code[i].hash == hash && strncmp(c->code, p, n) == 0 && c->code[n] == '\0')
            return c;
    }
    return NULL;
}

static struct slot *label_slot(const struct code_list *l, const char *form, size_t n, uint32_t hash)
{
    uint32_t i = hash & l->mask_label;
    for (; l->by_label[i].entry; i = (i + 1) & l->mask_label) {
        struct slot *s = &l->by_label[i];
        if (s->hash != hash) continue;
        if (s->entry == SHARED) return s;
        const struct code *c = &l->all[s->entry - 1];
        const char *names[] = { c->zh, c->en, c->code };
        for (size_t k = 0; k < 3; k++) {
            const char *name = names[k];
            if (k == 2) while (name[0] == '0' && name[1]) name++;
            if (label_is(name, form, n)) return s;
        }
    }
    return &l->by_label[i];
}

static void label_put(struct code_list *l, const char *label, int entry)
{
    const char *at = NULL, *p;
    char form[LABEL_MAX];
    size_t m;
    while (label_way(label, &at, &p, &m)) {
        size_t n = label_form(p, m, form);
        if (n == 0) continue;
        uint32_t hash = hash_of(form, n);
        struct slot *s = label_slot(l, form, n, hash);
        if (s->entry && s->entry != entry + 1) *s = (struct slot){ .hash = hash, .entry = SHARED };
        else *s = (struct slot){ .hash = hash, .entry = entry + 1 };
    }
}

/* How many ways there are to write a label. */
static int label_ways(const char *label)
{
    const char *at = NULL, *p;
    size_t m;
    int n = 0;
    while (label_way(label, &at, &p, &m)) n++;
    return n;
}

/* All codes in one piece, so that whether a value came from here can be told by its address. */
static void list_gather(struct code_list *l, struct arena *a)
{
    size_t n = 0;
    for (int i = 0; i < l->n; i++) n += strlen(l->all[i].code) + 1;
    char *to = arena_alloc(a, n);
    l->text = to;
    l->text_n = n;
    for (int i = 0; i < l->n; i++) {
        size_t len = strlen(l->all[i].code) + 1;
        memcpy(to, l->all[i].code, len);
        l->all[i].code = to;
        to += len;
    }
}

bool code_list_holds(const struct code_list *l, const char *p)
{
    return (uintptr_t)p - (uintptr_t)l->text < l->text_n;
}

/* Spreadsheets turn 01 into 1, so a code is also known without its leading zeros; a code proper
 * always goes first, and a label that means two codes means none. */
static void list_index(struct code_list *l, struct arena *a)
{
    int ways = l->n;
    for (int i = 0; i < l->n; i++) ways += label_ways(l->all[i].zh) + label_ways(l->all[i].en);
    uint32_t codes = table_size(l->n), labels = table_size(ways);
    l->by_code = arena_array(a, codes, sizeof *l->by_code);
    l->by_short = arena_array(a, codes, sizeof *l->by_short);
    l->by_label = arena_array(a, labels, sizeof *l->by_label);
    l->mask_code = codes - 1;
    l->mask_label = labels - 1;
    for (int i = 0; i < l->n; i++) {
        const char *code = l->all[i].code;
        uint32_t hash = hash_of(code, strlen(code)), at = hash & l->mask_code;
        while (l->by_code[at].entry) at = (at + 1) & l->mask_code;
        l->by_code[at] = (struct slot){ .hash = hash, .entry = i + 1 };
        uint32_t n = (uint32_t)strlen(code);
        uint64_t key = short_key(code, n);
        for (at = short_hash(key) & l->mask_code; key && l->by_short[at].entry;)
            at = (at + 1) & l->mask_code;
        if (key) l->by_short[at] = (struct short_slot){ .key = key, .entry = i + 1, .n = n };
    }
    for (int i = 0; i < l->n; i++) {
        const char *code = l->all[i].code;
        label_put(l, l->all[i].zh, i);
        label_put(l, l->all[i].en, i);
        label_put(l, code, i);
        while (code[0] == '0' && code[1]) code++;
        if (code != l->all[i].code) label_put(l, code, i);
    }
}

const struct code *code_list_code(const struct code_list *l, const char *p, size_t n)
{
    return find_code(l, p, n);
}

const struct code *code_list_find(const struct code_list *l, const char *p, size_t n)
{
    const struct code *c = find_code(l, p, n);
    if (c) return c;
    char form[LABEL_MAX];
    if (n == 0 || n >= LABEL_MAX) return NULL;
    size_t m = label_form(p, n, form);
    if (m == 0) return NULL;
    const struct slot *s = label_slot(l, form, m, hash_of(form, m));
    return s->entry > 0 ? &l->all[s->entry - 1] : NULL;
}

const struct code *code_list_all(const struct code_list *l, int *n)
{
    *n = l->n;
    return l->all;
}

const char *code_list_name(const struct code_list *l)
{
    return l->name;
}

const struct code_list *codes_get(const struct codes *c, const char *list)
{
    for (int i = 0; c && i < c->n; i++)
        if (*c->lists[i]->name == *list && strcmp(c->lists[i]->name, list) == 0) return c->lists[i];
    return NULL;
}

int codes_lists(const struct codes *c, const struct code_list *const **lists)
{
    *lists = (const struct code_list *const *)c->lists;
    return c->n;
}

const struct code *codes_find(const struct codes *c, const char *list, const char *p, size_t n)
{
    const struct code_list *l = codes_get(c, list);
    return l ? code_list_find(l, p, n) : NULL;
}

const struct code *codes_list(const struct codes *c, const char *list, int *n)
{
    const struct code_list *l = codes_get(c, list);
    *n = 0;
    return l ? code_list_all(l, n) : NULL;
}

static struct code_list *list_add(struct codes *c, const char *name, size_t n)
{
    for (int i = 0; i < c->n; i++) {
        struct code_list *l = c->lists[i];
        if (strlen(l->name) == n && memcmp(l->name, name, n) == 0) return l;
    }
    c->lists = arena_more(&c->arena, c->lists, c->n, &c->cap, sizeof *c->lists);
    struct code_list *l = arena_alloc(&c->arena, sizeof *l);
    l->name = arena_strndup(&c->arena, name, n);
    c->lists[c->n++] = l;
    return l;
}

static bool code_add(struct codes *c, const struct csv_field *f, int n, int64_t line,
                     struct err *e)
{
    if (n < 4)
        return err_set(e, ERR_INVALID, "code lists, line %lld: needs list, code, name_zh, name_en",
                       (long long)line);
    if (f[0].n == 0 || f[1].n == 0)
        return err_set(e, ERR_INVALID, "code lists, line %lld: list and code must be given",
                       (long long)line);
    struct code_list *l = list_add(c, f[0].p, f[0].n);
    for (int i = 0; i < l->n; i++)
        if (strlen(l->all[i].code) == f[1].n && memcmp(l->all[i].code, f[1].p, f[1].n) == 0)
            return err_set(e, ERR_INVALID, "code lists, line %lld: %s has the code %s twice",
                           (long long)line, l->name, l->all[i].code);
    l->all = arena_more(&c->arena, l->all, l->n, &l->cap, sizeof *l->all);
    l->all[l->n++] = (struct code){ .list = l->name,
        .code = arena_strndup(&c->arena, f[1].p, f[1].n),
        .zh = arena_strndup(&c->arena, f[2].p, f[2].n),
        .en = arena_strndup(&c->arena, f[3].p, f[3].n),
        .source = n > 4 ? arena_strndup(&c->arena, f[4].p, f[4].n) : "" };
    return true;
}

static bool header_right(const struct csv_field *f, int n)
{
    static const char *const want[] = { "list", "code", "name_zh", "name_en" };
    if (n < 4) return false;
    for (int i = 0; i < 4; i++)
        if (f[i].n != strlen(want[i]) || memcmp(f[i].p, want[i], f[i].n) != 0) return false;
    return true;
}

static bool read_rows(struct codes *c, struct csv *in, struct err *e)
{
    const struct csv_field *f;
    int n;
    bool header = false;
    for (;;) {
        switch (csv_next(in, &f, &n, e)) {
        case CSV_END:
            return header || err_set(e, ERR_INVALID, "code lists: the file is empty");
        case CSV_ROW:
            if (header && !code_add(c, f, n, csv_line(in), e)) return false;
            if (!header && !header_right(f, n))
                return err_set(e, ERR_INVALID, "code lists: the first line must be "
                               "list,code,name_zh,name_en,source");
            header = true;
            break;
        default:
            return err_context(e, "code lists, line %lld", (long long)csv_line(in));
        }
    }
}

bool codes_read(struct codes **out, const char *csv, size_t n, struct err *e)
{
    struct codes *c = mem_alloc(sizeof *c);
    struct csv_memory memory = { .p = csv, .n = n };
    struct csv *in = csv_open(csv_from_memory(&memory), &(struct csv_options){ .separator = ',' });
    bool ok = read_rows(c, in, e);
    csv_close(in);
    for (int i = 0; ok && i < c->n; i++) {
        list_gather(c->lists[i], &c->arena);
        list_index(c->lists[i], &c->arena);
    }
    if (!ok) {
        codes_free(c);
        c = NULL;
    }
    *out = c;
    return ok;
}

void codes_free(struct codes *c)
{
    if (!c) return;
    arena_free(&c->arena);
    free(c);
}
