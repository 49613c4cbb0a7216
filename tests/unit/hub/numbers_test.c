/* SPDX-License-Identifier: Apache-2.0 */
/* The counter of devices, ways and events, on both engines. */
#include "hub_kit.h"

#include "hub/store_devices.h"
#include "hub/store_parts.h"

static int64_t make_device(hub_store *s, int64_t tenant)
{
    int64_t no = 0;
    assert_int_equal(s->ops->devices->device_make(s, tenant, KIT_NOW, &no), PLT_OK);
    return no;
}

/* Numbers of devices are the hub's, those of ways the tenant's; two connections never get the same, nor is one given twice. */
static void test_numbers(void **state)
{
    hub_store *s = *state, *other = kit_store_open();
    int64_t acme = kit_tenant(s, "Acme"), blue = kit_tenant(s, "Blue");
    hub_way ways[] = {{.key = "1"}, {.key = "2"}, {.key = "1"}};
    const hub_device_event e = {.kind = "seen", .detail = ""};
    assert_int_equal(make_device(s, acme), 1);
    assert_int_equal(make_device(other, blue), 2);
    assert_int_equal(s->ops->begin(s), PLT_OK);
    assert_int_equal(make_device(s, acme), 3);
    s->ops->rollback(s);
    assert_int_equal(make_device(other, acme), 3); /* that one was never given */
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++)
        assert_int_equal(s->ops->devices->way_put(i % 2 ? other : s, i == 2 ? blue : acme, &ways[i]), PLT_OK);
    assert_int_equal(ways[0].way, 1);
    assert_int_equal(ways[1].way, 2);
    assert_int_equal(ways[2].way, 1);
    for (int i = 0; i < 3; i++) assert_int_equal(s->ops->devices->event_add(i % 2 ? other : s, acme, &e), PLT_OK);
    db *d = kit_db_open();
    assert_int_equal(db_exec(d, "DELETE FROM devices WHERE device_no=3"), PLT_OK);
    assert_int_equal(make_device(s, acme), 4); /* not 3 again */
    /* the step itself goes on behind what there is */
    assert_int_equal(db_exec(d, "DROP TABLE numbers; DELETE FROM schema_version WHERE version>=11"), PLT_OK);
    assert_int_equal(store_migrate_to(d, 11), PLT_OK);
    db_close(d);
    assert_int_equal(make_device(other, acme), 5);
    ways[0] = (hub_way){.key = "3"};
    assert_int_equal(s->ops->devices->way_put(s, acme, &ways[0]), PLT_OK);
    assert_int_equal(ways[0].way, 3);
    assert_int_equal(s->ops->devices->event_add(s, blue, &e), PLT_OK);
    other->ops->close(other);
}

int main(void)
{
    const struct CMUnitTest sqlite[] = {KIT_SQLITE(test_numbers)};
    const struct CMUnitTest postgres[] = {KIT_POSTGRES(test_numbers)};
    int bad = cmocka_run_group_tests_name("SQLite", sqlite, NULL, NULL);
    if (kit_postgres_there()) bad += cmocka_run_group_tests_name("PostgreSQL", postgres, NULL, NULL);
    return bad;
}
