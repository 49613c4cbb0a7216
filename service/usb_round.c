/* SPDX-License-Identifier: Apache-2.0 */
/* Drives the child and reads its lines. What it tells of a printer was made by its restricted half, and is checked again by the device model. */
#include "service/usb_round.h"

#include <stdio.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/log.h"
#include "os/process.h"

#define LINES_MAX (1u << 20) /* what has come and is no whole line yet */
#define SLICE_MS 50          /* how soon the child hears of a job */
#define END_MS 3000
#define SAID_MOST 5 /* complaints of the child that are logged in one round */

typedef struct usb_talk {
    agent *agent;
    readings *into;
    answers *snmp;
    usb_round_sum *sum;
    os_process *child;
    plt_buf text;
    uint64_t heard; /* the last whole line */
    bool ended;
    unsigned said;
    char ports[AGENT_PORTS_MAX]; /* as the child was told last */
    bool told;
} usb_talk;

const os_ended usb_round_ends[] = {
    {1, "gave up, or was ended from outside", "Its own words, if it said any, are in this service's log"},
    {2, "was told what it does not understand", "It is of another version than this service: install Platen again"},
    {0, NULL, NULL},
};

static void complain(usb_talk *t, const char *words)
{
    plt_utf8_copy(t->sum->words, sizeof t->sum->words, words, strlen(words));
}

/* The ports that have a job, when that has changed. A child that takes no words any more may still have said some of its own: what it says is what
 * ends the talk. */
static void tell_ports(usb_talk *t)
{
    char now[AGENT_PORTS_MAX + 1];
    agent_live_ports(t->agent, now);
    if (t->told && !strcmp(now, t->ports)) return;
    plt_copy(t->ports, sizeof t->ports, now);
    t->told = true;
    size_t n = strlen(now);
    now[n++] = '\n';
    os_process_write(t->child, now, n, 1000);
}

static const char *text_of(const cJSON *o, const char *name)
{
    const char *v = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(o, name));
    return v ? v : "";
}

static bool flag_of(const cJSON *o, const char *name)
{
    return cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(o, name));
}

/* A printer's line. False: it is no reading. */
static bool take_printer(usb_talk *t, const cJSON *o)
{
    char why[160], problem[256];
    plt_device d;
    char *json = cJSON_PrintUnformatted(cJSON_GetObjectItemCaseSensitive(o, "device"));
    plt_device_init(&d, 0);
    const char *port = text_of(o, "port"), *said = text_of(o, "problem"), *where = *port ? port : text_of(o, "address");
    bool ok = json && *where && plt_device_from_json(&d, json, strlen(json), why, sizeof why) == PLT_OK;
    plt_utf8_copy(problem, sizeof problem, said, strlen(said));
    bool busy = flag_of(o, "gave_way");
    const readings_found f = {where, busy ? PLT_READING_BUSY : *problem ? PLT_READING_PARTLY : PLT_READING_READ, problem, &d};
    if (ok) {
        readings_take(t->into, &f);
        answers_take(t->snmp, where, json, busy);
    }
    t->sum->printers += ok;
    t->sum->busy += ok && busy;
    t->sum->partly += ok && f.outcome == PLT_READING_PARTLY;
    plt_device_free(&d);
    cJSON_free(json);
    return ok;
}

static void take_line(usb_talk *t, const char *line, size_t n)
{
    char said[200];
    if (n && *line == '\001') { /* for people */
        plt_utf8_copy(said, sizeof said, line + 1, n - 1);
        if (t->said++ < SAID_MOST) os_log(OS_LOG_WARN, "platen-usbagent: %s", said);
        complain(t, said);
        return;
    }
    cJSON *o = plt_json_shallow(line, n, PLT_JSON_DEPTH) ? cJSON_ParseWithLength(line, n) : NULL;
    if (cJSON_IsObject(o) && flag_of(o, "end")) {
        t->ended = true;
        t->sum->whole = flag_of(o, "whole") && !t->sum->bad;
    } else if (!cJSON_IsObject(o) || !take_printer(t, o)) {
        t->sum->bad++;
    }
    cJSON_Delete(o);
}

static void take_lines(usb_talk *t)
{
    const char *text = plt_buf_str(&t->text);
    size_t at = 0;
    for (const char *end; !t->ended && (end = memchr(text + at, '\n', t->text.len - at)); at = (size_t)(end - text) + 1) {
        take_line(t, text + at, (size_t)(end - text) - at);
        t->heard = os_clock_mono_ms();
    }
    plt_buf_consume(&t->text, at);
}

/* Until the child has said its end, or its time is over. */
static plt_status talk(usb_talk *t)
{
    uint64_t until = os_clock_mono_ms() + USB_ROUND_MS;
    plt_status s = PLT_OK;
    t->heard = os_clock_mono_ms();
    while (!t->ended) {
        size_t got = 0;
        if (agent_stopping(t->agent)) return PLT_CLOSED;
        if (os_clock_mono_ms() >= until || os_clock_mono_ms() >= t->heard + USB_ROUND_IDLE_MS) return PLT_TIMEOUT;
        tell_ports(t);
        uint8_t *room = plt_buf_reserve(&t->text, 4096);
        if (!room) return t->text.status;
        s = os_process_read(t->child, room, 4096, SLICE_MS, &got);
        t->text.len += got;
        take_lines(t);
        if (s != PLT_OK && s != PLT_TIMEOUT) return t->ended ? PLT_OK : s;
    }
    return PLT_OK;
}

static void say_end(usb_talk *t, plt_status s)
{
    char words[OS_ENDED_TEXT];
    uint32_t code = 0;
    bool gone = os_process_wait(t->child, s == PLT_OK || s == PLT_CLOSED ? END_MS : 0, &code) == PLT_OK;
    if (s == PLT_TIMEOUT)
        snprintf(words, sizeof words, "platen-usbagent was silent for too long and was ended");
    else if (s == PLT_FULL)
        snprintf(words, sizeof words, "platen-usbagent said a line that is longer than any reading and was ended");
    else if (s != PLT_OK && gone)
        os_ended_text(words, "platen-usbagent", code, usb_round_ends);
    else if (s != PLT_OK)
        snprintf(words, sizeof words, "platen-usbagent cannot be reached: %s", plt_status_name(s));
    else if (t->sum->bad)
        snprintf(words, sizeof words, "%u of platen-usbagent's lines are no readings", t->sum->bad);
    else
        return;
    complain(t, words);
}

void usb_round(agent *a, readings *r, answers *snmp, usb_round_sum *sum)
{
    static const os_process_limits limits = {
        .memory_bytes = 512u << 20, .cpu_seconds = 60, .children = 2}; /* its parsing process, and one that is just ending */
    char program[OS_PATH_MAX];
    const char *const argv[] = {program, "read", "--told", "--through-cli", NULL};
    memset(sum, 0, sizeof *sum);
    usb_talk t = {.agent = a, .into = r, .snmp = snmp, .sum = sum};
    plt_status s = os_path_sibling(program, sizeof program, "platen-usbagent");
    if (s == PLT_OK) s = os_process_start(&t.child, argv, &limits);
    if (s != PLT_OK) {
        complain(&t, os_error_text());
        return;
    }
    plt_buf_init(&t.text, LINES_MAX);
    s = talk(&t);
    if (s != PLT_OK) sum->whole = false;
    answers_end_round(snmp, sum->whole);
    os_process_end_input(t.child);
    say_end(&t, s);
    os_process_free(t.child);
    plt_buf_free(&t.text);
}
