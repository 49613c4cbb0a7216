/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The farm's sockets: one for all addresses of 127.0.0.0/8, since the kernel says which one was asked and from which one to answer; a
 * second one for agents that answer from the wrong port. Datagrams are taken and given by the batch. Replies that wait for their time
 * stand in a bounded queue. Linux only.
 */
#ifndef PLATEN_LAB_FARM_NET_H
#define PLATEN_LAB_FARM_NET_H

#include "tests/lab/farm_agent.h"

typedef struct farm_net_options {
    uint16_t port; /* 0: one is chosen */
    const char *community;
    plt_usm_user *user;    /* of version 3; borrowed; NULL: none */
    unsigned loss_percent; /* of requests and of replies, each */
    uint32_t delay_ms, jitter_ms;
    uint32_t jobs_per_second;
    FILE *record; /* borrowed; NULL: nothing is recorded */
} farm_net_options;

typedef struct farm_counts {
    uint64_t received, sent, dead, lost, queue_full;
    uint64_t outcomes[PLT_SERVE_OUTCOMES];
    uint64_t faults[FARM_FAULTS]; /* datagrams that broken agents took */
} farm_counts;

typedef struct farm_net farm_net;

/* NULL: *why says so. Free with farm_net_close. */
farm_net *farm_net_open(farm *f, const farm_net_options *o, uint16_t *port, const char **why);
void farm_net_close(farm_net *n);
/* Serves for a tenth of a second, or as long as datagrams come in a batch. */
void farm_net_turn(farm_net *n);
const farm_counts *farm_net_counts(const farm_net *n);

#endif
