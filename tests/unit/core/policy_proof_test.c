/* SPDX-License-Identifier: Apache-2.0 */
/* The proofs: named cases, every job of small domains, and random jobs against each claim. A live rule is never called dead. */
#include "tests/unit/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/policy/globs.h"
#include "core/policy/proof.h"
#include "tests/unit/core/policy_gen.h"
#include "tests/unit/core/policy_kit.h"

#define SET(rules) "{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[" rules "]}"
#define R(id, when, then) "{\"id\":\"" id "\",\"when\":" when ",\"then\":" then "}"

static void findings_are_named(void **state)
{
    static const struct {
        const char *set, *found; /* "kind rule other", joined by "; " */
    } cases[] = {
        {SET(R("a", "{\"queue\":\"X\"}", "\"deny\"")), ""},
        {SET(R("a", "{\"all\":[{\"queue\":\"X\"},{\"queue\":\"Y\"}]}", "\"deny\"")), "dead a"},
        {SET(R("a", "{\"all\":[{\"queue\":\"X*\"},{\"queue\":\"x1\"}]}", "\"deny\"")), ""},
        {SET(R("a", "{\"all\":[{\"queue\":\"X*\"},{\"queue\":\"Y*\"}]}", "\"deny\"")), "dead a"},
        {SET(R("a", "{\"all\":[{\"queue\":\"*X\"},{\"queue\":\"*Y\"}]}", "\"deny\"")), "dead a"},
        {SET(R("a", "{\"all\":[{\"queue\":\"X*\"},{\"queue\":\"*Y\"}]}", "\"deny\"")), ""},
        {SET(R("a", "{\"all\":[{\"group\":\"X\"},{\"group\":\"Y\"}]}", "\"deny\"")), ""}, /* a person is in many groups */
        {SET(R("a", "{\"all\":[{\"group\":\"X\"},{\"none\":[{\"group\":\"x\"}]}]}", "\"deny\"")), "dead a"},
        {SET(R("a", "{\"all\":[{\"group\":\"X1\"},{\"none\":[{\"group\":\"x*\"}]}]}", "\"deny\"")), "dead a"},
        {SET(R("a", "{\"all\":[{\"pages\":{\"min\":10}},{\"pages\":{\"max\":9}}]}", "\"deny\"")), "dead a"},
        {SET(R("a", "{\"all\":[{\"pages\":{\"min\":10}},{\"pages\":{\"max\":10}}]}", "\"deny\"")), ""},
        {SET(R("a", "{\"none\":[{\"weekday\":\"workday\"},{\"weekday\":\"weekend\"}]}", "\"deny\"")), "dead a"},
        {SET(R("a", "{\"none\":[{\"pages\":{\"min\":0}}]}", "\"deny\"")), "dead a"},
        {SET("{\"id\":\"a\",\"when\":{\"none\":[{\"pages\":{\"min\":0}}]},\"unknown\":\"match\",\"then\":\"deny\"}"), ""}, /* of pages unknown */
        {SET(R("a", "{\"none\":[{\"user\":\"*\"}]}", "\"deny\"")), "dead a"},
        {SET(R("a", "{\"none\":[{\"group\":\"*\"}]}", "\"deny\"")), ""}, /* no group at all */
        {SET(R("a", "{\"all\":[{\"time\":{\"from\":\"22:00\",\"to\":\"06:00\"}},{\"time\":{\"from\":\"08:00\",\"to\":\"20:00\"}}]}", "\"deny\"")),
         "dead a"},
        {SET(R("a", "{\"pages\":{\"min\":5}}", "\"deny\"") "," R("b", "{\"pages\":{\"min\":9}}", "\"record\"")), "shadowed b a"},
        {SET(R("a", "{\"pages\":{\"min\":5}}", "\"deny\"") "," R("b", "{\"pages\":{\"min\":9}}", "\"allow\"")), "contradicts b a"},
        {SET(R("a", "{\"pages\":{\"min\":9}}", "\"deny\"") "," R("b", "{\"pages\":{\"min\":5}}", "\"allow\"")), ""},
        {SET(R("a", "{\"pages\":{\"max\":9}}", "\"deny\"") "," R("b", "{\"pages\":{\"min\":10}}", "\"deny\"") "," R("c", "{\"pages\":{\"min\":5}}",
                                                                                                                    "\"record\"")),
         "shadowed c"},
        {SET(R("a", "{\"pages\":{\"max\":9}}", "\"deny\"") "," R("b", "{\"pages\":{\"min\":10}}", "\"deny\"") ",{\"id\":\"c\",\"then\":\"record\"}"),
         ""}, /* pages unknown */
        {SET("{\"id\":\"a\",\"then\":\"allow\"}," R("b", "{\"user\":\"x\"}", "\"hold\"")), "shadowed b a"},
        {SET("{\"id\":\"a\",\"then\":\"allow\",\"shadow\":true}," R("b", "{\"user\":\"x\"}", "\"hold\"")),
         ""}, /* a rule in shadow is in nobody's way */
        {SET(R("a", "{\"user\":\"ACME\\\\*\"}", "\"deny\"") "," R("b", "{\"user\":[\"acme\\\\mia\",\"ACME\\\\l*o\"]}", "\"hold\"")), "shadowed b a"},
        {SET(R("a", "{\"queue\":\"A*\"}", "{\"redirect\":\"X\"}") "," R("b", "{\"pages\":{\"min\":3}}", "{\"redirect\":\"Y\"}")), "clash b a"},
        {SET(R("a", "{\"queue\":\"A\"}", "{\"redirect\":\"X\"}") "," R("b", "{\"queue\":\"B\"}", "{\"redirect\":\"Y\"}")), ""},
        {SET(R("a", "{\"all\":[{\"language\":\"IPL\"},{\"pages\":{\"min\":3}}]}", "\"deny\"")), "language a"},
        {SET(R("a", "{\"all\":[{\"language\":[\"IPL\",\"ZPL\"]},{\"pages\":{\"min\":3}}]}", "\"deny\"")), ""},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"quotas\":[{\"id\":\"q\",\"of\":\"user\",\"per\":\"day\",\"unit\":\"pages\",\"limit\":5}],"
         "\"rules\":[]}",
         "quota q"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"quotas\":[{\"id\":\"q\",\"of\":\"user\",\"per\":\"day\",\"unit\":\"pages\",\"limit\":5}],"
         "\"rules\":["
         "{\"id\":\"a\",\"then\":\"deny\"}," R("b", "{\"over_quota\":\"q\"}", "\"deny\"") "]}",
         "shadowed b a; quota q"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"quotas\":[{\"id\":\"q\",\"of\":\"user\",\"per\":\"day\",\"unit\":\"cost\",\"limit\":\"5\"}],"
         "\"rules\":[" R(
             "a", "{\"all\":[{\"quota_percent\":{\"quota\":\"q\",\"min\":80}},{\"none\":[{\"over_quota\":\"q\"}]},{\"cost\":{\"min\":\"0.5\"}}]}",
             "\"record\"") "]}",
         ""},
        {"{\"v\":1,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"all\":[{\"queue\":\"H*\"}]},\"then\":\"deny\"},"
         "{\"id\":\"b\",\"when\":{\"all\":[{\"queue\":\"HQ\"},{\"machine\":\"x\"}]},\"then\":\"allow\"}]}",
         "contradicts b a"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char found[512] = "";
        size_t n = 0;
        plt_proof r;
        plt_policy *p = kit_compile(cases[i].set);
        assert_int_equal(plt_policy_prove(p, &r), PLT_OK);
        for (size_t k = 0; k < r.count; k++) {
            const plt_finding *f = &r.findings[k];
            n += (size_t)snprintf(found + n, sizeof found - n, "%s%s %s%s%s", n ? "; " : "", plt_finding_name(f->kind),
                                  f->kind == PLT_FOUND_NO_QUOTA ? plt_policy_quota_id(p, f->rule) : plt_policy_rule_id(p, f->rule),
                                  f->other == PLT_POLICY_DEFAULT ? "" : " ", plt_policy_rule_id(p, f->other));
            assert_true(f->words[0] != 0);
            assert_true((f->kind == PLT_FOUND_CLASH) == (f->witness[0] != 0));
        }
        if (strcmp(found, cases[i].found) != 0 || r.open)
            fail_msg("%s\n  is: %s (%lu open)\n not: %s", cases[i].set, found, (unsigned long)r.open, cases[i].found);
        plt_proof_free(&r);
        plt_policy_free(p);
    }
}

/* Does the live engine note the rule for this job? That is what "acts" means here: it matches, and the reading gets to it. */
static bool reached(const plt_policy *p, const plt_policy_job *j, uint32_t rule)
{
    plt_policy_ruling r;
    plt_policy_judge(p, j, &r);
    assert_true(r.notes <= PLT_POLICY_NOTES);
    for (uint32_t i = 0; i < r.notes; i++)
        if (r.note[i].rule == rule && r.note[i].how != PLT_POLICY_SKIPPED_UNKNOWN) return true;
    return false;
}

static bool claimed_dead(const plt_proof *r, uint32_t rule)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->findings[i].rule == rule && r->findings[i].kind <= PLT_FOUND_CONTRADICTS) return true;
    return false;
}

static void witnesses_hold(const plt_policy *p, const plt_proof *r, const char *json)
{
    for (uint32_t k = 0; k < r->rules; k++) {
        kit_job j;
        if (!r->witness[k]) continue;
        assert_false(claimed_dead(r, k));
        kit_read(p, r->witness[k], &j);
        if (!reached(p, &j.job, k)) fail_msg("rule r%u is not reached by %s: %s", k, r->witness[k], json);
    }
}

static plt_policy *draw(gen *g, const gen_shape *shape, plt_buf *json)
{
    plt_buf_clear(json);
    gen_set(g, shape, json);
    return kit_compile(plt_buf_str(json));
}

static uint64_t setting(const char *name, uint64_t otherwise)
{
    const char *s = getenv(name);
    return s ? strtoull(s, NULL, 10) : otherwise;
}

/* Random sets over all facts; random jobs look for a dead rule that acts. */
static void no_live_rule_is_called_dead(void **state)
{
    uint64_t sets = setting("POLICY_SETS", 1500), dead = 0, live = 0, open = 0;
    gen g = {88675123u};
    plt_buf json;
    (void)state;
    plt_buf_init(&json, 1 << 20);
    for (uint64_t s = 0; s < sets; s++) {
        gen_shape shape = {.rules = 12, .in_force = true};
        plt_policy *p = draw(&g, &shape, &json);
        plt_proof r;
        assert_int_equal(plt_policy_prove(p, &r), PLT_OK);
        witnesses_hold(p, &r, plt_buf_str(&json));
        for (int k = 0; k < 100 && r.dead; k++) {
            gen_job j;
            gen_a_job(&g, &j);
            for (uint32_t rule = 0; rule < r.rules; rule++)
                if (claimed_dead(&r, rule) && reached(p, &j.job, rule)) fail_msg("rule r%u is called dead and acts: %s", rule, plt_buf_str(&json));
        }
        dead += r.dead;
        live += r.live;
        open += r.open;
        plt_proof_free(&r);
        plt_policy_free(p);
    }
    plt_buf_free(&json);
    print_message("# rules: %llu live with a witness, %llu dead, %llu open\n", (unsigned long long)live, (unsigned long long)dead,
                  (unsigned long long)open);
    assert_true(dead > sets / 2 && live > sets && open < (live + dead) / 50);
}

/* ---- Every job of a small domain ---- */

static const uint8_t small_facts[] = {PLT_P_WEEKDAY, PLT_P_PAGES, PLT_P_COLOR, PLT_P_DUPLEX};

/* All values of four facts, unknown ones too: 8 * 14 * 3 * 4 jobs. */
static bool next_job(plt_policy_job *j)
{
    static const int64_t count[] = {7, 13, 2, 3};
    for (size_t i = 0; i < 4; i++) {
        uint8_t f = small_facts[i];
        if (!j->level[f]) {
            plt_policy_set_number(j, (plt_policy_fact)f, 0, PLT_POLICY_EXACT);
            return true;
        }
        if (++j->number[f] < count[i]) return true;
        j->level[f] = PLT_POLICY_UNKNOWN;
    }
    return false;
}

static void every_job_of_a_small_domain_agrees(void **state)
{
    uint64_t sets = setting("POLICY_SETS", 1000), dead = 0;
    gen g = {521288629u};
    plt_buf json;
    (void)state;
    plt_buf_init(&json, 1 << 20);
    for (uint64_t s = 0; s < sets; s++) {
        gen_shape shape = {.rules = 6, .only_final = s % 2, .in_force = true};
        for (size_t i = 0; i < 4; i++) shape.facts |= PLT_POLICY_BIT(small_facts[i]);
        plt_policy *p = draw(&g, &shape, &json);
        plt_proof r;
        bool acts[8] = {false};
        plt_policy_job j;
        assert_int_equal(plt_policy_prove(p, &r), PLT_OK);
        plt_policy_job_init(&j);
        do {
            plt_policy_ruling ruling;
            plt_policy_judge(p, &j, &ruling);
            for (uint32_t i = 0; i < ruling.notes; i++)
                if (ruling.note[i].how != PLT_POLICY_SKIPPED_UNKNOWN) acts[ruling.note[i].rule] = true;
        } while (next_job(&j));
        assert_int_equal(r.open, 0);
        for (uint32_t rule = 0; rule < r.rules; rule++) {
            /* Numbers of the generated sets end at 12, so the domain holds every case. */
            if (acts[rule] == claimed_dead(&r, rule))
                fail_msg("rule r%u: acts %d, called dead %d: %s", rule, acts[rule], claimed_dead(&r, rule), plt_buf_str(&json));
        }
        dead += r.dead;
        witnesses_hold(p, &r, plt_buf_str(&json));
        plt_proof_free(&r);
        plt_policy_free(p);
    }
    plt_buf_free(&json);
    assert_true(dead > sets / 4);
}

/* What is said of two globs, against all short texts. */
static void globs_compare_as_their_texts_do(void **state)
{
    static const char letters[] = "ab*?";
    static const char *const texts[] = {"",    "a",   "b",   "aa",  "ab",   "ba",   "bb",   "aaa", "aab", "aba", "abb",
                                        "baa", "bab", "bba", "bbb", "aaaa", "abab", "baab", "c",   "ac",  "cab", "bcb"};
    char pool[64];
    plt_policy p = {.fold = FOLD_UNICODE, .pool = pool};
    size_t within = 0, apart = 0;
    (void)state;
    for (int x = 0; x < 64 * 4; x++) {
        for (int y = 0; y < 64 * 4; y++) {
            policy_pattern a = {.text = 0, .n = 1 + x % 4}, b = {.text = 8, .n = 1 + y % 4};
            bool all = true, both = false;
            for (int i = 0; i < 4; i++) pool[i] = letters[x >> 2 * i & 3], pool[8 + i] = letters[y >> 2 * i & 3];
            for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++) {
                bool m = policy_glob(pool, a.n, texts[t], strlen(texts[t]), FOLD_UNICODE),
                     n = policy_glob(pool + 8, b.n, texts[t], strlen(texts[t]), FOLD_UNICODE);
                all = all && (!m || n);
                both = both || (m && n);
            }
            bool w = policy_glob_within(&p, &a, &b), d = policy_globs_apart(&p, &a, &b);
            if ((w && !all) || (d && both)) fail_msg("%.*s %.*s: within %d apart %d", (int)a.n, pool, (int)b.n, pool + 8, w, d);
            within += w;
            apart += d;
        }
    }
    assert_true(within > 5000 && apart > 5000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_are_named),
        cmocka_unit_test(globs_compare_as_their_texts_do),
        cmocka_unit_test(every_job_of_a_small_domain_agrees),
        cmocka_unit_test(no_live_rule_is_called_dead),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
