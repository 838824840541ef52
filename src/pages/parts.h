/* parts: what the pages share. Private to pages/. All text is the request arena's. */
#ifndef JD_PAGES_PARTS_H
#define JD_PAGES_PARTS_H

#include "base/count.h"
#include "base/map.h"
#include "entity/load.h"
#include "pages/pages.h"
#include "programme/access/access.h"

/* ---- name.c: what things are called ---- */
const char *place_name(struct request *q, int64_t code);           /* its own name */
/* A code that only groups others ("市辖区"): no place that anybody names. */
bool place_is_bracket(struct request *q, int64_t code);
const char *place_full(struct request *q, int64_t code);           /* "Gansu / Longnan / Li County" */
const char *level_name(const struct request *q, int level, bool many);
const char *entity_label(const struct request *q, const struct entity *en);
/* The kind of record that the address names, if who looks may see it; else answers and gives NULL. */
const struct table_map *kind_wanted(struct request *q, struct response *r);
/* The text that names a row to people: its name or title in the page's language, else its key. */
const char *row_title(struct request *q, const struct table_map *m, const struct val *row);
const char *ref_title(struct request *q, const struct table_map *to, int64_t county, int64_t id);
const char *record_url(const struct request *q, const struct table_map *m, int64_t county, int64_t id);
/* The county of the row that a reference of `row` points to. */
int64_t ref_county(const struct request *q, const struct table_map *m, int field,
                   const struct val *row);
const char *code_label(const struct request *q, const char *list, const char *code, size_t n);
/* One value as a table shows it, links included; masked when the viewer may not see it. */
void cell_write(struct request *q, struct buf *b, const struct table_map *m, int field,
                const struct val *row);
/* "COUNTY-ID", as the addresses of records and pages have it; a nation's row has the county 0. */
bool address_parse(const char *s, int64_t *county, int64_t *id);
/* Does s hold the words, letters of either case alike? */
bool text_has(const char *s, const char *words);
bool cell_right(const struct field *f);                            /* numbers stand at the right */

/* ---- asked.c: the part of the address that says where, whose and when ---- */
struct asked {
    int64_t place, org;
    int32_t from, to;              /* DATE_MIN, DATE_MAX = open */
    const char *org_text;          /* as the address gives it, or NULL */
};
bool asked_read(struct request *q, struct asked *s, struct err *e) WARN_UNUSED;
struct figure_query asked_figure(const struct asked *s, const char *name);
/* "?place=...&from=..." of a scope, or "". */
const char *asked_query(const struct request *q, const struct asked *s);
/* "Gansu, 2018 to 2020": for headings. */
const char *asked_text(struct request *q, const struct asked *s);
const char *org_title(struct request *q, int64_t org);
/* A form that changes it; hidden fields keep nothing else. */
void asked_form(struct request *q, struct buf *b, const struct asked *s, const char *action,
                const char *wrong);
/* Reads a figure, guarded for who looks. A figure that cannot be computed here is a value that is not
 * known, and says why. */
bool figure_get(struct request *q, const struct figure *f, const struct asked *s,
                struct figure_value *out, struct err *e) WARN_UNUSED;
const char *figure_url(const struct request *q, const struct figure *f, const struct asked *s,
                       const char *below);      /* below: "" or "/trace" */
/* A value with its dotted link to the records behind it. */
/* May the figure of what is asked be opened? Of an organisation, where who looks sees it. */
bool asked_opens(struct request *q, const struct asked *s);
void figure_link(struct request *q, struct buf *b, const struct figure *f, const struct asked *s,
                 const struct figure_value *v, bool brief);
/* "recorded", "restated", ... as a tag. */
void rests_tag(struct request *q, struct buf *b, const char *rests_on);

/* ---- by.c: a figure over places ---- */
struct by_row { int64_t place; const char *name; struct figure_value v; };
struct by_table { struct by_row *at; int n; int64_t max; bool more; };
bool by_read(struct request *q, const struct figure *f, const struct asked *s, int level, int most,
             struct by_table *out, struct err *e) WARN_UNUSED;

/* ---- small markup ---- */
void crumb_begin(struct request *q, struct buf *b);
void crumb(struct buf *b, const char *url, const char *text);
void crumb_end(struct buf *b);
/* The ancestors of a place, as crumbs. */
void crumb_places(struct request *q, struct buf *b, int64_t place);
void head_begin(struct buf *b, const char *title, const char *lede);
void head_end(struct buf *b);
void empty_note(struct buf *b, const char *text);
/* "<table class=stack ...>" with a hidden caption; cells carry their heading for narrow screens. */
void table_open(struct buf *b, const char *caption, const char *class);
void table_head(struct buf *b, const char *text, bool right);
void table_body(struct buf *b);                                    /* after the last heading */
void table_close(struct buf *b);
void table_cell(struct buf *b, const char *label, const char *text, bool right);
/* A CSV answer: its head, then row by row; yuan with two decimals. */
void csv_answer(struct response *r, const char *name, const char *const *heads, int n);
void csv_put(struct response *r, const char *const *cells, int n);
const char *yuan_text(struct request *q, int64_t fen);   /* hundredths of anything */
/* Keys of the rows of a kind that may be seen, struct seen_key; owned by the caller. Nothing of a kind
 * that is closed to who looks. */
struct seen_key { int64_t county, id; };
bool seen_rows(struct request *q, const char *entity, struct map *out, struct err *e) WARN_UNUSED;
bool seen_has(const struct map *seen, int64_t county, int64_t id);
/* A file of this name in the temporary folder; removed by the server after it is sent. */
bool temp_path(struct request *q, const char *suffix, const char **out, struct err *e) WARN_UNUSED;

/* The kinds of records that have rows in a place (0 = anywhere), as links to their lists. */
bool records_panel(struct request *q, struct buf *b, int64_t place, struct err *e) WARN_UNUSED;

/* Roles whose scope reads the ledger; its pages ask the scope again. */
enum { WHO_MONEY = 1 << ROLE_OFFICER | 1 << ROLE_AUDITOR };
/* Roles that read, and that write, households; their pages ask the scope again. */
enum { WHO_PEOPLE = 1 << ROLE_VILLAGE | 1 << ROLE_OFFICER | 1 << ROLE_AUDITOR,
       WHO_PEOPLE_WRITES = 1 << ROLE_VILLAGE | 1 << ROLE_OFFICER };

/* ---- handlers ---- */
void offline_page(struct request *q, struct response *r);
void offline_ready(struct request *q, struct response *r);
void offline_village(struct request *q, struct response *r);
void home_page(struct request *q, struct response *r);
void sign_in_page(struct request *q, struct response *r);
void sign_in_post(struct request *q, struct response *r);
void sign_out_post(struct request *q, struct response *r);
void set_up_page(struct request *q, struct response *r);
void set_up_post(struct request *q, struct response *r);
void me_page(struct request *q, struct response *r);
void me_preferences(struct request *q, struct response *r);
void me_password(struct request *q, struct response *r);
void me_everywhere(struct request *q, struct response *r);
void me_tokens(struct request *q, struct response *r);
void me_token_off(struct request *q, struct response *r);
void me_code_page(struct request *q, struct response *r);
void me_code_save(struct request *q, struct response *r);
void me_code_off(struct request *q, struct response *r);
void accounts_page(struct request *q, struct response *r);
void accounts_save(struct request *q, struct response *r);
void account_page(struct request *q, struct response *r);
void account_act(struct request *q, struct response *r);
void tokens_page(struct request *q, struct response *r);
void tokens_drop(struct request *q, struct response *r);
void plans_page(struct request *q, struct response *r);
void plan_page(struct request *q, struct response *r);
/* On the page of a batch or transfer: its receipt, and for who may, the form that issues one. */
bool receipt_panel(struct request *q, struct buf *b, const struct table_map *m, const struct val *row,
                   struct err *e) WARN_UNUSED;
/* Targets of who looks that are behind; nothing where there are none. */
bool laggards_panel(struct request *q, struct buf *b, int most, struct err *e) WARN_UNUSED;
void releases_page(struct request *q, struct response *r);
void release_page(struct request *q, struct response *r);
void release_sheet(struct request *q, struct response *r);
void release_file(struct request *q, struct response *r);
void receipt_print(struct request *q, struct response *r);
void receipt_save(struct request *q, struct response *r);
void payments_page(struct request *q, struct response *r);
void payment_run_page(struct request *q, struct response *r);
void payment_run_approve(struct request *q, struct response *r);
void ageing_page(struct request *q, struct response *r);
void rules_page(struct request *q, struct response *r);
void watch_page(struct request *q, struct response *r);
void helpers_page(struct request *q, struct response *r);
void helper_page(struct request *q, struct response *r);
void projects_page(struct request *q, struct response *r);
void project_page(struct request *q, struct response *r);
void batches_page(struct request *q, struct response *r);
void batch_page(struct request *q, struct response *r);
void transfers_page(struct request *q, struct response *r);
void scorecards_page(struct request *q, struct response *r);
void scorecard_page(struct request *q, struct response *r);
void scorecard_csv(struct request *q, struct response *r);
void room_page(struct request *q, struct response *r);
void reports_page(struct request *q, struct response *r);
void report_page(struct request *q, struct response *r);
void report_csv(struct request *q, struct response *r);
void report_xlsx(struct request *q, struct response *r);
void households_page(struct request *q, struct response *r);
void household_page(struct request *q, struct response *r);
void household_trail_page(struct request *q, struct response *r);
void household_trail_csv(struct request *q, struct response *r);
void household_trail_svg(struct request *q, struct response *r);
void visit_new_page(struct request *q, struct response *r);
void visit_new_save(struct request *q, struct response *r);
void overview_page(struct request *q, struct response *r);
void public_page(struct request *q, struct response *r);       /* the same address, for the public */
void public_flow_page(struct request *q, struct response *r);
/* The figures that are looked for first, of which something is told. */
bool headline_panel(struct request *q, struct buf *b, struct err *e) WARN_UNUSED;
/* A figure by province: outlines where there are some, else the grid. */
bool map_provinces(struct request *q, struct buf *b, const struct figure *f, const char *title,
                   const struct by_table *t, struct err *e) WARN_UNUSED;
void claims_page(struct request *q, struct response *r);
void figures_page(struct request *q, struct response *r);
void figure_page(struct request *q, struct response *r);
void figure_csv(struct request *q, struct response *r);
void figure_years_svg(struct request *q, struct response *r);
void figure_places_svg(struct request *q, struct response *r);
void trace_page(struct request *q, struct response *r);
void places_page(struct request *q, struct response *r);
void place_page(struct request *q, struct response *r);
void flow_page(struct request *q, struct response *r);
void map_page(struct request *q, struct response *r);
void pairings_page(struct request *q, struct response *r);
void search_page(struct request *q, struct response *r);
void records_page(struct request *q, struct response *r);
void list_page(struct request *q, struct response *r);
void view_save(struct request *q, struct response *r);
void bulk_page(struct request *q, struct response *r);
void bulk_do(struct request *q, struct response *r);
/* The saved lists of who looks, as a part of the menu of records. */
bool views_menu(struct request *q, struct buf *b, struct err *e) WARN_UNUSED;
void export_file(struct request *q, struct response *r);
void record_page(struct request *q, struct response *r);
void record_show(struct request *q, struct response *r);
void journal_page(struct request *q, struct response *r);
void journal_entry_page(struct request *q, struct response *r);
void new_page(struct request *q, struct response *r);
void new_save(struct request *q, struct response *r);
void edit_page(struct request *q, struct response *r);
void edit_save(struct request *q, struct response *r);
void delete_page(struct request *q, struct response *r);
void delete_row(struct request *q, struct response *r);

/* The row at "COUNTY-ID"; ERR_NOT_FOUND also for one of a load that is not visible yet. */
bool record_read(struct request *q, const struct table_map *m, const char *address, struct val *row,
                 struct err *e) WARN_UNUSED;

/* ---- the programs' interface, /api/v1 ---- */
struct json_out;
/* A row as it is answered: the fields that may be seen. */
void record_json(struct request *q, struct json_out *j, const struct table_map *m, const struct val *row);
void api_entities(struct request *q, struct response *r);
void api_list(struct request *q, struct response *r);
void api_record(struct request *q, struct response *r);
void tour_page(struct request *q, struct response *r);
void work_page(struct request *q, struct response *r);
void work_confirm(struct request *q, struct response *r);
void word_page(struct request *q, struct response *r);
void word_save(struct request *q, struct response *r);
/* The form by which one side says its word; nothing for a row that has no two sides. */
void word_panel(struct request *q, struct buf *b, const struct table_map *m, const struct val *row);
void imports_page(struct request *q, struct response *r);
void import_send(struct request *q, struct response *r);
void import_page(struct request *q, struct response *r);
void import_step(struct request *q, struct response *r);
void import_refused(struct request *q, struct response *r);
void api_insert(struct request *q, struct response *r);
void api_update(struct request *q, struct response *r);
void api_delete(struct request *q, struct response *r);
void api_figures(struct request *q, struct response *r);
void api_figure(struct request *q, struct response *r);
void api_explain(struct request *q, struct response *r);
void api_claims(struct request *q, struct response *r);
void api_tasks(struct request *q, struct response *r);
void api_task(struct request *q, struct response *r);
void api_task_stop(struct request *q, struct response *r);
void api_description(struct request *q, struct response *r);
void interface_page(struct request *q, struct response *r);
void interface_kind_page(struct request *q, struct response *r);

#endif
