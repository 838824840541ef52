/* wait: a condition that is waited for so long at most, by the clock that nobody sets. */
#ifndef JD_BASE_WAIT_H
#define JD_BASE_WAIT_H

#include <pthread.h>
#include <stdbool.h>

/* For wait_ms, and for pthread_cond_wait as well; pthread_cond_destroy ends it. */
void wait_init(pthread_cond_t *c);
/* Under the lock. False: the time is over. */
bool wait_ms(pthread_cond_t *c, pthread_mutex_t *lock, int ms);

#endif
