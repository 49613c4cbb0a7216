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
import { Devices } from "./devices";
import { Jobs } from "./jobs";
import { Overview } from "./overview";
import { Policies } from "./policies";
import { Reports } from "./reports";
import { Roles } from "./roles";
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
}

export const pages: readonly Page[] = [
    { path: "/", name: "page.overview", icon: "overview", view: Overview, right: "jobs" },
    { path: "/jobs", name: "page.jobs", icon: "jobs", view: Jobs, right: "jobs" },
    { path: "/devices", name: "page.devices", icon: "printer", view: Devices, under: true, right: "devices" },
    { path: "/alerts", name: "page.alerts", icon: "bell", view: Alerts, under: true, right: "alerts" },
    { path: "/agents", name: "page.agents", icon: "agents", view: Agents, right: "agents" },
    { path: "/policies", name: "page.policies", icon: "policies", view: Policies, right: "policies" },
    { path: "/violations", name: "page.violations", icon: "alert", view: Violations, right: "policies" },
    { path: "/reports", name: "page.reports", icon: "chart", view: Reports, under: true },
    { path: "/accounts", name: "page.accounts", icon: "accounts", view: Accounts, right: "accounts" },
    { path: "/users", name: "page.users", icon: "user", view: Users, right: "users" },
    { path: "/roles", name: "page.roles", icon: "table", view: Roles, right: "users" },
    { path: "/tenants", name: "page.tenants", icon: "tree", view: Tenants, right: "tenants" },
    { path: "/sign-on", name: "page.signon", icon: "out", view: SignOn, right: "users" },
    { path: "/tokens", name: "page.tokens", icon: "key", view: Tokens },
    { path: "/audit", name: "page.audit", icon: "log", view: Audit, right: "audit" },
    { path: "/account", name: "page.account", icon: "user", view: Account, apart: true },
];

/** The page of an address. */
export function pageOf(path: string): Page | undefined {
    return pages.find((page) => page.path === path || (page.under && path.startsWith(`${page.path}/`)));
}
