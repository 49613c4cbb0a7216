/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which printer a job comes out of: the one that the readings have at its target (docs/readings.md), as "Make Model (serial)", for rules and prices
 * on devices. What is told is remembered for a minute, because a job's first byte waits for it. It asks no printer and no network: what was not read
 * is not known.
 */
#ifndef PLATEN_SERVICE_PRINTERS_H
#define PLATEN_SERVICE_PRINTERS_H

#include <stddef.h>

#include "service/ledger.h"

typedef struct printers printers;

printers *printers_create(ledger *l); /* NULL: no memory */
void printers_free(printers *p);      /* NULL-safe */
/* `target` as the monitor tells it: "port:USB001", "tcp:192.0.2.7:9100", "file:/dev/usb/lp0". "": not known. */
void printers_behind(printers *p, const char *target, char *out, size_t size);

#endif
