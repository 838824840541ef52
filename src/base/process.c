#include "base/process.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/digest.h"

static void read_word(const char *path, char *out, size_t size)
{
    FILE *f = fopen(path, "r");
    size_t n = f ? fread(out, 1, size - 1, f) : 0;
    if (f) fclose(f);
    out[n] = 0;
    out[strcspn(out, " \n")] = 0;
}

/* The 22nd word of stat, counted after the name in brackets: when the process began. 0 = none. */
static uint64_t started_at(long pid)
{
    char path[64], text[1024];
    snprintf(path, sizeof path, "/proc/%ld/stat", pid);
    FILE *f = fopen(path, "r");
    size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
    if (f) fclose(f);
    text[n] = 0;
    const char *p = strrchr(text, ')');
    for (int word = 2; p && word < 22; word++) {
        p = strchr(p, ' ');
        if (p) p++;
    }
    return p ? strtoull(p, NULL, 10) : 0;
}

void process_name(char out[PROCESS_TEXT])
{
    char boot[64], ns[64], noise[17];
    unsigned char bytes[8];
    random_bytes(bytes, sizeof bytes);
    digest_hex(bytes, sizeof bytes, noise);
    read_word("/proc/sys/kernel/random/boot_id", boot, sizeof boot);
    ssize_t n = readlink("/proc/self/ns/pid", ns, sizeof ns - 1);
    ns[n > 0 ? n : 0] = 0;
    snprintf(out, PROCESS_TEXT, "%s %s %ld %llu %s", *boot ? boot : "-", *ns ? ns : "-",
             (long)getpid(), (unsigned long long)started_at((long)getpid()), noise);
}

enum process_state process_look(const char *name)
{
    char own[PROCESS_TEXT], boot[64], ns[64], boot2[64], ns2[64];
    long pid, pid2;
    unsigned long long start, start2;
    process_name(own);
    if (sscanf(name, "%63s %63s %ld %llu", boot, ns, &pid, &start) != 4
        || sscanf(own, "%63s %63s %ld %llu", boot2, ns2, &pid2, &start2) != 4
        || strcmp(boot, boot2) != 0 || strcmp(ns, ns2) != 0)
        return PROCESS_ELSEWHERE;
    if (pid == pid2 && start == start2) return PROCESS_SELF;
    return started_at(pid) == start ? PROCESS_LIVES : PROCESS_DEAD;
}
