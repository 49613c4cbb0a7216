/* SPDX-License-Identifier: Apache-2.0 */
/* One file of one line, replaced at once. It is written a minute after it was last asked, five minutes after it was not, and as a hub confirms. */
#include "service/timekeeper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/policy/timekeeper.h"
#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/file.h"
#include "os/log.h"
#include "os/thread.h"

#define NAME "clock.txt"
#define ASKED_MS 60000
#define IDLE_MS 300000
#define AGAIN_MS 10000 /* after a disk that did not take it */

struct timekeeper {
    os_mutex *lock;
    char path[OS_PATH_MAX];
    uint64_t start;
    plt_timekeeper k;
    bool asked; /* since it was kept */
    bool news;  /* a hub's word that is not kept yet */
    bool parted;
    uint64_t kept, failed; /* by the steady clock; failed 0: it did not */
};

static plt_clocks look(const timekeeper *t)
{
    return (plt_clocks){os_clock_unix_ms(), os_clock_steady_ms(), t->start};
}

static void load(timekeeper *t)
{
    plt_buf text;
    plt_buf_init(&text, PLT_TIMEKEEPER_TEXT);
    plt_status s = os_file_load(t->path, &text);
    if (s == PLT_OK) s = plt_timekeeper_read(plt_buf_str(&text), text.len, &t->k);
    if (s != PLT_OK && s != PLT_NOTFOUND)
        os_log(OS_LOG_WARN, "%s cannot be read (%s): the PC's clock is taken as it is until the hub says what time it is", t->path,
               plt_status_name(s));
    plt_buf_free(&text);
}

plt_status timekeeper_create(timekeeper **out, const char *data_dir)
{
    *out = NULL;
    timekeeper *t = calloc(1, sizeof *t);
    if (!t) return PLT_NOMEM;
    t->lock = os_mutex_create();
    plt_status s = t->lock ? PLT_OK : PLT_NOMEM;
    if (s == PLT_OK && !os_path_join(t->path, sizeof t->path, data_dir, NAME)) s = os_fail_as(PLT_BAD, "use", data_dir);
    if (s != PLT_OK) {
        os_mutex_free(t->lock);
        free(t);
        return s;
    }
    t->start = os_clock_start();
    load(t);
    plt_clocks c = look(t);
    plt_timekeeper_begin(&t->k, &c);
    t->kept = c.steady;
    t->news = true;
    *out = t;
    return PLT_OK;
}

int64_t timekeeper_now(timekeeper *t)
{
    os_mutex_lock(t->lock);
    plt_clocks c = look(t);
    int64_t now = plt_timekeeper_now(&t->k, &c);
    t->asked = true;
    os_mutex_unlock(t->lock);
    return now;
}

int64_t timekeeper_behind(timekeeper *t, int64_t *set_on)
{
    os_mutex_lock(t->lock);
    plt_clocks c = look(t);
    int64_t behind = plt_timekeeper_behind(&t->k, &c);
    *set_on = t->k.set_on;
    t->asked = true;
    os_mutex_unlock(t->lock);
    return behind;
}

void timekeeper_confirm(timekeeper *t, int64_t hub_ms)
{
    os_mutex_lock(t->lock);
    plt_clocks c = look(t);
    int64_t moved = plt_timekeeper_confirm(&t->k, &c, hub_ms);
    t->news = true;
    os_mutex_unlock(t->lock);
    char span[PLT_SPAN_SIZE];
    plt_time_span(span, moved);
    if (moved) os_log(OS_LOG_WARN, "the time that rules go by was %s %s: the hub has put it right", span, moved > 0 ? "behind" : "ahead");
}

/* ---- the tick ---- */

static void say_parted(timekeeper *t, int64_t behind)
{
    char span[PLT_SPAN_SIZE];
    bool parted = behind != 0;
    if (parted == t->parted) return;
    t->parted = parted;
    plt_time_span(span, behind);
    if (parted)
        os_log(OS_LOG_WARN, "this PC's clock is %s %s the time that rules go by ('platen status' says more)", span,
               behind > 0 ? "behind" : "ahead of");
    else
        os_log(OS_LOG_INFO, "this PC's clock agrees again with the time that rules go by");
}

static void keep(timekeeper *t)
{
    char line[PLT_TIMEKEEPER_TEXT];
    os_mutex_lock(t->lock);
    plt_clocks c = look(t);
    plt_timekeeper_carry(&t->k, &c);
    plt_timekeeper_write(&t->k, line);
    t->asked = t->news = false;
    t->kept = c.steady;
    os_mutex_unlock(t->lock);
    bool failed = os_file_store(t->path, line, strlen(line), true) != PLT_OK;
    if (failed && !t->failed)
        os_log(OS_LOG_WARN, "the time cannot be kept: %s. A restart may go back to the time that was kept last", os_error_text());
    t->failed = failed ? c.steady : 0;
}

void timekeeper_tick(timekeeper *t)
{
    os_mutex_lock(t->lock);
    plt_clocks c = look(t);
    int64_t behind = plt_timekeeper_behind(&t->k, &c);
    uint64_t since = c.steady - t->kept;
    bool due = t->news || (t->asked && since >= ASKED_MS) || since >= IDLE_MS || t->failed;
    if (t->failed && c.steady - t->failed < AGAIN_MS) due = false;
    os_mutex_unlock(t->lock);
    say_parted(t, behind);
    if (due) keep(t);
}

void timekeeper_free(timekeeper *t)
{
    if (!t) return;
    keep(t);
    os_mutex_free(t->lock);
    free(t);
}

/* ---- words ---- */

#define BY_HAND "A hub puts it right, or an administrator: end the service, delete " NAME " in its data folder, start it"

void timekeeper_words(timekeeper *t, char *out, size_t size)
{
    char span[PLT_SPAN_SIZE], on[PLT_SPAN_SIZE], at[PLT_TIME_SIZE];
    os_mutex_lock(t->lock);
    plt_clocks c = look(t);
    int64_t behind = plt_timekeeper_behind(&t->k, &c);
    plt_timekeeper k = t->k;
    os_mutex_unlock(t->lock);
    plt_time_span(span, behind);
    plt_time_span(on, k.set_on);
    plt_time_format(at, k.hub);
    const char *side = behind > 0 ? "behind" : "ahead";
    if (k.sure && behind)
        snprintf(out, size, "the hub's, of %s; this PC's own is %s %s, and rules do not go by it", at, span, side);
    else if (k.sure)
        snprintf(out, size, "the hub's, of %s; this PC's own agrees", at);
    else if (behind)
        snprintf(out, size, "the latest that was ever seen: this PC's own is %s behind it, and no hub has said the time since the system started. %s",
                 span, BY_HAND);
    else if (k.set_on)
        snprintf(out, size, "this PC's own, which was set on by %s; no hub has said the time since the system started. %s", on, BY_HAND);
    else
        snprintf(out, size, "this PC's own; no hub has said the time since the system started");
}
