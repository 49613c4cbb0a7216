/* SPDX-License-Identifier: Apache-2.0 */
/* What the commands of `platen` share: the data folder, --json, exit codes, tables. */
#ifndef PLATEN_CLI_CLI_H
#define PLATEN_CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include <cjson/cJSON.h>

#include "core/policy/cost.h"
#include "core/policy/policy.h"
#include "core/util/attr.h"
#include "os/file.h"
#include "service/ledger.h"
#include "service/ledger_devices.h"

enum { CLI_OK = 0, CLI_FAILED = 1, CLI_USAGE = 2, CLI_AWAY = 3, CLI_CANNOT = 4, CLI_UNKNOWN = 5 };

typedef struct cli {
    char data_dir[OS_PATH_MAX];
    bool json;
    int argc; /* of the command itself, its name left out */
    char **argv;
} cli;

int cmd_status(cli *c);
int cmd_jobs(cli *c);
int cmd_verify(cli *c);
int cmd_payload(cli *c);
int cmd_analyze(cli *c);
int cmd_convert(cli *c);
int cmd_enrol(cli *c);
int cmd_queues(cli *c);
int cmd_scan(cli *c);
int cmd_policy(cli *c);
/* platen policy backtest; its words are in argv behind "backtest". */
int cli_backtest(cli *c);
int cmd_receipt(cli *c);
int cmd_usb(cli *c);
int cmd_devices(cli *c);
/* platen devices credentials; its words are in argv behind "credentials". */
int cli_credentials(cli *c);
/* platen devices snmp-users; likewise. */
int cli_snmp_users(cli *c);

/* An error line on stderr: "platen: ..." Gives CLI_FAILED. */
int cli_fail(const char *fmt, ...) PLT_PRINTF(1, 2);
/* Says that the words after the command are wrong. Gives CLI_USAGE. */
int cli_usage(const char *right);
/* Takes "--name VALUE" out of the arguments; NULL when it is not there. */
const char *cli_take_value(cli *c, const char *name);
/* Takes "--name" out of the arguments. */
bool cli_take_flag(cli *c, const char *name);
/* A whole decimal number from least to most; false else. */
bool cli_number(const char *text, long least, long most, long *out);
/* Reads and compiles a policy set or a price list; NULL with the reason said. */
plt_policy *cli_policy(const char *path);
plt_prices *cli_prices(const char *path);
/* Opens the ledger to read; on failure says so and gives NULL. */
ledger *cli_ledger(cli *c);
/* Prints and deletes o. */
int cli_print_json(cJSON *o, int code);
/* "1 234" forms are for people of no one country: plain digits, or "-" when unknown. */
const char *cli_count(plt_maybe n, char out[24]);
/* Local wall time "2026-01-31 12:34:56" of Unix milliseconds. */
void cli_time(char out[32], long long unix_ms);
/* Pads or cuts (with "...") UTF-8 text to a column's width. */
void cli_cell(const char *text, int width, bool last);

#endif
