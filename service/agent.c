/* SPDX-License-Identifier: Apache-2.0 */
/* The shared state of the service, and the few things that several parts do the same way. */
#include "service/agent.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/frame.h"
#include "core/util/text.h"
#include "os/clock.h"
#include "os/config.h"
#include "os/crypto.h"
#include "os/error.h"
#include "os/groups.h"
#include "os/log.h"
#include "service/accounts.h"
#include "service/allowance.h"
#include "service/desk.h"
#include "service/keep.h"
#include "service/leases.h"
#include "service/persons.h"
#include "service/printers.h"
#include "service/timekeeper.h"
#include "service/watch.h"
#include "worker/opinion.h"

/* Given free when the disk is full, so that the jobs under way can still be written down. */
#define RESERVE_BYTES (8u << 20)
#define RESERVE_NAME "reserve.bin"
#define OPEN_GRACE_S 3600

static void make_reserve(agent *a)
{
    char path[OS_PATH_MAX];
    static const uint8_t block[65536];
    os_file *f;
    uint64_t space;
    if (!os_path_join(path, sizeof path, a->data_dir, RESERVE_NAME) || os_file_exists(path)) return;
    if (os_disk_free(a->data_dir, &space) != PLT_OK || space < 4 * (uint64_t)RESERVE_BYTES) return;
    if (os_file_open(&f, path, OS_FILE_WRITE | OS_FILE_NEW | OS_FILE_PRIVATE) != PLT_OK) return;
    plt_status s = PLT_OK;
    for (size_t n = 0; s == PLT_OK && n < RESERVE_BYTES; n += sizeof block) s = os_file_write(f, block, sizeof block);
    os_file_close(f);
    if (s != PLT_OK) os_file_remove(path);
}

static bool release_reserve(agent *a)
{
    char path[OS_PATH_MAX];
    if (!os_path_join(path, sizeof path, a->data_dir, RESERVE_NAME) || os_file_remove(path) != PLT_OK) return false;
    os_log(OS_LOG_ERROR, "the disk of %s is full: the reserve of %u MiB was given free; make room now", a->data_dir, RESERVE_BYTES >> 20);
    return true;
}

static plt_status make_folders(const char *data_dir)
{
    static const char *const names[] = {"run", "journal", "log", "gate"};
    char path[OS_PATH_MAX];
    plt_status s = os_dir_make(data_dir, true);
    for (size_t i = 0; s == PLT_OK && i < sizeof names / sizeof *names; i++)
        s = os_path_join(path, sizeof path, data_dir, names[i]) ? os_dir_make(path, true) : PLT_BAD;
    return s;
}

/* A setting in MiB, 1 to 1 TiB. */
static uint64_t megabytes(const char *data_dir, const char *key, uint64_t otherwise)
{
    char value[32];
    uint64_t n = os_config_get(data_dir, key, value, sizeof value) == PLT_OK ? strtoul(value, NULL, 10) : 0;
    return (n && n <= 1u << 20 ? n : otherwise) << 20;
}

plt_status agent_create(agent **out, const char *data_dir)
{
    char value[32];
    *out = NULL;
    agent *a = calloc(1, sizeof *a);
    if (!a) return PLT_NOMEM;
    a->lock = os_mutex_create();
    a->loading = os_mutex_create();
    a->wake = os_cond_create();
    plt_status s = a->lock && a->loading && a->wake ? PLT_OK : PLT_NOMEM;
    if (s == PLT_OK && !plt_copy(a->data_dir, sizeof a->data_dir, data_dir)) s = os_fail_as(PLT_BAD, "use", data_dir);
    if (s == PLT_OK) s = make_folders(data_dir);
    if (s == PLT_OK) s = ledger_open(&a->ledger, data_dir, false);
    if (s == PLT_OK) s = timekeeper_create(&a->clock, data_dir);
    if (s == PLT_OK && !(a->watchers = watch_create())) s = PLT_NOMEM;
    if (s == PLT_OK && !(a->persons = persons_create(os_groups_of))) s = PLT_NOMEM;
    if (s == PLT_OK && !(a->printers = printers_create(a->ledger))) s = PLT_NOMEM;
    if (s == PLT_OK) s = accounts_create(&a->accounts, data_dir);
    if (s == PLT_OK) s = desk_create(&a->desk, a);
    if (s != PLT_OK) {
        agent_free(a);
        return s;
    }
    a->open_grace_s = OPEN_GRACE_S;
    if (os_config_get(data_dir, "OpenGraceSeconds", value, sizeof value) == PLT_OK) a->open_grace_s = (uint32_t)strtoul(value, NULL, 10);
    os_config_get(data_dir, "SecondOpinion", a->second_opinion, sizeof a->second_opinion);
    a->opinion_seconds = PLT_OPINION_SECONDS;
    if (os_config_get(data_dir, "SecondOpinionSeconds", value, sizeof value) == PLT_OK) a->opinion_seconds = (uint32_t)strtoul(value, NULL, 10);
    if (!a->opinion_seconds || a->opinion_seconds > 600) a->opinion_seconds = PLT_OPINION_SECONDS;
    a->gate_job_max = megabytes(data_dir, "GateJobMiB", 512);
    a->gate_all_max = megabytes(data_dir, "GateAllMiB", 2048);
    keep_clear(a);
    make_reserve(a);
    agent_load_policy(a);
    *out = a;
    return PLT_OK;
}

void agent_free(agent *a)
{
    if (!a) return;
    for (size_t i = 0; i < AGENT_IDLE_WORKERS; i++) plt_worker_free(a->idle[i]);
    plt_policy_free(a->policy);
    plt_prices_free(a->prices);
    desk_free(a->desk);
    accounts_free(a->accounts);
    persons_free(a->persons);
    printers_free(a->printers);
    watch_free(a->watchers);
    timekeeper_free(a->clock);
    ledger_close(a->ledger);
    os_cond_free(a->wake);
    os_mutex_free(a->loading);
    os_mutex_free(a->lock);
    free(a);
}

void agent_set_state(agent *a, int state, const char *fmt, ...)
{
    char message[AGENT_MESSAGE_MAX];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(message, sizeof message, fmt, ap);
    va_end(ap);
    os_mutex_lock(a->lock);
    bool news = a->state != state || strcmp(a->message, message) != 0;
    a->state = state;
    plt_copy(a->message, sizeof a->message, message);
    os_mutex_unlock(a->lock);
    if (news && *message) os_log(state == PLT_STATE_CONNECTED ? OS_LOG_INFO : OS_LOG_WARN, "%s", message);
}

bool agent_stopping(agent *a)
{
    os_mutex_lock(a->lock);
    bool stopping = a->stopping;
    os_mutex_unlock(a->lock);
    return stopping;
}

bool agent_pause(agent *a, uint32_t ms)
{
    uint64_t until = os_clock_mono_ms() + ms;
    os_mutex_lock(a->lock);
    for (uint64_t now; !a->stopping && (now = os_clock_mono_ms()) < until;) os_cond_wait(a->wake, a->lock, (uint32_t)(until - now));
    bool stopping = a->stopping;
    os_mutex_unlock(a->lock);
    return stopping;
}

void agent_stop(agent *a)
{
    os_mutex_lock(a->lock);
    a->stopping = true;
    os_cond_broadcast(a->wake);
    os_mutex_unlock(a->lock);
}

static void wake_sync(agent *a)
{
    os_mutex_lock(a->lock);
    a->new_records = true;
    os_cond_broadcast(a->wake);
    os_mutex_unlock(a->lock);
}

plt_status agent_commit(agent *a, const plt_job *j)
{
    int64_t seq;
    allowance_settle(a, j);
    plt_status s = ledger_commit(a->ledger, j, os_clock_unix_ms(), &seq);
    if (s == PLT_FULL && release_reserve(a)) s = ledger_commit(a->ledger, j, os_clock_unix_ms(), &seq);
    if (s == PLT_OK || s == PLT_EXISTS) leases_forget(a->ledger, j->uid);
    if (s == PLT_EXISTS) return s;
    if (s != PLT_OK) {
        os_log(OS_LOG_ERROR, "job %s (%s) has no record yet: %s", j->uid, j->document, os_error_text());
        return s;
    }
    os_log(OS_LOG_INFO, "record %lld: job %s, %s, %llu bytes, %s", (long long)seq, j->uid, j->outcome, (unsigned long long)j->bytes, j->source);
    wake_sync(a);
    return PLT_OK;
}

plt_status agent_tell(agent *a, const ledger_news *n, int64_t now_ms)
{
    int64_t seq;
    plt_status s = ledger_tell(a->ledger, n, now_ms, &seq);
    if (s == PLT_FULL && release_reserve(a)) s = ledger_tell(a->ledger, n, now_ms, &seq);
    if (s == PLT_OK && n->type) wake_sync(a);
    return s;
}

plt_status agent_record(agent *a, const plt_job *j)
{
    plt_status s;
    return desk_record(a->desk, j, &s) ? s : agent_commit(a, j);
}

plt_status agent_end(agent *a, const plt_job *j)
{
    plt_status s = ledger_end(a->ledger, j);
    if (s == PLT_FULL && release_reserve(a)) s = ledger_end(a->ledger, j);
    if (s != PLT_OK) os_log(OS_LOG_ERROR, "job %s is not on disk yet: %s", j->uid, os_error_text());
    return s;
}

/* The port of this machine where a job comes out; "": none, it goes over the network. */
static void live_port(const plt_job *j, char out[OS_PORT_NAME_MAX])
{
    bool local = !strncmp(j->target, "port:", 5) || !strncmp(j->target, "file:", 5);
    const char *port = local ? j->target + 5 : strncmp(j->target, "tcp:", 4) ? "*" : "";
    if (!plt_copy(out, OS_PORT_NAME_MAX, port) || strpbrk(port, "\t\r\n")) plt_copy(out, OS_PORT_NAME_MAX, "*");
}

void agent_set_live(agent *a, const plt_job *j, bool live)
{
    os_mutex_lock(a->lock);
    for (size_t i = 0; i < AGENT_MAX_JOBS; i++) {
        if (strcmp(a->live[i], live ? "" : j->uid) != 0) continue;
        plt_copy(a->live[i], sizeof a->live[i], live ? j->uid : "");
        live_port(j, a->live_port[i]);
        break;
    }
    os_mutex_unlock(a->lock);
}

void agent_live_ports(agent *a, char out[AGENT_PORTS_MAX])
{
    size_t at = 0;
    out[0] = 0;
    os_mutex_lock(a->lock);
    for (size_t i = 0; i < AGENT_MAX_JOBS; i++) {
        size_t n = *a->live[i] ? strlen(a->live_port[i]) : 0;
        if (!n) continue;
        if (at + n + 2 > AGENT_PORTS_MAX) { /* too many to name */
            plt_copy(out, AGENT_PORTS_MAX, "*");
            break;
        }
        at += (size_t)snprintf(out + at, AGENT_PORTS_MAX - at, "%s%s", at ? "\t" : "", a->live_port[i]);
    }
    os_mutex_unlock(a->lock);
}

bool agent_is_live(agent *a, const char *uid)
{
    bool found = false;
    os_mutex_lock(a->lock);
    for (size_t i = 0; i < AGENT_MAX_JOBS && !found; i++) found = strcmp(a->live[i], uid) == 0;
    os_mutex_unlock(a->lock);
    return found;
}

plt_worker *agent_take_worker(agent *a)
{
    plt_worker *w = NULL;
    os_mutex_lock(a->lock);
    for (size_t i = 0; i < AGENT_IDLE_WORKERS && !w; i++) {
        w = a->idle[i];
        a->idle[i] = NULL;
    }
    os_mutex_unlock(a->lock);
    if (!w && plt_worker_create(&w, NULL) != PLT_OK) return NULL;
    return w;
}

void agent_give_worker(agent *a, plt_worker *w)
{
    os_mutex_lock(a->lock);
    for (size_t i = 0; i < AGENT_IDLE_WORKERS && w; i++) {
        if (a->idle[i]) continue;
        a->idle[i] = w;
        w = NULL;
    }
    os_mutex_unlock(a->lock);
    plt_worker_free(w);
}

/* A file of the data folder whose content is in force until another stands in its place. */
typedef struct in_force {
    char path[OS_PATH_MAX];
    plt_buf text;
    plt_status status;
    char error[PLT_POLICY_ERROR_SIZE];
} in_force;

/* False when the content is what it was. */
static bool read_changed(agent *a, const char *name, size_t max, uint8_t was[32], in_force *f)
{
    uint8_t sha[32] = {0};
    f->error[0] = 0;
    plt_buf_init(&f->text, max);
    if (!os_path_join(f->path, sizeof f->path, a->data_dir, name)) return false;
    f->status = os_file_load(f->path, &f->text);
    if (f->status == PLT_OK) os_sha256(plt_buf_str(&f->text), f->text.len, sha);
    bool same = memcmp(sha, was, sizeof sha) == 0;
    memcpy(was, sha, sizeof sha);
    return !same;
}

/* May what was made of it take the place of what is in force? Then with the lock held, and nobody at work by the old. */
static bool replace_begin(agent *a, in_force *f, const char *what)
{
    if (f->status != PLT_OK && f->status != PLT_NOTFOUND) {
        os_log(OS_LOG_ERROR, "%s is not in force, the %s before it stays so: %s", f->path, what, *f->error ? f->error : plt_status_name(f->status));
        return false;
    }
    os_mutex_lock(a->lock);
    while (a->policy_users) os_cond_wait(a->wake, a->lock, 1000);
    return true;
}

static void replace_end(agent *a, const in_force *f, const char *what)
{
    os_mutex_unlock(a->lock);
    os_log(OS_LOG_INFO, "%s in force: %s", what, f->status == PLT_OK ? f->path : "none");
}

static void load_prices(agent *a)
{
    in_force f;
    plt_prices *fresh = NULL, *old = NULL;
    if (read_changed(a, "prices.json", PLT_PRICES_MAX_BYTES, a->prices_sha, &f)) {
        if (f.status == PLT_OK) f.status = plt_prices_compile(&fresh, plt_buf_str(&f.text), f.text.len, f.error);
        if (replace_begin(a, &f, "price list")) {
            old = a->prices;
            a->prices = fresh;
            replace_end(a, &f, "price list");
        }
    }
    plt_prices_free(old);
    plt_buf_free(&f.text);
}

static void name_policy_locked(agent *a, const char *set, int64_t published)
{
    plt_copy(a->policy_set, sizeof a->policy_set, set);
    a->policy_published = published;
}

static void load_policy(agent *a, const char *set, int64_t published)
{
    in_force f;
    plt_policy *fresh = NULL, *old = NULL;
    if (read_changed(a, "policy.json", PLT_POLICY_MAX_BYTES, a->policy_sha, &f)) {
        if (f.status == PLT_OK) f.status = plt_policy_compile(&fresh, plt_buf_str(&f.text), f.text.len, f.error);
        if (replace_begin(a, &f, "policy")) {
            old = a->policy;
            a->policy = fresh;
            name_policy_locked(a, set, published);
            replace_end(a, &f, "policy");
        }
    }
    plt_policy_free(old);
    plt_buf_free(&f.text);
}

void agent_load_policy(agent *a)
{
    os_mutex_lock(a->loading);
    load_prices(a);
    load_policy(a, "", 0);
    os_mutex_unlock(a->loading);
}

void agent_load_hub_policy(agent *a, const char *set, int64_t published)
{
    os_mutex_lock(a->loading);
    load_prices(a);
    load_policy(a, set, published);
    os_mutex_lock(a->lock);
    name_policy_locked(a, set, published); /* the same text may have been published anew */
    os_mutex_unlock(a->lock);
    os_mutex_unlock(a->loading);
}

void agent_policy_named(agent *a, char *set, size_t size, plt_maybe *published)
{
    os_mutex_lock(a->lock);
    plt_copy(set, size, a->policy_set);
    *published = (plt_maybe){*set != 0, *set ? (uint64_t)a->policy_published : 0};
    os_mutex_unlock(a->lock);
}

bool agent_has_policy(agent *a)
{
    os_mutex_lock(a->lock);
    bool has = a->policy != NULL;
    os_mutex_unlock(a->lock);
    return has;
}

const plt_policy *agent_policy_begin(agent *a, const plt_prices **prices)
{
    os_mutex_lock(a->lock);
    const plt_policy *p = a->policy;
    *prices = a->prices;
    a->policy_users++;
    os_mutex_unlock(a->lock);
    return p;
}

void agent_policy_end(agent *a)
{
    os_mutex_lock(a->lock);
    if (--a->policy_users == 0) os_cond_broadcast(a->wake);
    os_mutex_unlock(a->lock);
}
