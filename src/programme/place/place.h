/* place: the gazetteer and what is said of places: their history, other names, classes, status and
 * populations. A place is its 12-digit code; "inside" is a short list of code ranges, made by
 * place_ranges alone. Names, aliases and retired codes resolve here for the whole program.
 *
 * The gazetteer is a reference table of 665,000 rows; a place_book caches what was looked up and
 * belongs to one thread. */
#ifndef JD_PROGRAMME_PLACE_H
#define JD_PROGRAMME_PLACE_H

#include "programme/room.h"

enum place_col { PLACE_CODE, PLACE_NAME, PLACE_NAME_EN, PLACE_LEVEL, PLACE_RETIRED,
                 PLACE_SUCCESSOR, PLACE_LON, PLACE_LAT, PLACE_NCOLS };
enum place_alias_col { PLACE_ALIAS_NAME, PLACE_ALIAS_PLACE, PLACE_ALIAS_KIND, PLACE_ALIAS_NCOLS };
enum place_class_col { PLACE_CLASS_PLACE, PLACE_CLASS_CLASS, PLACE_CLASS_NCOLS };
enum place_status_col { PLACE_STATUS_PLACE, PLACE_STATUS_LEVEL, PLACE_STATUS_STATUS,
                        PLACE_STATUS_EXIT_YEAR, PLACE_STATUS_ANNOUNCED_ON, PLACE_STATUS_RULE_SET,
                        PLACE_STATUS_CODE, PLACE_STATUS_NCOLS };
enum population_col { POPULATION_PLACE, POPULATION_KIND, POPULATION_ON_DATE, POPULATION_CODE,
                      POPULATION_NCOLS };
enum statistical_return_col { STATISTICAL_RETURN_PLACE, STATISTICAL_RETURN_INDICATOR,
                              STATISTICAL_RETURN_YEAR, STATISTICAL_RETURN_AMOUNT,
                              STATISTICAL_RETURN_UNIT, STATISTICAL_RETURN_NCOLS };
enum code_item_col { CODE_ITEM_LIST, CODE_ITEM_CODE, CODE_ITEM_NAME_ZH, CODE_ITEM_NAME_EN,
                     CODE_ITEM_ORIGIN, CODE_ITEM_NCOLS };

extern const struct entity place_entity, place_alias_entity, place_class_entity,
    place_status_entity, population_entity, statistical_return_entity, code_item_entity;
/* The forms a name is looked up by, one row each, made from the gazetteer: the name itself, the name
 * without its kind (county, town, ...) and, down to the township, that in Latin letters. */
enum place_name_kind { PLACE_NAME_FULL, PLACE_NAME_STEM, PLACE_NAME_ROMAN };
extern const struct table place_tables[];
extern const int place_table_count;

extern const struct command place_commands[];
extern const int place_command_count;

enum place_stmt { PLACE_BY_CODE, PLACE_BY_NAME, PLACE_RETIRED_ALL, PLACE_ALIAS_ALL, PLACE_CLASS_MEMBERS,
                  PLACE_CODE_ITEMS, PLACE_VILLAGES, PLACE_NAME_ADD, PLACE_NAME_ALL,
                  PLACE_NAME_CLEAR, PLACE_N_STMTS };
extern const struct stmt_table place_stmts;

/* The look-up forms have no journal: their number and the sum of their digests are kept as a setting
 * when they are made, and compared by `jiedui verify`. */
#define PLACE_NAMES_SETTING "place_names"
#define PLACE_NAMES_TABLE UINT32_C(0x706c6e61) /* table number in their digests; no entity has it */
bool place_verify(struct db *d, struct faults *f, struct err *e);

/* The name without its kind: "洛浦县" -> "洛浦"; the whole length when nothing (or too little) is left.
 * Bytes of the stem. */
size_t place_stem(const char *name, size_t n);

#endif
