/* SPDX-License-Identifier: Apache-2.0 */
/* The query of the list of agents, read from a request, and the codec of its cursor. Pure. */
#ifndef PLATEN_HUB_AGENT_PAGE_H
#define PLATEN_HUB_AGENT_PAGE_H

#include "hub/store.h"
#include "hub/task.h"

#define HUB_AGENT_CURSOR_TEXT 680

void hub_agent_cursor_of(const hub_agent_query *q, const hub_agent *a, char out[HUB_AGENT_CURSOR_TEXT]);
/* False when the text was not made by hub_agent_cursor_of. */
bool hub_agent_cursor_parse(const char *text, hub_agent_cursor *out);

/* The query of a task (but its scope): NULL, or what is wrong with it. `most`: rows of a reply. `cursor` and `search` hold what q points to. */
const char *hub_agent_query_read(const hub_task *t, int64_t now, int usual, int most, hub_agent_query *q, hub_agent_cursor *cursor, plt_buf *search);

#endif
