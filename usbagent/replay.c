/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A recorded dialogue as a printer. Each question is looked for in the trace from where the last one was found; what the printer said
 * behind it, up to the next question, is said again when its time has come. Time passes by being waited for.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/buf.h"
#include "core/util/text.h"
#include "os/error.h"
#include "os/file.h"
#include "usbagent/script.h"
#include "usbagent/trace.h"

#define TRACE_MAX (16u << 20)

static uint64_t passed;

struct usb_link {
    plt_buf trace; /* lines, NUL-terminated, of one printer's part */
    plt_buf bytes; /* of the line at hand, unescaped */
    size_t at;     /* the line that may be said next */
    size_t said;   /* bytes of it that were said */
    int64_t zero;  /* when the trace's time 0 was */
};

static void take_text(const char *escaped, char out[USB_TEXT_SIZE])
{
    plt_buf b;
    plt_buf_init(&b, USB_TEXT_SIZE * 4);
    usb_unescape(&b, escaped);
    plt_utf8_copy(out, USB_TEXT_SIZE, plt_buf_str(&b), b.len);
    plt_buf_free(&b);
}

static void take_id(usb_printer *p, const char *escaped)
{
    plt_buf b;
    plt_buf_init(&b, USB_ID_SIZE * 4);
    usb_unescape(&b, escaped);
    if (b.len) usb_printer_set_id(p, b.data, b.len);
    plt_buf_free(&b);
}

static void describe(usb_printer *p, const char *line)
{
    const char *v;
    if ((v = usb_after(line, "vendor")))
        p->vendor_id = (uint16_t)strtoul(v, NULL, 16);
    else if ((v = usb_after(line, "product")))
        p->product_id = (uint16_t)strtoul(v, NULL, 16);
    else if ((v = usb_after(line, "protocol")))
        p->protocol = (uint8_t)strtoul(v, NULL, 10);
    else if ((v = usb_after(line, "token")))
        p->token = (uint32_t)strtoul(v, NULL, 10);
    else if ((v = usb_after(line, "maker")))
        take_text(v, p->maker);
    else if ((v = usb_after(line, "name")))
        take_text(v, p->product);
    else if ((v = usb_after(line, "serial")))
        take_text(v, p->serial);
    else if ((v = usb_after(line, "port")))
        take_text(v, p->port);
    else if ((v = usb_after(line, "id")))
        take_id(p, v);
}

static plt_status load(const char *path, plt_buf *out)
{
    plt_buf_init(out, TRACE_MAX);
    plt_status s = os_file_load(path, out);
    if (s == PLT_OK && strncmp(plt_buf_str(out), "platen-usb-trace 1", 18) != 0) s = os_fail_as(PLT_BAD, "read as a trace", path);
    return s;
}

static plt_status list(const char *option, usb_each each, void *arg)
{
    static const usb_printer fresh = {.transport = &usb_replay};
    plt_buf file;
    if (!option) return PLT_UNSUPPORTED;
    plt_status s = load(option, &file);
    if (s == PLT_OK) usb_script_list(&file, option, &fresh, describe, each, arg);
    plt_buf_free(&file);
    return s;
}

static void link_close(usb_link *l)
{
    if (!l) return;
    plt_buf_free(&l->trace);
    plt_buf_free(&l->bytes);
    free(l);
}

static plt_status link_open(const usb_printer *p, usb_link **out)
{
    int number = 0, skip = 0, count = -1;
    plt_buf file;
    *out = NULL;
    if (sscanf(p->address, "%d %n", &number, &skip) != 1) return os_fail_as(PLT_BAD, "read the address", p->address);
    usb_link *l = calloc(1, sizeof *l);
    if (!l) return PLT_NOMEM;
    plt_buf_init(&l->trace, TRACE_MAX);
    plt_buf_init(&l->bytes, TRACE_MAX);
    plt_status s = load(p->address + skip, &file);
    char *at = s == PLT_OK && file.len ? (char *)file.data : NULL, *line;
    while ((line = usb_next_line(&at))) {
        if (!strcmp(line, "printer")) count++;
        if (count == number && line[0] >= '0' && line[0] <= '9') plt_buf_add(&l->trace, line, strlen(line) + 1);
    }
    plt_buf_free(&file);
    if (s == PLT_OK) s = l->trace.status;
    if (s != PLT_OK) {
        link_close(l);
        return s;
    }
    l->zero = (int64_t)passed;
    *out = l;
    return PLT_OK;
}

/* The event of a line, "> ..." or "< ...", and its time. NULL at the end. */
static const char *event(usb_link *l, size_t at, uint64_t *time)
{
    char *end;
    if (at >= l->trace.len) return NULL;
    const char *line = (const char *)l->trace.data + at;
    *time = strtoull(line, &end, 10);
    return *end == ' ' ? end + 1 : end;
}

static size_t behind(const usb_link *l, size_t at)
{
    return at + strlen((const char *)l->trace.data + at) + 1;
}

/* Finds the question and goes on behind it. */
static plt_status link_write(usb_link *l, const void *data, size_t n, uint32_t timeout_ms)
{
    uint64_t time;
    const char *e;
    (void)timeout_ms;
    for (size_t at = l->at; (e = event(l, at, &time)); at = behind(l, at)) {
        const char *question = usb_after(e, ">");
        if (!question) continue;
        plt_buf_clear(&l->bytes);
        usb_unescape(&l->bytes, question);
        if (l->bytes.len != n || memcmp(l->bytes.data, data, n) != 0) continue;
        l->at = behind(l, at);
        l->said = 0;
        l->zero = (int64_t)passed - (int64_t)(time & INT32_MAX);
        return PLT_OK;
    }
    return PLT_OK; /* a question that was not recorded: silence */
}

static plt_status nothing(uint32_t timeout_ms)
{
    passed += timeout_ms;
    return PLT_TIMEOUT;
}

static plt_status link_read(usb_link *l, void *data, size_t n, uint32_t timeout_ms, size_t *got)
{
    uint64_t time;
    *got = 0;
    const char *e = event(l, l->at, &time), *answer = e ? usb_after(e, "<") : NULL;
    if (!answer) return nothing(timeout_ms);
    int64_t due = l->zero + (int64_t)(time & INT32_MAX);
    if (due > (int64_t)(passed + timeout_ms)) return nothing(timeout_ms);
    if (due > (int64_t)passed) passed = (uint64_t)due;
    plt_buf_clear(&l->bytes);
    usb_unescape(&l->bytes, answer);
    *got = l->bytes.len - l->said < n ? l->bytes.len - l->said : n;
    if (*got) memcpy(data, l->bytes.data + l->said, *got);
    l->said += *got;
    if (l->said == l->bytes.len) {
        l->at = behind(l, l->at);
        l->said = 0;
    }
    return *got ? PLT_OK : PLT_TIMEOUT;
}

static uint64_t now(void)
{
    return passed;
}

const usb_transport usb_replay = {"replay", list, NULL, link_open, link_write, link_read, link_close, now};
