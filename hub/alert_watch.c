/* SPDX-License-Identifier: Apache-2.0 */
/* The passes. A rule's live alerts are in memory for the time of its look; a hub with very many of one rule looks at the first LIVE_MAX. */
#include "hub/alert_watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/room.h"
#include "core/util/text.h"
#include "hub/json.h"
#include "hub/people.h"

#define LIVE_MAX 20000
#define TURNED_MAX 64 /* of one transaction */
#define DUE_MAX 200   /* of one tick */
#define TOLD_MAX 500  /* alerts that one message answers for; the rest waits for the next */
#define LISTED_MAX 50 /* of them it names */
#define BODY_MAX 65536

static const hub_alert_ops *ops_of(hub_store *s)
{
    return s->ops->alerts;
}

/* ---- rules in memory ---- */

typedef struct rules {
    hub_rule_row *r; /* owned */
    size_t n, room;
    bool full;
} rules;

static bool note_rule(void *ctx, const hub_rule_row *r)
{
    rules *l = ctx;
    hub_rule_row *more = plt_room(l->r, l->n, &l->room, sizeof *more);
    l->full = !more;
    if (!more) return false;
    l->r = more;
    l->r[l->n++] = *r;
    return true;
}

static plt_status load_rules(hub_store *s, rules *l)
{
    memset(l, 0, sizeof *l);
    plt_status status = ops_of(s)->rules(s, HUB_OPERATOR, note_rule, l);
    return l->full ? PLT_NOMEM : status;
}

/* ---- looking ---- */

/* What a turn is to the row; `turn` DROPPED removes it. */
static plt_status write_turn(hub_store *s, hub_alert *a, hub_turn turn, bool *tell)
{
    if (turn == HUB_TURN_DROPPED) return a->no ? ops_of(s)->alert_drop(s, a->no) : PLT_OK;
    if (turn == HUB_TURN_OPENED) a->opened = a->state.turned;
    if (turn == HUB_TURN_CLOSED) a->closed = a->state.turned;
    plt_status status = ops_of(s)->alert_put(s, a);
    /* What came and went before anybody was told is nobody's message. */
    if (status == PLT_OK && turn == HUB_TURN_CLOSED && a->told == HUB_TOLD_NOTHING) return ops_of(s)->told(s, a->no, HUB_TOLD_OVER);
    if (turn == HUB_TURN_OPENED || turn == HUB_TURN_CLOSED) *tell = true;
    return status;
}

/* Inside the transaction: the row as it is now, and the look once more. */
static plt_status turn_again(hub_watch *w, const hub_alert *seen, bool *tell)
{
    hub_alert a;
    int64_t closed = 0;
    int32_t flaps = 0;
    plt_status s = w->s->people->within(w->s, w->rule->tenant_id, seen->tenant_id);
    if (s == PLT_NOTFOUND) return PLT_OK; /* its tenant moved away since the look: not this rule's any more */
    if (s == PLT_OK) s = ops_of(w->s)->live_find(w->s, seen->rule, seen->subject, &a);
    if (s == PLT_NOTFOUND) {
        a = *seen;
        a.no = 0;
        s = ops_of(w->s)->last_closed(w->s, seen->rule, seen->subject, &closed, &flaps);
        hub_alert_begin(&a.state, closed, flaps, w->now);
    }
    if (s != PLT_OK && s != PLT_NOTFOUND) return s;
    hub_turn turn = hub_alert_step(&a.state, &w->rule->rule.hold, seen->look, w->now);
    if (a.state.phase == HUB_ALERT_NONE && !a.no) return PLT_OK;
    if (seen->look != HUB_LOOK_UNKNOWN) {
        a.look = seen->look;
        a.value = seen->value;
        memcpy(a.detail, seen->detail, sizeof a.detail);
        memcpy(a.label, seen->label, sizeof a.label);
        memcpy(a.place, seen->place, sizeof a.place);
    }
    return write_turn(w->s, &a, turn, tell);
}

/* The gate as the store has it now: another hub may have moved it. */
static plt_status wait_at_gate(hub_store *s, const char *rule, int64_t now)
{
    hub_rule_row r;
    plt_status status = ops_of(s)->rule_get(s, HUB_OPERATOR, rule, &r);
    if (status == PLT_NOTFOUND) return PLT_OK;
    if (status != PLT_OK || !r.rule.channel_count || r.gate.first) return status;
    hub_gate_wait(&r.gate, now);
    return ops_of(s)->gate_put(s, rule, &r.gate, r.number);
}

static plt_status finish(hub_store *s, plt_status status)
{
    if (status == PLT_OK) return s->ops->commit(s);
    s->ops->rollback(s);
    return status;
}

static void write_turned(hub_watch *w)
{
    bool tell = false;
    if (w->status != PLT_OK || !w->turned_n) return;
    w->status = w->s->ops->begin(w->s);
    if (w->status != PLT_OK) return;
    plt_status s = PLT_OK;
    for (size_t i = 0; s == PLT_OK && i < w->turned_n; i++) s = turn_again(w, &w->turned[i], &tell);
    if (s == PLT_OK && tell) s = wait_at_gate(w->s, w->rule->id, w->now);
    w->status = finish(w->s, s);
    w->turned_n = 0;
}

static int by_subject(const void *key, const void *row)
{
    return strcmp(key, ((const hub_alert *)row)->subject);
}

void hub_watch_take(hub_watch *w, const hub_alert *seen)
{
    hub_alert *a = w->live_n ? bsearch(seen->subject, w->live, w->live_n, sizeof *a, by_subject) : NULL;
    if (a) {
        hub_alert_state was = a->state;
        w->met[a - w->live] = true;
        hub_turn turn = hub_alert_step(&was, &w->rule->rule.hold, seen->look, w->now);
        bool same = turn == HUB_TURN_NONE && was.phase == a->state.phase && seen->look == a->look && seen->value == a->value;
        if (same || (seen->look == HUB_LOOK_UNKNOWN && turn == HUB_TURN_NONE)) return;
    } else if (seen->look != HUB_LOOK_ON) {
        return;
    }
    w->turned[w->turned_n++] = *seen;
    if (w->turned_n == TURNED_MAX) write_turned(w);
}

/* What the rule no longer finds (merged, revoked, out of its scope) is over. */
static void end_missing(hub_watch *w)
{
    for (size_t i = 0; w->status == PLT_OK && i < w->live_n; i++) {
        if (w->met[i]) continue;
        hub_alert gone = w->live[i];
        gone.look = HUB_LOOK_OFF;
        hub_watch_take(w, &gone);
    }
}

static bool note_live(void *ctx, const hub_alert *a)
{
    hub_watch *w = ctx;
    if (w->live_n == LIVE_MAX) return false;
    hub_alert *more = plt_room(w->live, w->live_n, &w->live_room, sizeof *more);
    if (!more) {
        w->status = PLT_NOMEM;
        return false;
    }
    w->live = more;
    w->live[w->live_n++] = *a;
    return true;
}

static plt_status look_at_rule(hub_store *s, const hub_rule_row *r, int64_t since, int64_t now)
{
    hub_watch w = {.s = s, .rule = r, .now = now};
    w.turned = calloc(TURNED_MAX, sizeof *w.turned);
    if (!w.turned) return PLT_NOMEM;
    plt_status status = ops_of(s)->live(s, r->id, note_live, &w);
    if (w.status == PLT_OK) w.status = status;
    w.met = calloc(w.live_n + 1, sizeof *w.met);
    if (!w.met) w.status = PLT_NOMEM;
    if (w.status == PLT_OK) hub_watch_facts(&w, since);
    if (w.status == PLT_OK && !since) end_missing(&w);
    write_turned(&w);
    free(w.live);
    free(w.met);
    free(w.turned);
    return w.status;
}

static bool spans(hub_span span, hub_alert_kind kind)
{
    return span == HUB_SPAN_ALL || (span == HUB_SPAN_NEWS) == (kind < HUB_ALERT_AGENT);
}

plt_status hub_alerts_look(hub_store *s, hub_span span, int64_t since, int64_t now)
{
    rules l;
    if (span != HUB_SPAN_NEWS) since = 0;
    plt_status status = load_rules(s, &l);
    for (size_t i = 0; status == PLT_OK && i < l.n; i++)
        if (l.r[i].rule.enabled && spans(span, l.r[i].rule.kind)) status = look_at_rule(s, &l.r[i], since, now);
    free(l.r);
    return status;
}

/* ---- time alone ---- */

typedef struct due_list {
    hub_alert *a;
    size_t n;
} due_list;

static bool note_due(void *ctx, const hub_alert *a)
{
    due_list *l = ctx;
    l->a[l->n++] = *a;
    return true;
}

static plt_status tick_one(hub_store *s, const hub_alert *a, int64_t now)
{
    hub_rule_row r;
    hub_watch w = {.s = s, .rule = &r, .now = now};
    bool tell = false;
    plt_status status = s->ops->begin(s);
    if (status != PLT_OK) return status;
    status = ops_of(s)->rule_get(s, HUB_OPERATOR, a->rule, &r);
    if (status == PLT_NOTFOUND) { /* its rule is not readable here, or gone: nobody asks for it any more */
        status = ops_of(s)->close_all(s, a->rule, now);
    } else if (status == PLT_OK) {
        status = turn_again(&w, a, &tell);
        if (status == PLT_OK && tell) status = wait_at_gate(s, a->rule, now);
    }
    return finish(s, status);
}

plt_status hub_alerts_tick(hub_store *s, int64_t now)
{
    due_list l = {.a = calloc(DUE_MAX, sizeof *l.a)};
    if (!l.a) return PLT_NOMEM;
    plt_status status = ops_of(s)->due(s, now, DUE_MAX, note_due, &l);
    for (size_t i = 0; status == PLT_OK && i < l.n; i++) status = tick_one(s, &l.a[i], now);
    free(l.a);
    return status;
}

/* ---- messages ---- */

typedef struct message {
    hub_store *s;
    const hub_rule_row *rule;
    plt_buf body;
    int64_t listed, opened, closed, no[TOLD_MAX], told[TOLD_MAX];
    size_t n;
} message;

static void put_alert(plt_buf *b, const hub_alert *a, bool over)
{
    plt_json_comma(b);
    plt_buf_byte(b, '{');
    plt_json_count(b, "alert", a->no);
    plt_json_text(b, "event", over ? "closed" : "opened");
    plt_json_text(b, "label", a->label);
    plt_json_text(b, "place", a->place);
    plt_json_text(b, "tenant", a->tenant);
    hub_json_time(b, "since", a->state.since);
    hub_json_time(b, "closed", over ? a->closed : 0);
    plt_json_count(b, "device", a->device ? a->device : -1);
    plt_json_text(b, "agent", a->agent);
    plt_json_count(b, "value", a->value);
    plt_json_key(b, "detail");
    plt_buf_text(b, *a->detail ? a->detail : "{}");
    plt_buf_byte(b, '}');
}

static bool note_told(void *ctx, const hub_alert *a)
{
    message *m = ctx;
    bool over = a->state.phase == HUB_ALERT_CLOSED;
    m->no[m->n] = a->no;
    m->told[m->n++] = over ? HUB_TOLD_OVER : HUB_TOLD_OPEN;
    if (over && !m->rule->rule.tell_closed) return true;
    m->opened += !over;
    m->closed += over;
    if (m->listed == LISTED_MAX) return true;
    m->listed++;
    put_alert(&m->body, a, over);
    return true;
}

static void begin_body(message *m)
{
    plt_buf_byte(&m->body, '{');
    plt_json_text(&m->body, "rule", m->rule->rule.name);
    plt_json_text(&m->body, "rule_id", m->rule->id);
    plt_json_text(&m->body, "kind", hub_alert_kind_word(m->rule->rule.kind));
    plt_json_key(&m->body, "alerts");
    plt_buf_byte(&m->body, '[');
}

static void end_body(message *m, int64_t now)
{
    plt_buf_byte(&m->body, ']');
    plt_json_count(&m->body, "opened", m->opened);
    plt_json_count(&m->body, "closed", m->closed);
    plt_json_count(&m->body, "more", m->opened + m->closed - m->listed);
    hub_json_time(&m->body, "at", now);
    plt_buf_byte(&m->body, '}');
}

/* One delivery a webhook, one an address: a refused address holds up no other. */
static plt_status put_deliveries(message *m, const hub_channel *c, int64_t number, int64_t now, int64_t *made)
{
    hub_delivery d = {.tenant_id = m->rule->tenant_id, .created = now};
    const char *p = c->target;
    plt_status status = PLT_OK;
    plt_copy(d.rule, sizeof d.rule, m->rule->id);
    plt_copy(d.channel, sizeof d.channel, c->id);
    for (int i = 0; status == PLT_OK && *p && i < HUB_TARGETS_MAX; i++) {
        size_t n = c->kind == HUB_CHANNEL_MAIL ? strcspn(p, ",") : strlen(p);
        if (n >= sizeof d.target) return PLT_BAD;
        memcpy(d.target, p, n);
        d.target[n] = 0;
        p += n + (p[n] == ',');
        snprintf(d.key, sizeof d.key, "%s-%lld-%.8s-%d", d.rule, (long long)number, d.channel, i);
        status = ops_of(m->s)->delivery_add(m->s, &d, plt_buf_str(&m->body));
        *made += status == PLT_OK;
    }
    return status;
}

static plt_status deliver_to_all(message *m, int64_t number, int64_t now, int64_t *made)
{
    plt_status status = PLT_OK;
    for (size_t i = 0; status == PLT_OK && i < m->rule->rule.channel_count; i++) {
        hub_channel c;
        status = ops_of(m->s)->channel_get(m->s, HUB_OPERATOR, m->rule->rule.channels[i], &c);
        if (status == PLT_OK && c.enabled) status = put_deliveries(m, &c, number, now, made);
        if (status == PLT_NOTFOUND) status = PLT_OK;
    }
    return status;
}

/* Inside the transaction, with the gate as it is now. */
static plt_status speak_rule(hub_store *s, hub_rule_row *r, message *m, int64_t now, int64_t *made)
{
    if (!hub_gate_open(&r->gate, &r->rule.gate, now)) return PLT_OK;
    begin_body(m);
    plt_status status = ops_of(s)->to_tell(s, r->id, TOLD_MAX, note_told, m);
    end_body(m, now);
    if (status == PLT_OK && m->body.status != PLT_OK) status = m->body.status;
    for (size_t i = 0; status == PLT_OK && i < m->n; i++) status = ops_of(s)->told(s, m->no[i], m->told[i]);
    if (status != PLT_OK) return status;
    bool says = m->opened + m->closed > 0;
    if (says) status = deliver_to_all(m, r->number + 1, now, made);
    if (says)
        hub_gate_went(&r->gate, now);
    else
        r->gate.first = 0; /* it was over, or taken, before its time came */
    if (m->n == TOLD_MAX) hub_gate_wait(&r->gate, now);
    return status == PLT_OK ? ops_of(s)->gate_put(s, r->id, &r->gate, r->number + says) : status;
}

static plt_status speak_one(hub_store *s, const hub_rule_row *seen, int64_t now, int64_t *made)
{
    hub_rule_row r;
    message *m = calloc(1, sizeof *m);
    if (!m) return PLT_NOMEM;
    plt_buf_init(&m->body, BODY_MAX * 2);
    m->s = s;
    m->rule = &r;
    plt_status status = s->ops->begin(s);
    if (status == PLT_OK) {
        status = ops_of(s)->rule_get(s, HUB_OPERATOR, seen->id, &r);
        if (status == PLT_OK) status = speak_rule(s, &r, m, now, made);
        status = finish(s, status == PLT_NOTFOUND ? PLT_OK : status);
    }
    plt_buf_free(&m->body);
    free(m);
    return status;
}

plt_status hub_alerts_speak(hub_store *s, int64_t now, int64_t *made)
{
    rules l;
    *made = 0;
    plt_status status = load_rules(s, &l);
    for (size_t i = 0; status == PLT_OK && i < l.n; i++)
        if (l.r[i].rule.enabled && hub_gate_open(&l.r[i].gate, &l.r[i].rule.gate, now)) status = speak_one(s, &l.r[i], now, made);
    free(l.r);
    return status;
}
