/* SPDX-License-Identifier: Apache-2.0 */
/* Orders to read at the hub, on both engines: asked twice is asked once, ends that follow from the time, whose they are, two hubs at the same time.
 */
#include "hub_kit.h"

#include <string.h>

#include "core/util/text.h"
#include "hub/orders_api.h"
#include "hub/store_orders.h"
#include "os/thread.h"

#define A "00000000000000aa"
#define B "00000000000000bb"
#define MINUTE INT64_C(60000)

static hub_order ask(hub_store *s, int64_t tenant, const char *agent, plt_order_what what, int64_t now)
{
    hub_order o;
    assert_int_equal(s->ops->begin(s), PLT_OK);
    assert_int_equal(s->ops->orders->order_ask(s, tenant, agent, what, now, &o), PLT_OK);
    assert_int_equal(s->ops->commit(s), PLT_OK);
    assert_string_equal(o.agent, agent);
    assert_int_equal(o.order.what, what);
    return o;
}

static plt_status say(hub_store *s, int64_t tenant, const char *agent, int64_t no, plt_order_state state, int64_t now)
{
    plt_order said = {.no = no, .state = state, .printers = 2, .reason = "words"};
    assert_int_equal(s->ops->begin(s), PLT_OK);
    plt_status status = s->ops->orders->order_said(s, tenant, agent, &said, now);
    assert_int_equal(s->ops->commit(s), PLT_OK);
    return status;
}

typedef struct wanted {
    plt_order_what what;
    hub_order found;
    int n;
} wanted;

static bool note(void *ctx, const hub_order *o)
{
    wanted *w = ctx;
    w->n++;
    if (o->order.what == w->what) w->found = *o;
    return true;
}

static hub_order last(hub_store *s, int64_t tenant, const char *agent, plt_order_what what)
{
    wanted w = {.what = what};
    assert_int_equal(s->ops->orders->orders(s, tenant, agent, note, &w), PLT_OK);
    assert_true(w.n <= PLT_ORDER_KINDS);
    return w.found;
}

static int64_t open_at(hub_store *s, int64_t tenant, const char *agent, int64_t now)
{
    int64_t no = -1;
    assert_int_equal(hub_order_open(s, tenant, agent, now, &no), PLT_OK);
    return no;
}

static void asked_twice_is_one_order(void **state)
{
    hub_store *s = *state;
    int64_t one = kit_tenant(s, "Acme");
    hub_order first = ask(s, one, A, PLT_ORDER_USB, KIT_NOW), again = ask(s, one, A, PLT_ORDER_USB, KIT_NOW + MINUTE);
    assert_true(again.order.no == first.order.no && again.asked == KIT_NOW && again.until == KIT_NOW + PLT_ORDER_WAIT_MS);
    assert_true(ask(s, one, A, PLT_ORDER_NET, KIT_NOW).order.no != first.order.no);
    assert_true(ask(s, one, B, PLT_ORDER_USB, KIT_NOW).order.no != first.order.no);
    assert_int_equal(say(s, one, A, first.order.no, PLT_ORDER_READING, KIT_NOW + MINUTE), PLT_OK);
    assert_int_equal(ask(s, one, A, PLT_ORDER_USB, KIT_NOW + 2 * MINUTE).order.no, first.order.no); /* it is being read */
    assert_int_equal(say(s, one, A, first.order.no, PLT_ORDER_DONE, KIT_NOW + 3 * MINUTE), PLT_OK);
    hub_order o = last(s, one, A, PLT_ORDER_USB);
    assert_true(o.order.state == PLT_ORDER_DONE && o.order.printers == 2 && o.asked == KIT_NOW && o.changed == KIT_NOW + 3 * MINUTE);
    assert_string_equal(o.order.reason, "words");
    hub_order next = ask(s, one, A, PLT_ORDER_USB, KIT_NOW + 3 * MINUTE);
    assert_true(next.order.no > first.order.no && next.order.state == PLT_ORDER_ASKED && !*next.order.reason);
    assert_int_equal(say(s, one, A, first.order.no, PLT_ORDER_FAILED, KIT_NOW), PLT_NOTFOUND); /* of the one before */
    assert_int_equal(last(s, one, A, PLT_ORDER_USB).order.state, PLT_ORDER_ASKED);
}

static void nobody_waits_for_ever(void **state)
{
    hub_store *s = *state;
    int64_t one = kit_tenant(s, "Acme"), end = KIT_NOW + PLT_ORDER_WAIT_MS;
    hub_order o = ask(s, one, A, PLT_ORDER_USB, KIT_NOW);
    assert_int_equal(open_at(s, one, A, end - 1), o.order.no);
    assert_int_equal(open_at(s, one, A, end), 0); /* the agent that comes now is told nothing */
    hub_order next = ask(s, one, A, PLT_ORDER_USB, end);
    assert_true(next.order.no > o.order.no);
    assert_int_equal(say(s, one, A, next.order.no, PLT_ORDER_READING, end + MINUTE), PLT_OK);
    end += MINUTE + PLT_ORDER_READ_MS;
    assert_int_equal(open_at(s, one, A, end - 1), next.order.no);
    assert_int_equal(open_at(s, one, A, end), 0);
    assert_int_equal(say(s, one, A, next.order.no, PLT_ORDER_DONE, end + MINUTE), PLT_OK); /* late, and true */
    assert_int_equal(last(s, one, A, PLT_ORDER_USB).order.state, PLT_ORDER_DONE);
    assert_int_equal(say(s, one, A, next.order.no, PLT_ORDER_FAILED, end + 2 * MINUTE), PLT_NOTFOUND); /* what is over is over */
    assert_int_equal(last(s, one, A, PLT_ORDER_USB).order.state, PLT_ORDER_DONE);
}

static void an_order_is_its_agents_and_its_tenants(void **state)
{
    hub_store *s = *state;
    int64_t one = kit_tenant(s, "Acme"), two = kit_tenant(s, "Beta");
    hub_order o = ask(s, one, A, PLT_ORDER_NET, KIT_NOW);
    assert_int_equal(say(s, one, B, o.order.no, PLT_ORDER_DONE, KIT_NOW), PLT_NOTFOUND);
    assert_int_equal(say(s, two, A, o.order.no, PLT_ORDER_DONE, KIT_NOW), PLT_NOTFOUND);
    assert_int_equal(say(s, one, A, 0, PLT_ORDER_DONE, KIT_NOW), PLT_NOTFOUND);
    assert_int_equal(open_at(s, one, A, KIT_NOW), o.order.no);
    assert_int_equal(open_at(s, two, A, KIT_NOW), 0);
    kit_agent(s, one, A, "pc-1");
    int64_t where = 0;
    bool revoked = true;
    assert_int_equal(s->ops->orders->agent_place(s, HUB_OPERATOR, A, &where, &revoked), PLT_OK);
    assert_true(where == one && !revoked);
    assert_int_equal(s->ops->orders->agent_place(s, two, A, &where, &revoked), PLT_NOTFOUND);
    assert_int_equal(s->ops->orders->agent_place(s, one, B, &where, &revoked), PLT_NOTFOUND);
    assert_int_equal(s->ops->agent_revoke(s, one, A), PLT_OK);
    assert_int_equal(s->ops->orders->agent_place(s, one, A, &where, &revoked), PLT_OK);
    assert_true(revoked);
}

/* ---- two hubs at the same time ---- */

typedef struct other_hub {
    hub_store *store;
    int64_t tenant, no[40];
    int n;
} other_hub;

static void ask_again_and_again(void *arg)
{
    other_hub *o = arg;
    hub_store *s = o->store;
    for (int i = 0; i < 40; i++) {
        hub_order got;
        if (s->ops->begin(s) != PLT_OK) continue;
        plt_status status = s->ops->orders->order_ask(s, o->tenant, A, PLT_ORDER_USB, KIT_NOW, &got);
        if (status == PLT_OK && s->ops->commit(s) == PLT_OK)
            o->no[o->n++] = got.order.no;
        else
            s->ops->rollback(s);
    }
}

static void two_hubs_make_one_order(void **state)
{
    hub_store *s = *state;
    int64_t tenant = kit_tenant(s, "Acme");
    other_hub hubs[2] = {{.store = s, .tenant = tenant}, {.store = kit_store_open(), .tenant = tenant}};
    os_thread *t[2];
    for (int i = 0; i < 2; i++) assert_int_equal(os_thread_start(&t[i], ask_again_and_again, &hubs[i]), PLT_OK);
    for (int i = 0; i < 2; i++) os_thread_join(t[i]);
    int64_t no = last(s, tenant, A, PLT_ORDER_USB).order.no;
    assert_int_equal(hubs[0].n + hubs[1].n, 80);
    for (int h = 0; h < 2; h++)
        for (int i = 0; i < hubs[h].n; i++) assert_int_equal(hubs[h].no[i], no);
    hubs[1].store->ops->close(hubs[1].store);
}

static void one_hub_tells_the_other(void **state)
{
    hub_store *s = *state, *other = kit_store_open();
    hub_telling told = {.what = HUB_TOLD_ORDER, .n = 12, .tenant_id = 3, .agent = A}, heard;
    s->hub = 1;
    other->hub = 2;
    assert_int_equal(other->ops->hear(other, 0, &heard), PLT_NOTFOUND);
    assert_int_equal(s->ops->begin(s), PLT_OK);
    assert_int_equal(s->ops->tell(s, &told), PLT_OK);
    assert_int_equal(s->ops->commit(s), PLT_OK);
    assert_int_equal(other->ops->hear(other, 5000, &heard), PLT_OK);
    assert_true(heard.what == HUB_TOLD_ORDER && heard.n == 12 && heard.tenant_id == 3);
    assert_string_equal(heard.agent, A);
    other->ops->close(other);
}

#define CASES(on) on(asked_twice_is_one_order), on(nobody_waits_for_ever), on(an_order_is_its_agents_and_its_tenants), on(two_hubs_make_one_order)

int main(void)
{
    const struct CMUnitTest sqlite[] = {CASES(KIT_SQLITE)}, postgres[] = {CASES(KIT_POSTGRES), KIT_POSTGRES(one_hub_tells_the_other)};
    int bad = cmocka_run_group_tests_name("SQLite", sqlite, NULL, NULL);
    if (kit_postgres_there()) bad += cmocka_run_group_tests_name("PostgreSQL", postgres, NULL, NULL);
    return bad;
}
