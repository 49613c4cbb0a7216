// SPDX-License-Identifier: Apache-2.0
//
// The tree of tenants: the operator, dealers, their customers, sites, groups. A tenant is made below another one; who stands above it may call it
// otherwise and put it elsewhere.

import { useState } from "preact/hooks";
import { accessApi, levels, type Level, type Tenant } from "../access/api";
import { levelWord, ofOperator } from "../access/words";
import { Badge } from "../components/badge";
import { Empty } from "../components/empty";
import { FormDialog } from "../components/form-dialog";
import { PageHead } from "../components/page-head";
import { ProblemNote } from "../components/problem-note";
import { toast } from "../components/toast";
import { date, number } from "../format";
import { t } from "../language";
import { asProblem, type Problem } from "../problem";
import { useResource } from "../resource";
import { holds } from "../session";

const top = "top";
type Place = Tenant | typeof top;

/** The levels that may stand below a place. */
const below = (place: Place): readonly Level[] => (place === top ? levels : levels.slice(levels.indexOf(place.level) + 1));

export function Tenants() {
    const list = useResource("tenants", (signal) => accessApi.tenants(signal));
    const [under, setUnder] = useState<Place | null>(null);
    const [changed, setChanged] = useState<Tenant | null>(null);
    const all = list.value?.items ?? [];
    const known = new Set(all.map((one) => one.id));
    const roots = all.filter((one) => one.parent === null || !known.has(one.parent));

    return (
        <>
            <PageHead title={t("page.tenants")}>
                {ofOperator() && holds("tenants") && (
                    <div class="head-acts">
                        <button type="button" class="button button-primary" onClick={() => setUnder(top)}>
                            {t("tenants.add")}
                        </button>
                    </div>
                )}
            </PageHead>
            <p class="lead page-lead">{t("tenants.text")}</p>
            {list.problem && <ProblemNote problem={list.problem} retry={list.reload} />}
            {!list.value && !list.problem && <p class="quiet-start">{t("loading")}</p>}
            {list.value && all.length === 0 && (
                <Empty icon="tree" title={t("tenants.none")}>
                    <p>{t("tenants.none.text")}</p>
                </Empty>
            )}
            {roots.length > 0 && <Branch tenants={roots} all={all} add={setUnder} change={setChanged} />}
            {under && (
                <TenantDialog
                    under={under}
                    close={() => setUnder(null)}
                    made={(name) => {
                        setUnder(null);
                        toast(t("tenants.made", { name }));
                        list.reload();
                    }}
                />
            )}
            {changed && (
                <ChangeDialog
                    tenant={changed}
                    all={all}
                    close={() => setChanged(null)}
                    saved={(name) => {
                        setChanged(null);
                        toast(t("tenants.saved", { name }));
                        list.reload();
                    }}
                />
            )}
        </>
    );
}

/** Who sees where it stands may say where: the operator's people, and a tenant's own people for those below it. */
const manages = (one: Tenant, all: readonly Tenant[]): boolean => holds("tenants") && (ofOperator() || all.some((other) => other.id === one.parent));

function Branch(props: { tenants: readonly Tenant[]; all: readonly Tenant[]; add(under: Place): void; change(one: Tenant): void }) {
    return (
        <ul class="tree">
            {props.tenants.map((one) => {
                const children = props.all.filter((other) => other.parent === one.id);
                return (
                    <li key={one.id}>
                        <div class="tree-row">
                            <strong>{one.name}</strong>
                            <Badge tone="plain" text={levelWord(one.level)} />
                            <span class="soft">{t("tenants.agents", { n: number(one.agents) }, one.agents)}</span>
                            <span class="soft tree-since">{t("tenants.since", { date: date(one.created) })}</span>
                            {manages(one, props.all) && (
                                <button type="button" class="button button-small" aria-label={t("tenants.change.of", { name: one.name })} onClick={() => props.change(one)}>
                                    {t("tenants.change")}
                                </button>
                            )}
                            {holds("tenants") && below(one).length > 0 && (
                                <button type="button" class="button button-small" aria-label={t("tenants.add.below", { name: one.name })} onClick={() => props.add(one)}>
                                    {t("tenants.add.short")}
                                </button>
                            )}
                        </div>
                        {children.length > 0 && <Branch tenants={children} all={props.all} add={props.add} change={props.change} />}
                    </li>
                );
            })}
        </ul>
    );
}

function TenantDialog(props: { under: Place; close(): void; made(name: string): void }) {
    const { under } = props;
    const choices = below(under);
    const [name, setName] = useState("");
    const [level, setLevel] = useState<Level>(choices.includes("customer") ? "customer" : choices[0]!);

    async function send(): Promise<void> {
        const made = await accessApi.addTenant({ name: name.trim(), level, ...(under === top ? {} : { parent: under.name }) });
        props.made(made.name);
    }

    return (
        <FormDialog title={under === top ? t("tenants.add") : t("tenants.add.under", { name: under.name })} submit={t("users.create")} close={props.close} send={send}>
            <label class="field">
                <span>{t("users.name")}</span>
                <input value={name} required maxLength={63} pattern="[^\/]+" onInput={(event) => setName(event.currentTarget.value)} />
            </label>
            <label class="field">
                <span>{t("tenants.level")}</span>
                <select value={level} onChange={(event) => setLevel(event.currentTarget.value as Level)}>
                    {choices.map((one) => (
                        <option key={one} value={one}>
                            {levelWord(one)}
                        </option>
                    ))}
                </select>
            </label>
            <p class="soft">{t("tenants.add.text")}</p>
        </FormDialog>
    );
}

function ChangeDialog(props: { tenant: Tenant; all: readonly Tenant[]; close(): void; saved(name: string): void }) {
    const { tenant, all } = props;
    const [name, setName] = useState(tenant.name);
    const [parent, setParent] = useState(tenant.parent);
    const places = all.filter((one) => below(one).includes(tenant.level));
    const moves = parent !== tenant.parent;
    const [shorter, setShorter] = useState<Problem | null>(null);

    async function send(): Promise<void> {
        const to = all.find((one) => one.id === parent)?.name ?? null;
        try {
            const saved = await accessApi.changeTenant(tenant.id, {
                ...(name.trim() !== tenant.name && { name: name.trim() }),
                ...(moves && { parent: to }),
                ...(shorter && { shorter_times: true }),
            });
            props.saved(saved.name);
        } catch (error) {
            const problem = asProblem(error);
            if (problem.type === "shorter-times") setShorter(problem);
            throw problem;
        }
    }

    return (
        <FormDialog title={t("tenants.change.of", { name: tenant.name })} submit={t("users.save")} ready={moves || name.trim() !== tenant.name} close={props.close} send={send}>
            <label class="field">
                <span>{t("users.name")}</span>
                <input value={name} required maxLength={63} pattern="[^\/]+" onInput={(event) => setName(event.currentTarget.value)} />
            </label>
            <label class="field">
                <span>{t("tenants.parent")}</span>
                <select
                    value={parent ?? ""}
                    onChange={(event) => {
                        setParent(Number(event.currentTarget.value) || null);
                        setShorter(null); // another place, another question
                    }}
                >
                    {ofOperator() && <option value="">{levelWord("operator")}</option>}
                    {places.map((one) => (
                        <option key={one.id} value={one.id}>
                            {one.name}
                        </option>
                    ))}
                </select>
            </label>
            <p class="soft">{t(moves ? "tenants.move.text" : "tenants.rename.text")}</p>
            {shorter && <ShorterTimes numbers={shorter.numbers} />}
        </FormDialog>
    );
}

/** Where it goes to less is kept: what that is, and that it is meant. */
function ShorterTimes(props: { numbers: Problem["numbers"] }) {
    const { titles_days: titles, jobs_days: jobs, readings_days: readings, below } = props.numbers;
    const days = (n: number | null | undefined): string => (n ? t("tenants.shorter.days", { n: number(n) }, n) : t("retention.ever"));
    return (
        <>
            <p>
                {t("tenants.shorter", { titles: days(titles), jobs: days(jobs), readings: days(readings) })} {below ? t("retention.below", { n: number(below) }, below) : null}
            </p>
            <label class="check">
                <input type="checkbox" required />
                <span>{t("tenants.shorter.yes")}</span>
            </label>
        </>
    );
}
