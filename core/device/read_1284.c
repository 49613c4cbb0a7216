/* SPDX-License-Identifier: Apache-2.0 */
/* What an IEEE 1284 ID says: the only source that may be asked while a job prints. */
#include <stdio.h>
#include <string.h>

#include "core/device/codes.h"
#include "core/device/meter.h"
#include "core/device/read.h"
#include "core/pjl/hpstatus.h"
#include "core/util/text.h"

enum { TYPE_OTHER = 1, TYPE_INK = 5, TYPE_INK_CARTRIDGE = 6 };

/* Rows of alerts that are of no code. */
#define PEN_ALERT 100

static void read_pen(plt_device *d, uint32_t row, const plt_hp_pen *p, plt_origin from)
{
    static const uint8_t types[] = {TYPE_OTHER, TYPE_OTHER, TYPE_INK, TYPE_INK_CARTRIDGE};
    static const char *const health[] = {NULL, "the %s cartridge is not put in rightly", "the %s cartridge is the wrong one",
                                         "the %s cartridge has a fault"};
    char text[PLT_TEXT_MAX];
    if (p->kind == PLT_HP_NO_PEN) return;
    plt_device_set_number(d, PLT_SUPPLY_TYPE, row, from, types[p->kind & 3], NULL);
    plt_device_set_text(d, PLT_SUPPLY_COLOR, row, from, p->color, NULL);
    if (p->kind == PLT_HP_HEAD) plt_device_set_text(d, PLT_SUPPLY_TEXT, row, from, "print head", NULL);
    if (p->kind != PLT_HP_HEAD) {
        plt_device_set_number(d, PLT_SUPPLY_UNIT, row, from, PLT_UNIT_PERCENT, NULL);
        plt_device_set_mib(d, PLT_SUPPLY_LEVEL, row, from, p->level < 0 ? -2 : p->level, NULL);
    }
    plt_device_set_number(d, PLT_SUPPLY_STATE, row, from,
                          p->health == 1    ? PLT_SUPPLY_MISSING
                          : p->trigger == 7 ? PLT_SUPPLY_EMPTY
                          : p->trigger >= 5 ? PLT_SUPPLY_LOW
                                            : PLT_SUPPLY_OK,
                          NULL);
    if (!p->health) return;
    snprintf(text, sizeof text, health[p->health & 3], p->color[0] ? p->color : "unknown");
    plt_device_set_number(d, PLT_ALERT_SEVERITY, PEN_ALERT + row, from, PLT_SEVERITY_CRITICAL, NULL);
    plt_device_set_text(d, PLT_ALERT_TEXT, PEN_ALERT + row, from, text, NULL);
}

static void read_hp(plt_device *d, const plt_hp_status *s, plt_origin from, const char *raw)
{
    char text[PLT_TEXT_MAX];
    uint64_t conditions = 0;
    for (size_t i = 0; i < s->pens; i++) read_pen(d, (uint32_t)i + 1, &s->pen[i], from);
    if (s->code < 0) return;
    const plt_code *c = plt_code_of_hp((uint32_t)s->code);
    plt_device_set_number(d, PLT_STATE, 0, from, c->state, raw);
    if (c->condition >= 0) conditions |= 1ull << c->condition;
    if (s->has_door && s->door_open) conditions |= 1ull << PLT_DOOR_OPEN;
    plt_device_set_number(d, PLT_CONDITIONS, 0, from, conditions, NULL);
    if (c->severity == PLT_SEVERITY_NONE) return;
    plt_code_text(c, (uint32_t)s->code, text, sizeof text);
    plt_device_set_number(d, PLT_ALERT_SEVERITY, 1, from, c->severity, NULL);
    plt_device_set_number(d, PLT_ALERT_CODE, 1, from, c->alert, NULL);
    plt_device_set_text(d, PLT_ALERT_TEXT, 1, from, text, NULL);
    plt_device_set_text(d, PLT_ALERT_REMEDY, 1, from, c->remedy, NULL);
}

void plt_read_1284(plt_device *d, const plt_1284 *id, int64_t at)
{
    plt_origin from = {PLT_SOURCE_1284, at};
    plt_hp_status hp;
    plt_device_set_text(d, PLT_MAKE, 0, from, id->make, NULL);
    plt_device_set_text(d, PLT_MODEL, 0, from, id->model, NULL);
    if (plt_serial_is_real(id->serial)) plt_device_set_text(d, PLT_SERIAL, 0, from, id->serial, NULL);
    plt_device_set_text(d, PLT_DESCRIPTION, 0, from, id->description, NULL);
    plt_device_set_text(d, PLT_LANGUAGES, 0, from, id->commands, NULL);
    const char *raw = id->vstatus[0] ? id->vstatus : id->s_block;
    plt_status s = id->vstatus[0] ? plt_hp_vstatus(raw, &hp) : id->s_block[0] ? plt_hp_s_block(raw, &hp) : PLT_NOTFOUND;
    plt_device_set_text(d, PLT_STATUS_TEXT, 0, from, id->status[0] ? id->status : raw, NULL);
    if (s == PLT_OK) {
        plt_device_set_complete(d, PLT_GROUP_ALERT);
        read_hp(d, &hp, from, raw);
    }
    if (plt_same(id->status, "IDLE")) plt_device_set_number(d, PLT_STATE, 0, from, PLT_STATE_READY, id->status);
    if (plt_same(id->status, "BUSY")) plt_device_set_number(d, PLT_STATE, 0, from, PLT_STATE_BUSY, id->status);
}
