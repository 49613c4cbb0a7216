/* SPDX-License-Identifier: Apache-2.0 */
/* SMTP by libcurl. It must never send a message, a name or a password outside TLS. */
#include "os/mail.h"

#include <stdio.h>
#include <string.h>

#include <curl/curl.h>
#include <openssl/err.h>

#include "os/http.h"

#define CONNECT_MS 10000
#define URL_MAX 320

bool os_mail_there(void)
{
    const curl_version_info_data *v = curl_version_info(CURLVERSION_NOW);
    for (const char *const *p = v->protocols; p && *p; p++)
        if (strcmp(*p, "smtps") == 0) return true;
    return false;
}

typedef struct source {
    const char *p;
    size_t n;
} source;

static size_t give(char *out, size_t size, size_t count, void *ctx)
{
    source *s = ctx;
    size_t n = size * count < s->n ? size * count : s->n;
    memcpy(out, s->p, n);
    s->p += n;
    s->n -= n;
    return n;
}

static int on_progress(void *arg, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const os_mail_server *s = arg;
    (void)a, (void)b, (void)c, (void)d;
    return s->cancelled(s->ctx);
}

static void set_trust(CURL *c, const os_mail_server *s)
{
    struct curl_blob ca = {.flags = CURL_BLOB_COPY, .len = strlen(s->ca_pem)};
    curl_easy_setopt(c, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
    curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (!*s->ca_pem) return;
    memcpy(&ca.data, &s->ca_pem, sizeof ca.data); /* libcurl's pointer is not const, its use of it is */
    curl_easy_setopt(c, CURLOPT_CAINFO_BLOB, &ca);
}

static plt_status judge(CURLcode code, long reply, os_mail_result *r)
{
    switch (code) {
    case CURLE_OK: return PLT_OK;
    case CURLE_OPERATION_TIMEDOUT: return PLT_TIMEOUT;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT: return PLT_NOTFOUND;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_USE_SSL_FAILED: r->tls_refused = true; return PLT_IO; /* may be put right: tried again */
    case CURLE_UNSUPPORTED_PROTOCOL: return PLT_UNSUPPORTED;
    case CURLE_OUT_OF_MEMORY: return PLT_NOMEM;
    default: return reply >= 500 && reply < 600 ? PLT_DENIED : reply >= 400 && reply < 500 ? PLT_BUSY : PLT_IO;
    }
}

plt_status os_mail_send(const os_mail_server *s, const char *from, const char *to, const void *message, size_t n, uint32_t timeout_ms,
                        os_mail_result *r)
{
    char url[URL_MAX], detail[CURL_ERROR_SIZE] = "", sender[300];
    source body = {.p = message, .n = n};
    long reply = 0;
    memset(r, 0, sizeof *r);
    if (!os_mail_there()) {
        snprintf(r->problem, sizeof r->problem, "this hub was built without mail (its libcurl has no SMTP): use a webhook");
        return PLT_UNSUPPORTED;
    }
    bool six = strchr(s->host, ':') != NULL;
    snprintf(url, sizeof url, "%s://%s%s%s:%d", s->tls ? "smtps" : "smtp", six ? "[" : "", s->host, six ? "]" : "", s->port);
    snprintf(sender, sizeof sender, "<%s>", from);
    CURL *c = os_http_begin() == PLT_OK ? curl_easy_init() : NULL;
    struct curl_slist *list = curl_slist_append(NULL, to);
    if (!c || !list) {
        curl_slist_free_all(list);
        curl_easy_cleanup(c);
        return PLT_NOMEM;
    }
    curl_easy_setopt(c, CURLOPT_URL, url);
    curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(c, CURLOPT_PROXY, "");
    curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(c, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
    curl_easy_setopt(c, CURLOPT_ERRORBUFFER, detail);
    set_trust(c, s);
    if (s->cancelled) {
        curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, on_progress);
        curl_easy_setopt(c, CURLOPT_XFERINFODATA, s);
    }
    if (*s->user) {
        curl_easy_setopt(c, CURLOPT_USERNAME, s->user);
        curl_easy_setopt(c, CURLOPT_PASSWORD, s->password);
    }
    curl_easy_setopt(c, CURLOPT_MAIL_FROM, sender);
    curl_easy_setopt(c, CURLOPT_MAIL_RCPT, list);
    curl_easy_setopt(c, CURLOPT_READFUNCTION, give);
    curl_easy_setopt(c, CURLOPT_READDATA, &body);
    curl_easy_setopt(c, CURLOPT_UPLOAD, 1L);
    CURLcode code = curl_easy_perform(c);
    curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &reply);
    r->code = (int)reply;
    plt_status status = judge(code, reply, r);
    if (status != PLT_OK) snprintf(r->problem, sizeof r->problem, "%.200s:%d: %.150s", s->host, s->port, *detail ? detail : curl_easy_strerror(code));
    curl_slist_free_all(list);
    curl_easy_cleanup(c);
    ERR_clear_error();
    return status;
}
