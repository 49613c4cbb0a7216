/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hub's settings for reading the network (docs/collection.md): fetched when the hub says that there are others, checked, kept in a sealed file,
 * and reported. What is refused leaves in force what was. It holds secrets: they are in no log and in no word that is told.
 */
#ifndef PLATEN_SERVICE_COLLECTING_H
#define PLATEN_SERVICE_COLLECTING_H

#include "core/collect/collection.h"
#include "service/agent.h"
#include "service/hublink.h"

/* What is kept here; free it with plt_collection_free. PLT_NOTFOUND: the hub has set nothing. PLT_BAD: it cannot be used. */
plt_status collecting_load(const char *data_dir, plt_collection **out);

/* Before the lanes start. */
void collecting_begin(agent *a);
/* One look at the hub. False: try again later. */
bool collecting_look(agent *a, hublink *l);
/* Tells the hub what it does not know of `a->collection` yet. False: likewise. */
bool collecting_say(agent *a, hublink *l);
/* A round of the network is over; `said` has its addresses, credentials, words and who set it. */
void collecting_round(agent *a, const plt_collection_report *said);

#endif
