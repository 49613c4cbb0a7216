/* SPDX-License-Identifier: Apache-2.0 */
/* Wrapping and unwrapping queues. It must never leave a queue without a port: the new port exists before the queue moves, the old one is never
 * deleted. */
#include "service/queues.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "os/config.h"
#include "os/error.h"
#include "os/spooler.h"

#define PREFIX "Platen:"
#define MAX_QUEUES 512

/* Ports whose jobs are files for a person, or belong to software that looks at them itself. */
static const char *const not_wrapped[] = {"FILE:*",  "PORTPROMPT:*", "NUL:*", "XPSPort:*", "SHRFAX:*", "FAX*", "WSD*", "IPP*", "http:*",
                                          "https:*", "CUPS:*",       "LPR:*", "|*",        "*,*",      "TS0*", "nul",  ""};

bool queues_port_wrappable(const char *port)
{
    if (strncmp(port, PREFIX, sizeof PREFIX - 1) == 0) return false;
    for (size_t i = 0; i < sizeof not_wrapped / sizeof *not_wrapped; i++)
        if (plt_glob(not_wrapped[i], port)) return false;
    return true;
}

/* A registry key's name: no backslash. */
static bool our_port_name(char *out, size_t size, const char *port)
{
    bool fits = (size_t)snprintf(out, size, PREFIX "%s", port) < size;
    for (char *p = out; *p; p++)
        if (*p == '\\') *p = '/';
    return fits;
}

typedef struct find_queue {
    const char *name;
    os_queue *out;
    bool found;
} find_queue;

static bool match_queue(void *ctx, const os_queue *q)
{
    find_queue *f = ctx;
    if (!plt_same(q->name, f->name)) return true;
    *f->out = *q;
    f->found = true;
    return false;
}

static plt_status find(const char *name, os_queue *out)
{
    find_queue f = {.name = name, .out = out};
    plt_status s = os_spooler_queues(match_queue, &f);
    return s != PLT_OK || f.found ? s : os_fail_as(PLT_NOTFOUND, "find the queue", name);
}

typedef struct find_port {
    const char *name;
    char target[512];
    bool found;
} find_port;

static bool match_port(void *ctx, const char *port, const char *target, bool refuse)
{
    find_port *f = ctx;
    (void)refuse;
    if (!plt_same(port, f->name)) return true;
    plt_copy(f->target, sizeof f->target, target);
    f->found = true;
    return false;
}

static bool ours(const char *port, find_port *f)
{
    memset(f, 0, sizeof *f);
    f->name = port;
    return os_spooler_ports(match_port, f) == PLT_OK && f->found;
}

static bool original_key(char *out, size_t size, const char *queue)
{
    return (size_t)snprintf(out, size, "Original:%s", queue) < size;
}

plt_status queues_wrap(const char *data_dir, const char *queue, const char *target, bool refuse, char words[QUEUES_WORDS])
{
    os_queue q;
    find_port f;
    char port[OS_PORT_NAME_MAX], own_target[OS_PORT_NAME_MAX + 8], key[OS_QUEUE_NAME_MAX + 16];
    words[0] = 0;
    plt_status s = find(queue, &q);
    if (s == PLT_OK && ours(q.port, &f)) {
        snprintf(words, QUEUES_WORDS, "%.200s prints through %.200s already", q.name, q.port);
        return PLT_EXISTS;
    }
    if (s == PLT_OK && !target && !queues_port_wrappable(q.port)) {
        snprintf(words, QUEUES_WORDS, "%.200s stays on %.200s: jobs for such a port cannot be passed on", q.name, q.port);
        return PLT_UNSUPPORTED;
    }
    if (s == PLT_OK && (!our_port_name(port, sizeof port, target ? queue : q.port) || !original_key(key, sizeof key, q.name)))
        s = os_fail_as(PLT_BAD, "name a port for", queue);
    snprintf(own_target, sizeof own_target, "port:%s", s == PLT_OK ? q.port : "");
    if (s == PLT_OK) s = os_spooler_port_add(port, target ? target : own_target, refuse);
    if (s == PLT_OK) s = os_config_set(data_dir, key, q.port);
    if (s == PLT_OK) s = os_spooler_queue_set_port(q.name, port);
    if (s != PLT_OK)
        snprintf(words, QUEUES_WORDS, "%.200s could not be moved: %.250s", queue, os_error_text());
    else
        snprintf(words, QUEUES_WORDS, "%.150s: from %.150s to %.150s", q.name, q.port, port);
    return s;
}

plt_status queues_unwrap(const char *data_dir, const char *queue, char words[QUEUES_WORDS])
{
    os_queue q;
    find_port f;
    char original[OS_PORT_NAME_MAX] = "", key[OS_QUEUE_NAME_MAX + 16];
    words[0] = 0;
    plt_status s = find(queue, &q);
    if (s == PLT_OK && !ours(q.port, &f)) {
        snprintf(words, QUEUES_WORDS, "%.200s does not print through Platen", q.name);
        return PLT_NOTFOUND;
    }
    if (s == PLT_OK && !original_key(key, sizeof key, q.name)) s = os_fail_as(PLT_BAD, "name the setting for", queue);
    if (s == PLT_OK && os_config_get(data_dir, key, original, sizeof original) != PLT_OK) {
        if (strncmp(f.target, "port:", 5) == 0)
            plt_copy(original, sizeof original, f.target + 5);
        else
            s = os_fail_as(PLT_NOTFOUND, "find the port that was there before for", queue);
    }
    if (s == PLT_OK) s = os_spooler_queue_set_port(q.name, original);
    if (s == PLT_OK) {
        os_config_delete(data_dir, key);
        os_spooler_port_delete(q.port); /* refused, and kept, while another queue uses it */
    }
    if (s != PLT_OK)
        snprintf(words, QUEUES_WORDS, "%.200s keeps its Platen port: %.250s", queue, os_error_text());
    else
        snprintf(words, QUEUES_WORDS, "%.150s: from %.150s back to %.150s", q.name, q.port, original);
    return s;
}

typedef struct names {
    char (*list)[OS_QUEUE_NAME_MAX];
    size_t n;
    bool wrapped; /* which ones are wanted */
} names;

static bool collect(void *ctx, const os_queue *q)
{
    names *l = ctx;
    find_port f;
    bool is_ours = ours(q->port, &f);
    if (is_ours != l->wrapped || (!is_ours && !queues_port_wrappable(q->port))) return true;
    plt_copy(l->list[l->n], OS_QUEUE_NAME_MAX, q->name);
    return ++l->n < MAX_QUEUES;
}

/* The list is made first: a queue that moves while the spooler lists them could be seen twice. */
static int each(const char *data_dir, bool unwrap, void (*say)(void *, bool, const char *), void *ctx)
{
    int failed = 0;
    names l = {.wrapped = unwrap, .list = calloc(MAX_QUEUES, OS_QUEUE_NAME_MAX)};
    plt_status s = l.list ? os_spooler_queues(collect, &l) : PLT_NOMEM;
    if (s != PLT_OK) {
        say(ctx, true, s == PLT_NOMEM ? "out of memory" : os_error_text());
        failed++;
    }
    for (size_t i = 0; i < l.n; i++) {
        char words[QUEUES_WORDS];
        s = unwrap ? queues_unwrap(data_dir, l.list[i], words) : queues_wrap(data_dir, l.list[i], NULL, false, words);
        if (s != PLT_OK) failed++;
        say(ctx, s != PLT_OK, words);
    }
    free(l.list);
    return failed;
}

int queues_wrap_all(const char *data_dir, void (*say)(void *, bool, const char *), void *ctx)
{
    return each(data_dir, false, say, ctx);
}

int queues_unwrap_all(const char *data_dir, void (*say)(void *, bool, const char *), void *ctx)
{
    return each(data_dir, true, say, ctx);
}
