/* SPDX-License-Identifier: Apache-2.0 */
/* An event's data is `data: {"NAME":VALUE}`; the name alone says what it is. It only says that there is something to ask for, over the pinned link.
 */
#include "core/policy/live.h"

#include <stdlib.h>
#include <string.h>

#define DATA "data: {\""

/* Past `NAME":` of the data; NULL: it is about something else. */
static const char *value_of(const char *line, const char *name)
{
    size_t n = strlen(name);
    const char *at = line + sizeof DATA - 1;
    if (strncmp(line, DATA, sizeof DATA - 1) != 0 || strncmp(at, name, n) != 0 || strncmp(at + n, "\":", 2) != 0) return NULL;
    return at + n + 2;
}

/* Is the value over here? A later hub may say more behind it. */
static bool ends(const char *v)
{
    return *v == '}' || *v == ',';
}

/* -1: it is none. */
static int64_t whole(const char *v)
{
    char *end;
    long long n = *v >= '0' && *v <= '9' ? strtoll(v, &end, 10) : -1;
    return n >= 0 && ends(end) ? n : -1;
}

static bool read_lease(const char *v, char out[PLT_LEASE_ID])
{
    size_t n = PLT_LEASE_ID - 1;
    if (*v++ != '"' || strspn(v, "0123456789abcdef") != n || v[n] != '"' || !ends(v + n + 1)) return false;
    memcpy(out, v, n);
    return true;
}

plt_live plt_live_read(const char *line)
{
    plt_live l = {.what = PLT_LIVE_NOTHING};
    const char *v;
    if ((v = value_of(line, "serial")) != NULL && (l.serial = whole(v)) >= 0) l.what = PLT_LIVE_POLICY;
    if ((v = value_of(line, "order")) != NULL && whole(v) >= 0) l.what = PLT_LIVE_ORDER;
    if ((v = value_of(line, "back")) != NULL && read_lease(v, l.lease)) l.what = PLT_LIVE_LEASE;
    return l;
}
