/* xml: XML out and in, streaming.
 *
 * Writing: elements are opened and closed in order, text is escaped, memory is one block. Characters
 * that XML cannot hold become U+FFFD. The writer keeps a digest of what it wrote.
 *
 * Reading: a file is a run of records, elements of which some fields are wanted; one record is in
 * memory at a time. Names are compared without their namespaces; a document type is refused. */
#ifndef JD_DOC_XML_H
#define JD_DOC_XML_H

#include <stdio.h>

#include "base/buf.h"
#include "base/csv.h"
#include "base/digest.h"
#include "base/err.h"

#define XML_DEEPEST 32

struct xml_out {
    FILE *file;                    /* borrowed */
    struct buf block;
    const char *open[XML_DEEPEST]; /* names; borrowed */
    int depth;
    int wrong;                     /* errno of a write that failed, or 0 */
    struct digest digest;
};
/* Writes the declaration. */
void xml_start(struct xml_out *x, FILE *file);
/* attributes as they are to stand, such as "Ccy=\"CNY\"", of constants alone; NULL = none. */
void xml_open(struct xml_out *x, const char *name, const char *attributes);
void xml_close(struct xml_out *x);
/* <name>text</name> */
void xml_leaf(struct xml_out *x, const char *name, const char *text, size_t n);
/* <name attributes>text</name>, escaped. */
void xml_leaf_with(struct xml_out *x, const char *name, const char *attributes, const char *text,
                   size_t n);
/* Closes what is open and frees the block. False when something could not be written; the digest is
 * of all bytes. */
bool xml_finish(struct xml_out *x, unsigned char digest[DIGEST_LEN], struct err *e) WARN_UNUSED;

/* An element by its path from the root ("Document/BkToCstmrStmt/Stmt/Ntry"), and its wanted fields by
 * their paths in it ("Refs/EndToEndId"; "Amt@Ccy" is an attribute), ended by NULL. Records may lie in
 * each other: each comes at its end, the inner ones before the outer. */
#define XML_FIELDS 24
struct xml_record { const char *path; const char *field[XML_FIELDS + 1]; };

struct xml_in;
/* Owned; records are borrowed. */
bool xml_in_open(struct xml_in **out, const char *path, const struct xml_record *records, int n,
                 struct err *e) WARN_UNUSED;
/* Over any bytes, which must outlive it. */
bool xml_in_over(struct xml_in **out, struct csv_source source, const struct xml_record *records,
                 int n, struct err *e) WARN_UNUSED;
void xml_in_close(struct xml_in *x);
/* CSV_ROW, CSV_END or CSV_ERROR. Fields in the record's order, trimmed; of a field that comes several
 * times the first; empty when it is not there. Borrowed until the next call. */
enum csv_result xml_in_next(struct xml_in *x, int *record, const struct csv_field **fields,
                            struct err *e);
int64_t xml_in_line(const struct xml_in *x);   /* on which the last record ended */
bool xml_in_known(const struct xml_in *x);     /* the root and a record's path were met */

#endif
