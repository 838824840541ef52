/* See generate.h. A household's members are drawn first, then what follows from them (income, cause,
 * attribute), so that rows without a planted fault pass every check. */
#include "programme/household/generate.h"

#include <string.h>

#include "base/buf.h"
#include "base/codes.h"
#include "base/count.h"
#include "base/date.h"
#include "base/money.h"
#include "base/random.h"

enum { MAX_MEMBERS = 9, DATA_YEAR = 2020, PER_VILLAGE = 40,
       ID_BLOCK = 5000000 /* 10^4 place prefixes times 500 sequence numbers of one sex */ };

struct member {
    int32_t born;
    int age, sex, ethnic, relation, months;
    bool at_school, disabled, ill, able, dibao;
    const char *school, *education, *health, *ability;
    char name[40], id[24];
};

struct household {
    char code[40];
    int64_t village;
    int n, workers, pupils, old, disabled, ill, labour;
    struct member member[MAX_MEMBERS];
    int identified, exited; /* years; exited 0 = not yet */
    int attribute;          /* 0 ordinary, 1 dibao, 2 five guarantees */
};

struct generator {
    struct random r;
    const struct generate_plan *plan;
    FILE *household, *person;
    struct buf line;
    int64_t persons, faults;
    int wraps; /* how many times the id block may be gone through */
};

/* --- people --- */

static const char *const surnames[] = { "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周",
    "徐", "孙", "马", "朱", "胡", "郭", "何", "林", "罗", "高", "郑", "梁", "谢", "宋", "唐", "许",
    "韩", "冯", "邓", "曹", "彭", "曾", "肖", "田", "董", "袁", "潘", "于", "蒋", "蔡" };
static const uint32_t surname_weight[] = { 749, 737, 703, 541, 453, 308, 229, 227, 205, 212, 166,
    154, 129, 126, 131, 116, 117, 113, 95, 100, 94, 91, 84, 80, 78, 76, 74, 71, 68, 67, 63, 62, 60,
    59, 58, 55, 55, 54, 51, 51 };
static const char *const given[] = { "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇",
    "艳", "杰", "娟", "涛", "明", "超", "秀", "霞", "平", "刚", "桂", "英", "华", "建", "国", "文",
    "志", "玉", "兰", "春", "梅", "海", "荣", "贵", "福", "财", "宝", "山", "林" };
/* Invented syllables for places where names are not Han ones. */
static const char *const syllables[] = { "阿", "依", "古", "丽", "买", "提", "热", "木", "尔", "沙",
    "吐", "孜", "努", "尼", "达", "瓦", "扎", "西", "卓", "玛", "次", "仁", "格", "桑" };

static void draw_name(struct generator *g, bool han, char *out, size_t size)
{
    struct buf b;
    buf_init(&b, size - 1);
    if (han) {
        buf_str(&b, surnames[random_pick(&g->r, surname_weight, COUNT(surname_weight))]);
        buf_str(&b, given[random_below(&g->r, COUNT(given))]);
        if (random_chance(&g->r, 800000)) buf_str(&b, given[random_below(&g->r, COUNT(given))]);
    } else {
        for (int i = (int)random_between(&g->r, 3, 4); i > 0; i--)
            buf_str(&b, syllables[random_below(&g->r, COUNT(syllables))]);
    }
    memcpy(out, b.p, b.n + 1);
    buf_free(&b);
}

/* One to one: of two people with the same birthday and sex, either the block position differs, or
 * the round through the block does, and then the day of the month. */
static void draw_id(struct generator *g, struct member *m)
{
    int64_t place = g->persons % ID_BLOCK;
    struct civil born = date_civil(m->born);
    char text[24];
    int n = 0;
    const int64_t part[] = { 99, 2, place / 500, 4, born.year, 4, born.month, 2, born.day, 2,
                             place % 500 * 2 + (m->sex == 1), 3 };
    for (int i = 0; i < COUNT(part); i += 2) {
        int64_t v = part[i];
        for (int k = (int)part[i + 1]; k-- > 0; v /= 10) text[n + k] = (char)('0' + v % 10);
        n += (int)part[i + 1];
    }
    text[n++] = citizen_id_check_char(text);
    if (m->disabled && random_chance(&g->r, 700000)) {
        text[n++] = (char)('1' + random_below(&g->r, 7));
        text[n++] = (char)('1' + random_below(&g->r, 4));
    }
    text[n] = '\0';
    memcpy(m->id, text, (size_t)n + 1);
}

static int32_t draw_birth(struct generator *g, int age)
{
    int year = DATA_YEAR - age;
    int month = (int)random_between(&g->r, 1, 12), day;
    if (g->wraps <= 1) day = (int)random_between(&g->r, 1, 28);
    else {
        int round = (int)(g->persons / ID_BLOCK), days = 28 / g->wraps;
        day = 1 + round * days + (int)random_below(&g->r, (uint64_t)days);
    }
    return date_make(year, month, day);
}

static const char *school_of(struct generator *g, int age)
{
    static const char *const by_age[] = { "02", "02", "02", "03", "03", "03", "03", "03", "03", "04",
        "05", "06", "07", "08", "09", "20", "21", "22", "23" };
    if (age < 3 || age > 21) return NULL;
    if (age >= 16 && random_chance(&g->r, age < 19 ? 350000 : 750000)) return NULL;
    if (age < 6 && random_chance(&g->r, 300000)) return NULL;
    return by_age[age - 3];
}

static void draw_body(struct generator *g, struct member *m)
{
    static const uint32_t old[] = { 52, 30, 8, 10 }, grown[] = { 84, 8, 3, 5 }, young[] = { 97, 1, 1, 1 };
    static const char *const health[] = { "01", "02", "03", "04" };
    static const uint32_t schooling[] = { 140, 420, 340, 70, 20, 10 };
    static const char *const education[] = { "01", "02", "03", "04", "05", "06" };
    int h = random_pick(&g->r, m->age >= 60 ? old : m->age >= 16 ? grown : young, 4);
    m->health = health[h];
    m->disabled = h == 3;
    m->ill = h == 1 || h == 2;
    m->school = school_of(g, m->age);
    m->at_school = m->school != NULL;
    if (!m->at_school) {
        m->school = m->age >= 6 ? "01" : NULL;
        if (m->age >= 6)
            m->education = education[m->age < 16 ? 1 : random_pick(&g->r, schooling, 6)];
    }
    m->able = m->age >= 16 && m->age <= 65 && h != 2 && !(m->disabled && random_chance(&g->r, 700000));
    if (m->age < 16 || m->age > 65) m->ability = "04";
    else m->ability = !m->able ? "03" : random_chance(&g->r, 120000) ? "02" : m->ill ? "05" : "01";
    if (m->able && !m->at_school && random_chance(&g->r, 517000))
        m->months = (int)random_between(&g->r, 3, 11);
}

/* Ages so that about 22 in 100 are under 16 and 20 in 100 are 60 or older. */
static int draw_age(struct generator *g, int i, int head)
{
    if (i == 0) return (int)random_between(&g->r, random_chance(&g->r, 250000) ? 60 : 28, 78) % 79;
    if (i == 1) return head + (int)random_between(&g->r, -6, 4);
    if (i == 2 || i == 3)
        return head >= 45 ? (int)random_between(&g->r, head - 30 > 5 ? head - 30 : 5, head - 21)
                          : (int)random_between(&g->r, 0, head > 24 ? head - 22 : 2);
    return random_chance(&g->r, 350000) ? (int)random_between(&g->r, head + 20, head + 30)
                                        : (int)random_between(&g->r, 0, 15);
}

static void draw_relation(struct member *m, int i, const struct member *head)
{
    if (i == 0) m->relation = 1;
    else if (i == 1) m->relation = 2;
    else if (m->age > head->age) m->relation = m->sex == 1 ? 11 : 12;
    else if (head->age - m->age > 40) m->relation = m->sex == 1 ? 7 : 8;
    else m->relation = m->sex == 1 ? 3 : 4;
}

static bool is_han(struct generator *g, int64_t village)
{
    switch (village / INT64_C(10000000000)) {
    case 65: return random_chance(&g->r, village / 100000000 == 6532 ? 30000 : 500000);
    case 54: return random_chance(&g->r, 50000);
    case 45: return random_chance(&g->r, village / 100000000 == 4512 ? 250000 : 650000);
    case 15: case 63: case 64: return random_chance(&g->r, 700000);
    default: return random_chance(&g->r, 930000);
    }
}

static int ethnic_of(struct generator *g, int64_t village, bool han)
{
    if (han) return 1;
    switch (village / INT64_C(10000000000)) {
    case 65: return 5;
    case 54: case 63: return 4;
    case 45: return village / 1000000 == 451227 && random_chance(&g->r, 500000) ? 13 : 8;
    case 15: return 2;
    case 64: return 3;
    default: return (int)random_between(&g->r, 2, 15);
    }
}

static void draw_members(struct generator *g, struct household *h)
{
    static const uint32_t size[] = { 80, 160, 240, 260, 160, 70, 20, 6, 4 };
    h->n = 1 + random_pick(&g->r, size, COUNT(size));
    bool han = is_han(g, h->village);
    h->workers = h->pupils = h->old = h->disabled = h->ill = h->labour = 0;
    for (int i = 0; i < h->n; i++) {
        struct member *m = &h->member[i];
        *m = (struct member){ .sex = 1 + (int)random_below(&g->r, 2) };
        if (i == 0) m->sex = random_chance(&g->r, 850000) ? 1 : 2;
        if (i == 1) m->sex = 3 - h->member[0].sex;
        m->age = draw_age(g, i, h->member[0].age);
        if (m->age < (i < 2 ? 20 : 0)) m->age = i < 2 ? 20 : 0;
        if (m->age > 95) m->age = 95;
        m->born = draw_birth(g, m->age);
        draw_relation(m, i, &h->member[0]);
        draw_body(g, m);
        draw_name(g, han, m->name, sizeof m->name);
        draw_id(g, m);
        g->persons++;
        h->workers += m->months > 0;
        h->pupils += m->at_school;
        h->old += m->age >= 60;
        h->disabled += m->disabled;
        h->ill += m->ill;
        h->labour += m->able;
    }
    int ethnic = ethnic_of(g, h->village, han);
    for (int i = 0; i < h->n; i++) h->member[i].ethnic = ethnic;
}

/* --- lines --- */

static void cell(struct generator *g, const char *s)
{
    buf_str(&g->line, s ? s : "");
    buf_char(&g->line, ',');
}

static void cell_int(struct generator *g, int64_t v)
{
    buf_int(&g->line, v);
    buf_char(&g->line, ',');
}

static void cell_two(struct generator *g, int v)
{
    char s[3] = { (char)('0' + v / 10 % 10), (char)('0' + v % 10), '\0' };
    cell(g, s);
}

static void cell_money(struct generator *g, int64_t fen)
{
    char text[DECIMAL_TEXT];
    decimal_format(fen, 2, text);
    cell(g, text);
}

static void cell_phone(struct generator *g)
{
    cell_int(g, INT64_C(13000000000) + (int64_t)random_below(&g->r, UINT64_C(5999999999)));
}

static void write_line(struct generator *g, FILE *f)
{
    buf_str(&g->line, "synthetic\n");
    fwrite(g->line.p, 1, g->line.n, f);
    buf_clear(&g->line);
}

static void card(struct generator *g)
{
    char n[20] = "622202";
    int sum = 0;
    for (int i = 6; i < 18; i++) n[i] = (char)('0' + random_below(&g->r, 10));
    for (int i = 0; i < 18; i++) {
        int v = n[17 - i] - '0';
        if (i % 2 == 0) v = v * 2 > 9 ? v * 2 - 9 : v * 2;
        sum += v;
    }
    n[18] = (char)('0' + (10 - sum % 10) % 10);
    n[19] = '\0';
    cell(g, n);
}

enum person_fault { P_NONE, P_CHECK, P_BIRTH, P_SEX_RELATION, P_BOTH_SCHOOL, P_MONTHS, P_CODE, P_HOUSEHOLD, P_N };

static void write_person(struct generator *g, const struct household *h, int i)
{
    const struct member *m = &h->member[i];
    int fault = P_NONE, sex = m->sex;
    if (random_chance(&g->r, (uint32_t)g->plan->errors * 1000))
        fault = 1 + (int)random_below(&g->r, P_N - 1);
    g->faults += fault != P_NONE;
    char code[8] = { (char)('0' + (i + 1) / 10), (char)('0' + (i + 1) % 10), '\0' };
    char id[24], born[DATE_TEXT];
    memcpy(id, m->id, sizeof id);
    if (fault == P_CHECK) id[17] = id[17] == '5' ? '6' : '5';
    date_format(m->born + (fault == P_BIRTH ? 1 : 0), born);
    cell(g, fault == P_HOUSEHOLD ? "0000000000000000" : h->code);
    buf_str(&g->line, h->code);
    cell(g, code);
    cell(g, m->name);
    cell_int(g, sex);
    cell(g, id[18] ? "09" : "01");
    cell(g, id);
    cell(g, born);
    cell_two(g, fault == P_SEX_RELATION ? (sex == 1 ? 4 : 3) : m->relation);
    cell_two(g, m->ethnic);
    cell(g, fault == P_BOTH_SCHOOL ? "03" : m->education);
    cell(g, fault == P_BOTH_SCHOOL ? "06" : m->school);
    cell(g, fault == P_CODE ? "77" : m->health);
    cell(g, m->ability);
    if (fault == P_MONTHS) cell(g, "13");
    else cell_int(g, m->months);
    cell(g, m->months ? "省外" : "");
    cell(g, m->months ? "某企业" : "");
    cell(g, "0");
    cell(g, "1");
    cell(g, h->attribute == 1 ? "1" : "0");
    if (m->age >= 16 && m->age < 70 && random_chance(&g->r, 600000)) cell_phone(g);
    else cell(g, "");
    cell(g, m->age >= 25 && random_chance(&g->r, 30000) ? "01" : m->age >= 14 ? "13" : "");
    cell_int(g, DATA_YEAR);
    write_line(g, g->person);
}

static void draw_history(struct generator *g, struct household *h)
{
    static const uint32_t in[] = { 700, 120, 80, 70, 30 };             /* 2014 .. 2018 */
    static const uint32_t out[] = { 60, 130, 140, 150, 160, 170, 120, 70 }; /* 2014 .. 2020, not yet */
    h->identified = 2013 + random_pick(&g->r, in, COUNT(in));
    int exit = 2014 + random_pick(&g->r, out, COUNT(out));
    h->exited = exit > 2020 || exit <= h->identified ? 0 : exit;
    if (h->exited == 0 && exit <= h->identified) h->exited = h->identified + 1;
    h->attribute = h->n == 1 && h->old && random_chance(&g->r, 400000) ? 2
                   : random_chance(&g->r, 350000) ? 1 : 0;
}

static const char *draw_cause(struct generator *g, const struct household *h)
{
    static const char *const codes[] = { "01", "02", "07", "08", "09", "03", "11", "05", "10", "04", "06" };
    uint32_t weight[] = { 420, 130, 130, 90, 90, 60, 30, 20, 20, 7, 3 };
    if (!h->ill) weight[0] = 0;
    if (!h->disabled) weight[1] = 0;
    if (h->labour >= 3) weight[3] = 0;
    if (!h->pupils) weight[5] = 0;
    return codes[random_pick(&g->r, weight, COUNT(weight))];
}

struct income { int64_t business, cost, property, wage, transfer, dibao, five, pension, per_head; };

/* Fen. The parts add up to members times the income per head exactly. */
static struct income draw_income(struct generator *g, const struct household *h)
{
    struct income v = { .pension = h->old * random_between(&g->r, 90, 160) * 1200 };
    for (int i = 0; i < h->n; i++)
        v.wage += h->member[i].months * random_between(&g->r, 1500, 3800) * 100;
    if (h->labour) {
        v.business = random_between(&g->r, 2000, 14000) * 100;
        v.cost = v.business * random_between(&g->r, 15, 45) / 100;
    }
    v.property = random_between(&g->r, 2, 30) * 10000;
    if (h->attribute == 1) v.dibao = h->n * random_between(&g->r, 150, 320) * 1200;
    if (h->attribute == 2) v.five = random_between(&g->r, 450, 700) * 1200;
    v.transfer = v.pension + v.dibao + v.five + random_between(&g->r, 4, 30) * 10000;
    int64_t least = (h->exited ? 4300 : 700) * INT64_C(100) * h->n;
    int64_t net = v.wage + v.business - v.cost + v.property + v.transfer;
    if (net < least) v.transfer += least - net;
    net = v.wage + v.business - v.cost + v.property + v.transfer;
    v.property += (h->n - net % h->n) % h->n;
    v.per_head = (net + h->n - 1) / h->n;
    return v;
}

enum household_fault { H_NONE, H_PLACE, H_INCOME, H_IRRIGATED, H_DATE, H_CAUSE, H_AREA, H_DECIMALS, H_N };

static void write_land_and_living(struct generator *g, const struct household *h, int fault)
{
    int64_t cultivated = random_between(&g->r, 50, 980), forest = random_between(&g->r, 0, 2000);
    cell_money(g, cultivated);
    cell_money(g, fault == H_IRRIGATED ? cultivated + 100 : random_between(&g->r, 0, cultivated));
    cell_money(g, forest);
    cell_money(g, random_between(&g->r, 0, 300));
    cell_money(g, random_between(&g->r, 0, 400));
    cell_money(g, random_chance(&g->r, 900000) ? 0 : random_between(&g->r, 100, 4000));
    cell_money(g, 0);
    cell(g, random_chance(&g->r, 980000) ? "1" : "0");
    cell(g, random_chance(&g->r, 600000) ? "1" : "0");
    bool safe = h->exited || random_chance(&g->r, 850000);
    cell(g, safe ? "0" : "1");
    cell(g, safe ? "1" : "0");
    cell(g, "1");
    cell(g, random_chance(&g->r, 990000) ? "1" : "0");
    cell_money(g, random_between(&g->r, 0, 190));
    cell(g, random_chance(&g->r, 850000) ? "3" : "2");
    if (fault == H_AREA) cell(g, "8O.5");
    else cell_money(g, h->n * random_between(&g->r, 1500, 3500));
    bool danger = !h->exited && random_chance(&g->r, 150000);
    cell(g, danger ? "1" : "0");
    cell(g, danger ? (random_chance(&g->r, 700000) ? "C" : "D") : random_chance(&g->r, 700000) ? "A" : "B");
    cell(g, random_chance(&g->r, 700000) ? "1" : "0");
    cell(g, random_chance(&g->r, 500000) ? "1" : "4");
}

static void write_household(struct generator *g, struct household *h)
{
    static const char *const attribute[2][3] = { { "01", "04", "06" }, { "05", "02", "03" } };
    int fault = H_NONE;
    if (random_chance(&g->r, (uint32_t)g->plan->errors * 1000))
        fault = 1 + (int)random_below(&g->r, H_N - 1);
    g->faults += fault != H_NONE;
    cell(g, h->code);
    cell_int(g, fault == H_PLACE ? h->village / 1000 * 1000 + 999 : h->village);
    cell(g, attribute[h->exited > 0][h->attribute]);
    cell(g, h->exited ? "1" : "0");
    if (fault == H_DATE) cell(g, "2014-02-30");
    else cell_int(g, h->identified);
    if (h->exited) cell_int(g, h->exited);
    else cell(g, "");
    cell_int(g, h->n);
    const char *cause = draw_cause(g, h);
    cell(g, fault == H_CAUSE ? "77" : cause);
    cell(g, random_chance(&g->r, 300000) && strcmp(cause, "09") < 0 ? "09;10" : "");
    cell_phone(g);
    cell(g, "农村信用社");
    card(g);
    cell_int(g, DATA_YEAR);
    cell(g, random_chance(&g->r, 5000) ? "1" : "0");
    cell(g, h->pupils == 1 ? "1" : "0");
    cell(g, "0");
    write_land_and_living(g, h, fault);
    struct income v = draw_income(g, h);
    cell_money(g, v.business);
    cell_money(g, v.cost);
    cell_money(g, v.property);
    if (fault == H_DECIMALS) cell(g, "100.125");
    else cell_money(g, v.wage);
    cell_money(g, v.transfer);
    cell_money(g, v.dibao);
    cell_money(g, v.five);
    cell_money(g, v.pension);
    cell_money(g, v.per_head + (fault == H_INCOME ? 50000 : 0));
    write_line(g, g->household);
}

static const char household_header[] =
    "code,place,attribute,exit_attr,identified_on,exited_on,members,main_cause,other_causes,phone,"
    "bank_name,bank_card,data_year,martyr_family,one_child,two_daughter,cultivated,irrigated,forest,"
    "returned_farmland,orchard,pasture,water_surface,production_power,cooperative_member,"
    "water_difficulty,water_safe,domestic_power,broadcast_tv,road_distance,road_kind,house_area,"
    "dangerous_house,danger_level,sanitary_toilet,fuel,business_income,business_cost,"
    "property_income,wage_income,transfer_income,dibao_money,five_guarantee_money,pension,"
    "net_income_per_head,basis\n";
static const char person_header[] =
    "household,code,name,sex,id_kind,id_number,birth_date,relation,ethnic,education,school_status,"
    "health,labour_ability,work_months,work_place,employer,on_service,serious_illness_insurance,"
    "draws_dibao,mobile,politics,data_year,basis\n";

bool household_generate(const struct generate_plan *p, FILE *household, FILE *person,
                        struct generate_counts *out, struct err *e)
{
    if (p->n_villages == 0) return err_set(e, ERR_NOT_FOUND, "no village lies there");
    struct generator g = { .plan = p, .household = household, .person = person };
    g.wraps = (int)(p->households * MAX_MEMBERS / ID_BLOCK) + 1;
    if (g.wraps > 28)
        return err_set(e, ERR_INVALID, "at most %lld households have ids of their own",
                       (long long)28 * ID_BLOCK / MAX_MEMBERS);
    random_seed(&g.r, p->seed);
    buf_init(&g.line, 1 << 16);
    fputs(household_header, household);
    fputs(person_header, person);
    int64_t used = p->households / PER_VILLAGE + 1, serial = 0, last = 0;
    if (used > (int64_t)p->n_villages) used = (int64_t)p->n_villages;
    for (int64_t i = 0; i < p->households; i++) {
        struct household h;
        /* Households are spread evenly over villages that are spread evenly over the list. */
        int64_t slot = i * used / p->households;
        h.village = p->villages[slot * (int64_t)p->n_villages / used];
        serial = h.village == last ? serial + 1 : 1;
        last = h.village;
        snprintf(h.code, sizeof h.code, "%012lld%05lld", (long long)h.village, (long long)serial);
        draw_members(&g, &h);
        draw_history(&g, &h);
        write_household(&g, &h);
        for (int k = 0; k < h.n; k++) write_person(&g, &h, k);
    }
    buf_free(&g.line);
    *out = (struct generate_counts){ p->households, g.persons, g.faults };
    if (fflush(household) || fflush(person) || ferror(household) || ferror(person))
        return err_set(e, ERR_FULL, "the files could not be written");
    return true;
}
