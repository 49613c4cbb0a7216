/* SPDX-License-Identifier: Apache-2.0 */
/* The tables. A right that no route asks for and a role that nobody documents fail the tests. */
#include "hub/rights.h"

#include <string.h>

#define R(name) ((hub_rights)1 << HUB_RIGHT_##name)

static const char *const names[HUB_RIGHT_COUNT] = {
    [HUB_RIGHT_NONE] = "",
    [HUB_RIGHT_JOBS] = "jobs",
    [HUB_RIGHT_PERSONS] = "persons",
    [HUB_RIGHT_AGENTS] = "agents",
    [HUB_RIGHT_AGENTS_CHANGE] = "agents.change",
    [HUB_RIGHT_DEVICES] = "devices",
    [HUB_RIGHT_DEVICES_CHANGE] = "devices.change",
    [HUB_RIGHT_POLICIES] = "policies",
    [HUB_RIGHT_POLICIES_CHANGE] = "policies.change",
    [HUB_RIGHT_ACCOUNTS] = "accounts",
    [HUB_RIGHT_ACCOUNTS_CHANGE] = "accounts.change",
    [HUB_RIGHT_BILLING] = "billing",
    [HUB_RIGHT_USERS] = "users",
    [HUB_RIGHT_TENANTS] = "tenants",
    [HUB_RIGHT_AUDIT] = "audit",
    [HUB_RIGHT_ERASE] = "erase",
    [HUB_RIGHT_ALERTS] = "alerts",
    [HUB_RIGHT_ALERTS_TAKE] = "alerts.take",
    [HUB_RIGHT_ALERTS_CHANGE] = "alerts.change",
    [HUB_RIGHT_SCHEDULES] = "schedules",
    [HUB_RIGHT_JOBS_RELEASE] = "jobs.release",
};

static const hub_role roles[] = {
    {"administrator", HUB_RIGHTS_ALL},
    {"operator", R(JOBS) | R(PERSONS) | R(AGENTS) | R(AGENTS_CHANGE) | R(DEVICES) | R(DEVICES_CHANGE) | R(POLICIES) | R(ACCOUNTS) | R(ALERTS) |
                     R(ALERTS_TAKE) | R(ALERTS_CHANGE) | R(SCHEDULES) | R(JOBS_RELEASE)},
    {"billing", R(JOBS) | R(DEVICES) | R(ACCOUNTS) | R(ACCOUNTS_CHANGE) | R(BILLING) | R(SCHEDULES)},
    {"help desk", R(JOBS) | R(PERSONS) | R(AGENTS) | R(DEVICES) | R(POLICIES) | R(ALERTS) | R(ALERTS_TAKE) | R(JOBS_RELEASE)},
    {"read-only", R(JOBS) | R(AGENTS) | R(DEVICES) | R(POLICIES) | R(ALERTS)},
    {"privacy officer", R(JOBS) | R(PERSONS) | R(AUDIT) | R(ERASE)},
};

const char *hub_right_name(hub_right r)
{
    return r < HUB_RIGHT_COUNT ? names[r] : NULL;
}

bool hub_right_find(const char *name, hub_right *out)
{
    for (int r = HUB_RIGHT_NONE + 1; r < HUB_RIGHT_COUNT; r++) {
        if (strcmp(names[r], name) != 0) continue;
        *out = (hub_right)r;
        return true;
    }
    return false;
}

const hub_role *hub_roles(size_t *n)
{
    *n = sizeof roles / sizeof *roles;
    return roles;
}

const hub_role *hub_role_find(const char *name)
{
    for (size_t i = 0; i < sizeof roles / sizeof *roles; i++)
        if (strcmp(roles[i].name, name) == 0) return &roles[i];
    return NULL;
}
