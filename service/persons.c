/* SPDX-License-Identifier: Apache-2.0 */
/* A small table. The operating system is asked without its lock. */
#include "service/persons.h"

#include <stdlib.h>
#include <string.h>

#include "core/policy/policy.h"
#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/log.h"
#include "os/thread.h"

#define MOST 128
#define KNOWN_MS 3600000
#define NOT_HERE_MS 60000

typedef struct person {
    char user[256]; /* "": a free place */
    persons_word word;
    uint64_t until; /* monotonic ms */
    plt_buf groups;
} person;

struct persons {
    os_mutex *lock;
    plt_status (*ask)(const char *user, plt_buf *out);
    person at[MOST];
};

persons *persons_create(plt_status (*ask)(const char *user, plt_buf *out))
{
    persons *p = calloc(1, sizeof *p);
    if (!p) return NULL;
    p->ask = ask;
    p->lock = os_mutex_create();
    for (size_t i = 0; i < MOST; i++) plt_buf_init(&p->at[i].groups, PLT_POLICY_LIST_MAX);
    if (p->lock) return p;
    free(p);
    return NULL;
}

void persons_free(persons *p)
{
    if (!p) return;
    for (size_t i = 0; i < MOST; i++) plt_buf_free(&p->at[i].groups);
    os_mutex_free(p->lock);
    free(p);
}

static person *find_locked(persons *p, const char *user)
{
    for (size_t i = 0; i < MOST; i++)
        if (*user && plt_same(p->at[i].user, user)) return &p->at[i];
    return NULL;
}

persons_word persons_groups(persons *p, const char *user, plt_buf *out)
{
    persons_word word = PERSONS_UNASKED;
    plt_buf_clear(out);
    os_mutex_lock(p->lock);
    const person *k = find_locked(p, user);
    if (k && os_clock_mono_ms() < k->until) word = k->word;
    if (word == PERSONS_KNOWN) plt_buf_add(out, k->groups.data, k->groups.len);
    os_mutex_unlock(p->lock);
    return out->status == PLT_OK ? word : PERSONS_UNASKED;
}

/* A free place, or that which is asked anew first. */
static person *place_locked(persons *p)
{
    person *k = &p->at[0];
    for (size_t i = 1; i < MOST && *k->user; i++)
        if (!*p->at[i].user || p->at[i].until < k->until) k = &p->at[i];
    return k;
}

static void keep(persons *p, const char *user, persons_word word, const plt_buf *groups)
{
    os_mutex_lock(p->lock);
    person *k = find_locked(p, user);
    if (!k) k = place_locked(p);
    if (plt_copy(k->user, sizeof k->user, user)) {
        k->word = word;
        k->until = os_clock_mono_ms() + (word == PERSONS_KNOWN ? KNOWN_MS : NOT_HERE_MS);
        plt_buf_clear(&k->groups);
        plt_buf_add(&k->groups, groups->data, groups->len);
        if (k->groups.status != PLT_OK) k->until = 0;
    }
    os_mutex_unlock(p->lock);
}

persons_word persons_ask(persons *p, const char *user, plt_buf *out)
{
    persons_word word = persons_groups(p, user, out);
    if (word != PERSONS_UNASKED || !*user) return word;
    plt_status s = p->ask(user, out);
    word = s == PLT_OK ? PERSONS_KNOWN : PERSONS_NOT_HERE;
    if (s != PLT_OK) os_log(OS_LOG_DEBUG, "groups of this PC: %s", os_error_text());
    if (s != PLT_OK) plt_buf_clear(out);
    keep(p, user, word, out);
    return word;
}

void persons_forget(persons *p, const char *user)
{
    os_mutex_lock(p->lock);
    const char *behind = strrchr(user, '\\');
    for (size_t i = 0; i < MOST; i++) {
        person *k = &p->at[i];
        const char *theirs = strrchr(k->user, '\\');
        if (*k->user && plt_same(theirs ? theirs + 1 : k->user, behind ? behind + 1 : user)) k->user[0] = 0;
    }
    os_mutex_unlock(p->lock);
}
