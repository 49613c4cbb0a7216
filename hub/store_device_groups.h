/* SPDX-License-Identifier: Apache-2.0 */
/* The store's part for groups of devices. Rules of memory, threads and results as in hub/store.h. */
#ifndef PLATEN_HUB_STORE_DEVICE_GROUPS_H
#define PLATEN_HUB_STORE_DEVICE_GROUPS_H

#include <stdbool.h>
#include <stdint.h>

#include "hub/store.h"

#define HUB_DEVICE_GROUP_ID 17
#define HUB_DEVICE_PATTERN 129 /* bytes, with the terminator */

typedef struct hub_device_group {
    int64_t tenant_id;
    char id[HUB_DEVICE_GROUP_ID], name[129];
    char tenant[HUB_TENANT_SIZE]; /* its name; only on the way out */
    int64_t rules, devices;       /* how many parts there are of each; only on the way out */
} hub_device_group;

/* A device by hand, or what all of a rule's devices have. Texts are borrowed; patterns with * and ?, "" or NULL anything. */
typedef struct hub_device_part {
    int64_t device;     /* 0: a rule */
    int64_t site;       /* the tenant at or under which they stand; 0 the group's */
    const char *tenant; /* the site's name; only on the way out */
    const char *model, *name, *place;
} hub_device_part;

typedef struct hub_device_group_ops {
    /* At and under the scope, by name. */
    plt_status (*groups)(hub_store *s, int64_t scope, bool (*each)(void *ctx, const hub_device_group *g), void *ctx);
    plt_status (*get)(hub_store *s, int64_t scope, const char *id, hub_device_group *out);
    plt_status (*count)(hub_store *s, int64_t tenant_id, int64_t *n);
    /* A new one, or its name; it has no parts then. PLT_EXISTS: the tenant has one of that name. */
    plt_status (*put)(hub_store *s, const hub_device_group *g, bool made);
    plt_status (*drop)(hub_store *s, const hub_device_group *g);
    plt_status (*part_add)(hub_store *s, const hub_device_group *g, int64_t no, const hub_device_part *p);
    plt_status (*parts)(hub_store *s, const hub_device_group *g, bool (*each)(void *ctx, const hub_device_part *p), void *ctx);
    /* Does a rule of alerts name it? */
    plt_status (*watched)(hub_store *s, const char *id, bool *out);
} hub_device_group_ops;

extern const hub_device_group_ops hub_device_group_store;

#endif
