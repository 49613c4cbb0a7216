// SPDX-License-Identifier: Apache-2.0
//
// What an alert says, and where its evidence is.

import { number, shortTime } from "../format";
import { t, tWord } from "../language";
import type { Alert } from "./api";

const time = (instant: string | null | undefined): string => (instant ? shortTime(instant) : "–");

export function say(alert: Alert): string {
    const d = alert.detail;
    const supply = d.supply ?? d.color ?? "–";
    switch (alert.kind) {
        case "status":
            return t("alerts.say.status", { state: tWord("alerts.word", d.state ?? "–") });
        case "supply":
            return t(d.days == null ? "alerts.say.percent" : "alerts.say.days", { supply, percent: d.percent ?? "–", days: d.days ?? "–" });
        case "meter":
            if (d.meter === "stuck") return t("alerts.say.stuck", { time: time(d.moved) });
            if (d.meter === "reset") return t("alerts.say.reset", { time: time(d.reset) });
            return t("alerts.say.target", { total: number(d.total ?? 0), target: number(d.target ?? 0) });
        case "agent":
            if (d.why === "certificate") return t("alerts.say.certificate");
            return d.why === "never" ? t("alerts.say.never") : t("alerts.say.silent", { time: time(d.last_seen) });
        case "policy":
            return t(d.rule == null ? "alerts.say.policy" : "notices.say", { count: number(d.count ?? 0), minutes: d.minutes ?? "–" });
    }
}

/** The page that shows what it is about. */
export function whereTo(alert: Alert): string | null {
    if (alert.device) return `/devices/${alert.device}`;
    if (alert.kind === "agent") return "/agents";
    return alert.kind === "policy" ? `/violations?${new URLSearchParams({ tenant: alert.tenant })}` : null;
}
