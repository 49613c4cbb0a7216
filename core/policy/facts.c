/* SPDX-License-Identifier: Apache-2.0 */
/* What a policy can ask about: one table of facts, and how a caller says what it knows. A fact that nobody set is unknown. */
#include <string.h>

#include "core/policy/doctype.h"
#include "core/policy/model.h"
#include "core/util/text.h"

static const policy_word yes_no[] = {{"false", 1}, {"true", 2}, {NULL, 0}};
static const policy_word sides[] = {{"none", 1}, {"long", 2}, {"short", 4}, {"any", 6}, {NULL, 0}};
static const policy_word days[] = {{"mon", 1},  {"tue", 2},  {"wed", 4},      {"thu", 8},      {"fri", 16},
                                   {"sat", 32}, {"sun", 64}, {"workday", 31}, {"weekend", 96}, {NULL, 0}};

#define PAGE true, 0, NULL
#define HEAD false, 0, NULL
#define MANY 4000000000 /* pages, copies, sheets */

const policy_fact_info policy_facts[PLT_POLICY_FACTS] = {
    [PLT_P_USER] = {"user", KIND_TEXT, HEAD, 0},
    [PLT_P_WORKSTATION] = {"workstation", KIND_TEXT, HEAD, 0},
    [PLT_P_SERVER] = {"server", KIND_TEXT, HEAD, 0},
    [PLT_P_QUEUE] = {"queue", KIND_TEXT, HEAD, 0},
    [PLT_P_PORT] = {"port", KIND_TEXT, HEAD, 0},
    [PLT_P_DEVICE] = {"device", KIND_TEXT, HEAD, 0},
    [PLT_P_DOCUMENT] = {"document", KIND_TEXT, HEAD, 0},
    [PLT_P_APPLICATION] = {"application", KIND_TEXT, PAGE, 0},
    [PLT_P_DRIVER_PAPER] = {"driver_paper", KIND_TEXT, HEAD, 0},
    [PLT_P_GROUP] = {"group", KIND_LIST, false, '\n', NULL, 0},
    [PLT_P_LANGUAGE] = {"language", KIND_LIST, true, '+', NULL, 0},
    [PLT_P_PAPER] = {"paper", KIND_LIST, true, ',', NULL, 0},
    [PLT_P_DOCUMENT_TYPE] = {"document_type", KIND_CHOICE, true, 0, policy_doctype_words, 0},
    [PLT_P_PAGES] = {"pages", KIND_NUMBER, PAGE, MANY},
    [PLT_P_IMPRESSIONS] = {"impressions", KIND_NUMBER, PAGE, MANY},
    [PLT_P_COLOR] = {"color", KIND_CHOICE, true, 0, yes_no, 0},
    [PLT_P_COLOR_PAGES] = {"color_pages", KIND_NUMBER, PAGE, MANY},
    [PLT_P_COLOR_IMPRESSIONS] = {"color_impressions", KIND_NUMBER, PAGE, MANY},
    [PLT_P_SHEETS] = {"sheets", KIND_NUMBER, PAGE, MANY},
    [PLT_P_COPIES] = {"copies", KIND_NUMBER, PAGE, MANY},
    [PLT_P_DUPLEX] = {"duplex", KIND_CHOICE, true, 0, sides, 0},
    [PLT_P_NUP] = {"nup", KIND_NUMBER, PAGE, 1000},
    [PLT_P_BYTES] = {"bytes", KIND_NUMBER, PAGE, 1000000000000000},
    [PLT_P_COST] = {"cost", KIND_MONEY, PAGE, 1000000000000000},
    [PLT_P_TIME] = {"time", KIND_CLOCK, HEAD, 1440},
    [PLT_P_WEEKDAY] = {"weekday", KIND_CHOICE, false, 0, days, 0},
    [PLT_P_DATE] = {"date", KIND_DATE, HEAD, 0},
    [PLT_P_AGAIN] = {"again", KIND_WITHIN, PAGE, 525600},
    [PLT_P_DRIVER_COLOR] = {"driver_color", KIND_CHOICE, false, 0, yes_no, 0},
    [PLT_P_DRIVER_DUPLEX] = {"driver_duplex", KIND_CHOICE, false, 0, sides, 0},
    [PLT_P_DRIVER_COPIES] = {"driver_copies", KIND_NUMBER, HEAD, MANY},
    [PLT_P_QUOTA] = {"quota", KIND_NONE, PAGE, 0},
};

/* Those of the table with `page`: a test compares. */
const uint32_t plt_policy_page_facts =
    PLT_POLICY_BIT(PLT_P_APPLICATION) | PLT_POLICY_BIT(PLT_P_LANGUAGE) | PLT_POLICY_BIT(PLT_P_PAPER) | PLT_POLICY_BIT(PLT_P_DOCUMENT_TYPE) |
    PLT_POLICY_BIT(PLT_P_PAGES) | PLT_POLICY_BIT(PLT_P_IMPRESSIONS) | PLT_POLICY_BIT(PLT_P_COLOR) | PLT_POLICY_BIT(PLT_P_COLOR_PAGES) |
    PLT_POLICY_BIT(PLT_P_COLOR_IMPRESSIONS) | PLT_POLICY_BIT(PLT_P_SHEETS) | PLT_POLICY_BIT(PLT_P_COPIES) | PLT_POLICY_BIT(PLT_P_DUPLEX) |
    PLT_POLICY_BIT(PLT_P_NUP) | PLT_POLICY_BIT(PLT_P_BYTES) | PLT_POLICY_BIT(PLT_P_COST) | PLT_POLICY_BIT(PLT_P_AGAIN) | PLT_POLICY_BIT(PLT_P_QUOTA);

static const char *const actions[PLT_POLICY_ACTIONS] = {"allow", "deny", "hold", "redirect", "account", "warn", "duplex", "grey", "notify", "record"};
static const char *const outcomes[PLT_POLICY_OUTCOMES] = {"printed", "converted", "asked", "redirected", "held", "denied"};

const char *plt_policy_fact_name(plt_policy_fact f)
{
    return (unsigned)f < PLT_POLICY_FACTS ? policy_facts[f].name : "";
}

int plt_policy_fact_of(const char *name)
{
    int f = 0;
    while (f < PLT_POLICY_FACTS && strcmp(policy_facts[f].name, name) != 0) f++;
    return f;
}

const char *plt_policy_action_name(plt_policy_action a)
{
    return (unsigned)a < PLT_POLICY_ACTIONS ? actions[a] : "";
}

const char *plt_policy_outcome_name(plt_policy_outcome o)
{
    return (unsigned)o < PLT_POLICY_OUTCOMES ? outcomes[o] : "";
}

void policy_day(char out[PLT_TIME_SIZE], int64_t day)
{
    plt_time_format(out, day > -800000 && day < 3000000 ? day * 86400000 : 0);
    out[10] = 0;
}

void plt_policy_job_init(plt_policy_job *j)
{
    memset(j, 0, sizeof *j);
}

void plt_policy_set_text(plt_policy_job *j, plt_policy_fact f, const char *s, plt_policy_level level)
{
    j->text[f] = s;
    j->level[f] = s ? (uint8_t)level : PLT_POLICY_UNKNOWN;
}

void plt_policy_set_number(plt_policy_job *j, plt_policy_fact f, int64_t n, plt_policy_level level)
{
    j->number[f] = n;
    j->level[f] = (uint8_t)level;
}

void plt_policy_set_time(plt_policy_job *j, int64_t local_seconds)
{
    int64_t day = local_seconds / 86400, second = local_seconds % 86400;
    if (second < 0) second += 86400, day--;
    int64_t weekday = (day + 3) % 7; /* 1970-01-01 was a Thursday */
    plt_policy_set_number(j, PLT_P_TIME, second / 60, PLT_POLICY_EXACT);
    plt_policy_set_number(j, PLT_P_DATE, day, PLT_POLICY_EXACT);
    plt_policy_set_number(j, PLT_P_WEEKDAY, weekday < 0 ? weekday + 7 : weekday, PLT_POLICY_EXACT);
}
