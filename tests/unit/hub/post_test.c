/* SPDX-License-Identifier: Apache-2.0 */
/* The post of alerts: what is sent, tried again, given up and signed, and that two hubs send a message once. */
#include "alerts_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/hmac.h>

#include "core/util/text.h"
#include "hub/alert_watch.h"
#include "hub/post.h"
#include "os/http.h"

static void test_mail_and_faults(void **state)
{
    hub_store *s = *state;
    int64_t no = 0;
    world_begin(s);
    hub_mail_settings *m = calloc(1, sizeof *m);
    uint8_t key[HUB_SEAL_KEY];
    memset(key, 7, sizeof key);
    plt_copy(m->host, sizeof m->host, "mail.example.org");
    plt_copy(m->user, sizeof m->user, "platen");
    plt_copy(m->sender, sizeof m->sender, "platen@example.org");
    m->port = 587;
    assert_int_equal(hub_seal(key, "mail", "s3cret", 7, m->secret), PLT_OK);
    m->secret_n = 7 + HUB_SEAL_MORE;
    world_rule(s, "{\"name\":\"Drucker über Nacht\",\"kind\":\"status\",\"when\":{\"states\":[\"stopped\"]},\"channels\":[\"" MAIL "\"]}");
    world_device(s, &no, "Hall", "stopped", 50, 1);
    world_pass(s);
    world_now += HUB_ALERT_GATHER_MS;
    assert_int_equal(world_pass(s), 2); /* one each address */
    assert_int_equal(world_post(s, "h1"), 0);
    assert_string_equal(world_newest(s).reason, "no mail server is set");
    assert_int_equal(world_newest(s).state, HUB_DELIVERY_WAITS);
    assert_int_equal(world_ops(s)->mail_put(s, m), PLT_OK);
    free(m);
    assert_int_equal(world_post(s, "h1"), 0); /* not before its time */
    world_now += 30000;
    world_box.result = PLT_BUSY;
    assert_int_equal(world_post(s, "h1"), 0);
    assert_int_equal(world_newest(s).state, HUB_DELIVERY_WAITS);
    assert_int_equal(world_newest(s).attempts, 2);
    world_now += MIN;
    world_box.result = PLT_OK;
    assert_int_equal(world_post(s, "h1"), 2);
    assert_int_equal(world_newest(s).state, HUB_DELIVERY_SENT);
    const char *first = plt_buf_str(&world_box.sent[0].body), *again = plt_buf_str(&world_box.sent[2].body);
    const char *id = strstr(first, "Message-ID: "), *id2 = strstr(again, "Message-ID: ");
    assert_non_null(id);
    assert_memory_equal(id, id2, strcspn(id, "\r")); /* the same message, said to be so */
    assert_non_null(strstr(first, "X-Platen-Attempt: 2\r\n"));
    assert_non_null(strstr(again, "X-Platen-Attempt: 3\r\n"));
    world_empty_box();
    world_device(s, &no, "Hall", "ready", 50, 1);
    world_pass(s);
    world_now += HOUR;
    world_pass(s);
    world_now += HOUR;
    world_pass(s);
    world_box.result = PLT_DENIED;
    world_post(s, "h1");
    assert_int_equal(world_newest(s).state, HUB_DELIVERY_GIVEN_UP);
    assert_string_equal(world_newest(s).reason, "550 no such user");
}

static void test_back_off(void **state)
{
    hub_store *s = *state;
    int64_t no = 0, begun;
    world_begin(s);
    world_rule(s, "{\"name\":\"B\",\"kind\":\"status\",\"when\":{\"states\":[\"stopped\"]},\"channels\":[\"" HOOK "\"]}");
    world_device(s, &no, "Hall", "stopped", 50, 1);
    world_pass(s);
    world_now += HUB_ALERT_GATHER_MS;
    assert_int_equal(world_pass(s), 1);
    world_box.result = PLT_NOTFOUND;
    begun = world_now;
    int attempts = 0;
    while (world_newest(s).state == HUB_DELIVERY_WAITS) {
        int before = world_box.n;
        world_post(s, "h1");
        attempts += world_box.n - before;
        world_now += MIN;
        assert_in_range(attempts, 0, 60);
    }
    assert_in_range(attempts, 25, 32); /* 30 s, 1, 2 ... 32 minutes, then each hour */
    assert_in_range(world_now - begun, HUB_POST_LIFE_MS, HUB_POST_LIFE_MS + 2 * HOUR);
    assert_string_equal(world_newest(s).reason, "not reached");
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
    world_begin(s);
    for (size_t i = 0; i < COUNT(cases); i++) {
        hub_delivery d = {.tenant_id = world_tenant, .created = world_now};
        snprintf(d.key, sizeof d.key, "k%zu", i);
        plt_copy(d.channel, sizeof d.channel, HOOK);
        plt_copy(d.target, sizeof d.target, "https://hook.example.org/x");
        assert_int_equal(world_ops(s)->delivery_add(s, &d, "{\"test\":true}"), PLT_OK);
        assert_int_equal(world_ops(s)->delivery_add(s, &d, "{\"test\":true}"), PLT_OK); /* of one key there is one */
        world_box.http = cases[i].status;
        int before = world_box.n;
        world_post(s, "h1");
        assert_int_equal(world_box.n - before, 1);
        if (world_newest(s).state != cases[i].state) fail_msg("%d: %d", cases[i].status, (int)world_newest(s).state);
        world_now += 1000; /* none of the others is due again yet */
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
    world_begin(s);
    world_rule(s, "{\"name\":\"T\",\"kind\":\"status\",\"when\":{\"states\":[\"stopped\"]},\"channels\":[\"" HOOK "\"]}");
    world_device(s, &no, "Hall", "stopped", 50, 1);
    for (int i = 0; i < 2; i++) assert_int_equal(hub_alerts_look(i ? other : s, HUB_SPAN_ALL, 0, world_now), PLT_OK);
    world_now += HUB_ALERT_GATHER_MS;
    for (int i = 0; i < 2; i++) {
        assert_int_equal(hub_alerts_speak(i ? other : s, world_now, &made), PLT_OK);
        sum += made;
    }
    assert_int_equal(sum, 1);
    /* One claims and dies; the other one has to wait for the lease, and then sends it under the same key. */
    plt_buf body;
    plt_buf_init(&body, 1u << 20);
    assert_int_equal(world_ops(s)->delivery_claim(s, world_newest(s).no, "h1", world_now, &body), PLT_OK);
    plt_buf_free(&body);
    assert_int_equal(world_ops(other)->delivery_claim(other, world_newest(s).no, "h2", world_now, &body), PLT_BUSY);
    assert_int_equal(world_post(other, "h2"), 0);
    world_now += HUB_LEASE_MS;
    assert_int_equal(world_post(other, "h2"), 1);
    assert_non_null(strstr(plt_buf_str(&world_box.sent[0].body), "\"attempt\":2"));
    hub_delivery late = world_newest(s);
    assert_int_equal(world_ops(s)->delivery_end(s, &late, "h1"), PLT_NOTFOUND); /* what the dead one would write is not taken */
    other->ops->close(other);
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

#define BOTH(on) on(test_mail_and_faults), on(test_back_off), on(test_hook_statuses), on(test_two_hubs)

int main(void)
{
    const struct CMUnitTest pure[] = {cmocka_unit_test(test_signature), cmocka_unit_test(test_inside)};
    const struct CMUnitTest sqlite[] = {BOTH(KIT_SQLITE)};
    const struct CMUnitTest postgres[] = {BOTH(KIT_POSTGRES)};
    int bad = cmocka_run_group_tests_name("post", pure, NULL, NULL);
    bad += cmocka_run_group_tests_name("SQLite", sqlite, NULL, NULL);
    if (kit_postgres_there()) bad += cmocka_run_group_tests_name("PostgreSQL", postgres, NULL, NULL);
    world_empty_box();
    return bad;
}
