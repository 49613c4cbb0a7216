/* SPDX-License-Identifier: Apache-2.0 */
/* A target becomes the address that the readings keep; an address where several printers stand tells of none. */
#include "service/printers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/device/device.h"
#include "core/device/identity.h"
#include "core/util/address.h"
#include "core/util/text.h"
#include "os/clock.h"
#include "os/thread.h"
#include "service/ledger_devices.h"

#define MOST 32
#define KNOWN_MS 60000
#define JSON_MAX (1u << 20)

typedef struct told {
    char target[512];
    char words[sizeof((plt_job *)0)->device];
    uint64_t until; /* monotonic ms; 0: a free place */
} told;

struct printers {
    ledger *ledger;
    os_mutex *lock;
    told at[MOST];
};

printers *printers_create(ledger *l)
{
    printers *p = calloc(1, sizeof *p);
    if (!p) return NULL;
    p->ledger = l;
    p->lock = os_mutex_create();
    if (p->lock) return p;
    free(p);
    return NULL;
}

void printers_free(printers *p)
{
    if (!p) return;
    os_mutex_free(p->lock);
    free(p);
}

/* "192.0.2.7:9100", "[2001:db8::1]:9100": the host as the readings write it. A name is none: its address is not asked for. */
static bool host_of(const char *where, char out[PLT_ADDRESS_TEXT])
{
    char host[PLT_ADDRESS_TEXT];
    plt_address a;
    const char *end = strrchr(where, ':');
    size_t n = end ? (size_t)(end - where) : strlen(where);
    if (n > 1 && where[0] == '[' && where[n - 1] == ']') where++, n -= 2;
    if (n >= sizeof host) return false;
    memcpy(host, where, n);
    host[n] = 0;
    if (!plt_address_parse(host, &a)) return false;
    plt_address_format(&a, out);
    return true;
}

static bool address_of(const char *target, char *out, size_t size)
{
    char host[PLT_ADDRESS_TEXT];
    if (strncmp(target, "port:", 5) == 0 || strncmp(target, "file:", 5) == 0) return target[5] && plt_copy(out, size, target + 5);
    return strncmp(target, "tcp:", 4) == 0 && host_of(target + 4, host) && plt_copy(out, size, host);
}

/* The make is left out where the model begins with it; a serial that is a maker's filling is none. */
static void words_of(const plt_device *d, char *out, size_t size)
{
    const char *make = plt_device_text(d, PLT_MAKE, 0), *model = plt_device_text(d, PLT_MODEL, 0), *serial = plt_device_text(d, PLT_SERIAL, 0);
    char begin[64], words[256];
    plt_utf8_copy(begin, sizeof begin, model, strlen(make) < strlen(model) ? strlen(make) : strlen(model));
    bool twice = *make && plt_same(begin, make), known = plt_serial_is_real(serial);
    snprintf(words, sizeof words, "%s%s%s%s%s%s", twice ? "" : make, *make && *model && !twice ? " " : "", model, known ? " (" : "",
             known ? serial : "", known ? ")" : "");
    plt_utf8_copy(out, size, words, strlen(words));
}

static void read_words(ledger *l, const char *target, char *out, size_t size)
{
    char address[512], why[160];
    plt_buf json;
    plt_device d;
    plt_copy(out, size, "");
    if (!address_of(target, address, sizeof address)) return;
    plt_buf_init(&json, JSON_MAX);
    plt_device_init(&d, 0);
    if (ledger_device_at(l, address, &json) == PLT_OK && plt_device_from_json(&d, plt_buf_str(&json), json.len, why, sizeof why) == PLT_OK)
        words_of(&d, out, size);
    plt_device_free(&d);
    plt_buf_free(&json);
}

void printers_behind(printers *p, const char *target, char *out, size_t size)
{
    uint64_t now = os_clock_mono_ms();
    plt_copy(out, size, "");
    os_mutex_lock(p->lock);
    told *oldest = &p->at[0], *found = NULL;
    for (size_t i = 0; i < MOST && !found; i++) {
        if (p->at[i].until > now && strcmp(p->at[i].target, target) == 0) found = &p->at[i];
        if (p->at[i].until < oldest->until) oldest = &p->at[i];
    }
    if (!found && plt_copy(oldest->target, sizeof oldest->target, target)) {
        found = oldest;
        read_words(p->ledger, target, found->words, sizeof found->words);
        found->until = now + KNOWN_MS;
    }
    if (found) plt_copy(out, size, found->words);
    os_mutex_unlock(p->lock);
}
