/* SPDX-License-Identifier: Apache-2.0 */
/* The hub from its start to its end: `platen-hub serve`. */
#ifndef PLATEN_HUB_SERVER_H
#define PLATEN_HUB_SERVER_H

#include "hub/ca.h"
#include "hub/ca_names.h"
#include "hub/http.h"
#include "os/file.h"

typedef struct hub_server_options {
    char data_dir[OS_PATH_MAX];
    char console_dir[OS_PATH_MAX]; /* "": beside the program, or ../share/platen/console */
    char store[HUB_URL_SIZE];      /* of a PostgreSQL database; "": SQLite in data_dir */
    char log[OS_PATH_MAX];         /* "": stderr; as a service <data>/hub.log */
    hub_listen agents, console;
    size_t connections;                  /* at once */
    const char *names[HUB_SERVER_NAMES]; /* further names for the certificate; borrowed */
    size_t name_count;
    bool print_addresses, local_webhooks;
} hub_server_options;

/* The body that os_service_run runs: gives the exit code. */
int hub_server_run(void *options);

#endif
