/* SPDX-License-Identifier: Apache-2.0 */
/* The file is what counts: whoever needs the settings reads them there, so that a crash at any step leaves the old ones or the new ones in force. */
#include "service/collecting.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "os/error.h"
#include "os/log.h"
#include "os/secret.h"
#include "service/device_settings.h"
#include "service/devices.h"

#define FILE_NAME "collection.secret"

/* ---- the file ---- */

static bool path_of(const char *data_dir, char out[OS_PATH_MAX])
{
    return os_path_join(out, OS_PATH_MAX, data_dir, FILE_NAME);
}

/* Read and checked; NULL with the reason. */
static plt_collection *read_checked(const plt_buf *json, char why[PLT_COLLECTION_WHY])
{
    uint64_t addresses;
    plt_collection *c = plt_collection_new();
    if (!c) plt_copy(why, PLT_COLLECTION_WHY, "there is no memory for it");
    plt_status s = c ? plt_collection_read(plt_buf_str(json), json->len, c, why) : PLT_NOMEM;
    if (s == PLT_OK) s = plt_collection_check(c, &addresses, why);
    if (s == PLT_OK) return c;
    plt_collection_free(c);
    return NULL;
}

plt_status collecting_load(const char *data_dir, plt_collection **out)
{
    char path[OS_PATH_MAX], why[PLT_COLLECTION_WHY];
    plt_buf json;
    *out = NULL;
    if (!path_of(data_dir, path) || !os_file_exists(path)) return PLT_NOTFOUND;
    plt_buf_init(&json, PLT_COLLECTION_JSON);
    plt_status s = os_secret_load(path, &json);
    if (s == PLT_OK) *out = read_checked(&json, why);
    plt_buf_free_secret(&json);
    return *out ? PLT_OK : PLT_BAD;
}

static plt_status keep(const char *data_dir, const plt_collection *c)
{
    char path[OS_PATH_MAX];
    plt_buf json;
    plt_buf_init(&json, PLT_COLLECTION_JSON);
    plt_status s = path_of(data_dir, path) ? plt_collection_write(c, true, &json) : PLT_BAD;
    if (s == PLT_OK) s = os_secret_store(path, json.data, json.len);
    plt_buf_free_secret(&json);
    return s;
}

static plt_status forget(const char *data_dir)
{
    char path[OS_PATH_MAX];
    if (!path_of(data_dir, path)) return PLT_BAD;
    return os_file_exists(path) ? os_file_remove(path) : PLT_OK;
}

/* ---- what is in force ---- */

static plt_setter set_by(const char *data_dir)
{
    device_settings *s = calloc(1, sizeof *s);
    if (!s) return PLT_SET_BY_NOBODY;
    device_settings_read(data_dir, s);
    plt_setter by = s->net_by;
    free(s);
    return by;
}

void collecting_begin(agent *a)
{
    plt_collection *c = NULL;
    plt_status s = collecting_load(a->data_dir, &c);
    plt_setter by = set_by(a->data_dir);
    if (s == PLT_BAD) os_log(OS_LOG_ERROR, "what the hub set for network printers cannot be read (" FILE_NAME "): it is fetched anew");
    os_mutex_lock(a->lock);
    a->collection = (plt_collection_report){.serial = c ? c->serial : 0, .source = by, .addresses = -1};
    a->collection_to_say = c || by != PLT_SET_BY_NOBODY;
    os_mutex_unlock(a->lock);
    plt_collection_free(c);
}

static int64_t serial_of(agent *a)
{
    os_mutex_lock(a->lock);
    int64_t serial = a->collection.serial;
    os_mutex_unlock(a->lock);
    return serial;
}

/* Another one is in force from now on: a round by the old one ends, and one of all addresses begins. */
static void in_force(agent *a, int64_t serial)
{
    plt_setter by = set_by(a->data_dir);
    os_mutex_lock(a->lock);
    a->collection = (plt_collection_report){.serial = serial, .source = by, .addresses = -1};
    a->collection_to_say = true;
    a->collection_turn++;
    os_mutex_unlock(a->lock);
    if (serial)
        os_log(OS_LOG_INFO, "network printers are read as the hub says, serial %" PRId64 "%s", serial,
               by == PLT_SET_BY_POLICY ? "; but the policy key sets Ranges, which goes before it" : "");
    else
        os_log(OS_LOG_INFO, "the hub sets nothing for network printers any more: this machine's own settings hold");
    devices_net_now(a);
}

static void refuse(agent *a, int64_t serial, const char *why)
{
    os_mutex_lock(a->lock);
    bool news = a->collection.refused != serial || strcmp(a->collection.problem, why) != 0;
    a->collection.refused = serial;
    plt_copy(a->collection.problem, sizeof a->collection.problem, why);
    a->collection_to_say = a->collection_to_say || news;
    os_mutex_unlock(a->lock);
    if (news) os_log(OS_LOG_ERROR, "what the hub sets for network printers is refused: %s. What was in force stays in force.", why);
}

/* ---- the hub ---- */

/* False: it could not be kept. */
static bool take(agent *a, const plt_buf *json)
{
    char why[PLT_COLLECTION_WHY] = "";
    plt_collection *c = read_checked(json, why);
    if (!c || !c->serial) {
        refuse(a, 0, c ? "it has no serial" : why);
        plt_collection_free(c);
        return true;
    }
    int64_t serial = c->serial;
    plt_status s = keep(a->data_dir, c);
    plt_collection_free(c);
    if (s == PLT_OK)
        in_force(a, serial);
    else {
        snprintf(why, sizeof why, "it cannot be kept: %.200s", os_error_text());
        refuse(a, 0, why);
    }
    return s == PLT_OK;
}

static bool take_none(agent *a)
{
    if (!serial_of(a)) return true;
    if (forget(a->data_dir) != PLT_OK) return false;
    in_force(a, 0);
    return true;
}

bool collecting_look(agent *a, hublink *l)
{
    plt_buf json;
    bool good = true;
    int status = 0;
    plt_buf_init(&json, PLT_COLLECTION_JSON);
    hublink_answer w = hublink_collection(l, serial_of(a), &json, &status);
    if (w.result == HUBLINK_SPLIT)
        refuse(a, 0, "it is larger than an agent takes");
    else if (w.result != HUBLINK_OK)
        os_log(OS_LOG_DEBUG, "collection: %s", w.words);
    else if (status == 200)
        good = take(a, &json);
    else if (status == 204)
        good = take_none(a);
    plt_buf_free_secret(&json);
    return good && w.result != HUBLINK_AGAIN;
}

bool collecting_say(agent *a, hublink *l)
{
    os_mutex_lock(a->lock);
    plt_collection_report said = a->collection;
    bool news = a->collection_to_say;
    a->collection_to_say = false;
    os_mutex_unlock(a->lock);
    if (!news) return true;
    hublink_answer w = hublink_collection_said(l, &said);
    if (w.result == HUBLINK_OK || w.result == HUBLINK_REFUSED) return true;
    os_mutex_lock(a->lock);
    a->collection_to_say = true;
    os_mutex_unlock(a->lock);
    return false;
}

void collecting_round(agent *a, const plt_collection_report *said)
{
    os_mutex_lock(a->lock);
    plt_collection_report next = *said;
    next.serial = a->collection.serial;
    next.refused = a->collection.refused;
    plt_copy(next.problem, sizeof next.problem, a->collection.problem);
    if (memcmp(&next, &a->collection, sizeof next) != 0) {
        a->collection = next;
        a->collection_to_say = true;
        os_cond_broadcast(a->wake);
    }
    os_mutex_unlock(a->lock);
}
