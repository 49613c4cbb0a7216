/* SPDX-License-Identifier: Apache-2.0 */
/* The recorder: a transport in front of another one. What cannot be written to the file does not disturb the dialogue. */
#include "usbagent/trace.h"

#include <stdio.h>
#include <string.h>

#include "os/clock.h"
#include "os/error.h"
#include "os/file.h"
#include "usbagent/script.h"

#define LINE_MAX (1u << 20)

static struct {
    os_file *file;
    const usb_transport *inner; /* of the printer written last */
    plt_status status;
    uint64_t began;
} the;

static void put_line(const char *what, const void *data, size_t n)
{
    plt_buf line;
    if (!the.file) return;
    plt_buf_init(&line, LINE_MAX);
    plt_buf_text(&line, what);
    if (n) plt_buf_byte(&line, ' ');
    usb_escape(&line, data, n);
    plt_buf_byte(&line, '\n');
    plt_status s = line.status == PLT_OK ? os_file_write(the.file, line.data, line.len) : line.status;
    if (the.status == PLT_OK) the.status = s;
    plt_buf_free(&line);
}

static void put_event(const char *what, const void *data, size_t n)
{
    char head[48];
    uint64_t at = the.inner ? usb_now(the.inner) - the.began : 0;
    snprintf(head, sizeof head, "%llu %s", (unsigned long long)at, what);
    put_line(head, data, n);
}

plt_status usb_trace_begin(const char *path)
{
    memset(&the, 0, sizeof the);
    plt_status s = os_file_open(&the.file, path, OS_FILE_WRITE | OS_FILE_CREATE | OS_FILE_TRUNCATE);
    if (s == PLT_OK) put_line("platen-usb-trace 1", NULL, 0);
    return s;
}

static void put_text(const char *name, const char *text)
{
    if (text[0]) put_line(name, text, strlen(text));
}

void usb_trace_printer(usb_printer *p)
{
    char text[16];
    if (!the.file) return;
    the.inner = p->transport;
    the.began = usb_now(the.inner);
    if (!p->token) p->token = (uint32_t)os_clock_mono_us() | 1;
    put_line("printer", NULL, 0);
    snprintf(text, sizeof text, "%04x", p->vendor_id);
    put_text("vendor", text);
    snprintf(text, sizeof text, "%04x", p->product_id);
    put_text("product", text);
    put_text("maker", p->maker);
    put_text("name", p->product);
    put_text("serial", p->serial);
    put_text("port", p->port);
    snprintf(text, sizeof text, "%u", p->protocol);
    put_text("protocol", text);
    snprintf(text, sizeof text, "%u", p->token);
    put_text("token", text);
    if (p->id_len) put_line("id", p->id, p->id_len);
    p->transport = &usb_traced;
}

plt_status usb_trace_end(void)
{
    plt_status s = the.status;
    os_file_close(the.file);
    memset(&the, 0, sizeof the);
    return s;
}

static void put_failure(const char *what, plt_status s)
{
    const char *name = plt_status_name(s);
    put_event(what, name, strlen(name));
}

static plt_status list(const char *option, usb_each each, void *arg)
{
    return the.inner ? the.inner->list(option, each, arg) : PLT_UNSUPPORTED;
}

static plt_status look(usb_printer *p)
{
    return the.inner && the.inner->look ? the.inner->look(p) : PLT_OK;
}

static plt_status link_open(const usb_printer *p, usb_link **out)
{
    plt_status s = the.inner->open(p, out);
    if (s == PLT_OK)
        put_event("open", NULL, 0);
    else
        put_failure("open failed", s);
    return s;
}

static plt_status link_write(usb_link *l, const void *data, size_t n, uint32_t timeout_ms)
{
    plt_status s = the.inner->write(l, data, n, timeout_ms);
    put_event(">", data, n);
    if (s != PLT_OK) put_failure("write failed", s);
    return s;
}

static plt_status link_read(usb_link *l, void *data, size_t n, uint32_t timeout_ms, size_t *got)
{
    plt_status s = the.inner->read(l, data, n, timeout_ms, got);
    if (*got) put_event("<", data, *got);
    if (s != PLT_OK && s != PLT_TIMEOUT) put_failure("read failed", s);
    return s;
}

static void link_close(usb_link *l)
{
    if (l) put_event("close", NULL, 0);
    the.inner->close(l);
}

static uint64_t now(void)
{
    return the.inner ? usb_now(the.inner) : os_clock_mono_ms();
}

const usb_transport usb_traced = {"traced", list, look, link_open, link_write, link_read, link_close, now};
