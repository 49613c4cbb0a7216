/* SPDX-License-Identifier: Apache-2.0 */
/* platen-lab: virtual peers of the product for tests, benches and demos (docs/lab.md). One row a command; nothing of it is ever installed. */
#include "tests/lab/lab_main.h"

#include <stdio.h>
#include <string.h>

static const struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *about;
} commands[] = {
    {"farm", lab_farm_main, "up to 65,536 SNMP printers on 127.0.0.0/8 (docs/network-lab.md)"},
    {"order", lab_order_main, "one line to a printer's control socket"},
    {"printer", lab_printer_main, "a printer on TCP, a socket file or a USB gadget, with a personality"},
    {"read", lab_read_main, "the USB agent's reading of a printer on a socket file"},
    {"send", lab_send_main, "jobs to a device or a socket file, as a spooler sends them"},
};
#define COMMANDS (sizeof commands / sizeof commands[0])

int main(int argc, char **argv)
{
    for (size_t i = 0; argc > 1 && i < COMMANDS; i++)
        if (!strcmp(argv[1], commands[i].name)) return commands[i].run(argc - 1, argv + 1);
    fputs("platen-lab COMMAND [OPTION...]; each command tells its options when it has none\n\n", stderr);
    for (size_t i = 0; i < COMMANDS; i++) fprintf(stderr, "  %-10s %s\n", commands[i].name, commands[i].about);
    return 2;
}
