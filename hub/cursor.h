/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cursor of the jobs list: the last row a page showed and the order it was shown in. Rows are named, not counted,
 * so that rows which arrive between two pages move nothing. Opaque to clients; pure codec.
 */
#ifndef PLATEN_HUB_CURSOR_H
#define PLATEN_HUB_CURSOR_H

#include <stdbool.h>
#include <stdint.h>

#define HUB_AGENT_ID 17 /* 16 hex digits and the terminator */
#define HUB_CURSOR_TEXT 48

typedef enum hub_sort { HUB_SORT_TIME, HUB_SORT_USER, HUB_SORT_QUEUE, HUB_SORT_DOCUMENT, HUB_SORT_PAGES, HUB_SORT_MACHINE, HUB_SORTS } hub_sort;

typedef struct hub_cursor {
    hub_sort sort;
    bool descending;
    int64_t tenant_id;
    char agent[HUB_AGENT_ID];
    int64_t seq;
} hub_cursor;

void hub_cursor_format(const hub_cursor *c, char out[HUB_CURSOR_TEXT]);
/* False when the text was not made by hub_cursor_format. */
bool hub_cursor_parse(const char *text, hub_cursor *out);

/* 16 lower-case hex digits? */
bool hub_id_valid(const char *id);

#endif
