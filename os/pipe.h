/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Local streams with deadlines: named pipes on Windows, unix sockets elsewhere. A connection is read by
 * one thread and written by one thread at a time; os_pipe_cancel may be called by any.
 */
#ifndef PLATEN_OS_PIPE_H
#define PLATEN_OS_PIPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/status.h"

typedef struct os_pipe os_pipe;
typedef struct os_pipe_server os_pipe_server;

#define OS_PIPE_FOREVER UINT32_MAX
#define OS_PIPE_NAME_MAX 256

typedef enum os_pipe_access {
    OS_PIPE_SYSTEM, /* the spooler's and the service's account only */
    OS_PIPE_USERS,  /* everybody who is logged on to this machine; never remote */
} os_pipe_access;

typedef struct os_pipe_peer {
    uint32_t pid;
    uint32_t session; /* the logon session of the client; elsewhere than on Windows that of its process group; 0: not known */
    bool is_system;   /* the service's own account, SYSTEM or an administrator */
    char user[256];   /* from the peer's token, "DOMAIN\name" or "name"; never what it says of itself */
} os_pipe_peer;

/* The name of a role ("monitor", "user"): \\.\pipe\platen-<role>, or <data_dir>/run/<role>.sock. */
plt_status os_pipe_name(char out[OS_PIPE_NAME_MAX], const char *data_dir, const char *role);

/* First instance only: PLT_EXISTS when somebody else serves the name. */
plt_status os_pipe_listen(os_pipe_server **s, const char *name, os_pipe_access access);
/* Waits for the next client. PLT_TIMEOUT, or PLT_CLOSED after os_pipe_server_stop. */
plt_status os_pipe_accept(os_pipe_server *s, uint32_t timeout_ms, os_pipe **out);
/* Wakes a waiting accept, for good. Any thread. */
void os_pipe_server_stop(os_pipe_server *s);
void os_pipe_server_free(os_pipe_server *s);

/* PLT_NOTFOUND when nobody serves it, PLT_BUSY/PLT_TIMEOUT when it is taken too long, PLT_DENIED when the server is not
   the one that may serve it (another account than SYSTEM or the caller's own). */
plt_status os_pipe_connect(os_pipe **p, const char *name, uint32_t timeout_ms);
/* Some bytes, at least one. PLT_CLOSED at the end, PLT_TIMEOUT. */
plt_status os_pipe_read(os_pipe *p, void *buf, size_t n, uint32_t timeout_ms, size_t *got);
/* Exactly n bytes; one deadline for all. */
plt_status os_pipe_read_all(os_pipe *p, void *buf, size_t n, uint32_t timeout_ms);
/* All n bytes; one deadline for all. After a timeout the stream is broken: close it. */
plt_status os_pipe_write(os_pipe *p, const void *buf, size_t n, uint32_t timeout_ms);
plt_status os_pipe_peer_get(os_pipe *p, os_pipe_peer *out);
/* Ends reads and writes in progress and to come with PLT_CLOSED. Any thread. */
void os_pipe_cancel(os_pipe *p);
/* NULL-safe. */
void os_pipe_close(os_pipe *p);

#endif
