/* SPDX-License-Identifier: Apache-2.0 */
/* What was issued, in the store: once a period, one in place of another, found by scope, kind, period and device. */
#include "hub_kit.h"

#include <stdio.h>
#include <string.h>

#include "hub/issued.h"

/* What is listed, in order: "ID kind period who devices gaps counted replaces>replaced_by" a line. */
static bool note(void *ctx, const hub_issued *i)
{
    plt_buf_printf(ctx, "%s %s %s %s %d %d %d %s>%s\n", i->id, i->kind, i->period, *i->who ? i->who : "-", (int)i->devices, (int)i->gaps,
                   (int)i->counted, i->replaces, i->replaced_by);
    return true;
}

static void listed(hub_store *s, const hub_issued_query *q, const char *wanted)
{
    plt_buf b;
    hub_issued_query all = *q;
    all.limit = 100;
    plt_buf_init(&b, 1u << 16);
    assert_int_equal(s->ops->issued(s, &all, note, &b), PLT_OK);
    assert_string_equal(plt_buf_str(&b), wanted);
    plt_buf_free(&b);
}

static void in_force(hub_store *s, int64_t tenant, const char *wanted)
{
    plt_buf b;
    plt_buf_init(&b, 1u << 16);
    assert_int_equal(s->ops->issued_of(s, tenant, "meters", "2026-01", note, &b), PLT_OK);
    assert_string_equal(plt_buf_str(&b), wanted);
    plt_buf_free(&b);
}

static hub_issued paper(int64_t tenant, const char *id, const char *kind, const char *replaces)
{
    return (hub_issued){.tenant_id = tenant,
                        .id = id,
                        .kind = kind,
                        .period = "2026-01",
                        .who = "mia",
                        .at = KIT_NOW,
                        .replaces = replaces,
                        .reason = *replaces ? "late reading" : "",
                        .devices = 2,
                        .gaps = 1,
                        .counted = 30};
}

static plt_status add(hub_store *s, hub_issued i, const char *text)
{
    static const hub_issued_device on_it[] = {{7, 10, true}, {9, 20, false}};
    return s->ops->issued_add(s, &i, text, strlen(text), on_it, 2);
}

/* Once a period; by scope; the bytes come back as they went in. */
static void test_store(void **state)
{
    hub_store *s = *state;
    int64_t acme = kit_tenant(s, "Acme"), birch = kit_tenant(s, "Birch");
    plt_buf out;
    plt_buf_init(&out, 100);
    assert_int_equal(add(s, paper(acme, "00000000000000a1", "meters", ""), "{\"x\":\"\xC3\xA9\"}\n"), PLT_OK);
    assert_int_equal(add(s, paper(acme, "00000000000000a2", "meters", ""), "{}"), PLT_EXISTS);
    assert_int_equal(add(s, paper(acme, "00000000000000a2", "supplies", ""), "{}"), PLT_OK);
    assert_int_equal(add(s, paper(birch, "00000000000000b1", "meters", ""), "{}"), PLT_OK);
#define A1 "00000000000000a1 meters 2026-01 mia 2 1 30 >\n"
#define A2 "00000000000000a2 supplies 2026-01 mia 2 1 30 >\n"
#define B1 "00000000000000b1 meters 2026-01 mia 2 1 30 >\n"
    listed(s, &(hub_issued_query){.scope = HUB_OPERATOR}, A1 A2 B1);
    listed(s, &(hub_issued_query){.scope = acme}, A1 A2);
    listed(s, &(hub_issued_query){.scope = HUB_OPERATOR, .kind = "meters"}, A1 B1);
    listed(s, &(hub_issued_query){.scope = HUB_OPERATOR, .period = "2026-02"}, "");
    in_force(s, acme, A1);
    in_force(s, birch, B1);
    assert_int_equal(s->ops->issued_body(s, birch, "00000000000000a1", &out), PLT_NOTFOUND);
    assert_int_equal(s->ops->issued_body(s, acme, "00000000000000a1", &out), PLT_OK);
    assert_string_equal(plt_buf_str(&out), "{\"x\":\"\xC3\xA9\"}\n");
    plt_buf_free(&out);
}

/* One takes the place of another, once; what was in force says by which. A device's are found, also under what it was joined to. */
static void test_replaced(void **state)
{
    hub_store *s = *state;
    int64_t acme = kit_tenant(s, "Acme");
    assert_int_equal(add(s, paper(acme, "00000000000000a1", "meters", ""), "{}"), PLT_OK);
    assert_int_equal(add(s, paper(acme, "00000000000000a2", "meters", "00000000000000a1"), "{}"), PLT_OK);
    assert_int_equal(add(s, paper(acme, "00000000000000a3", "meters", "00000000000000a1"), "{}"), PLT_EXISTS);
    assert_int_equal(add(s, paper(acme, "00000000000000a3", "meters", "00000000000000a2"), "{}"), PLT_OK);
    in_force(s, acme, "00000000000000a3 meters 2026-01 mia 2 1 30 00000000000000a2>\n");
    listed(s, &(hub_issued_query){.scope = acme},
           "00000000000000a1 meters 2026-01 mia 2 1 30 >00000000000000a2\n"
           "00000000000000a2 meters 2026-01 mia 2 1 30 00000000000000a1>00000000000000a3\n"
           "00000000000000a3 meters 2026-01 mia 2 1 30 00000000000000a2>\n");
    listed(s, &(hub_issued_query){.scope = acme, .device = 9},
           "00000000000000a1 meters 2026-01 mia 2 0 20 >00000000000000a2\n"
           "00000000000000a2 meters 2026-01 mia 2 0 20 00000000000000a1>00000000000000a3\n"
           "00000000000000a3 meters 2026-01 mia 2 0 20 00000000000000a2>\n");
    listed(s, &(hub_issued_query){.scope = acme, .device = 8}, "");
}

static bool note_last(void *ctx, const hub_issued *i)
{
    snprintf(ctx, 17, "%s", i->id);
    return true;
}

/* Pages follow one another, with any limit, whatever is issued meanwhile; a cursor of another scope is none. */
static void test_pages(void **state)
{
    hub_store *s = *state;
    int64_t acme = kit_tenant(s, "Acme"), beta = kit_tenant(s, "Beta");
    static const char *const months[] = {"2026-01", "2026-02", "2026-03"};
    char id[17], last[17] = "";
    for (int i = 0; i < 12; i++) { /* three months of supplies and meters of two tenants; two of them at the same moment */
        snprintf(id, sizeof id, "00000000000000%02x", 0xa0 + (i * 7) % 12);
        hub_issued p = paper(i % 2 ? acme : beta, id, i % 4 < 2 ? "meters" : "supplies", "");
        p.period = months[i / 4];
        p.at = KIT_NOW + i / 2;
        assert_int_equal(add(s, p, "{}"), PLT_OK);
    }
    for (int limit = 1; limit <= 5; limit++) {
        plt_buf whole, paged;
        plt_buf_init(&whole, 1u << 16);
        plt_buf_init(&paged, 1u << 16);
        hub_issued_query q = {.scope = HUB_OPERATOR, .limit = 100};
        assert_int_equal(s->ops->issued(s, &q, note, &whole), PLT_OK);
        q.limit = limit;
        for (int page = 0; page < 13; page++) {
            size_t before = paged.len;
            assert_int_equal(s->ops->issued(s, &q, note, &paged), PLT_OK);
            if (paged.len == before) break;
            assert_int_equal(s->ops->issued(s, &q, note_last, last), PLT_OK);
            q.after = last;
        }
        assert_string_equal(plt_buf_str(&paged), plt_buf_str(&whole));
        plt_buf_free(&whole);
        plt_buf_free(&paged);
    }
    hub_issued newer = paper(acme, "00000000000000ff", "meters", "");
    newer.period = "2026-04";
    assert_int_equal(add(s, newer, "{}"), PLT_OK);
    listed(s, &(hub_issued_query){.scope = HUB_OPERATOR, .after = last}, ""); /* it stands before, not after */
    listed(
        s, &(hub_issued_query){.scope = acme, .device = 7, .kind = "meters", .after = "00000000000000ff"},
        "00000000000000a3 meters 2026-03 mia 2 1 10 >\n00000000000000ab meters 2026-02 mia 2 1 10 >\n00000000000000a7 meters 2026-01 mia 2 1 10 >\n");
    assert_int_equal(s->ops->issued(s, &(hub_issued_query){.scope = beta, .after = "00000000000000ff", .limit = 1}, note_last, last), PLT_NOTFOUND);
    assert_int_equal(s->ops->issued(s, &(hub_issued_query){.after = "00000000000000fe", .limit = 1}, note_last, last), PLT_NOTFOUND);
}

#define EACH(C) C(test_store), C(test_replaced), C(test_pages)

int main(void)
{
    const struct CMUnitTest sqlite[] = {EACH(KIT_SQLITE)};
    const struct CMUnitTest postgres[] = {EACH(KIT_POSTGRES)};
    int bad = cmocka_run_group_tests_name("SQLite", sqlite, NULL, NULL);
    if (kit_postgres_there()) bad += cmocka_run_group_tests_name("PostgreSQL", postgres, NULL, NULL);
    return bad;
}
