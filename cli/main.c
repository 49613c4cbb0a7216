/* SPDX-License-Identifier: Apache-2.0 */
/* platen: the command-line tool for people. Each command is a file; here is only the way to them. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "cli/cli.h"
#include "core/util/text.h"
#include "os/error.h"
#include "os/log.h"

static const struct command {
    const char *name, *what;
    int (*run)(cli *c);
} commands[] = {
    {"status", "is the service working, is the hub reached, what waits", cmd_status},
    {"jobs", "the last print jobs of this machine [--limit N]", cmd_jobs},
    {"verify", "check the ledger's chain of hashes", cmd_verify},
    {"payload", "what would be sent to the hub next, as it would be sent [--all]", cmd_payload},
    {"analyze", "count the pages of print files: analyze FILE... ('-' is stdin)", cmd_analyze},
    {"convert", "rewrite a job: convert [--duplex long|short] [--grey] ... IN OUT", cmd_convert},
    {"scan", "read network printers: scan RANGE... [--community C]... [--v3 USER:AUTH:PRIV] ...", cmd_scan},
    {"devices", "the printers that this machine reads; devices read: read them now", cmd_devices},
    {"enrol", "connect this machine to a hub: enrol --hub URL --key KEY", cmd_enrol},
    {"queues", "list | wrap QUEUE|--all [--target T] [--refuse] | unwrap QUEUE|--all", cmd_queues},
    {"policy", "check FILE | try FILE --job FACT=VALUE... | backtest FILE [--against FILE] JOBS", cmd_policy},
    {"receipt", "is a signed receipt as the hub made it? receipt verify FILE [--ca FILE]", cmd_receipt},
    {"usb", "list, read or watch local printers: usb read [--json] [--trace FILE]", cmd_usb},
};

#define COUNT (sizeof commands / sizeof *commands)

int cli_fail(const char *fmt, ...)
{
    va_list ap;
    fputs("platen: ", stderr);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    return CLI_FAILED;
}

int cli_usage(const char *right)
{
    fprintf(stderr, "platen: use it as: platen %s\n", right);
    return CLI_USAGE;
}

static void remove_args(cli *c, int at, int n)
{
    for (int i = at; i + n < c->argc; i++) c->argv[i] = c->argv[i + n];
    c->argc -= n;
}

const char *cli_take_value(cli *c, const char *name)
{
    for (int i = 0; i + 1 < c->argc; i++) {
        if (strcmp(c->argv[i], name) != 0) continue;
        const char *v = c->argv[i + 1];
        remove_args(c, i, 2);
        return v;
    }
    return NULL;
}

bool cli_take_flag(cli *c, const char *name)
{
    for (int i = 0; i < c->argc; i++) {
        if (strcmp(c->argv[i], name) != 0) continue;
        remove_args(c, i, 1);
        return true;
    }
    return false;
}

bool cli_number(const char *text, long least, long most, long *out)
{
    char *end;
    *out = strtol(text, &end, 10);
    return *text && !*end && *out >= least && *out <= most;
}

ledger *cli_ledger(cli *c)
{
    ledger *l;
    if (ledger_open(&l, c->data_dir, true) == PLT_OK) return l;
    cli_fail("the ledger cannot be read: %s. Run as administrator; has the service been started on this machine?", os_error_text());
    return NULL;
}

int cli_print_json(cJSON *o, int code)
{
    char *text = cJSON_PrintUnformatted(o);
    cJSON_Delete(o);
    if (!text) return cli_fail("out of memory");
    puts(text);
    cJSON_free(text);
    return code;
}

const char *cli_count(plt_maybe n, char out[24])
{
    if (n.known)
        snprintf(out, 24, "%llu", (unsigned long long)n.n);
    else
        plt_copy(out, 24, "-");
    return out;
}

void cli_time(char out[32], long long unix_ms)
{
    time_t t = (time_t)(unix_ms / 1000);
    const struct tm *l = unix_ms ? localtime(&t) : NULL; /* one thread */
    if (!l || strftime(out, 32, "%Y-%m-%d %H:%M:%S", l) == 0) plt_copy(out, 32, "-");
}

void cli_cell(const char *text, int width, bool last)
{
    int shown = 0;
    size_t n = 0, cut = 0;
    for (; text[n]; n++) {
        if (((unsigned char)text[n] & 0xC0) == 0x80) continue; /* inside a character */
        if (shown == width - 3) cut = n;
        shown++;
    }
    if (shown > width) {
        fwrite(text, 1, cut, stdout);
        fputs("...", stdout);
        shown = width;
    } else {
        fwrite(text, 1, n, stdout);
    }
    if (last)
        putchar('\n');
    else
        printf("%*s", width - shown + 2, "");
}

static int usage(FILE *to, int code)
{
    fputs("platen " PLATEN_VERSION ": print accounting on this machine\n\n  platen COMMAND [--json] [--data DIR] ...\n\n", to);
    for (size_t i = 0; i < COUNT; i++) fprintf(to, "  %-9s %s\n", commands[i].name, commands[i].what);
    fputs("\nExit codes: 0 all is well, 1 something is wrong (said on stderr), 2 wrong use, 3 the service does not answer, 4 the job cannot be "
          "converted, 5 a receipt was signed by an unknown key.\n",
          to);
    return code;
}

int main(int argc, char **argv)
{
    cli c = {.argc = argc - 1, .argv = argv + 1};
    os_log_open(NULL, OS_LOG_WARN);
    if (cli_take_flag(&c, "--help") || c.argc == 0) return usage(c.argc == 0 && argc == 1 ? stderr : stdout, argc == 1 ? CLI_USAGE : CLI_OK);
    if (cli_take_flag(&c, "--version")) return puts("platen " PLATEN_VERSION) < 0;
    c.json = cli_take_flag(&c, "--json");
    const char *dir = cli_take_value(&c, "--data");
    if (dir ? !plt_copy(c.data_dir, sizeof c.data_dir, dir) : os_path_data(c.data_dir, sizeof c.data_dir) != PLT_OK)
        return cli_fail("the data folder's name is too long");
    if (c.argc == 0) return usage(stderr, CLI_USAGE);
    const char *name = c.argv[0];
    remove_args(&c, 0, 1);
    for (size_t i = 0; i < COUNT; i++)
        if (strcmp(commands[i].name, name) == 0) return commands[i].run(&c);
    fprintf(stderr, "platen: there is no command '%s'\n\n", name);
    return usage(stderr, CLI_USAGE);
}
