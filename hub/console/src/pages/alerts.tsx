// SPDX-License-Identifier: Apache-2.0
//
// Alerts: what is wrong now, the rules that say so, and where they send. Three views of one page; which one stands in the address.

import { useEffect, useState } from "preact/hooks";
import { ChannelsView } from "../alerts/channels";
import { alertApi, alertKinds, type Alert } from "../alerts/api";
import { RulesView } from "../alerts/rules";
import { say, whereTo } from "../alerts/words";
import { Badge } from "../components/badge";
import { Empty } from "../components/empty";
import { FormDialog } from "../components/form-dialog";
import { Link } from "../components/link";
import { PageHead } from "../components/page-head";
import { ProblemNote } from "../components/problem-note";
import { Table, type Column } from "../components/table";
import { toast } from "../components/toast";
import { number, shortTime } from "../format";
import { t } from "../language";
import { useResource } from "../resource";
import { goTo, place } from "../router";
import { holds } from "../session";
import { useStore } from "../store";

const tabs = ["alerts", "rules", "channels"] as const;
const again = 30_000;

export function Alerts() {
    const { path } = useStore(place);
    const tab = tabs.find((name) => path === `/alerts/${name}`) ?? "alerts";
    return (
        <>
            <PageHead title={t("page.alerts")}>
                <div class="segments alerts-tabs" role="group" aria-label={t("alerts.tab")}>
                    {tabs
                        .filter((name) => name !== "channels" || holds("alerts.change"))
                        .map((name) => (
                            <button key={name} type="button" aria-pressed={name === tab} onClick={() => goTo(name === "alerts" ? "/alerts" : `/alerts/${name}`)}>
                                {t(`alerts.tab.${name}`)}
                            </button>
                        ))}
                </div>
            </PageHead>
            {tab === "alerts" && <AlertList />}
            {tab === "rules" && <RulesView />}
            {tab === "channels" && <ChannelsView />}
        </>
    );
}

function AlertList() {
    const [state, setState] = useState("open");
    const [kind, setKind] = useState("");
    const [before, setBefore] = useState("");
    const [taking, setTaking] = useState<Alert | null>(null);
    const query = { state, ...(kind && { kind }), ...(before && { before }) };
    const list = useResource(JSON.stringify(query), (signal) => alertApi.list(query, signal));
    const { reload } = list;
    useEffect(() => {
        const timer = setInterval(reload, again);
        return () => clearInterval(timer);
    }, [reload]);

    const page = list.value;
    const columns: Column<Alert>[] = [
        { id: "what", title: t("alerts.col.what"), cell: (one) => <b>{say(one)}</b>, whole: say },
        { id: "where", title: t("alerts.col.subject"), cell: (one) => <Where alert={one} />, whole: (one) => one.label },
        { id: "since", title: t("alerts.col.since"), cell: (one) => shortTime(one.since) },
        { id: "state", title: t("alerts.col.state"), cell: (one) => <State alert={one} /> },
        { id: "rule", title: t("alerts.col.rule"), cell: (one) => one.rule_name ?? "", whole: (one) => one.rule_name ?? undefined },
        {
            id: "act",
            title: t("agent.act"),
            cell: (one) =>
                one.state === "open" &&
                holds("alerts.take") && (
                    <button type="button" class="button button-small" aria-label={t("alerts.take.of", { name: one.label })} onClick={() => setTaking(one)}>
                        {t("alerts.take.it")}
                    </button>
                ),
        },
    ];
    return (
        <>
            <search class="filters filters-open alerts-filters">
                <label class="field-inline">
                    <span>{t("alerts.filter.state")}</span>
                    <select value={state} onChange={(event) => (setBefore(""), setState(event.currentTarget.value))}>
                        <option value="open">{t("alerts.open")}</option>
                        <option value="closed">{t("alerts.closed")}</option>
                    </select>
                </label>
                <label class="field-inline">
                    <span>{t("alerts.filter.kind")}</span>
                    <select value={kind} onChange={(event) => (setBefore(""), setKind(event.currentTarget.value))}>
                        <option value="">{t("alerts.any")}</option>
                        {alertKinds.map((name) => (
                            <option key={name} value={name}>
                                {t(`alerts.kind.${name}`)}
                            </option>
                        ))}
                    </select>
                </label>
                {page && <p class="soft">{t("alerts.sum", { open: number(page.open), unseen: number(page.unacknowledged) })}</p>}
            </search>
            {list.problem && <ProblemNote problem={list.problem} retry={reload} />}
            {page && page.items.length === 0 && <Nothing closed={state === "closed"} />}
            {page && page.items.length > 0 && (
                <Table<Alert>
                    name="alerts"
                    label={t("page.alerts")}
                    columns={columns}
                    rows={page.items}
                    keyOf={(one) => String(one.no)}
                    sort={{ by: "", order: "desc" }}
                    onSort={() => undefined}
                    busy={list.busy && !page}
                />
            )}
            {page?.next && (
                <button type="button" class="button" onClick={() => setBefore(String(page.next))}>
                    {t("alerts.older")}
                </button>
            )}
            {taking && (
                <TakeDialog
                    alert={taking}
                    close={(done) => {
                        setTaking(null);
                        if (!done) return;
                        toast(t("alerts.taken"));
                        reload();
                    }}
                />
            )}
        </>
    );
}

/** Where nothing is wrong there may be no rule that would say so. */
function Nothing(props: { closed: boolean }) {
    const rules = useResource("rules", (signal) => alertApi.rules(signal));
    if (!rules.value) return null;
    if (rules.value.items.length === 0) {
        return (
            <Empty icon="bell" title={t("alerts.no.rules")}>
                <p>{t("alerts.no.rules.text")}</p>
                <p>
                    <Link to="/alerts/rules">{t("alerts.tab.rules")}</Link>
                </p>
            </Empty>
        );
    }
    return (
        <Empty icon="check" title={t(props.closed ? "alerts.none.closed" : "alerts.fine")}>
            <p>{t("alerts.none.text")}</p>
        </Empty>
    );
}

function Where(props: { alert: Alert }) {
    const { alert } = props;
    const to = whereTo(alert);
    return (
        <span class="alert-where">
            {to ? <Link to={to}>{alert.label}</Link> : alert.label}
            {alert.place && <small class="soft">{alert.place}</small>}
        </span>
    );
}

function State(props: { alert: Alert }) {
    const { state, acknowledged_by: by, note, flaps } = props.alert;
    return (
        <span class="alert-where">
            <Badge tone={state === "open" ? "bad" : state === "closed" ? "good" : "warn"} text={t(`alerts.state.${state}`)} />
            {by && <small class="soft">{t("alerts.taken.by", { name: by, note: note ?? "–" })}</small>}
            {flaps > 0 && <small class="soft">{t("alerts.flaps", { n: flaps })}</small>}
        </span>
    );
}

function TakeDialog(props: { alert: Alert; close(done: boolean): void }) {
    const [note, setNote] = useState("");
    async function send(): Promise<void> {
        await alertApi.take(props.alert.no, note);
        props.close(true);
    }
    return (
        <FormDialog title={t("alerts.take.of", { name: props.alert.label })} submit={t("alerts.take.it")} close={() => props.close(false)} send={send}>
            <p>{t("alerts.take.text")}</p>
            <label class="field">
                <span>{t("alerts.note")}</span>
                <input value={note} maxLength={200} onInput={(event) => setNote(event.currentTarget.value)} />
            </label>
        </FormDialog>
    );
}
