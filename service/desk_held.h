/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The hub's side of the desk (docs/enforcement.md, "Held jobs at the hub"): which jobs are held, and orders on one of them. An order acts on a held
 * job only: it must never answer a question in its owner's place.
 */
#ifndef PLATEN_SERVICE_DESK_HELD_H
#define PLATEN_SERVICE_DESK_HELD_H

#include "core/record/held.h"
#include "service/desk.h"

/* The held jobs, at most PLT_HELD_MOST; how many. NULL desk: none. */
size_t desk_held(desk *d, plt_held_job *out);
/*
 * Carries an order out, or finds that it was before: what it did is with the job on disk, so that a service that is killed between act and report
 * says the same again. PLT_HELD_FAILED: nothing has changed.
 */
plt_held_end desk_order(desk *d, const plt_held_order *o);

#endif
