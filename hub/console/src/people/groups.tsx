// SPDX-License-Identifier: Apache-2.0
//
// Groups of people, as rules and quotas name them: who is in which, by hand or by CSV. A group is written whole; without people it goes.

import { useRef, useState } from "preact/hooks";
import { ConfirmDialog } from "../components/confirm-dialog";
import { Empty } from "../components/empty";
import { FormDialog } from "../components/form-dialog";
import { Icon } from "../components/icon";
import { ProblemNote } from "../components/problem-note";
import { Table, type Column } from "../components/table";
import { toast } from "../components/toast";
import { TypedField } from "../components/typed-field";
import { readCsv, saveCsv } from "../csv";
import { number } from "../format";
import { t } from "../language";
import { asProblem, Problem } from "../problem";
import { useResource } from "../resource";
import { holds } from "../session";
import { peopleApi, type Group } from "./api";
import { groupsOfRows } from "./import";
import { ImportDialog } from "./import-dialog";

type Open = { kind: "edit"; group: string | null } | { kind: "remove"; group: Group } | { kind: "import"; groups: Map<string, string[]> };

export function GroupsView(props: { tenant: string }) {
    const { tenant } = props;
    const list = useResource(tenant, (signal) => peopleApi.groups(tenant, signal));
    const [search, setSearch] = useState("");
    const [open, setOpen] = useState<Open | null>(null);
    const [problem, setProblem] = useState<Problem | null>(null);
    const [saving, setSaving] = useState<string | null>(null);
    const file = useRef<HTMLInputElement>(null);
    const change = holds("policies.change");
    const all = list.value?.items ?? [];
    const rows = all.filter((one) => one.group.toLowerCase().includes(search.toLowerCase()));
    const done = (text: string): void => {
        toast(text);
        setOpen(null);
        list.reload();
    };

    async function load(input: HTMLInputElement): Promise<void> {
        const text = await input.files?.[0]?.text();
        input.value = "";
        if (text === undefined) return;
        const read = groupsOfRows(readCsv(text));
        setProblem(typeof read === "string" ? Problem.of(t("groups.import.bad"), read, t("groups.import.form")) : null);
        if (typeof read !== "string") setOpen({ kind: "import", groups: read });
    }

    async function save(): Promise<void> {
        try {
            const lines: string[][] = [];
            for (const [at, { group }] of all.entries()) {
                setSaving(t("groups.exporting", { n: number(at + 1), all: number(all.length) }));
                const { items } = await peopleApi.members(tenant, group, AbortSignal.timeout(30_000));
                lines.push(...items.map((person) => [group, person]));
            }
            saveCsv("groups.csv", ["group", "person"], lines);
            setProblem(null);
        } catch (error) {
            setProblem(asProblem(error));
        }
        setSaving(null);
    }

    return (
        <>
            <div class="people-acts">
                {change && (
                    <>
                        <input ref={file} type="file" accept=".csv,text/csv" class="sr-only" aria-label={t("accounts.import")} tabIndex={-1} onChange={(event) => void load(event.currentTarget)} />
                        <button type="button" class="button" onClick={() => file.current?.click()}>
                            {t("accounts.import")}
                        </button>
                    </>
                )}
                {all.length > 0 && (
                    <button type="button" class="button" disabled={saving !== null} onClick={() => void save()}>
                        {saving ?? t("accounts.export")}
                    </button>
                )}
                {change && (
                    <button type="button" class="button button-primary" onClick={() => setOpen({ kind: "edit", group: null })}>
                        {t("groups.add")}
                    </button>
                )}
            </div>
            {problem && <ProblemNote problem={problem} />}
            {list.problem && <ProblemNote problem={list.problem} retry={list.reload} />}
            {!list.value && !list.problem && <p class="quiet-start">{t("loading")}</p>}
            {list.value && all.length === 0 && (
                <Empty icon="people" title={t("groups.none")}>
                    <p>{t("groups.none.text")}</p>
                    <p>
                        <code>group,person</code>
                    </p>
                </Empty>
            )}
            {all.length > 0 && (
                <search class="filters filters-open">
                    <span class="search">
                        <Icon name="search" />
                        <TypedField label={t("groups.search")} value={search} onValue={setSearch} />
                        <kbd aria-hidden="true">/</kbd>
                    </span>
                </search>
            )}
            {all.length > 0 && rows.length === 0 && <p class="soft">{t("groups.filtered")}</p>}
            {rows.length > 0 && <GroupTable rows={rows} change={change} open={setOpen} />}
            {open?.kind === "edit" && <EditGroup tenant={tenant} group={open.group} taken={all.map((one) => one.group)} close={() => setOpen(null)} saved={(name) => done(t("groups.saved", { name }))} />}
            {open?.kind === "remove" && (
                <ConfirmDialog
                    title={t("groups.remove.of", { name: open.group.group })}
                    act={t("groups.remove")}
                    run={() => peopleApi.putGroup(tenant, open.group.group, [])}
                    close={(gone) => (gone ? done(t("groups.removed", { name: open.group.group })) : setOpen(null))}
                >
                    <p>{t("groups.remove.text", { n: number(open.group.people) }, open.group.people)}</p>
                </ConfirmDialog>
            )}
            {open?.kind === "import" && (
                <ImportDialog
                    tenant={tenant}
                    groups={open.groups}
                    close={(written) => {
                        if (written) done(t("groups.imported", { n: number(written) }, written));
                        else setOpen(null);
                    }}
                />
            )}
        </>
    );
}

function GroupTable(props: { rows: readonly Group[]; change: boolean; open(what: Open): void }) {
    const columns: Column<Group>[] = [
        { id: "group", title: t("groups.group"), cell: (one) => <strong>{one.group}</strong>, whole: (one) => one.group },
        { id: "people", title: t("groups.people"), kind: "number", cell: (one) => number(one.people) },
        {
            id: "act",
            title: t("agent.act"),
            cell: (one) => (
                <span class="row-acts">
                    <button type="button" class="button button-small" aria-label={t(props.change ? "groups.edit.of" : "groups.see.of", { name: one.group })} onClick={() => props.open({ kind: "edit", group: one.group })}>
                        {t(props.change ? "accounts.edit" : "groups.see")}
                    </button>
                    {props.change && (
                        <button type="button" class="button button-small" aria-label={t("groups.remove.of", { name: one.group })} onClick={() => props.open({ kind: "remove", group: one })}>
                            {t("groups.remove")}
                        </button>
                    )}
                </span>
            ),
        },
    ];
    return <Table<Group> name="groups" label={t("people.tab.groups")} columns={columns} rows={props.rows} keyOf={(one) => one.group} sort={{ by: "", order: "asc" }} onSort={() => undefined} busy={false} />;
}

const namesIn = (text: string): string[] => [...new Set(text.split(/[\n;]/).map((one) => one.trim()).filter(Boolean))];

function EditGroup(props: { tenant: string; group: string | null; taken: readonly string[]; close(): void; saved(name: string): void }) {
    const { tenant, group } = props;
    const members = useResource(group ?? "", async (signal) => (group ? peopleApi.members(tenant, group, signal) : { items: [] }));
    const [name, setName] = useState(group ?? "");
    const [typed, setTyped] = useState<string | null>(null);
    const change = holds("policies.change");
    const text = typed ?? members.value?.items.join("\n") ?? "";
    const people = namesIn(text);
    const twice = !group && props.taken.includes(name.trim());

    async function send(): Promise<void> {
        await peopleApi.putGroup(tenant, name.trim(), people);
        props.saved(name.trim());
    }

    return (
        <FormDialog
            title={group ? t(change ? "groups.edit.of" : "groups.see.of", { name: group }) : t("groups.add")}
            submit={t("policy.save.short")}
            ready={change && members.value !== null && name.trim() !== "" && people.length > 0 && !twice}
            close={props.close}
            send={send}
        >
            {members.problem && <ProblemNote problem={members.problem} retry={members.reload} />}
            {!group && (
                <label class="field">
                    <span>{t("groups.group")}</span>
                    <input value={name} maxLength={200} required onInput={(event) => setName(event.currentTarget.value)} />
                    <small>{t(twice ? "groups.twice" : "groups.name.hint")}</small>
                </label>
            )}
            <label class="field">
                <span>{t("groups.members", { n: number(people.length) })}</span>
                <textarea class="group-people" rows={10} spellcheck={false} readOnly={!change} value={members.value ? text : t("loading")} onInput={(event) => setTyped(event.currentTarget.value)} />
                <small>{t("groups.members.hint")}</small>
            </label>
        </FormDialog>
    );
}
