/* SPDX-License-Identifier: Apache-2.0 */
/* The query of the devices list, read from a request, and the codec of its cursor. Pure. */
#ifndef PLATEN_HUB_DEVICE_PAGE_H
#define PLATEN_HUB_DEVICE_PAGE_H

#include "hub/store_devices.h"
#include "hub/task.h"

#define HUB_DEVICE_CURSOR_TEXT 320

void hub_device_cursor_of(const hub_device_query *q, const hub_device_row *d, char out[HUB_DEVICE_CURSOR_TEXT]);
/* False when the text was not made by hub_device_cursor_of. */
bool hub_device_cursor_parse(const char *text, hub_device_cursor *out);

/* The query of a task: NULL, or what is wrong with it. `cursor` and `search` hold what q points to. */
const char *hub_device_query_read(const hub_task *t, hub_device_query *q, hub_device_cursor *cursor, plt_buf *search);
/* The number in a path; 0 when it is none. */
int64_t hub_device_number(const char *text);
/* from and to of a request: NULL, or what is wrong. Absent ones are open. */
const char *hub_device_period(const hub_task *t, int64_t *from, int64_t *to);
/* Is the reply to be CSV? */
bool hub_device_csv(const hub_task *t);

#endif
