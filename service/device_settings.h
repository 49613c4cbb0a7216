/* SPDX-License-Identifier: Apache-2.0 */
/* What the administrator set for readings of printers, checked. Read again before each round: a change needs no restart. */
#ifndef PLATEN_SERVICE_DEVICE_SETTINGS_H
#define PLATEN_SERVICE_DEVICE_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/collect/collection.h"
#include "core/collect/range.h"
#include "core/collect/schedule.h"

typedef struct device_settings {
    bool usb, mask;
    bool snmp; /* local printers answer SNMP: only with addresses that may ask, and a community or users of version 3 */
    char snmp_allow[2048], snmp_community[64], snmp_listen[80];
    uint32_t minutes[PLT_INTERVALS];
    uint32_t gone_minutes;
    uint32_t rate;      /* datagrams a second */
    plt_setter net_by;  /* whose ranges, credentials and intervals hold: NOBODY's, and no network printer is read */
    char ranges[16384]; /* as this machine or a policy sets them */
    char words[1024];   /* what is wrong with the settings and what is done instead; "" nothing */
} device_settings;

void device_settings_read(const char *data_dir, device_settings *out);
/* One name of a host into r; what is wrong with it is added to `words`. */
void device_settings_name(device_settings *s, plt_ranges *r, const char *host, uint16_t port);
/* This machine's ranges' addresses into r, which is initialised; names are looked up, which may take seconds. What is wrong with one is added to
 * `words`. */
void device_settings_ranges(device_settings *s, plt_ranges *r);

#endif
