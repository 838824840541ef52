/* map: pictures of places without borders: a grid of the provinces, and circles at the counties'
 * centroids. SVG that the server writes; marks are links, the whole is one tab stop. */
#ifndef JD_WEB_MAP_H
#define JD_WEB_MAP_H

#include "base/buf.h"

enum { MAP_CLASSES = 5 };

/* class 1 to MAP_CLASSES, 0 = nothing known. */
struct map_tile { int province; const char *label, *text, *url; int class; };
/* Provinces by their two digits, each a square near where it lies; those without a tile are named too. */
void map_tiles(struct buf *b, const char *name, const struct map_tile *t, int n, bool zh, int width);

/* Degrees * 100000. value decides the circle's area; below 0 = nothing known, a dot. */
struct map_point { int64_t lon, lat, value; const char *label, *text, *url; bool named; };
/* Ordered by value, largest first, so that small circles lie on top. */
void map_points(struct buf *b, const char *name, const struct map_point *p, int n, int width);

/* Outlines as programme/place keeps them; class as of tiles. Drawn once: the picture is scaled to its
 * room. */
struct map_shape { const char *shape; size_t n; int class; const char *label, *text, *url; };
void map_shapes(struct buf *b, const char *name, const struct map_shape *s, int n, int width);

/* From whom to whom, by the same projection. */
struct map_arc { struct map_point from, to; const char *label, *text, *url; int64_t weight; };
void map_arcs(struct buf *b, const char *name, const struct map_arc *m, int n, int width);

/* Bounds of classes with about as many values in each: limit[i] is the least value of class i + 1. Sorts v. */
void map_classes(int64_t *v, int n, int64_t limit[MAP_CLASSES]);
int map_class(const int64_t limit[MAP_CLASSES], int64_t v);

#endif
