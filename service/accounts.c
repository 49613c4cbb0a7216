/* SPDX-License-Identifier: Apache-2.0 */
/* One table in memory, sorted as the file is. */
#include "service/accounts.h"

#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/util/buf.h"
#include "core/util/text.h"
#include "os/clock.h"
#include "os/crypto.h"
#include "os/error.h"
#include "os/file.h"
#include "os/log.h"
#include "os/thread.h"
#include "service/watch.h"

#define LOOK_EVERY_MS 2000
#define KEPT_MOST 64 /* users who named an account for their next jobs */
#define KEPT_MINUTES 720
#define WRONG_MOST 5
#define WRONG_PAUSE_MS 60000

typedef struct kept {
    char user[256], code[65];
    uint64_t until; /* monotonic ms; 0: a free place */
} kept;

typedef struct wrong {
    char code[65];
    unsigned times;
    uint64_t last; /* monotonic ms */
} wrong;

struct accounts {
    os_mutex *lock;
    char path[OS_PATH_MAX];
    uint8_t sha[32];
    uint64_t next_look; /* monotonic ms */
    account_row *rows;
    size_t count;
    kept kept[KEPT_MOST];
    wrong wrong[KEPT_MOST];
};

plt_status accounts_create(accounts **out, const char *data_dir)
{
    *out = NULL;
    accounts *a = calloc(1, sizeof *a);
    if (!a) return PLT_NOMEM;
    a->lock = os_mutex_create();
    if (!a->lock || !os_path_join(a->path, sizeof a->path, data_dir, "accounts.json")) {
        accounts_free(a);
        return PLT_NOMEM;
    }
    *out = a;
    return PLT_OK;
}

void accounts_free(accounts *a)
{
    if (!a) return;
    free(a->rows);
    os_mutex_free(a->lock);
    free(a);
}

/* ---- the file ---- */

static bool text(const cJSON *o, const char *name, char *out, size_t size)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, name);
    return cJSON_IsString(v) && *v->valuestring && plt_copy(out, size, v->valuestring);
}

static bool pin_of(const cJSON *o, account_row *r)
{
    const cJSON *p = cJSON_GetObjectItemCaseSensitive(o, "pin");
    if (!p || cJSON_IsNull(p)) return true;
    return text(o, "pin", r->pin, sizeof r->pin) && os_pin_valid(r->pin);
}

static bool row_of(const cJSON *o, account_row *r)
{
    static const char *const kinds[] = {"client", "matter", "project"};
    char kind[16];
    memset(r, 0, sizeof *r);
    if (!text(o, "code", r->code, sizeof r->code) || !text(o, "name", r->name, sizeof r->name) || !text(o, "kind", kind, sizeof kind)) return false;
    for (uint32_t i = 0; i < 3; i++)
        if (strcmp(kind, kinds[i]) == 0) r->kind = 1u << i;
    return r->kind && pin_of(o, r);
}

/* All rows or none: a list that is wrong in one place is a list that nobody looked over. */
static bool parse(const char *json, size_t n, account_row **rows, size_t *count)
{
    *rows = NULL;
    *count = 0;
    if (!plt_utf8_valid(json, n) || !plt_json_shallow(json, n, PLT_JSON_DEPTH)) return false;
    cJSON *o = cJSON_ParseWithLength(json, n);
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(o, "v"), *list = cJSON_GetObjectItemCaseSensitive(o, "accounts"), *item = NULL;
    int most = cJSON_GetArraySize(list);
    bool ok = cJSON_IsNumber(v) && v->valuedouble == 1 && cJSON_IsArray(list) && most <= ACCOUNTS_MOST;
    if (ok) *rows = calloc((size_t)most + 1, sizeof **rows);
    ok = ok && *rows;
    cJSON_ArrayForEach(item, list)
    {
        if (ok) ok = row_of(item, &(*rows)[(*count)++]);
    }
    cJSON_Delete(o);
    if (ok) return true;
    free(*rows);
    *rows = NULL;
    return false;
}

/* Reads the file again if it changed; a list with a mistake leaves the one before it in force. */
static void load_locked(accounts *a)
{
    uint64_t now = os_clock_mono_ms();
    uint8_t sha[32] = {0};
    plt_buf json;
    account_row *rows = NULL;
    size_t count = 0;
    if (now < a->next_look) return;
    a->next_look = now + LOOK_EVERY_MS;
    plt_buf_init(&json, ACCOUNTS_MAX_BYTES);
    plt_status s = os_file_load(a->path, &json);
    if (s == PLT_OK) os_sha256(plt_buf_str(&json), json.len, sha);
    bool same = memcmp(sha, a->sha, sizeof sha) == 0;
    memcpy(a->sha, sha, sizeof sha);
    bool good = s == PLT_NOTFOUND || (s == PLT_OK && !same && parse(plt_buf_str(&json), json.len, &rows, &count));
    plt_buf_free(&json);
    if (same) return;
    if (!good) {
        os_log(OS_LOG_ERROR, "%s is not in force, the accounts before it are: %s", a->path,
               s == PLT_OK ? "it is no list of accounts" : os_error_text());
        return;
    }
    free(a->rows);
    a->rows = rows;
    a->count = count;
    os_log(OS_LOG_INFO, "accounts in force: %u", (unsigned)count);
}

static const account_row *find_locked(accounts *a, const char *code)
{
    load_locked(a);
    for (size_t i = 0; i < a->count; i++)
        if (plt_same(a->rows[i].code, code)) return &a->rows[i];
    return NULL;
}

bool accounts_find(accounts *a, const char *code, account_row *out)
{
    os_mutex_lock(a->lock);
    const account_row *r = find_locked(a, code);
    if (r) *out = *r;
    os_mutex_unlock(a->lock);
    return r != NULL;
}

/* ---- checking ---- */

/* Where the wrong tries for this code are counted; the place that was not used for the longest time, if it is new. */
static wrong *wrong_of_locked(accounts *a, const char *code)
{
    wrong *oldest = &a->wrong[0];
    for (size_t i = 0; i < KEPT_MOST; i++) {
        if (plt_same(a->wrong[i].code, code)) return &a->wrong[i];
        if (a->wrong[i].last < oldest->last) oldest = &a->wrong[i];
    }
    plt_copy(oldest->code, sizeof oldest->code, code);
    oldest->times = 0;
    oldest->last = 0;
    return oldest;
}

static plt_status check_pin_locked(accounts *a, const account_row *r, const char *pin)
{
    uint64_t now = os_clock_mono_ms();
    wrong *w = wrong_of_locked(a, r->code);
    if (w->times >= WRONG_MOST && now - w->last < WRONG_PAUSE_MS) return PLT_BUSY;
    if (w->times >= WRONG_MOST) w->times = 0;
    if (os_pin_matches(pin, r->pin)) {
        w->times = 0;
        return PLT_OK;
    }
    w->times++;
    w->last = now;
    return PLT_DENIED;
}

plt_status accounts_check(accounts *a, const char *code, const char *pin, uint32_t wanted, bool needs_pin)
{
    plt_status s = PLT_DENIED;
    os_mutex_lock(a->lock);
    const account_row *r = find_locked(a, code);
    if (r && r->kind & wanted) s = needs_pin && *r->pin ? check_pin_locked(a, r, pin) : PLT_OK;
    os_mutex_unlock(a->lock);
    return s;
}

static bool contains(const char *all, const char *part)
{
    size_t n = strlen(part), most = strlen(all);
    for (size_t at = 0; at + n <= most; at++) {
        size_t i = 0;
        for (; i < n; i++) {
            char x = all[at + i], y = part[i];
            if ((x >= 'A' && x <= 'Z' ? x + 32 : x) != (y >= 'A' && y <= 'Z' ? y + 32 : y)) break;
        }
        if (i == n) return true;
    }
    return false;
}

void accounts_search(accounts *a, const char *words, uint32_t wanted, bool (*fn)(void *ctx, const account_row *r), void *ctx)
{
    bool more = true;
    os_mutex_lock(a->lock);
    load_locked(a);
    for (size_t i = 0; i < a->count && more; i++) {
        const account_row *r = &a->rows[i];
        if (r->kind & wanted && (contains(r->code, words) || contains(r->name, words))) more = fn(ctx, r);
    }
    os_mutex_unlock(a->lock);
}

/* ---- for the next jobs ---- */

void accounts_keep(accounts *a, const char *user, const char *code, uint32_t minutes)
{
    uint64_t now = os_clock_mono_ms();
    os_mutex_lock(a->lock);
    kept *place = &a->kept[0];
    for (size_t i = 0; i < KEPT_MOST; i++) {
        kept *k = &a->kept[i];
        if (k->until && watch_same_user(k->user, user)) {
            place = k;
            break;
        }
        if (k->until < place->until) place = k;
    }
    plt_copy(place->user, sizeof place->user, user);
    plt_copy(place->code, sizeof place->code, code);
    place->until = minutes ? now + (uint64_t)(minutes < KEPT_MINUTES ? minutes : KEPT_MINUTES) * 60000 : 0;
    os_mutex_unlock(a->lock);
}

bool accounts_kept(accounts *a, const char *user, uint32_t wanted, char *code, size_t size)
{
    bool found = false;
    uint64_t now = os_clock_mono_ms();
    os_mutex_lock(a->lock);
    for (size_t i = 0; i < KEPT_MOST && !found; i++) {
        const kept *k = &a->kept[i];
        if (k->until <= now || !watch_same_user(k->user, user)) continue;
        const account_row *r = find_locked(a, k->code); /* it may be closed since */
        found = r && r->kind & wanted && plt_copy(code, size, r->code);
    }
    os_mutex_unlock(a->lock);
    return found;
}
