/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Jobs that an agent holds now, as agent and hub tell each other (docs/enforcement.md, "Held jobs at the hub"): the whole list with the ends of
 * orders, and the orders to release or cancel one. Pure. What is done about an order is the service's desk's and the hub's store's.
 */
#ifndef PLATEN_CORE_RECORD_HELD_H
#define PLATEN_CORE_RECORD_HELD_H

#include "core/record/record.h"

#define PLT_HELD_MOST 256 /* jobs of a list, orders, ends of orders: as many as a desk takes */
#define PLT_HELD_TEXT 256 /* names and titles are cut to this */
#define PLT_HELD_BY 129
#define PLT_HELD_JSON_MAX (2u << 20)
#define PLT_HELD_ORDERS_MAX (512u << 10)
#define PLT_HELD_WAIT_MS (15 * 60 * INT64_C(1000)) /* an agent that is away so long is not asked any more */

typedef struct plt_held_job {
    char uid[PLT_UID_HEX];
    char user[PLT_HELD_TEXT], document[PLT_HELD_TEXT], machine[PLT_HELD_TEXT], queue[PLT_HELD_TEXT]; /* "" not known */
    char device[192], rule[65], currency[8];
    plt_maybe pages, copies, sheets, color_pages, cost; /* cost: millionths of the currency */
    int64_t since, until;                               /* Unix ms; it is cancelled at `until`, 0: never */
} plt_held_job;

typedef enum plt_held_act { PLT_HELD_RELEASE, PLT_HELD_CANCEL, PLT_HELD_ACTS } plt_held_act;

/* What became of an order. Numbers are in the hub's database: never reuse one. */
typedef enum plt_held_end {
    PLT_HELD_ASKED,    /* the agent has not said */
    PLT_HELD_DONE,     /* released or cancelled, as asked */
    PLT_HELD_ASKS,     /* released; its owner has a question to answer first */
    PLT_HELD_RELEASED, /* somebody else had released it before */
    PLT_HELD_OVER,     /* it was cancelled before: by its owner, or nobody released it in time */
    PLT_HELD_UNKNOWN,  /* the agent has no such job */
    PLT_HELD_FAILED,   /* it could not be written down; the job is held as before */
    PLT_HELD_EXPIRED,  /* the agent did not come; follows from the time, never said */
    PLT_HELD_ENDS
} plt_held_end;

const char *plt_held_act_word(plt_held_act a);
bool plt_held_act_find(const char *word, plt_held_act *out);
const char *plt_held_end_word(plt_held_end e);
/* How an order that ends by itself at `until` (Unix ms) stands now. */
plt_held_end plt_held_now(plt_held_end e, int64_t until, int64_t now);

typedef struct plt_held_said {
    int64_t no; /* of the order */
    plt_held_end end;
} plt_held_said;

/* What an agent tells: a list is newer than another where `seq` is greater. */
typedef struct plt_held_list {
    int64_t seq; /* from 1 */
    size_t n, said_n;
    plt_held_job *jobs;
    plt_held_said *said;
} plt_held_list;

plt_status plt_held_list_write(const plt_held_list *l, plt_buf *out);
/* One block, as large as what is in it, freed with free(); NULL after a failure. Two jobs of one uid are malformed. */
plt_status plt_held_list_read(const char *json, size_t n, plt_held_list **out);

/* The hub's answer: the number of the list that it holds now, and whether that is the one it was just told. */
plt_status plt_held_taken_write(int64_t seq, bool taken, plt_buf *out);
plt_status plt_held_taken_read(const char *json, size_t n, int64_t *seq, bool *taken);

typedef struct plt_held_order {
    int64_t no;
    plt_held_act act;
    char uid[PLT_UID_HEX];
    char by[PLT_HELD_BY]; /* who asked for it */
} plt_held_order;

/* The open orders of an agent, and the number of the list that the hub has of it (0: none). */
typedef struct plt_held_orders {
    int64_t seq;
    size_t n;
    plt_held_order list[PLT_HELD_MOST];
} plt_held_orders;

plt_status plt_held_orders_write(const plt_held_orders *o, plt_buf *out);
/* Leaves out acts that it does not know. */
plt_status plt_held_orders_read(const char *json, size_t n, plt_held_orders *out);

#endif
