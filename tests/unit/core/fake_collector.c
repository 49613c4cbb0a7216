/* SPDX-License-Identifier: Apache-2.0 */
/* Collecting workers that were taken over, one program per way (FAKE_<way>): each does the set-up as it should, and then something else. */
#include <stdlib.h>
#include <string.h>

#include "os/process.h"
#include "worker/collect_frames.h"
#include "worker/ends.h"

static uint8_t payload[PLT_FRAME_MAX_PAYLOAD];

static size_t read_all(void *to, size_t n)
{
    uint8_t *p = to;
    for (size_t got; n; p += got, n -= got)
        if (os_stdin_read(p, n, &got) != PLT_OK || !got) exit(0);
    return n;
}

static void next_turn(void)
{
    uint8_t header[PLT_FRAME_HEADER], type = 0;
    size_t n;
    while (type != PLT_F_TURN) {
        read_all(header, sizeof header);
        if (plt_frame_parse(header, &type, &n) != PLT_OK) exit(9);
        read_all(payload, n);
    }
}

static void say(plt_frame_type type, const plt_buf *b)
{
    uint8_t header[PLT_FRAME_HEADER];
    plt_frame_header(header, type, b->len);
    if (os_stdout_write(header, sizeof header) != PLT_OK || os_stdout_write(b->data, b->len) != PLT_OK) exit(0);
}

static void begin_turn(plt_buf *b)
{
    plt_buf_clear(b);
    for (int i = 0; i < 9; i++) plt_buf_byte(b, 0); /* now, and not over */
}

#if defined(FAKE_lies) || defined(FAKE_chatters) || defined(FAKE_nul)
static void say_found(const plt_found *f, plt_buf *b)
{
    plt_buf_clear(b);
    plt_found_encode(f, b);
    say(PLT_F_FOUND, b);
}
#endif

int main(void)
{
    const plt_address ours = {.ip = {127, 0, 0, 1}, .port = 9, .family = 4}, other = {.ip = {127, 0, 0, 2}, .port = 9, .family = 4};
    const plt_address other_port = {.ip = {127, 0, 0, 1}, .port = 10, .family = 4};
    static uint8_t question[4096];
    plt_buf b;
    plt_found f = {.result = {.address = ours, .outcome = PLT_COLLECT_READ}, .json = "{}", .json_size = 2};
    (void)ours, (void)other, (void)other_port, (void)f, (void)question;
    plt_buf_init(&b, PLT_FRAME_MAX_PAYLOAD);
    for (;;) {
        next_turn();
        begin_turn(&b);
#if defined(FAKE_elsewhere)
        plt_put_datagram(&b, &ours, question, 40);
        plt_put_datagram(&b, &other, question, 40);
        say(PLT_F_TURN, &b);
#elif defined(FAKE_port)
        plt_put_datagram(&b, &other_port, question, 40);
        say(PLT_F_TURN, &b);
#elif defined(FAKE_large)
        plt_put_datagram(&b, &ours, question, 3000);
        say(PLT_F_TURN, &b);
#elif defined(FAKE_floods)
        for (int i = 0; i < 900; i++) plt_put_datagram(&b, &ours, question, 10);
        say(PLT_F_TURN, &b);
#elif defined(FAKE_lies)
        f.result.address = other;
        say_found(&f, &b);
#elif defined(FAKE_chatters)
        for (;;) say_found(&f, &b);
#elif defined(FAKE_garbles)
        say(PLT_F_ANALYSIS, &b);
#elif defined(FAKE_cuts)
        plt_put_datagram(&b, &ours, question, 40);
        b.len -= 1;
        say(PLT_F_TURN, &b);
#elif defined(FAKE_nul)
        f.json = "{}\0{}";
        f.json_size = 5;
        say_found(&f, &b);
#elif defined(FAKE_learns)
        memset(question, 'x', sizeof question);
        for (;;) {
            plt_buf_clear(&b);
            for (int i = 0; i < 15; i++) plt_buf_add(&b, question, sizeof question);
            say(PLT_F_LEARNED, &b);
        }
#elif defined(FAKE_unconfined)
        say(PLT_F_LEARNED, &b);
        exit(PLT_WORKER_UNCONFINED);
#else /* quits, in the middle of a frame */
        say(PLT_F_LEARNED, &b);
        exit(7);
#endif
    }
}
