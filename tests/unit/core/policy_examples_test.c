/* SPDX-License-Identifier: Apache-2.0 */
/* The examples of docs/policy.md: each set compiles, each job has the ruling that the page says. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/unit/core/policy_kit.h"

static char *page; /* docs/policy.md */

static int load(void **state)
{
    (void)state;
    FILE *f = fopen(POLICY_PAGE, "rb");
    if (!f) return -1;
    page = calloc(1, 1 << 20);
    size_t n = page ? fread(page, 1, (1 << 20) - 1, f) : 0;
    fclose(f);
    return n ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    free(page);
    return 0;
}

/* Cuts the fenced block that begins with `fence` behind *at out of the page. */
static char *block(char **at, const char *fence)
{
    char *begin = strstr(*at, fence), *end;
    if (!begin) return NULL;
    begin += strlen(fence);
    end = strstr(begin, "\n```");
    assert_non_null(end);
    *end = 0;
    *at = end + 4;
    return begin;
}

static size_t jobs(const plt_policy *p, char *lines)
{
    size_t n = 0;
    for (char *line = lines, *end; line && *line; line = end, n++) {
        char *arrow = strstr(line, " => ");
        end = strchr(line, '\n');
        if (end) *end++ = 0;
        if (!arrow) fail_msg("no \" => \" in \"%s\"", line);
        *arrow = 0;
        kit_expect(p, line, arrow + 4);
    }
    return n;
}

static void every_example_does_what_the_page_says(void **state)
{
    size_t sets = 0, all = 0;
    (void)state;
    char *at = strstr(page, "\n## Examples"), *json;
    assert_non_null(at);
    while ((json = block(&at, "```json\n"))) {
        plt_policy *p = kit_compile(json);
        char *lines = block(&at, "```\n");
        assert_non_null(lines);
        size_t n = jobs(p, lines);
        assert_true(n >= 2);
        all += n;
        sets++;
        plt_policy_free(p);
    }
    assert_int_equal(sets, 20);
    assert_true(all >= 60);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_example_does_what_the_page_says)};
    return cmocka_run_group_tests(tests, load, unload);
}
