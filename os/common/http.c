/* SPDX-License-Identifier: Apache-2.0 */
/*
 * HTTPS by libcurl. It must never speak to a hub whose chain is not the trusted one, never follow a redirect, never
 * take a reply larger than asked for.
 */
#include "os/http.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <curl/curl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "core/util/address.h"
#include "core/util/room.h"
#include "core/util/text.h"
#include "os/clock.h"
#include "os/crypto.h"

#define CONNECT_MS 10000
#define STREAM_REFUSAL_MAX 65536 /* of a reply that is no stream */

struct os_http {
    CURL *curl;
    char *ca, *cert, *key, *proxy; /* owned copies */
    bool pinned, public_only;
    bool inside; /* an address was refused by public_only */
    uint8_t pin[OS_SHA256_SIZE];
    char *pinned_ca; /* PEM of what matched */
    bool (*cancelled)(void *ctx);
    void *ctx;
    char header[256]; /* for the next call; "" none */
    /* of a stream */
    bool (*on_data)(void *ctx, const char *data, size_t n);
    void *data_ctx;
    plt_buf *refusal;
    uint64_t heard; /* monotonic ms of the last byte */
    uint32_t silent_ms;
    bool ended, silent; /* on_data wanted no more; nothing came for too long */
};

static void free_secret(char *s)
{
    if (s) OPENSSL_cleanse(s, strlen(s));
    free(s);
}

/* The certificate of the peer's chain with the pinned fingerprint; borrowed. */
static X509 *find_pinned(STACK_OF(X509) * chain, const uint8_t *pin)
{
    for (int i = 0; i < sk_X509_num(chain); i++) {
        uint8_t digest[EVP_MAX_MD_SIZE];
        unsigned n = 0;
        X509 *x = sk_X509_value(chain, i);
        if (X509_digest(x, EVP_sha256(), digest, &n) == 1 && n == OS_SHA256_SIZE && memcmp(digest, pin, n) == 0 && X509_check_ca(x) == 1) return x;
    }
    return NULL;
}

static void keep_pem(os_http *h, X509 *ca)
{
    BIO *b = BIO_new(BIO_s_mem());
    char *p;
    if (b && PEM_write_bio_X509(b, ca) == 1) {
        long n = BIO_get_mem_data(b, &p);
        char *text = malloc((size_t)n + 1);
        if (text) {
            memcpy(text, p, (size_t)n);
            text[n] = 0;
            free(h->pinned_ca);
            h->pinned_ca = text;
        }
    }
    BIO_free(b);
}

/* Verifies the peer's chain against the one CA certificate in it that has the pinned fingerprint. */
static int verify_pinned(X509_STORE_CTX *ctx, void *arg)
{
    os_http *h = arg;
    STACK_OF(X509) *chain = X509_STORE_CTX_get0_untrusted(ctx);
    X509 *leaf = X509_STORE_CTX_get0_cert(ctx), *ca = find_pinned(chain, h->pin);
    int ok = 0, why = X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN;
    X509_STORE *store = X509_STORE_new();
    X509_STORE_CTX *own = X509_STORE_CTX_new();
    if (ca && store && own && X509_STORE_add_cert(store, ca) == 1 && X509_STORE_CTX_init(own, store, leaf, chain) == 1) {
        X509_STORE_CTX_set_purpose(own, X509_PURPOSE_SSL_SERVER);
        ok = X509_verify_cert(own) == 1;
        why = X509_STORE_CTX_get_error(own);
    }
    X509_STORE_CTX_set_error(ctx, ok ? X509_V_OK : why);
    if (ok) keep_pem(h, ca);
    X509_STORE_CTX_free(own);
    X509_STORE_free(store);
    return ok;
}

static CURLcode on_ssl_ctx(CURL *curl, void *ssl_ctx, void *arg)
{
    (void)curl;
    SSL_CTX_set_cert_verify_callback(ssl_ctx, verify_pinned, arg);
    return CURLE_OK;
}

plt_status os_http_begin(void)
{
    static bool initialised;
    if (!initialised && curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) return PLT_NOMEM;
    initialised = true;
    return PLT_OK;
}

plt_status os_http_create(os_http **out, const os_http_trust *t)
{
    *out = NULL;
    if (os_http_begin() != PLT_OK) return PLT_NOMEM;
    os_http *h = calloc(1, sizeof *h);
    if (!h) return PLT_NOMEM;
    h->curl = curl_easy_init();
    h->ca = plt_text_copy(t->ca_pem);
    h->cert = plt_text_copy(t->cert_pem);
    h->key = plt_text_copy(t->key_pem);
    h->proxy = plt_text_copy(t->proxy);
    h->public_only = t->public_only;
    h->cancelled = t->cancelled;
    h->ctx = t->ctx;
    if (t->ca_sha256) {
        h->pinned = true;
        memcpy(h->pin, t->ca_sha256, sizeof h->pin);
    }
    bool complete = h->curl && (h->ca || !t->ca_pem) && (h->cert || !t->cert_pem) && (h->key || !t->key_pem) && (h->proxy || !t->proxy);
    if (!complete) {
        os_http_free(h);
        return PLT_NOMEM;
    }
    *out = h;
    return PLT_OK;
}

void os_http_free(os_http *h)
{
    if (!h) return;
    if (h->curl) curl_easy_cleanup(h->curl);
    free(h->ca);
    free(h->cert);
    free_secret(h->key);
    free(h->proxy);
    free(h->pinned_ca);
    free(h);
}

const char *os_http_pinned_ca(const os_http *h)
{
    return h->pinned_ca;
}

static size_t on_body(char *data, size_t size, size_t n, void *arg)
{
    plt_buf_add(arg, data, size * n);
    return ((plt_buf *)arg)->status == PLT_OK ? size * n : 0;
}

static size_t on_stream(char *data, size_t size, size_t n, void *arg)
{
    os_http *h = arg;
    long status = 0;
    h->heard = os_clock_mono_ms();
    curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &status);
    if (status != 200) return on_body(data, size, n, h->refusal);
    h->ended = !h->on_data(h->data_ctx, data, size * n);
    return h->ended ? 0 : size * n;
}

static int on_progress(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    os_http *h = arg;
    (void)a, (void)b, (void)c, (void)d;
    h->silent = h->silent_ms && os_clock_mono_ms() - h->heard > h->silent_ms;
    return h->silent || (h->cancelled && h->cancelled(h->ctx));
}

static struct curl_blob blob_of(const char *text)
{
    struct curl_blob b;
    memcpy(&b.data, &text, sizeof b.data); /* libcurl's pointer is not const, its use of it is */
    b.len = strlen(text);
    b.flags = CURL_BLOB_COPY;
    return b;
}

/* Sees the address that is connected to, after every look-up: a name that changes its mind gains nothing. */
static curl_socket_t open_public(void *arg, curlsocktype purpose, struct curl_sockaddr *a)
{
    os_http *h = arg;
    plt_address to = {.family = 0};
    (void)purpose;
    /* struct sockaddr_in and sockaddr_in6 lie alike on Linux and Windows: family, port, and the address behind 2 (behind 6) more octets. */
    const uint8_t *p = (const uint8_t *)a + offsetof(struct curl_sockaddr, addr);
    to.family = a->family == AF_INET ? 4 : a->family == AF_INET6 ? 6 : 0;
    if (to.family == 4 && a->addrlen >= 8) memcpy(to.ip, p + 4, 4);
    if (to.family == 6 && a->addrlen >= 24) memcpy(to.ip, p + 8, 16);
    h->inside = !plt_address_public(&to);
    return h->inside ? CURL_SOCKET_BAD : socket(a->family, a->socktype, a->protocol);
}

static void set_trust(os_http *h)
{
    CURL *c = h->curl;
    if (h->pinned) {
        curl_easy_setopt(c, CURLOPT_SSL_CTX_FUNCTION, on_ssl_ctx);
        curl_easy_setopt(c, CURLOPT_SSL_CTX_DATA, h);
    } else if (h->ca) {
        struct curl_blob ca = blob_of(h->ca);
        curl_easy_setopt(c, CURLOPT_CAINFO_BLOB, &ca);
    }
    if (h->cert && h->key) {
        struct curl_blob cert = blob_of(h->cert), key = blob_of(h->key);
        curl_easy_setopt(c, CURLOPT_SSLCERTTYPE, "PEM");
        curl_easy_setopt(c, CURLOPT_SSLCERT_BLOB, &cert);
        curl_easy_setopt(c, CURLOPT_SSLKEYTYPE, "PEM");
        curl_easy_setopt(c, CURLOPT_SSLKEY_BLOB, &key);
    }
    if (h->proxy) curl_easy_setopt(c, CURLOPT_PROXY, h->proxy);
    h->inside = false;
    if (!h->public_only) return;
    curl_easy_setopt(c, CURLOPT_PROXY, "");
    curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_public);
    curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, h);
}

bool os_http_header(os_http *h, const char *line)
{
    return plt_copy(h->header, sizeof h->header, line);
}

static struct curl_slist *headers_of(os_http *h, const char *content_type, const char *encoding)
{
    char line[128];
    struct curl_slist *l = curl_slist_append(NULL, "Expect:");
    if (*h->header) l = curl_slist_append(l, h->header);
    h->header[0] = 0;
    if (content_type && snprintf(line, sizeof line, "Content-Type: %s", content_type) < (int)sizeof line) l = curl_slist_append(l, line);
    if (encoding && snprintf(line, sizeof line, "Content-Encoding: %s", encoding) < (int)sizeof line) l = curl_slist_append(l, line);
    return l;
}

static plt_status judge(CURLcode code, const char *url, const char *detail, os_http_reply *r)
{
    snprintf(r->problem, sizeof r->problem, "%.200s: %.280s", url, *detail ? detail : curl_easy_strerror(code));
    switch (code) {
    case CURLE_OPERATION_TIMEDOUT: return PLT_TIMEOUT;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT: return PLT_NOTFOUND;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CACERT_BADFILE: r->tls_refused = true; return PLT_DENIED;
    case CURLE_OUT_OF_MEMORY: return PLT_NOMEM;
    case CURLE_WRITE_ERROR: return PLT_FULL;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL: return PLT_BAD;
    case CURLE_RECV_ERROR: {
        /* TLS 1.3: a server that refuses the client's certificate says so only when we read. */
        r->tls_refused = strstr(detail, "alert") != NULL;
        return r->tls_refused ? PLT_DENIED : PLT_CLOSED;
    }
    default: return PLT_IO;
    }
}

static void set_common(os_http *h, const char *url, struct curl_slist *headers, char *detail)
{
    CURL *c = h->curl;
    curl_easy_reset(c); /* keeps connections and the TLS session */
    curl_easy_setopt(c, CURLOPT_URL, url);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "https");
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, detail);
    curl_easy_setopt(c, CURLOPT_USERAGENT, "Platen/" PLATEN_VERSION);
    curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, on_progress);
    curl_easy_setopt(c, CURLOPT_XFERINFODATA, h);
    set_trust(h);
}

static plt_status perform(os_http *h, const char *url, struct curl_slist *headers, char *detail, os_http_reply *r)
{
    long status = 0;
    CURLcode code = curl_easy_perform(h->curl);
    curl_easy_getinfo(h->curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    ERR_clear_error();
    r->status = (int)status;
    return code == CURLE_OK || (code == CURLE_WRITE_ERROR && h->ended) ? PLT_OK : judge(code, url, detail, r);
}

plt_status os_http_call(os_http *h, const char *method, const char *url, const char *content_type, const char *encoding, const void *body, size_t n,
                        size_t max_reply, uint32_t timeout_ms, os_http_reply *r)
{
    char detail[CURL_ERROR_SIZE] = "";
    memset(r, 0, sizeof *r);
    plt_buf_init(&r->body, max_reply);
    CURL *c = h->curl;
    struct curl_slist *headers = headers_of(h, content_type, encoding);
    h->silent_ms = 0;
    h->ended = false;
    set_common(h, url, headers, detail);
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
    if (timeout_ms < CONNECT_MS) curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)timeout_ms);
    curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(c, CURLOPT_WRITEDATA, &r->body);
    if (strcmp(method, "GET") != 0) {
        curl_easy_setopt(c, CURLOPT_POST, 1L);
        curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, method);
        curl_easy_setopt(c, CURLOPT_POSTFIELDS, body ? body : "");
        curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)n);
    }
    plt_status s = perform(h, url, headers, detail, r);
    if (s != PLT_OK) r->status = 0;
    if (s == PLT_OK || !h->inside) return s;
    snprintf(r->problem, sizeof r->problem, "%.200s: an address of this machine or of a private network, which is not allowed", url);
    return PLT_DENIED;
}

plt_status os_http_stream(os_http *h, const char *url, uint32_t silent_ms, bool (*on_data)(void *ctx, const char *data, size_t n), void *ctx,
                          os_http_reply *r)
{
    char detail[CURL_ERROR_SIZE] = "";
    memset(r, 0, sizeof *r);
    plt_buf_init(&r->body, STREAM_REFUSAL_MAX);
    struct curl_slist *headers = headers_of(h, NULL, NULL);
    h->on_data = on_data;
    h->data_ctx = ctx;
    h->refusal = &r->body;
    h->silent_ms = silent_ms;
    h->heard = os_clock_mono_ms();
    h->ended = h->silent = false;
    set_common(h, url, headers, detail);
    curl_easy_setopt(h->curl, CURLOPT_WRITEFUNCTION, on_stream);
    curl_easy_setopt(h->curl, CURLOPT_WRITEDATA, h);
    plt_status s = perform(h, url, headers, detail, r);
    return s != PLT_OK && h->silent ? PLT_TIMEOUT : s;
}

void os_http_reply_free(os_http_reply *r)
{
    plt_buf_free(&r->body);
}
