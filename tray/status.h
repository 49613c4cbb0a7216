/* SPDX-License-Identifier: Apache-2.0 */
/* Asks the service how it is. */
#ifndef PLATEN_TRAY_STATUS_H
#define PLATEN_TRAY_STATUS_H

#include "core/util/answer.h"

/* Asks once; ends within some ten seconds whatever the service does. */
void status_ask(plt_answer *out);

#endif
