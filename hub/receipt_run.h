/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Issuing the receipts of months that are over. It must never issue what it has not claimed, nor a month that stands; what cannot be issued says why
 * and is tried again. docs/receipts.md.
 */
#ifndef PLATEN_HUB_RECEIPT_RUN_H
#define PLATEN_HUB_RECEIPT_RUN_H

#include "hub/signer.h"
#include "hub/store_receipts.h"

typedef struct hub_receipter {
    hub_store *s;
    hub_signer *signer;
    char who[20]; /* this hub, among those on the store */
} hub_receipter;

/* One month of one tenant, if one is due. *did: one was; ask again at once. */
plt_status hub_receipt_round(hub_receipter *d, int64_t now, bool *did);

#endif
