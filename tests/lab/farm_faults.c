/* SPDX-License-Identifier: Apache-2.0 */
/* Broken agents. Each fault is one row: what differs in the view, in the bytes, or in the sending. */
#include "tests/lab/farm_faults.h"

#include <string.h>

/* Views: an answer of the right form that leads a walk astray. */

static plt_serve_found next_wraps(void *arg, plt_octets name, plt_serve_object *out)
{
    plt_serve_found found = plt_mib_serve.next(arg, name, out);
    out->at = found == PLT_SERVE_FOUND ? out->at : SIZE_MAX;
    return found == PLT_SERVE_FOUND ? found : plt_mib_serve.next(arg, PLT_OID("\x2B"), out);
}

static plt_serve_found next_stays(void *arg, plt_octets name, plt_serve_object *out)
{
    plt_serve_found found = plt_mib_serve.get(arg, name, out);
    if (found == PLT_SERVE_FOUND) return found;
    out->at = SIZE_MAX;
    return plt_mib_serve.next(arg, name, out);
}

/* Every 20th object is one from five before. */
static plt_serve_found next_goes_back(void *arg, plt_octets name, plt_serve_object *out)
{
    const plt_mib_view *v = arg;
    plt_serve_found found = plt_mib_serve.next(arg, name, out);
    if (found != PLT_SERVE_FOUND || out->at % 20 != 19) return found;
    const plt_mib_object *o = &v->mib->objects[out->at - 5];
    return plt_mib_serve.get(arg, plt_octets_make(o->name, o->len), out);
}

/* Behind the last object always one more, its name counted up. */
static plt_serve_found next_never_ends(void *arg, plt_octets name, plt_serve_object *out)
{
    static uint8_t names[256][PLT_MIB_NAME + 8];
    static unsigned turn;
    plt_serve_found found = plt_mib_serve.next(arg, name, out);
    if (found == PLT_SERVE_FOUND) return found;
    uint8_t *made = names[turn++ % 256];
    size_t n = name.n < PLT_MIB_NAME ? name.n : PLT_MIB_NAME;
    memcpy(made, name.p, n);
    if (n && made[n - 1] < 0x7F)
        made[n - 1]++;
    else if (n < PLT_MIB_NAME + 8)
        made[n++] = 1;
    out->name = plt_octets_make(made, n);
    out->at = SIZE_MAX;
    out->value = (plt_serve_value){.type = PLT_SNMP_INTEGER, .integer = 1};
    return PLT_SERVE_FOUND;
}

static plt_serve_found fails(void *arg, plt_octets name, plt_serve_object *out)
{
    (void)arg;
    (void)name;
    (void)out;
    return PLT_SERVE_FAILED;
}

static plt_serve_found texts_for_numbers(plt_serve_found found, plt_serve_object *out)
{
    if (found == PLT_SERVE_FOUND && out->value.type != PLT_SNMP_STRING && out->value.type != PLT_SNMP_OID)
        out->value = (plt_serve_value){.type = PLT_SNMP_STRING, .octets = plt_octets_make("many", 4)};
    return found;
}

static plt_serve_found get_texts(void *arg, plt_octets name, plt_serve_object *out)
{
    return texts_for_numbers(plt_mib_serve.get(arg, name, out), out);
}

static plt_serve_found next_texts(void *arg, plt_octets name, plt_serve_object *out)
{
    return texts_for_numbers(plt_mib_serve.next(arg, name, out), out);
}

/* Any object asked for exists and is of the wrong name. */
static plt_serve_found get_another(void *arg, plt_octets name, plt_serve_object *out)
{
    out->at = SIZE_MAX;
    return plt_mib_serve.next(arg, name, out);
}

static const plt_serve_view wraps = {.get = NULL, .next = next_wraps}, stays = {.next = next_stays}, goes_back = {.next = next_goes_back},
                            never_ends = {.next = next_never_ends}, failing = {fails, fails}, textual = {get_texts, next_texts},
                            another = {.get = get_another};

/* Bytes. */

/* The community and the PDU's first number of a reply; they stand at fixed places behind each other. */
static uint8_t *inside(uint8_t *reply, size_t n, bool request_id)
{
    plt_snmp_message m;
    if (plt_snmp_read(reply, n, &m) != PLT_OK || !m.community.n) return NULL;
    uint8_t *community = reply + (m.community.p - reply), *p = community + m.community.n;
    if (!request_id) return community;
    p += p[1] & 0x80 ? 2 + (p[1] & 0x7F) : 2; /* tag and length of the PDU */
    return p + 1 + p[1];                      /* the last octet of the request id */
}

static size_t flip_request_id(farm *f, uint8_t *reply, size_t n)
{
    uint8_t *p = inside(reply, n, true);
    (void)f;
    if (p) *p ^= 1;
    return n;
}

static size_t flip_community(farm *f, uint8_t *reply, size_t n)
{
    uint8_t *p = inside(reply, n, false);
    (void)f;
    if (p) *p ^= 0x20;
    return n;
}

static size_t cut(farm *f, uint8_t *reply, size_t n)
{
    (void)f;
    (void)reply;
    return n / 2;
}

static size_t empty(farm *f, uint8_t *reply, size_t n)
{
    (void)f;
    (void)reply;
    (void)n;
    return 0;
}

static size_t garbage(farm *f, uint8_t *reply, size_t n)
{
    for (size_t i = 0; i < n; i++) reply[i] = (uint8_t)farm_random(f);
    return n;
}

static size_t promise_gigabytes(farm *f, uint8_t *reply, size_t n)
{
    static const uint8_t head[] = {0x30, 0x84, 0xFF, 0xFF, 0xFF, 0xFF};
    (void)f;
    if (n >= sizeof head) memcpy(reply, head, sizeof head);
    return n;
}

static size_t nest(farm *f, uint8_t *reply, size_t n)
{
    size_t at = 0;
    (void)f;
    (void)n;
    for (size_t left = 1396; left; left -= 4, at += 4) {
        reply[at] = 0x30;
        reply[at + 1] = 0x82;
        reply[at + 2] = (uint8_t)((left - 4) >> 8);
        reply[at + 3] = (uint8_t)(left - 4);
    }
    return at;
}

/* The reply's header with another list of variables. */
static size_t with_list(uint8_t *reply, size_t n, size_t (*list)(plt_octets old, uint8_t *out))
{
    static uint8_t room[PLT_SNMP_HEAD + FARM_DATAGRAM], variables[FARM_DATAGRAM];
    plt_snmp_message m;
    plt_snmp_out o;
    if (plt_snmp_read(reply, n, &m) != PLT_OK) return n;
    plt_snmp_begin(&o, room, sizeof room);
    plt_snmp_put_list(&o, plt_octets_make(variables, list(m.pdu.list, variables)));
    plt_snmp_close_pdu(&o, &m.pdu);
    plt_snmp_close(&o, m.version, m.community);
    n = plt_snmp_size(&o);
    memcpy(reply, o.p, n);
    return n;
}

static size_t again_and_again(plt_octets old, uint8_t *out)
{
    size_t n = 0;
    while (old.n && n + old.n <= FARM_DATAGRAM - 500) {
        memcpy(out + n, old.p, old.n);
        n += old.n;
    }
    return n;
}

/* One variable whose name has 401 sub-identifiers; RFC 3416 allows 128. */
static size_t long_name(plt_octets old, uint8_t *out)
{
    static const uint8_t head[] = {0x30, 0x82, 0x01, 0x96, 0x06, 0x82, 0x01, 0x90, 0x2B};
    (void)old;
    memcpy(out, head, sizeof head);
    memset(out + sizeof head, 1, 399);
    out[sizeof head + 399] = 0x05;
    out[sizeof head + 400] = 0x00;
    return sizeof head + 401;
}

static size_t fill(farm *f, uint8_t *reply, size_t n)
{
    (void)f;
    return with_list(reply, n, again_and_again);
}

static size_t stretch_name(farm *f, uint8_t *reply, size_t n)
{
    (void)f;
    return with_list(reply, n, long_name);
}

const farm_fault farm_faults[FARM_FAULTS] = {
    {"none", "sound", NULL, NULL, 1, false, false, 0},
    {"loop", "a walk begins again at its end", &wraps, NULL, 1, false, false, 0},
    {"stuck", "GETNEXT gives the object that was named", &stays, NULL, 1, false, false, 0},
    {"backwards", "now and then GETNEXT goes back", &goes_back, NULL, 1, false, false, 0},
    {"endless", "a walk never ends", &never_ends, NULL, 1, false, false, 0},
    {"gen-err", "genErr, whatever is asked", &failing, NULL, 1, false, false, 0},
    {"wrong-type", "texts where numbers belong", &textual, NULL, 1, false, false, 0},
    {"wrong-name", "GET gives the object behind the named one", &another, NULL, 1, false, false, 0},
    {"wrong-id", "another request id", NULL, flip_request_id, 1, false, false, 0},
    {"wrong-community", "another community", NULL, flip_community, 1, false, false, 0},
    {"truncated", "half of the reply", NULL, cut, 1, false, false, 0},
    {"empty", "a datagram of no octets", NULL, empty, 1, false, false, 0},
    {"garbage", "octets by chance", NULL, garbage, 1, false, false, 0},
    {"length-bomb", "promises 4 GiB", NULL, promise_gigabytes, 1, false, false, 0},
    {"nest-bomb", "349 sequences in each other", NULL, nest, 1, false, false, 0},
    {"name-bomb", "an object identifier of 401 sub-identifiers", NULL, stretch_name, 1, false, false, 0},
    {"size-bomb", "the answer again and again, up to 64 KB", NULL, fill, 1, false, false, 0},
    {"flood", "each reply 100 times", NULL, NULL, 100, false, false, 0},
    {"wrong-address", "answers from the neighbour's address", NULL, NULL, 1, true, false, 0},
    {"spoof", "each reply 100 times from the neighbour's address", NULL, NULL, 100, true, false, 0},
    {"wrong-port", "answers from another port", NULL, NULL, 1, false, true, 0},
    {"late", "answers after seven seconds", NULL, NULL, 1, false, false, 7000},
    {"silent", "takes the question, never answers", NULL, NULL, 0, false, false, 0},
};

bool farm_faults_parse(const char *list, uint32_t *out)
{
    *out = 0;
    if (strcmp(list, "all") == 0) {
        *out = (1u << FARM_FAULTS) - 2;
        return true;
    }
    for (const char *p = list;; p++) {
        size_t n = strcspn(p, ",");
        unsigned i = 1;
        while (i < FARM_FAULTS && (strlen(farm_faults[i].name) != n || strncmp(farm_faults[i].name, p, n) != 0)) i++;
        if (i == FARM_FAULTS) return false;
        *out |= 1u << i;
        p += n;
        if (!*p) return true;
    }
}
