/* SPDX-License-Identifier: Apache-2.0 */
/* What the hub's threads share: finished tasks, the count of new jobs, news of policies and orders, the memory of batches. */
#include "hub/hub.h"

#include <string.h>

#include "core/util/text.h"
#include "hub/once.h"

void hub_done(hub *h, hub_task *t)
{
    /* A batch's memory is not held until the reply has crossed a slow line. */
    hub_batch_free(&t->batch);
    plt_buf_free(&t->plain);
    os_mutex_lock(h->lock);
    hub_once_end_locked(h, t);
    h->batch_memory -= t->weight;
    t->weight = 0;
    t->next = NULL;
    if (h->done_last)
        h->done_last->next = t;
    else
        h->done_first = t;
    h->done_last = t;
    if (h->wake) h->wake(h);
    os_mutex_unlock(h->lock);
}

hub_task *hub_done_take(hub *h, int64_t *new_jobs)
{
    os_mutex_lock(h->lock);
    hub_task *first = h->done_first;
    h->done_first = h->done_last = NULL;
    *new_jobs = h->new_jobs;
    h->new_jobs = 0;
    os_mutex_unlock(h->lock);
    return first;
}

bool hub_batch_memory_take(hub *h, size_t n)
{
    os_mutex_lock(h->lock);
    bool room = h->batch_memory + n <= HUB_BATCH_MEMORY;
    if (room) h->batch_memory += n;
    os_mutex_unlock(h->lock);
    return room;
}

void hub_told_jobs(hub *h, int64_t n)
{
    os_mutex_lock(h->lock);
    h->new_jobs += n;
    if (h->wake) h->wake(h);
    os_mutex_unlock(h->lock);
}

void hub_told_devices(hub *h, int64_t n)
{
    os_mutex_lock(h->lock);
    h->new_devices += n;
    h->facts++;
    if (h->wake) h->wake(h);
    os_mutex_unlock(h->lock);
}

int64_t hub_new_devices_take(hub *h)
{
    os_mutex_lock(h->lock);
    int64_t n = h->new_devices;
    h->new_devices = 0;
    os_mutex_unlock(h->lock);
    return n;
}

void hub_told_rules(hub *h)
{
    os_mutex_lock(h->lock);
    h->rules++;
    os_mutex_unlock(h->lock);
}

void hub_facts(hub *h, uint64_t *facts, uint64_t *rules)
{
    os_mutex_lock(h->lock);
    *facts = h->facts;
    *rules = h->rules;
    os_mutex_unlock(h->lock);
}

static void add_news(hub *h, const hub_news *n)
{
    os_mutex_lock(h->lock);
    bool full = h->news_count == HUB_NEWS;
    if (full && *n->lease) { /* whoever needs it asks again */
        os_mutex_unlock(h->lock);
        return;
    }
    if (full) { /* too many to tell apart: everybody looks */
        h->news[0] = (hub_news){.serial = 0};
        h->news[1] = (hub_news){.order = 1};
        h->news_count = 2;
    }
    h->news[h->news_count++] = *n;
    if (h->wake) h->wake(h);
    os_mutex_unlock(h->lock);
}

void hub_told_policy(hub *h, int64_t tenant_id, int64_t serial)
{
    const hub_news n = {.tenant_id = tenant_id, .serial = serial};
    add_news(h, &n);
}

void hub_told_order(hub *h, int64_t tenant_id, const char *agent, int64_t no)
{
    hub_news n = {.tenant_id = tenant_id, .order = no};
    plt_copy(n.agent, sizeof n.agent, agent);
    add_news(h, &n);
}

void hub_told_lease(hub *h, const char *agent, const char *lease)
{
    hub_news n = {.tenant_id = 0};
    plt_copy(n.agent, sizeof n.agent, agent);
    plt_copy(n.lease, sizeof n.lease, lease);
    add_news(h, &n);
}

size_t hub_news_take(hub *h, hub_news out[HUB_NEWS])
{
    os_mutex_lock(h->lock);
    size_t n = h->news_count;
    memcpy(out, h->news, n * sizeof *out);
    h->news_count = 0;
    os_mutex_unlock(h->lock);
    return n;
}

bool hub_heavy_take(hub *h)
{
    os_mutex_lock(h->lock);
    bool mine = !h->heavy;
    h->heavy = true;
    os_mutex_unlock(h->lock);
    return mine;
}

void hub_heavy_give(hub *h)
{
    os_mutex_lock(h->lock);
    h->heavy = false;
    os_mutex_unlock(h->lock);
}
