/* SPDX-License-Identifier: Apache-2.0 */
/*
 * platen-lab printer: the virtual printer on TCP (127.0.0.1 only), a socket file or a USB printer gadget. One loop, one thread; its output is a
 * JSON line when it is ready and one for each job (docs/lab.md). It keeps jobs only where --keep says so.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/un.h>

#include "core/util/text.h"
#include "os/clock.h"
#include "os/error.h"
#include "os/file.h"
#include "tests/lab/args.h"
#include "tests/lab/lab_main.h"
#include "tests/lab/printer_engine.h"
#include "tests/lab/printer_gadget.h"
#include "tests/lab/sock.h"

#define HOSTS_MAX 16
#define CONTROLS_MAX 8
#define TURN_MS 20      /* how often time passes for the printer */
#define LINGER_MS 10000 /* for what a host that said its last word still wants to read */
#define MODEL_MAX 65536

/* A host's connection, or the gadget. */
typedef struct host {
    int fd; /* -1: this place is free */
    lab_channel *channel;
    uint8_t out[4096];
    size_t out_n, out_at;
    uint64_t heard_at;
    bool ended; /* it says no more */
} host;

typedef struct control {
    int fd;
    char line[256];
    size_t n;
} control;

typedef struct front {
    lab_printer *printer;
    const char *keep_dir, *gadget, *id_file;
    char id[1024]; /* as last written to the id file */
    int port_status;
    uint64_t job_timeout;
    int tcp, socket_file, orders; /* listeners; -1 none */
    host hosts[HOSTS_MAX];
    size_t hosts_n; /* how many at a time */
    control controls[CONTROLS_MAX];
} front;

static volatile sig_atomic_t stopping;

static void on_term(int sig)
{
    (void)sig;
    stopping = 1;
}

/* ---- hooks ---- */

static void keep(void *arg, unsigned job, const void *data, size_t n)
{
    const front *f = arg;
    char path[1024];
    if (!f->keep_dir || !n) return;
    snprintf(path, sizeof path, "%s/job-%05u.prn", f->keep_dir, job);
    FILE *file = fopen(path, "ab");
    if (!file || fwrite(data, 1, n, file) != n) fprintf(stderr, "platen-lab: cannot write %s\n", path);
    if (file) fclose(file);
}

static void maybe(const char *name, plt_maybe m)
{
    if (m.known)
        printf(",\"%s\":%" PRIu64, name, m.n);
    else
        printf(",\"%s\":null", name);
}

static void report(void *arg, const lab_print_report *r)
{
    char name[300];
    (void)arg;
    lab_json(name, sizeof name, r->name);
    printf("{\"job\":%u,\"bytes\":%" PRIu64 ",\"fnv\":\"%016" PRIx64 "\",\"name\":\"%s\",\"broken\":%d,\"language\":\"%s\",\"confidence\":\"%s\"",
           r->number, r->bytes, r->fnv, name, r->broken, r->result.language, plt_confidence_name(r->result.confidence));
    maybe("pages", r->result.pages);
    maybe("impressions", r->result.impressions);
    maybe("color_pages", r->result.color_pages);
    maybe("sheets", r->result.sheets);
    printf("}\n");
    fflush(stdout);
}

/* ---- hosts ---- */

static void host_close(front *f, host *h, uint64_t now)
{
    (void)f;
    lab_channel_close(h->channel, now);
    close(h->fd);
    *h = (host){.fd = -1};
}

static bool host_open(front *f, host *h, int fd, uint64_t now)
{
    lab_channel *c = fd >= 0 ? lab_channel_open(f->printer) : NULL;
    if (!c) {
        if (fd >= 0) close(fd);
        return false;
    }
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    *h = (host){.fd = fd, .channel = c, .heard_at = now};
    return true;
}

/* False: the way is gone. */
static bool host_read(front *f, host *h, uint64_t now)
{
    static uint8_t room[65536];
    size_t want = lab_channel_room(h->channel);
    if (!want || h->ended) return true;
    ssize_t n = read(h->fd, room, want);
    if (n < 0) return errno == EAGAIN || errno == EINTR;
    if (n == 0 && f->gadget) return true;
    h->heard_at = now;
    h->ended = n == 0;
    if (n)
        lab_channel_feed(h->channel, room, (size_t)n, now);
    else
        lab_channel_idle(h->channel, now);
    return true;
}

static bool host_write(host *h, uint64_t now)
{
    for (int turns = 0; turns < 64; turns++) {
        if (h->out_at == h->out_n) {
            h->out_at = 0;
            h->out_n = lab_channel_take(h->channel, h->out, sizeof h->out, now);
            if (!h->out_n) return true;
        }
        ssize_t n = write(h->fd, h->out + h->out_at, h->out_n - h->out_at);
        if (n < 0) return errno == EAGAIN || errno == EINTR;
        h->out_at += (size_t)n;
    }
    return true;
}

static bool host_over(const front *f, const host *h, uint64_t now)
{
    if (f->gadget) return false;
    if (lab_printer_unplugged(f->printer)) return true;
    if (h->out_at != h->out_n) return false;
    return lab_channel_hangs_up(h->channel) || (h->ended && (lab_channel_is_quiet(h->channel) || now - h->heard_at > LINGER_MS));
}

static void host_turn(front *f, host *h, const struct pollfd *p, uint64_t now)
{
    bool alive = !(p->revents & (POLLERR | POLLNVAL));
    if (alive && (p->revents & (POLLIN | POLLHUP))) alive = host_read(f, h, now) && (!(p->revents & POLLHUP) || !f->gadget);
    if (alive && now - h->heard_at > f->job_timeout) {
        lab_channel_idle(h->channel, now);
        h->heard_at = now;
    }
    if (alive) alive = host_write(h, now);
    if (!alive || host_over(f, h, now)) host_close(f, h, now);
}

/* A free place for one more host; NULL: it has to wait, as at a real printer. */
static host *free_place(front *f)
{
    for (size_t i = 0; i < f->hosts_n; i++)
        if (f->hosts[i].fd < 0) return &f->hosts[i];
    return NULL;
}

/* ---- control ---- */

static void obey(front *f, control *c, uint64_t now)
{
    plt_buf answer;
    plt_buf_init(&answer, 65536);
    lab_printer_command(f->printer, c->line, now, &answer);
    plt_buf_byte(&answer, '\n');
    int fd = c->fd == STDIN_FILENO ? STDOUT_FILENO : c->fd;
    if (c->fd == STDIN_FILENO) fflush(stdout);
    if (write(fd, answer.data, answer.len) < 0) fprintf(stderr, "platen-lab: the one who ordered is gone\n");
    plt_buf_free(&answer);
}

static void control_turn(front *f, control *c, uint64_t now)
{
    char room[512];
    ssize_t n = read(c->fd, room, sizeof room);
    for (ssize_t i = 0; i < n; i++) {
        if (room[i] != '\n' && c->n < sizeof c->line - 1) c->line[c->n++] = room[i];
        if (room[i] != '\n') continue;
        c->line[c->n] = 0;
        c->n = 0;
        obey(f, c, now);
    }
    if (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR))) return;
    if (c->fd != STDIN_FILENO) close(c->fd);
    c->fd = -1;
}

/* ---- the loop ---- */

/* What the USB side tells of the printer without being asked by PJL. */
static void show_outside(front *f)
{
    plt_buf id;
    int status = lab_printer_port_status(f->printer);
    if (f->gadget && f->hosts[0].fd >= 0 && status != f->port_status) {
        lab_gadget_port_status(f->hosts[0].fd, (uint8_t)status);
        f->port_status = status;
    }
    if (!f->id_file) return;
    plt_buf_init(&id, sizeof f->id - 1);
    lab_printer_id(f->printer, &id);
    if (strcmp(f->id, plt_buf_str(&id)) != 0) {
        plt_copy(f->id, sizeof f->id, plt_buf_str(&id));
        FILE *file = fopen(f->id_file, "w");
        if (!file || fputs(f->id, file) < 0) fprintf(stderr, "platen-lab: cannot write %s\n", f->id_file);
        if (file) fclose(file);
    }
    plt_buf_free(&id);
}

static void take_in(front *f, int listener, uint64_t now)
{
    host *h = free_place(f);
    if (h) host_open(f, h, accept(listener, NULL, NULL), now);
}

static void take_orders(front *f)
{
    int fd = accept(f->orders, NULL, NULL);
    for (size_t i = 0; i < CONTROLS_MAX && fd >= 0; i++) {
        if (f->controls[i].fd >= 0) continue;
        f->controls[i] = (control){.fd = fd};
        return;
    }
    if (fd >= 0) close(fd);
}

static void turn(front *f)
{
    struct pollfd p[3 + HOSTS_MAX + CONTROLS_MAX];
    bool open_door = free_place(f) && !lab_printer_unplugged(f->printer);
    p[0] = (struct pollfd){open_door ? f->tcp : -1, POLLIN, 0};
    p[1] = (struct pollfd){open_door ? f->socket_file : -1, POLLIN, 0};
    p[2] = (struct pollfd){f->orders, POLLIN, 0};
    for (size_t i = 0; i < HOSTS_MAX; i++) {
        const host *h = &f->hosts[i];
        bool listens = h->fd >= 0 && !h->ended && lab_channel_room(h->channel);
        p[3 + i] = (struct pollfd){h->fd, (short)((listens ? POLLIN : 0) | (h->out_at < h->out_n ? POLLOUT : 0)), 0};
    }
    for (size_t i = 0; i < CONTROLS_MAX; i++) p[3 + HOSTS_MAX + i] = (struct pollfd){f->controls[i].fd, POLLIN, 0};
    poll(p, sizeof p / sizeof p[0], TURN_MS);
    uint64_t now = os_clock_mono_ms();
    if (p[0].revents)
        take_in(f, f->tcp, now);
    else if (p[1].revents)
        take_in(f, f->socket_file, now);
    if (p[2].revents) take_orders(f);
    for (size_t i = 0; i < HOSTS_MAX; i++)
        if (p[3 + i].fd >= 0) host_turn(f, &f->hosts[i], &p[3 + i], now);
    for (size_t i = 0; i < CONTROLS_MAX; i++)
        if (p[3 + HOSTS_MAX + i].revents) control_turn(f, &f->controls[i], now);
    lab_printer_tick(f->printer, now);
    /* A gadget that was unplugged comes back as a new file. */
    if (f->gadget && f->hosts[0].fd < 0 && host_open(f, &f->hosts[0], open(f->gadget, O_RDWR | O_NONBLOCK), now)) f->port_status = -1;
    show_outside(f);
}

static int listen_file(const char *path)
{
    struct sockaddr_un a = {.sun_family = AF_UNIX};
    if (!plt_copy(a.sun_path, sizeof a.sun_path, path)) return -1;
    unlink(path);
    int s = socket(AF_UNIX, SOCK_STREAM, 0);
    if (s >= 0 && (bind(s, (struct sockaddr *)&a, sizeof a) != 0 || listen(s, 64) != 0)) {
        close(s);
        s = -1;
    }
    return s;
}

static bool listen_all(front *f, int argc, char **argv)
{
    const char *file = lab_option(argc, argv, "--unix", NULL), *orders = lab_option(argc, argv, "--control", NULL);
    long tcp = lab_number(argc, argv, "--tcp", -1);
    unsigned short port = (unsigned short)tcp;
    f->tcp = f->socket_file = f->orders = -1;
    for (size_t i = 0; i < HOSTS_MAX; i++) f->hosts[i].fd = -1;
    for (size_t i = 0; i < CONTROLS_MAX; i++) f->controls[i].fd = -1;
    if (tcp >= 0) f->tcp = lab_listen(&port, 64);
    if (file) f->socket_file = listen_file(file);
    if (orders && !strcmp(orders, "-"))
        f->controls[0].fd = STDIN_FILENO;
    else if (orders)
        f->orders = listen_file(orders);
    if ((tcp >= 0 && f->tcp < 0) || (file && f->socket_file < 0) || (orders && f->orders < 0 && f->controls[0].fd < 0)) {
        fprintf(stderr, "platen-lab: cannot listen: %s\n", strerror(errno));
        return false;
    }
    printf("{\"ready\":1,\"port\":%d}\n", f->tcp >= 0 ? port : 0);
    fflush(stdout);
    return true;
}

static void print_truth(const lab_printer *p)
{
    plt_buf text;
    plt_buf_init(&text, 65536);
    lab_printer_truth(p, &text);
    printf("%s\n", plt_buf_str(&text));
    fflush(stdout);
    plt_buf_free(&text);
}

/* A name is a file of the lab's own, a path is itself. */
static bool load_model(lab_model *m, const char *name, plt_buf *text)
{
    char path[1024], problem[256];
    if (strchr(name, '/'))
        plt_copy(path, sizeof path, name);
    else
        snprintf(path, sizeof path, LAB_PRINTERS "/%s.printer", name);
    plt_buf_init(text, MODEL_MAX);
    if (os_file_load(path, text) != PLT_OK || !text->len) {
        fprintf(stderr, "platen-lab: %s\n", os_error_text());
        return false;
    }
    if (lab_model_read(m, (char *)text->data, problem, sizeof problem)) return true;
    fprintf(stderr, "platen-lab: %s: %s\n", path, problem);
    return false;
}

static int usage(void)
{
    fputs("platen-lab printer --personality NAME|FILE [--tcp PORT] [--unix PATH] [--gadget DEVICE] [--control PATH|-] [--keep DIR]\n"
          "                   [--pace PAGES/MIN] [--connections N] [--job-timeout MS] [--id-file PATH] [--truth]\n\n"
          "  --tcp 0 chooses a port; --truth prints its true values at the end, or alone when no way in is named (docs/lab.md)\n",
          stderr);
    return 2;
}

static int serve(front *f, int argc, char **argv)
{
    struct sigaction end = {.sa_handler = on_term}, ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGTERM, &end, NULL);
    sigaction(SIGINT, &end, NULL);
    sigaction(SIGPIPE, &ignore, NULL);
    if (!listen_all(f, argc, argv)) return 1;
    while (!stopping && !lab_printer_quits(f->printer)) turn(f);
    for (size_t i = 0; i < HOSTS_MAX; i++)
        if (f->hosts[i].fd >= 0) host_close(f, &f->hosts[i], os_clock_mono_ms());
    return 0;
}

int lab_printer_main(int argc, char **argv)
{
    static front f;
    lab_model model;
    plt_buf text;
    const char *name = lab_option(argc, argv, "--personality", NULL);
    bool truth = lab_flag(argc, argv, "--truth");
    f.gadget = lab_option(argc, argv, "--gadget", NULL);
    bool way = f.gadget || lab_option(argc, argv, "--tcp", NULL) || lab_option(argc, argv, "--unix", NULL);
    long hosts = lab_number(argc, argv, "--connections", 1);
    if (!name || (!way && !truth) || hosts < 1 || hosts > HOSTS_MAX) return usage();
    f.hosts_n = (size_t)hosts;
    f.keep_dir = lab_option(argc, argv, "--keep", NULL);
    f.id_file = lab_option(argc, argv, "--id-file", NULL);
    f.job_timeout = (uint64_t)lab_number(argc, argv, "--job-timeout", 15000);
    int code = 1;
    if (load_model(&model, name, &text)) {
        f.printer = lab_printer_new(&model, &(lab_printer_hooks){&f, keep, report});
        if (f.printer) {
            lab_printer_pace(f.printer, (uint32_t)lab_number(argc, argv, "--pace", 0));
            code = way ? serve(&f, argc, argv) : 0;
            if (truth) print_truth(f.printer);
        }
        lab_printer_free(f.printer);
    }
    plt_buf_free(&text);
    return code;
}
