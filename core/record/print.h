/* SPDX-License-Identifier: Apache-2.0 */
/* A tree of cJSON into a buffer: how messages end that are built field by field. */
#ifndef PLATEN_CORE_RECORD_PRINT_H
#define PLATEN_CORE_RECORD_PRINT_H

#include <stdbool.h>

#include <cjson/cJSON.h>

#include "core/util/buf.h"

/* Appends o and deletes it. `whole`: every field could be added; else, and without memory, PLT_NOMEM, and nothing is appended. */
plt_status plt_print(cJSON *o, bool whole, plt_buf *out);

#endif
