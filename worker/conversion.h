/* SPDX-License-Identifier: Apache-2.0 */
/* The CONVERT and CONVERTED frames (docs/protocol.md section 1.4): what is wanted and what became of it, as fields, and back. Pure. */
#ifndef PLATEN_WORKER_CONVERSION_H
#define PLATEN_WORKER_CONVERSION_H

#include <stddef.h>
#include <stdint.h>

#include "core/convert/convert.h"

#define PLT_CONVERT_FRAME_MAX 32
#define PLT_CONVERTED_FRAME_MAX 512

/* The whole frame's length. */
size_t plt_convert_want_encode(const plt_convert_want *want, uint8_t *out, size_t cap);
/* PLT_BAD when the payload is malformed, nothing is wanted, or both edges are. */
plt_status plt_convert_want_decode(const uint8_t *payload, size_t n, plt_convert_want *out);
size_t plt_convert_answer_encode(const plt_convert_answer *a, uint8_t *out, size_t cap);
/* PLT_BAD when the payload is malformed, has no STATUS or one that is none, or no reason where there must be one. */
plt_status plt_convert_answer_decode(const uint8_t *payload, size_t n, plt_convert_answer *out);

#endif
