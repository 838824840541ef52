#include "doc/qr.h"

#include <qrencode.h>

enum { BORDER = 4, PIXEL = 5 };

bool qr_svg(const char *text, const char *name, struct buf *out, struct err *e)
{
    QRcode *qr = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    if (!qr) return err_set(e, ERR_INVALID, "the text does not fit into a QR code");
    int side = qr->width + 2 * BORDER;
    buf_printf(out, "<svg class=\"qr\" role=\"img\" aria-label=\"%s\" width=\"%d\" height=\"%d\" "
               "viewBox=\"0 0 %d %d\" shape-rendering=\"crispEdges\"><rect width=\"%d\" height=\"%d\" "
               "fill=\"#fff\"/><path fill=\"#000\" d=\"", name, side * PIXEL, side * PIXEL, side, side,
               side, side);
    for (int y = 0; y < qr->width; y++)
        for (int x = 0; x < qr->width; x++)
            if (qr->data[y * qr->width + x] & 1) buf_printf(out, "M%d %dh1v1h-1z", x + BORDER, y + BORDER);
    buf_str(out, "\"/></svg>");
    QRcode_free(qr);
    return true;
}
