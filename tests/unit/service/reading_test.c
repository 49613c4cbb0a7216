/* SPDX-License-Identifier: Apache-2.0 */
/* Records of printers: what is written is read back, what is malformed is named, and the ledger keeps record and last reading together. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>
#include <unistd.h>

#include "core/record/reading.h"
#include "core/util/text.h"
#include "os/file.h"
#include "service/ledger_devices.h"
#include "service/ledger_inside.h"
#include "tests/unit/folder.h"

#define UID "00112233445566778899aabbccddeeff"
#define AT 1768000002000
#define COUNT(a) (sizeof(a) / sizeof *(a))

static plt_reading sample(void)
{
    plt_reading r = {.key = "serial:HP/JPBB1", .via = "usb", .at = AT, .why = "say \"hi\" \xe2\x82\xac", .address = "USB001", .full = true};
    return r;
}

static void wrapped(const char *type, const char *body, plt_buf *line)
{
    plt_buf_init(line, PLT_RECORD_MAX + 1);
    assert_int_equal(plt_record_wrap(type, UID, body, 42, plt_record_no_prev, AT, line), PLT_OK);
}

static void a_reading_is_read_back_as_it_was_written(void **state)
{
    (void)state;
    for (int o = 0; o < PLT_READING_OUTCOMES; o++) {
        plt_reading r = sample(), back;
        plt_buf body, line, values;
        char why[128];
        plt_record *head = malloc(sizeof *head);
        r.outcome = (plt_reading_outcome)o;
        plt_buf_init(&body, PLT_RECORD_MAX);
        plt_buf_init(&values, PLT_RECORD_MAX);
        assert_int_equal(plt_reading_write(&r, o == PLT_READING_GONE ? NULL : "{\"v\":1,\"n\":3}", &body), PLT_OK);
        wrapped("device", plt_buf_str(&body), &line);
        assert_int_equal(plt_record_read(plt_buf_str(&line), line.len, head, why, sizeof why), PLT_OK);
        assert_string_equal(head->type, "device");
        assert_string_equal(head->uid, UID);
        assert_int_equal(head->seq, 42);
        assert_int_equal(head->at, AT);
        assert_false(head->is_job);
        assert_int_equal(plt_reading_read(plt_buf_str(&line), line.len, &back, &values, why, sizeof why), PLT_OK);
        assert_string_equal(back.key, r.key);
        assert_string_equal(back.via, r.via);
        assert_string_equal(back.why, r.why);
        assert_string_equal(back.address, r.address);
        assert_int_equal(back.at, AT);
        assert_int_equal(back.outcome, o);
        assert_string_equal(plt_buf_str(&values), o == PLT_READING_GONE ? "" : "{\"v\":1,\"n\":3}");
        assert_int_equal(back.full, o != PLT_READING_GONE);
        plt_buf_free(&body);
        plt_buf_free(&line);
        plt_buf_free(&values);
        free(head);
    }
}

static void a_malformed_reading_is_named(void **state)
{
    static const struct {
        const char *body, *why;
    } cases[] = {
        {"{\"via\":\"usb\",\"at\":\"2026-11-25T12:00:00Z\",\"outcome\":\"read\"}", "'key' is missing"},
        {"{\"key\":7,\"via\":\"usb\",\"at\":\"2026-11-25T12:00:00Z\",\"outcome\":\"read\"}", "'key' is no text"},
        {"{\"key\":\"\",\"via\":\"usb\",\"at\":\"2026-11-25T12:00:00Z\",\"outcome\":\"read\"}", "'key' is no text"},
        {"{\"key\":\"k\",\"via\":\"fax\",\"at\":\"2026-11-25T12:00:00Z\",\"outcome\":\"read\"}", "'via' is no way"},
        {"{\"key\":\"k\",\"via\":\"bluetooth\",\"at\":\"2026-11-25T12:00:00Z\",\"outcome\":\"read\"}", "'via' is too long"},
        {"{\"key\":\"k\",\"via\":\"usb\",\"at\":\"noon\",\"outcome\":\"read\"}", "'at' is no RFC 3339 time"},
        {"{\"key\":\"k\",\"via\":\"usb\",\"at\":\"2026-11-25T12:00:00Z\",\"outcome\":\"eaten\"}", "'outcome' is no word"},
        {"{\"key\":\"k\",\"via\":\"usb\",\"at\":\"2026-11-25T12:00:00Z\",\"outcome\":\"read\",\"values\":[]}", "'values' is no object"},
        {"{\"key\":\"k\",\"via\":\"usb\",\"at\":\"2026-11-25T12:00:00Z\",\"outcome\":\"read\",\"values\":{}}", "'full' is missing"},
        {"{\"key\":\"k\",\"via\":\"usb\",\"at\":\"2026-11-25T12:00:00Z\",\"outcome\":\"read\",\"full\":1,\"values\":{}}", "'full' is not true"},
        {"[]", "'device' is missing"},
    };
    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        plt_reading r;
        plt_buf line, values;
        char why[128];
        wrapped("device", cases[i].body, &line);
        plt_buf_init(&values, PLT_RECORD_MAX);
        assert_int_equal(plt_reading_read(plt_buf_str(&line), line.len, &r, &values, why, sizeof why), PLT_BAD);
        if (!strstr(why, cases[i].why)) fail_msg("case %zu says: %s", i, why);
        plt_buf_free(&line);
        plt_buf_free(&values);
    }
}

static void a_line_is_never_longer_than_it_may_be(void **state)
{
    plt_buf body, line, big;
    plt_reading r = sample();
    (void)state;
    plt_buf_init(&body, PLT_RECORD_MAX);
    plt_buf_init(&line, 4 * PLT_RECORD_MAX);
    plt_buf_init(&big, 4 * PLT_RECORD_MAX);
    /* The longest reading that may be written, its texts full of what is written as two. */
    memset(r.why, '"', sizeof r.why - 1);
    memset(r.key, '\\', sizeof r.key - 1);
    memset(r.address, '"', sizeof r.address - 1);
    plt_buf_text(&big, "{\"x\":\"");
    while (big.len < PLT_READING_VALUES_MAX - 2) plt_buf_byte(&big, 'x');
    plt_buf_text(&big, "\"}");
    assert_int_equal(plt_reading_write(&r, plt_buf_str(&big), &body), PLT_OK);
    assert_int_equal(plt_record_wrap("device", UID, plt_buf_str(&body), INT64_MAX, plt_record_no_prev, AT, &line), PLT_OK);
    assert_true(line.len <= PLT_RECORD_MAX);
    plt_buf_clear(&body);
    plt_buf_consume(&big, 0);
    big.len--;
    plt_buf_text(&big, " }");
    assert_int_equal(plt_reading_write(&r, plt_buf_str(&big), &body), PLT_FULL);
    while (big.len < PLT_RECORD_MAX) plt_buf_byte(&big, ' ');
    plt_buf_clear(&line);
    assert_int_equal(plt_record_wrap("device", UID, plt_buf_str(&big), 1, plt_record_no_prev, AT, &line), PLT_FULL);
    plt_buf_free(&body);
    plt_buf_free(&line);
    plt_buf_free(&big);
}

static void what_is_no_text_becomes_no_line(void **state)
{
    static const char *const bodies[] = {"{\"key\":\"\xff\"}", "{\"key\":\n1}"};
    (void)state;
    for (size_t i = 0; i < COUNT(bodies); i++) {
        plt_buf line;
        plt_buf_init(&line, PLT_RECORD_MAX);
        assert_int_equal(plt_record_wrap("device", UID, bodies[i], 1, plt_record_no_prev, AT, &line), PLT_BAD);
        plt_buf_free(&line);
    }
}

typedef struct heard {
    size_t n;
    char first[64], last[64];
} heard;

static void hear(void *ctx, const char *key)
{
    heard *h = ctx;
    plt_copy(h->n++ ? h->last : h->first, sizeof h->last, key);
}

static void many_printers_are_seen_in_several_records(void **state)
{
    enum { MANY = 5000 };
    static char names[MANY][48];
    static const char *keys[MANY];
    size_t at = 0, records = 0, total = 0;
    (void)state;
    for (size_t i = 0; i < MANY; i++) {
        snprintf(names[i], sizeof names[i], "serial:\"Maker\"/%016zu", i);
        keys[i] = names[i];
    }
    while (at < MANY) {
        size_t taken;
        plt_buf body, line;
        heard h = {0};
        char via[8], why[128];
        int64_t when;
        plt_buf_init(&body, PLT_RECORD_MAX);
        assert_int_equal(plt_seen_write("net", AT, keys + at, MANY - at, &taken, &body), PLT_OK);
        assert_true(taken > 0);
        wrapped("seen", plt_buf_str(&body), &line);
        assert_int_equal(plt_seen_read(plt_buf_str(&line), line.len, via, &when, hear, &h, why, sizeof why), PLT_OK);
        assert_int_equal(h.n, taken);
        assert_string_equal(h.first, keys[at]);
        assert_string_equal(h.last, keys[at + taken - 1]);
        assert_string_equal(via, "net");
        assert_int_equal(when, AT);
        total += h.n;
        at += taken;
        records++;
        plt_buf_free(&body);
        plt_buf_free(&line);
    }
    assert_int_equal(total, MANY);
    assert_true(records > 1 && records < 40);
}

/* ---- the ledger ---- */

typedef struct place {
    char dir[OS_PATH_MAX];
    ledger *l;
} place;

static int set_up(void **state)
{
    place *p = calloc(1, sizeof *p);
    folder_make(p->dir);
    if (ledger_open(&p->l, p->dir, false) != PLT_OK) return -1;
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    place *p = *state;
    ledger_close(p->l);
    folder_remove(p->dir);
    free(p);
    return 0;
}

typedef struct listed {
    size_t n;
    char key[64], outcome[16], json[64];
    int64_t at;
} listed;

static bool list(void *ctx, const ledger_device *d)
{
    listed *l = ctx;
    l->n++;
    plt_copy(l->key, sizeof l->key, d->key);
    plt_copy(l->outcome, sizeof l->outcome, d->outcome);
    plt_copy(l->json, sizeof l->json, d->json);
    l->at = d->at;
    return true;
}

static listed all(ledger *l)
{
    listed found = {0};
    assert_int_equal(ledger_devices(l, list, &found), PLT_OK);
    return found;
}

static const char *const round_mark[] = {"round"};
static const ledger_device one = {"usb", "serial:HP/1234", "{\"v\":1}", AT, "read", "", "USB001"};

static void readings_stand_in_the_chain_beside_jobs(void **state)
{
    place *p = *state;
    int64_t seq, records;
    char why[256];
    ledger_counts n;
    plt_job j;
    plt_job_init(&j);
    plt_copy(j.uid, sizeof j.uid, UID);
    plt_copy(j.outcome, sizeof j.outcome, "printed");
    const ledger_news device = {.type = "device", .body = "{\"key\":\"k\"}", .device = &one}, seen = {.type = "seen", .body = "{}"};
    assert_int_equal(ledger_tell(p->l, &device, AT, &seq), PLT_OK);
    assert_int_equal(seq, 1);
    assert_int_equal(ledger_commit(p->l, &j, 1, &seq), PLT_OK);
    assert_int_equal(ledger_tell(p->l, &seen, AT, &seq), PLT_OK);
    assert_int_equal(seq, 3);
    assert_int_equal(ledger_verify(p->l, &records, why, sizeof why), PLT_OK);
    assert_int_equal(records, 3);
    assert_int_equal(ledger_count(p->l, &n), PLT_OK);
    assert_int_equal(n.records, 3);
    assert_int_equal(n.jobs, 1);
}

static void the_last_reading_is_kept(void **state)
{
    place *p = *state;
    int64_t seq;
    const char *const keys[] = {one.key, "serial:nobody's"};
    const ledger_news first = {.type = "device", .body = "{}", .device = &one, .marks = round_mark, .mark_count = 1, .mark_at = 77};
    const ledger_news again = {.via = "usb", .answered = keys, .answered_count = 2, .answered_at = AT + 5};
    assert_int_equal(all(p->l).n, 0);
    assert_int_equal(ledger_mark(p->l, "round"), 0);
    assert_int_equal(ledger_tell(p->l, &first, AT, &seq), PLT_OK);
    assert_int_equal(ledger_mark(p->l, "round"), 77);
    assert_int_equal(ledger_tell(p->l, &again, AT, &seq), PLT_OK);
    assert_int_equal(seq, 0); /* no record */
    listed l = all(p->l);
    assert_int_equal(l.n, 1);
    assert_string_equal(l.key, one.key);
    assert_string_equal(l.json, one.json);
    assert_int_equal(l.at, AT + 5);
    ledger_close(p->l);
    assert_int_equal(ledger_open(&p->l, p->dir, true), PLT_OK);
    assert_int_equal(all(p->l).n, 1);
}

/* The record cannot be written: then the reading is not kept either, or the change would never be told. */
static void record_and_reading_go_together(void **state)
{
    place *p = *state;
    int64_t seq;
    ledger_counts n;
    const ledger_news no_text = {.type = "device", .body = "\xff", .device = &one, .marks = round_mark, .mark_count = 1, .mark_at = 77};
    assert_int_equal(ledger_tell(p->l, &no_text, AT, &seq), PLT_BAD);
    assert_int_equal(seq, 0);
    assert_int_equal(all(p->l).n, 0);
    assert_int_equal(ledger_mark(p->l, "round"), 0);
    assert_int_equal(ledger_count(p->l, &n), PLT_OK);
    assert_int_equal(n.records, 0);
    const ledger_news good = {.type = "device", .body = "{}", .device = &one};
    assert_int_equal(ledger_tell(p->l, &good, AT, &seq), PLT_OK); /* no number was lost */
    assert_int_equal(seq, 1);
}

/* SQLite is told that the disk has no more pages: PLT_FULL, and nothing half done. */
static void a_full_disk_keeps_both_out(void **state)
{
    place *p = *state;
    int64_t seq;
    plt_buf body;
    plt_buf_init(&body, PLT_RECORD_MAX);
    plt_buf_text(&body, "{\"x\":\"");
    while (body.len < 60000) plt_buf_byte(&body, 'x');
    plt_buf_text(&body, "\"}");
    assert_int_equal(ledger_run(p->l, p->l->sure, "PRAGMA max_page_count=40"), PLT_OK);
    const ledger_news news = {.type = "device", .body = plt_buf_str(&body), .device = &one};
    plt_status s = PLT_OK;
    int told = 0;
    while (told < 10 && (s = ledger_tell(p->l, &news, AT, &seq)) == PLT_OK) told++;
    assert_int_equal(s, PLT_FULL);
    ledger_counts n;
    ledger_count(p->l, &n);
    assert_int_equal(n.records, told);
    plt_buf_free(&body);
}

static void the_salt_stays(void **state)
{
    place *p = *state;
    uint8_t a[16], b[16];
    static const uint8_t none[16];
    assert_int_equal(ledger_salt(p->l, a), PLT_OK);
    assert_int_equal(ledger_salt(p->l, b), PLT_OK);
    assert_memory_equal(a, b, 16);
    assert_memory_not_equal(a, none, 16);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reading_is_read_back_as_it_was_written),
        cmocka_unit_test(a_malformed_reading_is_named),
        cmocka_unit_test(a_line_is_never_longer_than_it_may_be),
        cmocka_unit_test(what_is_no_text_becomes_no_line),
        cmocka_unit_test(many_printers_are_seen_in_several_records),
        cmocka_unit_test_setup_teardown(readings_stand_in_the_chain_beside_jobs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_last_reading_is_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(record_and_reading_go_together, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_full_disk_keeps_both_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_salt_stays, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
