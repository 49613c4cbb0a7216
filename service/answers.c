/* SPDX-License-Identifier: Apache-2.0 */
/* A list of what was said last behind a mutex, and a thread that keeps the child: starts it, feeds it, starts it again with growing pauses. */
#include "service/answers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/record/reading.h"
#include "core/util/json.h"
#include "core/util/room.h"
#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/log.h"
#include "os/process.h"
#include "service/device_settings.h"
#include "service/snmp_users.h"
#include "service/usb_round.h"

#define MOST 32             /* printers that are kept; the child tells fewer */
#define FEED_MAX (8u << 20) /* all of them as lines */
#define WRITE_MS 5000       /* the child reads as fast as it parses */
#define TURN_MS 1000        /* how soon it hears of a reading, and we of its end */
#define SETTINGS_MS 15000   /* how soon a setting counts */
#define END_MS 3000
#define PAUSE_LEAST_MS 1000  /* before a child that ended is started again, doubled each time ... */
#define PAUSE_MOST_MS 300000 /* ... up to this ... */
#define LIVED_MS 60000       /* ... unless it lived so long */
#define SAID_MAX 4096

typedef struct entry {
    char *where, *device; /* owned */
    bool seen;            /* in this round */
} entry;

struct answers {
    agent *agent;
    os_thread *thread;
    os_mutex *lock; /* of what follows */
    os_cond *wake;
    bool ending;
    bool fresh, news;    /* something was said in this round; the child has not heard all */
    entry entries[MOST]; /* in the order of `where`: so the first gets the same place in SNMP after each start */
    size_t count;
    char words[256], v3_words[256]; /* of the child; of version 3 */
    /* The thread's own. */
    os_process *child;
    device_settings set;
    plt_usm_kept users; /* of version 3 */
    int32_t boots;      /* raised for the child that is started next; 0 not yet */
    bool without_v3;    /* there are users, but the child was not told them: their engine's boots could not be raised */
    plt_buf setup;      /* who may ask, as its first line without a life's number; "" while it is not wanted */
    plt_buf said;       /* what it said and is no whole line yet */
    uint64_t started, start_at, pause_ms, settings_at;
};

/* ---- what was said last ---- */

static entry *find_locked(answers *s, const char *where)
{
    for (size_t i = 0; i < s->count; i++)
        if (!strcmp(s->entries[i].where, where)) return &s->entries[i];
    return NULL;
}

static entry *place_locked(answers *s, const char *where)
{
    entry *e = find_locked(s, where);
    char *name = e || s->count == MOST ? NULL : plt_text_copy(where);
    size_t at = s->count;
    if (!name) return e;
    for (; at && strcmp(s->entries[at - 1].where, where) > 0; at--) s->entries[at] = s->entries[at - 1];
    s->entries[at] = (entry){.where = name};
    s->count++;
    return &s->entries[at];
}

void answers_take(answers *s, const char *where, const char *device, bool busy)
{
    if (!s) return;
    os_mutex_lock(s->lock);
    entry *e = place_locked(s, where);
    char *copy = e && !(busy && e->device) ? plt_text_copy(device) : NULL;
    if (e) e->seen = true;
    if (copy) {
        free(e->device);
        e->device = copy;
        s->fresh = true;
    }
    os_mutex_unlock(s->lock);
}

void answers_end_round(answers *s, bool whole)
{
    size_t kept = 0;
    if (!s) return;
    os_mutex_lock(s->lock);
    for (size_t i = 0; i < s->count; i++) {
        entry e = s->entries[i];
        if (whole && !e.seen) {
            free(e.where);
            free(e.device);
            s->fresh = true;
            continue;
        }
        e.seen = false;
        s->entries[kept++] = e;
    }
    s->count = kept;
    s->news = s->news || s->fresh;
    s->fresh = false;
    os_cond_signal(s->wake);
    os_mutex_unlock(s->lock);
}

static bool take_known(void *ctx, const ledger_device *d)
{
    answers *s = ctx;
    bool there = strcmp(d->outcome, plt_reading_word(PLT_READING_GONE)) != 0;
    if (there && !strcmp(d->via, "usb") && *d->json) answers_take(s, d->address, d->json, false);
    return true;
}

/* ---- the child's lines ---- */

static void put_words(answers *s, char to[256], const char *words)
{
    os_mutex_lock(s->lock);
    plt_utf8_copy(to, sizeof s->words, words, strlen(words));
    os_mutex_unlock(s->lock);
}

static void set_words(answers *s, const char *words)
{
    put_words(s, s->words, words);
}

void answers_words(answers *s, char out[256])
{
    out[0] = 0;
    if (!s) return;
    os_mutex_lock(s->lock);
    plt_copy(out, sizeof s->words, *s->words ? s->words : s->v3_words);
    os_mutex_unlock(s->lock);
}

static void write_sources(const char *list, plt_buf *out)
{
    plt_json_key(out, "allow");
    plt_buf_text(out, "[");
    for (const char *p = list; *p;) {
        char one[PLT_ADDRESS_TEXT];
        size_t n = strcspn(p, " ,;\t");
        snprintf(one, sizeof one, "%.*s", (int)(n < sizeof one ? n : sizeof one - 1), p);
        if (n) {
            plt_json_comma(out);
            plt_json_quote(out, one);
        }
        p += n + (p[n] != 0);
    }
    plt_buf_text(out, "]");
}

/* Who may ask, as the child's first line; "" when nobody may. Without boots there is no version 3. */
static void write_setup(const answers *s, int32_t boots, plt_buf *out)
{
    const char *community = s->set.snmp_community;
    bool v3 = s->users.count && boots;
    plt_buf_clear(out);
    if (!s->set.snmp || (!*community && !v3)) return;
    plt_buf_text(out, "{");
    write_sources(s->set.snmp_allow, out);
    plt_json_key(out, "communities");
    plt_buf_text(out, "[");
    if (*community) plt_json_quote(out, community);
    plt_buf_text(out, "]");
    if (*s->set.snmp_listen) {
        plt_json_key(out, "listen");
        plt_json_quote(out, s->set.snmp_listen);
    }
    if (v3) {
        plt_json_key(out, "boots");
        plt_json_number(out, (uint64_t)boots);
        plt_json_key(out, "v3");
        plt_usm_kept_write(&s->users, out);
    }
    plt_buf_text(out, "}\n");
}

static void add_line_locked(const entry *e, plt_buf *out)
{
    cJSON *o = cJSON_CreateObject();
    cJSON_AddStringToObject(o, "address", e->where);
    cJSON_AddRawToObject(o, "device", e->device);
    char *text = cJSON_PrintUnformatted(o);
    if (text) plt_buf_printf(out, "%s\n", text);
    cJSON_free(text);
    cJSON_Delete(o);
}

static plt_status feed(answers *s)
{
    plt_buf lines;
    plt_buf_init(&lines, FEED_MAX);
    os_mutex_lock(s->lock);
    for (size_t i = 0; i < s->count; i++)
        if (s->entries[i].device) add_line_locked(&s->entries[i], &lines);
    s->news = false;
    os_mutex_unlock(s->lock);
    plt_buf_text(&lines, "{\"end\":true}\n");
    plt_status st = lines.status;
    if (st == PLT_OK) st = os_process_write(s->child, lines.data, lines.len, WRITE_MS);
    plt_buf_free(&lines);
    return st;
}

/* "\001..." is a complaint; else it says where it answers, and all is well. */
static void take_said(answers *s)
{
    const char *text = plt_buf_str(&s->said);
    size_t at = 0;
    for (const char *end; (end = memchr(text + at, '\n', s->said.len - at)) != NULL; at = (size_t)(end - text) + 1) {
        char line[256];
        bool complaint = text[at] == '\001';
        size_t from = at + complaint, n = (size_t)(end - text) - from;
        if (n && text[from + n - 1] == '\r') n--; /* Windows ends a text's line with two */
        plt_utf8_copy(line, sizeof line, text + from, n);
        os_log(complaint ? OS_LOG_WARN : OS_LOG_INFO, "SNMP for local printers: %s", line);
        set_words(s, complaint ? line : "");
    }
    plt_buf_consume(&s->said, at);
}

/* ---- the child ---- */

static void end_child(answers *s)
{
    uint32_t code;
    if (!s->child) return;
    os_process_end_input(s->child);
    os_process_wait(s->child, END_MS, &code);
    os_process_free(s->child);
    s->child = NULL;
}

/* It ended by itself, or cannot be spoken to. What it complained of last says why. */
static void lost_child(answers *s, uint64_t now)
{
    char words[OS_ENDED_TEXT], before[256];
    uint32_t code = 0;
    bool gone = os_process_wait(s->child, TURN_MS, &code) == PLT_OK;
    s->pause_ms = now - s->started >= LIVED_MS || !s->pause_ms ? PAUSE_LEAST_MS : 2 * s->pause_ms;
    if (s->pause_ms > PAUSE_MOST_MS) s->pause_ms = PAUSE_MOST_MS;
    s->start_at = now + s->pause_ms;
    if (gone)
        os_ended_text(words, "platen-usbagent", code, usb_round_ends);
    else
        snprintf(words, sizeof words, "platen-usbagent does not take what it is told");
    os_log(OS_LOG_WARN, "SNMP for local printers: %s; it is started again in %lu s", words, (unsigned long)(s->pause_ms / 1000));
    answers_words(s, before);
    if (!*before) set_words(s, words);
    os_process_free(s->child);
    s->child = NULL;
}

/* ---- version 3 ---- */

static void say_v3(answers *s, const char *words)
{
    if (strcmp(words, s->v3_words) != 0 && *words) os_log(OS_LOG_WARN, "SNMP for local printers: %s", words);
    put_words(s, s->v3_words, words);
}

/* A new life of the engine, on the disk before anything is answered in it. 0: that cannot be, and version 3 is refused. */
static int32_t raise_boots(answers *s)
{
    char words[256] = "";
    int32_t boots = 0;
    if (!s->users.count) return 0;
    if (snmp_users_raise(s->agent->data_dir, &s->users, &boots) != PLT_OK)
        snprintf(words, sizeof words, "version 3 is refused, others are answered: %.180s", os_error_text());
    else if (boots == INT32_MAX)
        snprintf(words, sizeof words,
                 "the SNMPv3 engine was started as often as can be counted: platen devices snmp-users --forget, then set its users anew");
    say_v3(s, words);
    return boots;
}

static void load_users(answers *s)
{
    plt_usm_kept_wipe(&s->users);
    plt_status st = s->set.snmp ? snmp_users_load(s->agent->data_dir, &s->users) : PLT_NOTFOUND;
    if (st == PLT_BAD)
        say_v3(s, os_error_text());
    else if (!s->users.count)
        say_v3(s, "");
}

/* The disk was full, and no longer is: the next child gets the users. */
static void look_at_version_3(answers *s, uint64_t now)
{
    if (!s->without_v3 || s->boots) return;
    s->boots = raise_boots(s);
    if (!s->boots) return;
    end_child(s);
    s->start_at = now;
}

static plt_status start_told(answers *s, const plt_buf *line)
{
    static const os_process_limits limits = {.memory_bytes = 256u << 20, .restricted = true};
    char program[OS_PATH_MAX];
    const char *const argv[] = {program, "--snmp", "--told", "--through-cli", NULL};
    plt_status st = os_path_sibling(program, sizeof program, "platen-usbagent");
    if (st == PLT_OK) st = os_process_start(&s->child, argv, &limits);
    if (st != PLT_OK) return st;
    st = os_process_write(s->child, line->data, line->len, WRITE_MS);
    if (st == PLT_OK) st = feed(s);
    if (st != PLT_OK) lost_child(s, s->started);
    return PLT_OK;
}

static void start_child(answers *s, uint64_t now)
{
    plt_buf line;
    plt_buf_clear(&s->said);
    s->started = now;
    int32_t boots = s->boots ? s->boots : raise_boots(s);
    s->boots = 0;
    s->without_v3 = s->users.count && !boots;
    plt_buf_init(&line, 2 * sizeof s->set);
    write_setup(s, boots, &line);
    plt_status st = line.status;
    if (st == PLT_OK && !line.len) {
        s->start_at = now + SETTINGS_MS; /* only version 3 was wanted, and it is refused */
    } else if (st != PLT_OK || start_told(s, &line) != PLT_OK) {
        set_words(s, os_error_text());
        s->start_at = now + PAUSE_MOST_MS;
    }
    plt_buf_free_secret(&line);
}

/* Hears the child for a turn, and tells it what is new. */
static void turn_with_child(answers *s)
{
    size_t got = 0;
    uint8_t *room = plt_buf_reserve(&s->said, SAID_MAX / 2);
    plt_status st = room ? os_process_read(s->child, room, SAID_MAX / 2, TURN_MS, &got) : PLT_FULL;
    s->said.len += got;
    take_said(s);
    os_mutex_lock(s->lock);
    bool news = s->news;
    os_mutex_unlock(s->lock);
    if (st == PLT_TIMEOUT) st = PLT_OK;
    if (st == PLT_OK && news) st = feed(s);
    if (st != PLT_OK) lost_child(s, os_clock_mono_ms());
}

/* A change of who may ask is a new child. */
static void look_at_settings(answers *s, uint64_t now)
{
    plt_buf fresh;
    plt_buf_init(&fresh, 2 * sizeof s->set);
    device_settings_read(s->agent->data_dir, &s->set);
    load_users(s);
    write_setup(s, 1, &fresh);
    if (strcmp(plt_buf_str(&fresh), plt_buf_str(&s->setup)) != 0) {
        end_child(s);
        plt_buf_free_secret(&s->setup);
        s->setup = fresh;
        s->start_at = now;
        s->pause_ms = 0;
        set_words(s, "");
    } else {
        plt_buf_free_secret(&fresh);
        look_at_version_3(s, now);
    }
    s->settings_at = now + SETTINGS_MS;
}

/* Until there is something to do. A child is heard without a rest. */
static uint32_t rest_ms(const answers *s, uint64_t now)
{
    uint64_t until = s->setup.len && s->start_at < s->settings_at ? s->start_at : s->settings_at;
    return s->child || until <= now ? 0 : (uint32_t)(until - now);
}

/* False: the service is stopping. */
static bool rest(answers *s, uint32_t ms)
{
    os_mutex_lock(s->lock);
    if (ms && !s->ending) os_cond_wait(s->wake, s->lock, ms);
    bool go_on = !s->ending;
    os_mutex_unlock(s->lock);
    return go_on;
}

static void keep_child(void *arg)
{
    answers *s = arg;
    while (rest(s, rest_ms(s, os_clock_mono_ms()))) {
        uint64_t now = os_clock_mono_ms();
        if (now >= s->settings_at) look_at_settings(s, now);
        if (!s->child && s->setup.len && now >= s->start_at) start_child(s, now);
        if (s->child) turn_with_child(s);
    }
    end_child(s);
}

plt_status answers_start(answers **out, agent *a)
{
    *out = NULL;
    answers *s = calloc(1, sizeof *s);
    if (!s) return PLT_NOMEM;
    s->agent = a;
    plt_buf_init(&s->setup, 2 * sizeof s->set);
    plt_buf_init(&s->said, SAID_MAX);
    s->lock = os_mutex_create();
    s->wake = os_cond_create();
    plt_status st = s->lock && s->wake ? PLT_OK : PLT_NOMEM;
    if (st == PLT_OK && (st = ledger_devices(a->ledger, take_known, s)) == PLT_NOTFOUND) st = PLT_OK;
    for (size_t i = 0; i < s->count; i++) s->entries[i].seen = false;
    if (st == PLT_OK) st = os_thread_start(&s->thread, keep_child, s);
    if (st == PLT_OK)
        *out = s;
    else
        answers_stop(s);
    return st;
}

void answers_stop(answers *s)
{
    if (!s) return;
    if (s->thread) {
        os_mutex_lock(s->lock);
        s->ending = true;
        os_cond_signal(s->wake);
        os_mutex_unlock(s->lock);
        os_thread_join(s->thread);
    }
    for (size_t i = 0; i < s->count; i++) {
        free(s->entries[i].where);
        free(s->entries[i].device);
    }
    plt_usm_kept_wipe(&s->users);
    plt_buf_free_secret(&s->setup);
    plt_buf_free(&s->said);
    os_cond_free(s->wake);
    os_mutex_free(s->lock);
    free(s);
}
