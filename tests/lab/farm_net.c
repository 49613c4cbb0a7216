/* SPDX-License-Identifier: Apache-2.0 */
/* Datagrams in and out, by recvmmsg and sendmmsg with IP_PKTINFO. */
#define _GNU_SOURCE /* recvmmsg, sendmmsg, struct in_pktinfo, ppoll */
#include "tests/lab/farm_net.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "os/clock.h"
#include "tests/lab/farm_record.h"

#define BATCH 64
#define REQUEST_MAX 2048
#define QUEUE_MAX 65536
#define SOCKET_BUFFER (16 << 20)
#define TURN_US 100000
#define SLACK_NS 1 /* the kernel's usual 50 us would lengthen each delay */

/* A datagram's envelope, for both directions. */
typedef union control {
    struct cmsghdr align;
    uint8_t room[CMSG_SPACE(sizeof(struct in_pktinfo))];
} control;

typedef struct post {
    struct mmsghdr heads[BATCH];
    struct iovec parts[BATCH];
    struct sockaddr_in peers[BATCH];
    control controls[BATCH];
    unsigned count;
} post;

typedef struct waiting {
    uint64_t due_us;
    struct sockaddr_in peer;
    uint32_t from; /* host order */
    bool other_port;
    size_t n;
    uint8_t bytes[];
} waiting;

struct farm_net {
    farm *farm;
    farm_net_options options;
    farm_access access;
    int main, other;                 /* sockets */
    uint64_t began_us, now_us, jobs; /* now_us: since it began, of this turn */
    post in, out;
    uint8_t requests[BATCH][REQUEST_MAX], replies[BATCH][PLT_SERVE_ROOM];
    uint8_t spoiled[FARM_ROOM];
    waiting *queue[QUEUE_MAX]; /* a heap: the first one is due first */
    size_t queued;
    farm_counts counts;
};

static int open_socket(uint16_t port, uint16_t *bound)
{
    struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_ANY)};
    struct timeval t = {0, TURN_US};
    socklen_t n = sizeof a;
    int s = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), yes = 1, size = SOCKET_BUFFER;
    if (s < 0) return -1;
    /* Without the right to force it the kernel gives what it may. */
    if (setsockopt(s, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof size) != 0) setsockopt(s, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    if (setsockopt(s, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof size) != 0) setsockopt(s, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
    if (setsockopt(s, IPPROTO_IP, IP_PKTINFO, &yes, sizeof yes) != 0 || setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &t, sizeof t) != 0 ||
        bind(s, (struct sockaddr *)&a, sizeof a) != 0 || getsockname(s, (struct sockaddr *)&a, &n) != 0) {
        close(s);
        return -1;
    }
    *bound = ntohs(a.sin_port);
    return s;
}

static void make_envelopes(post *p)
{
    memset(p, 0, sizeof *p);
    for (unsigned i = 0; i < BATCH; i++) {
        struct msghdr *h = &p->heads[i].msg_hdr;
        h->msg_name = &p->peers[i];
        h->msg_iov = &p->parts[i];
        h->msg_iovlen = 1;
        h->msg_control = p->controls[i].room;
    }
}

farm_net *farm_net_open(farm *f, const farm_net_options *o, uint16_t *port, const char **why)
{
    farm_net *n = calloc(1, sizeof *n);
    uint16_t ignored;
    *why = "out of memory";
    if (!n) return NULL;
    n->farm = f;
    n->options = *o;
    n->access = (farm_access){plt_octets_make(o->community, strlen(o->community)), o->user, farm_random(f)};
    n->began_us = os_clock_mono_us();
    prctl(PR_SET_TIMERSLACK, SLACK_NS, 0, 0, 0);
    make_envelopes(&n->in);
    make_envelopes(&n->out);
    for (unsigned i = 0; i < BATCH; i++) n->in.parts[i] = (struct iovec){n->requests[i], REQUEST_MAX};
    n->main = open_socket(o->port, port);
    n->other = open_socket(0, &ignored);
    if (n->main >= 0 && n->other >= 0) return n;
    *why = strerror(errno);
    farm_net_close(n);
    return NULL;
}

void farm_net_close(farm_net *n)
{
    if (!n) return;
    if (n->main >= 0) close(n->main);
    if (n->other >= 0) close(n->other);
    for (size_t i = 0; i < n->queued; i++) free(n->queue[i]);
    free(n);
}

const farm_counts *farm_net_counts(const farm_net *n)
{
    return &n->counts;
}

/* The local address that a datagram came to, host order. */
static uint32_t asked_address(struct msghdr *h)
{
    for (struct cmsghdr *c = CMSG_FIRSTHDR(h); c; c = CMSG_NXTHDR(h, c)) {
        struct in_pktinfo info;
        if (c->cmsg_level != IPPROTO_IP || c->cmsg_type != IP_PKTINFO) continue;
        memcpy(&info, CMSG_DATA(c), sizeof info);
        return ntohl(info.ipi_addr.s_addr);
    }
    return 0;
}

static void flush(farm_net *n, int socket)
{
    unsigned done = 0;
    while (done < n->out.count) {
        int sent = sendmmsg(socket, n->out.heads + done, n->out.count - done, 0);
        if (sent > 0) n->counts.sent += (unsigned)sent;
        done += sent > 0 ? (unsigned)sent : 1; /* one that cannot be sent is lost, as on any network */
    }
    n->out.count = 0;
}

static void post_reply(farm_net *n, const struct sockaddr_in *peer, uint32_t from, plt_octets reply, int socket)
{
    post *p = &n->out;
    unsigned i = p->count++;
    struct msghdr *h = &p->heads[i].msg_hdr;
    struct in_pktinfo info = {.ipi_spec_dst.s_addr = htonl(from)};
    p->peers[i] = *peer;
    h->msg_namelen = sizeof *peer;
    p->parts[i] = (struct iovec){n->spoiled + (reply.p - n->spoiled), reply.n};
    h->msg_controllen = sizeof p->controls[i].room;
    struct cmsghdr *c = CMSG_FIRSTHDR(h);
    *c = (struct cmsghdr){.cmsg_len = CMSG_LEN(sizeof info), .cmsg_level = IPPROTO_IP, .cmsg_type = IP_PKTINFO};
    memcpy(CMSG_DATA(c), &info, sizeof info);
    if (p->count == BATCH) flush(n, socket);
}

/* The heap's order restored upwards from the end and downwards from the top. */
static void queue_put(farm_net *n, waiting *w)
{
    size_t i = n->queued++;
    for (; i && n->queue[(i - 1) / 2]->due_us > w->due_us; i = (i - 1) / 2) n->queue[i] = n->queue[(i - 1) / 2];
    n->queue[i] = w;
}

static waiting *queue_take(farm_net *n)
{
    waiting *first = n->queue[0], *last = n->queue[--n->queued];
    size_t i = 0;
    for (;;) {
        size_t child = 2 * i + 1;
        if (child >= n->queued) break;
        if (child + 1 < n->queued && n->queue[child + 1]->due_us < n->queue[child]->due_us) child++;
        if (n->queue[child]->due_us >= last->due_us) break;
        n->queue[i] = n->queue[child];
        i = child;
    }
    n->queue[i] = last;
    return first;
}

static void send_later(farm_net *n, const struct sockaddr_in *peer, const farm_answer *a, uint32_t delay_ms)
{
    waiting *w = n->queued < QUEUE_MAX ? malloc(sizeof *w + a->reply.n) : NULL;
    if (!w) {
        n->counts.queue_full++;
        return;
    }
    *w = (waiting){.due_us = n->now_us + delay_ms * 1000ull, .peer = *peer, .from = a->from, .other_port = a->other_port, .n = a->reply.n};
    if (w->n) memcpy(w->bytes, a->reply.p, w->n);
    queue_put(n, w);
}

static void send_due(farm_net *n)
{
    while (n->queued && n->queue[0]->due_us <= n->now_us) {
        waiting *w = queue_take(n);
        int socket = w->other_port ? n->other : n->main;
        post_reply(n, &w->peer, w->from, plt_octets_make(w->bytes, w->n), socket);
        flush(n, socket);
        free(w);
    }
}

static bool by_chance(farm_net *n, unsigned percent)
{
    return percent && farm_random(n->farm) % 100 < percent;
}

static void answer(farm_net *n, unsigned i)
{
    farm *f = n->farm;
    farm_answer a;
    struct msghdr *h = &n->in.heads[i].msg_hdr;
    const farm_device *d = farm_at(f, asked_address(h));
    n->counts.received++;
    if (!d) {
        n->counts.dead++;
        return;
    }
    n->counts.faults[d->fault]++;
    if (by_chance(n, n->options.loss_percent) || by_chance(n, n->options.loss_percent)) {
        n->counts.lost++;
        return;
    }
    bool usual = !d->fault && !f->recording_count; /* else its reply may be long, and is copied before the next one */
    uint8_t *room = usual ? n->replies[n->out.count] : n->spoiled;
    farm_agent_answer(f, d, &n->access, n->requests[i], n->in.heads[i].msg_len, room, &a);
    n->counts.outcomes[a.outcome]++;
    if (n->options.record && d < f->devices + farm_shape_count)
        farm_record_write(n->options.record, (uint32_t)(d - f->devices), a.copies > 0, n->requests[i], n->in.heads[i].msg_len);
    uint32_t delay = a.delay_ms + n->options.delay_ms + (n->options.jitter_ms ? (uint32_t)(farm_random(f) % n->options.jitter_ms) : 0);
    if (a.copies && !delay && usual) {
        post_reply(n, &n->in.peers[i], a.from, a.reply, n->main);
        return;
    }
    while (a.copies--) send_later(n, &n->in.peers[i], &a, delay);
}

/* Waits for the first datagram no longer than until the next reply is due. */
static int receive(farm_net *n)
{
    int flags = MSG_WAITFORONE;
    for (unsigned i = 0; i < BATCH; i++) {
        n->in.heads[i].msg_hdr.msg_namelen = sizeof n->in.peers[i];
        n->in.heads[i].msg_hdr.msg_controllen = sizeof n->in.controls[i].room;
    }
    if (n->queued) {
        struct pollfd p = {n->main, POLLIN, 0};
        uint64_t due = n->queue[0]->due_us, now = os_clock_mono_us() - n->began_us, wait = due > now ? due - now : 0;
        struct timespec t = {0, (long)(wait > TURN_US ? TURN_US : wait) * 1000};
        if (ppoll(&p, 1, &t, NULL) <= 0) return 0;
        flags = MSG_DONTWAIT;
    }
    return recvmmsg(n->main, n->in.heads, BATCH, flags, NULL);
}

static void print_jobs(farm_net *n)
{
    for (uint64_t due = n->farm->now_ms * n->options.jobs_per_second / 1000; n->jobs < due; n->jobs++) farm_print(n->farm);
}

void farm_net_turn(farm_net *n)
{
    int got = receive(n);
    n->now_us = os_clock_mono_us() - n->began_us;
    n->farm->now_ms = n->now_us / 1000;
    print_jobs(n);
    for (int i = 0; i < got; i++) answer(n, (unsigned)i);
    flush(n, n->main);
    send_due(n);
}
