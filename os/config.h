/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Settings of this machine. Windows: HKLM\SOFTWARE\Policies\Platen (group policy) before HKLM\SOFTWARE\Platen.
 * Elsewhere: `key = value` lines of <data_dir>/policy.conf, for whoever manages many machines, before those of <data_dir>/platen.conf.
 */
#ifndef PLATEN_OS_CONFIG_H
#define PLATEN_OS_CONFIG_H

#include <stddef.h>

#include "core/util/status.h"

/* PLT_NOTFOUND leaves out empty. Numbers are given as decimal text. */
plt_status os_config_get(const char *data_dir, const char *key, char *out, size_t size);
/* The same of what a group policy says alone: on Windows its key, elsewhere <data_dir>/policy.conf, which goes before platen.conf. */
plt_status os_config_policy(const char *data_dir, const char *key, char *out, size_t size);
plt_status os_config_set(const char *data_dir, const char *key, const char *value);
plt_status os_config_delete(const char *data_dir, const char *key);

#endif
