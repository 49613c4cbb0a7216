/* SPDX-License-Identifier: Apache-2.0 */
/* Datagrams one by one: Windows has no call for many to different peers. Non-blocking sockets and select(), which holds 64 of them. */
#include "os/udp.h"

#include <winsock2.h>

#include <ws2tcpip.h>

#include <windows.h>

#include <mswsock.h>
#include <stdlib.h>
#include <string.h>

#include "os/error.h"
#include "os/windows/winsock.h"

#if !defined(SIO_UDP_CONNRESET)
#define SIO_UDP_CONNRESET _WSAIOW(IOC_VENDOR, 12)
#endif

struct os_udp {
    SOCKET socket;
};

static int to_system(const plt_address *a, struct sockaddr_storage *out)
{
    if (a->family == 6) {
        struct sockaddr_in6 in6 = {.sin6_family = AF_INET6, .sin6_port = htons(a->port), .sin6_scope_id = a->scope};
        memcpy(&in6.sin6_addr, a->ip, 16);
        memcpy(out, &in6, sizeof in6);
        return (int)sizeof in6;
    }
    struct sockaddr_in in = {.sin_family = AF_INET, .sin_port = htons(a->port)};
    memcpy(&in.sin_addr, a->ip, 4);
    memcpy(out, &in, sizeof in);
    return (int)sizeof in;
}

static void from_system(const struct sockaddr_storage *name, plt_address *out)
{
    memset(out, 0, sizeof *out);
    if (name->ss_family == AF_INET6) {
        struct sockaddr_in6 in6;
        memcpy(&in6, name, sizeof in6);
        out->family = 6;
        out->port = ntohs(in6.sin6_port);
        out->scope = in6.sin6_scope_id;
        memcpy(out->ip, &in6.sin6_addr, 16);
    } else if (name->ss_family == AF_INET) {
        struct sockaddr_in in;
        memcpy(&in, name, sizeof in);
        out->family = 4;
        out->port = ntohs(in.sin_port);
        memcpy(out->ip, &in.sin_addr, 4);
    }
}

static plt_status fail(const char *what, const plt_address *a)
{
    char text[PLT_ADDRESS_TEXT];
    int code = WSAGetLastError();
    plt_address_format(a, text);
    return os_fail((uint32_t)code, what, text);
}

static void set_up(SOCKET s, int family, size_t buffer)
{
    int size = buffer > INT32_MAX ? INT32_MAX : (int)buffer;
    DWORD off = 0, got, on = 1;
    u_long nonblocking = 1;
    ioctlsocket(s, FIONBIO, &nonblocking);
    /* Else one closed port makes the next receive fail. */
    WSAIoctl(s, SIO_UDP_CONNRESET, &off, sizeof off, NULL, 0, &got, NULL, NULL);
    setsockopt(s, SOL_SOCKET, SO_RCVBUF, (const char *)&size, sizeof size);
    setsockopt(s, SOL_SOCKET, SO_SNDBUF, (const char *)&size, sizeof size);
    if (family == AF_INET6) setsockopt(s, IPPROTO_IPV6, IPV6_V6ONLY, (const char *)&on, sizeof on);
}

plt_status os_udp_open(os_udp **out, const plt_address *bind_to, size_t buffer)
{
    struct sockaddr_storage name;
    int family = bind_to->family == 6 ? AF_INET6 : AF_INET;
    *out = NULL;
    plt_status s = winsock_start("UDP");
    if (s != PLT_OK) return s;
    os_udp *u = calloc(1, sizeof *u);
    if (!u) return PLT_NOMEM;
    u->socket = WSASocketW(family, SOCK_DGRAM, IPPROTO_UDP, NULL, 0, WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT);
    if (u->socket == INVALID_SOCKET) {
        free(u);
        return fail("open a UDP socket at", bind_to);
    }
    set_up(u->socket, family, buffer);
    int n = to_system(bind_to, &name);
    if (bind(u->socket, (const struct sockaddr *)&name, n) != 0) {
        s = fail("bind a UDP socket to", bind_to);
        os_udp_close(u);
        return s;
    }
    *out = u;
    return PLT_OK;
}

void os_udp_close(os_udp *u)
{
    if (!u) return;
    closesocket(u->socket);
    free(u);
}

plt_status os_udp_local(os_udp *u, plt_address *out)
{
    struct sockaddr_storage name;
    int n = sizeof name;
    if (getsockname(u->socket, (struct sockaddr *)&name, &n) != 0) return os_fail((uint32_t)WSAGetLastError(), "ask for", "a socket's address");
    from_system(&name, out);
    return PLT_OK;
}

plt_status os_udp_send(os_udp *u, const os_datagram *d, size_t n, size_t *sent)
{
    for (*sent = 0; *sent < n; ++*sent) {
        struct sockaddr_storage name;
        const os_datagram *one = &d[*sent];
        int size = to_system(&one->peer, &name);
        if (sendto(u->socket, (const char *)one->data, (int)one->n, 0, (const struct sockaddr *)&name, size) >= 0) continue;
        int code = WSAGetLastError();
        return code == WSAEWOULDBLOCK || code == WSAENOBUFS ? PLT_OK : fail("send to", &one->peer);
    }
    return PLT_OK;
}

plt_status os_udp_receive(os_udp *u, os_datagram *d, size_t n, size_t *got)
{
    *got = 0;
    while (*got < n) {
        struct sockaddr_storage name;
        int size = sizeof name;
        os_datagram *one = &d[*got];
        int len = recvfrom(u->socket, (char *)one->data, (int)one->n, 0, (struct sockaddr *)&name, &size);
        int code = len < 0 ? WSAGetLastError() : 0;
        if (code == WSAEWOULDBLOCK) return PLT_OK;
        if (code == WSAECONNRESET || code == WSAENETRESET) continue; /* of an earlier datagram */
        one->cut = code == WSAEMSGSIZE;
        if (code && !one->cut) return os_fail((uint32_t)code, "receive from", "the network");
        if (!one->cut) one->n = (size_t)len;
        from_system(&name, &one->peer);
        ++*got;
    }
    return PLT_OK;
}

plt_status os_udp_wait(os_udp *const *u, size_t count, uint32_t timeout_ms)
{
    fd_set ready;
    struct timeval t = {(long)(timeout_ms / 1000), (long)(timeout_ms % 1000) * 1000};
    if (count > FD_SETSIZE) return os_fail_as(PLT_FULL, "wait for", "so many sockets");
    if (count == 0) {
        Sleep(timeout_ms);
        return PLT_TIMEOUT;
    }
    FD_ZERO(&ready);
    for (size_t i = 0; i < count; i++) FD_SET(u[i]->socket, &ready);
    int n = select(0, &ready, NULL, NULL, &t);
    if (n == SOCKET_ERROR) return os_fail((uint32_t)WSAGetLastError(), "wait for", "datagrams");
    return n > 0 ? PLT_OK : PLT_TIMEOUT;
}

plt_status os_host_addresses(const char *name, plt_address *out, size_t max, size_t *n)
{
    struct addrinfo hints = {.ai_socktype = SOCK_DGRAM}, *list = NULL;
    *n = 0;
    plt_status s = winsock_start("names");
    if (s != PLT_OK) return s;
    if (getaddrinfo(name, NULL, &hints, &list) != 0) return os_fail_as(PLT_NOTFOUND, "find the address of", name);
    for (const struct addrinfo *a = list; a && *n < max; a = a->ai_next) {
        struct sockaddr_storage one = {0};
        memcpy(&one, a->ai_addr, a->ai_addrlen < sizeof one ? a->ai_addrlen : sizeof one);
        from_system(&one, &out[*n]);
        if (out[*n].family) (*n)++;
    }
    freeaddrinfo(list);
    return *n ? PLT_OK : os_fail_as(PLT_NOTFOUND, "find the address of", name);
}
