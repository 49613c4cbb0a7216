/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Handing a message to a mail server (SMTP, by libcurl). Always under TLS, from the first octet or by STARTTLS, with the server's certificate
 * checked; there is no way to switch that off. A libcurl without SMTP says so: os_mail_there() is false, and sending fails with PLT_UNSUPPORTED.
 */
#ifndef PLATEN_OS_MAIL_H
#define PLATEN_OS_MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/status.h"

typedef struct os_mail_server {
    const char *host;
    int port;
    bool tls;         /* from the first octet; else STARTTLS */
    const char *user; /* "" no AUTH */
    const char *password;
    const char *ca_pem;           /* "" the system's */
    bool (*cancelled)(void *ctx); /* NULL, or asked about once a second: true ends the call */
    void *ctx;
} os_mail_server;

typedef struct os_mail_result {
    int code;          /* the server's last reply; 0: none came */
    bool tls_refused;  /* the failure is one of trust, or there was no TLS */
    char problem[400]; /* what failed, for a person; "" nothing */
} os_mail_result;

/* Can this program send mail at all? */
bool os_mail_there(void);
/*
 * One message to one address; blocks for timeout_ms at most. `from` and `to` are bare addresses. PLT_OK: the server has taken it over. PLT_DENIED: it
 * refused for good (5yz), or the trust failed. PLT_BUSY: it asks to come again (4yz). PLT_TIMEOUT, PLT_NOTFOUND (not reached), PLT_IO.
 */
plt_status os_mail_send(const os_mail_server *s, const char *from, const char *to, const void *message, size_t n, uint32_t timeout_ms,
                        os_mail_result *r);

#endif
