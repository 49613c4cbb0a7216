/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Second factors, open sessions, API tokens. A secret is shown once and never again: the store has tokens and
 * recovery codes as hashes only.
 */
#include "hub/access_api.h"

#include <string.h>

#include <openssl/crypto.h>

#include "core/util/text.h"
#include "hub/handler.h"
#include "hub/session.h"
#include "hub/throttle.h"
#include "os/clock.h"
#include "os/crypto.h"

#define DAY_MS (86400 * (int64_t)1000)
#define TOKEN_DAYS 365 /* unless another number is asked for */
#define TOKEN_DAYS_MAX 3650

/* ---- the second factor ---- */

/* A new secret, not in force: it is so once a code of it is shown (hub_api_factor_take). */
hub_step hub_api_factor_offer(hub_worker *w, hub_task *t)
{
    uint8_t secret[HUB_TOTP_SECRET];
    char text[HUB_TOTP_TEXT];
    if (hub_totp_make(secret) != PLT_OK) return hub_store_failed(w, t, PLT_IO);
    hub_totp_text(secret, text);
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_byte(b, '{');
    plt_json_text(b, "secret", text);
    plt_json_key(b, "uri");
    /* What authenticators read from a QR code; a name's own characters are escaped. */
    plt_buf_text(b, "\"otpauth://totp/Platen:");
    for (const char *p = t->session.name; *p; p++) plt_buf_printf(b, "%%%02X", (unsigned char)*p);
    plt_buf_printf(b, "?secret=%s&issuer=Platen\"}", text);
    OPENSSL_cleanse(secret, sizeof secret);
    OPENSSL_cleanse(text, sizeof text);
    return HUB_DONE;
}

static plt_status write_factor(hub_store *s, hub_task *t, int64_t now)
{
    (void)now;
    const uint8_t(*codes)[32] = (const uint8_t(*)[32])t->change.codes;
    return s->people->factor_put(s, t->session.name, t->change.secret, t->change.step, codes, t->change.code_count);
}

/* Ten codes: shown now, stored as hashes. */
static plt_status make_codes(hub_task *t, plt_buf *b)
{
    char code[HUB_RECOVERY_SIZE];
    plt_buf_text(b, "{\"recovery_codes\":[");
    for (size_t i = 0; i < HUB_RECOVERY_CODES; i++) {
        plt_status s = hub_recovery_make(code);
        if (s != PLT_OK) return s;
        hub_recovery_hash(code, t->change.codes[i]);
        plt_json_comma(b);
        plt_json_quote(b, code);
    }
    OPENSSL_cleanse(code, sizeof code);
    t->change.code_count = HUB_RECOVERY_CODES;
    plt_buf_text(b, "]}");
    return b->status;
}

static hub_step wrong_code(hub_worker *w, hub_task *t)
{
    hub_throttle_failed(w->hub->throttle, t->session.name, t->in.address, os_clock_unix_ms());
    hub_problem(&t->out, 401, "wrong-code", "The code is wrong, or was used already", NULL, "Type the code that the authenticator shows now.");
    return HUB_DONE;
}

static hub_step take_factor(hub_worker *w, hub_task *t, const char *text, const char *code)
{
    uint8_t secret[HUB_TOTP_SECRET];
    int64_t now = os_clock_unix_ms();
    int wait = hub_throttle_wait(w->hub->throttle, t->session.name, t->in.address, now);
    if (wait) {
        hub_problem(&t->out, 429, "too-many-tries", "Too many wrong codes", NULL, "Wait a moment, then try again.");
        t->out.retry_after = wait;
        return HUB_DONE;
    }
    if (!hub_totp_read(text, secret)) return hub_bad_request(t, "secret is not one that POST gave.");
    bool right = hub_totp_check(secret, now, 0, code, &t->change.step);
    OPENSSL_cleanse(secret, sizeof secret);
    if (!right) return wrong_code(w, t);
    plt_copy(t->change.secret, sizeof t->change.secret, text);
    if (make_codes(t, hub_reply_json(&t->out)) != PLT_OK) return hub_store_failed(w, t, PLT_NOMEM);
    plt_copy(t->object, sizeof t->object, t->session.name);
    t->write = write_factor;
    return HUB_WRITE;
}

hub_step hub_api_factor_take(hub_worker *w, hub_task *t)
{
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    const char *secret = hub_json_get(o, "secret"), *code = hub_json_get(o, "code");
    hub_step step = secret && code ? take_factor(w, t, secret, code) : hub_bad_request(t, "secret and code are needed.");
    hub_json_wipe(o);
    return step;
}

/* Whoever sits down at an open console must not be able to take the lock off: the password is asked again. */
static hub_step drop_factor(hub_worker *w, hub_task *t, const char *password)
{
    int64_t now = os_clock_unix_ms();
    int wait = hub_throttle_wait(w->hub->throttle, t->session.name, t->in.address, now);
    if (wait) {
        hub_problem(&t->out, 429, "too-many-tries", "Too many wrong passwords", NULL, "Wait a moment, then try again.");
        t->out.retry_after = wait;
        return HUB_DONE;
    }
    plt_status s = w->store->ops->account_find(w->store, t->session.name, &t->account);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    if (!hub_password_verify(password, t->account.password)) {
        hub_throttle_failed(w->hub->throttle, t->session.name, t->in.address, now);
        hub_problem(&t->out, 401, "wrong-password", "The password is wrong", NULL, "Type the password that you signed in with.");
        return HUB_DONE;
    }
    hub_reply_empty(&t->out);
    plt_copy(t->object, sizeof t->object, t->session.name);
    t->write = write_factor; /* of an empty secret */
    return HUB_WRITE;
}

hub_step hub_api_factor_drop(hub_worker *w, hub_task *t)
{
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    const char *password = hub_json_get(o, "password");
    hub_step step = password && strlen(password) <= HUB_PASSWORD_MAX ? drop_factor(w, t, password) : hub_bad_request(t, "password is needed.");
    hub_json_wipe(o);
    return step;
}

/* ---- sessions ---- */

typedef struct session_list {
    plt_buf *out;
    char own[HUB_SESSION_ID];
} session_list;

static bool put_session(void *ctx, const hub_open_session *o)
{
    session_list *l = ctx;
    plt_json_comma(l->out);
    plt_buf_byte(l->out, '{');
    plt_json_text(l->out, "id", o->id);
    plt_json_text(l->out, "address", o->address);
    plt_json_text(l->out, "client", o->client);
    hub_json_time(l->out, "created", o->created);
    hub_json_time(l->out, "last_used", o->last_used);
    plt_json_bool(l->out, "this", strcmp(o->id, l->own) == 0);
    plt_buf_byte(l->out, '}');
    return l->out->status == PLT_OK;
}

hub_step hub_api_sessions(hub_worker *w, hub_task *t)
{
    session_list l = {.out = hub_items_begin(t)};
    plt_hex(l.own, t->token_hash, (HUB_SESSION_ID - 1) / 2);
    return hub_items_end(w, t, w->store->people->sessions(w->store, t->session.name, put_session, &l));
}

static plt_status write_session_end(hub_store *s, hub_task *t, int64_t now)
{
    (void)now;
    plt_status status = s->people->session_end(s, t->session.name, t->in.path_arg[0]);
    if (status == PLT_NOTFOUND) hub_not_there(t, "There is no such session");
    return status;
}

hub_step hub_api_session_end(hub_worker *w, hub_task *t)
{
    (void)w;
    hub_reply_empty(&t->out);
    t->write = write_session_end;
    return HUB_WRITE;
}

/* ---- tokens ---- */

static bool put_token(void *ctx, const hub_token_row *k)
{
    plt_buf *b = ctx;
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    plt_json_text(b, "id", k->id);
    plt_json_text(b, "label", k->label);
    plt_json_text(b, "user", k->name);
    hub_json_rights(b, "rights", k->rights);
    hub_json_time(b, "created", k->created);
    hub_json_time(b, "expires", k->expires);
    hub_json_time(b, "last_used", k->last_used);
    plt_json_bool(b, "revoked", k->revoked);
    plt_buf_byte(b, '}');
    return b->status == PLT_OK;
}

/* One's own; those of everybody in the scope for who manages users. */
static const char *whose(const hub_task *t)
{
    return hub_holds(t->session.rights, HUB_RIGHT_USERS) ? NULL : t->session.name;
}

hub_step hub_api_tokens(hub_worker *w, hub_task *t)
{
    return hub_items_end(w, t, w->store->people->tokens(w->store, t->session.scope, whose(t), put_token, hub_items_begin(t)));
}

static plt_status write_token(hub_store *s, hub_task *t, int64_t now)
{
    (void)now;
    return s->people->token_add(s, &t->change.token, t->new_token_hash);
}

static plt_status make_token(hub_task *t, char bearer[HUB_BEARER_SIZE])
{
    uint8_t tag[4];
    size_t n = sizeof HUB_BEARER - 1;
    memcpy(bearer, HUB_BEARER, n);
    plt_status s = hub_token_make(bearer + n);
    if (s == PLT_OK) s = os_random(tag, sizeof tag);
    if (s != PLT_OK) return s;
    plt_hex(t->change.token.id, tag, sizeof tag);
    hub_token_hash(bearer, t->new_token_hash);
    return PLT_OK;
}

static hub_step add_token(hub_worker *w, hub_task *t, const cJSON *o)
{
    hub_token_row *k = &t->change.token;
    char bearer[HUB_BEARER_SIZE];
    const char *label = hub_json_get(o, "label");
    const cJSON *days = cJSON_GetObjectItemCaseSensitive(o, "days");
    double n = days ? cJSON_GetNumberValue(days) : TOKEN_DAYS;
    if (!label || !*label || strlen(label) >= sizeof k->label) return hub_bad_request(t, "label has 1 to 64 bytes.");
    if (!hub_json_get_rights(o, "rights", &k->rights) || !k->rights) return hub_bad_request(t, "rights is a list of names of your own rights.");
    if (!(n >= 1 && n <= TOKEN_DAYS_MAX)) return hub_bad_request(t, "days is a number from 1 to 3650.");
    if (k->rights & ~t->session.rights) {
        hub_problem(&t->out, 403, "beyond-own", "A token cannot hold more than its owner", NULL, "Leave out the rights that you do not have.");
        return HUB_DONE;
    }
    if (make_token(t, bearer) != PLT_OK) return hub_store_failed(w, t, PLT_IO);
    k->created = os_clock_unix_ms();
    k->expires = k->created + (int64_t)n * DAY_MS;
    plt_copy(k->label, sizeof k->label, label);
    plt_copy(k->name, sizeof k->name, t->session.name);
    plt_copy(t->object, sizeof t->object, k->id);
    plt_copy(t->detail, sizeof t->detail, label);
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_text(b, "{\"item\":");
    put_token(b, k);
    plt_json_text(b, "token", bearer);
    plt_buf_byte(b, '}');
    OPENSSL_cleanse(bearer, sizeof bearer);
    t->write = write_token;
    return HUB_WRITE;
}

hub_step hub_api_token_add(hub_worker *w, hub_task *t)
{
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    hub_step step = add_token(w, t, o);
    cJSON_Delete(o);
    return step;
}

static plt_status write_token_end(hub_store *s, hub_task *t, int64_t now)
{
    (void)now;
    plt_status status = s->people->token_revoke(s, t->session.scope, whose(t), t->in.path_arg[0]);
    if (status == PLT_NOTFOUND) hub_not_there(t, "There is no such token");
    return status;
}

hub_step hub_api_token_revoke(hub_worker *w, hub_task *t)
{
    (void)w;
    hub_reply_empty(&t->out);
    t->write = write_token_end;
    return HUB_WRITE;
}
