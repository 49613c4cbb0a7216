/* SPDX-License-Identifier: Apache-2.0 */
/* What agents are set to read of the network, at the hub's store, on both engines: setting and report stand beside each other; whom there is news
 * for. */
#include "hub_kit.h"

#include <string.h>

#include "core/util/text.h"
#include "hub/collections_api.h"
#include "hub/store_collections.h"

#define A "00000000000000aa"
#define B "00000000000000bb"

static void put(hub_store *s, int64_t tenant, int64_t serial, const char *sealed)
{
    hub_collection_row row = {.serial = serial, .addresses = 9, .changed = KIT_NOW};
    plt_copy(row.agent, sizeof row.agent, A);
    plt_copy(row.author, sizeof row.author, "admin");
    assert_int_equal(s->ops->begin(s), PLT_OK);
    assert_int_equal(s->ops->collections->put(s, tenant, &row, sealed, strlen(sealed)), PLT_OK);
    assert_int_equal(s->ops->commit(s), PLT_OK);
}

static void say(hub_store *s, int64_t tenant, int64_t held, int64_t refused)
{
    hub_collection_row row = {.held = held, .refused = refused, .reported = KIT_NOW + 1};
    plt_copy(row.agent, sizeof row.agent, A);
    assert_int_equal(s->ops->begin(s), PLT_OK);
    assert_int_equal(s->ops->collections->said(s, tenant, &row, "{\"words\":1}"), PLT_OK);
    assert_int_equal(s->ops->commit(s), PLT_OK);
}

static int64_t news(hub_store *s, int64_t tenant, const char *agent)
{
    int64_t no = -1;
    assert_int_equal(hub_collection_news(s, tenant, agent, &no), PLT_OK);
    return no;
}

static void setting_and_report(void **state)
{
    hub_store *s = *state;
    int64_t one = kit_tenant(s, "Acme"), two = kit_tenant(s, "Beta");
    hub_collection_row row;
    plt_buf sealed, report;
    plt_buf_init(&sealed, 100);
    plt_buf_init(&report, 100);
    assert_int_equal(s->ops->collections->get(s, one, A, &row, NULL, NULL), PLT_NOTFOUND);
    say(s, one, 0, 0); /* an agent that has nothing of the hub's */
    put(s, one, 5, "\x01\xff sealed");
    assert_int_equal(s->ops->collections->get(s, one, A, &row, &sealed, &report), PLT_OK);
    assert_true(row.serial == 5 && row.addresses == 9 && row.changed == KIT_NOW && row.reported == KIT_NOW + 1 && row.held == 0);
    assert_string_equal(row.author, "admin");
    assert_true(sealed.len == 9 && memcmp(sealed.data, "\x01\xff sealed", 9) == 0);
    assert_string_equal(plt_buf_str(&report), "{\"words\":1}");
    assert_int_equal(s->ops->collections->get(s, two, A, &row, NULL, NULL), PLT_NOTFOUND);
    assert_int_equal(s->ops->collections->get(s, one, B, &row, NULL, NULL), PLT_NOTFOUND);
    plt_buf_free(&sealed);
    plt_buf_free(&report);
}

static void whom_there_is_news_for(void **state)
{
    static const struct {
        int64_t set, held, refused, told;
    } cases[] = {{5, 0, 0, 5}, {5, 5, 0, 0}, {6, 5, 0, 6}, {6, 5, 6, 0}, {7, 5, 6, 7}, {0, 5, 0, 1}, {0, 0, 0, 0}, {0, 5, 6, 1}};
    hub_store *s = *state;
    int64_t one = kit_tenant(s, "Acme");
    assert_int_equal(news(s, one, A), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        put(s, one, cases[i].set, "x");
        say(s, one, cases[i].held, cases[i].refused);
        if (news(s, one, A) != cases[i].told) fail_msg("case %zu", i);
        assert_int_equal(news(s, one, B), 0);
    }
}

static void numbers_only_grow(void **state)
{
    hub_store *s = *state;
    int64_t one = kit_tenant(s, "Acme"), a = 0, b = 0;
    assert_int_equal(s->ops->begin(s), PLT_OK);
    assert_int_equal(s->ops->collections->next(s, one, &a), PLT_OK);
    assert_int_equal(s->ops->collections->next(s, one, &b), PLT_OK);
    assert_int_equal(s->ops->commit(s), PLT_OK);
    assert_true(a > 0 && b > a);
}

#define CASES(kit) kit(setting_and_report), kit(whom_there_is_news_for), kit(numbers_only_grow)

int main(void)
{
    const struct CMUnitTest sqlite[] = {CASES(KIT_SQLITE)}, postgres[] = {CASES(KIT_POSTGRES)};
    int bad = cmocka_run_group_tests_name("SQLite", sqlite, NULL, NULL);
    if (kit_postgres_there()) bad += cmocka_run_group_tests_name("PostgreSQL", postgres, NULL, NULL);
    return bad;
}
