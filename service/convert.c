/* SPDX-License-Identifier: Apache-2.0 */
/* A worker of its own for each conversion: one that ran into its limits leaves nothing behind. What came out is analysed anew, for the record. */
#include "service/convert.h"

#include <string.h>

#include "core/util/text.h"
#include "os/error.h"
#include "os/file.h"
#include "worker/client.h"

static plt_status analyse(plt_worker *w, os_file *f, convert_result *out)
{
    uint8_t piece[16384];
    size_t got = 0;
    plt_status s = os_file_seek(f, 0);
    plt_worker_begin(w);
    while (s == PLT_OK && (s = os_file_read(f, piece, sizeof piece, &got)) == PLT_OK && got) {
        plt_worker_feed(w, piece, got);
        out->bytes += got;
    }
    if (s == PLT_OK)
        plt_worker_finish(w, &out->analysis); /* its failure is an unknown analysis */
    else
        plt_worker_abandon(w);
    return s;
}

static plt_status convert(plt_worker *w, const char *from, os_file *to, const convert_wish *wish, convert_result *out)
{
    plt_convert_want want = {.grey = wish->grey};
    os_file *in;
    if (wish->duplex) want.duplex = wish->edge == 2 ? PLT_DUPLEX_SHORT : PLT_DUPLEX_LONG;
    plt_status s = os_file_open(&in, from, OS_FILE_READ);
    if (s != PLT_OK) return s;
    s = plt_worker_convert(w, in, to, want, out->why, sizeof out->why);
    os_file_close(in);
    return s == PLT_OK ? analyse(w, to, out) : s;
}

plt_status convert_job(const char *from, const char *to, const convert_wish *wish, uint32_t ms, convert_result *out)
{
    plt_worker *w = NULL;
    os_file *f = NULL;
    memset(out, 0, sizeof *out);
    plt_status s = plt_worker_create(&w, &(plt_worker_options){.convert_ms = ms});
    if (s == PLT_OK) s = os_file_open(&f, to, OS_FILE_READ | OS_FILE_WRITE | OS_FILE_NEW | OS_FILE_PRIVATE);
    if (s == PLT_OK) {
        s = convert(w, from, f, wish, out);
        if (s == PLT_OK) s = os_file_sync(f);
        os_file_close(f);
        if (s != PLT_OK) os_file_remove(to);
    }
    if (s != PLT_OK && !*out->why) plt_copy(out->why, sizeof out->why, os_error_text());
    if (s == PLT_OK) out->why[0] = 0;
    plt_worker_free(w);
    return s;
}
