// SPDX-License-Identifier: Apache-2.0
//
// Small signs of policies: where a set is in force, and which tenant a page is about.

import type { ComponentChildren } from "preact";
import { Badge } from "../components/badge";
import { Empty } from "../components/empty";
import { Options } from "../components/options";
import { PageHead } from "../components/page-head";
import { ProblemNote } from "../components/problem-note";
import { t } from "../language";
import { useResource, type Resource } from "../resource";
import { goTo, place } from "../router";
import { useStore } from "../store";
import { policyApi, type Assignment } from "./api";

export function AssignmentBadge(props: { assignment: Assignment; groups?: ReadonlyMap<string, string> }) {
    const { scope, group, percent, state, version } = props.assignment;
    const whom =
        scope === "percent" ? `${percent} %` : scope === "group" ? (props.groups?.get(group ?? "") ?? t("policy.scope.group")) : t("policy.scope.all");
    return (
        <Badge
            tone={state === "live" ? "good" : "plain"}
            text={`${t(`policy.state.${state}`)} · ${whom}`}
            title={t(state === "live" ? "policy.live.why" : "policy.shadow.why", { n: version })}
        />
    );
}

/** The tenant of the address, else the first one; "" until it is known. */
export function useTenant(): { tenant: string; tenants: readonly string[]; list: Resource<{ items: { name: string }[] }> } {
    const wanted = useStore(place).query.get("tenant") ?? "";
    const list = useResource("tenants", (signal) => policyApi.tenants(signal));
    const tenants = (list.value?.items ?? []).map((one) => one.name);
    return { tenant: tenants.includes(wanted) ? wanted : (tenants[0] ?? ""), tenants, list };
}

/** A page of one tenant's: what stands in its place until the tenants are known, and where there is none. */
export function TenantGate(props: { title: string; children(tenant: string, tenants: readonly string[]): ComponentChildren }) {
    const { tenant, tenants, list } = useTenant();
    if (list.problem) return <ProblemNote problem={list.problem} retry={list.reload} />;
    if (!list.value) return <p class="quiet-start">{t("loading")}</p>;
    if (tenant) return <>{props.children(tenant, tenants)}</>;
    return (
        <>
            <PageHead title={props.title} />
            <Empty icon="agents" title={t("policy.no.tenant")}>
                <p>{t("policy.no.tenant.text")}</p>
            </Empty>
        </>
    );
}

/** Only where there is a choice. */
export function TenantChoice(props: { tenant: string; tenants: readonly string[]; path: string }) {
    if (props.tenants.length < 2) return null;
    return (
        <label class="field-inline">
            <span>{t("tenant")}</span>
            <select value={props.tenant} onChange={(event) => goTo(`${props.path}?${new URLSearchParams({ tenant: event.currentTarget.value })}`)}>
                <Options of={props.tenants} />
            </select>
        </label>
    );
}
