/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request on its way: from the event loop to a worker, perhaps on to the writer, and back. A task is owned by exactly
 * one of them at a time; handing it over hands everything over. The event loop never waits for any of them.
 */
#ifndef PLATEN_HUB_TASK_H
#define PLATEN_HUB_TASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/buf.h"
#include "core/util/status.h"
#include "hub/batch.h"
#include "hub/ca.h"
#include "hub/people.h"
#include "hub/reply.h"
#include "hub/store.h"
#include "os/file.h"

#define HUB_TOKEN_SIZE 48   /* a session's token or a CSRF token in base64url, and the terminator */
#define HUB_ADDRESS_SIZE 48 /* an IPv6 address in text */
#define HUB_BEARER "pltk_"  /* what an API token begins with */
#define HUB_BEARER_SIZE 64
#define HUB_QUERY_ARGS 16
#define HUB_PATH_ARGS 2
#define HUB_PATH_ARG_SIZE 64
#define HUB_ORDERS_MOST 8 /* agents' lanes that one request may have read */

struct hub;
struct hub_conn;
struct hub_route;
typedef struct hub_task hub_task;

typedef enum hub_step {
    HUB_DONE,  /* the reply is filled in */
    HUB_WRITE, /* `write` is to run on the writer thread; the reply is for the case that it commits */
} hub_step;

/* What a thread that runs handlers has. */
typedef struct hub_worker {
    struct hub *hub;
    hub_store *store; /* its own connection; for reading only */
} hub_worker;

typedef struct hub_request {
    const struct hub_route *route;
    char path_arg[HUB_PATH_ARGS][HUB_PATH_ARG_SIZE];
    char *query;                           /* owned: name=value, each NUL-terminated, decoded */
    const char *query_arg[HUB_QUERY_ARGS]; /* into query */
    size_t query_args;
    char address[HUB_ADDRESS_SIZE];
    hub_peer peer;                /* agents' side */
    char token[HUB_TOKEN_SIZE];   /* console's side: of the session cookie, "" none */
    char sso[HUB_TOKEN_SIZE];     /* of the cookie of a single sign-on that is under way, "" none */
    char csrf[HUB_TOKEN_SIZE];    /* of the header, "" none */
    char bearer[HUB_BEARER_SIZE]; /* console's side: an API token, "" none */
    char known[256];              /* If-None-Match, "" none */
    char once[HUB_ONCE_KEY + 3];  /* Idempotency-Key as it came, "" none */
    char client[160];             /* what the browser or program calls itself */
    bool json, gzip;              /* of the body */
    bool csv, pdf, lines;         /* text/csv, application/pdf, application/jsonl is what is asked for */
    char language[16];            /* console's side: the first one of Accept-Language, "" none */
    plt_buf body;
} hub_request;

/* What people's handlers want written. */
typedef struct hub_change {
    hub_person person;
    hub_tenant tenant;
    hub_custom_role role;
    hub_token_row token;
    char id[HUB_SESSION_ID];
    char secret[HUB_TOTP_TEXT];
    int64_t step;
    uint8_t codes[HUB_RECOVERY_CODES][32];
    size_t code_count;
} hub_change;

struct hub_task {
    hub_task *next;        /* of the queue it is in */
    struct hub_conn *conn; /* event loop only; NULL when nobody waits for the reply any more */
    hub_request in;
    hub_reply out;
    /* Runs on a worker; for HUB_WRITE, `write` on the writer, inside a transaction that is committed afterwards. A status
       but PLT_OK takes back what this task wrote; the reply must be filled in then, or hub_reply_store() does it. */
    hub_step (*work)(hub_worker *w, hub_task *t);
    plt_status (*write)(hub_store *s, hub_task *t, int64_t now);
    void (*after)(hub_task *t); /* on the writer, once the commit has succeeded; may be NULL */
    hub_once once;              /* of a change that came with a key */
    /* Found on the way by the handlers. */
    hub_agent agent;         /* of an agent's request */
    hub_session_row session; /* of a console request */
    uint8_t token_hash[32];
    uint8_t new_token_hash[32]; /* of the session that a sign-in makes */
    hub_account account;
    hub_batch batch;
    plt_buf plain;         /* what the batch points into */
    size_t weight;         /* bytes counted against the hub's bound on memory for batches */
    int64_t new_jobs;      /* for the events, after the commit */
    int64_t new_devices;   /* readings that said something of one */
    int64_t device, other; /* of a request about devices */
    int64_t ways[64];      /* those that are to be parted */
    size_t way_count;
    int64_t policy_tenant, policy_serial; /* the tenant's new serial, for the live links after the commit; of a live link: the one it begins with */
    struct {
        char agent[HUB_AGENT_ID];
        int64_t no;
    } orders[HUB_ORDERS_MOST]; /* to read, for the live links of order_tenant after the commit */
    size_t order_count;
    int64_t order_tenant;
    int64_t order_open; /* of a live link: the newest order that the agent is to know of; 0: none */
    void *more;         /* what a handler keeps for its write: one allocation, freed with the task; NULL none */
    char etag[40];      /* what out.etag may point to */
    uint8_t secret_hash[32];
    char serial[HUB_SERIAL_SIZE];
    int64_t expires;
    char first_login[OS_PATH_MAX]; /* the file to remove after a change of password; "" none */
    /* For the audit log, where the route says so: "" is what the path or the query says. */
    char object[HUB_OBJECT_SIZE], detail[HUB_DETAIL_SIZE];
    int64_t audit_tenant; /* 0: the caller's scope */
    hub_change change;
};

/* NULL without memory. */
hub_task *hub_task_new(void);
/* Frees everything it holds; secrets are wiped. NULL-safe. */
void hub_task_free(hub_task *t);
/* What the audit log is told of it; borrowed from the task. */
void hub_task_audit(hub_task *t, hub_audit *out);
/* A query argument, or NULL. Borrowed. */
const char *hub_task_query(const hub_task *t, const char *name);

#endif
