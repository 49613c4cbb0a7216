/* SPDX-License-Identifier: Apache-2.0 */
/* The CA: what it signs, what it refuses, what it makes of a client's certificate. */
#include "hub_kit.h"

#include <string.h>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "core/util/text.h"
#include "hub/ca.h"
#include "hub/ca_names.h"
#include "os/crypto.h"

#define AGENT "0123456789abcdef"

static char dir[OS_PATH_MAX], problem[600];

static hub_ca *open_ca(void)
{
    hub_ca *ca = NULL;
    assert_int_equal(hub_ca_open(&ca, dir, KIT_NOW, problem, sizeof problem), PLT_OK);
    return ca;
}

static int set_up(void **state)
{
    (void)state;
    folder_make(dir);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    folder_remove(dir);
    return 0;
}

static X509 *cert_of(const char *pem)
{
    BIO *b = BIO_new_mem_buf(pem, -1);
    X509 *x = PEM_read_bio_X509(b, NULL, NULL, NULL);
    BIO_free(b);
    assert_non_null(x);
    return x;
}

/* Signs a CSR of a kind for an agent; the PEM is the caller's. */
static plt_status sign(hub_ca *ca, const char *kind, const char *cn, const char *agent, const char *tenant, plt_buf *out,
                       char serial[HUB_SERIAL_SIZE])
{
    plt_buf csr;
    int64_t expires = 0;
    plt_buf_init(&csr, 65536);
    plt_buf_init(out, 65536);
    kit_csr(kind, cn, &csr);
    plt_status s = hub_ca_sign(ca, plt_buf_str(&csr), agent, tenant, KIT_NOW, out, serial, &expires, problem, sizeof problem);
    if (s == PLT_OK) assert_int_equal(expires, KIT_NOW + HUB_AGENT_DAYS * KIT_DAY);
    plt_buf_free(&csr);
    return s;
}

static void test_open(void **state)
{
    (void)state;
    uint8_t first[32], second[32];
    char path[OS_PATH_MAX];
    hub_ca *ca = open_ca();
    os_cert_info info;
    hub_ca_fingerprint(ca, first);
    assert_int_equal(os_cert_read(hub_ca_pem(ca), &info), PLT_OK);
    assert_true(info.is_ca);
    assert_memory_equal(info.sha256, first, 32);
    assert_true(info.not_after - KIT_NOW >= INT64_C(3649) * KIT_DAY && info.not_after - KIT_NOW <= INT64_C(3653) * KIT_DAY);
    hub_ca_free(ca);
    /* the same one again; ca.pem is only an extract */
    kit_path(path, dir, "ca.pem");
    assert_int_equal(os_file_remove(path), PLT_OK);
    ca = open_ca();
    hub_ca_fingerprint(ca, second);
    assert_memory_equal(first, second, 32);
    assert_true(os_file_exists(path));
    hub_ca_free(ca);
    /* a damaged or missing key is never replaced quietly: every agent would be locked out */
    kit_path(path, dir, "ca.key");
    assert_int_equal(os_file_store(path, "rubbish", 7, true), PLT_OK);
    assert_int_not_equal(hub_ca_open(&ca, dir, KIT_NOW, problem, sizeof problem), PLT_OK);
    assert_non_null(strstr(problem, "backup"));
    assert_int_equal(os_file_remove(path), PLT_OK);
    assert_int_not_equal(hub_ca_open(&ca, dir, KIT_NOW, problem, sizeof problem), PLT_OK);
    assert_non_null(strstr(problem, "ca.key"));
}

static void test_expired_ca(void **state)
{
    (void)state;
    hub_ca_free(open_ca());
    hub_ca *ca = NULL;
    assert_int_equal(hub_ca_open(&ca, dir, KIT_NOW + INT64_C(3660) * KIT_DAY, problem, sizeof problem), PLT_BAD);
    assert_non_null(strstr(problem, "expired"));
}

static void test_server(void **state)
{
    (void)state;
    static const char *const one[] = {"localhost", "127.0.0.1", "::1", "hub.example"}, *const two[] = {"localhost", "127.0.0.1", "::1"};
    static const struct {
        const char *const *names;
        size_t count;
        int64_t days;
        bool renewed;
    } steps[] = {
        {one, 4, 0, true},    {one, 4, 0, false},  {one, 4, 200, false}, {one, 4, 270, true},
        {one, 4, 300, false}, {two, 3, 300, true}, {two, 3, 299, false}, {two, 3, 2000, true},
    };
    hub_ca *ca = open_ca();
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        bool renewed = !steps[i].renewed;
        assert_int_equal(
            hub_ca_server_renew(ca, steps[i].names, steps[i].count, KIT_NOW + steps[i].days * KIT_DAY, &renewed, problem, sizeof problem), PLT_OK);
        if (renewed != steps[i].renewed) fail_msg("step %zu: renewed %d", i, renewed);
        if (i == 4) { /* another process finds the same */
            hub_ca_free(ca);
            ca = open_ca();
        }
    }
    SSL_CTX *tls = SSL_CTX_new(TLS_server_method());
    assert_int_equal(hub_ca_server_install(ca, tls, problem, sizeof problem), PLT_OK);
    STACK_OF(X509) *chain = NULL;
    SSL_CTX_get0_chain_certs(tls, &chain);
    assert_int_equal(sk_X509_num(chain), 1); /* the CA certificate: agents pin it */
    assert_int_equal(X509_check_ca(sk_X509_value(chain, 0)), 1);
    assert_int_equal(X509_check_host(SSL_CTX_get0_certificate(tls), "localhost", 0, 0, NULL), 1);
    assert_int_equal(X509_check_ip_asc(SSL_CTX_get0_certificate(tls), "::1", 0), 1);
    assert_int_equal(X509_check_host(SSL_CTX_get0_certificate(tls), "hub.example", 0, 0, NULL), 0);
    SSL_CTX_free(tls);
    hub_ca_free(ca);
}

static void test_names(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool good;
    } cases[] = {{"localhost", true},
                 {"hub.example.com", true},
                 {"*.example.com", true},
                 {"10.1.2.3", true},
                 {"fe80::1", true},
                 {"PC_7", true},
                 {"", false},
                 {"a b", false},
                 {"a,DNS:evil", false},
                 {"a\nb", false},
                 {"..", false},
                 {".a", false},
                 {"a..b", false},
                 {"-a", false},
                 {"https://x", false},
                 {"h\xC3\xBC", false},
                 {"*", true == false},
                 {"x:8443", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (hub_ca_name_valid(cases[i].name) != cases[i].good) fail_msg("'%s'", cases[i].name);
}

static void test_kinds(void **state)
{
    (void)state;
    static const struct {
        const char *kind;
        plt_status status;
    } cases[] = {{"P-256", PLT_OK},      {"P-384", PLT_OK},  {"ED25519", PLT_OK},  {"RSA2048", PLT_OK}, {"P-521", PLT_BAD},
                 {"secp256k1", PLT_BAD}, {"P-224", PLT_BAD}, {"RSA1024", PLT_BAD}, {"ED448", PLT_BAD}};
    hub_ca *ca = open_ca();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        plt_buf pem;
        char serial[HUB_SERIAL_SIZE];
        plt_status s = sign(ca, cases[i].kind, "x", AGENT, "Acme", &pem, serial);
        if (s != cases[i].status) fail_msg("%s: %s (%s)", cases[i].kind, plt_status_name(s), problem);
        plt_buf_free(&pem);
    }
    hub_ca_free(ca);
}

/* The subject of the request is nobody's business: what the certificate says is what the hub says. */
static void test_hostile_subject(void **state)
{
    (void)state;
    static const char *const subjects[] = {"fedcba9876543210", "Platen hub", "a/O=Other", "x,O=Other", "\xD1\x84\xD1\x8B", "\x01\x02", "localhost"};
    hub_ca *ca = open_ca();
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) {
        plt_buf pem;
        char serial[HUB_SERIAL_SIZE];
        os_cert_info info;
        assert_int_equal(sign(ca, "P-256", subjects[i], AGENT, "Tenant, \xC3\x84 & Co/CN=x", &pem, serial), PLT_OK);
        assert_int_equal(os_cert_read(plt_buf_str(&pem), &info), PLT_OK);
        assert_string_equal(info.common_name, AGENT);
        assert_false(info.is_ca);
        X509 *x = cert_of(plt_buf_str(&pem));
        assert_int_equal(X509_NAME_entry_count(X509_get_subject_name(x)), 2);
        assert_null(X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL));
        hub_peer peer;
        hub_ca_check_peer(ca, x, KIT_NOW, &peer);
        assert_true(peer.valid);
        assert_string_equal(peer.tenant, "Tenant, \xC3\x84 & Co/CN=x");
        assert_string_equal(peer.serial, serial);
        X509_free(x);
        plt_buf_free(&pem);
    }
    hub_ca_free(ca);
}

/* Every single changed byte of the signed part or of the signature makes the request invalid or unreadable. */
static void test_bad_signature(void **state)
{
    (void)state;
    hub_ca *ca = open_ca();
    plt_buf csr, out;
    char serial[HUB_SERIAL_SIZE];
    int64_t expires;
    plt_buf_init(&csr, 65536);
    plt_buf_init(&out, 1 << 20);
    kit_csr("P-256", "somebody", &csr);
    BIO *b = BIO_new_mem_buf(csr.data, (int)csr.len);
    X509_REQ *r = PEM_read_bio_X509_REQ(b, NULL, NULL, NULL);
    BIO_free(b);
    unsigned char *der = NULL;
    int n = i2d_X509_REQ(r, &der), refused = 0;
    for (int i = 0; i < n; i++) {
        der[i] ^= 0x01;
        const unsigned char *p = der;
        X509_REQ *changed = d2i_X509_REQ(NULL, &p, n);
        if (changed) {
            char *text = NULL;
            BIO *w = BIO_new(BIO_s_mem());
            PEM_write_bio_X509_REQ(w, changed);
            long len = BIO_get_mem_data(w, &text);
            plt_buf_clear(&csr);
            plt_buf_add(&csr, text, (size_t)len);
            refused += hub_ca_sign(ca, plt_buf_str(&csr), AGENT, "Acme", KIT_NOW, &out, serial, &expires, problem, sizeof problem) == PLT_BAD;
            BIO_free(w);
            X509_REQ_free(changed);
        } else {
            refused++;
        }
        der[i] ^= 0x01;
    }
    assert_int_equal(refused, n);
    assert_int_equal(out.len, 0);
    OPENSSL_free(der);
    X509_REQ_free(r);
    plt_buf_free(&csr);
    plt_buf_free(&out);
    hub_ca_free(ca);
}

static void test_rubbish(void **state)
{
    (void)state;
    static char large[HUB_CSR_MAX + 2];
    memset(large, 'A', sizeof large - 1);
    const char *const cases[] = {"", "x", "-----BEGIN CERTIFICATE REQUEST-----\n", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
                                 large};
    hub_ca *ca = open_ca();
    plt_buf out;
    char serial[HUB_SERIAL_SIZE];
    int64_t expires;
    plt_buf_init(&out, 65536);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(hub_ca_sign(ca, cases[i], AGENT, "Acme", KIT_NOW, &out, serial, &expires, problem, sizeof problem), PLT_BAD);
    plt_buf_free(&out);
    hub_ca_free(ca);
}

static void expect_peer(hub_ca *ca, const char *pem, int64_t now, bool valid, const char *what)
{
    hub_peer p;
    X509 *x = cert_of(pem);
    hub_ca_check_peer(ca, x, now, &p);
    if (p.valid != valid || !p.present || (!valid && !*p.why)) fail_msg("%s: valid %d, why '%s'", what, p.valid, p.why);
    X509_free(x);
}

/* A certificate for an agent's name that our own CA made for another purpose: only its key could have. */
static void test_purpose(void **state)
{
    (void)state;
    char path[OS_PATH_MAX];
    plt_buf pem;
    hub_peer p;
    hub_ca *ca = open_ca();
    kit_path(path, dir, "ca.key");
    plt_buf_init(&pem, 65536);
    assert_int_equal(os_file_load(path, &pem), PLT_OK);
    BIO *kb = BIO_new_mem_buf(pem.data, (int)pem.len);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(kb, NULL, NULL, NULL);
    X509 *issuer = cert_of(strstr(plt_buf_str(&pem), "-----BEGIN CERTIFICATE"));
    for (int i = 0; i < 2; i++) {
        X509 *x = X509_new();
        X509_set_version(x, X509_VERSION_3);
        ASN1_INTEGER_set(X509_get_serialNumber(x), 7);
        X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "O", MBSTRING_UTF8, (const unsigned char *)"Acme", -1, -1, 0);
        X509_NAME_add_entry_by_txt(X509_get_subject_name(x), "CN", MBSTRING_UTF8, (const unsigned char *)AGENT, -1, -1, 0);
        X509_set_issuer_name(x, X509_get_subject_name(issuer));
        ASN1_TIME_set(X509_getm_notBefore(x), KIT_NOW / 1000 - 100);
        ASN1_TIME_set(X509_getm_notAfter(x), KIT_NOW / 1000 + 100);
        X509_set_pubkey(x, key);
        X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, NULL, NID_ext_key_usage, i ? "serverAuth" : "clientAuth");
        X509_add_ext(x, e, -1);
        X509_EXTENSION_free(e);
        assert_true(X509_sign(x, key, EVP_sha384()) > 0);
        hub_ca_check_peer(ca, x, KIT_NOW, &p);
        assert_int_equal(p.valid, i == 0);
        X509_free(x);
    }
    X509_free(issuer);
    EVP_PKEY_free(key);
    BIO_free(kb);
    plt_buf_free(&pem);
    hub_ca_free(ca);
}

/* One that was proven is not proven for another with a byte changed, in its signed part or in its signature, nor for another time. */
static void test_proven(void **state)
{
    (void)state;
    char serial[HUB_SERIAL_SIZE];
    hub_peer p;
    plt_buf pem;
    unsigned char *der = NULL;
    hub_ca *ca = open_ca();
    assert_int_equal(sign(ca, "P-256", "x", AGENT, "Acme", &pem, serial), PLT_OK);
    for (int i = 0; i < 3; i++) expect_peer(ca, plt_buf_str(&pem), KIT_NOW, true, "the same again");
    expect_peer(ca, plt_buf_str(&pem), KIT_NOW + 366 * KIT_DAY, false, "the same, expired");
    expect_peer(ca, plt_buf_str(&pem), KIT_NOW, true, "in its time again");
    X509 *good = cert_of(plt_buf_str(&pem));
    int n = i2d_X509(good, &der), read = 0;
    assert_true(n > 200);
    for (int at = 0; at < n; at++) {
        der[at] ^= 1;
        const unsigned char *from = der;
        X509 *x = d2i_X509(NULL, &from, n);
        hub_ca_check_peer(ca, x, KIT_NOW, &p);
        if (x && p.valid) fail_msg("valid with byte %d changed", at);
        read += x != NULL;
        X509_free(x);
        der[at] ^= 1;
    }
    assert_true(read > n / 2);
    OPENSSL_free(der);
    X509_free(good);
    plt_buf_free(&pem);
    hub_ca_free(ca);
}

static void test_peer(void **state)
{
    (void)state;
    char other_dir[OS_PATH_MAX], serial[HUB_SERIAL_SIZE];
    static const char *const names[] = {"localhost"};
    hub_ca *ca = open_ca(), *foreign = NULL;
    hub_peer p;
    plt_buf good, theirs, nameless, server;
    bool renewed;
    hub_ca_check_peer(ca, NULL, KIT_NOW, &p);
    assert_false(p.present || p.valid);
    assert_int_equal(sign(ca, "P-256", "x", AGENT, "Acme", &good, serial), PLT_OK);
    expect_peer(ca, plt_buf_str(&good), KIT_NOW, true, "ours");
    expect_peer(ca, plt_buf_str(&good), KIT_NOW + 364 * KIT_DAY, true, "on its last day");
    expect_peer(ca, plt_buf_str(&good), KIT_NOW + 366 * KIT_DAY, false, "expired");
    expect_peer(ca, plt_buf_str(&good), KIT_NOW - 3 * KIT_DAY, false, "not yet valid");
    expect_peer(ca, hub_ca_pem(ca), KIT_NOW, false, "the CA certificate itself");
    assert_int_equal(sign(ca, "P-256", "x", "no agent's name", "Acme", &nameless, serial), PLT_OK);
    expect_peer(ca, plt_buf_str(&nameless), KIT_NOW, false, "not an agent's name");
    folder_make(other_dir);
    assert_int_equal(hub_ca_open(&foreign, other_dir, KIT_NOW, problem, sizeof problem), PLT_OK);
    assert_int_equal(sign(foreign, "P-256", "x", AGENT, "Acme", &theirs, serial), PLT_OK);
    expect_peer(ca, plt_buf_str(&theirs), KIT_NOW, false, "of a foreign CA");
    /* the hub's own server certificate is no agent's */
    assert_int_equal(hub_ca_server_renew(ca, names, 1, KIT_NOW, &renewed, problem, sizeof problem), PLT_OK);
    char path[OS_PATH_MAX];
    kit_path(path, dir, "server.key");
    plt_buf_init(&server, 65536);
    assert_int_equal(os_file_load(path, &server), PLT_OK);
    expect_peer(ca, strstr(plt_buf_str(&server), "-----BEGIN CERTIFICATE"), KIT_NOW, false, "the server's");
    plt_buf_free(&server);
    plt_buf_free(&good);
    plt_buf_free(&theirs);
    plt_buf_free(&nameless);
    hub_ca_free(foreign);
    hub_ca_free(ca);
    folder_remove(other_dir);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_open, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_expired_ca, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_server, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_names, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_kinds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_hostile_subject, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bad_signature, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_rubbish, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_peer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_proven, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_purpose, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
