/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Making and checking certificates. It must never sign a name that a request brought along, and never leave a key in a
 * file that others may read.
 */
#include "hub/ca.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "core/util/text.h"
#include "hub/ca_inner.h"
#include "hub/ca_names.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/file.h"
#include "os/secret.h"

#define PEM_MAX (64u << 10)
#define DAY_MS (86400 * (int64_t)1000)
#define SLACK_MS (86400 * (int64_t)1000) /* clocks of PCs are late, sometimes by a time zone */
#define LOCK_TRIES 100
#define LOCK_NAP_MS 50
#define RSA_BITS_MIN 2048
#define RSA_BITS_MAX 8192
#define PROVEN 32768 /* 1 MiB */

struct hub_ca {
    EVP_PKEY *key;
    X509 *cert;
    X509_STORE *trust;
    plt_buf pem;
    char data_dir[OS_PATH_MAX];
    EVP_PKEY *server_key;
    X509 *server_cert;
    uint8_t (*proven)[32]; /* SHA-256 of certificates of ours, each at its place; zeros: none */
};

/* What was done to which object, and OpenSSL's own reason. */
static plt_status fail(char *problem, size_t n, const char *what)
{
    char why[160] = "no reason given";
    unsigned long code = ERR_peek_last_error();
    const char *reason = code ? ERR_reason_error_string(code) : NULL;
    if (reason)
        plt_copy(why, sizeof why, reason);
    else if (code)
        ERR_error_string_n(code, why, sizeof why);
    ERR_clear_error();
    snprintf(problem, n, "%s: %s", what, why);
    return PLT_IO;
}

static bool set_time(ASN1_TIME *t, int64_t unix_ms)
{
    return ASN1_TIME_set(t, (time_t)(unix_ms / 1000)) != NULL;
}

int64_t hub_ca_time(const ASN1_TIME *t)
{
    int days = 0, seconds = 0;
    ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
    if (!epoch || ASN1_TIME_diff(&days, &seconds, epoch, t) != 1) days = seconds = 0;
    ASN1_TIME_free(epoch);
    return ((int64_t)days * 86400 + seconds) * 1000;
}

/* 128 random bits, positive and never zero. */
static bool set_serial(X509 *x)
{
    uint8_t raw[16];
    if (RAND_bytes(raw, sizeof raw) != 1) return false;
    raw[0] = (uint8_t)((raw[0] & 0x7F) | 0x40);
    BIGNUM *bn = BN_bin2bn(raw, sizeof raw, NULL);
    bool ok = bn && BN_to_ASN1_INTEGER(bn, X509_get_serialNumber(x));
    BN_free(bn);
    return ok;
}

static bool get_serial(const X509 *x, char out[HUB_SERIAL_SIZE])
{
    uint8_t raw[20];
    BIGNUM *bn = ASN1_INTEGER_to_BN(X509_get0_serialNumber(x), NULL);
    int n = bn ? BN_num_bytes(bn) : -1;
    bool ok = n > 0 && n <= (int)sizeof raw && BN_bn2bin(bn, raw) == n;
    if (ok) plt_hex(out, raw, (size_t)n);
    BN_free(bn);
    return ok;
}

static bool add_name(X509_NAME *name, const char *field, const char *value)
{
    return X509_NAME_add_entry_by_txt(name, field, MBSTRING_UTF8, (const unsigned char *)value, -1, -1, 0) == 1;
}

static bool add_extension(X509 *x, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX ctx;
    X509V3_set_ctx_nodb(&ctx);
    X509V3_set_ctx(&ctx, issuer, x, NULL, NULL, 0);
    X509_EXTENSION *e = X509V3_EXT_conf_nid(NULL, &ctx, nid, value);
    bool ok = e && X509_add_ext(x, e, -1) == 1;
    X509_EXTENSION_free(e);
    return ok;
}

/* A certificate without extensions and signature; its issuer is its own subject when `issuer` is NULL. */
static X509 *blank(EVP_PKEY *key, const X509 *issuer, const char *cn, const char *o, int64_t from, int64_t to)
{
    X509 *x = X509_new();
    X509_NAME *subject = x ? X509_get_subject_name(x) : NULL;
    if (!subject || X509_set_version(x, X509_VERSION_3) != 1 || !set_serial(x) || !set_time(X509_getm_notBefore(x), from) ||
        !set_time(X509_getm_notAfter(x), to) || !add_name(subject, "O", o) || !add_name(subject, "CN", cn) ||
        X509_set_issuer_name(x, issuer ? X509_get_subject_name(issuer) : subject) != 1 || X509_set_pubkey(x, key) != 1) {
        X509_free(x);
        return NULL;
    }
    return x;
}

static bool to_pem(X509 *x, EVP_PKEY *key, plt_buf *out)
{
    BIO *b = BIO_new(key ? BIO_s_secmem() : BIO_s_mem());
    char *p = NULL;
    bool ok = b && (key ? PEM_write_bio_PKCS8PrivateKey(b, key, NULL, NULL, 0, NULL, NULL) : PEM_write_bio_X509(b, x)) == 1;
    long n = ok ? BIO_get_mem_data(b, &p) : 0;
    if (n > 0) plt_buf_add(out, p, (size_t)n);
    BIO_free(b);
    return ok && n > 0 && out->status == PLT_OK;
}

static BIO *reader(const plt_buf *pem)
{
    return BIO_new_mem_buf(plt_buf_str(pem), (int)pem->len);
}

/* Key and certificate are one file, replaced at once: there is no moment at which they do not belong together. */
plt_status hub_ca_pair_load(const char *path, X509 **x, EVP_PKEY **k, char *problem, size_t n)
{
    plt_buf pem;
    plt_buf_init(&pem, PEM_MAX);
    plt_status s = os_secret_load(path, &pem);
    BIO *kb = s == PLT_OK ? reader(&pem) : NULL, *cb = s == PLT_OK ? reader(&pem) : NULL;
    *k = kb ? PEM_read_bio_PrivateKey(kb, NULL, NULL, NULL) : NULL;
    *x = cb ? PEM_read_bio_X509(cb, NULL, NULL, NULL) : NULL;
    if (s != PLT_OK) {
        snprintf(problem, n, "%s", os_error_text());
    } else if (!*x || !*k || X509_check_private_key(*x, *k) != 1) {
        fail(problem, n, "it does not hold a key and its certificate");
        s = PLT_BAD;
    }
    if (s != PLT_OK) {
        X509_free(*x);
        EVP_PKEY_free(*k);
        *x = NULL;
        *k = NULL;
    }
    BIO_free(kb);
    BIO_free(cb);
    plt_buf_free_secret(&pem);
    return s;
}

plt_status hub_ca_pair_store(const char *path, X509 *x, EVP_PKEY *k, char *problem, size_t n)
{
    plt_buf pem;
    plt_buf_init(&pem, PEM_MAX);
    plt_status s = to_pem(NULL, k, &pem) && to_pem(x, NULL, &pem) ? PLT_OK : fail(problem, n, "write a certificate");
    if (s == PLT_OK && (s = os_secret_store(path, pem.data, pem.len)) != PLT_OK) snprintf(problem, n, "%s", os_error_text());
    plt_buf_free_secret(&pem);
    return s;
}

static plt_status make_ca(const char *path, int64_t now, char *problem, size_t n)
{
    char cn[64];
    uint8_t tag[4];
    if (RAND_bytes(tag, sizeof tag) != 1) return fail(problem, n, "make the hub's CA");
    snprintf(cn, sizeof cn, "Platen hub CA %02x%02x%02x%02x", tag[0], tag[1], tag[2], tag[3]);
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-384");
    X509 *x = key ? blank(key, NULL, cn, "Platen", now - SLACK_MS, now + HUB_CA_YEARS * 365 * DAY_MS) : NULL;
    bool ok = x && add_extension(x, x, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") &&
              add_extension(x, x, NID_key_usage, "critical,keyCertSign,cRLSign") && add_extension(x, x, NID_subject_key_identifier, "hash") &&
              X509_sign(x, key, EVP_sha384()) > 0;
    plt_status s = ok ? hub_ca_pair_store(path, x, key, problem, n) : fail(problem, n, "make the hub's CA");
    X509_free(x);
    EVP_PKEY_free(key);
    return s;
}

/* Where there is neither key nor certificate yet: makes them. Of two processes that start at once one waits for the other's. */
static plt_status make_once(hub_ca *ca, const char *path, const char *public_path, int64_t now, char *problem, size_t n)
{
    char lock_path[OS_PATH_MAX];
    os_file *lock = NULL;
    plt_status s = PLT_BUSY;
    if (os_file_exists(path) || os_file_exists(public_path)) return PLT_OK;
    if (!os_path_join(lock_path, sizeof lock_path, ca->data_dir, "ca.lock")) return PLT_BAD;
    for (int i = 0; i < LOCK_TRIES && s == PLT_BUSY; i++) {
        if (i) os_sleep_ms(LOCK_NAP_MS);
        s = os_file_open(&lock, lock_path, OS_FILE_WRITE | OS_FILE_CREATE | OS_FILE_EXCLUSIVE | OS_FILE_PRIVATE);
    }
    if (s != PLT_OK)
        snprintf(problem, n, "%s", os_error_text());
    else if (!os_file_exists(path) && !os_file_exists(public_path))
        s = make_ca(path, now, problem, n);
    os_file_close(lock);
    return s;
}

/* ca.key is what counts; ca.pem is the certificate for others to read, written anew where it is missing. */
static plt_status open_pair(hub_ca *ca, int64_t now, char *problem, size_t n)
{
    char public_path[OS_PATH_MAX], path[OS_PATH_MAX], why[400] = "";
    if (!os_path_join(public_path, sizeof public_path, ca->data_dir, "ca.pem") || !os_path_join(path, sizeof path, ca->data_dir, "ca.key")) {
        snprintf(problem, n, "the data folder's name is too long: %s", ca->data_dir);
        return PLT_BAD;
    }
    plt_status s = make_once(ca, path, public_path, now, why, sizeof why);
    if (s == PLT_OK) s = hub_ca_pair_load(path, &ca->cert, &ca->key, why, sizeof why);
    if (s != PLT_OK) {
        snprintf(problem, n, "the hub's CA in %s cannot be used (%s): restore ca.key from the backup; a new CA would lock every agent out",
                 ca->data_dir, why);
        return s;
    }
    if (!to_pem(ca->cert, NULL, &ca->pem)) return fail(problem, n, "open the hub's CA");
    if (!os_file_exists(public_path) && (s = os_file_store(public_path, ca->pem.data, ca->pem.len, false)) != PLT_OK)
        snprintf(problem, n, "%s", os_error_text());
    return s;
}

plt_status hub_ca_open(hub_ca **out, const char *data_dir, int64_t now, char *problem, size_t n)
{
    *out = NULL;
    hub_ca *ca = calloc(1, sizeof *ca);
    if (!ca) return PLT_NOMEM;
    plt_buf_init(&ca->pem, PEM_MAX);
    plt_copy(ca->data_dir, sizeof ca->data_dir, data_dir);
    ca->proven = calloc(PROVEN, sizeof *ca->proven);
    plt_status s = ca->proven ? open_pair(ca, now, problem, n) : PLT_NOMEM;
    if (s == PLT_OK && hub_ca_time(X509_get0_notAfter(ca->cert)) < now) {
        snprintf(problem, n, "the hub's CA certificate has expired; move ca.key and ca.pem away and enrol every agent again");
        s = PLT_BAD;
    }
    if (s == PLT_OK && ((ca->trust = X509_STORE_new()) == NULL || X509_STORE_add_cert(ca->trust, ca->cert) != 1))
        s = fail(problem, n, "open the hub's CA");
    if (s == PLT_OK)
        *out = ca;
    else
        hub_ca_free(ca);
    return s;
}

void hub_ca_free(hub_ca *ca)
{
    if (!ca) return;
    EVP_PKEY_free(ca->key);
    X509_free(ca->cert);
    X509_STORE_free(ca->trust);
    EVP_PKEY_free(ca->server_key);
    X509_free(ca->server_cert);
    plt_buf_free(&ca->pem);
    free(ca->proven);
    free(ca);
}

const char *hub_ca_pem(const hub_ca *ca)
{
    return plt_buf_str(&ca->pem);
}

void hub_ca_fingerprint(const hub_ca *ca, uint8_t out[32])
{
    unsigned n = 0;
    if (X509_digest(ca->cert, EVP_sha256(), out, &n) != 1 || n != 32) abort(); /* a library without SHA-256 */
}

/* ---- certificates of others ---- */

X509 *hub_ca_issue(const hub_ca *ca, EVP_PKEY *key, const hub_ca_wish *w)
{
    X509 *x = blank(key, ca->cert, w->cn, w->o, w->from, w->to);
    if (x && add_extension(x, ca->cert, NID_basic_constraints, "critical,CA:FALSE") &&
        add_extension(x, ca->cert, NID_key_usage, "critical,digitalSignature") && add_extension(x, ca->cert, NID_ext_key_usage, w->usage) &&
        add_extension(x, ca->cert, NID_subject_key_identifier, "hash") && add_extension(x, ca->cert, NID_authority_key_identifier, "keyid:always") &&
        (w->name_count == 0 || hub_ca_names_set(x, w->names, w->name_count)) && X509_sign(x, ca->key, EVP_sha384()) > 0)
        return x;
    X509_free(x);
    return NULL;
}

bool hub_ca_made(const hub_ca *ca, X509 *x, int64_t now)
{
    if (!x || X509_verify(x, ca->key) != 1) return false;
    int64_t from = hub_ca_time(X509_get0_notBefore(x)), to = hub_ca_time(X509_get0_notAfter(x));
    return now >= from && now < from + (to - from) / 3 * 2;
}

EVP_PKEY *hub_ca_key(const hub_ca *ca)
{
    return ca->key;
}

const char *hub_ca_folder(const hub_ca *ca)
{
    return ca->data_dir;
}

/* ---- the server's certificate ---- */

static plt_status make_server(hub_ca *ca, const char *const *names, size_t count, int64_t now, char *problem, size_t n)
{
    EVP_PKEY *key = EVP_PKEY_Q_keygen(NULL, NULL, "EC", "P-256");
    hub_ca_wish w = {"Platen hub", "Platen", "serverAuth", names, count, now - SLACK_MS, now - SLACK_MS + HUB_SERVER_DAYS * DAY_MS};
    X509 *x = key ? hub_ca_issue(ca, key, &w) : NULL;
    if (x) {
        EVP_PKEY_free(ca->server_key);
        X509_free(ca->server_cert);
        ca->server_key = key;
        ca->server_cert = x;
        return PLT_OK;
    }
    plt_status s = fail(problem, n, "make the server's certificate (is every --name a DNS name or an address?)");
    EVP_PKEY_free(key);
    return s;
}

/* Ours, for these names, and less than two thirds of its life gone? */
static bool still_good(const hub_ca *ca, const char *const *names, size_t count, int64_t now)
{
    return hub_ca_made(ca, ca->server_cert, now) && hub_ca_names_equal(ca->server_cert, names, count);
}

plt_status hub_ca_server_renew(hub_ca *ca, const char *const *names, size_t count, int64_t now, bool *renewed, char *problem, size_t n)
{
    char path[OS_PATH_MAX], waste[400];
    *renewed = false;
    if (!os_path_join(path, sizeof path, ca->data_dir, "server.key")) return PLT_BAD;
    if (!ca->server_cert && os_file_exists(path)) hub_ca_pair_load(path, &ca->server_cert, &ca->server_key, waste, sizeof waste);
    bool good = still_good(ca, names, count, now);
    ERR_clear_error();
    if (good) return PLT_OK;
    plt_status s = make_server(ca, names, count, now, problem, n);
    if (s == PLT_OK) s = hub_ca_pair_store(path, ca->server_cert, ca->server_key, problem, n);
    *renewed = s == PLT_OK;
    return s;
}

plt_status hub_ca_server_install(const hub_ca *ca, SSL_CTX *ctx, char *problem, size_t n)
{
    if (!ca->server_cert || SSL_CTX_use_certificate(ctx, ca->server_cert) != 1 || SSL_CTX_use_PrivateKey(ctx, ca->server_key) != 1 ||
        SSL_CTX_clear_chain_certs(ctx) != 1 || SSL_CTX_add1_chain_cert(ctx, ca->cert) != 1 || SSL_CTX_check_private_key(ctx) != 1)
        return fail(problem, n, "give TLS the server's certificate");
    return PLT_OK;
}

/* ---- agents ---- */

static int pass(int ok, X509_STORE_CTX *ctx)
{
    (void)ok;
    (void)ctx;
    return 1;
}

void hub_ca_ask_peer(const hub_ca *ca, SSL_CTX *ctx)
{
    SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, pass);
    SSL_CTX_add_client_CA(ctx, ca->cert);
}

static plt_status refuse(char *problem, size_t n, const char *why)
{
    ERR_clear_error();
    snprintf(problem, n, "%s", why);
    return PLT_BAD;
}

static plt_status key_allowed(EVP_PKEY *key, char *problem, size_t n)
{
    char group[64] = "";
    size_t len = 0;
    if (EVP_PKEY_is_a(key, "ED25519")) return PLT_OK;
    if (EVP_PKEY_is_a(key, "RSA")) {
        int bits = EVP_PKEY_get_bits(key);
        return bits >= RSA_BITS_MIN && bits <= RSA_BITS_MAX ? PLT_OK : refuse(problem, n, "an RSA key has 2048 to 8192 bits here");
    }
    if (!EVP_PKEY_is_a(key, "EC")) return refuse(problem, n, "the key is neither EC P-256, EC P-384, Ed25519 nor RSA");
    if (EVP_PKEY_get_group_name(key, group, sizeof group, &len) != 1 || (strcmp(group, "prime256v1") != 0 && strcmp(group, "secp384r1") != 0))
        return refuse(problem, n, "an EC key is on P-256 or P-384 here");
    return PLT_OK;
}

static plt_status read_request(const char *pem, X509_REQ **out, char *problem, size_t n)
{
    size_t len = strlen(pem);
    *out = NULL;
    if (len == 0 || len > HUB_CSR_MAX) return refuse(problem, n, "the certificate request is empty or larger than 16 KiB");
    BIO *b = BIO_new_mem_buf(pem, (int)len);
    X509_REQ *r = b ? PEM_read_bio_X509_REQ(b, NULL, NULL, NULL) : NULL;
    BIO_free(b);
    if (!r) return refuse(problem, n, "the certificate request is not PEM of a PKCS#10 request");
    EVP_PKEY *key = X509_REQ_get0_pubkey(r);
    plt_status s = key ? key_allowed(key, problem, n) : refuse(problem, n, "the certificate request's key cannot be read");
    if (s == PLT_OK && X509_REQ_verify(r, key) != 1) s = refuse(problem, n, "the certificate request's signature is not by its own key");
    if (s == PLT_OK)
        *out = r;
    else
        X509_REQ_free(r);
    return s;
}

plt_status hub_ca_sign(const hub_ca *ca, const char *csr_pem, const char *agent, const char *tenant, int64_t now, plt_buf *out,
                       char serial[HUB_SERIAL_SIZE], int64_t *expires, char *problem, size_t n)
{
    X509_REQ *r;
    plt_status s = read_request(csr_pem, &r, problem, n);
    if (s != PLT_OK) return s;
    *expires = now + HUB_AGENT_DAYS * DAY_MS;
    hub_ca_wish w = {agent, tenant, "clientAuth", NULL, 0, now - SLACK_MS, *expires};
    X509 *x = hub_ca_issue(ca, X509_REQ_get0_pubkey(r), &w);
    if (!x || !get_serial(x, serial) || !to_pem(x, NULL, out)) s = fail(problem, n, "sign an agent's certificate");
    X509_free(x);
    X509_REQ_free(r);
    return s;
}

static bool read_name(X509_NAME *name, int nid, char *out, size_t size)
{
    unsigned char *utf8 = NULL;
    int at = X509_NAME_get_index_by_NID(name, nid, -1);
    if (at < 0 || X509_NAME_get_index_by_NID(name, nid, at) >= 0) return false; /* none, or more than one */
    int n = ASN1_STRING_to_UTF8(&utf8, X509_NAME_ENTRY_get_data(X509_NAME_get_entry(name, at)));
    bool ok = n > 0 && (size_t)n < size && !memchr(utf8, 0, (size_t)n);
    if (ok) {
        memcpy(out, utf8, (size_t)n);
        out[n] = 0;
    }
    OPENSSL_free(utf8);
    return ok;
}

static bool in_time(const X509 *x, int64_t now)
{
    time_t t = (time_t)(now / 1000);
    return X509_cmp_time(X509_get0_notBefore(x), &t) < 0 && X509_cmp_time(X509_get0_notAfter(x), &t) > 0;
}

/* The chain, the time and the purpose; X509_V_OK or the reason. */
static int verify(const hub_ca *ca, X509 *cert, int64_t now)
{
    int why = X509_V_ERR_OUT_OF_MEM;
    X509_STORE_CTX *c = X509_STORE_CTX_new();
    if (c && X509_STORE_CTX_init(c, ca->trust, cert, NULL) == 1) {
        X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(c), (time_t)(now / 1000));
        if (X509_STORE_CTX_set_purpose(c, X509_PURPOSE_SSL_CLIENT) == 1 && X509_verify_cert(c) == 1)
            why = X509_V_OK;
        else
            why = X509_STORE_CTX_get_error(c);
        if (why == X509_V_OK && X509_STORE_CTX_get_error(c) != X509_V_OK) why = X509_STORE_CTX_get_error(c);
    }
    X509_STORE_CTX_free(c);
    return why;
}

/*
 * The signature of P-384 takes the event loop a millisecond, and after a restart all agents come back at once. What was proven of the very same bytes
 * holds for as long as both certificates are in time; anything else is verified whole.
 */
static int verify_once(const hub_ca *ca, X509 *cert, int64_t now)
{
    uint8_t sum[32];
    if (X509_digest(cert, EVP_sha256(), sum, NULL) != 1) return X509_V_ERR_OUT_OF_MEM;
    uint8_t *place = ca->proven[(sum[0] | (unsigned)sum[1] << 8) % PROVEN];
    if (memcmp(place, sum, sizeof sum) == 0 && in_time(cert, now) && in_time(ca->cert, now)) return X509_V_OK;
    int why = verify(ca, cert, now);
    if (why == X509_V_OK) memcpy(place, sum, sizeof sum);
    return why;
}

void hub_ca_check_peer(const hub_ca *ca, X509 *cert, int64_t now, hub_peer *out)
{
    memset(out, 0, sizeof *out);
    if (!cert) return;
    out->present = true;
    int why = verify_once(ca, cert, now);
    X509_NAME *name = X509_get_subject_name(cert);
    if (why != X509_V_OK)
        plt_copy(out->why, sizeof out->why, X509_verify_cert_error_string(why));
    else if (!read_name(name, NID_commonName, out->agent, sizeof out->agent) ||
             !read_name(name, NID_organizationName, out->tenant, sizeof out->tenant) || !hub_id_valid(out->agent) || !get_serial(cert, out->serial))
        plt_copy(out->why, sizeof out->why, "the certificate is not an agent's");
    else
        out->valid = true;
    ERR_clear_error();
}
