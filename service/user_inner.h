/* SPDX-License-Identifier: Apache-2.0 */
/* One client of the user pipe, for user.c (connections) and user_jobs.c (what is asked about jobs). */
#ifndef PLATEN_SERVICE_USER_INNER_H
#define PLATEN_SERVICE_USER_INNER_H

#include "os/pipe.h"
#include "service/user.h"

#define USER_REQUEST_MAX 8192 /* payload of a request: none needs more */
#define USER_REPLY_MAX 16384

typedef struct user_client {
    agent *a;
    os_pipe *pipe;
    os_pipe_peer peer; /* who asks: never what the request says */
    bool watching;
} user_client;

plt_status user_send(user_client *c, const void *frame, size_t n);
plt_status user_error(user_client *c, uint64_t code, const char *message);

/* A request about jobs, questions or accounts; PLT_UNSUPPORTED: it is none of these. PLT_BAD: malformed. Another failure: the client does not take
   its reply. */
plt_status user_jobs_request(user_client *c, uint8_t type, const uint8_t *payload, size_t n);

#endif
