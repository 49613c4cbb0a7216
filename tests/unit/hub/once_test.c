/* SPDX-License-Identifier: Apache-2.0 */
/* Changes with a key, on both engines: made once, answered again; by two hubs on one store, after failures, after a day. */
#include "hub_kit.h"

#include <stdio.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/json.h"
#include "hub/once.h"
#include "hub/people.h"
#include "hub/routes.h"
#include "hub/store_parts.h"
#include "hub/writer.h"
#include "os/clock.h"

static const hub_route change = {HUB_CONSOLE, "POST", "/api/v1/things/{}", HUB_SESSION, .csrf = true, .max_body = 65536};
static const hub_route secret = {HUB_CONSOLE, "POST", "/api/v1/secrets", HUB_SESSION, .csrf = true, .secret = true, .max_body = 65536};
static const hub_route removal = {HUB_CONSOLE, "DELETE", "/api/v1/things/{}", HUB_SESSION, .csrf = true};

/* A hub of its own on the case's store. */
typedef struct side {
    hub h;
    hub_worker w;
} side;

static side one, two;
static int64_t moment; /* what the writer is told the time is */
static int made;       /* how often a change was made */
static plt_status outcome;

static void side_begin(side *s, hub_store *store)
{
    memset(s, 0, sizeof *s);
    s->h.lock = os_mutex_create();
    assert_int_equal(hub_ca_open(&s->h.ca, kit_here.dir, KIT_NOW, kit_here.problem, sizeof kit_here.problem), PLT_OK);
    s->w = (hub_worker){&s->h, store};
}

static void side_end(side *s)
{
    assert_null(s->h.once); /* nothing is left under way */
    hub_ca_free(s->h.ca);
    os_mutex_free(s->h.lock);
    if (s == &two) s->w.store->ops->close(s->w.store);
}

static void begin(hub_store *s)
{
    side_begin(&one, s);
    side_begin(&two, kit_store_open());
    moment = os_clock_unix_ms();
    made = 0;
    outcome = PLT_OK;
}

static void end(void)
{
    side_end(&one);
    side_end(&two);
}

/* Makes a tenant, whose number is a change that can be counted. */
static plt_status write_thing(hub_store *s, hub_task *t, int64_t now)
{
    char name[32];
    int64_t id;
    snprintf(name, sizeof name, "T%d", ++made);
    plt_status status = s->ops->tenant_make(s, name, now, &id);
    if (outcome == PLT_NOTFOUND) hub_problem(&t->out, 404, "not-found", "No such thing", NULL, NULL);
    return status == PLT_OK ? outcome : status;
}

typedef struct asked {
    const hub_route *route;
    const char *key, *body, *who, *how, *arg, *query;
    int64_t scope;
} asked;

static hub_task *task_of(const asked *a)
{
    hub_task *t = hub_task_new();
    assert_non_null(t);
    t->in.route = a->route ? a->route : &change;
    plt_copy(t->in.once, sizeof t->in.once, a->key ? a->key : "k1");
    plt_copy(t->session.name, sizeof t->session.name, a->who ? a->who : "mia");
    plt_copy(t->session.token_id, sizeof t->session.token_id, a->how ? a->how : "");
    plt_copy(t->in.path_arg[0], sizeof t->in.path_arg[0], a->arg ? a->arg : "7");
    t->session.scope = a->scope;
    t->in.body.max = 65536;
    plt_buf_text(&t->in.body, a->body ? a->body : "{}");
    if (a->query) {
        t->in.query_arg[0] = a->query;
        t->in.query_args = 1;
    }
    return t;
}

/* The worker's part; false with a reply. */
static bool comes(side *s, hub_task *t)
{
    if (!hub_once_begin(&s->w, t)) return false;
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_printf(b, "{\"number\":%d}", made + 1);
    if (t->in.route == &removal) hub_reply_empty(&t->out);
    t->write = write_thing;
    return true;
}

static void leaves(side *s, hub_task *t)
{
    hub_once_end_locked(&s->h, t);
    hub_task_free(t);
}

/* The whole way; what the reply was, as `status word-or-number` with a star where it was given again. */
static const char *ask_at(side *s, const asked *a)
{
    static char words[128];
    hub_task *t = task_of(a);
    if (comes(s, t)) hub_writer_group(s->w.store, t, moment);
    cJSON *o = cJSON_ParseWithLength(plt_buf_str(&t->out.body), t->out.body.len);
    const char *type = hub_json_get(o, "type");
    if (type)
        snprintf(words, sizeof words, "%d %s", t->out.status, type);
    else
        snprintf(words, sizeof words, "%d %d%s", t->out.status, (int)hub_json_whole(o, "number"), t->out.again ? "*" : "");
    cJSON_Delete(o);
    leaves(s, t);
    return words;
}

#define ASK(...) ask_at(&one, &(const asked){__VA_ARGS__})
#define ASK_TWO(...) ask_at(&two, &(const asked){__VA_ARGS__})

static void test_once(void **state)
{
    begin(*state);
    assert_string_equal(ASK(.key = "a"), "200 1");
    assert_string_equal(ASK(.key = "a"), "200 1*");
    assert_string_equal(ASK(.key = "\"a\""), "200 1*"); /* RFC 8941's spelling of it */
    assert_string_equal(ASK_TWO(.key = "a"), "200 1*");
    assert_string_equal(ASK(.key = "b"), "200 2");
    assert_string_equal(ASK(.key = "d", .route = &removal), "204 -1");
    assert_string_equal(ASK(.key = "d", .route = &removal), "204 -1*");
    assert_int_equal(made, 3);
    assert_int_equal(kit_number("SELECT count(*) FROM tenants"), 3);
    end();
}

/* The same key is another request's: each part of it counts. */
static void test_another_request(void **state)
{
    static const asked others[] = {{.body = "{\"a\":1}"}, {.arg = "8"},       {.query = "tenant=Acme"},
                                   {.route = &removal},   {.route = &secret}, {.body = ""}};
    begin(*state);
    assert_string_equal(ASK(.key = "k1"), "200 1");
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) assert_string_equal(ask_at(&one, &others[i]), "422 key-used");
    assert_string_equal(ASK(.key = "k1"), "200 1*");
    assert_int_equal(made, 1);
    end();
}

/* What one caller did is nothing to another. */
static void test_another_caller(void **state)
{
    begin(*state);
    assert_string_equal(ASK(.who = "mia"), "200 1");
    assert_string_equal(ASK(.who = "ben"), "200 2");
    assert_string_equal(ASK(.who = "mia", .how = "0a0a0a0a"), "200 3");
    assert_string_equal(ASK(.who = "mia", .scope = 1), "200 4");
    assert_string_equal(ASK(.who = "mia"), "200 1*");
    assert_string_equal(ASK(.who = "ben"), "200 2*");
    /* an account that goes takes its keys along: a new one of that name begins anew */
    hub_store *s = *state;
    const hub_person p = {.name = "mia", .role = "read-only"};
    assert_int_equal(s->people->person_add(s, &p, "x", KIT_NOW), PLT_OK);
    assert_int_equal(s->people->person_remove(s, "mia"), PLT_OK);
    assert_string_equal(ASK(.who = "mia"), "200 5");
    assert_string_equal(ASK(.who = "ben"), "200 2*");
    end();
}

static void test_keys(void **state)
{
    char longest[HUB_ONCE_KEY], beyond[HUB_ONCE_KEY + 1];
    begin(*state);
    memset(longest, 'k', sizeof longest - 1);
    longest[sizeof longest - 1] = 0;
    memset(beyond, 'k', sizeof beyond - 1);
    beyond[sizeof beyond - 1] = 0;
    const char *const bad[] = {" ", "\"\"", "\"", "a b", "a\tb", "caf\xC3\xA9", "\"a\"b\"", "a\\b", beyond};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (strcmp(ASK(.key = bad[i]), "400 bad-key") != 0) fail_msg("'%s' was taken", bad[i]);
    assert_int_equal(made, 0);
    assert_string_equal(ASK(.key = longest), "200 1");
    assert_string_equal(ASK(.key = longest), "200 1*");
    end();
}

static void test_under_way(void **state)
{
    begin(*state);
    hub_task *t = task_of(&(const asked){.key = "a"});
    assert_true(comes(&one, t));
    assert_string_equal(ASK(.key = "a"), "409 under-way");
    assert_string_equal(ASK(.key = "a", .body = "{\"a\":1}"), "409 under-way");
    assert_string_equal(ASK(.key = "b"), "200 1");
    assert_string_equal(ASK(.key = "a", .who = "ben"), "200 2");
    made = 6;
    assert_int_equal(hub_writer_group(one.w.store, t, moment), 0);
    leaves(&one, t);
    assert_string_equal(ASK(.key = "a"), "200 1*"); /* as it was begun */
    end();
}

/* Both hubs have looked and found nothing; the writers take turns, and the second one's change is not made. */
static void test_two_hubs(void **state)
{
    begin(*state);
    hub_task *a = task_of(&(const asked){.key = "a"}), *b = task_of(&(const asked){.key = "a"}),
             *c = task_of(&(const asked){.key = "a", .body = "[]"});
    assert_true(comes(&one, a));
    assert_true(comes(&two, b));
    hub_writer_group(one.w.store, a, moment);
    hub_writer_group(two.w.store, b, moment);
    assert_false(a->out.again);
    assert_true(b->out.again);
    assert_int_equal(b->out.status, 200);
    leaves(&two, b);
    hub_once_end_locked(&one.h, a);
    assert_false(comes(&two, c));
    assert_int_equal(c->out.status, 422);
    leaves(&two, c);
    hub_task_free(a);
    assert_int_equal(made, 1);
    assert_int_equal(kit_number("SELECT count(*) FROM tenants"), 1);
    end();
}

/* What was not done leaves nothing behind: neither a refusal, nor a group that is taken back. */
static void test_failures(void **state)
{
    begin(*state);
    outcome = PLT_NOTFOUND;
    assert_string_equal(ASK(.key = "a"), "404 not-found");
    outcome = PLT_IO;
    assert_string_equal(ASK(.key = "a"), "500 store-failed");
    outcome = PLT_OK;
    assert_string_equal(ASK(.key = "a"), "200 3");
    hub_task *first = task_of(&(const asked){.key = "b"});
    assert_true(comes(&one, first));
    assert_int_equal(one.w.store->ops->begin(one.w.store), PLT_OK); /* the hub dies after the write and before the commit */
    assert_int_equal(hub_once_before(one.w.store, first, moment), PLT_NOTFOUND);
    assert_int_equal(write_thing(one.w.store, first, moment), PLT_OK);
    assert_int_equal(hub_once_after(one.w.store, first, moment), PLT_OK);
    one.w.store->ops->rollback(one.w.store);
    leaves(&one, first);
    assert_string_equal(ASK_TWO(.key = "b"), "200 5");
    assert_int_equal(kit_number("SELECT count(*) FROM tenants"), 2);
    end();
}

static void test_secrets(void **state)
{
    begin(*state);
    assert_string_equal(ASK(.route = &secret), "200 1");
    assert_string_equal(ASK(.route = &secret), "409 answer-not-kept");
    assert_string_equal(ASK_TWO(.route = &secret), "409 answer-not-kept");
    assert_string_equal(ASK(.route = &secret, .body = "[]"), "422 key-used");
    assert_int_equal(made, 1);
    assert_int_equal(kit_number("SELECT count(*) FROM answers WHERE body<>''"), 0);
    assert_int_equal(kit_number("SELECT count(*) FROM answers WHERE kept=0"), 1);
    end();
}

/* The table of routes says which answers have secrets: whoever adds one more adds it here. */
static void test_secret_routes(void **state)
{
    static const char *const want[] = {
        "PUT /api/v1/session/password", "POST /api/v1/session/factor", "PUT /api/v1/session/factor",  "POST /api/v1/tokens",
        "POST /api/v1/users",           "POST /api/v1/users/{}/reset", "POST /api/v1/alert-channels", "POST /api/v1/alert-channels/{}/secret"};
    size_t n, k = 0;
    (void)state;
    const hub_route *r = hub_routes(&n);
    for (size_t i = 0; i < n; i++) {
        char name[96];
        if (!r[i].secret) continue;
        snprintf(name, sizeof name, "%s %s", r[i].method, r[i].path);
        assert_true(k < sizeof want / sizeof *want);
        assert_string_equal(name, want[k++]);
    }
    assert_int_equal(k, sizeof want / sizeof *want);
}

static void test_a_day(void **state)
{
    hub_store *s = *state;
    bool more;
    begin(s);
    moment -= KIT_DAY - 60000;
    assert_string_equal(ASK(.key = "a"), "200 1");
    assert_string_equal(ASK(.key = "a"), "200 1*");
    moment -= 60000;
    assert_string_equal(ASK(.key = "b"), "200 2");
    moment += KIT_DAY; /* over: the key is free, and is this request's now */
    assert_string_equal(ASK(.key = "b", .body = "[]"), "200 3");
    assert_string_equal(ASK(.key = "b"), "422 key-used");
    assert_int_equal(kit_number("SELECT count(*) FROM answers"), 2);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(s->ops->begin(s), PLT_OK);
        assert_int_equal(s->ops->purge(s, moment + 60000 + i * KIT_DAY, 1, &more), PLT_OK);
        assert_int_equal(s->ops->commit(s), PLT_OK);
        assert_int_equal(kit_number("SELECT count(*) FROM answers"), 1 - i);
    }
    end();
}

static void test_bound(void **state)
{
    hub_store *s = *state;
    char key[16];
    begin(s);
    assert_string_equal(ASK(.key = "first"), "200 1");
    assert_int_equal(s->ops->begin(s), PLT_OK);
    for (int i = 0; i < 9999; i++) {
        hub_once o = {.scope = 0, .who = "mia", .how = "session"};
        const hub_answer a = {.kept = true, .status = 204};
        snprintf(key, sizeof key, "n%d", i);
        plt_copy(o.key, sizeof o.key, key);
        assert_int_equal(s->ops->answer_put(s, &o, &a, moment), PLT_OK);
    }
    assert_int_equal(s->ops->commit(s), PLT_OK);
    assert_string_equal(ASK(.key = "more"), "429 too-many-keys");
    assert_string_equal(ASK(.key = "more", .who = "ben"), "429 too-many-keys");
    assert_string_equal(ASK(.key = "more", .scope = 1), "200 2"); /* another tenant's are its own */
    assert_string_equal(ASK(.key = "first"), "200 1*");
    assert_int_equal(made, 2);
    end();
}

/* A large answer is not stored; the change is still made once. */
static plt_status write_large(hub_store *s, hub_task *t, int64_t now)
{
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_byte(b, '"');
    for (int i = 0; i < 20000; i++) plt_buf_byte(b, 'x');
    plt_buf_byte(b, '"');
    return write_thing(s, t, now);
}

static void test_large(void **state)
{
    begin(*state);
    hub_task *t = task_of(&(const asked){.key = "a"});
    assert_true(comes(&one, t));
    t->write = write_large;
    hub_writer_group(one.w.store, t, moment);
    assert_int_equal(t->out.body.len, 20002);
    leaves(&one, t);
    assert_string_equal(ASK(.key = "a"), "409 answer-not-kept");
    assert_int_equal(made, 1);
    end();
}

#define CASES(on)                                                                                                                                    \
    on(test_once), on(test_another_request), on(test_another_caller), on(test_keys), on(test_under_way), on(test_two_hubs), on(test_failures),       \
        on(test_secrets), on(test_a_day), on(test_bound), on(test_large)

int main(void)
{
    const struct CMUnitTest sqlite[] = {CASES(KIT_SQLITE), cmocka_unit_test(test_secret_routes)};
    const struct CMUnitTest postgres[] = {CASES(KIT_POSTGRES)};
    int bad = cmocka_run_group_tests_name("SQLite", sqlite, NULL, NULL);
    if (kit_postgres_there()) bad += cmocka_run_group_tests_name("PostgreSQL", postgres, NULL, NULL);
    return bad;
}
