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
    bool conflict;                            /* old was changed by another since it was shown */
    bool partial;                             /* a field that is not sent keeps its value */
    struct form_fault fault[FORM_FAULTS]; int faults, refusing, missing;
};
enum row_act { ROW_INSERT, ROW_UPDATE, ROW_DELETE };

/* May this user write rows of this kind here? Rows that only commands make have no form. */
bool form_open(const struct request *q, const struct table_map *m);
/* Fields a user types: not computed, not copied. */
bool form_asks(const struct form *f, int field);
/* The fields as the row has them, or, for a new one, as the address gives them and presets. */
void form_from_row(struct form *f);
/* The fields as they were sent: read, then checked as a whole. A masked field left empty keeps its
 * value. False when something refuses; the faults say what. */
bool form_from_post(struct form *f);
/* The kind of record that the address names and this user may write; else answers and gives NULL. */
const struct table_map *form_wanted(struct request *q, struct response *r);
/* Writes f->row inside a transaction; the row must be one that its writer sees. seen: the digest that
 * was read, for a change or deletion. Leaves county, id and digest in f->row. */
bool form_write(struct tx *tx, struct form *f, enum row_act act, int64_t seen, struct err *e) WARN_UNUSED;
/* The id of a new row, made of q->idempotency, so that the same request finds it there; row: which of several. */
int64_t form_key_id(const struct request *q, const struct table_map *m, int row);
/* Inside the transaction that writes these rows: holds q->idempotency to them. *again: they were written under it
 * before. Nothing without a key. */
bool form_key_take(struct tx *tx, struct form *const *form, int n, bool *again, struct err *e) WARN_UNUSED;
/* A new row of this kind, sent as a form by a browser that keeps it until it has the answer: written once
 * under q->idempotency, answered as the programs' interface answers. */
void form_answer(struct request *q, struct response *r, const struct table_map *m);
/* Its parts, for a form that writes several rows: f, the row it is about, was written, or was refused
 * with its faults. */
void form_answer_written(struct request *q, struct response *r, const struct form *f);
void form_answer_refused(struct request *q, struct response *r, int status, const struct form *f);
/* Inside a form for new rows: the mark by which the browser keeps it, for kinds and users that work away
 * from the network. title: what the row is called in the list of what waits, "" = by its fields; sheet: how
 * a row for loading is made of the form's fields, a JSON object of texts with @field in them, "" = as they are. */
void form_kept(struct request *q, struct buf *b, const struct table_map *m, const char *title, const char *sheet);
/* What names this version of a row. */
const char *row_version(struct request *q, const struct table_map *m, const struct val *row);
/* Some fields alone, for a page that asks for them on behalf of many rows: as they were sent, read into f->row;
 * false when one is refused. Then as a part of a form. */
bool form_read_some(struct form *f, const int *field, int n);
void form_some_fields(struct form *f, struct buf *b, const int *field, int n);
/* Puts the message of a failed write to the field it names. */
void form_fail(struct form *f, const struct err *e);
/* An id for the row that a page is about to make: it stands in the form, so that sending it twice makes
 * one row. */
int64_t form_fresh_id(int64_t now);
/* The text by which a reference finds the one row that is called `name`; NULL when none is, or, with
 * e, when several are. */
const char *ref_by_name(struct request *q, const struct field *f, const char *name, struct err *e);
/* The organisation of that code or name. */
bool organisation_named(struct request *q, const char *name, int64_t *org, struct err *e) WARN_UNUSED;
/* The fields that name a row to people. */
enum { NAME_FIELDS = 5 };
extern const char *const name_fields[NAME_FIELDS];
/* Short lists of what references may name, for the browser to complete. */
void form_suggestions(struct form *f, struct buf *b);
void form_suggest(struct form *f, struct buf *b, int field);   /* of one reference */
/* The summary of faults, and the fields. */
void form_faults(struct form *f, struct buf *b);
void form_fields(struct form *f, struct buf *b);

#endif
