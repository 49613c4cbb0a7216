/* SPDX-License-Identifier: Apache-2.0 */
/* Command lines of lab programs. */
#include "tests/lab/args.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

const char *lab_option(int argc, char **argv, const char *name, const char *otherwise)
{
    for (int i = 1; i + 1 < argc; i++)
        if (strcmp(argv[i], name) == 0) return argv[i + 1];
    return otherwise;
}

long lab_number(int argc, char **argv, const char *name, long otherwise)
{
    const char *v = lab_option(argc, argv, name, NULL);
    char *end;
    if (!v) return otherwise;
    long n = strtol(v, &end, 10);
    if (*end || end == v) {
        fprintf(stderr, "%s: not a number: %s\n", name, v);
        exit(2);
    }
    return n;
}

bool lab_flag(int argc, char **argv, const char *name)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], name) == 0) return true;
    return false;
}

const char *lab_positional(int argc, char **argv, const char *const valued[], int n)
{
    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "--", 2) == 0) {
            for (int k = 0; valued[k]; k++)
                if (strcmp(argv[i], valued[k]) == 0) {
                    i++;
                    break;
                }
            continue;
        }
        if (n-- == 0) return argv[i];
    }
    return NULL;
}

void lab_json(char *out, size_t size, const char *s)
{
    size_t n = 0;
    for (; *s && n + 7 < size; s++) {
        unsigned char c = (unsigned char)*s;
        if (c == '"' || c == '\\') out[n++] = '\\';
        if (c < 0x20)
            n += (size_t)snprintf(out + n, size - n, "\\u%04x", c);
        else
            out[n++] = (char)c;
    }
    out[n] = 0;
}

uint64_t lab_utc_us(void)
{
    struct timespec t;
    timespec_get(&t, TIME_UTC);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}
