/* process: a name for this process that others can look at later, to tell whether it still lives. */
#ifndef JD_BASE_PROCESS_H
#define JD_BASE_PROCESS_H

#define PROCESS_TEXT 160

/* "BOOT NAMESPACE PID START NOISE"; noise sets two names of one process apart. */
void process_name(char out[PROCESS_TEXT]);

enum process_state { PROCESS_SELF, PROCESS_LIVES, PROCESS_DEAD, PROCESS_ELSEWHERE };
/* Elsewhere: of another machine, another boot of this one, or a name that cannot be read. */
enum process_state process_look(const char *name);

#endif
