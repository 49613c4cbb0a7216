/* SPDX-License-Identifier: Apache-2.0 */
/* The PJL request builder, and the checker that stands between it and a printer. The two share the name tables and nothing else. */
#include "core/pjl/request.h"

#include <stdio.h>
#include <string.h>

#include "core/util/text.h"

static const char uel[] = "\033%-12345X";
static const char start[] = "@PJL\r\n";
static const char end_of_line[] = "\r\n";

static const char *const info_names[PLT_PJL_INFO_COUNT] = {
    "ID", "CONFIG", "MEMORY", "PAGECOUNT", "STATUS", "VARIABLES", "USTATUS", "SUPPLIES", "PRODINFO", "DRUMLIFE", "BRSUPPLY", "MAINTENANCE",
};
static const char *const variable_names[PLT_PJL_VAR_COUNT] = {
    "COPIES", "DUPLEX", "BINDING", "PAPER", "RENDERMODE", "RESOLUTION", "LANG", "PAGES",
};
static const char *const ustatus_names[PLT_PJL_USTATUS_COUNT] = {
    "DEVICE=OFF", "DEVICE=ON", "DEVICE=VERBOSE", "JOB=ON", "JOB=OFF", "PAGE=ON", "PAGE=OFF", "TIMED=0",
};

void plt_pjl_request_init(plt_pjl_request *r)
{
    memset(r, 0, sizeof *r);
}

static void add(plt_pjl_request *r, const char *text)
{
    size_t n = strlen(text);
    if (r->full || n > sizeof r->data - r->len) {
        r->full = true;
        return;
    }
    memcpy(r->data + r->len, text, n);
    r->len += n;
}

static void command(plt_pjl_request *r, const char *verb, const char *argument)
{
    add(r, "@PJL ");
    add(r, verb);
    add(r, argument);
    add(r, end_of_line);
}

void plt_pjl_uel(plt_pjl_request *r)
{
    add(r, uel);
    add(r, start);
}

void plt_pjl_leave(plt_pjl_request *r)
{
    add(r, uel);
}

void plt_pjl_echo(plt_pjl_request *r, uint32_t token)
{
    char text[32];
    snprintf(text, sizeof text, "PLATEN %lu", (unsigned long)token);
    command(r, "ECHO ", text);
}

const char *plt_pjl_info_name(plt_pjl_info what)
{
    return (unsigned)what < PLT_PJL_INFO_COUNT ? info_names[what] : "";
}

void plt_pjl_ask_info(plt_pjl_request *r, plt_pjl_info what)
{
    if ((unsigned)what < PLT_PJL_INFO_COUNT) command(r, "INFO ", info_names[what]);
}

void plt_pjl_inquire(plt_pjl_request *r, plt_pjl_variable what, bool preset)
{
    if ((unsigned)what < PLT_PJL_VAR_COUNT) command(r, preset ? "DINQUIRE " : "INQUIRE ", variable_names[what]);
}

void plt_pjl_ustatus_set(plt_pjl_request *r, plt_pjl_ustatus what)
{
    if ((unsigned)what < PLT_PJL_USTATUS_COUNT) command(r, "USTATUS ", ustatus_names[what]);
}

void plt_pjl_ustatus_off(plt_pjl_request *r)
{
    command(r, "USTATUSOFF", "");
}

void plt_pjl_pml_get(plt_pjl_request *r, const uint8_t *oid, size_t n)
{
    char hex[2 * PLT_PML_GET_MAX + 1], text[sizeof hex + 16];
    uint8_t pml[PLT_PML_GET_MAX];
    size_t len = plt_pml_get(oid, n, pml);
    if (!len) return;
    plt_hex(hex, pml, len);
    for (char *p = hex; *p; p++)
        if (*p >= 'a') *p = (char)(*p - 32); /* as the drivers write it */
    snprintf(text, sizeof text, "ASCIIHEX=\"%s\"", hex);
    command(r, "DMINFO ", text);
}

/* ---- the checker ---- */

typedef struct reader {
    const char *p, *end;
} reader;

static bool eat(reader *r, const char *text)
{
    size_t n = strlen(text);
    if ((size_t)(r->end - r->p) < n || memcmp(r->p, text, n) != 0) return false;
    r->p += n;
    return true;
}

/* One of the names, and then the end of the line. */
static bool eat_name(reader *r, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        reader at = *r;
        if (eat(&at, names[i]) && eat(&at, end_of_line)) {
            *r = at;
            return true;
        }
    }
    return false;
}

static bool eat_number(reader *r)
{
    int digits = 0;
    for (; r->p < r->end && *r->p >= '0' && *r->p <= '9'; r->p++) digits++;
    return digits > 0 && digits <= 10 && eat(r, end_of_line);
}

static int hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* 0000nn and nn bytes: a GET and nothing else. */
static bool eat_pml_get(reader *r)
{
    if (!eat(r, "0000") || r->end - r->p < 2) return false;
    int hi = hex(r->p[0]), lo = hex(r->p[1]);
    if (hi < 0 || lo < 0) return false;
    size_t n = (size_t)(hi << 4 | lo);
    r->p += 2;
    if (!n || n > PLT_PML_OID_MAX || (size_t)(r->end - r->p) < 2 * n) return false;
    for (size_t i = 0; i < 2 * n; i++)
        if (hex(r->p[i]) < 0) return false;
    r->p += 2 * n;
    return eat(r, "\"\r\n");
}

static bool eat_command(reader *r)
{
    if (eat(r, uel)) return eat(r, start) || r->p == r->end; /* behind a UEL that does not lead to PJL nothing may stand */
    if (!eat(r, "@PJL ")) return false;
    if (eat(r, "ECHO PLATEN ")) return eat_number(r);
    if (eat(r, "INFO ")) return eat_name(r, info_names, PLT_PJL_INFO_COUNT);
    if (eat(r, "INQUIRE ") || eat(r, "DINQUIRE ")) return eat_name(r, variable_names, PLT_PJL_VAR_COUNT);
    if (eat(r, "USTATUSOFF\r\n")) return true;
    if (eat(r, "USTATUS ")) return eat_name(r, ustatus_names, PLT_PJL_USTATUS_COUNT);
    return eat(r, "DMINFO ASCIIHEX=\"") && eat_pml_get(r);
}

bool plt_pjl_allowed(const void *data, size_t n)
{
    reader r = {data, (const char *)data + n};
    if (!n) return false;
    while (r.p < r.end)
        if (!eat_command(&r)) return false;
    return true;
}
