/* SPDX-License-Identifier: Apache-2.0 */
/* The service decides whether it is too soon; here is only what the person sees of it. It must end by itself, also when nobody answers. */
#include "tray/local.h"

#include "os/clock.h"
#include "tray/format.h"
#include "tray/icon.h"

#define LOOK_MS 1000
#define MOST_MS 90000 /* the service's own round takes 75 s at most */

static struct {
    HWND owner;
    const host *service;
    uint64_t until;  /* 0: nothing is under way */
    uint32_t ticket; /* of the request that is to be answered; 0: none, the timer runs */
} local;

static void finish(const wchar_t *text, bool warning)
{
    local.until = 0;
    local.ticket = 0;
    KillTimer(local.owner, LOCAL_TIMER);
    icon_notice(words(W_READ_TITLE), text, warning);
}

static bool send(request_kind kind)
{
    request r = {.kind = kind};
    local.ticket = local.service->send(&r);
    return local.ticket != 0;
}

static void say_read(const printers *p)
{
    wchar_t read[160] = L"", busy[160] = L"", both[330];
    if (p->found > p->busy) format_count(read, 160, W_READ_1, p->found - p->busy);
    if (p->busy) format_count(busy, 160, W_READ_BUSY_1, p->busy);
    format_words(both, 330, *read && *busy ? L"%ls\n%ls" : L"%ls%ls", read, busy);
    if (p->found)
        finish(both, false);
    else
        finish(words(p->wrong ? W_READ_FAILED : W_READ_NONE), p->wrong);
}

void local_event(const event *e)
{
    const printers *p = &e->of.printers.now;
    if (!local.until || !local.ticket || e->ticket != local.ticket) return;
    local.ticket = 0;
    uint64_t code = e->of.printers.refused.code;
    if (!e->served)
        finish(words(code == PLT_E_AGAIN ? W_READ_SOON : code ? W_READ_OLD : W_READ_AWAY), code != PLT_E_AGAIN);
    else if (p->state == PLT_LOCAL_OFF)
        finish(words(W_READ_OFF), false);
    else if (p->state != PLT_LOCAL_READING)
        say_read(p);
    else if (os_clock_mono_ms() >= local.until)
        finish(words(W_READ_LONG), false);
    else
        SetTimer(local.owner, LOCAL_TIMER, LOOK_MS, NULL);
}

void local_tick(void)
{
    KillTimer(local.owner, LOCAL_TIMER);
    if (local.until && !local.ticket && !send(REQUEST_PRINTERS)) finish(words(W_READ_AWAY), true);
}

void local_read(const host *service)
{
    if (local.until) return;
    local.service = service;
    local.until = os_clock_mono_ms() + MOST_MS;
    if (!send(REQUEST_READ)) finish(words(W_READ_AWAY), true);
}

bool local_reading(void)
{
    return local.until != 0;
}

void local_begin(HWND owner)
{
    local.owner = owner;
}

void local_end(void)
{
    KillTimer(local.owner, LOCAL_TIMER);
    local.until = 0;
}
