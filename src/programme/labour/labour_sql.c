/* Statements of the labour room. ?1 is the number of the pending load, whose rows are not there. */
#include "programme/labour/labour_sql.h"

#define SEEN "draft = 0 and load <> ?1 "
#define MINE "person_county = ?2 and person = ?3 and " SEEN "order by county, id"

static const struct stmt stmts[] = {
    [LABOUR_TRIPS] = { "labour_trips", STMT_SCATTER,
        "select t.county, t.id, t.code, t.kind, t.place, t.destination, t.employer, t.helper, "
        "t.seats, t.passengers, t.registered_passengers, t.fare, t.cost, t.fund_line_county, "
        "t.fund_line, t.valid_from, t.state, (select count(*) from seat s "
        "where s.county = t.county and s.trip = t.id and s.boarded = 1 and s.load <> ?1) "
        "from trip t where t.draft = 0 and t.load <> ?1 "
        "and (t.valid_from is null or t.valid_from <= ?2) "
        "order by t.valid_from nulls last, t.county, t.id", NULL },
    [LABOUR_VACANCIES] = { "labour_vacancies", STMT_SCATTER,
        "select county, id, code, title, employer, place, kind, skill, monthly_pay, fee, "
        "quantity, qualifier, registered_only, station_county, station, valid_from, valid_to "
        "from vacancy where " SEEN "order by county, id", NULL },
    [LABOUR_ACCEPTED] = { "labour_accepted", STMT_SCATTER,
        "select vacancy_county, vacancy, count(*) from job_match where " SEEN
        "and result = 'accepted' and (matched_on is null or matched_on <= ?2) "
        "group by vacancy_county, vacancy order by vacancy_county nulls last, "
        "vacancy nulls last", NULL },
    [LABOUR_AREAS] = { "labour_areas", STMT_SCATTER,
        "select county, work_place, area, helper, registered, reach, count(*), "
        "cast(sum(quantity) as bigint), sum(case when qualifier <> 'eq' then 1 else 0 end) "
        "from placement where " SEEN "and state = 'done' "
        "and (valid_from is null or valid_from <= ?2) and of_which is null "
        "and of_which_unclear is null and coalesce(place, 0) between ?3 and ?4 "
        "group by county, work_place, area, helper, registered, reach", NULL },
    [LABOUR_DUE] = { "labour_due", STMT_SCATTER,
        "select p.code, p.place, p.helper, p.employer, p.quantity, "
        "coalesce(p.valid_to, p.valid_from) from placement p where p.draft = 0 and p.load <> ?1 "
        "and p.state = 'done' and p.of_which is null "
        "and coalesce(p.valid_to, p.valid_from) <= ?3 and not exists (select 1 from follow_up f "
        "where f.county = p.county and f.placement = p.id and f.load <> ?1 and f.draft = 0 "
        "and f.months >= ?2) order by p.county, p.id", NULL },
    [LABOUR_MATCHES] = { "labour_matches", STMT_SCATTER,
        "select m.vacancy_county, m.vacancy, m.result, m.matched_on, s.code, s.skill, s.area, "
        "s.pay_wanted, s.place, s.person_county, s.person from job_match m join seeker s "
        "on s.county = m.county and s.id = m.seeker where m.draft = 0 and m.load <> ?1 "
        "and s.draft = 0 order by m.county, m.id", NULL },
    [LABOUR_POSTS] = { "labour_posts", STMT_SCATTER,
        "select w.county, p.household, w.code, w.place, w.holder, w.kind, w.valid_from "
        "from welfare_post w join person p on p.county = w.county and p.id = w.holder "
        "where w.holder_county = w.county and w.draft = 0 and w.load <> ?1 and w.state = 'done' "
        "and (w.valid_from is null or w.valid_from <= ?2) "
        "and (w.valid_to is null or w.valid_to >= ?2) "
        "order by w.county, p.household nulls last, w.id", NULL },
    [LABOUR_OF_SEEKER] = { "labour_of_seeker", STMT_SCATTER,
        "select valid_from, 'profile', code, skill, place, null from seeker where " MINE, NULL },
    [LABOUR_OF_MATCH] = { "labour_of_match", STMT_SCATTER,
        "select m.matched_on, 'match', s.code, m.result, s.place, null from job_match m "
        "join seeker s on s.county = m.county and s.id = m.seeker where s.person_county = ?2 "
        "and s.person = ?3 and m.draft = 0 and m.load <> ?1 order by m.county, m.id", NULL },
    [LABOUR_OF_COURSE] = { "labour_of_course", STMT_SCATTER,
        "select coalesce(a.valid_from, c.valid_from), 'training', c.code, a.outcome, c.place, "
        "c.helper from attendance a join course c on c.county = a.county and c.id = a.course "
        "where a.person_county = ?2 and a.person = ?3 and a.draft = 0 and a.load <> ?1 "
        "order by a.county, a.id", NULL },
    [LABOUR_OF_SEAT] = { "labour_of_seat", STMT_SCATTER,
        "select t.valid_from, 'trip', t.code, t.kind, t.destination, t.employer from seat s "
        "join trip t on t.county = s.county and t.id = s.trip where s.person_county = ?2 "
        "and s.person = ?3 and s.draft = 0 and s.load <> ?1 and s.boarded = 1 "
        "order by s.county, s.id", NULL },
    [LABOUR_OF_PLACEMENT] = { "labour_of_placement", STMT_SCATTER,
        "select valid_from, 'job', code, kind, work_place, employer from placement where " MINE,
        NULL },
    [LABOUR_OF_POST] = { "labour_of_post", STMT_SCATTER,
        "select valid_from, 'job', code, kind, place, helper from welfare_post "
        "where holder_county = ?2 and holder = ?3 and " SEEN "order by county, id", NULL },
    [LABOUR_OF_FOLLOW] = { "labour_of_follow", STMT_SCATTER,
        "select f.checked_on, 'follow-up', p.code, f.result, p.work_place, p.employer, f.months "
        "from follow_up f join placement p on p.county = f.county and p.id = f.placement "
        "where p.person_county = ?2 and p.person = ?3 and f.draft = 0 and f.load <> ?1 "
        "order by f.county, f.id", NULL },
    [LABOUR_OF_AID] = { "labour_of_aid", STMT_SCATTER,
        "select valid_from, 'student aid', code, kind, place, helper from student_aid "
        "where " MINE, NULL },
};
_Static_assert(sizeof stmts / sizeof *stmts == LABOUR_N_STMTS, "one statement a name");

const struct stmt_table labour_stmts = { "labour", stmts, LABOUR_N_STMTS };
