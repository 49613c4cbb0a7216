/* SPDX-License-Identifier: Apache-2.0 */
/* Handlers of hub/api.md for single sign-on: the way in (sso_api.c) and the settings (sso_settings_api.c). */
#ifndef PLATEN_HUB_SSO_API_H
#define PLATEN_HUB_SSO_API_H

#include "hub/hub.h"

hub_step hub_api_sso_offer(hub_worker *w, hub_task *t);
hub_step hub_api_sso_begin(hub_worker *w, hub_task *t);
hub_step hub_api_sso_callback(hub_worker *w, hub_task *t);

hub_step hub_api_sso(hub_worker *w, hub_task *t);
hub_step hub_api_sso_put(hub_worker *w, hub_task *t);
hub_step hub_api_sso_drop(hub_worker *w, hub_task *t);

#endif
