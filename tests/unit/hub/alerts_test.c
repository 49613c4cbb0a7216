/* SPDX-License-Identifier: Apache-2.0 */
/* From facts in the store to messages in a fake post, on both engines, by a clock that the test moves. */
#include "hub_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/hmac.h>

#include "core/device/meter.h"
#include "core/util/text.h"
#include "hub/alert_watch.h"
#include "hub/handler.h"
#include "hub/ingest.h"
#include "hub/post.h"
#include "hub/writer.h"
#include "os/http.h"

#define MIN INT64_C(60000)
#define HOUR (60 * MIN)
#define HOOK "00000000000000c1"
#define MAIL "00000000000000c2"
#define RULE "00000000000000f1"
#define AGENT "00000000000000aa"
#define COUNT(a) (sizeof(a) / sizeof(a)[0])

static int64_t tenant, now;

/* ---- the fake post ---- */

typedef struct sent_one {
    char to[256];
    plt_buf body;
    char header[200];
} sent_one;

static struct {
    plt_status result;
    int http, code;
    sent_one sent[64];
    int n;
} box;

static void keep(const char *to, const char *header, const void *body, size_t n)
{
    assert_in_range(box.n, 0, (int)COUNT(box.sent) - 1);
    sent_one *s = &box.sent[box.n++];
    plt_copy(s->to, sizeof s->to, to);
    plt_copy(s->header, sizeof s->header, header);
    plt_buf_init(&s->body, 1u << 20);
    plt_buf_add(&s->body, body, n);
}

static plt_status fake_mail(void *ctx, const os_mail_server *s, const char *from, const char *to, const void *message, size_t n, os_mail_result *r)
{
    (void)ctx;
    memset(r, 0, sizeof *r);
    assert_string_equal(from, "platen@example.org");
    assert_string_equal(s->password, "s3cret");
    keep(to, "", message, n);
    if (box.result != PLT_OK) snprintf(r->problem, sizeof r->problem, "550 no such user");
    return box.result;
}

static plt_status fake_hook(void *ctx, const hub_hook_call *c, int *status, char problem[HUB_REASON_SIZE])
{
    (void)ctx;
    keep(c->url, c->header, c->body, c->n);
    *status = box.http;
    plt_copy(problem, HUB_REASON_SIZE, "not reached");
    return box.result;
}

static int64_t fake_now(void *ctx)
{
    (void)ctx;
    return now;
}

static const hub_post_ways ways = {.mail = fake_mail, .hook = fake_hook, .now = fake_now};

static void empty_box(void)
{
    for (int i = 0; i < box.n; i++) plt_buf_free(&box.sent[i].body);
    memset(&box, 0, sizeof box);
    box.http = 200;
}

static int post_of(hub_store *s, const char *who)
{
    hub_post p = {.s = s, .ways = &ways};
    int64_t sent = 0;
    memset(p.key, 7, sizeof p.key);
    plt_copy(p.who, sizeof p.who, who);
    assert_int_equal(hub_post_round(&p, 16, &sent), PLT_OK);
    return (int)sent;
}

/* ---- the world ---- */

static const hub_alert_ops *A(hub_store *s)
{
    return s->ops->alerts;
}

static void begin_world(hub_store *s)
{
    empty_box();
    now = KIT_NOW + 12 * HOUR;
    tenant = kit_tenant(s, "Acme");
    kit_agent(s, tenant, AGENT, "PC-1");
    hub_channel *c = calloc(1, sizeof *c);
    assert_non_null(c);
    c->tenant_id = tenant;
    plt_copy(c->id, sizeof c->id, HOOK);
    plt_copy(c->name, sizeof c->name, "Hook");
    plt_copy(c->language, sizeof c->language, "en");
    plt_copy(c->target, sizeof c->target, "https://hook.example.org/x");
    c->kind = HUB_CHANNEL_WEBHOOK;
    c->enabled = true;
    assert_int_equal(A(s)->channel_put(s, c), PLT_OK);
    plt_copy(c->id, sizeof c->id, MAIL);
    plt_copy(c->target, sizeof c->target, "a@example.org,b@example.org");
    plt_copy(c->language, sizeof c->language, "de");
    c->kind = HUB_CHANNEL_MAIL;
    assert_int_equal(A(s)->channel_put(s, c), PLT_OK);
    free(c);
}

static void add_rule(hub_store *s, const char *json)
{
    hub_rule_row r = {.tenant_id = tenant, .changed = now};
    plt_copy(r.id, sizeof r.id, RULE);
    cJSON *o = cJSON_Parse(json);
    assert_non_null(o);
    const char *fault = hub_alert_rule_read(o, &r.rule);
    cJSON_Delete(o);
    if (fault) fail_msg("%s", fault);
    assert_int_equal(A(s)->rule_put(s, &r), PLT_OK);
}

static void put_device(hub_store *s, int64_t *no, const char *name, const char *state, int percent, int64_t total)
{
    char supplies[256];
    snprintf(supplies, sizeof supplies,
             "[{\"index\":1,\"text\":\"Black\",\"color\":\"black\",\"type\":\"toner\",\"state\":null,\"percent\":%d,\"low\":false}]", percent);
    if (!*no) assert_int_equal(s->ops->devices->device_make(s, tenant, now, no), PLT_OK);
    const hub_device_row d = {.tenant_id = tenant,
                              .no = *no,
                              .make = "Kyo",
                              .model = "M1",
                              .serial = "",
                              .mac = "",
                              .name = name,
                              .location = "Hall",
                              .address = "",
                              .state = state,
                              .supplies = supplies,
                              .lowest = percent,
                              .total = total,
                              .last_seen = now,
                              .last_read = now,
                              .search = "",
                              .sort_name = name,
                              .sort_place = ""};
    assert_int_equal(s->ops->devices->device_put(s, &d), PLT_OK);
}

/* One pass of everything; how many messages were made. */
static int pass(hub_store *s)
{
    int64_t made = 0;
    assert_int_equal(hub_alerts_look(s, HUB_SPAN_ALL, 0, now), PLT_OK);
    assert_int_equal(hub_alerts_tick(s, now), PLT_OK);
    assert_int_equal(hub_alerts_speak(s, now, &made), PLT_OK);
    return (int)made;
}

typedef struct seen {
    int n;
    hub_alert last;
} seen;

static bool note_alert(void *ctx, const hub_alert *a)
{
    seen *l = ctx;
    l->n++;
    l->last = *a;
    return true;
}

static int alerts_now(hub_store *s, int which, hub_alert *last)
{
    seen l = {0};
    const hub_alert_query q = {.scope = HUB_OPERATOR, .which = which, .kind = -1, .limit = 100};
    assert_int_equal(A(s)->alerts(s, &q, note_alert, &l), PLT_OK);
    if (last) *last = l.last;
    return l.n;
}

static bool note_delivery(void *ctx, const hub_delivery *d)
{
    *(hub_delivery *)ctx = *d;
    return false;
}

static hub_delivery newest(hub_store *s)
{
    hub_delivery d = {0};
    assert_int_equal(A(s)->deliveries(s, HUB_OPERATOR, 1, note_delivery, &d), PLT_OK);
    return d;
}

#define STATUS_RULE                                                                                                                                  \
    "{\"name\":\"Stopped\",\"kind\":\"status\",\"when\":{\"states\":[\"stopped\",\"silent\"]},\"hold_minutes\":5,\"clear_minutes\":10,"              \
    "\"window_minutes\":30,\"channels\":[\"" HOOK "\"]}"

/* ---- cases ---- */

static void test_status(void **state)
{
    hub_store *s = *state;
    hub_alert a;
    int64_t no = 0;
    begin_world(s);
    add_rule(s, STATUS_RULE);
    put_device(s, &no, "Hall 1", "stopped", 50, 100);
    assert_int_equal(pass(s), 0);
    assert_int_equal(alerts_now(s, HUB_ALERTS_OPEN, NULL), 0); /* pending is not shown */
    now += 5 * MIN;
    pass(s);
    assert_int_equal(alerts_now(s, HUB_ALERTS_OPEN, &a), 1);
    assert_int_equal(a.device, no);
    assert_string_equal(a.label, "Hall 1");
    assert_string_equal(a.place, "Hall");
    assert_string_equal(a.rule_name, "Stopped");
    assert_int_equal(a.state.since, KIT_NOW + 12 * HOUR);
    now += HUB_ALERT_GATHER_MS;
    assert_int_equal(pass(s), 1);
    assert_int_equal(pass(s), 0);
    assert_int_equal(post_of(s, "h1"), 1);
    assert_non_null(strstr(plt_buf_str(&box.sent[0].body), "\"event\":\"opened\",\"label\":\"Hall 1\""));
    assert_int_equal(post_of(s, "h1"), 0); /* sent is sent */
    put_device(s, &no, "Hall 1", "ready", 50, 100);
    pass(s);
    now += 10 * MIN;
    pass(s);
    assert_int_equal(alerts_now(s, HUB_ALERTS_OPEN, NULL), 0);
    assert_int_equal(alerts_now(s, HUB_ALERTS_CLOSED, &a), 1);
    assert_int_equal(a.closed, now);
    now += 30 * MIN;
    assert_int_equal(pass(s), 1); /* that it is over, in the next window */
    assert_int_equal(post_of(s, "h1"), 1);
    assert_non_null(strstr(plt_buf_str(&box.sent[1].body), "\"event\":\"closed\""));
}

/* One that falls silent is not seen any more: it is news all the same. */
static void test_silent_is_news(void **state)
{
    hub_store *s = *state;
    int64_t no = 0;
    begin_world(s);
    add_rule(s, "{\"name\":\"S\",\"kind\":\"status\",\"when\":{\"states\":[\"silent\"]},\"channels\":[]}");
    put_device(s, &no, "Hall", "silent", 50, 1);
    now += KIT_DAY;
    assert_int_equal(hub_alerts_look(s, HUB_SPAN_NEWS, now - MIN, now), PLT_OK);
    assert_int_equal(alerts_now(s, HUB_ALERTS_OPEN, NULL), 1);
}

/* Two hundred printers at once are two messages at most in the first window, and name what fits. */
static void test_grouping(void **state)
{
    hub_store *s = *state;
    char name[32];
    begin_world(s);
    add_rule(s, "{\"name\":\"All\",\"kind\":\"status\",\"when\":{\"states\":[\"silent\"]},\"window_minutes\":30,\"channels\":[\"" HOOK "\"]}");
    for (int i = 0; i < 200; i++) {
        int64_t no = 0;
        snprintf(name, sizeof name, "P%03d", i);
        put_device(s, &no, name, "silent", 50, 1);
    }
    int made = 0;
    for (int i = 0; i < 60; i++) {
        made += pass(s);
        now += 20000;
    }
    assert_int_equal(made, 1);
    assert_int_equal(post_of(s, "h1"), 1);
    assert_non_null(strstr(plt_buf_str(&box.sent[0].body), "\"opened\":200,\"closed\":0,\"more\":150"));
    assert_int_equal(alerts_now(s, HUB_ALERTS_OPEN, NULL), 100); /* the page's limit */
}

/* What comes and goes all day sends no more than the gate lets through, and what nobody was told of is not said to be over. */
static void test_flapping(void **state)
{
    hub_store *s = *state;
    int64_t no = 0;
    begin_world(s);
    add_rule(s,
             "{\"name\":\"F\",\"kind\":\"status\",\"when\":{\"states\":[\"stopped\"]},\"clear_minutes\":1,\"window_minutes\":60,\"channels\":[\"" HOOK
             "\"]}");
    int made = 0;
    for (int i = 0; i < 24 * 30; i++) { /* a day, each two minutes */
        put_device(s, &no, "F", i % 2 ? "ready" : "stopped", 50, 1);
        made += pass(s);
        now += 2 * MIN;
    }
    assert_in_range(made, 1, 24);
    hub_alert a;
    assert_true(alerts_now(s, HUB_ALERTS_CLOSED, &a) + alerts_now(s, HUB_ALERTS_OPEN, NULL) < 10); /* the longer it flaps, the longer it stays one */
}

static void test_mail_and_faults(void **state)
{
    hub_store *s = *state;
    int64_t no = 0;
    begin_world(s);
    hub_mail_settings *m = calloc(1, sizeof *m);
    uint8_t key[HUB_SEAL_KEY];
    memset(key, 7, sizeof key);
    plt_copy(m->host, sizeof m->host, "mail.example.org");
    plt_copy(m->user, sizeof m->user, "platen");
    plt_copy(m->sender, sizeof m->sender, "platen@example.org");
    m->port = 587;
    assert_int_equal(hub_seal(key, "mail", "s3cret", 7, m->secret), PLT_OK);
    m->secret_n = 7 + HUB_SEAL_MORE;
    add_rule(s, "{\"name\":\"Drucker über Nacht\",\"kind\":\"status\",\"when\":{\"states\":[\"stopped\"]},\"channels\":[\"" MAIL "\"]}");
    put_device(s, &no, "Hall", "stopped", 50, 1);
    pass(s);
    now += HUB_ALERT_GATHER_MS;
    assert_int_equal(pass(s), 2); /* one each address */
    assert_int_equal(post_of(s, "h1"), 0);
    assert_string_equal(newest(s).reason, "no mail server is set");
    assert_int_equal(newest(s).state, HUB_DELIVERY_WAITS);
    assert_int_equal(A(s)->mail_put(s, m), PLT_OK);
    free(m);
    assert_int_equal(post_of(s, "h1"), 0); /* not before its time */
    now += 30000;
    box.result = PLT_BUSY;
    assert_int_equal(post_of(s, "h1"), 0);
    assert_int_equal(newest(s).state, HUB_DELIVERY_WAITS);
    assert_int_equal(newest(s).attempts, 2);
    now += MIN;
    box.result = PLT_OK;
    assert_int_equal(post_of(s, "h1"), 2);
    assert_int_equal(newest(s).state, HUB_DELIVERY_SENT);
    const char *first = plt_buf_str(&box.sent[0].body), *again = plt_buf_str(&box.sent[2].body);
    const char *id = strstr(first, "Message-ID: "), *id2 = strstr(again, "Message-ID: ");
    assert_non_null(id);
    assert_memory_equal(id, id2, strcspn(id, "\r")); /* the same message, said to be so */
    assert_non_null(strstr(first, "X-Platen-Attempt: 2\r\n"));
    assert_non_null(strstr(again, "X-Platen-Attempt: 3\r\n"));
    empty_box();
    put_device(s, &no, "Hall", "ready", 50, 1);
    pass(s);
    now += HOUR;
    pass(s);
    now += HOUR;
    pass(s);
    box.result = PLT_DENIED;
    post_of(s, "h1");
    assert_int_equal(newest(s).state, HUB_DELIVERY_GIVEN_UP);
    assert_string_equal(newest(s).reason, "550 no such user");
}

static void test_back_off(void **state)
{
    hub_store *s = *state;
    int64_t no = 0, begun;
    begin_world(s);
    add_rule(s, "{\"name\":\"B\",\"kind\":\"status\",\"when\":{\"states\":[\"stopped\"]},\"channels\":[\"" HOOK "\"]}");
    put_device(s, &no, "Hall", "stopped", 50, 1);
    pass(s);
    now += HUB_ALERT_GATHER_MS;
    assert_int_equal(pass(s), 1);
    box.result = PLT_NOTFOUND;
    begun = now;
    int attempts = 0;
    while (newest(s).state == HUB_DELIVERY_WAITS) {
        int before = box.n;
        post_of(s, "h1");
        attempts += box.n - before;
        now += MIN;
        assert_in_range(attempts, 0, 60);
    }
    assert_in_range(attempts, 25, 32); /* 30 s, 1, 2 ... 32 minutes, then each hour */
    assert_in_range(now - begun, HUB_POST_LIFE_MS, HUB_POST_LIFE_MS + 2 * HOUR);
    assert_string_equal(newest(s).reason, "not reached");
}

/* Statuses of a webhook: which are tried again. */
static void test_hook_statuses(void **state)
{
    static const struct {
        int status;
        hub_delivery_state state;
    } cases[] = {{200, HUB_DELIVERY_SENT},     {204, HUB_DELIVERY_SENT},     {301, HUB_DELIVERY_GIVEN_UP},
                 {400, HUB_DELIVERY_GIVEN_UP}, {410, HUB_DELIVERY_GIVEN_UP}, {408, HUB_DELIVERY_WAITS},
                 {429, HUB_DELIVERY_WAITS},    {500, HUB_DELIVERY_WAITS},    {503, HUB_DELIVERY_WAITS}};
    hub_store *s = *state;
    begin_world(s);
    for (size_t i = 0; i < COUNT(cases); i++) {
        hub_delivery d = {.tenant_id = tenant, .created = now};
        snprintf(d.key, sizeof d.key, "k%zu", i);
        plt_copy(d.channel, sizeof d.channel, HOOK);
        plt_copy(d.target, sizeof d.target, "https://hook.example.org/x");
        assert_int_equal(A(s)->delivery_add(s, &d, "{\"test\":true}"), PLT_OK);
        assert_int_equal(A(s)->delivery_add(s, &d, "{\"test\":true}"), PLT_OK); /* of one key there is one */
        box.http = cases[i].status;
        int before = box.n;
        post_of(s, "h1");
        assert_int_equal(box.n - before, 1);
        if (newest(s).state != cases[i].state) fail_msg("%d: %d", cases[i].status, (int)newest(s).state);
        now += 1000; /* none of the others is due again yet */
    }
}

/* The signature is what the page says: anybody can compute it. */
static void test_signature(void **state)
{
    static const char body[] = "{\"a\":1}", text[] = "1767225600.{\"a\":1}", secret[] = "whsec_abc";
    char line[160], want[160], hex[65];
    uint8_t mac[32];
    unsigned n;
    (void)state;
    HMAC(EVP_sha256(), secret, (int)strlen(secret), (const uint8_t *)text, strlen(text), mac, &n);
    plt_hex(hex, mac, 32);
    snprintf(want, sizeof want, "Platen-Signature: t=1767225600,v1=%s", hex);
    assert_int_equal(hub_hook_sign(secret, KIT_NOW + 999, body, strlen(body), line, sizeof line), PLT_OK);
    assert_string_equal(line, want);
}

/* Two hubs look and send at the same time. */
static void test_two_hubs(void **state)
{
    hub_store *s = *state, *other = kit_store_open();
    int64_t no = 0, made, sum = 0;
    begin_world(s);
    add_rule(s, "{\"name\":\"T\",\"kind\":\"status\",\"when\":{\"states\":[\"stopped\"]},\"channels\":[\"" HOOK "\"]}");
    put_device(s, &no, "Hall", "stopped", 50, 1);
    for (int i = 0; i < 2; i++) assert_int_equal(hub_alerts_look(i ? other : s, HUB_SPAN_ALL, 0, now), PLT_OK);
    now += HUB_ALERT_GATHER_MS;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(hub_alerts_speak(i ? other : s, now, &made), PLT_OK);
        sum += made;
    }
    assert_int_equal(sum, 1);
    /* One claims and dies; the other one has to wait for the lease, and then sends it under the same key. */
    plt_buf body;
    plt_buf_init(&body, 1u << 20);
    assert_int_equal(A(s)->delivery_claim(s, newest(s).no, "h1", now, &body), PLT_OK);
    plt_buf_free(&body);
    assert_int_equal(A(other)->delivery_claim(other, newest(s).no, "h2", now, &body), PLT_BUSY);
    assert_int_equal(post_of(other, "h2"), 0);
    now += HUB_LEASE_MS;
    assert_int_equal(post_of(other, "h2"), 1);
    assert_non_null(strstr(plt_buf_str(&box.sent[0].body), "\"attempt\":2"));
    hub_delivery late = newest(s);
    assert_int_equal(A(s)->delivery_end(s, &late, "h1"), PLT_NOTFOUND); /* what the dead one would write is not taken */
    other->ops->close(other);
}

static void test_supplies(void **state)
{
    hub_store *s = *state;
    hub_alert a;
    int64_t no = 0;
    begin_world(s);
    add_rule(s, "{\"name\":\"Toner\",\"kind\":\"supply\",\"when\":{\"percent\":10,\"clear_percent\":20},\"clear_minutes\":0,\"channels\":[]}");
    static const struct {
        int percent, open;
    } steps[] = {{11, 0}, {10, 1}, {15, 1}, {19, 1}, {20, 0}, {12, 0}, {3, 1}};
    for (size_t i = 0; i < COUNT(steps); i++) {
        put_device(s, &no, "Hall", "ready", steps[i].percent, 1);
        assert_int_equal(pass(s), 0); /* no channel: the console alone */
        if (alerts_now(s, HUB_ALERTS_OPEN, &a) != steps[i].open) fail_msg("at %d %%", steps[i].percent);
        now += MIN;
    }
    assert_non_null(strstr(a.detail, "\"supply\":\"Black\""));
    assert_int_equal(a.value, 3);
    assert_string_equal(a.subject + strlen(a.subject) - 2, "/1");
}

static void test_meters(void **state)
{
    hub_store *s = *state;
    hub_alert a;
    int64_t no = 0;
    begin_world(s);
    add_rule(s, "{\"name\":\"M\",\"kind\":\"meter\",\"when\":{\"what\":\"target\",\"count\":1000},\"channels\":[]}");
    put_device(s, &no, "Hall", "ready", 50, 999);
    pass(s);
    assert_int_equal(alerts_now(s, HUB_ALERTS_OPEN, NULL), 0);
    put_device(s, &no, "Hall", "ready", 50, 1000);
    pass(s);
    assert_int_equal(alerts_now(s, HUB_ALERTS_OPEN, &a), 1);
    /* Stuck: the meter's last point is eight days old, the device was read today. */
    hub_way w = {.device = no, .home = no, .first_seen = now, .last_seen = now, .last_read = now};
    plt_copy(w.agent, sizeof w.agent, AGENT);
    plt_copy(w.via, sizeof w.via, "net");
    plt_copy(w.key, sizeof w.key, "net:1");
    assert_int_equal(s->ops->devices->way_put(s, tenant, &w), PLT_OK);
    const plt_count c = {now - 8 * KIT_DAY, 1000, 1};
    assert_int_equal(s->ops->devices->meter_add(s, tenant, w.way, PLT_METER_TOTAL, &c), PLT_OK);
    add_rule(s, "{\"name\":\"M\",\"kind\":\"meter\",\"when\":{\"what\":\"stuck\",\"days\":7},\"channels\":[]}");
    pass(s);
    assert_int_equal(alerts_now(s, HUB_ALERTS_OPEN, &a), 1);
    assert_non_null(strstr(a.detail, "\"meter\":\"stuck\""));
    add_rule(s, "{\"name\":\"M\",\"kind\":\"meter\",\"when\":{\"what\":\"reset\"},\"clear_minutes\":0,\"channels\":[]}");
    pass(s);
    assert_int_equal(alerts_now(s, HUB_ALERTS_OPEN, NULL), 0);
    const hub_device_event e = {.device = no, .way = w.way, .at = now, .kind = "meter_reset", .detail = "{}"};
    assert_int_equal(s->ops->devices->event_add(s, tenant, &e), PLT_OK);
    pass(s);
    assert_int_equal(alerts_now(s, HUB_ALERTS_OPEN, &a), 1);
    now += 25 * HOUR;
    pass(s);
    assert_int_equal(alerts_now(s, HUB_ALERTS_OPEN, NULL), 0);
}

static void test_agents(void **state)
{
    hub_store *s = *state;
    hub_alert a;
    begin_world(s);
    add_rule(s, "{\"name\":\"G\",\"kind\":\"agent\",\"when\":{\"hours\":24},\"clear_minutes\":0,\"channels\":[]}");
    pass(s);
    assert_int_equal(alerts_now(s, HUB_ALERTS_OPEN, NULL), 0);
    now += 12 * HOUR;
    pass(s);
    assert_int_equal(alerts_now(s, HUB_ALERTS_OPEN, &a), 1);
    assert_string_equal(a.label, "PC-1");
    assert_non_null(strstr(a.detail, "\"why\":\"never\""));
    assert_int_equal(s->ops->agent_seen(s, tenant, AGENT, now), PLT_OK);
    pass(s);
    assert_int_equal(alerts_now(s, HUB_ALERTS_OPEN, NULL), 0);
    now += 400 * KIT_DAY;
    pass(s);
    assert_int_equal(alerts_now(s, HUB_ALERTS_OPEN, &a), 1);
    assert_non_null(strstr(a.detail, "\"why\":\"certificate\""));
    assert_int_equal(s->ops->agent_revoke(s, HUB_OPERATOR, AGENT), PLT_OK);
    pass(s);
    assert_int_equal(alerts_now(s, HUB_ALERTS_OPEN, NULL), 0); /* nobody waits for it any more */
}

static void test_policy(void **state)
{
    hub_store *s = *state;
    hub_alert a;
    kit_chain c;
    char line[1024];
    begin_world(s);
    add_rule(s, "{\"name\":\"P\",\"kind\":\"policy\",\"when\":{\"count\":3,\"clear_count\":1,\"minutes\":60},\"scope\":{\"queue\":\"office\"},"
                "\"channels\":[],\"clear_minutes\":0}");
    kit_chain_init(&c);
    for (int i = 0; i < 4; i++) {
        char at[PLT_TIME_SIZE];
        plt_time_format(at, now - (4 - i) * MIN);
        snprintf(line, sizeof line,
                 "{\"v\":1,\"seq\":%lld,\"prev\":\"%s\",\"type\":\"job\",\"uid\":\"%032d\",\"at\":\"%s\",\"job\":{\"queue\":\"%s\",\"document\":"
                 "\"d\",\"user\":\"mia\",\"machine\":\"PC-1\","
                 "\"begun\":\"%s\",\"ended\":\"%s\",\"bytes\":1,\"outcome\":\"printed\",\"source\":\"pipe\",\"policy\":{\"version\":1,\"action\":\"%"
                 "s\",\"rule\":\"r\"},"
                 "\"analysis\":{\"language\":\"PCL\",\"pages\":1,\"copies\":1,\"impressions\":1}}}",
                 (long long)c.seq + 1, c.prev, i + 1, at, i == 3 ? "Other" : "Office", at, at, i == 2 ? "printed" : "denied");
        kit_chain_line(&c, line);
    }
    hub_task *t = kit_upload(&c, 1, 4, tenant, AGENT);
    hub_writer_group(s, t, now);
    assert_int_equal(t->out.status, 200);
    hub_task_free(t);
    pass(s);
    assert_int_equal(alerts_now(s, HUB_ALERTS_OPEN, NULL), 0); /* two count: one was printed, one is another queue's */
    add_rule(s, "{\"name\":\"P\",\"kind\":\"policy\",\"when\":{\"count\":2,\"clear_count\":1,\"minutes\":60},\"scope\":{\"queue\":\"office\"},"
                "\"channels\":[],\"clear_minutes\":0}");
    pass(s);
    assert_int_equal(alerts_now(s, HUB_ALERTS_OPEN, &a), 1);
    assert_int_equal(a.value, 2);
    now += 2 * HOUR;
    pass(s);
    assert_int_equal(alerts_now(s, HUB_ALERTS_OPEN, NULL), 0);
    kit_chain_free(&c);
}

/* Taken before its message went: nobody is told. Rules that go take their alerts along. */
static void test_acknowledge_and_drop(void **state)
{
    hub_store *s = *state;
    hub_alert a;
    int64_t no = 0, open, unseen;
    begin_world(s);
    add_rule(s, "{\"name\":\"K\",\"kind\":\"status\",\"when\":{\"states\":[\"stopped\"]},\"channels\":[\"" HOOK "\"]}");
    put_device(s, &no, "Hall", "stopped", 50, 1);
    pass(s);
    assert_int_equal(alerts_now(s, HUB_ALERTS_OPEN, &a), 1);
    int64_t foreign = kit_tenant(s, "Foreign");
    assert_int_equal(A(s)->acknowledge(s, foreign, a.no, "eve", "", now), PLT_NOTFOUND);
    assert_int_equal(A(s)->acknowledge(s, tenant, a.no, "mia", "on my way", now), PLT_OK);
    assert_int_equal(A(s)->sums(s, tenant, &open, &unseen), PLT_OK);
    assert_int_equal(open, 1);
    assert_int_equal(unseen, 0);
    assert_int_equal(A(s)->sums(s, foreign, &open, &unseen), PLT_OK);
    assert_int_equal(open, 0);
    now += HOUR;
    assert_int_equal(pass(s), 0);
    assert_int_equal(A(s)->close_all(s, RULE, now), PLT_OK);
    assert_int_equal(A(s)->rule_drop(s, RULE), PLT_OK);
    assert_int_equal(alerts_now(s, HUB_ALERTS_OPEN, NULL), 0);
    assert_int_equal(alerts_now(s, HUB_ALERTS_CLOSED, &a), 1);
    assert_string_equal(a.acked_by, "mia");
    assert_int_equal(A(s)->forget(s, now + 1, now + 1, 10), PLT_OK);
    assert_int_equal(alerts_now(s, HUB_ALERTS_CLOSED, NULL), 0);
}

static void test_rules_refused(void **state)
{
    static const char *const bad[] = {
        "{}",
        "{\"name\":\"x\",\"kind\":\"storm\"}",
        "{\"name\":\"x\",\"kind\":\"status\",\"when\":{\"states\":[]}}",
        "{\"name\":\"x\",\"kind\":\"status\",\"when\":{\"states\":[\"happy\"]}}",
        "{\"name\":\"x\",\"kind\":\"supply\",\"when\":{}}",
        "{\"name\":\"x\",\"kind\":\"supply\",\"when\":{\"percent\":10,\"clear_percent\":10}}",
        "{\"name\":\"x\",\"kind\":\"meter\",\"when\":{\"what\":\"target\"}}",
        "{\"name\":\"x\",\"kind\":\"agent\",\"when\":{\"hours\":0}}",
        "{\"name\":\"x\",\"kind\":\"agent\",\"when\":{\"hours\":1},\"scope\":{\"device\":5}}",
        "{\"name\":\"x\",\"kind\":\"policy\",\"when\":{\"count\":2,\"clear_count\":2}}",
        "{\"name\":\"x\",\"kind\":\"policy\",\"when\":{\"count\":2},\"scope\":{\"group\":\"0000000000000001\"}}",
        "{\"name\":\"x\",\"kind\":\"agent\",\"when\":{\"hours\":1},\"quiet\":{\"from\":\"22:00\",\"to\":\"24:00\",\"zone\":\"UTC\"}}",
        "{\"name\":\"x\",\"kind\":\"agent\",\"when\":{\"hours\":1},\"quiet\":{\"from\":\"22:00\",\"to\":\"06:00\",\"zone\":\"Mars\"}}",
        "{\"name\":\"x\",\"kind\":\"agent\",\"when\":{\"hours\":1},\"window_minutes\":0}",
        "{\"name\":\"x\",\"kind\":\"agent\",\"when\":{\"hours\":1},\"channels\":[\"zz\"]}",
        "{\"name\":\"x\",\"kind\":\"agent\",\"when\":{\"hours\":1e99}}",
    };
    hub_alert_rule r;
    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        cJSON *o = cJSON_Parse(bad[i]);
        assert_non_null(o);
        if (!hub_alert_rule_read(o, &r)) fail_msg("taken: %s", bad[i]);
        cJSON_Delete(o);
    }
}

/* Whatever was taken is written and read back as the same. */
static void test_rule_round_trip(void **state)
{
    static const char *const good[] = {
        "{\"name\":\"x\",\"kind\":\"status\",\"when\":{\"states\":[\"gone\",\"attention\"]},\"scope\":{\"device\":7},\"quiet\":{\"from\":\"22:15\","
        "\"to\":\"06:00\",\"zone\":\"Europe/Berlin\",\"weekend\":true},"
        "\"channels\":[\"0000000000000001\"],\"hold_minutes\":3,\"clear_minutes\":4,\"window_minutes\":60,\"tell_closed\":false,\"enabled\":false}",
        "{\"name\":\"x\",\"kind\":\"supply\",\"when\":{\"percent\":0,\"days\":7},\"scope\":{\"group\":\"00000000000000ab\"}}",
        "{\"name\":\"x\",\"kind\":\"meter\",\"when\":{\"what\":\"target\",\"count\":123456}}",
        "{\"name\":\"x\",\"kind\":\"meter\",\"when\":{\"what\":\"stuck\",\"days\":3}}",
        "{\"name\":\"x\",\"kind\":\"meter\",\"when\":{\"what\":\"reset\"}}",
        "{\"name\":\"x\",\"kind\":\"policy\",\"when\":{\"count\":1},\"scope\":{\"queue\":\"Bü\\\"ro\"}}",
    };
    (void)state;
    for (size_t i = 0; i < COUNT(good); i++) {
        hub_alert_rule a, b;
        plt_buf text[2];
        cJSON *o = cJSON_Parse(good[i]);
        const char *fault = hub_alert_rule_read(o, &a);
        if (fault) fail_msg("%s: %s", good[i], fault);
        cJSON_Delete(o);
        for (int k = 0; k < 2; k++) {
            plt_buf_init(&text[k], 65536);
            plt_buf_byte(&text[k], '{');
            hub_alert_rule_write(k ? &b : &a, &text[k]);
            plt_buf_byte(&text[k], '}');
            if (!k) assert_true(hub_alert_rule_parse(plt_buf_str(&text[0]), text[0].len, &b));
        }
        assert_string_equal(plt_buf_str(&text[0]), plt_buf_str(&text[1]));
        plt_buf_free(&text[0]);
        plt_buf_free(&text[1]);
    }
}

/* A webhook may not reach into the hub's own network unless the operator says so; a name that resolves there is no way round. */
static void test_inside(void **state)
{
    static const char *const inside[] = {"https://127.0.0.1:9/x", "https://localhost:9/x", "https://[::1]:9/x", "https://10.0.0.1:9/x",
                                         "https://169.254.169.254/latest"};
    hub_post_ways w;
    (void)state;
    hub_post_by_curl(&w, NULL);
    for (size_t i = 0; i < COUNT(inside); i++) {
        char problem[HUB_REASON_SIZE];
        int status;
        const hub_hook_call c = {.url = inside[i], .ca_pem = "", .header = "Platen-Signature: x", .body = "{}", .n = 2, .local = false};
        assert_int_equal(w.hook(w.ctx, &c, &status, problem), PLT_DENIED);
        assert_non_null(strstr(problem, "not allowed"));
    }
}

#define BOTH(on)                                                                                                                                     \
    on(test_status), on(test_silent_is_news), on(test_grouping), on(test_flapping), on(test_mail_and_faults), on(test_back_off),                     \
        on(test_hook_statuses), on(test_two_hubs), on(test_supplies), on(test_meters), on(test_agents), on(test_policy),                             \
        on(test_acknowledge_and_drop)

int main(void)
{
    const struct CMUnitTest pure[] = {cmocka_unit_test(test_signature), cmocka_unit_test(test_rules_refused), cmocka_unit_test(test_rule_round_trip),
                                      cmocka_unit_test(test_inside)};
    const struct CMUnitTest sqlite[] = {BOTH(KIT_SQLITE)};
    const struct CMUnitTest postgres[] = {BOTH(KIT_POSTGRES)};
    int bad = cmocka_run_group_tests_name("alerts", pure, NULL, NULL);
    bad += cmocka_run_group_tests_name("SQLite", sqlite, NULL, NULL);
    if (kit_postgres_there()) bad += cmocka_run_group_tests_name("PostgreSQL", postgres, NULL, NULL);
    empty_box();
    return bad;
}
