/* SPDX-License-Identifier: Apache-2.0 */
/* Changes that are made once. It must never let the answer of one caller, or of another request, out to somebody else. */
#include "hub/once.h"

#include <string.h>

#include <openssl/crypto.h>
#include <openssl/hmac.h>

#include "core/util/text.h"
#include "hub/handler.h"
#include "hub/routes.h"
#include "hub/seal.h"
#include "os/clock.h"

#define LIVES_MS (24 * 3600 * (int64_t)1000)
#define KEPT_MAX 16384 /* bytes of an answer */
#define KEYS_MAX 10000 /* of a tenant, in a day */
#define ADDRESS_MAX 16384

/* The header is a string of RFC 8941, in quotes; programs that send it bare are understood, too. */
static bool read_key(const char *v, char out[HUB_ONCE_KEY])
{
    size_t n = strlen(v);
    if (n >= 2 && v[0] == '"' && v[n - 1] == '"') {
        v++;
        n -= 2;
    }
    if (n == 0 || n >= HUB_ONCE_KEY) return false;
    for (size_t i = 0; i < n; i++)
        if (v[i] <= 0x20 || v[i] >= 0x7F || v[i] == '"' || v[i] == '\\') return false;
    memcpy(out, v, n);
    out[n] = 0;
    return true;
}

/* What the request is: its method, its address and its body. With a key of the hub's, for bodies may hold passwords. */
static plt_status print_of(const hub *h, const hub_task *t, uint8_t out[32])
{
    uint8_t key[HUB_SEAL_KEY];
    unsigned n = 0;
    plt_buf all;
    plt_buf_init(&all, t->in.body.len + ADDRESS_MAX);
    plt_buf_add(&all, t->in.route->method, strlen(t->in.route->method) + 1);
    plt_buf_add(&all, t->in.route->path, strlen(t->in.route->path) + 1);
    for (size_t i = 0; i < HUB_PATH_ARGS; i++) plt_buf_add(&all, t->in.path_arg[i], strlen(t->in.path_arg[i]) + 1);
    for (size_t i = 0; i < t->in.query_args; i++) plt_buf_add(&all, t->in.query_arg[i], strlen(t->in.query_arg[i]) + 1);
    plt_buf_byte(&all, 0);
    plt_buf_add(&all, t->in.body.data, t->in.body.len);
    plt_status s = all.status == PLT_OK ? hub_seal_key(h->ca, "platen once 1", key) : all.status;
    if (s == PLT_OK && !HMAC(EVP_sha256(), key, sizeof key, all.data, all.len, out, &n)) s = PLT_IO;
    OPENSSL_cleanse(key, sizeof key);
    plt_buf_free_secret(&all);
    return s;
}

static void said(hub_task *t, int status, const char *type, const char *title, const char *detail, const char *remedy)
{
    hub_problem(&t->out, status, type, title, detail, remedy);
}

/* ---- under way ---- */

static bool same_key(const hub_once *a, const hub_once *b)
{
    return a->scope == b->scope && strcmp(a->key, b->key) == 0 && strcmp(a->who, b->who) == 0 && strcmp(a->how, b->how) == 0;
}

/* False when another request of this hub has the key. */
static bool take_key(hub *h, hub_task *t)
{
    os_mutex_lock(h->lock);
    const hub_task *other = h->once;
    while (other && !same_key(&other->once, &t->once)) other = other->once.next;
    if (!other) {
        t->once.next = h->once;
        t->once.under_way = true;
        h->once = t;
    }
    os_mutex_unlock(h->lock);
    return !other;
}

void hub_once_end_locked(hub *h, hub_task *t)
{
    if (!t->once.under_way) return;
    hub_task **at = &h->once;
    while (*at && *at != t) at = &(*at)->once.next;
    if (*at) *at = t->once.next;
    t->once.under_way = false;
}

/* ---- answers ---- */

static void give_again(hub_task *t, const hub_answer *a)
{
    t->after = NULL;
    if (memcmp(a->print, t->once.print, sizeof a->print) != 0) {
        said(t, 422, "key-used", "The Idempotency-Key was used for another request", "A key stands for one request, with its address and body.",
             "Make a new key for each request; send the same one only to ask for the same again.");
    } else if (!a->kept) {
        said(t, 409, "answer-not-kept", "This was done before, and its answer is not kept",
             "The answer had a secret that is shown once, or was larger than 16 KiB. Nothing was done a second time.",
             "Look at the list: what the first request made is there. Who has not got its secret removes it and makes another one, with a new key.");
    } else {
        if (a->n)
            plt_buf_add(hub_reply_json(&t->out), a->body, a->n);
        else
            hub_reply_empty(&t->out);
        t->out.status = a->status;
        t->out.again = true;
    }
}

typedef struct giving {
    hub_task *t;
    bool found;
} giving;

static void take_answer(void *ctx, const hub_answer *a)
{
    giving *g = ctx;
    give_again(g->t, a);
    g->found = true;
}

static plt_status look_up(hub_store *s, hub_task *t, int64_t now)
{
    giving g = {.t = t};
    plt_status status = s->ops->answer_get(s, &t->once, now - LIVES_MS, take_answer, &g);
    return status == PLT_OK && !g.found ? PLT_NOTFOUND : status;
}

bool hub_once_begin(hub_worker *w, hub_task *t)
{
    hub_once *o = &t->once;
    if (!read_key(t->in.once, o->key)) {
        *o->key = 0;
        said(t, 400, "bad-key", "The Idempotency-Key cannot be used",
             "It has 1 to 128 printable ASCII characters, without blanks, quotes inside and \\.", "Send a fresh UUID.");
        return false;
    }
    o->scope = t->session.scope;
    plt_copy(o->who, sizeof o->who, t->session.name);
    plt_copy(o->how, sizeof o->how, *t->session.token_id ? t->session.token_id : "session");
    plt_status s = print_of(w->hub, t, o->print);
    if (s == PLT_OK && !take_key(w->hub, t)) {
        said(t, 409, "under-way", "A request with this Idempotency-Key is under way", NULL, "Send it again in a moment, with the same key.");
        t->out.retry_after = 1;
        return false;
    }
    if (s == PLT_OK) s = look_up(w->store, t, os_clock_unix_ms());
    if (s != PLT_OK && s != PLT_NOTFOUND) hub_store_failed(w, t, s);
    return s == PLT_NOTFOUND;
}

plt_status hub_once_before(hub_store *s, hub_task *t, int64_t now)
{
    if (!*t->once.key) return PLT_NOTFOUND;
    int64_t keys = 0;
    plt_status status = look_up(s, t, now);
    if (status != PLT_NOTFOUND) return status;
    status = s->ops->answer_count(s, t->once.scope, now - LIVES_MS, &keys);
    if (status != PLT_OK || keys < KEYS_MAX) return status == PLT_OK ? PLT_NOTFOUND : status;
    said(t, 429, "too-many-keys", "There are 10,000 keys of the last day, which is the most", "Nothing was done.",
         "Send it without Idempotency-Key, or wait: a key is kept for a day.");
    t->out.retry_after = 3600;
    t->after = NULL;
    return PLT_OK;
}

plt_status hub_once_after(hub_store *s, hub_task *t, int64_t now)
{
    if (!*t->once.key || t->out.status >= 400) return PLT_OK;
    const hub_reply *r = &t->out;
    bool plain = !r->fixed && !r->location.len && !*r->cookie && (!r->type || strcmp(r->type, "application/json") == 0);
    hub_answer a = {.status = r->status, .kept = plain && !t->in.route->secret && r->body.len <= KEPT_MAX};
    memcpy(a.print, t->once.print, sizeof a.print);
    if (a.kept) {
        a.body = plt_buf_str(&r->body);
        a.n = r->body.len;
    }
    return s->ops->answer_put(s, &t->once, &a, now);
}
