/* publish: what others printed, to be held against what the records give, and what the office itself
 * publishes: releases (release.h). */
#ifndef JD_PROGRAMME_PUBLISH_H
#define JD_PROGRAMME_PUBLISH_H

#include "programme/room.h"

enum claim_col { CLAIM_CODE, CLAIM_CLAIMED_TEXT, CLAIM_FIGURE, CLAIM_PLACE, CLAIM_ORGANISATION,
    CLAIM_PERIOD_FROM, CLAIM_PERIOD_TO, CLAIM_VALUE, CLAIM_QUALIFIER, CLAIM_UNIT, CLAIM_DECIMALS,
    CLAIM_READING, CLAIM_REASON, CLAIM_NCOLS };
enum press_mention_col { PRESS_MENTION_CODE, PRESS_MENTION_DOCUMENT, PRESS_MENTION_ORGANISATION,
    PRESS_MENTION_PLACE, PRESS_MENTION_SPEAKER_ROLE, PRESS_MENTION_SUBJECT, PRESS_MENTION_NCOLS };
enum objection_col { OBJECTION_CODE, OBJECTION_PLACE, OBJECTION_SUBJECT, OBJECTION_PUBLICATION,
    OBJECTION_RAISED_ON, OBJECTION_DUE_ON, OBJECTION_OWNER, OBJECTION_ANSWERED_ON, OBJECTION_OUTCOME,
    OBJECTION_ANSWER, OBJECTION_NCOLS };
/* A release and its lines (entities publication and publication_item, for RELEASE is a word of SQL):
 * made by `jiedui release`, never changed. */
enum release_col { RELEASE_NAME, RELEASE_TITLE, RELEASE_AS_OF, RELEASE_MADE_BY, RELEASE_CORRECTS,
    RELEASE_REASON, RELEASE_FIGURES, RELEASE_CLAIMS, RELEASE_HEAD, RELEASE_FOR_PUBLIC, RELEASE_NCOLS };
enum release_item_col { RELEASE_ITEM_RELEASE, RELEASE_ITEM_LINE, RELEASE_ITEM_KIND,
    RELEASE_ITEM_FIGURE, RELEASE_ITEM_PLACE, RELEASE_ITEM_BODY, RELEASE_ITEM_HASH,
    RELEASE_ITEM_NCOLS };

extern const struct entity claim_entity, press_mention_entity, release_entity, release_item_entity,
    objection_entity;

/* release_list and release_find: id, name, title, as_of, made_by, recorded, corrects, reason, figures,
 * claims, head, for_public; ?1 is 0 for those that are for the public and approved, 1 for all that are for
 * it, 2 for all; release_find wants ?2 a name. release_corrected: names of those that correct ?1 (an
 * id). release_items: ?1 a release's id; line, kind, body, hash. release_approvals: ?1; bodies. Those
 * of IATI: ?1 the pending load; columns as iati.c names them. */
enum publish_stmt { RELEASE_LIST, RELEASE_FIND, RELEASE_CORRECTED, RELEASE_ITEMS, RELEASE_APPROVALS,
    IATI_ORGANISATIONS, IATI_PROJECTS, IATI_COMMITMENTS, IATI_ALLOCATIONS, PUBLISH_N_STMTS };
extern const struct stmt_table publish_stmts;

#endif
