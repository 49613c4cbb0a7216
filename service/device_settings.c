/* SPDX-License-Identifier: Apache-2.0 */
/* Settings of the readings. What is wrong is put right and said in words; it never stops the readings. */
#include "service/device_settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "os/config.h"
#include "os/udp.h"
#include "service/collecting.h"
#include "service/snmp_users.h"

#define HOSTS_MOST 16

static void say(device_settings *s, const char *words)
{
    size_t n = strlen(s->words);
    if (*words) snprintf(s->words + n, sizeof s->words - n, "%s%s", n ? "; " : "", words);
}

static bool read_switch(device_settings *s, const char *data_dir, const char *key, bool usual)
{
    static const char *const on[] = {"on", "yes", "true", "1"}, *const off[] = {"off", "no", "false", "0"};
    char text[64], words[160];
    if (os_config_get(data_dir, key, text, sizeof text) != PLT_OK || !*text) return usual;
    for (size_t i = 0; i < sizeof on / sizeof *on; i++)
        if (plt_same(text, on[i]) || plt_same(text, off[i])) return plt_same(text, on[i]);
    snprintf(words, sizeof words, "%s = %.40s is neither on nor off: %s is used", key, text, usual ? "on" : "off");
    say(s, words);
    return usual;
}

static uint32_t read_number(device_settings *s, const char *data_dir, const char *key, uint32_t least, uint32_t most, uint32_t usual)
{
    char text[64], words[200], *end;
    if (os_config_get(data_dir, key, text, sizeof text) != PLT_OK || !*text) return usual;
    unsigned long n = strtoul(text, &end, 10);
    if (*text >= '0' && *text <= '9' && !*end && n >= least && n <= most) return (uint32_t)n;
    snprintf(words, sizeof words, "%s = %.40s is no number from %u to %u: %u is used", key, text, (unsigned)least, (unsigned)most, (unsigned)usual);
    say(s, words);
    return usual;
}

static void read_text(device_settings *s, const char *data_dir, const char *key, char *out, size_t size)
{
    char words[120];
    plt_status st = os_config_get(data_dir, key, out, size);
    if (st == PLT_OK || st == PLT_NOTFOUND) return;
    out[0] = 0;
    snprintf(words, sizeof words, "%s cannot be used: it is longer than %u characters", key, (unsigned)size - 1);
    say(s, words);
}

/* Who may ask has no default: without it nobody may. */
static void read_snmp(device_settings *s, const char *data_dir)
{
    read_text(s, data_dir, "SnmpAllow", s->snmp_allow, sizeof s->snmp_allow);
    read_text(s, data_dir, "SnmpCommunity", s->snmp_community, sizeof s->snmp_community);
    read_text(s, data_dir, "SnmpListen", s->snmp_listen, sizeof s->snmp_listen);
    s->snmp = read_switch(s, data_dir, "SnmpAnswers", false);
    if (s->snmp && (!*s->snmp_allow || (!*s->snmp_community && !snmp_users_kept(data_dir)))) {
        say(s, "SnmpAnswers is on, but SnmpAllow or SnmpCommunity is not set (nor is there an SNMPv3 user): nobody is answered");
        s->snmp = false;
    }
}

static bool set_by_policy(const char *data_dir, const char *key)
{
    char text[64];
    return os_config_policy(data_dir, key, text, sizeof text) == PLT_OK && *text;
}

/* An interval that a policy sets is the policy's; the others are the hub's, as its ranges are. Addresses are masked where either says so. */
static void take_from_hub(device_settings *s, const char *data_dir, const plt_collection *c)
{
    s->net_by = PLT_SET_BY_HUB;
    for (size_t i = 0; i < PLT_INTERVALS; i++)
        if (!set_by_policy(data_dir, plt_intervals[i].setting)) s->minutes[i] = c->minutes[i];
    if (!set_by_policy(data_dir, "ScanRate")) s->rate = c->rate;
    s->mask = s->mask || c->mask;
}

/* Policy, hub, machine: the first that sets ranges sets them all. */
static void read_net(device_settings *s, const char *data_dir)
{
    plt_collection *c = NULL;
    if (os_config_policy(data_dir, "Ranges", s->ranges, sizeof s->ranges) == PLT_OK && *s->ranges) {
        s->net_by = PLT_SET_BY_POLICY;
        return;
    }
    plt_status st = collecting_load(data_dir, &c);
    if (st == PLT_OK) take_from_hub(s, data_dir, c);
    if (st == PLT_BAD) say(s, "what the hub set for network printers cannot be read: none is asked until it has been fetched anew");
    plt_collection_free(c);
    if (st != PLT_NOTFOUND) return;
    os_config_get(data_dir, "Ranges", s->ranges, sizeof s->ranges);
    if (*s->ranges) s->net_by = PLT_SET_BY_MACHINE;
}

void device_settings_read(const char *data_dir, device_settings *s)
{
    char text[64], why[200];
    memset(s, 0, sizeof *s);
    s->usb = read_switch(s, data_dir, "UsbReadings", true);
    s->mask = read_switch(s, data_dir, "MaskAddresses", false);
    read_snmp(s, data_dir);
    s->gone_minutes = read_number(s, data_dir, "GoneAfterMinutes", 1, 129600, 10080);
    s->rate = read_number(s, data_dir, "ScanRate", 1, 100000, 500);
    for (size_t i = 0; i < PLT_INTERVALS; i++) {
        os_config_get(data_dir, plt_intervals[i].setting, text, sizeof text);
        if (!plt_interval_parse(i, text, &s->minutes[i], why, sizeof why)) say(s, why);
    }
    read_net(s, data_dir);
}

void device_settings_name(device_settings *s, plt_ranges *r, const char *host, uint16_t port)
{
    plt_address found[HOSTS_MOST];
    char words[320];
    size_t n = 0;
    if (os_host_addresses(host, found, HOSTS_MOST, &n) == PLT_OK && n) {
        found[0].port = port; /* one of them is enough: they are one printer's */
        if (plt_ranges_add(r, &found[0]) == PLT_OK) return;
    }
    snprintf(words, sizeof words, "ranges: the name %.200s has no address", host);
    say(s, words);
}

void device_settings_ranges(device_settings *s, plt_ranges *r)
{
    char word[300], host[256], why[300], words[640];
    uint16_t port;
    for (const char *p = s->ranges; *p;) {
        size_t n = strcspn(p, " ,;\t");
        if (n && n < sizeof word) {
            memcpy(word, p, n);
            word[n] = 0;
            plt_status st = plt_ranges_parse(r, word, host, sizeof host, &port, why, sizeof why);
            if (st == PLT_NOTFOUND) device_settings_name(s, r, host, port);
            snprintf(words, sizeof words, "Ranges: %s", why);
            if (st != PLT_OK && st != PLT_NOTFOUND) say(s, words);
        } else if (n) {
            say(s, "Ranges: one of them is longer than a range can be");
        }
        p += n + (p[n] != 0);
    }
    plt_ranges_close(r);
}
