/* xml: XML out and in, streaming.
 *
 * Writing: elements are opened and closed in order, text is escaped, memory is one block. Characters
 * that XML cannot hold become U+FFFD. The writer keeps a digest of what it wrote. */
#ifndef JD_DOC_XML_H
#define JD_DOC_XML_H

#include <stdio.h>

#include "base/buf.h"
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

#endif
