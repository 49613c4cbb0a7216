/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a port's bytes really go. One ops struct with a real TCP back end (target_tcp.c), a chained spooler port
 * (target_port.c, Windows), a file (target_file.c, for tests and demos) and, in the tests, a faulty one.
 * A target is used by one thread at a time: the port's lock sees to that.
 */
#ifndef PLATEN_MONITOR_TARGET_H
#define PLATEN_MONITOR_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/status.h"

#define MON_TARGET_MAX 512 /* a target's text, terminator included */

/* Win32 codes that END carries on every platform (docs/protocol.md 1.1). */
enum {
    MON_E_ACCESS_DENIED = 5,
    MON_E_NOT_ENOUGH_MEMORY = 8,
    MON_E_WRITE_FAULT = 29,
    MON_E_NOT_SUPPORTED = 50,
    MON_E_PRINT_CANCELLED = 63,
    MON_E_NETNAME_DELETED = 64,
    MON_E_INVALID_PARAMETER = 87,
    MON_E_DISK_FULL = 112,
    MON_E_BUSY = 170,
    MON_E_ALREADY_EXISTS = 183,
    MON_E_CONNECTION_REFUSED = 1225,
    MON_E_TIMEOUT = 1460,
};

/* The Win32 code that says best what a status says; 0 for PLT_OK. */
uint32_t mon_error_of(plt_status s);

/* "Has the user cancelled the job?" Asked about once a second in long waits, on the thread that waits. */
typedef struct mon_cancel {
    bool (*asked)(void *ctx); /* NULL: never */
    void *ctx;
} mon_cancel;

bool mon_cancel_asked(const mon_cancel *c);

typedef struct mon_target mon_target;

/* Every call ends in bounded time; on failure it leaves the Win32 code in t->error and the words in os_error_text(). */
typedef struct mon_target_ops {
    /* Begins one document. */
    plt_status (*open)(mon_target *t, const char *document);
    /* All n bytes, or a failure; *put counts what was taken in both cases. */
    plt_status (*write)(mon_target *t, const void *buf, size_t n, size_t *put);
    /* What came back from the printer. PLT_OK with *got 0: nothing now. */
    plt_status (*read)(mon_target *t, void *buf, size_t n, size_t *got);
    /* Ends the document; `drop`: what is not out yet shall not be printed. Called once after open, whatever open said. */
    plt_status (*close)(mon_target *t, bool drop);
    void (*free)(mon_target *t);
} mon_target_ops;

struct mon_target {
    const mon_target_ops *ops;
    mon_cancel cancel; /* set by the job before open */
    uint32_t error;
};

/* Makes the target that a text names: "tcp:<host>:<port>", "port:<name>", "file:<path>". PLT_BAD: no such form. Free with mon_target_free. */
plt_status mon_target_make(mon_target **t, const char *text);
/* NULL-safe. */
void mon_target_free(mon_target *t);

/* Is it a well-formed target? `inner` (may be NULL) receives the name of a "port:" target, "" for others; it takes MON_TARGET_MAX bytes. */
bool mon_target_valid(const char *text, char *inner);

/* Deadlines of the TCP target; tests shorten them. */
typedef struct mon_tcp_limits {
    uint32_t connect_ms; /* for all attempts together */
    uint32_t attempt_ms; /* for one */
    uint32_t pause_ms;   /* between two */
    uint32_t stall_ms;   /* without the printer taking one byte: out of paper is no error yet */
    uint32_t read_ms;    /* one read of the back channel */
    uint32_t finish_ms;  /* for the printer to close after our end */
} mon_tcp_limits;

extern const mon_tcp_limits mon_tcp_default;

plt_status mon_target_tcp(mon_target **t, const char *host, uint16_t port, const mon_tcp_limits *limits);
plt_status mon_target_file(mon_target **t, const char *path);
/* The other spooler port of this name; PLT_UNSUPPORTED where there is no such spooler. */
plt_status mon_target_port(mon_target **t, const char *name);

#endif
