/* deliver: a thread that brings over money on its way between counties, for a server: what lies there when
 * it starts, and what is sent later, by this process or by another. Several over one database do no harm:
 * what one has brought over the others find done. Killed at any instant it loses nothing; the next one goes
 * on. What is refused stays under way, is logged once, and is tried again. */
#ifndef JD_PROGRAMME_MONEY_DELIVER_H
#define JD_PROGRAMME_MONEY_DELIVER_H

#include "store/store.h"

struct deliverer;
bool deliverer_open(struct deliverer **out, struct store *s, struct err *e) WARN_UNUSED;
/* Ends after the transfer that it is at. NULL will do. */
void deliverer_close(struct deliverer *d);

#endif
