/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Fake printers from a file, for tests and demos. Lines, '#' comments:
 *   printer                     begins one
 *   vendor 03F0 | product 0117 | maker TEXT | name TEXT | serial TEXT
 *   id MFG:HP;MDL:LaserJet 4;CMD:PJL,PCL;
 *   port USB001
 *   alien TEXT                  stands in its pipe before anything is asked: another program's reply
 *   on LINE                     a line that it knows, without its end
 *   say TEXT                    what it answers then; \r \n \f \e \\ and several in a row
 *   dies                        it hangs up instead
 * ECHO is answered without being told, unless `mute` stands there. Lines that it does not know get no answer, UELs neither.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/buf.h"
#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/file.h"
#include "usbagent/script.h"
#include "usbagent/transport.h"

#define SCRIPT_MAX (1u << 20)

static uint64_t passed; /* time that nobody had to wait for */

struct usb_link {
    plt_buf script; /* of this printer, its lines NUL-terminated */
    plt_buf out;    /* what it has to say */
    plt_buf line;   /* being received */
    bool dead;
};

static void describe(usb_printer *p, const char *line)
{
    const char *v;
    unsigned n;
    if ((v = usb_after(line, "vendor")) && sscanf(v, "%4x", &n) == 1)
        p->vendor_id = (uint16_t)n;
    else if ((v = usb_after(line, "product")) && sscanf(v, "%4x", &n) == 1)
        p->product_id = (uint16_t)n;
    else if ((v = usb_after(line, "maker")))
        plt_copy(p->maker, sizeof p->maker, v);
    else if ((v = usb_after(line, "name")))
        plt_copy(p->product, sizeof p->product, v);
    else if ((v = usb_after(line, "serial")))
        plt_copy(p->serial, sizeof p->serial, v);
    else if ((v = usb_after(line, "port")))
        plt_copy(p->port, sizeof p->port, v);
    else if ((v = usb_after(line, "id")))
        usb_printer_set_id(p, (const uint8_t *)v, strlen(v));
}

static plt_status list(const char *option, usb_each each, void *arg)
{
    static const usb_printer fresh = {.transport = &usb_simulated, .protocol = USB_BIDIRECTIONAL};
    plt_buf file;
    if (!option) return PLT_UNSUPPORTED;
    plt_buf_init(&file, SCRIPT_MAX);
    plt_status s = os_file_load(option, &file);
    if (s == PLT_OK) usb_script_list(&file, option, &fresh, describe, each, arg);
    plt_buf_free(&file);
    return s;
}

static void link_close(usb_link *l)
{
    if (!l) return;
    plt_buf_free(&l->script);
    plt_buf_free(&l->out);
    plt_buf_free(&l->line);
    free(l);
}

/* Keeps the lines of printer `number`. */
static void take_script(usb_link *l, plt_buf *file, int number)
{
    char *at = (char *)file->data, *line;
    int count = -1;
    while ((line = usb_next_line(&at))) {
        if (usb_after(line, "printer"))
            count++;
        else if (count == number && *line && *line != '#')
            plt_buf_add(&l->script, line, strlen(line) + 1);
    }
}

/* Calls out to the script: every `say` behind the right `on`. */
static void answer(usb_link *l, const char *received)
{
    bool mine = false, mute = false, known = false;
    const char *end = (const char *)l->script.data + l->script.len;
    for (char *line = (char *)l->script.data; line && line < end; line += strlen(line) + 1) {
        const char *v;
        if ((v = usb_after(line, "on")))
            mine = !strcmp(v, received);
        else if ((v = usb_after(line, "say")) && mine)
            usb_unescape(&l->out, v);
        else if (usb_after(line, "dies") && mine)
            l->dead = true;
        else if (usb_after(line, "mute"))
            mute = true;
        known = known || mine;
    }
    if (known || mute || strncmp(received, "@PJL ECHO ", 10) != 0) return;
    plt_buf_printf(&l->out, "%s\r\n\f", received);
}

static plt_status link_open(const usb_printer *p, usb_link **out)
{
    int number = 0, skip = 0;
    plt_buf file;
    *out = NULL;
    if (sscanf(p->address, "%d %n", &number, &skip) != 1) return os_fail_as(PLT_BAD, "read the address", p->address);
    usb_link *l = calloc(1, sizeof *l);
    if (!l) return PLT_NOMEM;
    plt_buf_init(&l->script, SCRIPT_MAX);
    plt_buf_init(&l->out, SCRIPT_MAX);
    plt_buf_init(&l->line, 4096);
    plt_buf_init(&file, SCRIPT_MAX);
    plt_status s = os_file_load(p->address + skip, &file);
    if (s == PLT_OK && file.len) take_script(l, &file, number);
    plt_buf_free(&file);
    if (s != PLT_OK) {
        link_close(l);
        return s;
    }
    const char *end = (const char *)l->script.data + l->script.len;
    for (char *line = (char *)l->script.data; line && line < end; line += strlen(line) + 1) {
        const char *v = usb_after(line, "alien");
        if (v) usb_unescape(&l->out, v);
    }
    *out = l;
    return PLT_OK;
}

static plt_status link_write(usb_link *l, const void *data, size_t n, uint32_t timeout_ms)
{
    const char *p = data;
    (void)timeout_ms;
    for (size_t i = 0; i < n; i++) {
        if (l->dead) return os_fail_as(PLT_CLOSED, "write to", "the simulated printer");
        if (p[i] != '\n') {
            plt_buf_byte(&l->line, (uint8_t)p[i]);
            continue;
        }
        while (l->line.len && l->line.data[l->line.len - 1] == '\r') l->line.data[--l->line.len] = 0;
        answer(l, plt_buf_str(&l->line));
        plt_buf_clear(&l->line);
    }
    return PLT_OK;
}

static plt_status link_read(usb_link *l, void *data, size_t n, uint32_t timeout_ms, size_t *got)
{
    *got = l->out.len < n ? l->out.len : n;
    if (*got) {
        memcpy(data, l->out.data, *got);
        plt_buf_consume(&l->out, *got);
        return PLT_OK;
    }
    if (l->dead) return os_fail_as(PLT_CLOSED, "read from", "the simulated printer");
    passed += timeout_ms;
    return PLT_TIMEOUT;
}

static uint64_t now(void)
{
    return os_clock_mono_ms() + passed;
}

const usb_transport usb_simulated = {"simulated", list, NULL, link_open, link_write, link_read, link_close, now};
