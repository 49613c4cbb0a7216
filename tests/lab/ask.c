/* SPDX-License-Identifier: Apache-2.0 */
/* One question, one answer, one connection. */
#include "tests/lab/ask.h"

#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "core/util/text.h"

#define ANSWER_S 5

int lab_connect(const char *path)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
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

size_t lab_ask(const char *path, const char *line, char *out, size_t size)
{
    struct timeval limit = {ANSWER_S, 0};
    int s = lab_connect(path);
    if (s >= 0) setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    bool sent = s >= 0 && write(s, line, strlen(line)) == (ssize_t)strlen(line);
    size_t n = sent ? answer(s, out, size) : 0;
    if (s >= 0) close(s);
    return n;
}
