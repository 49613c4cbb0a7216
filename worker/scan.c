/* SPDX-License-Identifier: Apache-2.0 */
/* The loop of a scan: send what is due, take what has come, wait for the earlier of the two. Parses nothing itself. */
#include "worker/scan.h"

#include <stdlib.h>

#include "os/clock.h"
#include "os/udp.h"

#define BATCH 128
#define BUFFER (4u << 20)

typedef struct loop {
    const plt_scan_machine *m;
    os_udp *sockets[2];
    size_t socket_count;
    os_udp *by_family[7];
    plt_collect_datagram out[BATCH];
    os_datagram sending[BATCH], coming[BATCH];
    size_t out_at, out_count; /* what the system did not take yet */
    uint8_t room[BATCH][PLT_COLLECT_DATAGRAM];
} loop;

static plt_status open_socket(loop *l, uint8_t family, size_t buffer)
{
    plt_address any = {.family = family};
    plt_status s = os_udp_open(&l->sockets[l->socket_count], &any, buffer ? buffer : BUFFER);
    if (s == PLT_OK) l->by_family[family] = l->sockets[l->socket_count++];
    return s;
}

/* Sends what is left of the batch. False: the system takes no more for now. */
static bool send_rest(loop *l)
{
    while (l->out_at < l->out_count) {
        size_t n = 0, sent = 0;
        uint8_t family = l->out[l->out_at].to.family;
        for (; l->out_at + n < l->out_count && l->out[l->out_at + n].to.family == family; n++) {
            const plt_collect_datagram *d = &l->out[l->out_at + n];
            l->sending[n] = (os_datagram){.peer = d->to, .data = d->data, .n = d->n};
        }
        plt_status s = l->by_family[family] ? os_udp_send(l->by_family[family], l->sending, n, &sent) : PLT_UNSUPPORTED;
        l->out_at += sent;
        if (s != PLT_OK)
            l->out_at++; /* no way to that one: its question runs into its timeout */
        else if (sent < n)
            return false;
    }
    return true;
}

static bool send_due(loop *l)
{
    do {
        if (!send_rest(l)) return false;
        l->out_at = 0;
        l->out_count = l->m->send(l->m->ctx, os_clock_mono_us(), l->out, BATCH);
    } while (l->out_count);
    return true;
}

static plt_status take(loop *l, os_udp *u, bool *any)
{
    size_t got = 0;
    for (size_t i = 0; i < BATCH; i++) l->coming[i] = (os_datagram){.data = l->room[i], .n = sizeof l->room[i]};
    plt_status s = os_udp_receive(u, l->coming, BATCH, &got);
    uint64_t now = got ? os_clock_mono_us() : 0;
    for (size_t i = 0; i < got; i++) l->m->receive(l->m->ctx, now, &l->coming[i].peer, l->coming[i].data, l->coming[i].n);
    *any = *any || got;
    return s;
}

static uint32_t wait_ms(const loop *l, uint64_t next_tick)
{
    uint64_t now = os_clock_mono_us(), until = l->m->deadline(l->m->ctx, now);
    if (next_tick < until) until = next_tick;
    if (until <= now) return 0;
    uint64_t ms = (until - now + 999) / 1000;
    return ms > 1000 ? 1000 : (uint32_t)ms;
}

static plt_status run(loop *l, const plt_scan_options *o)
{
    uint64_t tick = o->tick_ms ? os_clock_mono_us() + o->tick_ms * 1000ull : UINT64_MAX;
    while (!l->m->finished(l->m->ctx)) {
        bool any = false, sent = send_due(l);
        for (size_t i = 0; i < l->socket_count; i++) {
            plt_status s = take(l, l->sockets[i], &any);
            if (s != PLT_OK) return s;
        }
        if (os_clock_mono_us() >= tick) {
            if (!o->tick(o->ctx)) return PLT_CLOSED;
            tick = os_clock_mono_us() + o->tick_ms * 1000ull;
        }
        if (any || l->m->finished(l->m->ctx)) continue;
        plt_status s = os_udp_wait(l->sockets, l->socket_count, sent ? wait_ms(l, tick) : 1);
        if (s != PLT_OK && s != PLT_TIMEOUT) return s;
    }
    return PLT_OK;
}

plt_status plt_scan_run_machine(const plt_scan_machine *m, const plt_scan_options *o)
{
    loop *l = calloc(1, sizeof *l);
    if (!l) return PLT_NOMEM;
    l->m = m;
    plt_status s = o->v4 ? open_socket(l, 4, o->buffer) : PLT_OK;
    if (s == PLT_OK && o->v6) s = open_socket(l, 6, o->buffer);
    if (s == PLT_OK) s = run(l, o);
    for (size_t i = 0; i < l->socket_count; i++) os_udp_close(l->sockets[i]);
    free(l);
    return s;
}

/* ---- the collector in this process ---- */

static size_t own_send(void *ctx, uint64_t now, plt_collect_datagram *out, size_t most)
{
    return plt_collect_send(ctx, now, out, most);
}

static void own_receive(void *ctx, uint64_t now, const plt_address *from, uint8_t *data, size_t n)
{
    plt_collect_receive(ctx, now, from, data, n);
}

static uint64_t own_deadline(void *ctx, uint64_t now)
{
    return plt_collect_deadline(ctx, now);
}

static bool own_finished(void *ctx)
{
    return plt_collect_finished(ctx);
}

plt_status plt_scan_run(plt_collect *c, const plt_scan_options *o)
{
    const plt_scan_machine m = {c, own_send, own_receive, own_deadline, own_finished};
    return plt_scan_run_machine(&m, o);
}
