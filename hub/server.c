/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Start, run, stop. What cannot work is said at the start, before anything listens. The stop takes no more requests, lets
 * those under way end, finishes the commit in progress and closes the store.
 */
#include "hub/server.h"

#include <stdio.h>
#include <string.h>

#include <openssl/crypto.h>

#include "core/util/text.h"
#include "hub/alerting.h"
#include "hub/hearing.h"
#include "hub/hub.h"
#include "hub/lane.h"
#include "hub/scheduling.h"
#include "hub/session.h"
#include "hub/session_api.h"
#include "hub/writer.h"
#include "os/clock.h"
#include "os/crypto.h"
#include "os/error.h"
#include "os/http.h"
#include "os/log.h"
#include "os/net.h"
#include "os/process.h"
#include "os/service.h"

#define DRAIN_MS 5000
#define RENEW_MS (24 * 3600 * (uint64_t)1000)
#define OWN_NAMES 4
#define UPKEEP_FIRST_MS 300000
#define UPKEEP_MS 60000
#define UPKEEP_ROWS 2000 /* a minute: three million jobs a day */

typedef struct server {
    const hub_server_options *options;
    hub hub;
    hub_http *http;
    hub_hearing *hearing;
    hub_alerting *alerting;
    hub_scheduling *scheduling;
    char console[400]; /* its address, in mails */
    os_file *lock;
    os_thread *watch;
    const char *names[OWN_NAMES + HUB_SERVER_NAMES];
    size_t name_count;
    char machine[256];
    bool stop, over; /* under hub.lock: a stop was asked for; the watch is to end */
    char problem[600];
} server;

static bool look(server *s, const bool *flag)
{
    os_mutex_lock(s->hub.lock);
    bool set = *flag;
    os_mutex_unlock(s->hub.lock);
    return set;
}

static void set(server *s, bool *flag)
{
    os_mutex_lock(s->hub.lock);
    *flag = true;
    os_mutex_unlock(s->hub.lock);
}

/* ---- start ---- */

static plt_status fault(server *s, plt_status status)
{
    plt_copy(s->problem, sizeof s->problem, os_error_text());
    return status;
}

static plt_status open_folder(server *s)
{
    const hub_server_options *o = s->options;
    char path[OS_PATH_MAX];
    plt_status status = os_dir_make(o->data_dir, true);
    if (status != PLT_OK) return fault(s, status);
    plt_copy(path, sizeof path, o->log);
    if (!*path && os_service_managed() && !os_path_join(path, sizeof path, o->data_dir, "hub.log")) return PLT_BAD;
    status = os_log_open(*path ? path : NULL, OS_LOG_INFO);
    if (status != PLT_OK) return fault(s, status);
    if (!os_path_join(path, sizeof path, o->data_dir, "hub.lock")) return PLT_BAD;
    status = os_file_open(&s->lock, path, OS_FILE_WRITE | OS_FILE_CREATE | OS_FILE_EXCLUSIVE | OS_FILE_PRIVATE);
    if (status == PLT_BUSY)
        snprintf(s->problem, sizeof s->problem, "another platen-hub serves %s", o->data_dir);
    else if (status != PLT_OK)
        fault(s, status);
    return status;
}

static void add_name(server *s, const char *name)
{
    for (size_t i = 0; i < s->name_count; i++)
        if (plt_same(s->names[i], name)) return;
    if (s->name_count < sizeof s->names / sizeof *s->names && hub_ca_name_valid(name)) s->names[s->name_count++] = name;
}

static plt_status open_certificates(server *s)
{
    bool renewed;
    int64_t now = os_clock_unix_ms();
    os_machine_name(s->machine, sizeof s->machine);
    add_name(s, "localhost");
    add_name(s, "127.0.0.1");
    add_name(s, "::1");
    add_name(s, s->machine);
    for (size_t i = 0; i < s->options->name_count; i++) add_name(s, s->options->names[i]);
    plt_status status = hub_ca_open(&s->hub.ca, s->options->data_dir, now, s->problem, sizeof s->problem);
    if (status == PLT_OK) status = hub_ca_server_renew(s->hub.ca, s->names, s->name_count, now, &renewed, s->problem, sizeof s->problem);
    if (status == PLT_OK && renewed) os_log(OS_LOG_INFO, "made a server certificate for %zu names", s->name_count);
    if (status == PLT_OK) status = hub_signer_open(&s->hub.signer, &hub_signer_of_policies, s->hub.ca, now, s->problem, sizeof s->problem);
    if (status == PLT_OK) status = hub_signer_open(&s->hub.receipts, &hub_signer_of_receipts, s->hub.ca, now, s->problem, sizeof s->problem);
    return status;
}

/* The first administrator, in a private file and once on stdout. The file is written first: an account whose password nobody has is of no use. */
static plt_status first_administrator(server *s, hub_store *store)
{
    char password[HUB_ONE_TIME_SIZE], path[OS_PATH_MAX], text[128];
    hub_account a;
    plt_status status = store->ops->begin(store); /* hubs on one store take turns: one makes it */
    if (status != PLT_OK) return status;
    status = store->ops->account_find(store, "admin", &a);
    if (status != PLT_NOTFOUND) {
        store->ops->rollback(store);
        return status;
    }
    status = hub_account_reset(store, "admin", os_clock_unix_ms(), password);
    int n = snprintf(text, sizeof text, "user: admin\npassword: %s\n", password);
    if (status == PLT_OK && os_path_join(path, sizeof path, s->options->data_dir, HUB_FIRST_LOGIN))
        status = os_file_store(path, text, (size_t)n, true);
    if (status == PLT_OK)
        status = store->ops->commit(store);
    else
        store->ops->rollback(store);
    if (status == PLT_OK) {
        printf("First sign-in: user admin, one-time password: %s\n", password);
        fflush(stdout);
        os_log(OS_LOG_INFO, "made the first administrator; the one-time password is in %s", path);
    }
    OPENSSL_cleanse(password, sizeof password);
    OPENSSL_cleanse(text, sizeof text);
    return status;
}

static plt_status open_store(server *s)
{
    hub_store *store;
    plt_status status = hub_store_open(&store, &s->hub.where, true, s->problem, sizeof s->problem);
    if (status != PLT_OK) return status;
    status = first_administrator(s, store);
    if (status != PLT_OK) {
        snprintf(s->problem, sizeof s->problem, "the first administrator cannot be made: %s", store->ops->problem(store));
        store->ops->close(store);
        return status;
    }
    store->hub = s->hub.id;
    return hub_writer_start(&s->hub.writer, &s->hub, store, HUB_WRITE_QUEUE);
}

static plt_status open_console(server *s)
{
    char program[OS_PATH_MAX], dir[OS_PATH_MAX], share[OS_PATH_MAX] = "";
    plt_copy(dir, sizeof dir, s->options->console_dir);
    if (!*dir) {
        if (os_path_program_dir(program, sizeof program) != PLT_OK || !os_path_join(dir, sizeof dir, program, "console")) return PLT_BAD;
        if (!os_file_exists(dir) && os_path_join(share, sizeof share, program, "../share/platen/console")) plt_copy(dir, sizeof dir, share);
    }
    plt_status status = hub_assets_load(&s->hub.assets, dir);
    if (status != PLT_OK) {
        snprintf(s->problem, sizeof s->problem, "the console's files in %s cannot be read: %s", dir,
                 status == PLT_FULL ? "more than 512 files or 32 MiB" : os_error_text());
        return status;
    }
    if (hub_assets_count(s->hub.assets) == 0) os_log(OS_LOG_WARN, "no console in %s: only the API is served", dir);
    return PLT_OK;
}

static plt_status open_workers(server *s)
{
    hub *h = &s->hub;
    h->throttle = hub_throttle_new();
    if (!h->throttle) return PLT_NOMEM;
    plt_status status = hub_lane_start(&h->work, h, HUB_WORKERS, HUB_WORK_QUEUE, s->problem, sizeof s->problem);
    if (status == PLT_OK) status = hub_lane_start(&h->signin, h, 1, HUB_SIGNIN_QUEUE, s->problem, sizeof s->problem);
    if (status == PLT_OK) status = os_http_begin();
    if (status == PLT_OK) status = hub_lane_start(&h->outside, h, HUB_OUTSIDE, HUB_OUTSIDE_QUEUE, s->problem, sizeof s->problem);
    if (status == PLT_OK) status = hub_hearing_start(&s->hearing, h, s->problem, sizeof s->problem);
    return status == PLT_OK ? hub_alerting_start(&s->alerting, h, s->options->local_webhooks, s->problem, sizeof s->problem) : status;
}

static void wake(hub *h)
{
    hub_http_wake(h->loop);
}

/* Waits for the stop, in its own thread since the event loop cannot, and lets the loop look at the time now and then. */
static void watch(void *arg)
{
    server *s = arg;
    int quiet = 0;
    while (!look(s, &s->over)) {
        if (os_service_stopping(1000)) {
            set(s, &s->stop);
            hub_http_wake(s->http);
            os_sleep_ms(50);
        } else if (++quiet % 60 == 0) {
            hub_http_wake(s->http);
        }
    }
}

/* What others reach a side by: its address, or a name of ours where it listens on all. */
static void address_of(const server *s, bool console, char *out, size_t size)
{
    const hub_listen *l = console ? &s->options->console : &s->options->agents;
    const char *host = *l->host ? l->host : s->options->name_count ? s->options->names[0] : s->machine;
    bool bare6 = strchr(host, ':') != NULL;
    snprintf(out, size, "https://%s%s%s:%d", bare6 ? "[" : "", host, bare6 ? "]" : "", hub_http_port(s->http, console));
}

static plt_status open_all(server *s)
{
    static plt_status (*const steps[])(server *) = {open_folder, open_certificates, open_store, open_console, open_workers};
    snprintf(s->problem, sizeof s->problem, "out of memory");
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        plt_status status = steps[i](s);
        if (status != PLT_OK) return status;
    }
    plt_status status =
        hub_http_start(&s->http, &s->hub, &s->options->agents, &s->options->console, s->options->connections, s->problem, sizeof s->problem);
    if (status != PLT_OK) return status;
    os_mutex_lock(s->hub.lock);
    s->hub.loop = s->http;
    s->hub.wake = wake;
    os_mutex_unlock(s->hub.lock);
    address_of(s, true, s->console, sizeof s->console);
    status = hub_scheduling_start(&s->scheduling, &s->hub, s->console, s->problem, sizeof s->problem);
    return status == PLT_OK ? os_thread_start(&s->watch, watch, s) : status;
}

static void announce(const server *s)
{
    char agents[400];
    address_of(s, false, agents, sizeof agents);
    if (s->options->print_addresses) {
        printf("{\"agents\":\"%s\",\"console\":\"%s\",\"pid\":%lu}\n", agents, s->console, (unsigned long)os_process_self());
        fflush(stdout);
    }
    os_log(OS_LOG_INFO, "platen-hub " PLATEN_VERSION " serves %s: agents at %s, console at %s", s->options->data_dir, agents, s->console);
    os_service_ready();
}

static void renew_signer(server *s, hub_signer *signer, const char *name)
{
    bool renewed = false;
    if (hub_signer_renew(signer, os_clock_unix_ms(), &renewed, s->problem, sizeof s->problem) != PLT_OK)
        os_log(OS_LOG_ERROR, "the %s signer's certificate was not renewed: %s", name, s->problem);
    else if (renewed)
        os_log(OS_LOG_INFO, "renewed the %s signer's certificate", name);
}

/* ---- run and stop ---- */

static void renew_certificates(server *s)
{
    bool renewed = false;
    plt_status status = hub_ca_server_renew(s->hub.ca, s->names, s->name_count, os_clock_unix_ms(), &renewed, s->problem, sizeof s->problem);
    if (status == PLT_OK && renewed) status = hub_http_new_certificate(s->http, s->problem, sizeof s->problem);
    if (status != PLT_OK)
        os_log(OS_LOG_ERROR, "the server's certificate was not renewed: %s", s->problem);
    else if (renewed)
        os_log(OS_LOG_INFO, "renewed the server's certificate");
    renew_signer(s, s->hub.signer, "policy");
    renew_signer(s, s->hub.receipts, "receipt");
}

/* On the writer: a step of what goes after its time. */
static plt_status upkeep(hub_store *s, hub_task *t, int64_t now)
{
    (void)t;
    bool more; /* the next minute's */
    plt_status status = s->ops->upkeep_turn(s, now);
    if (status != PLT_OK) return status == PLT_NOTFOUND ? PLT_OK : status;
    return s->ops->purge(s, now, UPKEEP_ROWS, &more);
}

static void push_upkeep(server *s)
{
    hub_task *t = hub_task_new();
    if (!t) return;
    t->write = upkeep;
    if (!hub_writer_push(s->hub.writer, t)) hub_task_free(t);
}

static bool serve(server *s)
{
    uint64_t renew_at = os_clock_mono_ms() + RENEW_MS, drain_until = 0, upkeep_at = os_clock_mono_ms() + UPKEEP_FIRST_MS;
    for (;;) {
        if (!hub_http_serve(s->http)) return false;
        uint64_t now = os_clock_mono_ms();
        if (now >= renew_at) {
            renew_certificates(s);
            renew_at = now + RENEW_MS;
        }
        if (now >= upkeep_at) {
            push_upkeep(s);
            upkeep_at = now + UPKEEP_MS;
        }
        if (!look(s, &s->stop)) continue;
        if (!drain_until) {
            os_log(OS_LOG_INFO, "stopping");
            drain_until = now + DRAIN_MS;
        }
        if (hub_http_drained(s->http) || now >= drain_until) return true;
    }
}

static void close_all(server *s)
{
    hub *h = &s->hub;
    if (h->lock) {
        set(s, &s->over);
        os_thread_join(s->watch);
        os_mutex_lock(h->lock);
        h->wake = NULL;
        os_mutex_unlock(h->lock);
    }
    hub_scheduling_stop(s->scheduling);
    hub_alerting_stop(s->alerting);
    hub_hearing_stop(s->hearing);
    hub_lane_stop(h->work);
    hub_lane_stop(h->signin);
    hub_lane_stop(h->outside);
    hub_writer_stop(h->writer);
    hub_http_stop(s->http);
    for (hub_task *t = h->done_first, *next; t; t = next) {
        next = t->next;
        hub_task_free(t);
    }
    hub_throttle_free(h->throttle);
    hub_assets_free(h->assets);
    hub_signer_free(h->signer);
    hub_signer_free(h->receipts);
    hub_ca_free(h->ca);
    os_file_close(s->lock);
    os_mutex_free(h->lock);
}

int hub_server_run(void *options)
{
    static server s; /* one a process: it is large, and threads point into it */
    memset(&s, 0, sizeof s);
    s.options = options;
    plt_copy(s.hub.data_dir, sizeof s.hub.data_dir, s.options->data_dir);
    s.hub.where = (hub_store_where){.data_dir = s.hub.data_dir, .url = s.options->store};
    s.hub.lock = os_mutex_create();
    plt_status status = s.hub.lock ? os_random(&s.hub.id, sizeof s.hub.id) : PLT_NOMEM;
    if (status == PLT_OK) status = open_all(&s);
    bool ok = status == PLT_OK;
    if (ok) {
        announce(&s);
        ok = serve(&s);
        if (!ok) os_log(OS_LOG_ERROR, "the event loop failed");
    } else {
        os_log(OS_LOG_ERROR, "cannot start: %s", *s.problem ? s.problem : plt_status_name(status));
    }
    close_all(&s);
    if (ok) os_log(OS_LOG_INFO, "stopped");
    return ok ? 0 : 1;
}
