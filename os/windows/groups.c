/* SPDX-License-Identifier: Apache-2.0 */
/* Sessions, their users' tokens, the tokens' groups. Asked by the service alone: WTSQueryUserToken needs SYSTEM. */
#include <windows.h>

#include <wtsapi32.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "os/error.h"
#include "os/groups.h"
#include "os/windows/account.h"
#include "os/windows/last_error.h"
#include "os/windows/wide.h"

#define NAME_MAX_BYTES 512
#define TOKEN_MAX 262144 /* bytes of a token's groups: about a thousand are the most that Windows makes */

/* One text that the session manager knows of a session; "" when it does not. */
static void session_text(DWORD session, WTS_INFO_CLASS what, char out[NAME_MAX_BYTES])
{
    wchar_t *text = NULL;
    DWORD n;
    out[0] = 0;
    if (!WTSQuerySessionInformationW(WTS_CURRENT_SERVER_HANDLE, session, what, &text, &n)) return;
    if (text && !wide_to(out, NAME_MAX_BYTES, text)) out[0] = 0;
    WTSFreeMemory(text);
}

/* Is it a session of "DOMAIN\name" or "name"? */
static bool is_his(DWORD session, const char *user)
{
    char name[NAME_MAX_BYTES], domain[NAME_MAX_BYTES];
    const char *behind = strrchr(user, '\\');
    session_text(session, WTSUserName, name);
    if (!*name || !plt_same(name, behind ? behind + 1 : user)) return false;
    session_text(session, WTSDomainName, domain);
    size_t n = behind ? (size_t)(behind - user) : 0;
    char asked[NAME_MAX_BYTES];
    plt_utf8_copy(asked, sizeof asked, user, n);
    return !n || !*domain || plt_same(asked, domain);
}

static void append_line(plt_buf *out, const char *text)
{
    if (out->len) plt_buf_byte(out, '\n');
    plt_buf_text(out, text);
}

static void append_group(plt_buf *out, PSID sid)
{
    account group;
    char name[NAME_MAX_BYTES], text[ACCOUNT_TEXT_MAX];
    if (account_from_sid(sid, &group) != ERROR_SUCCESS) return;
    account_sid(&group, text, sizeof text);
    account_name(&group, name, sizeof name);
    if (strcmp(name, text) != 0) append_line(out, name);
    append_line(out, text);
}

/* Not the logon's own SID and not the integrity level, which are no groups of people. */
static bool is_group(DWORD attributes)
{
    return (attributes & SE_GROUP_LOGON_ID) != SE_GROUP_LOGON_ID && !(attributes & (SE_GROUP_INTEGRITY | SE_GROUP_INTEGRITY_ENABLED));
}

static DWORD append_groups(HANDLE token, plt_buf *out)
{
    DWORD n = 0;
    GetTokenInformation(token, TokenGroups, NULL, 0, &n);
    if (!n || n > TOKEN_MAX) return n ? ERROR_MORE_DATA : last_error();
    TOKEN_GROUPS *groups = malloc(n);
    if (!groups) return ERROR_NOT_ENOUGH_MEMORY;
    DWORD err = GetTokenInformation(token, TokenGroups, groups, n, &n) ? ERROR_SUCCESS : last_error();
    for (DWORD i = 0; err == ERROR_SUCCESS && i < groups->GroupCount; i++)
        if (is_group(groups->Groups[i].Attributes)) append_group(out, groups->Groups[i].Sid);
    free(groups);
    return err;
}

typedef struct search {
    const char *user;
    plt_buf *out;
    account who; /* of the first session of that name */
    bool found, several;
    DWORD err;
} search;

static void look_at(search *s, DWORD session)
{
    HANDLE token;
    account who;
    if (!is_his(session, s->user) || !WTSQueryUserToken(session, &token)) return;
    DWORD err = account_of_token(token, &who);
    bool first = err == ERROR_SUCCESS && !s->found;
    s->several = s->several || (err == ERROR_SUCCESS && s->found && !account_same(&s->who, &who));
    if (first) s->err = append_groups(token, s->out); /* another session of the same account has the same groups */
    if (first) s->who = who;
    s->found = s->found || first;
    CloseHandle(token);
}

plt_status os_groups_of(const char *user, plt_buf *out)
{
    WTS_SESSION_INFOW *sessions = NULL;
    DWORD n = 0;
    search s = {.user = user, .out = out};
    plt_buf_clear(out);
    if (!WTSEnumerateSessionsW(WTS_CURRENT_SERVER_HANDLE, 0, 1, &sessions, &n)) return os_fail(last_error(), "list the sessions of", user);
    for (DWORD i = 0; i < n; i++) look_at(&s, sessions[i].SessionId);
    WTSFreeMemory(sessions);
    if (s.found && !s.several && s.err == ERROR_SUCCESS) return out->status;
    plt_buf_clear(out);
    if (s.several) return os_fail_as(PLT_EXISTS, "tell apart the people called", user);
    return s.found ? os_fail(s.err, "read the groups of", user) : os_fail_as(PLT_NOTFOUND, "find a session of", user);
}
