/* The checks of the register's card: a sound household and a sound person pass every one of them,
 * and each change that breaks one is told by that one, refused or warned of as the register
 * does. */
#include "rooms.h"

#include "base/count.h"
#include "base/err.h"

struct pair { const char *field, *text; };

static const struct pair sound_household[] = {
    { "code", "65322410322200001" }, { "attribute", "01" }, { "exit_attr", "0" },
    { "identified_on", "2014" }, { "members", "4" }, { "main_cause", "07" },
    { "other_causes", "08;09" }, { "phone", "13800000000" }, { "bank_name", "农村信用社" },
    { "bank_card", "6222020000000007" }, { "data_year", "2020" }, { "martyr_family", "0" },
    { "cultivated", "6" }, { "irrigated", "3" }, { "forest", "1" }, { "returned_farmland", "0" },
    { "orchard", "1" }, { "pasture", "0" }, { "water_surface", "0" }, { "production_power", "1" },
    { "cooperative_member", "1" }, { "water_difficulty", "0" }, { "water_safe", "1" },
    { "domestic_power", "1" }, { "broadcast_tv", "1" }, { "road_distance", "0.5" },
    { "road_kind", "3" }, { "house_area", "80" }, { "dangerous_house", "0" }, { "fuel", "4" },
    { "danger_level", "A" }, { "sanitary_toilet", "1" }, { "business_income", "8000" },
    { "business_cost", "3000" }, { "property_income", "500" }, { "wage_income", "12000" },
    { "transfer_income", "2500" }, { "dibao_money", "0" }, { "five_guarantee_money", "0" },
    { "pension", "0" }, { "net_income_per_head", "5000" },
};

static const struct pair sound_person[] = {
    { "code", "6532241032220000101" }, { "name", "某某" }, { "sex", "1" }, { "id_kind", "01" },
    { "id_number", "" }, { "birth_date", "1980-01-01" }, { "relation", "01" }, { "ethnic", "05" },
    { "education", "03" }, { "school_status", "01" }, { "health", "01" },
      { "labour_ability", "01" },
    { "work_months", "8" }, { "work_place", "乌鲁木齐" }, { "employer", "某公司" },
    { "on_service", "0" }, { "data_year", "2020" },
};

/* What is changed, and the check that must speak. Several changes are parted by blanks. */
struct breach { const char *check; bool refuses; struct pair change[4]; };

static const struct breach household_breaches[] = {
    { "RQ01", false, { { "attribute", "" } } }, { "RQ02", false, { { "main_cause", "" },
      { "other_causes", "" } } },
    { "RQ11", false, { { "martyr_family", "" } } }, { "RQ12", false,
      { { "production_power", "" } } },
    { "RQ13", false, { { "domestic_power", "" } } }, { "RQ14", false, { { "road_distance", "" } } },
    { "RQ15", false, { { "road_kind", "" } } }, { "RQ16", false, { { "house_area", "" } } },
    { "RQ17", false, { { "water_difficulty", "" } } }, { "RQ18", false, { { "water_safe", "" } } },
    { "RQ19", false, { { "fuel", "" } } }, { "RQ20", false, { { "cooperative_member", "" } } },
    { "RQ21", false, { { "sanitary_toilet", "" } } }, { "RQ22", false, { { "pasture", "" } } },
    { "HH07", false, { { "members", "8" }, { "net_income_per_head", "2500" } } },
    { "HH10", false, { { "phone", "" } } }, { "HH11", false, { { "bank_card", "" } } },
    { "DB02", true, { { "attribute", "04" }, { "dibao_money", "50" } } },
    { "DB03", true, { { "attribute", "06" }, { "five_guarantee_money", "0" } } },
    { "DB04", true, { { "attribute", "" }, { "dibao_money", "500" },
      { "five_guarantee_money", "500" } } },
    { "DB05", true, { { "dibao_money", "500" } } },
    { "DB06", true, { { "five_guarantee_money", "500" } } },
    { "DB09", true, { { "exit_attr", "1" }, { "exited_on", "2018" } } },
    { "DB12", false, { { "pension", "60" } } },
    { "IN01", true, { { "net_income_per_head", "-5" }, { "wage_income", "" } } },
    { "IN02", false, { { "net_income_per_head", "400" }, { "wage_income", "" } } },
    { "IN03", false, { { "net_income_per_head", "25000" }, { "wage_income", "" } } },
    { "IN05", false, { { "business_cost", "0" }, { "net_income_per_head", "5750" } } },
    { "IN06", false, { { "property_income", "50" }, { "net_income_per_head", "4887.5" } } },
    { "IN07", true, { { "net_income_per_head", "5001" } } },
    { "AS01", false, { { "cultivated", "30" } } }, { "AS02", true, { { "irrigated", "7" } } },
    { "AS03", false, { { "orchard", "60" } } }, { "AS04", false, { { "house_area", "600" } } },
    { "AS05", false, { { "road_distance", "3" } } },
    { "AS06", false, { { "dangerous_house", "1" }, { "danger_level", "" } } },
    { "EX01", true, { { "exit_attr", "1" }, { "attribute", "05" }, { "dangerous_house", "1" } } },
    { "EX02", true, { { "exit_attr", "1" }, { "attribute", "05" }, { "water_safe", "0" } } },
    { "EX03", true, { { "exit_attr", "1" }, { "attribute", "05" }, { "domestic_power", "0" } } },
    { "EX04", true, { { "exit_attr", "1" }, { "attribute", "05" }, { "house_area", "8" } } },
    { "EX07", true, { { "exit_attr", "1" }, { "attribute", "05" }, { "exited_on", "2014" } } },
    { "CA05", true, { { "other_causes", "01;02;03" } } }, { "CA06", true,
      { { "other_causes", "07" } } },
};

static const struct breach person_breaches[] = {
    { "RQ03", false, { { "sex", "" } } }, { "RQ04", false, { { "relation", "" } } },
    { "RQ05", false, { { "ethnic", "" } } }, { "RQ06", false, { { "education", "" } } },
    { "RQ08", false, { { "health", "" } } },
    { "RQ07", false, { { "birth_date", "2005-01-01" }, { "school_status", "" },
      { "labour_ability", "" }, { "work_months", "" } } },
    { "RQ09", false, { { "labour_ability", "" } } }, { "RQ10", false, { { "on_service", "" } } },
    { "HH06", true, { { "relation", "04" } } }, { "ID10", false, { { "health", "04" } } },
    { "ID11", false, { { "id_kind", "09" } } }, { "ED01", true, { { "school_status", "08" } } },
    { "ED02", false, { { "birth_date", "2010-01-01" }, { "labour_ability", "04" },
      { "work_months", "0" }, { "work_place", "" } } },
    { "ED03", false, { { "birth_date", "2010-01-01" }, { "school_status", "08" },
      { "education", "" }, { "labour_ability", "" } } },
    { "ED04", false, { { "school_status", "03" }, { "education", "" } } },
    { "ED05", false, { { "school_status", "20" }, { "education", "" } } },
    { "LB02", true, { { "work_months", "0" } } }, { "LB03", true, { { "work_place", "" } } },
    { "LB04", false, { { "employer", "" } } }, { "LB05", true, { { "labour_ability", "03" } } },
    { "LB08", false, { { "labour_ability", "04" }, { "work_months", "0" }, { "work_place", "" } } },
    { "LB09", true, { { "birth_date", "2010-01-01" } } },
    { "LB10", false, { { "labour_ability", "03" }, { "work_months", "0" }, { "work_place", "" } } },
    { "LB11", false, { { "birth_date", "1950-01-01" }, { "work_months", "0" },
      { "work_place", "" } } },
    { "ID02", true, { { "id_kind", "09" }, { "id_number", "11010519491231002X" },
      { "health", "04" } } },
    { "ID06", true, { { "id_number", "11010519491231002X" } } },
    { "ID07", true, { { "id_number", "11010519491231002X" }, { "birth_date", "1949-12-31" } } },
};

static struct test_model t;

static void put(const struct table_map *m, struct val *row, const struct pair *p, struct arena *a)
{
    struct err e;
    int field = map_field(m, p->field);
    if (field < 0) fail_msg("no field %s", p->field);
    if (!field_read(t.model, m, field, p->text, strlen(p->text), NULL, row, a, &e))
        fail_msg("%s: %s", p->field, e.message);
}

static void fill(const struct table_map *m, struct val *row, const struct pair *sound, int n,
                 struct arena *a)
{
    memset(row, 0, (ENTITY_MAX_COLUMNS + 1) * sizeof *row);
    for (int i = 0; i < m->fields; i++)
        if (m->field[i].type != F_PLACE && m->field[i].type != F_REF)
            put(m, row, &(struct pair){ m->field[i].name, "" }, a);
    row[ROW_COUNTY] = val_int(653224);
    row[m->column[m->home]] = val_int(653224103222);
    for (int i = 0; i < n; i++) put(m, row, &sound[i], a);
}

/* Checks in C begin their message with the check's name. */
static bool speaks(const struct row_fault *f, const char *check)
{
    return (f->check && strcmp(f->check, check) == 0) ||
           strncmp(f->message, check, strlen(check)) == 0;
}

static void run(const char *entity, const struct pair *sound, int n, const struct breach *b,
                int count)
{
    const struct table_map *m = model_find(t.model, entity);
    struct val row[ENTITY_MAX_COLUMNS + 1];
    struct row_fault faults[32];
    struct arena a = { 0 };
    int refusing = 0, missing = 0;
    fill(m, row, sound, n, &a);
    int found = row_check(t.model, m, row, &a, faults, 32, &refusing, &missing);
    if (found) fail_msg("a sound %s: %s", entity, faults[0].message);
    for (int i = 0; i < count; i++) {
        bool told = false;
        fill(m, row, sound, n, &a);
        for (int k = 0; k < 4 && b[i].change[k].field; k++) put(m, row, &b[i].change[k], &a);
        refusing = 0;
        found = row_check(t.model, m, row, &a, faults, 32, &refusing, &missing);
        for (int k = 0; k < found; k++)
            if (speaks(&faults[k], b[i].check)) {
                told = true;
                assert_int_equal(faults[k].severity == CHECK_REFUSE, b[i].refuses);
            }
        if (!told)
            fail_msg("%s is not told (%s)", b[i].check, found ? faults[0].message : "nothing is");
        if (b[i].refuses != (refusing > 0)) fail_msg("%s: refusing %d", b[i].check, refusing);
        arena_reset(&a);
    }
    /* No check is without its breach. */
    for (int c = 0; c < m->entity->n_checks; c++) {
        bool tried = false;
        for (int i = 0; i < count; i++)
            tried = tried || strcmp(b[i].check, m->entity->checks[c].name) == 0;
        if (!tried) fail_msg("check %s is never broken here", m->entity->checks[c].name);
    }
    arena_free(&a);
}

static void households(void **state)
{
    (void)state;
    run("household", sound_household, COUNT(sound_household), household_breaches,
        COUNT(household_breaches));
}

static void persons(void **state)
{
    (void)state;
    run("person", sound_person, COUNT(sound_person), person_breaches, COUNT(person_breaches));
}

static int open_model(void **state)
{
    (void)state;
    test_model_open(&t);
    return 0;
}

static int shut_model(void **state)
{
    (void)state;
    test_model_close(&t);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(households), cmocka_unit_test(persons) };
    return cmocka_run_group_tests(tests, open_model, shut_model);
}
