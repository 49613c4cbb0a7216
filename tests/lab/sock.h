/* SPDX-License-Identifier: Apache-2.0 */
/* Listening sockets for lab programs on both platforms: the one place where they differ. The product's own seam (os/net.h) only connects. */
#ifndef PLATEN_LAB_SOCK_H
#define PLATEN_LAB_SOCK_H

#ifdef _WIN32
#include <winsock2.h>

#include <ws2tcpip.h>
typedef SOCKET lab_sock;
#define LAB_NO_SOCK INVALID_SOCKET
#define lab_close closesocket
static inline int lab_start(void)
{
    WSADATA d;
    return WSAStartup(MAKEWORD(2, 2), &d);
}
#else
#include <netinet/in.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <unistd.h>
typedef int lab_sock;
#define LAB_NO_SOCK (-1)
#define lab_close close
static inline int lab_start(void)
{
    return 0;
}
#endif

#include <string.h>

/* Listens on 127.0.0.1:*port; 0 chooses one. */
static inline lab_sock lab_listen(unsigned short *port, int backlog)
{
    struct sockaddr_in a;
    socklen_t n = sizeof a;
    int yes = 1;
    lab_sock s = socket(AF_INET, SOCK_STREAM, 0);
    if (s == LAB_NO_SOCK) return s;
    setsockopt(s, SOL_SOCKET, SO_REUSEADDR, (const char *)&yes, sizeof yes);
    memset(&a, 0, sizeof a);
    a.sin_family = AF_INET;
    a.sin_port = htons(*port);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(s, (struct sockaddr *)&a, sizeof a) != 0 || listen(s, backlog) != 0 || getsockname(s, (struct sockaddr *)&a, &n) != 0) {
        lab_close(s);
        return LAB_NO_SOCK;
    }
    *port = ntohs(a.sin_port);
    return s;
}

/* Waits until the socket can be read: 1, 0 at the deadline. */
static inline int lab_readable(lab_sock s, int ms)
{
    fd_set set;
    struct timeval t = {ms / 1000, ms % 1000 * 1000};
    FD_ZERO(&set);
    FD_SET(s, &set);
    return select((int)(s + 1), &set, NULL, NULL, &t) > 0;
}

#endif
