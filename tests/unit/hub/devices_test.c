/* SPDX-License-Identifier: Apache-2.0 */
/* Device records from the agent's line to the store: each scenario is a row of records and what the hub makes of them. */
#include "hub_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/device_page.h"
#include "hub/device_view.h"
#include "hub/devices.h"
#include "hub/writer.h"
#include "os/log.h"

#define A "00000000000000aa"
#define B "00000000000000bb"
#define COUNT(a) (sizeof(a) / sizeof(a)[0])
#define HOUR INT64_C(3600000)
#define BEGIN (KIT_NOW - 100 * KIT_DAY)

static hub_store *store;
static int64_t tenant;
static kit_chain chains[2];
static int64_t sent[2];

static int set_up(void **state)
{
    (void)state;
    kit_place_make(false);
    store = kit_store_open();
    tenant = kit_tenant(store, "Acme");
    kit_agent(store, tenant, A, "PC-1");
    kit_agent(store, tenant, B, "PC-2");
    for (int i = 0; i < 2; i++) {
        kit_chain_init(&chains[i]);
        sent[i] = 0;
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) kit_chain_free(&chains[i]);
    store->ops->close(store);
    kit_place_remove();
    return 0;
}

/* ---- records ---- */

static void send_line(int who, const char *type, const char *object)
{
    kit_chain *c = &chains[who];
    plt_buf line;
    plt_buf_init(&line, 65536);
    plt_buf_printf(&line, "{\"v\":1,\"seq\":%lld,\"prev\":\"%s\",\"type\":\"%s\",\"uid\":\"%032lld\",\"at\":\"2026-01-01T00:00:00.000Z\",\"%s\":%s}",
                   (long long)c->seq + 1, c->prev, type, (long long)c->seq + 1, type, object);
    kit_chain_line(c, plt_buf_str(&line));
    plt_buf_free(&line);
    sent[who]++;
    hub_task *t = kit_upload(c, sent[who], sent[who], tenant, who ? B : A);
    hub_writer_group(store, t, KIT_NOW);
    assert_int_equal(t->out.status, 200);
    hub_task_free(t);
}

/* One reading in a table. `more` is what stands in values beside the identity. */
typedef struct step {
    int who;
    const char *via, *key, *address;
    int hours; /* after BEGIN */
    const char *outcome;
    const char *identity; /* members of values.identity; NULL: no values */
    const char *more;
    bool changes;
} step;

static void send_step(const step *s)
{
    char at[PLT_TIME_SIZE];
    plt_buf o;
    plt_buf_init(&o, 65536);
    plt_time_format(at, BEGIN + s->hours * HOUR);
    plt_buf_printf(&o, "{\"key\":\"%s\",\"via\":\"%s\",\"at\":\"%s\",\"outcome\":\"%s\",\"full\":%s", s->key, s->via, at,
                   s->outcome ? s->outcome : "read", s->changes ? "false" : "true");
    if (s->address) plt_buf_printf(&o, ",\"address\":\"%s\"", s->address);
    if (s->identity)
        plt_buf_printf(&o, ",\"values\":{\"v\":1,\"source\":\"%s\",\"at\":\"%s\",\"complete\":[\"supplies\",\"alerts\"],\"identity\":{%s}%s%s}",
                       strcmp(s->via, "net") ? "pml" : "snmp", at, s->identity, s->more ? "," : "", s->more ? s->more : "");
    plt_buf_byte(&o, '}');
    send_line(s->who, "device", plt_buf_str(&o));
    plt_buf_free(&o);
}

/* ---- what is there ---- */

typedef struct list {
    int n;
    int64_t no[16];
    char state[16][24];
    int64_t ways[16], total[16], alerts[16], lowest[16];
    bool attention[16];
} list;

static bool note(void *ctx, const hub_device_row *d)
{
    list *l = ctx;
    l->no[l->n] = d->no;
    l->ways[l->n] = d->ways;
    l->total[l->n] = d->total;
    l->alerts[l->n] = d->alerts;
    l->lowest[l->n] = d->lowest;
    l->attention[l->n] = d->attention;
    plt_copy(l->state[l->n++], 24, d->state);
    return l->n < 16;
}

static list devices(void)
{
    list l = {0};
    const hub_device_query q = {.sort = HUB_DEVICES_BY_SEEN, .limit = 16};
    assert_int_equal(store->ops->devices->devices(store, &q, note, &l), PLT_OK);
    return l;
}

static bool add_kind(void *ctx, const hub_device_event *e)
{
    plt_buf *b = ctx;
    plt_buf_printf(b, "%s%s", b->len ? " " : "", e->kind);
    return true;
}

/* The kinds of a device's events, the oldest first. */
static void events_of(int64_t no, char *out, size_t size)
{
    plt_buf b;
    plt_buf_init(&b, 4096);
    assert_int_equal(store->ops->devices->events(store, tenant, no, 100, add_kind, &b), PLT_OK);
    char all[4096], *word[100];
    size_t n = 0;
    plt_copy(all, sizeof all, plt_buf_str(&b));
    plt_buf_free(&b);
    for (char *p = all; *p && n < 100; n++) {
        word[n] = p;
        p += strcspn(p, " ");
        if (*p) *p++ = 0;
    }
    out[0] = 0;
    for (size_t i = n, used = 0; i-- > 0;) used += (size_t)snprintf(out + used, size - used, "%s%s", used ? " " : "", word[i]);
}

#define ID_A "\"make\":\"HP\",\"model\":\"LaserJet M404dn\",\"serial\":\"VNB3K12345\""
#define MAC_A ",\"mac\":\"3417EB9AD2C1\""
#define TOTAL(n) "\"meters\":[{\"meter\":\"total\",\"unit\":\"impressions\",\"count\":" #n "}]"
#define BLACK(n, serial)                                                                                                                             \
    "\"supplies\":[{\"index\":1,\"text\":\"Black\",\"type\":\"toner_cartridge\",\"class\":\"supply\",\"unit\":\"percent\",\"level\":" #n             \
    ",\"serial\":\"" serial "\"}]"
#define JAM "\"status\":{\"state\":\"stopped\"},\"alerts\":[{\"index\":7,\"severity\":\"critical\",\"code\":\"jam\",\"text\":\"Paper jam\"}]"
#define READY "\"status\":{\"state\":\"ready\"}"

static const struct scenario {
    const char *name;
    step steps[5];
    int count;          /* devices there are then */
    const char *events; /* of the first device, the oldest first */
    int ways;           /* of it */
} scenarios[] = {
    {"over the network, then over USB by another agent: one device",
     {{0, "net", "serial:HP/VNB3K12345", "10.0.0.5", 0, NULL, ID_A MAC_A}, {1, "usb", "serial:HP/VNB3K12345", NULL, 1, NULL, ID_A}},
     1,
     "found way",
     2},
    {"a rename and a new address",
     {{0, "net", "serial:HP/VNB3K12345", "10.0.0.5", 0, NULL, ID_A MAC_A ",\"name\":\"lp1\""},
      {0, "net", "serial:HP/VNB3K12345", "10.0.0.9", 1, NULL, ID_A MAC_A ",\"name\":\"reception\""}},
     1,
     "found renamed moved",
     1},
    {"only told that it moved",
     {{0, "net", "serial:HP/VNB3K12345", "10.0.0.5", 0, NULL, ID_A}, {0, "net", "serial:HP/VNB3K12345", "10.0.0.9", 1, "moved"}},
     1,
     "found moved",
     1},
    {"a key that grows at the same address is the same way",
     {{0, "net", "net:10.0.0.5", "10.0.0.5", 0, NULL, "\"make\":\"HP\",\"model\":\"LaserJet M404dn\""},
      {0, "net", "serial:HP/VNB3K12345", "10.0.0.5", 1, NULL, ID_A MAC_A}},
     1,
     "found",
     1},
    {"trap: the address is another printer's now",
     {{0, "net", "net:10.0.0.5", "10.0.0.5", 0, NULL, "\"make\":\"HP\",\"model\":\"LaserJet M404dn\""},
      {0, "net", "net:10.0.0.5", "10.0.0.5", 1, NULL, "\"make\":\"Brother\",\"model\":\"HL-L2350DW\""}},
     2,
     "found exchanged gone",
     0},
    {"the engine board was swapped: told, not merged",
     {{0, "net", "mac:3417EB9AD2C1", "10.0.0.5", 0, NULL, ID_A MAC_A},
      {0, "net", "mac:3417EB9AD2C1", "10.0.0.5", 1, NULL, "\"make\":\"HP\",\"model\":\"LaserJet M404dn\",\"serial\":\"PHB1X99999\"" MAC_A}},
     2,
     "found contradiction gone",
     0},
    {"two become one when both evidences meet",
     {{0, "net", "mac:3417EB9AD2C1", "10.0.0.5", 0, NULL, "\"make\":\"HP\"" MAC_A},
      {1, "usb", "serial:HP/VNB3K12345", NULL, 1, NULL, ID_A},
      {0, "net", "mac:3417EB9AD2C1", "10.0.0.5", 2, NULL, ID_A MAC_A}},
     1,
     "found merged_into", /* device 2 has the serial number: the better evidence stays */
     0},
    {"another network board",
     {{0, "net", "serial:HP/VNB3K12345", "10.0.0.5", 0, NULL, ID_A MAC_A},
      {0, "net", "serial:HP/VNB3K12345", "10.0.0.5", 1, NULL, ID_A ",\"mac\":\"3417EB9AD2C2\""}},
     1,
     "found board",
     1},
    {"silent and back",
     {{0, "net", "serial:HP/VNB3K12345", "10.0.0.5", 0, NULL, ID_A, READY},
      {0, "net", "serial:HP/VNB3K12345", "10.0.0.5", 1, "silent"},
      {0, "net", "serial:HP/VNB3K12345", "10.0.0.5", 2, "silent"},
      {0, "net", "serial:HP/VNB3K12345", "10.0.0.5", 3, "busy"}},
     1,
     "found silent back",
     1},
    {"an address that never answered is no device", {{0, "net", "net:10.0.0.77", "10.0.0.77", 0, "silent"}}, 0, "", 0},
    {"a reset meter is told",
     {{0, "net", "serial:HP/VNB3K12345", "10.0.0.5", 0, NULL, ID_A, TOTAL(80000)},
      {0, "net", "serial:HP/VNB3K12345", "10.0.0.5", 24, NULL, ID_A, TOTAL(7)}},
     1,
     "found meter_reset",
     1},
    {"a misread meter is told once, and forgotten",
     {{0, "net", "serial:HP/VNB3K12345", "10.0.0.5", 0, NULL, ID_A, TOTAL(80000)},
      {0, "net", "serial:HP/VNB3K12345", "10.0.0.5", 24, NULL, ID_A, TOTAL(4000000000)},
      {0, "net", "serial:HP/VNB3K12345", "10.0.0.5", 48, NULL, ID_A, TOTAL(80100)}},
     1,
     "found meter_doubt",
     1},
    {"a cartridge replaced early",
     {{0, "net", "serial:HP/VNB3K12345", "10.0.0.5", 0, NULL, ID_A, BLACK(44, "C1")},
      {0, "net", "serial:HP/VNB3K12345", "10.0.0.5", 24, NULL, ID_A, BLACK(100, "C2")}},
     1,
     "found replaced_early",
     1},
    {"a cartridge replaced in time",
     {{0, "net", "serial:HP/VNB3K12345", "10.0.0.5", 0, NULL, ID_A, BLACK(4, "C1")},
      {0, "net", "serial:HP/VNB3K12345", "10.0.0.5", 24, NULL, ID_A, BLACK(100, "C2")}},
     1,
     "found replaced",
     1},
};

static void test_scenarios(void **state)
{
    char kinds[2048];
    for (size_t i = 0; i < COUNT(scenarios); i++) {
        const struct scenario *s = &scenarios[i];
        print_message("# %s\n", s->name);
        if (i) set_up(state);
        for (size_t k = 0; k < COUNT(s->steps) && s->steps[k].via; k++) send_step(&s->steps[k]);
        list l = devices();
        assert_int_equal(l.n, s->count);
        events_of(1, kinds, sizeof kinds);
        assert_string_equal(kinds, s->events);
        for (int k = 0; k < l.n; k++)
            if (l.no[k] == 1) assert_int_equal(l.ways[k], s->ways);
        if (i + 1 < COUNT(scenarios)) tear_down(state);
    }
}

/* ---- what the row shows ---- */

static void test_alerts(void **state)
{
    (void)state;
    const step steps[] = {
        {0, "net", "serial:HP/VNB3K12345", "10.0.0.5", 0, NULL, ID_A, JAM "," TOTAL(100)},
        {0, "net", "serial:HP/VNB3K12345", "10.0.0.5", 1, NULL, ID_A, READY "," TOTAL(120)},
    };
    send_step(&steps[0]);
    list l = devices();
    assert_string_equal(l.state[0], "stopped");
    assert_true(l.attention[0]);
    assert_int_equal(l.alerts[0], 1);
    assert_int_equal(l.total[0], 100);
    assert_int_equal(l.lowest[0], HUB_NO_PERCENT);
    send_step(&steps[1]);
    l = devices();
    assert_string_equal(l.state[0], "ready");
    assert_false(l.attention[0]);
    assert_int_equal(l.alerts[0], 0);
    assert_int_equal(l.total[0], 120);
}

/* Changes against the reading before: what is not mentioned stays, what is gone goes. */
static void test_changes(void **state)
{
    (void)state;
    const step full = {0, "net", "serial:HP/VNB3K12345", "10.0.0.5", 0, NULL, ID_A, TOTAL(100) "," BLACK(50, "C1")};
    const step part = {0, "net", "serial:HP/VNB3K12345", "10.0.0.5", 5, NULL, "\"name\":\"lp1\"", BLACK(48, "C1"), .changes = true};
    send_step(&full);
    send_step(&part);
    hub_view v;
    assert_int_equal(hub_view_load(store, tenant, 1, &v), PLT_OK);
    assert_string_equal(plt_device_text(&v.model, PLT_SERIAL, 0), "VNB3K12345");
    assert_string_equal(plt_device_text(&v.model, PLT_NAME, 0), "lp1");
    hub_view_free(&v);
    list l = devices();
    assert_int_equal(l.total[0], 100);
    assert_int_equal(l.lowest[0], 48);
}

/* The same printer's stale USB reading says "stopped": the network's newer word counts. */
static void test_two_ways_status(void **state)
{
    (void)state;
    const step usb = {1, "usb", "serial:HP/VNB3K12345", NULL, 0, NULL, ID_A, JAM "," TOTAL(100)};
    const step net = {0, "net", "serial:HP/VNB3K12345", "10.0.0.5", 50, NULL, ID_A, READY "," TOTAL(180)};
    send_step(&usb);
    send_step(&net);
    list l = devices();
    assert_int_equal(l.n, 1);
    assert_string_equal(l.state[0], "ready");
    assert_int_equal(l.total[0], 180);
}

static void test_unreadable(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "{}",
        "[]",
        "{\"key\":\"k\",\"via\":\"radio\",\"at\":\"2026-01-01T00:00:00Z\",\"outcome\":\"read\"}",
        "{\"key\":\"k\",\"via\":\"net\",\"at\":\"yesterday\",\"outcome\":\"read\"}",
        "{\"key\":\"k\",\"via\":\"net\",\"at\":\"2026-01-01T00:00:00Z\",\"outcome\":\"exploded\"}",
        "{\"key\":\"k\",\"via\":\"net\",\"at\":\"2026-01-01T00:00:00Z\",\"outcome\":\"read\",\"values\":{\"source\":\"crystal ball\"}}",
        "{\"key\":\"k\",\"via\":\"net\",\"at\":\"2026-01-01T00:00:00Z\",\"outcome\":\"read\",\"values\":7}",
    };
    char kinds[2048], want[256] = "";
    for (size_t i = 0; i < COUNT(bad); i++) {
        send_line(0, "device", bad[i]); /* kept as a record: the chain goes on */
        snprintf(want + strlen(want), sizeof want - strlen(want), "%sunreadable", i ? " " : "");
    }
    send_line(0, "seen", "{\"via\":\"net\",\"at\":\"2026-01-01T00:00:00Z\",\"keys\":[7]}");
    events_of(0, kinds, sizeof kinds);
    assert_true(strlen(kinds) > strlen(want));
    assert_int_equal(devices().n, 0);
}

static void test_seen(void **state)
{
    (void)state;
    const step first = {0, "net", "serial:HP/VNB3K12345", "10.0.0.5", 0, NULL, ID_A, READY};
    const step silent = {0, "net", "serial:HP/VNB3K12345", "10.0.0.5", 1, "silent"};
    char kinds[256];
    send_step(&first);
    send_step(&silent);
    assert_string_equal(devices().state[0], "silent");
    send_line(0, "seen", "{\"via\":\"net\",\"at\":\"2025-12-31T00:00:00Z\",\"keys\":[\"serial:HP/VNB3K12345\",\"net:nobody\"]}");
    assert_string_equal(devices().state[0], "ready");
    events_of(1, kinds, sizeof kinds);
    assert_string_equal(kinds, "found silent back");
}

/* ---- what a person says ---- */

static bool first_way(void *ctx, const hub_way *w, const char *model)
{
    (void)model;
    *(int64_t *)ctx = w->way;
    return false;
}

static void test_merge_and_split(void **state)
{
    (void)state;
    const step one = {0, "net", "net:10.0.0.5", "10.0.0.5", 0, NULL, "\"make\":\"HP\",\"model\":\"LaserJet M404dn\"", TOTAL(100)};
    const step two = {1, "usb", "usb:USB001", NULL, 0, NULL, "\"make\":\"HP\",\"model\":\"LaserJet M404dn\"", TOTAL(90)};
    int64_t way = 0, other = 0;
    char kinds[512];
    send_step(&one);
    send_step(&two);
    assert_int_equal(devices().n, 2);
    assert_int_equal(hub_devices_join(store, HUB_OPERATOR, 1, 1, "mia", KIT_NOW), PLT_EXISTS);
    assert_int_equal(hub_devices_join(store, HUB_OPERATOR, 1, 99, "mia", KIT_NOW), PLT_NOTFOUND);
    assert_int_equal(hub_devices_join(store, HUB_OPERATOR, 1, 2, "mia", KIT_NOW), PLT_OK);
    assert_int_equal(devices().n, 1);
    assert_int_equal(devices().ways[0], 2);
    send_step(&two); /* evidence does not undo it */
    assert_int_equal(devices().n, 1);
    /* Parted again: the device that it was stands again, with its history. */
    assert_int_equal(store->ops->devices->ways_of(store, tenant, 1, first_way, &way), PLT_OK);
    const int64_t usb[] = {way + 1}, both[] = {way, way + 1};
    assert_int_equal(hub_devices_part(store, HUB_OPERATOR, 1, both, 2, "mia", KIT_NOW, &other), PLT_BAD);
    assert_int_equal(hub_devices_part(store, HUB_OPERATOR, 1, usb, 1, "mia", KIT_NOW, &other), PLT_OK);
    assert_int_equal(other, 2);
    assert_int_equal(devices().n, 2);
    events_of(2, kinds, sizeof kinds);
    assert_string_equal(kinds, "found merged_into split");
    send_step(&one);
    send_step(&two);
    assert_int_equal(devices().n, 2);
}

/* An automatic merge that was wrong can be undone, and stays undone. */
static void test_split_stays(void **state)
{
    (void)state;
    const step net = {0, "net", "serial:HP/VNB3K12345", "10.0.0.5", 0, NULL, ID_A MAC_A, TOTAL(100)};
    const step usb = {1, "usb", "serial:HP/VNB3K12345", NULL, 1, NULL, ID_A, TOTAL(4000)};
    int64_t way = 0, other = 0;
    send_step(&net);
    send_step(&usb);
    assert_int_equal(devices().n, 1);
    assert_int_equal(store->ops->devices->ways_of(store, tenant, 1, first_way, &way), PLT_OK);
    const int64_t ways[] = {way + 1};
    assert_int_equal(hub_devices_part(store, HUB_OPERATOR, 1, ways, 1, "mia", KIT_NOW, &other), PLT_OK);
    assert_int_equal(other, 2);
    send_step(&net);
    send_step(&usb);
    list l = devices();
    assert_int_equal(l.n, 2);
    assert_int_equal(l.total[0] + l.total[1], 4100);
}

/* ---- cursors ---- */

static void test_cursor(void **state)
{
    (void)state;
    char text[HUB_DEVICE_CURSOR_TEXT];
    hub_device_cursor c;
    const hub_device_query q = {.sort = HUB_DEVICES_BY_NAME, .descending = true};
    const hub_device_row d = {.no = 7, .sort_name = "réception 2", .sort_place = "", .state = "ready"};
    hub_device_cursor_of(&q, &d, text);
    assert_true(hub_device_cursor_parse(text, &c));
    assert_int_equal(c.no, 7);
    assert_true(c.descending);
    assert_string_equal(c.text, "réception 2");
    static const char *const bad[] = {"", "x", "ZDEgMA", "ZDEgOSAwIDEgMCA", "ZDEgMCAwIDAgMCA", "ZDIgMCAwIDEgMCA", "!!!!"};
    for (size_t i = 0; i < COUNT(bad); i++) assert_false(hub_device_cursor_parse(bad[i], &c));
}

static void test_paging(void **state)
{
    (void)state;
    static const hub_device_sort sorts[] = {HUB_DEVICES_BY_NAME,   HUB_DEVICES_BY_STATE, HUB_DEVICES_BY_PLACE,
                                            HUB_DEVICES_BY_SUPPLY, HUB_DEVICES_BY_TOTAL, HUB_DEVICES_BY_SEEN};
    char key[64], id[128];
    for (int i = 0; i < 11; i++) {
        snprintf(key, sizeof key, "serial:HP/SN%06d", i * 7 % 11);
        snprintf(id, sizeof id, "\"make\":\"HP\",\"serial\":\"SN%06d\",\"name\":\"p%d\"", i * 7 % 11, i / 2);
        const step s = {0, "net", key, NULL, i % 3, NULL, id, i % 2 ? TOTAL(5) : BLACK(40, "C")};
        send_step(&s);
    }
    for (size_t i = 0; i < 2 * COUNT(sorts); i++) {
        hub_device_query q = {.sort = sorts[i / 2], .descending = i % 2 == 1, .limit = 3};
        hub_device_cursor after;
        int seen = 0, pages = 0;
        bool met[16] = {false};
        for (;; pages++) {
            list l = {0};
            hub_device_row last = {0};
            assert_int_equal(store->ops->devices->devices(store, &q, note, &l), PLT_OK);
            if (!l.n) break;
            for (int k = 0; k < l.n; k++) {
                assert_false(met[l.no[k]]);
                met[l.no[k]] = true;
            }
            seen += l.n;
            /* The cursor of the last row, as the API makes it. */
            hub_view v;
            hub_row_room room;
            char text[HUB_DEVICE_CURSOR_TEXT];
            assert_int_equal(hub_view_load(store, tenant, l.no[l.n - 1], &v), PLT_OK);
            assert_int_equal(hub_view_row(&v, &last, &room), PLT_OK);
            hub_device_cursor_of(&q, &last, text);
            assert_true(hub_device_cursor_parse(text, &after));
            hub_row_room_free(&room);
            hub_view_free(&v);
            q.after = &after;
        }
        assert_int_equal(seen, 11);
        assert_int_equal(pages, 4);
    }
}

int main(void)
{
    os_log_open(NULL, OS_LOG_ERROR);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_scenarios, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_alerts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_changes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_two_ways_status, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_unreadable, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_seen, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_merge_and_split, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_split_stays, set_up, tear_down),
        cmocka_unit_test(test_cursor),
        cmocka_unit_test_setup_teardown(test_paging, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
