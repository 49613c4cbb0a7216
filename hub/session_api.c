/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signing in and out, passwords. A wrong name costs exactly what a wrong password costs, and answers the same words. A
 * password is never logged; a name that nobody has is not either, for it may be a password in the wrong field.
 */
#include "hub/session_api.h"

#include <string.h>

#include <openssl/crypto.h>

#include "core/util/text.h"
#include "hub/handler.h"
#include "hub/people.h"
#include "hub/session.h"
#include "hub/totp.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/log.h"

static hub_step refuse_body(hub_task *t, const char *detail)
{
    hub_problem(&t->out, 400, "malformed", "The request cannot be read", detail, "Load the console again.");
    return HUB_DONE;
}

static hub_step wait_longer(hub_task *t, int seconds)
{
    hub_problem(&t->out, 429, "too-many-tries", "Too many wrong passwords", NULL, "Wait a moment, then try again.");
    t->out.retry_after = seconds;
    return HUB_DONE;
}

static void describe(hub_task *t, const hub_person *p, const char *token)
{
    char csrf[HUB_TOKEN_SIZE];
    hub_token_csrf(token, csrf);
    plt_buf *b = hub_reply_json(&t->out);
    plt_buf_text(b, "{\"user\":{");
    plt_json_text(b, "name", p->name);
    plt_json_text(b, "role", p->role);
    plt_json_text(b, "tenant", p->tenant);
    plt_json_bool(b, "second_factor", p->second_factor);
    hub_json_rights(b, "rights", p->rights);
    plt_buf_byte(b, '}');
    plt_json_text(b, "csrf", csrf);
    plt_json_bool(b, "must_change_password", p->must_change);
    plt_buf_byte(b, '}');
}

hub_step hub_api_session(hub_worker *w, hub_task *t)
{
    hub_person p;
    plt_status s = w->store->people->person(w->store, t->session.name, &p);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    describe(t, &p, t->in.token);
    return HUB_DONE;
}

plt_status hub_session_make(hub_task *t, char token[HUB_TOKEN_SIZE])
{
    plt_status s = hub_token_make(token);
    if (s == PLT_OK) hub_token_hash(token, t->new_token_hash);
    return s;
}

static void refuse_code(hub_task *t)
{
    t->out.cookie[0] = 0;
    hub_problem(&t->out, 401, "wrong-code", "The code is wrong, or was used already", NULL,
                "Type the code that the authenticator shows now, or a recovery code.");
}

plt_status hub_session_write(hub_store *s, hub_task *t, int64_t now)
{
    /* A browser that signs in anew leaves its old session behind. */
    if (*t->in.token) {
        hub_token_hash(t->in.token, t->token_hash);
        plt_status status = s->ops->session_drop(s, t->token_hash);
        if (status != PLT_OK) return status;
    }
    plt_status status = s->ops->session_purge(s, now - HUB_SESSION_IDLE_MS, now - HUB_SESSION_LIFE_MS);
    if (status == PLT_OK && t->change.step) status = s->people->factor_use(s, t->account.name, t->change.step);
    if (status == PLT_OK && t->change.code_count) status = s->people->recovery_use(s, t->account.name, t->change.codes[0]);
    if (status == PLT_DENIED) { /* somebody used it in between */
        refuse_code(t);
        return status;
    }
    if (status == PLT_OK) status = s->people->signed_in(s, t->account.name, now);
    return status == PLT_OK ? s->ops->session_add(s, t->new_token_hash, t->account.name, t->in.address, t->in.client, now) : status;
}

static void log_sign_in(hub_task *t)
{
    os_log(OS_LOG_INFO, "%s signed in from %s", t->account.name, t->in.address);
}

typedef enum factor_verdict { FACTOR_PASSED, FACTOR_MISSING, FACTOR_WRONG } factor_verdict;

/* The second factor, where the account has one: what is to be used up is noted in the task's change. A recovery code is looked
   for when the session is written. */
static factor_verdict second_factor(hub_task *t, const hub_factor *f, const char *code, int64_t now)
{
    uint8_t secret[HUB_TOTP_SECRET];
    if (!*f->secret) return FACTOR_PASSED;
    if (!code || !*code) return FACTOR_MISSING;
    if (!hub_totp_read(f->secret, secret)) return FACTOR_WRONG;
    bool right = hub_totp_check(secret, now, f->last_step, code, &t->change.step);
    OPENSSL_cleanse(secret, sizeof secret);
    if (right) return FACTOR_PASSED;
    if (strlen(code) < HUB_RECOVERY_SIZE - 2 || !f->codes_left) return FACTOR_WRONG;
    hub_recovery_hash(code, t->change.codes[0]);
    t->change.code_count = 1;
    return FACTOR_PASSED;
}

static hub_step refuse_password(hub_task *t, bool known)
{
    os_log(OS_LOG_WARN, "sign-in from %s refused: %s", t->in.address, known ? t->account.name : "no such account");
    hub_problem(&t->out, 401, "wrong-password", "The name or the password is wrong", NULL, "Try again, or ask an administrator for a new password.");
    return HUB_DONE;
}

static hub_step sign_in(hub_worker *w, hub_task *t, const char *name, const char *password, const char *code)
{
    hub_factor factor;
    hub_person person;
    hub_throttle *throttle = w->hub->throttle;
    int64_t now = os_clock_unix_ms();
    char token[HUB_TOKEN_SIZE];
    int wait = hub_throttle_wait(throttle, name, t->in.address, now);
    if (wait) return wait_longer(t, wait);
    plt_status s = w->store->ops->account_find(w->store, name, &t->account);
    if (s != PLT_OK && s != PLT_NOTFOUND) return hub_store_failed(w, t, s);
    bool known = s == PLT_OK && !t->account.disabled;
    bool right = known ? hub_password_verify(password, t->account.password) : hub_password_waste(password);
    if (right) {
        s = w->store->people->factor(w->store, t->account.name, &factor);
        if (s == PLT_OK) s = w->store->people->person(w->store, t->account.name, &person);
        if (s != PLT_OK) return hub_store_failed(w, t, s);
    }
    factor_verdict v = right ? second_factor(t, &factor, code, now) : FACTOR_WRONG;
    if (v == FACTOR_MISSING) {
        hub_problem(&t->out, 401, "code-required", "A code is needed, too", NULL, "Type the code that the authenticator shows, or a recovery code.");
        return HUB_DONE;
    }
    if (v == FACTOR_WRONG) {
        hub_throttle_failed(throttle, name, t->in.address, now);
        if (!right) return refuse_password(t, known);
        refuse_code(t);
        return HUB_DONE;
    }
    /* A recovery code is not known to be right yet: what counts as a failure until then is counted once too often, never too seldom. */
    if (t->change.code_count)
        hub_throttle_failed(throttle, name, t->in.address, now);
    else
        hub_throttle_passed(throttle, name, t->in.address, now);
    if (hub_session_make(t, token) != PLT_OK) return hub_store_failed(w, t, PLT_IO);
    describe(t, &person, token);
    hub_token_cookie(token, t->out.cookie, sizeof t->out.cookie);
    t->write = hub_session_write;
    t->after = log_sign_in;
    return HUB_WRITE;
}

hub_step hub_api_sign_in(hub_worker *w, hub_task *t)
{
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    const char *name = hub_json_get(o, "name"), *password = hub_json_get(o, "password");
    hub_step step = HUB_DONE;
    if (!name || !password || strlen(name) >= HUB_NAME_SIZE || strlen(password) > HUB_PASSWORD_MAX)
        refuse_body(t, "The body is no JSON object with name and password.");
    else
        step = sign_in(w, t, name, password, hub_json_get(o, "code"));
    hub_json_wipe(o);
    return step;
}

static void log_sign_out(hub_task *t)
{
    os_log(OS_LOG_INFO, "%s signed out", t->session.name);
}

static plt_status write_sign_out(hub_store *s, hub_task *t, int64_t now)
{
    (void)now;
    return s->ops->session_drop(s, t->token_hash);
}

hub_step hub_api_sign_out(hub_worker *w, hub_task *t)
{
    (void)w;
    hub_reply_empty(&t->out);
    hub_token_cookie("", t->out.cookie, sizeof t->out.cookie);
    t->write = write_sign_out;
    t->after = log_sign_out;
    return HUB_WRITE;
}

/* The other sessions of the account end with its old password. */
static plt_status write_password(hub_store *s, hub_task *t, int64_t now)
{
    plt_status status = s->ops->account_put(s, &t->account, now);
    return status == PLT_OK ? s->ops->session_drop_all(s, t->account.name, t->token_hash) : status;
}

/* The first start's file holds a password that has just died. */
static void forget_first_login(hub_task *t)
{
    os_log(OS_LOG_INFO, "%s changed the password", t->account.name);
    if (*t->first_login && os_file_exists(t->first_login)) os_file_remove(t->first_login);
}

static hub_step change_password(hub_worker *w, hub_task *t, const char *old, const char *wanted)
{
    hub_throttle *throttle = w->hub->throttle;
    int64_t now = os_clock_unix_ms();
    const char *fault = hub_password_fault(wanted);
    int wait = hub_throttle_wait(throttle, t->session.name, t->in.address, now);
    if (wait) return wait_longer(t, wait);
    plt_status s = w->store->ops->account_find(w->store, t->session.name, &t->account);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    if (!hub_password_verify(old, t->account.password)) {
        hub_throttle_failed(throttle, t->session.name, t->in.address, now);
        hub_problem(&t->out, 401, "wrong-password", "The old password is wrong", NULL, "Type the password that you signed in with.");
        return HUB_DONE;
    }
    if (!fault && strcmp(old, wanted) == 0) fault = "The new password is the old one.";
    if (fault) {
        hub_problem(&t->out, 400, "weak-password", "The new password is not accepted", fault, "Choose another one, of 12 characters or more.");
        return HUB_DONE;
    }
    s = hub_password_hash(wanted, t->account.password);
    if (s != PLT_OK) return hub_store_failed(w, t, s);
    if (!t->account.must_change || !os_path_join(t->first_login, sizeof t->first_login, w->hub->data_dir, HUB_FIRST_LOGIN)) t->first_login[0] = 0;
    t->account.must_change = false;
    hub_reply_empty(&t->out);
    t->write = write_password;
    t->after = forget_first_login;
    return HUB_WRITE;
}

hub_step hub_api_password(hub_worker *w, hub_task *t)
{
    cJSON *o = hub_json_read(plt_buf_str(&t->in.body), t->in.body.len);
    const char *old = hub_json_get(o, "old"), *wanted = hub_json_get(o, "new");
    hub_step step = HUB_DONE;
    if (!old || !wanted || strlen(old) > HUB_PASSWORD_MAX)
        refuse_body(t, "The body is no JSON object with old and new.");
    else
        step = change_password(w, t, old, wanted);
    hub_json_wipe(o);
    return step;
}

plt_status hub_account_reset(hub_store *s, const char *name, int64_t now, char password[24])
{
    hub_account a = {.must_change = true};
    hub_person p;
    plt_status status = s->ops->account_find(s, name, &a);
    if (status == PLT_NOTFOUND) {
        plt_copy(a.name, sizeof a.name, name);
        plt_copy(a.role, sizeof a.role, "administrator");
        status = PLT_OK;
    }
    a.must_change = true;
    if (status == PLT_OK) status = hub_password_one_time(password);
    if (status == PLT_OK) status = hub_password_hash(password, a.password);
    if (status == PLT_OK) status = s->ops->account_put(s, &a, now);
    if (status == PLT_OK) status = s->people->factor_put(s, a.name, "", 0, NULL, 0);
    if (status == PLT_OK) status = s->people->person(s, a.name, &p);
    p.disabled = false;
    if (status == PLT_OK) status = s->people->person_change(s, &p);
    return status == PLT_OK ? s->ops->session_drop_all(s, a.name, NULL) : status;
}
