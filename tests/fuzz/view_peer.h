/* SPDX-License-Identifier: Apache-2.0 */
/* What core/util/view.c made of a text, against cJSON. */
#ifndef PLATEN_TESTS_VIEW_PEER_H
#define PLATEN_TESTS_VIEW_PEER_H

#include <stddef.h>

#include "core/util/view.h"

/* Reads the text both ways. NULL: they agree, or only cJSON takes it, and then the view takes what cJSON prints of it. Else what is not so. */
const char *view_peer_complaint(plt_view *v, const char *json, size_t n);

#endif
