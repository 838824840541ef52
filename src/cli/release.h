/* release: what the files of `jiedui release` share. */
#ifndef JD_CLI_RELEASE_H
#define JD_CLI_RELEASE_H

#include <stdio.h>

#include "cli/rooms.h"
#include "programme/publish/release.h"

/* By the end of a file's name: .csv, .json, .xlsx; anything else is the sealed file, which alone proves
 * itself. */
enum release_form { RELEASE_SEALED, RELEASE_CSV, RELEASE_JSON, RELEASE_XLSX };
enum release_form release_form(const char *path);
/* CSV and JSON go to f, a workbook to path. */
bool release_export(struct app *app, const struct release_row *r, enum release_form form,
                    const char *path, FILE *f, struct err *e) WARN_UNUSED;

#endif
