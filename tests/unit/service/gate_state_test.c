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

#include "service/gate_state.h"

/* Who has the file, by its name. */
enum { FILE_NONE, FILE_JOB, FILE_OUT, FILE_HELD };
/* The monitor's first job. */
enum { MON_WRITES, MON_WAITS, MON_CLAIMED_PRINT, MON_CLAIMED_DROP, MON_TOLD_PRINTED, MON_TOLD_REFUSED, MON_GONE, MON_DEAD };
/* What the service has said to it. */
enum { RULED_NOT, RULED_RELEASE, RULED_DROP, RULED_TAKEN };
/* A copy that was given to the spooler. */
enum { COPY_NONE, COPY_PARTLY, COPY_WHOLE, COPY_AT_MONITOR, COPY_PRINTED_UNTOLD, COPY_REFUSED, COPY_DONE };
#define COPIES 2
/* What its journal says. */
enum { TOLD = 1, TOLD_NOTHING = 2 };

/* One state of everything. Only chars: two equal worlds have equal bytes. */
typedef struct world {
    unsigned char file, monitor, ruled, pipe; /* pipe: of the first job, to this run of the service */
    unsigned char up;                         /* the service runs */
    unsigned char row;                        /* gate_state on disk; GATE_NONE: no row */
    unsigned char open_row;                   /* the row of a job under way */
    unsigned char journal;                    /* 1: printed, 2: refused, in the journal of the first job */
    unsigned char handing;                    /* the hander's thread is at the spooler with copy `current` */
    unsigned char before;                     /* an earlier run was */
    unsigned char copy[COPIES], copy_journal[COPIES], copy_pipe[COPIES], current, made;
    unsigned char printed, recorded, asked, answered, crashes, kills;
    unsigned char lost; /* the job ended although nobody said so: must stay 0 */
} world;

static gate_traits traits;
static int plan; /* what the rules say when the job is whole: RULED_... */
static bool port_refuses;

#define MOST_CRASHES 3
#define MOST_KILLS 2

static void record(world *w)
{
    /* UNIQUE(uid) in the ledger: a second record of the same uid is none. What is checked is that nobody relies on it but for the same job. */
    if (!w->recorded) w->recorded = 1;
    w->open_row = 0;
}

/* The table's answer, carried out as the desk does. False: the table has no such row. */
static bool step(world *w, gate_event e)
{
    gate_step s = gate_next((gate_state)w->row, e, traits);
    if (!s.known) return false;
    if (s.todo & GATE_DO_GIVE_BACK) w->open_row = 1;
    if (s.todo & GATE_DO_RECORDS) record(w);
    if (s.todo & GATE_DO_ASK) w->asked++;
    if (s.todo & GATE_DO_TOKEN && e != GATE_E_HAND) w->current = COPIES; /* what is in the spooler is nobody's */
    if (s.todo & GATE_DO_PRINT) {
        w->current = w->made;
        w->handing = 1;
    }
    w->row = (unsigned char)s.next;
    if (s.next == GATE_OVER) w->file = FILE_NONE;
    return true;
}

/* ---- the moves: each changes *w and gives true, or cannot be made ---- */

static bool monitor_closes(world *w) /* the job is whole: GATED */
{
    if (w->monitor != MON_WRITES) return false;
    w->monitor = MON_WAITS;
    return true;
}

static bool service_takes(world *w) /* the row is on disk, that of the open job is gone */
{
    if (!w->up || !w->pipe || w->monitor != MON_WAITS || w->ruled || plan != RULED_TAKEN || w->row != GATE_NONE || w->file != FILE_JOB) return false;
    w->row = GATE_TAKING;
    w->open_row = 0;
    return true;
}

static bool service_renames(world *w) /* at once, or the looker of a later run */
{
    if (!w->up || w->row != GATE_TAKING || w->file != FILE_JOB) return false;
    w->file = FILE_HELD;
    return true;
}

static bool service_knows_ours(world *w)
{
    return w->up && w->row == GATE_TAKING && w->file == FILE_HELD && step(w, GATE_E_OURS);
}

static bool service_knows_theirs(world *w)
{
    return w->up && w->row == GATE_TAKING && w->file != FILE_JOB && w->file != FILE_HELD && step(w, GATE_E_THEIRS);
}

static bool service_rules(world *w)
{
    if (!w->up || !w->pipe || w->monitor != MON_WAITS || w->ruled) return false;
    if (plan == RULED_TAKEN && (w->file != FILE_HELD || w->row == GATE_TAKING)) return false;
    w->ruled = (unsigned char)plan;
    return true;
}

static bool monitor_hears(world *w)
{
    if (w->monitor != MON_WAITS || !w->ruled || !w->pipe) return false;
    if (w->ruled == RULED_TAKEN) {
        w->monitor = MON_GONE;
        return true;
    }
    w->file = FILE_OUT;
    w->monitor = w->ruled == RULED_RELEASE ? MON_CLAIMED_PRINT : MON_CLAIMED_DROP;
    return true;
}

/* No answer in time, or the pipe broke: the name decides. */
static bool monitor_gives_up(world *w)
{
    if (w->monitor != MON_WAITS) return false;
    w->pipe = 0;
    if (w->file != FILE_JOB) {
        w->monitor = MON_GONE;
        return true;
    }
    w->file = FILE_OUT;
    w->monitor = port_refuses ? MON_CLAIMED_DROP : MON_CLAIMED_PRINT;
    return true;
}

static bool monitor_ends(world *w)
{
    if (w->monitor != MON_CLAIMED_PRINT && w->monitor != MON_CLAIMED_DROP) return false;
    w->printed += w->monitor == MON_CLAIMED_PRINT;
    w->monitor = w->monitor == MON_CLAIMED_PRINT ? MON_TOLD_PRINTED : MON_TOLD_REFUSED;
    w->file = FILE_NONE;
    return true;
}

static bool monitor_tells(world *w) /* END and DONE, else the journal */
{
    if (w->monitor != MON_TOLD_PRINTED && w->monitor != MON_TOLD_REFUSED) return false;
    if (w->pipe && w->up)
        record(w);
    else
        w->journal = w->monitor == MON_TOLD_PRINTED ? 1 : 2;
    w->monitor = MON_GONE;
    return true;
}

static bool monitor_is_killed(world *w)
{
    if (w->kills == MOST_KILLS || w->monitor == MON_GONE || w->monitor == MON_DEAD) return false;
    w->kills++;
    w->pipe = 0;
    w->monitor = MON_DEAD;
    return true;
}

/* Its process is gone, no journal, not the desk's: recorded as aborted. The file is a stray. */
static bool service_finds_it_dead(world *w)
{
    if (!w->up || w->monitor != MON_DEAD || !w->open_row || w->row != GATE_NONE) return false;
    record(w);
    return true;
}

static bool service_tidies(world *w)
{
    if (!w->up || w->monitor != MON_DEAD || w->row != GATE_NONE || (w->file != FILE_JOB && w->file != FILE_OUT)) return false;
    w->file = FILE_NONE;
    return true;
}

static bool service_imports(world *w)
{
    if (!w->up || !w->journal || (w->row != GATE_NONE && w->row != GATE_OVER)) return false;
    record(w);
    w->journal = 0;
    return true;
}

static bool service_is_killed(world *w)
{
    if (!w->up || w->crashes == MOST_CRASHES) return false;
    w->up = 0;
    w->pipe = 0;
    w->before = w->row == GATE_HANDING;
    w->crashes++;
    w->handing = 0;
    for (int i = 0; i < COPIES; i++) w->copy_pipe[i] = 0;
    return true;
}

static bool service_starts(world *w)
{
    if (w->up) return false;
    w->up = 1;
    if (w->recorded && w->row != GATE_NONE) w->row = GATE_OVER;
    if (w->row == GATE_OVER) w->file = w->file == FILE_HELD ? FILE_NONE : w->file;
    return true;
}

/* ---- persons and deadlines ---- */

static bool says_yes(world *w)
{
    if (!w->up || w->row != GATE_ASKED || !step(w, GATE_E_PRINT)) return false;
    w->answered++;
    return true;
}

static bool says_no(world *w)
{
    return w->up && w->row == GATE_ASKED && step(w, GATE_E_CANCEL);
}

static bool is_late(world *w)
{
    return w->up && (w->row == GATE_ASKED || w->row == GATE_HELD) && step(w, GATE_E_LATE);
}

static bool releases(world *w)
{
    return w->up && w->row == GATE_HELD && step(w, GATE_E_RELEASE);
}

static bool deletes(world *w)
{
    return w->up && step(w, GATE_E_DELETE);
}

/* ---- the way back to a printer ---- */

static bool hands(world *w)
{
    if (!w->up || w->row != GATE_READY || w->handing || w->made == COPIES) return false;
    if (!step(w, GATE_E_HAND)) return false;
    w->copy[w->made++] = COPY_PARTLY;
    return true;
}

static bool hander_done(world *w)
{
    if (!w->up || !w->handing) return false;
    w->handing = 0;
    unsigned char *c = &w->copy[w->made - 1];
    if (*c == COPY_PARTLY) *c = COPY_WHOLE;
    step(w, GATE_E_HANDED);
    return true;
}

/* The spooler does not take it, and is told to forget it, which it may not do. */
static bool hander_refused(world *w)
{
    if (!w->up || !w->handing) return false;
    w->handing = 0;
    if (w->copy[w->made - 1] == COPY_PARTLY)
        w->before = 1; /* asked again until the spooler does not have it */
    else
        step(w, GATE_E_NOT_NOW);
    return true;
}

static bool hander_refused_cleanly(world *w)
{
    if (!w->up || !w->handing || w->copy[w->made - 1] != COPY_PARTLY) return false;
    w->copy[w->made - 1] = COPY_NONE;
    return hander_refused(w);
}

static bool never(world *w) /* no more tries */
{
    return w->up && w->row == GATE_READY && w->made == COPIES && step(w, GATE_E_NEVER);
}

/* The spooler does not have the present copy, and no journal waits. */
static bool gone(const world *w)
{
    bool no_journal = w->current < COPIES;
    for (int i = 0; i < COPIES; i++)
        no_journal = no_journal && !w->copy_journal[i] && w->copy[i] != COPY_AT_MONITOR && w->copy[i] != COPY_PRINTED_UNTOLD;
    return no_journal && (w->copy[w->current] == COPY_NONE || w->copy[w->current] == COPY_REFUSED);
}

static bool lost(world *w)
{
    if (!w->up || w->row != GATE_HANDING || !w->before || !gone(w)) return false;
    w->before = 0;
    return step(w, GATE_E_LOST);
}

static bool nobody_will_tell(world *w)
{
    if (!w->up || w->row != GATE_PRINTING || w->current >= COPIES || w->copy[w->current] != COPY_DONE || w->copy_journal[w->current]) return false;
    return step(w, GATE_E_LATE);
}

static bool deleted_from_queue(world *w)
{
    return w->up && w->row == GATE_SPOOLED && gone(w) && step(w, GATE_E_LATE);
}

static bool administrator_deletes(world *w, int i)
{
    if (w->copy[i] != COPY_WHOLE) return false;
    w->copy[i] = COPY_NONE;
    return true;
}

/* The spooler drops a copy whose client went away before it was whole. */
static bool spooler_drops(world *w, int i)
{
    if (w->copy[i] != COPY_PARTLY || (w->handing && i == w->made - 1)) return false;
    w->copy[i] = COPY_NONE;
    return true;
}

/* StartDocPort of a copy. Its title has its token. */
static bool copy_begins(world *w, int i)
{
    if (w->copy[i] != COPY_PARTLY && w->copy[i] != COPY_WHOLE) return false;
    if (!w->up) { /* the port's rule */
        w->copy[i] = port_refuses ? COPY_REFUSED : COPY_AT_MONITOR;
        if (port_refuses) w->copy_journal[i] = TOLD_NOTHING;
        return true;
    }
    if (w->current != i || w->row == GATE_OVER || !step(w, GATE_E_BEGIN)) {
        w->copy[i] = COPY_REFUSED;
        return true;
    }
    w->copy[i] = COPY_AT_MONITOR;
    w->copy_pipe[i] = 1;
    return true;
}

static bool copy_prints(world *w, int i)
{
    if (w->copy[i] != COPY_AT_MONITOR || (w->handing && i == w->made - 1)) return false;
    w->printed++;
    w->copy[i] = COPY_PRINTED_UNTOLD;
    return true;
}

/* Its printer is not there: nothing is taken. */
static bool copy_finds_no_printer(world *w, int i)
{
    if (w->copy[i] != COPY_AT_MONITOR || (w->handing && i == w->made - 1)) return false;
    w->copy[i] = COPY_REFUSED;
    if (w->up && w->copy_pipe[i])
        step(w, GATE_E_LOST);
    else
        w->copy_journal[i] = TOLD_NOTHING;
    return true;
}

/* END of a copy: by pipe if this run of the service began it, else by the journal. */
static bool copy_tells(world *w, int i)
{
    if (w->copy[i] != COPY_PRINTED_UNTOLD) return false;
    if (w->up && w->copy_pipe[i])
        step(w, GATE_E_END);
    else
        w->copy_journal[i] = TOLD;
    w->copy[i] = COPY_DONE;
    return true;
}

/* The spooler is killed while it prints one: the open row or the journal tells of it, as aborted. */
static bool copy_is_killed(world *w, int i)
{
    if (w->copy[i] != COPY_AT_MONITOR || w->kills == MOST_KILLS) return false;
    w->kills++;
    w->copy_journal[i] = TOLD;
    w->copy[i] = COPY_DONE;
    return true;
}

/* The same before it told anything to anybody. */
static bool copy_dies_silently(world *w, int i)
{
    if (w->copy[i] != COPY_AT_MONITOR || w->kills == MOST_KILLS || !w->copy_pipe[i]) return false;
    w->kills++;
    w->copy[i] = COPY_DONE;
    return true;
}

static bool copy_imported(world *w, int i)
{
    if (!w->up || !w->copy_journal[i]) return false;
    if (w->current == i) step(w, w->copy_journal[i] == TOLD ? GATE_E_END : GATE_E_LOST);
    w->copy_journal[i] = 0;
    return true;
}

typedef bool (*move)(world *w);
typedef bool (*copy_move)(world *w, int i);
static const move moves[] = {monitor_closes,
                             service_takes,
                             service_renames,
                             service_knows_ours,
                             service_knows_theirs,
                             service_rules,
                             monitor_hears,
                             monitor_gives_up,
                             monitor_ends,
                             monitor_tells,
                             monitor_is_killed,
                             service_finds_it_dead,
                             service_tidies,
                             service_imports,
                             service_is_killed,
                             service_starts,
                             says_yes,
                             says_no,
                             is_late,
                             releases,
                             deletes,
                             hands,
                             hander_done,
                             hander_refused,
                             hander_refused_cleanly,
                             never,
                             lost,
                             deleted_from_queue,
                             nobody_will_tell};
static const copy_move copy_moves[] = {spooler_drops, administrator_deletes, copy_begins,        copy_prints,  copy_finds_no_printer,
                                       copy_tells,    copy_is_killed,        copy_dies_silently, copy_imported};
#define MOVES (sizeof moves / sizeof *moves)
#define COPY_MOVES (sizeof copy_moves / sizeof *copy_moves)

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
    fail_msg("%s (plan %d, hold %d, asks %d, silence %d, port refuses %d)", what, plan, traits.hold, traits.asks, traits.silence, port_refuses);
}

/* Nothing of the job is left anywhere, and it is recorded; or it was never begun for anybody. */
static bool ended(const world *w)
{
    bool copies = true;
    for (int i = 0; i < w->made; i++)
        copies = copies && (w->copy[i] == COPY_NONE || w->copy[i] == COPY_REFUSED || w->copy[i] == COPY_DONE) && !w->copy_journal[i];
    return w->recorded && w->file == FILE_NONE && !w->journal && !w->open_row && (w->row == GATE_NONE || w->row == GATE_OVER) && copies &&
           (w->monitor == MON_GONE || w->monitor == MON_DEAD);
}

static size_t next_of(const world *w, world out[MOVES + COPIES * COPY_MOVES])
{
    size_t n = 0;
    for (size_t m = 0; m < MOVES; m++) {
        out[n] = *w;
        if (moves[m](&out[n])) n++;
    }
    for (size_t m = 0; m < COPY_MOVES; m++)
        for (int i = 0; i < w->made; i++) {
            out[n] = *w;
            if (copy_moves[m](&out[n], i)) n++;
        }
    return n;
}

static void check_world(uint32_t i)
{
    const world *w = &worlds[i];
    check(w->printed <= 1, i, "printed twice");
    check(w->asked <= 1, i, "asked twice");
    check(
        !(w->row != GATE_NONE && w->row != GATE_OVER && w->row != GATE_TAKING && (w->monitor == MON_CLAIMED_PRINT || w->monitor == MON_TOLD_PRINTED)),
        i, "two have the job");
    if (plan == RULED_DROP && !w->crashes && w->pipe) check(w->printed == 0, i, "denied and printed");
}

static uint32_t walk(void)
{
    world first = {.file = FILE_JOB, .monitor = MON_WRITES, .pipe = 1, .up = 1, .row = GATE_NONE, .open_row = 1, .current = COPIES};
    world next[MOVES + COPIES * COPY_MOVES];
    world_count = 0;
    memset(slots, 0xFF, SLOTS * sizeof *slots);
    add(&first, UINT32_MAX);
    for (uint32_t i = 0; i < world_count; i++) {
        check_world(i);
        size_t n = next_of(&worlds[i], next);
        for (size_t k = 0; k < n; k++) add(&next[k], i);
    }
    /* Backwards from the ends: each world must have a way to one. */
    memset(good, 0, world_count);
    for (bool more = true; more;) {
        more = false;
        for (uint32_t i = world_count; i-- > 0;) {
            if (good[i]) continue;
            size_t n = ended(&worlds[i]) ? 0 : next_of(&worlds[i], next);
            bool now = ended(&worlds[i]);
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
    for (plan = RULED_RELEASE; plan <= RULED_TAKEN; plan++)
        for (int t = 0; t < (plan == RULED_TAKEN ? 8 : 1); t++)
            for (int p = 0; p < 2; p++) {
                traits = (gate_traits){t & 1, (t & 2) != 0, (t & 4) != 0};
                port_refuses = p;
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
    for (int t = 0; t < 8; t++) {
        traits = (gate_traits){t & 1, (t & 2) != 0, (t & 4) != 0};
        for (int s = 0; s < GATE_STATES; s++)
            for (int e = 0; e < GATE_EVENTS; e++) {
                gate_step n = gate_next((gate_state)s, (gate_event)e, traits);
                assert_true((unsigned)n.next < GATE_STATES);
                if (!n.known) assert_true(n.next == (gate_state)s && n.todo == 0);
                if (s == GATE_OVER || s == GATE_NONE) assert_false(n.known);
                assert_int_equal((n.todo & GATE_DO_RECORDS) != 0, n.known && n.next == GATE_OVER);
                if (n.todo & GATE_DO_PRINT) assert_true(n.next == GATE_HANDING && n.todo & GATE_DO_TOKEN);
                if (n.todo & GATE_DO_ASK) assert_true(traits.asks && (s == GATE_TAKING || s == GATE_HELD));
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
