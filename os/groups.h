/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which groups the operating system has for a person. On Windows those of the tokens of his sessions on this PC, so only while he is logged on here,
 * and only for a service that runs as SYSTEM; elsewhere those of the name service. Membership, not power: a group that a filtered token may use to
 * deny only counts. It never believes a program's word on who somebody is.
 */
#ifndef PLATEN_OS_GROUPS_H
#define PLATEN_OS_GROUPS_H

#include "core/util/buf.h"
#include "core/util/status.h"

/* Fills `out` with the groups of `user` ("DOMAIN\name", or "name" of whatever domain), one a line: "DOMAIN\group", or "group" where there is no
   domain; on Windows the SID of each on a line of its own, too. May take seconds: a domain controller or a directory may be asked. PLT_NOTFOUND: he
   is not logged on here, or nobody knows him. PLT_EXISTS: several people of that name are logged on. A failure leaves it empty. */
plt_status os_groups_of(const char *user, plt_buf *out);

#endif
