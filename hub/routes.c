/* SPDX-License-Identifier: Apache-2.0 */
/* The table of routes. No handler judges callers by itself: what is not in the table's columns is not checked anywhere else. */
#include "hub/routes.h"

#include <stdio.h>
#include <string.h>

#include "core/collect/collection.h"
#include "core/record/held.h"
#include "core/record/order.h"
#include "core/util/text.h"
#include "hub/access_api.h"
#include "hub/agents_api.h"
#include "hub/agents_list.h"
#include "hub/alerts_api.h"
#include "hub/audit_api.h"
#include "hub/catalogue_api.h"
#include "hub/charges_api.h"
#include "hub/collections_api.h"
#include "hub/console_api.h"
#include "hub/device_groups_api.h"
#include "hub/devices_api.h"
#include "hub/directory_api.h"
#include "hub/groups_api.h"
#include "hub/held_api.h"
#include "hub/hub.h"
#include "hub/issued_api.h"
#include "hub/lease_api.h"
#include "hub/once.h"
#include "hub/orders_api.h"
#include "hub/people.h"
#include "hub/people_api.h"
#include "hub/policy_agent_api.h"
#include "hub/policy_api.h"
#include "hub/policy_remove.h"
#include "hub/prices_api.h"
#include "hub/print_names_api.h"
#include "hub/quotas_api.h"
#include "hub/receipts_api.h"
#include "hub/reports_api.h"
#include "hub/retention_api.h"
#include "hub/schedules_api.h"
#include "hub/session.h"
#include "hub/session_api.h"
#include "hub/sso_api.h"
#include "hub/tenants_api.h"
#include "hub/writer.h"
#include "os/clock.h"
#include "os/crypto.h"
#include "os/log.h"

#define SMALL 65536
#define SET (3u << 20) /* a policy set of 1 MiB as a JSON string */
#define SEEN_MS 60000  /* an agent's last_seen is written at most this often, but for uploads */

#define R(name) HUB_RIGHT_##name

static const hub_route table[] = {
    {HUB_AGENTS, "POST", "/agent/v1/enrol", HUB_ANYONE, .max_body = SMALL, .handler = hub_api_enrol},
    {HUB_AGENTS, "POST", "/agent/v1/renew", HUB_AGENT, .max_body = SMALL, .handler = hub_api_renew},
    {HUB_AGENTS, "POST", "/agent/v1/records", HUB_AGENT, .max_body = HUB_BATCH_PACKED, .handler = hub_api_records},
    {HUB_AGENTS, "GET", "/agent/v1/durable", HUB_AGENT, .handler = hub_api_durable},
    /* Policies */
    {HUB_AGENTS, "GET", "/agent/v1/policy", HUB_AGENT, .handler = hub_api_agent_policy},
    {HUB_AGENTS, "POST", "/agent/v1/policy", HUB_AGENT, .max_body = SMALL, .handler = hub_api_agent_report},
    {HUB_AGENTS, "GET", "/agent/v1/live", HUB_AGENT, .handler = hub_api_agent_live},
    {HUB_AGENTS, "POST", "/agent/v1/leases", HUB_AGENT, .max_body = PLT_LEASE_REQUEST_MAX, .handler = hub_api_leases},
    {HUB_AGENTS, "GET", "/agent/v1/orders", HUB_AGENT, .handler = hub_api_orders},
    {HUB_AGENTS, "POST", "/agent/v1/orders", HUB_AGENT, .max_body = PLT_ORDER_JSON_MAX, .handler = hub_api_order_report},
    {HUB_AGENTS, "GET", "/agent/v1/held", HUB_AGENT, .handler = hub_api_held_orders},
    {HUB_AGENTS, "POST", "/agent/v1/held", HUB_AGENT, .max_body = PLT_HELD_JSON_MAX, .handler = hub_api_held_told},
    {HUB_AGENTS, "GET", "/agent/v1/collection", HUB_AGENT, .handler = hub_api_agent_collection},
    {HUB_AGENTS, "POST", "/agent/v1/collection", HUB_AGENT, .max_body = PLT_COLLECTION_REPORT_JSON, .handler = hub_api_agent_collection_said},

    {HUB_CONSOLE, "GET", "/api/v1/session", HUB_SESSION, .one_time = true, .no_token = true, .handler = hub_api_session},
    /* SameSite and the JSON content type stand in for the token that there cannot be before the session. */
    {HUB_CONSOLE, "POST", "/api/v1/session", HUB_ANYONE, .slow = true, .max_body = SMALL, .audit = "session.begin", .handler = hub_api_sign_in},
    {HUB_CONSOLE, "DELETE", "/api/v1/session", HUB_SESSION, .csrf = true, .one_time = true, .no_token = true, .handler = hub_api_sign_out},
    {HUB_CONSOLE, "PUT", "/api/v1/session/password", HUB_SESSION, .csrf = true, .secret = true, .one_time = true, .no_token = true, .slow = true,
     .max_body = SMALL, .audit = "session.password", .handler = hub_api_password},
    {HUB_CONSOLE, "POST", "/api/v1/session/factor", HUB_SESSION, .csrf = true, .secret = true, .no_token = true, .max_body = SMALL,
     .handler = hub_api_factor_offer},
    {HUB_CONSOLE, "PUT", "/api/v1/session/factor", HUB_SESSION, .csrf = true, .secret = true, .no_token = true, .slow = true, .max_body = SMALL,
     .audit = "session.factor", .handler = hub_api_factor_take},
    {HUB_CONSOLE, "DELETE", "/api/v1/session/factor", HUB_SESSION, .csrf = true, .no_token = true, .slow = true, .max_body = SMALL,
     .audit = "session.factor.off", .handler = hub_api_factor_drop},
    {HUB_CONSOLE, "GET", "/api/v1/sessions", HUB_SESSION, .no_token = true, .handler = hub_api_sessions},
    {HUB_CONSOLE, "DELETE", "/api/v1/sessions/{}", HUB_SESSION, .csrf = true, .no_token = true, .audit = "session.end",
     .handler = hub_api_session_end},
    {HUB_CONSOLE, "GET", "/api/v1/tokens", HUB_SESSION, .handler = hub_api_tokens},
    {HUB_CONSOLE, "POST", "/api/v1/tokens", HUB_SESSION, .csrf = true, .secret = true, .no_token = true, .max_body = SMALL, .audit = "tokens.add",
     .handler = hub_api_token_add},
    {HUB_CONSOLE, "DELETE", "/api/v1/tokens/{}", HUB_SESSION, .csrf = true, .audit = "tokens.revoke", .handler = hub_api_token_revoke},

    {HUB_CONSOLE, "GET", "/api/v1/users", HUB_SESSION, R(USERS), .handler = hub_api_users},
    {HUB_CONSOLE, "POST", "/api/v1/users", HUB_SESSION, R(USERS), .csrf = true, .secret = true, .slow = true, .max_body = SMALL, .audit = "users.add",
     .handler = hub_api_user_add},
    {HUB_CONSOLE, "PUT", "/api/v1/users/{}", HUB_SESSION, R(USERS), .csrf = true, .max_body = SMALL, .audit = "users.change",
     .handler = hub_api_user_change},
    {HUB_CONSOLE, "DELETE", "/api/v1/users/{}", HUB_SESSION, R(USERS), .csrf = true, .audit = "users.remove", .handler = hub_api_user_remove},
    {HUB_CONSOLE, "POST", "/api/v1/users/{}/reset", HUB_SESSION, R(USERS), .csrf = true, .secret = true, .slow = true, .max_body = SMALL,
     .audit = "users.reset", .handler = hub_api_user_reset},
    {HUB_CONSOLE, "GET", "/api/v1/users/{}/print-names", HUB_SESSION, R(USERS), .handler = hub_api_print_names},
    {HUB_CONSOLE, "PUT", "/api/v1/users/{}/print-names", HUB_SESSION, R(USERS), .csrf = true, .max_body = SMALL, .audit = "users.print-names",
     .handler = hub_api_print_names_put},
    {HUB_CONSOLE, "GET", "/api/v1/roles", HUB_SESSION, R(USERS), .handler = hub_api_roles},
    {HUB_CONSOLE, "PUT", "/api/v1/roles/{}", HUB_SESSION, R(USERS), .csrf = true, .max_body = SMALL, .audit = "roles.put",
     .handler = hub_api_role_put},
    {HUB_CONSOLE, "DELETE", "/api/v1/roles/{}", HUB_SESSION, R(USERS), .csrf = true, .audit = "roles.remove", .handler = hub_api_role_remove},
    {HUB_CONSOLE, "GET", "/api/v1/tenants", HUB_SESSION, .handler = hub_api_tenants},
    {HUB_CONSOLE, "POST", "/api/v1/tenants", HUB_SESSION, R(TENANTS), .csrf = true, .max_body = SMALL, .audit = "tenants.add",
     .handler = hub_api_tenant_add},
    {HUB_CONSOLE, "PUT", "/api/v1/tenants/{}", HUB_SESSION, R(TENANTS), .csrf = true, .max_body = SMALL, .audit = "tenants.change",
     .handler = hub_api_tenant_change},
    {HUB_CONSOLE, "GET", "/api/v1/audit", HUB_SESSION, R(AUDIT), .handler = hub_api_audit},
    {HUB_CONSOLE, "GET", "/api/v1/audit/check", HUB_SESSION, R(AUDIT), .handler = hub_api_audit_check},

    {HUB_CONSOLE, "GET", "/api/v1/retention", HUB_SESSION, R(ERASE), .handler = hub_api_retention},
    {HUB_CONSOLE, "POST", "/api/v1/retention/preview", HUB_SESSION, R(ERASE), .csrf = true, .max_body = SMALL, .handler = hub_api_retention_preview},
    {HUB_CONSOLE, "PUT", "/api/v1/retention", HUB_SESSION, R(ERASE), .csrf = true, .max_body = SMALL, .audit = "retention.put",
     .handler = hub_api_retention_put},
    {HUB_CONSOLE, "GET", "/api/v1/retention/audit", HUB_SESSION, R(ERASE), .handler = hub_api_audit_keeping},
    {HUB_CONSOLE, "PUT", "/api/v1/retention/audit", HUB_SESSION, R(ERASE), .csrf = true, .max_body = SMALL, .audit = "retention.audit",
     .handler = hub_api_audit_keeping_put},

    {HUB_CONSOLE, "GET", "/api/v1/sso/offer", HUB_ANYONE, .handler = hub_api_sso_offer},
    {HUB_CONSOLE, "GET", "/api/v1/sso/begin", HUB_ANYONE, .handler = hub_api_sso_begin},
    {HUB_CONSOLE, "GET", "/api/v1/sso/callback", HUB_ANYONE, .outside = true, .audit = "session.sso", .handler = hub_api_sso_callback},
    {HUB_CONSOLE, "GET", "/api/v1/sso", HUB_SESSION, R(USERS), .handler = hub_api_sso},
    {HUB_CONSOLE, "PUT", "/api/v1/sso", HUB_SESSION, R(USERS), .csrf = true, .no_token = true, .outside = true, .max_body = SMALL, .audit = "sso.put",
     .handler = hub_api_sso_put},
    {HUB_CONSOLE, "DELETE", "/api/v1/sso", HUB_SESSION, R(USERS), .csrf = true, .no_token = true, .audit = "sso.remove", .handler = hub_api_sso_drop},

    {HUB_CONSOLE, "GET", "/api/v1/jobs", HUB_SESSION, R(JOBS), .audit = "jobs.list", .handler = hub_api_jobs},
    {HUB_CONSOLE, "GET", "/api/v1/jobs/{}/{}", HUB_SESSION, R(JOBS), .audit = "jobs.see", .handler = hub_api_job},
    {HUB_CONSOLE, "GET", "/api/v1/held", HUB_SESSION, R(JOBS), .audit = "held.list", .handler = hub_api_held},
    {HUB_CONSOLE, "POST", "/api/v1/held/{}/{}", HUB_SESSION, R(JOBS_RELEASE), .csrf = true, .max_body = SMALL, .audit = "held.act",
     .handler = hub_api_held_act},
    /* Whoever is signed in, on what they printed themselves. A token with a few rights must not reach it: no token at all. */
    {HUB_CONSOLE, "GET", "/api/v1/me/held", HUB_SESSION, .no_token = true, .handler = hub_api_own_held},
    {HUB_CONSOLE, "POST", "/api/v1/me/held/{}/{}", HUB_SESSION, .csrf = true, .no_token = true, .max_body = SMALL, .audit = "me.held.act",
     .handler = hub_api_own_held_act},
    {HUB_CONSOLE, "GET", "/api/v1/me/jobs", HUB_SESSION, .no_token = true, .handler = hub_api_own_jobs},
    {HUB_CONSOLE, "GET", "/api/v1/agents", HUB_SESSION, R(AGENTS), .handler = hub_api_agents},
    {HUB_CONSOLE, "POST", "/api/v1/agents/{}/revoke", HUB_SESSION, R(AGENTS_CHANGE), .csrf = true, .max_body = SMALL, .audit = "agents.revoke",
     .handler = hub_api_revoke},
    {HUB_CONSOLE, "GET", "/api/v1/agents/{}/read", HUB_SESSION, R(AGENTS), .handler = hub_api_agent_reads},
    {HUB_CONSOLE, "POST", "/api/v1/agents/{}/read", HUB_SESSION, R(DEVICES_CHANGE), .csrf = true, .max_body = SMALL, .audit = "agents.read",
     .handler = hub_api_agent_read},
    {HUB_CONSOLE, "GET", "/api/v1/agents/{}/collection", HUB_SESSION, R(DEVICES), .handler = hub_api_collection},
    {HUB_CONSOLE, "PUT", "/api/v1/agents/{}/collection", HUB_SESSION, R(DEVICES_CHANGE), .csrf = true, .max_body = PLT_COLLECTION_JSON,
     .audit = "collection.put", .handler = hub_api_collection_put},
    {HUB_CONSOLE, "DELETE", "/api/v1/agents/{}/collection", HUB_SESSION, R(DEVICES_CHANGE), .csrf = true, .audit = "collection.remove",
     .handler = hub_api_collection_drop},
    {HUB_CONSOLE, "GET", "/api/v1/overview", HUB_SESSION, R(JOBS), .handler = hub_api_overview},
    {HUB_CONSOLE, "GET", "/api/v1/events", HUB_SESSION, R(JOBS), .no_token = true, .handler = hub_api_events},

    {HUB_CONSOLE, "GET", "/api/v1/devices", HUB_SESSION, R(DEVICES), .handler = hub_api_devices},
    {HUB_CONSOLE, "GET", "/api/v1/devices/{}", HUB_SESSION, R(DEVICES), .handler = hub_api_device},
    {HUB_CONSOLE, "GET", "/api/v1/devices/{}/meters", HUB_SESSION, R(DEVICES), .handler = hub_api_device_meters},
    {HUB_CONSOLE, "GET", "/api/v1/devices/{}/supplies", HUB_SESSION, R(DEVICES), .handler = hub_api_device_supplies},
    {HUB_CONSOLE, "POST", "/api/v1/devices/{}/merge", HUB_SESSION, R(DEVICES_CHANGE), .csrf = true, .max_body = SMALL, .audit = "devices.merge",
     .handler = hub_api_device_merge},
    {HUB_CONSOLE, "POST", "/api/v1/devices/{}/split", HUB_SESSION, R(DEVICES_CHANGE), .csrf = true, .max_body = SMALL, .audit = "devices.split",
     .handler = hub_api_device_split},
    {HUB_CONSOLE, "GET", "/api/v1/device-groups", HUB_SESSION, R(DEVICES), .handler = hub_api_device_groups},
    {HUB_CONSOLE, "POST", "/api/v1/device-groups", HUB_SESSION, R(DEVICES_CHANGE), .csrf = true, .max_body = SMALL, .audit = "device-groups.add",
     .handler = hub_api_device_group_make},
    {HUB_CONSOLE, "GET", "/api/v1/device-groups/{}", HUB_SESSION, R(DEVICES), .handler = hub_api_device_group},
    {HUB_CONSOLE, "PUT", "/api/v1/device-groups/{}", HUB_SESSION, R(DEVICES_CHANGE), .csrf = true, .max_body = SMALL, .audit = "device-groups.change",
     .handler = hub_api_device_group_change},
    {HUB_CONSOLE, "DELETE", "/api/v1/device-groups/{}", HUB_SESSION, R(DEVICES_CHANGE), .csrf = true, .audit = "device-groups.remove",
     .handler = hub_api_device_group_drop},
    {HUB_CONSOLE, "GET", "/api/v1/devices/{}/read", HUB_SESSION, R(DEVICES), .handler = hub_api_device_reads},
    {HUB_CONSOLE, "POST", "/api/v1/devices/{}/read", HUB_SESSION, R(DEVICES_CHANGE), .csrf = true, .max_body = SMALL, .audit = "devices.read",
     .handler = hub_api_device_read},
    {HUB_CONSOLE, "GET", "/api/v1/catalogue", HUB_SESSION, R(DEVICES), .handler = hub_api_catalogue},
    {HUB_CONSOLE, "PUT", "/api/v1/catalogue", HUB_SESSION, R(DEVICES_CHANGE), .csrf = true, .max_body = SET, .audit = "catalogue.put",
     .handler = hub_api_catalogue_put},
    {HUB_CONSOLE, "GET", "/api/v1/catalogue/missing", HUB_SESSION, R(DEVICES), .handler = hub_api_catalogue_missing},
    {HUB_CONSOLE, "GET", "/api/v1/catalogue/starter", HUB_SESSION, R(DEVICES), .handler = hub_api_catalogue_starter},
    {HUB_CONSOLE, "GET", "/api/v1/catalogue/versions", HUB_SESSION, R(DEVICES), .handler = hub_api_catalogue_versions},
    {HUB_CONSOLE, "GET", "/api/v1/catalogue/versions/{}", HUB_SESSION, R(DEVICES), .handler = hub_api_catalogue_version},
    {HUB_CONSOLE, "PUT", "/api/v1/catalogue/models", HUB_SESSION, R(DEVICES_CHANGE), .csrf = true, .max_body = SMALL, .audit = "catalogue.model",
     .handler = hub_api_catalogue_model_put},
    {HUB_CONSOLE, "POST", "/api/v1/catalogue/models/remove", HUB_SESSION, R(DEVICES_CHANGE), .csrf = true, .max_body = SMALL,
     .audit = "catalogue.model.remove", .handler = hub_api_catalogue_model_drop},
    {HUB_CONSOLE, "GET", "/api/v1/meter-reads", HUB_SESSION, R(BILLING), .handler = hub_api_meter_reads},

    /* Policies */
    {HUB_CONSOLE, "GET", "/api/v1/policies", HUB_SESSION, R(POLICIES), .handler = hub_api_sets},
    {HUB_CONSOLE, "POST", "/api/v1/policies", HUB_SESSION, R(POLICIES_CHANGE), .csrf = true, .max_body = SET, .audit = "policies.add",
     .handler = hub_api_set_make},
    {HUB_CONSOLE, "GET", "/api/v1/policies/{}", HUB_SESSION, R(POLICIES), .handler = hub_api_set},
    {HUB_CONSOLE, "DELETE", "/api/v1/policies/{}", HUB_SESSION, R(POLICIES_CHANGE), .csrf = true, .audit = "policies.remove",
     .handler = hub_api_set_remove},
    {HUB_CONSOLE, "PUT", "/api/v1/policies/{}/draft", HUB_SESSION, R(POLICIES_CHANGE), .csrf = true, .max_body = SET, .audit = "policies.draft",
     .handler = hub_api_draft},
    {HUB_CONSOLE, "GET", "/api/v1/policies/{}/versions/{}", HUB_SESSION, R(POLICIES), .handler = hub_api_version},
    {HUB_CONSOLE, "POST", "/api/v1/policies/{}/publish", HUB_SESSION, R(POLICIES_CHANGE), .csrf = true, .max_body = SMALL,
     .audit = "policies.publish", .handler = hub_api_publish},
    {HUB_CONSOLE, "POST", "/api/v1/policy/withdraw", HUB_SESSION, R(POLICIES_CHANGE), .csrf = true, .max_body = SMALL, .audit = "policies.withdraw",
     .handler = hub_api_withdraw},
    {HUB_CONSOLE, "GET", "/api/v1/policy/agents", HUB_SESSION, R(POLICIES), .handler = hub_api_policy_agents},
    {HUB_CONSOLE, "POST", "/api/v1/policy/check", HUB_SESSION, R(POLICIES), .csrf = true, .max_body = SET, .handler = hub_api_check},
    {HUB_CONSOLE, "POST", "/api/v1/policy/backtest", HUB_SESSION, R(POLICIES), .csrf = true, .max_body = SET, .handler = hub_api_backtest},
    {HUB_CONSOLE, "GET", "/api/v1/groups", HUB_SESSION, R(POLICIES), .handler = hub_api_groups},
    {HUB_CONSOLE, "POST", "/api/v1/groups", HUB_SESSION, R(POLICIES_CHANGE), .csrf = true, .max_body = SET, .audit = "groups.add",
     .handler = hub_api_group_make},
    {HUB_CONSOLE, "GET", "/api/v1/groups/{}", HUB_SESSION, R(POLICIES), .handler = hub_api_group},
    {HUB_CONSOLE, "PUT", "/api/v1/groups/{}", HUB_SESSION, R(POLICIES_CHANGE), .csrf = true, .max_body = SET, .audit = "groups.change",
     .handler = hub_api_group_change},
    {HUB_CONSOLE, "DELETE", "/api/v1/groups/{}", HUB_SESSION, R(POLICIES_CHANGE), .csrf = true, .audit = "groups.remove",
     .handler = hub_api_group_drop},
    {HUB_CONSOLE, "GET", "/api/v1/directory", HUB_SESSION, R(POLICIES), .handler = hub_api_directory},
    {HUB_CONSOLE, "GET", "/api/v1/directory/people", HUB_SESSION, R(PERSONS), .audit = "directory.see", .handler = hub_api_directory_people},
    {HUB_CONSOLE, "PUT", "/api/v1/directory", HUB_SESSION, R(POLICIES_CHANGE), .csrf = true, .max_body = SET, .audit = "directory.put",
     .handler = hub_api_directory_put},
    {HUB_CONSOLE, "GET", "/api/v1/quotas", HUB_SESSION, R(PERSONS), .audit = "quotas.list", .handler = hub_api_quotas},
    {HUB_CONSOLE, "POST", "/api/v1/quotas/change", HUB_SESSION, R(POLICIES_CHANGE), .csrf = true, .max_body = SMALL, .audit = "quotas.change",
     .handler = hub_api_quotas_change},
    {HUB_CONSOLE, "GET", "/api/v1/person", HUB_SESSION, R(PERSONS), .audit = "person.see", .handler = hub_api_person},
    {HUB_CONSOLE, "GET", "/api/v1/violations", HUB_SESSION, R(POLICIES), .audit = "violations.list", .handler = hub_api_violations},
    {HUB_CONSOLE, "GET", "/api/v1/accounts", HUB_SESSION, R(ACCOUNTS), .handler = hub_api_charges},
    {HUB_CONSOLE, "GET", "/api/v1/accounts.csv", HUB_SESSION, R(ACCOUNTS), .handler = hub_api_charges_csv},
    {HUB_CONSOLE, "PUT", "/api/v1/accounts", HUB_SESSION, R(ACCOUNTS_CHANGE), .csrf = true, .max_body = SMALL, .audit = "accounts.put",
     .handler = hub_api_charge_put},
    {HUB_CONSOLE, "POST", "/api/v1/accounts/import", HUB_SESSION, R(ACCOUNTS_CHANGE), .csrf = true, .max_body = SET, .audit = "accounts.import",
     .handler = hub_api_charges_import},
    {HUB_CONSOLE, "POST", "/api/v1/accounts/remove", HUB_SESSION, R(ACCOUNTS_CHANGE), .csrf = true, .max_body = SMALL, .audit = "accounts.remove",
     .handler = hub_api_charge_drop},
    {HUB_CONSOLE, "GET", "/api/v1/prices", HUB_SESSION, R(POLICIES), .handler = hub_api_prices},
    {HUB_CONSOLE, "GET", "/api/v1/prices/versions", HUB_SESSION, R(POLICIES), .handler = hub_api_price_versions},
    {HUB_CONSOLE, "GET", "/api/v1/prices/versions/{}", HUB_SESSION, R(POLICIES), .handler = hub_api_price_version},
    {HUB_CONSOLE, "PUT", "/api/v1/prices", HUB_SESSION, R(POLICIES_CHANGE), .csrf = true, .max_body = SET, .audit = "prices.put",
     .handler = hub_api_prices_put},
    {HUB_CONSOLE, "POST", "/api/v1/prices/check", HUB_SESSION, R(POLICIES), .csrf = true, .max_body = SET, .handler = hub_api_prices_check},

    {HUB_CONSOLE, "GET", "/api/v1/schedules", HUB_SESSION, R(SCHEDULES), .handler = hub_api_schedules},
    {HUB_CONSOLE, "POST", "/api/v1/schedules", HUB_SESSION, R(SCHEDULES), .csrf = true, .max_body = SMALL, .audit = "schedules.add",
     .handler = hub_api_schedule_make},
    {HUB_CONSOLE, "PUT", "/api/v1/schedules/{}", HUB_SESSION, R(SCHEDULES), .csrf = true, .max_body = SMALL, .audit = "schedules.change",
     .handler = hub_api_schedule_change},
    {HUB_CONSOLE, "DELETE", "/api/v1/schedules/{}", HUB_SESSION, R(SCHEDULES), .csrf = true, .audit = "schedules.remove",
     .handler = hub_api_schedule_drop},
    {HUB_CONSOLE, "POST", "/api/v1/schedules/{}/send", HUB_SESSION, R(SCHEDULES), .csrf = true, .max_body = SMALL, .audit = "schedules.send",
     .handler = hub_api_schedule_send},
    /* Reports */
    {HUB_CONSOLE, "GET", "/api/v1/reports", HUB_SESSION, .handler = hub_api_reports},
    {HUB_CONSOLE, "GET", HUB_REPORTS "usage-users", HUB_SESSION, R(PERSONS), .audit = "reports.see", .handler = hub_api_report},
    {HUB_CONSOLE, "GET", HUB_REPORTS "usage-groups", HUB_SESSION, R(JOBS), .handler = hub_api_report},
    {HUB_CONSOLE, "GET", HUB_REPORTS "usage-queues", HUB_SESSION, R(JOBS), .handler = hub_api_report},
    {HUB_CONSOLE, "GET", HUB_REPORTS "usage-machines", HUB_SESSION, R(JOBS), .handler = hub_api_report},
    {HUB_CONSOLE, "GET", HUB_REPORTS "usage-devices", HUB_SESSION, R(DEVICES), .handler = hub_api_report},
    {HUB_CONSOLE, "GET", HUB_REPORTS "usage-device-groups", HUB_SESSION, R(DEVICES), .handler = hub_api_report},
    {HUB_CONSOLE, "GET", HUB_REPORTS "usage-accounts", HUB_SESSION, R(ACCOUNTS), .handler = hub_api_report},
    {HUB_CONSOLE, "GET", HUB_REPORTS "usage-sites", HUB_SESSION, R(JOBS), .handler = hub_api_report},
    {HUB_CONSOLE, "GET", HUB_REPORTS "rates", HUB_SESSION, R(JOBS), .handler = hub_api_report},
    {HUB_CONSOLE, "GET", HUB_REPORTS "costs", HUB_SESSION, R(ACCOUNTS), .handler = hub_api_report},
    {HUB_CONSOLE, "GET", HUB_REPORTS "environment", HUB_SESSION, R(JOBS), .handler = hub_api_report},
    {HUB_CONSOLE, "GET", HUB_REPORTS "violations", HUB_SESSION, R(POLICIES), .handler = hub_api_report},
    {HUB_CONSOLE, "GET", HUB_REPORTS "savings", HUB_SESSION, R(POLICIES), .handler = hub_api_report},
    {HUB_CONSOLE, "GET", HUB_REPORTS "duplex", HUB_SESSION, R(JOBS), .handler = hub_api_report},
    {HUB_CONSOLE, "GET", HUB_REPORTS "meters", HUB_SESSION, R(BILLING), .handler = hub_api_report},
    {HUB_CONSOLE, "GET", HUB_REPORTS "supplies", HUB_SESSION, R(DEVICES), .handler = hub_api_report},
    {HUB_CONSOLE, "GET", "/api/v1/issued", HUB_SESSION, R(BILLING), .handler = hub_api_issued},
    {HUB_CONSOLE, "POST", "/api/v1/issued", HUB_SESSION, R(BILLING), .csrf = true, .max_body = SMALL, .audit = "issued.add",
     .handler = hub_api_issue},
    {HUB_CONSOLE, "GET", "/api/v1/issued/{}", HUB_SESSION, R(BILLING), .handler = hub_api_issued_one},
    {HUB_CONSOLE, "GET", "/api/v1/receipt-plans", HUB_SESSION, R(BILLING), .handler = hub_api_receipt_plans},
    {HUB_CONSOLE, "PUT", "/api/v1/receipt-plans", HUB_SESSION, R(BILLING), .csrf = true, .max_body = SMALL, .audit = "receipt-plans.put",
     .handler = hub_api_receipt_plan_put},
    {HUB_CONSOLE, "GET", HUB_REPORTS "agents", HUB_SESSION, R(AGENTS), .handler = hub_api_report},
    /* Alerts */
    {HUB_CONSOLE, "GET", "/api/v1/alerts", HUB_SESSION, R(ALERTS), .handler = hub_api_alerts},
    {HUB_CONSOLE, "POST", "/api/v1/alerts/{}/acknowledge", HUB_SESSION, R(ALERTS_TAKE), .csrf = true, .max_body = SMALL, .audit = "alerts.take",
     .handler = hub_api_alert_take},
    {HUB_CONSOLE, "GET", "/api/v1/alert-rules", HUB_SESSION, R(ALERTS), .handler = hub_api_alert_rules},
    {HUB_CONSOLE, "POST", "/api/v1/alert-rules", HUB_SESSION, R(ALERTS_CHANGE), .csrf = true, .max_body = SMALL, .audit = "alert-rules.add",
     .handler = hub_api_alert_rule_make},
    {HUB_CONSOLE, "PUT", "/api/v1/alert-rules/{}", HUB_SESSION, R(ALERTS_CHANGE), .csrf = true, .max_body = SMALL, .audit = "alert-rules.change",
     .handler = hub_api_alert_rule_change},
    {HUB_CONSOLE, "DELETE", "/api/v1/alert-rules/{}", HUB_SESSION, R(ALERTS_CHANGE), .csrf = true, .audit = "alert-rules.remove",
     .handler = hub_api_alert_rule_drop},
    {HUB_CONSOLE, "GET", "/api/v1/alert-deliveries", HUB_SESSION, R(ALERTS_CHANGE), .handler = hub_api_alert_deliveries},
    {HUB_CONSOLE, "GET", "/api/v1/alert-channels", HUB_SESSION, R(ALERTS_CHANGE), .handler = hub_api_channels},
    {HUB_CONSOLE, "POST", "/api/v1/alert-channels", HUB_SESSION, R(ALERTS_CHANGE), .csrf = true, .secret = true, .max_body = SMALL,
     .audit = "alert-channels.add", .handler = hub_api_channel_make},
    {HUB_CONSOLE, "PUT", "/api/v1/alert-channels/{}", HUB_SESSION, R(ALERTS_CHANGE), .csrf = true, .max_body = SMALL,
     .audit = "alert-channels.change", .handler = hub_api_channel_change},
    {HUB_CONSOLE, "DELETE", "/api/v1/alert-channels/{}", HUB_SESSION, R(ALERTS_CHANGE), .csrf = true, .audit = "alert-channels.remove",
     .handler = hub_api_channel_drop},
    {HUB_CONSOLE, "POST", "/api/v1/alert-channels/{}/test", HUB_SESSION, R(ALERTS_CHANGE), .csrf = true, .max_body = SMALL,
     .audit = "alert-channels.test", .handler = hub_api_channel_test},
    {HUB_CONSOLE, "POST", "/api/v1/alert-channels/{}/secret", HUB_SESSION, R(ALERTS_CHANGE), .csrf = true, .secret = true, .max_body = SMALL,
     .audit = "alert-channels.secret", .handler = hub_api_channel_secret},
    {HUB_CONSOLE, "GET", "/api/v1/mail-server", HUB_SESSION, R(ALERTS_CHANGE), .handler = hub_api_mail_server},
    {HUB_CONSOLE, "PUT", "/api/v1/mail-server", HUB_SESSION, R(ALERTS_CHANGE), .csrf = true, .max_body = SMALL, .audit = "mail-server.put",
     .handler = hub_api_mail_server_put},
    {HUB_CONSOLE, "DELETE", "/api/v1/mail-server", HUB_SESSION, R(ALERTS_CHANGE), .csrf = true, .audit = "mail-server.remove",
     .handler = hub_api_mail_server_drop},
};

const hub_route *hub_routes(size_t *n)
{
    *n = sizeof table / sizeof *table;
    return table;
}

/* Matches part by part; "{}" takes one that is not empty and not too long. */
static bool matches(const char *pattern, const char *path, char arg[HUB_PATH_ARGS][64])
{
    size_t args = 0;
    while (*pattern && *path) {
        if (strncmp(pattern, "{}", 2) != 0) {
            if (*pattern++ != *path++) return false;
            continue;
        }
        size_t n = strcspn(path, "/");
        if (n == 0 || n >= 64 || args == HUB_PATH_ARGS) return false;
        memcpy(arg[args], path, n);
        arg[args++][n] = 0;
        pattern += 2;
        path += n;
    }
    return *pattern == 0 && *path == 0;
}

int hub_route_find(hub_side side, const char *method, const char *path, const hub_route **out, char arg[HUB_PATH_ARGS][64], char *allow,
                   size_t allow_size)
{
    size_t used = 0;
    allow[0] = 0;
    *out = NULL;
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        const hub_route *r = &table[i];
        if (r->side != side || !matches(r->path, path, arg)) continue;
        if (strcmp(r->method, method) == 0) {
            *out = r;
            return 0;
        }
        int n = snprintf(allow + used, allow_size - used, "%s%s", used ? ", " : "", r->method);
        if (n > 0 && (size_t)n < allow_size - used) used += (size_t)n;
    }
    return *allow ? 405 : 404;
}

hub_verdict hub_route_verdict(const hub_route *r, const hub_who *who)
{
    if (r->caller == HUB_ANYONE) return HUB_PASS;
    if (r->caller == HUB_AGENT) return who->agent ? HUB_PASS : HUB_NO_AGENT;
    if (!who->session) return HUB_NO_SESSION;
    if (who->token && r->no_token) return HUB_NO_TOKENS;
    if (r->csrf && !who->csrf && !who->token) return HUB_BAD_CSRF;
    if (who->must_change && !r->one_time) return HUB_MUST_CHANGE;
    return hub_holds(who->rights, r->right) ? HUB_PASS : HUB_NO_RIGHT;
}

void hub_route_refuse(hub_reply *r, hub_verdict v, const char *why)
{
    switch (v) {
    case HUB_PASS: return;
    case HUB_NO_AGENT:
        hub_problem(r, 401, "not-enrolled", "The agent's certificate is not accepted", why ? why : "No client certificate was presented.",
                    "Enrol this machine again with an enrolment key.");
        return;
    case HUB_NO_SESSION: hub_problem(r, 401, "not-signed-in", "Not signed in", "There is no session, or it has ended.", "Sign in."); return;
    case HUB_BAD_CSRF:
        hub_problem(r, 403, "csrf", "The request does not come from the console", "The X-CSRF-Token header is missing or of another session.",
                    "Load the console again.");
        return;
    case HUB_MUST_CHANGE:
        hub_problem(r, 403, "password-change-required", "The one-time password must be changed first", NULL, "Choose a password of your own.");
        return;
    case HUB_NO_TOKENS: hub_problem(r, 403, "no-tokens", "This cannot be done with an API token", NULL, "Sign in on the console."); return;
    case HUB_NO_RIGHT: hub_problem(r, 403, "forbidden", "Your role does not allow this", NULL, "Ask an administrator for it."); return;
    }
}

static plt_status write_seen(hub_store *s, hub_task *t, int64_t now)
{
    return s->ops->agent_seen(s, t->agent.tenant_id, t->agent.id, now);
}

static plt_status write_touch(hub_store *s, hub_task *t, int64_t now)
{
    return s->ops->session_touch(s, t->token_hash, now);
}

/* Is the certificate's agent known, is this certificate one that it was given, is it not revoked? */
static plt_status identify_agent(hub_worker *w, hub_task *t, hub_who *who, const char **why)
{
    hub_store *s = w->store;
    const hub_peer *p = &t->in.peer;
    int64_t now = os_clock_unix_ms();
    if (!p->valid) {
        *why = p->present ? p->why : NULL;
        return PLT_OK;
    }
    /* By its own name, which is unique in a hub: the tenant that the certificate names may be called otherwise by now. */
    plt_status status = s->ops->agent_find(s, HUB_OPERATOR, p->agent, p->serial, &t->agent);
    if (status == PLT_NOTFOUND) *why = "This hub did not issue the certificate, or has forgotten the agent.";
    if (status == PLT_OK && t->agent.revoked) *why = "The certificate was revoked.";
    who->agent = status == PLT_OK && !t->agent.revoked;
    if (who->agent && now - t->agent.last_seen > SEEN_MS) hub_writer_quiet(w->hub->writer, write_seen, t);
    return status == PLT_NOTFOUND ? PLT_OK : status;
}

static plt_status write_token_touch(hub_store *s, hub_task *t, int64_t now)
{
    return s->people->token_touch(s, t->token_hash, now);
}

static plt_status identify_session(hub_worker *w, hub_task *t, hub_who *who)
{
    hub_store *s = w->store;
    int64_t now = os_clock_unix_ms();
    who->token = *t->in.bearer != 0;
    if (!who->token && !*t->in.token) return PLT_OK;
    hub_token_hash(who->token ? t->in.bearer : t->in.token, t->token_hash);
    plt_status status = who->token ? s->people->token_find(s, t->token_hash, now, &t->session)
                                   : s->ops->session_find(s, t->token_hash, now - HUB_SESSION_IDLE_MS, now - HUB_SESSION_LIFE_MS, &t->session);
    if (status != PLT_OK) return status == PLT_NOTFOUND ? PLT_OK : status;
    who->session = true;
    who->rights = t->session.rights;
    who->must_change = t->session.must_change;
    who->csrf = !who->token && hub_token_csrf_matches(t->in.token, t->in.csrf);
    if (now - t->session.last_used > HUB_SESSION_TOUCH_MS) hub_writer_quiet(w->hub->writer, who->token ? write_token_touch : write_touch, t);
    return PLT_OK;
}

static plt_status write_nothing(hub_store *s, hub_task *t, int64_t now)
{
    (void)s, (void)t, (void)now;
    return PLT_OK;
}

/* A reply to GET has an ETag, and is left out where the caller has it. */
static void tag(hub_task *t)
{
    uint8_t hash[OS_SHA256_SIZE];
    char hex[2 * OS_SHA256_SIZE + 1];
    if (t->out.status != 200 || t->out.stream || t->out.etag) return;
    size_t n;
    const void *body = hub_reply_body(&t->out, &n);
    os_sha256(body, n, hash);
    plt_hex(hex, hash, sizeof hash);
    snprintf(t->etag, sizeof t->etag, "\"%.32s\"", hex);
    bool known = strstr(t->in.known, t->etag) != NULL;
    if (known) {
        hub_reply_empty(&t->out);
        t->out.status = 304;
    }
    t->out.etag = t->etag;
}

/* A look at what is personal goes out when it stands in the audit log; one that was noted a moment ago need not be again. */
static hub_step note_look(hub_worker *w, hub_task *t)
{
    hub_audit a;
    if ((t->out.status >= 300 && t->out.status != 304) || !hub_holds(t->session.rights, HUB_RIGHT_PERSONS)) return HUB_DONE;
    hub_task_audit(t, &a);
    plt_status status = w->store->people->audited(w->store, &a, os_clock_unix_ms() - HUB_LOOK_MS);
    if (status == PLT_OK) return HUB_DONE;
    if (status != PLT_NOTFOUND) {
        hub_reply_store(&t->out, status);
        return HUB_DONE;
    }
    t->write = write_nothing;
    return HUB_WRITE;
}

hub_step hub_route_run(hub_worker *w, hub_task *t)
{
    const hub_route *r = t->in.route;
    hub_who who = {.agent = false};
    const char *why = NULL;
    plt_status status = PLT_OK;
    if (r->caller == HUB_AGENT)
        status = identify_agent(w, t, &who, &why);
    else if (r->caller != HUB_ANYONE)
        status = identify_session(w, t, &who);
    if (status != PLT_OK) {
        os_log(OS_LOG_ERROR, "store: %s", w->store->ops->problem(w->store));
        hub_reply_store(&t->out, status);
        return HUB_DONE;
    }
    hub_verdict v = hub_route_verdict(r, &who);
    if (v == HUB_PASS && r->csrf && *t->in.once && !hub_once_begin(w, t)) return HUB_DONE;
    if (v == HUB_PASS) {
        hub_step step = r->handler(w, t);
        if (step != HUB_DONE || r->side != HUB_CONSOLE || strcmp(r->method, "GET") != 0) return step;
        tag(t);
        return r->audit ? note_look(w, t) : step;
    }
    if (v == HUB_NO_AGENT && t->in.peer.valid) os_log(OS_LOG_WARN, "agent %s from %s refused: %s", t->in.peer.agent, t->in.address, why ? why : "");
    hub_route_refuse(&t->out, v, why);
    return HUB_DONE;
}
