// SPDX-License-Identifier: Apache-2.0
//
// What the draft would have done to the hub's own past jobs: bars before and after, who and which queues it meets, what it saves.

import { useState } from "preact/hooks";
import { Icon } from "../components/icon";
import { ProblemNote } from "../components/problem-note";
import { number, percent } from "../format";
import { t } from "../language";
import { asProblem, type Problem } from "../problem";
import { policyApi, rulings, type BackTest, type Hits, type Ruling } from "./api";
import { tOf } from "./words";

const periods = [7, 30, 90, 365] as const;

interface TestProps {
    tenant: string;
    set: string;
    text: string;
    /** The version to compare with; 0: none was published. */
    against: number;
}

export function BackTestPanel(props: TestProps) {
    const [days, setDays] = useState<number>(30);
    const [result, setResult] = useState<{ test: BackTest; text: string } | null>(null);
    const [problem, setProblem] = useState<Problem | null>(null);
    const [busy, setBusy] = useState(false);

    async function run(): Promise<void> {
        setBusy(true);
        setProblem(null);
        const to = new Date();
        const from = new Date(to.getTime() - days * 86_400_000);
        const body = {
            text: props.text,
            from: from.toISOString(),
            to: to.toISOString(),
            east_minutes: -to.getTimezoneOffset(),
            ...(props.against && { set: props.set, against: props.against }),
        };
        try {
            const test = await policyApi.backTest(props.tenant, body, AbortSignal.timeout(60_000));
            setResult({ test, text: props.text });
        } catch (error) {
            setProblem(asProblem(error));
        }
        setBusy(false);
    }

    return (
        <section class="card back-test" aria-label={t("policy.test")}>
            <header class="card-head">
                <h2>{t("policy.test")}</h2>
                <label class="field-inline">
                    <span>{t("policy.test.period")}</span>
                    <select value={days} onChange={(event) => setDays(Number(event.currentTarget.value))}>
                        {periods.map((n) => (
                            <option key={n} value={n}>
                                {t("policy.test.days", { n })}
                            </option>
                        ))}
                    </select>
                </label>
                <button type="button" class="button" disabled={busy} onClick={() => void run()}>
                    <Icon name="overview" />
                    {t(busy ? "loading" : "policy.test.run")}
                </button>
            </header>
            {problem && <ProblemNote problem={problem} retry={() => void run()} />}
            {!result && !problem && <p class="soft">{t("policy.test.about")}</p>}
            {result && result.test.jobs === 0 && <p>{t("policy.test.empty")}</p>}
            {result && result.test.jobs > 0 && (
                <>
                    {result.text !== props.text && <p class="card-note note note-info">{t("policy.test.stale")}</p>}
                    <Result test={result.test} />
                </>
            )}
        </section>
    );
}

function Result(props: { test: BackTest }) {
    const { test } = props;
    const saved = test.after.saved;
    const figures: [string, string][] = [
        [t("policy.test.jobs"), number(test.jobs) + (test.capped ? "+" : "")],
        [t("policy.test.met"), number(test.jobs - test.after.outcomes.printed.jobs)],
        [t("policy.test.pages"), number(saved.pages)],
        [t("policy.test.color"), number(saved.color_pages)],
        [t("policy.test.sheets"), number(saved.sheets)],
        [t("policy.test.co2"), `${number(Math.round(test.after.co2_mg / 1000))} g`],
    ];
    if (test.currency && saved.cost !== null) {
        figures.splice(5, 0, [t("policy.test.cost"), `${number(Math.round(saved.cost / 10_000) / 100)} ${test.currency}`]);
    }
    return (
        <div class="test-result">
            <dl class="test-figures">
                {figures.map(([name, value]) => (
                    <div key={name}>
                        <dt>{name}</dt>
                        <dd>{value}</dd>
                    </div>
                ))}
            </dl>
            <OutcomeBars test={test} />
            <div class="test-tops">
                <Top title={t("policy.test.users")} hits={test.users} />
                <Top title={t("policy.test.queues")} hits={test.queues} />
            </div>
            {test.after.skipped > 0 && <p class="soft">{t("policy.test.skipped", { n: number(test.after.skipped) }, test.after.skipped)}</p>}
            {test.capped && <p class="soft">{t("policy.test.capped")}</p>}
        </div>
    );
}

const row = { height: 44, bar: 14 };

/** Two bars for each outcome: under the version in force, and under the draft. Without a version there is one. */
function OutcomeBars(props: { test: BackTest }) {
    const { before, after, jobs } = props.test;
    const share = (trial: typeof after | undefined, name: Ruling): number => (trial ? trial.outcomes[name].jobs / jobs : 0);
    const shown = rulings.filter((name) => share(before, name) > 0 || share(after, name) > 0);
    const words = shown.map((name) => `${tOf("policy.ruling", name)} ${number(after.outcomes[name].jobs)}`).join(", ");
    return (
        <figure class="outcomes">
            <figcaption class="outcomes-key">
                {before && (
                    <span>
                        <i class="key-before" />
                        {t("policy.test.before")}
                    </span>
                )}
                <span>
                    <i class="key-after" />
                    {t("policy.test.after")}
                </span>
            </figcaption>
            <div class="outcomes-rows">
                <ul class="outcomes-names">
                    {shown.map((name) => (
                        <li key={name}>{tOf("policy.ruling", name)}</li>
                    ))}
                </ul>
                <svg class="outcomes-drawing" height={shown.length * row.height} role="img" aria-label={words}>
                    {shown.map((name, index) => {
                        const y = index * row.height + 6;
                        return (
                            <g key={name}>
                                {before && <rect class="outcome-before" x="0" y={y} width={`${share(before, name) * 100}%`} height={row.bar} rx="2" />}
                                <rect class={`outcome-after outcome-${name}`} x="0" y={before ? y + row.bar + 2 : y + 8} width={`${share(after, name) * 100}%`} height={row.bar} rx="2" />
                            </g>
                        );
                    })}
                </svg>
                <ul class="outcomes-values">
                    {shown.map((name) => (
                        <li key={name}>
                            {before && <span>{number(before.outcomes[name].jobs)}</span>}
                            <span>
                                {number(after.outcomes[name].jobs)} <small>{percent(share(after, name))}</small>
                            </span>
                        </li>
                    ))}
                </ul>
            </div>
        </figure>
    );
}

function Top(props: { title: string; hits: readonly Hits[] }) {
    const most = Math.max(1, ...props.hits.map((one) => one.jobs));
    return (
        <section class="top">
            <h3>{props.title}</h3>
            {props.hits.length === 0 && <p class="soft">{t("policy.test.nobody")}</p>}
            <ol>
                {props.hits.slice(0, 6).map((one) => (
                    <li key={one.name}>
                        <span class="top-name" title={one.name}>
                            {one.name}
                        </span>
                        <svg class="top-bar" height="8" aria-hidden="true">
                            <rect class="bar-value" x="0" y="0" width={`${(one.jobs / most) * 100}%`} height="8" rx="2" />
                        </svg>
                        <span class="top-count">{number(one.jobs)}</span>
                    </li>
                ))}
            </ol>
        </section>
    );
}
