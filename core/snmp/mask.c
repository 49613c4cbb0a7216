/* SPDX-License-Identifier: Apache-2.0 */
#include "core/snmp/mask.h"

#include <stdio.h>
#include <string.h>

#define SHORTEST 4 /* a shorter secret would be found in every other text */
#define HARDWARE 6
#define MAKER 3 /* octets of a hardware address that name its maker stay */

typedef enum kind {
    SECRET,
    PHYSICAL,
    HERE, /* hidden, but not looked for elsewhere: it is the model's name, often */
    LEFT_OUT,
} kind;

static const struct {
    plt_octets below;
    kind kind;
} objects[] = {
    {{(const uint8_t *)"\x2B\x06\x01\x02\x01\x01\x04", 7}, SECRET},                  /* sysContact */
    {{(const uint8_t *)"\x2B\x06\x01\x02\x01\x01\x05", 7}, SECRET},                  /* sysName */
    {{(const uint8_t *)"\x2B\x06\x01\x02\x01\x01\x06", 7}, SECRET},                  /* sysLocation */
    {{(const uint8_t *)"\x2B\x06\x01\x02\x01\x02\x02\x01\x06", 9}, PHYSICAL},        /* ifPhysAddress */
    {{(const uint8_t *)"\x2B\x06\x01\x02\x01\x1F\x01\x01\x01\x12", 10}, SECRET},     /* ifAlias */
    {{(const uint8_t *)"\x2B\x06\x01\x02\x01\x2B\x05\x01\x01\x02", 10}, SECRET},     /* prtGeneralCurrentOperator */
    {{(const uint8_t *)"\x2B\x06\x01\x02\x01\x2B\x05\x01\x01\x03", 10}, SECRET},     /* prtGeneralServicePerson */
    {{(const uint8_t *)"\x2B\x06\x01\x02\x01\x2B\x05\x01\x01\x10", 10}, HERE},       /* prtGeneralPrinterName */
    {{(const uint8_t *)"\x2B\x06\x01\x02\x01\x2B\x05\x01\x01\x11", 10}, SECRET},     /* prtGeneralSerialNumber */
    {{(const uint8_t *)"\x2B\x06\x01\x02\x01\x2F\x01\x01\x01\x01\x0B", 11}, SECRET}, /* entPhysicalSerialNum */
    {{(const uint8_t *)"\x2B\x06\x01\x02\x01\x2F\x01\x01\x01\x01\x0E", 11}, HERE},   /* entPhysicalAlias */
    {{(const uint8_t *)"\x2B\x06\x01\x02\x01\x2F\x01\x01\x01\x01\x0F", 11}, SECRET}, /* entPhysicalAssetID */
    /* Addresses are in the names of their rows: */
    {{(const uint8_t *)"\x2B\x06\x01\x02\x01\x03", 6}, LEFT_OUT},     /* at */
    {{(const uint8_t *)"\x2B\x06\x01\x02\x01\x04", 6}, LEFT_OUT},     /* ip */
    {{(const uint8_t *)"\x2B\x06\x01\x02\x01\x06", 6}, LEFT_OUT},     /* tcp */
    {{(const uint8_t *)"\x2B\x06\x01\x02\x01\x07", 6}, LEFT_OUT},     /* udp */
    {{(const uint8_t *)"\x2B\x06\x01\x02\x01\x37", 6}, LEFT_OUT},     /* ipv6MIB */
    {{(const uint8_t *)"\x2B\x06\x01\x02\x01\x19\x04", 7}, LEFT_OUT}, /* hrSWRun: parameters of programs */
    {{(const uint8_t *)"\x2B\x06\x01\x06\x03", 5}, LEFT_OUT},         /* SNMP's own: users, communities, who is notified */
};

static bool known(const plt_mask *m, plt_octets name, kind *out)
{
    *out = SECRET;
    for (size_t i = 0; i < m->also_count; i++)
        if (plt_oid_below(name, m->also[i])) return true;
    for (size_t i = 0; i < sizeof objects / sizeof *objects; i++)
        if (plt_oid_below(name, objects[i].below)) {
            *out = objects[i].kind;
            return true;
        }
    return false;
}

static void add(plt_mask *m, plt_octets o, bool hardware)
{
    if (o.n < SHORTEST || m->count == PLT_MASK_SECRETS) return;
    m->secrets[m->count].octets = o;
    m->secrets[m->count++].hardware = hardware;
}

/* A hardware address, and as makers' texts have it. */
static void add_address(plt_mask *m, plt_octets o)
{
    static const char *const between[] = {":", "-", ""};
    add(m, o, true);
    if (o.n != HARDWARE || m->address_count == PLT_MASK_ADDRESSES) return;
    for (size_t i = 0; i < 3; i++) {
        char *text = m->texts[m->address_count][i], *p = text;
        for (size_t k = 0; k < HARDWARE; k++) p += snprintf(p, 4, "%02X%s", o.p[k], k + 1 < HARDWARE ? between[i] : "");
        add(m, plt_octets_make(text, strlen(text)), false);
    }
    m->address_count++;
}

void plt_mask_learn(plt_mask *m, const plt_snmp_var *v)
{
    kind k;
    if (v->type != PLT_SNMP_STRING || !known(m, v->name, &k) || k == HERE || k == LEFT_OUT) return;
    if (k == PHYSICAL)
        add_address(m, v->value);
    else
        add(m, v->value, false);
}

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

/* Do they stand here? Letters of either case are the same. */
static bool stands(const uint8_t *p, plt_octets o)
{
    for (size_t i = 0; i < o.n; i++)
        if (lower(p[i]) != lower(o.p[i])) return false;
    return true;
}

/* Digits stay digits, letters letters. */
static void blot(uint8_t *p, size_t n, bool hardware)
{
    for (size_t i = 0; i < n; i++) {
        uint8_t c = lower(p[i]);
        if (hardware)
            p[i] = i < MAKER ? p[i] : 0;
        else if (c >= '0' && c <= '9')
            p[i] = '0';
        else if ((c >= 'a' && c <= 'z') || c >= 0x80)
            p[i] = 'X';
    }
}

static void hide_all(const plt_mask *m, uint8_t *p, size_t n)
{
    for (size_t i = 0; i < m->count; i++) {
        plt_octets o = m->secrets[i].octets;
        for (size_t at = 0; o.n <= n && at <= n - o.n; at++)
            if (stands(p + at, o)) blot(p + at, o.n, m->secrets[i].hardware);
    }
}

bool plt_mask_hide(const plt_mask *m, plt_snmp_var *v, uint8_t *room)
{
    kind k;
    bool is_known = known(m, v->name, &k);
    if (is_known && k == LEFT_OUT) return false;
    if (v->type == PLT_SNMP_IPADDRESS && v->value.n == 4) {
        memcpy(room, "\xC0\x00\x02\x01", 4); /* RFC 5737: of documentation */
    } else if (v->type == PLT_SNMP_STRING || v->type == PLT_SNMP_OPAQUE) {
        if (v->value.n) memcpy(room, v->value.p, v->value.n);
        if (is_known) blot(room, v->value.n, k == PHYSICAL);
        hide_all(m, room, v->value.n);
    } else {
        return true;
    }
    v->value.p = room;
    return true;
}
