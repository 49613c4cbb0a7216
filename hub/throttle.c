/* SPDX-License-Identifier: Apache-2.0 */
/* Counting wrong sign-ins in a table of fixed size: what was touched least recently makes room. */
#include "hub/throttle.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include "core/util/text.h"
#include "os/crypto.h"

#define ENTRIES 2048
#define FORGET_MS (15 * 60 * (int64_t)1000)
#define KNOWN_MS (30 * 86400 * (int64_t)1000)

typedef enum kind { PAIR, ADDRESS, ACCOUNT, KNOWN, KINDS } kind;

/* After `free` failures the wait is a second, then doubles up to `most`. */
static const struct {
    int free, most;
} rule[KINDS] = {{4, 120}, {12, 300}, {20, 8}, {0, 0}};

typedef struct entry {
    uint64_t key; /* 0: empty */
    int64_t last; /* Unix ms */
    int64_t until;
    int failures;
} entry;

struct hub_throttle {
    entry entries[ENTRIES];
};

hub_throttle *hub_throttle_new(void)
{
    return calloc(1, sizeof(hub_throttle));
}

void hub_throttle_free(hub_throttle *t)
{
    free(t);
}

/* What stands for an address: IPv4 whole, IPv6 its first half, anything else as it is. */
static void address_part(const char *address, char out[64])
{
    ASN1_OCTET_STRING *ip = a2i_IPADDRESS(address);
    if (ip && ASN1_STRING_length(ip) == 16)
        plt_hex(out, ASN1_STRING_get0_data(ip), 8);
    else
        plt_copy(out, 64, address);
    ASN1_OCTET_STRING_free(ip);
    ERR_clear_error();
}

static uint64_t key_of(kind k, const char *account, const char *address)
{
    char text[512];
    uint8_t hash[OS_SHA256_SIZE];
    uint64_t key;
    size_t n = 0;
    text[n++] = (char)('0' + k);
    if (k != ADDRESS)
        for (; *account && n < 300; account++) text[n++] = *account >= 'A' && *account <= 'Z' ? (char)(*account + 32) : *account;
    text[n++] = '\n';
    if (k != ACCOUNT)
        address_part(address, text + n);
    else
        text[n] = 0;
    os_sha256(text, n + strlen(text + n), hash);
    memcpy(&key, hash, sizeof key);
    return key ? key : 1;
}

static entry *find(hub_throttle *t, uint64_t key)
{
    for (size_t i = 0; i < ENTRIES; i++)
        if (t->entries[i].key == key) return &t->entries[i];
    return NULL;
}

/* Who signed in from where is kept a day longer than failures of the same age. */
static int64_t worth(const entry *e)
{
    return e->key ? e->last + (e->failures ? 0 : 86400 * (int64_t)1000) : INT64_MIN;
}

static entry *make(hub_throttle *t, uint64_t key, int64_t now)
{
    entry *e = find(t, key);
    if (e) return e;
    e = &t->entries[0];
    for (size_t i = 1; i < ENTRIES; i++)
        if (worth(&t->entries[i]) < worth(e)) e = &t->entries[i];
    *e = (entry){.key = key, .last = now};
    return e;
}

static bool is_known(hub_throttle *t, const char *account, const char *address, int64_t now)
{
    entry *e = find(t, key_of(KNOWN, account, address));
    return e && now - e->last < KNOWN_MS;
}

int hub_throttle_wait(hub_throttle *t, const char *account, const char *address, int64_t now)
{
    int64_t until = 0;
    for (kind k = PAIR; k <= ACCOUNT; k++) {
        if (k == ACCOUNT && is_known(t, account, address, now)) continue;
        entry *e = find(t, key_of(k, account, address));
        if (e && e->until > until) until = e->until;
    }
    return until > now ? (int)((until - now + 999) / 1000) : 0;
}

void hub_throttle_failed(hub_throttle *t, const char *account, const char *address, int64_t now)
{
    for (kind k = PAIR; k <= ACCOUNT; k++) {
        entry *e = make(t, key_of(k, account, address), now);
        if (now - e->last > FORGET_MS) e->failures = 0;
        e->last = now;
        e->failures++;
        int over = e->failures - rule[k].free;
        int wait = over <= 0 ? 0 : over > 10 ? rule[k].most : 1 << (over - 1);
        if (wait > rule[k].most) wait = rule[k].most;
        e->until = wait ? now + wait * (int64_t)1000 : 0;
    }
}

void hub_throttle_passed(hub_throttle *t, const char *account, const char *address, int64_t now)
{
    entry *e = find(t, key_of(PAIR, account, address));
    if (e) *e = (entry){.key = 0};
    make(t, key_of(KNOWN, account, address), now)->last = now;
}
