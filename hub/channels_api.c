/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Channels and the mail server for the console. A webhook's secret leaves the hub once, when it is made; a password never does. What cannot work is
 * refused here, in words, and not found out at night.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/crypto.h>

#include "core/util/text.h"
#include "hub/alert_words.h"
#include "hub/alerts_api.h"
#include "hub/ca_names.h"
#include "hub/handler.h"
#include "hub/mail.h"
#include "hub/seal.h"
#include "hub/store_alerts.h"
#include "os/crypto.h"
#include "os/mail.h"

#define CHANNELS_MAX 100
#define NO_MAIL "This hub was built without mail (its libcurl has no SMTP). Use a webhook."

typedef struct change {
    hub *hub;
    hub_channel c;
    bool made, renew; /* renew: the webhook's secret */
} change;

/* ---- channels ---- */

static void put_targets(plt_buf *b, const hub_channel *c)
{
    char one[HUB_TARGET_SIZE];
    plt_json_key(b, "to");
    plt_buf_byte(b, '[');
    for (const char *p = c->target; *p && c->kind == HUB_CHANNEL_MAIL;) {
        size_t n = strcspn(p, ",");
        plt_utf8_copy(one, sizeof one, p, n);
        plt_json_comma(b);
        plt_json_quote(b, one);
        p += n + (p[n] == ',');
    }
    plt_buf_byte(b, ']');
}

static bool add_channel(void *ctx, const hub_channel *c)
{
    plt_buf *b = ctx;
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    plt_json_text(b, "id", c->id);
    plt_json_text(b, "tenant", c->tenant);
    plt_json_text(b, "name", c->name);
    plt_json_text(b, "kind", c->kind == HUB_CHANNEL_MAIL ? "mail" : "webhook");
    plt_json_bool(b, "enabled", c->enabled);
    plt_json_text(b, "language", c->language);
    put_targets(b, c);
    plt_json_text(b, "url", c->kind == HUB_CHANNEL_WEBHOOK ? c->target : NULL);
    plt_json_text(b, "ca", c->ca);
    plt_buf_byte(b, '}');
    return b->status == PLT_OK;
}

hub_step hub_api_channels(hub_worker *w, hub_task *t)
{
    hub_mail_settings *m = calloc(1, sizeof *m);
    plt_buf *b = hub_items_begin(t);
    plt_status s = m ? w->store->ops->alerts->channels(w->store, t->session.scope, add_channel, b) : PLT_NOMEM;
    plt_status set = s == PLT_OK ? w->store->ops->alerts->mail_get(w->store, m) : s;
    free(m);
    if (set != PLT_OK && set != PLT_NOTFOUND) return hub_store_failed(w, t, set);
    plt_buf_byte(b, ']');
    plt_json_bool(b, "mail_there", os_mail_there());
    plt_json_bool(b, "mail_server", set == PLT_OK);
    plt_buf_byte(b, '}');
    return HUB_DONE;
}

static const char *read_addresses(const cJSON *o, hub_channel *c)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(o, "to"), *v;
    size_t n = 0, used = 0;
    if (!os_mail_there()) return NO_MAIL;
    cJSON_ArrayForEach(v, list)
    {
        if (++n > HUB_TARGETS_MAX) return "to has more than 20 addresses.";
        if (!cJSON_IsString(v) || !hub_mail_address_valid(v->valuestring)) return "to has something that is no mail address.";
        int k = snprintf(c->target + used, sizeof c->target - used, "%s%s", used ? "," : "", v->valuestring);
        if (k < 0 || (size_t)k >= sizeof c->target - used) return "to is longer than 4095 bytes.";
        used += (size_t)k;
    }
    return n ? NULL : "to names no address.";
}

static const char *read_url(const cJSON *o, hub_channel *c)
{
    const char *url = hub_json_get(o, "url");
    if (!url || strncmp(url, "https://", 8) != 0 || strlen(url) >= HUB_TARGET_SIZE) return "url is an https address of at most 1023 bytes.";
    for (const char *p = url; *p; p++)
        if (*p <= 0x20 || *p >= 0x7F) return "url has a blank or something that is not ASCII.";
    if (!url[8] || strchr("/?#:", url[8])) return "url names no host.";
    if (memchr(url + 8, '@', strcspn(url + 8, "/?#"))) return "url has a name or password in it: the signature is what a receiver checks.";
    plt_copy(c->target, sizeof c->target, url);
    return NULL;
}

static const char *read_ca(const cJSON *o, char *out, size_t size)
{
    os_cert_info info;
    const char *ca = hub_json_get(o, "ca");
    if (!ca || !*ca) return NULL;
    if (!plt_copy(out, size, ca) || os_cert_read(ca, &info) != PLT_OK) return "ca is no certificate in PEM, or longer than 8 KiB.";
    return NULL;
}

static const char *read_channel(const cJSON *o, hub_channel *c)
{
    const char *name = hub_json_get(o, "name"), *kind = hub_json_get(o, "kind"), *language = hub_json_get(o, "language");
    const cJSON *enabled = cJSON_GetObjectItemCaseSensitive(o, "enabled");
    if (!name || !*name || !plt_copy(c->name, sizeof c->name, name)) return "name is missing, empty or longer than 128 bytes.";
    if (!kind || (strcmp(kind, "mail") != 0 && strcmp(kind, "webhook") != 0)) return "kind is mail or webhook.";
    if (!language || !hub_language_known(language)) return "language is en, fr or de.";
    plt_copy(c->language, sizeof c->language, language);
    c->kind = strcmp(kind, "mail") ? HUB_CHANNEL_WEBHOOK : HUB_CHANNEL_MAIL;
    c->enabled = !cJSON_IsFalse(enabled);
    const char *fault = c->kind == HUB_CHANNEL_MAIL ? read_addresses(o, c) : read_url(o, c);
    return fault || c->kind == HUB_CHANNEL_MAIL ? fault : read_ca(o, c->ca, sizeof c->ca);
}

static bool count_channel(void *ctx, const hub_channel *c)
{
    (void)c;
    ++*(int *)ctx;
    return true;
}

static plt_status refused(hub_task *t, const char *why)
{
    hub_bad_request(t, why);
    return PLT_EXISTS; /* a refusal, no damage */
}

/* The reply: the id, and the secret of a webhook that is new or has a new one. */
static plt_status reply_secret(hub_task *t, const change *c)
{
    uint8_t key[HUB_SEAL_KEY];
    char secret[HUB_HOOK_SECRET_SIZE] = "";
    plt_status s = hub_seal_key(c->hub->ca, "platen alerts 1", key);
    if (s == PLT_OK && c->c.kind == HUB_CHANNEL_WEBHOOK) s = hub_hook_secret(key, c->c.id, c->c.generation, secret);
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_byte(b, '{');
    plt_json_text(b, "id", c->c.id);
    if (*secret) plt_json_text(b, "secret", secret);
    plt_buf_byte(b, '}');
    OPENSSL_cleanse(key, sizeof key);
    OPENSSL_cleanse(secret, sizeof secret);
    return s;
}

static plt_status write_channel(hub_store *s, hub_task *t, int64_t now)
{
    change *c = t->more;
    hub_channel *was = calloc(1, sizeof *was);
    int n = 0;
    (void)now;
    if (!was) return PLT_NOMEM;
    plt_status status = PLT_OK;
    if (c->made) {
        status = s->ops->alerts->channels(s, c->c.tenant_id, count_channel, &n);
        if (status == PLT_OK && n >= CHANNELS_MAX) status = refused(t, "There are 100 channels, which is the most.");
    } else {
        status = s->ops->alerts->channel_get(s, t->session.scope, c->c.id, was);
        if (status == PLT_NOTFOUND) hub_not_there(t, "There is no such channel");
        if (status == PLT_OK && !c->renew && was->kind != c->c.kind) status = refused(t, "A channel's kind does not change: make another one.");
        if (status == PLT_OK && c->renew) c->c = *was;
        if (status == PLT_OK && c->renew && was->kind != HUB_CHANNEL_WEBHOOK) status = refused(t, "Only webhooks have a secret.");
        if (status == PLT_OK) c->c.tenant_id = t->audit_tenant = was->tenant_id;
        if (status == PLT_OK) c->c.generation = was->generation + c->renew;
    }
    free(was);
    if (status == PLT_OK) status = s->ops->alerts->channel_put(s, &c->c);
    if (status == PLT_OK && (c->made || c->renew)) status = reply_secret(t, c);
    return status;
}

static hub_step put_channel(hub_worker *w, hub_task *t, const char *id, bool renew)
{
    change *c = calloc(1, sizeof *c);
    t->more = c;
    if (!c) return hub_store_failed(w, t, PLT_NOMEM);
    c->hub = w->hub;
    c->made = !id;
    c->renew = renew;
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    const char *fault = !o ? "The body is no JSON object." : renew ? NULL : read_channel(o, &c->c);
    cJSON_Delete(o);
    if (fault) return hub_bad_request(t, fault);
    if (id)
        plt_copy(c->c.id, sizeof c->c.id, id);
    else if (!hub_tenant_pick(w, t, &c->c.tenant_id, NULL))
        return HUB_DONE;
    else if (hub_new_id(c->c.id) != PLT_OK)
        return hub_store_failed(w, t, PLT_IO);
    plt_copy(t->detail, sizeof t->detail, c->c.name);
    hub_reply_empty(&t->out);
    t->write = write_channel;
    return HUB_WRITE;
}

hub_step hub_api_channel_make(hub_worker *w, hub_task *t)
{
    return put_channel(w, t, NULL, false);
}

hub_step hub_api_channel_change(hub_worker *w, hub_task *t)
{
    return put_channel(w, t, t->in.path_arg[0], false);
}

hub_step hub_api_channel_secret(hub_worker *w, hub_task *t)
{
    return put_channel(w, t, t->in.path_arg[0], true);
}

static plt_status write_channel_end(hub_store *s, hub_task *t, int64_t now)
{
    change *c = t->more;
    (void)now;
    plt_status status = s->ops->alerts->channel_get(s, t->session.scope, t->in.path_arg[0], &c->c);
    if (status == PLT_NOTFOUND) hub_not_there(t, "There is no such channel");
    return status == PLT_OK ? s->ops->alerts->channel_drop(s, c->c.id) : status;
}

hub_step hub_api_channel_drop(hub_worker *w, hub_task *t)
{
    t->more = calloc(1, sizeof(change));
    if (!t->more) return hub_store_failed(w, t, PLT_NOMEM);
    hub_reply_empty(&t->out);
    t->write = write_channel_end;
    return HUB_WRITE;
}

/* ---- a test message ---- */

static plt_status add_tests(hub_store *s, const hub_channel *c, const char *id, int64_t now)
{
    hub_delivery d = {.tenant_id = c->tenant_id, .created = now};
    const char *p = c->target;
    plt_status status = PLT_OK;
    plt_copy(d.channel, sizeof d.channel, c->id);
    for (int i = 0; status == PLT_OK && *p; i++) {
        size_t n = c->kind == HUB_CHANNEL_MAIL ? strcspn(p, ",") : strlen(p);
        plt_utf8_copy(d.target, sizeof d.target, p, n);
        snprintf(d.key, sizeof d.key, "test-%s-%d", id, i);
        status = s->ops->alerts->delivery_add(s, &d, "{\"test\":true}");
        p += n + (p[n] == ',');
    }
    return status;
}

static plt_status write_test(hub_store *s, hub_task *t, int64_t now)
{
    change *c = t->more;
    char id[17], key[32];
    hub_mail_settings *m = calloc(1, sizeof *m);
    plt_status status = m ? s->ops->alerts->channel_get(s, t->session.scope, t->in.path_arg[0], &c->c) : PLT_NOMEM;
    if (status == PLT_NOTFOUND) hub_not_there(t, "There is no such channel");
    if (status == PLT_OK && c->c.kind == HUB_CHANNEL_MAIL && s->ops->alerts->mail_get(s, m) == PLT_NOTFOUND)
        status = refused(t, "No mail server is set: enter it first.");
    free(m);
    if (status == PLT_OK) status = hub_new_id(id);
    if (status == PLT_OK) status = add_tests(s, &c->c, id, now);
    if (status != PLT_OK) return status;
    snprintf(key, sizeof key, "test-%s-0", id);
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_byte(b, '{');
    plt_json_text(b, "key", key);
    plt_buf_byte(b, '}');
    return PLT_OK;
}

hub_step hub_api_channel_test(hub_worker *w, hub_task *t)
{
    t->more = calloc(1, sizeof(change));
    if (!t->more) return hub_store_failed(w, t, PLT_NOMEM);
    hub_reply_empty(&t->out);
    t->write = write_test;
    return HUB_WRITE;
}

/* ---- the mail server: one of the hub, the operator's to set ---- */

static bool operator_only(hub_task *t)
{
    if (t->session.scope == HUB_OPERATOR) return true;
    hub_problem(&t->out, 403, "beyond-own", "The mail server is the operator's", "It serves every tenant of this hub.",
                "Ask the operator of the hub.");
    return false;
}

hub_step hub_api_mail_server(hub_worker *w, hub_task *t)
{
    if (!operator_only(t)) return HUB_DONE;
    hub_mail_settings *m = calloc(1, sizeof *m);
    plt_status s = m ? w->store->ops->alerts->mail_get(w->store, m) : PLT_NOMEM;
    if (s != PLT_OK && s != PLT_NOTFOUND) {
        free(m);
        return hub_store_failed(w, t, s);
    }
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_byte(b, '{');
    plt_json_bool(b, "there", os_mail_there());
    plt_json_text(b, "host", m->host);
    plt_json_count(b, "port", s == PLT_OK ? m->port : -1);
    plt_json_text(b, "security", s != PLT_OK ? NULL : m->tls ? "tls" : "starttls");
    plt_json_text(b, "user", m->user);
    plt_json_bool(b, "password", m->secret_n > 0);
    plt_json_text(b, "sender", m->sender);
    plt_json_text(b, "ca", m->ca);
    plt_buf_byte(b, '}');
    free(m);
    return HUB_DONE;
}

typedef struct mail_change {
    hub_mail_settings m;
    bool keep_password;
} mail_change;

static const char *read_mail(const cJSON *o, mail_change *c, char password[256])
{
    const char *host = hub_json_get(o, "host"), *security = hub_json_get(o, "security"), *user = hub_json_get(o, "user"),
               *sender = hub_json_get(o, "sender"), *word = hub_json_get(o, "password");
    if (!os_mail_there()) return NO_MAIL;
    if (!host || !*host || !hub_ca_name_valid(host) || !plt_copy(c->m.host, sizeof c->m.host, host)) return "host is a DNS name or an address.";
    c->m.port = hub_json_whole(o, "port");
    if (c->m.port < 1 || c->m.port > 65535) return "port is 1 to 65535; usual are 587 (starttls) and 465 (tls).";
    if (!security || (strcmp(security, "tls") != 0 && strcmp(security, "starttls") != 0))
        return "security is starttls or tls; without TLS no mail is sent.";
    c->m.tls = !strcmp(security, "tls");
    if (!sender || !hub_mail_address_valid(sender) || !plt_copy(c->m.sender, sizeof c->m.sender, sender)) return "sender is no mail address.";
    if (user && !plt_copy(c->m.user, sizeof c->m.user, user)) return "user is longer than 255 bytes.";
    c->keep_password = !word && user && *user;
    if (word && (!plt_copy(password, 256, word) || !user || !*user)) return "password is longer than 255 bytes, or there is no user.";
    return read_ca(o, c->m.ca, sizeof c->m.ca);
}

static plt_status write_mail(hub_store *s, hub_task *t, int64_t now)
{
    mail_change *c = t->more;
    (void)now;
    hub_mail_settings *was = calloc(1, sizeof *was);
    plt_status status = was ? s->ops->alerts->mail_get(s, was) : PLT_NOMEM;
    /* A password goes on only to the server that it was entered for. */
    if (status == PLT_OK && c->keep_password && !strcmp(was->host, c->m.host)) {
        memcpy(c->m.secret, was->secret, sizeof c->m.secret);
        c->m.secret_n = was->secret_n;
    }
    free(was);
    return status == PLT_OK || status == PLT_NOTFOUND ? s->ops->alerts->mail_put(s, &c->m) : status;
}

hub_step hub_api_mail_server_put(hub_worker *w, hub_task *t)
{
    uint8_t key[HUB_SEAL_KEY];
    char password[256] = "";
    mail_change *c = calloc(1, sizeof *c);
    t->more = c;
    if (!c) return hub_store_failed(w, t, PLT_NOMEM);
    if (!operator_only(t)) return HUB_DONE;
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    const char *fault = o ? read_mail(o, c, password) : "The body is no JSON object.";
    hub_json_wipe(o);
    plt_status s = fault || !*password ? PLT_OK : hub_seal_key(w->hub->ca, "platen alerts 1", key);
    if (s == PLT_OK && !fault && *password) {
        s = hub_seal(key, "mail", password, strlen(password) + 1, c->m.secret);
        c->m.secret_n = strlen(password) + 1 + HUB_SEAL_MORE;
    }
    OPENSSL_cleanse(password, sizeof password);
    OPENSSL_cleanse(key, sizeof key);
    if (fault) return hub_bad_request(t, fault);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    plt_copy(t->object, sizeof t->object, c->m.host);
    hub_reply_empty(&t->out);
    t->write = write_mail;
    return HUB_WRITE;
}

static plt_status write_mail_end(hub_store *s, hub_task *t, int64_t now)
{
    (void)t, (void)now;
    return s->ops->alerts->mail_drop(s);
}

hub_step hub_api_mail_server_drop(hub_worker *w, hub_task *t)
{
    (void)w;
    if (!operator_only(t)) return HUB_DONE;
    hub_reply_empty(&t->out);
    t->write = write_mail_end;
    return HUB_WRITE;
}
