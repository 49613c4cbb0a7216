/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The SNMPv3 engine as which this PC answers for its local printers, and who may ask it (docs/usb-snmp.md). Two files: the engine's id and how often
 * it was started (RFC 3414 2.2), and the users with keys that are good for this engine alone, sealed. Passwords are in neither.
 */
#ifndef PLATEN_SERVICE_SNMP_USERS_H
#define PLATEN_SERVICE_SNMP_USERS_H

#include "core/snmp/usm_kept.h"

/* PLT_NOTFOUND: none are kept. PLT_BAD: the file cannot be read; the words are in os_error_text. Wipe *out. */
plt_status snmp_users_load(const char *data_dir, plt_usm_kept *out);
/* No user yet, for the engine that stands; the first time it is made, of random octets. */
plt_status snmp_users_new(const char *data_dir, plt_usm_kept *out);
plt_status snmp_users_store(const char *data_dir, const plt_usm_kept *k);
/* Users and engine: the next one is another. PLT_NOTFOUND: there was nothing. */
plt_status snmp_users_forget(const char *data_dir);
bool snmp_users_kept(const char *data_dir);

/*
 * One start more of the users' engine, on the disk before this returns. *boots stays INT32_MAX once it is that (RFC 3414 2.2.2). PLT_BAD: the
 * engine's file is gone, not readable, or another's than the users': what would then be answered could have been recorded before. Others: it cannot
 * be written.
 */
plt_status snmp_users_raise(const char *data_dir, const plt_usm_kept *k, int32_t *boots);

#endif
