/* SPDX-License-Identifier: Apache-2.0 */
/* Who we are, who they are, and who may: accounts (SIDs) and the security descriptors made from them. */
#ifndef PLATEN_OS_WINDOWS_ACCOUNT_H
#define PLATEN_OS_WINDOWS_ACCOUNT_H

#include <windows.h>

#include <stdbool.h>
#include <stddef.h>

#include "core/util/status.h"

/* A SID of the greatest length as text: SECURITY_MAX_SID_STRING_CHARACTERS, which not every SDK has, rounded up. */
#define ACCOUNT_TEXT_MAX 192

typedef struct account {
    union {
        SID sid; /* for its alignment */
        BYTE room[SECURITY_MAX_SID_SIZE];
    } u;
    bool is_system; /* LocalSystem, S-1-5-18 */
} account;

/* The user of a token that was opened with TOKEN_QUERY; gives a Win32 error code. */
DWORD account_of_token(HANDLE token, account *out);
/* The user of this process, also while the calling thread impersonates somebody. */
DWORD account_own(account *out);
DWORD account_of_process(DWORD pid, account *out);
DWORD account_from_sid(PSID sid, account *out);
bool account_same(const account *a, const account *b);
/* "S-1-5-21-..."; "" when it does not fit. */
void account_sid(const account *a, char *out, size_t size);
/* "DOMAIN\name"; the SID's text when nobody knows a name. Never fails. May ask a domain controller. */
void account_name(const account *a, char *out, size_t size);

/*
 * Fills *sa from SDDL in which each '@' stands for the SID of this process's account; handles are not inherited. Gives a Win32
 * error code. Freed with account_security_free, which is safe on a zeroed *sa.
 */
DWORD account_security(SECURITY_ATTRIBUTES *sa, const wchar_t *sddl);
void account_security_free(SECURITY_ATTRIBUTES *sa);

#endif
