/* SPDX-License-Identifier: Apache-2.0 */
/* SNMP accounts as people write them, for `platen scan` and `platen devices credentials`. */
#ifndef PLATEN_CLI_SNMP_H
#define PLATEN_CLI_SNMP_H

#include "worker/collect_frames.h"

/*
 * "USER[:AUTH[:PRIV]]" with the passwords of the environment (PLATEN_SNMP_AUTH, PLATEN_SNMP_PRIV), so that no list of processes shows them. Without
 * names of algorithms they are sha256 and aes128. What cannot be used is said; gives CLI_OK or CLI_FAILED.
 */
int cli_snmp_account(const char *text, bool weak, plt_snmp_account *out);

#endif
