/* form: a row typed into a page. The fields of any entity, made from its declaration; what was typed
 * stays as it was typed, beside what is wrong with it. Private to pages/. */
#ifndef JD_PAGES_FORM_H
#define JD_PAGES_FORM_H

#include "pages/parts.h"

/* What is wrong with one field, or with the row as a whole (field -1). */
struct form_fault { int field; bool warns; const char *message; };
enum { FORM_FAULTS = 64 };

struct form {
    struct request *q;
    const struct table_map *m;
    struct val row[ENTITY_MAX_COLUMNS + 1];   /* as it is to be written */
    const struct val *old;                    /* as it stands; NULL = a new row */
    const char *text[ENTITY_MAX_COLUMNS];     /* each field as typed, or as it stands */
    struct form_fault fault[FORM_FAULTS]; int faults, refusing, missing;
};

/* May this user write rows of this kind here? Rows that only commands make have no form. */
bool form_open(const struct request *q, const struct table_map *m);
/* Fields a user types: not computed, not copied. */
bool form_asks(const struct form *f, int field);
/* The fields as the row has them, or, for a new one, as the address gives them and presets. */
void form_from_row(struct form *f);
/* The fields as they were sent: read, then checked as a whole. A masked field left empty keeps its
 * value. False when something refuses; the faults say what. */
bool form_from_post(struct form *f);
/* Puts the message of a failed write to the field it names. */
void form_fail(struct form *f, const struct err *e);
/* The text by which a reference finds the one row that is called `name`; NULL when none is, or, with
 * e, when several are. */
const char *ref_by_name(struct request *q, const struct field *f, const char *name, struct err *e);
/* Short lists of what references may name, for the browser to complete. */
void form_suggestions(struct form *f, struct buf *b);
/* The summary of faults, and the fields. */
void form_faults(struct form *f, struct buf *b);
void form_fields(struct form *f, struct buf *b);

#endif
