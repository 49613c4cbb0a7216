// SPDX-License-Identifier: Apache-2.0
//
// The rows of one price table. The first one that fits a job prices it, so their order is part of what they say.

import { Badge } from "../components/badge";
import { Icon } from "../components/icon";
import { Table, type Column } from "../components/table";
import { t } from "../language";
import { EditField } from "../policy/edit-field";
import { amounts, choosers, having, patternsOf, patternsText, type PriceRow, type PriceTable } from "./model";

interface RowsProps {
    table: PriceTable;
    /** The row that the check complains of. */
    wrong: number;
    set(table: PriceTable): void;
}

export function PriceRows(props: RowsProps) {
    const { table } = props;
    const put = (rows: PriceRow[]): void => props.set({ ...table, rows });
    const at = (row: PriceRow): number => table.rows.indexOf(row);
    const replace = (row: PriceRow, next: PriceRow): void => put(table.rows.map((old) => (old === row ? next : old)));
    const field = (row: PriceRow, title: string, value: string, commit: (text: string) => void, kind?: "decimal") => (
        <EditField value={value} label={`${title}, ${row.id}`} maxLength={200} commit={commit} {...(kind && { kind })} />
    );

    const columns: Column<PriceRow>[] = [
        {
            id: "id",
            title: t("prices.row"),
            cell: (row) => (
                <>
                    {field(row, t("prices.row"), row.id, (text) => text.trim() && replace(row, { ...row, id: text.trim() }))}
                    {at(row) === props.wrong && <Badge tone="bad" text={t("policy.rule.wrong")} />}
                </>
            ),
        },
        ...choosers.map((name): Column<PriceRow> => ({
            id: name,
            title: t(`prices.${name}`),
            hint: t("prices.pattern.hint"),
            cell: (row) => field(row, t(`prices.${name}`), patternsText(row[name]), (text) => replace(row, having(row, name, patternsOf(text)))),
        })),
        ...amounts.map((name): Column<PriceRow> => ({
            id: name,
            title: t(`prices.${name}`),
            hint: t(`prices.${name}.hint`),
            kind: "number",
            cell: (row) =>
                field(row, t(`prices.${name}`), String(row[name] ?? ""), (text) => replace(row, having(row, name, text.trim().replace(",", ".") || (name === "mono_page" ? "0" : ""))), "decimal"),
        })),
        {
            id: "discount",
            title: t("prices.discount"),
            hint: t("prices.discount.hint"),
            kind: "number",
            cell: (row) =>
                field(row, t("prices.discount"), String(row.duplex_discount ?? ""), (text) => {
                    const percent = text.trim().replace("%", "").trim();
                    if (/^\d*$/.test(percent)) replace(row, having(row, "duplex_discount", percent && Number(percent)));
                }),
        },
        { id: "act", title: t("agent.act"), cell: (row) => <RowActs rows={table.rows} at={at(row)} put={put} /> },
    ];
    return (
        <>
            {table.rows.length === 0 && <p class="note note-info">{t("prices.rows.none")}</p>}
            {table.rows.length > 0 && (
                <Table<PriceRow> name="prices" label={t("prices.rows")} columns={columns} rows={table.rows} keyOf={(row) => String(at(row))} sort={{ by: "", order: "asc" }} onSort={() => undefined} busy={false} />
            )}
        </>
    );
}

function RowActs(props: { rows: PriceRow[]; at: number; put(rows: PriceRow[]): void }) {
    const { rows, at } = props;
    const move = (to: number): void => {
        const next = rows.filter((_, index) => index !== at);
        next.splice(to, 0, rows[at]!);
        props.put(next);
    };
    const row = rows[at]!.id;
    const acts = [
        { icon: "up", text: t("prices.row.up", { row }), off: at === 0, run: () => move(at - 1) },
        { icon: "down", text: t("prices.row.down", { row }), off: at === rows.length - 1, run: () => move(at + 1) },
        { icon: "close", text: t("prices.row.remove", { row }), off: false, run: () => props.put(rows.filter((_, index) => index !== at)) },
    ] as const;
    return (
        <span class="rule-acts">
            {acts.map(({ icon, text, off, run }) => (
                <button key={icon} type="button" class="button button-icon" disabled={off} aria-label={text} title={text} onClick={run}>
                    <Icon name={icon} />
                </button>
            ))}
        </span>
    );
}
