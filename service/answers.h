/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SNMP for local printers (docs/usb-snmp.md): keeps what each said last, and platen-usbagent --snmp --told as a child that answers from it. Here no
 * socket is opened and no request is seen: the child, restricted, has both. Off unless the settings say who may ask.
 */
#ifndef PLATEN_SERVICE_ANSWERS_H
#define PLATEN_SERVICE_ANSWERS_H

#include "service/agent.h"

typedef struct answers answers;

/* Begins with what the ledger knows. End with answers_stop. */
plt_status answers_start(answers **out, agent *a);
void answers_stop(answers *s); /* NULL-safe */

/* Of a round, by one thread; NULL-safe. The printer at `where` has said this (a device as JSON, borrowed). `busy`: it was not asked, what it said
   before stays. */
void answers_take(answers *s, const char *where, const char *device, bool busy);
/* `whole`: who was not among them is not plugged in. */
void answers_end_round(answers *s, bool whole);
/* What is wrong with it, appended to words of others as they are; "" nothing. */
void answers_words(answers *s, char out[256]);

#endif
