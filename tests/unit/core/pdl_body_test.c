/* SPDX-License-Identifier: Apache-2.0 */
/* What an interpreter is given of a job: the program alone, however the bytes are cut, or nothing. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/pdl/ps_body.h"
#include "core/util/buf.h"

#define UEL "\033%-12345X"
#define PROGRAM "%!PS\nshowpage\n"
#define DECLINED NULL

static const struct body_case {
    const char *name, *job, *program;
} cases[] = {
    {"bare", PROGRAM, PROGRAM},
    {"in an envelope", UEL "@PJL JOB NAME=\"x\"\r\n@PJL SET DUPLEX=ON\r\n@PJL ENTER LANGUAGE=POSTSCRIPT\r\n" PROGRAM UEL "@PJL EOJ\n" UEL, PROGRAM},
    {"ends of lines and ^D around it", "\r\n\004" PROGRAM "\004\r\n" UEL, PROGRAM "\004\r\n"},
    {"a UEL's beginning that is none", "%!\n(\033%-1)\n" UEL, "%!\n(\033%-1)\n"},
    {"PJL copies", UEL "@PJL SET COPIES=2\n@PJL ENTER LANGUAGE=POSTSCRIPT\n" PROGRAM, DECLINED},
    {"pjl quantity in small letters", UEL "@pjl set qty = 3\n" PROGRAM, DECLINED},
    {"two programs", PROGRAM UEL PROGRAM, DECLINED},
    {"another language behind it", PROGRAM UEL "\033E", DECLINED},
    {"no program", "hello", DECLINED},
    {"a comment that is no program", "% !PS\n", DECLINED},
    {"a line in the envelope that is no PJL", UEL "@something\n" PROGRAM, DECLINED},
};

static void check(const struct body_case *c, size_t step)
{
    plt_ps_body b = {0};
    plt_buf out;
    size_t n = strlen(c->job);
    plt_buf_init(&out, 4096);
    for (size_t at = 0; at < n && !b.declined;) {
        const uint8_t *from;
        size_t size, take = n - at < step ? n - at : step;
        at += plt_ps_body_feed(&b, (const uint8_t *)c->job + at, take, &from, &size);
        plt_buf_add(&out, from, size);
    }
    const char *got = plt_buf_str(&out);
    bool taken = b.begun && !b.declined;
    if (taken != (c->program != NULL)) fail_msg("%s, in chunks of %zu: %s", c->name, step, taken ? "taken" : "declined");
    /* A UEL that a chunk's end cuts leaves its beginning, a comment to the interpreter. */
    if (taken && strncmp(got, c->program, strlen(c->program)) != 0) fail_msg("%s, in chunks of %zu: \"%s\"", c->name, step, got);
    if (taken && strlen(got) > strlen(c->program) + 8) fail_msg("%s, in chunks of %zu: too much: \"%s\"", c->name, step, got);
    if (taken && step >= n) assert_string_equal(got, c->program);
    plt_buf_free(&out);
}

static void the_program_is_cut_out(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        check(&cases[i], 4096);
        for (size_t step = 1; step < 12; step++) check(&cases[i], step);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_program_is_cut_out)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
