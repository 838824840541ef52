/* From what people type to a code.
 *
 * Digits: 2, 4, 6, 9 or 12 of them. A retired county code gives the place it became, when that is
 * known, and the same for a longer code under it when such a place exists; otherwise it stands for
 * itself.
 *
 * Names: one name, or several parted by / , > or 、 of which one is meant and the others are
 * above it in any order; Chinese names also run together, highest first. A name is met, in this
 * order, as a full official name, as an alias, as a name without its kind, in Latin letters. Where one
 * form gives several places, those of the highest tier (county and above; township; village)
 * are preferred, and if there are still several, the answer is the list of them. In Latin letters
 * the kind counts as well: of all Chaoyangs, "Chaoyang City" is the one that is a city. */
#include "programme/place/book.h"

#include <strings.h>

enum { MAX_FOUND = 512, MAX_PARTS = 8, SHOWN = 8 };

struct found { int64_t code[MAX_FOUND]; int n; };

static void add_found(struct found *f, int64_t code)
{
    for (int i = 0; i < f->n; i++)
        if (f->code[i] == code) return;
    if (f->n < MAX_FOUND) f->code[f->n++] = code;
}

/* --- codes --- */

static int64_t pad_code(int64_t v, size_t digits)
{
    for (size_t i = digits; i < 12; i++) v *= 10;
    return v;
}

/* What a retired code gives: its successor, a place under it, or itself. */
static bool follow(struct place_book *b, struct db *d, int64_t code, int64_t *out, struct err *e)
{
    if (!book_retired(b, d, e)) return false;
    int64_t county = place_up(code, 3);
    for (size_t i = 0; i < b->n_retired; i++) {
        if (b->retired[i].code != county || !b->retired[i].successor) continue;
        *out = b->retired[i].successor + code % 1000000;
        if (code == county) return true;
        struct place_facts f;
        if (!book_facts(b, d, *out, &f, e)) return false;
        if (!f.found) *out = 0;
        return true;
    }
    *out = 0;
    return true;
}

static bool no_such_code(struct place_book *b, struct db *d, int64_t code, struct err *e)
{
    struct buf name;
    buf_init(&name, 4096);
    int64_t up = 0;
    for (int level = place_level(code) - 1; level >= 1 && !up; level--) {
        struct place_facts f;
        if (!book_facts(b, d, place_up(code, level), &f, e)) break;
        if (f.found) up = place_up(code, level);
    }
    if (up && !book_full_name(b, d, up, true, &name, e)) up = 0;
    err_set(e, ERR_NOT_FOUND, up ? "there is no place %012lld; %s exists, without it"
                                 : "there is no place %012lld%s", (long long)code, up ? name.p : "");
    buf_free(&name);
    return false;
}

static bool resolve_code(struct place_book *b, struct db *d, int64_t v, size_t digits, int64_t *code,
                         struct err *e)
{
    int64_t full = pad_code(v, digits);
    const unsigned char *known = map_get(&b->known, &full);
    *code = full;
    if (known) return true;
    struct place_facts f;
    if (!book_facts(b, d, full, &f, e)) return false;
    if (f.found && !f.retired) {
        if (b->known.count > (1 << 17)) map_clear(&b->known);
        *(unsigned char *)map_put(&b->known, &full, NULL) = 1;
        return true;
    }
    int64_t next;
    if (!follow(b, d, full, &next, e)) return false;
    if (f.found && f.successor) next = f.successor;
    if (next) *code = next;
    else if (!f.found) return no_such_code(b, d, full, e);
    return true;
}

/* --- names --- */

/* "巴马瑶族" -> "巴马", "积石山保安族东乡族撒拉族" -> "积石山": peoples in the name of an autonomous place. */
static size_t without_peoples(const char *name, size_t n)
{
    static const char *const peoples[] = { "维吾尔", "哈萨克", "柯尔克孜", "蒙古", "塔吉克", "鄂温克",
        "鄂伦春", "达斡尔", "锡伯", "保安", "东乡", "撒拉", "裕固", "朝鲜", "布依", "傈僳", "拉祜",
        "哈尼", "景颇", "布朗", "普米", "仡佬", "毛南", "仫佬", "各", "土家", "壮", "回", "藏", "苗", "彝",
        "侗", "瑶", "白", "傣", "黎", "佤", "畲", "水", "纳西", "独龙", "怒", "羌", "土", "满" };
    for (size_t i = 0; i < sizeof peoples / sizeof *peoples;) {
        size_t k = strlen(peoples[i]), tail = n >= 3 && memcmp(name + n - 3, "族", 3) == 0 ? 3 : 0;
        /* A people of one character is only told by the word after it. */
        if ((tail || k > 6) && n >= k + tail + 6 && memcmp(name + n - tail - k, peoples[i], k) == 0) {
            n -= k + tail;
            i = 0;
        } else {
            i++;
        }
    }
    return n;
}

size_t place_stem(const char *name, size_t n)
{
    static const char *const kinds[] = { "维吾尔自治区", "壮族自治区", "回族自治区", "自治区",
        "特别行政区", "自治州", "自治县", "自治旗", "民族乡", "街道办事处", "地区", "林区", "特区",
        "矿区", "新区", "街道", "苏木", "省", "市", "县", "区", "旗", "盟", "镇", "乡" };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        size_t k = strlen(kinds[i]);
        /* Two characters at least must be left: "县" alone names nothing. */
        if (n >= k + 6 && memcmp(name + n - k, kinds[i], k) == 0)
            return strncmp(kinds[i], "自治", 6) == 0 ? without_peoples(name, n - k) : n - k;
    }
    return n;
}

struct look { struct place_book *b; struct found *out; int kind; int64_t within; };

static bool take_name(void *arg, const struct val *row, int n, struct err *e)
{
    struct look *l = arg;
    (void)n;
    (void)e;
    if (row[1].i != l->kind) return true;
    struct place_range r = l->within ? place_own_range(l->within)
                                     : (struct place_range){ 0, INT64_MAX };
    if (row[0].i >= r.lo && row[0].i <= r.hi) add_found(l->out, row[0].i);
    return true;
}

static bool by_form(struct place_book *b, struct db *d, const char *key, int kind, int64_t within,
                    struct found *out, struct err *e)
{
    struct look l = { b, out, kind, within };
    if (!*key) return true;
    return db_query(d, &place_stmts.stmts[PLACE_BY_NAME], (struct val[]){ val_text(key) }, 1,
                    take_name, &l, e);
}

static bool by_alias(struct place_book *b, struct db *d, const char *key, int64_t within,
                     struct found *out, struct err *e)
{
    if (!book_aliases(b, d, e)) return false;
    for (size_t i = 0; i < b->n_alias; i++) {
        if (strcmp(b->alias[i].key, key) != 0) continue;
        struct place_range r = within ? place_own_range(within) : (struct place_range){ 0, INT64_MAX };
        if (b->alias[i].code >= r.lo && b->alias[i].code <= r.hi) add_found(out, b->alias[i].code);
    }
    return true;
}

/* Villages are listed as committees; people say the village. */
static bool by_committee(struct place_book *b, struct db *d, const char *key, int64_t within,
                         struct found *out, struct err *e)
{
    static const char *const after[] = { "委会", "民委员会", "村委会", "村民委员会", "社区居委会",
                                         "居委会", "社区" };
    for (size_t i = 0; i < sizeof after / sizeof *after && !out->n; i++) {
        const char *form = arena_printf(&b->work, "%s%s", key, after[i]);
        if (!by_form(b, d, form, PLACE_NAME_FULL, within, out, e)) return false;
    }
    return true;
}

/* English words that say the kind of a place, without which its name is looked up; how the Chinese
 * name of such a place ends, and how that sounds. */
static const struct kind_word { const char *en, *zh, *roman; } kind_words[] = {
    { "county", "县", "xian" }, { "district", "区", "qu" }, { "city", "市", "shi" },
    { "town", "镇", "zhen" }, { "township", "乡", "xiang" }, { "banner", "旗", "qi" },
    { "league", "盟", "meng" }, { "province", "省", "sheng" }, { "prefecture", NULL, NULL },
    { "village", NULL, NULL }, { "autonomous", NULL, NULL }, { "region", NULL, NULL },
    { "municipality", NULL, NULL }, { "subdistrict", NULL, NULL }, { "street", NULL, NULL },
    { "community", NULL, NULL }, { "of", NULL, NULL }, { "the", NULL, NULL },
};

static const struct kind_word *kind_word(const char *s, size_t n)
{
    for (size_t i = 0; i < sizeof kind_words / sizeof *kind_words; i++)
        if (strlen(kind_words[i].en) == n && strncasecmp(kind_words[i].en, s, n) == 0)
            return &kind_words[i];
    return NULL;
}

/* The kind that the last word of a name in Latin letters says, or NULL. */
static const struct kind_word *kind_said(const char *s, size_t n)
{
    size_t from = n;
    while (from > 0 && s[from - 1] != ' ') from--;
    return from ? kind_word(s + from, n - from) : NULL;
}

static const char *without_kind(struct place_book *b, const char *s, size_t n)
{
    struct buf out;
    buf_init(&out, n + 16);
    for (size_t i = 0; i < n;) {
        size_t end = i;
        while (end < n && s[end] != ' ') end++;
        if (end > i && !kind_word(s + i, end - i)) {
            if (out.n) buf_char(&out, ' ');
            buf_add(&out, s + i, end - i);
        }
        i = end + 1;
    }
    return arena_take(&b->work, &out);
}

static bool is_latin(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)s[i] >= 0xE2) return false;
    return true;
}

/* Of several places, those whose name ends as the kind says; where none does, all stay. */
static bool of_kind(struct place_book *b, struct db *d, const char *zh, struct found *f, struct err *e)
{
    struct found kept = { .n = 0 };
    for (int i = 0; i < f->n && f->n > 1; i++) {
        struct place_facts facts;
        if (!book_facts(b, d, f->code[i], &facts, e)) return false;
        size_t n = strlen(facts.name), k = strlen(zh);
        if (facts.found && n > k && strcmp(facts.name + n - k, zh) == 0) add_found(&kept, f->code[i]);
    }
    if (kept.n) *f = kept;
    return true;
}

static bool by_latin(struct place_book *b, struct db *d, const char *s, size_t n, int64_t within,
                     struct found *out, struct err *e)
{
    const char *bare = without_kind(b, s, n);
    const char *key = text_key(b->text, bare, strlen(bare), &b->work);
    if (!by_alias(b, d, key, within, out, e)) return false;
    if (out->n) return true;
    const char *roman = text_roman(b->text, bare, strlen(bare), &b->work);
    if (!by_form(b, d, roman, PLACE_NAME_ROMAN, within, out, e)) return false;
    const struct kind_word *kind = kind_said(s, n);
    if (!kind || !kind->zh) return true;
    /* A name of one character keeps its kind: "Xing County" is listed as xingxian. */
    if (!out->n)
        return by_form(b, d, arena_printf(&b->work, "%s%s", roman, kind->roman), PLACE_NAME_ROMAN,
                       within, out, e);
    return of_kind(b, d, kind->zh, out, e);
}

struct villages { struct place_book *b; const char *roman; struct found *out; };

static bool take_village(void *arg, const struct val *row, int n, struct err *e)
{
    static const char *const tails[] = { "村民委员会", "村委会", "社区居委会", "居委会", "社区", "村" };
    struct villages *v = arg;
    (void)n;
    (void)e;
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        size_t len = row[1].n, k = strlen(tails[i]);
        if (len <= k || memcmp(row[1].p + len - k, tails[i], k) != 0) continue;
        if (strcmp(text_roman(v->b->text, row[1].p, len - k, &v->b->work), v->roman) == 0)
            add_found(v->out, row[0].i);
        return true;
    }
    return true;
}

/* Villages are too many to be listed in Latin letters; those of one county or township are read. */
static bool village_in(struct place_book *b, struct db *d, const char *s, size_t n,
                       const struct found *above, struct found *out, struct err *e)
{
    const char *bare = without_kind(b, s, n);
    struct villages v = { b, text_roman(b->text, bare, strlen(bare), &b->work), out };
    if (!*v.roman) return true;
    for (int i = 0; i < above->n && i < 16; i++) {
        struct place_range r = place_own_range(above->code[i]);
        int level = place_level(above->code[i]);
        if (level != 3 && level != 4) continue;
        if (!db_query(d, &place_stmts.stmts[PLACE_VILLAGES],
                      (struct val[]){ val_int(r.lo), val_int(r.hi) }, 2, take_village, &v, e))
            return false;
    }
    return true;
}

/* "121团", "一二一团": regiments are listed with the corps before and the number in characters. */
static bool by_regiment(struct place_book *b, struct db *d, const char *key, int64_t within,
                        struct found *out, struct err *e)
{
    static const char *const digits[] = { "零", "一", "二", "三", "四", "五", "六", "七", "八", "九" };
    struct buf name;
    size_t n = strlen(key);
    if (n < 4 || n > 60 || strcmp(key + n - 3, "团") != 0) return true;
    buf_init(&name, 256);
    buf_str(&name, "兵团");
    for (const char *c = key; *c; c++)
        if (*c >= '0' && *c <= '9') buf_str(&name, digits[*c - '0']);
        else buf_char(&name, *c);
    bool ok = by_form(b, d, name.p, PLACE_NAME_FULL, within, out, e);
    buf_free(&name);
    return ok;
}

/* One name inside a place (0 = anywhere): the first form that gives anything. */
static bool by_name(struct place_book *b, struct db *d, const char *s, size_t n, int64_t within,
                    struct found *out, struct err *e)
{
    const char *key = text_key(b->text, s, n, &b->work);
    size_t len = strlen(key);
    if (!by_form(b, d, key, PLACE_NAME_FULL, within, out, e)) return false;
    if (!out->n && !by_alias(b, d, key, within, out, e)) return false;
    if (!out->n && is_latin(s, n)) return by_latin(b, d, s, n, within, out, e);
    if (!out->n && !by_form(b, d, key, PLACE_NAME_STEM, within, out, e)) return false;
    if (!out->n && !by_committee(b, d, key, within, out, e)) return false;
    if (!out->n && !by_regiment(b, d, key, within, out, e)) return false;
    if (!out->n && place_stem(key, len) < len && strstr(key, "乡")) {
        /* A township that became a town, or the other way round, keeps its stem. */
        const char *stem = arena_strndup(&b->work, key, place_stem(key, len));
        return by_form(b, d, stem, PLACE_NAME_STEM, within, out, e);
    }
    return true;
}

/* "新疆维吾尔自治区和田地区洛浦县": the longest beginning that is a place, then the rest inside it. */
static bool run_together(struct place_book *b, struct db *d, const char *s, size_t n, int64_t within,
                         int depth, struct found *out, struct err *e)
{
    if (!by_name(b, d, s, n, within, out, e)) return false;
    if (out->n || depth > 4 || is_latin(s, n)) return true;
    for (size_t cut = n; cut > 6 && !out->n;) {
        do cut--; while (cut > 0 && ((unsigned char)s[cut] & 0xC0) == 0x80);
        if (cut < 6 || n - cut < 3) continue;
        struct found head = { .n = 0 };
        if (!by_name(b, d, s, cut, within, &head, e)) return false;
        for (int i = 0; i < head.n && i < 16; i++) {
            if (place_level(head.code[i]) > 4) continue;
            if (!run_together(b, d, s + cut, n - cut, head.code[i], depth + 1, out, e)) return false;
        }
    }
    return true;
}

struct part { const char *p; size_t n; struct found found; };

static int split_parts(const char *s, size_t n, struct part *part)
{
    static const char *const marks[] = { "/", ",", ">", "，", "、", "·", ";" };
    int count = 0;
    size_t from = 0, i = 0;
    while (i <= n && count < MAX_PARTS) {
        size_t mark = i == n ? 1 : 0;
        for (size_t k = 0; k < sizeof marks / sizeof *marks && !mark; k++) {
            size_t m = strlen(marks[k]);
            if (i + m <= n && memcmp(s + i, marks[k], m) == 0) mark = m;
        }
        if (!mark) { i++; continue; }
        size_t a = from, z = i;
        while (a < z && s[a] == ' ') a++;
        while (z > a && s[z - 1] == ' ') z--;
        if (z > a) part[count++] = (struct part){ .p = s + a, .n = z - a };
        from = i += mark;
    }
    return count;
}

static bool under_one_of(int64_t code, const struct found *f, bool itself)
{
    for (int i = 0; i < f->n; i++) {
        struct place_range r = place_own_range(f->code[i]);
        if (code >= r.lo && code <= r.hi && (itself || code != f->code[i])) return true;
    }
    return false;
}

/* Of several parts, the places that lie in one of each of the others; that are one of each of the
 * others, for a name told twice ("Lop / 洛浦县"), only where none lies inside. */
static void nest_parts(const struct part *part, int parts, struct found *out)
{
    for (int itself = 0; itself <= 1 && !out->n; itself++)
        for (int i = 0; i < parts; i++)
            for (int c = 0; c < part[i].found.n; c++) {
                int64_t code = part[i].found.code[c];
                bool ok = true;
                for (int k = 0; k < parts && ok; k++)
                    ok = k == i || under_one_of(code, &part[k].found, itself);
                if (ok) add_found(out, code);
            }
}

/* Retired codes give way to what they became; then the highest tier alone stays. */
static bool narrow(struct place_book *b, struct db *d, struct found *f, struct err *e)
{
    struct found now = { .n = 0 };
    for (int i = 0; i < f->n; i++) {
        int64_t code;
        if (place_level(f->code[i]) <= 3) {
            int64_t six = f->code[i] / 1000000;
            if (!resolve_code(b, d, six, 6, &code, e)) return false;
        } else {
            code = f->code[i];
        }
        add_found(&now, code);
    }
    int best = 6;
    for (int i = 0; i < now.n; i++) {
        int level = place_level(now.code[i]), tier = level <= 3 ? 3 : level;
        if (tier < best) best = tier;
    }
    f->n = 0;
    for (int i = 0; i < now.n; i++) {
        int level = place_level(now.code[i]);
        if ((level <= 3 ? 3 : level) == best) add_found(f, now.code[i]);
    }
    return true;
}

static bool ask_which(struct place_book *b, struct db *d, const char *s, size_t n,
                      const struct found *f, struct err *e)
{
    struct buf list;
    buf_init(&list, 8192);
    for (int i = 0; i < f->n && i < SHOWN; i++) {
        if (i) buf_str(&list, "; ");
        buf_printf(&list, "%lld ", (long long)f->code[i]);
        if (!book_full_name(b, d, f->code[i], true, &list, e)) break;
    }
    if (f->n > SHOWN) buf_printf(&list, "; and %d more", f->n - SHOWN);
    err_set(e, ERR_CONFLICT, "\"%.*s\" is more than one place: %s; write the code, or "
            "its parent before the name", (int)(n < 60 ? n : 60), s, list.p);
    buf_free(&list);
    return false;
}

/* Parts that are places, but none in another: where the first one lies, if it is one alone. */
static bool not_nested(struct place_book *b, struct db *d, const char *s, size_t n,
                       const struct part *first, struct err *e)
{
    struct buf where;
    buf_init(&where, 1024);
    if (first->found.n == 1) {
        buf_printf(&where, "; \"%.*s\" is %lld ", (int)first->n, first->p,
                   (long long)first->found.code[0]);
        if (!book_full_name(b, d, first->found.code[0], true, &where, e)) buf_clear(&where);
    }
    err_set(e, ERR_NOT_FOUND, "no place \"%.*s\": these do not lie in each other%s",
            (int)(n < 100 ? n : 100), s, where.n ? where.p : "");
    buf_free(&where);
    return false;
}

static bool resolve_name(struct place_book *b, struct db *d, const char *s, size_t n, int64_t *code,
                         struct err *e)
{
    struct part part[MAX_PARTS];
    struct found found = { .n = 0 };
    int parts = split_parts(s, n, part);
    if (!book_text(b, e)) return false;
    for (int i = 0; i < parts; i++)
        if (!run_together(b, d, part[i].p, part[i].n, 0, 0, &part[i].found, e)) return false;
    for (int i = 0; i < parts; i++)
        for (int k = 0; k < parts && !part[i].found.n && is_latin(part[i].p, part[i].n); k++)
            if (k != i && !village_in(b, d, part[i].p, part[i].n, &part[k].found, &part[i].found, e))
                return false;
    if (parts == 1) found = part[0].found;
    else nest_parts(part, parts, &found);
    if (!narrow(b, d, &found, e)) return false;
    if (found.n == 1) {
        *code = found.code[0];
        return true;
    }
    if (found.n > 1) return ask_which(b, d, s, n, &found, e);
    for (int i = 0; i < parts && parts > 1; i++)
        if (!part[i].found.n)
            return err_set(e, ERR_NOT_FOUND, "there is no place \"%.*s\"", (int)part[i].n, part[i].p);
    if (parts > 1) return not_nested(b, d, s, n, &part[0], e);
    return err_set(e, ERR_NOT_FOUND, "there is no place \"%.*s\"; give a code, or the name as in "
                   "the gazetteer with its county", (int)(n < 100 ? n : 100), s);
}

static bool all_digits(const char *s, size_t n, int64_t *v)
{
    *v = 0;
    for (size_t i = 0; i < n; i++) {
        if (s[i] < '0' || s[i] > '9') return false;
        *v = *v * 10 + (s[i] - '0');
    }
    return n > 0;
}

bool place_resolve(void *arg, struct db *d, const char *s, size_t n, int64_t *code, struct err *e)
{
    struct place_book *b = arg;
    while (n && s[0] == ' ') { s++; n--; }
    while (n && s[n - 1] == ' ') n--;
    int64_t v;
    if (n <= 12 && all_digits(s, n, &v)) {
        if (n != 2 && n != 4 && n != 6 && n != 9 && n != 12)
            return err_set(e, ERR_INVALID, "a place code has 2, 4, 6, 9 or 12 digits, not %zu", n);
        return resolve_code(b, d, v, n, code, e);
    }
    if (n == 0 || n > 300) return err_set(e, ERR_INVALID, "no place is named");
    struct arena_mark m = arena_mark(&b->work);
    bool ok = resolve_name(b, d, s, n, code, e);
    arena_rewind(&b->work, m);
    return ok;
}
