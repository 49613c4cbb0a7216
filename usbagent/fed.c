/* SPDX-License-Identifier: Apache-2.0 */
/* Lines of the service into what SNMP tells. The service is trusted; what a printer said within its lines is checked by the device model. */
#include "usbagent/fed.h"

#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/util/text.h"
#include "os/process.h"

#define LINE_MAX (1u << 20)
#define READ_SIZE 65536

void usb_fed_init(usb_fed *f)
{
    memset(f, 0, sizeof *f);
    plt_buf_init(&f->room, LINE_MAX);
}

void usb_fed_free(usb_fed *f)
{
    plt_buf_free_secret(&f->room);
    memset(f->communities, 0, sizeof f->communities);
    plt_usm_kept_wipe(&f->users);
}

/* Waits until a whole line is in the room; *n without its end. */
static plt_status wait_for_line(usb_fed *f, size_t *n)
{
    size_t looked = 0;
    for (;;) {
        const char *text = plt_buf_str(&f->room), *end = memchr(text + looked, '\n', f->room.len - looked);
        size_t got = 0;
        if (end) {
            *n = (size_t)(end - text);
            return PLT_OK;
        }
        looked = f->room.len;
        uint8_t *room = plt_buf_reserve(&f->room, READ_SIZE);
        if (!room) return f->room.status;
        plt_status s = os_stdin_read(room, READ_SIZE, &got);
        if (s != PLT_OK || !got) return PLT_CLOSED;
        f->room.len += got;
    }
}

static plt_status wrong(usb_fed *f, const char *what, const char *text)
{
    snprintf(f->wrong, sizeof f->wrong, "%s%.60s", what, text);
    return PLT_BAD;
}

static cJSON *parse(const char *line, size_t n)
{
    return plt_json_shallow(line, n, PLT_JSON_DEPTH) ? cJSON_ParseWithLength(line, n) : NULL;
}

/* ---- who may ask ---- */

static plt_status take_sources(usb_fed *f, const cJSON *list, usb_snmp_options *o)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, list)
    {
        const char *text = cJSON_GetStringValue(item);
        if (!text || !usb_snmp_allow(o, text)) return wrong(f, "not a block of addresses, or one too many: ", text ? text : "");
    }
    return PLT_OK;
}

static plt_status take_communities(usb_fed *f, const cJSON *list, usb_snmp_options *o)
{
    const cJSON *item;
    cJSON_ArrayForEach(item, list)
    {
        const char *text = cJSON_GetStringValue(item);
        size_t i = o->community_count;
        if (!text || !*text || i == USB_SNMP_COMMUNITIES || !plt_copy(f->communities[i], sizeof f->communities[i], text))
            return wrong(f, "a community is empty or longer than 63 characters, or there are more than four", "");
        o->communities[o->community_count++] = f->communities[i];
    }
    return PLT_OK;
}

/* Users of version 3 come with their engine's boots, raised by the service: it keeps them, nothing here can. */
static plt_status take_users(usb_fed *f, const cJSON *j, usb_snmp_options *o)
{
    const cJSON *v3 = cJSON_GetObjectItemCaseSensitive(j, "v3"), *boots = cJSON_GetObjectItemCaseSensitive(j, "boots");
    uint64_t n = 0;
    if (!v3) return PLT_OK;
    if (!cJSON_IsNumber(boots) || !plt_json_whole(boots->valuedouble, &n) || !n || n > INT32_MAX)
        return wrong(f, "no boots of the SNMPv3 engine", "");
    char *text = cJSON_PrintUnformatted(v3);
    plt_status s = text ? plt_usm_kept_read(&f->users, text, strlen(text)) : PLT_NOMEM;
    cJSON_free(text);
    if (s != PLT_OK) return wrong(f, "the SNMPv3 users are not in their form", "");
    if (f->users.count) o->users = &f->users;
    o->boots = (int32_t)n;
    return PLT_OK;
}

plt_status usb_fed_options_line(usb_fed *f, const char *line, size_t n, usb_snmp_options *o)
{
    cJSON *j = parse(line, n);
    const cJSON *listen = cJSON_GetObjectItemCaseSensitive(j, "listen");
    const char *at = cJSON_GetStringValue(listen);
    f->wrong[0] = 0;
    plt_status s = cJSON_IsObject(j) ? PLT_OK : wrong(f, "the first line is not who may ask", "");
    if (s == PLT_OK) s = take_sources(f, cJSON_GetObjectItemCaseSensitive(j, "allow"), o);
    if (s == PLT_OK) s = take_communities(f, cJSON_GetObjectItemCaseSensitive(j, "communities"), o);
    if (s == PLT_OK) s = take_users(f, j, o);
    if (s == PLT_OK && listen && (!at || !usb_snmp_listen(o, at))) s = wrong(f, "no address to answer at: ", at ? at : "");
    cJSON_Delete(j);
    return s;
}

/* ---- printers ---- */

static plt_status take_printer(usb_fed *f, const cJSON *j, usb_snmp *s)
{
    char why[160];
    plt_device d;
    const char *address = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(j, "address"));
    char *json = cJSON_PrintUnformatted(cJSON_GetObjectItemCaseSensitive(j, "device"));
    plt_device_init(&d, 0);
    plt_status r = address && *address && json ? plt_device_from_json(&d, json, strlen(json), why, sizeof why) : PLT_BAD;
    if (r != PLT_OK)
        wrong(f, "a line that is no printer", "");
    else if ((r = usb_snmp_put(s, address, &d)) != PLT_OK)
        r = wrong(f, "left out, there are too many printers or too little memory: ", address);
    plt_device_free(&d);
    cJSON_free(json);
    return r == PLT_OK ? PLT_OK : PLT_BAD;
}

plt_status usb_fed_line(usb_fed *f, const char *line, size_t n, usb_snmp *s)
{
    cJSON *j = parse(line, n);
    plt_status r = PLT_OK;
    f->wrong[0] = 0;
    if (!cJSON_IsObject(j))
        r = wrong(f, "a line that is no object", "");
    else if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(j, "end")))
        usb_snmp_end_round(s);
    else
        r = take_printer(f, j, s);
    cJSON_Delete(j);
    return r;
}

/* ---- stdin ---- */

plt_status usb_fed_options(usb_fed *f, usb_snmp_options *o)
{
    size_t n;
    plt_status s = wait_for_line(f, &n);
    if (s != PLT_OK) return wrong(f, "nobody said on stdin who may ask", "");
    s = usb_fed_options_line(f, plt_buf_str(&f->room), n, o);
    plt_buf_consume(&f->room, n + 1);
    return s;
}

plt_status usb_fed_take(usb_fed *f, usb_snmp *s)
{
    size_t n;
    plt_status r = wait_for_line(f, &n);
    if (r != PLT_OK) return PLT_CLOSED; /* also a line that has no end: what comes behind it cannot be told from it */
    r = usb_fed_line(f, plt_buf_str(&f->room), n, s);
    plt_buf_consume(&f->room, n + 1);
    return r;
}
