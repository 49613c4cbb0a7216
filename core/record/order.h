/* SPDX-License-Identifier: Apache-2.0 */
/*
 * "Read now" from the hub to an agent, as both sides have it (docs/readings.md, "Asked by the hub"): its states, and the JSON of the two calls. Pure.
 * What is done about one is the service's and the hub's.
 */
#ifndef PLATEN_CORE_RECORD_ORDER_H
#define PLATEN_CORE_RECORD_ORDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/buf.h"
#include "core/util/status.h"

#define PLT_ORDER_REASON 256
#define PLT_ORDER_JSON_MAX 4096
#define PLT_ORDER_WAIT_MS (15 * 60 * INT64_C(1000)) /* an agent that is away so long is not asked any more */
#define PLT_ORDER_READ_MS (30 * 60 * INT64_C(1000)) /* one that began and says nothing more so long is lost */

/* A lane of the agent each; one order of a kind at a time. */
typedef enum plt_order_what { PLT_ORDER_USB, PLT_ORDER_NET, PLT_ORDER_KINDS } plt_order_what;

typedef enum plt_order_state {
    PLT_ORDER_ASKED,
    PLT_ORDER_READING,
    PLT_ORDER_DONE,
    PLT_ORDER_BUSY,     /* every printer had a job; they are read behind it */
    PLT_ORDER_FAILED,   /* `reason` says why */
    PLT_ORDER_TOO_SOON, /* the agent was asked a moment ago */
    PLT_ORDER_OFF,      /* the agent's settings leave these printers alone */
    PLT_ORDER_EXPIRED,  /* the agent did not come; follows from the time, never said */
    PLT_ORDER_LOST,     /* it began and never came back; likewise */
    PLT_ORDER_STATES
} plt_order_state;

typedef struct plt_order {
    int64_t no; /* from 1; a later order has a greater one */
    plt_order_what what;
    plt_order_state state;
    int64_t printers; /* of an end: how many were found */
    char reason[PLT_ORDER_REASON];
} plt_order;

const char *plt_order_what_word(plt_order_what w);
const char *plt_order_state_word(plt_order_state s);
/* Neither expects an answer of the agent. */
bool plt_order_over(plt_order_state s);
/* How a state that was true until `until` (Unix ms) stands now. */
plt_order_state plt_order_now(plt_order_state s, int64_t until, int64_t now);

/* An agent's word on one order: what it began, or how it ended. Reading takes no state that only the hub can find. */
plt_status plt_order_report_write(const plt_order *o, plt_buf *out);
plt_status plt_order_report_read(const char *json, size_t n, plt_order *out);

/* The orders that an agent is to know of, the open ones. Reading leaves out kinds that it does not know. */
plt_status plt_order_list_write(const plt_order *list, size_t count, plt_buf *out);
plt_status plt_order_list_read(const char *json, size_t n, plt_order list[PLT_ORDER_KINDS], size_t *count);

#endif
