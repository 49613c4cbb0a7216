/* SPDX-License-Identifier: Apache-2.0 */
/* Alerts, their rules, channels and messages for the console (docs/api.md, "Alerts"). */
#ifndef PLATEN_HUB_ALERTS_API_H
#define PLATEN_HUB_ALERTS_API_H

#include "hub/task.h"

hub_step hub_api_alerts(hub_worker *w, hub_task *t);
hub_step hub_api_alert_take(hub_worker *w, hub_task *t);
hub_step hub_api_alert_rules(hub_worker *w, hub_task *t);
hub_step hub_api_alert_rule_make(hub_worker *w, hub_task *t);
hub_step hub_api_alert_rule_change(hub_worker *w, hub_task *t);
hub_step hub_api_alert_rule_drop(hub_worker *w, hub_task *t);
hub_step hub_api_alert_deliveries(hub_worker *w, hub_task *t);

/* channels_api.c */
hub_step hub_api_channels(hub_worker *w, hub_task *t);
hub_step hub_api_channel_make(hub_worker *w, hub_task *t);
hub_step hub_api_channel_change(hub_worker *w, hub_task *t);
hub_step hub_api_channel_drop(hub_worker *w, hub_task *t);
hub_step hub_api_channel_test(hub_worker *w, hub_task *t);
hub_step hub_api_channel_secret(hub_worker *w, hub_task *t);
hub_step hub_api_mail_server(hub_worker *w, hub_task *t);
hub_step hub_api_mail_server_put(hub_worker *w, hub_task *t);
hub_step hub_api_mail_server_drop(hub_worker *w, hub_task *t);

#endif
