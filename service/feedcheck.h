/* SPDX-License-Identifier: Apache-2.0 */
/* May this bundle come into force on this PC? Decided here and nowhere else, of bytes from the hub and of bytes from the disk alike. */
#ifndef PLATEN_SERVICE_FEEDCHECK_H
#define PLATEN_SERVICE_FEEDCHECK_H

#include "core/policy/bundle.h"

#define FEED_WORDS 512

/*
 * Signed by a signer that this CA certified for policies, unchanged, for this agent, not older than `floor`, and each part of it understood: the set
 * compiles, prices compile, accounts can be read. Else a status, and *why says what was wrong; *out is empty then. plt_bundle_free(out).
 */
plt_status feed_check(const char *ca_pem, const char *agent, int64_t floor, const void *signed_form, size_t n, plt_bundle *out, char why[FEED_WORDS]);

#endif
