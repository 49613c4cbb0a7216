/* SPDX-License-Identifier: Apache-2.0 */
/* The model catalogue in both stores: versions, the one in force, what devices call themselves. */
#include "hub_kit.h"

#include <stdio.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/store_catalogue.h"
#include "hub/store_devices.h"

static const char *doc(int version, const char *model)
{
    static char text[512];
    snprintf(text, sizeof text, "{\"v\":1,\"version\":%d,\"models\":[{\"make\":\"A\",\"model\":\"%s\",\"source\":\"a test\"}]}", version, model);
    return text;
}

static plt_status add(hub_store *s, int on, int version, const char *model)
{
    hub_catalogue_version v = {.version = version, .created = KIT_NOW + version, .models = 1, .author = "mia", .note = "n"};
    return s->ops->catalogue->add(s, on, &v, doc(version, model));
}

static bool write_version(void *ctx, const hub_catalogue_version *v)
{
    plt_buf_printf(ctx, "%d;", (int)v->version);
    return true;
}

static void the_newest_is_in_force(void **state)
{
    hub_store *s = *state;
    const hub_catalogue_ops *ops = s->ops->catalogue;
    const plt_catalogue *c;
    const plt_catalogue_model *m;
    const char *by;
    hub_catalogue_version v;
    plt_buf b;
    plt_buf_init(&b, 4096);
    assert_int_equal(ops->current(s, &c), PLT_NOTFOUND);
    assert_null(c);
    assert_int_equal(ops->newest(s, &v), PLT_NOTFOUND);
    assert_int_equal(hub_catalogue_model(s, "A", "one", &m, &by), PLT_OK);
    assert_null(m);
    assert_int_equal(add(s, 0, 3, "one"), PLT_OK);
    assert_int_equal(hub_catalogue_model(s, "A", "one", &m, &by), PLT_OK);
    assert_string_equal(m->model, "one");
    assert_string_equal(by, "one");
    assert_int_equal(add(s, 0, 4, "not two"), PLT_EXISTS); /* somebody who had not seen version 3 */
    assert_int_equal(add(s, 3, 3, "not two"), PLT_EXISTS);
    assert_int_equal(add(s, 3, 2, "not two"), PLT_EXISTS);
    assert_int_equal(add(s, 3, 9, "two"), PLT_OK);
    assert_int_equal(hub_catalogue_model(s, "A", "one", &m, NULL), PLT_OK);
    assert_null(m);
    assert_int_equal(ops->current(s, &c), PLT_OK);
    assert_int_equal(plt_catalogue_version(c), 9);
    assert_int_equal(ops->newest(s, &v), PLT_OK);
    assert_true(v.version == 9 && v.created == KIT_NOW + 9 && v.models == 1 && v.from == 0);
    assert_string_equal(v.author, "mia");
    assert_int_equal(ops->text(s, 3, &b), PLT_OK);
    assert_string_equal(plt_buf_str(&b), doc(3, "one"));
    assert_int_equal(ops->text(s, 4, &b), PLT_NOTFOUND);
    plt_buf_clear(&b);
    assert_int_equal(ops->versions(s, INT64_MAX, 10, write_version, &b), PLT_OK);
    assert_string_equal(plt_buf_str(&b), "9;3;");
    plt_buf_free(&b);
}

/* What another connection put in force is seen by this one. */
static void every_connection_sees_it(void **state)
{
    hub_store *s = *state, *other = kit_store_open();
    const plt_catalogue *c;
    assert_int_equal(add(s, 0, 1, "one"), PLT_OK);
    assert_int_equal(other->ops->catalogue->current(other, &c), PLT_OK);
    assert_int_equal(plt_catalogue_version(c), 1);
    assert_int_equal(add(s, 1, 2, "two"), PLT_OK);
    assert_int_equal(other->ops->catalogue->current(other, &c), PLT_OK);
    assert_string_equal(plt_catalogue_at(c, 0)->model, "two");
    other->ops->close(other);
}

static void old_versions_go(void **state)
{
    hub_store *s = *state;
    plt_buf b;
    for (int i = 1; i <= HUB_CATALOGUES_KEPT + 3; i++) assert_int_equal(add(s, i - 1, i, "one"), PLT_OK);
    assert_int_equal(kit_number("SELECT count(*) FROM catalogue_versions"), HUB_CATALOGUES_KEPT);
    assert_int_equal(kit_number("SELECT min(version) FROM catalogue_versions"), 4);
    plt_buf_init(&b, 4096);
    assert_int_equal(s->ops->catalogue->text(s, HUB_CATALOGUES_KEPT + 3, &b), PLT_OK);
    plt_buf_free(&b);
}

static void a_damaged_one_is_said(void **state)
{
    hub_store *s = *state;
    const plt_catalogue *c;
    hub_catalogue_version v = {.version = 1, .created = KIT_NOW};
    assert_int_equal(s->ops->catalogue->add(s, 0, &v, "{\"v\":1,\"version\":1,\"models\":[{}]}"), PLT_OK);
    assert_int_equal(s->ops->catalogue->current(s, &c), PLT_BAD);
    assert_null(c);
    assert_non_null(strstr(s->ops->problem(s), "model 1, make: is missing"));
    assert_int_equal(add(s, 1, 2, "one"), PLT_OK);
    assert_int_equal(s->ops->catalogue->current(s, &c), PLT_OK);
}

static void make_device(hub_store *s, int64_t tenant, const char *make, const char *model)
{
    int64_t no;
    assert_int_equal(s->ops->devices->device_make(s, tenant, KIT_NOW, &no), PLT_OK);
    hub_device_row d = kit_device(tenant, no, "", KIT_NOW);
    d.make = make;
    d.model = model;
    assert_int_equal(s->ops->devices->device_put(s, &d), PLT_OK);
}

static bool write_model(void *ctx, const char *make, const char *model, int64_t devices)
{
    plt_buf_printf(ctx, "%s/%s %d;", make, model, (int)devices);
    return true;
}

static void models_are_counted_in_a_scope(void **state)
{
    hub_store *s = *state;
    int64_t acme = kit_tenant(s, "Acme"), beta = kit_tenant(s, "Beta");
    plt_buf b;
    make_device(s, acme, "A", "one");
    make_device(s, acme, "A", "two");
    make_device(s, acme, "A", "two");
    make_device(s, beta, "B", "one");
    make_device(s, beta, "", "");
    plt_buf_init(&b, 4096);
    assert_int_equal(s->ops->catalogue->models(s, HUB_OPERATOR, write_model, &b), PLT_OK);
    assert_string_equal(plt_buf_str(&b), "A/two 2;A/one 1;B/one 1;");
    plt_buf_clear(&b);
    assert_int_equal(s->ops->catalogue->models(s, beta, write_model, &b), PLT_OK);
    assert_string_equal(plt_buf_str(&b), "B/one 1;");
    plt_buf_free(&b);
}

#define EACH(C) C(the_newest_is_in_force), C(every_connection_sees_it), C(old_versions_go), C(a_damaged_one_is_said), C(models_are_counted_in_a_scope)

int main(void)
{
    const struct CMUnitTest sqlite[] = {EACH(KIT_SQLITE)};
    const struct CMUnitTest postgres[] = {EACH(KIT_POSTGRES)};
    int bad = cmocka_run_group_tests_name("SQLite", sqlite, NULL, NULL);
    if (kit_postgres_there()) bad += cmocka_run_group_tests_name("PostgreSQL", postgres, NULL, NULL);
    return bad;
}
