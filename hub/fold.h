/* SPDX-License-Identifier: Apache-2.0 */
/* Letter case without a locale, for searching: ASCII, Latin-1, Latin Extended-A, Greek and Cyrillic letters become small ones. Pure. */
#ifndef PLATEN_HUB_FOLD_H
#define PLATEN_HUB_FOLD_H

#include "core/util/buf.h"

/* Appends s, folded; never longer than s. Bytes that are no UTF-8 pass as they are. */
void hub_fold(plt_buf *out, const char *s);

#endif
