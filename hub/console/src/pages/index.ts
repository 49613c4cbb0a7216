// SPDX-License-Identifier: Apache-2.0
//
// The pages that exist, in the order of the navigation. A new page is a new row here and a file beside
// this one; the frame, the titles and the shortcuts follow.

import type { ComponentType } from "preact";
import type { IconName } from "../components/icon";
import type { TextKey } from "../language";
import { Account } from "./account";
import { Accounts } from "./accounts";
import { Agents } from "./agents";
import { Alerts } from "./alerts";
import { Audit } from "./audit";
import { Catalogue } from "./catalogue";
import { DeviceGroups } from "./device-groups";
import { Devices } from "./devices";
import { Held } from "./held";
import { Jobs } from "./jobs";
import { Mine } from "./mine";
import { Overview } from "./overview";
import { People } from "./people";
import { Policies } from "./policies";
import { Prices } from "./prices";
import { Receipts } from "./receipts";
import { Reports } from "./reports";
import { Retention } from "./retention";
import { Roles } from "./roles";
import { Schedules } from "./schedules";
import { SignOn } from "./sign-on";
import { Tenants } from "./tenants";
import { Tokens } from "./tokens";
import { Users } from "./users";
import { Violations } from "./violations";

export interface Page {
    path: string;
    name: TextKey;
    icon: IconName;
    view: ComponentType;
    /** Addresses below it are its own, too. */
    under?: boolean;
    /** The right that the hub asks for what it shows; none: whoever is signed in. */
    right?: string;
    /** Reached from elsewhere than the navigation. */
    apart?: boolean;
    /** The page of the navigation that it is reached from. */
    of?: string;
}

export const pages: readonly Page[] = [
    { path: "/", name: "page.overview", icon: "overview", view: Overview, right: "jobs" },
    { path: "/jobs", name: "page.jobs", icon: "jobs", view: Jobs, right: "jobs" },
    { path: "/held", name: "page.held", icon: "download", view: Held, right: "jobs" },
    { path: "/mine", name: "page.mine", icon: "sent", view: Mine },
    { path: "/devices", name: "page.devices", icon: "printer", view: Devices, under: true, right: "devices" },
    { path: "/alerts", name: "page.alerts", icon: "bell", view: Alerts, under: true, right: "alerts" },
    { path: "/agents", name: "page.agents", icon: "agents", view: Agents, right: "agents" },
    { path: "/policies", name: "page.policies", icon: "policies", view: Policies, right: "policies" },
    { path: "/violations", name: "page.violations", icon: "alert", view: Violations, right: "policies" },
    { path: "/reports", name: "page.reports", icon: "chart", view: Reports, under: true },
    { path: "/receipts", name: "page.receipts", icon: "receipt", view: Receipts, right: "billing" },
    { path: "/people", name: "page.people", icon: "people", view: People, under: true, right: "persons" },
    { path: "/prices", name: "page.prices", icon: "coins", view: Prices, right: "policies" },
    { path: "/accounts", name: "page.accounts", icon: "accounts", view: Accounts, right: "accounts" },
    { path: "/users", name: "page.users", icon: "user", view: Users, right: "users" },
    { path: "/roles", name: "page.roles", icon: "table", view: Roles, right: "users" },
    { path: "/tenants", name: "page.tenants", icon: "tree", view: Tenants, right: "tenants" },
    { path: "/sign-on", name: "page.signon", icon: "out", view: SignOn, right: "users" },
    { path: "/tokens", name: "page.tokens", icon: "key", view: Tokens },
    { path: "/retention", name: "page.retention", icon: "table", view: Retention, right: "erase" },
    { path: "/audit", name: "page.audit", icon: "log", view: Audit, right: "audit" },
    { path: "/device-groups", name: "page.groups", icon: "printer", view: DeviceGroups, right: "devices", apart: true, of: "/devices" },
    { path: "/catalogue", name: "page.catalogue", icon: "table", view: Catalogue, right: "devices", apart: true, of: "/devices" },
    { path: "/schedules", name: "page.schedules", icon: "chart", view: Schedules, right: "schedules", apart: true, of: "/reports" },
    { path: "/account", name: "page.account", icon: "user", view: Account, apart: true },
];

/** The page of an address. */
export function pageOf(path: string): Page | undefined {
    return pages.find((page) => page.path === path || (page.under && path.startsWith(`${page.path}/`)));
}
