/* SPDX-License-Identifier: Apache-2.0 */
/* Claim, send, write down. A crash between sending and writing sends once more under the same key: a receiver can tell. */
#include "hub/post.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include "core/util/text.h"
#include "hub/alert_words.h"
#include "hub/json.h"
#include "hub/mail.h"
#include "hub/post_report.h"
#include "hub/store_schedules.h"

#define ROUND_MAX 16
#define MESSAGE_MAX (2u << 20)
#define REPORT_MAX (12u << 20) /* with its file, in base64 */
#define FIRST_AGAIN_MS INT64_C(30000)
#define MOST_AGAIN_MS INT64_C(3600000)

int64_t hub_post_again_ms(int64_t attempts)
{
    int64_t ms = FIRST_AGAIN_MS;
    for (int64_t i = 1; i < attempts && ms < MOST_AGAIN_MS; i++) ms *= 2;
    return ms < MOST_AGAIN_MS ? ms : MOST_AGAIN_MS;
}

plt_status hub_hook_sign(const char *secret, int64_t now, const void *body, size_t n, char *out, size_t size)
{
    char seconds[24], hex[65];
    uint8_t mac[32];
    plt_buf text;
    unsigned len = 0;
    snprintf(seconds, sizeof seconds, "%lld", (long long)(now / 1000));
    plt_buf_init(&text, n + sizeof seconds + 1);
    plt_buf_printf(&text, "%s.", seconds);
    plt_buf_add(&text, body, n);
    bool ok = text.status == PLT_OK && HMAC(EVP_sha256(), secret, (int)strlen(secret), text.data, text.len, mac, &len) && len == sizeof mac;
    plt_buf_free(&text);
    if (!ok) return PLT_NOMEM;
    plt_hex(hex, mac, sizeof mac);
    return (size_t)snprintf(out, size, "Platen-Signature: t=%s,v1=%s", seconds, hex) < size ? PLT_OK : PLT_FULL;
}

/* What became of an attempt. */
typedef struct verdict {
    bool sent, for_good; /* for_good: another attempt would be refused, too */
    char reason[HUB_REASON_SIZE];
} verdict;

static void refuse(verdict *v, bool for_good, const char *reason)
{
    v->for_good = for_good;
    plt_copy(v->reason, sizeof v->reason, reason);
}

/* ---- mail ---- */

/* What all letters of a delivery have. */
static hub_letter letter_of(const hub_mail_settings *m, const hub_delivery *d, const char *list)
{
    return (hub_letter){.from = m->sender, .to = d->target, .key = d->key, .attempt = d->attempts + 1, .at = d->created, .list = list};
}

static void hand_over(hub_post *p, const hub_mail_settings *m, const hub_letter *l, size_t most, verdict *v)
{
    char password[sizeof m->secret] = "";
    os_mail_result r;
    plt_buf out;
    plt_buf_init(&out, most);
    plt_status s = hub_mail_write(l, &out);
    if (s != PLT_OK) refuse(v, s == PLT_BAD, "the message cannot be written");
    if (s == PLT_OK && m->secret_n && hub_unseal(p->key, "mail", m->secret, m->secret_n, password) != PLT_OK) {
        refuse(v, true, "the mail server's password was sealed by another CA: enter it again");
        s = PLT_DENIED;
    }
    if (s == PLT_OK) {
        const os_mail_server server = {.host = m->host, .port = (int)m->port, .tls = m->tls, .user = m->user, .password = password, .ca_pem = m->ca};
        s = p->ways->mail(p->ways->ctx, &server, m->sender, l->to, out.data, out.len, &r);
        v->sent = s == PLT_OK;
        if (s != PLT_OK) refuse(v, s == PLT_DENIED || s == PLT_UNSUPPORTED, *r.problem ? r.problem : plt_status_name(s));
    }
    OPENSSL_cleanse(password, sizeof password);
    plt_buf_free(&out);
}

static void send_words(hub_post *p, const hub_mail_settings *m, const hub_delivery *d, const char *language, const plt_buf *body, verdict *v)
{
    hub_words words;
    hub_letter l = letter_of(m, d, "alerts");
    plt_status s = hub_words_of(plt_buf_str(body), body->len, language, &words);
    l.subject = plt_buf_str(&words.subject);
    l.text = plt_buf_str(&words.text);
    l.html = plt_buf_str(&words.html);
    l.language = language;
    if (s == PLT_OK)
        hand_over(p, m, &l, MESSAGE_MAX, v);
    else
        refuse(v, s == PLT_BAD, "the message cannot be written");
    hub_words_free(&words);
}

/* A scheduled report; the file was made when it was due, and is the same at each attempt. */
static plt_status send_report(hub_post *p, const hub_mail_settings *m, const hub_delivery *d, const plt_buf *body, verdict *v)
{
    hub_report_letter r;
    plt_buf file;
    plt_buf_init(&file, REPORT_MAX);
    plt_status s = hub_report_letter_of(plt_buf_str(body), body->len, &r), found = PLT_OK;
    if (s == PLT_OK && *r.file) found = p->s->ops->schedules->file_get(p->s, d->tenant_id, r.file, &file);
    const hub_attachment attached = {r.file_name, r.type, file.data, file.len};
    hub_letter l = letter_of(m, d, "reports");
    l.subject = plt_buf_str(&r.subject);
    l.text = plt_buf_str(&r.text);
    l.html = plt_buf_str(&r.html);
    l.language = r.language;
    l.file = *r.file ? &attached : NULL;
    if (s != PLT_OK || found == PLT_NOTFOUND)
        refuse(v, s == PLT_BAD || found == PLT_NOTFOUND, found == PLT_NOTFOUND ? "the report's file is gone" : "the message cannot be written");
    else if (found == PLT_OK)
        hand_over(p, m, &l, REPORT_MAX, v);
    hub_report_letter_free(&r);
    plt_buf_free(&file);
    return found == PLT_NOTFOUND ? PLT_OK : found;
}

/* `c` is NULL for a report, which no channel sends. */
static plt_status send_mail(hub_post *p, const hub_delivery *d, const hub_channel *c, const plt_buf *body, verdict *v)
{
    hub_mail_settings m;
    plt_status s = p->s->ops->alerts->mail_get(p->s, &m);
    if (s == PLT_OK && !c) s = send_report(p, &m, d, body, v);
    if (s == PLT_OK && c) send_words(p, &m, d, c->language, body, v);
    if (s == PLT_NOTFOUND) refuse(v, false, "no mail server is set");
    return s == PLT_NOTFOUND ? PLT_OK : s;
}

/* ---- webhooks ---- */

static void judge_hook(plt_status s, int status, const char *problem, verdict *v)
{
    char words[64];
    v->sent = s == PLT_OK && status >= 200 && status < 300;
    if (v->sent) return;
    snprintf(words, sizeof words, "the receiver answered %d", status);
    /* 408, 425, 429: come again. A redirect is not followed. Trust may be put right. */
    bool later = status == 408 || status == 425 || status == 429 || status >= 500;
    refuse(v, s == PLT_OK && !later, s == PLT_OK ? words : problem);
}

static plt_status send_hook(hub_post *p, const hub_delivery *d, const hub_channel *c, const plt_buf *body, verdict *v)
{
    char secret[HUB_HOOK_SECRET_SIZE], header[160], problem[HUB_REASON_SIZE] = "";
    int64_t now = p->ways->now(p->ways->ctx);
    int status = 0;
    plt_buf b;
    plt_buf_init(&b, MESSAGE_MAX);
    plt_buf_byte(&b, '{');
    plt_json_text(&b, "delivery", d->key);
    plt_json_count(&b, "attempt", d->attempts + 1);
    hub_json_time(&b, "sent", now);
    plt_json_key(&b, "message");
    plt_buf_text(&b, plt_buf_str(body));
    plt_buf_byte(&b, '}');
    plt_status s = b.status == PLT_OK ? hub_hook_secret(p->key, c->id, c->generation, secret) : b.status;
    if (s == PLT_OK) s = hub_hook_sign(secret, now, b.data, b.len, header, sizeof header);
    if (s == PLT_OK) {
        const hub_hook_call call = {d->target, c->ca, header, b.data, b.len, p->local};
        plt_status came = p->ways->hook(p->ways->ctx, &call, &status, problem);
        judge_hook(came, status, problem, v);
    }
    OPENSSL_cleanse(secret, sizeof secret);
    plt_buf_free(&b);
    return s;
}

/* ---- a round ---- */

typedef struct list {
    hub_delivery *d;
    int n;
} list;

static bool note(void *ctx, const hub_delivery *d)
{
    list *l = ctx;
    l->d[l->n++] = *d;
    return true;
}

static plt_status in_transaction(hub_store *s, plt_status status)
{
    if (status == PLT_OK) return s->ops->commit(s);
    s->ops->rollback(s);
    return status;
}

static plt_status claim(hub_post *p, const hub_delivery *d, plt_buf *body)
{
    plt_status s = p->s->ops->begin(p->s);
    if (s != PLT_OK) return s;
    return in_transaction(p->s, p->s->ops->alerts->delivery_claim(p->s, d->no, p->who, p->ways->now(p->ways->ctx), body));
}

static plt_status write_down(hub_post *p, hub_delivery *d, const verdict *v)
{
    int64_t now = p->ways->now(p->ways->ctx);
    bool old = now - d->created >= HUB_POST_LIFE_MS;
    d->state = v->sent ? HUB_DELIVERY_SENT : v->for_good || old ? HUB_DELIVERY_GIVEN_UP : HUB_DELIVERY_WAITS;
    d->finished = d->state == HUB_DELIVERY_WAITS ? 0 : now;
    d->due = now + hub_post_again_ms(d->attempts + 1);
    plt_copy(d->reason, sizeof d->reason, v->reason);
    plt_status s = p->s->ops->begin(p->s);
    if (s != PLT_OK) return s;
    s = p->s->ops->alerts->delivery_end(p->s, d, p->who);
    return in_transaction(p->s, s == PLT_NOTFOUND ? PLT_OK : s);
}

static plt_status attempt(hub_post *p, hub_delivery *d, int64_t *sent)
{
    hub_channel *c = calloc(1, sizeof *c);
    verdict v = {.sent = false};
    plt_buf body;
    if (!c) return PLT_NOMEM;
    plt_buf_init(&body, MESSAGE_MAX);
    plt_status s = claim(p, d, &body);
    bool mine = s == PLT_OK, report = strncmp(d->key, HUB_REPORT_DELIVERY, sizeof HUB_REPORT_DELIVERY - 1) == 0;
    if (mine && !report) s = p->s->ops->alerts->channel_get(p->s, HUB_OPERATOR, d->channel, c);
    if (s == PLT_NOTFOUND)
        refuse(&v, true, "the channel was removed");
    else if (s == PLT_OK && report)
        s = send_mail(p, d, NULL, &body, &v);
    else if (s == PLT_OK)
        s = c->kind == HUB_CHANNEL_MAIL ? send_mail(p, d, c, &body, &v) : send_hook(p, d, c, &body, &v);
    if (mine && (s == PLT_OK || s == PLT_NOTFOUND)) s = write_down(p, d, &v);
    *sent += v.sent;
    plt_buf_free(&body);
    free(c);
    return s == PLT_BUSY ? PLT_OK : s; /* another hub has it */
}

plt_status hub_post_round(hub_post *p, int max, int64_t *sent)
{
    list l = {.d = calloc(ROUND_MAX, sizeof *l.d)};
    *sent = 0;
    if (!l.d) return PLT_NOMEM;
    plt_status s = p->s->ops->alerts->deliveries_due(p->s, p->ways->now(p->ways->ctx), max < ROUND_MAX ? max : ROUND_MAX, note, &l);
    for (int i = 0; i < l.n && s == PLT_OK; i++) s = attempt(p, &l.d[i], sent);
    free(l.d);
    return s;
}
