/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every order of events around one gated job: monitor, service, its desk, the spooler, a person and the printer, each of which may act or be killed
 * at every step. The service's part is the product's table (service/gate_state.c); the rest is a small model of what docs/enforcement.md says of it.
 * All reachable worlds are walked; in each it is checked that the job was printed at most once, recorded at most once and asked for at most once,
 * and from each that an end can be reached in which it is recorded and nothing of it is left.
 */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gate_world.h"

/* ---- the walk ---- */

#define WORLDS_MOST (1u << 21)
#define SLOTS (1u << 22)

static world *worlds;
static uint32_t *parent, *slots;
static uint32_t world_count;
static unsigned char *good; /* an end can be reached from here */

static uint32_t find(const world *w)
{
    uint64_t h = 1469598103934665603u;
    for (size_t i = 0; i < sizeof *w; i++) h = (h ^ ((const unsigned char *)w)[i]) * 1099511628211u;
    uint32_t at = (uint32_t)(h ^ h >> 32) % SLOTS;
    while (slots[at] != UINT32_MAX && memcmp(&worlds[slots[at]], w, sizeof *w) != 0) at = (at + 1) % SLOTS;
    return at;
}

static uint32_t add(const world *w, uint32_t from)
{
    uint32_t at = find(w);
    if (slots[at] != UINT32_MAX) return slots[at];
    assert_true(world_count < WORLDS_MOST);
    worlds[world_count] = *w;
    parent[world_count] = from;
    return slots[at] = world_count++;
}

static void tell(uint32_t i)
{
    if (parent[i] != UINT32_MAX) tell(parent[i]);
    const world *w = &worlds[i];
    printf("file %d monitor %d ruled %d up %d row %s open %d journal %d copies %d/%d,%d/%d current %d printed %d recorded %d asked %d\n", w->file,
           w->monitor, w->ruled, w->up, gate_state_name((gate_state)w->row), w->open_row, w->journal, w->copy[0], w->copy_journal[0], w->copy[1],
           w->copy_journal[1], w->current, w->printed, w->recorded, w->asked);
}

static void check(bool ok, uint32_t i, const char *what)
{
    if (ok) return;
    tell(i);
    fail_msg("%s (plan %d, hold %d, asks %d, silence %d, charges %d, port refuses %d)", what, rules.plan, rules.traits.hold, rules.traits.asks,
             rules.traits.silence, rules.traits.charges, rules.port_refuses);
}

static void check_world(uint32_t i)
{
    const world *w = &worlds[i];
    check(w->printed <= 1, i, "printed twice");
    check(w->asked <= 1, i, "asked twice");
    check(!w->refused || !w->printed, i, "refused when its account was known, and printed");
    check(!w->refused || (w->recorded && w->row == GATE_OVER), i, "refused and not over");
    check(w->row != GATE_CHARGING || (rules.traits.charges && w->asked), i, "charged without having been asked");
    check(
        !(w->row != GATE_NONE && w->row != GATE_OVER && w->row != GATE_TAKING && (w->monitor == MON_CLAIMED_PRINT || w->monitor == MON_TOLD_PRINTED)),
        i, "two have the job");
    if (rules.plan == RULED_DROP && !w->crashes && w->pipe) check(w->printed == 0, i, "denied and printed");
}

static uint32_t walk(void)
{
    world first = {.file = FILE_JOB, .monitor = MON_WRITES, .pipe = 1, .up = 1, .row = GATE_NONE, .open_row = 1, .current = COPIES};
    world next[WORLD_NEXT_MOST];
    world_count = 0;
    memset(slots, 0xFF, SLOTS * sizeof *slots);
    add(&first, UINT32_MAX);
    for (uint32_t i = 0; i < world_count; i++) {
        check_world(i);
        size_t n = world_next(&worlds[i], next);
        for (size_t k = 0; k < n; k++) add(&next[k], i);
    }
    /* Backwards from the ends: each world must have a way to one. */
    memset(good, 0, world_count);
    for (bool more = true; more;) {
        more = false;
        for (uint32_t i = world_count; i-- > 0;) {
            if (good[i]) continue;
            size_t n = world_ended(&worlds[i]) ? 0 : world_next(&worlds[i], next);
            bool now = world_ended(&worlds[i]);
            for (size_t k = 0; k < n && !now; k++) now = good[slots[find(&next[k])]];
            good[i] = now;
            more = more || now;
        }
    }
    for (uint32_t i = 0; i < world_count; i++) check(good[i], i, "no way to an end");
    return world_count;
}

static void every_order_of_events(void **state)
{
    (void)state;
    uint64_t all = 0;
    worlds = malloc(WORLDS_MOST * sizeof *worlds);
    parent = malloc(WORLDS_MOST * sizeof *parent);
    slots = malloc(SLOTS * sizeof *slots);
    good = malloc(WORLDS_MOST);
    assert_true(worlds && parent && slots && good);
    for (rules.plan = RULED_RELEASE; rules.plan <= RULED_TAKEN; rules.plan++)
        for (int t = 0; t < (rules.plan == RULED_TAKEN ? 16 : 1); t++)
            for (int p = 0; p < 2; p++) {
                rules.traits = (gate_traits){t & 1, (t & 2) != 0, (t & 4) != 0, (t & 8) != 0};
                rules.port_refuses = p;
                all += walk();
            }
    printf("%llu worlds\n", (unsigned long long)all);
    free(worlds);
    free(parent);
    free(slots);
    free(good);
}

/* What the table itself must not do, whatever the world. */
static void the_table_is_closed(void **state)
{
    (void)state;
    for (int t = 0; t < 16; t++) {
        rules.traits = (gate_traits){t & 1, (t & 2) != 0, (t & 4) != 0, (t & 8) != 0};
        for (int s = 0; s < GATE_STATES; s++)
            for (int e = 0; e < GATE_EVENTS; e++) {
                gate_step n = gate_next((gate_state)s, (gate_event)e, rules.traits);
                assert_true((unsigned)n.next < GATE_STATES);
                if (!n.known) assert_true(n.next == (gate_state)s && n.todo == 0);
                if (s == GATE_OVER || s == GATE_NONE) assert_false(n.known);
                assert_int_equal((n.todo & GATE_DO_RECORDS) != 0, n.known && n.next == GATE_OVER);
                if (n.todo & GATE_DO_PRINT) assert_true(n.next == GATE_HANDING && n.todo & GATE_DO_TOKEN);
                if (n.todo & GATE_DO_REFUSED) assert_int_equal(s, GATE_CHARGING);
                if (n.known && n.next == GATE_CHARGING) assert_true(s == GATE_ASKED && rules.traits.charges);
                if (s == GATE_ASKED && n.known && rules.traits.charges) assert_int_not_equal(n.next, GATE_READY);
                if (n.todo & GATE_DO_ASK) assert_true(rules.traits.asks && (s == GATE_TAKING || s == GATE_HELD));
                assert_int_equal((n.todo & GATE_DO_GIVE_BACK) != 0, n.known && n.next == GATE_NONE);
            }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_closed),
        cmocka_unit_test(every_order_of_events),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
