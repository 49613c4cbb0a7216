/* SPDX-License-Identifier: Apache-2.0 */
/* A scheduled report as a letter: from what the outbox keeps of it to subject, text and file. Pure. */
#ifndef PLATEN_HUB_POST_REPORT_H
#define PLATEN_HUB_POST_REPORT_H

#include <stdbool.h>
#include <stddef.h>

#include "core/util/buf.h"
#include "core/util/status.h"

#define HUB_REPORT_DELIVERY "report-" /* what the keys of such deliveries begin with */

typedef struct hub_report_letter {
    char language[3];
    char file[17]; /* the file's id; "" the report is a link */
    char file_name[256];
    const char *type;
    plt_buf subject, text, html; /* owned; freed with hub_report_letter_free */
} hub_report_letter;

/* PLT_BAD: the body is none. */
plt_status hub_report_letter_of(const char *body, size_t n, hub_report_letter *out);
void hub_report_letter_free(hub_report_letter *l);

#endif
