/* SPDX-License-Identifier: Apache-2.0 */
/* How messages really go: by libcurl and the machine's clock. */
#include <string.h>

#include "core/util/text.h"
#include "hub/post.h"
#include "os/clock.h"
#include "os/http.h"

#define REPLY_MAX 65536

static plt_status mail(void *ctx, const os_mail_server *server, const char *from, const char *to, const void *message, size_t n, os_mail_result *r)
{
    const hub_post_stop *stop = ctx;
    os_mail_server s = *server;
    if (stop) {
        s.cancelled = stop->asked;
        s.ctx = stop->ctx;
    }
    return os_mail_send(&s, from, to, message, n, HUB_POST_TIMEOUT_MS, r);
}

static plt_status hook(void *ctx, const hub_hook_call *c, int *status, char problem[HUB_REASON_SIZE])
{
    const hub_post_stop *stop = ctx;
    os_http *h;
    os_http_reply r;
    const os_http_trust trust = {
        .ca_pem = *c->ca_pem ? c->ca_pem : NULL, .public_only = !c->local, .cancelled = stop ? stop->asked : NULL, .ctx = stop ? stop->ctx : NULL};
    *status = 0;
    plt_copy(problem, HUB_REASON_SIZE, "out of memory");
    plt_status s = os_http_create(&h, &trust);
    if (s != PLT_OK) return s;
    s = os_http_header(h, c->header) ? PLT_OK : PLT_FULL;
    if (s == PLT_OK) {
        s = os_http_call(h, "POST", c->url, "application/json", NULL, c->body, c->n, REPLY_MAX, HUB_POST_TIMEOUT_MS, &r);
        *status = r.status;
        plt_utf8_copy(problem, HUB_REASON_SIZE, r.problem, strlen(r.problem));
        os_http_reply_free(&r);
    }
    os_http_free(h);
    return s;
}

static int64_t now(void *ctx)
{
    (void)ctx;
    return os_clock_unix_ms();
}

void hub_post_by_curl(hub_post_ways *w, hub_post_stop *stop)
{
    *w = (hub_post_ways){.mail = mail, .hook = hook, .now = now, .ctx = stop};
}
