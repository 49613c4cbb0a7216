/* SPDX-License-Identifier: Apache-2.0 */
/* The words for how a child ended: of both systems' numbers, of a program's own, of unknown ones; and of children that really end so. */
#include "tests/unit/test.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "os/common/ended.c"
#include "os/process.h"
#include "worker/ends.h"

enum { REASON = 192 }; /* PLT_REASON_SIZE */

static const os_ended own[] = {{2, "was given what it cannot read", "Update both"}, {137, "was stopped by us", ""}, {0, NULL, NULL}};

static void each_end_has_its_words(void **state)
{
    static const struct {
        uint32_t code;
        const os_ended *own;
        const char *text;
    } cases[] = {
        {0, NULL, "it ended by itself, before it was asked to"},
        {2, own, "it was given what it cannot read. Update both"},
        {2, NULL, "it ended with code 2, which is none of ours. If this comes back, update Platen or report it"},
        {7, own, "it ended with code 7, which is none of ours. If this comes back, update Platen or report it"},
        {127, own, "it could not be run: the program or a library of it is missing. Install Platen again"},
        {137, NULL, "it was killed from outside. If nobody did so, the machine ran short of memory: look into the system's log"},
        {137, own, "it was stopped by us"},
        {143, NULL, "it was ended from outside (SIGTERM)"},
        {152, NULL, "it used up the processor time that it may take. If this comes back, update Platen or report it"},
        {159, NULL, "it did what its sandbox forbids and was stopped. If this comes back, update Platen or report it"},
        {128, NULL, "it ended with code 128, which is none of ours. If this comes back, update Platen or report it"},
        {162, NULL, "it was ended by signal 34. If this comes back, update Platen or report it"},
        {192, NULL, "it was ended by signal 64. If this comes back, update Platen or report it"},
        {193, NULL, "it ended with code 193, which is none of ours. If this comes back, update Platen or report it"},
        {256, NULL, "it was ended with 0x00000100 by Windows. If this comes back, update Platen or report it"},
        {0xC0000005, own, "it crashed on a bad access to memory (access violation). If this comes back, update Platen or report it"},
        {0xC0000017, NULL, "it ran out of memory. Close other programs, or give the machine more memory"},
        {0xC0000135, NULL, "it could not be run: a library of it is missing. Install Platen again"},
        {0xC000070A, NULL, "it was ended with 0xC000070A by Windows. If this comes back, update Platen or report it"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[OS_ENDED_TEXT];
        assert_string_equal(os_ended_text(text, "it", cases[i].code, cases[i].own), cases[i].text);
    }
}

/* Codes once and in order, a sentence that goes on behind the name and has no end of its own, which the remedy puts. */
static void is_sound(const os_ended *table)
{
    for (const os_ended *e = table; e->what; e++) {
        char text[OS_ENDED_TEXT];
        if (e != table) assert_true(e->code > (e - 1)->code);
        assert_true(*e->what && e->what[strlen(e->what) - 1] != '.');
        assert_true(!*e->remedy || e->remedy[strlen(e->remedy) - 1] != '.');
        os_ended_text(text, "the process that reads network printers", e->code, table);
        assert_true(strlen(text) < OS_ENDED_TEXT - 1);
        os_ended_text(text, "the conversion process", e->code, table);
        assert_true(strlen(text) < REASON); /* a job's reason has no more room */
    }
}

static void the_tables_are_sound(void **state)
{
    (void)state;
    is_sound(known);
    is_sound(plt_worker_ends);
}

/* A shell that ends in a way, as os_process_wait tells of it. */
static uint32_t code_of(const char *script, const os_process_limits *limits)
{
    const char *const argv[] = {"/bin/sh", "-c", script, NULL};
    os_process *p;
    uint32_t code = 0;
    assert_int_equal(os_process_start(&p, argv, limits), PLT_OK);
    assert_int_equal(os_process_wait(p, 20000, &code), PLT_OK);
    os_process_free(p);
    return code;
}

static void children_end_so(void **state)
{
    static const os_process_limits none = {0}, short_time = {.cpu_seconds = 1};
    static const struct {
        const char *script;
        const os_process_limits *limits;
        const char *words;
    } cases[] = {
        {"exit 0", &none, "ended by itself"},
        {"exec /nowhere/program", &none, "could not be run"},
        {"kill -KILL $$", &none, "was killed from outside"},
        {"kill -SEGV $$", &none, "(SIGSEGV)"},
        {"kill -SYS $$", &none, "its sandbox forbids"},
        {"while :; do :; done", &short_time, "used up the processor time"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char text[OS_ENDED_TEXT];
        os_ended_text(text, "it", code_of(cases[i].script, cases[i].limits), NULL);
        if (!strstr(text, cases[i].words)) fail_msg("'%s' ends so: %s", cases[i].script, text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_end_has_its_words), cmocka_unit_test(the_tables_are_sound),
                                       cmocka_unit_test(children_end_so)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
