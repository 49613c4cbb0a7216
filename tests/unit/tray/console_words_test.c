/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words of reasons in the console are those of the log and the tray: hub/console/src/i18n-why.ts is made of the two tables here and compared, so
 * that no code is without words there and no words without a code. PLATEN_WRITE=1 writes the file anew.
 */
#include "tests/unit/test.h"

#include <stdlib.h>

#include "tray/reasons.c" /* its tables */

#include "core/util/buf.h"
#include "os/file.h"

/* As the console writes: curly quotes and apostrophes, which the log cannot have, and a no-break space that is seen as one. */
static void put_text(plt_buf *b, const char *s)
{
    bool open = false;
    plt_buf_byte(b, '"');
    for (; *s; s++) {
        if (strncmp(s, "\xc2\xa0", 2) == 0) {
            plt_buf_text(b, "\\u00a0");
            s++;
        } else if (*s == '"') {
            open = !open;
            plt_buf_text(b, open ? "\xe2\x80\x9c" : "\xe2\x80\x9d");
        } else if (*s == '\'') {
            plt_buf_text(b, "\xe2\x80\x99");
        } else {
            plt_buf_byte(b, (uint8_t)*s);
        }
    }
    plt_buf_byte(b, '"');
}

static void put_row(plt_buf *b, const char *group, const char *name, const char *const in[3])
{
    plt_buf_printf(b, "    \"why.%s%s\": [", group, name);
    for (int i = 0; i < 3; i++) {
        if (i) plt_buf_text(b, ", ");
        put_text(b, in[i]);
    }
    plt_buf_text(b, "],\n");
}

static void put_file(plt_buf *b)
{
    plt_buf_text(b,
                 "// SPDX-License-Identifier: Apache-2.0\n//\n"
                 "// The words of reasons, made by tests/unit/tray/console_words_test.c of core/util/why.c and tray/reasons.c: change them there.\n"
                 "// {1} to {4} are a reason's arguments; what each is (t a text, f a fact, c choices, n a number) stands in whyArguments.\n\n"
                 "export const whyTexts = {\n");
    for (int c = 0; c < PLT_WHY_CODES; c++) {
        const char *const in[3] = {plt_why_table[c].english, sentences[c][0], sentences[c][1]};
        put_row(b, "", plt_why_table[c].code, in);
    }
    for (size_t i = 0; i < COUNT(facts); i++) put_row(b, "fact.", facts[i].name, facts[i].in);
    for (size_t i = 0; i < COUNT(choices); i++) put_row(b, "choice.", choices[i].name, choices[i].in);
    plt_buf_text(
        b, "} as const satisfies Record<string, readonly [string, string, string]>;\n\nexport const whyArguments: Record<string, string> = {\n");
    for (int c = 0; c < PLT_WHY_CODES; c++) plt_buf_printf(b, "    \"%s\": \"%s\",\n", plt_why_table[c].code, plt_why_table[c].args);
    plt_buf_text(b, "};\n");
}

static void the_console_has_the_same_words(void **state)
{
    plt_buf made, have;
    (void)state;
    plt_buf_init(&made, 1u << 20);
    plt_buf_init(&have, 1u << 20);
    put_file(&made);
    assert_int_equal(made.status, PLT_OK);
    if (getenv("PLATEN_WRITE")) assert_int_equal(os_file_store(CONSOLE_WORDS, made.data, made.len, false), PLT_OK);
    assert_int_equal(os_file_load(CONSOLE_WORDS, &have), PLT_OK);
    if (have.len != made.len || memcmp(have.data, made.data, made.len) != 0)
        fail_msg("%s is not what core/util/why.c and tray/reasons.c say. Make it anew: PLATEN_WRITE=1 build/linux-asan/bin/console_words_test",
                 CONSOLE_WORDS);
    plt_buf_free(&made);
    plt_buf_free(&have);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_console_has_the_same_words)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
