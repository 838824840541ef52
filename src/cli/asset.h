/* asset: the files that are built into the program: code lists, gazetteer, figure definitions.
 * Each is followed by a NUL that is not part of it. */
#ifndef JD_CLI_ASSET_H
#define JD_CLI_ASSET_H

#include <stdbool.h>
#include <stddef.h>

struct asset { const char *name; const char *p; size_t n; }; /* name: path in the project, "data/codelists.csv" */

int asset_count(void);
struct asset asset_at(int i);
bool asset_find(const char *name, struct asset *out);

#endif
