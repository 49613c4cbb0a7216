/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one table of what can be asked of the hub, by whom, and whether a CSRF token is needed. Matching and the verdict
 * on a caller are pure; who the caller is, is found out by hub_route_run on a worker.
 */
#ifndef PLATEN_HUB_ROUTES_H
#define PLATEN_HUB_ROUTES_H

#include <stdbool.h>
#include <stddef.h>

#include "hub/rights.h"
#include "hub/task.h"

#define HUB_LOOK_MS (10 * 60 * (int64_t)1000)

typedef enum hub_side { HUB_AGENTS, HUB_CONSOLE } hub_side;

typedef enum hub_caller {
    HUB_ANYONE,
    HUB_AGENT,   /* a certificate of ours that is known and not revoked */
    HUB_SESSION, /* signed in, or with an API token */
} hub_caller;

typedef struct hub_route {
    hub_side side;
    const char *method;
    const char *path; /* "{}" stands for one part */
    hub_caller caller;
    hub_right right;   /* of HUB_SESSION: what it takes */
    bool csrf;         /* the X-CSRF-Token header is required of a session; a token needs none */
    bool one_time;     /* allowed while the password is still a one-time one */
    bool no_token;     /* about the session itself, or about getting in: not with an API token */
    bool slow;         /* hashes passwords or counts wrong tries: runs on the sign-in worker */
    bool secret;       /* its answer has, or may have, what is shown once: it is not stored (once.h) */
    bool outside;      /* waits for somebody else's server: runs on a lane of its own */
    size_t max_body;   /* 0: none is taken */
    const char *audit; /* the action in the audit log; NULL: not noted. A change is noted each time, a look once in HUB_LOOK_MS */
    hub_step (*handler)(hub_worker *w, hub_task *t);
} hub_route;

/* The table. */
const hub_route *hub_routes(size_t *n);

/* 0 with *out set and the path's parts in arg; 404; or 405 with the methods that there are in allow. */
int hub_route_find(hub_side side, const char *method, const char *path, const hub_route **out, char arg[HUB_PATH_ARGS][64], char *allow,
                   size_t allow_size);

/* What is known of a caller. */
typedef struct hub_who {
    bool agent;   /* known and not revoked */
    bool session; /* stands */
    bool token;   /* it is an API token */
    hub_rights rights;
    bool must_change; /* signed in with a one-time password */
    bool csrf;        /* the CSRF token matches the session */
} hub_who;

typedef enum hub_verdict {
    HUB_PASS,
    HUB_NO_AGENT,    /* 401 */
    HUB_NO_SESSION,  /* 401 */
    HUB_BAD_CSRF,    /* 403 */
    HUB_MUST_CHANGE, /* 403 */
    HUB_NO_TOKENS,   /* 403 */
    HUB_NO_RIGHT,    /* 403 */
} hub_verdict;

hub_verdict hub_route_verdict(const hub_route *r, const hub_who *who);
/* The reply that a verdict other than HUB_PASS is. `why` is added to the detail for HUB_NO_AGENT; may be NULL. */
void hub_route_refuse(hub_reply *r, hub_verdict v, const char *why);

/* A task's `work`: finds out who calls, judges, runs the handler. */
hub_step hub_route_run(hub_worker *w, hub_task *t);

#endif
