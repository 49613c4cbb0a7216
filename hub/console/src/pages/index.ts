// SPDX-License-Identifier: Apache-2.0
//
// The pages that exist, in the order of the navigation. A new page is a new row here and a file beside
// this one; the frame, the titles and the shortcuts follow.

import type { ComponentType } from "preact";
import type { IconName } from "../components/icon";
import type { TextKey } from "../language";
import { Accounts } from "./accounts";
import { Agents } from "./agents";
import { Devices } from "./devices";
import { Jobs } from "./jobs";
import { Overview } from "./overview";
import { Policies } from "./policies";
import { Reports } from "./reports";
import { Violations } from "./violations";

export interface Page {
    path: string;
    name: TextKey;
    icon: IconName;
    view: ComponentType;
    /** Addresses below it are its own, too. */
    under?: boolean;
}

export const pages: readonly Page[] = [
    { path: "/", name: "page.overview", icon: "overview", view: Overview },
    { path: "/jobs", name: "page.jobs", icon: "jobs", view: Jobs },
    { path: "/devices", name: "page.devices", icon: "printer", view: Devices, under: true },
    { path: "/agents", name: "page.agents", icon: "agents", view: Agents },
    { path: "/policies", name: "page.policies", icon: "policies", view: Policies },
    { path: "/violations", name: "page.violations", icon: "alert", view: Violations },
    { path: "/reports", name: "page.reports", icon: "chart", view: Reports, under: true },
    { path: "/accounts", name: "page.accounts", icon: "accounts", view: Accounts },
];

/** The page of an address. */
export function pageOf(path: string): Page | undefined {
    return pages.find((page) => page.path === path || (page.under && path.startsWith(`${page.path}/`)));
}
