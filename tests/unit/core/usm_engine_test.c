/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SNMPv3 as an agent answers it: what each kind of question gets, by RFC 3412, 3413 and 3414. The questions are made here, field by field, with
 * OpenSSL's HMAC and AES rather than with the product's own other side, so that each field can be wrong by itself.
 */
#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "core/snmp/serve.h"
#include "core/snmp/usm_kept.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define BOOTS 7
#define TIME 5000
#define ID 4711
#define REQUEST_ID 99
#define ONE PLT_OID("\x2B\x06\x01\x02\x01\x01\x03\x00")

enum { NO = 0, AUTH = PLT_SNMP_AUTH, PRIV = PLT_SNMP_PRIV, FULL = AUTH | PRIV, R = PLT_SNMP_REPORTABLE };

static plt_usm_kept kept;
static plt_usm_entry entries[PLT_USM_KEPT_USERS];
static const plt_octets engine_id = {(const uint8_t *)"\x80\0\0\0\5the engine12", 17};

/* One object, sysUpTime.0. */
static plt_serve_found get_one(void *arg, plt_octets name, plt_serve_object *out)
{
    (void)arg;
    if (!plt_octets_same(name, ONE)) return PLT_SERVE_NO_OBJECT;
    out->name = ONE;
    out->value = (plt_serve_value){.type = PLT_SNMP_TIMETICKS, .number = 4711};
    return PLT_SERVE_FOUND;
}

static plt_serve_found next_one(void *arg, plt_octets name, plt_serve_object *out)
{
    return plt_oid_compare(name, ONE) < 0 ? get_one(arg, ONE, out) : PLT_SERVE_END;
}

static int setup(void **state)
{
    static const struct {
        plt_usm_account a;
        uint8_t least;
    } accounts[] = {
        {{"reader", PLT_AUTH_SHA256, PLT_PRIV_AES128, "maplesyrup", "another secret", false}, FULL},
        {{"signer", PLT_AUTH_SHA256, PLT_PRIV_NONE, "maplesyrup", NULL, false}, AUTH},
        {{"either", PLT_AUTH_SHA256, PLT_PRIV_AES128, "maplesyrup", "another secret", false}, AUTH},
        {{"open", PLT_AUTH_NONE, PLT_PRIV_NONE, NULL, NULL, false}, NO},
        {{"old", PLT_AUTH_SHA256, PLT_PRIV_DES, "maplesyrup", "another secret", true}, NO},
    };
    char why[160];
    (void)state;
    memcpy(kept.engine, engine_id.p, engine_id.n);
    kept.engine_size = engine_id.n;
    for (size_t i = 0; i < COUNT(accounts); i++)
        if (plt_usm_keep(&kept, &accounts[i].a, accounts[i].least, why, sizeof why) != PLT_OK) fail_msg("%s", why);
    return plt_usm_kept_open(&kept, entries, why, sizeof why) != PLT_OK;
}

static int teardown(void **state)
{
    (void)state;
    plt_usm_kept_close(entries, kept.count);
    plt_usm_kept_wipe(&kept);
    return 0;
}

/* What is wrong with a question's protection. */
typedef enum spoil {
    SOUND,
    DIGEST_BIT,
    DIGEST_SHORT,
    DIGEST_LONG,
    DIGEST_NONE,
    SALT_SHORT,
    SALT_LONG,
    SALT_NONE,
    CIPHER_NONE,
    CIPHER_ODD, /* not whole blocks: for DES */
    CIPHER_KEY, /* of another password */
    CIPHER_NONSENSE,
} spoil;

typedef struct question {
    const char *what;
    const char *user;
    uint8_t flags;
    spoil spoil;
    int32_t boots_off, time_off;
    const char *engine, *context_engine, *context; /* NULL: the right one */
    int32_t id, max_size;                          /* 0: usual */
    int kind;                                      /* 0: GET */
    int32_t boots;                                 /* of the engine, 0: usual */
    /* What it gets: */
    plt_serve_outcome outcome;
    const char *counter; /* of a report */
    uint8_t level;       /* of the reply */
    int32_t error;       /* of an answer */
} question;

#define USM(n) "1.3.6.1.6.3.15.1.1." #n ".0"
#define CONTEXTS "1.3.6.1.6.3.12.1.5.0"
#define HANDLERS "1.3.6.1.6.3.11.2.1.3.0"
#define ANSWER PLT_SERVE_ANSWERED
#define REPORT PLT_SERVE_REPORTED
#define DROP PLT_SERVE_MALFORMED

static const question questions[] = {
    {"discovery: RFC 3414 4", "", R, .engine = "", .context_engine = "", .outcome = REPORT, .counter = USM(4)},
    {"discovery that wants no report", "", NO, .engine = "", .context_engine = "", .outcome = DROP},
    {"another engine", "reader", FULL | R, .engine = "\x80\1\1\1\5other", .outcome = REPORT, .counter = USM(4)},
    {"an engine of 33 octets", "reader", FULL | R, .engine = "123456789012345678901234567890123", .outcome = REPORT, .counter = USM(4)},
    {"another user", "nobody", FULL | R, .outcome = REPORT, .counter = USM(3)},
    {"no user", "", R, .outcome = REPORT, .counter = USM(3)},
    {"the beginning of a name", "reade", R, .outcome = REPORT, .counter = USM(3)},
    {"a name in other letters", "Reader", R, .outcome = REPORT, .counter = USM(3)},
    {"a user of 32 octets", "12345678901234567890123456789012", R, .outcome = REPORT, .counter = USM(3)},
    {"a user of 33 octets", "123456789012345678901234567890123", R, .outcome = DROP},
    {"more than the user has: a digest", "open", AUTH | R, .outcome = REPORT, .counter = USM(1)},
    {"more than the user has: privacy", "signer", FULL | R, .outcome = REPORT, .counter = USM(1)},
    {"privacy without a digest: RFC 3412 7.2 5d", "reader", PRIV | R, .outcome = DROP},
    {"the same for another engine", "reader", PRIV | R, .engine = "", .outcome = DROP},

    {"sound, sealed", "reader", FULL | R, .outcome = ANSWER, .level = FULL},
    {"sound, sealed, no report wanted", "reader", FULL, .outcome = ANSWER, .level = FULL},
    {"sound, signed", "signer", AUTH | R, .outcome = ANSWER, .level = AUTH},
    {"sound, of a user with both", "either", AUTH | R, .outcome = ANSWER, .level = AUTH},
    {"sound, open", "open", R, .outcome = ANSWER},
    {"sound, reserved flags set", "signer", AUTH | R | 0x80, .outcome = ANSWER, .level = AUTH},
    {"less than the user's least: signed", "reader", AUTH | R, .outcome = ANSWER, .level = AUTH, .error = PLT_SNMP_AUTHORIZATION_ERROR},
    {"less than the user's least: open", "reader", R, .outcome = ANSWER, .error = PLT_SNMP_AUTHORIZATION_ERROR},
    {"less than the user's least: open again", "either", R, .outcome = ANSWER, .error = PLT_SNMP_AUTHORIZATION_ERROR},
    {"SET", "reader", FULL | R, .kind = PLT_SNMP_SET, .outcome = ANSWER, .level = FULL, .error = PLT_SNMP_NO_ACCESS},

    {"a digest with one bit changed", "reader", FULL | R, DIGEST_BIT, .outcome = REPORT, .counter = USM(5)},
    {"a short digest", "reader", FULL | R, DIGEST_SHORT, .outcome = REPORT, .counter = USM(5)},
    {"a long digest", "reader", FULL | R, DIGEST_LONG, .outcome = REPORT, .counter = USM(5)},
    {"no digest", "reader", FULL | R, DIGEST_NONE, .outcome = REPORT, .counter = USM(5)},
    {"a wrong digest that wants no report", "reader", FULL, DIGEST_BIT, .outcome = DROP},
    {"a wrong digest and a wrong time: the digest is said", "reader", FULL | R, DIGEST_BIT, 0, 9999, .outcome = REPORT, .counter = USM(5)},

    {"150 s behind", "signer", AUTH | R, SOUND, 0, -150, .outcome = ANSWER, .level = AUTH},
    {"151 s behind", "signer", AUTH | R, SOUND, 0, -151, .outcome = REPORT, .counter = USM(2), .level = AUTH},
    {"150 s before", "reader", FULL | R, SOUND, 0, 150, .outcome = ANSWER, .level = FULL},
    {"151 s before", "reader", FULL | R, SOUND, 0, 151, .outcome = REPORT, .counter = USM(2), .level = AUTH},
    {"the life before", "reader", FULL | R, SOUND, -1, 0, .outcome = REPORT, .counter = USM(2), .level = AUTH},
    {"a life to come", "reader", FULL | R, SOUND, 1, 0, .outcome = REPORT, .counter = USM(2), .level = AUTH},
    {"boots and time 0, as who learns the time says", "signer", AUTH | R, SOUND, -BOOTS, -TIME, .outcome = REPORT, .counter = USM(2), .level = AUTH},
    {"out of time, no report wanted", "reader", FULL, SOUND, 1, 0, .outcome = DROP},
    {"open questions have no time", "open", R, SOUND, -BOOTS, -TIME, .outcome = ANSWER},
    {"a negative time", "signer", AUTH | R, SOUND, 0, -TIME - 1, .outcome = DROP},
    {"negative boots", "signer", AUTH | R, SOUND, -BOOTS - 1, 0, .outcome = DROP},
    {"the last life but one", "reader", FULL | R, .boots = INT32_MAX - 1, .outcome = ANSWER, .level = FULL},
    {"the last life: RFC 3414 2.2.2", "reader", FULL | R, .boots = INT32_MAX, .outcome = REPORT, .counter = USM(2), .level = AUTH},

    {"a short salt", "reader", FULL | R, SALT_SHORT, .outcome = REPORT, .counter = USM(6)},
    {"a long salt", "reader", FULL | R, SALT_LONG, .outcome = REPORT, .counter = USM(6)},
    {"no salt", "reader", FULL | R, SALT_NONE, .outcome = REPORT, .counter = USM(6)},
    {"nothing that is encrypted", "reader", FULL | R, CIPHER_NONE, .outcome = REPORT, .counter = USM(6)},
    {"half a block of DES", "old", FULL | R, CIPHER_ODD, .outcome = REPORT, .counter = USM(6)},
    {"encrypted with another password", "reader", FULL | R, CIPHER_KEY, .outcome = REPORT, .counter = USM(6)},
    {"encrypted nonsense", "reader", FULL | R, CIPHER_NONSENSE, .outcome = REPORT, .counter = USM(6)},
    {"encrypted nonsense that wants no report", "reader", FULL, CIPHER_NONSENSE, .outcome = DROP},
    {"encrypted with another password and out of time: the time is said", "reader", FULL | R, CIPHER_KEY, 0, 151, .outcome = REPORT,
     .counter = USM(2), .level = AUTH},

    {"a negative msgID", "open", R, .id = -1, .outcome = DROP},
    {"msgMaxSize 483", "open", R, .max_size = 483, .outcome = DROP},
    {"msgMaxSize 484", "open", R, .max_size = 484, .outcome = ANSWER},
    {"msgMaxSize below 0", "open", R, .max_size = -1, .outcome = DROP},
    {"msgMaxSize of 2^31-1", "open", R, .max_size = INT32_MAX, .outcome = ANSWER},

    {"a context, sealed", "reader", FULL | R, .context = "vlan7", .outcome = REPORT, .counter = CONTEXTS, .level = FULL},
    {"a context, open", "open", R, .context = "vlan7", .outcome = REPORT, .counter = CONTEXTS},
    {"a context that wants no report", "reader", FULL, .context = "vlan7", .outcome = PLT_SERVE_COMMUNITY},
    {"another engine's context", "signer", AUTH | R, .context_engine = "\x80\1\1\1\5other", .outcome = REPORT, .counter = HANDLERS, .level = AUTH},
    {"no engine's context", "reader", FULL | R, .context_engine = "", .outcome = REPORT, .counter = HANDLERS, .level = FULL},
    {"INFORM", "reader", FULL | R, .kind = PLT_SNMP_INFORM, .outcome = REPORT, .counter = HANDLERS, .level = FULL},
    {"a trap", "reader", FULL | R, .kind = PLT_SNMP_TRAP, .outcome = PLT_SERVE_KIND},
    {"a response", "signer", AUTH | R, .kind = PLT_SNMP_RESPONSE, .outcome = PLT_SERVE_KIND},
    {"a report is never answered: the right engine", "open", R, .kind = PLT_SNMP_REPORT, .outcome = PLT_SERVE_KIND},
    {"a report is never answered: another engine", "", R, .engine = "", .kind = PLT_SNMP_REPORT, .outcome = DROP},
    {"a report is never answered: out of time", "reader", FULL | R, SOUND, 1, 0, .kind = PLT_SNMP_REPORT, .outcome = DROP},
    {"a response of a stranger", "nobody", R, .kind = PLT_SNMP_RESPONSE, .outcome = DROP},
};

static plt_octets or_engine(const char *text)
{
    return text ? plt_octets_make(text, strlen(text) ? text[0] == '\x80' ? 10 : strlen(text) : 0) : engine_id;
}

static const plt_usm_kept_user *keys_of(const char *name)
{
    for (size_t i = 0; i < kept.count; i++)
        if (!strcmp(kept.users[i].name, name)) return &kept.users[i];
    return &kept.users[0];
}

/* AES-128 in CFB by RFC 3826 3.1, in place. */
static void encrypt(const question *q, const plt_snmp_v3 *v, const uint8_t salt[8], uint8_t *data, size_t n)
{
    uint8_t key[16], iv[16];
    int got = 0;
    memcpy(key, keys_of(q->user)->keys.priv, sizeof key);
    if (q->spoil == CIPHER_KEY) key[0] ^= 1;
    for (int i = 0; i < 4; i++) iv[i] = (uint8_t)((uint32_t)v->boots >> (24 - 8 * i));
    for (int i = 0; i < 4; i++) iv[4 + i] = (uint8_t)((uint32_t)v->time >> (24 - 8 * i));
    memcpy(iv + 8, salt, 8);
    EVP_CIPHER_CTX *c = EVP_CIPHER_CTX_new();
    assert_int_equal(EVP_EncryptInit_ex(c, EVP_aes_128_cfb128(), NULL, key, iv), 1);
    assert_int_equal(EVP_EncryptUpdate(c, data, &got, data, (int)n), 1);
    EVP_CIPHER_CTX_free(c);
}

static void sign(const plt_usm_kept_user *u, uint8_t *message, size_t n, uint8_t *at, size_t digest)
{
    uint8_t sum[32];
    unsigned len = 0;
    assert_non_null(HMAC(EVP_sha256(), u->keys.auth, 32, message, n, sum, &len));
    memcpy(at, sum, digest < 24 ? digest : 24);
}

/* The question as it goes over the wire; its length. */
static size_t write_question(const question *q, uint8_t *out)
{
    static const uint8_t salt[9] = "saltsalt", zeros[32];
    static const uint8_t salt_sizes[] = {[SALT_SHORT] = 7, [SALT_LONG] = 9, [SALT_NONE] = 0, [CIPHER_NONSENSE] = 8};
    static const uint8_t digest_sizes[] = {[DIGEST_SHORT] = 12, [DIGEST_LONG] = 32, [DIGEST_NONE] = 0};
    uint8_t buffer[PLT_SNMP_HEAD + 600], *at;
    bool odd_salt = q->spoil >= SALT_SHORT && q->spoil <= SALT_NONE, odd_digest = q->spoil >= DIGEST_SHORT && q->spoil <= DIGEST_NONE;
    plt_snmp_out o;
    plt_snmp_v3 v = {.id = q->id ? q->id : ID,
                     .max_size = q->max_size ? q->max_size : 65507,
                     .flags = q->flags,
                     .boots = (q->boots ? q->boots : BOOTS) + q->boots_off,
                     .time = TIME + q->time_off,
                     .engine = or_engine(q->engine),
                     .user = plt_octets_make(q->user, strlen(q->user))};
    plt_snmp_begin(&o, buffer, sizeof buffer);
    plt_snmp_put(&o, ONE, PLT_SNMP_NULL, plt_octets_make("", 0));
    plt_snmp_close_pdu(&o, &(plt_snmp_pdu){.kind = q->kind ? (plt_snmp_kind)q->kind : PLT_SNMP_GET, .request_id = REQUEST_ID});
    plt_snmp_close_scoped(&o, or_engine(q->context_engine), plt_octets_make(q->context ? q->context : "", q->context ? strlen(q->context) : 0));
    if (q->spoil == CIPHER_NONE) o.p = o.q;
    if (q->spoil == CIPHER_NONSENSE) memset(o.p, 0xA5, (size_t)(o.q - o.p));
    if (q->spoil == CIPHER_ODD) o.q -= ((size_t)(o.q - o.p) % 8) ? 0 : 1;
    if (q->flags & PRIV) {
        v.priv = plt_octets_make(salt, odd_salt ? salt_sizes[q->spoil] : 8);
        encrypt(q, &v, salt, o.p, (size_t)(o.q - o.p));
    }
    if (q->flags & AUTH) v.auth = plt_octets_make(zeros, odd_digest ? digest_sizes[q->spoil] : 24);
    plt_snmp_close_v3(&o, &v, &at);
    size_t n = plt_snmp_size(&o);
    assert_int_not_equal(n, 0);
    if (q->flags & AUTH) sign(keys_of(q->user), o.p, n, at, v.auth.n);
    if (q->spoil == DIGEST_BIT) at[23] ^= 1;
    memcpy(out, o.p, n);
    return n;
}

static plt_usm_engine the_engine(const question *q)
{
    plt_usm_engine e = {.boots = q->boots ? q->boots : BOOTS, .id_size = engine_id.n};
    memcpy(e.id, engine_id.p, engine_id.n);
    return e;
}

static plt_serve_outcome serve(plt_usm_engine *e, int32_t time, uint8_t *in, size_t n, uint8_t *room, size_t cap, plt_octets *reply)
{
    static uint64_t salt = 12345;
    plt_serve_view view = {get_one, next_one};
    plt_serve_usm usm = {&plt_usm_answering, e, entries, kept.count, time, &salt};
    plt_serve_agent a = {.view = &view, .usm = &usm, .repetitions = 10, .reply_max = PLT_SNMP_PACKET};
    return plt_serve(&a, in, n, room, cap, reply);
}

/* The reply's digest holds by OpenSSL's own HMAC, and what is sealed opens. */
static void check_protection(const question *q, plt_octets reply, plt_snmp_message *m)
{
    static uint8_t copy[PLT_SNMP_PACKET]; /* what m points into */
    uint8_t said[24];
    assert_int_equal(m->v3.flags, q->level);
    assert_int_equal(m->v3.auth.n, q->level & AUTH ? 24 : 0);
    assert_int_equal(m->v3.priv.n, q->level & PRIV ? 8 : 0);
    if (!q->level) return;
    memcpy(copy, reply.p, reply.n);
    uint8_t *at = copy + (m->v3.auth.p - reply.p);
    memcpy(said, at, sizeof said);
    memset(at, 0, sizeof said);
    sign(keys_of(q->user), copy, reply.n, at, 24);
    assert_memory_equal(at, said, sizeof said);
    memcpy(copy, reply.p, reply.n);
    assert_int_equal(plt_snmp_read(copy, reply.n, m), PLT_OK);
    assert_int_equal(plt_usm_unseal(entries[keys_of(q->user) - kept.users].user, &keys_of(q->user)->keys, copy, reply.n, m), PLT_USM_OK);
}

static void check_report(const question *q, const plt_usm_engine *e, const plt_snmp_message *m)
{
    char name[128];
    uint64_t n = 0;
    plt_snmp_var v;
    plt_cursor list = plt_cursor_make(m->pdu.list.p, m->pdu.list.n);
    assert_int_equal(m->pdu.kind, PLT_SNMP_REPORT);
    assert_true(plt_snmp_next(&list, &v) && plt_oid_format(v.name, name, sizeof name));
    assert_string_equal(name, q->counter);
    assert_int_equal(v.type, PLT_SNMP_COUNTER32);
    assert_true(plt_snmp_unsigned(&v, &n));
    assert_int_equal(n, 1);
    assert_false(plt_snmp_next(&list, &v));
    uint32_t sum = 0;
    for (size_t i = 0; i < COUNT(e->stats); i++) sum += e->stats[i];
    assert_int_equal(sum, 1); /* and no other one */
}

static void each_question(void **state)
{
    static uint8_t in[1024], room[PLT_SERVE_ROOM];
    (void)state;
    for (size_t i = 0; i < COUNT(questions); i++) {
        const question *q = &questions[i];
        plt_usm_engine e = the_engine(q);
        plt_octets reply;
        plt_snmp_message m;
        size_t n = write_question(q, in);
        print_message("# %s\n", q->what);
        assert_int_equal(serve(&e, TIME, in, n, room, sizeof room, &reply), q->outcome);
        if (q->outcome != REPORT && q->outcome != ANSWER) {
            assert_int_equal(reply.n, 0);
            continue;
        }
        assert_int_equal(plt_snmp_read(reply.p, reply.n, &m), PLT_OK);
        assert_int_equal(m.v3.id, ID);
        assert_int_equal(m.v3.max_size, PLT_SNMP_PACKET);
        assert_int_equal(m.v3.boots, e.boots);
        assert_int_equal(m.v3.time, TIME);
        assert_true(plt_octets_same(m.v3.engine, engine_id));
        check_protection(q, reply, &m);
        assert_true(plt_octets_same(m.v3.context_engine, engine_id) && m.v3.context.n == 0);
        bool hidden = q->flags & PRIV && q->level != FULL && q->counter && strcmp(q->counter, USM(2)) != 0;
        assert_int_equal(m.pdu.request_id, hidden || q->spoil == CIPHER_KEY ? 0 : REQUEST_ID);
        if (q->outcome == REPORT) {
            check_report(q, &e, &m);
            if (!(q->flags & AUTH)) assert_true(reply.n <= n + 64); /* who asks in another's name gains little */
            continue;
        }
        assert_int_equal(m.pdu.kind, PLT_SNMP_RESPONSE);
        assert_int_equal(m.pdu.error_status, q->error);
        plt_snmp_var v;
        plt_cursor list = plt_cursor_make(m.pdu.list.p, m.pdu.list.n);
        assert_true(plt_snmp_next(&list, &v));
        assert_int_equal(v.type, q->error ? PLT_SNMP_NULL : PLT_SNMP_TIMETICKS); /* no value with a refusal */
    }
}

/* The same octets again are answered again: reading twice does no harm, and RFC 3414 1.2 says so. Later than the window they are not. */
static void played_again(void **state)
{
    static uint8_t in[1024], copy[1024], room[PLT_SERVE_ROOM];
    static const struct {
        int32_t later;
        plt_serve_outcome outcome;
    } cases[] = {{0, ANSWER}, {0, ANSWER}, {150, ANSWER}, {151, REPORT}, {INT32_MAX - TIME, REPORT}};
    question q = {"replay", "reader", FULL | R};
    plt_usm_engine e = the_engine(&q);
    size_t n = write_question(&q, in);
    plt_octets reply;
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        memcpy(copy, in, n); /* it is decrypted in place */
        assert_int_equal(serve(&e, TIME + cases[i].later, copy, n, room, sizeof room, &reply), cases[i].outcome);
    }
    e.boots++; /* and not after a start, whatever the time is then */
    memcpy(copy, in, n);
    assert_int_equal(serve(&e, TIME, copy, n, room, sizeof room, &reply), REPORT);
}

/* Each cut and each changed bit of a sealed question: never an answer, never more than a report. */
static void damaged(void **state)
{
    static uint8_t in[1024], copy[1024], room[PLT_SERVE_ROOM];
    question q = {"damage", "reader", FULL | R};
    plt_usm_engine e = the_engine(&q);
    size_t n = write_question(&q, in), unharmed = 0;
    plt_octets reply;
    (void)state;
    for (size_t cut = 0; cut < n; cut++) {
        memcpy(copy, in, cut);
        assert_int_equal(serve(&e, TIME, copy, cut, room, sizeof room, &reply), DROP);
    }
    for (size_t bit = 0; bit < 8 * n; bit++) {
        memcpy(copy, in, n);
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
        plt_serve_outcome o = serve(&e, TIME, copy, n, room, sizeof room, &reply);
        plt_snmp_message m;
        if (o != ANSWER) continue;
        assert_int_equal(plt_snmp_read(reply.p, reply.n, &m), PLT_OK); /* turned into one without digest: refused for its level, without a value */
        assert_int_equal(m.v3.flags, 0);
        assert_int_equal(m.pdu.error_status, PLT_SNMP_AUTHORIZATION_ERROR);
        unharmed++;
    }
    assert_int_equal(unharmed, 0);
}

/* At each msgMaxSize, with the longest engine, user and digest: a reply is never longer. */
static void limits(void **state)
{
    static uint8_t buffer[PLT_SNMP_HEAD + 1024], in[1500], room[PLT_SERVE_ROOM];
    plt_usm_kept k = {.engine_size = PLT_USM_ENGINE_MAX};
    plt_usm_account a = {"12345678901234567890123456789012", PLT_AUTH_SHA512, PLT_PRIV_DES, "maplesyrup", "maplesyrup", true};
    plt_usm_entry user[1];
    char why[160];
    size_t too_big = 0, longest = 0;
    (void)state;
    memset(k.engine, 0xEE, sizeof k.engine);
    assert_int_equal(plt_usm_keep(&k, &a, FULL, why, sizeof why), PLT_OK);
    assert_int_equal(plt_usm_kept_open(&k, user, why, sizeof why), PLT_OK);
    plt_usm_engine e = {.id_size = k.engine_size, .boots = INT32_MAX - 1};
    memcpy(e.id, k.engine, sizeof k.engine);
    for (int32_t size = 484; size < 1600; size++) {
        uint64_t salt = 0xFFFFFFFFFFFFFFFFu;
        plt_snmp_out o;
        plt_octets reply;
        plt_snmp_message m;
        plt_serve_view view = {get_one, next_one};
        plt_serve_usm usm = {&plt_usm_answering, &e, user, 1, INT32_MAX - 1, &salt};
        plt_serve_agent agent = {.view = &view, .usm = &usm, .repetitions = 64, .reply_max = PLT_SNMP_PACKET};
        plt_snmp_begin(&o, buffer, sizeof buffer);
        for (int i = 0; i < 42; i++) plt_snmp_put(&o, ONE, PLT_SNMP_NULL, plt_octets_make("", 0));
        plt_snmp_close_pdu(&o, &(plt_snmp_pdu){.kind = PLT_SNMP_GET, .request_id = INT32_MIN});
        plt_snmp_close_scoped(&o, plt_octets_make(k.engine, k.engine_size), plt_octets_make("", 0));
        plt_snmp_v3 v = {INT32_MAX, size, FULL, INT32_MAX - 1, INT32_MAX - 1, plt_octets_make(k.engine, k.engine_size), {0}, {0}, {0}, {0}, {0}, {0}};
        assert_true(plt_usm_seal(user[0].user, &user[0].keys, &v, &salt, &o));
        size_t n = plt_snmp_size(&o);
        memcpy(in, o.p, n);
        assert_int_equal(plt_serve(&agent, in, n, room, sizeof room, &reply), ANSWER);
        assert_true(reply.n <= (size_t)size && reply.n <= PLT_SNMP_PACKET);
        assert_int_equal(plt_snmp_read(reply.p, reply.n, &m), PLT_OK);
        assert_int_equal(plt_usm_unseal(user[0].user, &user[0].keys, room + (reply.p - room), reply.n, &m), PLT_USM_OK);
        too_big += m.pdu.error_status == PLT_SNMP_TOO_BIG;
        if (reply.n > longest) longest = reply.n;
    }
    assert_in_range(too_big, 1, 1599 - 484); /* both were seen */
    assert_true(longest > 900);
    plt_usm_kept_close(user, 1);
}

static void kept_users(void **state)
{
    static const struct {
        const char *json;
        plt_status status;
        size_t count;
    } cases[] = {
        {"{\"engine\":\"8000000005\",\"users\":[]}", PLT_OK, 0},
        {"{\"engine\":\"80000000\",\"users\":[]}", PLT_BAD, 0},
        {"{\"engine\":\"800000000\",\"users\":[]}", PLT_BAD, 0},
        {"{\"engine\":\"8000000005\"}", PLT_BAD, 0},
        {"{\"engine\":\"8000000005\",\"users\":{}}", PLT_BAD, 0},
        {"[]", PLT_BAD, 0},
        {"", PLT_BAD, 0},
#define ENGINE "{\"engine\":\"8000000005\",\"users\":["
#define OPEN(name) "{\"name\":\"" name "\",\"auth\":\"none\",\"priv\":\"none\",\"auth_key\":\"\",\"priv_key\":\"\",\"least\":\"none\"}"
        {ENGINE OPEN("a") "]}", PLT_OK, 1},
        {ENGINE OPEN("a") "," OPEN("b") "]}", PLT_OK, 2},
        {ENGINE OPEN("a") "," OPEN("a") "]}", PLT_BAD, 0},
        {ENGINE OPEN("") "]}", PLT_BAD, 0},
        {ENGINE OPEN("123456789012345678901234567890123") "]}", PLT_BAD, 0},
        {ENGINE "{\"name\":\"a\",\"auth\":\"md5\",\"priv\":\"none\",\"auth_key\":\"00112233445566778899aabbccddeeff\",\"priv_key\":\"\",\"least\":"
                "\"auth\"}]}",
         PLT_OK, 1},
        {ENGINE
         "{\"name\":\"a\",\"auth\":\"md5\",\"priv\":\"none\",\"auth_key\":\"00112233445566778899aabbccddee\",\"priv_key\":\"\",\"least\":\"auth\"}]}",
         PLT_BAD, 0},
        {ENGINE "{\"name\":\"a\",\"auth\":\"md5\",\"priv\":\"none\",\"auth_key\":\"00112233445566778899aabbccddeeff\",\"priv_key\":\"\",\"least\":"
                "\"priv\"}]}",
         PLT_BAD, 0},
        {ENGINE "{\"name\":\"a\",\"auth\":\"none\",\"priv\":\"des\",\"auth_key\":\"\",\"priv_key\":\"00112233445566778899aabbccddeeff\",\"least\":"
                "\"none\"}]}",
         PLT_BAD, 0},
        {ENGINE "{\"name\":\"a\",\"auth\":\"rot13\",\"priv\":\"none\",\"auth_key\":\"\",\"priv_key\":\"\",\"least\":\"none\"}]}", PLT_BAD, 0},
        {ENGINE "{\"name\":\"a\",\"auth\":\"none\",\"priv\":\"none\",\"auth_key\":\"\",\"priv_key\":\"\"}]}", PLT_BAD, 0},
    };
    plt_usm_kept k;
    plt_buf text;
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        print_message("# %s\n", cases[i].json);
        assert_int_equal(plt_usm_kept_read(&k, cases[i].json, strlen(cases[i].json)), cases[i].status);
        assert_int_equal(k.count, cases[i].count);
    }
    plt_buf_init(&text, 65536);
    assert_int_equal(plt_usm_kept_write(&kept, &text), PLT_OK);
    assert_int_equal(plt_usm_kept_read(&k, plt_buf_str(&text), text.len), PLT_OK);
    assert_memory_equal(&k, &kept, sizeof k);
    assert_null(strstr(plt_buf_str(&text), "maplesyrup"));
    for (size_t cut = 0; cut + 1 < text.len; cut++) assert_int_equal(plt_usm_kept_read(&k, plt_buf_str(&text), cut), PLT_BAD);
    plt_buf_free_secret(&text);
}

static void users_that_cannot_be_kept(void **state)
{
    static plt_usm_kept k;
    plt_usm_account open = {.name = "u"}, weak = {"u", PLT_AUTH_MD5, PLT_PRIV_NONE, "maplesyrup", NULL, false};
    plt_usm_account brief = {"u", PLT_AUTH_SHA256, PLT_PRIV_NONE, "1234567", NULL, false};
    char why[160], name[8];
    (void)state;
    k = (plt_usm_kept){.engine = "12345", .engine_size = 5};
    assert_int_equal(plt_usm_keep(&k, &weak, AUTH, why, sizeof why), PLT_DENIED);
    assert_int_equal(plt_usm_keep(&k, &brief, AUTH, why, sizeof why), PLT_BAD);
    assert_int_equal(plt_usm_keep(&k, &open, AUTH, why, sizeof why), PLT_BAD);
    assert_non_null(strstr(why, "least level"));
    assert_int_equal(k.count, 0);
    open.name = name;
    for (int i = 0; i < PLT_USM_KEPT_USERS + 1; i++) {
        snprintf(name, sizeof name, "u%d", i);
        assert_int_equal(plt_usm_keep(&k, &open, NO, why, sizeof why), i < PLT_USM_KEPT_USERS ? PLT_OK : PLT_FULL);
    }
    snprintf(name, sizeof name, "u3"); /* in the place of the one before */
    assert_int_equal(plt_usm_keep(&k, &open, NO, why, sizeof why), PLT_OK);
    assert_int_equal(k.count, PLT_USM_KEPT_USERS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_question), cmocka_unit_test(played_again), cmocka_unit_test(damaged),
        cmocka_unit_test(limits),        cmocka_unit_test(kept_users),   cmocka_unit_test(users_that_cannot_be_kept),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
