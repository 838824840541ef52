/* Places: the gazetteer's installation, and everything that resolves to a code. */
#include "support/stores.h"
#include "support/files.h"
#include "programme/rooms.h"
#include "programme/place/place.h"

static const char small_places[] =
    "code,name\n"
    "110000000000,北京市\n110100000000,市辖区\n110105000000,朝阳区\n110119000000,延庆区\n"
    "110119202000,香营乡\n110119202201,黑峪口村委会\n"
    "130000000000,河北省\n130200000000,唐山市\n130229000000,玉田县\n"
    "141100000000,吕梁市\n141123000000,兴县\n141123104000,某镇\n141123104210,黑峪口村委会\n"
    "210000000000,辽宁省\n211300000000,朝阳市\n211321000000,朝阳县\n220000000000,吉林省\n"
    "220100000000,长春市\n220104000000,朝阳区\n"
    "450000000000,广西壮族自治区\n451200000000,河池市\n451224000000,东兰县\n451224100000,东兰镇\n"
    "451224100200,东兰社区居委会\n"
    "540000000000,西藏自治区\n540600000000,那曲市\n540626000000,索县\n540626203000,赤多乡\n"
    "540626203200,一村委会\n"
    "650000000000,新疆维吾尔自治区\n653200000000,和田地区\n653224000000,洛浦县\n"
    "653224103000,恰尔巴格镇\n653224103222,阿亚克萨依村委会\n653226000000,于田县\n";
static const char small_retired[] =
    "code,name,parent_name,successor,rule\n"
    "110229,延庆县,北京市,110119,same_stem\n110200,县,北京市,,\n"
    "542400,那曲地区,西藏自治区,540600,same_stem\n"
    "542427,索县,西藏自治区那曲地区,540626,same_name\n110103,崇文区,北京市,,\n";
static const char small_centroids[] = "code,lon,lat\n653224,80.18929,37.07368\n";
static const char small_aliases[] =
    "name,place,kind\nHotan,653200,spelling\nLop,653224,spelling\nAyaksayi,653224103222,spelling\n"
    "Ayaksai,653224103222,spelling\nCharbage Township,653224103,former\n";

struct world { struct test_store t; struct test_model m; struct place_book *book; struct places places; struct db *d; };

static int tables_of(const struct model *mo, const struct table **out)
{
    int n = 0, m;
    const struct table *const *entities = model_tables(mo, &m);
    for (int i = 0; i < store_table_count; i++) out[n++] = &store_tables[i];
    for (int i = 0; i < entity_table_count; i++) out[n++] = &entity_tables[i];
    for (int i = 0; i < m; i++) out[n++] = entities[i];
    for (int i = 0; i < place_table_count; i++) out[n++] = &place_tables[i];
    return n;
}

static void open_world(struct world *w, enum engine engine)
{
    struct err e = { 0 };
    const struct table *tables[256];
    unsigned char packed[8192];
    test_model_open(&w->m);
    test_store_open(&w->t, engine, tables, tables_of(w->m.model, tables));
    struct place_files f = { .places = { (const char *)packed, gzip_text(small_places, packed, sizeof packed) },
        .retired = { small_retired, strlen(small_retired) },
        .centroids = { small_centroids, strlen(small_centroids) },
        .aliases = { small_aliases, strlen(small_aliases) } };
    assert_ok(place_install(w->t.store, w->m.model, &f, &e), e);
    assert_ok(place_book_open(&w->book, &e), e);
    w->places = place_book_places(w->book);
    w->d = test_db(&w->t, DB_READ);
}

static void close_world(struct world *w)
{
    place_book_close(w->book);
    test_model_close(&w->m);
    test_store_close(&w->t);
}

static void finds(struct world *w, const char *text, int64_t want)
{
    struct err e = { 0 };
    int64_t code = -1;
    if (!w->places.resolve(w->places.arg, w->d, text, strlen(text), &code, &e))
        fail_msg("\"%s\": %s", text, e.message);
    if (code != want) fail_msg("\"%s\" gives %lld, not %lld", text, (long long)code, (long long)want);
}

static void fails(struct world *w, const char *text, enum err_code want, const char *says)
{
    struct err e = { 0 };
    int64_t code;
    if (w->places.resolve(w->places.arg, w->d, text, strlen(text), &code, &e))
        fail_msg("\"%s\" gives %lld", text, (long long)code);
    assert_int_equal(e.code, want);
    if (!strstr(e.message, says)) fail_msg("\"%s\": \"%s\" does not say \"%s\"", text, e.message, says);
}

static void test_resolves(enum engine engine)
{
    struct world w;
    open_world(&w, engine);
    /* Codes of every length, old ones, and an old one with a village behind it. */
    finds(&w, "653224103222", 653224103222);
    finds(&w, "653224103", 653224103000);
    finds(&w, "65", 650000000000);
    finds(&w, "542427", 540626000000);
    finds(&w, "542427203", 540626203000);
    finds(&w, "110229000000", 110119000000);
    finds(&w, "110103", 110103000000);
    /* Names with and without parents and kinds, run together, in either order. */
    finds(&w, "洛浦县", 653224000000);
    finds(&w, "洛浦", 653224000000);
    finds(&w, " 新疆维吾尔自治区和田地区洛浦县 ", 653224000000);
    finds(&w, "新疆和田洛浦", 653224000000);
    finds(&w, "阿亚克萨依村", 653224103222);
    finds(&w, "洛浦县恰尔巴格镇阿亚克萨依村", 653224103222);
    finds(&w, "北京市延庆区黑峪口村", 110119202201);
    finds(&w, "延庆县", 110119000000);
    finds(&w, "Hotan / Lop County", 653224000000);
    finds(&w, "Lop County, Hotan", 653224000000);
    finds(&w, "Ayaksayi Village", 653224103222);
    finds(&w, "Ayaksai", 653224103222);
    finds(&w, "Charbage Township", 653224103000);
    finds(&w, "东兰", 451224000000);
    finds(&w, "Donglan County", 451224000000);
    finds(&w, "辽宁/朝阳市", 211300000000);
    finds(&w, "长春 朝阳区", 220104000000);
    close_world(&w);
}
STORE_TEST(test_resolves)

static void test_refuses(enum engine engine)
{
    struct world w;
    open_world(&w, engine);
    fails(&w, "Chaoyang", ERR_CONFLICT, "211300000000");
    fails(&w, "Chaoyang", ERR_CONFLICT, "110105000000");
    fails(&w, "朝阳", ERR_CONFLICT, "220104000000");
    fails(&w, "朝阳区", ERR_CONFLICT, "more than one place");
    fails(&w, "Yutian", ERR_CONFLICT, "于田县");
    fails(&w, "黑峪口村", ERR_CONFLICT, "141123104210");
    fails(&w, "Atlantis", ERR_NOT_FOUND, "no place");
    fails(&w, "河北省/洛浦县", ERR_NOT_FOUND, "do not lie in each other");
    fails(&w, "653224999", ERR_NOT_FOUND, "洛浦县");
    fails(&w, "12345", ERR_INVALID, "digits");
    fails(&w, "", ERR_INVALID, "no place");
    close_world(&w);
}
STORE_TEST(test_refuses)

static void test_ranges(enum engine engine)
{
    struct world w;
    struct place_range r[8];
    struct err e = { 0 };
    int n;
    open_world(&w, engine);
    assert_ok(w.places.ranges(w.places.arg, w.d, 540626000000, r, 8, &n, &e), e);
    assert_int_equal(n, 2);
    assert_int_equal(r[0].lo, 540626000000);
    assert_int_equal(r[0].hi, 540626999999);
    assert_int_equal(r[1].lo, 542427000000);
    assert_int_equal(r[1].hi, 542427999999);
    assert_ok(w.places.ranges(w.places.arg, w.d, 540600000000, r, 8, &n, &e), e);
    assert_int_equal(n, 2); /* the whole retired prefecture, its county not twice */
    assert_int_equal(r[1].lo, 542400000000);
    assert_int_equal(r[1].hi, 542499999999);
    assert_ok(w.places.ranges(w.places.arg, w.d, 540000000000, r, 8, &n, &e), e);
    assert_int_equal(n, 1);
    assert_ok(w.places.ranges(w.places.arg, w.d, 0, r, 8, &n, &e), e);
    assert_int_equal(n, 1);
    assert_int_equal(r[0].hi, 999999999999);
    close_world(&w);
}
STORE_TEST(test_ranges)

static void count_fault(void *arg, const char *sentence)
{
    assert_non_null(strstr(sentence, "place_name"));
    ++*(int *)arg;
}

/* A changed look-up form would send people to another place. */
static void test_names_are_proved(enum engine engine)
{
    struct world w;
    struct err e = { 0 };
    int told = 0;
    struct faults faults = { count_fault, &told, 0 };
    open_world(&w, engine);
    assert_ok(place_verify(w.d, &faults, &e), e);
    assert_int_equal(faults.n, 0);
    test_sql(w.t.store, "update place_name set code = 110000000000 where name_key = '洛浦县'");
    assert_ok(place_verify(w.d, &faults, &e), e);
    assert_int_equal(faults.n, 1);
    assert_int_equal(told, 1);
    close_world(&w);
}
STORE_TEST(test_names_are_proved)

static void test_stems(void **state)
{
    static const struct { const char *name; size_t n; } want[] = { { "洛浦县", 6 }, { "香营乡", 6 },
        { "新疆维吾尔自治区", 6 }, { "县", 3 }, { "索县", 6 }, { "市辖区", 6 }, { "巴马瑶族自治县", 6 },
        { "积石山保安族东乡族撒拉族自治县", 9 }, { "伊犁哈萨克自治州", 6 }, { "黄南藏族自治州", 6 } };
    (void)state;
    for (size_t i = 0; i < sizeof want / sizeof *want; i++)
        assert_int_equal(place_stem(want[i].name, strlen(want[i].name)), want[i].n);
}

int main(void)
{
    const struct CMUnitTest tests[] = { STORE_TESTS(test_resolves), STORE_TESTS(test_refuses),
                                        STORE_TESTS(test_ranges), STORE_TESTS(test_names_are_proved), cmocka_unit_test(test_stems) };
    return test_store_main(tests, sizeof tests / sizeof *tests);
}
