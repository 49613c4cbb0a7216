/* SPDX-License-Identifier: Apache-2.0 */
/* Lines, words, and both ways of the text form of bytes. */
#include "usbagent/script.h"

#include <stdio.h>
#include <string.h>

#include "core/util/text.h"

static const struct {
    char letter;
    uint8_t byte;
} short_forms[] = {{'r', '\r'}, {'n', '\n'}, {'f', '\f'}, {'e', 27}, {'\\', '\\'}};
#define SHORT_FORMS (sizeof short_forms / sizeof short_forms[0])

char *usb_next_line(char **at)
{
    char *line = *at;
    if (!line || !*line) return NULL;
    char *end = line + strcspn(line, "\r\n");
    *at = *end ? end + 1 : end;
    *end = 0;
    return line;
}

const char *usb_after(const char *line, const char *word)
{
    size_t n = strlen(word);
    if (strncmp(line, word, n) != 0 || (line[n] && line[n] != ' ')) return NULL;
    return line[n] ? line + n + 1 : line + n;
}

void usb_script_list(plt_buf *file, const char *path, const usb_printer *fresh, void (*describe)(usb_printer *, const char *line), usb_each each,
                     void *arg)
{
    usb_printer p;
    int count = 0;
    bool go_on = true;
    char *at = file->len ? (char *)file->data : NULL, *line;
    while (go_on && (line = usb_next_line(&at))) {
        if (usb_after(line, "printer")) {
            if (count) go_on = each(arg, &p);
            p = *fresh;
            /* Counted first, so that a long path cannot cut the number off. */
            snprintf(p.address, sizeof p.address, "%d %s", count++, path);
        } else if (count) {
            describe(&p, line);
        }
    }
    if (go_on && count) each(arg, &p);
}

void usb_escape(plt_buf *out, const void *data, size_t n)
{
    const uint8_t *p = data;
    for (size_t i = 0; i < n; i++) {
        size_t k = 0;
        while (k < SHORT_FORMS && short_forms[k].byte != p[i]) k++;
        if (k < SHORT_FORMS)
            plt_buf_printf(out, "\\%c", short_forms[k].letter);
        else if (p[i] < 0x20 || p[i] > 0x7E)
            plt_buf_printf(out, "\\x%02x", p[i]);
        else
            plt_buf_byte(out, p[i]);
    }
}

void usb_unescape(plt_buf *out, const char *text)
{
    while (*text) {
        uint8_t byte = (uint8_t)*text++;
        if (byte == '\\' && *text == 'x') {
            char hex[3] = {text[1], text[1] ? text[2] : 0, 0};
            if (plt_unhex(&byte, 1, hex)) text += 3;
        } else if (byte == '\\') {
            for (size_t k = 0; k < SHORT_FORMS; k++) {
                if (short_forms[k].letter != *text) continue;
                byte = short_forms[k].byte;
                text++;
                break;
            }
        }
        plt_buf_byte(out, byte);
    }
}
