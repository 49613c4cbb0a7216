/* SPDX-License-Identifier: Apache-2.0 */
/* The ANALYSIS frame (docs/protocol.md section 1.4): an analysis result as fields, and back. Pure. */
#ifndef PLATEN_WORKER_ANALYSIS_H
#define PLATEN_WORKER_ANALYSIS_H

#include <stddef.h>
#include <stdint.h>

#include "core/pdl/result.h"
#include "core/util/status.h"

/* Every field at its longest fits. */
#define PLT_ANALYSIS_FRAME_MAX 2048

/* The whole frame's length; never 0 with PLT_ANALYSIS_FRAME_MAX bytes of room. */
size_t plt_analysis_encode(const plt_pdl_result *r, uint8_t *out, size_t cap);
/* PLT_BAD when the payload is malformed, BYTES is missing, or a value is none that an analysis can have. */
plt_status plt_analysis_decode(const uint8_t *payload, size_t n, plt_pdl_result *out);

#endif
