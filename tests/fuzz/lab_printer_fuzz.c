/* SPDX-License-Identifier: Apache-2.0 */
/* The virtual printer, which anybody may connect to: whatever comes, however it is cut, gives the same jobs, answers and counts. And its model's
 * reader. */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "tests/lab/printer_engine.h"

static const char personality[] = "id1284 MFG:Lab;MDL:Fuzz;CMD:PJL;SN:$serial;STATUS:$state;\nserial S1\ncan pjl pml color duplex\nunknown question\n"
                                  "info ID\n    \"Fuzz $nothing\"\ninfo STATUS\n    CODE=$code\n    DISPLAY=\"$display\"\n    ONLINE=$online\n"
                                  "info PAGECOUNT\n    PAGECOUNT=$pages\nvariable COPIES 1 [2 RANGE]\n    1\n    999\n"
                                  "pml 1.1.3.3 string $serial\npml 1.4.1.2.5 integer $pages\nsupply toner 100 50 mono T\n"
                                  "state ready 10001 online : R\nstate busy 10023 online : B\nstate sleep 10000 online : S\n";

typedef struct heard {
    lab_model model;
    char text[sizeof personality];
    lab_printer *printer;
    lab_channel *channel;
    plt_buf kept, said;
    size_t bytes;
} heard;

static void keep(void *arg, unsigned job, const void *data, size_t n)
{
    heard *h = arg;
    (void)job;
    h->bytes += n;
    plt_buf_add(&h->kept, data, n);
    if (!n) plt_buf_byte(&h->kept, '|');
}

/* Feeds all of it, `step` bytes at a time. */
static void print(heard *h, const uint8_t *data, size_t size, size_t step)
{
    char problem[128];
    uint8_t room[256];
    memset(h, 0, sizeof *h);
    memcpy(h->text, personality, sizeof personality);
    EXPECT(lab_model_read(&h->model, h->text, problem, sizeof problem));
    plt_buf_init(&h->kept, 1u << 24);
    plt_buf_init(&h->said, 1u << 24);
    h->printer = lab_printer_new(&h->model, &(lab_printer_hooks){.arg = h, .keep = keep});
    h->channel = h->printer ? lab_channel_open(h->printer) : NULL;
    EXPECT(h->channel);
    for (size_t at = 0; at < size; at += step) lab_channel_feed(h->channel, data + at, size - at < step ? size - at : step, 1000);
    lab_channel_idle(h->channel, 1000);
    lab_printer_tick(h->printer, 1000);
    for (size_t n; (n = lab_channel_take(h->channel, room, sizeof room, 100000)) > 0;) plt_buf_add(&h->said, room, n);
    lab_channel_close(h->channel, 1000);
    EXPECT(h->bytes <= size);
    EXPECT(lab_printer_value(h->printer, LAB_PAGES) == lab_printer_value(h->printer, LAB_MONO) + lab_printer_value(h->printer, LAB_COLOR));
    EXPECT(lab_printer_value(h->printer, LAB_DUPLEX) <= lab_printer_value(h->printer, LAB_PAGES));
}

static void forget(heard *h)
{
    lab_printer_free(h->printer);
    plt_buf_free(&h->kept);
    plt_buf_free(&h->said);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static heard whole, cut;
    char problem[128];
    print(&whole, data, size, size ? size : 1);
    print(&cut, data, size, 1 + size % 13);
    EXPECT(whole.kept.len == cut.kept.len && (!cut.kept.len || !memcmp(whole.kept.data, cut.kept.data, cut.kept.len)));
    EXPECT(whole.said.len == cut.said.len && (!cut.said.len || !memcmp(whole.said.data, cut.said.data, cut.said.len)));
    for (size_t v = 0; v < LAB_VALUES; v++) EXPECT(lab_printer_value(whole.printer, (lab_value)v) == lab_printer_value(cut.printer, (lab_value)v));
    forget(&whole);
    forget(&cut);
    char *text = malloc(size + 1);
    if (!text) return 0;
    memcpy(text, data, size);
    text[size] = 0;
    lab_model m;
    lab_model_read(&m, text, problem, sizeof problem);
    free(text);
    return 0;
}
