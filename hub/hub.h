/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The running hub: what its parts share. Threads: the event loop (http.c, events.c), the workers and the sign-in
 * worker (lane.c: reading, parsing, password hashing), the writer (writer.c: every write, in groups). Tasks travel
 * between them; nothing else is shared but what is const after the start or has its lock beside it.
 */
#ifndef PLATEN_HUB_HUB_H
#define PLATEN_HUB_HUB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "hub/assets.h"
#include "hub/ca.h"
#include "hub/signer.h"
#include "hub/store.h"
#include "hub/task.h"
#include "hub/throttle.h"
#include "os/file.h"
#include "os/thread.h"

#define HUB_WORKERS 3
#define HUB_WORK_QUEUE 256
#define HUB_SIGNIN_QUEUE 32
#define HUB_OUTSIDE 2 /* threads that wait for other servers */
#define HUB_OUTSIDE_QUEUE 16
#define HUB_WRITE_QUEUE 1024
#define HUB_BATCH_MEMORY (160u << 20) /* of batches that wait for the writer */

typedef struct hub_lane hub_lane;
typedef struct hub_writer hub_writer;

#define HUB_NEWS 32

/* A tenant's policies have changed, or one of its agents is asked to read, or to give a lease back. */
typedef struct hub_news {
    int64_t tenant_id; /* 0: any tenant's may have */
    int64_t serial;
    int64_t order;            /* 0: it is no order */
    char agent[HUB_AGENT_ID]; /* of an order or a lease; "": any */
    char lease[PLT_LEASE_ID]; /* "": it is no lease */
} hub_news;

typedef struct hub {
    char data_dir[OS_PATH_MAX];
    hub_store_where where;
    uint64_t id; /* of this process, among the hubs on one store */
    hub_ca *ca;
    hub_signer *signer, *receipts;
    hub_assets *assets;
    hub_lane *work, *signin, *outside;
    hub_writer *writer;
    hub_throttle *throttle; /* the sign-in worker's */

    os_mutex *lock; /* of everything below */
    hub_task *done_first, *done_last;
    hub_task *once;          /* the first of those under way that have a key (once.h) */
    int64_t new_jobs;        /* committed, not yet told to the event streams */
    int64_t new_devices;     /* readings, likewise */
    hub_news news[HUB_NEWS]; /* committed, not yet told to the live links */
    size_t news_count;
    uint64_t facts, rules; /* commits that alerts look at; changes of their rules */
    size_t batch_memory;   /* of the batches under way */
    bool heavy;            /* a worker is at a proof or a back-test: one at a time, so that two are left for everybody else */
    bool stopping;
    void (*wake)(struct hub *h); /* wakes the event loop; NULL before there is one */
    void *loop;                  /* wake's */
} hub;

/* Any thread. Hands a finished task to the event loop. */
void hub_done(hub *h, hub_task *t);
/* The event loop: all finished tasks, linked by `next`, and the number of new jobs since the last call. */
hub_task *hub_done_take(hub *h, int64_t *new_jobs);
/* Counts n bytes of a batch against the bound; false when it is reached. */
bool hub_batch_memory_take(hub *h, size_t n);
/* Any thread. Jobs that are committed, for the event streams. */
void hub_told_jobs(hub *h, int64_t n);
void hub_told_devices(hub *h, int64_t n);
/* The event loop: how many since the last call. */
int64_t hub_new_devices_take(hub *h);
/* Rules of alerts were changed: they are looked at anew. */
void hub_told_rules(hub *h);
/* The two counts, for who compares them with those of before. */
void hub_facts(hub *h, uint64_t *facts, uint64_t *rules);
void hub_told_policy(hub *h, int64_t tenant_id, int64_t serial);
/* The agent is asked to give the lease back. */
void hub_told_lease(hub *h, const char *agent, const char *lease);
void hub_told_order(hub *h, int64_t tenant_id, const char *agent, int64_t no);
/* For tasks of seconds: false when another one is under way. */
bool hub_heavy_take(hub *h);
void hub_heavy_give(hub *h);
/* The event loop: how much news since the last call, in out. */
size_t hub_news_take(hub *h, hub_news out[HUB_NEWS]);

#endif
