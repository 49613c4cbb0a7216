// SPDX-License-Identifier: Apache-2.0
//
// The price lists there were: who saved which when, from which day it differs, how, and the way back, which is a further version.

import { useState } from "preact/hooks";
import { Badge } from "../components/badge";
import { ConfirmDialog } from "../components/confirm-dialog";
import { DiffLines } from "../components/diff-lines";
import { ProblemNote } from "../components/problem-note";
import { toast } from "../components/toast";
import { date, fullTime } from "../format";
import { t } from "../language";
import { useResource } from "../resource";
import { holds } from "../session";
import { priceApi, type PriceVersion } from "./api";

export function PriceHistory(props: { tenant: string; latest: number; reload(): void }) {
    const [below, setBelow] = useState<number[]>([]); // the page's upper end, behind those of the pages before it
    const list = useResource(`${props.tenant} ${props.latest} ${below.at(-1) ?? ""}`, (signal) => priceApi.versions(props.tenant, below.at(-1) ?? null, signal));
    const [opened, setOpened] = useState<number | null>(null);
    const [back, setBack] = useState<PriceVersion | null>(null);
    if (list.problem) return <ProblemNote problem={list.problem} retry={list.reload} />;
    if (!list.value) return <p class="soft">{t("loading")}</p>;
    const { items, next } = list.value;
    return (
        <section class="price-history">
            <h2>{t("prices.history")}</h2>
            <p class="soft">{t("prices.history.text")}</p>
            <ol class="versions">
                {items.map((one) => (
                    <li key={one.version} class="card version">
                        <header class="version-head">
                            <h3>{t("policy.version", { n: one.version })}</h3>
                            {!one.until && <Badge tone="good" text={t("prices.now")} />}
                            <span class="version-who">
                                {one.author} · <time dateTime={one.created}>{fullTime(one.created)}</time>
                            </span>
                        </header>
                        <p class="version-note">
                            {one.from && <em>{t("policy.version.from", { n: one.from })} </em>}
                            {one.since && t("prices.history.since", { day: date(one.since) })} {one.until && t("prices.history.until", { time: fullTime(one.until) })} {one.note}
                        </p>
                        <div class="version-acts">
                            <button type="button" class="button button-small" aria-expanded={opened === one.version} onClick={() => setOpened(opened === one.version ? null : one.version)}>
                                {t("policy.version.diff")}
                            </button>
                            {one.until && holds("policies.change") && (
                                <button type="button" class="button button-small" onClick={() => setBack(one)}>
                                    {t("policy.rollback")}
                                </button>
                            )}
                        </div>
                        {opened === one.version && <Difference tenant={props.tenant} version={one.version} />}
                    </li>
                ))}
            </ol>
            <div class="price-acts">
                {below.length > 0 && (
                    <button type="button" class="button" onClick={() => setBelow(below.slice(0, -1))}>
                        {t("prices.history.newer")}
                    </button>
                )}
                {next && (
                    <button type="button" class="button" onClick={() => setBelow([...below, next])}>
                        {t("prices.history.older")}
                    </button>
                )}
            </div>
            {back && (
                <ConfirmDialog
                    title={t("prices.back.of", { n: back.version })}
                    act={t("policy.rollback")}
                    mild
                    run={() => priceApi.back(props.tenant, back.version, props.latest)}
                    close={(done) => {
                        setBack(null);
                        if (!done) return;
                        toast(t("prices.saved"));
                        props.reload();
                    }}
                >
                    <p>{t("prices.back.text")}</p>
                </ConfirmDialog>
            )}
        </section>
    );
}

function Difference(props: { tenant: string; version: number }) {
    const texts = useResource(`${props.tenant} ${props.version}`, async (signal) => {
        const get = (n: number): Promise<string> => priceApi.version(props.tenant, n, signal).then((reply) => reply.text);
        return { own: await get(props.version), before: props.version > 1 ? await get(props.version - 1) : "" };
    });
    if (texts.problem) return <ProblemNote problem={texts.problem} retry={texts.reload} />;
    if (!texts.value) return <p class="soft">{t("loading")}</p>;
    return <DiffLines before={texts.value.before} after={texts.value.own} />;
}
