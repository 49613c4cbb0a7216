/* SPDX-License-Identifier: Apache-2.0 */
/* What a field engineer reads. Numbers that a printer does not have are shown as the words for that, never as 0. */
#include "usbagent/show.h"

#include <stdio.h>
#include <string.h>

#include "core/device/meter.h"
#include "core/util/text.h"

static void line(const char *name, const char *text)
{
    if (text[0]) printf("  %-12s %s\n", name, text);
}

/* "18421 (pml)", "some", "not known"; "" when nobody said anything. */
static void number_text(const plt_device *d, plt_what what, uint32_t row, char out[64])
{
    static const char *const words[] = {"", "no limit or not told", "not known", "some", "gone"};
    const plt_value *v = plt_device_get(d, what, row);
    out[0] = 0;
    if (!v) return;
    const char *word = v->kind == PLT_IS ? plt_word_of(what, v->n) : words[v->kind < 5 ? v->kind : 2];
    if (word)
        plt_copy(out, 64, word);
    else
        snprintf(out, 64, "%llu", (unsigned long long)v->n);
}

static void show_status(const plt_device *d)
{
    char state[64], code[64];
    uint64_t bits;
    number_text(d, PLT_STATE, 0, state);
    number_text(d, PLT_CODE, 0, code);
    if (state[0]) printf("  %-12s %s%s%s%s\n", "status", state, code[0] ? " (code " : "", code, code[0] ? ")" : "");
    plt_device_number(d, PLT_CONDITIONS, 0, &bits);
    for (unsigned i = 0; i < PLT_CONDITION_COUNT; i++)
        if (bits >> i & 1) line("condition", plt_word_of(PLT_CONDITIONS, i));
    for (uint32_t row = PLT_NO_ROW; plt_device_next_row(d, PLT_GROUP_CONSOLE, &row);) line("panel", plt_device_text(d, PLT_CONSOLE_TEXT, row));
}

static void show_meters(const plt_device *d)
{
    for (uint32_t row = PLT_NO_ROW; plt_device_next_row(d, PLT_GROUP_METER, &row);) {
        char name[PLT_METER_NAME_SIZE], n[64];
        plt_meter_parts parts;
        const plt_value *v = plt_device_get(d, PLT_METER_COUNT, row);
        if (!v || !plt_meter_split(row, &parts)) continue;
        plt_meter_name(row, name);
        number_text(d, PLT_METER_COUNT, row, n);
        printf("  %-12s %s: %s %s (%s)", "meter", name, n, plt_unit_name((uint32_t)parts.unit), plt_source_name((plt_source)v->source));
        if (parts.slot) printf(" [%u]", parts.slot);
        putchar('\n');
    }
}

static void show_supplies(const plt_device *d)
{
    for (uint32_t row = PLT_NO_ROW; plt_device_next_row(d, PLT_GROUP_SUPPLY, &row);) {
        char level[64], state[64], type[64];
        uint32_t percent;
        const char *text = plt_device_text(d, PLT_SUPPLY_TEXT, row), *color = plt_device_text(d, PLT_SUPPLY_COLOR, row);
        number_text(d, PLT_SUPPLY_TYPE, row, type);
        number_text(d, PLT_SUPPLY_LEVEL, row, level);
        number_text(d, PLT_SUPPLY_STATE, row, state);
        if (plt_supply_percent(d, row, &percent)) snprintf(level, sizeof level, "%u %%", percent);
        printf("  %-12s %u: %s%s%s", "supply", row, text[0] ? text : type, color[0] ? ", " : "", color);
        if (level[0]) printf(": %s", level);
        if (state[0]) printf(" (%s)", state);
        putchar('\n');
    }
}

static void show_alerts(const plt_device *d)
{
    for (uint32_t row = PLT_NO_ROW; plt_device_next_row(d, PLT_GROUP_ALERT, &row);) {
        char severity[64];
        const char *remedy = plt_device_text(d, PLT_ALERT_REMEDY, row);
        number_text(d, PLT_ALERT_SEVERITY, row, severity);
        printf("  %-12s %s: %s%s%s\n", "alert", severity, plt_device_text(d, PLT_ALERT_TEXT, row), remedy[0] ? ". " : "", remedy);
    }
}

void usb_show(const usb_printer *p, const plt_device *d, const char *problem)
{
    const char *make = plt_device_text(d, PLT_MAKE, 0), *model = plt_device_text(d, PLT_MODEL, 0);
    printf("%s%s%s\n", make, make[0] ? " " : "", model[0] ? model : "(model unknown)");
    line("serial", plt_device_text(d, PLT_SERIAL, 0));
    line("firmware", plt_device_text(d, PLT_FIRMWARE, 0));
    line("name", plt_device_text(d, PLT_NAME, 0));
    line("languages", plt_device_text(d, PLT_LANGUAGES, 0));
    line("port", p->port);
    printf("  %-12s %s %s", "found by", p->transport->name, p->address);
    if (p->vendor_id) printf(" (%04x:%04x)", p->vendor_id, p->product_id);
    putchar('\n');
    show_status(d);
    show_meters(d);
    show_supplies(d);
    for (uint32_t row = PLT_NO_ROW; plt_device_next_row(d, PLT_GROUP_INPUT, &row);) line("tray", plt_device_text(d, PLT_INPUT_NAME, row));
    show_alerts(d);
    line("note", problem);
}
