/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The user pipe from a script: lists the asking user's jobs, releases or deletes one, answers a question. One JSON line a job.
 *
 *   held [--data DIR] list | release UID | delete UID | answer UID yes|no | watch SECONDS
 *
 * watch prints the questions that come, one line each, and ends with the first or after SECONDS.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/frame.h"
#include "core/util/text.h"
#include "os/error.h"
#include "os/file.h"
#include "os/pipe.h"
#include "tests/lab/args.h"

static const char *const valued[] = {"--data", NULL};

typedef struct reply {
    uint8_t type;
    size_t n;
    uint8_t payload[PLT_FRAME_MAX_PAYLOAD];
} reply;

static plt_status read_reply(os_pipe *p, uint32_t ms, reply *r)
{
    uint8_t header[PLT_FRAME_HEADER];
    plt_status s = os_pipe_read_all(p, header, sizeof header, ms);
    if (s == PLT_OK) s = plt_frame_parse(header, &r->type, &r->n);
    return s == PLT_OK ? os_pipe_read_all(p, r->payload, r->n, 10000) : s;
}

static void print_fields(const reply *r)
{
    size_t at = 0;
    bool bad = false;
    plt_field f;
    char uid[2 * PLT_UID_SIZE + 1] = "", text[512] = "", document[1100] = "", message[1100] = "";
    uint64_t state = 0, pages = 0, code = 0;
    while (plt_field_next(r->payload, r->n, &at, &f, &bad)) {
        if (f.tag == PLT_T_UID && f.len == PLT_UID_SIZE) plt_hex(uid, f.data, PLT_UID_SIZE);
        if (f.tag == PLT_T_STATE) state = plt_field_u64(&f);
        if (f.tag == PLT_T_PAGES) pages = plt_field_u64(&f);
        if (f.tag == PLT_T_CODE) code = plt_field_u64(&f);
        if (f.tag == PLT_T_DOCUMENT || f.tag == PLT_T_MESSAGE) {
            plt_field_str(&f, text, sizeof text);
            lab_json(f.tag == PLT_T_DOCUMENT ? document : message, sizeof document, text);
        }
    }
    printf("{\"type\":%u,\"uid\":\"%s\",\"state\":%" PRIu64 ",\"pages\":%" PRIu64 ",\"code\":%" PRIu64 ",\"document\":\"%s\",\"message\":\"%s\"}\n",
           (unsigned)r->type, uid, state, pages, code, document, message);
    fflush(stdout);
}

/* Sends one request of the type, with a job and a number if it has them. */
static plt_status ask(os_pipe *p, plt_frame_type type, const char *uid, plt_tag tag, uint64_t value)
{
    uint8_t out[128], bytes[PLT_UID_SIZE];
    plt_frame_builder b;
    plt_frame_begin(&b, out, sizeof out, type);
    if (uid) {
        if (!plt_unhex(bytes, sizeof bytes, uid)) return PLT_BAD;
        plt_frame_bytes(&b, PLT_T_UID, bytes, sizeof bytes);
        plt_frame_u64(&b, tag, value);
    }
    return os_pipe_write(p, out, plt_frame_end(&b), 5000);
}

static int run(os_pipe *p, const char *what, const char *uid, const char *word)
{
    static reply r;
    bool watching = !strcmp(what, "watch"), list = !strcmp(what, "list"), answer = !strcmp(what, "answer");
    plt_status s;
    if (list || watching)
        s = ask(p, list ? PLT_F_JOBS_ASK : PLT_F_WATCH, NULL, PLT_T_UID, 0);
    else if (answer)
        s = ask(p, PLT_F_ANSWER, uid, PLT_T_ANSWER, word && !strcmp(word, "yes"));
    else
        s = ask(p, PLT_F_ACT, uid, PLT_T_ACT, !strcmp(what, "release"));
    while (s == PLT_OK) {
        s = read_reply(p, watching && uid ? (uint32_t)strtoul(uid, NULL, 10) * 1000 : 10000, &r);
        if (s != PLT_OK || r.type == PLT_F_LIST_END) break;
        print_fields(&r);
        if (r.type == PLT_F_TAKEN || r.type == PLT_F_ASK) return 0;
        if (r.type == PLT_F_ERROR) return 1;
    }
    if (s != PLT_OK) fprintf(stderr, "held: %s\n", os_error_text());
    return s == PLT_OK ? 0 : 1;
}

int main(int argc, char **argv)
{
    char data[OS_PATH_MAX], name[OS_PIPE_NAME_MAX];
    const char *dir = lab_option(argc, argv, "--data", NULL), *what = lab_positional(argc, argv, valued, 0);
    os_pipe *p;
    if (!what) return 2;
    if (dir)
        plt_copy(data, sizeof data, dir);
    else if (os_path_data(data, sizeof data) != PLT_OK)
        return 2;
    if (os_pipe_name(name, data, "user") != PLT_OK || os_pipe_connect(&p, name, 5000) != PLT_OK) {
        fprintf(stderr, "held: %s\n", os_error_text());
        return 1;
    }
    int code = run(p, what, lab_positional(argc, argv, valued, 1), lab_positional(argc, argv, valued, 2));
    os_pipe_close(p);
    return code;
}
