/* SPDX-License-Identifier: Apache-2.0 */
/* What store_alerts.c and store_deliveries.c share. Nothing else includes it. */
#ifndef PLATEN_HUB_STORE_ALERT_PARTS_H
#define PLATEN_HUB_STORE_ALERT_PARTS_H

#include "hub/db.h"
#include "hub/store_alerts.h"

/* Every row through `row`, which says false to stop. */
plt_status store_each(hub_store *h, db_stmt *st, bool (*row)(void *ctx, db_stmt *st), void *ctx);
/* A statement whose first parameter is a text. */
db_stmt *store_with(hub_store *h, const char *sql, const char *id);

/* store_deliveries.c */
plt_status store_channels(hub_store *h, int64_t scope, bool (*each)(void *ctx, const hub_channel *c), void *ctx);
plt_status store_channel_get(hub_store *h, int64_t scope, const char *id, hub_channel *out);
plt_status store_channel_put(hub_store *h, const hub_channel *c);
plt_status store_channel_drop(hub_store *h, const char *id);
plt_status store_mail_get(hub_store *h, hub_mail_settings *out);
plt_status store_mail_put(hub_store *h, const hub_mail_settings *m);
plt_status store_mail_drop(hub_store *h);
plt_status store_delivery_add(hub_store *h, const hub_delivery *d, const char *body);
plt_status store_deliveries_due(hub_store *h, int64_t now, int max, bool (*each)(void *ctx, const hub_delivery *d), void *ctx);
plt_status store_delivery_claim(hub_store *h, int64_t no, const char *who, int64_t now, plt_buf *body);
plt_status store_delivery_end(hub_store *h, const hub_delivery *d, const char *who);
plt_status store_deliveries(hub_store *h, int64_t scope, int max, bool (*each)(void *ctx, const hub_delivery *d), void *ctx);

#endif
