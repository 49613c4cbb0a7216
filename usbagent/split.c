/* SPDX-License-Identifier: Apache-2.0 */
/* The first process: opens, writes, reads, and serves the second until it has said its reading or its time is over. */
#include "usbagent/split.h"

#include <string.h>

#include "core/pjl/channel.h"
#include "core/pjl/request.h"
#include "core/util/cursor.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/file.h"
#include "os/process.h"

#define GRACE_MS 3000 /* for the second process to start and to end */
#define READ_MAX 65536
#define WAIT_MAX 10000

static const os_process_limits limits = {.memory_bytes = 256u << 20, .cpu_seconds = 20, .restricted = true};

typedef struct split {
    const usb_printer *printer;
    const usb_quiet *quiet;
    os_process *child;
    usb_link *link;
    uint64_t deadline; /* the system's clock: nothing that the printer or the child does moves it */
    plt_buf word;      /* of the child */
    plt_buf answer;
} split;

static uint32_t left(const split *s)
{
    uint64_t now = os_clock_mono_ms();
    return now >= s->deadline ? 0 : (uint32_t)(s->deadline - now);
}

static plt_status say(split *s, uint8_t what, const void *data, size_t n)
{
    uint8_t head[USB_WORD_HEADER];
    usb_word_head(head, what, n);
    plt_status r = os_process_write(s->child, head, sizeof head, left(s));
    return r == PLT_OK && n ? os_process_write(s->child, data, n, left(s)) : r;
}

static plt_status hear(split *s, uint8_t *what)
{
    uint8_t head[USB_WORD_HEADER];
    plt_status r = os_process_read_all(s->child, head, sizeof head, left(s));
    if (r != PLT_OK) return r;
    size_t n = usb_word_length(head);
    *what = head[0];
    plt_buf_clear(&s->word);
    uint8_t *room = n != SIZE_MAX ? plt_buf_reserve(&s->word, n) : NULL;
    if (!room) return PLT_BAD;
    r = n ? os_process_read_all(s->child, room, n, left(s)) : PLT_OK;
    if (r == PLT_OK) s->word.len = n;
    room[s->word.len] = 0;
    return r;
}

/* status, the transport's time, and what was read */
static plt_status answer(split *s, plt_status status, const uint8_t *data, size_t n)
{
    uint64_t now = usb_now(s->printer->transport);
    plt_buf_clear(&s->answer);
    plt_buf_byte(&s->answer, (uint8_t)status);
    for (int i = 0; i < 8; i++) plt_buf_byte(&s->answer, (uint8_t)(now >> 8 * i));
    plt_buf_add(&s->answer, data, n);
    return s->answer.status == PLT_OK ? say(s, USB_SAY_ANSWER, s->answer.data, s->answer.len) : s->answer.status;
}

static uint32_t bounded(uint32_t ms)
{
    return ms < WAIT_MAX ? ms : WAIT_MAX;
}

/* The last guard: nothing but listed requests, and never during a job. */
static plt_status write_for(split *s, plt_cursor *c)
{
    uint32_t ms = plt_cursor_le32(c);
    size_t n = plt_cursor_left(c);
    const uint8_t *data = plt_cursor_take(c, n);
    if (c->bad || !n || !s->link) return PLT_BAD;
    bool allowed = s->printer->protocol == USB_1284_4 ? plt_channel_allowed(data, n) : plt_pjl_allowed(data, n);
    if (!allowed) return os_fail_as(PLT_DENIED, "send", "a request that is not on the list");
    if (s->quiet->busy(s->quiet->arg, s->printer)) return PLT_BUSY;
    return s->printer->transport->write(s->link, data, n, bounded(ms));
}

static plt_status read_for(split *s, plt_cursor *c, uint8_t *into, size_t *got)
{
    uint32_t ms = plt_cursor_le32(c), n = plt_cursor_le32(c);
    if (c->bad || !n || n > READ_MAX || !s->link) return PLT_BAD;
    if (s->quiet->busy(s->quiet->arg, s->printer)) return PLT_BUSY;
    return s->printer->transport->read(s->link, into, n, bounded(ms), got);
}

static plt_status open_for(split *s)
{
    if (s->link) return PLT_BAD;
    if (s->quiet->busy(s->quiet->arg, s->printer)) return PLT_BUSY;
    return s->printer->transport->open(s->printer, &s->link);
}

static void close_for(split *s)
{
    s->printer->transport->close(s->link);
    s->link = NULL;
}

/* One word of the child. False: it said its last, or what it may not say. */
static bool serve(split *s, uint8_t what, plt_status *end)
{
    static uint8_t bytes[READ_MAX];
    plt_cursor c = plt_cursor_make(s->word.data, s->word.len);
    size_t got = 0;
    switch (what) {
    case USB_SAY_OPEN: *end = answer(s, open_for(s), NULL, 0); break;
    case USB_SAY_WRITE: *end = answer(s, write_for(s, &c), NULL, 0); break;
    case USB_SAY_READ: {
        plt_status r = read_for(s, &c, bytes, &got);
        *end = answer(s, r, bytes, got);
        break;
    }
    case USB_SAY_CLOSE:
        close_for(s);
        *end = answer(s, PLT_OK, NULL, 0);
        break;
    default: return false;
    }
    return *end == PLT_OK;
}

static plt_status run(split *s, bool ask, int64_t now, plt_buf *json)
{
    uint8_t what = 0;
    plt_buf first;
    plt_buf_init(&first, USB_WORD_MAX);
    usb_word_printer(&first, s->printer, ask, now);
    plt_status r = first.status == PLT_OK ? say(s, USB_SAY_PRINTER, first.data, first.len) : first.status;
    plt_buf_free(&first);
    if (r == PLT_OK) r = hear(s, &what);
    while (r == PLT_OK && serve(s, what, &r)) r = hear(s, &what);
    if (r != PLT_OK) return r;
    if (what != USB_SAY_DONE || s->word.len < 2) return os_fail_as(PLT_BAD, "understand", "the parsing process");
    plt_buf_add(json, s->word.data, s->word.len);
    return json->status;
}

/* This very program. */
static plt_status start(split *s)
{
    char program[OS_PATH_MAX];
    plt_status r = os_path_sibling(program, sizeof program, "platen-usbagent");
    if (r != PLT_OK) return r;
    const char *const argv[] = {program, USB_SPLIT_WORD, NULL};
    return os_process_start(&s->child, argv, &limits);
}

plt_status usb_split_read(const usb_printer *p, const usb_quiet *quiet, bool ask, int64_t now, plt_buf *json)
{
    split s = {.printer = p, .quiet = quiet, .deadline = os_clock_mono_ms() + USB_DEVICE_MS + GRACE_MS};
    plt_buf_init(&s.word, USB_WORD_MAX);
    plt_buf_init(&s.answer, USB_WORD_MAX);
    plt_status r = start(&s);
    if (r == PLT_OK) r = run(&s, ask, now, json);
    close_for(&s);
    os_process_free(s.child);
    plt_buf_free(&s.word);
    plt_buf_free(&s.answer);
    return r;
}
