// SPDX-License-Identifier: Apache-2.0
//
// Groups of devices: the cards of them, and the form behind each. Who is in a group the hub finds out each time; the page asks it and reckons nothing.

import { useState } from "preact/hooks";
import { api } from "../api";
import { ConfirmDialog } from "../components/confirm-dialog";
import { Empty } from "../components/empty";
import { FormDialog } from "../components/form-dialog";
import { Link } from "../components/link";
import { Options } from "../components/options";
import { PageHead } from "../components/page-head";
import { ProblemNote } from "../components/problem-note";
import { toast } from "../components/toast";
import { TypedField } from "../components/typed-field";
import { groupApi, memberName, useDeviceGroups, type DeviceGroup, type GroupDetails, type GroupMember, type GroupRule } from "../device-groups";
import { number } from "../format";
import { t } from "../language";
import { TenantChoice, useTenant } from "../policy/state";
import { useResource } from "../resource";
import { holds } from "../session";

type Open = { kind: "new" } | { kind: "edit"; group: DeviceGroup } | { kind: "remove"; group: DeviceGroup };

export function DeviceGroups() {
    const list = useDeviceGroups();
    const { tenant, tenants } = useTenant();
    const [open, setOpen] = useState<Open | null>(null);
    const change = holds("devices.change");
    const groups = list.value?.items ?? [];

    function saved(name: string | null): void {
        setOpen(null);
        if (!name) return;
        toast(t("devicegroups.saved", { name }));
        list.reload();
    }

    return (
        <>
            <PageHead title={t("page.groups")}>
                {change && list.value && (
                    <div class="head-acts">
                        <TenantChoice tenant={tenant} tenants={tenants} path="/device-groups" />
                        <button type="button" class="button button-primary" onClick={() => setOpen({ kind: "new" })}>
                            {t("devicegroups.new")}
                        </button>
                    </div>
                )}
            </PageHead>
            <p class="crumbs">
                <Link to="/devices">{t("device.back")}</Link>
            </p>
            <p class="lead page-lead">{t("devicegroups.text")}</p>
            {list.problem && <ProblemNote problem={list.problem} retry={list.reload} />}
            {!list.value && !list.problem && <p class="quiet-start">{t("loading")}</p>}
            {list.value && groups.length === 0 && (
                <Empty icon="printer" title={t("devicegroups.none")}>
                    <p>{t("devicegroups.none.text")}</p>
                </Empty>
            )}
            <ul class="sets">
                {groups.map((group) => (
                    <GroupCard key={group.id} group={group} change={change} open={(kind) => setOpen({ kind, group })} />
                ))}
            </ul>
            {open?.kind === "new" && <GroupForm tenant={tenant} group={null} close={saved} />}
            {open?.kind === "edit" && <LoadedForm id={open.group.id} close={saved} />}
            {open?.kind === "remove" && (
                <ConfirmDialog
                    title={t("devicegroups.remove.of", { name: open.group.name })}
                    act={t("devicegroups.remove")}
                    run={() => groupApi.drop(open.group.id)}
                    close={(done) => {
                        setOpen(null);
                        if (!done) return;
                        toast(t("devicegroups.removed", { name: open.group.name }));
                        list.reload();
                    }}
                >
                    <p>{t("devicegroups.remove.text")}</p>
                </ConfirmDialog>
            )}
        </>
    );
}

function GroupCard(props: { group: DeviceGroup; change: boolean; open(kind: "edit" | "remove"): void }) {
    const { group } = props;
    const parts = { rules: t("devicegroups.rules.n", { n: number(group.rules) }, group.rules), devices: t("devicegroups.devices.n", { n: number(group.devices) }) };
    return (
        <li class="card set">
            <h2>{group.name}</h2>
            <p class="soft">
                {group.tenant} · {t("devicegroups.sum", parts)}
            </p>
            <p>
                <Link to={`/devices?${new URLSearchParams({ group: group.id })}`} title={t("devicegroups.show.of", { name: group.name })}>
                    {t("devicegroups.show")}
                </Link>
            </p>
            {props.change && (
                <span class="row-acts">
                    <button type="button" class="button button-small" aria-label={t("devicegroups.edit.of", { name: group.name })} onClick={() => props.open("edit")}>
                        {t("devicegroups.edit")}
                    </button>
                    <button type="button" class="button button-small" aria-label={t("devicegroups.remove.of", { name: group.name })} onClick={() => props.open("remove")}>
                        {t("devicegroups.remove")}
                    </button>
                </span>
            )}
        </li>
    );
}

function LoadedForm(props: { id: string; close(saved: string | null): void }) {
    const group = useResource(props.id, (signal) => groupApi.one(props.id, signal));
    if (group.problem) return <ProblemNote problem={group.problem} retry={group.reload} />;
    return group.value && <GroupForm tenant={group.value.tenant} group={group.value} close={props.close} />;
}

const blank: GroupRule = { model: "", name: "", location: "", site: "" };

function GroupForm(props: { tenant: string; group: GroupDetails | null; close(saved: string | null): void }) {
    const { group } = props;
    const told = (rule: GroupDetails["rules"][number]): GroupRule => ({ model: rule.model ?? "", name: rule.name ?? "", location: rule.location ?? "", site: rule.site ?? "" });
    const [name, setName] = useState(group?.name ?? "");
    const [rules, setRules] = useState<GroupRule[]>(group ? group.rules.map(told) : [blank]);
    const [members, setMembers] = useState<readonly GroupMember[]>(group?.devices ?? []);

    async function send(): Promise<void> {
        const said = rules.filter((rule) => Object.values(rule).some(Boolean));
        const body = { name: name.trim(), rules: said, devices: members.map((one) => one.no) };
        if (group) await groupApi.put(group.id, body);
        else await groupApi.make(props.tenant, body);
        props.close(body.name);
    }

    return (
        <FormDialog title={group ? t("devicegroups.edit.of", { name: group.name }) : t("devicegroups.new")} submit={t("policy.save.short")} close={() => props.close(null)} send={send}>
            <label class="field">
                <span>{t("devicegroups.name")}</span>
                <input value={name} required maxLength={120} onInput={(event) => setName(event.currentTarget.value)} />
            </label>
            <fieldset>
                <legend>{t("devicegroups.rules")}</legend>
                <p class="soft">{t("devicegroups.rules.text")}</p>
                {rules.map((rule, at) => (
                    <RuleRow key={at} n={at + 1} rule={rule} put={(next) => setRules(rules.map((one, k) => (k === at ? next : one)))} drop={() => setRules(rules.filter((_, k) => k !== at))} />
                ))}
                {rules.length < 20 && (
                    <button type="button" class="button button-small group-add" onClick={() => setRules([...rules, blank])}>
                        {t("devicegroups.rule.add")}
                    </button>
                )}
            </fieldset>
            <fieldset>
                <legend>{t("devicegroups.hand")}</legend>
                <Members members={members} change={setMembers} />
            </fieldset>
        </FormDialog>
    );
}

function RuleRow(props: { n: number; rule: GroupRule; put(rule: GroupRule): void; drop(): void }) {
    const { rule, put } = props;
    const { tenants } = useTenant();
    const fields = [
        ["model", "devicegroups.model"],
        ["name", "device.name"],
        ["location", "devicegroups.location"],
    ] as const;
    return (
        <div class="group-rule" role="group" aria-label={t("devicegroups.rule", { n: props.n })}>
            {fields.map(([field, text]) => (
                <label key={field} class="field">
                    <span>{t(text)}</span>
                    <input value={rule[field]} maxLength={120} placeholder={field === "model" ? t("devicegroups.model.hint") : "*"} onInput={(event) => put({ ...rule, [field]: event.currentTarget.value })} />
                </label>
            ))}
            {(tenants.length > 1 || rule.site) && (
                <label class="field">
                    <span>{t("devicegroups.site")}</span>
                    <select value={rule.site} onChange={(event) => put({ ...rule, site: event.currentTarget.value })}>
                        <option value="">{t("devicegroups.site.any")}</option>
                        <Options of={tenants} />
                    </select>
                </label>
            )}
            <button type="button" class="button button-small" aria-label={t("devicegroups.rule.remove", { n: props.n })} onClick={props.drop}>
                {t("devicegroups.remove")}
            </button>
        </div>
    );
}

/** Those that are in it by hand, and the search that finds more of them. */
function Members(props: { members: readonly GroupMember[]; change(members: readonly GroupMember[]): void }) {
    const { members, change } = props;
    const [search, setSearch] = useState("");
    const found = useResource(search, (signal) => (search ? api.devices(`${new URLSearchParams({ q: search, limit: "8" })}`, signal) : Promise.resolve(null)));
    const more = (found.value?.items ?? []).filter((device) => members.every((one) => one.no !== device.no));
    return (
        <>
            <ul class="group-members">
                {members.map((one) => (
                    <li key={one.no}>
                        <span>
                            {memberName(one)} <small class="soft">{one.merged_into ? t("devicegroups.hand.merged", { no: one.merged_into }) : one.tenant}</small>
                        </span>
                        <button type="button" class="button button-small" aria-label={t("devicegroups.hand.drop", { name: memberName(one) })} onClick={() => change(members.filter((other) => other !== one))}>
                            {t("devicegroups.hand.drop.short")}
                        </button>
                    </li>
                ))}
            </ul>
            <TypedField label={t("devicegroups.hand.find")} value={search} onValue={setSearch} />
            {search && found.value && more.length === 0 && <p class="soft">{t("devicegroups.hand.none")}</p>}
            <ul class="group-members">
                {search &&
                    more.map((device) => {
                        const one: GroupMember = { no: device.no, tenant: device.tenant, name: device.name, make: device.make, model: device.model, merged_into: null };
                        return (
                            <li key={one.no}>
                                <span>
                                    {memberName(one)} <small class="soft">{one.tenant}</small>
                                </span>
                                <button type="button" class="button button-small" aria-label={t("devicegroups.hand.add", { name: memberName(one) })} onClick={() => change([...members, one])}>
                                    +
                                </button>
                            </li>
                        );
                    })}
            </ul>
        </>
    );
}
