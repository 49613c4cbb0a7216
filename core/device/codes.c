/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The codes. Sources: HP PJL Technical Reference, appendix D, and the manuals of Brother and Lexmark for the ones they add; HP's S block as
 * open drivers name its codes. The first row that holds a code counts: single codes stand before their ranges.
 */
#include "core/device/codes.h"

#include <stdio.h>
#include <string.h>

#include "core/util/text.h"

#define NO PLT_NO_CONDITION
#define NONE PLT_SEVERITY_NONE
#define CRIT PLT_SEVERITY_CRITICAL
#define WARN PLT_SEVERITY_WARNING
#define NOTE PLT_SEVERITY_NOTICE

static const plt_code pjl[] = {
    /* information */
    {10000, 10000, PLT_STATE_ASLEEP, NONE, 23, NO, "saves power", ""},
    {10001, 10001, PLT_STATE_READY, NONE, 0, NO, "ready", ""},
    {10002, 10002, PLT_STATE_OFFLINE, WARN, 22, PLT_IS_OFFLINE, "offline", "Press Ready or Online at its panel."},
    {10003, 10003, PLT_STATE_WARMING, NONE, 24, NO, "warms up", ""},
    {10004, 10004, PLT_STATE_BUSY, NONE, 0, NO, "tests itself", ""},
    {10005, 10005, PLT_STATE_BUSY, NONE, 0, NO, "resets itself", ""},
    {10006, 10006, PLT_STATE_ATTENTION, WARN, 1104, PLT_LOW_TONER, "toner is low", "Have a cartridge ready."},
    {10007, 10007, PLT_STATE_BUSY, NONE, 0, NO, "cancels a job", ""},
    {10010, 10010, PLT_STATE_ATTENTION, NOTE, 0, NO, "more messages than it can tell", "Look at its panel."},
    {10011, 10011, PLT_STATE_BUSY, NONE, 0, NO, "starts up", ""},
    {10013, 10022, PLT_STATE_PRINTING, NONE, 0, NO, "prints a page of its own", ""},
    {10023, 10023, PLT_STATE_PRINTING, NONE, 0, NO, "works on a job", ""},
    {10024, 10024, PLT_STATE_BUSY, NONE, 0, NO, "has data of a job", ""},
    {10027, 10027, PLT_STATE_BUSY, NONE, 0, NO, "clears its paper path", ""},
    {10029, 10029, PLT_STATE_ATTENTION, NOTE, 0, NO, "waits for the rest of a page", "Press Go or Form Feed at its panel."},
    {10031, 10031, PLT_STATE_BUSY, NONE, 0, NO, "cleans itself", ""},
    {10000, 10999, PLT_STATE_BUSY, NONE, 0, NO, "busy", ""},
    /* background: paper */
    {11000, 11999, PLT_STATE_ATTENTION, NOTE, 808, PLT_INPUT_EMPTY, "tray {tray} wants {media}", "Fill the tray."},
    {12001, 12001, PLT_STATE_ATTENTION, NOTE, 18, NO, "a tray is open", "Close the tray."},
    {12002, 12002, PLT_STATE_BUSY, NONE, 812, NO, "a tray is being lifted", ""},
    {12000, 12999, PLT_STATE_ATTENTION, NOTE, 801, PLT_INPUT_MISSING, "a tray wants attention", "Look at its trays."},
    {15001, 15001, PLT_STATE_ATTENTION, WARN, 903, PLT_OUTPUT_FULL, "the output bin is full", "Take the paper out."},
    {15002, 15002, PLT_STATE_ATTENTION, WARN, 901, PLT_OUTPUT_MISSING, "the output bin is open", "Close it."},
    {15003, 15003, PLT_STATE_ATTENTION, WARN, 30, PLT_SERVICE_REQUESTED, "the output bin is broken", "Call service."},
    {15000, 15999, PLT_STATE_ATTENTION, WARN, 903, NO, "the output bin wants attention", "Look at its output bins."},
    /* what the printer says about requests: no state of the printer */
    {20000, 27999, PLT_STATE_UNKNOWN, NONE, 0, NO, "did not understand a request", ""},
    /* it goes on by itself */
    {30016, 30016, PLT_STATE_ATTENTION, WARN, 34, NO, "memory is full", "Print fewer pages at once, or at a lower resolution."},
    {30017, 30017, PLT_STATE_ATTENTION, WARN, 34, NO, "a page was too complex", "Print it at a lower resolution."},
    {30034, 30034, PLT_STATE_ATTENTION, WARN, 809, PLT_INPUT_EMPTY, "wants other paper", "Look at its panel."},
    {30119, 30119, PLT_STATE_ATTENTION, WARN, 8, PLT_JAMMED, "did not feed a sheet", "Check the paper in the tray."},
    {30000, 30999, PLT_STATE_ATTENTION, WARN, 29, NO, "had a fault and goes on", "Look at its panel."},
    {32000, 32999, PLT_STATE_UNKNOWN, NONE, 0, NO, "answered about its files", ""},
    {35075, 35075, PLT_STATE_ATTENTION, WARN, 10, PLT_MAINTENANCE_OVERDUE, "maintenance is due", "Order the maintenance kit."},
    {35078, 35078, PLT_STATE_ASLEEP, NONE, 23, NO, "saves power", ""},
    {35000, 35999, PLT_STATE_ATTENTION, WARN, 0, NO, "wants attention", "Look at its panel."},
    /* it waits for somebody */
    {40000, 40000, PLT_STATE_ASLEEP, NONE, 23, NO, "asleep", ""},
    {40010, 40010, PLT_STATE_STOPPED, CRIT, 1115, PLT_MARKER_MISSING, "no toner cartridge", "Put a cartridge in."},
    {40019, 40019, PLT_STATE_STOPPED, CRIT, 903, PLT_OUTPUT_FULL, "the output bin is full", "Take the paper out."},
    {40020, 40020, PLT_STATE_STOPPED, CRIT, 1115, PLT_MARKER_MISSING, "no cartridge", "Put a cartridge in."},
    {40021, 40021, PLT_STATE_STOPPED, CRIT, 3, PLT_DOOR_OPEN, "a cover is open", "Close all covers."},
    {40022, 40022, PLT_STATE_STOPPED, CRIT, 8, PLT_JAMMED, "paper jam", "Take the paper out, along its path."},
    {40026, 40026, PLT_STATE_STOPPED, CRIT, 801, PLT_INPUT_MISSING, "a tray is missing or open", "Put the tray in."},
    {40038, 40038, PLT_STATE_ATTENTION, WARN, 1104, PLT_LOW_TONER, "toner is low", "Have a cartridge ready, or replace it."},
    {40048, 40049, PLT_STATE_ATTENTION, WARN, 0, NO, "wants an answer at its panel", "Look at its panel."},
    {40050, 40071, PLT_STATE_BROKEN, CRIT, 30, PLT_SERVICE_REQUESTED, "the engine has a fault",
     "Switch it off and on; if it comes back, call service."},
    {40079, 40079, PLT_STATE_OFFLINE, WARN, 22, PLT_IS_OFFLINE, "offline", "Press Ready or Online at its panel."},
    {40087, 40088, PLT_STATE_STOPPED, CRIT, 30, NO, "a part does not fit the printer", "Look at its panel."},
    {40089, 40090, PLT_STATE_STOPPED, CRIT, 1115, PLT_MARKER_MISSING, "a cartridge does not fit the printer", "Put the right cartridge in."},
    {40093, 40093, PLT_STATE_STOPPED, CRIT, 8, PLT_JAMMED, "paper jam in the duplexer", "Take the paper out of the duplexer."},
    {40096, 40096, PLT_STATE_STOPPED, CRIT, 813, NO, "the paper in the tray has another size", "Put the right size in, or set the tray's size."},
    {40101, 40101, PLT_STATE_ATTENTION, WARN, 13, NO, "no staples", "Put staples in."},
    {40119, 40119, PLT_STATE_STOPPED, CRIT, 8, PLT_JAMMED, "did not feed a sheet", "Check the paper in the tray."},
    {40128, 40128, PLT_STATE_STOPPED, CRIT, 1112, PLT_SERVICE_REQUESTED, "the drum has a fault",
     "Take the drum out and put it in again, or replace it."},
    {40129, 40129, PLT_STATE_STOPPED, CRIT, 1112, PLT_NO_TONER, "the drum is at its end", "Replace the drum."},
    {40130, 40130, PLT_STATE_ATTENTION, WARN, 1111, NO, "the drum is near its end", "Have a drum ready."},
    {40131, 40132, PLT_STATE_ATTENTION, WARN, 10, PLT_MAINTENANCE_OVERDUE, "the transfer kit is near its end", "Have a transfer kit ready."},
    {40141, 40141, PLT_STATE_STOPPED, CRIT, 1109, NO, "the waste toner box is full", "Replace the waste toner box."},
    {40142, 40142, PLT_STATE_STOPPED, CRIT, 9, PLT_MARKER_MISSING, "no drum", "Put the drum in."},
    {40000, 40999, PLT_STATE_STOPPED, CRIT, 0, NO, "waits for help", "Look at its panel."},
    {41000, 41999, PLT_STATE_STOPPED, CRIT, 808, PLT_NO_PAPER, "load {media} into tray {tray}", "Fill the tray with the paper named."},
    {42000, 42999, PLT_STATE_STOPPED, CRIT, 8, PLT_JAMMED, "paper jam", "Take the paper out, along its path."},
    {43000, 43999, PLT_STATE_STOPPED, CRIT, 30, NO, "a paper handler has a fault", "Look at its panel; check that it is plugged in."},
    {44000, 44999, PLT_STATE_STOPPED, CRIT, 8, PLT_JAMMED, "paper jam", "Take the paper out, along its path."},
    /* hardware */
    {50003, 50003, PLT_STATE_BROKEN, CRIT, 1003, PLT_SERVICE_REQUESTED, "the fuser has a fault",
     "Switch it off for 20 minutes; if it comes back, call service."},
    {50000, 50999, PLT_STATE_BROKEN, CRIT, 30, PLT_SERVICE_REQUESTED, "hardware fault", "Switch it off and on; if it comes back, call service."},
    {55000, 55999, PLT_STATE_BROKEN, CRIT, 30, PLT_SERVICE_REQUESTED, "an accessory has a fault",
     "Switch it off and on; if it comes back, call service."},
    {0, UINT32_MAX, PLT_STATE_UNKNOWN, NONE, 0, NO, "a code that is not in our table", ""},
};

static const plt_code hp[] = {
    {0x00, 0x00, PLT_STATE_READY, NONE, 0, NO, "ready", ""},
    {0x01, 0x01, PLT_STATE_BUSY, NONE, 0, NO, "busy", ""},
    {0x02, 0x02, PLT_STATE_PRINTING, NONE, 0, NO, "prints", ""},
    {0x03, 0x03, PLT_STATE_BUSY, NONE, 0, NO, "switches itself off", ""},
    {0x04, 0x04, PLT_STATE_PRINTING, NONE, 0, NO, "prints a report", ""},
    {0x05, 0x05, PLT_STATE_BUSY, NONE, 0, NO, "cancels a job", ""},
    {0x06, 0x06, PLT_STATE_BUSY, NONE, 0, NO, "waits for data", ""},
    {0x07, 0x07, PLT_STATE_PRINTING, NONE, 0, NO, "lets a page dry", ""},
    {0x08, 0x08, PLT_STATE_STOPPED, CRIT, 1115, PLT_MARKER_MISSING, "a cartridge is being changed", "Put the cartridges in and close the cover."},
    {0x09, 0x09, PLT_STATE_STOPPED, CRIT, 808, PLT_NO_PAPER, "out of paper", "Fill the tray."},
    {0x0A, 0x0D, PLT_STATE_STOPPED, CRIT, 809, NO, "the paper does not fit the job", "Put in the paper that the job wants."},
    {0x0E, 0x0E, PLT_STATE_STOPPED, CRIT, 8, PLT_JAMMED, "paper jam", "Take the paper out, along its path."},
    {0x0F, 0x0F, PLT_STATE_STOPPED, CRIT, 33, NO, "the carriage is stuck", "Take out what blocks the carriage."},
    {0x10, 0x10, PLT_STATE_STOPPED, CRIT, 8, PLT_JAMMED, "the paper is stuck", "Take the paper out."},
    {0x11, 0x11, PLT_STATE_STOPPED, CRIT, 30, PLT_MARKER_MISSING, "a cartridge has a fault",
     "Take the cartridge out and put it in again, or replace it."},
    {0x12, 0x12, PLT_STATE_BROKEN, CRIT, 30, PLT_SERVICE_REQUESTED, "hardware fault", "Switch it off and on; if it comes back, call service."},
    {0x13, 0x13, PLT_STATE_OFFLINE, NONE, 504, NO, "switched off", ""},
    {0x14, 0x14, PLT_STATE_BUSY, NONE, 0, NO, "tests its panel", ""},
    {0x15, 0x15, PLT_STATE_STOPPED, CRIT, 801, PLT_INPUT_MISSING, "the clean-out tray is missing", "Put it in."},
    {0x16, 0x16, PLT_STATE_STOPPED, CRIT, 903, PLT_OUTPUT_FULL, "the output bin is full", "Take the paper out."},
    {0x17, 0x17, PLT_STATE_STOPPED, CRIT, 813, NO, "the paper in the tray has another size", "Put the right size in."},
    {0x1A, 0x1A, PLT_STATE_STOPPED, CRIT, 1102, PLT_NO_TONER, "out of ink", "Replace the cartridge."},
    {0x1D, 0x1D, PLT_STATE_STOPPED, CRIT, 801, PLT_INPUT_MISSING, "tray 2 is missing", "Put the tray in."},
    {0x1E, 0x1E, PLT_STATE_STOPPED, CRIT, 1301, NO, "the duplexer is missing", "Put the duplexer in."},
    {0x26, 0x26, PLT_STATE_STOPPED, CRIT, 808, PLT_NO_PAPER, "tray 2 is out of paper", "Fill tray 2."},
    {0x2C, 0x2D, PLT_STATE_BUSY, NONE, 1005, NO, "cleans or checks its pens", ""},
    {0, UINT32_MAX, PLT_STATE_UNKNOWN, NONE, 0, NO, "a code that is not in our table", ""},
};

static const plt_code *find(const plt_code *c, uint32_t code)
{
    while (code < c->first || code > c->last) c++; /* the last row holds all */
    return c;
}

const plt_code *plt_code_of_pjl(uint32_t code)
{
    return find(pjl, code);
}

bool plt_code_is_status(uint32_t code)
{
    return !(code >= 20000 && code <= 27999) && !(code >= 32000 && code <= 32999);
}

const plt_code *plt_code_of_hp(uint32_t code)
{
    return find(hp, code);
}

/* Paper by the last two digits of 11xyy and 41xyy. */
static const char *media_of(uint32_t code)
{
    static const plt_word media[] = {{2, "Letter"}, {3, "Legal"}, {4, "A4"},  {5, "Executive"}, {6, "Ledger"},
                                     {7, "A3"},     {8, "COM10"}, {18, "A5"}, {0, NULL}};
    for (const plt_word *m = media; m->text; m++)
        if (m->n == code % 100) return m->text;
    return "paper";
}

void plt_code_text(const plt_code *c, uint32_t code, char *out, size_t size)
{
    const char *p = c->text;
    size_t n = 0;
    out[0] = 0;
    while (*p && n + 1 < size) {
        size_t plain = strcspn(p, "{");
        n += (size_t)snprintf(out + n, size - n, "%.*s", (int)plain, p);
        p += plain;
        if (n + 1 >= size || !*p) break;
        if (!strncmp(p, "{tray}", 6))
            n += (size_t)snprintf(out + n, size - n, "%u", (unsigned)(code / 100 % 10));
        else
            n += (size_t)snprintf(out + n, size - n, "%s", media_of(code));
        p += strcspn(p, "}") + 1;
    }
}
