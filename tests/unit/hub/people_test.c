/* SPDX-License-Identifier: Apache-2.0 */
/* The store's people: the tree of tenants and scopes, accounts and roles, second factors, tokens, sessions, the audit log. */
#include "hub_kit.h"

#include <stdio.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/people.h"
#include "hub/store_parts.h"

#define A "00000000000000aa"
#define B "00000000000000bb"

/* Names, one after the other, of whatever is listed. */
typedef struct names {
    char text[512];
} names;

static void add_name(names *n, const char *name)
{
    size_t used = strlen(n->text);
    snprintf(n->text + used, sizeof n->text - used, "%s%s", used ? " " : "", name);
}

static bool name_tenant(void *ctx, const hub_tenant *t)
{
    add_name(ctx, t->name);
    return true;
}

static bool name_person(void *ctx, const hub_person *p)
{
    add_name(ctx, p->name);
    return true;
}

static bool name_agent(void *ctx, const hub_agent *a)
{
    add_name(ctx, a->machine);
    return true;
}

static bool name_token(void *ctx, const hub_token_row *t)
{
    add_name(ctx, t->id);
    return true;
}

static bool name_session(void *ctx, const hub_open_session *o)
{
    add_name(ctx, o->id);
    return true;
}

static bool name_line(void *ctx, int64_t seq, const char *line)
{
    char text[24];
    (void)line;
    snprintf(text, sizeof text, "%d", (int)seq);
    add_name(ctx, text);
    return true;
}

static int64_t tenant(hub_store *s, const char *name, const char *level, int64_t parent)
{
    hub_tenant t = {.parent = parent};
    int64_t id = 0;
    plt_copy(t.name, sizeof t.name, name);
    plt_copy(t.level, sizeof t.level, level);
    assert_int_equal(s->people->tenant_add(s, &t, KIT_NOW, &id), PLT_OK);
    return id;
}

static void person(hub_store *s, const char *name, const char *role, int64_t scope)
{
    hub_person p = {.scope = scope};
    plt_copy(p.name, sizeof p.name, name);
    plt_copy(p.role, sizeof p.role, role);
    assert_int_equal(s->people->person_add(s, &p, "hash", KIT_NOW), PLT_OK);
}

/* dealer D { customer C { site S }, customer E }, customer F, and G made by an enrolment key */
typedef struct tree {
    int64_t d, c, s, e, f, g;
} tree;

static tree plant(hub_store *s)
{
    tree t = {.d = tenant(s, "D", "dealer", 0)};
    t.c = tenant(s, "C", "customer", t.d);
    t.s = tenant(s, "S", "site", t.c);
    t.e = tenant(s, "E", "customer", t.d);
    t.f = tenant(s, "F", "customer", 0);
    t.g = kit_tenant(s, "G");
    return t;
}

static void test_tree(void **state)
{
    hub_store *s = *state;
    tree t = plant(s);
    const struct {
        int64_t scope;
        const char *sees;
    } cases[] = {{HUB_OPERATOR, "C D E F G S"}, {t.d, "C D E S"}, {t.c, "C S"}, {t.s, "S"}, {t.e, "E"}, {t.f, "F"}, {t.g, "G"}, {9999, ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        names n = {""};
        assert_int_equal(s->people->tenants(s, cases[i].scope, name_tenant, &n), PLT_OK);
        assert_string_equal(n.text, cases[i].sees);
    }
    assert_int_equal(s->people->within(s, t.d, t.s), PLT_OK);
    assert_int_equal(s->people->within(s, t.s, t.d), PLT_NOTFOUND);
    assert_int_equal(s->people->within(s, t.c, t.e), PLT_NOTFOUND);
    assert_int_equal(s->people->within(s, t.d, HUB_OPERATOR), PLT_NOTFOUND);
    assert_int_equal(s->people->within(s, HUB_OPERATOR, t.s), PLT_OK);
    hub_tenant bad = {.parent = 9999, .name = "X", .level = "site"};
    int64_t id;
    assert_int_equal(s->people->tenant_add(s, &bad, KIT_NOW, &id), PLT_NOTFOUND);
    bad = (hub_tenant){.name = "C", .level = "customer"};
    assert_int_equal(s->people->tenant_add(s, &bad, KIT_NOW, &id), PLT_EXISTS);
}

/* What agents brought is seen under the scope only, and revoked there only. */
static void test_scopes(void **state)
{
    hub_store *s = *state;
    tree t = plant(s);
    hub_overview o;
    names n = {""};
    kit_agent(s, t.c, A, "PC-C");
    kit_agent(s, t.f, B, "PC-F");
    assert_int_equal(s->ops->agent_list(s, t.d, name_agent, &n), PLT_OK);
    assert_string_equal(n.text, "PC-C");
    assert_int_equal(s->ops->overview(s, t.d, KIT_NOW, KIT_NOW + 1, &o), PLT_OK);
    assert_int_equal(o.agents, 1);
    assert_int_equal(s->ops->overview(s, t.s, KIT_NOW, KIT_NOW + 1, &o), PLT_OK);
    assert_int_equal(o.agents, 0);
    assert_int_equal(s->ops->agent_revoke(s, t.f, A), PLT_NOTFOUND);
    assert_int_equal(s->ops->agent_revoke(s, t.e, A), PLT_NOTFOUND);
    assert_int_equal(s->ops->agent_revoke(s, t.d, A), PLT_OK);
}

static void test_people(void **state)
{
    hub_store *s = *state;
    tree t = plant(s);
    hub_person p;
    int64_t n;
    names all = {""}, under = {""};
    person(s, "root", "administrator", HUB_OPERATOR);
    person(s, "dealer", "operator", t.d);
    person(s, "helper", "help desk", t.c);
    person(s, "other", "read-only", t.f);
    p = (hub_person){.name = "ROOT", .role = "operator"};
    assert_int_equal(s->people->person_add(s, &p, "hash", KIT_NOW), PLT_EXISTS); /* names are compared without case */
    assert_int_equal(s->people->people(s, HUB_OPERATOR, name_person, &all), PLT_OK);
    assert_string_equal(all.text, "dealer helper other root");
    assert_int_equal(s->people->people(s, t.d, name_person, &under), PLT_OK);
    assert_string_equal(under.text, "dealer helper");
    assert_int_equal(s->people->person(s, "Helper", &p), PLT_OK);
    assert_string_equal(p.tenant, "C");
    assert_int_equal(p.rights, hub_role_find("help desk")->rights);
    assert_true(p.must_change && !p.disabled && !p.second_factor && p.last_sign_in == 0);
    assert_int_equal(s->people->signed_in(s, "helper", KIT_NOW + 5), PLT_OK);
    p.disabled = true;
    p.scope = t.e;
    assert_int_equal(s->people->person_change(s, &p), PLT_OK);
    assert_int_equal(s->people->person(s, "helper", &p), PLT_OK);
    assert_true(p.disabled && p.scope == t.e && p.last_sign_in == KIT_NOW + 5);
    assert_int_equal(s->people->administrators(s, &n), PLT_OK);
    assert_int_equal(n, 1);
    assert_int_equal(s->people->person_remove(s, "root"), PLT_OK);
    assert_int_equal(s->people->person_remove(s, "root"), PLT_NOTFOUND);
    assert_int_equal(s->people->administrators(s, &n), PLT_OK);
    assert_int_equal(n, 0);
}

static void test_roles(void **state)
{
    hub_store *s = *state;
    hub_person p;
    hub_rights some = (hub_rights)1 << HUB_RIGHT_JOBS | (hub_rights)1 << HUB_RIGHT_AUDIT;
    assert_int_equal(s->people->role_put(s, "auditor", some), PLT_OK);
    person(s, "ann", "auditor", HUB_OPERATOR);
    assert_int_equal(s->people->person(s, "ann", &p), PLT_OK);
    assert_int_equal(p.rights, some);
    assert_int_equal(s->people->role_put(s, "auditor", (hub_rights)1 << HUB_RIGHT_JOBS), PLT_OK);
    assert_int_equal(s->people->person(s, "ann", &p), PLT_OK);
    assert_int_equal(p.rights, (hub_rights)1 << HUB_RIGHT_JOBS);
    assert_int_equal(s->people->role_remove(s, "auditor"), PLT_EXISTS);
    assert_int_equal(s->people->person_remove(s, "ann"), PLT_OK);
    assert_int_equal(s->people->role_remove(s, "auditor"), PLT_OK);
    assert_int_equal(s->people->role_remove(s, "auditor"), PLT_NOTFOUND);
    person(s, "lost", "no such role", HUB_OPERATOR); /* a role that is gone gives nothing */
    assert_int_equal(s->people->person(s, "lost", &p), PLT_OK);
    assert_int_equal(p.rights, 0);
    /* the hub's own roles stand before a custom one of the same name */
    assert_int_equal(s->people->role_put(s, "read-only", HUB_RIGHTS_ALL), PLT_OK);
    person(s, "reader", "read-only", HUB_OPERATOR);
    assert_int_equal(s->people->person(s, "reader", &p), PLT_OK);
    assert_int_equal(p.rights, hub_role_find("read-only")->rights);
}

static void test_factor(void **state)
{
    hub_store *s = *state;
    hub_factor f;
    const uint8_t codes[2][32] = {{1}, {2}};
    person(s, "ann", "operator", HUB_OPERATOR);
    assert_int_equal(s->people->factor(s, "ann", &f), PLT_OK);
    assert_string_equal(f.secret, "");
    assert_int_equal(s->people->factor_use(s, "ann", 5), PLT_DENIED); /* there is none */
    assert_int_equal(s->people->factor_put(s, "ann", "SECRET", 100, codes, 2), PLT_OK);
    assert_int_equal(s->people->factor(s, "ann", &f), PLT_OK);
    assert_string_equal(f.secret, "SECRET");
    assert_true(f.last_step == 100 && f.codes_left == 2);
    assert_int_equal(s->people->factor_use(s, "ann", 100), PLT_DENIED);
    assert_int_equal(s->people->factor_use(s, "ann", 101), PLT_OK);
    assert_int_equal(s->people->factor_use(s, "ann", 101), PLT_DENIED);
    assert_int_equal(s->people->recovery_use(s, "ann", codes[1]), PLT_OK);
    assert_int_equal(s->people->recovery_use(s, "ann", codes[1]), PLT_DENIED);
    assert_int_equal(s->people->recovery_use(s, "bob", codes[0]), PLT_DENIED);
    assert_int_equal(s->people->factor_put(s, "ann", "", 0, NULL, 0), PLT_OK);
    assert_int_equal(s->people->factor(s, "ann", &f), PLT_OK);
    assert_true(!*f.secret && f.codes_left == 0);
    assert_int_equal(s->people->factor_put(s, "nobody", "X", 0, NULL, 0), PLT_NOTFOUND);
}

static void test_tokens(void **state)
{
    hub_store *s = *state;
    tree t = plant(s);
    const uint8_t hash[3][32] = {{1}, {2}, {3}};
    hub_session_row who;
    names all = {""}, one = {""}, scoped = {""};
    person(s, "ann", "help desk", t.c);
    person(s, "bob", "operator", HUB_OPERATOR);
    hub_token_row k = {.id = "k1", .label = "erp", .name = "ann", .rights = HUB_RIGHTS_ALL, .created = KIT_NOW, .expires = KIT_NOW + 1000};
    assert_int_equal(s->people->token_add(s, &k, hash[0]), PLT_OK);
    k = (hub_token_row){.id = "k2", .label = "x", .name = "bob", .rights = (hub_rights)1 << HUB_RIGHT_JOBS, .created = KIT_NOW + 1};
    assert_int_equal(s->people->token_add(s, &k, hash[1]), PLT_OK);
    /* no more than its owner, in the owner's scope, until its time is over */
    assert_int_equal(s->people->token_find(s, hash[0], KIT_NOW + 999, &who), PLT_OK);
    assert_int_equal(who.rights, hub_role_find("help desk")->rights);
    assert_true(who.scope == t.c && strcmp(who.name, "ann") == 0 && strcmp(who.token_id, "k1") == 0);
    assert_int_equal(s->people->token_find(s, hash[0], KIT_NOW + 1000, &who), PLT_NOTFOUND);
    assert_int_equal(s->people->token_find(s, hash[1], KIT_NOW + KIT_DAY * 9999, &who), PLT_OK);
    assert_int_equal(who.rights, (hub_rights)1 << HUB_RIGHT_JOBS);
    assert_int_equal(s->people->token_find(s, hash[2], KIT_NOW, &who), PLT_NOTFOUND);
    assert_int_equal(s->people->tokens(s, HUB_OPERATOR, NULL, name_token, &all), PLT_OK);
    assert_int_equal(s->people->tokens(s, HUB_OPERATOR, "BOB", name_token, &one), PLT_OK);
    assert_int_equal(s->people->tokens(s, t.d, NULL, name_token, &scoped), PLT_OK);
    assert_string_equal(all.text, "k1 k2");
    assert_string_equal(one.text, "k2");
    assert_string_equal(scoped.text, "k1");
    assert_int_equal(s->people->token_revoke(s, t.d, NULL, "k2"), PLT_NOTFOUND);
    assert_int_equal(s->people->token_revoke(s, HUB_OPERATOR, "ann", "k2"), PLT_NOTFOUND);
    assert_int_equal(s->people->token_revoke(s, HUB_OPERATOR, "bob", "k2"), PLT_OK);
    assert_int_equal(s->people->token_find(s, hash[1], KIT_NOW, &who), PLT_NOTFOUND);
    /* a disabled account's tokens do nothing */
    hub_person p;
    assert_int_equal(s->people->person(s, "ann", &p), PLT_OK);
    p.disabled = true;
    assert_int_equal(s->people->person_change(s, &p), PLT_OK);
    assert_int_equal(s->people->token_find(s, hash[0], KIT_NOW, &who), PLT_NOTFOUND);
}

static void test_sessions(void **state)
{
    hub_store *s = *state;
    const uint8_t t1[32] = {0xAB, 1}, t2[32] = {0xCD, 2};
    hub_session_row who;
    hub_person p;
    names n = {""};
    person(s, "ann", "billing", HUB_OPERATOR);
    assert_int_equal(s->ops->session_add(s, t1, "ann", "192.0.2.1", "a browser", KIT_NOW), PLT_OK);
    assert_int_equal(s->ops->session_add(s, t2, "ann", "192.0.2.2", "", KIT_NOW + 1), PLT_OK);
    assert_int_equal(s->ops->session_find(s, t1, 0, 0, &who), PLT_OK);
    assert_int_equal(who.rights, hub_role_find("billing")->rights);
    assert_string_equal(who.token_id, "");
    assert_int_equal(s->people->sessions(s, "ann", name_session, &n), PLT_OK);
    assert_string_equal(n.text, "ab01000000000000 cd02000000000000");
    assert_int_equal(s->people->session_end(s, "bob", "ab01000000000000"), PLT_NOTFOUND);
    assert_int_equal(s->people->session_end(s, "ann", "ab01000000000000"), PLT_OK);
    assert_int_equal(s->people->session_end(s, "ann", "ab01000000000000"), PLT_NOTFOUND);
    assert_int_equal(s->ops->session_find(s, t2, 0, 0, &who), PLT_OK);
    assert_int_equal(s->people->person(s, "ann", &p), PLT_OK);
    p.disabled = true;
    assert_int_equal(s->people->person_change(s, &p), PLT_OK);
    assert_int_equal(s->ops->session_find(s, t2, 0, 0, &who), PLT_NOTFOUND);
}

/* Each way of tampering is found, at the line where it is. */
static void test_audit(void **state)
{
    hub_store *s = *state;
    tree t = plant(s);
    hub_audit a = {.who = "ann", .how = "session", .address = "192.0.2.1", .action = "users.add", .object = "bob", .detail = "a \"quoted\"\n one"};
    int64_t n, from;
    names all = {""}, scoped = {""}, older = {""};
    assert_int_equal(s->people->audit_check(s, &n, &from), PLT_OK);
    assert_int_equal(n, 0);
    for (int i = 0; i < 5; i++) {
        a.tenant_id = i % 2 ? t.c : HUB_OPERATOR;
        assert_int_equal(s->people->audit_add(s, &a, KIT_NOW + i), PLT_OK);
    }
    assert_int_equal(s->people->audit_check(s, &n, &from), PLT_OK);
    assert_int_equal(n, 5);
    assert_int_equal(s->people->audit(s, HUB_OPERATOR, &(hub_audit_query){.limit = 100}, name_line, &all), PLT_OK);
    assert_int_equal(s->people->audit(s, t.d, &(hub_audit_query){.limit = 100}, name_line, &scoped), PLT_OK);
    assert_int_equal(s->people->audit(s, HUB_OPERATOR, &(hub_audit_query){.before = 4, .limit = 2}, name_line, &older), PLT_OK);
    assert_string_equal(all.text, "5 4 3 2 1");
    assert_string_equal(scoped.text, "4 2");
    assert_string_equal(older.text, "3 2");
    static const struct {
        hub_audit_query q;
        const char *lines;
    } asked[] = {
        {{.limit = 9, .who = "ANN"}, "5 4 3 2 1"},
        {{.limit = 9, .who = "an"}, ""},
        {{.limit = 9, .action = "users"}, "5 4 3 2 1"},
        {{.limit = 9, .action = "users.add"}, "5 4 3 2 1"},
        {{.limit = 9, .action = "user"}, ""},
        {{.limit = 9, .action = "users.a"}, ""},
        {{.limit = 9, .from = KIT_NOW + 2}, "5 4 3"},
        {{.limit = 9, .to = KIT_NOW + 2}, "2 1"},
        {{.limit = 1, .from = KIT_NOW + 1, .to = KIT_NOW + 4, .before = 4}, "3"},
    };
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        names found = {""};
        assert_int_equal(s->people->audit(s, HUB_OPERATOR, &asked[i].q, name_line, &found), PLT_OK);
        assert_string_equal(found.text, asked[i].lines);
    }
    assert_int_equal(s->people->audited(s, &a, KIT_NOW), PLT_OK);
    assert_int_equal(s->people->audited(s, &a, KIT_NOW + 5), PLT_NOTFOUND);
    static const struct {
        const char *what;
        int64_t at;
    } tampering[] = {
        {"UPDATE audit SET line=replace(line, 'bob', 'eve') WHERE seq=3", 3},
        {"DELETE FROM audit WHERE seq=2", 2},
        {"DELETE FROM audit WHERE seq=5", 5},
        {"UPDATE audit SET hash=(SELECT hash FROM audit WHERE seq=1) WHERE seq=4", 4},
        {"UPDATE audit SET seq=9 WHERE seq=5", 5},
        {"UPDATE audit_head SET seq=4, hash=(SELECT hash FROM audit WHERE seq=4)", 6}, /* a line beyond the head */
        {"UPDATE audit_head SET hash=(SELECT hash FROM audit WHERE seq=4)", 6},
    };
    for (size_t i = 0; i < sizeof tampering / sizeof *tampering; i++) {
        assert_int_equal(s->ops->begin(s), PLT_OK);
        assert_int_equal(db_exec(of(s), tampering[i].what), PLT_OK);
        assert_int_equal(s->people->audit_check(s, &n, &from), PLT_BAD);
        assert_int_equal(n, tampering[i].at);
        s->ops->rollback(s);
    }
    assert_int_equal(s->people->audit_check(s, &n, &from), PLT_OK);
}

/* A step of the upkeep, as the writer takes it; is there more? */
static bool step(hub_store *s, int64_t now, size_t max)
{
    bool more = false;
    assert_int_equal(s->ops->begin(s), PLT_OK);
    assert_int_equal(s->ops->mark(s), PLT_OK);
    assert_int_equal(s->ops->purge(s, now, max, &more), PLT_OK);
    assert_int_equal(s->ops->keep(s), PLT_OK);
    assert_int_equal(s->ops->commit(s), PLT_OK);
    return more;
}

/* The head is cut in whole days; what is left verifies from the anchor on, which the log itself names. */
static void test_audit_cut(void **state)
{
    hub_store *s = *state;
    const hub_audit a = {.who = "ann", .how = "session", .address = "192.0.2.1", .action = "users.add", .object = "bob", .detail = "x"};
    hub_audit_keeping k;
    names all = {""};
    int64_t n, from;
    bool more = false;
    for (int i = 0; i < 6; i++) assert_int_equal(s->people->audit_add(s, &a, KIT_NOW + i * KIT_DAY), PLT_OK);
    assert_int_equal(s->people->audit_older(s, KIT_NOW + 3 * KIT_DAY, 100, &n), PLT_OK);
    assert_int_equal(n, 3);
    assert_int_equal(s->people->audit_older(s, KIT_NOW + 3 * KIT_DAY, 2, &n), PLT_OK);
    assert_int_equal(n, 2);
    more = step(s, KIT_NOW + 1000 * KIT_DAY, 100); /* for ever, until somebody says otherwise */
    assert_int_equal(kit_number("SELECT count(*) FROM audit"), 6);
    assert_int_equal(s->people->audit_keep(s, 90), PLT_OK);
    more = step(s, KIT_NOW + 93 * KIT_DAY + 5, 2); /* a step: two of the three */
    assert_true(more);
    assert_int_equal(s->people->audit_check(s, &n, &from), PLT_OK);
    assert_true(n == 7 && from == 3);
    more = step(s, KIT_NOW + 93 * KIT_DAY + 6, 100);
    assert_false(more);
    more = step(s, KIT_NOW + 93 * KIT_DAY + 7, 100); /* nothing more that day, and no line that says so */
    assert_int_equal(s->people->audit_check(s, &n, &from), PLT_OK);
    assert_true(n == 8 && from == 4);
    assert_int_equal(s->people->audit(s, HUB_OPERATOR, &(hub_audit_query){.limit = 9}, name_line, &all), PLT_OK);
    assert_string_equal(all.text, "8 7 6 5 4");
    assert_int_equal(s->people->audit_keeping(s, &k), PLT_OK);
    assert_true(k.days == 90 && k.from == 4 && k.oldest == KIT_NOW + 3 * KIT_DAY);
    static const struct {
        const char *what;
        int64_t at;
    } tampering[] = {
        {"DELETE FROM audit WHERE seq=4", 4},
        {"DELETE FROM audit WHERE seq=4; UPDATE audit_head SET cut=4, cut_hash='x'", 5},
        {"UPDATE audit_head SET cut=4, cut_hash=(SELECT hash FROM audit WHERE seq=4); DELETE FROM audit WHERE seq<=4", 5}, /* the log names line 3 */
        {"UPDATE audit_head SET cut=0", 1},
        {"UPDATE audit_head SET cut_hash=(SELECT hash FROM audit WHERE seq=4)", 4},
        {"UPDATE audit SET line=replace(line, '\"object\":\"3\"', '\"object\":\"4\"') WHERE seq=8", 8},
        {"DELETE FROM audit WHERE seq=8", 8},
    };
    for (size_t i = 0; i < sizeof tampering / sizeof *tampering; i++) {
        assert_int_equal(s->ops->begin(s), PLT_OK);
        assert_int_equal(db_exec(of(s), tampering[i].what), PLT_OK);
        assert_int_equal(s->people->audit_check(s, &n, &from), PLT_BAD);
        assert_int_equal(n, tampering[i].at);
        s->ops->rollback(s);
    }
    /* What was tampered with stays to be seen. */
    assert_int_equal(db_exec(of(s), "UPDATE audit SET line=replace(line, 'bob', 'eve') WHERE seq=5"), PLT_OK);
    more = step(s, KIT_NOW + 500 * KIT_DAY, 100);
    assert_int_equal(kit_number("SELECT min(seq) FROM audit"), 4);
    assert_int_equal(db_exec(of(s), "UPDATE audit SET line=replace(line, 'eve', 'bob') WHERE seq=5"), PLT_OK);
    more = step(s, KIT_NOW + 500 * KIT_DAY, 100); /* all of them, those about cuts too */
    assert_int_equal(s->people->audit_check(s, &n, &from), PLT_OK);
    assert_true(n == 9 && from == 9);
}

/* ---- print names ---- */

static bool name_print(void *ctx, const hub_print_name *n)
{
    char text[HUB_PRINT_NAME_SIZE + HUB_TENANT_SIZE + 4];
    snprintf(text, sizeof text, "%s:%s%s", n->tenant, n->name, n->provider == HUB_BY_HAND ? "" : "*");
    add_name(ctx, text);
    return true;
}

static names prints_as(hub_store *s, const char *account)
{
    names n = {""};
    assert_int_equal(s->people->print_names(s, account, name_print, &n), PLT_OK);
    return n;
}

static plt_status give_name(hub_store *s, const char *account, int64_t tenant_id, const char *name, int64_t provider)
{
    hub_print_name n = {.tenant_id = tenant_id, .provider = provider};
    plt_copy(n.name, sizeof n.name, name);
    return s->people->print_name_add(s, account, &n);
}

static void test_print_names(void **state)
{
    hub_store *s = *state;
    tree t = plant(s);
    hub_person p;
    char owner[HUB_NAME_SIZE];
    person(s, "mia", "read-only", t.c);
    person(s, "ben", "read-only", t.c);
    assert_int_equal(give_name(s, "mia", t.c, "ACME\\Mia", HUB_BY_HAND), PLT_OK);
    assert_int_equal(give_name(s, "MIA", t.s, "mia@acme.example", HUB_BY_HAND), PLT_OK);
    assert_string_equal(prints_as(s, "Mia").text, "C:ACME\\Mia S:mia@acme.example");
    assert_int_equal(s->people->person(s, "mia", &p), PLT_OK);
    assert_int_equal(p.print_names, 2);
    assert_int_equal(hub_person_holds(&p), p.rights | HUB_RIGHTS_OF_A_NAME);
    /* One account's within a tenant, whatever the case; another tenant's is another person. */
    const hub_print_name same = {.tenant_id = t.c, .name = "acme\\MIA"};
    assert_int_equal(give_name(s, "ben", t.c, same.name, HUB_BY_HAND), PLT_EXISTS);
    assert_int_equal(give_name(s, "ben", t.c, same.name, t.d), PLT_EXISTS); /* nor by a provider */
    assert_int_equal(give_name(s, "mia", t.c, same.name, HUB_BY_HAND), PLT_EXISTS);
    assert_int_equal(s->people->print_name_owner(s, &same, owner), PLT_OK);
    assert_string_equal(owner, "mia");
    assert_int_equal(give_name(s, "ben", t.e, same.name, HUB_BY_HAND), PLT_OK);
    assert_int_equal(give_name(s, "ben", t.c, "ACME\\\xC3\x84nne", HUB_BY_HAND), PLT_OK);
    assert_int_equal(give_name(s, "mia", t.c, "acme\\\xC3\xA4nne", HUB_BY_HAND), PLT_OK); /* ASCII alone is folded */
    /* What a provider gave goes to whom that provider gives it now; another one's, and what was set by hand, stays. */
    assert_int_equal(give_name(s, "mia", t.c, "upn", t.d), PLT_OK);
    assert_int_equal(give_name(s, "ben", t.c, "UPN", t.c), PLT_EXISTS);
    assert_int_equal(give_name(s, "ben", t.c, "UPN", HUB_BY_HAND), PLT_EXISTS);
    assert_int_equal(give_name(s, "ben", t.c, "UPN", t.d), PLT_OK);
    assert_non_null(strstr(prints_as(s, "ben").text, "C:UPN*"));
    assert_null(strstr(prints_as(s, "mia").text, "upn"));
    assert_int_equal(s->people->print_names_clear(s, "mia", t.d), PLT_OK);
    assert_non_null(strstr(prints_as(s, "ben").text, "UPN*"));
    assert_int_equal(s->people->print_names_clear(s, NULL, t.d), PLT_OK);
    assert_null(strstr(prints_as(s, "ben").text, "UPN"));
    /* A narrower scope loses the names outside it; an account takes its names along. */
    assert_int_equal(s->people->person(s, "mia", &p), PLT_OK);
    p.scope = t.s;
    assert_int_equal(s->people->person_change(s, &p), PLT_OK);
    assert_string_equal(prints_as(s, "mia").text, "S:mia@acme.example");
    assert_int_equal(s->people->person_remove(s, "MIA"), PLT_OK);
    assert_string_equal(prints_as(s, "mia").text, "");
    assert_int_equal(give_name(s, "ben", t.c, same.name, HUB_BY_HAND), PLT_OK);
    size_t jobs;
    assert_int_equal(s->ops->begin(s), PLT_OK);
    assert_int_equal(s->ops->erase_user(s, "Acme\\mia", 100, &jobs), PLT_OK);
    assert_int_equal(s->ops->commit(s), PLT_OK);
    assert_string_equal(prints_as(s, "ben").text, "C:ACME\\\xC3\x84nne");
}

#define EACH(C)                                                                                                                                      \
    C(test_tree), C(test_scopes), C(test_people), C(test_roles), C(test_factor), C(test_tokens), C(test_sessions), C(test_audit), C(test_audit_cut), \
        C(test_print_names)

int main(void)
{
    const struct CMUnitTest sqlite[] = {EACH(KIT_SQLITE)};
    const struct CMUnitTest postgres[] = {EACH(KIT_POSTGRES)};
    int bad = cmocka_run_group_tests_name("SQLite", sqlite, NULL, NULL);
    if (kit_postgres_there()) bad += cmocka_run_group_tests_name("PostgreSQL", postgres, NULL, NULL);
    return bad;
}
