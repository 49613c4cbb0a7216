// SPDX-License-Identifier: Apache-2.0
//
// One job that a policy did something to, or would have: every field that its record has.

import { Badge } from "../components/badge";
import { Dialog } from "../components/dialog";
import { Reason } from "../components/reason";
import { fullTime, number } from "../format";
import { t, type TextKey } from "../language";
import { money } from "../prices/trial";
import type { Violation } from "./api";
import { tOf } from "./words";

const tones: Record<string, "bad" | "warn" | "good" | "plain"> = { denied: "bad", held: "warn", asked: "warn", redirected: "plain", converted: "good" };

export function Ruling(props: { word: string }) {
    return <Badge tone={tones[props.word] ?? "plain"} text={tOf("policy.ruling", props.word)} />;
}

const yesNo = (value: boolean | undefined): string => (value === undefined ? "" : t(value ? "policy.is.yes" : "policy.is.no"));
const sides = (duplex: string | null): string => (duplex === null ? "" : yesNo(duplex !== "none"));

export function ViolationDialog(props: { violation: Violation; close(): void }) {
    const one = props.violation;
    const { policy } = one;
    const rows: [TextKey, string | number | null | undefined | false][] = [
        ["violations.time", fullTime(one.time)],
        ["violations.user", one.user],
        ["policy.field.workstation", one.machine],
        ["policy.field.server", one.server],
        ["violations.queue", one.queue],
        ["policy.field.port", one.port],
        ["violations.document", one.document],
        ["policy.field.pages", one.pages === null ? null : number(one.pages)],
        ["policy.field.impressions", one.impressions === null ? null : number(one.impressions)],
        ["policy.field.color_pages", one.color_pages === null ? null : number(one.color_pages)],
        ["policy.field.sheets", one.sheets === null ? null : number(one.sheets)],
        ["policy.field.duplex", sides(one.duplex)],
        ["policy.field.cost", typeof policy.cost === "number" ? money(policy.cost, policy.currency ?? null) : null],
        ["violations.action", tOf("policy.ruling", policy.action ?? "")],
        ["violations.would", policy.would && tOf("policy.ruling", policy.would)],
        ["violations.set", one.set_name],
        ["violations.rule", policy.rule || (!policy.would && t("violations.default"))],
        ["policy.version.short", policy.published ?? policy.version],
        ["violations.message", policy.message],
        ["violations.notified", yesNo(policy.user_notified)],
        ["violations.answer", policy.answer && tOf("policy.word", policy.answer)],
        ["violations.account", policy.account],
        ["violations.note", policy.note],
    ];
    return (
        <Dialog title={t("violations.one")} close={props.close}>
            <dl class="facts">
                {rows
                    .filter(([, value]) => value !== null && value !== undefined && value !== false && value !== "")
                    .map(([name, value]) => (
                        <div key={name}>
                            <dt>{t(name)}</dt>
                            <dd>{value}</dd>
                        </div>
                    ))}
            </dl>
            <p class="soft">
                <Reason why={policy.would ? policy.would_because : policy.because} english={policy.explanation} />
            </p>
        </Dialog>
    );
}
