/* SPDX-License-Identifier: Apache-2.0 */
/* The table of service/gate_state.h. A row that is not here does nothing. */
#include "service/gate_state.h"

#include <stddef.h>

/* In place of a next state: it depends on the traits. */
enum { FIRST = 100, AFTER_HOLD, AFTER_SILENCE, AFTER_ANSWER };

static const struct row {
    gate_state from;
    gate_event event;
    int next;
    uint32_t todo;
} rows[] = {
    {GATE_TAKING, GATE_E_OURS, FIRST, 0},
    {GATE_TAKING, GATE_E_THEIRS, GATE_NONE, GATE_DO_GIVE_BACK},
    {GATE_HELD, GATE_E_RELEASE, AFTER_HOLD, 0},
    {GATE_HELD, GATE_E_DELETE, GATE_OVER, GATE_DO_CANCELLED},
    {GATE_HELD, GATE_E_LATE, GATE_OVER, GATE_DO_CANCELLED},
    {GATE_ASKED, GATE_E_PRINT, AFTER_ANSWER, 0},
    {GATE_ASKED, GATE_E_RELEASE, AFTER_ANSWER, 0}, /* "print it" in the list of jobs is an answer too */
    {GATE_ASKED, GATE_E_CANCEL, GATE_OVER, GATE_DO_CANCELLED},
    {GATE_ASKED, GATE_E_DELETE, GATE_OVER, GATE_DO_CANCELLED},
    {GATE_ASKED, GATE_E_LATE, AFTER_SILENCE, 0},
    {GATE_CHARGING, GATE_E_GO, GATE_READY, 0}, /* nobody else ends this state: units are being taken for the job */
    {GATE_CHARGING, GATE_E_REFUSE, GATE_OVER, GATE_DO_REFUSED},
    {GATE_CHARGING, GATE_E_KEEP, GATE_HELD, 0},
    {GATE_READY, GATE_E_HAND, GATE_HANDING, GATE_DO_TOKEN | GATE_DO_PRINT},
    {GATE_READY, GATE_E_DELETE, GATE_OVER, GATE_DO_CANCELLED},
    {GATE_READY, GATE_E_NEVER, GATE_OVER, GATE_DO_FAILED},
    {GATE_HANDING, GATE_E_HANDED, GATE_SPOOLED, 0},
    {GATE_HANDING, GATE_E_FOREIGN, GATE_OVER, GATE_DO_PRINTED},
    {GATE_HANDING, GATE_E_NOT_NOW, GATE_READY, GATE_DO_TOKEN}, /* a part of it may be in the spooler yet: it is another job's from now on */
    {GATE_HANDING, GATE_E_NEVER, GATE_OVER, GATE_DO_FAILED},
    {GATE_HANDING, GATE_E_BEGIN, GATE_PRINTING, 0},
    {GATE_HANDING, GATE_E_END, GATE_OVER, GATE_DO_AS_TOLD}, /* it began while the service was away */
    {GATE_HANDING, GATE_E_LOST, GATE_READY, GATE_DO_TOKEN},
    {GATE_HANDING, GATE_E_LATE, GATE_OVER, GATE_DO_FAILED},
    {GATE_SPOOLED, GATE_E_BEGIN, GATE_PRINTING, 0},
    {GATE_SPOOLED, GATE_E_END, GATE_OVER, GATE_DO_AS_TOLD},
    {GATE_SPOOLED, GATE_E_LOST, GATE_READY, GATE_DO_TOKEN}, /* refused by the port while the service was away */
    {GATE_SPOOLED, GATE_E_LATE, GATE_OVER, GATE_DO_FAILED},
    {GATE_PRINTING, GATE_E_HANDED, GATE_PRINTING, 0}, /* the spooler prints while it spools */
    {GATE_PRINTING, GATE_E_FOREIGN, GATE_PRINTING, 0},
    {GATE_PRINTING, GATE_E_NOT_NOW, GATE_PRINTING, 0},       /* the monitor will tell how it ended */
    {GATE_PRINTING, GATE_E_LOST, GATE_READY, GATE_DO_TOKEN}, /* the printer was not there: it took nothing */
    {GATE_PRINTING, GATE_E_LATE, GATE_OVER, GATE_DO_FAILED}, /* nobody will tell: some of it may be on paper, so not again */
    {GATE_PRINTING, GATE_E_END, GATE_OVER, GATE_DO_AS_TOLD},
};

static gate_step settle(const struct row *r, gate_traits t)
{
    gate_step s = {true, (gate_state)r->next, r->todo};
    if (r->next == FIRST && t.hold)
        s.next = GATE_HELD;
    else if (r->next == FIRST || r->next == AFTER_HOLD)
        s.next = t.asks ? GATE_ASKED : GATE_READY;
    if (r->next == AFTER_SILENCE && t.silence) {
        s.next = GATE_OVER;
        s.todo |= GATE_DO_CANCELLED;
    }
    if (r->next == AFTER_ANSWER || (r->next == AFTER_SILENCE && !t.silence)) s.next = t.charges ? GATE_CHARGING : GATE_READY;
    if (s.next == GATE_ASKED && r->from != GATE_ASKED) s.todo |= GATE_DO_ASK;
    return s;
}

gate_step gate_next(gate_state from, gate_event e, gate_traits t)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].from == from && rows[i].event == e) return settle(&rows[i], t);
    return (gate_step){false, from, 0};
}

const char *gate_state_name(gate_state s)
{
    static const char *const names[GATE_STATES] = {"taking", "held", "asked", "ready", "handing", "spooled", "printing", "over", "none", "charging"};
    return (unsigned)s < GATE_STATES ? names[s] : "";
}
