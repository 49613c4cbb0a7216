/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the service's parts share. Each part is one file with a start and a stop: intake (the monitor's pipe), journal (what the
 * monitor wrote while we were away), sync (the hub), feed (policies from it), user (the tray's and the CLI's pipe), queues (which queue prints
 * through us),
 * devices (readings of printers), orders (readings that the hub asks for).
 */
#ifndef PLATEN_SERVICE_AGENT_H
#define PLATEN_SERVICE_AGENT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/collect/collection.h"
#include "core/policy/cost.h"
#include "core/policy/policy.h"
#include "core/record/record.h"
#include "core/util/attr.h"
#include "os/file.h"
#include "os/spooler.h"
#include "os/thread.h"
#include "service/ledger.h"
#include "service/ledger_devices.h"
#include "worker/client.h"

#define AGENT_MESSAGE_MAX 512
#define AGENT_IDLE_WORKERS 2
#define AGENT_MAX_JOBS 64

struct accounts;
struct desk;
struct lease_sync;
struct persons;
struct printers;
struct orders;
struct timekeeper;
struct watchers;

typedef struct agent {
    char data_dir[OS_PATH_MAX];
    ledger *ledger;
    uint32_t open_grace_s;            /* how long a begun job waits for its journal while its process lives */
    char second_opinion[OS_PATH_MAX]; /* Ghostscript's program; "": off */
    uint32_t opinion_seconds;
    uint64_t gate_job_max, gate_all_max; /* bytes of one gate file, of all of them */
    struct timekeeper *clock;            /* the time that rules go by */
    struct desk *desk;                   /* the jobs that the service owns */
    struct accounts *accounts;
    struct watchers *watchers; /* who looks at questions */
    struct persons *persons;   /* their groups, as this PC has them */
    struct printers *printers; /* which one is behind a target */

    os_mutex *loading; /* one thread at a time looks for another policy */
    os_mutex *lock;    /* everything below */
    os_cond *wake;     /* a record was added, or stopping */
    bool stopping;
    bool new_records;
    int state; /* PLT_STATE_... */
    char message[AGENT_MESSAGE_MAX];
    int64_t last_sync; /* Unix ms, 0 never */
    char hub[256], id[64];
    struct lease_sync *leasing; /* NULL while it does not run */
    struct orders *orders;      /* likewise */
    plt_policy *policy;
    plt_prices *prices;
    unsigned policy_users; /* while it is not 0, neither of the two is replaced */
    uint8_t policy_sha[32], prices_sha[32];
    char policy_set[64];                    /* the hub's name of `policy`; "" it is none of its */
    int64_t policy_published;               /* and its version */
    char policy_words[256];                 /* what of the hub's is in force; "" nothing is (feed.c) */
    char policy_problem[AGENT_MESSAGE_MAX]; /* why a later one was refused; "" none was */
    plt_worker *idle[AGENT_IDLE_WORKERS];
    plt_collection_report collection;                 /* collecting.c */
    bool collection_to_say;                           /* the hub has not heard of it */
    uint64_t collection_turn;                         /* changes with what is in force */
    struct devices *devices;                          /* NULL while it does not run */
    char live[AGENT_MAX_JOBS][PLT_UID_HEX];           /* jobs whose connection is open */
    char live_port[AGENT_MAX_JOBS][OS_PORT_NAME_MAX]; /* and where they print: agent_live_ports */
} agent;

plt_status agent_create(agent **a, const char *data_dir);
void agent_free(agent *a);

/* State and message for people; the message says what happened and what to do. */
void agent_set_state(agent *a, int state, const char *fmt, ...) PLT_PRINTF(3, 4);
bool agent_stopping(agent *a);
/* Waits up to ms; true when the agent is stopping. */
bool agent_pause(agent *a, uint32_t ms);
/* Tells every part to end. */
void agent_stop(agent *a);

/* Makes the job's record; on a full disk gives the reserve free and tries once more. Wakes the sync. PLT_EXISTS is no failure. */
plt_status agent_record(agent *a, const plt_job *j);
/* The same without a look at the desk, which calls it. */
plt_status agent_commit(agent *a, const plt_job *j);
/* ledger_end with the same care for a full disk. */
plt_status agent_end(agent *a, const plt_job *j);

/* Which jobs are in the hands of the intake now. */
void agent_set_live(agent *a, const plt_job *j, bool live);
bool agent_is_live(agent *a, const char *uid);
/* The local ports where they print, tabs between; "*" among them: a job whose port is not known. */
#define AGENT_PORTS_MAX 8000
void agent_live_ports(agent *a, char out[AGENT_PORTS_MAX]);

/* ledger_tell with the same care for a full disk as agent_record has. */
plt_status agent_tell(agent *a, const ledger_news *n, int64_t now_ms);

/* A worker of one's own for one job; NULL: none can be had, the analysis is unknown. Give it back after. */
plt_worker *agent_take_worker(agent *a);
void agent_give_worker(agent *a, plt_worker *w);

/* Reads <data>/policy.json again if it changed. A set with a mistake leaves the old one in force and is logged. */
void agent_load_policy(agent *a);
/* The same for a set that came from the hub, which calls it so; "" and 0: it assigned none. */
void agent_load_hub_policy(agent *a, const char *set, int64_t published);
/* The hub's name of the set in force; *published is unknown and `set` "" when it is not the hub's. */
void agent_policy_named(agent *a, char *set, size_t size, plt_maybe *published);
/* The set in force, NULL: none, and the prices; both stay until agent_policy_end. */
const plt_policy *agent_policy_begin(agent *a, const plt_prices **prices);
void agent_policy_end(agent *a);
bool agent_has_policy(agent *a);

#endif
