// SPDX-License-Identifier: Apache-2.0
//
// What one job would cost by the list as it stands on the page. The hub's engine does the sum; here are only the job's facts.

import { Count } from "../policy/condition-row";
import { EditField } from "../policy/edit-field";
import { date } from "../format";
import { locale, t } from "../language";
import type { Settled } from "../settled";
import type { PriceCheck } from "./api";
import { readList, tableOn, today } from "./model";

export interface Job {
    pages: number;
    copies: number;
    color: number;
    duplex: boolean;
    paper: string;
    queue: string;
    device: string;
    model: string;
    date: string;
}

export const firstJob = (): Job => ({ pages: 10, copies: 1, color: 10, duplex: true, paper: "A4", queue: "", device: "", model: "", date: today() });

/** The job's facts in words. */
export function factsOf(job: Job): Record<string, string> {
    const sheets = job.copies * (job.duplex ? Math.ceil(job.pages / 2) : job.pages);
    const names = Object.entries({ paper: job.paper, queue: job.queue, device: job.device, model: job.model, date: job.date }).filter(([, value]) => value);
    return {
        ...Object.fromEntries(names),
        pages: String(job.pages),
        copies: String(job.copies),
        color_pages: String(Math.min(job.color, job.pages)),
        sheets: String(sheets),
        duplex: job.duplex ? "long" : "none",
    };
}

/** Millionths as money: as many digits as there are, two at least. */
export function money(millionths: number, currency: string | null): string {
    const text = new Intl.NumberFormat(locale(), { minimumFractionDigits: 2, maximumFractionDigits: 6 }).format(millionths / 1_000_000);
    return currency ? `${text} ${currency}` : text;
}

export function Trial(props: { text: string; job: Job; change(job: Job): void; check: Settled<PriceCheck> }) {
    const { job } = props;
    const put = (part: Partial<Job>): void => props.change({ ...job, ...part });
    const numbers = ["pages", "copies", "color"] as const;
    const names = ["paper", "queue", "device", "model"] as const;
    return (
        <section class="card trial" aria-label={t("prices.trial")}>
            <header class="card-head">
                <h2>{t("prices.trial")}</h2>
            </header>
            <div class="trial-job">
                {numbers.map((name) => (
                    <label key={name} class="field">
                        <span>{t(`prices.job.${name}`)}</span>
                        <Count label={t(`prices.job.${name}`)} value={job[name]} set={(value) => put({ [name]: Math.min(1_000_000, Number(value)) })} />
                    </label>
                ))}
                {names.map((name) => (
                    <label key={name} class="field">
                        <span>{t(`prices.${name}`)}</span>
                        <EditField value={job[name]} maxLength={200} commit={(text) => put({ [name]: text.trim() })} />
                    </label>
                ))}
                <label class="field">
                    <span>{t("prices.job.date")}</span>
                    <input type="date" value={job.date} onChange={(event) => event.currentTarget.value && put({ date: event.currentTarget.value })} />
                </label>
                <label class="check">
                    <input type="checkbox" checked={job.duplex} onChange={(event) => put({ duplex: event.currentTarget.checked })} />
                    {t("prices.job.duplex")}
                </label>
            </div>
            <Result {...props} />
        </section>
    );
}

function Result(props: { text: string; job: Job; check: Settled<PriceCheck> }) {
    const { value, current } = props.check;
    const list = readList(props.text);
    const table = list?.tables[tableOn(list, props.job.date)];
    const price = value?.price;
    return (
        <p class={current ? "trial-result" : "trial-result trial-wait"} role="status">
            {!price ? (
                t(value && !value.compiles ? "prices.trial.bad" : "loading")
            ) : price.cost === null ? (
                <span lang="en">{price.why}</span>
            ) : (
                <>
                    <strong>{money(price.cost, value.currency)}</strong>
                    <span>{t("prices.trial.by", { row: price.row ?? "", day: table ? date(table.from) : "" })}</span>
                </>
            )}
        </p>
    );
}
