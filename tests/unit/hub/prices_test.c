/* SPDX-License-Identifier: Apache-2.0 */
/* The history of price lists and of sets that were removed, on both stores; from which day two lists differ. */
#include "hub_kit.h"

#include <stdio.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/prices_api.h"
#include "hub/store_parts.h"

#define SET "0123456789abcdef"

static plt_status add(hub_store *s, int64_t tenant, int64_t version, int64_t from, const char *text)
{
    hub_price_version v = {
        .version = version, .created = KIT_NOW + version * KIT_DAY, .from = from, .since = "2026-02-01", .author = "mia", .note = "n"};
    return s->ops->policy->price_add(s, tenant, &v, text);
}

static bool write_version(void *ctx, const hub_price_version *v)
{
    plt_buf *b = ctx;
    plt_buf_printf(b, "%d:%d-%d/%d;", (int)v->version, (int)((v->created - KIT_NOW) / KIT_DAY), v->until ? (int)((v->until - KIT_NOW) / KIT_DAY) : 0,
                   (int)v->from);
    return true;
}

static void lists_are_kept_as_they_were(void **state)
{
    hub_store *s = *state;
    int64_t tenant = kit_tenant(s, "Acme"), other = kit_tenant(s, "Beta");
    hub_price_version v;
    plt_buf b;
    plt_buf_init(&b, 4096);
    assert_int_equal(s->ops->policy->prices(s, tenant, &b, &v), PLT_NOTFOUND);
    assert_int_equal(add(s, tenant, 1, 0, "one"), PLT_OK);
    assert_int_equal(add(s, tenant, 2, 0, "two"), PLT_OK);
    assert_int_equal(add(s, tenant, 2, 0, "not two"), PLT_EXISTS);
    assert_int_equal(add(s, tenant, 4, 0, "four"), PLT_EXISTS);
    assert_int_equal(add(s, tenant, 3, 1, "one"), PLT_OK);
    assert_int_equal(s->ops->policy->prices(s, tenant, &b, &v), PLT_OK);
    assert_string_equal(plt_buf_str(&b), "one");
    assert_true(v.version == 3 && v.from == 1 && v.created == KIT_NOW + 3 * KIT_DAY);
    assert_string_equal(v.since, "2026-02-01");
    plt_buf_clear(&b);
    assert_int_equal(s->ops->policy->price_text(s, tenant, 2, &b), PLT_OK);
    assert_string_equal(plt_buf_str(&b), "two");
    assert_int_equal(s->ops->policy->price_text(s, tenant, 4, &b), PLT_NOTFOUND);
    assert_int_equal(s->ops->policy->price_text(s, other, 1, &b), PLT_NOTFOUND);
    plt_buf_clear(&b);
    assert_int_equal(s->ops->policy->price_versions(s, tenant, INT64_MAX, 10, write_version, &b), PLT_OK);
    assert_string_equal(plt_buf_str(&b), "3:3-0/1;2:2-3/0;1:1-2/0;");
    plt_buf_clear(&b);
    assert_int_equal(s->ops->policy->price_versions(s, tenant, 3, 1, write_version, &b), PLT_OK);
    assert_string_equal(plt_buf_str(&b), "2:2-3/0;");
    plt_buf_clear(&b);
    assert_int_equal(s->ops->policy->price_versions(s, other, INT64_MAX, 10, write_version, &b), PLT_OK);
    assert_int_equal(b.len, 0);
    plt_buf_free(&b);
}

#define LIST(currency, tables) "{\"v\":1,\"currency\":\"" currency "\",\"tables\":[" tables "]}"
#define TABLE(from, price) "{\"from\":\"" from "\",\"rows\":[{\"id\":\"a\",\"mono_page\":\"" price "\"}]}"
#define JAN(price) TABLE("2026-01-01", price)
#define JUN(price) TABLE("2026-06-01", price)

static void the_first_day_that_differs(void **state)
{
    static const struct {
        const char *before, *after, *day;
    } cases[] = {
        {"", LIST("EUR", JAN("0.1")), "2026-01-01"},
        {LIST("EUR", JAN("0.1")), LIST("EUR", JAN("0.1")), ""},
        {LIST("EUR", JAN("0.1")), "{ \"tables\": [" JAN("0.1") "], \"currency\": \"EUR\", \"v\": 1 }", ""}, /* written otherwise */
        {LIST("EUR", JAN("0.1")), LIST("EUR", JAN("0.2")), "2026-01-01"},
        {LIST("EUR", JAN("0.1")), LIST("CHF", JAN("0.1")), "2026-01-01"},
        {LIST("EUR", JAN("0.1")), LIST("EUR", JAN("0.1") "," JUN("0.2")), "2026-06-01"},
        {LIST("EUR", JAN("0.1") "," JUN("0.2")), LIST("EUR", JAN("0.1")), "2026-06-01"},
        {LIST("EUR", JAN("0.1") "," JUN("0.2")), LIST("EUR", JAN("0.1") "," JUN("0.3")), "2026-06-01"},
        {LIST("EUR", JUN("0.2")), LIST("EUR", JAN("0.1") "," JUN("0.2")), "2026-01-01"},
        {LIST("EUR", JAN("0.1") "," JUN("0.2")), LIST("EUR", JUN("0.2")), "2026-01-01"},
        {LIST("EUR", ""), LIST("EUR", ""), ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char day[HUB_DAY_SIZE] = "?";
        hub_prices_since(cases[i].before, cases[i].after, day);
        if (strcmp(day, cases[i].day) != 0) fail_msg("case %zu: \"%s\"", i, day);
    }
}

/* ---- removed sets ---- */

static void a_removed_set_is_only_read(void **state)
{
    hub_store *s = *state;
    const hub_policy_ops *ops = s->ops->policy;
    int64_t tenant = kit_tenant(s, "Acme"), other = kit_tenant(s, "Beta"), version = 0;
    hub_set p = {.id = SET, .name = "Office", .draft_by = "mia", .draft_at = KIT_NOW}, got;
    hub_set_version v = {.created = KIT_NOW, .author = "mia"};
    plt_buf text;
    plt_buf_init(&text, 64);
    assert_int_equal(ops->draft_put(s, tenant, &p, "draft"), PLT_OK);
    assert_int_equal(ops->version_add(s, tenant, SET, &v, "text", &version), PLT_OK);
    assert_int_equal(ops->set_remove(s, other, SET, "eve", KIT_NOW), PLT_NOTFOUND);
    assert_int_equal(ops->set_remove(s, tenant, SET, "mia", KIT_NOW + 5), PLT_OK);
    assert_int_equal(ops->set_remove(s, tenant, SET, "ben", KIT_NOW + 9), PLT_OK); /* again: who did it, and when, stays */
    assert_int_equal(ops->set_get(s, tenant, SET, &got, NULL), PLT_OK);
    assert_int_equal(got.removed, KIT_NOW + 5);
    assert_string_equal(got.removed_by, "mia");
    assert_int_equal(ops->draft_put(s, tenant, &p, "another"), PLT_NOTFOUND);
    assert_int_equal(ops->version_text(s, tenant, SET, 1, &text), PLT_OK);
    assert_string_equal(plt_buf_str(&text), "text");
    plt_buf_free(&text);
}

#define EACH(C) C(lists_are_kept_as_they_were), C(a_removed_set_is_only_read)

int main(void)
{
    const struct CMUnitTest sqlite[] = {cmocka_unit_test(the_first_day_that_differs), EACH(KIT_SQLITE)};
    const struct CMUnitTest postgres[] = {EACH(KIT_POSTGRES)};
    int bad = cmocka_run_group_tests_name("SQLite", sqlite, NULL, NULL);
    if (kit_postgres_there()) bad += cmocka_run_group_tests_name("PostgreSQL", postgres, NULL, NULL);
    return bad;
}
