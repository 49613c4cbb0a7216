/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ledger's part for printers: their records, and beside them what each printer said last, so that only changes are recorded. Both are
 * written in one transaction: a killed service finds either none or both, and so loses no change and tells none twice.
 */
#ifndef PLATEN_SERVICE_LEDGER_DEVICES_H
#define PLATEN_SERVICE_LEDGER_DEVICES_H

#include "service/ledger.h"

/* A printer as it stands in the table. All texts are borrowed by whoever gets or gives it. */
typedef struct ledger_device {
    const char *via, *key;
    const char *json; /* the device model of all that was recorded; "" when nothing was ever read */
    int64_t at;       /* Unix ms: when it answered last */
    const char *outcome, *why, *address;
} ledger_device;

/* What happened at once. */
typedef struct ledger_news {
    const char *type, *body;     /* of the record; NULL: there is none */
    const ledger_device *device; /* takes the place of the one of its way and key; NULL */
    const char *via;             /* of the keys that answered */
    const char *const *answered; /* printers that answered at `answered_at`, and said nothing new */
    size_t answered_count;
    int64_t answered_at;
    const char *const *marks; /* names of ledger_mark that become mark_at */
    size_t mark_count;
    int64_t mark_at;
} ledger_news;

/* Writes it all, or nothing. *seq: the record's number, 0 without. */
plt_status ledger_tell(ledger *l, const ledger_news *n, int64_t now_ms, int64_t *seq);

/* Calls fn for each printer in the order of way and key, until it gives false. fn may not call the ledger. PLT_NOTFOUND: no service of this version
   has written this ledger yet. */
plt_status ledger_devices(ledger *l, bool (*fn)(void *ctx, const ledger_device *d), void *ctx);
/* Appends the `json` of one. PLT_NOTFOUND: it is not in the table. */
plt_status ledger_device_json(ledger *l, const char *via, const char *key, plt_buf *out);
/* The same of the one at an address, the last that answered there. PLT_NOTFOUND: none is known there, or several are (a print server's ports). */
plt_status ledger_device_at(ledger *l, const char *address, plt_buf *out);
/* Forgets those that are gone and answered last before `before_ms`. */
plt_status ledger_devices_forget(ledger *l, int64_t before_ms);
/* A mark set by ledger_tell; 0: never. */
int64_t ledger_mark(ledger *l, const char *mark);
/* 16 octets at random that this ledger keeps, for hashes that nobody else can make. */
plt_status ledger_salt(ledger *l, uint8_t out[16]);

#endif
