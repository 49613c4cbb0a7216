/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How long a sign-in has to wait after wrong ones. Three counts, each forgotten after a quiet quarter of an hour: of the
 * account from the address (hard), of the address (for all accounts), and of the account from everywhere (mild, and not
 * for addresses from which the account has signed in before: strangers cannot keep its owner out). Pure: time is an
 * argument. One thread at a time.
 */
#ifndef PLATEN_HUB_THROTTLE_H
#define PLATEN_HUB_THROTTLE_H

#include <stdint.h>

typedef struct hub_throttle hub_throttle;

hub_throttle *hub_throttle_new(void); /* NULL without memory */
void hub_throttle_free(hub_throttle *t);

/* Seconds to wait; 0: go on. Account names count without case, IPv6 addresses by their /64. */
int hub_throttle_wait(hub_throttle *t, const char *account, const char *address, int64_t now);
void hub_throttle_failed(hub_throttle *t, const char *account, const char *address, int64_t now);
void hub_throttle_passed(hub_throttle *t, const char *account, const char *address, int64_t now);

#endif
