/* SPDX-License-Identifier: Apache-2.0 */
/* Reasons of codes: each code is one of a kind, what is written is read again, what is malformed is none. */
#include "tests/unit/test.h"

#include <string.h>

#include "core/util/text.h"
#include "core/util/why.h"

static void every_code_is_whole_and_one_of_a_kind(void **state)
{
    (void)state;
    for (int c = 0; c < PLT_WHY_CODES; c++) {
        const plt_why_info *w = &plt_why_table[c];
        assert_non_null(w->code);
        assert_true(*w->code && strlen(w->code) < 32 && strspn(w->code, "abcdefghijklmnopqrstuvwxyz-") == strlen(w->code));
        assert_true(strlen(w->args) <= PLT_WHY_ARGS && strspn(w->args, "tfcn") == strlen(w->args));
        for (int other = 0; other < c; other++) assert_string_not_equal(w->code, plt_why_table[other].code);
        for (size_t i = 0; i < PLT_WHY_ARGS; i++) {
            char place[] = "{1}";
            place[1] = (char)('1' + i);
            assert_int_equal(strstr(w->english, place) != NULL, i < strlen(w->args));
        }
    }
}

static void what_is_written_is_read(void **state)
{
    const char *const args[] = {"a;b c%d", "", "\xc3\x89t\xc3\xa9 \xe2\x80\x9cx\xe2\x80\x9d", "-1"};
    char why[PLT_WHY_SIZE] = "";
    plt_phrase p;
    bool bad = false;
    (void)state;
    assert_true(plt_why_add(why, sizeof why, PLT_WHY_BETWEEN, args));
    assert_true(plt_why_add(why, sizeof why, PLT_WHY_DELETED, NULL));
    assert_string_equal(why, "between a%3Bb%20c%25d  \xc3\x89t\xc3\xa9%20\xe2\x80\x9cx\xe2\x80\x9d -1;deleted");
    const char *at = why;
    assert_true(plt_why_next(&at, &p, &bad));
    assert_int_equal(p.code, PLT_WHY_BETWEEN);
    for (size_t i = 0; i < PLT_WHY_ARGS; i++) assert_string_equal(p.arg[i], args[i]);
    assert_true(plt_why_next(&at, &p, &bad));
    assert_int_equal(p.code, PLT_WHY_DELETED);
    assert_false(plt_why_next(&at, &p, &bad));
    assert_false(bad);
}

static void what_is_malformed_is_none(void **state)
{
    static const char *const lines[] = {
        "gone",        "deleted ",       "deleted now", "denies", "denies a b",   "denies a%",    "denies a%2",
        "denies a%2g", "denies a%2f", /* lower case */
        "denies a%00", "at-least pages", ";deleted",    " ",      "redirects a;", "deleted;gone", "DELETED",
    };
    (void)state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        plt_phrase p;
        bool bad = false;
        const char *at = lines[i];
        while (plt_why_next(&at, &p, &bad)) assert_false(bad);
        if (!bad) print_error("taken: %s\n", lines[i]);
        assert_true(bad);
    }
}

static void an_argument_has_its_bound_and_so_has_the_line(void **state)
{
    char text[300], why[PLT_WHY_SIZE] = "", small[12] = "deleted";
    const char *const args[] = {text};
    plt_phrase p;
    bool bad = false;
    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[sizeof text - 1] = 0;
    memcpy(text + PLT_WHY_ARG - 2, "\xc3\xa9", 2); /* the cut would part it */
    assert_true(plt_why_add(why, sizeof why, PLT_WHY_DENIES, args));
    const char *at = why;
    assert_true(plt_why_next(&at, &p, &bad));
    assert_int_equal(strlen(p.arg[0]), PLT_WHY_ARG - 2);
    assert_false(plt_why_add(small, sizeof small, PLT_WHY_EXPIRED, NULL));
    assert_string_equal(small, "deleted");
    assert_true(plt_why_add(small, sizeof "deleted" + 4, PLT_WHY_IS, (const char *const[]){"", ""}) == false);
    memset(text, ' ', sizeof text - 1); /* each becomes three bytes */
    why[0] = 0;
    assert_true(plt_why_add(why, sizeof why, PLT_WHY_DENIES, args));
    at = why;
    assert_true(plt_why_next(&at, &p, &bad));
    assert_int_equal(strlen(p.arg[0]), PLT_WHY_ARG - 1);
    memcpy(why, "denies ", 7);
    memset(why + 7, 'x', PLT_WHY_ARG); /* one byte more than any that is sent */
    why[7 + PLT_WHY_ARG] = 0;
    at = why;
    assert_false(plt_why_next(&at, &p, &bad));
    assert_true(bad);
}

static void a_sentence_and_its_code(void **state)
{
    plt_told t;
    char out[24];
    (void)state;
    plt_tell(&t, PLT_WHY_DELETED, NULL);
    assert_string_equal(t.text, "Its owner deleted it.");
    assert_string_equal(t.why, "deleted");
    plt_tell(&t, PLT_WHY_NO_QUEUE, "HQ {1} 100%");
    assert_string_equal(t.text, "The print queue \"HQ {1} 100%\" does not take it.");
    assert_string_equal(t.why, "no-queue HQ%20{1}%20100%25");
    const char *const args[PLT_WHY_ARGS] = {"\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9", "",
                                            "", ""};
    plt_why_fill(out, sizeof out, "{1}", args);
    assert_true(plt_utf8_valid(out, strlen(out)) && strlen(out) == 22);
    plt_why_fill(out, sizeof out, "{5} {0} {", args);
    assert_string_equal(out, "{5} {0} {");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_is_whole_and_one_of_a_kind),
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(what_is_malformed_is_none),
        cmocka_unit_test(an_argument_has_its_bound_and_so_has_the_line),
        cmocka_unit_test(a_sentence_and_its_code),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
