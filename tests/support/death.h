/* death: for tests of what must abort. The function runs in a child process whose stderr is caught. */
#ifndef JD_TESTS_DEATH_H
#define JD_TESTS_DEATH_H

#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* True when f(arg) ends in abort() and what it wrote to stderr contains `words`. */
static inline bool aborts_saying(void (*f)(void *), void *arg, const char *words)
{
    int ends[2];
    if (pipe(ends) != 0) return false;
    pid_t child = fork();
    if (child == 0) {
        dup2(ends[1], STDERR_FILENO);
        close(ends[0]);
        f(arg);
        _exit(0);
    }
    close(ends[1]);
    char text[8192];
    size_t n = 0;
    ssize_t got;
    while (n < sizeof text - 1 && (got = read(ends[0], text + n, sizeof text - 1 - n)) > 0)
        n += (size_t)got;
    text[n] = '\0';
    close(ends[0]);
    int status;
    if (waitpid(child, &status, 0) != child) return false;
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT && strstr(text, words) != NULL;
}

#endif
