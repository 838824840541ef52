/* count: how many an array has. */
#ifndef JD_BASE_COUNT_H
#define JD_BASE_COUNT_H

#define COUNT(a) ((int)(sizeof(a) / sizeof(*(a))))

#endif
