/* SPDX-License-Identifier: Apache-2.0 */
/* platen convert: a job's file rewritten to both sides or to grey, for print engineers. platen-worker does it, here as in the service. */
#include <string.h>

#include "cli/cli.h"
#include "os/error.h"
#include "worker/client.h"

static bool take_wants(cli *c, plt_convert_want *want)
{
    const char *edge = cli_take_value(c, "--duplex");
    want->grey = cli_take_flag(c, "--grey");
    want->pjl = cli_take_flag(c, "--pjl");
    want->grey_mode = cli_take_flag(c, "--grey-mode");
    want->plain_backs = cli_take_flag(c, "--plain-backs");
    if (edge && strcmp(edge, "long") != 0 && strcmp(edge, "short") != 0) return false;
    if (edge) want->duplex = *edge == 'l' ? PLT_DUPLEX_LONG : PLT_DUPLEX_SHORT;
    return want->duplex || want->grey;
}

static int convert(const char *from, const char *to, const plt_convert_want *want)
{
    os_file *in = NULL, *out = NULL;
    plt_worker *w = NULL;
    char why[PLT_REASON_SIZE] = "";
    int code = CLI_OK;
    plt_status s = os_file_open(&in, from, OS_FILE_READ);
    if (s == PLT_OK) s = os_file_open(&out, to, OS_FILE_WRITE | OS_FILE_NEW);
    if (s == PLT_OK) s = plt_worker_create(&w, NULL);
    if (s != PLT_OK) {
        code = cli_fail("%s", os_error_text());
    } else {
        s = plt_worker_convert(w, in, out, *want, why, sizeof why);
        if (s == PLT_UNSUPPORTED)
            code = (cli_fail("%s cannot be converted: %s", from, why), CLI_CANNOT);
        else if (s != PLT_OK)
            code = cli_fail("%s: %s", from, why);
    }
    os_file_close(in);
    os_file_close(out);
    if (out && code != CLI_OK) os_file_remove(to);
    plt_worker_free(w);
    return code;
}

int cmd_convert(cli *c)
{
    plt_convert_want want = {0};
    if (!take_wants(c, &want) || c->argc != 2)
        return cli_usage("convert [--duplex long|short] [--grey] [--pjl] [--grey-mode] [--plain-backs] IN OUT (one wish at least; OUT is new)");
    return convert(c->argv[0], c->argv[1], &want);
}
