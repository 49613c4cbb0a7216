/* SPDX-License-Identifier: Apache-2.0 */
/* platen-service: starts the parts, waits for the end, stops them in the opposite order. */
#include <stdio.h>
#include <string.h>

#include "core/util/text.h"
#include "os/clock.h"
#include "os/config.h"
#include "os/error.h"
#include "os/log.h"
#include "os/service.h"
#include "os/spooler.h"
#include "service/agent.h"
#include "service/collecting.h"
#include "service/desk.h"
#include "service/devices.h"
#include "service/feed.h"
#include "service/intake.h"
#include "service/journal.h"
#include "service/lease_sync.h"
#include "service/orders.h"
#include "service/queues.h"
#include "service/sync.h"
#include "service/timekeeper.h"
#include "service/user.h"

#define QUEUES_EVERY_MS 60000

typedef struct options {
    char data_dir[OS_PATH_MAX];
    bool verbose;
    bool log_to_file;
} options;

static void say_queue(void *ctx, bool failed, const char *words)
{
    (void)ctx;
    os_log(failed ? OS_LOG_WARN : OS_LOG_INFO, "queue %s", words);
}

/* Queues come and go: with Queues=all each minute's look takes the new ones behind our port. */
static void keep_queues(agent *a)
{
    char wish[16];
    if (os_config_get(a->data_dir, "Queues", wish, sizeof wish) == PLT_OK && plt_same(wish, "all")) queues_wrap_all(a->data_dir, say_queue, NULL);
}

static void wait_for_stop(agent *a)
{
    uint64_t next = 0;
    do {
        timekeeper_tick(a->clock);
        if (os_clock_mono_ms() < next) continue;
        keep_queues(a);
        next = os_clock_mono_ms() + QUEUES_EVERY_MS;
    } while (!os_service_stopping(1000));
}

static int serve(void *arg)
{
    options *o = arg;
    char log_path[OS_PATH_MAX + 32];
    agent *a;
    intake *in = NULL;
    journal *jo = NULL;
    hubsync *sync = NULL;
    feed *policies = NULL;
    lease_sync *leases = NULL;
    userpipe *user = NULL;
    devices *printers = NULL;
    orders *asked = NULL;
    plt_status s = agent_create(&a, o->data_dir);
    if (s != PLT_OK) {
        os_log(OS_LOG_ERROR, "cannot start: %s", os_error_text());
        return 1;
    }
    snprintf(log_path, sizeof log_path, "%s/log/service.log", o->data_dir);
    if (o->log_to_file || os_service_managed()) os_log_open(log_path, o->verbose ? OS_LOG_DEBUG : OS_LOG_INFO);
    s = feed_start(&policies, a); /* first: no job is judged by less than what is kept */
    if (s == PLT_OK) s = lease_sync_start(&leases, a);
    if (s == PLT_OK) s = intake_start(&in, a);
    if (s == PLT_OK) s = user_start(&user, a);
    if (s == PLT_OK) s = journal_start(&jo, a);
    if (s == PLT_OK) s = desk_start(a->desk);
    if (s == PLT_OK) s = sync_start(&sync, a);
    collecting_begin(a);
    if (s == PLT_OK) s = devices_start(&printers, a);
    if (s == PLT_OK) s = orders_start(&asked, a);
    if (s == PLT_OK) {
        os_log(OS_LOG_INFO, "platen-service " PLATEN_VERSION " works in %s", o->data_dir);
        os_service_ready();
        /* The spooler may have been off when we were installed. */
        if (os_service_managed() && os_spooler_monitor_add("platenmon.dll") != PLT_OK)
            os_log(OS_LOG_WARN, "the print monitor is not registered: %s", os_error_text());
        wait_for_stop(a);
        os_log(OS_LOG_INFO, "stopping");
    } else {
        os_log(OS_LOG_ERROR, "cannot start: %s%s", os_error_text(), s == PLT_EXISTS ? ": another platen-service runs here" : "");
    }
    agent_stop(a);
    intake_stop(in);
    desk_stop(a->desk);
    user_stop(user);
    journal_stop(jo);
    sync_stop(sync);
    orders_stop(asked);
    devices_stop(printers);
    lease_sync_stop(leases);
    feed_stop(policies);
    agent_free(a);
    return s == PLT_OK ? 0 : 1;
}

static int usage(FILE *to, int code)
{
    fputs("platen-service: accounts for every print job of this machine.\n\n"
          "  platen-service [--data DIR] [--log-file] [--verbose]\n\n"
          "Started by the service manager it is a service; else it works in the foreground until it is ended.\n"
          "  --data DIR    where the ledger, the journal and the keys are (default: the machine's data folder)\n"
          "  --log-file    log to DIR/log/service.log, as the service does, and not to stderr\n"
          "  --verbose     log more\n"
          "Exit codes: 0 ended as asked, 1 could not start (the log says why), 2 wrong use.\n",
          to);
    return code;
}

int main(int argc, char **argv)
{
    static options o;
    if (os_path_data(o.data_dir, sizeof o.data_dir) != PLT_OK) return usage(stderr, 2);
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--data") == 0 && i + 1 < argc) {
            if (!plt_copy(o.data_dir, sizeof o.data_dir, argv[++i])) return usage(stderr, 2);
        } else if (strcmp(argv[i], "--verbose") == 0)
            o.verbose = true;
        else if (strcmp(argv[i], "--log-file") == 0)
            o.log_to_file = true;
        else if (strcmp(argv[i], "--help") == 0)
            return usage(stdout, 0);
        else if (strcmp(argv[i], "--version") == 0) {
            puts("platen-service " PLATEN_VERSION);
            return 0;
        } else
            return usage(stderr, 2);
    }
    os_log_open(NULL, o.verbose ? OS_LOG_DEBUG : OS_LOG_INFO);
    return os_service_run("PlatenService", serve, &o);
}
