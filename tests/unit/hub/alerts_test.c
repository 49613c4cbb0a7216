/* SPDX-License-Identifier: Apache-2.0 */
/* From facts in the store to alerts and their messages, on both engines, by a clock that the test moves. */
#include "alerts_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/device/meter.h"
#include "core/util/text.h"
#include "hub/alert_watch.h"
#include "hub/handler.h"
#include "hub/ingest.h"
#include "hub/writer.h"

static void test_status(void **state)
{
    hub_store *s = *state;
    hub_alert a;
    int64_t no = 0;
    world_begin(s);
    world_rule(s, STATUS_RULE);
    world_device(s, &no, "Hall 1", "stopped", 50, 100);
    assert_int_equal(world_pass(s), 0);
    assert_int_equal(world_alerts(s, HUB_ALERTS_OPEN, NULL), 0); /* pending is not shown */
    world_now += 5 * MIN;
    world_pass(s);
    assert_int_equal(world_alerts(s, HUB_ALERTS_OPEN, &a), 1);
    assert_int_equal(a.device, no);
    assert_string_equal(a.label, "Hall 1");
    assert_string_equal(a.place, "Hall");
    assert_string_equal(a.rule_name, "Stopped");
    assert_int_equal(a.state.since, KIT_NOW + 12 * HOUR);
    world_now += HUB_ALERT_GATHER_MS;
    assert_int_equal(world_pass(s), 1);
    assert_int_equal(world_pass(s), 0);
    assert_int_equal(world_post(s, "h1"), 1);
    assert_non_null(strstr(plt_buf_str(&world_box.sent[0].body), "\"event\":\"opened\",\"label\":\"Hall 1\""));
    assert_int_equal(world_post(s, "h1"), 0); /* sent is sent */
    world_device(s, &no, "Hall 1", "ready", 50, 100);
    world_pass(s);
    world_now += 10 * MIN;
    world_pass(s);
    assert_int_equal(world_alerts(s, HUB_ALERTS_OPEN, NULL), 0);
    assert_int_equal(world_alerts(s, HUB_ALERTS_CLOSED, &a), 1);
    assert_int_equal(a.closed, world_now);
    world_now += 30 * MIN;
    assert_int_equal(world_pass(s), 1); /* that it is over, in the next window */
    assert_int_equal(world_post(s, "h1"), 1);
    assert_non_null(strstr(plt_buf_str(&world_box.sent[1].body), "\"event\":\"closed\""));
}

/* One that falls silent is not seen any more: it is news all the same. */
static void test_silent_is_news(void **state)
{
    hub_store *s = *state;
    int64_t no = 0;
    world_begin(s);
    world_rule(s, "{\"name\":\"S\",\"kind\":\"status\",\"when\":{\"states\":[\"silent\"]},\"channels\":[]}");
    world_device(s, &no, "Hall", "silent", 50, 1);
    world_now += KIT_DAY;
    assert_int_equal(hub_alerts_look(s, HUB_SPAN_NEWS, world_now - MIN, world_now), PLT_OK);
    assert_int_equal(world_alerts(s, HUB_ALERTS_OPEN, NULL), 1);
}

/* Two hundred printers at once are two messages at most in the first window, and name what fits. */
static void test_grouping(void **state)
{
    hub_store *s = *state;
    char name[32];
    world_begin(s);
    world_rule(s, "{\"name\":\"All\",\"kind\":\"status\",\"when\":{\"states\":[\"silent\"]},\"window_minutes\":30,\"channels\":[\"" HOOK "\"]}");
    for (int i = 0; i < 200; i++) {
        int64_t no = 0;
        snprintf(name, sizeof name, "P%03d", i);
        world_device(s, &no, name, "silent", 50, 1);
    }
    int made = 0;
    for (int i = 0; i < 60; i++) {
        made += world_pass(s);
        world_now += 20000;
    }
    assert_int_equal(made, 1);
    assert_int_equal(world_post(s, "h1"), 1);
    assert_non_null(strstr(plt_buf_str(&world_box.sent[0].body), "\"opened\":200,\"closed\":0,\"more\":150"));
    assert_int_equal(world_alerts(s, HUB_ALERTS_OPEN, NULL), 100); /* the page's limit */
}

/* What comes and goes all day sends no more than the gate lets through, and what nobody was told of is not said to be over. */
static void test_flapping(void **state)
{
    hub_store *s = *state;
    int64_t no = 0;
    world_begin(s);
    world_rule(
        s, "{\"name\":\"F\",\"kind\":\"status\",\"when\":{\"states\":[\"stopped\"]},\"clear_minutes\":1,\"window_minutes\":60,\"channels\":[\"" HOOK
           "\"]}");
    int made = 0;
    for (int i = 0; i < 24 * 30; i++) { /* a day, each two minutes */
        world_device(s, &no, "F", i % 2 ? "ready" : "stopped", 50, 1);
        made += world_pass(s);
        world_now += 2 * MIN;
    }
    assert_in_range(made, 1, 24);
    hub_alert a;
    assert_true(world_alerts(s, HUB_ALERTS_CLOSED, &a) + world_alerts(s, HUB_ALERTS_OPEN, NULL) <
                10); /* the longer it flaps, the longer it stays one */
}

static void test_supplies(void **state)
{
    hub_store *s = *state;
    hub_alert a;
    int64_t no = 0;
    world_begin(s);
    world_rule(s, "{\"name\":\"Toner\",\"kind\":\"supply\",\"when\":{\"percent\":10,\"clear_percent\":20},\"clear_minutes\":0,\"channels\":[]}");
    static const struct {
        int percent, open;
    } steps[] = {{11, 0}, {10, 1}, {15, 1}, {19, 1}, {20, 0}, {12, 0}, {3, 1}};
    for (size_t i = 0; i < COUNT(steps); i++) {
        world_device(s, &no, "Hall", "ready", steps[i].percent, 1);
        assert_int_equal(world_pass(s), 0); /* no channel: the console alone */
        if (world_alerts(s, HUB_ALERTS_OPEN, &a) != steps[i].open) fail_msg("at %d %%", steps[i].percent);
        world_now += MIN;
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
    world_begin(s);
    world_rule(s, "{\"name\":\"M\",\"kind\":\"meter\",\"when\":{\"what\":\"target\",\"count\":1000},\"channels\":[]}");
    world_device(s, &no, "Hall", "ready", 50, 999);
    world_pass(s);
    assert_int_equal(world_alerts(s, HUB_ALERTS_OPEN, NULL), 0);
    world_device(s, &no, "Hall", "ready", 50, 1000);
    world_pass(s);
    assert_int_equal(world_alerts(s, HUB_ALERTS_OPEN, &a), 1);
    /* Stuck: the meter's last point is eight days old, the device was read today. */
    hub_way w = {.device = no, .home = no, .first_seen = world_now, .last_seen = world_now, .last_read = world_now};
    plt_copy(w.agent, sizeof w.agent, AGENT);
    plt_copy(w.via, sizeof w.via, "net");
    plt_copy(w.key, sizeof w.key, "net:1");
    assert_int_equal(s->ops->devices->way_put(s, world_tenant, &w), PLT_OK);
    const plt_count c = {world_now - 8 * KIT_DAY, 1000, 1};
    assert_int_equal(s->ops->devices->meter_add(s, world_tenant, w.way, PLT_METER_TOTAL, &c), PLT_OK);
    world_rule(s, "{\"name\":\"M\",\"kind\":\"meter\",\"when\":{\"what\":\"stuck\",\"days\":7},\"channels\":[]}");
    world_pass(s);
    assert_int_equal(world_alerts(s, HUB_ALERTS_OPEN, &a), 1);
    assert_non_null(strstr(a.detail, "\"meter\":\"stuck\""));
    world_rule(s, "{\"name\":\"M\",\"kind\":\"meter\",\"when\":{\"what\":\"reset\"},\"clear_minutes\":0,\"channels\":[]}");
    world_pass(s);
    assert_int_equal(world_alerts(s, HUB_ALERTS_OPEN, NULL), 0);
    const hub_device_event e = {.device = no, .way = w.way, .at = world_now, .kind = "meter_reset", .detail = "{}"};
    assert_int_equal(s->ops->devices->event_add(s, world_tenant, &e), PLT_OK);
    world_pass(s);
    assert_int_equal(world_alerts(s, HUB_ALERTS_OPEN, &a), 1);
    world_now += 25 * HOUR;
    world_pass(s);
    assert_int_equal(world_alerts(s, HUB_ALERTS_OPEN, NULL), 0);
}

static void test_agents(void **state)
{
    hub_store *s = *state;
    hub_alert a;
    world_begin(s);
    world_rule(s, "{\"name\":\"G\",\"kind\":\"agent\",\"when\":{\"hours\":24},\"clear_minutes\":0,\"channels\":[]}");
    world_pass(s);
    assert_int_equal(world_alerts(s, HUB_ALERTS_OPEN, NULL), 0);
    world_now += 12 * HOUR;
    world_pass(s);
    assert_int_equal(world_alerts(s, HUB_ALERTS_OPEN, &a), 1);
    assert_string_equal(a.label, "PC-1");
    assert_non_null(strstr(a.detail, "\"why\":\"never\""));
    assert_int_equal(s->ops->agent_seen(s, world_tenant, AGENT, world_now), PLT_OK);
    world_pass(s);
    assert_int_equal(world_alerts(s, HUB_ALERTS_OPEN, NULL), 0);
    world_now += 400 * KIT_DAY;
    world_pass(s);
    assert_int_equal(world_alerts(s, HUB_ALERTS_OPEN, &a), 1);
    assert_non_null(strstr(a.detail, "\"why\":\"certificate\""));
    assert_int_equal(s->ops->agent_revoke(s, HUB_OPERATOR, AGENT), PLT_OK);
    world_pass(s);
    assert_int_equal(world_alerts(s, HUB_ALERTS_OPEN, NULL), 0); /* nobody waits for it any more */
}

/* Uploads a job: what its rule did, and whom it wants told. */
static void upload_ruled(hub_store *s, kit_chain *c, int n, int64_t ago, const char *queue, const char *policy)
{
    char line[1024], at[PLT_TIME_SIZE];
    plt_time_format(at, world_now - ago);
    snprintf(line, sizeof line,
             "{\"v\":1,\"seq\":%lld,\"prev\":\"%s\",\"type\":\"job\",\"uid\":\"%032d\",\"at\":\"%s\",\"job\":{\"queue\":\"%s\",\"document\":\"d\","
             "\"user\":\"mia\",\"machine\":\"PC-1\",\"begun\":\"%s\",\"ended\":\"%s\",\"bytes\":1,\"outcome\":\"printed\",\"source\":\"pipe\","
             "\"policy\":{\"version\":1,%s},\"analysis\":{\"language\":\"PCL\",\"pages\":1,\"copies\":1,\"impressions\":1}}}",
             (long long)c->seq + 1, c->prev, n, at, queue, at, at, policy);
    kit_chain_line(c, line);
    hub_task *t = kit_upload(c, n, n, world_tenant, AGENT);
    hub_writer_group(s, t, world_now);
    assert_int_equal(t->out.status, 200);
    hub_task_free(t);
}

/* What a policy's rule wants administrators told of: an alert a rule, a message for each, whatever was done with the job. */
static void test_notices(void **state)
{
    static const char *const policies[] = {
        "\"action\":\"printed\",\"rule\":\"big\",\"tell_administrator\":true", "\"action\":\"denied\",\"rule\":\"night\",\"tell_manager\":true",
        "\"action\":\"denied\",\"rule\":\"quiet\"", "\"action\":\"printed\",\"rule\":\"big\",\"tell_administrator\":true",
        "\"action\":\"printed\",\"rule\":null,\"tell_administrator\":false"};
    hub_store *s = *state;
    hub_alert a;
    kit_chain c;
    world_begin(s);
    world_rule(s, "{\"name\":\"Told\",\"kind\":\"policy\",\"when\":{\"notify\":true,\"minutes\":60},\"scope\":{\"queue\":\"office\"},"
                  "\"channels\":[\"" HOOK "\"],\"clear_minutes\":0}");
    kit_chain_init(&c);
    for (int i = 0; i < 5; i++) upload_ruled(s, &c, i + 1, (10 - i) * MIN, "Office", policies[i]);
    world_pass(s);
    assert_int_equal(world_alerts(s, HUB_ALERTS_OPEN, &a), 2);
    bool big = !strcmp(a.label, "big");
    assert_string_equal(a.label, big ? "big" : "night");
    assert_int_equal(a.value, big ? 2 : 1);
    assert_non_null(strstr(a.detail, big ? "\"rule\":\"big\"" : "\"rule\":\"night\""));
    upload_ruled(s, &c, 6, MIN, "Other", "\"action\":\"held\",\"rule\":\"elsewhere\",\"tell_administrator\":true");
    world_pass(s);
    assert_int_equal(world_alerts(s, HUB_ALERTS_OPEN, NULL), 2); /* another queue's */
    world_now += 2 * HOUR;
    world_pass(s);
    assert_int_equal(world_alerts(s, HUB_ALERTS_OPEN, NULL), 0);
    upload_ruled(s, &c, 7, MIN, "Office", policies[0]);
    world_pass(s);
    assert_int_equal(world_alerts(s, HUB_ALERTS_OPEN, &a), 1); /* anew */
    assert_string_equal(a.label, "big");
    kit_chain_free(&c);
}

static void test_policy(void **state)
{
    hub_store *s = *state;
    hub_alert a;
    kit_chain c;
    world_begin(s);
    world_rule(s, "{\"name\":\"P\",\"kind\":\"policy\",\"when\":{\"count\":3,\"clear_count\":1,\"minutes\":60},\"scope\":{\"queue\":\"office\"},"
                  "\"channels\":[],\"clear_minutes\":0}");
    kit_chain_init(&c);
    for (int i = 0; i < 4; i++)
        upload_ruled(s, &c, i + 1, (4 - i) * MIN, i == 3 ? "Other" : "Office",
                     i == 2 ? "\"action\":\"printed\",\"rule\":\"r\"" : "\"action\":\"denied\",\"rule\":\"r\"");
    world_pass(s);
    assert_int_equal(world_alerts(s, HUB_ALERTS_OPEN, NULL), 0); /* two count: one was printed, one is another queue's */
    world_rule(s, "{\"name\":\"P\",\"kind\":\"policy\",\"when\":{\"count\":2,\"clear_count\":1,\"minutes\":60},\"scope\":{\"queue\":\"office\"},"
                  "\"channels\":[],\"clear_minutes\":0}");
    world_pass(s);
    assert_int_equal(world_alerts(s, HUB_ALERTS_OPEN, &a), 1);
    assert_int_equal(a.value, 2);
    world_now += 2 * HOUR;
    world_pass(s);
    assert_int_equal(world_alerts(s, HUB_ALERTS_OPEN, NULL), 0);
    kit_chain_free(&c);
}

/* Taken before its message went: nobody is told. Rules that go take their alerts along. */
static void test_acknowledge_and_drop(void **state)
{
    hub_store *s = *state;
    hub_alert a;
    int64_t no = 0, open, unseen;
    world_begin(s);
    world_rule(s, "{\"name\":\"K\",\"kind\":\"status\",\"when\":{\"states\":[\"stopped\"]},\"channels\":[\"" HOOK "\"]}");
    world_device(s, &no, "Hall", "stopped", 50, 1);
    world_pass(s);
    assert_int_equal(world_alerts(s, HUB_ALERTS_OPEN, &a), 1);
    int64_t foreign = kit_tenant(s, "Foreign");
    assert_int_equal(world_ops(s)->acknowledge(s, foreign, a.no, "eve", "", world_now), PLT_NOTFOUND);
    assert_int_equal(world_ops(s)->acknowledge(s, world_tenant, a.no, "mia", "on my way", world_now), PLT_OK);
    assert_int_equal(world_ops(s)->sums(s, world_tenant, &open, &unseen), PLT_OK);
    assert_int_equal(open, 1);
    assert_int_equal(unseen, 0);
    assert_int_equal(world_ops(s)->sums(s, foreign, &open, &unseen), PLT_OK);
    assert_int_equal(open, 0);
    world_now += HOUR;
    assert_int_equal(world_pass(s), 0);
    assert_int_equal(world_ops(s)->close_all(s, RULE, world_now), PLT_OK);
    assert_int_equal(world_ops(s)->rule_drop(s, RULE), PLT_OK);
    assert_int_equal(world_alerts(s, HUB_ALERTS_OPEN, NULL), 0);
    assert_int_equal(world_alerts(s, HUB_ALERTS_CLOSED, &a), 1);
    assert_string_equal(a.acked_by, "mia");
    assert_int_equal(world_ops(s)->forget(s, world_now + 1, world_now + 1, 10), PLT_OK);
    assert_int_equal(world_alerts(s, HUB_ALERTS_CLOSED, NULL), 0);
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
        "{\"name\":\"x\",\"kind\":\"policy\",\"when\":{\"notify\":true}}",
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

#define BOTH(on)                                                                                                                                     \
    on(test_status), on(test_silent_is_news), on(test_grouping), on(test_flapping), on(test_supplies), on(test_meters), on(test_agents),             \
        on(test_policy), on(test_notices), on(test_acknowledge_and_drop)

int main(void)
{
    const struct CMUnitTest pure[] = {cmocka_unit_test(test_rules_refused), cmocka_unit_test(test_rule_round_trip)};
    const struct CMUnitTest sqlite[] = {BOTH(KIT_SQLITE)};
    const struct CMUnitTest postgres[] = {BOTH(KIT_POSTGRES)};
    int bad = cmocka_run_group_tests_name("rules", pure, NULL, NULL);
    bad += cmocka_run_group_tests_name("SQLite", sqlite, NULL, NULL);
    if (kit_postgres_there()) bad += cmocka_run_group_tests_name("PostgreSQL", postgres, NULL, NULL);
    world_empty_box();
    return bad;
}
