/* SPDX-License-Identifier: Apache-2.0 */
/* The second process: parses, with no way to the system but two pipes. Its transport asks the first process. */
#include <string.h>

#include "core/util/cursor.h"
#include "os/clock.h"
#include "os/process.h"
#include "usbagent/split.h"

struct usb_link {
    int unused;
};

static struct {
    plt_buf word; /* heard last */
    plt_buf out;
    uint64_t passed;       /* of the transport's time since its first word */
    uint64_t first, heard; /* its time in that word; ours at its last one */
    uint64_t began;
} the;

static plt_status read_all(uint8_t *to, size_t n)
{
    while (n) {
        size_t got = 0;
        plt_status s = os_stdin_read(to, n, &got);
        if (s != PLT_OK) return s;
        if (!got) return PLT_CLOSED;
        to += got;
        n -= got;
    }
    return PLT_OK;
}

static plt_status hear(uint8_t *what)
{
    uint8_t head[USB_WORD_HEADER];
    plt_status s = read_all(head, sizeof head);
    if (s != PLT_OK) return s;
    size_t n = usb_word_length(head);
    *what = head[0];
    plt_buf_clear(&the.word);
    uint8_t *room = n != SIZE_MAX ? plt_buf_reserve(&the.word, n) : NULL;
    if (!room) return PLT_BAD;
    s = read_all(room, n);
    if (s == PLT_OK) the.word.len = n;
    return s;
}

static plt_status say(uint8_t what, const void *data, size_t n)
{
    uint8_t head[USB_WORD_HEADER];
    usb_word_head(head, what, n);
    plt_status s = os_stdout_write(head, sizeof head);
    return s == PLT_OK && n ? os_stdout_write(data, n) : s;
}

static void put32(uint32_t v)
{
    for (int i = 0; i < 4; i++) plt_buf_byte(&the.out, (uint8_t)(v >> 8 * i));
}

/* Says the.out and hears the answer; *c is at what was read. */
static plt_status ask(uint8_t what, plt_cursor *c)
{
    uint8_t heard = 0;
    plt_status s = the.out.status == PLT_OK ? say(what, the.out.data, the.out.len) : the.out.status;
    plt_buf_clear(&the.out);
    if (s == PLT_OK) s = hear(&heard);
    *c = plt_cursor_make(the.word.data, s == PLT_OK ? the.word.len : 0);
    if (s != PLT_OK) return s;
    plt_status result = (plt_status)plt_cursor_u8(c);
    uint64_t time = plt_cursor_le64(c);
    the.heard = os_clock_mono_ms();
    if (!the.first) {
        the.first = time;
        the.began = the.heard;
    }
    the.passed = time - the.first;
    return c->bad || heard != USB_SAY_ANSWER ? PLT_BAD : result;
}

static plt_status link_open(const usb_printer *p, usb_link **out)
{
    static usb_link one;
    plt_cursor c;
    (void)p;
    plt_status s = ask(USB_SAY_OPEN, &c);
    *out = s == PLT_OK ? &one : NULL;
    return s;
}

static plt_status link_write(usb_link *l, const void *data, size_t n, uint32_t timeout_ms)
{
    plt_cursor c;
    (void)l;
    put32(timeout_ms);
    plt_buf_add(&the.out, data, n);
    return ask(USB_SAY_WRITE, &c);
}

static plt_status link_read(usb_link *l, void *data, size_t n, uint32_t timeout_ms, size_t *got)
{
    plt_cursor c;
    (void)l;
    *got = 0;
    put32(timeout_ms);
    put32((uint32_t)n);
    plt_status s = ask(USB_SAY_READ, &c);
    size_t have = plt_cursor_left(&c) < n ? plt_cursor_left(&c) : n;
    if (have) memcpy(data, c.p, have);
    *got = have;
    return s;
}

static void link_close(usb_link *l)
{
    plt_cursor c;
    if (l) ask(USB_SAY_CLOSE, &c);
}

/* The transport's clock, which may run faster than the system's, from the time that we began. */
static uint64_t now(void)
{
    return the.began + the.passed + (os_clock_mono_ms() - the.heard);
}

static const usb_transport remote = {"remote", NULL, NULL, link_open, link_write, link_read, link_close, now};

int usb_split_child(void)
{
    static usb_printer p;
    static usb_reading r;
    bool asked;
    int64_t at;
    uint8_t what = 0;
    if (os_sandbox_enter() != PLT_OK) return 2; /* before the first byte of a printer */
    plt_buf_init(&the.word, USB_WORD_MAX);
    plt_buf_init(&the.out, USB_WORD_MAX);
    the.began = the.heard = os_clock_mono_ms();
    if (hear(&what) != PLT_OK || what != USB_SAY_PRINTER || usb_word_read_printer(the.word.data, the.word.len, &p, &asked, &at) != PLT_OK) return 1;
    p.transport = &remote;
    if (asked)
        usb_query(&p, &usb_quiet_none, at, &r); /* the first process knows who prints: its answers say so */
    else
        usb_identify(&p, at, &r);
    plt_buf_clear(&the.out);
    plt_status s = usb_reading_json(&r, &the.out);
    if (s == PLT_OK) s = say(USB_SAY_DONE, the.out.data, the.out.len);
    usb_reading_free(&r);
    plt_buf_free(&the.word);
    plt_buf_free(&the.out);
    return s == PLT_OK ? 0 : 1;
}
