/* SPDX-License-Identifier: Apache-2.0 */
/* The console's calls for groups of people. */
#ifndef PLATEN_HUB_DIRECTORY_API_H
#define PLATEN_HUB_DIRECTORY_API_H

#include "hub/task.h"

hub_step hub_api_directory(hub_worker *w, hub_task *t);
/* Of one group, or of one person. */
hub_step hub_api_directory_people(hub_worker *w, hub_task *t);
hub_step hub_api_directory_put(hub_worker *w, hub_task *t);

#endif
