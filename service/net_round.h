/* SPDX-License-Identifier: Apache-2.0 */
/* One look at the network's printers: the addresses of the ranges, or only those where printers are known, through a collecting worker. */
#ifndef PLATEN_SERVICE_NET_ROUND_H
#define PLATEN_SERVICE_NET_ROUND_H

#include "service/agent.h"
#include "service/device_settings.h"
#include "service/readings.h"

typedef struct net_round_sum {
    uint64_t addresses;
    unsigned printers, refused, bad; /* bad: what the worker told that is no device */
    bool whole;                      /* the scan came to its end: a known printer that is not among them is silent */
    char words[512];                 /* what went wrong, and what is wrong with the ranges; "" nothing */
} net_round_sum;

/* Takes each printer into r. With discovery among the categories every address of the ranges is asked. */
void net_round(agent *a, device_settings *s, readings *r, uint8_t categories, net_round_sum *sum);

#endif
