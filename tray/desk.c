/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decides what is shown when. Questions are a queue in one window: the oldest first. Nothing comes up over a full screen; then the task bar flashes,
 * a notice says it, and the window comes as soon as the screen is free. What the service takes back disappears.
 */
#include "tray/desk.h"

#include <string.h>

#include "os/clock.h"
#include "tray/format.h"
#include "tray/host.h"
#include "tray/icon.h"
#include "tray/jobs.h"
#include "tray/local.h"
#include "tray/popup.h"
#include "tray/reasons.h"
#include "tray/screen.h"

#define SETTLE_MS 3000 /* after a new connection: what the service has not named by then is not open */

static struct {
    HWND owner;
    client *client;
    void (*changed)(void);
    uint32_t tickets;
    questions open;
    size_t done; /* questions of this row that were shown and are over: "2 of 3" */
    popup *popup;
    bool held_back; /* the window waits for the screen to be free */
    bool key;       /* the hot key is ours: only while something waits */
    uint64_t settle_at;
    jobs *jobs;
} desk;

static uint32_t send(request *r)
{
    if (++desk.tickets == 0) desk.tickets = 1;
    r->ticket = desk.tickets;
    return client_request(desk.client, r) ? r->ticket : 0;
}

static const host to_service = {send};

/* -- notices */

static void say_notice(word title, const char *document, const wchar_t *text, bool warning)
{
    wchar_t name[160], both[512];
    format_utf8(name, 160, document);
    format_words(both, 512, *name && *text ? L"%ls\n%ls" : L"%ls%ls", name, text);
    icon_notice(words(title), both, warning);
}

/* What the kind alone says needs no message, and an older service sends no reason: then its message is a rule's words, or English. */
static void on_notice(const notice *n)
{
    static const struct {
        word title, text; /* text W_COUNT: the message */
        bool warning;
    } kinds[NOTICE_KINDS] = {
        [PLT_NOTICE_WORDS] = {W_Q_CAPTION, W_COUNT, false},
        [PLT_NOTICE_DENIED] = {W_NOTE_DENIED, W_COUNT, true},
        [PLT_NOTICE_CONVERTED] = {W_NOTE_CONVERTED, W_COUNT, false},
        [PLT_NOTICE_HELD] = {W_NOTE_HELD, W_COUNT, false},
        [PLT_NOTICE_RELEASED] = {W_NOTE_RELEASED, W_COUNT, false},
        [PLT_NOTICE_FAILED] = {W_NOTE_FAILED, W_COUNT, true},
        [PLT_NOTICE_UNANSWERED] = {W_NOTE_CANCELLED, W_NOTE_UNANSWERED, true},
        [PLT_NOTICE_EXPIRED] = {W_NOTE_CANCELLED, W_NOTE_EXPIRED, true},
    };
    wchar_t text[400];
    char said[512];
    reasons_or(n->why, n->message, said, sizeof said);
    format_utf8(text, 400, said);
    say_notice(kinds[n->kind].title, n->document, kinds[n->kind].text == W_COUNT ? text : words(kinds[n->kind].text), kinds[n->kind].warning);
}

/* -- the queue */

static void show_first(void)
{
    if (desk.popup && desk.open.count) popup_question(desk.popup, &desk.open.all[0], desk.done + 1, desk.done + desk.open.count);
}

/* Timer and hot key are there only while something waits: the tray sleeps otherwise, and takes no key from anybody. */
static void after_change(void)
{
    bool waits = desk.open.count > 0;
    if (!waits) {
        desk.done = 0;
        desk.held_back = false;
        if (desk.popup) popup_hide(desk.popup);
    }
    if (waits != desk.key) {
        if (waits)
            RegisterHotKey(desk.owner, DESK_KEY, MOD_CONTROL | MOD_ALT | MOD_SHIFT | MOD_NOREPEAT, 'P');
        else
            UnregisterHotKey(desk.owner, DESK_KEY);
        desk.key = waits;
    }
    if (waits || desk.settle_at)
        SetTimer(desk.owner, DESK_TIMER, 1000, NULL);
    else
        KillTimer(desk.owner, DESK_TIMER);
    show_first();
    desk.changed();
}

static void come_up(const ask *a)
{
    if (!desk.popup) desk.popup = popup_make(&to_service);
    if (!desk.popup) return; /* no memory: the default acts, "My jobs" shows the job */
    show_first();
    bool taken = screen_taken() && !popup_is_open(desk.popup);
    if (taken) say_notice(W_NOTE_ASK, a->document, words(W_NOTE_KEY), false);
    desk.held_back = taken;
    popup_open(desk.popup, taken ? POPUP_FLASH : POPUP_BESIDE);
}

static void on_ask(const ask *a)
{
    bool fresh = !questions_find(&desk.open, a->uid);
    if (!questions_put(&desk.open, a, os_clock_mono_ms())) return;
    if (fresh) come_up(a);
    after_change();
}

static void drop(const uint8_t uid[PLT_UID_SIZE])
{
    bool shown = desk.open.count && memcmp(desk.open.all[0].ask.uid, uid, PLT_UID_SIZE) == 0;
    if (!questions_over(&desk.open, uid)) return;
    if (shown) desk.done++;
    after_change();
}

static void on_reply(event *e)
{
    uint8_t uid[PLT_UID_SIZE];
    if (desk.popup) memcpy(uid, popup_uid(desk.popup), sizeof uid);
    if (!popup_answer(desk.popup, e)) {
        jobs_answer(desk.jobs, e);
        return;
    }
    const reply *r = &e->of.reply;
    bool gone = r->code == PLT_E_UNKNOWN || r->code == PLT_E_NOT_YOURS || r->code == PLT_E_LATE;
    const question *q = questions_find(&desk.open, uid);
    if (q && gone) say_notice(W_Q_CAPTION, q->ask.document, words(r->code == PLT_E_LATE ? W_E_LATE : W_E_GONE), false);
    if (r->taken || gone) drop(uid);
}

static void on_connection(bool there)
{
    desk.settle_at = there ? os_clock_mono_ms() + SETTLE_MS : 0;
    if (!there) questions_doubt(&desk.open);
    jobs_refresh(desk.jobs);
    after_change();
}

void desk_event(event *e)
{
    switch (e->kind) {
    case EVENT_WATCHING:
    case EVENT_LOST: on_connection(e->kind == EVENT_WATCHING); break;
    case EVENT_ASK:
        on_ask(&e->of.ask);
        jobs_refresh(desk.jobs);
        break;
    case EVENT_OVER:
        drop(e->of.over.uid);
        jobs_refresh(desk.jobs);
        break;
    case EVENT_NOTICE:
        on_notice(&e->of.notice);
        jobs_refresh(desk.jobs);
        break;
    case EVENT_ACCOUNTS: popup_answer(desk.popup, e); break;
    case EVENT_REPLY: on_reply(e); break;
    case EVENT_JOBS:
    case EVENT_BALANCES: jobs_answer(desk.jobs, e); break;
    case EVENT_PRINTERS: local_event(e); break;
    case EVENT_STATUS: break;
    }
}

void desk_tick(void)
{
    uint64_t now = os_clock_mono_ms();
    if (desk.settle_at && now >= desk.settle_at) {
        desk.settle_at = 0;
        questions_settle(&desk.open);
        after_change();
    }
    if (!desk.popup || !desk.open.count) return;
    if (desk.held_back && !screen_taken()) {
        desk.held_back = false;
        popup_open(desk.popup, POPUP_BESIDE);
    }
    popup_tick(desk.popup, now);
}

/* -- the rest */

void desk_question(void)
{
    if (!desk.popup || !desk.open.count) return;
    desk.held_back = false;
    popup_open(desk.popup, POPUP_FRONT);
}

void desk_jobs(void)
{
    jobs_open(&desk.jobs, &to_service);
}

void desk_read(void)
{
    local_read(&to_service);
}

size_t desk_waiting(void)
{
    return desk.open.count;
}

bool desk_message(MSG *m)
{
    return popup_message(desk.popup, m) || jobs_message(desk.jobs, m);
}

void desk_begin(HWND owner, client *c, void (*changed)(void))
{
    desk.owner = owner;
    desk.client = c;
    desk.changed = changed;
    local_begin(owner);
}

void desk_end(void)
{
    if (desk.key) UnregisterHotKey(desk.owner, DESK_KEY);
    KillTimer(desk.owner, DESK_TIMER);
    local_end();
    jobs_close(desk.jobs);
    popup_free(desk.popup);
    desk.popup = NULL;
}
