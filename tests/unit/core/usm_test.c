/* SPDX-License-Identifier: Apache-2.0 */
/* SNMPv3's security: the keys of the RFCs, each pair of algorithms between both sides, and what each kind of mistake is called. */
#include "tests/unit/test.h"

#include <stdlib.h>
#include <string.h>

#include "core/snmp/usm.h"
#include "core/snmp/usm_kept.h"
#include "core/util/text.h"

#define COUNT(a) (sizeof(a) / sizeof *(a))
#define NOW 1700000000000ll

static const plt_octets rfc_engine = {(const uint8_t *)"\0\0\0\0\0\0\0\0\0\0\0\2", 12}; /* RFC 3414 A.3 */

static plt_usm_account account(plt_usm_auth auth, plt_usm_priv priv)
{
    return (plt_usm_account){"reader", auth, priv, "maplesyrup", "maplesyrup", true};
}

static plt_usm_user *make(const plt_usm_account *a)
{
    plt_usm_user *u = NULL;
    char why[200] = "";
    if (plt_usm_user_create(&u, a, why, sizeof why) != PLT_OK) fail_msg("%s", why);
    return u;
}

/* MD5, SHA-1: RFC 3414 A.3; 3DES: draft-reeder-snmpv3-usm-3desede-00 B; the others by an independent implementation of the same steps. */
static void keys_of_the_standards(void **state)
{
    static const struct {
        plt_usm_auth auth;
        plt_usm_priv priv;
        const char *auth_key, *priv_key;
    } cases[] = {
        {PLT_AUTH_MD5, PLT_PRIV_DES, "526f5eed9fcce26f8964c2930787d82b", "526f5eed9fcce26f8964c2930787d82b"},
        {PLT_AUTH_SHA1, PLT_PRIV_AES128, "6695febc9288e36282235fc7151f128497b38f3f", "6695febc9288e36282235fc7151f1284"},
        {PLT_AUTH_SHA224, PLT_PRIV_NONE, "0bd8827c6e29f8065e08e09237f177e410f69b90e1782be682075674", ""},
        {PLT_AUTH_SHA256, PLT_PRIV_NONE, "8982e0e549e866db361a6b625d84cccc11162d453ee8ce3a6445c2d6776f0f8b", ""},
        {PLT_AUTH_SHA384, PLT_PRIV_NONE, "3b298f16164a11184279d5432bf169e2d2a48307de02b3d3f7e2b4f36eb6f0455a53689a3937eea07319a633d2ccba78", ""},
        {PLT_AUTH_SHA512, PLT_PRIV_NONE,
         "22a5a36cedfcc085807a128d7bc6c2382167ad6c0dbc5fdff856740f3d84c099ad1ea87a8db096714d9788bd544047c9021e4229ce27e4c0a69250adfcffbb0b", ""},
        {PLT_AUTH_MD5, PLT_PRIV_3DES, "", "526f5eed9fcce26f8964c2930787d82b79eff44a90650ee0a3a40abfac5acc12"},
        {PLT_AUTH_SHA1, PLT_PRIV_3DES, "", "6695febc9288e36282235fc7151f128497b38f3f9b8b6d78936ba6e7d19dfd9c"},
        {PLT_AUTH_MD5, PLT_PRIV_AES256_REEDER, "", "526f5eed9fcce26f8964c2930787d82b79eff44a90650ee0a3a40abfac5acc12"},
        {PLT_AUTH_MD5, PLT_PRIV_AES192_REEDER, "", "526f5eed9fcce26f8964c2930787d82b79eff44a90650ee0"},
        {PLT_AUTH_SHA1, PLT_PRIV_AES192_REEDER, "", "6695febc9288e36282235fc7151f128497b38f3f9b8b6d78"},
        {PLT_AUTH_SHA1, PLT_PRIV_AES256_REEDER, "", "6695febc9288e36282235fc7151f128497b38f3f9b8b6d78936ba6e7d19dfd9c"},
        {PLT_AUTH_SHA1, PLT_PRIV_AES256, "", "6695febc9288e36282235fc7151f128497b38f3f505e07eb9af25568fa1f5dbe"},
        {PLT_AUTH_SHA1, PLT_PRIV_AES192, "", "6695febc9288e36282235fc7151f128497b38f3f505e07eb"},
        {PLT_AUTH_MD5, PLT_PRIV_AES256, "", "526f5eed9fcce26f8964c2930787d82bfa24a92467426c2f4b09192be10dfaec"},
        {PLT_AUTH_SHA224, PLT_PRIV_AES256, "", "0bd8827c6e29f8065e08e09237f177e410f69b90e1782be682075674e82d9bf0"},
        {PLT_AUTH_SHA224, PLT_PRIV_AES256_REEDER, "", "0bd8827c6e29f8065e08e09237f177e410f69b90e1782be68207567422c34be4"},
        {PLT_AUTH_SHA512, PLT_PRIV_AES256, "", "22a5a36cedfcc085807a128d7bc6c2382167ad6c0dbc5fdff856740f3d84c099"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        plt_usm_account a = account(cases[i].auth, cases[i].priv);
        plt_usm_user *u = make(&a);
        plt_usm_keys k;
        char auth[129], priv[65];
        assert_true(plt_usm_localize(u, rfc_engine, &k));
        plt_hex(auth, k.auth, strlen(cases[i].auth_key) / 2);
        plt_hex(priv, k.priv, strlen(cases[i].priv_key) / 2);
        assert_string_equal(auth, cases[i].auth_key);
        assert_string_equal(priv, cases[i].priv_key);
        plt_usm_user_free(u);
    }
}

static void accounts_that_cannot_be(void **state)
{
    static const struct {
        plt_usm_account a;
        plt_status status;
        const char *word;
    } cases[] = {
        {{"", PLT_AUTH_SHA256, PLT_PRIV_NONE, "longenough", NULL, false}, PLT_BAD, "name"},
        {{"a-name-that-is-longer-than-32-octets", PLT_AUTH_NONE, PLT_PRIV_NONE, NULL, NULL, false}, PLT_BAD, "name"},
        {{"u", PLT_AUTH_NONE, PLT_PRIV_AES128, NULL, "longenough", false}, PLT_BAD, "needs authentication"},
        {{"u", PLT_AUTH_MD5, PLT_PRIV_NONE, "longenough", NULL, false}, PLT_DENIED, "md5"},
        {{"u", PLT_AUTH_SHA256, PLT_PRIV_DES, "longenough", "longenough", false}, PLT_DENIED, "des"},
        {{"u", PLT_AUTH_SHA256, PLT_PRIV_3DES, "longenough", "longenough", false}, PLT_DENIED, "3des"},
        {{"u", PLT_AUTH_SHA256, PLT_PRIV_NONE, "short", NULL, false}, PLT_BAD, "authentication password"},
        {{"u", PLT_AUTH_SHA256, PLT_PRIV_AES128, "longenough", NULL, false}, PLT_BAD, "privacy password"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        plt_usm_user *u;
        char why[200] = "";
        assert_int_equal(plt_usm_user_create(&u, &cases[i].a, why, sizeof why), cases[i].status);
        assert_null(u);
        if (!strstr(why, cases[i].word)) fail_msg("case %zu says: %s", i, why);
    }
}

/* Such a user has no password to make keys of. */
static void keys_alone_give_no_other_keys(void **state)
{
    static const plt_usm_keys none;
    plt_usm_account a = {.name = "reader", .auth = PLT_AUTH_SHA256, .priv = PLT_PRIV_AES128};
    plt_usm_keys keys;
    plt_usm_user *u;
    char why[200] = "";
    (void)state;
    assert_int_equal(plt_usm_user_create_keyed(&u, &a, why, sizeof why), PLT_OK);
    memset(&keys, 0xA5, sizeof keys);
    assert_false(plt_usm_localize(u, rfc_engine, &keys));
    assert_memory_equal(&keys, &none, sizeof keys);
    plt_usm_user_free(u);
}

/* One asking and one answering side, with one user each. */
typedef struct pair {
    plt_usm_peer peer;
    plt_usm_user *asks;
    uint8_t level;
    plt_usm_engine engine;
    plt_usm_entry entry;
    uint64_t salt, answer_salt;
    uint8_t question[PLT_SNMP_HEAD + 600], answer[PLT_SNMP_HEAD + 600];
    plt_snmp_out out;
    plt_usm_verdict judged; /* by the engine */
    int64_t now;            /* of the asking side, ms; the engine is NOW - 1000 s old */
    int64_t engine_off;     /* s */
} pair;

static pair *open_pair(const plt_usm_account *asks, const plt_usm_account *answers)
{
    static pair p;
    memset(&p, 0, sizeof p);
    p.asks = make(asks);
    p.level = plt_usm_user_level(p.asks);
    p.entry.user = make(answers);
    memcpy(p.engine.id, "\x80\0\x1F\x88\4test", 9);
    p.engine.id_size = 9;
    p.engine.boots = 3;
    p.salt = 0xFFFFFFFFFFFFFFFEull;
    p.answer_salt = 77;
    p.now = NOW;
    assert_true(plt_usm_localize(p.entry.user, plt_octets_make(p.engine.id, p.engine.id_size), &p.entry.keys));
    return &p;
}

static void close_pair(pair *p)
{
    plt_usm_user_free(p->asks);
    plt_usm_user_free(p->entry.user);
}

static size_t ask(pair *p, int32_t id)
{
    plt_snmp_begin(&p->out, p->question, sizeof p->question);
    plt_snmp_put(&p->out, PLT_OID("\x2B\x06\x01\x02\x01\x01\x03\x00"), PLT_SNMP_NULL, plt_octets_make("", 0));
    plt_snmp_close_pdu(&p->out, &(plt_snmp_pdu){.kind = PLT_SNMP_GET, .request_id = id});
    if (!plt_usm_ask(&p->peer, p->asks, p->level, id, p->now, &p->salt, &p->out)) fail_msg("no question made");
    return plt_snmp_size(&p->out);
}

/* The engine takes the question from p->out and leaves its answer there. */
static size_t answer(pair *p, size_t n)
{
    int32_t time = (int32_t)((p->now - NOW) / 1000 + 1000 + p->engine_off);
    plt_snmp_message m;
    plt_usm_entry *who;
    uint8_t *question = p->out.p;
    assert_int_equal(plt_snmp_read(question, n, &m), PLT_OK);
    p->judged = plt_usm_accept(&p->engine, &p->entry, 1, question, n, time, &m, &who);
    plt_snmp_begin(&p->out, p->answer, sizeof p->answer);
    if (p->judged != PLT_USM_OK) return plt_usm_report(&p->engine, p->judged, who, &m, time, &p->answer_salt, &p->out);
    assert_ptr_equal(who, &p->entry);
    plt_snmp_put_unsigned(&p->out, PLT_OID("\x2B\x06\x01\x02\x01\x01\x03\x00"), PLT_SNMP_TIMETICKS, 4711);
    plt_snmp_close_pdu(&p->out, &(plt_snmp_pdu){.kind = PLT_SNMP_RESPONSE, .request_id = m.pdu.request_id});
    if (!plt_usm_answer(&p->engine, who, &m, time, &p->answer_salt, &p->out)) fail_msg("no answer made");
    return plt_snmp_size(&p->out);
}

static plt_usm_verdict once(pair *p, plt_snmp_message *m)
{
    size_t n = answer(p, ask(p, 9));
    if (n == 0) return PLT_USM_MALFORMED;
    return plt_usm_hear(&p->peer, p->asks, p->level, p->out.p, n, p->now, m);
}

static void each_pair_of_algorithms(void **state)
{
    (void)state;
    for (plt_usm_auth auth = PLT_AUTH_NONE; auth <= PLT_AUTH_SHA512; auth++) {
        for (plt_usm_priv priv = PLT_PRIV_NONE; priv <= PLT_PRIV_AES256_REEDER; priv++) {
            if (priv != PLT_PRIV_NONE && auth == PLT_AUTH_NONE) continue;
            plt_usm_account a = account(auth, priv);
            pair *p = open_pair(&a, &a);
            plt_snmp_message m;
            plt_snmp_var v;
            uint64_t ticks = 0;
            assert_int_equal(once(p, &m), PLT_USM_UNKNOWN_ENGINE);
            assert_int_equal(p->peer.engine_size, 9);
            for (int i = 0; i < 3; i++) { /* over the turn of the salt's counter */
                if (once(p, &m) != PLT_USM_OK)
                    fail_msg("%s with %s: the engine says %d", plt_usm_auth_name(auth), plt_usm_priv_name(priv), p->judged);
                plt_cursor list = plt_cursor_make(m.pdu.list.p, m.pdu.list.n);
                assert_true(plt_snmp_next(&list, &v) && plt_snmp_unsigned(&v, &ticks) && ticks == 4711);
            }
            assert_int_equal(p->peer.proven, auth != PLT_AUTH_NONE);
            close_pair(p);
        }
    }
}

static void encrypted_is_not_plain(void **state)
{
    plt_usm_account a = account(PLT_AUTH_SHA256, PLT_PRIV_AES256);
    pair *p = open_pair(&a, &a);
    plt_snmp_message m;
    (void)state;
    assert_int_equal(once(p, &m), PLT_USM_UNKNOWN_ENGINE);
    size_t n = ask(p, 1);
    for (size_t i = 0; i + 8 <= n; i++) assert_memory_not_equal(p->out.p + i, "\x2B\x06\x01\x02\x01\x01\x03\x00", 8);
    close_pair(p);
}

static void each_mistake_has_its_name(void **state)
{
    plt_usm_account right = account(PLT_AUTH_SHA256, PLT_PRIV_AES128);
    plt_usm_account plain = account(PLT_AUTH_SHA256, PLT_PRIV_NONE);
    plt_usm_account user = right, auth = right, algorithm = right, priv = right, cipher = right;
    user.name = "somebody";
    auth.auth_password = "another password";
    algorithm.auth = PLT_AUTH_SHA512;
    priv.priv_password = "another password";
    cipher.priv = PLT_PRIV_AES256_REEDER;
    const struct {
        const plt_usm_account *asks, *answers;
        plt_usm_verdict verdict;
        const char *word;
    } cases[] = {
        {&user, &right, PLT_USM_UNKNOWN_USER, "user name"},      {&auth, &right, PLT_USM_WRONG_DIGEST, "authentication password"},
        {&algorithm, &right, PLT_USM_WRONG_DIGEST, "algorithm"}, {&priv, &right, PLT_USM_DECRYPTION, "privacy password"},
        {&cipher, &right, PLT_USM_DECRYPTION, "privacy"},        {&right, &plain, PLT_USM_UNSUPPORTED_LEVEL, "algorithms"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        pair *p = open_pair(cases[i].asks, cases[i].answers);
        plt_snmp_message m;
        assert_int_equal(once(p, &m), PLT_USM_UNKNOWN_ENGINE);
        plt_usm_verdict v = once(p, &m);
        assert_int_equal(p->judged, cases[i].verdict);
        assert_int_equal(v, cases[i].verdict);
        assert_int_equal(p->engine.stats[v], 1);
        assert_non_null(strstr(plt_usm_words(v), cases[i].word));
        close_pair(p);
    }
}

static void the_time_is_learned_again(void **state)
{
    static const struct {
        int64_t engine_off;
        int32_t boots;
        bool again; /* a report comes first */
    } cases[] = {{0, 0, false}, {149, 0, false}, {5000, 0, true}, {0, 1, true}, {-900, 7, true}};
    plt_usm_account a = account(PLT_AUTH_SHA256, PLT_PRIV_AES128);
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        pair *p = open_pair(&a, &a);
        plt_snmp_message m;
        assert_int_equal(once(p, &m), PLT_USM_UNKNOWN_ENGINE);
        assert_int_equal(once(p, &m), PLT_USM_OK);
        p->engine_off = cases[i].engine_off;
        p->engine.boots += cases[i].boots;
        if (cases[i].again) {
            assert_int_equal(once(p, &m), PLT_USM_NOT_IN_TIME);
            assert_int_equal(p->judged, PLT_USM_NOT_IN_TIME);
        }
        assert_int_equal(once(p, &m), PLT_USM_OK);
        close_pair(p);
    }
}

static void an_engine_that_went_back_is_not_believed(void **state)
{
    plt_usm_account a = account(PLT_AUTH_SHA256, PLT_PRIV_NONE);
    pair *p = open_pair(&a, &a);
    plt_snmp_message m;
    (void)state;
    assert_int_equal(once(p, &m), PLT_USM_UNKNOWN_ENGINE);
    assert_int_equal(once(p, &m), PLT_USM_OK);
    p->engine.boots--; /* or an old reply played again */
    assert_int_equal(once(p, &m), PLT_USM_FORGED);
    p->engine.boots++;
    assert_int_equal(once(p, &m), PLT_USM_OK);
    p->engine.id[8] ^= 1; /* another engine behind the same address */
    assert_int_equal(once(p, &m), PLT_USM_FORGED);
    close_pair(p);
}

/* What an engine says of its time with a right digest is only used to count with: none of it may overflow, and nothing below the window is taken. */
static void times_that_cannot_be(void **state)
{
    static const struct {
        int32_t boots, first, then;
        plt_usm_verdict verdict; /* of the second reply */
    } cases[] = {
        {3, 1000, 1000, PLT_USM_OK},       {3, 1000, 850, PLT_USM_OK},
        {3, 1000, 849, PLT_USM_FORGED},    {3, 0, 0, PLT_USM_OK},
        {3, 0, -1, PLT_USM_FORGED},        {3, 0, INT32_MIN, PLT_USM_FORGED},
        {3, INT32_MIN, 0, PLT_USM_OK},     {3, INT32_MIN, INT32_MIN, PLT_USM_FORGED},
        {-1, 5, 5, PLT_USM_FORGED},        {3, INT32_MAX, INT32_MAX, PLT_USM_OK},
        {INT32_MAX, 5, 5, PLT_USM_FORGED},
    };
    plt_usm_account a = account(PLT_AUTH_SHA256, PLT_PRIV_AES128);
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        pair *p = open_pair(&a, &a);
        plt_snmp_message m;
        plt_usm_verdict v = PLT_USM_OK;
        assert_int_equal(once(p, &m), PLT_USM_UNKNOWN_ENGINE);
        for (int turn = 0; turn < 2; turn++) {
            plt_snmp_v3 said = {.id = 9,
                                .max_size = 1472,
                                .flags = p->level,
                                .boots = cases[i].boots,
                                .time = turn ? cases[i].then : cases[i].first,
                                .engine = plt_octets_make(p->engine.id, p->engine.id_size)};
            plt_snmp_begin(&p->out, p->answer, sizeof p->answer);
            plt_snmp_close_pdu(&p->out, &(plt_snmp_pdu){.kind = PLT_SNMP_RESPONSE, .request_id = 9});
            plt_snmp_close_scoped(&p->out, said.engine, plt_octets_make("", 0));
            assert_true(plt_usm_seal(p->entry.user, &p->entry.keys, &said, &p->answer_salt, &p->out));
            v = plt_usm_hear(&p->peer, p->asks, p->level, p->out.p, plt_snmp_size(&p->out), p->now, &m);
        }
        assert_int_equal(v, cases[i].verdict);
        close_pair(p);
    }
}

/* A clock that stands still is called that, not a forgery: what is heard is measured by the latest time that was heard, not by our own clock. */
static void an_engine_whose_time_stands_still(void **state)
{
    static const plt_usm_verdict verdicts[] = {PLT_USM_OK, PLT_USM_OK, PLT_USM_NOT_IN_TIME, PLT_USM_NOT_IN_TIME, PLT_USM_NOT_IN_TIME};
    plt_usm_account a = account(PLT_AUTH_SHA256, PLT_PRIV_AES128);
    pair *p = open_pair(&a, &a);
    plt_snmp_message m;
    (void)state;
    assert_int_equal(once(p, &m), PLT_USM_UNKNOWN_ENGINE);
    for (size_t i = 0; i < COUNT(verdicts); i++) {
        assert_int_equal(once(p, &m), verdicts[i]);
        p->now += 100000;
        p->engine_off -= 100;
    }
    close_pair(p);
}

/* Each bit of an authenticated reply counts: changed, it is no reply. */
static void forged_replies(void **state)
{
    plt_usm_account a = account(PLT_AUTH_SHA256, PLT_PRIV_AES128);
    pair *p = open_pair(&a, &a);
    plt_snmp_message m;
    (void)state;
    assert_int_equal(once(p, &m), PLT_USM_UNKNOWN_ENGINE);
    assert_int_equal(once(p, &m), PLT_USM_OK);
    size_t n = answer(p, ask(p, 9));
    for (size_t bit = 0; bit < 8 * n; bit++) {
        uint8_t *copy = malloc(n);
        plt_usm_peer peer = p->peer;
        assert_non_null(copy);
        memcpy(copy, p->out.p, n);
        copy[bit / 8] ^= (uint8_t)(1u << bit % 8);
        plt_usm_verdict v = plt_usm_hear(&peer, p->asks, p->level, copy, n, p->now, &m);
        if (v == PLT_USM_OK) fail_msg("bit %zu may be changed", bit);
        assert_memory_equal(&peer, &p->peer, sizeof peer);
        free(copy);
    }
    close_pair(p);
}

/* A reply at a lower level than the question's proves nothing. */
static void a_plain_answer_to_a_sealed_question(void **state)
{
    plt_usm_account a = account(PLT_AUTH_SHA256, PLT_PRIV_AES128);
    pair *p = open_pair(&a, &a);
    plt_snmp_message m;
    (void)state;
    assert_int_equal(once(p, &m), PLT_USM_UNKNOWN_ENGINE);
    assert_int_equal(once(p, &m), PLT_USM_OK);
    p->level = 0;
    size_t n = answer(p, ask(p, 9));
    assert_int_equal(p->judged, PLT_USM_OK);
    assert_int_equal(plt_usm_hear(&p->peer, p->asks, PLT_SNMP_AUTH | PLT_SNMP_PRIV, p->out.p, n, p->now, &m), PLT_USM_FORGED);
    p->level = PLT_SNMP_AUTH;
    n = answer(p, ask(p, 9));
    assert_int_equal(plt_usm_hear(&p->peer, p->asks, PLT_SNMP_AUTH | PLT_SNMP_PRIV, p->out.p, n, p->now, &m), PLT_USM_FORGED);
    close_pair(p);
}

static void names_of_algorithms(void **state)
{
    plt_usm_auth auth;
    plt_usm_priv priv;
    (void)state;
    assert_true(plt_usm_auth_named("SHA512", &auth) && auth == PLT_AUTH_SHA512);
    assert_true(plt_usm_priv_named("aes256-reeder", &priv) && priv == PLT_PRIV_AES256_REEDER);
    assert_false(plt_usm_auth_named("sha-3", &auth));
    assert_false(plt_usm_priv_named("", &priv));
}

/* The engine's file is the service's own, and may be half of one all the same. */
static void an_engine_is_a_line(void **state)
{
    static const char good[] = "8000000005000102030405060708090a0b 7\n";
    static const char *const bad[] = {"",
                                      "\n",
                                      " 7\n",
                                      "80000000 7\n",
                                      "8000000005 7",
                                      "8000000005\n",
                                      "8000000005 \n",
                                      "8000000005 -7\n",
                                      "8000000005 7 \n",
                                      "8000000005 2147483648\n",
                                      "8000000005 99999999999999999999\n",
                                      "800000000 7\n",
                                      "80000000055 7\n",
                                      "80000000xx 7\n",
                                      "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20 7\n"};
    plt_usm_engine e;
    plt_buf text;
    (void)state;
    assert_int_equal(plt_usm_engine_read(&e, good), PLT_OK);
    assert_int_equal(e.id_size, 17);
    assert_int_equal(e.boots, 7);
    plt_buf_init(&text, 256);
    assert_int_equal(plt_usm_engine_write(&e, &text), PLT_OK);
    assert_string_equal(plt_buf_str(&text), good);
    plt_buf_free(&text);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (plt_usm_engine_read(&e, bad[i]) != PLT_BAD) fail_msg("'%s' is taken", bad[i]);
    assert_int_equal(plt_usm_engine_read(&e, "8000000005 2147483647\n"), PLT_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_of_the_standards),
        cmocka_unit_test(accounts_that_cannot_be),
        cmocka_unit_test(keys_alone_give_no_other_keys),
        cmocka_unit_test(each_pair_of_algorithms),
        cmocka_unit_test(encrypted_is_not_plain),
        cmocka_unit_test(each_mistake_has_its_name),
        cmocka_unit_test(the_time_is_learned_again),
        cmocka_unit_test(an_engine_that_went_back_is_not_believed),
        cmocka_unit_test(times_that_cannot_be),
        cmocka_unit_test(an_engine_whose_time_stands_still),
        cmocka_unit_test(forged_replies),
        cmocka_unit_test(a_plain_answer_to_a_sealed_question),
        cmocka_unit_test(names_of_algorithms),
        cmocka_unit_test(an_engine_is_a_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
