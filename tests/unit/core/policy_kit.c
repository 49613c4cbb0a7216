/* SPDX-License-Identifier: Apache-2.0 */
/* Reads jobs in words and writes rulings in words. A line that it does not understand fails the test. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <string.h>

#include "tests/unit/core/policy_kit.h"

plt_policy *kit_compile(const char *json)
{
    plt_policy *p;
    char error[PLT_POLICY_ERROR_SIZE];
    if (plt_policy_compile(&p, json, strlen(json), error) != PLT_OK) fail_msg("%s\n%s", error, json);
    return p;
}

/* Cuts the next `name=value` out of the text; a value may stand in quotes. */
static char *next(char **at, char **value)
{
    char *s = *at + strspn(*at, " "), *equals = strchr(s, '='), *end;
    if (!*s) return NULL;
    if (!equals) fail_msg("\"%s\" is no name=value", s);
    *equals = 0;
    *value = equals + 1;
    if (**value == '"') {
        end = strchr(++*value, '"');
        if (!end) fail_msg("a quote is not closed: %s", *value);
    } else {
        end = *value + strcspn(*value, " ");
    }
    *at = *end ? end + 1 : end;
    *end = 0;
    return s;
}

static uint32_t actions(const char *list)
{
    uint32_t bits = 0;
    while (*list) {
        size_t n = strcspn(list, ",");
        int a = 0;
        while (a < PLT_POLICY_ACTIONS &&
               (strlen(plt_policy_action_name((plt_policy_action)a)) != n || strncmp(plt_policy_action_name((plt_policy_action)a), list, n) != 0))
            a++;
        if (a == PLT_POLICY_ACTIONS) fail_msg("there is no action \"%s\"", list);
        bits |= 1u << a;
        list += n + (list[n] == ',');
    }
    return bits;
}

void kit_read(const plt_policy *p, const char *line, kit_job *out)
{
    char error[PLT_POLICY_ERROR_SIZE], *at = out->text, *name, *value;
    uint32_t named = 0;
    memset(out, 0, sizeof *out);
    assert_true(strlen(line) < sizeof out->text);
    memcpy(out->text, line, strlen(line) + 1);
    out->job.usage = out->usage;
    out->job.usages = plt_policy_quotas(p);
    while ((name = next(&at, &value))) {
        plt_status s = PLT_OK;
        int fact = plt_policy_fact_of(name);
        if (fact < PLT_POLICY_FACTS) named |= PLT_POLICY_BIT(fact);
        if (!strcmp(name, "cannot"))
            out->job.cannot = actions(value);
        else if (!strncmp(name, "used:", 5))
            s = plt_policy_use_words(p, out->usage, name + 5, value, error);
        else
            s = plt_policy_set_words(&out->job, name, value, error);
        if (s != PLT_OK) fail_msg("%s: %s", line, error);
    }
    plt_policy_derive(&out->job, NULL, named);
}

static size_t add_acts(const plt_policy *p, const plt_policy_acts *acts, char *out, size_t size)
{
    size_t n = (size_t)snprintf(out, size, "%s", plt_policy_outcome_name((plt_policy_outcome)acts->outcome));
    bool any = false;
    for (int a = 0; a < PLT_POLICY_ACTIONS; a++) {
        if (!(acts->set >> a & 1) || acts->rule[a] == PLT_POLICY_DEFAULT) continue;
        n += (size_t)snprintf(out + n, size - n, "%s%s by %s", any ? ", " : ": ", plt_policy_action_name((plt_policy_action)a),
                              plt_policy_rule_id(p, acts->rule[a]));
        any = true;
        assert_true(n < size);
    }
    return n;
}

void kit_words(const plt_policy *p, const plt_policy_ruling *r, char *out, size_t size)
{
    char would[1024];
    size_t n = add_acts(p, &r->acts, out, size);
    add_acts(p, &r->would, would, sizeof would);
    if (strcmp(out, would) != 0) snprintf(out + n, size - n, ", would be %s", would);
}

void kit_expect(const plt_policy *p, const char *line, const char *words)
{
    kit_job j;
    plt_policy_ruling r;
    char got[2048], why[1024];
    kit_read(p, line, &j);
    plt_policy_judge(p, &j.job, &r);
    kit_words(p, &r, got, sizeof got);
    plt_policy_line(p, &j.job, &r, why, sizeof why);
    if (strcmp(got, words) != 0) fail_msg("%s\n   is: %s\n  not: %s\n  why: %s", line, got, words, why);
    assert_true(why[0] != 0);
}
