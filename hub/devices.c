/* SPDX-License-Identifier: Apache-2.0 */
/* The engine of device records. It must never lose a reading for want of an identity, nor change what another reading stored. */
#include "hub/devices.h"

#include <stdio.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/device_view.h"
#include "hub/json.h"
#include "os/log.h"

#define KNOWN_MAX 64
#define DETAIL_MAX 8192
#define MODEL_MAX (1u << 20)

typedef struct known {
    size_t n;
    plt_known_way of[KNOWN_MAX];
    int64_t own; /* the number of the reading's own way; 0 none */
} known;

static const hub_device_ops *ops_of(const hub_taking *t)
{
    return t->s->ops->devices;
}

/* ---- events ---- */

plt_status hub_event(hub_taking *t, int64_t device, int64_t other, const char *kind, const char *detail)
{
    const hub_device_event e = {.device = device, .way = t->way.way, .at = t->at, .other = other, .kind = kind, .detail = detail};
    return ops_of(t)->event_add(t->s, t->tenant_id, &e);
}

/* An event with up to two texts in its detail. */
static plt_status tell(hub_taking *t, int64_t device, int64_t other, const char *kind, const char *const fields[4])
{
    plt_buf b;
    plt_buf_init(&b, DETAIL_MAX);
    plt_buf_byte(&b, '{');
    for (int i = 0; i < 4 && fields[i]; i += 2) plt_json_text(&b, fields[i], fields[i + 1]);
    plt_buf_byte(&b, '}');
    plt_status s = hub_event(t, device, other, kind, plt_buf_str(&b));
    plt_buf_free(&b);
    return s;
}

#define TELL(t, device, other, kind, ...) tell(t, device, other, kind, (const char *const[4]){__VA_ARGS__})

static plt_status note_fault(hub_store *s, int64_t tenant_id, const char *agent, const hub_record *r, int64_t now)
{
    plt_buf b;
    os_log(OS_LOG_WARN, "agent %s: record %lld of type %s cannot be read: %s", agent, (long long)r->seq, r->type, r->reading->fault);
    plt_buf_init(&b, DETAIL_MAX);
    plt_buf_byte(&b, '{');
    plt_json_text(&b, "agent", agent);
    plt_json_count(&b, "seq", r->seq);
    plt_json_text(&b, "why", r->reading->fault);
    plt_buf_byte(&b, '}');
    const hub_device_event e = {.at = now, .kind = "unreadable", .detail = plt_buf_str(&b)};
    plt_status status = s->ops->devices->event_add(s, tenant_id, &e);
    plt_buf_free(&b);
    return status;
}

/* ---- whose reading it is ---- */

static bool note_known(void *ctx, const hub_way *w)
{
    known *k = ctx;
    if (k->n == KNOWN_MAX) return false;
    k->of[k->n++] = (plt_known_way){w->device, w->way == k->own, w->pinned, w->id};
    return true;
}

/* What the key itself tells, where the values do not: serial:MAKE/SERIAL, mac:HEX, uuid:... A masked one (mac:#...) tells nothing: each
   agent masks by itself. */
static void read_key(const char *key, plt_identity *id)
{
    plt_identity told;
    char make[64] = "";
    const char *slash = strchr(key, '/');
    memset(&told, 0, sizeof told);
    if (!strncmp(key, "serial:", 7) && slash) {
        plt_utf8_copy(make, sizeof make, key + 7, (size_t)(slash - key - 7));
        plt_identity_make(&told, make, NULL, slash + 1, NULL, NULL);
    } else if (!strncmp(key, "mac:", 4) && key[4] != '#') {
        plt_identity_make(&told, NULL, NULL, NULL, key + 4, NULL);
    } else if (!strncmp(key, "uuid:", 5)) {
        plt_identity_make(&told, NULL, NULL, NULL, NULL, key + 5);
    }
    if (!*id->make) plt_copy(id->make, sizeof id->make, told.make);
    if (!*id->serial) plt_copy(id->serial, sizeof id->serial, told.serial);
    if (!*id->mac) plt_copy(id->mac, sizeof id->mac, told.mac);
    if (!*id->uuid) plt_copy(id->uuid, sizeof id->uuid, told.uuid);
}

/* The way itself: by its key; a key that grew (net:ADDRESS became serial:...) by the address. Else a new one. */
static plt_status find_own(hub_taking *t, const char *agent)
{
    const hub_reading *r = t->reading;
    plt_status s = ops_of(t)->way_find(t->s, t->tenant_id, agent, r->said.via, r->said.key, &t->way);
    if (s == PLT_NOTFOUND && *r->said.address && r->said.outcome != PLT_READING_MOVED)
        s = ops_of(t)->way_at(t->s, t->tenant_id, agent, r->said.via, r->said.address, &t->way);
    if (s != PLT_NOTFOUND) return s;
    memset(&t->way, 0, sizeof t->way);
    plt_copy(t->way.agent, sizeof t->way.agent, agent);
    plt_copy(t->way.via, sizeof t->way.via, r->said.via);
    plt_copy(t->way.key, sizeof t->way.key, r->said.key);
    t->way.first_seen = t->at;
    return PLT_OK;
}

/* The model before, and with the reading in it. Without values it stays; changes to an unknown model are all that is known of it. */
static plt_status build_model(hub_taking *t)
{
    char why[128];
    plt_buf json;
    plt_status s = PLT_NOTFOUND;
    plt_buf_init(&json, MODEL_MAX);
    if (t->way.way) s = ops_of(t)->model_get(t->s, t->tenant_id, t->way.way, &json);
    if (s == PLT_OK) s = plt_device_from_json(&t->before, plt_buf_str(&json), json.len, why, sizeof why);
    plt_buf_free(&json);
    if (s == PLT_BAD) os_log(OS_LOG_WARN, "way %lld: the model that was stored cannot be read: %s", (long long)t->way.way, why);
    if (s != PLT_OK && s != PLT_NOTFOUND && s != PLT_BAD) return s;
    const hub_reading *r = t->reading;
    s = plt_device_copy(&t->now, r->has_values && r->said.full ? &r->values : &t->before);
    if (s == PLT_OK && r->has_values && !r->said.full) s = plt_device_apply(&t->now, &r->values);
    return s == PLT_FULL ? PLT_OK : s;
}

static plt_status tell_clashes(hub_taking *t, const plt_judgement *j, const plt_identity *id)
{
    plt_status s = PLT_OK;
    for (size_t i = 0; s == PLT_OK && i < j->clashes; i++) {
        plt_clash how = j->clash_how[i];
        const char *what = how == PLT_CLASH_MAC ? id->mac : how == PLT_CLASH_UUID ? id->uuid : how == PLT_CLASH_TWIN ? id->serial : t->way.key;
        const char *kind = how == PLT_CLASH_PLACE ? "exchanged" : "contradiction";
        s = TELL(t, j->clash[i], t->way.device, kind, "by", plt_clash_name(how), "value", what);
        if (s == PLT_OK) s = TELL(t, t->way.device, j->clash[i], kind, "by", plt_clash_name(how), "value", what);
    }
    return s;
}

static plt_status join_others(hub_taking *t, const plt_judgement *j)
{
    plt_status s = PLT_OK;
    for (size_t i = 0; s == PLT_OK && i < j->joined; i++) {
        const char *by = plt_by_name(j->join_by[i] < j->by ? j->by : j->join_by[i]);
        s = ops_of(t)->join(t->s, t->tenant_id, j->join[i], t->way.device);
        if (s == PLT_OK) s = TELL(t, t->way.device, j->join[i], "merged", "by", by, "who", NULL);
        if (s == PLT_OK) s = TELL(t, j->join[i], t->way.device, "merged_into", "by", by, "who", NULL);
    }
    return s;
}

/* Ends the way that led to another printer, and begins one of the same key. */
static plt_status begin_anew(hub_taking *t)
{
    t->way.ended = t->at;
    plt_status s = ops_of(t)->way_put(t->s, t->tenant_id, &t->way);
    t->way.way = t->way.device = t->way.home = t->way.ended = t->way.last_read = 0;
    t->way.pinned = false;
    t->way.first_seen = t->at;
    memset(&t->way.id, 0, sizeof t->way.id);
    plt_device_free(&t->before);
    if (t->reading->has_values && !t->reading->said.full) {
        plt_device_free(&t->now);
        plt_device_copy(&t->now, &t->reading->values);
    }
    return s;
}

/* Gives the way to its device; makes one where there is none. */
static plt_status give(hub_taking *t, const plt_judgement *j, bool new_way, int64_t *left)
{
    bool found = j->device == 0;
    *left = t->way.device && t->way.device != j->device ? t->way.device : 0;
    t->way.device = j->device;
    plt_status s = found ? ops_of(t)->device_make(t->s, t->tenant_id, t->at, &t->way.device) : PLT_OK;
    if (!t->way.home) t->way.home = t->way.device;
    if (s == PLT_OK) s = ops_of(t)->way_put(t->s, t->tenant_id, &t->way);
    if (s == PLT_OK && new_way) s = TELL(t, t->way.device, 0, found ? "found" : "way", "via", t->way.via, "by", found ? NULL : plt_by_name(j->by));
    return s;
}

/* ---- what is new about it ---- */

static plt_status tell_moves(hub_taking *t, const char *address_before)
{
    const char *was = plt_device_text(&t->before, PLT_NAME, 0), *is = plt_device_text(&t->now, PLT_NAME, 0);
    plt_status s = PLT_OK;
    if (*was && *is && strcmp(was, is) != 0) s = TELL(t, t->way.device, 0, "renamed", "was", was, "is", is);
    if (s == PLT_OK && *address_before && *t->way.address && strcmp(address_before, t->way.address) != 0)
        s = TELL(t, t->way.device, 0, "moved", "was", address_before, "is", t->way.address);
    return s;
}

/* One serial number with a MAC that no way of the printer had: a second network board, or a new one. */
static plt_status tell_board(hub_taking *t, const known *k, const plt_identity *id)
{
    const char *was = NULL;
    for (size_t i = 0; i < k->n; i++) {
        if (k->of[i].device != t->way.device || !*k->of[i].id.mac) continue;
        if (!strcmp(k->of[i].id.mac, id->mac)) return PLT_OK;
        was = k->of[i].id.mac;
    }
    return was && *id->mac ? TELL(t, t->way.device, 0, "board", "was", was, "is", id->mac) : PLT_OK;
}

static void update_way(hub_taking *t, const plt_identity *id)
{
    const hub_reading *r = t->reading;
    plt_copy(t->way.key, sizeof t->way.key, r->said.key);
    if (*r->said.address) plt_copy(t->way.address, sizeof t->way.address, r->said.address);
    t->way.outcome = r->said.outcome == PLT_READING_MOVED ? PLT_READING_READ : r->said.outcome;
    plt_copy(t->way.why, sizeof t->way.why, r->said.why);
    if (hub_outcome_alive(r->said.outcome) && t->at > t->way.last_seen) t->way.last_seen = t->at;
    if ((r->said.outcome == PLT_READING_READ || r->said.outcome == PLT_READING_PARTLY) && t->at > t->way.last_read) t->way.last_read = t->at;
    t->way.id = *id;
}

static plt_status store_reads(hub_taking *t)
{
    plt_buf json;
    if (!t->reading->has_values) return PLT_OK;
    plt_buf_init(&json, MODEL_MAX);
    plt_status s = plt_device_to_json(&t->now, &json);
    if (s == PLT_OK) s = ops_of(t)->model_put(t->s, t->tenant_id, t->way.way, plt_buf_str(&json));
    plt_buf_free(&json);
    return s == PLT_OK ? hub_reads_take(t) : s;
}

/* ---- the device's row ---- */

typedef struct state_text {
    char text[32];
} state_text;

static bool note_state(void *ctx, const hub_device_row *d)
{
    plt_copy(((state_text *)ctx)->text, sizeof(state_text), d->state);
    return true;
}

/* Writes the row anew; tells of devices that went and came back. */
static plt_status refresh(hub_taking *t, int64_t device)
{
    hub_view v;
    hub_device_row row;
    hub_row_room room;
    state_text was = {""};
    plt_status s = ops_of(t)->device_get(t->s, HUB_OPERATOR, device, note_state, &was);
    if (s != PLT_OK) return s;
    s = hub_view_load(t->s, t->tenant_id, device, &v);
    if (s == PLT_OK) {
        s = hub_view_row(&v, &row, &room);
        if (s == PLT_OK) s = ops_of(t)->device_put(t->s, &row);
        bool away = !strcmp(was.text, "gone") || !strcmp(was.text, "silent");
        bool now_away = s == PLT_OK && (!strcmp(row.state, "gone") || !strcmp(row.state, "silent"));
        if (s == PLT_OK && v.n && away != now_away)
            s = TELL(t, device, 0, now_away ? row.state : "back", "via", t->way.via, "why", t->reading ? t->reading->said.why : NULL);
        hub_row_room_free(&room);
    }
    hub_view_free(&v);
    return s;
}

/* ---- readings ---- */

static plt_status judge_and_store(hub_taking *t)
{
    known k = {.own = t->way.way};
    plt_identity id = t->way.id;
    plt_judgement j;
    char address_before[sizeof t->way.address];
    int64_t left = 0;
    if (t->reading->has_values) plt_identity_of(&t->now, &id);
    read_key(t->reading->said.key, &id);
    plt_status s = ops_of(t)->ways_alike(t->s, t->tenant_id, &id, t->way.device, note_known, &k);
    if (s != PLT_OK) return s;
    plt_identity_judge(&id, k.of, k.n, &j);
    bool new_way = !t->way.way || j.place_taken;
    if (j.place_taken) s = begin_anew(t);
    plt_copy(address_before, sizeof address_before, new_way ? "" : t->way.address);
    update_way(t, &id);
    if (s == PLT_OK) s = give(t, &j, new_way, &left);
    if (s == PLT_OK) s = tell_clashes(t, &j, &id);
    if (s == PLT_OK) s = join_others(t, &j);
    if (s == PLT_OK) s = tell_moves(t, address_before);
    if (s == PLT_OK) s = tell_board(t, &k, &id);
    if (s == PLT_OK) s = store_reads(t);
    if (s == PLT_OK) s = refresh(t, t->way.device);
    if (s == PLT_OK && left) s = refresh(t, left);
    for (size_t i = 0; s == PLT_OK && i < j.clashes; i++) s = refresh(t, j.clash[i]);
    return s;
}

static plt_status take_device(hub_taking *t, const char *agent, int64_t *touched)
{
    plt_device_init(&t->before, 0);
    plt_device_init(&t->now, 0);
    plt_status s = find_own(t, agent);
    /* An address that never answered is no printer yet. */
    bool nobody = s == PLT_OK && !t->way.way && !hub_outcome_alive(t->reading->said.outcome);
    if (s == PLT_OK && !nobody) s = build_model(t);
    if (s == PLT_OK && !nobody) s = judge_and_store(t);
    *touched += s == PLT_OK && !nobody;
    plt_device_free(&t->before);
    plt_device_free(&t->now);
    return s;
}

static plt_status take_seen(hub_taking *t, const char *agent, int64_t *touched)
{
    const char *key = plt_buf_str(&t->reading->keys);
    plt_status s = PLT_OK;
    for (size_t i = 0; s == PLT_OK && i < t->reading->key_count; i++, key += strlen(key) + 1) {
        s = ops_of(t)->way_find(t->s, t->tenant_id, agent, t->reading->said.via, key, &t->way);
        if (s == PLT_NOTFOUND) { /* of a record that was lost, or unreadable */
            s = PLT_OK;
            continue;
        }
        if (s != PLT_OK || t->at <= t->way.last_seen) continue;
        bool was_away = !hub_outcome_alive(t->way.outcome);
        t->way.last_seen = t->way.last_read = t->at; /* it was read, and said nothing new */
        if (was_away) {
            t->way.outcome = PLT_READING_READ;
            t->way.why[0] = 0;
        }
        s = ops_of(t)->way_put(t->s, t->tenant_id, &t->way);
        if (s == PLT_OK) s = was_away ? refresh(t, t->way.device) : ops_of(t)->device_touch(t->s, t->tenant_id, t->way.device, t->at);
        (*touched)++;
    }
    return s;
}

plt_status hub_devices_take(hub_store *s, int64_t tenant_id, const char *agent, const hub_record *r, int64_t now, int64_t *touched)
{
    const hub_reading *reading = r->reading;
    if (*reading->fault) return note_fault(s, tenant_id, agent, r, now);
    hub_taking t = {.s = s, .tenant_id = tenant_id, .reading = reading, .at = reading->said.at < now ? reading->said.at : now};
    return reading->seen ? take_seen(&t, agent, touched) : take_device(&t, agent, touched);
}

/* ---- what a person says ---- */

typedef struct brief {
    int64_t tenant_id, merged_into;
} brief;

static bool note_brief(void *ctx, const hub_device_row *d)
{
    *(brief *)ctx = (brief){d->tenant_id, d->merged_into};
    return true;
}

typedef struct way_list {
    size_t n;
    hub_way of[KNOWN_MAX];
} way_list;

static bool note_way(void *ctx, const hub_way *w, const char *model)
{
    way_list *all = ctx;
    (void)model;
    if (all->n == KNOWN_MAX) return false;
    all->of[all->n++] = *w;
    return true;
}

/* From here on no evidence moves them. */
static plt_status pin_all(hub_taking *t, way_list *ways)
{
    plt_status s = PLT_OK;
    for (size_t i = 0; s == PLT_OK && i < ways->n; i++) {
        ways->of[i].pinned = true;
        s = ops_of(t)->way_put(t->s, t->tenant_id, &ways->of[i]);
    }
    return s;
}

plt_status hub_devices_join(hub_store *s, int64_t scope, int64_t into, int64_t from, const char *who, int64_t now)
{
    const hub_device_ops *ops = s->ops->devices;
    brief a, b;
    way_list ways[2] = {{0}, {0}};
    plt_status status = ops->device_get(s, scope, into, note_brief, &a);
    if (status == PLT_OK) status = ops->device_get(s, scope, from, note_brief, &b);
    if (status != PLT_OK) return status;
    if (into == from || a.merged_into || b.merged_into || a.tenant_id != b.tenant_id) return PLT_EXISTS;
    hub_taking t = {.s = s, .tenant_id = a.tenant_id, .at = now};
    status = ops->ways_of(s, a.tenant_id, into, note_way, &ways[0]);
    if (status == PLT_OK) status = ops->ways_of(s, a.tenant_id, from, note_way, &ways[1]);
    for (int i = 0; i < 2 && status == PLT_OK; i++) status = pin_all(&t, &ways[i]);
    if (status == PLT_OK) status = ops->join(s, a.tenant_id, from, into);
    if (status == PLT_OK) status = TELL(&t, into, from, "merged", "by", "person", "who", who);
    if (status == PLT_OK) status = TELL(&t, from, into, "merged_into", "by", "person", "who", who);
    return status == PLT_OK ? refresh(&t, into) : status;
}

/* The device that all of them came from, if it was joined to this one; 0 else. */
static int64_t home_of(const way_list *chosen, hub_store *s, int64_t device)
{
    brief b;
    int64_t home = chosen->of[0].home;
    for (size_t i = 1; i < chosen->n; i++)
        if (chosen->of[i].home != home) return 0;
    return home != device && s->ops->devices->device_get(s, HUB_OPERATOR, home, note_brief, &b) == PLT_OK && b.merged_into == device ? home : 0;
}

static bool is_in(int64_t way, const int64_t *ways, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (ways[i] == way) return true;
    return false;
}

plt_status hub_devices_part(hub_store *s, int64_t scope, int64_t device, const int64_t *ways, size_t n, const char *who, int64_t now, int64_t *out)
{
    const hub_device_ops *ops = s->ops->devices;
    brief b;
    way_list all = {0}, chosen = {0};
    plt_status status = ops->device_get(s, scope, device, note_brief, &b);
    if (status == PLT_OK) status = ops->ways_of(s, b.tenant_id, device, note_way, &all);
    if (status != PLT_OK) return status;
    for (size_t i = 0; i < all.n; i++)
        if (is_in(all.of[i].way, ways, n)) chosen.of[chosen.n++] = all.of[i];
    if (chosen.n == 0 || chosen.n == all.n || chosen.n != n) return PLT_BAD;
    hub_taking t = {.s = s, .tenant_id = b.tenant_id, .at = now};
    *out = home_of(&chosen, s, device);
    status = *out ? ops->stand(s, b.tenant_id, *out) : ops->device_make(s, b.tenant_id, now, out);
    if (status == PLT_OK) status = pin_all(&t, &all);
    for (size_t i = 0; i < chosen.n; i++) chosen.of[i].device = *out;
    if (status == PLT_OK) status = pin_all(&t, &chosen);
    if (status == PLT_OK) status = TELL(&t, device, *out, "split", "by", "person", "who", who);
    if (status == PLT_OK) status = TELL(&t, *out, device, "split", "by", "person", "who", who);
    if (status == PLT_OK) status = refresh(&t, device);
    return status == PLT_OK ? refresh(&t, *out) : status;
}
