/* banned: functions nobody may call, made into compile errors. Force-included by the build. */
#ifndef JD_BASE_BANNED_H
#define JD_BASE_BANNED_H
#if defined(__GNUC__) && !defined(JD_ALLOW_BANNED)
#include <stdlib.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <locale.h>
/* glibc makes macros of these when it checks buffer sizes. */
#undef sprintf
#undef vsprintf
#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok atoi atol gmtime localtime
#pragma GCC poison ctime asctime setlocale gets
#endif
#endif
