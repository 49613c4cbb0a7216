/* SPDX-License-Identifier: Apache-2.0 */
/* The sealed file holds what a COLLECT frame does. */
#include "service/credentials.h"

#include <string.h>

#include "core/util/text.h"
#include "os/error.h"
#include "os/file.h"
#include "os/secret.h"

#define FILE_NAME "snmp.secret"
#define FILE_MAX 65536

static bool path_of(const char *data_dir, char out[OS_PATH_MAX])
{
    return os_path_join(out, OS_PATH_MAX, data_dir, FILE_NAME);
}

static void usual(plt_snmp_accounts *a)
{
    memset(a, 0, sizeof *a);
    plt_copy(a->communities[0], sizeof a->communities[0], "public");
    a->community_count = 1;
}

void credentials_wipe(plt_snmp_accounts *a)
{
    volatile uint8_t *p = (volatile uint8_t *)a; /* so that no compiler takes it for useless */
    for (size_t i = 0; i < sizeof *a; i++) p[i] = 0;
}

plt_status credentials_load(const char *data_dir, plt_snmp_accounts *out)
{
    char path[OS_PATH_MAX];
    plt_collect_setup setup;
    plt_buf text;
    usual(out);
    if (!path_of(data_dir, path)) return PLT_BAD;
    plt_buf_init(&text, FILE_MAX);
    plt_status s = os_file_exists(path) ? os_secret_load(path, &text) : PLT_NOTFOUND;
    if (s == PLT_OK) s = plt_setup_decode(text.data, text.len, &setup);
    if (s == PLT_BAD && text.len) { /* of an earlier version: it ends before the count of lists */
        plt_buf_byte(&text, 0);
        s = plt_setup_decode(text.data, text.len, &setup);
    }
    if (s == PLT_OK) *out = setup.accounts;
    if (s == PLT_OK) credentials_wipe(&setup.accounts);
    if (s == PLT_OK && !out->community_count && !out->user_count) usual(out);
    plt_buf_free_secret(&text);
    return s == PLT_OK || s == PLT_NOTFOUND ? PLT_OK : os_fail_as(PLT_BAD, "read the credentials of", path);
}

plt_status credentials_store(const char *data_dir, const plt_snmp_accounts *a)
{
    char path[OS_PATH_MAX];
    plt_collect_setup setup = {.accounts = *a};
    plt_buf text;
    plt_buf_init(&text, FILE_MAX);
    plt_status s = path_of(data_dir, path) ? plt_setup_encode(&setup, &text) : PLT_BAD;
    if (s == PLT_OK) s = os_secret_store(path, text.data, text.len);
    credentials_wipe(&setup.accounts);
    plt_buf_free_secret(&text);
    return s;
}

plt_status credentials_forget(const char *data_dir)
{
    char path[OS_PATH_MAX];
    if (!path_of(data_dir, path) || !os_file_exists(path)) return PLT_NOTFOUND;
    return os_file_remove(path);
}
