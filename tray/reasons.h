/* SPDX-License-Identifier: Apache-2.0 */
/* What the service says of a job in words of its own (core/util/why.h), in the person's language. Pure. */
#ifndef PLATEN_TRAY_REASONS_H
#define PLATEN_TRAY_REASONS_H

#include <stdbool.h>
#include <stddef.h>

/* The sentences of a reason, UTF-8; as many whole ones as fit, then "…". False, and out empty: there is none, or a later service has codes that are
   not known here. Then the message beside it is shown. */
bool reasons_say(const char *why, char *out, size_t size);

/* What is shown: the reason, or else the message. */
void reasons_or(const char *why, const char *message, char *out, size_t size);

#endif
