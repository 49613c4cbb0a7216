/* SPDX-License-Identifier: Apache-2.0 */
/* Policies at the hub: the store's part of the contract, who gets which, and bundles that only the right signer can have made. */
#include "hub_kit.h"

#include <stdio.h>
#include <string.h>

#include "core/policy/bundle.h"
#include "core/util/text.h"
#include "hub/bundle.h"
#include "os/crypto.h"

#define A "00000000000000aa"
#define B "00000000000000bb"
#define SET "1111111111111111"
#define OTHER "2222222222222222"
#define GROUP "3333333333333333"

static const char text1[] = "{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[]}",
                  text2[] = "{\"v\":2,\"version\":2,\"default\":\"deny\",\"rules\":[]}";

static void publish(hub_store *s, int64_t tenant, const char *set, const char *text, hub_assignment a)
{
    hub_set p = {.draft_at = KIT_NOW};
    hub_set_version v = {.created = KIT_NOW, .author = "admin", .note = "note"};
    plt_copy(p.id, sizeof p.id, set);
    plt_copy(p.name, sizeof p.name, "Office");
    plt_copy(a.set, sizeof a.set, set);
    assert_int_equal(s->ops->policy->draft_put(s, tenant, &p, text), PLT_OK);
    assert_int_equal(s->ops->policy->version_add(s, tenant, set, &v, text, &a.version), PLT_OK);
    assert_int_equal(s->ops->policy->assign(s, tenant, &a), PLT_OK);
}

static void a_serial_only_grows(void **state)
{
    hub_store *s = *state;
    int64_t one = kit_tenant(s, "Acme"), two = kit_tenant(s, "Beta"), n = -1;
    assert_int_equal(s->ops->policy->serial(s, one, &n), PLT_OK);
    assert_int_equal(n, 0);
    static const struct {
        int64_t now, want;
    } steps[] = {{1000, 1000}, {1000, 1001}, {1, 1002}, {5000, 5000}}; /* the clock stands, goes back, goes on */
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        assert_int_equal(s->ops->policy->serial_step(s, one, steps[i].now, &n), PLT_OK);
        assert_int_equal(n, steps[i].want);
    }
    assert_int_equal(s->ops->policy->serial(s, two, &n), PLT_OK);
    assert_int_equal(n, 0);
}

static bool count(void *ctx, const hub_set_version *v)
{
    int64_t *sum = ctx;
    *sum = *sum * 10 + v->version;
    return true;
}

static void versions_are_kept_as_they_were(void **state)
{
    hub_store *s = *state;
    int64_t tenant = kit_tenant(s, "Acme"), other = kit_tenant(s, "Beta"), order = 0;
    plt_buf text;
    hub_set p;
    plt_buf_init(&text, 4096);
    publish(s, tenant, SET, text1, (hub_assignment){.scope = HUB_SCOPE_ALL});
    publish(s, tenant, SET, text2, (hub_assignment){.scope = HUB_SCOPE_ALL});
    assert_int_equal(s->ops->policy->version_text(s, tenant, SET, 1, &text), PLT_OK);
    assert_string_equal(plt_buf_str(&text), text1);
    plt_buf_clear(&text);
    assert_int_equal(s->ops->policy->set_get(s, tenant, SET, &p, &text), PLT_OK);
    assert_string_equal(plt_buf_str(&text), text2);
    assert_int_equal(p.latest, 2);
    assert_int_equal(s->ops->policy->versions(s, tenant, SET, count, &order), PLT_OK);
    assert_int_equal(order, 21); /* the newest first */
    assert_int_equal(s->ops->policy->version_text(s, tenant, SET, 3, &text), PLT_NOTFOUND);
    assert_int_equal(s->ops->policy->version_text(s, other, SET, 1, &text), PLT_NOTFOUND);
    assert_int_equal(s->ops->policy->set_get(s, other, SET, &p, NULL), PLT_NOTFOUND);
    plt_buf_free(&text);
}

static bool codes(void *ctx, const hub_charge *c)
{
    plt_buf *b = ctx;
    plt_buf_printf(b, "%s=%s/%s;", c->code, c->name, c->pin);
    return true;
}

static void accounts_are_a_tenants_own(void **state)
{
    hub_store *s = *state;
    int64_t tenant = kit_tenant(s, "Acme"), other = kit_tenant(s, "Beta");
    static const hub_charge rows[] = {{"20", "Beta", "matter", "10", "h"}, {"10", "Alpha", "client", "", ""}, {"20", "Gamma", "matter", "10", ""}};
    plt_buf list;
    plt_buf_init(&list, 4096);
    for (size_t i = 0; i < 3; i++) assert_int_equal(s->ops->policy->charge_put(s, tenant, &rows[i]), PLT_OK);
    assert_int_equal(s->ops->policy->charges(s, other, codes, &list), PLT_OK);
    assert_int_equal(s->ops->policy->charges(s, tenant, codes, &list), PLT_OK);
    assert_string_equal(plt_buf_str(&list), "10=Alpha/;20=Gamma/;");
    assert_int_equal(s->ops->policy->charge_drop(s, other, "10"), PLT_NOTFOUND);
    assert_int_equal(s->ops->policy->charge_drop(s, tenant, "10"), PLT_OK);
    assert_int_equal(s->ops->policy->charge_drop(s, tenant, "10"), PLT_NOTFOUND);
    plt_buf_free(&list);
}

static void shares_are_even_and_only_grow(void **state)
{
    int in[101] = {0};
    const int agents = 20000;
    const hub_groups_of none = {.n = 0};
    (void)state;
    for (int i = 0; i < agents; i++) {
        char id[HUB_AGENT_ID];
        bool before = false;
        snprintf(id, sizeof id, "%016x", i * 7919);
        for (int percent = 1; percent <= 99; percent++) {
            hub_assignment a = {.scope = HUB_SCOPE_PERCENT, .percent = percent};
            bool covered = hub_assignment_covers(&a, id, &none);
            assert_true(covered || !before);
            before = covered;
            in[percent] += covered;
        }
    }
    for (int percent = 1; percent <= 99; percent++) { /* within four standard deviations */
        int want = agents * percent / 100, off = in[percent] > want ? in[percent] - want : want - in[percent];
        if ((int64_t)off * off > (int64_t)16 * agents * percent * (100 - percent) / 10000) fail_msg("%d %%: %d of %d", percent, in[percent], agents);
    }
}

static void the_nearest_assignment_counts(void **state)
{
    hub_store *s = *state;
    int64_t tenant = kit_tenant(s, "Acme");
    hub_assignment got;
    hub_group g = {.id = GROUP, .name = "Ward"};
    kit_agent(s, tenant, A, "PC-A");
    kit_agent(s, tenant, B, "PC-B");
    unsigned share = hub_agent_share(A) / 100;
    assert_int_equal(hub_assignment_of(s, tenant, A, &got), PLT_NOTFOUND);
    publish(s, tenant, SET, text1, (hub_assignment){.scope = HUB_SCOPE_ALL, .created = 3});
    assert_int_equal(hub_assignment_of(s, tenant, A, &got), PLT_OK);
    assert_int_equal(got.version, 1);
    publish(s, tenant, SET, text2, (hub_assignment){.scope = HUB_SCOPE_PERCENT, .percent = (int)share + 1, .created = 1});
    assert_int_equal(hub_assignment_of(s, tenant, A, &got), PLT_OK);
    assert_int_equal(got.version, 2); /* though it is older than the one for all */
    publish(s, tenant, OTHER, text1, (hub_assignment){.scope = HUB_SCOPE_GROUP, .group = GROUP, .created = 1, .shadow = true});
    assert_int_equal(s->ops->policy->group_put(s, tenant, &g), PLT_OK);
    assert_int_equal(s->ops->policy->group_add(s, tenant, GROUP, A), PLT_OK);
    assert_int_equal(s->ops->policy->group_add(s, tenant, GROUP, A), PLT_OK); /* twice is once */
    assert_int_equal(hub_assignment_of(s, tenant, A, &got), PLT_OK);
    assert_string_equal(got.set, OTHER);
    assert_true(got.shadow);
    assert_int_equal(s->ops->policy->group_drop(s, tenant, GROUP), PLT_OK);
    assert_int_equal(s->ops->policy->group_drop(s, tenant, GROUP), PLT_NOTFOUND);
    assert_int_equal(hub_assignment_of(s, tenant, A, &got), PLT_OK);
    assert_string_equal(got.set, SET);
    assert_int_equal(got.version, 2);
}

/* ---- signed ---- */

typedef struct desk {
    hub_ca *ca;
    hub_signer *signer;
} desk;

static desk open_desk(int64_t now)
{
    desk d;
    if (hub_ca_open(&d.ca, kit_here.dir, now, kit_here.problem, sizeof kit_here.problem) != PLT_OK) fail_msg("%s", kit_here.problem);
    if (hub_signer_open(&d.signer, &hub_signer_of_policies, d.ca, now, kit_here.problem, sizeof kit_here.problem) != PLT_OK)
        fail_msg("%s", kit_here.problem);
    return d;
}

static void close_desk(desk *d)
{
    hub_signer_free(d->signer);
    hub_ca_free(d->ca);
}

/* The agent's own check of a signed form. */
static plt_status check(const char *ca_pem, const plt_buf *form, const char *purpose, const char *context, int64_t *from, int64_t *to)
{
    plt_bundle_parts p;
    char text[PLT_BUNDLE_SIGNATURE_MAX + 1];
    uint8_t raw[PLT_BUNDLE_SIGNATURE_MAX];
    size_t n = sizeof raw;
    assert_int_equal(plt_bundle_split(form->data, form->len, &p), PLT_OK);
    memcpy(text, p.signature, p.signature_n);
    text[p.signature_n] = 0;
    assert_true(plt_unb64url(raw, &n, text));
    os_signed s = {ca_pem, p.certificate, p.certificate_n, purpose, context, p.body, p.body_n, raw, n};
    return os_signature_check(&s, from, to);
}

static void a_bundle_is_one_agents_of_one_tenant(void **state)
{
    hub_store *s = *state;
    int64_t one = kit_tenant(s, "Acme"), two = kit_tenant(s, "Beta"), serial, from, to;
    static const hub_charge secret = {"10", "Beta's own", "client", "", ""};
    desk d = open_desk(KIT_NOW);
    plt_buf form;
    plt_bundle b;
    plt_bundle_parts p;
    char error[PLT_POLICY_ERROR_SIZE];
    kit_agent(s, one, A, "PC-A");
    kit_agent(s, two, B, "PC-B");
    plt_buf_init(&form, PLT_BUNDLE_MAX);
    assert_int_equal(hub_bundle_make(s, d.signer, one, A, KIT_NOW, &form, &serial), PLT_OK);
    assert_true(serial == 0 && form.len == 0); /* nothing was published */
    publish(s, two, SET, text2, (hub_assignment){.scope = HUB_SCOPE_ALL});
    assert_int_equal(s->ops->policy->charge_put(s, two, &secret), PLT_OK);
    assert_int_equal(s->ops->policy->serial_step(s, one, KIT_NOW, &serial), PLT_OK);
    assert_int_equal(hub_bundle_make(s, d.signer, one, A, KIT_NOW, &form, &serial), PLT_OK);
    assert_int_equal(check(hub_ca_pem(d.ca), &form, PLT_BUNDLE_PURPOSE, PLT_BUNDLE_CONTEXT, &from, &to), PLT_OK);
    assert_true(from < KIT_NOW && KIT_NOW < to);
    assert_int_equal(plt_bundle_split(form.data, form.len, &p), PLT_OK);
    if (plt_bundle_read(p.body, p.body_n, &b, error) != PLT_OK) fail_msg("%s", error);
    assert_string_equal(b.agent, A);
    assert_int_equal(b.serial, serial);
    assert_null(b.policy);
    assert_null(strstr(plt_buf_str(&form), "Beta"));
    plt_bundle_free(&b);
    plt_buf_free(&form);
    close_desk(&d);
}

static void only_the_signer_signs(void **state)
{
    desk d = open_desk(KIT_NOW);
    plt_buf form, pem, key, csr;
    char serial[HUB_SERIAL_SIZE];
    int64_t expires, from, to;
    plt_bundle_parts p;
    (void)state;
    plt_buf_init(&form, PLT_BUNDLE_MAX);
    plt_buf_init(&pem, 65536);
    plt_buf_init(&key, 65536);
    plt_buf_init(&csr, 65536);
    assert_int_equal(hub_signer_sign(d.signer, "{}", 2, &form), PLT_OK);
    assert_int_equal(check(hub_ca_pem(d.ca), &form, PLT_BUNDLE_PURPOSE, PLT_BUNDLE_CONTEXT, &from, &to), PLT_OK);
    assert_int_equal(check(hub_ca_pem(d.ca), &form, "1.3.6.1.5.5.7.3.1", PLT_BUNDLE_CONTEXT, &from, &to), PLT_DENIED);
    assert_int_equal(check(hub_ca_pem(d.ca), &form, PLT_BUNDLE_PURPOSE, "something else\n", &from, &to), PLT_DENIED);
    for (size_t i = form.len - 2; i < form.len; i++) { /* either byte of the body */
        form.data[i] ^= 1;
        assert_int_equal(check(hub_ca_pem(d.ca), &form, PLT_BUNDLE_PURPOSE, PLT_BUNDLE_CONTEXT, &from, &to), PLT_DENIED);
        form.data[i] ^= 1;
    }
    /* An agent's certificate is of the same CA, and is no signer's. */
    assert_int_equal(os_key_make("x", &key, &csr), PLT_OK);
    assert_int_equal(hub_ca_sign(d.ca, plt_buf_str(&csr), A, "Acme", KIT_NOW, &pem, serial, &expires, kit_here.problem, sizeof kit_here.problem),
                     PLT_OK);
    assert_int_equal(plt_bundle_split(form.data, form.len, &p), PLT_OK);
    plt_bundle_parts swapped = p;
    plt_buf other;
    plt_buf_init(&other, PLT_BUNDLE_MAX);
    swapped.certificate = plt_buf_str(&pem);
    swapped.certificate_n = pem.len;
    assert_int_equal(plt_bundle_join(&swapped, &other), PLT_OK);
    assert_int_equal(check(hub_ca_pem(d.ca), &other, PLT_BUNDLE_PURPOSE, PLT_BUNDLE_CONTEXT, &from, &to), PLT_DENIED);
    assert_int_equal(check(plt_buf_str(&pem), &form, PLT_BUNDLE_PURPOSE, PLT_BUNDLE_CONTEXT, &from, &to), PLT_DENIED); /* another CA */
    plt_buf_free(&other);
    plt_buf_free(&form);
    plt_buf_free(&pem);
    plt_buf_free_secret(&key);
    plt_buf_free(&csr);
    close_desk(&d);
}

static void the_signer_lasts_and_is_renewed(void **state)
{
    desk d = open_desk(KIT_NOW);
    plt_buf first, again, later;
    plt_bundle_parts a, b, c;
    bool renewed = true;
    int64_t from, to;
    (void)state;
    plt_buf_init(&first, PLT_BUNDLE_MAX);
    plt_buf_init(&again, PLT_BUNDLE_MAX);
    plt_buf_init(&later, PLT_BUNDLE_MAX);
    assert_int_equal(hub_signer_sign(d.signer, "{}", 2, &first), PLT_OK);
    close_desk(&d);
    d = open_desk(KIT_NOW + 100 * KIT_DAY);
    assert_int_equal(hub_signer_sign(d.signer, "{}", 2, &again), PLT_OK);
    assert_int_equal(hub_signer_renew(d.signer, KIT_NOW + 300 * KIT_DAY, &renewed, kit_here.problem, sizeof kit_here.problem), PLT_OK);
    assert_true(renewed);
    assert_int_equal(hub_signer_sign(d.signer, "{}", 2, &later), PLT_OK);
    assert_int_equal(plt_bundle_split(first.data, first.len, &a), PLT_OK);
    assert_int_equal(plt_bundle_split(again.data, again.len, &b), PLT_OK);
    assert_int_equal(plt_bundle_split(later.data, later.len, &c), PLT_OK);
    assert_true(a.certificate_n == b.certificate_n && memcmp(a.certificate, b.certificate, a.certificate_n) == 0);
    assert_false(a.certificate_n == c.certificate_n && memcmp(a.certificate, c.certificate, a.certificate_n) == 0);
    assert_int_equal(check(hub_ca_pem(d.ca), &later, PLT_BUNDLE_PURPOSE, PLT_BUNDLE_CONTEXT, &from, &to), PLT_OK);
    assert_int_equal((to - from) / KIT_DAY, HUB_SERVER_DAYS);
    plt_buf_free(&first);
    plt_buf_free(&again);
    plt_buf_free(&later);
    close_desk(&d);
}

static void pins_are_hashed_with_salt(void **state)
{
    char a[OS_PIN_SIZE], b[OS_PIN_SIZE];
    static const char *const broken[] = {
        "", "4711", "pbkdf2-sha256$", "pbkdf2-sha256$0$AA$AA", "pbkdf2-sha256$99999999999$AA$AA", "pbkdf2-sha256$1$AA"};
    (void)state;
    assert_int_equal(os_pin_hash("4711", a), PLT_OK);
    assert_int_equal(os_pin_hash("4711", b), PLT_OK);
    assert_string_not_equal(a, b);
    assert_true(os_pin_matches("4711", a) && os_pin_matches("4711", b));
    assert_false(os_pin_matches("4712", a) || os_pin_matches("", a) || os_pin_matches("47110", a));
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) assert_false(os_pin_matches("4711", broken[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        KIT_SQLITE(a_serial_only_grows),
        KIT_SQLITE(versions_are_kept_as_they_were),
        KIT_SQLITE(accounts_are_a_tenants_own),
        KIT_SQLITE(the_nearest_assignment_counts),
        KIT_SQLITE(a_bundle_is_one_agents_of_one_tenant),
        KIT_SQLITE(only_the_signer_signs),
        KIT_SQLITE(the_signer_lasts_and_is_renewed),
        cmocka_unit_test(shares_are_even_and_only_grow),
        cmocka_unit_test(pins_are_hashed_with_salt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
