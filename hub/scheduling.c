/* SPDX-License-Identifier: Apache-2.0 */
/* When schedules are looked at. A look that fails is logged once and made again. */
#include "hub/scheduling.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "hub/receipt_run.h"
#include "hub/schedule_run.h"
#include "os/clock.h"
#include "os/log.h"

#define NAP_MS 500
#define LOOK_MS INT64_C(5000)
#define FORGET_MS INT64_C(600000)
#define FILES_KEPT_MS INT64_C(172800000) /* a mail waits for a day at most */

struct hub_scheduling {
    hub_scheduler of;
    hub_receipter receipts;
    os_thread *thread;
    os_mutex *lock;
    bool stop;
};

static bool stopping(hub_scheduling *s)
{
    os_mutex_lock(s->lock);
    bool stop = s->stop;
    os_mutex_unlock(s->lock);
    return stop;
}

static plt_status forget(hub_store *s, int64_t now)
{
    plt_status status = s->ops->begin(s);
    if (status != PLT_OK) return status;
    status = s->ops->schedules->files_forget(s, now - FILES_KEPT_MS);
    if (status == PLT_OK) return s->ops->commit(s);
    s->ops->rollback(s);
    return status;
}

/* Whatever is due: one report, one receipt. *more: there may be others. */
static plt_status round_of(hub_scheduling *s, int64_t now, bool *more)
{
    bool report = false, receipt = false;
    plt_status status = hub_schedule_round(&s->of, now, &report);
    if (status == PLT_OK) status = hub_receipt_round(&s->receipts, now, &receipt);
    *more = report || receipt;
    return status;
}

static void run(void *arg)
{
    hub_scheduling *s = arg;
    int64_t looked = 0, forgot = 0;
    bool away = false;
    while (!stopping(s)) {
        int64_t now = os_clock_unix_ms();
        bool more = false;
        plt_status status = PLT_OK;
        if (now - looked >= LOOK_MS || now < looked) {
            status = round_of(s, now, &more);
            if (!more) looked = now;
        }
        if (status == PLT_OK && now - forgot >= FORGET_MS) {
            status = forget(s->of.s, now);
            forgot = now;
        }
        if (status != PLT_OK && !away) os_log(OS_LOG_WARN, "scheduled reports and receipts: %s", s->of.s->ops->problem(s->of.s));
        if (status == PLT_OK && away) os_log(OS_LOG_INFO, "scheduled reports and receipts go on");
        away = status != PLT_OK;
        if (!more) os_sleep_ms(away ? 4 * NAP_MS : NAP_MS);
    }
}

plt_status hub_scheduling_start(hub_scheduling **out, hub *h, const char *console, char *problem, size_t n)
{
    *out = NULL;
    hub_scheduling *s = calloc(1, sizeof *s);
    if (!s) return PLT_NOMEM;
    s->of.console = console;
    s->of.most = HUB_ATTACHED_MOST;
    snprintf(s->of.who, sizeof s->of.who, "%" PRIx64, h->id);
    s->lock = os_mutex_create();
    plt_status status = s->lock ? hub_store_open(&s->of.s, &h->where, false, problem, n) : PLT_NOMEM;
    s->receipts = (hub_receipter){.s = s->of.s, .signer = h->receipts};
    snprintf(s->receipts.who, sizeof s->receipts.who, "%s", s->of.who);
    if (status == PLT_OK) status = os_thread_start(&s->thread, run, s);
    if (status == PLT_OK)
        *out = s;
    else
        hub_scheduling_stop(s);
    return status;
}

void hub_scheduling_stop(hub_scheduling *s)
{
    if (!s) return;
    if (s->lock) {
        os_mutex_lock(s->lock);
        s->stop = true;
        os_mutex_unlock(s->lock);
    }
    os_thread_join(s->thread);
    if (s->of.s) s->of.s->ops->close(s->of.s);
    os_mutex_free(s->lock);
    free(s);
}
