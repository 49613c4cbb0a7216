/* SPDX-License-Identifier: Apache-2.0 */
/* platen usb: what platen-usbagent sees. The agent is the one that touches devices; here its words are passed on. */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "os/ended.h"
#include "os/error.h"
#include "os/process.h"

#define WORDS_MAX 10
#define ANSWER_MS 120000 /* longer than the agent takes for all printers */
#define LINE_MAX (1u << 20)
#define OWN_MOST 2 /* the agent's own exit codes; it has said why */

/* Whole lines: a 1 at the beginning means stderr. Gives what of the text was passed on. */
static size_t pass_on(const char *text, size_t n)
{
    size_t at = 0;
    for (const char *end; (end = memchr(text + at, '\n', n - at)); at = (size_t)(end - text) + 1) {
        bool error = text[at] == '\001';
        const char *line = text + at + error;
        if (error) fputs("platen: ", stderr);
        fwrite(line, 1, (size_t)(end - line) + 1, error ? stderr : stdout);
    }
    fflush(stdout);
    return at;
}

/* `patient`: it may be silent for as long as it likes. */
static int talk(os_process *p, bool patient)
{
    plt_buf text;
    uint32_t code = CLI_FAILED;
    plt_status s = PLT_OK;
    plt_buf_init(&text, LINE_MAX);
    os_process_end_input(p);
    while (s == PLT_OK || (s == PLT_TIMEOUT && patient)) {
        size_t got = 0;
        uint8_t *room = plt_buf_reserve(&text, 4096);
        if (!room) break;
        s = os_process_read(p, room, 4096, ANSWER_MS, &got);
        text.len += got;
        plt_buf_consume(&text, pass_on((const char *)text.data, text.len));
    }
    plt_buf_free(&text);
    if (s != PLT_CLOSED) return cli_fail("platen-usbagent does not answer: %s", os_error_text());
    if (os_process_wait(p, 5000, &code) != PLT_OK) return cli_fail("%s", os_error_text());
    char words[OS_ENDED_TEXT];
    return code <= OWN_MOST ? (int)code : cli_fail("%s", os_ended_text(words, "platen-usbagent", code, NULL));
}

int cmd_usb(cli *c)
{
    static const os_process_limits limits = {.children = 2}; /* its parsing process, and one that is just ending */
    char program[OS_PATH_MAX];
    const char *argv[WORDS_MAX + 4] = {program};
    os_process *p;
    if (c->argc == 0 || c->argc > WORDS_MAX)
        return cli_usage("usb list|read|watch [--json] [--trace FILE] [--replay FILE] [--port NAME --id ID] [--every S] [--times N]");
    if (os_path_sibling(program, sizeof program, "platen-usbagent") != PLT_OK)
        return cli_fail("platen-usbagent is not beside this program: install it again");
    for (int i = 0; i < c->argc; i++) argv[i + 1] = c->argv[i];
    argv[c->argc + 1] = "--through-cli";
    argv[c->argc + 2] = c->json ? "--json" : NULL;
    if (os_process_start(&p, argv, &limits) != PLT_OK) return cli_fail("%s", os_error_text());
    int code = talk(p, !strcmp(argv[1], "watch"));
    os_process_free(p);
    return code;
}
