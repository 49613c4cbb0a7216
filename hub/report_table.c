/* SPDX-License-Identifier: Apache-2.0 */
/* The reports there are. A column that is named here has its words in hub/report_words.c; tests hold the two together. */
#include <string.h>

#include "hub/report.h"

#define JOBS {"jobs", HUB_CELL_COUNT, NULL, HUB_M_JOBS}
#define PAGES {"pages", HUB_CELL_COUNT, NULL, HUB_M_PAGES}
#define COLOR {"color_pages", HUB_CELL_COUNT, NULL, HUB_M_COLOR_PAGES}
#define SHEETS {"sheets", HUB_CELL_COUNT, NULL, HUB_M_SHEETS}
#define BEFORE {"before", HUB_CELL_COUNT, NULL, HUB_M_BEFORE}
#define END {NULL, HUB_CELL_TEXT, NULL, HUB_M_NONE}
#define USAGE(id) {{id, HUB_CELL_TEXT, NULL, HUB_M_NAME}, JOBS, PAGES, COLOR, SHEETS, BEFORE, END}

static const hub_column users[] = USAGE("user");
static const hub_column queues[] = USAGE("queue");
static const hub_column machines[] = USAGE("machine");
static const hub_column sites[] = USAGE("site");
static const hub_column people_groups[] = {
    {"group", HUB_CELL_TEXT, NULL, HUB_M_NONE},   {"site", HUB_CELL_TEXT, NULL, HUB_M_NONE},    {"people", HUB_CELL_COUNT, NULL, HUB_M_NONE},
    {"jobs", HUB_CELL_COUNT, NULL, HUB_M_NONE},   {"pages", HUB_CELL_COUNT, NULL, HUB_M_NONE},  {"color_pages", HUB_CELL_COUNT, NULL, HUB_M_NONE},
    {"sheets", HUB_CELL_COUNT, NULL, HUB_M_NONE}, {"before", HUB_CELL_COUNT, NULL, HUB_M_NONE}, END};
static const hub_column accounts[] = {{"account", HUB_CELL_TEXT, NULL, HUB_M_PART1}, JOBS, PAGES, COLOR, SHEETS, BEFORE, END};
static const hub_column devices[] = {{"device", HUB_CELL_COUNT, NULL, HUB_M_NONE}, {"name", HUB_CELL_TEXT, NULL, HUB_M_NONE},
                                     {"model", HUB_CELL_TEXT, NULL, HUB_M_NONE},   {"serial", HUB_CELL_TEXT, NULL, HUB_M_NONE},
                                     {"site", HUB_CELL_TEXT, NULL, HUB_M_NONE},    {"counted", HUB_CELL_COUNT, NULL, HUB_M_NONE},
                                     {"note", HUB_CELL_WORD, NULL, HUB_M_NONE},    END};
static const hub_column device_groups[] = {{"group", HUB_CELL_TEXT, NULL, HUB_M_NONE},    {"site", HUB_CELL_TEXT, NULL, HUB_M_NONE},
                                           {"devices", HUB_CELL_COUNT, NULL, HUB_M_NONE}, {"counted", HUB_CELL_COUNT, NULL, HUB_M_NONE},
                                           {"unread", HUB_CELL_COUNT, NULL, HUB_M_NONE},  END};
static const hub_column rates[] = {{"queue", HUB_CELL_TEXT, NULL, HUB_M_NAME},
                                   PAGES,
                                   COLOR,
                                   {"color_rate", HUB_CELL_RATE, "%", HUB_M_COLOR_RATE},
                                   {"duplex_pages", HUB_CELL_COUNT, NULL, HUB_M_DUPLEX_PAGES},
                                   {"duplex_rate", HUB_CELL_RATE, "%", HUB_M_DUPLEX_RATE},
                                   END};
static const hub_column costs[] = {{"account", HUB_CELL_TEXT, NULL, HUB_M_PART1}, {"currency", HUB_CELL_TEXT, NULL, HUB_M_PART2},     JOBS, PAGES,
                                   {"cost", HUB_CELL_MONEY, NULL, HUB_M_COST},    {"unpriced", HUB_CELL_COUNT, NULL, HUB_M_UNPRICED}, END};
static const hub_column environment[] = {{"site", HUB_CELL_TEXT, NULL, HUB_M_NAME},
                                         PAGES,
                                         SHEETS,
                                         {"trees", HUB_CELL_MILLI, NULL, HUB_M_TREES},
                                         {"co2", HUB_CELL_MILLI, "kg", HUB_M_CO2},
                                         {"water", HUB_CELL_MILLI, "l", HUB_M_WATER},
                                         END};
#define OF_RULE                                                                                                                                      \
    {"rule", HUB_CELL_TEXT, NULL, HUB_M_PART1}, {"action", HUB_CELL_WORD, NULL, HUB_M_PART2},                                                        \
    {                                                                                                                                                \
        "outcome", HUB_CELL_WORD, NULL, HUB_M_PART3                                                                                                  \
    }
static const hub_column violations[] = {OF_RULE, JOBS, PAGES, COLOR, SHEETS, END};
static const hub_column savings[] = {OF_RULE, JOBS, PAGES, SHEETS, {"co2", HUB_CELL_MILLI, "kg", HUB_M_CO2}, END};
static const hub_column both_sides[] = {{"queue", HUB_CELL_TEXT, NULL, HUB_M_NAME},
                                        {"duplex_pages", HUB_CELL_COUNT, NULL, HUB_M_DUPLEX_PAGES},
                                        {"saved", HUB_CELL_COUNT, NULL, HUB_M_SAVED},
                                        END};
static const hub_column meters[] = {{"device", HUB_CELL_COUNT, NULL, HUB_M_NONE},
                                    {"name", HUB_CELL_TEXT, NULL, HUB_M_NONE},
                                    {"model", HUB_CELL_TEXT, NULL, HUB_M_NONE},
                                    {"serial", HUB_CELL_TEXT, NULL, HUB_M_NONE},
                                    {"site", HUB_CELL_TEXT, NULL, HUB_M_NONE},
                                    {"meter", HUB_CELL_TEXT, NULL, HUB_M_NONE},
                                    {"first_at", HUB_CELL_TIME, NULL, HUB_M_NONE},
                                    {"first", HUB_CELL_COUNT, NULL, HUB_M_NONE},
                                    {"last_at", HUB_CELL_TIME, NULL, HUB_M_NONE},
                                    {"last", HUB_CELL_COUNT, NULL, HUB_M_NONE},
                                    {"counted", HUB_CELL_COUNT, NULL, HUB_M_NONE},
                                    {"note", HUB_CELL_WORD, NULL, HUB_M_NONE},
                                    END};
static const hub_column supplies[] = {
    {"device", HUB_CELL_COUNT, NULL, HUB_M_NONE}, {"name", HUB_CELL_TEXT, NULL, HUB_M_NONE},        {"model", HUB_CELL_TEXT, NULL, HUB_M_NONE},
    {"serial", HUB_CELL_TEXT, NULL, HUB_M_NONE},  {"site", HUB_CELL_TEXT, NULL, HUB_M_NONE},        {"supply", HUB_CELL_TEXT, NULL, HUB_M_NONE},
    {"percent", HUB_CELL_COUNT, "%", HUB_M_NONE}, {"days", HUB_CELL_COUNT, NULL, HUB_M_NONE},       {"read_at", HUB_CELL_TIME, NULL, HUB_M_NONE},
    {"part", HUB_CELL_TEXT, NULL, HUB_M_NONE},    {"pages_left", HUB_CELL_COUNT, NULL, HUB_M_NONE}, END};
static const hub_column agents[] = {{"machine", HUB_CELL_TEXT, NULL, HUB_M_NONE},
                                    {"site", HUB_CELL_TEXT, NULL, HUB_M_NONE},
                                    {"os", HUB_CELL_TEXT, NULL, HUB_M_NONE},
                                    {"version", HUB_CELL_TEXT, NULL, HUB_M_NONE},
                                    {"state", HUB_CELL_WORD, NULL, HUB_M_NONE},
                                    {"last_seen", HUB_CELL_TIME, NULL, HUB_M_NONE},
                                    {"records", HUB_CELL_COUNT, NULL, HUB_M_NONE},
                                    {"certificate_to", HUB_CELL_TIME, NULL, HUB_M_NONE},
                                    END};

/* What was asked and then not printed is paper that was not used. */
static bool not_printed(const char *name)
{
    const char *outcome = strrchr(name, HUB_USAGE_BORDER[0]);
    return outcome && strcmp(outcome + 1, "printed") != 0;
}

#define PERIOD "from={from}&to={to}"
#define QUEUES_OF_SITE "/reports/usage-queues?tenant={1}&" PERIOD

static const hub_report_spec table[] = {
    {"usage-users", .by_person = true, .columns = users, .fill = hub_fill_usage, .kind = HUB_USAGE_USER, .link = "/jobs?user={1}&" PERIOD},
    {"usage-groups", .columns = people_groups, .fill = hub_fill_people_groups, .kind = HUB_USAGE_USER,
     .link = "/reports/usage-users?people={1}&tenant={2}&" PERIOD},
    {"usage-queues", .columns = queues, .fill = hub_fill_usage, .kind = HUB_USAGE_QUEUE, .link = "/jobs?queue={1}&" PERIOD},
    {"usage-machines", .columns = machines, .fill = hub_fill_usage, .kind = HUB_USAGE_MACHINE, .link = "/jobs?machine={1}&" PERIOD},
    {"usage-devices", .by_device = true, .columns = devices, .fill = hub_fill_devices, .link = "/devices/{device}"},
    {"usage-device-groups", .columns = device_groups, .fill = hub_fill_device_groups, .link = "/devices?group={id}"},
    {"usage-accounts", .columns = accounts, .fill = hub_fill_usage, .kind = HUB_USAGE_ACCOUNT, .link = "/jobs?account={1}&" PERIOD},
    {"usage-sites", .columns = sites, .fill = hub_fill_usage, .kind = HUB_USAGE_QUEUE, .by_tenant = true, .link = QUEUES_OF_SITE},
    {"rates", .columns = rates, .fill = hub_fill_usage, .kind = HUB_USAGE_QUEUE, .link = "/jobs?queue={1}&" PERIOD},
    {"costs", .columns = costs, .fill = hub_fill_usage, .kind = HUB_USAGE_ACCOUNT, .link = "/jobs?account={1}&" PERIOD},
    {"environment", .columns = environment, .fill = hub_fill_usage, .kind = HUB_USAGE_QUEUE, .by_tenant = true, .link = QUEUES_OF_SITE},
    {"violations", .columns = violations, .fill = hub_fill_usage, .kind = HUB_USAGE_RULE, .link = "/violations?rule={1}&action={2}&" PERIOD},
    {"savings", .columns = savings, .fill = hub_fill_usage, .kind = HUB_USAGE_RULE, .wanted = not_printed,
     .link = "/violations?rule={1}&action={2}&" PERIOD},
    {"duplex", .columns = both_sides, .fill = hub_fill_usage, .kind = HUB_USAGE_QUEUE, .link = "/jobs?queue={1}&" PERIOD},
    {"meters", .by_device = true, .columns = meters, .fill = hub_fill_meters, .link = "/devices/{device}"},
    {"supplies", .state = true, .by_device = true, .columns = supplies, .fill = hub_fill_supplies, .link = "/devices/{device}"},
    {"agents", .state = true, .columns = agents, .fill = hub_fill_agents, .link = "/agents?q={1}"},
};

const hub_report_spec *hub_reports(size_t at)
{
    return at < sizeof table / sizeof *table ? &table[at] : NULL;
}

const hub_report_spec *hub_report_find(const char *name)
{
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (strcmp(table[i].name, name) == 0) return &table[i];
    return NULL;
}
