/* boundary: outlines of places for the choropleth, brought by the operator as GeoJSON or TopoJSON with
 * the approval number of the map they come from. None are shipped.
 *
 * An outline is kept as text: rings of whole thousandths of a degree, "M104123 35214" and then steps
 * " 3 -2", each ring closed by its first point. Neighbours that share points in the file share them
 * here, for every point is rounded by itself. */
#ifndef JD_PROGRAMME_BOUNDARY_H
#define JD_PROGRAMME_BOUNDARY_H

#include "base/json.h"
#include "programme/room.h"

enum boundary_col { BOUNDARY_PLACE, BOUNDARY_APPROVAL, BOUNDARY_ORIGIN, BOUNDARY_SHAPE, BOUNDARY_NCOLS };
extern const struct entity boundary_entity;

/* One feature of the file: its place code (12 digits) and its outline (borrowed for the call). */
typedef bool boundary_fn(void *arg, int64_t code, const char *shape, size_t n, struct err *e);
/* Tells each feature. ERR_INVALID names the feature that has no place code, no area, or coordinates
 * that are no degrees. The code is the property `property`, or one of adcode, code, id, gb. */
bool boundary_features(const struct json *file, const char *property, boundary_fn *fn, void *arg,
                       struct err *e) WARN_UNUSED;

#endif
