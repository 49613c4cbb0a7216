/* SPDX-License-Identifier: Apache-2.0 */
/* A thread that takes datagrams, a list of readings behind a mutex, and the agent of core/snmp between them. */
#include "usbagent/snmp.h"

#include <stdlib.h>
#include <string.h>

#include "core/device/mib_printers.h"
#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/random.h"
#include "os/thread.h"
#include "os/udp.h"

#define WAIT_MS 200
#define REQUEST_MAX 1472
#define REPETITIONS 64
#define SOCKET_BUFFER (256u << 10)
#define ADDRESS_SIZE 512

typedef struct cached {
    char address[ADDRESS_SIZE];
    bool seen; /* in this round */
    plt_device device;
} cached;

struct usb_snmp {
    usb_snmp_options options;
    plt_octets communities[USB_SNMP_COMMUNITIES];
    os_udp *udp;
    uint16_t port;
    os_thread *thread;
    os_mutex *lock; /* of what follows */
    bool ending;
    uint64_t began_ms;
    cached printers[PLT_MIB_PRINTERS_MAX];
    size_t count;
    plt_mib_printers objects;
    plt_usm_engine engine;
    plt_usm_entry users[PLT_USM_KEPT_USERS];
    plt_serve_usm usm; /* user_count 0: no version 3 */
    uint64_t salt, reports_second;
    uint32_t reports; /* in that second */
    /* The thread's own. */
    uint8_t requests[OS_UDP_BATCH][REQUEST_MAX], replies[OS_UDP_BATCH][PLT_SERVE_ROOM];
};

bool usb_snmp_allow(usb_snmp_options *o, const char *text)
{
    char copy[PLT_ADDRESS_TEXT];
    if (o->source_count == USB_SNMP_SOURCES || !plt_copy(copy, sizeof copy, text)) return false;
    usb_snmp_source *s = &o->sources[o->source_count];
    char *slash = strchr(copy, '/'), *end = NULL;
    if (slash) *slash = 0;
    if (!plt_address_parse(copy, &s->address)) return false;
    unsigned long most = plt_address_octets(&s->address) * 8, bits = slash ? strtoul(slash + 1, &end, 10) : most;
    if (slash && (end == slash + 1 || *end || slash[1] < '0' || slash[1] > '9' || bits > most)) return false;
    s->bits = (uint8_t)bits;
    o->source_count++;
    return true;
}

bool usb_snmp_listen(usb_snmp_options *o, const char *text)
{
    char copy[PLT_ADDRESS_TEXT];
    char *host = copy, *colon, *end;
    unsigned long port = 0;
    if (!plt_copy(copy, sizeof copy, text)) return false;
    colon = strrchr(copy, ':');
    if (copy[0] == '[') {
        end = strchr(copy, ']');
        if (!end || (end[1] && end + 1 != colon)) return false;
        *end = 0;
        host++;
        if (!end[1]) colon = NULL;
    } else if (colon && strchr(copy, ':') != colon) {
        colon = NULL; /* version 6 without brackets has no port */
    }
    if (colon) {
        *colon = 0;
        port = strtoul(colon + 1, &end, 10);
        if (end == colon + 1 || *end || port == 0 || port > 65535) return false;
    }
    if (!plt_address_parse(host, &o->listen)) return false;
    o->listen.port = (uint16_t)port;
    return true;
}

static bool same_bits(const uint8_t *a, const uint8_t *b, unsigned bits)
{
    unsigned whole = bits / 8, rest = bits % 8;
    if (memcmp(a, b, whole) != 0) return false;
    return !rest || (a[whole] ^ b[whole]) >> (8 - rest) == 0;
}

bool usb_snmp_allowed(const usb_snmp_options *o, const plt_address *peer)
{
    for (size_t i = 0; i < o->source_count; i++)
        if (o->sources[i].address.family == peer->family && same_bits(o->sources[i].address.ip, peer->ip, o->sources[i].bits)) return true;
    return false;
}

/* One more within this second? */
static bool may_report_locked(usb_snmp *s)
{
    uint64_t second = s->objects.uptime_ms / 1000;
    if (second != s->reports_second) s->reports = 0;
    s->reports_second = second;
    return s->reports++ < USB_SNMP_REPORTS;
}

static bool is_to_send_locked(usb_snmp *s, plt_serve_outcome o)
{
    return o == PLT_SERVE_ANSWERED || (o == PLT_SERVE_REPORTED && may_report_locked(s));
}

static size_t answer_locked(usb_snmp *s, const os_datagram *in, size_t n, os_datagram *out)
{
    plt_mib_view view = {&s->objects.mib, plt_mib_printers_value, &s->objects, 0};
    plt_serve_agent agent = {.view = &plt_mib_serve,
                             .arg = &view,
                             .communities = s->communities,
                             .community_count = s->options.community_count,
                             .usm = s->usm.user_count ? &s->usm : NULL,
                             .versions = PLT_SERVE_V1 | PLT_SERVE_V2C,
                             .repetitions = REPETITIONS,
                             .reply_max = PLT_SNMP_PACKET};
    size_t answers = 0;
    s->objects.uptime_ms = os_clock_mono_ms() - s->began_ms;
    s->usm.time = (int32_t)(s->objects.uptime_ms / 1000 % INT32_MAX); /* 68 years */
    for (size_t i = 0; i < n; i++) {
        plt_octets reply;
        uint8_t *room = s->replies[answers];
        if (in[i].cut || !usb_snmp_allowed(&s->options, &in[i].peer)) continue;
        if (!is_to_send_locked(s, plt_serve(&agent, in[i].data, in[i].n, room, PLT_SERVE_ROOM, &reply))) continue;
        out[answers++] = (os_datagram){.peer = in[i].peer, .data = room + (reply.p - room), .n = reply.n};
    }
    return answers;
}

static bool turn(usb_snmp *s)
{
    os_datagram in[OS_UDP_BATCH], out[OS_UDP_BATCH];
    size_t got = 0, sent;
    for (size_t i = 0; i < OS_UDP_BATCH; i++) in[i] = (os_datagram){.data = s->requests[i], .n = REQUEST_MAX};
    os_udp_wait(&s->udp, 1, WAIT_MS);
    os_udp_receive(s->udp, in, OS_UDP_BATCH, &got);
    os_mutex_lock(s->lock);
    bool go_on = !s->ending;
    size_t n = answer_locked(s, in, got, out);
    os_mutex_unlock(s->lock);
    /* One that is refused is passed over, as are those that the system takes no more of: who asks, asks again. */
    for (size_t i = 0; i < n; i += sent + 1)
        if (os_udp_send(s->udp, out + i, n - i, &sent) == PLT_OK) break;
    return go_on;
}

static void serve(void *arg)
{
    while (turn(arg)) {
    }
}

static plt_status bind_port(usb_snmp *s, uint16_t port)
{
    plt_address at = s->options.listen;
    at.port = port;
    plt_status r = os_udp_open(&s->udp, &at, SOCKET_BUFFER);
    if (r == PLT_OK && (r = os_udp_local(s->udp, &at)) == PLT_OK) s->port = at.port;
    return r;
}

static plt_status bind_first_port(usb_snmp *s)
{
    uint16_t port = s->options.listen.port;
    plt_status r = bind_port(s, port ? port : USB_SNMP_PORT);
    return r != PLT_OK && r != PLT_NOMEM && !port ? bind_port(s, USB_SNMP_OTHER_PORT) : r;
}

/* The users and their engine. */
static plt_status take_users(usb_snmp *s)
{
    const plt_usm_kept *k = s->options.users;
    char why[160];
    uint8_t salt[8];
    if (!k || !k->count) return PLT_OK;
    plt_status r = os_random(salt, sizeof salt);
    if (r != PLT_OK) return r;
    for (size_t i = 0; i < sizeof salt; i++) s->salt = s->salt << 8 | salt[i];
    r = plt_usm_kept_open(k, s->users, why, sizeof why);
    if (r != PLT_OK) return os_fail_as(r, "take the SNMPv3 users:", why);
    memcpy(s->engine.id, k->engine, k->engine_size);
    s->engine.id_size = k->engine_size;
    s->engine.boots = s->options.boots;
    s->usm = (plt_serve_usm){.side = &plt_usm_answering, .engine = &s->engine, .users = s->users, .user_count = k->count, .salt = &s->salt};
    s->options.users = NULL; /* its owner may wipe it */
    return PLT_OK;
}

plt_status usb_snmp_open(usb_snmp **out, const usb_snmp_options *o)
{
    *out = NULL;
    if (!o->source_count || (!o->community_count && !(o->users && o->users->count))) return PLT_BAD;
    usb_snmp *s = calloc(1, sizeof *s);
    if (!s) return PLT_NOMEM;
    s->options = *o;
    for (size_t i = 0; i < o->community_count; i++) s->communities[i] = plt_octets_make(o->communities[i], strlen(o->communities[i]));
    s->began_ms = os_clock_mono_ms();
    s->lock = os_mutex_create();
    plt_status r = s->lock ? take_users(s) : PLT_NOMEM;
    if (r == PLT_OK) r = bind_first_port(s);
    if (r == PLT_OK) r = os_thread_start(&s->thread, serve, s);
    if (r == PLT_OK)
        *out = s;
    else
        usb_snmp_close(s);
    return r;
}

void usb_snmp_close(usb_snmp *s)
{
    if (!s) return;
    if (s->thread) {
        os_mutex_lock(s->lock);
        s->ending = true;
        os_mutex_unlock(s->lock);
    }
    os_thread_join(s->thread);
    os_udp_close(s->udp);
    os_mutex_free(s->lock);
    plt_usm_kept_close(s->users, s->usm.user_count);
    for (size_t i = 0; i < s->count; i++) plt_device_free(&s->printers[i].device);
    free(s);
}

uint16_t usb_snmp_port(const usb_snmp *s)
{
    return s->port;
}

/* A printer that is away keeps its place, so that no other gets its hrDeviceIndex; it has then no field and so no serial number. */
static void list_again_locked(usb_snmp *s)
{
    const plt_device *devices[PLT_MIB_PRINTERS_MAX];
    for (size_t i = 0; i < s->count; i++) devices[i] = &s->printers[i].device;
    plt_mib_printers_set(&s->objects, devices, s->count, s->options.name);
}

static cached *place_locked(usb_snmp *s, const char *address, bool make)
{
    for (size_t i = 0; i < s->count; i++)
        if (!strcmp(s->printers[i].address, address)) return &s->printers[i];
    if (!make || s->count == PLT_MIB_PRINTERS_MAX) return NULL;
    cached *c = &s->printers[s->count++];
    plt_copy(c->address, sizeof c->address, address);
    plt_device_init(&c->device, 0);
    return c;
}

plt_status usb_snmp_put(usb_snmp *s, const char *address, const plt_device *d)
{
    plt_device copy;
    plt_device_init(&copy, 0);
    plt_status r = plt_device_copy(&copy, d);
    if (r != PLT_OK) {
        plt_device_free(&copy);
        return r;
    }
    os_mutex_lock(s->lock);
    cached *c = place_locked(s, address, true);
    if (c) {
        plt_device old = c->device;
        c->seen = true;
        c->device = copy;
        copy = old;
        list_again_locked(s);
    }
    os_mutex_unlock(s->lock);
    plt_device_free(&copy);
    return c ? PLT_OK : PLT_FULL;
}

bool usb_snmp_keep(usb_snmp *s, const char *address)
{
    os_mutex_lock(s->lock);
    cached *c = place_locked(s, address, false);
    bool has = c && c->device.count;
    if (has) c->seen = true;
    os_mutex_unlock(s->lock);
    return has;
}

void usb_snmp_end_round(usb_snmp *s)
{
    bool changed = false;
    os_mutex_lock(s->lock);
    for (size_t i = 0; i < s->count; i++) {
        cached *c = &s->printers[i];
        if (!c->seen && c->device.count) {
            plt_device_free(&c->device);
            plt_device_init(&c->device, 0);
            changed = true;
        }
        c->seen = false;
    }
    if (changed) list_again_locked(s);
    os_mutex_unlock(s->lock);
}
