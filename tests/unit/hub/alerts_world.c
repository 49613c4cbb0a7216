/* SPDX-License-Identifier: Apache-2.0 */
/* One tenant with an agent and two channels; what is sent lies in the box. */
#include "alerts_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/alert_watch.h"
#include "hub/post.h"

int64_t world_tenant, world_now;
world_sent world_box;

/* ---- the fake post ---- */

static void keep(const char *to, const char *header, const void *body, size_t n)
{
    assert_in_range(world_box.n, 0, (int)COUNT(world_box.sent) - 1);
    sent_one *s = &world_box.sent[world_box.n++];
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
    if (world_box.result != PLT_OK) snprintf(r->problem, sizeof r->problem, "550 no such user");
    return world_box.result;
}

static plt_status fake_hook(void *ctx, const hub_hook_call *c, int *status, char problem[HUB_REASON_SIZE])
{
    (void)ctx;
    keep(c->url, c->header, c->body, c->n);
    *status = world_box.http;
    plt_copy(problem, HUB_REASON_SIZE, "not reached");
    return world_box.result;
}

static int64_t fake_now(void *ctx)
{
    (void)ctx;
    return world_now;
}

static const hub_post_ways ways = {.mail = fake_mail, .hook = fake_hook, .now = fake_now};

void world_empty_box(void)
{
    for (int i = 0; i < world_box.n; i++) plt_buf_free(&world_box.sent[i].body);
    memset(&world_box, 0, sizeof world_box);
    world_box.http = 200;
}

int world_post(hub_store *s, const char *who)
{
    hub_post p = {.s = s, .ways = &ways};
    int64_t sent = 0;
    memset(p.key, 7, sizeof p.key);
    plt_copy(p.who, sizeof p.who, who);
    assert_int_equal(hub_post_round(&p, 16, &sent), PLT_OK);
    return (int)sent;
}

/* ---- the world ---- */

const hub_alert_ops *world_ops(hub_store *s)
{
    return s->ops->alerts;
}

void world_begin(hub_store *s)
{
    world_empty_box();
    world_now = KIT_NOW + 12 * HOUR;
    world_tenant = kit_tenant(s, "Acme");
    kit_agent(s, world_tenant, AGENT, "PC-1");
    hub_channel *c = calloc(1, sizeof *c);
    assert_non_null(c);
    c->tenant_id = world_tenant;
    plt_copy(c->id, sizeof c->id, HOOK);
    plt_copy(c->name, sizeof c->name, "Hook");
    plt_copy(c->language, sizeof c->language, "en");
    plt_copy(c->target, sizeof c->target, "https://hook.example.org/x");
    c->kind = HUB_CHANNEL_WEBHOOK;
    c->enabled = true;
    assert_int_equal(world_ops(s)->channel_put(s, c), PLT_OK);
    plt_copy(c->id, sizeof c->id, MAIL);
    plt_copy(c->target, sizeof c->target, "a@example.org,b@example.org");
    plt_copy(c->language, sizeof c->language, "de");
    c->kind = HUB_CHANNEL_MAIL;
    assert_int_equal(world_ops(s)->channel_put(s, c), PLT_OK);
    free(c);
}

void world_rule(hub_store *s, const char *json)
{
    hub_rule_row r = {.tenant_id = world_tenant, .changed = world_now};
    plt_copy(r.id, sizeof r.id, RULE);
    cJSON *o = cJSON_Parse(json);
    assert_non_null(o);
    const char *fault = hub_alert_rule_read(o, &r.rule);
    cJSON_Delete(o);
    if (fault) fail_msg("%s", fault);
    assert_int_equal(world_ops(s)->rule_put(s, &r), PLT_OK);
}

void world_device(hub_store *s, int64_t *no, const char *name, const char *state, int percent, int64_t total)
{
    char supplies[256];
    snprintf(supplies, sizeof supplies,
             "[{\"index\":1,\"text\":\"Black\",\"color\":\"black\",\"type\":\"toner\",\"state\":null,\"percent\":%d,\"low\":false}]", percent);
    if (!*no) assert_int_equal(s->ops->devices->device_make(s, world_tenant, world_now, no), PLT_OK);
    hub_device_row d = kit_device(world_tenant, *no, name, world_now);
    d.make = "Kyo";
    d.model = "M1";
    d.location = "Hall";
    d.state = state;
    d.supplies = supplies;
    d.lowest = percent;
    d.total = total;
    assert_int_equal(s->ops->devices->device_put(s, &d), PLT_OK);
}

int world_pass(hub_store *s)
{
    int64_t made = 0;
    assert_int_equal(hub_alerts_look(s, HUB_SPAN_ALL, 0, world_now), PLT_OK);
    assert_int_equal(hub_alerts_tick(s, world_now), PLT_OK);
    assert_int_equal(hub_alerts_speak(s, world_now, &made), PLT_OK);
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

int world_alerts(hub_store *s, int which, hub_alert *last)
{
    seen l = {0};
    const hub_alert_query q = {.scope = HUB_OPERATOR, .which = which, .kind = -1, .limit = 100};
    assert_int_equal(world_ops(s)->alerts(s, &q, note_alert, &l), PLT_OK);
    if (last) *last = l.last;
    return l.n;
}

static bool note_delivery(void *ctx, const hub_delivery *d)
{
    *(hub_delivery *)ctx = *d;
    return false;
}

hub_delivery world_newest(hub_store *s)
{
    hub_delivery d = {0};
    assert_int_equal(world_ops(s)->deliveries(s, HUB_OPERATOR, 1, note_delivery, &d), PLT_OK);
    return d;
}
