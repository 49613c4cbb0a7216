/* SPDX-License-Identifier: Apache-2.0 */
/* The commands for people that work on the store beside a running hub. Each gives an exit code of main.c's help. */
#ifndef PLATEN_HUB_COMMANDS_H
#define PLATEN_HUB_COMMANDS_H

#include <stdbool.h>
#include <stdint.h>

#include "hub/store.h"

enum { HUB_EXIT_OK = 0, HUB_EXIT_FAILED = 1, HUB_EXIT_USAGE = 2, HUB_EXIT_NOT_FOUND = 3 };

int hub_cmd_key_create(const hub_store_where *where, const char *tenant, int64_t uses, int64_t days, bool json);
int hub_cmd_key_list(const hub_store_where *where, bool json);
int hub_cmd_key_revoke(const hub_store_where *where, const char *id);
int hub_cmd_admin_reset(const hub_store_where *where, const char *user);
/* Is each line of the audit log as it was written, and none missing? */
int hub_cmd_audit_verify(const hub_store_where *where);
/* Takes a person's name, and the titles of what they printed, out of the jobs and the roll-ups; sums stay. */
int hub_cmd_erase(const hub_store_where *where, const char *user);
int hub_cmd_backup(const hub_store_where *where, const char *file);
/* Refuses while a hub serves the data folder. */
int hub_cmd_restore(const hub_store_where *where, const char *file);
int hub_cmd_ca_fingerprint(const char *data_dir);
int hub_cmd_agents(const hub_store_where *where, bool json);

#endif
