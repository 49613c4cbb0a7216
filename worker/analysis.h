/* SPDX-License-Identifier: Apache-2.0 */
/* The ANALYZE, ANALYSIS and PAGES frames (docs/protocol.md section 1.4): options, a result and its pages as fields, and back. Pure. */
#ifndef PLATEN_WORKER_ANALYSIS_H
#define PLATEN_WORKER_ANALYSIS_H

#include <stddef.h>
#include <stdint.h>

#include "core/pdl/pdl.h"
#include "core/util/status.h"

/* Every field at its longest fits. */
#define PLT_ANALYSIS_FRAME_MAX 4096

/* The whole frame's length; never 0 with PLT_ANALYSIS_FRAME_MAX bytes of room. */
size_t plt_analysis_encode(const plt_pdl_result *r, uint8_t *out, size_t cap);
/* PLT_BAD when the payload is malformed, BYTES is missing, or a value is none that an analysis can have. */
plt_status plt_analysis_decode(const uint8_t *payload, size_t n, plt_pdl_result *out);

#define PLT_ANALYZE_FRAME_MAX 32
size_t plt_analyze_encode(const plt_pdl_options *o, uint8_t *out, size_t cap);
plt_status plt_analyze_decode(const uint8_t *payload, size_t n, plt_pdl_options *out);

/* One PAGES frame with runs from *at on, which moves on; 0 when all were sent. An empty list gives none. */
#define PLT_PAGES_FRAME_MAX 32768
size_t plt_pages_encode(const plt_page_list *l, size_t *at, uint8_t *out, size_t cap);
/* Adds the frame's runs to a list. PLT_BAD as above; then the list means nothing. */
plt_status plt_pages_decode(const uint8_t *payload, size_t n, plt_page_list *l);

#endif
