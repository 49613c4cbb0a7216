/* SPDX-License-Identifier: Apache-2.0 */
/* The rules of identity. They must never take two printers for one on evidence that a second printer could show, too. */
#include "core/device/identity.h"

#include <ctype.h>
#include <string.h>

#include "core/util/text.h"

#define COUNT(a) (sizeof(a) / sizeof(a)[0])

/* Makers that go by several names over USB and the network. The first word of the make is looked up. */
static const struct alias {
    const char *said, *meant;
} aliases[] = {
    {"hewlett-packard", "hp"},
    {"hewlett", "hp"},
    {"hewlettpackard", "hp"},
    {"hp-inc", "hp"},
    {"kyocera-mita", "kyocera"},
    {"konica", "konicaminolta"},
    {"minolta", "konicaminolta"},
    {"konicaminolta", "konicaminolta"},
    {"seiko", "epson"},
    {"fuji", "fujixerox"},
    {"oki", "oki"},
    {"okidata", "oki"},
};

static char lower(char c)
{
    return (char)tolower((unsigned char)c);
}

/* The maker's first word in lower case. "Samsung Electronics Co., Ltd." and "Samsung" are one. */
static void fold_make(char out[64], const char *make)
{
    size_t n = 0;
    while (*make == ' ') make++;
    for (; *make && *make != ' ' && *make != ',' && n < 63; make++) out[n++] = lower(*make);
    out[n] = 0;
    for (size_t i = 0; i < COUNT(aliases); i++)
        if (!strcmp(out, aliases[i].said)) plt_copy(out, 64, aliases[i].meant);
}

static void fold_serial(char out[64], const char *serial)
{
    size_t n = 0;
    if (plt_serial_is_real(serial))
        for (; *serial && n < 63; serial++)
            if (*serial != ' ') out[n++] = (char)toupper((unsigned char)*serial);
    out[n] = 0;
}

static void fold_mac(char out[13], const char *mac)
{
    size_t n = 0;
    for (; *mac; mac++) {
        if (!isxdigit((unsigned char)*mac)) continue;
        if (n < 12) out[n] = (char)toupper((unsigned char)*mac);
        n++;
    }
    out[n < 12 ? n : 12] = 0;
    if (n != 12 || !plt_mac_is_real(out)) out[0] = 0;
}

static void fold_uuid(char out[37], const char *uuid)
{
    size_t n = 0;
    if (plt_uuid_is_real(uuid))
        for (; uuid[n] && n < 36; n++) out[n] = lower(uuid[n]);
    out[n] = 0;
}

void plt_identity_make(plt_identity *out, const char *make, const char *model, const char *serial, const char *mac, const char *uuid)
{
    memset(out, 0, sizeof *out);
    fold_make(out->make, make ? make : "");
    plt_copy(out->model, sizeof out->model, model ? model : "");
    fold_serial(out->serial, serial ? serial : "");
    fold_mac(out->mac, mac ? mac : "");
    fold_uuid(out->uuid, uuid ? uuid : "");
}

void plt_identity_of(const plt_device *d, plt_identity *out)
{
    const char *serial = plt_device_text(d, PLT_SERIAL, 0);
    /* The believed source may have a filling where another has the number. */
    for (int s = PLT_SOURCE_COUNT - 1; s > 0 && !plt_serial_is_real(serial); s--) {
        const plt_value *v = plt_device_evidence(d, PLT_SERIAL, 0, (plt_source)s);
        if (v) serial = plt_value_text(d, v);
    }
    plt_identity_make(out, plt_device_text(d, PLT_MAKE, 0), plt_device_text(d, PLT_MODEL, 0), serial, plt_device_text(d, PLT_MAC, 0),
                      plt_device_text(d, PLT_UUID, 0));
}

bool plt_mac_is_real(const char mac[13])
{
    uint8_t b[6];
    static const uint8_t none[6];
    /* The two lowest bits of the first byte: group, locally administered (IEEE 802). */
    return plt_unhex(b, sizeof b, mac) && memcmp(b, none, sizeof b) != 0 && (b[0] & 3) == 0;
}

bool plt_uuid_is_real(const char *uuid)
{
    char seen[17] = "";
    size_t n = 0, digits = 0;
    for (const char *p = uuid; *p; p++) {
        if (*p == '-') continue;
        if (!isxdigit((unsigned char)*p)) return false;
        digits++;
        if (!strchr(seen, lower(*p)) && n < 16) seen[n++] = lower(*p);
        seen[n] = 0;
    }
    return digits == 32 && n >= 4;
}

/* The next word with a digit in it; NULL at the end. */
static const char *telling_word(const char *p, size_t *n)
{
    for (; *p; p += *n) {
        while (*p && !isalnum((unsigned char)*p)) p++;
        *n = 0;
        bool digit = false;
        for (; isalnum((unsigned char)p[*n]); (*n)++) digit = digit || isdigit((unsigned char)p[*n]);
        if (digit) return p;
    }
    return NULL;
}

bool plt_models_alike(const char *a, const char *b)
{
    size_t n = 0, m = 0;
    bool told = false;
    for (const char *p = telling_word(a, &n); p; p = telling_word(p + n, &n)) {
        for (const char *q = telling_word(b, &m); q; q = telling_word(q + m, &m)) {
            told = true;
            size_t k = 0, least = n < m ? n : m;
            while (k < least && lower(p[k]) == lower(q[k])) k++;
            if (k == least && least >= 3) return true; /* "M404" and "M404dn" */
        }
    }
    return !told; /* a name without such a word tells no model */
}

static bool both(const char *a, const char *b)
{
    return *a && *b;
}

static bool same(const char *a, const char *b)
{
    return both(a, b) && !strcmp(a, b);
}

static bool differ(const char *a, const char *b)
{
    return both(a, b) && strcmp(a, b) != 0;
}

/* Of two with real serial numbers. */
static plt_by compare_serials(const plt_identity *a, const plt_identity *b, plt_clash *clash)
{
    if (!strcmp(a->serial, b->serial) && !differ(a->make, b->make)) {
        bool alike = plt_models_alike(a->model, b->model) || !differ(a->mac, b->mac);
        if (!alike) *clash = PLT_CLASH_TWIN;
        return alike ? PLT_BY_SERIAL : PLT_BY_NOTHING;
    }
    if (same(a->mac, b->mac))
        *clash = PLT_CLASH_MAC;
    else if (same(a->uuid, b->uuid))
        *clash = PLT_CLASH_UUID;
    return PLT_BY_NOTHING;
}

static plt_by compare_without(const plt_identity *a, const plt_identity *b, plt_clash *clash)
{
    bool machine = !differ(a->make, b->make) && plt_models_alike(a->model, b->model);
    if (same(a->mac, b->mac)) {
        if (!machine) *clash = PLT_CLASH_MAC;
        return machine ? PLT_BY_MAC : PLT_BY_NOTHING;
    }
    if (!same(a->uuid, b->uuid)) return PLT_BY_NOTHING;
    if (!machine) *clash = PLT_CLASH_UUID;
    return machine ? PLT_BY_UUID : PLT_BY_NOTHING;
}

plt_by plt_identity_compare(const plt_identity *now, const plt_known_way *w, plt_clash *clash)
{
    const plt_identity *id = &w->id;
    *clash = PLT_CLASH_NONE;
    if (w->own && w->pinned && !differ(now->serial, id->serial)) return PLT_BY_PIN; /* what a person said was of the one that was there */
    plt_by by = both(now->serial, id->serial) ? compare_serials(now, id, clash) : compare_without(now, id, clash);
    if (by != PLT_BY_NOTHING || !w->own) return by;
    /* Where nothing else tells, the way does: unless what is found there cannot be what was there. */
    bool other = differ(now->serial, id->serial) || differ(now->make, id->make) || !plt_models_alike(now->model, id->model) ||
                 (!both(now->serial, id->serial) && differ(now->mac, id->mac) && differ(now->uuid, id->uuid));
    if (!other) return PLT_BY_WAY;
    if (*clash == PLT_CLASH_NONE) *clash = PLT_CLASH_PLACE;
    return PLT_BY_NOTHING;
}

/* What all ways of one printer say together. */
typedef struct party {
    int64_t device;
    plt_by by;
    plt_clash clash;
    bool pinned;
} party;

/* Against the same serial number nothing counts; against anything less a contradiction does. */
static bool is_same(const party *p)
{
    return p->by <= PLT_BY_SERIAL || (p->by < PLT_BY_NOTHING && p->clash == PLT_CLASH_NONE);
}

#define PARTIES 16

static size_t gather(const plt_identity *now, const plt_known_way *ways, size_t n, party list[PARTIES], bool *place_taken)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++) {
        plt_clash clash;
        plt_by by = plt_identity_compare(now, &ways[i], &clash);
        size_t k = 0;
        while (k < count && list[k].device != ways[i].device) k++;
        if (k == PARTIES) continue;
        if (k == count) list[count++] = (party){ways[i].device, PLT_BY_NOTHING, PLT_CLASH_NONE, false};
        party *p = &list[k];
        if (by < p->by) p->by = by;
        if (p->clash == PLT_CLASH_NONE) p->clash = clash;
        p->pinned = p->pinned || ways[i].pinned;
        if (ways[i].own && by == PLT_BY_NOTHING && clash != PLT_CLASH_NONE) *place_taken = true;
    }
    return count;
}

static const party *best_of(const party *list, size_t n)
{
    const party *best = NULL;
    for (size_t i = 0; i < n; i++) {
        const party *p = &list[i];
        if (is_same(p) && (!best || p->by < best->by || (p->by == best->by && p->device < best->device))) best = p;
    }
    return best;
}

void plt_identity_judge(const plt_identity *now, const plt_known_way *ways, size_t n, plt_judgement *out)
{
    party list[PARTIES];
    memset(out, 0, sizeof *out);
    size_t count = gather(now, ways, n, list, &out->place_taken);
    const party *best = best_of(list, count);
    out->by = best ? best->by : PLT_BY_NOTHING;
    out->device = best ? best->device : 0;
    for (size_t i = 0; i < count; i++) {
        const party *p = &list[i];
        if (p == best) continue;
        bool join = best && best->by != PLT_BY_PIN && is_same(p) && !p->pinned && !best->pinned;
        if (join && out->joined < PLT_OTHERS_MAX) {
            out->join_by[out->joined] = p->by;
            out->join[out->joined++] = p->device;
        } else if (!join && p->clash != PLT_CLASH_NONE && out->clashes < PLT_OTHERS_MAX) {
            out->clash_how[out->clashes] = p->clash;
            out->clash[out->clashes++] = p->device;
        }
    }
}

const char *plt_by_name(plt_by by)
{
    static const char *const names[] = {"pin", "serial", "mac", "uuid", "way", ""};
    return (unsigned)by < COUNT(names) ? names[by] : "";
}

const char *plt_clash_name(plt_clash clash)
{
    static const char *const names[] = {"", "mac", "uuid", "serial", "place"};
    return (unsigned)clash < COUNT(names) ? names[clash] : "";
}
