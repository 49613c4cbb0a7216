/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Event streams (text/event-stream): the console's, which hear of jobs and devices, and the agents', which hear of policies, of orders to read and of
 * leases that are called back. What a reader is owed is a number, not a queue: jobs that come while it is slow are added up, of serials the newest
 * counts; of leases a few are kept, whoever needs more asks again. One that takes nothing for two heartbeats is dropped. A stream ends with its
 * session or its agent's certificate, which are looked at again now and then.
 */
#include <stdio.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/conn.h"
#include "hub/lane.h"
#include "os/clock.h"

#define EVENT "event: %s\ndata: {\"%s\":%lld}\n\n"

static void owe(hub_conn *c)
{
    if (!c->owed_since) c->owed_since = os_clock_mono_ms();
    lws_callback_on_writable(c->wsi);
}

static hub_wait beat_of(const hub_conn *c)
{
    return c->side == HUB_AGENTS ? HUB_WAIT_LIVE_BEAT : HUB_WAIT_BEAT;
}

/* Seconds between two heartbeats. */
static int beat_s(const hub_conn *c)
{
    return c->side == HUB_AGENTS ? HUB_LIVE_BEAT_S : HUB_BEAT_S;
}

bool hub_stream_room(const hub_http *h, hub_side side)
{
    return h->streams[side] < (side == HUB_AGENTS ? HUB_LIVE_SHARE(h->most) : HUB_STREAMS_MAX);
}

void hub_stream_begin(hub_conn *c)
{
    memcpy(c->token, c->task->in.token, sizeof c->token);
    c->route = c->task->in.route;
    c->tenant_id = c->task->policy_tenant;
    c->serial = c->task->policy_serial;
    c->news = c->side == HUB_AGENTS && c->serial; /* what was published while it was away */
    c->order = c->task->order_open;
    hub_task_free(c->task);
    c->task = NULL;
    c->state = HUB_STREAMING;
    if (c->side == HUB_AGENTS) hub_chain_join(c, c->peer.agent); /* it has proved who it is: its address is not counted any more */
    c->http->streams[c->side]++;
    c->beats = 0;
    c->beat = true; /* something at once, so that proxies let the head go */
    owe(c);
    lws_set_timeout(c->wsi, NO_PENDING_TIMEOUT, 0);
    lws_http_headers_detach(c->wsi); /* 10 KiB each, and nobody reads them any more */
    hub_wait_begin(c, beat_of(c));
}

/* Streams wait for their next beat and for nothing else: those of a side are the list of that wait. */
static hub_conn *first_stream(const hub_http *h, hub_wait beat)
{
    return h->waits[beat].first;
}

void hub_streams_tell(hub_http *h, int64_t jobs, int64_t devices)
{
    for (hub_conn *c = first_stream(h, HUB_WAIT_BEAT); c; c = c->wait_next) {
        c->jobs += jobs;
        c->devices += devices;
        owe(c);
    }
}

static void take_news(hub_conn *c, const hub_news *news)
{
    if (news->tenant_id && news->tenant_id != c->tenant_id) return;
    if (*news->lease && c->back_n < HUB_BACK_MOST) {
        plt_copy(c->back[c->back_n++], PLT_LEASE_ID, news->lease); /* beyond that whoever needs it asks again */
    } else if (news->order) {
        c->order = news->order;
    } else if (!*news->lease) {
        c->serial = news->serial;
        c->news = true;
    }
    owe(c);
}

void hub_streams_news(hub_http *h, const hub_news *news)
{
    if (!*news->agent) {
        for (hub_conn *c = first_stream(h, HUB_WAIT_LIVE_BEAT); c; c = c->wait_next) take_news(c, news);
        return;
    }
    for (hub_conn *c = hub_chain_first(h, news->agent); c; c = c->chain_next)
        if (c->state == HUB_STREAMING && c->side == HUB_AGENTS && strcmp(news->agent, c->peer.agent) == 0) take_news(c, news);
}

bool hub_stream_writable(hub_conn *c)
{
    uint8_t *text = c->http->chunk + LWS_PRE;
    int n = 0;
    if (lws_partial_buffered(c->wsi)) return true; /* libwebsockets still holds the last one: nothing is put on top of it */
    if (c->jobs) n = snprintf((char *)text, HUB_CHUNK, EVENT, "jobs", "count", (long long)c->jobs);
    if (c->devices) n += snprintf((char *)text + n, HUB_CHUNK - (size_t)n, EVENT, "devices", "count", (long long)c->devices);
    if (c->news) n += snprintf((char *)text + n, HUB_CHUNK - (size_t)n, EVENT, "policy", "serial", (long long)c->serial);
    for (size_t i = 0; i < c->back_n; i++)
        n += snprintf((char *)text + n, HUB_CHUNK - (size_t)n, "event: lease\ndata: {\"back\":\"%s\"}\n\n", c->back[i]);
    if (c->order) n += snprintf((char *)text + n, HUB_CHUNK - (size_t)n, EVENT, "order", "order", (long long)c->order);
    if (n == 0 && c->beat) n = snprintf((char *)text, HUB_CHUNK, ":\n\n");
    c->jobs = c->devices = c->order = 0;
    c->news = false;
    c->back_n = 0;
    c->beat = false;
    c->owed_since = 0;
    return n == 0 || lws_write(c->wsi, text, (size_t)n, LWS_WRITE_HTTP) >= 0;
}

/* Asks a worker whether the session or the certificate still stands; a worker that has no time is asked the next time. */
static void recheck(hub_conn *c)
{
    hub_task *t = c->check ? NULL : hub_task_new();
    if (!t) return;
    t->conn = c;
    t->work = hub_route_run;
    t->in.route = c->route;
    memcpy(t->in.token, c->token, sizeof t->in.token);
    memcpy(t->in.address, c->address, sizeof t->in.address);
    t->in.peer = c->peer;
    c->check = t;
    if (hub_lane_push(c->http->hub->work, t)) {
        c->http->working++;
        return;
    }
    c->check = NULL;
    hub_task_free(t);
}

bool hub_stream_checked(hub_conn *c, const hub_task *t)
{
    c->check = NULL;
    if (c->side == HUB_AGENTS && t->out.status == 200 && t->policy_serial != c->serial) {
        c->serial = t->policy_serial;
        c->news = true;
        owe(c);
    }
    if (c->side == HUB_AGENTS && t->out.status == 200 && t->order_open) { /* told again: what was told may have been lost */
        c->order = t->order_open;
        owe(c);
    }
    return t->out.status == 200 || t->out.status >= 500;
}

bool hub_stream_beat(hub_conn *c)
{
    if (c->owed_since && os_clock_mono_ms() - c->owed_since > (uint64_t)beat_s(c) * 1000) return false;
    c->beat = true;
    owe(c);
    if (++c->beats % (c->side == HUB_AGENTS ? HUB_LIVE_RECHECK_BEATS : HUB_RECHECK_BEATS) == 0) recheck(c);
    hub_wait_begin(c, beat_of(c));
    return true;
}
