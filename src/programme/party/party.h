/* party: the organisations, their joint parties, and the documents that facts rest on. */
#ifndef JD_PROGRAMME_PARTY_H
#define JD_PROGRAMME_PARTY_H

#include "programme/room.h"

enum organisation_col { ORGANISATION_CODE, ORGANISATION_NAME_ZH, ORGANISATION_NAME_EN,
    ORGANISATION_KIND, ORGANISATION_UNIT_KIND, ORGANISATION_UNIT_LEVEL, ORGANISATION_PARENT,
    ORGANISATION_PLACE, ORGANISATION_CREDIT_CODE, ORGANISATION_NCOLS };
enum membership_col { MEMBERSHIP_JOINT_PARTY, MEMBERSHIP_MEMBER, MEMBERSHIP_SHARE,
    MEMBERSHIP_ROLE, MEMBERSHIP_NCOLS };
enum document_col { DOCUMENT_CODE, DOCUMENT_TITLE, DOCUMENT_KIND, DOCUMENT_PUBLISHER,
    DOCUMENT_URL, DOCUMENT_PUBLISHED_AT, DOCUMENT_PUBLISHED_ON, DOCUMENT_UPDATED_ON,
    DOCUMENT_COVERS_FROM, DOCUMENT_COVERS_TO, DOCUMENT_FILE_DIGEST, DOCUMENT_NOTE, DOCUMENT_NCOLS };

extern const struct entity organisation_entity, membership_entity, document_entity;

/* The organisation of that name, in either language; 0 = none. Several are refused, with codes. */
bool party_by_name(struct db *d, const char *name, int64_t *id, struct err *e) WARN_UNUSED;

#endif
