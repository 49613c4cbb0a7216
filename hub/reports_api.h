/* SPDX-License-Identifier: Apache-2.0 */
/* Handlers of reports. Each report has a route of its own, which says the right that it takes. */
#ifndef PLATEN_HUB_REPORTS_API_H
#define PLATEN_HUB_REPORTS_API_H

#include "hub/rights.h"
#include "hub/task.h"

#define HUB_REPORTS "/api/v1/reports/"

hub_step hub_api_reports(hub_worker *w, hub_task *t);
hub_step hub_api_report(hub_worker *w, hub_task *t);
/* What its route says: the right that it takes (false: there is no such report), and the action in the audit log (NULL: none). */
bool hub_report_right(const char *name, hub_right *out);
const char *hub_report_audit(const char *name);

/* What the reply is to be: by "format", else by Accept. */
typedef enum hub_form { HUB_FORM_JSON, HUB_FORM_CSV, HUB_FORM_PDF, HUB_FORMS } hub_form;
/* HUB_FORMS: none of them. */
hub_form hub_form_asked(const hub_task *t);
/* HUB_ENGLISH and so on: by "lang", else by Accept-Language. */
int hub_language_asked(const hub_task *t);

#endif
