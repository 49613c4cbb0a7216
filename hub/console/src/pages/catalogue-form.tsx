// SPDX-License-Identifier: Apache-2.0
//
// One model of the catalogue as a form. A field that is empty says nothing, and is left out of the entry; the hub judges the rest.

import { useState } from "preact/hooks";
import { catalogueApi, modelName, type CatalogueModel, type CatalogueSupply } from "../catalogue";
import { FormDialog } from "../components/form-dialog";
import { number } from "../format";
import { t, tWord, type TextKey } from "../language";

const kinds = ["toner", "toner_cartridge", "ink", "ink_cartridge", "opc", "developer", "fuser", "transfer_unit", "waste_toner", "waste_ink", "cleaner_unit", "staples"];
const flags = ["color", "duplex", "a3"] as const;
const figures = [
    ["ppm", 5000],
    ["ppm_color", 5000],
    ["monthly_pages", 100_000_000],
    ["monthly_most", 100_000_000],
] as const;

/** The entry as it is typed: texts all of it. */
type Draft = Record<"make" | "model" | "names" | "source" | "introduced" | (typeof flags)[number] | (typeof figures)[number][0], string>;
type SupplyDraft = Record<"kind" | "color" | "part" | "yield" | "basis" | "slot" | "source", string>;

const blankSupply: SupplyDraft = { kind: "toner_cartridge", color: "", part: "", yield: "", basis: "", slot: "", source: "" };

const textOf = (value: string | number | undefined): string => String(value ?? "");
const flagOf = (value: boolean | undefined): string => (value === undefined ? "" : value ? "yes" : "no");

function draftOf(model: CatalogueModel): Draft {
    return {
        make: model.make,
        model: model.model,
        names: (model.names ?? []).join("\n"),
        source: model.source,
        introduced: textOf(model.introduced),
        color: flagOf(model.color),
        duplex: flagOf(model.duplex),
        a3: flagOf(model.a3),
        ppm: textOf(model.ppm),
        ppm_color: textOf(model.ppm_color),
        monthly_pages: textOf(model.monthly_pages),
        monthly_most: textOf(model.monthly_most),
    };
}

const supplyDraftOf = (one: CatalogueSupply): SupplyDraft => ({ kind: one.kind, color: textOf(one.color), part: one.part, yield: textOf(one.yield), basis: textOf(one.basis), slot: textOf(one.slot), source: textOf(one.source) });

function supplyOf(draft: SupplyDraft): CatalogueSupply {
    const supply: CatalogueSupply = { kind: draft.kind, part: draft.part.trim() };
    if (draft.yield) supply.yield = Number(draft.yield);
    for (const text of ["color", "basis", "slot", "source"] as const) if (draft[text].trim()) supply[text] = draft[text].trim();
    return supply;
}

function modelOf(draft: Draft, supplies: readonly SupplyDraft[]): CatalogueModel {
    const names = draft.names.split("\n").filter((name) => name.trim());
    const model: CatalogueModel = { make: draft.make.trim(), model: draft.model.trim(), source: draft.source.trim() };
    if (names.length) model.names = names;
    if (draft.introduced.trim()) model.introduced = draft.introduced.trim();
    for (const flag of flags) if (draft[flag]) model[flag] = draft[flag] === "yes";
    for (const [figure] of figures) if (draft[figure]) model[figure] = Number(draft[figure]);
    if (supplies.length) model.supplies = supplies.map(supplyOf);
    return model;
}

export function CatalogueForm(props: { model: CatalogueModel; was: CatalogueModel | null; on: number | null; close(said: string | null): void }) {
    const { was } = props;
    const [draft, setDraft] = useState(() => draftOf(props.model));
    const [supplies, setSupplies] = useState<SupplyDraft[]>(() => (props.model.supplies ?? []).map(supplyDraftOf));
    const put = (change: Partial<Draft>): void => setDraft({ ...draft, ...change });

    async function send(): Promise<void> {
        const model = modelOf(draft, supplies);
        const done = await catalogueApi.putModel(model, was, props.on);
        props.close(t("catalogue.saved", { name: modelName(model), n: number(done.version) }));
    }

    return (
        <FormDialog title={was ? t("catalogue.edit.of", { name: modelName(was) }) : t("catalogue.add")} submit={t("policy.save.short")} close={() => props.close(null)} send={send}>
            <div class="group-rule">
                <TextField name="catalogue.make" value={draft.make} must put={(make) => put({ make })} />
                <TextField name="catalogue.model" value={draft.model} must put={(model) => put({ model })} />
            </div>
            <label class="field">
                <span>{t("catalogue.names")}</span>
                <textarea rows={2} value={draft.names} aria-describedby="catalogue-names-text" onInput={(event) => put({ names: event.currentTarget.value })} />
                <small id="catalogue-names-text" class="soft">
                    {t("catalogue.names.text")}
                </small>
            </label>
            <TextField name="catalogue.source" value={draft.source} must most={256} put={(source) => put({ source })} />
            <div class="group-rule">
                <TextField name="catalogue.introduced" value={draft.introduced} hint={t("catalogue.introduced.hint")} put={(introduced) => put({ introduced })} />
                {flags.map((flag) => (
                    <label key={flag} class="field">
                        <span>{t(`catalogue.${flag}`)}</span>
                        <select value={draft[flag]} onChange={(event) => put({ [flag]: event.currentTarget.value })}>
                            <option value="">{t("catalogue.open")}</option>
                            <option value="yes">{t("catalogue.yes")}</option>
                            <option value="no">{t("catalogue.no")}</option>
                        </select>
                    </label>
                ))}
            </div>
            <div class="group-rule">
                {figures.map(([figure, most]) => (
                    <NumberField key={figure} name={`catalogue.${figure}`} value={draft[figure]} most={most} put={(value) => put({ [figure]: value })} />
                ))}
            </div>
            <fieldset class="catalogue-form">
                <legend>{t("catalogue.supplies")}</legend>
                {supplies.map((one, at) => (
                    <SupplyRow key={at} n={at + 1} supply={one} put={(next) => setSupplies(supplies.map((other, k) => (k === at ? next : other)))} drop={() => setSupplies(supplies.filter((_, k) => k !== at))} />
                ))}
                {supplies.length < 30 && (
                    <button type="button" class="button button-small group-add" onClick={() => setSupplies([...supplies, blankSupply])}>
                        {t("catalogue.supply.add")}
                    </button>
                )}
            </fieldset>
        </FormDialog>
    );
}

function TextField(props: { name: TextKey; value: string; must?: boolean; most?: number; hint?: string; put(value: string): void }) {
    return (
        <label class="field">
            <span>{t(props.name)}</span>
            <input value={props.value} required={props.must} maxLength={props.most ?? 128} placeholder={props.hint} onInput={(event) => props.put(event.currentTarget.value)} />
        </label>
    );
}

function NumberField(props: { name: TextKey; value: string; most: number; put(value: string): void }) {
    return (
        <label class="field">
            <span>{t(props.name)}</span>
            <input type="number" min={1} max={props.most} step={1} value={props.value} onInput={(event) => props.put(event.currentTarget.value)} />
        </label>
    );
}

function SupplyRow(props: { n: number; supply: SupplyDraft; put(supply: SupplyDraft): void; drop(): void }) {
    const { n, supply } = props;
    const put = (change: Partial<SupplyDraft>): void => props.put({ ...supply, ...change });
    const offered = kinds.includes(supply.kind) ? kinds : [supply.kind, ...kinds];
    return (
        <div class="group-rule catalogue-supply" role="group" aria-label={t("catalogue.supply", { n: number(n) })}>
            <label class="field">
                <span>{t("catalogue.kind")}</span>
                <select value={supply.kind} onChange={(event) => put({ kind: event.currentTarget.value })}>
                    {offered.map((kind) => (
                        <option key={kind} value={kind}>
                            {tWord("supplytype", kind)}
                        </option>
                    ))}
                </select>
            </label>
            <TextField name="catalogue.ink" value={supply.color} hint="black, cyan" put={(color) => put({ color })} />
            <TextField name="catalogue.part" value={supply.part} must put={(part) => put({ part })} />
            <NumberField name="catalogue.yield" value={supply.yield} most={100_000_000} put={(pages) => put({ yield: pages })} />
            <TextField name="catalogue.basis" value={supply.basis} hint="ISO/IEC 19752" put={(basis) => put({ basis })} />
            <TextField name="catalogue.slot" value={supply.slot} hint="*drum 1*" put={(slot) => put({ slot })} />
            <TextField name="catalogue.supply.source" value={supply.source} most={256} put={(source) => put({ source })} />
            <button type="button" class="button button-small" aria-label={t("catalogue.supply.drop", { n: number(n) })} onClick={props.drop}>
                {t("catalogue.remove")}
            </button>
        </div>
    );
}
