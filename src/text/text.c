#include "text/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/ucol.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>
#include <unicode/uversion.h>

#include "base/log.h"

/* ICU counts in int32; nothing a person types comes near this. */
#define TEXT_MAX (UINT32_C(1) << 26)

/* A growable run of UTF-16. */
struct units { UChar *p; int32_t n, cap; };

/* Han characters are romanised one by one, whatever stands beside them, and the transliterator
 * takes some microseconds for each; so each is asked once. */
#define HAN_FIRST 0x4E00
#define HAN_LAST 0x9FFF
struct syllable { bool known; uint8_t n; char p[6]; };

struct text {
    const UNormalizer2 *nfkc, *fold; /* ICU's own singletons */
    UCollator *order;
    UTransliterator *latin;
    struct units raw, norm, work;
    uint8_t *bytes; /* of a sort key, or of UTF-8 on its way to the arena */
    int32_t bytes_cap;
    struct syllable *han;
};

static void units_room(struct units *u, int32_t cap)
{
    if (cap <= u->cap) return;
    u->cap = cap + cap / 2 + 64;
    u->p = mem_grow(u->p, (size_t)u->cap * sizeof *u->p);
}

static void must(UErrorCode code, const char *doing)
{
    if (U_FAILURE(code)) log_fatal("text", "doing=%s icu=%s", doing, u_errorName(code));
}

static bool open_parts(struct text *t, UErrorCode *code)
{
    static const char rules[] = "Any-Latin; Latin-ASCII; Lower";
    UChar id[sizeof rules];
    u_charsToUChars(rules, id, (int32_t)sizeof rules);
    t->nfkc = unorm2_getNFKCInstance(code);
    t->fold = unorm2_getNFKCCasefoldInstance(code);
    t->order = ucol_open("zh@collation=pinyin", code);
    /* Sequences that mean the same character sort alike, however they were typed. */
    if (U_SUCCESS(*code)) ucol_setAttribute(t->order, UCOL_NORMALIZATION_MODE, UCOL_ON, code);
    t->latin = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, NULL, code);
    return U_SUCCESS(*code);
}

bool text_open(struct text **out, struct err *e)
{
    UErrorCode code = U_ZERO_ERROR;
    struct text *t = mem_alloc(sizeof *t);
    t->han = mem_alloc((HAN_LAST - HAN_FIRST + 1) * sizeof *t->han);
    if (!open_parts(t, &code)) {
        text_close(t);
        return err_set(e, ERR_INTERNAL, "the ICU library lacks its data: %s", u_errorName(code));
    }
    *out = t;
    return true;
}

void text_close(struct text *t)
{
    if (!t) return;
    if (t->order) ucol_close(t->order);
    if (t->latin) utrans_close(t->latin);
    free(t->raw.p);
    free(t->norm.p);
    free(t->work.p);
    free(t->bytes);
    free(t->han);
    free(t);
}

/* UTF-8 to t->raw; a byte that is no text becomes U+FFFD rather than an end. */
static void load(struct text *t, const char *s, size_t n)
{
    UErrorCode code = U_ZERO_ERROR;
    if (n > TEXT_MAX) log_fatal("text", "doing=load bytes=%zu", n);
    units_room(&t->raw, (int32_t)n + 1);
    u_strFromUTF8WithSub(t->raw.p, t->raw.cap, &t->raw.n, s, (int32_t)n, 0xFFFD, NULL, &code);
    must(code, "load");
}

static void normalise(struct text *t, const UNormalizer2 *form)
{
    for (;;) {
        UErrorCode code = U_ZERO_ERROR;
        units_room(&t->norm, t->raw.n + 1);
        t->norm.n = unorm2_normalize(form, t->raw.p, t->raw.n, t->norm.p, t->norm.cap, &code);
        if (code != U_BUFFER_OVERFLOW_ERROR) {
            must(code, "normalise");
            return;
        }
        units_room(&t->norm, t->norm.n + 1);
    }
}

static void bytes_room(struct text *t, int32_t cap)
{
    if (cap <= t->bytes_cap) return;
    t->bytes_cap = cap + cap / 2 + 64;
    t->bytes = mem_grow(t->bytes, (size_t)t->bytes_cap);
}

static const char *to_utf8(struct text *t, const UChar *p, int32_t n, struct arena *a)
{
    UErrorCode code = U_ZERO_ERROR;
    int32_t used = 0;
    bytes_room(t, n * 3 + 1); /* a unit takes at most three bytes */
    u_strToUTF8WithSub((char *)t->bytes, t->bytes_cap, &used, p, n, 0xFFFD, NULL, &code);
    must(code, "utf8");
    return arena_strndup(a, (const char *)t->bytes, (size_t)used);
}

/* Marks that take no room and that people paste in without knowing. The joiners stay: Persian and
 * emoji need them. */
static bool is_invisible(UChar32 c)
{
    return c == 0x200B || c == 0x2060 || c == 0xFEFF || c == 0x00AD ||
           (u_charType(c) == U_CONTROL_CHAR && !u_isUWhiteSpace(c));
}

/* Takes them out before normalising, so that what they kept apart can join. */
static void drop_invisible(struct units *u)
{
    int32_t to = 0;
    for (int32_t at = 0; at < u->n;) {
        UChar32 c;
        int32_t from = at;
        U16_NEXT(u->p, at, u->n, c);
        if (is_invisible(c)) continue;
        while (from < at) u->p[to++] = u->p[from++];
    }
    u->n = to;
}

/* Squeezes blanks in place and returns the new length. */
static int32_t squeeze(UChar *p, int32_t n)
{
    int32_t to = 0;
    bool blank = false;
    for (int32_t at = 0; at < n;) {
        UChar32 c;
        int32_t from = at;
        U16_NEXT(p, at, n, c);
        if (u_isUWhiteSpace(c)) {
            blank = to > 0;
            continue;
        }
        if (blank) p[to++] = ' ';
        blank = false;
        while (from < at) p[to++] = p[from++];
    }
    return to;
}

static bool is_ascii(const char *s, size_t n)
{
    unsigned char all = 0;
    for (size_t i = 0; i < n; i++) all |= (unsigned char)s[i];
    return all < 0x80;
}

static const char *clean_ascii(const char *s, size_t n, struct arena *a)
{
    char *out = arena_alloc(a, n + 1);
    size_t to = 0;
    bool blank = false;
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)s[i];
        if (c == ' ' || (c >= '\t' && c <= '\r')) {
            blank = to > 0;
        } else if (c > ' ' && c != 0x7F) {
            if (blank) out[to++] = ' ';
            blank = false;
            out[to++] = (char)c;
        }
    }
    out[to] = '\0';
    return out;
}

const char *text_clean(struct text *t, const char *s, size_t n, struct arena *a)
{
    if (is_ascii(s, n)) return clean_ascii(s, n, a);
    load(t, s, n);
    drop_invisible(&t->raw);
    normalise(t, t->nfkc);
    return to_utf8(t, t->norm.p, squeeze(t->norm.p, t->norm.n), a);
}

const char *text_key(struct text *t, const char *s, size_t n, struct arena *a)
{
    load(t, s, n);
    normalise(t, t->fold);
    UChar *p = t->norm.p;
    int32_t to = 0;
    for (int32_t at = 0; at < t->norm.n;) {
        UChar32 c;
        int32_t from = at;
        U16_NEXT(p, at, t->norm.n, c);
        if (u_isUWhiteSpace(c) || u_ispunct(c) || u_charType(c) == U_CONTROL_CHAR) continue;
        while (from < at) p[to++] = p[from++];
    }
    return to_utf8(t, p, to, a);
}

const char *text_sort_key(struct text *t, const char *s, size_t n, struct arena *a)
{
    static const char hex[] = "0123456789abcdef";
    load(t, s, n);
    int32_t need = ucol_getSortKey(t->order, t->raw.p, t->raw.n, t->bytes, t->bytes_cap);
    if (need > t->bytes_cap) {
        bytes_room(t, need);
        need = ucol_getSortKey(t->order, t->raw.p, t->raw.n, t->bytes, t->bytes_cap);
    }
    if (need <= 0) log_fatal("text", "doing=sort_key units=%d", (int)t->raw.n);
    int32_t bytes = need - 1; /* ICU ends the key with a NUL, which orders nothing */
    char *out = arena_alloc(a, (size_t)bytes * 2 + 1);
    for (int32_t i = 0; i < bytes; i++) {
        out[2 * i] = hex[t->bytes[i] >> 4];
        out[2 * i + 1] = hex[t->bytes[i] & 15];
    }
    return out;
}

/* t->norm to t->work. */
static void transliterate(struct text *t)
{
    int32_t room = t->norm.n * 8 + 64;
    for (;;) {
        UErrorCode code = U_ZERO_ERROR;
        units_room(&t->work, room);
        if (t->norm.n) memcpy(t->work.p, t->norm.p, (size_t)t->norm.n * sizeof *t->norm.p);
        t->work.n = t->norm.n;
        int32_t limit = t->norm.n;
        utrans_transUChars(t->latin, t->work.p, &t->work.n, t->work.cap, 0, &limit, &code);
        if (code != U_BUFFER_OVERFLOW_ERROR) {
            must(code, "romanise");
            return;
        }
        room = t->work.cap * 2;
    }
}

static bool is_han(UChar c)
{
    return c >= HAN_FIRST && c <= HAN_LAST;
}

/* Letters and digits of ASCII, lower case; the length written. */
static size_t keep_alnum(const UChar *p, int32_t n, char *out)
{
    size_t to = 0;
    for (int32_t i = 0; i < n; i++) {
        UChar c = p[i];
        if (c >= 'A' && c <= 'Z') c = (UChar)(c + 32);
        if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out[to++] = (char)c;
    }
    return to;
}

/* The syllable of a Han character; NULL when it does not fit the table. Uses norm and work. */
static const struct syllable *han_syllable(struct text *t, UChar c)
{
    struct syllable *s = &t->han[c - HAN_FIRST];
    if (!s->known) {
        char letters[64];
        units_room(&t->norm, 1);
        t->norm.p[0] = c;
        t->norm.n = 1;
        transliterate(t);
        size_t n = t->work.n < (int32_t)sizeof letters
                       ? keep_alnum(t->work.p, t->work.n, letters) : sizeof letters;
        s->known = true;
        s->n = (uint8_t)n;
        if (n <= sizeof s->p) memcpy(s->p, letters, n);
    }
    return s->n <= sizeof s->p ? s : NULL;
}

/* Text of Han and ASCII alone: by the table. Reads t->raw; false when something else is in it. */
static bool roman_by_table(struct text *t, char *out)
{
    size_t to = 0;
    for (int32_t i = 0; i < t->raw.n; i++)
        if (t->raw.p[i] >= 0x80 && !is_han(t->raw.p[i])) return false;
    for (int32_t i = 0; i < t->raw.n; i++) {
        if (!is_han(t->raw.p[i])) {
            to += keep_alnum(&t->raw.p[i], 1, out + to);
            continue;
        }
        const struct syllable *s = han_syllable(t, t->raw.p[i]);
        if (!s) return false;
        memcpy(out + to, s->p, s->n);
        to += s->n;
    }
    out[to] = '\0';
    return true;
}

const char *text_roman(struct text *t, const char *s, size_t n, struct arena *a)
{
    load(t, s, n);
    bytes_room(t, t->raw.n * (int32_t)sizeof(t->han->p) + 1);
    char *out = (char *)t->bytes;
    if (roman_by_table(t, out)) return arena_strdup(a, out);
    normalise(t, t->nfkc);
    transliterate(t);
    bytes_room(t, t->work.n + 1);
    out = (char *)t->bytes;
    return arena_strndup(a, out, keep_alnum(t->work.p, t->work.n, out));
}

const char *text_icu_version(void)
{
    return U_ICU_VERSION;
}
