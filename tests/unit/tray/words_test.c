/* SPDX-License-Identifier: Apache-2.0 */
/* The table of texts: no text is missing, translations have the same places for the same things, plurals follow the language. */
#include "tests/unit/test.h"

#include <wchar.h>

#include "tray/words.h"

enum { EN = 0x409, FR = 0x40c, DE = 0x407, FR_CA = 0xc0c, DE_CH = 0x807, JA = 0x411 };

static int places(const wchar_t *text)
{
    int n = 0;
    for (; *text; text++) {
        if (*text != L'%') continue;
        assert_int_equal(wcsncmp(text, L"%ls", 3), 0);
        n++;
    }
    return n;
}

static void every_language_has_every_word(void **state)
{
    (void)state;
    for (int w = 0; w < W_COUNT; w++) {
        words_begin(EN);
        assert_non_null(words((word)w));
        int n = places(words((word)w));
        words_begin(FR);
        assert_non_null(words((word)w));
        assert_int_equal(places(words((word)w)), n);
        words_begin(DE);
        assert_non_null(words((word)w));
        assert_int_equal(places(words((word)w)), n);
    }
}

static void plurals(void **state)
{
    static const struct {
        unsigned language;
        uint64_t n;
        const wchar_t *text;
    } cases[] = {{EN, 0, L"%ls pages"}, {EN, 1, L"%ls page"},         {EN, 2, L"%ls pages"},    {FR, 0, L"%ls page"},
                 {FR, 1, L"%ls page"},  {FR, 2, L"%ls pages"},        {FR_CA, 0, L"%ls page"},  {DE, 0, L"%ls Seiten"},
                 {DE, 1, L"%ls Seite"}, {DE, 1000000, L"%ls Seiten"}, {DE_CH, 1, L"%ls Seite"}, {JA, 1, L"%ls page"}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        words_begin(cases[i].language);
        assert_int_equal(wcscmp(words_for(W_PAGE_1, cases[i].n), cases[i].text), 0);
    }
}

/* French puts a no-break space before these; an ordinary one would let a line begin with them. */
static void french_spaces(void **state)
{
    (void)state;
    words_begin(FR);
    for (int w = 0; w < W_COUNT; w++) {
        const wchar_t *text = words((word)w);
        for (size_t i = 1; text[i]; i++)
            if (wcschr(L":;?!»", text[i])) assert_int_equal(text[i - 1], 0xa0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_language_has_every_word), cmocka_unit_test(plurals), cmocka_unit_test(french_spaces)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
