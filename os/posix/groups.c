/* SPDX-License-Identifier: Apache-2.0 */
/* The name service's word. A domain is left out: a winbind or SSSD that needs one has it in the names that it gives. */
#include <grp.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "os/error.h"
#include "os/groups.h"

#define GROUPS_MOST 1024
#define ROOM 65536 /* of one answer: a group comes with all of its members */

static void append_name(gid_t gid, plt_buf *out)
{
    struct group g, *found = NULL;
    char room[ROOM];
    if (getgrgid_r(gid, &g, room, sizeof room, &found) != 0 || !found || strchr(found->gr_name, '\n')) return;
    if (out->len) plt_buf_byte(out, '\n');
    plt_buf_text(out, found->gr_name);
}

plt_status os_groups_of(const char *user, plt_buf *out)
{
    const char *behind = strrchr(user, '\\'), *name = behind ? behind + 1 : user;
    struct passwd pw, *found = NULL;
    char room[ROOM];
    gid_t gids[GROUPS_MOST];
    int n = GROUPS_MOST, err;
    plt_buf_clear(out);
    err = getpwnam_r(name, &pw, room, sizeof room, &found);
    if (err) return os_fail((uint32_t)err, "ask the name service for", name);
    if (!found) return os_fail_as(PLT_NOTFOUND, "find the user", name);
    if (getgrouplist(found->pw_name, found->pw_gid, gids, &n) < 0) return os_fail_as(PLT_FULL, "take all groups of", name);
    for (int i = 0; i < n; i++) append_name(gids[i], out);
    return out->status;
}
