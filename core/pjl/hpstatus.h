/* SPDX-License-Identifier: Apache-2.0 */
/* The live status that HP's ink printers put into their IEEE 1284 ID: the S block of hex digits, or VSTATUS's words. Pure. */
#ifndef PLATEN_CORE_PJL_HPSTATUS_H
#define PLATEN_CORE_PJL_HPSTATUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/util/status.h"

#define PLT_HP_PENS_MAX 15

typedef enum plt_hp_kind { PLT_HP_NO_PEN, PLT_HP_HEAD, PLT_HP_SUPPLY, PLT_HP_CARTRIDGE } plt_hp_kind;

typedef struct plt_hp_pen {
    plt_hp_kind kind;
    const char *color; /* "black", "cyan,magenta,yellow" ...; "" unknown */
    uint8_t health;    /* 0 good, 1 wrongly put in, 2 the wrong one, 3 failed */
    uint8_t trigger;   /* 0-4 enough, 5 may be low, 6 probably out, 7 out */
    int level;         /* percent; -1 not given */
} plt_hp_pen;

typedef struct plt_hp_status {
    int code;      /* 0 idle, 1 busy, 2 printing ... 45; -1 not given */
    bool has_door; /* is there a lid that can be told? */
    bool door_open;
    size_t pens;
    plt_hp_pen pen[PLT_HP_PENS_MAX];
} plt_hp_status;

/* `s`: the value of S. PLT_UNSUPPORTED for a revision that is not known, PLT_BAD when it is no such block. What was read before it ended stays. */
plt_status plt_hp_s_block(const char *s, plt_hp_status *out);
/* `v`: the value of VSTATUS. */
plt_status plt_hp_vstatus(const char *v, plt_hp_status *out);

#endif
