/* api: what the programs' interface takes and answers, said once: the description (OpenAPI), its readable
 * page and the refusal of what is not in it are made from these tables. Private to pages/. */
#ifndef JD_PAGES_API_H
#define JD_PAGES_API_H

#include "base/json.h"
#include "pages/form.h"

enum { API_MOST_ROWS = 1000 };       /* in an answer, in a batch */

struct api_param {
    const char *name, *where;      /* "query", "path", "header" */
    const char *en, *zh;
    const char *pattern, *example; /* or NULL */
    const char *choices;           /* "a b c", or NULL */
    int64_t most;                  /* a whole number from 1 to this; 0: text */
    bool required;
};
struct api_params { const struct api_param *at; int n; };
extern const struct api_params api_no_params, api_list_params, api_row_params, api_figure_params,
    api_explain_params, api_insert_params, api_change_params, api_tasks_params, api_task_params;

/* Is this parameter one of a list of this kind? Not every kind lies in a place. */
bool api_param_fits(const struct request *q, const struct api_param *p, const struct table_map *m);
/* Refuses, with 400, a query parameter that is not among these, is none of its values, or stands there
 * twice. m: the kind of record whose fields may be asked for as f.FIELD; NULL = none. */
bool api_takes(struct request *q, struct response *r, struct api_params known, const struct table_map *m);

/* Fields that the caller reads, or may send. */
bool api_reads(const struct request *q, const struct table_map *m, int field);
bool api_writes(const struct request *q, const struct table_map *m, int field);
bool api_must_send(const struct request *q, const struct table_map *m, int field);

/* "COUNTY-ID" of a row of this kind that the caller sees, for examples; NULL when there is none. */
const char *api_example_row(struct request *q, const struct table_map *m);

/* ---- api_schema.c: the shapes of what is sent and answered ---- */
void api_object(struct json_out *j, const char *key);
void api_reference(struct json_out *j, const char *key, const char *to);
void api_schemas(struct request *q, struct json_out *j);

#endif
