/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A virtual raw printer (port 9100 style) on 127.0.0.1: keeps each connection's bytes as DIR/job-NNNN.prn, can be slow, stall,
 * reset and talk back. One connection at a time, as real printers do. One JSON line a job.
 *
 *   printer [--port N] [--dir DIR] [--rate BYTES/S] [--stall-after N [--stall-ms MS]] [--reset-after N] [--back-channel TEXT]
 *           [--linger-ms MS] [--jobs N] [--no-hash]
 *
 * --port 0 (the default) chooses a port. The first line says {"port":N}. Ends on SIGTERM or after --jobs.
 */
#include "tests/lab/sock.h"

#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "os/clock.h"
#include "tests/lab/args.h"
#include "tests/lab/frames_in.h"

#define GULP (256u << 10)

typedef struct machine {
    const char *dir;
    uint64_t rate;
    uint64_t stall_after;
    long stall_ms; /* -1: until the end of the program */
    uint64_t reset_after;
    const char *back;
    long linger_ms;
    bool hash;
    unsigned number;
    uint8_t *room;
} machine;

static volatile sig_atomic_t stopping;

static void on_term(int sig)
{
    (void)sig;
    stopping = 1;
}

static bool wait_ms(long ms)
{
    while (!stopping && ms != 0) {
        long some = ms < 0 || ms > 50 ? 50 : ms;
        os_sleep_ms((uint32_t)some);
        if (ms > 0) ms -= some;
    }
    return !stopping;
}

static void reset(lab_sock s)
{
    struct linger now = {1, 0};
    setsockopt(s, SOL_SOCKET, SO_LINGER, (const char *)&now, sizeof now);
}

/* How much may be read now so that the rate, the stall and the reset come at their byte. */
static size_t portion(const machine *m, uint64_t bytes)
{
    uint64_t n = GULP;
    if (m->rate && n > m->rate / 20 + 1) n = m->rate / 20 + 1;
    if (bytes < m->stall_after && n > m->stall_after - bytes) n = m->stall_after - bytes;
    if (bytes < m->reset_after && n > m->reset_after - bytes) n = m->reset_after - bytes;
    return (size_t)n;
}

static void print_job(machine *m, lab_sock s)
{
    char path[1024];
    uint64_t bytes = 0, fnv = LAB_FNV, began = lab_utc_us(), first = 0;
    const char *end = "closed";
    bool stalled = false;
    FILE *f = NULL;
    m->number++;
    if (m->dir) {
        snprintf(path, sizeof path, "%s/job-%04u.prn", m->dir, m->number);
        f = fopen(path, "wb");
        if (!f) fprintf(stderr, "printer: cannot write %s\n", path);
    }
    if (m->back) send(s, m->back, (int)strlen(m->back), 0);
    while (!stopping) {
        if (!lab_readable(s, 100)) continue;
        int n = (int)recv(s, (char *)m->room, portion(m, bytes), 0);
        if (n < 0) end = "broken";
        if (n <= 0) break;
        if (!first) first = lab_utc_us();
        if (f) fwrite(m->room, 1, (size_t)n, f);
        if (m->hash) fnv = lab_fnv(fnv, m->room, (size_t)n);
        bytes += (uint64_t)n;
        if (bytes >= m->reset_after) {
            reset(s);
            end = "reset";
            break;
        }
        if (bytes >= m->stall_after && !stalled) {
            stalled = true;
            wait_ms(m->stall_ms);
        }
        if (m->rate) wait_ms((long)((uint64_t)n * 1000 / m->rate));
    }
    if (m->linger_ms) wait_ms(m->linger_ms);
    lab_close(s);
    if (f) fclose(f);
    printf("{\"job\":%u,\"bytes\":%" PRIu64 ",\"fnv\":\"%016" PRIx64 "\",\"end\":\"%s\",\"first_byte_ms\":%.3f,\"ms\":%.3f,\"first_us\":%" PRIu64
           ",\"end_us\":%" PRIu64 "}\n",
           m->number, bytes, fnv, end, first ? (double)(first - began) / 1000 : -1.0, (double)(lab_utc_us() - began) / 1000, first, lab_utc_us());
    fflush(stdout);
}

static uint64_t limit(int argc, char **argv, const char *name)
{
    long n = lab_number(argc, argv, name, -1);
    return n < 0 ? LAB_NEVER : (uint64_t)n;
}

int main(int argc, char **argv)
{
    unsigned short port = (unsigned short)lab_number(argc, argv, "--port", 0);
    long jobs = lab_number(argc, argv, "--jobs", -1);
    machine m = {.dir = lab_option(argc, argv, "--dir", NULL), .back = lab_option(argc, argv, "--back-channel", NULL)};
    m.rate = (uint64_t)lab_number(argc, argv, "--rate", 0);
    m.stall_after = limit(argc, argv, "--stall-after");
    m.stall_ms = lab_number(argc, argv, "--stall-ms", -1);
    m.reset_after = limit(argc, argv, "--reset-after");
    m.linger_ms = lab_number(argc, argv, "--linger-ms", 0);
    m.hash = !lab_flag(argc, argv, "--no-hash");
    m.room = malloc(GULP);
    lab_sock s = lab_start() == 0 ? lab_listen(&port, 16) : LAB_NO_SOCK;
    if (!m.room || s == LAB_NO_SOCK) {
        fprintf(stderr, "printer: cannot listen on port %u\n", (unsigned)port);
        return 1;
    }
    signal(SIGTERM, on_term);
    signal(SIGINT, on_term);
#ifdef SIGPIPE
    signal(SIGPIPE, SIG_IGN);
#endif
    printf("{\"port\":%u}\n", (unsigned)port);
    fflush(stdout);
    while (!stopping && jobs != 0) {
        if (!lab_readable(s, 200)) continue;
        lab_sock c = accept(s, NULL, NULL);
        if (c == LAB_NO_SOCK) continue;
        print_job(&m, c);
        if (jobs > 0) jobs--;
    }
    lab_close(s);
    free(m.room);
    return 0;
}
