/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The limit of a scan: a bare loop of sendmmsg and recvmmsg that exchanges prebuilt datagrams with the farm, looks at no reply and keeps
 * nothing but how far each device has come. Whatever a collector does besides, it costs more than this. Linux only.
 *
 *   bench_scan_bare --port P --devices N [--base ADDRESS] [--seed S] [--window W] [--shapes LIST] [--live PERCENT] [--record FILE]
 *
 * With the file that `platen-lab farm --record` wrote, each device gets the requests that a device of its shape got then, and answers are
 * awaited where there was one; without it each gets one GET of 24 objects and three GETBULKs of 20 repetitions. Prints one JSON line.
 */
#define _GNU_SOURCE /* recvmmsg, sendmmsg */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/clock.h"
#include "tests/lab/args.h"
#include "tests/lab/farm.h"
#include "tests/lab/farm_record.h"

#define BATCH 64
#define STEPS_MAX 64
#define SHAPES_MAX 64
#define SOCKET_BUFFER (16 << 20)
#define STALL_MS 2000

typedef struct step {
    uint8_t *bytes; /* owned */
    size_t n;
    bool answered; /* an answer is awaited before the next one goes */
} step;

typedef struct script {
    step steps[STEPS_MAX];
    unsigned count;
} script;

typedef struct loop {
    farm farm;
    script scripts[SHAPES_MAX]; /* by shape */
    uint8_t *done;              /* steps, by device */
    uint32_t *ready;            /* devices whose next step may go: a ring */
    uint32_t ready_first, ready_count;
    uint32_t in_flight, window, finished;
    uint16_t port;
    int sock;
    uint64_t sent, received;
} loop;

static const script *script_of(const loop *l, uint32_t device)
{
    return &l->scripts[l->farm.devices[device].shape];
}

static void be_ready(loop *l, uint32_t device)
{
    l->ready[(l->ready_first + l->ready_count++) % l->farm.options.devices] = device;
}

static bool add_step(script *s, const void *bytes, size_t n, bool answered)
{
    if (s->count == STEPS_MAX) return false;
    step *to = &s->steps[s->count++];
    *to = (step){malloc(n), n, answered};
    if (to->bytes) memcpy(to->bytes, bytes, n);
    return to->bytes != NULL;
}

/* What is exchanged without a record. */
static bool add_usual(script *s)
{
    static const char *const singles[] = {
        "1.3.6.1.2.1.1.1.0",           "1.3.6.1.2.1.1.2.0",           "1.3.6.1.2.1.1.3.0",           "1.3.6.1.2.1.1.5.0",
        "1.3.6.1.2.1.1.6.0",           "1.3.6.1.2.1.2.2.1.6.1",       "1.3.6.1.2.1.25.3.2.1.3.1",    "1.3.6.1.2.1.25.3.2.1.5.1",
        "1.3.6.1.2.1.25.3.5.1.1.1",    "1.3.6.1.2.1.25.3.5.1.2.1",    "1.3.6.1.2.1.43.5.1.1.16.1",   "1.3.6.1.2.1.43.5.1.1.17.1",
        "1.3.6.1.2.1.43.10.2.1.4.1.1", "1.3.6.1.2.1.43.11.1.1.4.1.1", "1.3.6.1.2.1.43.11.1.1.5.1.1", "1.3.6.1.2.1.43.11.1.1.6.1.1",
        "1.3.6.1.2.1.43.11.1.1.8.1.1", "1.3.6.1.2.1.43.11.1.1.9.1.1", "1.3.6.1.2.1.43.11.1.1.6.1.2", "1.3.6.1.2.1.43.11.1.1.9.1.2",
        "1.3.6.1.2.1.43.11.1.1.6.1.3", "1.3.6.1.2.1.43.11.1.1.9.1.3", "1.3.6.1.2.1.43.16.5.1.2.1.1", "1.3.6.1.4.1.9.9.9.0"};
    static const char *const columns[] = {"1.3.6.1.2.1.43.11.1.1.2", "1.3.6.1.2.1.43.11.1.1.6", "1.3.6.1.2.1.43.8.2.1.9"};
    uint8_t room[PLT_SNMP_HEAD + 1400], oid[PLT_MIB_NAME];
    plt_snmp_out o;
    for (int i = 0; i < 4; i++) {
        plt_snmp_pdu pdu = {.kind = i ? PLT_SNMP_GETBULK : PLT_SNMP_GET, .request_id = 4711, .error_index = i ? 20 : 0};
        plt_snmp_begin(&o, room, sizeof room);
        const char *const *names = i ? &columns[i - 1] : singles;
        for (size_t k = 0; k < (i ? 1 : sizeof singles / sizeof singles[0]); k++)
            plt_snmp_put(&o, plt_octets_make(oid, plt_oid_parse(names[k], oid, sizeof oid)), PLT_SNMP_NULL, plt_octets_make(NULL, 0));
        plt_snmp_close_pdu(&o, &pdu);
        plt_snmp_close(&o, PLT_SNMP_V2C, plt_octets_make("public", 6));
        if (!plt_snmp_size(&o) || !add_step(s, o.p, plt_snmp_size(&o), true)) return false;
    }
    return true;
}

static bool add_recorded(void *arg, uint32_t device, bool answered, const uint8_t *bytes, size_t n)
{
    loop *l = arg;
    if (device >= l->farm.options.devices) return false;
    return add_step(&l->scripts[l->farm.devices[device].shape], bytes, n, answered);
}

static bool open_sock(loop *l)
{
    int size = SOCKET_BUFFER;
    l->sock = socket(AF_INET, SOCK_DGRAM, 0);
    if (l->sock < 0) return false;
    if (setsockopt(l->sock, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0) setsockopt(l->sock, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    return true;
}

/* One batch out; a device whose step gets no answer goes on at once. */
static void send_batch(loop *l)
{
    struct mmsghdr heads[BATCH];
    struct iovec parts[BATCH];
    struct sockaddr_in peers[BATCH];
    unsigned n = 0;
    memset(heads, 0, sizeof heads);
    while (n < BATCH && l->ready_count && l->in_flight < l->window) {
        uint32_t d = l->ready[l->ready_first];
        const script *s = script_of(l, d);
        const step *now = &s->steps[l->done[d]];
        l->ready_first = (l->ready_first + 1) % l->farm.options.devices;
        l->ready_count--;
        peers[n] = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons(l->port), .sin_addr.s_addr = htonl(l->farm.options.base + d)};
        parts[n] = (struct iovec){now->bytes, now->n};
        heads[n].msg_hdr = (struct msghdr){.msg_name = &peers[n], .msg_namelen = sizeof peers[n], .msg_iov = &parts[n], .msg_iovlen = 1};
        n++;
        if (now->answered) {
            l->in_flight++;
        } else if (++l->done[d] < s->count) {
            be_ready(l, d);
        } else {
            l->finished++;
        }
    }
    for (unsigned done = 0; done < n;) {
        int some = sendmmsg(l->sock, heads + done, n - done, 0);
        done += some > 0 ? (unsigned)some : 1;
    }
    l->sent += n;
}

static void take(loop *l, const struct sockaddr_in *peer)
{
    uint32_t d = ntohl(peer->sin_addr.s_addr) - l->farm.options.base;
    if (d >= l->farm.options.devices || l->done[d] >= script_of(l, d)->count) return;
    l->received++;
    l->in_flight--;
    if (++l->done[d] < script_of(l, d)->count)
        be_ready(l, d);
    else
        l->finished++;
}

/* False: nothing came for too long. */
static bool receive_batch(loop *l)
{
    static uint8_t rooms[BATCH][PLT_SNMP_PACKET + 64];
    struct mmsghdr heads[BATCH];
    struct iovec parts[BATCH];
    struct sockaddr_in peers[BATCH];
    memset(heads, 0, sizeof heads);
    for (int i = 0; i < BATCH; i++) {
        parts[i] = (struct iovec){rooms[i], sizeof rooms[i]};
        heads[i].msg_hdr = (struct msghdr){.msg_name = &peers[i], .msg_namelen = sizeof peers[i], .msg_iov = &parts[i], .msg_iovlen = 1};
    }
    bool must_wait = l->in_flight >= l->window || !l->ready_count;
    if (must_wait) {
        struct pollfd p = {l->sock, POLLIN, 0};
        if (poll(&p, 1, STALL_MS) <= 0) return false;
    }
    int got = recvmmsg(l->sock, heads, BATCH, MSG_DONTWAIT, NULL);
    for (int i = 0; i < got; i++) take(l, &peers[i]);
    return true;
}

static uint32_t start(loop *l)
{
    uint32_t live = 0;
    for (uint32_t d = 0; d < l->farm.options.devices; d++)
        if (l->farm.devices[d].live && script_of(l, d)->count) {
            be_ready(l, d);
            live++;
        }
    return live;
}

/* A datagram that the kernel dropped is sent again; none should be. */
static uint32_t again(loop *l)
{
    uint32_t lost = l->in_flight;
    l->in_flight = 0;
    for (uint32_t d = 0; d < l->farm.options.devices; d++)
        if (l->farm.devices[d].live && l->done[d] < script_of(l, d)->count) be_ready(l, d);
    return lost;
}

static int run(loop *l)
{
    uint32_t live = start(l), lost = 0;
    uint64_t began = os_clock_mono_us();
    while (l->finished < live) {
        if (l->ready_count && l->in_flight < l->window) send_batch(l);
        if (l->in_flight && !receive_batch(l)) {
            lost += again(l);
            if (!l->received) {
                fputs("bench_scan_bare: nobody answers: is the farm running with these options?\n", stderr);
                return 1;
            }
        }
    }
    double seconds = (double)(os_clock_mono_us() - began) / 1e6;
    printf("{\"devices\":%u,\"seconds\":%.3f,\"sent\":%llu,\"received\":%llu,\"lost\":%u,\"exchanges_per_second\":%.0f}\n", (unsigned)live, seconds,
           (unsigned long long)l->sent, (unsigned long long)l->received, (unsigned)lost, (double)l->received / seconds);
    return 0;
}

int main(int argc, char **argv)
{
    static loop l;
    struct in_addr base;
    const char *record = lab_option(argc, argv, "--record", NULL), *why = NULL;
    farm_options o = {.devices = (uint32_t)lab_number(argc, argv, "--devices", 256), .seed = (uint32_t)lab_number(argc, argv, "--seed", 1)};
    o.live_percent = (unsigned)lab_number(argc, argv, "--live", 100);
    o.shapes = lab_option(argc, argv, "--shapes", NULL);
    if (inet_pton(AF_INET, lab_option(argc, argv, "--base", "127.1.0.0"), &base) != 1) why = "--base is no address";
    o.base = ntohl(base.s_addr);
    if (!why) why = farm_open(&l.farm, &o);
    l.port = (uint16_t)lab_number(argc, argv, "--port", 0);
    l.window = (uint32_t)lab_number(argc, argv, "--window", 512);
    l.done = calloc(o.devices, 1);
    l.ready = calloc(o.devices, sizeof *l.ready);
    if (!why && (!l.done || !l.ready || !open_sock(&l))) why = strerror(errno);
    if (!why && record && !farm_record_read(record, add_recorded, &l)) why = "the record cannot be read, or is of another farm";
    for (size_t i = 0; !why && !record && i < farm_shape_count; i++)
        if (!add_usual(&l.scripts[i])) why = "out of memory";
    if (why) {
        fprintf(stderr, "bench_scan_bare: %s\n", why);
        return 1;
    }
    return run(&l);
}
