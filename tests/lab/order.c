/* SPDX-License-Identifier: Apache-2.0 */
/* platen-lab order PATH WORD...: one line to a virtual printer's control socket, its answer on stdout. Exit code 1: not obeyed. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/util/text.h"
#include "tests/lab/lab_main.h"

#define ANSWER_S 5

static int connect_to(const char *path)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    struct timeval limit = {ANSWER_S, 0};
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    if (s >= 0) setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    if (s >= 0 && plt_copy(a.sun_path, sizeof a.sun_path, path) && connect(s, (struct sockaddr *)&a, sizeof a) == 0) return s;
    if (s >= 0) close(s);
    return -1;
}

/* Up to and with the end of the line. */
static size_t answer(int s, char *out, size_t size)
{
    size_t n = 0;
    while (n + 1 < size && !memchr(out, '\n', n)) {
        ssize_t got = read(s, out + n, size - 1 - n);
        if (got <= 0) break;
        n += (size_t)got;
    }
    out[n] = 0;
    return n;
}

int lab_order_main(int argc, char **argv)
{
    static char out[65536];
    char line[512] = "";
    if (argc < 3) {
        fputs("platen-lab order PATH WORD...: what a virtual printer understands stands in docs/lab.md\n", stderr);
        return 2;
    }
    for (int i = 2; i < argc; i++) {
        size_t n = strlen(line);
        snprintf(line + n, sizeof line - n, "%s%s", argv[i], i + 1 < argc ? " " : "\n");
    }
    int s = connect_to(argv[1]);
    bool sent = s >= 0 && write(s, line, strlen(line)) == (ssize_t)strlen(line);
    size_t n = sent ? answer(s, out, sizeof out) : 0;
    if (s >= 0) close(s);
    if (!n) fprintf(stderr, "platen-lab: %s: no virtual printer answers there\n", argv[1]);
    fputs(out, stdout);
    return n && strcmp(out, "{\"ok\":0}\n") != 0 ? 0 : 1;
}
