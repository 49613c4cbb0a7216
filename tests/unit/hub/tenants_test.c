/* SPDX-License-Identifier: Apache-2.0 */
/* Another name and another place of a tenant, in both stores: what goes along, what those who stood above it lose, what is refused. */
#include "hub_kit.h"

#include <stdio.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/people.h"
#include "hub/store_alerts.h"
#include "hub/store_device_groups.h"
#include "hub/store_parts.h"
#include "hub/tenant_cuts.h"

#define A "00000000000000aa"
#define GROUP "00000000000000b1"
#define RULE_OLD "00000000000000f1"
#define RULE_OWN "00000000000000f2"
#define RULE_TOP "00000000000000f3"
#define HOOK_OLD "00000000000000c1"
#define HOOK_OWN "00000000000000c2"
#define HOOK_SITE "00000000000000c3"

/* hub { one { acme { bern }, beta }, two } */
static int64_t one, two, acme, bern, beta;

static int64_t add(hub_store *s, const char *name, const char *level, int64_t parent)
{
    hub_tenant t = {.parent = parent};
    int64_t id = 0;
    plt_copy(t.name, sizeof t.name, name);
    plt_copy(t.level, sizeof t.level, level);
    assert_int_equal(s->people->tenant_add(s, &t, KIT_NOW, &id), PLT_OK);
    return id;
}

static void plant(hub_store *s)
{
    one = add(s, "One", "dealer", 0);
    two = add(s, "Two", "dealer", 0);
    acme = add(s, "Acme", "customer", one);
    bern = add(s, "Bern", "site", acme);
    beta = add(s, "Beta", "customer", one);
}

static bool join_names(void *ctx, const hub_tenant *t)
{
    plt_buf_printf(ctx, "%s ", t->name);
    return true;
}

static void assert_sees(hub_store *s, int64_t scope, const char *names)
{
    plt_buf b;
    plt_buf_init(&b, 4096);
    assert_int_equal(s->people->tenants(s, scope, join_names, &b), PLT_OK);
    assert_string_equal(plt_buf_str(&b), names);
    plt_buf_free(&b);
}

static plt_status move(hub_store *s, int64_t id, int64_t parent)
{
    size_t cut;
    assert_int_equal(s->ops->begin(s), PLT_OK);
    plt_status status = s->people->tenant_move(s, id, parent, KIT_NOW);
    if (status == PLT_OK) status = hub_tenant_cut_channels(s, id, &cut);
    if (status == PLT_OK)
        assert_int_equal(s->ops->commit(s), PLT_OK);
    else
        s->ops->rollback(s);
    return status;
}

static void test_rename(void **state)
{
    hub_store *s = *state;
    hub_agent a;
    hub_tenant t;
    int64_t id;
    plant(s);
    kit_agent(s, acme, A, "PC");
    assert_int_equal(s->people->tenant_rename(s, acme, "Acme AG"), PLT_OK);
    assert_int_equal(s->people->tenant_get(s, acme, &t), PLT_OK);
    assert_string_equal(t.name, "Acme AG");
    assert_int_equal(t.parent, one);
    assert_int_equal(t.agents, 1);
    assert_int_equal(s->ops->tenant_find(s, "Acme", &id), PLT_NOTFOUND);
    assert_int_equal(s->people->tenant_rename(s, acme, "Acme AG"), PLT_OK); /* once more */
    assert_int_equal(s->people->tenant_rename(s, 9999, "X"), PLT_NOTFOUND);
    assert_int_equal(s->people->tenant_get(s, 9999, &t), PLT_NOTFOUND);
    /* Its agent's certificate names the tenant that was: the agent is found by its own name. Another tenant that takes the old one does not get it.
     */
    assert_int_equal(add(s, "Acme", "customer", two) != acme, 1);
    assert_int_equal(s->ops->agent_find(s, HUB_OPERATOR, A, NULL, &a), PLT_OK);
    assert_int_equal(a.tenant_id, acme);
    assert_string_equal(a.tenant, "Acme AG");
    assert_int_equal(s->ops->agent_find(s, HUB_OPERATOR, "00000000000000bb", NULL, &a), PLT_NOTFOUND);
    assert_int_equal(s->ops->agent_find(s, HUB_OPERATOR, A, "a serial that it was never given", &a), PLT_NOTFOUND);
    assert_int_equal(s->people->tenant_rename(s, beta, "Acme"), PLT_EXISTS);
}

static void test_move(void **state)
{
    hub_store *s = *state;
    static const struct {
        int64_t *id, *to;
        plt_status status;
    } refused[] = {{&one, &acme, PLT_DENIED}, {&one, &bern, PLT_DENIED}, {&acme, &acme, PLT_DENIED}};
    plant(s);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) assert_int_equal(move(s, *refused[i].id, *refused[i].to), refused[i].status);
    assert_int_equal(move(s, acme, 9999), PLT_NOTFOUND);
    assert_int_equal(move(s, 9999, one), PLT_NOTFOUND);
    assert_sees(s, one, "Acme Bern Beta One ");
    assert_int_equal(kit_number("SELECT count(*) FROM tenant_tree"), 9);
    assert_int_equal(move(s, acme, two), PLT_OK);
    assert_sees(s, one, "Beta One ");
    assert_sees(s, two, "Acme Bern Two ");
    assert_sees(s, acme, "Acme Bern ");
    assert_sees(s, HUB_OPERATOR, "Acme Bern Beta One Two ");
    assert_int_equal(s->people->within(s, two, bern), PLT_OK);
    assert_int_equal(s->people->within(s, one, bern), PLT_NOTFOUND);
    assert_int_equal(kit_number("SELECT count(*) FROM tenant_tree"), 9); /* no pair is left over, none is missing */
    assert_int_equal(move(s, acme, HUB_OPERATOR), PLT_OK);
    assert_sees(s, two, "Two ");
    assert_sees(s, acme, "Acme Bern ");
    assert_int_equal(kit_number("SELECT count(*) FROM tenant_tree"), 7);
    assert_int_equal(move(s, acme, one), PLT_OK);
    assert_sees(s, one, "Acme Bern Beta One ");
    assert_int_equal(kit_number("SELECT count(*) FROM tenant_tree"), 9);
}

static void person(hub_store *s, const char *name, int64_t scope)
{
    hub_person p = {.scope = scope, .role = "administrator"};
    plt_copy(p.name, sizeof p.name, name);
    assert_int_equal(s->people->person_add(s, &p, "hash", KIT_NOW), PLT_OK);
}

static void print_name(hub_store *s, const char *account, int64_t tenant, const char *name)
{
    hub_print_name n = {.tenant_id = tenant, .provider = HUB_BY_HAND};
    plt_copy(n.name, sizeof n.name, name);
    assert_int_equal(s->people->print_name_add(s, account, &n), PLT_OK);
}

/* Accounts, with their tokens, go along; names that accounts from above had in it do not. */
static void test_people(void **state)
{
    hub_store *s = *state;
    hub_person p;
    hub_session_row who;
    uint8_t hash[32] = {7};
    const hub_token_row token = {.id = "00000001", .label = "erp", .name = "own", .rights = HUB_RIGHTS_ALL, .created = KIT_NOW};
    plant(s);
    person(s, "own", acme);
    person(s, "old", one);
    person(s, "top", HUB_OPERATOR);
    print_name(s, "own", bern, "own");
    print_name(s, "old", bern, "old");
    print_name(s, "old", beta, "old");
    print_name(s, "top", acme, "top");
    assert_int_equal(s->people->token_add(s, &token, hash), PLT_OK);
    assert_int_equal(move(s, acme, two), PLT_OK);
    static const struct {
        const char *name;
        int64_t names;
    } left[] = {{"own", 1}, {"old", 1}, {"top", 1}};
    for (size_t i = 0; i < sizeof left / sizeof *left; i++) {
        assert_int_equal(s->people->person(s, left[i].name, &p), PLT_OK);
        assert_int_equal(p.print_names, left[i].names);
    }
    assert_int_equal(s->people->person(s, "own", &p), PLT_OK);
    assert_int_equal(p.scope, acme);
    assert_int_equal(s->people->token_find(s, hash, KIT_NOW, &who), PLT_OK);
    assert_int_equal(who.scope, acme);
}

static void device(hub_store *s, int64_t tenant, int64_t *no)
{
    assert_int_equal(s->ops->devices->device_make(s, tenant, KIT_NOW, no), PLT_OK);
}

/* Groups of those above lose its devices, and rules about its sites; its own groups keep theirs. */
static void test_device_groups(void **state)
{
    hub_store *s = *state;
    int64_t in = 0, out = 0;
    hub_device_group old = {.tenant_id = one, .id = GROUP, .name = "Old"}, own = {.tenant_id = acme, .id = "00000000000000b2", .name = "Own"};
    plant(s);
    device(s, bern, &in);
    device(s, beta, &out);
    const hub_device_part parts[] = {{.device = in}, {.device = out}, {.site = bern, .model = "HP*"}, {.site = one, .model = "HP*"}};
    assert_int_equal(s->ops->device_groups->put(s, &old, true), PLT_OK);
    assert_int_equal(s->ops->device_groups->put(s, &own, true), PLT_OK);
    for (int64_t i = 0; i < 4; i++) {
        hub_device_part p = parts[i];
        if (!p.model) p.model = "";
        p.name = p.place = "";
        assert_int_equal(s->ops->device_groups->part_add(s, &old, i + 1, &p), PLT_OK);
    }
    assert_int_equal(s->ops->device_groups->part_add(s, &own, 1, &(hub_device_part){.device = in, .model = "", .name = "", .place = ""}), PLT_OK);
    assert_int_equal(move(s, acme, two), PLT_OK);
    assert_int_equal(s->ops->device_groups->get(s, HUB_OPERATOR, old.id, &old), PLT_OK);
    assert_int_equal(old.devices, 1);
    assert_int_equal(old.rules, 1);
    assert_int_equal(s->ops->device_groups->get(s, two, own.id, &own), PLT_OK);
    assert_int_equal(own.devices, 1);
}

static void channel(hub_store *s, int64_t tenant, const char *id)
{
    hub_channel c = {.tenant_id = tenant, .kind = HUB_CHANNEL_WEBHOOK, .enabled = true, .name = "hook", .language = "en"};
    plt_copy(c.id, sizeof c.id, id);
    assert_int_equal(s->ops->alerts->channel_put(s, &c), PLT_OK);
}

static void rule(hub_store *s, int64_t tenant, const char *id)
{
    hub_rule_row r = {.tenant_id = tenant, .author = "admin"};
    cJSON *o = cJSON_Parse("{\"name\":\"Stopped\",\"kind\":\"status\",\"when\":{\"states\":[\"stopped\"]},\"channels\":[\"" HOOK_OLD "\",\"" HOOK_OWN
                           "\",\"" HOOK_SITE "\"]}");
    assert_null(hub_alert_rule_read(o, &r.rule));
    cJSON_Delete(o);
    plt_copy(r.id, sizeof r.id, id);
    assert_int_equal(s->ops->alerts->rule_put(s, &r), PLT_OK);
}

static void alert(hub_store *s, const char *rule_id, const char *subject, int phase, int told)
{
    char sql[800];
    snprintf(sql, sizeof sql,
             "INSERT INTO alerts(alert_no, tenant_id, rule_id, kind, subject, label, place, agent_id, device_no, value, detail, look, phase, since, "
             "turned,"
             " due, flaps, opened, closed, acked, acked_by, note, told) VALUES((SELECT coalesce(max(alert_no), 0)+1 FROM alerts), %d, '%s', "
             "'status', '%s',"
             " '', '', '', 0, 0, '', 0, %d, 0, 0, 5, 0, 0, 0, 0, '', '', %d)",
             (int)bern, rule_id, subject, phase, told);
    assert_int_equal(db_exec(of(s), sql), PLT_OK);
}

static const char *channels_of(hub_store *s, const char *id)
{
    static char text[8];
    hub_rule_row r;
    assert_int_equal(s->ops->alerts->rule_get(s, HUB_OPERATOR, id, &r), PLT_OK);
    for (size_t i = 0; i < r.rule.channel_count; i++) text[i] = r.rule.channels[i][15];
    text[r.rule.channel_count] = 0;
    return text;
}

/* The old dealer's alerts of it end in silence, and no rule tells across the move any more. */
static void test_alerts(void **state)
{
    hub_store *s = *state;
    plant(s);
    channel(s, one, HOOK_OLD);
    channel(s, acme, HOOK_OWN);
    channel(s, bern, HOOK_SITE);
    rule(s, one, RULE_OLD);
    rule(s, acme, RULE_OWN);
    rule(s, two, RULE_TOP);
    for (int phase = 1; phase <= 4; phase++) {
        char subject[4] = {'s', (char)('0' + phase), 0};
        alert(s, RULE_OLD, subject, phase, phase == 4 ? 1 : 0);
        alert(s, RULE_OWN, subject, phase, phase == 4 ? 1 : 0);
    }
    assert_int_equal(move(s, acme, two), PLT_OK);
    assert_string_equal(channels_of(s, RULE_OLD), "1");
    assert_string_equal(channels_of(s, RULE_OWN), "23");
    assert_string_equal(channels_of(s, RULE_TOP), "123"); /* its tenant stands above now */
    assert_int_equal(kit_number("SELECT count(*) FROM alerts WHERE rule_id='" RULE_OLD "' AND phase=4 AND told=2"), 3);
    assert_int_equal(kit_number("SELECT count(*) FROM alerts WHERE rule_id='" RULE_OLD "'"), 3); /* what waited is gone */
    assert_int_equal(kit_number("SELECT count(*) FROM alerts WHERE rule_id='" RULE_OWN "' AND phase IN (2, 3) AND told=0"), 2);
    assert_int_equal(kit_number("SELECT count(*) FROM alerts WHERE rule_id='" RULE_OWN "'"), 4);
}

#define EACH(C) C(test_rename), C(test_move), C(test_people), C(test_device_groups), C(test_alerts)

int main(void)
{
    const struct CMUnitTest sqlite[] = {EACH(KIT_SQLITE)};
    const struct CMUnitTest postgres[] = {EACH(KIT_POSTGRES)};
    int bad = cmocka_run_group_tests_name("SQLite", sqlite, NULL, NULL);
    if (kit_postgres_there()) bad += cmocka_run_group_tests_name("PostgreSQL", postgres, NULL, NULL);
    return bad;
}
