/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The store's part for devices. A device is a set of ways: how one agent reaches one printer. Whatever was read (model, meters, levels,
 * alerts) belongs to its way, so that joining and parting devices moves ways and rewrites no history. docs/devices.md has the rules; this
 * is the storing only. Rules of memory, threads and results as in hub/store.h. device_no is unique in a hub, way_no in a tenant.
 */
#ifndef PLATEN_HUB_STORE_DEVICES_H
#define PLATEN_HUB_STORE_DEVICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/device/history.h"
#include "core/device/identity.h"
#include "hub/readings.h"
#include "hub/store.h"

#define HUB_NO_PERCENT 101 /* of a device whose supplies tell no level: sorts behind all that do */

typedef struct hub_way {
    int64_t way;    /* 0: not stored yet */
    int64_t device; /* whose it is */
    int64_t home;   /* the device it was first given to: where parting takes it back to */
    int64_t ended;  /* Unix ms when another printer took its place; 0: it stands */
    bool pinned;    /* a person said whose it is */
    char agent[HUB_AGENT_ID], via[8], key[HUB_WAY_KEY];
    char address[256];
    int64_t first_seen, last_seen, last_read; /* Unix ms; last_read 0: never */
    plt_reading_outcome outcome;
    char why[320];
    plt_identity id;
} hub_way;

/* What the list shows; texts are borrowed. */
typedef struct hub_device_row {
    int64_t tenant_id, no;
    int64_t merged_into; /* 0: it stands */
    const char *tenant;  /* its name; only on the way out */
    const char *make, *model, *serial, *mac, *name, *location, *address, *state;
    const char *supplies; /* JSON list, for the bars */
    int64_t lowest;       /* percent of the lowest supply, or HUB_NO_PERCENT */
    bool low, attention;
    int64_t total;  /* -1: not known */
    int64_t alerts; /* open ones */
    int64_t ways;
    int64_t first_seen, last_seen, last_read;
    const char *search;                 /* only on the way in */
    const char *sort_name, *sort_place; /* folded; also for cursors */
} hub_device_row;

typedef enum hub_device_sort {
    HUB_DEVICES_BY_NAME,
    HUB_DEVICES_BY_STATE,
    HUB_DEVICES_BY_PLACE,
    HUB_DEVICES_BY_SUPPLY,
    HUB_DEVICES_BY_TOTAL,
    HUB_DEVICES_BY_SEEN,
    HUB_DEVICE_SORTS
} hub_device_sort;

/* The last row of a page: what it was sorted by, and its number. */
typedef struct hub_device_cursor {
    hub_device_sort sort;
    bool descending;
    int64_t no, number;
    char text[160];
} hub_device_cursor;

typedef struct hub_device_query {
    int64_t scope; /* HUB_OPERATOR: all */
    hub_device_sort sort;
    bool descending;
    int limit;
    const hub_device_cursor *after;    /* NULL: from the start */
    const char *search, *state, *make; /* NULL: any; search is folded */
    bool attention, low;               /* only those */
    const char *group;                 /* of devices; NULL: any */
    uint32_t budget_ms;
} hub_device_query;

typedef struct hub_meter_point {
    uint32_t meter;
    int64_t way, until; /* until: when it was read so the last time */
    plt_count reading;
} hub_meter_point;

typedef struct hub_level_point {
    uint32_t supply;
    int64_t way, until;
    plt_level level;
} hub_level_point;

/* Texts are borrowed. */
typedef struct hub_device_alert {
    int64_t way;
    uint32_t row;
    const char *severity, *code, *text, *remedy;
    int64_t opened, closed; /* Unix ms; closed 0: open */
} hub_device_alert;

typedef struct hub_device_event {
    int64_t device, way, at; /* device 0: of a record that could not be read */
    int64_t other;           /* the other device it is about; 0 none */
    const char *kind;        /* a word: docs/devices.md */
    const char *detail;      /* a JSON object */
} hub_device_event;

typedef struct hub_device_ops {
    /* ---- ways ---- */
    /* The standing way with this key; or else, of an agent, at this address. PLT_NOTFOUND. */
    plt_status (*way_find)(hub_store *s, int64_t tenant_id, const char *agent, const char *via, const char *key, hub_way *out);
    plt_status (*way_at)(hub_store *s, int64_t tenant_id, const char *agent, const char *via, const char *address, hub_way *out);
    /* New (its number comes out in w) or as it is now. */
    plt_status (*way_put)(hub_store *s, int64_t tenant_id, hub_way *w);
    /* All ways, ended ones too, of the devices that have one which shares serial number, MAC or UUID with id, and of `device`. At most 64. */
    plt_status (*ways_alike)(hub_store *s, int64_t tenant_id, const plt_identity *id, int64_t device, bool (*each)(void *ctx, const hub_way *w),
                             void *ctx);
    /* The ways of a device with what was read last over them (JSON, "" nothing), by number. */
    plt_status (*ways_of)(hub_store *s, int64_t tenant_id, int64_t device, bool (*each)(void *ctx, const hub_way *w, const char *model), void *ctx);
    /* Gives all ways of one device to another, which it is from then on. */
    plt_status (*join)(hub_store *s, int64_t tenant_id, int64_t from, int64_t into);
    /* A device that was joined to another stands by itself again. */
    plt_status (*stand)(hub_store *s, int64_t tenant_id, int64_t device);
    plt_status (*model_get)(hub_store *s, int64_t tenant_id, int64_t way, plt_buf *out);
    plt_status (*model_put)(hub_store *s, int64_t tenant_id, int64_t way, const char *json);

    /* ---- devices ---- */
    plt_status (*device_make)(hub_store *s, int64_t tenant_id, int64_t now, int64_t *no);
    /* All but its number, first_seen and merged_into. */
    plt_status (*device_put)(hub_store *s, const hub_device_row *d);
    /* It was seen at that time, and nothing else changed. */
    plt_status (*device_touch)(hub_store *s, int64_t tenant_id, int64_t no, int64_t at);
    plt_status (*device_get)(hub_store *s, int64_t scope, int64_t no, bool (*each)(void *ctx, const hub_device_row *d), void *ctx);
    plt_status (*devices)(hub_store *s, const hub_device_query *q, bool (*each)(void *ctx, const hub_device_row *d), void *ctx);
    plt_status (*devices_count)(hub_store *s, const hub_device_query *q, int64_t *n);
    /* The makers there are, by name. */
    plt_status (*makes)(hub_store *s, int64_t scope, bool (*each)(void *ctx, const char *make, int64_t n), void *ctx);

    /* ---- what was read ---- */
    /* The newest points of a way's meter, oldest first: at most max. */
    plt_status (*meter_last)(hub_store *s, int64_t tenant_id, int64_t way, uint32_t meter, plt_count *out, size_t max, size_t *n);
    plt_status (*meter_add)(hub_store *s, int64_t tenant_id, int64_t way, uint32_t meter, const plt_count *r);
    /* A late reading comes of a month of which the device may be on a paper: the one before it, which the paper says, is never thinned. */
    plt_status (*meter_on_paper)(hub_store *s, int64_t tenant_id, int64_t way, uint32_t meter, int64_t at);
    /* It was read with the same number again. */
    plt_status (*meter_again)(hub_store *s, int64_t tenant_id, int64_t way, uint32_t meter, int64_t at);
    /* Of all ways of a device, from <= at < to, by meter, way and time. */
    plt_status (*meters)(hub_store *s, int64_t tenant_id, int64_t device, int64_t from, int64_t to, bool (*each)(void *ctx, const hub_meter_point *p),
                         void *ctx);
    plt_status (*level_last)(hub_store *s, int64_t tenant_id, int64_t way, uint32_t supply, plt_level *out);
    plt_status (*level_add)(hub_store *s, int64_t tenant_id, int64_t way, uint32_t supply, const plt_level *l);
    plt_status (*level_again)(hub_store *s, int64_t tenant_id, int64_t way, uint32_t supply, int64_t at);
    /* By supply, way and time. */
    plt_status (*levels)(hub_store *s, int64_t tenant_id, int64_t device, int64_t from, int64_t to, bool (*each)(void *ctx, const hub_level_point *p),
                         void *ctx);
    /* Open alerts of a way are those that are stored as such: opening one that is open again changes its words only. */
    plt_status (*alert_open)(hub_store *s, int64_t tenant_id, const hub_device_alert *a);
    plt_status (*alert_close)(hub_store *s, int64_t tenant_id, int64_t way, uint32_t row, int64_t opened, int64_t now);
    plt_status (*alerts_of_way)(hub_store *s, int64_t tenant_id, int64_t way, bool (*each)(void *ctx, const hub_device_alert *a), void *ctx);
    /* Of a device: the open ones, then those closed last; at most max. */
    plt_status (*alerts)(hub_store *s, int64_t tenant_id, int64_t device, int max, bool (*each)(void *ctx, const hub_device_alert *a), void *ctx);
    plt_status (*event_add)(hub_store *s, int64_t tenant_id, const hub_device_event *e);
    /* The newest first; at most max. */
    plt_status (*events)(hub_store *s, int64_t tenant_id, int64_t device, int max, bool (*each)(void *ctx, const hub_device_event *e), void *ctx);
    /* Of records that could not be read, in a scope: likewise. */
    plt_status (*unreadable)(hub_store *s, int64_t scope, int max, bool (*each)(void *ctx, const hub_device_event *e), void *ctx);
    /* How many devices there are, and how many want a person. */
    plt_status (*sums)(hub_store *s, int64_t scope, int64_t *devices, int64_t *attention);
} hub_device_ops;

extern const hub_device_ops hub_device_store;

#endif
