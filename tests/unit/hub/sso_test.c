/* SPDX-License-Identifier: Apache-2.0 */
/* ID tokens, one wrong thing at a time, and the secrets of a sign-in. Keys are made here; what a provider does is tests/e2e/sso_test.py's business.
 */
#include "hub_kit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>

#include "core/util/text.h"
#include "hub/sso.h"

#define NOW 1700000000000
#define KEYS_SIZE 4096

static EVP_PKEY *rsa, *small;
static char good_keys[KEYS_SIZE];

static void number_text(EVP_PKEY *key, const char *name, char *out)
{
    BIGNUM *n = NULL;
    uint8_t raw[1024];
    assert_int_equal(EVP_PKEY_get_bn_param(key, name, &n), 1);
    plt_b64url(out, raw, (size_t)BN_bn2bin(n, raw));
    BN_free(n);
}

static void key_text(EVP_PKEY *key, const char *more, char out[KEYS_SIZE])
{
    char n[1400], e[16];
    number_text(key, OSSL_PKEY_PARAM_RSA_N, n);
    number_text(key, OSSL_PKEY_PARAM_RSA_E, e);
    snprintf(out, KEYS_SIZE, "{\"kty\":\"RSA\",\"n\":\"%s\",\"e\":\"%s\"%s}", n, e, more);
}

static int make_keys(void **state)
{
    char one[KEYS_SIZE];
    (void)state;
    rsa = EVP_RSA_gen(2048);
    small = EVP_RSA_gen(1024);
    if (!rsa || !small) return -1;
    key_text(rsa, ",\"kid\":\"a\"", one);
    snprintf(good_keys, sizeof good_keys, "{\"keys\":[%.4000s]}", one);
    return 0;
}

static int drop_keys(void **state)
{
    (void)state;
    EVP_PKEY_free(rsa);
    EVP_PKEY_free(small);
    return 0;
}

static void sign(EVP_PKEY *key, const char *header, const char *claims, char out[HUB_SSO_TOKEN_MAX])
{
    uint8_t signature[1024];
    size_t n = sizeof signature;
    plt_b64url(out, header, strlen(header));
    strcat(out, ".");
    plt_b64url(out + strlen(out), claims, strlen(claims));
    EVP_MD_CTX *ctx = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestSignInit(ctx, NULL, EVP_sha256(), NULL, key), 1);
    assert_int_equal(EVP_DigestSign(ctx, signature, &n, (uint8_t *)out, strlen(out)), 1);
    EVP_MD_CTX_free(ctx);
    strcat(out, ".");
    plt_b64url(out + strlen(out), signature, n);
}

static const hub_sso_expect expect = {.issuer = "https://id.example", .client_id = "platen", .nonce = "n-1", .now = NOW};

#define HEAD "{\"alg\":\"RS256\",\"kid\":\"a\"}"
#define CLAIMS(more) "{\"iss\":\"https://id.example\",\"aud\":\"platen\",\"nonce\":\"n-1\",\"sub\":\"s\"" more "}"
#define ENDS ",\"exp\":1700000100"

static void test_tokens(void **state)
{
    (void)state;
    static const struct {
        const char *header, *claims, *wrong; /* NULL: it is good */
    } cases[] = {
        {HEAD, CLAIMS(ENDS), NULL},
        {"{\"alg\":\"RS256\"}", CLAIMS(ENDS), NULL},
        {HEAD, CLAIMS(",\"exp\":1699999941"), NULL},
        {HEAD, CLAIMS(",\"exp\":1699999940"), "the token has ended"},
        {HEAD, CLAIMS(",\"exp\":1e300"), "the token does not say when it ends"},
        {HEAD, CLAIMS(",\"exp\":-1"), "the token does not say when it ends"},
        {HEAD, CLAIMS(ENDS ",\"nbf\":1700000060"), NULL},
        {HEAD, CLAIMS(ENDS ",\"nbf\":1700000061"), "the token is of the future"},
        {HEAD, CLAIMS(ENDS ",\"iat\":\"now\""), "the token is of the future"},
        {HEAD, CLAIMS(ENDS ",\"azp\":\"other\""), "the token is for another client"},
        {HEAD, "{\"iss\":\"https://id.example/\",\"aud\":\"platen\",\"nonce\":\"n-1\",\"sub\":\"s\"" ENDS "}", "the token is of another issuer"},
        {HEAD, "{\"iss\":\"https://id.example\",\"aud\":\"platen\",\"nonce\":\"n-2\",\"sub\":\"s\"" ENDS "}",
         "the token is of another sign-in (nonce)"},
        {HEAD, "[]", "the token's claims cannot be read"},
        {"{\"alg\":\"none\"}", CLAIMS(ENDS), "the token's algorithm is not RS256 or ES256"},
        {"{\"alg\":\"HS256\",\"kid\":\"a\"}", CLAIMS(ENDS), "the token's algorithm is not RS256 or ES256"},
        {"{\"alg\":[\"RS256\"],\"kid\":\"a\"}", CLAIMS(ENDS), "the token's algorithm is not RS256 or ES256"},
        {"{\"alg\":\"ES256\",\"kid\":\"a\"}", CLAIMS(ENDS), "the token's key is not among the provider's"},
        {"{\"alg\":\"RS256\",\"kid\":\"b\"}", CLAIMS(ENDS), "the token's key is not among the provider's"},
        {"{\"alg\":\"RS256\",\"kid\":7}", CLAIMS(ENDS), "the token's key has no name"},
        {"{\"alg\":\"RS256\",\"kid\":\"a\",\"crit\":[]}", CLAIMS(ENDS), "the token has extensions that must be understood"},
    };
    char jwt[HUB_SSO_TOKEN_MAX];
    hub_sso_claims c;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sign(rsa, cases[i].header, cases[i].claims, jwt);
        const char *wrong = hub_sso_token_check(jwt, good_keys, &expect, &c);
        if (cases[i].wrong)
            assert_string_equal(wrong ? wrong : "good", cases[i].wrong);
        else
            assert_null(wrong);
        assert_string_equal(c.subject, cases[i].wrong ? "" : "s");
        hub_sso_claims_free(&c);
    }
}

/* Sets of keys: what is for something else, twice there, or too short does not count. */
static void test_keys(void **state)
{
    (void)state;
    static const struct {
        const char *first, *second; /* what the two keys say beside their numbers; NULL: there is no second */
        bool short_one, good;
    } cases[] = {
        {",\"kid\":\"a\"", NULL, false, true},
        {",\"kid\":\"a\",\"use\":\"sig\",\"alg\":\"RS256\"", NULL, false, true},
        {",\"kid\":\"a\",\"use\":\"enc\"", NULL, false, false},
        {",\"kid\":\"a\",\"alg\":\"RS512\"", NULL, false, false},
        {",\"kid\":\"a\",\"use\":7", NULL, false, false},
        {",\"kid\":\"a\"", ",\"kid\":\"a\"", false, false},
        {",\"kid\":\"b\"", ",\"kid\":\"a\"", false, true},
        {",\"kid\":\"a\"", NULL, true, false},
        {"", NULL, false, false},
    };
    char jwt[HUB_SSO_TOKEN_MAX], one[KEYS_SIZE], two[KEYS_SIZE], keys[3 * KEYS_SIZE];
    hub_sso_claims c;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        EVP_PKEY *key = cases[i].short_one ? small : rsa;
        key_text(key, cases[i].first, one);
        if (cases[i].second) key_text(key, cases[i].second, two);
        snprintf(keys, sizeof keys, "{\"keys\":[%s%s%s]}", one, cases[i].second ? "," : "", cases[i].second ? two : "");
        sign(key, HEAD, CLAIMS(ENDS), jwt);
        assert_int_equal(hub_sso_token_check(jwt, keys, &expect, &c) == NULL, cases[i].good);
        hub_sso_claims_free(&c);
    }
}

/* An address counts only where the provider says, as a truth and not as a word, that it has checked it. */
static void test_email(void **state)
{
    (void)state;
    static const struct {
        const char *claims;
        bool known;
    } cases[] = {
        {CLAIMS(ENDS ",\"email\":\"m@x\",\"email_verified\":true"), true},    {CLAIMS(ENDS ",\"email\":\"m@x\",\"email_verified\":\"true\""), false},
        {CLAIMS(ENDS ",\"email\":\"m@x\",\"email_verified\":false"), false},  {CLAIMS(ENDS ",\"email\":\"m@x\""), false},
        {CLAIMS(ENDS ",\"email\":[\"m@x\"],\"email_verified\":true"), false},
    };
    char jwt[HUB_SSO_TOKEN_MAX];
    hub_sso_claims c;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        sign(rsa, HEAD, cases[i].claims, jwt);
        assert_null(hub_sso_token_check(jwt, good_keys, &expect, &c));
        assert_int_equal(c.email != NULL, cases[i].known);
        hub_sso_claims_free(&c);
    }
}

static void test_groups(void **state)
{
    (void)state;
    char jwt[HUB_SSO_TOKEN_MAX];
    hub_sso_claims c;
    sign(rsa, HEAD, CLAIMS(ENDS ",\"groups\":[\"staff\",7,\"audit\"],\"role\":\"one\""), jwt);
    assert_null(hub_sso_token_check(jwt, good_keys, &expect, &c));
    assert_true(hub_sso_claims_have(&c, "groups", "audit"));
    assert_false(hub_sso_claims_have(&c, "groups", "aud"));
    assert_false(hub_sso_claims_have(&c, "groups", "7"));
    assert_true(hub_sso_claims_have(&c, "role", "one"));
    assert_false(hub_sso_claims_have(&c, "none", "one"));
    assert_string_equal(hub_sso_claims_text(&c, "groups", 0), "staff");
    assert_null(hub_sso_claims_text(&c, "groups", 1)); /* a number is no text */
    assert_null(hub_sso_claims_text(&c, "groups", 3));
    assert_string_equal(hub_sso_claims_text(&c, "role", 0), "one");
    assert_null(hub_sso_claims_text(&c, "role", 1));
    assert_null(hub_sso_claims_text(&c, "none", 0));
    hub_sso_claims_free(&c);
    static const char *const claims[] = {CLAIMS(ENDS ",\"email\":\"mia@acme.example\""),
                                         CLAIMS(ENDS ",\"email\":\"mia@acme.example\",\"email_verified\":true")};
    for (size_t i = 0; i < 2; i++) { /* an address counts where the provider has verified it */
        sign(rsa, HEAD, claims[i], jwt);
        assert_null(hub_sso_token_check(jwt, good_keys, &expect, &c));
        const char *address = hub_sso_claims_text(&c, "email", 0);
        assert_true(i == 0 ? !address : address && strcmp(address, "mia@acme.example") == 0);
        assert_null(hub_sso_claims_text(&c, "email", 1));
        hub_sso_claims_free(&c);
    }
}

/* A state is good for the browser, the tenant and the ten minutes that it was made for. */
static void test_state(void **state)
{
    (void)state;
    hub_sso_secrets x, y;
    int64_t tenant;
    hub_sso_secrets_make("token", 3, NOW, &x);
    assert_true(hub_sso_state_holds("token", x.state, NOW, &tenant, &y));
    assert_int_equal(tenant, 3);
    assert_string_equal(x.verifier, y.verifier);
    assert_string_not_equal(x.verifier, x.nonce);
    assert_true(hub_sso_state_holds("token", x.state, NOW + HUB_SSO_LIFE_MS - 1, &tenant, &y));
    assert_false(hub_sso_state_holds("token", x.state, NOW + HUB_SSO_LIFE_MS, &tenant, &y));
    assert_false(hub_sso_state_holds("token", x.state, NOW - 1, &tenant, &y));
    assert_false(hub_sso_state_holds("other", x.state, NOW, &tenant, &y));
    assert_false(hub_sso_state_holds("", x.state, NOW, &tenant, &y));
    for (size_t i = 0; x.state[i]; i++) {
        char changed[HUB_SSO_STATE];
        plt_copy(changed, sizeof changed, x.state);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        assert_false(hub_sso_state_holds("token", changed, NOW, &tenant, &y));
    }
}

static void test_addresses(void **state)
{
    (void)state;
    static const struct {
        const char *url;
        bool good;
    } cases[] = {
        {"https://id.example", true},
        {"https://id.example:8443/a?b=c", true},
        {"http://id.example", false},
        {"https://", false},
        {"https:///path", false},
        {"https://a@b.example/", false},
        {"https://b.example/a b", false},
        {"https://b.example/\r\nX: y", false},
        {"https://b.example/#part", false},
        {"javascript:alert(1)", false},
        {"https://b.example/\xC3\xA4", false},
        {"https://b.example/@x", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) assert_int_equal(hub_sso_url_valid(cases[i].url), cases[i].good);
}

static void test_secret_is_sealed(void **state)
{
    (void)state;
    char dir[OS_PATH_MAX], problem[256];
    hub_ca *ca = NULL;
    hub_sso s = {.tenant_id = 7, .issuer = "https://id.example"}, other;
    folder_make(dir);
    assert_int_equal(hub_ca_open(&ca, dir, KIT_NOW, problem, sizeof problem), PLT_OK);
    assert_int_equal(hub_sso_seal(ca, &s), PLT_OK); /* none stays none */
    assert_string_equal(s.sealed, "");
    assert_int_equal(hub_sso_open(ca, &s), PLT_OK);
    memset(s.client_secret, 'x', sizeof s.client_secret - 1); /* the longest */
    assert_int_equal(hub_sso_seal(ca, &s), PLT_OK);
    assert_string_equal(s.client_secret, "");
    assert_null(strstr(s.sealed, "xxx"));
    assert_int_equal(hub_sso_open(ca, &s), PLT_OK);
    assert_int_equal(strspn(s.client_secret, "x"), HUB_SSO_SECRET - 1);
    other = s;
    other.tenant_id = 8;
    assert_int_equal(hub_sso_open(ca, &other), PLT_DENIED);
    other = s;
    plt_copy(other.issuer, sizeof other.issuer, "https://id.example.net");
    assert_int_equal(hub_sso_open(ca, &other), PLT_DENIED);
    assert_string_equal(other.client_secret, "");
    other = s;
    other.sealed[20] = other.sealed[20] == 'A' ? 'B' : 'A';
    assert_int_equal(hub_sso_open(ca, &other), PLT_DENIED);
    plt_copy(other.sealed, sizeof other.sealed, "AAAA");
    assert_int_equal(hub_sso_open(ca, &other), PLT_DENIED);
    hub_ca_free(ca);
    folder_remove(dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_tokens),          cmocka_unit_test(test_keys),  cmocka_unit_test(test_email),
                                       cmocka_unit_test(test_groups),          cmocka_unit_test(test_state), cmocka_unit_test(test_addresses),
                                       cmocka_unit_test(test_secret_is_sealed)};
    return cmocka_run_group_tests(tests, make_keys, drop_keys);
}
