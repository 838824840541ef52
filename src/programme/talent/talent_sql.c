/* Statements of the talent room. ?1 is the number of the pending load, whose rows are not there. */
#include "programme/talent/talent.h"

static const struct stmt stmts[] = {
    [TALENT_TERMS] = { "talent_terms", STMT_SCATTER,
        "select p.county, p.id, p.code, p.kind, p.place, p.valid_from, coalesce(p.valid_to, "
        "(select max(h.handed_on) from handover h where h.county = p.county "
        "and h.posting = p.id and h.draft = 0 and h.load <> ?1)), p.helper from posting p "
        "where p.draft = 0 and p.load <> ?1 and p.state = 'done' and p.quantity = 1 "
        "and p.place is not null and p.of_which is null and p.kind in ('first_secretary', "
        "'team_leader', 'village_secretary', 'village_head') order by p.kind nulls last, "
        "p.place nulls last, p.valid_from nulls last, p.county, p.id", NULL },
    [TALENT_POSTS] = { "talent_posts", STMT_SCATTER,
        "select county, id, code, kind, place, helper, team, valid_from, valid_to, quantity, "
        "qualifier, role, skill, skill_needed, aid_batch, for_class, holder_name, phone, host "
        "from posting where draft = 0 and load <> ?1 and state = 'done' and of_which is null "
        "and (valid_from is null or valid_from <= ?2) order by county, place nulls first, id",
        NULL },
    [TALENT_SITE_DAYS] = { "talent_site_days", STMT_SCATTER,
        "select county, posting, month, days from site_day where draft = 0 and load <> ?1 "
        "and month <= ?2 order by county, posting nulls last, month nulls last", NULL },
    [TALENT_OUTPUTS] = { "talent_outputs", STMT_SCATTER,
        "select p.code, p.place, o.code, o.kind, o.title, o.due_on, o.done_on, o.quantity, "
        "o.qualifier from posting_output o join posting p on p.county = o.county "
        "and p.id = o.posting where o.draft = 0 and o.load <> ?1 and p.draft = 0 "
        "order by o.county, o.posting nulls last, o.due_on nulls last, o.id", NULL },
    [TALENT_COURSES] = { "talent_courses", STMT_SCATTER,
        "select county, id, code, title, kind, place, helper, trainees, qualifier, fee, amount, "
        "fund_line_county, fund_line, state, valid_from from course where draft = 0 "
        "and load <> ?1 and of_which is null order by valid_from nulls last, county, id", NULL },
    [TALENT_ATTENDED] = { "talent_attended", STMT_SCATTER,
        "select county, course, cast(sum(quantity) as bigint), "
        "cast(sum(case when outcome in ('finished', 'certificate', 'job') then quantity else 0 end) "
        "as bigint), cast(sum(case when outcome = 'job' then quantity else 0 end) as bigint), "
        "cast(sum(subsidy) as bigint) from attendance where draft = 0 and load <> ?1 "
        "and state = 'done' and of_which is null group by county, course "
        "order by county, course nulls last", NULL },
    [TALENT_AID] = { "talent_aid", STMT_SCATTER,
        "select code, person_county, person, place, helper, kind, students, qualifier, amount, "
        "yearly_rate, fund_line_county, fund_line, valid_from, valid_to from student_aid "
        "where draft = 0 and load <> ?1 and state = 'done' and of_which is null "
        "order by person_county nulls last, person nulls last, valid_from nulls last, "
        "county, id", NULL },
};
_Static_assert(sizeof stmts / sizeof *stmts == TALENT_N_STMTS, "one statement a name");

const struct stmt_table talent_stmts = { "talent", stmts, TALENT_N_STMTS };
