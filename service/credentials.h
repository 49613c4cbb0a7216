/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Communities and SNMPv3 users with which network printers are asked. They are kept in one sealed file (os/secret.h), never in the settings and never
 * in the log. Without the file the community is "public".
 */
#ifndef PLATEN_SERVICE_CREDENTIALS_H
#define PLATEN_SERVICE_CREDENTIALS_H

#include "worker/collect_frames.h"

/* PLT_BAD: the file is there and cannot be read; *out is then "public". Wipe *out after use: credentials_wipe. */
plt_status credentials_load(const char *data_dir, plt_snmp_accounts *out);
plt_status credentials_store(const char *data_dir, const plt_snmp_accounts *a);
/* Back to "public". PLT_NOTFOUND: there were none. */
plt_status credentials_forget(const char *data_dir);
void credentials_wipe(plt_snmp_accounts *a);

#endif
