/* SPDX-License-Identifier: Apache-2.0 */
/* The accounts that jobs are charged to, as hub and agent hand them on (docs/policy-hub.md, "Accounts"). Pure. */
#ifndef PLATEN_CORE_POLICY_ACCOUNTS_H
#define PLATEN_CORE_POLICY_ACCOUNTS_H

#include "core/policy/policy.h"

#define PLT_ACCOUNT_CODE_MAX 64
#define PLT_ACCOUNT_NAME_MAX 256

/* Is it an accounts' document: {"v":1,"accounts":[{"code","name","kind","parent","pin"}]}, each code once? Words in error otherwise. */
plt_status plt_accounts_check(const char *json, size_t n, char error[PLT_POLICY_ERROR_SIZE]);
/* "client", "matter", "project" as PLT_POLICY_ASK_...; 0 for another word. */
int plt_account_kind(const char *word);
/* One account's own fields: NULL, or what is wrong with them. */
const char *plt_account_fault(const char *code, const char *name, const char *kind, const char *parent);

#endif
