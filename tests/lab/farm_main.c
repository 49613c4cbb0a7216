/* SPDX-License-Identifier: Apache-2.0 */
/*
 * platen-lab farm: up to 65,536 SNMP printers on 127.0.0.0/8 in one process, without root. docs/network-lab.md has the options. The first
 * line says {"port":N}; the last one what was received and answered. SIGUSR1 writes the truth anew, SIGTERM ends.
 */
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "tests/lab/args.h"
#include "tests/lab/farm_net.h"
#include "tests/lab/farm_recording.h"
#include "tests/lab/lab_main.h"

static volatile sig_atomic_t ending, telling;

static void on_signal(int sig)
{
    if (sig == SIGUSR1)
        telling = 1;
    else
        ending = 1;
}

static void hear(int sig)
{
    struct sigaction a = {.sa_handler = on_signal}; /* without SA_RESTART: it ends a wait */
    sigaction(sig, &a, NULL);
}

static int list(void)
{
    puts("shapes (--shapes takes these names, or makers):");
    for (size_t i = 0; i < farm_shape_count; i++) printf("  %-16s %-15s %s\n", farm_shapes[i].id, farm_shapes[i].vendor, farm_shapes[i].model);
    puts("faults (--broken takes these names, or all):");
    for (size_t i = 1; i < FARM_FAULTS; i++) printf("  %-16s %s\n", farm_faults[i].name, farm_faults[i].what);
    return 0;
}

static bool address(const char *text, uint32_t *out)
{
    *out = 0;
    for (int i = 0; i < 4; i++) {
        char *end;
        unsigned long part = strtoul(text, &end, 10);
        if (end == text || part > 255 || *end != (i < 3 ? '.' : 0)) return false;
        *out = *out << 8 | (uint32_t)part;
        text = end + 1;
    }
    return true;
}

static const char *read_options(int argc, char **argv, farm_options *o, farm_net_options *net)
{
    const char *faults = lab_option(argc, argv, "--broken", NULL);
    *o = (farm_options){.devices = (uint32_t)lab_number(argc, argv, "--devices", 256),
                        .seed = (uint32_t)lab_number(argc, argv, "--seed", 1),
                        .live_percent = (unsigned)lab_number(argc, argv, "--live", 100),
                        .broken_permille = (unsigned)lab_number(argc, argv, "--broken-permille", 1000),
                        .shapes = lab_option(argc, argv, "--shapes", NULL)};
    *net = (farm_net_options){.port = (uint16_t)lab_number(argc, argv, "--port", 0),
                              .community = lab_option(argc, argv, "--community", "public"),
                              .loss_percent = (unsigned)lab_number(argc, argv, "--loss", 0),
                              .delay_ms = (uint32_t)lab_number(argc, argv, "--delay", 0),
                              .jitter_ms = (uint32_t)lab_number(argc, argv, "--jitter", 0),
                              .jobs_per_second = (uint32_t)lab_number(argc, argv, "--jobs", 0)};
    if (!address(lab_option(argc, argv, "--base", "127.1.0.0"), &o->base)) return "--base is no address";
    if (faults && !farm_faults_parse(faults, &o->faults)) return "--broken names an unknown fault: see --list";
    return NULL;
}

/* "NAME[:AUTH[:PRIV]]" with the passwords of the environment, as platen scan has it. */
static const char *read_user(const char *text, plt_usm_user **out)
{
    static char why[200];
    char copy[128];
    *out = NULL;
    if (!text) return NULL;
    if (strlen(text) >= sizeof copy) return "the name behind --v3 is too long";
    memcpy(copy, text, strlen(text) + 1);
    plt_usm_account a = {.name = copy, .auth_password = getenv("PLATEN_SNMP_AUTH"), .priv_password = getenv("PLATEN_SNMP_PRIV"), .weak = true};
    char *auth = strchr(copy, ':'), *priv = auth ? strchr(auth + 1, ':') : NULL;
    if (auth) *auth++ = 0;
    if (priv) *priv++ = 0;
    if (auth && !plt_usm_auth_named(auth, &a.auth)) return "--v3 names an unknown way of authentication";
    if (priv && !plt_usm_priv_named(priv, &a.priv)) return "--v3 names an unknown cipher";
    return plt_usm_user_create(out, &a, why, sizeof why) == PLT_OK ? NULL : why;
}

static bool tell(farm *f, const char *path, bool objects)
{
    FILE *to = fopen(path, "w");
    bool good = to && farm_write_truth(f, to, objects);
    if (to && fclose(to) != 0) good = false;
    if (!good) fprintf(stderr, "platen-lab farm: cannot write %s\n", path);
    return good;
}

static void print_counts(const farm *f, const farm_counts *c)
{
    static const char *const outcomes[PLT_SERVE_OUTCOMES] = {"answered", "reported", "malformed", "version", "community", "kind", "too_big"};
    printf("{\"received\":%" PRIu64 ",\"sent\":%" PRIu64 ",\"dead\":%" PRIu64 ",\"lost\":%" PRIu64 ",\"queue_full\":%" PRIu64 ",\"pages\":%" PRIu64,
           c->received, c->sent, c->dead, c->lost, c->queue_full, f->pages);
    for (unsigned i = 0; i < PLT_SERVE_OUTCOMES; i++) printf(",\"%s\":%" PRIu64, outcomes[i], c->outcomes[i]);
    fputs(",\"broken\":{", stdout);
    const char *comma = "";
    for (unsigned i = 1; i < FARM_FAULTS; i++)
        if (c->faults[i]) {
            printf("%s\"%s\":%" PRIu64, comma, farm_faults[i].name, c->faults[i]);
            comma = ",";
        }
    puts("}}");
}

static int serve(farm *f, const farm_net_options *o, const char *truth, bool objects)
{
    const char *why;
    uint16_t port;
    farm_net *net = farm_net_open(f, o, &port, &why);
    if (!net) {
        fprintf(stderr, "platen-lab farm: cannot listen on UDP port %u: %s\n", (unsigned)o->port, why);
        return 1;
    }
    if (truth && !tell(f, truth, objects)) {
        farm_net_close(net);
        return 1;
    }
    hear(SIGTERM);
    hear(SIGINT);
    hear(SIGUSR1);
    printf("{\"port\":%u,\"devices\":%" PRIu32 "}\n", (unsigned)port, f->options.devices);
    fflush(stdout);
    while (!ending) {
        farm_net_turn(net);
        if (!telling) continue;
        telling = 0;
        if (truth && tell(f, truth, objects)) {
            puts("{\"truth\":\"written\"}");
            fflush(stdout);
        }
    }
    print_counts(f, farm_net_counts(net));
    farm_net_close(net);
    return 0;
}

/* A farm of recordings makes nothing up, so nothing of that can be asked for. */
static const char *read_recordings(int argc, char **argv, farm_recordings *r, uint32_t *devices)
{
    static const char *const made_up[] = {"--shapes", "--broken", "--jobs", "--truth"};
    static char why[FARM_RECORDINGS_WHY];
    const char *files = lab_option(argc, argv, "--recording", NULL);
    if (!files) return NULL;
    for (size_t i = 0; i < sizeof made_up / sizeof *made_up; i++)
        if (lab_option(argc, argv, made_up[i], NULL))
            return "--shapes, --broken, --jobs and --truth are of printers that the farm makes up, not of recordings";
    if (!farm_recordings_load(r, files, why)) return why;
    *devices = (uint32_t)lab_number(argc, argv, "--devices", (long)r->count);
    return NULL;
}

int lab_farm_main(int argc, char **argv)
{
    static farm f;
    farm_recordings recorded = {.list = NULL};
    farm_options o;
    farm_net_options net;
    if (lab_flag(argc, argv, "--list")) return list();
    const char *why = read_options(argc, argv, &o, &net);
    if (!why) why = read_user(lab_option(argc, argv, "--v3", NULL), &net.user);
    if (!why) why = read_recordings(argc, argv, &recorded, &o.devices);
    if (!why) why = farm_open(&f, &o);
    f.recordings = recorded.list;
    f.recording_count = recorded.count;
    const char *record = lab_option(argc, argv, "--record", NULL);
    if (!why && record && !(net.record = fopen(record, "w"))) why = "the file of --record cannot be written";
    int code = why ? 2 : serve(&f, &net, lab_option(argc, argv, "--truth", NULL), lab_flag(argc, argv, "--truth-objects"));
    if (why) fprintf(stderr, "platen-lab farm: %s\n", why);
    if (net.record && fclose(net.record) != 0) code = 1;
    plt_usm_user_free(net.user);
    farm_close(&f);
    farm_recordings_free(&recorded);
    return code;
}
