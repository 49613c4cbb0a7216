/* SPDX-License-Identifier: Apache-2.0 */
/* The service's reasons in the person's language: every code, every fact and every choice of policies has all three, with the same arguments. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "core/policy/model.h"
#include "core/util/text.h"
#include "core/util/why.h"
#include "tray/reasons.h"
#include "tray/words.h"

enum { EN = 0x409, FR = 0x40c, DE = 0x407 };
static const unsigned languages[] = {EN, FR, DE};

/* One phrase of each code with arguments that no language has a word for. */
static void say_code(int code, char *out, size_t size)
{
    const char *const args[] = {"arg-one", "arg-two", "arg-three", "arg-four"};
    char why[PLT_WHY_SIZE] = "";
    assert_true(plt_why_add(why, sizeof why, (plt_why_code)code, args));
    assert_true(reasons_say(why, out, size));
}

static void every_code_in_every_language_with_its_arguments(void **state)
{
    static const char *const args[] = {"arg-one", "arg-two", "arg-three", "arg-four"};
    (void)state;
    for (int code = 0; code < PLT_WHY_CODES; code++) {
        char said[3][512];
        for (size_t l = 0; l < 3; l++) {
            words_begin(languages[l]);
            say_code(code, said[l], sizeof said[l]);
            assert_null(strchr(said[l], '{'));
            assert_true(plt_utf8_valid(said[l], strlen(said[l])));
            for (size_t i = 0; i < PLT_WHY_ARGS; i++) assert_int_equal(strstr(said[l], args[i]) != NULL, i < strlen(plt_why_table[code].args));
            /* "{1}: {2}." may be the same in two languages; a sentence with words of its own is not. */
            bool words = strlen(plt_why_table[code].english) > 12;
            for (size_t other = 0; other < l; other++)
                if (words) assert_string_not_equal(said[l], said[other]);
        }
    }
}

/* A term that has no word would be said by its name in the policy's JSON: in one of the languages it must differ, or it is the English word itself.
 */
static void expect_term(const char *code, const char *fact, const char *choice, const char *name)
{
    char why[PLT_WHY_SIZE], said[256];
    bool differs = false;
    snprintf(why, sizeof why, "%s %s%s%s", code, fact, choice ? " " : "", choice ? choice : "");
    for (size_t l = 0; l < 3; l++) {
        words_begin(languages[l]);
        assert_true(reasons_say(why, said, sizeof said));
        differs |= strstr(said, name) == NULL;
    }
    if (!differs) print_error("no word for %s\n", name);
    assert_true(differs);
}

static void every_fact_and_every_choice_has_its_words(void **state)
{
    (void)state;
    expect_term("unknown", "machine", NULL, "machine"); /* of sets of version 1 */
    for (int f = 0; f < PLT_POLICY_FACTS; f++) {
        expect_term("unknown", policy_facts[f].name, NULL, policy_facts[f].name);
        for (const policy_word *w = policy_facts[f].words; w && w->name; w++)
            if (!(w->mask & (w->mask - 1))) expect_term("is", "x", w->name, w->name);
    }
}

static void as_people_read_it(void **state)
{
    static const struct {
        unsigned language;
        const char *why, *said;
    } cases[] = {
        {EN, "deleted", "Its owner deleted it."},
        {FR, "deleted", "Son propriétaire l’a supprimé."},
        {DE, "deleted", "Der Besitzer hat ihn gelöscht."},
        {EN, "denies colour;at-least color_pages 60 50;is duplex none",
         "Rule \"colour\" does not let it print. Pages in colour: 60 (the rule says 50 or more). Both sides: no."},
        {FR, "denies colour;at-least cost 1.25 0.50",
         "La règle «\u00a0colour\u00a0» ne le laisse pas imprimer. Coût\u00a0: 1,25 (la règle dit 0,50 ou plus)."},
        {DE, "holds a%20b;is-not weekday mon,tue;between time 23:05 18:00 07:00",
         "Regel „a b“ hält ihn an, bis er freigegeben wird. Wochentag: nicht Montag, Dienstag. Uhrzeit: 23:05 (die Regel sagt von 18:00 bis 07:00)."},
        {DE, "unknown moon", "moon: nicht bekannt."}, /* a fact of a later engine is named as it is */
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char said[512];
        words_begin(cases[i].language);
        assert_true(reasons_say(cases[i].why, said, sizeof said));
        assert_string_equal(said, cases[i].said);
    }
}

/* A reason that is not understood as a whole is not said in part: the message beside it is. */
static void what_is_not_known_is_the_services_words(void **state)
{
    static const char *const strange[] = {"", "deleted;eaten-by-the-dog", "at-least pages", "denies a%zz", "gone"};
    char said[128];
    (void)state;
    words_begin(DE);
    for (size_t i = 0; i < sizeof strange / sizeof *strange; i++) {
        assert_false(reasons_say(strange[i], said, sizeof said));
        assert_string_equal(said, "");
        reasons_or(strange[i], "Words of the service.", said, sizeof said);
        assert_string_equal(said, "Words of the service.");
    }
    reasons_or("expired", "It was held.", said, sizeof said);
    assert_string_equal(said, "Er war angehalten, und niemand hat ihn rechtzeitig freigegeben.");
}

static void little_room(void **state)
{
    char whole[256], said[256];
    (void)state;
    words_begin(DE);
    assert_true(reasons_say("deleted;first;more", whole, sizeof whole));
    for (size_t size = 1; size < sizeof said; size++) {
        memset(said, 'x', sizeof said);
        bool some = reasons_say("deleted;first;more", said, size);
        assert_true(strlen(said) < size && plt_utf8_valid(said, strlen(said)));
        assert_int_equal(some, *said != 0);
        if (some && strcmp(said, whole) != 0) assert_string_equal(said + strlen(said) - 4, " …");
    }
}

/* French puts a no-break space before these. */
static void french_spaces(void **state)
{
    (void)state;
    words_begin(FR);
    for (int code = 0; code < PLT_WHY_CODES; code++) {
        char said[512];
        say_code(code, said, sizeof said);
        for (size_t i = 0; said[i]; i++) {
            bool mark = said[i] == ':' || said[i] == ';' || said[i] == '?' || said[i] == '!' || strncmp(said + i, "»", 2) == 0;
            if (mark) assert_true(i >= 2 && strncmp(said + i - 2, "\u00a0", 2) == 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_code_in_every_language_with_its_arguments),
        cmocka_unit_test(every_fact_and_every_choice_has_its_words),
        cmocka_unit_test(as_people_read_it),
        cmocka_unit_test(what_is_not_known_is_the_services_words),
        cmocka_unit_test(little_room),
        cmocka_unit_test(french_spaces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
