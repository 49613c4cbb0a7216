/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What to ask which printer, in which order, and when to stop. A printer that does not say PJL would print the question, so it is never
 * asked; what is not answered in time stays unknown.
 */
#include "usbagent/query.h"

#include <stdio.h>
#include <string.h>

#include "core/device/read.h"
#include "core/util/text.h"
#include "os/clock.h"
#include "usbagent/dialogue.h"

#define REPLY_MS 2000 /* behind the ECHO's reply */
#define PML_MS 1500
#define CHANNEL_MS 4000

typedef struct query {
    dialogue g;
    usb_reading *out;
    int64_t at;
    plt_channel *channel; /* NULL: by DMINFO */
    plt_buf room;         /* of a message of the channel */
    /* objects to be asked together */
    dialogue_object objects[DIALOGUE_OBJECTS];
    const plt_vendor_object *rows[DIALOGUE_OBJECTS];
    unsigned indexes[DIALOGUE_OBJECTS];
    size_t count;
    size_t answers; /* of all objects so far */
} query;

static void note(usb_reading *r, const char *problem)
{
    if (!r->problem[0]) plt_copy(r->problem, sizeof r->problem, problem);
}

void usb_identify(const usb_printer *p, int64_t now, usb_reading *out)
{
    plt_device *d = &out->device;
    plt_origin usb = {PLT_SOURCE_USB, now};
    char id[16];
    memset(out, 0, sizeof *out);
    plt_device_init(d, 0);
    plt_copy(out->problem, sizeof out->problem, p->problem);
    plt_device_set_text(d, PLT_MAKE, 0, usb, p->maker, NULL);
    plt_device_set_text(d, PLT_MODEL, 0, usb, p->product, NULL);
    if (plt_serial_is_real(p->serial)) plt_device_set_text(d, PLT_SERIAL, 0, usb, p->serial, NULL);
    snprintf(id, sizeof id, "%04x:%04x", p->vendor_id, p->product_id);
    if (p->vendor_id) plt_device_set_text(d, PLT_USB_ID, 0, usb, id, NULL);
    plt_device_set_text(d, PLT_PORT, 0, (plt_origin){PLT_SOURCE_WINDOWS, now}, p->port, NULL);
    if (!p->id_len) return;
    const char *text;
    size_t len;
    if (plt_1284_text(p->id, p->id_len, &text, &len) == PLT_OK) plt_utf8_copy(out->id_text, sizeof out->id_text, text, len);
    out->has_id = plt_1284_parse(p->id, p->id_len, &out->id) == PLT_OK;
    if (out->has_id)
        plt_read_1284(d, &out->id, now);
    else
        note(out, "the printer's IEEE 1284 device ID is unreadable");
}

/* ---- PML ---- */

static void take(void *arg, size_t i, const plt_pml_reply *r)
{
    query *q = arg;
    const plt_vendor_object *o = q->rows[i];
    const plt_value *had = o->repeat ? NULL : plt_device_evidence(&q->out->device, o->what, o->row, PLT_SOURCE_PML);
    q->answers++;
    if (!had || had->kind != PLT_IS) plt_read_pml(&q->out->device, o, q->indexes[i], r, q->at);
}

/* In packets one after the other; a column ends where the printer has no more. */
static plt_status ask_one_by_one(query *q)
{
    for (size_t i = 0; i < q->count; i++) {
        plt_pml_reply r;
        plt_status s = dialogue_channel_pml(&q->g, q->channel, q->objects[i].oid, q->objects[i].n, PML_MS, &q->room, &r);
        if (s == PLT_OK) take(q, i, &r);
        if (s == PLT_UNSUPPORTED && q->rows[i]->repeat) break;
        if (s != PLT_OK && s != PLT_UNSUPPORTED && s != PLT_TIMEOUT) return s;
    }
    return PLT_OK;
}

static plt_status ask_collected(query *q)
{
    plt_status s = PLT_OK;
    if (q->count) s = q->channel ? ask_one_by_one(q) : dialogue_pml(&q->g, q->objects, q->count, PML_MS, take, q);
    q->count = 0;
    if (s == PLT_OK && usb_now(q->g.printer->transport) >= q->g.deadline) s = PLT_TIMEOUT;
    return s;
}

static void collect(query *q, const plt_vendor_object *o, unsigned index)
{
    q->objects[q->count].n = plt_vendor_oid(o, index, q->objects[q->count].oid);
    q->rows[q->count] = o;
    q->indexes[q->count] = index;
    if (q->objects[q->count].n) q->count++;
}

/* Single objects are collected until a question is full; a column is a question of its own. */
static plt_status ask_pml(query *q)
{
    plt_status s = PLT_OK;
    q->count = q->answers = 0;
    for (size_t i = 0; i < plt_vendor_object_count && s == PLT_OK; i++) {
        const plt_vendor_object *o = &plt_vendor_objects[i];
        if (!plt_family_has(&o->family, q->out->id.make, q->out->id.model)) continue;
        if (o->repeat || q->count == DIALOGUE_OBJECTS) {
            s = ask_collected(q);
            if (s == PLT_OK && !q->answers) return PLT_OK; /* the first question met silence: this printer has no PML */
        }
        if (s != PLT_OK) break;
        for (unsigned k = 1; k <= (o->repeat ? o->repeat : 1) && q->count < DIALOGUE_OBJECTS; k++) collect(q, o, k);
        if (o->repeat) s = ask_collected(q);
    }
    return s == PLT_OK ? ask_collected(q) : s;
}

static plt_status ask_packets(query *q)
{
    /* Both languages live on the same interface; the ID says which, where it says anything. */
    bool mlc = plt_1284_speaks(&q->out->id, "MLC") && !plt_1284_speaks(&q->out->id, "1284.4");
    plt_channel c;
    plt_channel_init(&c, mlc ? &plt_link_mlc : &plt_link_dot4);
    q->channel = &c;
    plt_status s = dialogue_channel(&q->g, &c, CHANNEL_MS);
    if (s == PLT_OK) s = ask_pml(q);
    if (s != PLT_BUSY) dialogue_channel_close(&q->g, &c);
    plt_channel_free(&c);
    q->channel = NULL;
    return s;
}

/* ---- PJL ---- */

static void unasked(void *arg, const plt_pjl_block *b)
{
    query *q = arg;
    plt_read_pjl(&q->out->device, b, q->at);
}

/* A printer that answers ECHO and not its first INFO may answer when it reports its status. */
static plt_status ask_info(query *q, plt_pjl_info info, bool first, plt_pjl_answer *a)
{
    plt_pjl_block b;
    plt_status s = dialogue_info(&q->g, info, REPLY_MS, &b);
    if (first && s == PLT_TIMEOUT && q->g.heard) {
        q->g.ustatus = true;
        s = dialogue_info(&q->g, info, REPLY_MS, &b);
        q->g.ustatus = s == PLT_OK;
    }
    *a = s == PLT_OK ? plt_read_pjl(&q->out->device, &b, q->at) : PLT_PJL_NO_ANSWER;
    return s;
}

/* What a printer says only when it reports its status: that is switched on, the status asked, and switched off, in one write. */
static plt_status ask_reported(query *q, plt_pjl_answer *a)
{
    bool before = q->g.ustatus;
    q->g.ustatus = true;
    plt_status s = ask_info(q, PLT_PJL_STATUS, false, a);
    q->g.ustatus = before;
    return s;
}

static plt_status ask_pjl(query *q)
{
    char problem[USB_PROBLEM_SIZE];
    for (size_t i = 0; i < plt_vendor_info_count; i++) {
        const plt_vendor_info *v = &plt_vendor_infos[i];
        plt_pjl_answer a;
        if (!plt_family_has(&v->family, q->out->id.make, q->out->id.model)) continue;
        plt_status s = v->info == PLT_PJL_USTATUS ? ask_reported(q, &a) : ask_info(q, v->info, i == 0, &a);
        if (s != PLT_OK && s != PLT_TIMEOUT) return s;
        if (!q->g.heard) { /* nor will it answer anything else */
            note(q->out, "the printer says that it speaks PJL but did not answer");
            return PLT_OK;
        }
        snprintf(problem, sizeof problem, "INFO %s: %s", plt_pjl_info_name(v->info),
                 a == PLT_PJL_UNSUPPORTED ? "not supported by the printer" : "no readable answer");
        if (a != PLT_PJL_ANSWERED && !strcmp(v->family.make, "*") && v->info != PLT_PJL_CONFIG) note(q->out, problem);
    }
    return ask_pml(q);
}

static void tell_end(usb_reading *r, plt_status s)
{
    char problem[USB_PROBLEM_SIZE];
    if (s == PLT_OK) return;
    r->gave_way = s == PLT_BUSY;
    if (s == PLT_BUSY)
        plt_copy(problem, sizeof problem, "the printer is busy with a job, which was not disturbed");
    else if (s == PLT_TIMEOUT)
        plt_copy(problem, sizeof problem, "not everything could be asked in the time that a printer gets");
    else
        snprintf(problem, sizeof problem, "the dialogue broke off: %s", plt_status_name(s));
    note(r, problem);
}

static void tell_unopened(usb_reading *r, plt_status s)
{
    if (s == PLT_BUSY)
        tell_end(r, s);
    else
        snprintf(r->problem, sizeof r->problem, "it could not be opened: %s", plt_status_name(s));
}

void usb_query(const usb_printer *p, const usb_quiet *quiet, int64_t now, usb_reading *out)
{
    static query q; /* its replies are large for a stack */
    usb_identify(p, now, out);
    if (!out->has_id || p->closed) return;
    bool packets = p->protocol == USB_1284_4;
    if (!packets && !plt_1284_speaks(&out->id, "PJL")) {
        note(out, "its device ID does not name PJL: it was not asked, since it might print the question");
        return;
    }
    memset(&q, 0, sizeof q);
    q.out = out;
    q.at = now;
    q.g.deadline = usb_now(p->transport) + USB_DEVICE_MS;
    q.g.token = (p->token ? p->token : (uint32_t)os_clock_mono_us()) - 2;
    q.g.unasked = unasked;
    q.g.arg = &q;
    plt_buf_init(&q.room, PLT_PACKET_MAX);
    plt_status s = dialogue_open(&q.g, p, quiet);
    if (s == PLT_OK) {
        out->asked = true;
        s = packets ? ask_packets(&q) : ask_pjl(&q);
        plt_read_state(&out->device, now);
        tell_end(out, s);
    } else {
        tell_unopened(out, s);
    }
    dialogue_close(&q.g);
    plt_buf_free(&q.room);
}

void usb_reading_free(usb_reading *r)
{
    plt_device_free(&r->device);
}
