/* SPDX-License-Identifier: Apache-2.0 */
/* Version 2 of the policy engine: what is refused, how texts compare, where numbers end, what a decision says, when a job must wait. */
#include "tests/unit/test.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/policy/doctype.h"
#include "core/policy/model.h"
#include "tests/unit/core/policy_kit.h"

#define SET(rules) "{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[" rules "]}"
#define DENY(when) SET("{\"id\":\"a\",\"when\":" when ",\"then\":\"deny\"}")
#define DENIED "denied: deny by a"

static void what_is_wrong_is_named_with_its_place_and_a_remedy(void **state)
{
    static const struct {
        const char *json;
        plt_status status;
        const char *error;
    } cases[] = {
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"colour\":true},\"then\":\"deny\"}]}", PLT_BAD,
         "rules[0].when: unknown condition \"colour\"; docs/policy.md lists those of \"v\": 2"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"queue\":\"a\",\"user\":\"b\"},\"then\":\"deny\"}]}",
         PLT_BAD, "rules[0].when: a condition is an object with one key; join several with \"all\""},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"queue\":[]},\"then\":\"deny\"}]}", PLT_BAD,
         "rules[0].when.queue: this must be a text or a list of texts"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"queue\":[\"a\",5]},\"then\":\"deny\"}]}", PLT_BAD,
         "rules[0].when.queue[1]: this must be a text of 1 to 512 bytes"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"queue\":{\"is\":\"a\"}},\"then\":\"deny\"}]}", PLT_BAD,
         "rules[0].when.queue: this must be a text or a list of texts"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"pages\":\"5\"},\"then\":\"deny\"}]}", PLT_BAD,
         "rules[0].when.pages: this must be a whole number from 0 to 4000000000"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"pages\":-1},\"then\":\"deny\"}]}", PLT_BAD,
         "rules[0].when.pages: this must be a whole number from 0 to 4000000000"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"pages\":1.5},\"then\":\"deny\"}]}", PLT_BAD,
         "rules[0].when.pages: this must be a whole number from 0 to 4000000000"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"pages\":1e300},\"then\":\"deny\"}]}", PLT_BAD,
         "rules[0].when.pages: this must be a whole number from 0 to 4000000000"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"pages\":{}},\"then\":\"deny\"}]}", PLT_BAD,
         "rules[0].when.pages: say \"min\", \"max\" or both"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"pages\":{\"min\":5,\"max\":4}},\"then\":\"deny\"}]}",
         PLT_BAD, "rules[0].when.pages: \"min\" is above \"max\": nothing is in between; exchange them"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"pages\":{\"least\":5}},\"then\":\"deny\"}]}", PLT_BAD,
         "rules[0].when.pages: unknown key \"least\"; known are \"min\" or \"max\""},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"pages\":{\"min\":5,\"min\":6}},\"then\":\"deny\"}]}",
         PLT_BAD, "rules[0].when.pages: \"min\" stands there twice; keep one"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"cost\":5},\"then\":\"deny\"}]}", PLT_BAD,
         "rules[0].when.cost: money is a text such as \"0.25\", at most six places and 1000000000"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"cost\":\"5,00\"},\"then\":\"deny\"}]}", PLT_BAD,
         "rules[0].when.cost: money is a text such as \"0.25\", at most six places and 1000000000"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"cost\":\"0.1234567\"},\"then\":\"deny\"}]}", PLT_BAD,
         "rules[0].when.cost: money is a text such as \"0.25\", at most six places and 1000000000"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"cost\":\"99999999999999999999\"},\"then\":\"deny\"}]}",
         PLT_BAD, "rules[0].when.cost: money is a text such as \"0.25\", at most six places and 1000000000"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"time\":\"18:00\"},\"then\":\"deny\"}]}", PLT_BAD,
         "rules[0].when.time: this must be an object: {...}"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"time\":{\"from\":\"18:00\",\"to\":\"18:00\"}},\"then\":"
         "\"deny\"}]}",
         PLT_BAD, "rules[0].when.time: from and to leave no time; for the whole day leave the condition out"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"time\":{\"from\":\"25:00\"}},\"then\":\"deny\"}]}",
         PLT_BAD, "rules[0].when.time.from: a time of day is a text from \"00:00\" to \"24:00\""},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"date\":\"2026-02-30\"},\"then\":\"deny\"}]}", PLT_BAD,
         "rules[0].when.date: a date is a text such as \"2026-12-24\", a day that exists"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"date\":{\"from\":\"2026-12-24\",\"to\":\"2026-12-01\"}},"
         "\"then\":\"deny\"}]}",
         PLT_BAD, "rules[0].when.date: \"from\" is above \"to\": nothing is in between; exchange them"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"weekday\":\"monday\"},\"then\":\"deny\"}]}", PLT_BAD,
         "rules[0].when.weekday: \"monday\" is not \"mon\", \"tue\", \"wed\", \"thu\", \"fri\", \"sat\", \"sun\", \"workday\" or \"weekend\""},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"weekday\":[]},\"then\":\"deny\"}]}", PLT_BAD,
         "rules[0].when.weekday: the list is empty: nothing would match; name at least one"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"color\":\"yes\"},\"then\":\"deny\"}]}", PLT_BAD,
         "rules[0].when.color: this must be true or false"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"color\":1},\"then\":\"deny\"}]}", PLT_BAD,
         "rules[0].when.color: this must be true or false"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"duplex\":\"both\"},\"then\":\"deny\"}]}", PLT_BAD,
         "rules[0].when.duplex: \"both\" is not \"none\", \"long\", \"short\" or \"any\""},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"document_type\":\"letter\"},\"then\":\"deny\"}]}",
         PLT_BAD,
         "rules[0].when.document_type: \"letter\" is not \"text\", \"spreadsheet\", \"presentation\", \"pdf\", \"mail\", \"web\", \"image\" or "
         "\"drawing\""},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"document_words\":\"--\"},\"then\":\"deny\"}]}", PLT_BAD,
         "rules[0].when.document_words: \"--\" holds no word; a word is made of letters and digits"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"again\":10},\"then\":\"deny\"}]}", PLT_BAD,
         "rules[0].when.again: this must be an object: {...}"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"again\":{\"within\":0}},\"then\":\"deny\"}]}", PLT_BAD,
         "rules[0].when.again.within: this must be a whole number from 1 to 525600"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"over_quota\":\"x\"},\"then\":\"deny\"}]}", PLT_BAD,
         "rules[0].when.over_quota: there is no quota \"x\"; \"quotas\" at the top of the set defines them"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"quota_percent\":{\"quota\":\"x\"}},\"then\":\"deny\"}]}",
         PLT_BAD, "rules[0].when.quota_percent: say \"min\", \"max\" or both, in percent"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"any\":[]},\"then\":\"deny\"}]}", PLT_BAD,
         "rules[0].when.any: an empty list; leave it out, or name a condition"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"none\":{}},\"then\":\"deny\"}]}", PLT_BAD,
         "rules[0].when.none: this must be a list of conditions"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"when\":{\"all\":[{\"all\":[{\"all\":[{\"all\":[{\"all\":[{\"all\":["
         "{\"all\":[{\"all\":[{\"all\":[]}]}]}]}]}]}]}]}]},\"then\":\"deny\"}]}",
         PLT_FULL, "rules[0].when.all[0].all[0].all[0].all[0].all[0].all[0].all[0].all[0].all: more than 8 groups in one another; use two rules"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":[]}]}", PLT_BAD,
         "rules[0].then: the list is empty; to do nothing but write it down say \"record\""},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":[\"allow\",\"deny\"]}]}", PLT_BAD,
         "rules[0].then: a rule cannot both allow and deny; make it two rules"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":[\"deny\",\"hold\"]}]}", PLT_BAD,
         "rules[0].then: a job that is denied can only be notified and recorded besides; take the other actions out"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":[\"record\",\"record\"]}]}", PLT_BAD,
         "rules[0].then[1]: \"record\" stands there twice; keep one"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":\"print\"}]}", PLT_BAD,
         "rules[0].then: \"print\" is not \"allow\", \"deny\", \"hold\", \"redirect\", \"account\", \"warn\", \"duplex\", \"grey\", \"notify\" or "
         "\"record\""},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":{\"deny\":true}}]}", PLT_BAD,
         "rules[0].then.deny: this action has no settings; write its name alone"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":{\"warn\":{\"else\":\"warn\"}}}]}", PLT_BAD,
         "rules[0].then.warn.else: a warning that cannot be shown cannot fall back to a warning; say \"allow\" or \"deny\""},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":{\"warn\":{\"seconds\":1}}}]}", PLT_BAD,
         "rules[0].then.warn.seconds: this must be a whole number from 5 to 600"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":{\"warn\":{\"text\":\"x\"}}}]}", PLT_BAD,
         "rules[0].then.warn: unknown key \"text\"; known are \"else\", \"seconds\" or \"silence\""},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":\"redirect\"}]}", PLT_BAD,
         "rules[0].then: \"redirect\" needs to be told what: {\"redirect\": ...}"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":{\"redirect\":{}}}]}", PLT_BAD,
         "rules[0].then.redirect: \"queue\" is missing: where shall the job go?"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":{\"redirect\":\"\"}}]}", PLT_BAD,
         "rules[0].then.redirect: this must be a text of 1 to 255 bytes"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":{\"account\":{\"required\":true}}}]}", PLT_BAD,
         "rules[0].then.account: \"ask\" is missing: \"client\", \"matter\" or \"project\""},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":{\"account\":{\"ask\":[]}}}]}", PLT_BAD,
         "rules[0].then.account.ask: the list is empty; name at least one"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":{\"account\":{\"ask\":\"vat\",\"pin\":1}}}]}", PLT_BAD,
         "rules[0].then.account.ask: \"vat\" is not \"client\", \"matter\" or \"project\""},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":{\"notify\":[]}}]}", PLT_BAD,
         "rules[0].then.notify: the list is empty; name at least one"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":{\"notify\":{\"user\":1}}}]}", PLT_BAD,
         "rules[0].then.notify: what stands there is not \"user\", \"manager\" or \"administrator\""},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":{\"hold\":{\"hours\":1e9}}}]}", PLT_BAD,
         "rules[0].then.hold.hours: this must be a whole number from 1 to 720"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":{\"duplex\":\"maybe\"}}]}", PLT_BAD,
         "rules[0].then.duplex: \"maybe\" is not \"force\" or \"offer\""},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":{\"grey\":{\"edge\":\"long\"}}}]}", PLT_BAD,
         "rules[0].then.grey: unknown key \"edge\"; known are \"else\" or \"how\""},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":{\"warn\":{},\"hold\":{}}}]}", PLT_BAD,
         "rules[0].then: an action is a text or an object with one key; join several in a list"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":5}]}", PLT_BAD,
         "rules[0].then: what stands there is not \"allow\", \"deny\", \"hold\", \"redirect\", \"account\", \"warn\", \"duplex\", \"grey\", "
         "\"notify\" or \"record\""},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":\"deny\",\"unknown\":\"deny\"}]}", PLT_BAD,
         "rules[0].unknown: \"deny\" is not \"skip\" or \"match\""},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"a\",\"then\":\"deny\",\"shadow\":1}]}", PLT_BAD,
         "rules[0].shadow: this must be true or false"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"rules\":[{\"id\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\","
         "\"then\":\"deny\"}]}",
         PLT_BAD, "rules[0].id: this must be a text of 1 to 64 bytes"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"trust\":\"sure\",\"rules\":[]}", PLT_BAD,
         "trust: \"sure\" is not \"estimated\", \"declared\" or \"exact\""},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"shadow\":\"yes\",\"rules\":[]}", PLT_BAD, "shadow: this must be true or false"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"quotas\":{},\"rules\":[]}", PLT_BAD, "quotas is not a list"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"quotas\":[{\"id\":\"q\"}],\"rules\":[]}", PLT_BAD,
         "quotas[0].of: what stands there is not \"user\", \"group\" or \"account\""},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"quotas\":[{\"id\":\"q\",\"of\":\"user\",\"per\":\"day\",\"unit\":\"pages\"}],\"rules\":[]}",
         PLT_BAD, "quotas[0]: \"limit\" is missing"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"quotas\":[{\"id\":\"q\",\"of\":\"user\",\"per\":\"day\",\"unit\":\"pages\",\"limit\":\"5\"}]"
         ",\"rules\":[]}",
         PLT_BAD, "quotas[0].limit: this must be a whole number from 0 to 1000000000000"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"quotas\":[{\"id\":\"q\",\"of\":\"user\",\"per\":\"day\",\"unit\":\"cost\",\"limit\":5}],"
         "\"rules\":[]}",
         PLT_BAD, "quotas[0].limit: money is a text such as \"0.25\", at most six places and 1000000000"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"quotas\":[{\"id\":\"q\",\"of\":\"group\",\"per\":\"day\",\"unit\":\"pages\",\"limit\":5}],"
         "\"rules\":[]}",
         PLT_BAD, "quotas[0]: \"group\" is missing: whose quota is it?"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"quotas\":[{\"id\":\"q\",\"of\":\"user\",\"per\":\"term\",\"unit\":\"pages\",\"limit\":5}],"
         "\"rules\":[]}",
         PLT_BAD, "quotas[0]: \"terms\" must list the first day of each term, 64 at most"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"quotas\":[{\"id\":\"q\",\"of\":\"user\",\"per\":\"term\",\"unit\":\"pages\",\"limit\":5,"
         "\"terms\":[\"2026-09-01\",\"2026-09-01\"]}],\"rules\":[]}",
         PLT_BAD, "quotas[0]: \"terms\" must be in their order"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"quotas\":[{\"id\":\"q\",\"of\":\"user\",\"per\":\"day\",\"unit\":\"pages\",\"limit\":5,"
         "\"terms\":[\"2026-09-01\"]}],\"rules\":[]}",
         PLT_BAD, "quotas[0]: \"terms\" belongs to \"per\": \"term\" only"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"quotas\":[{\"id\":\"q\",\"of\":\"user\",\"per\":\"day\",\"unit\":\"pages\",\"limit\":5},{"
         "\"id\":\"q\",\"of\":\"user\",\"per\":\"day\",\"unit\":\"pages\",\"limit\":5}],\"rules\":[]}",
         PLT_BAD, "quotas[1]: the id \"q\" is used twice"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        plt_policy *p = (plt_policy *)(uintptr_t)1;
        char error[PLT_POLICY_ERROR_SIZE];
        plt_status s = plt_policy_compile(&p, cases[i].json, strlen(cases[i].json), error);
        assert_null(p);
        if (s != cases[i].status || strcmp(error, cases[i].error) != 0) fail_msg("%s: \"%s\" (%s)", cases[i].json, error, plt_status_name(s));
    }
}

/* Unicode's own examples and the traps around them: CaseFolding.txt, status C and S; nothing of F and T. */
static void texts_fold_by_unicode(void **state)
{
    static const struct {
        const char *pattern, *value;
        bool same;
    } cases[] = {
        {"\xc3\x89t\xc3\xa9", "\xc3\xa9T\xc3\x89", true}, /* Ete with accents */
        {"\xce\xa3", "\xcf\x82", true},                   /* capital and final sigma */
        {"\xcf\x83", "\xcf\x82", true},                   /* small and final sigma */
        {"\xe1\xba\x9e", "\xc3\x9f", true},               /* capital and small sharp s (S) */
        {"ss", "\xc3\x9f", false},                        /* F is not used */
        {"\xc4\xb0", "i", false},                         /* I with a dot: F and T only */
        {"\xc4\xb1", "I", false},                         /* i without a dot: T */
        {"\xe2\x84\xaa", "k", true},                      /* Kelvin sign */
        {"\xe2\x84\xa6", "\xcf\x89", true},               /* Ohm sign, omega */
        {"\xd0\x96\xd0\xaf", "\xd0\xb6\xd1\x8f", true},   /* Cyrillic */
        {"\xf0\x90\x90\x80", "\xf0\x90\x90\xa8", true},   /* Deseret, beyond 16 bits */
        {"\xe1\xbe\x88", "\xe1\xbe\x80", true},           /* Greek with iota below: S */
        {"\xef\xac\x81", "fi", false},                    /* ligature: F */
        {"e\xcc\x81", "\xc3\xa9", false},                 /* not normalised */
        {"\xc8\xba", "\xe2\xb1\xa5", true},               /* folds to more bytes */
        {"?", "\xf0\x9f\x98\x80", true},                  /* one character, four bytes */
        {"??", "\xc3\xa9", false},
        {"*\xc3\xa9?", "x\xc3\x89\xc3\xa9", true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char json[256];
        snprintf(json, sizeof json, DENY("{\"user\":\"%s\"}"), cases[i].pattern);
        plt_policy *p = kit_compile(json);
        plt_policy_job j;
        plt_policy_ruling r;
        plt_policy_job_init(&j);
        plt_policy_set_text(&j, PLT_P_USER, cases[i].value, PLT_POLICY_EXACT);
        plt_policy_judge(p, &j, &r);
        if ((r.acts.outcome == PLT_POLICY_DENIED) != cases[i].same)
            fail_msg("case %lu: \"%s\" and \"%s\"", (unsigned long)i, cases[i].pattern, cases[i].value);
        plt_policy_free(p);
    }
}

static void folding_is_idempotent_and_never_outgrows_its_room(void **state)
{
    (void)state;
    for (uint32_t c = 0x80; c < 0x20000; c++) {
        char in[8] = "", once[16], twice[24];
        size_t n = 0;
        if (c >= 0xD800 && c <= 0xDFFF) continue;
        if (c < 0x800)
            in[n++] = (char)(0xC0 | c >> 6);
        else if (c < 0x10000)
            in[n++] = (char)(0xE0 | c >> 12), in[n++] = (char)(0x80 | (c >> 6 & 63));
        else
            in[n++] = (char)(0xF0 | c >> 18), in[n++] = (char)(0x80 | (c >> 12 & 63)), in[n++] = (char)(0x80 | (c >> 6 & 63));
        in[n++] = (char)(0x80 | (c & 63));
        size_t a = policy_folded(once, in, n, FOLD_UNICODE), b = policy_folded(twice, once, a, FOLD_UNICODE);
        assert_true(a <= POLICY_FOLDED(n));
        assert_int_equal(a, b);
        assert_memory_equal(once, twice, a);
    }
}

/* Both sides of each border. */
static void borders_are_where_the_page_says(void **state)
{
    static const struct {
        const char *set, *job, *words;
    } cases[] = {
        {DENY("{\"pages\":{\"min\":10}}"), "pages=9", "printed"},
        {DENY("{\"pages\":{\"min\":10}}"), "pages=10", DENIED},
        {DENY("{\"pages\":{\"max\":10}}"), "pages=10", DENIED},
        {DENY("{\"pages\":{\"max\":10}}"), "pages=11", "printed"},
        {DENY("{\"pages\":0}"), "pages=0", DENIED},
        {DENY("{\"pages\":0}"), "pages=?", "printed"},
        {DENY("{\"cost\":{\"min\":\"0.000001\"}}"), "cost=0", "printed"},
        {DENY("{\"cost\":{\"min\":\"0.000001\"}}"), "cost=0.000001", DENIED},
        {DENY("{\"time\":{\"from\":\"22:00\",\"to\":\"06:00\"}}"), "time=21:59", "printed"},
        {DENY("{\"time\":{\"from\":\"22:00\",\"to\":\"06:00\"}}"), "time=22:00", DENIED},
        {DENY("{\"time\":{\"from\":\"22:00\",\"to\":\"06:00\"}}"), "time=05:59", DENIED},
        {DENY("{\"time\":{\"from\":\"22:00\",\"to\":\"06:00\"}}"), "time=06:00", "printed"},
        {DENY("{\"time\":{\"from\":\"22:00\",\"to\":\"00:00\"}}"), "time=23:59", DENIED},
        {DENY("{\"time\":{\"from\":\"22:00\",\"to\":\"00:00\"}}"), "time=00:00", "printed"},
        {DENY("{\"time\":{\"from\":\"22:00\",\"to\":\"24:00\"}}"), "time=23:59", DENIED},
        {DENY("{\"time\":{\"to\":\"06:00\"}}"), "time=00:00", DENIED},
        {DENY("{\"date\":\"2028-02-29\"}"), "date=2028-02-29", DENIED},
        {DENY("{\"date\":\"2028-02-29\"}"), "date=2028-03-01", "printed"},
        {DENY("{\"date\":{\"to\":\"1970-01-01\"}}"), "date=1969-12-31", DENIED},
        {DENY("{\"again\":{\"within\":10}}"), "again=10", DENIED},
        {DENY("{\"again\":{\"within\":525600}}"), "again=never", "printed"},
        {DENY("{\"none\":[{\"again\":{\"within\":10}}]}"), "again=never", DENIED},
        {DENY("{\"group\":\"*\"}"), "group=", "printed"}, /* a list without items */
        {DENY("{\"user\":\"*\"}"), "user=", DENIED},      /* a text without letters */
        {DENY("{\"none\":[{\"group\":\"X\"}]}"), "group=A;B", DENIED},
        {DENY("{\"document_words\":\"pay slip\"}"), "document=pay_slip.pdf", DENIED},
        {DENY("{\"document_words\":\"pay slip\"}"), "document=pay-my-slip", "printed"},
        {DENY("{\"document_words\":\"pay\"}"), "document=payroll", "printed"},
        {DENY("{\"all\":[]}"), "pages=?", DENIED},
        {SET("{\"id\":\"a\",\"then\":\"deny\"}"), "pages=?", DENIED},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        plt_policy *p = kit_compile(cases[i].set);
        kit_expect(p, cases[i].job, cases[i].words);
        plt_policy_free(p);
    }
}

static void a_list_that_is_too_long_may_hold_anything(void **state)
{
    plt_policy *p = kit_compile(SET("{\"id\":\"in\",\"when\":{\"group\":\"G1\"},\"then\":\"allow\"},{\"id\":\"a\",\"when\":{\"none\":[{\"group\":"
                                    "\"other\"}]},\"then\":\"deny\"}"));
    plt_policy_job j;
    plt_policy_ruling r;
    plt_buf b;
    (void)state;
    plt_buf_init(&b, 1 << 20);
    for (int i = 0; i < 2 * PLT_POLICY_LIST_ITEMS; i++) plt_buf_printf(&b, "%sG%d", i ? "\n" : "", i + 1000);
    plt_policy_job_init(&j);
    plt_policy_set_text(&j, PLT_P_GROUP, plt_buf_str(&b), PLT_POLICY_EXACT);
    plt_policy_judge(p, &j, &r);
    assert_int_equal(r.acts.outcome, PLT_POLICY_GOES); /* "not in other" cannot be known */
    assert_int_equal(r.notes, 2);
    assert_int_equal(r.note[1].how, PLT_POLICY_SKIPPED_UNKNOWN);
    plt_buf_clear(&b);
    plt_buf_text(&b, "g1");
    for (int i = 0; i < 20000; i++) plt_buf_printf(&b, "\nG%d", i + 1000);
    plt_policy_set_text(&j, PLT_P_GROUP, plt_buf_str(&b), PLT_POLICY_EXACT);
    plt_policy_judge(p, &j, &r);
    assert_int_equal(r.acts.rule[PLT_POLICY_ACT_ALLOW], 0); /* what is seen counts */
    plt_buf_free(&b);
    plt_policy_free(p);
}

/* Who has not told all of a person's groups can say that he is in one, not that he is in none. */
static void a_part_of_a_list_does_not_say_no(void **state)
{
    plt_policy *p = kit_compile(SET("{\"id\":\"in\",\"when\":{\"group\":\"G1\"},\"then\":\"deny\"},{\"id\":\"out\",\"when\":{\"none\":[{\"group\":"
                                    "\"G2\"}]},\"then\":\"deny\"}"));
    static const struct {
        const char *groups;
        bool part;
        uint32_t rule;
    } cases[] = {{"g1", false, 0}, {"g1", true, 0}, {"g3", false, 1}, {"g3", true, PLT_POLICY_DEFAULT}, {"", true, PLT_POLICY_DEFAULT},
                 {"", false, 1}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        plt_policy_job j;
        plt_policy_ruling r;
        plt_policy_job_init(&j);
        plt_policy_set_text(&j, PLT_P_GROUP, cases[i].groups, PLT_POLICY_EXACT);
        j.partial = cases[i].part ? PLT_POLICY_BIT(PLT_P_GROUP) : 0;
        plt_policy_judge(p, &j, &r);
        bool denied = r.acts.set & 1u << PLT_POLICY_ACT_DENY;
        assert_int_equal(denied ? r.acts.rule[PLT_POLICY_ACT_DENY] : PLT_POLICY_DEFAULT, cases[i].rule);
    }
    plt_policy_free(p);
}

/* What an estimate is worth is for the set to say. */
static void trust_decides_what_is_known(void **state)
{
    static const char *const trusts[] = {"", "estimated", "declared", "exact"};
    (void)state;
    for (int trust = 1; trust < 4; trust++) {
        char json[256];
        snprintf(json, sizeof json,
                 "{\"v\":2,\"version\":1,\"default\":\"allow\",\"trust\":\"%s\",\"rules\":[{\"id\":\"a\",\"when\":{\"pages\":5},\"then\":\"deny\"}]}",
                 trusts[trust]);
        plt_policy *p = kit_compile(json);
        for (int level = 0; level < 4; level++) {
            plt_policy_job j;
            plt_policy_ruling r;
            plt_policy_job_init(&j);
            plt_policy_set_number(&j, PLT_P_PAGES, 5, (plt_policy_level)level);
            plt_policy_judge(p, &j, &r);
            assert_int_equal(r.acts.outcome, level >= trust ? PLT_POLICY_DENIED : PLT_POLICY_GOES);
        }
        plt_policy_free(p);
    }
}

static void a_decision_says_why(void **state)
{
    static const struct {
        const char *set, *job, *line;
    } cases[] = {
        {SET("{\"id\":\"a\",\"when\":{\"all\":[{\"queue\":[\"X\",\"hq*\"]},{\"color_pages\":{\"min\":50}}]},\"then\":\"deny\"}"),
         "queue=HQ-1 color_pages=72", "rule \"a\" (1 of 1) denies: queue matches \"hq*\", color_pages 72 is 50 or more"},
        {SET("{\"id\":\"a\",\"when\":{\"pages\":{\"min\":5}},\"then\":[{\"duplex\":\"force\"},\"record\"]}"), "pages=7",
         "rule \"a\" (1 of 1) makes duplex and records: pages 7 is 5 or more; the default allows"},
        {SET("{\"id\":\"a\",\"when\":{\"pages\":{\"min\":5}},\"then\":\"deny\"}"), "pages=?",
         "rule \"a\" (1 of 1) is skipped: pages is not known; none of 1 rules matches: the default allows"},
        {SET("{\"id\":\"a\",\"when\":{\"pages\":{\"min\":5}},\"unknown\":\"match\",\"then\":\"deny\"}"), "pages=?",
         "rule \"a\" (1 of 1) denies: pages is not known"},
        {SET("{\"id\":\"a\",\"shadow\":true,\"when\":{\"cost\":{\"min\":\"0.5\",\"max\":\"2\"}},\"then\":{\"redirect\":\"B2\"}}"), "cost=0.505",
         "rule \"a\" (1 of 1) would redirect to \"B2\": cost 0.505000 is 0.50 to 2.00; the default allows"},
        {SET("{\"id\":\"a\",\"when\":{\"none\":[{\"group\":[\"A\",\"B\"]},{\"weekday\":\"weekend\"}]},\"then\":{\"grey\":\"offer\"}}"),
         "group=C weekday=mon",
         "rule \"a\" (1 of 1) offers grey: group does not match \"A\" or any of 1 others, weekday is not sat or sun; the default allows"},
        {SET("{\"id\":\"a\",\"when\":{\"any\":[{\"user\":\"x\"},{\"time\":{\"from\":\"22:00\",\"to\":\"06:00\"}}]},\"then\":\"allow\"}"),
         "user=y time=23:05", "rule \"a\" (1 of 1) allows: time 23:05 is from 22:00 to 06:00"},
        {SET("{\"id\":\"a\",\"when\":{\"date\":{\"to\":\"2026-12-24\"}},\"then\":\"deny\"}"), "date=2026-01-02",
         "rule \"a\" (1 of 1) denies: date 2026-01-02 is 2026-12-24 or less"},
        {SET("{\"id\":\"a\",\"then\":\"hold\"},{\"id\":\"b\",\"then\":\"deny\"}"), "user=x",
         "rule \"a\" (1 of 2) matches, but the job is denied: it has no conditions; rule \"b\" (2 of 2) denies: it has no conditions"},
        {"{\"v\":2,\"version\":1,\"default\":\"allow\",\"quotas\":[{\"id\":\"q\",\"of\":\"user\",\"per\":\"day\",\"unit\":\"cost\",\"limit\":\"5\"}],"
         "\"rules\":[{\"id\":\"a\",\"when\":{\"over_quota\":\"q\"},\"then\":\"deny\"}]}",
         "cost=0.5 used:q=4.75", "rule \"a\" (1 of 1) denies: quota \"q\" would be exceeded: used 4.75, this job 0.50, limit 5.00"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char line[512];
        plt_policy *p = kit_compile(cases[i].set);
        kit_job j;
        plt_policy_ruling r;
        kit_read(p, cases[i].job, &j);
        plt_policy_judge(p, &j.job, &r);
        plt_policy_line(p, &j.job, &r, line, sizeof line);
        assert_string_equal(line, cases[i].line);
        plt_policy_free(p);
    }
}

static void the_explanation_is_json_with_the_reasons(void **state)
{
    plt_policy *p = kit_compile(SET(
        "{\"id\":\"q\\\"\",\"when\":{\"document\":\"*\\\\*\"},\"then\":[\"hold\",{\"grey\":{\"else\":\"deny\"}}],\"message\":\"B\xc3\xbcro\\n3\"}"));
    kit_job j;
    plt_policy_ruling r;
    plt_buf b;
    (void)state;
    plt_buf_init(&b, 65536);
    kit_read(p, "document=a\\b cannot=grey", &j);
    plt_policy_judge(p, &j.job, &r);
    assert_int_equal(plt_policy_explain(p, &j.job, &r, &b), PLT_OK);
    cJSON *o = cJSON_Parse(plt_buf_str(&b)), *acts = cJSON_GetObjectItem(o, "acts"),
          *first = cJSON_GetArrayItem(cJSON_GetObjectItem(acts, "actions"), 0);
    assert_non_null(o);
    assert_string_equal(cJSON_GetObjectItem(acts, "outcome")->valuestring, "denied");
    assert_string_equal(cJSON_GetObjectItem(first, "rule")->valuestring, "q\"");
    assert_string_equal(cJSON_GetObjectItem(first, "message")->valuestring, "B\xc3\xbcro\n3");
    assert_string_equal(cJSON_GetArrayItem(cJSON_GetObjectItem(acts, "fell_back"), 0)->valuestring, "grey");
    cJSON *because = cJSON_GetObjectItem(cJSON_GetArrayItem(cJSON_GetObjectItem(o, "notes"), 0), "because");
    assert_int_equal(cJSON_GetArraySize(because), 1);
    assert_string_equal(cJSON_GetObjectItem(because->child, "fact")->valuestring, "document");
    assert_true(cJSON_IsTrue(cJSON_GetObjectItem(because->child, "holds")));
    cJSON_Delete(o);
    plt_buf_free(&b);
    plt_policy_free(p);
}

/* An action that turns out to be impossible while the job is worked on. */
static void a_fallback_can_be_taken_later(void **state)
{
    plt_policy *p = kit_compile(SET("{\"id\":\"a\",\"then\":[{\"duplex\":{\"else\":\"warn\"}},{\"grey\":{\"else\":\"deny\"}}]}"));
    plt_policy_job j;
    plt_policy_ruling r;
    (void)state;
    plt_policy_job_init(&j);
    plt_policy_judge(p, &j, &r);
    assert_int_equal(r.acts.outcome, PLT_POLICY_CONVERTED);
    plt_policy_cannot(p, &r.acts, PLT_POLICY_ACT_DUPLEX);
    assert_int_equal(r.acts.outcome, PLT_POLICY_ASKED);
    assert_int_equal(plt_policy_then_of(p, r.acts.rule[PLT_POLICY_ACT_WARN], PLT_POLICY_ACT_WARN)->seconds, 60);
    plt_policy_cannot(p, &r.acts, PLT_POLICY_ACT_DUPLEX); /* once more changes nothing */
    plt_policy_cannot(p, &r.acts, PLT_POLICY_ACT_WARN);
    assert_int_equal(r.acts.outcome, PLT_POLICY_CONVERTED);
    plt_policy_cannot(p, &r.acts, PLT_POLICY_ACT_GREY);
    assert_int_equal(r.acts.outcome, PLT_POLICY_DENIED);
    plt_policy_free(p);
}

static void a_job_waits_only_when_it_must(void **state)
{
    static const struct {
        const char *set, *job;
        bool facts, whole, person, denies;
    } cases[] = {
        {SET(""), "queue=A", false, false, false, false},
        {DENY("{\"queue\":\"B\"}"), "queue=A", false, false, false, false},
        {DENY("{\"queue\":\"A\"}"), "queue=A", false, false, false, true},
        {DENY("{\"pages\":{\"min\":9}}"), "queue=A", true, false, false, false},
        {DENY("{\"all\":[{\"queue\":\"B\"},{\"pages\":{\"min\":9}}]}"), "queue=A", false, false, false, false},
        {DENY("{\"all\":[{\"queue\":\"B\"},{\"pages\":{\"min\":9}}]}"), "queue=B", true, false, false, false},
        {SET("{\"id\":\"a\",\"when\":{\"pages\":9},\"then\":[\"record\",{\"notify\":\"user\"}]}"), "queue=A", false, false, false, false},
        {SET("{\"id\":\"a\",\"when\":{\"pages\":9},\"then\":\"deny\",\"shadow\":true}"), "queue=A", false, false, false, false},
        {SET("{\"id\":\"a\",\"then\":\"warn\"}"), "queue=A", false, false, true, false},
        {SET("{\"id\":\"a\",\"then\":\"hold\"}"), "queue=A", false, true, false, false},
        {SET("{\"id\":\"a\",\"then\":{\"grey\":\"offer\"}}"), "queue=A", false, true, true, false},
        {SET("{\"id\":\"a\",\"when\":{\"user\":\"boss\"},\"then\":\"allow\"},{\"id\":\"b\",\"when\":{\"pages\":9},\"then\":\"deny\"}"), "user=boss",
         false, false, false, false},
        {SET("{\"id\":\"a\",\"when\":{\"pages\":1},\"then\":\"allow\"},{\"id\":\"b\",\"then\":\"deny\"}"), "user=x", true, false, false, false},
        {SET("{\"id\":\"a\",\"when\":{\"pages\":1},\"then\":\"deny\"},{\"id\":\"b\",\"then\":\"deny\"}"), "user=x", true, false, false, true},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        plt_policy *p = kit_compile(cases[i].set);
        kit_job j;
        plt_policy_needs n;
        kit_read(p, cases[i].job, &j);
        plt_policy_need(p, &j.job, plt_policy_page_facts, &n);
        bool facts = cases[i].facts && !cases[i].denies;
        if (n.facts != facts || n.whole != cases[i].whole || n.person != cases[i].person || n.denies != cases[i].denies)
            fail_msg("%s: facts %d whole %d person %d denies %d", cases[i].set, n.facts, n.whole, n.person, n.denies);
        assert_true(!n.facts || n.wanted);
        plt_policy_free(p);
    }
}

static void facts_keep_their_tables(void **state)
{
    uint32_t page = 0;
    (void)state;
    for (int f = 0; f < PLT_POLICY_FACTS; f++) {
        assert_non_null(policy_facts[f].name);
        assert_int_equal(plt_policy_fact_of(policy_facts[f].name), f);
        page |= policy_facts[f].page ? PLT_POLICY_BIT(f) : 0;
    }
    assert_int_equal(page, plt_policy_page_facts);
    assert_int_equal(plt_policy_fact_of("pagez"), PLT_POLICY_FACTS);
    plt_policy_job j;
    plt_policy_job_init(&j);
    plt_policy_set_time(&j, 1798153445); /* 2026-12-24 23:04:05 of the wall, a Thursday */
    assert_int_equal(j.number[PLT_P_TIME], 23 * 60 + 4);
    assert_int_equal(j.number[PLT_P_WEEKDAY], 3);
    assert_int_equal(j.number[PLT_P_DATE], 20811);
    plt_policy_set_time(&j, -1);
    assert_int_equal(j.number[PLT_P_TIME], 1439);
    assert_int_equal(j.number[PLT_P_WEEKDAY], 2);
    assert_int_equal(j.number[PLT_P_DATE], -1);
}

static void titles_and_producers_name_the_document(void **state)
{
    static const struct {
        const char *title, *producer, *application, *type;
    } cases[] = {
        {"Microsoft Word - x.docx", NULL, "Microsoft Word", "text"},
        {"microsoft word - x.PDF", NULL, "Microsoft Word", "text"},
        {"x.PDF", NULL, NULL, "pdf"},
        {"x.pdf", "Microsoft Excel", "Microsoft Excel", "pdf"}, /* each from the first row that says it */
        {"Untitled - Notepad", NULL, "Notepad", "text"},
        {"pdf", NULL, NULL, ""},
        {NULL, "AutoCAD 2027", "AutoCAD", "drawing"},
        {NULL, NULL, NULL, ""},
        {"", "", NULL, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        plt_document_kind k = plt_document_kind_of(cases[i].title, cases[i].producer);
        assert_string_equal(plt_doctype_name(k.type), cases[i].type);
        if (cases[i].application)
            assert_string_equal(k.application, cases[i].application);
        else
            assert_null(k.application);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_wrong_is_named_with_its_place_and_a_remedy),
        cmocka_unit_test(texts_fold_by_unicode),
        cmocka_unit_test(folding_is_idempotent_and_never_outgrows_its_room),
        cmocka_unit_test(borders_are_where_the_page_says),
        cmocka_unit_test(a_list_that_is_too_long_may_hold_anything),
        cmocka_unit_test(a_part_of_a_list_does_not_say_no),
        cmocka_unit_test(trust_decides_what_is_known),
        cmocka_unit_test(a_decision_says_why),
        cmocka_unit_test(the_explanation_is_json_with_the_reasons),
        cmocka_unit_test(a_fallback_can_be_taken_later),
        cmocka_unit_test(a_job_waits_only_when_it_must),
        cmocka_unit_test(facts_keep_their_tables),
        cmocka_unit_test(titles_and_producers_name_the_document),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
