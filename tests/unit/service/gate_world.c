/* SPDX-License-Identifier: Apache-2.0 */
/* The moves: each changes the world and gives true, or cannot be made in it. */
#include "gate_world.h"

world_rules rules;

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
    gate_traits t = rules.traits;
    if (w->settled) t = (gate_traits){.hold = true};
    gate_step s = gate_next((gate_state)w->row, e, t);
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
    if (!w->up || !w->pipe || w->monitor != MON_WAITS || w->ruled || rules.plan != RULED_TAKEN || w->row != GATE_NONE || w->file != FILE_JOB)
        return false;
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
    if (rules.plan == RULED_TAKEN && (w->file != FILE_HELD || w->row == GATE_TAKING)) return false;
    w->ruled = (unsigned char)rules.plan;
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
    w->monitor = rules.port_refuses ? MON_CLAIMED_DROP : MON_CLAIMED_PRINT;
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

/* The charger's second ruling, which may come to anything; a service that is killed before it is on disk rules again. */
static bool goes(world *w)
{
    return w->up && w->row == GATE_CHARGING && step(w, GATE_E_GO);
}

static bool is_refused(world *w)
{
    if (!w->up || w->row != GATE_CHARGING || !step(w, GATE_E_REFUSE)) return false;
    w->refused = 1;
    return true;
}

static bool is_kept(world *w)
{
    if (!w->up || w->row != GATE_CHARGING || !step(w, GATE_E_KEEP)) return false;
    w->settled = 1;
    return true;
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
        w->copy[i] = rules.port_refuses ? COPY_REFUSED : COPY_AT_MONITOR;
        if (rules.port_refuses) w->copy_journal[i] = TOLD_NOTHING;
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
                             goes,
                             is_refused,
                             is_kept,
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
_Static_assert(MOVES + COPIES * COPY_MOVES <= WORLD_NEXT_MOST, "more moves than next worlds");

size_t world_next(const world *w, world out[WORLD_NEXT_MOST])
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

bool world_ended(const world *w)
{
    bool copies = true;
    for (int i = 0; i < w->made; i++)
        copies = copies && (w->copy[i] == COPY_NONE || w->copy[i] == COPY_REFUSED || w->copy[i] == COPY_DONE) && !w->copy_journal[i];
    return w->recorded && w->file == FILE_NONE && !w->journal && !w->open_row && (w->row == GATE_NONE || w->row == GATE_OVER) && copies &&
           (w->monitor == MON_GONE || w->monitor == MON_DEAD);
}
