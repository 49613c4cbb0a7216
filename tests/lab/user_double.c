/* SPDX-License-Identifier: Apache-2.0 */
/* Plays the service on the users' pipe. A connection that has sent WATCH is written to only, so that one thread uses it. */
#include "tests/lab/user_double.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/frame.h"
#include "core/util/text.h"
#include "os/clock.h"
#include "os/pipe.h"
#include "os/thread.h"

#define LINE 2048
#define ITEMS 200
#define CONNECTIONS 16
#define SENT 512 /* frames to watchers in the life of a double */

typedef struct items {
    char lines[ITEMS][LINE];
    size_t count;
} items;

typedef struct sent {
    uint8_t *bytes;
    size_t n;
} sent;

struct user_double {
    os_pipe_server *server;
    os_thread *acceptor;
    os_mutex *lock;
    os_cond *changed;
    os_pipe *connections[CONNECTIONS];
    unsigned live, drops;
    bool stop, deaf;
    char status[LINE], error[LINE], pin[32], printers[LINE];
    bool soon;
    items asks, jobs, accounts, balances;
    sent sent[SENT];
    size_t sent_count;
    void (*log)(void *to, const char *line);
    void *to;
};

typedef struct connection {
    user_double *d;
    size_t slot;
    size_t next; /* of d->sent, once it watches */
} connection;

/* -- fields */

static const struct {
    const char *name;
    plt_tag tag;
    char kind; /* n number, t text, u uid */
} fields[] = {
    {"state", PLT_T_STATE, 'n'},     {"queued", PLT_T_QUEUED, 'n'},   {"records", PLT_T_RECORDS, 'n'},  {"lastsync", PLT_T_LASTSYNC, 'n'},
    {"ended", PLT_T_ENDED, 'n'},     {"pages", PLT_T_PAGES, 'n'},     {"hub", PLT_T_HUB, 't'},          {"agent", PLT_T_AGENT, 't'},
    {"version", PLT_T_VERSION, 't'}, {"message", PLT_T_MESSAGE, 't'}, {"why", PLT_T_WHY, 't'},          {"document", PLT_T_DOCUMENT, 't'},
    {"queue", PLT_T_QUEUE, 't'},     {"outcome", PLT_T_OUTCOME, 't'}, {"jobs", PLT_T_JOBS, 'n'},        {"uid", PLT_T_UID, 'u'},
    {"asks", PLT_T_ASKS, 'n'},       {"seconds", PLT_T_SECONDS, 'n'}, {"silence", PLT_T_SILENCE, 'n'},  {"rule", PLT_T_RULE, 't'},
    {"copies", PLT_T_COPIES, 'n'},   {"sheets", PLT_T_SHEETS, 'n'},   {"color", PLT_T_COLORPAGES, 'n'}, {"impressions", PLT_T_IMPRESSIONS, 'n'},
    {"duplex", PLT_T_DUPLEX, 'n'},   {"cost", PLT_T_COST, 't'},       {"wanted", PLT_T_WANTED, 'n'},    {"required", PLT_T_REQUIRED, 'n'},
    {"pin", PLT_T_PIN, 'n'},         {"account", PLT_T_ACCOUNT, 't'}, {"name", PLT_T_NAME, 't'},        {"kind", PLT_T_KIND, 'n'},
    {"flags", PLT_T_FLAGS, 'n'},     {"begun", PLT_T_BEGUN, 'n'},     {"until", PLT_T_UNTIL, 'n'},      {"used", PLT_T_USED, 'n'},
    {"limit", PLT_T_LIMIT, 'n'},     {"unit", PLT_T_UNIT, 't'},       {"code", PLT_T_CODE, 'n'},        {"printers", PLT_T_PRINTERS, 'n'},
    {"busy", PLT_T_BUSY, 'n'},
};

/* "now", "now+600": seconds from now, in Unix ms. */
static uint64_t number(const char *text)
{
    if (strncmp(text, "now", 3) != 0) return strtoull(text, NULL, 10);
    return (uint64_t)os_clock_unix_ms() + (uint64_t)(strtoll(text + 3, NULL, 10) * 1000);
}

static void uid_of(uint8_t uid[PLT_UID_SIZE], const char *text)
{
    memset(uid, 0, PLT_UID_SIZE);
    uid[PLT_UID_SIZE - 1] = (uint8_t)strtoul(text, NULL, 10);
}

static void put_field(plt_frame_builder *b, const char *name, const char *value)
{
    uint8_t uid[PLT_UID_SIZE];
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++) {
        if (strcmp(fields[i].name, name) != 0) continue;
        uid_of(uid, value);
        if (fields[i].kind == 'n') plt_frame_u64(b, fields[i].tag, number(value));
        if (fields[i].kind == 't') plt_frame_text(b, fields[i].tag, value);
        if (fields[i].kind == 'u') plt_frame_bytes(b, fields[i].tag, uid, sizeof uid);
    }
}

/* The value of a line's field in a buffer of LINE bytes; "" when it has none. */
static const char *value_of(const char *line, const char *name, char out[LINE])
{
    size_t n = strlen(name);
    out[0] = 0;
    for (const char *p = strchr(line, '|'); p; p = strchr(p + 1, '|'))
        if (strncmp(p + 1, name, n) == 0 && p[1 + n] == '=') snprintf(out, LINE, "%.*s", (int)strcspn(p + 2 + n, "|"), p + 2 + n);
    return out;
}

static size_t frame_of(const char *line, plt_frame_type type, uint8_t *out, size_t cap)
{
    char copy[LINE];
    plt_frame_builder b;
    plt_frame_begin(&b, out, cap, type);
    snprintf(copy, sizeof copy, "%s", line);
    for (char *p = strchr(copy, '|'), *end; p; p = end) {
        end = strchr(++p, '|');
        if (end) *end = 0;
        char *value = strchr(p, '=');
        if (value) {
            *value = 0;
            put_field(&b, p, value + 1);
        }
    }
    return plt_frame_end(&b);
}

/* -- lists */

static void item_add(items *l, const char *line)
{
    if (l->count < ITEMS) snprintf(l->lines[l->count++], LINE, "%s", line);
}

static char *item_of(items *l, const char *name, const char *value)
{
    char has[LINE];
    for (size_t i = 0; i < l->count; i++)
        if (strcmp(value_of(l->lines[i], name, has), value) == 0) return l->lines[i];
    return NULL;
}

static void item_drop(items *l, char *line)
{
    size_t i = (size_t)(line - l->lines[0]) / LINE;
    memmove(l->lines[i], l->lines[i + 1], (--l->count - i) * LINE);
}

static void broadcast_locked(user_double *d, const uint8_t *bytes, size_t n)
{
    uint8_t *copy = d->sent_count < SENT ? malloc(n ? n : 1) : NULL;
    if (!copy) return;
    memcpy(copy, bytes, n);
    d->sent[d->sent_count++] = (sent){copy, n};
    os_cond_broadcast(d->changed);
}

static void broadcast_line_locked(user_double *d, const char *line, plt_frame_type type)
{
    uint8_t out[LINE * 2];
    size_t n = frame_of(line, type, out, sizeof out);
    if (n) broadcast_locked(d, out, n);
}

/* -- a connection */

static bool send_line(os_pipe *p, const char *line, plt_frame_type type)
{
    uint8_t out[LINE * 2];
    size_t n = frame_of(line, type, out, sizeof out);
    return os_pipe_write(p, out, n, 2000) == PLT_OK;
}

static bool contains(const char *text, const char *part)
{
    size_t n = strlen(part);
    for (; *text; text++) {
        size_t i = 0;
        while (i < n && text[i] && tolower((unsigned char)text[i]) == tolower((unsigned char)part[i])) i++;
        if (i == n) return true;
    }
    return n == 0;
}

/* Recent and favourite ones when nothing is searched, as the service does. */
static bool account_found(const char *line, const char *search)
{
    char code[LINE], name[LINE], flags[LINE];
    if (!*search) return number(value_of(line, "flags", flags)) != 0;
    return contains(value_of(line, "account", code), search) || contains(value_of(line, "name", name), search);
}

static bool send_list(user_double *d, os_pipe *p, items *l, plt_frame_type type, const char *search)
{
    items *copy = malloc(sizeof *copy);
    bool ok = copy != NULL;
    if (copy) {
        os_mutex_lock(d->lock);
        memcpy(copy, l, sizeof *copy);
        os_mutex_unlock(d->lock);
        for (size_t i = 0; ok && i < copy->count; i++)
            if (type != PLT_F_ACCOUNT || account_found(copy->lines[i], search)) ok = send_line(p, copy->lines[i], type);
    }
    free(copy);
    return ok && send_line(p, "", PLT_F_LIST_END);
}

/* The verdict on ANSWER: the ERROR line to send, or NULL for TAKEN. */
static const char *answer_locked(user_double *d, const char *uid, const char *account, const char *pin)
{
    char has[LINE];
    char *open = item_of(&d->asks, "uid", uid), *a = *account ? item_of(&d->accounts, "account", account) : NULL;
    if (*account && !a) return "error|code=4|message=no such account";
    if (a && number(value_of(a, "pin", has)) && strcmp(d->pin, pin) != 0) return "error|code=4|message=wrong PIN";
    if (!open) return "error|code=1|message=no such job";
    item_drop(&d->asks, open);
    snprintf(has, sizeof has, "over|uid=%s", uid);
    broadcast_line_locked(d, has, PLT_F_OVER);
    return NULL;
}

static const char *act_locked(user_double *d, const char *uid, uint64_t act)
{
    char over[64];
    char *job = item_of(&d->jobs, "uid", uid);
    char *state = job ? strstr(job, "|state=") : NULL;
    if (!state) return "error|code=1|message=no such job";
    state[7] = act ? '2' : '4';
    snprintf(over, sizeof over, "over|uid=%s", uid);
    broadcast_line_locked(d, over, PLT_F_OVER);
    return NULL;
}

/* What a request holds, as text: for the log and for the verdict. */
typedef struct request {
    char uid[8], account[64], pin[32], search[128], rest[128];
    uint64_t act;
} request;

static void read_request(request *r, const uint8_t *payload, size_t n)
{
    size_t at = 0;
    bool bad = false;
    plt_field f;
    memset(r, 0, sizeof *r);
    while (plt_field_next(payload, n, &at, &f, &bad)) {
        size_t used = strlen(r->rest);
        char *more = r->rest + used;
        unsigned long long v = plt_field_u64(&f);
        switch (f.tag) {
        case PLT_T_UID: snprintf(r->uid, sizeof r->uid, "%u", f.len == PLT_UID_SIZE ? f.data[PLT_UID_SIZE - 1] : 0u); break;
        case PLT_T_ACCOUNT: plt_field_str(&f, r->account, sizeof r->account); break;
        case PLT_T_PIN: plt_field_str(&f, r->pin, sizeof r->pin); break;
        case PLT_T_SEARCH: plt_field_str(&f, r->search, sizeof r->search); break;
        case PLT_T_ANSWER:
        case PLT_T_ACT: r->act = v; break;
        case PLT_T_DUPLEX: snprintf(more, sizeof r->rest - used, " duplex=%llu", v); break;
        case PLT_T_GREY: snprintf(more, sizeof r->rest - used, " grey=%llu", v); break;
        case PLT_T_MINUTES: snprintf(more, sizeof r->rest - used, " minutes=%llu", v); break;
        case PLT_T_WANTED: snprintf(more, sizeof r->rest - used, " wanted=%llu", v); break;
        default: break;
        }
    }
}

static bool judge(user_double *d, os_pipe *p, const request *r, bool act)
{
    char uid[64], error[LINE];
    os_mutex_lock(d->lock);
    const char *wrong = *d->error ? d->error : act ? act_locked(d, r->uid, r->act) : answer_locked(d, r->uid, r->account, r->pin);
    snprintf(error, sizeof error, "%s", wrong ? wrong : "");
    d->error[0] = 0;
    os_mutex_unlock(d->lock);
    snprintf(uid, sizeof uid, "taken|uid=%s", r->uid);
    return *error ? send_line(p, error, PLT_F_ERROR) : send_line(p, uid, PLT_F_TAKEN);
}

static bool send_printers(user_double *d, os_pipe *p, bool read)
{
    char line[LINE];
    os_mutex_lock(d->lock);
    bool soon = read && d->soon;
    if (read) d->soon = false;
    snprintf(line, sizeof line, "%s", d->printers);
    os_mutex_unlock(d->lock);
    if (soon) return send_line(p, "error|code=5|message=try again in 40 seconds", PLT_F_ERROR);
    return *line ? send_line(p, line, PLT_F_LOCAL) : send_line(p, "error|code=1|message=not known", PLT_F_ERROR);
}

/* What is open is sent first; then all that comes. */
static void watch(connection *c, os_pipe *p)
{
    user_double *d = c->d;
    bool ok = true;
    os_mutex_lock(d->lock);
    c->next = d->sent_count;
    unsigned drops = d->drops;
    size_t open = d->asks.count;
    for (size_t i = 0; ok && i < open && i < d->asks.count; i++) ok = send_line(p, d->asks.lines[i], PLT_F_ASK);
    while (ok && !d->stop && drops == d->drops) {
        if (c->next == d->sent_count) {
            os_cond_wait(d->changed, d->lock, 500);
            continue;
        }
        sent s = d->sent[c->next++];
        os_mutex_unlock(d->lock);
        ok = os_pipe_write(p, s.bytes, s.n, 2000) == PLT_OK;
        os_mutex_lock(d->lock);
    }
    os_mutex_unlock(d->lock);
}

static bool serve_frame(connection *c, os_pipe *p, uint8_t type, const uint8_t *payload, size_t n)
{
    user_double *d = c->d;
    char line[LINE], status[LINE];
    request r;
    read_request(&r, payload, n);
    os_mutex_lock(d->lock);
    bool deaf = d->deaf;
    snprintf(status, sizeof status, "%s", d->status);
    os_mutex_unlock(d->lock);
    snprintf(line, sizeof line, "frame %#x", type);
    if (type == PLT_F_WATCH) snprintf(line, sizeof line, "watch");
    if (type == PLT_F_STATUS_ASK) snprintf(line, sizeof line, "status");
    if (type == PLT_F_JOBS_ASK) snprintf(line, sizeof line, "jobs");
    if (type == PLT_F_READ_LOCAL) snprintf(line, sizeof line, "read");
    if (type == PLT_F_LOCAL_ASK) snprintf(line, sizeof line, "printers");
    if (type == PLT_F_BALANCE) snprintf(line, sizeof line, "balances");
    if (type == PLT_F_ACCOUNTS_ASK) snprintf(line, sizeof line, "accounts search=%s%s", r.search, r.rest);
    if (type == PLT_F_ANSWER)
        snprintf(line, sizeof line, "answer uid=%s answer=%llu account=%s pin=%s%s", r.uid, (unsigned long long)r.act, r.account, r.pin, r.rest);
    if (type == PLT_F_ACT) snprintf(line, sizeof line, "act uid=%s act=%llu", r.uid, (unsigned long long)r.act);
    d->log(d->to, line);
    if (deaf) return true;
    switch (type) {
    case PLT_F_WATCH: watch(c, p); return false;
    case PLT_F_STATUS_ASK: return send_line(p, status, PLT_F_STATUS);
    case PLT_F_JOBS_ASK: return send_list(d, p, &d->jobs, PLT_F_JOB, "");
    case PLT_F_BALANCE: return send_list(d, p, &d->balances, PLT_F_BALANCE, "");
    case PLT_F_READ_LOCAL:
    case PLT_F_LOCAL_ASK: return send_printers(d, p, type == PLT_F_READ_LOCAL);
    case PLT_F_ACCOUNTS_ASK: return send_list(d, p, &d->accounts, PLT_F_ACCOUNT, r.search);
    case PLT_F_ANSWER:
    case PLT_F_ACT: return judge(d, p, &r, type == PLT_F_ACT);
    default: return false;
    }
}

static void serve(void *arg)
{
    connection *c = arg;
    user_double *d = c->d;
    os_pipe *p = d->connections[c->slot];
    uint8_t header[PLT_FRAME_HEADER], payload[8192], type;
    size_t n;
    while (os_pipe_read_all(p, header, sizeof header, 20000) == PLT_OK && plt_frame_parse(header, &type, &n) == PLT_OK && n <= sizeof payload) {
        if (os_pipe_read_all(p, payload, n, 2000) != PLT_OK || !serve_frame(c, p, type, payload, n)) break;
    }
    os_mutex_lock(d->lock);
    d->connections[c->slot] = NULL;
    d->live--;
    os_pipe_close(p);
    os_cond_broadcast(d->changed);
    os_mutex_unlock(d->lock);
    free(c);
}

static void take(user_double *d, os_pipe *p)
{
    connection *c = calloc(1, sizeof *c);
    os_thread *t;
    os_mutex_lock(d->lock);
    size_t slot = 0;
    while (slot < CONNECTIONS && d->connections[slot]) slot++;
    if (c && slot < CONNECTIONS) {
        *c = (connection){.d = d, .slot = slot};
        d->connections[slot] = p;
        if (os_thread_start(&t, serve, c) == PLT_OK) {
            os_thread_detach(t);
            d->live++;
            c = NULL, p = NULL;
        } else {
            d->connections[slot] = NULL;
        }
    }
    os_mutex_unlock(d->lock);
    free(c);
    os_pipe_close(p);
}

static void accept_all(void *arg)
{
    user_double *d = arg;
    os_pipe *p;
    while (os_pipe_accept(d->server, OS_PIPE_FOREVER, &p) == PLT_OK) take(d, p);
}

/* -- commands */

static void raw_locked(user_double *d, const char *hex)
{
    uint8_t bytes[LINE / 2];
    size_t n = strlen(hex) / 2;
    if (plt_unhex(bytes, n, hex)) broadcast_locked(d, bytes, n);
}

static void drop_locked(user_double *d)
{
    d->drops++;
    for (size_t i = 0; i < CONNECTIONS; i++) os_pipe_cancel(d->connections[i]);
    os_cond_broadcast(d->changed);
}

static bool do_locked(user_double *d, const char *word, const char *line, const char *rest)
{
    static const struct {
        const char *word;
        size_t list;
    } lists[] = {{"job", offsetof(user_double, jobs)}, {"account", offsetof(user_double, accounts)}, {"balance", offsetof(user_double, balances)}};
    char uid[LINE];
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (strcmp(word, lists[i].word) != 0) continue;
        item_add((items *)(void *)((uint8_t *)d + lists[i].list), line);
        return true;
    }
    if (strcmp(word, "status") == 0) {
        snprintf(d->status, LINE, "%s", line);
    } else if (strcmp(word, "ask") == 0) {
        char *old = item_of(&d->asks, "uid", value_of(line, "uid", uid));
        if (old) item_drop(&d->asks, old);
        item_add(&d->asks, line);
        broadcast_line_locked(d, line, PLT_F_ASK);
    } else if (strcmp(word, "over") == 0) {
        char *old = item_of(&d->asks, "uid", value_of(line, "uid", uid));
        if (old) item_drop(&d->asks, old);
        broadcast_line_locked(d, line, PLT_F_OVER);
    } else if (strcmp(word, "notice") == 0) {
        broadcast_line_locked(d, line, PLT_F_NOTICE);
    } else if (strcmp(word, "pin") == 0) {
        snprintf(d->pin, sizeof d->pin, "%s", rest);
    } else if (strcmp(word, "error") == 0) {
        snprintf(d->error, LINE, "%s", line);
    } else if (strcmp(word, "printers") == 0) {
        snprintf(d->printers, LINE, "%s", line);
    } else if (strcmp(word, "soon") == 0) {
        d->soon = true;
    } else if (strcmp(word, "deaf") == 0 || strcmp(word, "hear") == 0) {
        d->deaf = *word == 'd';
    } else if (strcmp(word, "raw") == 0) {
        raw_locked(d, rest);
    } else if (strcmp(word, "drop") == 0) {
        drop_locked(d);
    } else if (strcmp(word, "forget") == 0) {
        d->jobs.count = d->accounts.count = d->balances.count = 0;
    } else {
        return false;
    }
    return true;
}

bool user_double_do(user_double *d, const char *line)
{
    char word[16];
    size_t n = strcspn(line, "|");
    snprintf(word, sizeof word, "%.*s", (int)(n < sizeof word ? n : 0), line);
    os_mutex_lock(d->lock);
    bool done = strlen(line) < LINE && do_locked(d, word, line, line[n] ? line + n + 1 : "");
    os_mutex_unlock(d->lock);
    return done;
}

/* -- beginning and end */

plt_status user_double_start(user_double **out, const char *pipe, void (*log)(void *to, const char *line), void *to)
{
    user_double *d = calloc(1, sizeof *d);
    *out = NULL;
    if (!d) return PLT_NOMEM;
    d->log = log;
    d->to = to;
    d->lock = os_mutex_create();
    d->changed = os_cond_create();
    plt_status s = d->lock && d->changed ? os_pipe_listen(&d->server, pipe, OS_PIPE_USERS) : PLT_NOMEM;
    if (s == PLT_OK) s = os_thread_start(&d->acceptor, accept_all, d);
    if (s != PLT_OK) {
        os_pipe_server_free(d->server);
        os_cond_free(d->changed);
        os_mutex_free(d->lock);
        free(d);
        return s;
    }
    *out = d;
    return PLT_OK;
}

void user_double_stop(user_double *d)
{
    if (!d) return;
    os_pipe_server_stop(d->server);
    os_thread_join(d->acceptor);
    os_mutex_lock(d->lock);
    d->stop = true;
    drop_locked(d);
    while (d->live) os_cond_wait(d->changed, d->lock, 1000);
    os_mutex_unlock(d->lock);
    os_pipe_server_free(d->server);
    for (size_t i = 0; i < d->sent_count; i++) free(d->sent[i].bytes);
    os_cond_free(d->changed);
    os_mutex_free(d->lock);
    free(d);
}
