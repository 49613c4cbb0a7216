/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A whole dialogue of the USB agent with a printer that says whatever it likes: what is written is on the list, the time is bounded, everything
 * is closed, and what was read can be told. The input: protocol, length of the device ID, device ID, then pieces of replies: length, bytes; 0 is
 * silence.
 */
#include <string.h>

#include "core/pjl/channel.h"
#include "core/pjl/request.h"
#include "core/util/text.h"
#include "tests/fuzz/fuzz.h"
#include "usbagent/query.h"
#include "usbagent/split.h"

static struct {
    const uint8_t *data;
    size_t size;
    uint8_t protocol;
    uint64_t time;
    int links;
    char echo[2][48]; /* of the last question: a printer that can be read answers them */
    size_t echoes;
    char reply[128];
} the;

static plt_status link_open(const usb_printer *p, usb_link **out)
{
    (void)p;
    the.links++;
    *out = (usb_link *)&the;
    return PLT_OK;
}

/* Remembers the ECHOs of a question. */
static void hear(const char *p, size_t n)
{
    the.echoes = 0;
    for (size_t i = 0; i + 12 < n && the.echoes < 2; i++) {
        if (memcmp(p + i, "@PJL ECHO PL", 12) != 0) continue;
        size_t len = 0;
        while (i + len < n && p[i + len] != '\r') len++;
        if (len < sizeof the.echo[0]) {
            memcpy(the.echo[the.echoes], p + i, len);
            the.echo[the.echoes++][len] = 0;
        }
    }
}

static plt_status link_write(usb_link *l, const void *data, size_t n, uint32_t timeout_ms)
{
    (void)l;
    (void)timeout_ms;
    EXPECT(the.protocol == USB_1284_4 ? plt_channel_allowed(data, n) : plt_pjl_allowed(data, n));
    hear(data, n);
    return PLT_OK;
}

static plt_status silence(uint32_t timeout_ms)
{
    the.time += timeout_ms;
    return PLT_TIMEOUT;
}

/* A piece of 255 bytes is the next ECHO's reply, if there is one. */
static plt_status link_read(usb_link *l, void *data, size_t n, uint32_t timeout_ms, size_t *got)
{
    (void)l;
    *got = 0;
    if (!the.size) return silence(timeout_ms);
    size_t len = *the.data++;
    the.size--;
    if (len == 255 && the.echoes) {
        int put = snprintf(the.reply, sizeof the.reply, "%s\r\n\f", the.echo[0]);
        memcpy(the.echo[0], the.echo[1], sizeof the.echo[0]);
        the.echoes--;
        *got = (size_t)put < n ? (size_t)put : n;
        memcpy(data, the.reply, *got);
        return PLT_OK;
    }
    if (!len) return silence(timeout_ms);
    if (len > the.size) len = the.size;
    if (len > n) len = n;
    memcpy(data, the.data, len);
    the.data += len;
    the.size -= len;
    *got = len;
    return len ? PLT_OK : silence(timeout_ms);
}

static void link_close(usb_link *l)
{
    if (l) the.links--;
}

static uint64_t now(void)
{
    return the.time;
}

static const usb_transport fuzzed = {"fuzzed", NULL, NULL, link_open, link_write, link_read, link_close, now};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static usb_printer p, back;
    usb_reading r;
    plt_buf json;
    bool ask;
    int64_t at;
    usb_word_read_printer(data, size, &back, &ask, &at);
    if (size < 2) return 0;
    memset(&the, 0, sizeof the);
    memset(&p, 0, sizeof p);
    p.transport = &fuzzed;
    p.protocol = the.protocol = data[0] & 1 ? USB_1284_4 : USB_BIDIRECTIONAL;
    p.token = 7;
    size_t id = data[1] < size - 2 ? data[1] : size - 2;
    usb_printer_set_id(&p, data + 2, id);
    the.data = data + 2 + id;
    the.size = size - 2 - id;
    usb_query(&p, &usb_quiet_none, 1000, &r);
    EXPECT(the.links == 0);
    EXPECT(the.time <= USB_DEVICE_MS + 1000);
    EXPECT(r.device.status == PLT_OK || r.device.status == PLT_FULL);
    EXPECT(plt_utf8_valid(r.id_text, strlen(r.id_text)) && plt_utf8_valid(r.problem, strlen(r.problem)));
    plt_buf_init(&json, USB_WORD_MAX);
    EXPECT(usb_reading_json(&r, &json) == PLT_OK);
    plt_buf_free(&json);
    usb_reading_free(&r);
    return 0;
}
