/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of the store that holds what agents are set to read of the network (docs/collection.md): one row for each agent, sealed, beside what the
 * agent said of it last. The rules of hub/store.h hold.
 */
#ifndef PLATEN_HUB_STORE_COLLECTIONS_H
#define PLATEN_HUB_STORE_COLLECTIONS_H

#include "core/util/buf.h"
#include "hub/people.h"
#include "hub/store.h"

typedef struct hub_collection_row {
    char agent[HUB_AGENT_ID];
    int64_t serial;    /* 0: nothing is set */
    int64_t addresses; /* that it has */
    char author[HUB_NAME_SIZE];
    int64_t changed;
    int64_t held, refused; /* serials that the agent keeps, and that it refused; 0: none */
    int64_t reported;      /* Unix ms; 0: it has said nothing */
} hub_collection_row;

typedef struct hub_collection_ops {
    /* What is sealed goes into `sealed`, what the agent said, as JSON, into `report`; each may be NULL. PLT_NOTFOUND: neither was ever there. */
    plt_status (*get)(struct hub_store *s, int64_t tenant_id, const char *agent, hub_collection_row *out, plt_buf *sealed, plt_buf *report);
    /* In a transaction: a number that is greater than all before. */
    plt_status (*next)(struct hub_store *s, int64_t tenant_id, int64_t *serial);
    /* In a transaction. Of the row: agent, serial, addresses, author, changed. */
    plt_status (*put)(struct hub_store *s, int64_t tenant_id, const hub_collection_row *row, const void *sealed, size_t n);
    /* In a transaction. Of the row: agent, held, refused, reported. */
    plt_status (*said)(struct hub_store *s, int64_t tenant_id, const hub_collection_row *row, const char *report);
} hub_collection_ops;

extern const hub_collection_ops hub_collection_store;

#endif
