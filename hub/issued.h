/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a hub gives out on what was counted, signed and kept: the meters of a month, the supplies to order of a day. Issued once, it stays as it is:
 * whoever asks for the period again gets the same bytes, whatever was read since. docs/receipts.md.
 */
#ifndef PLATEN_HUB_ISSUED_H
#define PLATEN_HUB_ISSUED_H

#include "core/util/buf.h"
#include "hub/signer.h"
#include "hub/store.h"

#define HUB_ISSUED_ID 17
#define HUB_ISSUED_MAX (12u << 20)
#define HUB_ISSUED_REASON 201

typedef enum hub_issued_kind { HUB_ISSUED_METERS, HUB_ISSUED_SUPPLIES, HUB_ISSUED_KINDS } hub_issued_kind;

/* "meters", "supplies". */
const char *hub_issued_name(hub_issued_kind k);

/* What is to be issued. */
typedef struct hub_issue {
    hub_issued_kind kind;
    char id[HUB_ISSUED_ID];
    int64_t tenant_id;
    const char *tenant;
    char period[16]; /* "2026-01", "2026-01-31" */
    int64_t from, to, now;
    int64_t target;               /* of each device's total meter in the period; -1: none */
    char replaces[HUB_ISSUED_ID]; /* the one of the same period that this is issued in place of, and why; "": none */
    char reason[HUB_ISSUED_REASON];
    uint32_t budget_ms;
} hub_issue;

/* The devices that came onto it. */
typedef struct hub_issue_devices {
    hub_issued_device *of; /* owned */
    size_t n, cap;
} hub_issue_devices;

/* The period of a kind: a month that is over, a day that has begun. NULL, or what is wrong with it. */
const char *hub_issue_period(hub_issue *i, const char *text);
/* The signed file, appended to out; `devices` is freed with hub_issue_devices_free() in any case. */
plt_status hub_issue_make(const hub_issue *i, hub_store *s, hub_signer *signer, plt_buf *out, hub_issue_devices *devices);
void hub_issue_devices_free(hub_issue_devices *d);
/* What the store keeps of it, issued by `who` ("": by the hub itself). Its texts are borrowed from i and who. */
hub_issued hub_issued_row(const hub_issue *i, const hub_issue_devices *d, const char *who);

/* A kept file as CSV, appended to out; as PDF. PLT_BAD: it is no such file. */
plt_status hub_issued_csv(const char *file, size_t n, plt_buf *out);
plt_status hub_issued_pdf(const char *file, size_t n, int language, plt_buf *out);

#endif
