/* SPDX-License-Identifier: Apache-2.0 */
/* The printer as the two processes hand it on, and the reading as JSON. Pure. */
#include <string.h>

#include <cjson/cJSON.h>

#include "core/util/cursor.h"
#include "core/util/text.h"
#include "usbagent/split.h"

static void put32(plt_buf *out, uint32_t v)
{
    for (int i = 0; i < 4; i++) plt_buf_byte(out, (uint8_t)(v >> 8 * i));
}

void usb_word_head(uint8_t head[USB_WORD_HEADER], uint8_t what, size_t n)
{
    head[0] = what;
    for (int i = 0; i < 4; i++) head[1 + i] = (uint8_t)(n >> 8 * i);
}

size_t usb_word_length(const uint8_t head[USB_WORD_HEADER])
{
    plt_cursor c = plt_cursor_make(head + 1, 4);
    size_t n = plt_cursor_le32(&c);
    return n <= USB_WORD_MAX ? n : SIZE_MAX;
}

static void put_text(plt_buf *out, const char *s)
{
    put32(out, (uint32_t)strlen(s));
    plt_buf_text(out, s);
}

static void take_text(plt_cursor *c, char *out, size_t size)
{
    size_t n = plt_cursor_le32(c);
    const uint8_t *p = plt_cursor_take(c, n);
    out[0] = 0;
    if (p) plt_utf8_copy(out, size, (const char *)p, n);
}

void usb_word_printer(plt_buf *out, const usb_printer *p, bool ask, int64_t now)
{
    plt_buf_byte(out, ask);
    put32(out, (uint32_t)now);
    put32(out, (uint32_t)((uint64_t)now >> 32));
    put32(out, p->vendor_id);
    put32(out, p->product_id);
    plt_buf_byte(out, p->protocol);
    plt_buf_byte(out, p->closed);
    put32(out, p->token);
    put_text(out, p->maker);
    put_text(out, p->product);
    put_text(out, p->serial);
    put_text(out, p->port);
    put_text(out, p->problem);
    put32(out, (uint32_t)p->id_len);
    plt_buf_add(out, p->id, p->id_len);
}

plt_status usb_word_read_printer(const uint8_t *data, size_t n, usb_printer *p, bool *ask, int64_t *now)
{
    plt_cursor c = plt_cursor_make(data, n);
    memset(p, 0, sizeof *p);
    *ask = plt_cursor_u8(&c) != 0;
    uint64_t at = plt_cursor_le64(&c);
    *now = (int64_t)(at & INT64_MAX);
    p->vendor_id = (uint16_t)plt_cursor_le32(&c);
    p->product_id = (uint16_t)plt_cursor_le32(&c);
    p->protocol = plt_cursor_u8(&c);
    p->closed = plt_cursor_u8(&c) != 0;
    p->token = plt_cursor_le32(&c);
    take_text(&c, p->maker, sizeof p->maker);
    take_text(&c, p->product, sizeof p->product);
    take_text(&c, p->serial, sizeof p->serial);
    take_text(&c, p->port, sizeof p->port);
    take_text(&c, p->problem, sizeof p->problem);
    size_t len = plt_cursor_le32(&c);
    const uint8_t *id = plt_cursor_take(&c, len);
    if (id) usb_printer_set_id(p, id, len);
    return c.bad ? PLT_BAD : PLT_OK;
}

plt_status usb_reading_json(const usb_reading *r, plt_buf *json)
{
    plt_buf device;
    plt_buf_init(&device, USB_WORD_MAX);
    plt_status s = plt_device_to_json(&r->device, &device);
    cJSON *o = s == PLT_OK ? cJSON_CreateObject() : NULL;
    bool whole = o && cJSON_AddBoolToObject(o, "asked", r->asked) && cJSON_AddBoolToObject(o, "gave_way", r->gave_way) &&
                 (r->problem[0] ? cJSON_AddStringToObject(o, "problem", r->problem) : cJSON_AddNullToObject(o, "problem")) &&
                 (r->id_text[0] ? cJSON_AddStringToObject(o, "device_id", r->id_text) : cJSON_AddNullToObject(o, "device_id")) &&
                 cJSON_AddRawToObject(o, "device", plt_buf_str(&device));
    char *text = whole ? cJSON_PrintUnformatted(o) : NULL;
    if (text) plt_buf_text(json, text);
    if (s == PLT_OK) s = text ? json->status : PLT_NOMEM;
    cJSON_free(text);
    cJSON_Delete(o);
    plt_buf_free(&device);
    return s;
}
