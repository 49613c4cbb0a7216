/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The agent's rules: which objects answer a request, and what is said where there is none. Variables are written while they are found,
 * so a list that grows too long is cut or taken back, never copied.
 */
#include "core/snmp/serve.h"

#include <string.h>

#define HEADERS 44     /* of a v1 or v2c message at most, besides its community */
#define V3_HEADERS 256 /* of v3, with the longest engine, user and digest, and the padding of privacy */
#define REPEATERS 64   /* columns of a GETBULK that are followed for more than one row */

typedef struct work {
    const plt_serve_agent *agent;
    plt_snmp_message request;
    plt_snmp_pdu pdu; /* the reply's */
    plt_snmp_out out;
    uint8_t *start; /* of the list in `out` */
    plt_serve_object object;
} work;

typedef struct place {
    plt_octets name;
    size_t at;
} place;

static plt_serve_found get(work *w, plt_octets name)
{
    plt_serve_found f = w->agent->view->get(w->agent->arg, name, &w->object);
    if (f == PLT_SERVE_FOUND && w->request.version == PLT_SNMP_V1 && w->object.value.type == PLT_SNMP_COUNTER64) return PLT_SERVE_NO_INSTANCE;
    return f;
}

/* v1 has no Counter64: a walk passes over them (RFC 3584 4.2.2.1). */
static plt_serve_found next(work *w, place from)
{
    plt_serve_found f;
    do {
        w->object.at = from.at;
        f = w->agent->view->next(w->agent->arg, from.name, &w->object);
        from = (place){w->object.name, w->object.at};
    } while (f == PLT_SERVE_FOUND && w->request.version == PLT_SNMP_V1 && w->object.value.type == PLT_SNMP_COUNTER64);
    return f;
}

static bool put_value(plt_snmp_out *out, plt_octets name, const plt_serve_value *v)
{
    switch (v->type) {
    case PLT_SNMP_INTEGER: return plt_snmp_put_signed(out, name, v->integer);
    case PLT_SNMP_COUNTER32:
    case PLT_SNMP_GAUGE32:
    case PLT_SNMP_TIMETICKS:
    case PLT_SNMP_COUNTER64: return plt_snmp_put_unsigned(out, name, v->type, v->number);
    default: return plt_snmp_put(out, name, v->type, v->octets);
    }
}

/* What v2c says in place of a value; v1 has only noSuchName for it. */
static plt_snmp_type exception(plt_serve_found f)
{
    return f == PLT_SERVE_NO_OBJECT ? PLT_SNMP_NO_OBJECT : f == PLT_SERVE_NO_INSTANCE ? PLT_SNMP_NO_INSTANCE : PLT_SNMP_END_OF_VIEW;
}

/* Puts what was found for `asked`; an error status when that cannot be. */
static int32_t put_found(work *w, plt_octets asked, plt_serve_found f)
{
    if (f == PLT_SERVE_FAILED) return PLT_SNMP_GEN_ERR;
    if (f != PLT_SERVE_FOUND && w->request.version == PLT_SNMP_V1) return PLT_SNMP_NO_SUCH_NAME;
    bool put = f == PLT_SERVE_FOUND ? put_value(&w->out, w->object.name, &w->object.value)
                                    : plt_snmp_put(&w->out, asked, exception(f), plt_octets_make(NULL, 0));
    return put ? PLT_SNMP_NO_ERROR : PLT_SNMP_TOO_BIG;
}

/* The reply that says why not: the request's own list, but none with tooBig of v2c (RFC 3416 4.2.1). */
static void refuse(work *w, int32_t status, int32_t index)
{
    plt_snmp_rewind(&w->out, w->start);
    w->pdu.error_status = status;
    w->pdu.error_index = status == PLT_SNMP_TOO_BIG ? 0 : index;
    if (status != PLT_SNMP_TOO_BIG || w->request.version == PLT_SNMP_V1) plt_snmp_put_list(&w->out, w->request.pdu.list);
}

/* GET, GETNEXT and the first part of a GETBULK: each of at most `most` variables by itself. False: refused. */
static bool each(work *w, plt_cursor *list, bool is_next, uint32_t most)
{
    plt_snmp_var v;
    for (int32_t i = 1; most-- && plt_snmp_next(list, &v); i++) {
        plt_serve_found f = is_next ? next(w, (place){v.name, SIZE_MAX}) : get(w, v.name);
        int32_t status = put_found(w, v.name, f);
        if (status == PLT_SNMP_NO_ERROR) continue;
        refuse(w, status, i);
        return false;
    }
    return true;
}

/* One row of the repeating part: each place moves on. What cannot be put ends the list there; an error status if it is the list's first. */
static int32_t row(work *w, place *places, size_t n, int32_t *index, bool *more)
{
    bool all_ended = true;
    for (size_t i = 0; i < n; i++) {
        uint8_t *mark = w->out.q;
        plt_serve_found f = next(w, places[i]);
        int32_t status = put_found(w, places[i].name, f);
        if (status != PLT_SNMP_NO_ERROR) {
            plt_snmp_rewind(&w->out, mark);
            *more = false;
            *index += (int32_t)i;
            return mark == w->start ? status : PLT_SNMP_NO_ERROR;
        }
        if (f != PLT_SERVE_FOUND) continue;
        places[i] = (place){w->object.name, w->object.at};
        all_ended = false;
    }
    if (all_ended) *more = false;
    return PLT_SNMP_NO_ERROR;
}

static uint32_t at_least_0(int32_t v)
{
    return v > 0 ? (uint32_t)v : 0;
}

/* RFC 3416 4.2.3. A list that does not fit loses its end, by right; so does one whose next value cannot be had. */
static void bulk(work *w, plt_cursor *list)
{
    place places[REPEATERS];
    plt_snmp_var v;
    size_t n = 0;
    uint32_t singles = at_least_0(w->request.pdu.error_status), rows = at_least_0(w->request.pdu.error_index);
    bool more = true;
    if (rows > w->agent->repetitions) rows = w->agent->repetitions;
    if (!each(w, list, true, singles) || !rows) return;
    while (n < REPEATERS && plt_snmp_next(list, &v)) places[n++] = (place){v.name, SIZE_MAX};
    if (plt_cursor_left(list)) rows = 1; /* more columns than are followed: the beginning of the first row is lawful */
    while (n && rows-- && more) {
        int32_t index = 1 + (int32_t)singles, status = row(w, places, n, &index, &more);
        if (status != PLT_SNMP_NO_ERROR) refuse(w, status, index);
    }
}

/* v1 knows no noAccess: RFC 3584 4.4. */
static void refuse_set(work *w)
{
    bool v1 = w->request.version == PLT_SNMP_V1;
    refuse(w, v1 ? PLT_SNMP_NO_SUCH_NAME : PLT_SNMP_NO_ACCESS, w->request.pdu.list.n ? 1 : 0);
}

static bool known(const plt_serve_agent *a, plt_octets community)
{
    for (size_t i = 0; i < a->community_count; i++)
        if (plt_octets_same(a->communities[i], community)) return true;
    return false;
}

/* Is it a request, and of those that this agent knows? */
static bool is_request(const plt_serve_agent *a, const plt_snmp_message *m)
{
    plt_snmp_kind k = m->pdu.kind;
    if (k == PLT_SNMP_GETBULK) return m->version != PLT_SNMP_V1 && a->repetitions;
    return k == PLT_SNMP_GET || k == PLT_SNMP_GETNEXT || k == PLT_SNMP_SET;
}

static void respond(work *w, plt_cursor *list)
{
    switch (w->request.pdu.kind) {
    case PLT_SNMP_GET: each(w, list, false, UINT32_MAX); break;
    case PLT_SNMP_GETNEXT: each(w, list, true, UINT32_MAX); break;
    case PLT_SNMP_GETBULK: bulk(w, list); break;
    default: refuse_set(w); break;
    }
}

/* `may`: the question is as well protected as its user demands. False: the list is malformed. What is not walked by then, since the answer is a
 * refusal or cut, is walked for that. */
static bool answer(work *w, bool may)
{
    plt_snmp_var v;
    plt_cursor list = plt_cursor_make(w->request.pdu.list.p, w->request.pdu.list.n);
    if (may)
        respond(w, &list);
    else
        refuse(w, PLT_SNMP_AUTHORIZATION_ERROR, 0);
    while (plt_snmp_next(&list, &v)) {
    }
    return !list.bad;
}

/* An empty list, with so much room that the message is no longer than `most`. */
static bool begin(work *w, uint8_t *room, size_t cap, size_t most, size_t headers)
{
    if (most < headers || cap < PLT_SNMP_HEAD) return false;
    size_t list_max = most - headers < cap - PLT_SNMP_HEAD ? most - headers : cap - PLT_SNMP_HEAD;
    plt_snmp_begin(&w->out, room, PLT_SNMP_HEAD + list_max);
    w->start = w->out.q;
    w->pdu = (plt_snmp_pdu){.kind = PLT_SNMP_RESPONSE, .request_id = w->request.pdu.request_id};
    return true;
}

static plt_serve_outcome by_community(work *w, uint8_t *room, size_t cap)
{
    const plt_serve_agent *a = w->agent;
    unsigned version = w->request.version == PLT_SNMP_V1 ? PLT_SERVE_V1 : PLT_SERVE_V2C;
    if (!(a->versions & version)) return PLT_SERVE_VERSION;
    if (!known(a, w->request.community)) return PLT_SERVE_COMMUNITY;
    if (!is_request(a, &w->request)) return PLT_SERVE_KIND;
    if (!begin(w, room, cap, a->reply_max, HEADERS + w->request.community.n)) return PLT_SERVE_TOO_BIG;
    if (!answer(w, true)) return PLT_SERVE_MALFORMED;
    plt_snmp_close_pdu(&w->out, &w->pdu);
    plt_snmp_close(&w->out, w->request.version, w->request.community);
    return PLT_SERVE_ANSWERED;
}

/* Refused without a report. */
static plt_serve_outcome unheard(plt_usm_verdict v)
{
    return v == PLT_USM_UNKNOWN_CONTEXT ? PLT_SERVE_COMMUNITY : v == PLT_USM_NO_HANDLER ? PLT_SERVE_KIND : PLT_SERVE_MALFORMED;
}

static plt_serve_outcome by_user(work *w, uint8_t *request, size_t n, uint8_t *room, size_t cap)
{
    const plt_serve_usm *u = w->agent->usm;
    plt_usm_entry *who = NULL;
    if (!u) return PLT_SERVE_VERSION;
    plt_usm_verdict v = u->side->accept(u->engine, u->users, u->user_count, request, n, u->time, &w->request, &who);
    size_t most = w->agent->reply_max, theirs = w->request.v3.max_size > 0 ? (size_t)w->request.v3.max_size : 0;
    if (v == PLT_USM_MALFORMED) return PLT_SERVE_MALFORMED;
    if (!begin(w, room, cap, theirs < most ? theirs : most, V3_HEADERS)) return PLT_SERVE_TOO_BIG;
    if (v != PLT_USM_OK) return u->side->report(u->engine, v, who, &w->request, u->time, u->salt, &w->out) ? PLT_SERVE_REPORTED : unheard(v);
    if (!is_request(w->agent, &w->request)) return PLT_SERVE_KIND;
    if (!answer(w, (w->request.v3.flags & who->least) == who->least)) return PLT_SERVE_MALFORMED;
    w->out.end = room + cap; /* the list is complete: what its limit left is for padding */
    plt_snmp_close_pdu(&w->out, &w->pdu);
    return u->side->answer(u->engine, who, &w->request, u->time, u->salt, &w->out) ? PLT_SERVE_ANSWERED : PLT_SERVE_TOO_BIG;
}

plt_serve_outcome plt_serve(const plt_serve_agent *a, uint8_t *request, size_t n, uint8_t *room, size_t cap, plt_octets *reply)
{
    work w;
    w.agent = a;
    *reply = plt_octets_make(room, 0);
    plt_status s = plt_snmp_read(request, n, &w.request);
    if (s == PLT_UNSUPPORTED) return PLT_SERVE_VERSION;
    if (s != PLT_OK) return PLT_SERVE_MALFORMED;
    plt_serve_outcome o = w.request.version == PLT_SNMP_V3 ? by_user(&w, request, n, room, cap) : by_community(&w, room, cap);
    if (o != PLT_SERVE_ANSWERED && o != PLT_SERVE_REPORTED) return o;
    if (!plt_snmp_size(&w.out)) return PLT_SERVE_TOO_BIG;
    *reply = plt_octets_make(w.out.p, plt_snmp_size(&w.out));
    return o;
}
