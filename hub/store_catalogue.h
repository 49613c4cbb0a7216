/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store's part for the model catalogue (docs/catalogue.md): one document for the whole hub, in versions. The newest is in force, and no version
 * that was added is changed. Rules of memory, threads and results as in hub/store.h.
 */
#ifndef PLATEN_HUB_STORE_CATALOGUE_H
#define PLATEN_HUB_STORE_CATALOGUE_H

#include "core/device/catalogue.h"
#include "hub/store.h"

#define HUB_CATALOGUES_KEPT 50 /* older versions go */

typedef struct hub_catalogue_version {
    int64_t version, created; /* Unix ms */
    int64_t from;             /* the earlier version that came back with it; 0: none */
    int64_t models;
    char author[HUB_AUTHOR_SIZE], note[HUB_POLICY_WORDS];
} hub_catalogue_version;

typedef struct hub_catalogue_ops {
    /* The one in force, read once for each version and connection; borrowed until the next call. PLT_NOTFOUND, and NULL: there is none. */
    plt_status (*current)(hub_store *s, const plt_catalogue **out);
    /* What is said of it; PLT_NOTFOUND. */
    plt_status (*newest)(hub_store *s, hub_catalogue_version *v);
    plt_status (*text)(hub_store *s, int64_t version, plt_buf *out);
    /* The newest first, those before `before`. */
    plt_status (*versions)(hub_store *s, int64_t before, int limit, bool (*each)(void *ctx, const hub_catalogue_version *v), void *ctx);
    /* Puts v in force in the place of `on` (0: of none). PLT_EXISTS: another one is in force by now. */
    plt_status (*add)(hub_store *s, int64_t on, const hub_catalogue_version *v, const char *text);
    /* What the devices of a scope call themselves, and how many do: the most first. */
    plt_status (*models)(hub_store *s, int64_t scope, bool (*each)(void *ctx, const char *make, const char *model, int64_t devices), void *ctx);
} hub_catalogue_ops;

extern const hub_catalogue_ops hub_catalogue_store;

/* What a catalogue in force says of a device's model; NULL: nothing, or there is none. *c and the model are borrowed as with current(). */
plt_status hub_catalogue_model(hub_store *s, const char *make, const char *model, const plt_catalogue_model **out, const char **by);
/* The memory of what current() gave. NULL-safe. */
struct store_catalogue;
void store_catalogue_free(struct store_catalogue *c);

#endif
