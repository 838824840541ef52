/* qr: a text as a QR code in SVG, dark squares on white with the quiet border the standard asks for. */
#ifndef JD_DOC_QR_H
#define JD_DOC_QR_H

#include "base/buf.h"
#include "base/err.h"

/* Appends <svg ...>; name is for who cannot see it and is put in as it is. */
bool qr_svg(const char *text, const char *name, struct buf *out, struct err *e) WARN_UNUSED;

#endif
