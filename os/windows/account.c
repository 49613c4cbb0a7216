/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Accounts and security descriptors. Nothing here believes what a peer says of itself: every identity comes from a token or
 * from an object's owner.
 */
#include "os/windows/account.h"

#include <sddl.h>

#include <string.h>

#include "core/util/text.h"
#include "os/windows/last_error.h"
#include "os/windows/wide.h"

#define SDDL_MAX 1024

DWORD account_from_sid(PSID sid, account *out)
{
    memset(out, 0, sizeof *out);
    if (!IsValidSid(sid)) return ERROR_INVALID_SID;
    if (!CopySid(sizeof out->u, &out->u.sid, sid)) return last_error();
    out->is_system = IsWellKnownSid(&out->u.sid, WinLocalSystemSid) != 0;
    return ERROR_SUCCESS;
}

DWORD account_of_token(HANDLE token, account *out)
{
    union {
        TOKEN_USER user;
        BYTE room[sizeof(TOKEN_USER) + SECURITY_MAX_SID_SIZE];
    } u;
    DWORD n;
    memset(out, 0, sizeof *out);
    if (!GetTokenInformation(token, TokenUser, &u, sizeof u, &n)) return last_error();
    return account_from_sid(u.user.User.Sid, out);
}

static DWORD account_behind(HANDLE process, account *out)
{
    HANDLE token;
    if (!OpenProcessToken(process, TOKEN_QUERY, &token)) return last_error();
    DWORD err = account_of_token(token, out);
    CloseHandle(token);
    return err;
}

DWORD account_own(account *out)
{
    memset(out, 0, sizeof *out);
    return account_behind(GetCurrentProcess(), out);
}

DWORD account_of_process(DWORD pid, account *out)
{
    memset(out, 0, sizeof *out);
    HANDLE process = OpenProcess(PROCESS_QUERY_LIMITED_INFORMATION, FALSE, pid);
    if (!process) return last_error();
    DWORD err = account_behind(process, out);
    CloseHandle(process);
    return err;
}

static PSID sid_of(const account *a)
{
    union {
        const SID *in;
        PSID out; /* the API's SIDs are not const, though it only reads them */
    } u = {&a->u.sid};
    return u.out;
}

bool account_same(const account *a, const account *b)
{
    return IsValidSid(sid_of(a)) && IsValidSid(sid_of(b)) && EqualSid(sid_of(a), sid_of(b));
}

static DWORD sid_text(const account *a, wchar_t out[ACCOUNT_TEXT_MAX])
{
    wchar_t *text;
    out[0] = 0;
    if (!ConvertSidToStringSidW(sid_of(a), &text)) return last_error();
    size_t n = wcslen(text);
    if (n < ACCOUNT_TEXT_MAX) wmemcpy(out, text, n + 1);
    LocalFree(text);
    return n < ACCOUNT_TEXT_MAX ? ERROR_SUCCESS : ERROR_INSUFFICIENT_BUFFER;
}

void account_sid(const account *a, char *out, size_t size)
{
    wchar_t text[ACCOUNT_TEXT_MAX];
    if (sid_text(a, text) != ERROR_SUCCESS || !wide_to(out, size, text)) plt_copy(out, size, "");
}

void account_name(const account *a, char *out, size_t size)
{
    wchar_t name[256], domain[256], both[ACCOUNT_TEXT_MAX + 512];
    DWORD n = sizeof name / sizeof name[0], d = sizeof domain / sizeof domain[0];
    SID_NAME_USE use;
    both[0] = 0;
    if (LookupAccountSidW(NULL, sid_of(a), name, &n, domain, &d, &use)) {
        swprintf(both, sizeof both / sizeof both[0], L"%ls%ls%ls", domain, domain[0] ? L"\\" : L"", name);
        if (wide_to(out, size, both)) return;
    }
    if (sid_text(a, both) == ERROR_SUCCESS && wide_to(out, size, both)) return;
    plt_copy(out, size, "unknown");
}

/* Puts the account's SID in the place of each '@'. */
static DWORD fill_in(wchar_t out[SDDL_MAX], const wchar_t *sddl, const wchar_t *sid)
{
    size_t at = 0, n = wcslen(sid);
    for (; *sddl; sddl++) {
        if (at + n + 1 >= SDDL_MAX) return ERROR_INSUFFICIENT_BUFFER;
        if (*sddl == L'@')
            wmemcpy(out + at, sid, n), at += n;
        else
            out[at++] = *sddl;
    }
    out[at] = 0;
    return ERROR_SUCCESS;
}

DWORD account_security(SECURITY_ATTRIBUTES *sa, const wchar_t *sddl)
{
    account own;
    wchar_t sid[ACCOUNT_TEXT_MAX], text[SDDL_MAX];
    memset(sa, 0, sizeof *sa);
    sa->nLength = sizeof *sa;
    DWORD err = account_own(&own);
    if (err == ERROR_SUCCESS) err = sid_text(&own, sid);
    if (err == ERROR_SUCCESS) err = fill_in(text, sddl, sid);
    if (err == ERROR_SUCCESS && !ConvertStringSecurityDescriptorToSecurityDescriptorW(text, SDDL_REVISION_1, &sa->lpSecurityDescriptor, NULL))
        err = last_error();
    return err;
}

void account_security_free(SECURITY_ATTRIBUTES *sa)
{
    if (sa->lpSecurityDescriptor) LocalFree(sa->lpSecurityDescriptor);
    sa->lpSecurityDescriptor = NULL;
}
