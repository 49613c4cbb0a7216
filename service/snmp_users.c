/* SPDX-License-Identifier: Apache-2.0 */
/* The engine's file is a line: the id in hex, a blank, the boots. It is replaced whole, so that a reader or a power cut sees the old or the new one.
 */
#include "service/snmp_users.h"

#include <string.h>

#include "core/util/text.h"
#include "os/crypto.h"
#include "os/error.h"
#include "os/file.h"
#include "os/secret.h"

#define ENGINE_FILE "snmp-engine"
#define USERS_FILE "snmp-users.secret"
#define USERS_MAX 65536
#define LINE_SIZE 128
#define RANDOM_OCTETS 12

/*
 * RFC 3411 5: an enterprise's number with the first bit set, a format, octets. The number is 0, which the IANA keeps reserved: Platen has none, and
 * another's would be a lie. Format 5 says that the octets are administratively assigned.
 */
static const uint8_t id_head[] = {0x80, 0, 0, 0, 5};

static bool path_of(const char *data_dir, const char *name, char out[OS_PATH_MAX])
{
    return os_path_join(out, OS_PATH_MAX, data_dir, name);
}

static plt_status load_engine(const char *data_dir, plt_usm_engine *e)
{
    char path[OS_PATH_MAX];
    plt_buf text;
    memset(e, 0, sizeof *e);
    if (!path_of(data_dir, ENGINE_FILE, path)) return PLT_BAD;
    if (!os_file_exists(path)) return os_fail_as(PLT_NOTFOUND, "find the SNMPv3 engine", path);
    plt_buf_init(&text, LINE_SIZE - 1);
    plt_status s = os_file_load(path, &text);
    if (s == PLT_OK && plt_usm_engine_read(e, plt_buf_str(&text)) != PLT_OK) s = os_fail_as(PLT_BAD, "read the SNMPv3 engine of", path);
    plt_buf_free(&text);
    return s;
}

static plt_status store_engine(const char *data_dir, const plt_usm_engine *e)
{
    char path[OS_PATH_MAX];
    plt_buf text;
    if (!path_of(data_dir, ENGINE_FILE, path)) return PLT_BAD;
    plt_buf_init(&text, LINE_SIZE);
    plt_status s = plt_usm_engine_write(e, &text);
    if (s == PLT_OK) s = os_file_store(path, text.data, text.len, true);
    plt_buf_free(&text);
    return s;
}

static plt_status make_engine(const char *data_dir, plt_usm_engine *e)
{
    *e = (plt_usm_engine){.id_size = sizeof id_head + RANDOM_OCTETS};
    memcpy(e->id, id_head, sizeof id_head);
    plt_status s = os_random(e->id + sizeof id_head, RANDOM_OCTETS);
    return s == PLT_OK ? store_engine(data_dir, e) : s;
}

plt_status snmp_users_new(const char *data_dir, plt_usm_kept *out)
{
    plt_usm_engine e;
    memset(out, 0, sizeof *out);
    plt_status s = load_engine(data_dir, &e);
    if (s == PLT_NOTFOUND) s = make_engine(data_dir, &e);
    if (s != PLT_OK) return s;
    memcpy(out->engine, e.id, e.id_size);
    out->engine_size = e.id_size;
    return PLT_OK;
}

plt_status snmp_users_raise(const char *data_dir, const plt_usm_kept *k, int32_t *boots)
{
    plt_usm_engine e;
    plt_status s = load_engine(data_dir, &e);
    if (s != PLT_OK) return s;
    if (!plt_octets_same(plt_octets_make(e.id, e.id_size), plt_octets_make(k->engine, k->engine_size)))
        return os_fail_as(PLT_BAD, "answer as the SNMPv3 engine of the users: there is another in", data_dir);
    if (e.boots < INT32_MAX) {
        e.boots++;
        s = store_engine(data_dir, &e);
    }
    if (s == PLT_OK) *boots = e.boots;
    return s;
}

plt_status snmp_users_load(const char *data_dir, plt_usm_kept *out)
{
    char path[OS_PATH_MAX];
    plt_buf text;
    memset(out, 0, sizeof *out);
    if (!path_of(data_dir, USERS_FILE, path)) return PLT_BAD;
    if (!os_file_exists(path)) return PLT_NOTFOUND;
    plt_buf_init(&text, USERS_MAX);
    plt_status s = os_secret_load(path, &text);
    if (s == PLT_OK) s = plt_usm_kept_read(out, plt_buf_str(&text), text.len);
    plt_buf_free_secret(&text);
    return s == PLT_OK ? PLT_OK : os_fail_as(PLT_BAD, "read the SNMPv3 users of", path);
}

plt_status snmp_users_store(const char *data_dir, const plt_usm_kept *k)
{
    char path[OS_PATH_MAX];
    plt_buf text;
    plt_buf_init(&text, USERS_MAX);
    plt_status s = path_of(data_dir, USERS_FILE, path) ? plt_usm_kept_write(k, &text) : PLT_BAD;
    if (s == PLT_OK) s = os_secret_store(path, text.data, text.len);
    plt_buf_free_secret(&text);
    return s;
}

bool snmp_users_kept(const char *data_dir)
{
    char path[OS_PATH_MAX];
    return path_of(data_dir, USERS_FILE, path) && os_file_exists(path);
}

static plt_status remove_file(const char *data_dir, const char *name)
{
    char path[OS_PATH_MAX];
    if (!path_of(data_dir, name, path) || !os_file_exists(path)) return PLT_NOTFOUND;
    return os_file_remove(path);
}

plt_status snmp_users_forget(const char *data_dir)
{
    plt_status users = remove_file(data_dir, USERS_FILE), e = remove_file(data_dir, ENGINE_FILE);
    return users == PLT_OK || users == PLT_NOTFOUND ? e == PLT_NOTFOUND ? users : e : users;
}
