// SPDX-License-Identifier: Apache-2.0
//
// Where rules send: mail addresses and webhooks, the mail server behind them, a test for each, and what became of the last messages.

import { useState } from "preact/hooks";
import { Badge } from "../components/badge";
import { ConfirmDialog } from "../components/confirm-dialog";
import { Dialog } from "../components/dialog";
import { Empty } from "../components/empty";
import { ProblemNote } from "../components/problem-note";
import { SecretOnce } from "../components/secret-once";
import { Table, type Column } from "../components/table";
import { toast } from "../components/toast";
import { number, shortTime } from "../format";
import { t } from "../language";
import { TenantChoice, useTenant } from "../policy/state";
import { asProblem, type Problem } from "../problem";
import { useResource } from "../resource";
import { alertApi, type Channel, type Delivery } from "./api";
import { ChannelForm, MailServerForm } from "./channel-forms";

const asksAgain = 1000;
const patience = 40;

/** Until an attempt has ended: taken over, or refused in words. */
async function tryOut(channel: Channel, note: (text: string) => void): Promise<void> {
    const { key } = await alertApi.test(channel.id);
    note(t("alerts.test.waits"));
    for (let i = 0; i < patience; i++) {
        await new Promise((done) => setTimeout(done, asksAgain));
        const one = (await alertApi.deliveries(new AbortController().signal)).items.find((delivery) => delivery.key === key);
        if (!one || (one.state === "waits" && !one.reason)) continue;
        note(one.state === "sent" ? t("alerts.test.sent") : t(one.state === "waits" ? "alerts.test.again" : "alerts.test.given-up", { reason: one.reason ?? "–" }));
        return;
    }
}

function ChannelCard(props: { channel: Channel; tested(): void; remove(): void }) {
    const { channel } = props;
    const [said, setSaid] = useState("");
    const [problem, setProblem] = useState<Problem | null>(null);

    async function test(): Promise<void> {
        setProblem(null);
        try {
            await tryOut(channel, setSaid);
        } catch (error) {
            setProblem(asProblem(error));
        }
        props.tested();
    }

    return (
        <li class="card set alert-channel">
            <h2>{channel.name}</h2>
            <p>
                <Badge tone="plain" text={t(`alerts.channel.${channel.kind}`)} /> {channel.tenant}
            </p>
            <p class="soft alert-target">{channel.url ?? channel.to.join(", ")}</p>
            <p role="status">{said}</p>
            {problem && <ProblemNote problem={problem} />}
            <span class="row-acts">
                <button type="button" class="button button-small" aria-label={t("alerts.test.of", { name: channel.name })} onClick={() => void test()}>
                    {t("alerts.test")}
                </button>
                <button type="button" class="button button-small" aria-label={t("alerts.remove.of", { name: channel.name })} onClick={props.remove}>
                    {t("alerts.remove")}
                </button>
            </span>
        </li>
    );
}

export function ChannelsView() {
    const { tenant, tenants } = useTenant();
    const list = useResource("channels", (signal) => alertApi.channels(signal));
    const sent = useResource("deliveries", (signal) => alertApi.deliveries(signal));
    const [open, setOpen] = useState<"channel" | "server" | { secret: string } | { remove: Channel } | null>(null);
    const close = (done: string | false): void => {
        setOpen(null);
        if (!done) return;
        toast(done);
        list.reload();
    };

    return (
        <>
            {list.problem && <ProblemNote problem={list.problem} retry={list.reload} />}
            {list.value && (
                <div class="alerts-acts">
                    <TenantChoice tenant={tenant} tenants={tenants} path="/alerts/channels" />
                    <button type="button" class="button" onClick={() => setOpen("server")}>
                        {t("alerts.server")}
                    </button>
                    <button type="button" class="button button-primary" onClick={() => setOpen("channel")}>
                        {t("alerts.channel.new")}
                    </button>
                </div>
            )}
            {list.value && !list.value.mail_there && <p class="alerts-warn">{t("alerts.channel.no.mail")}</p>}
            {list.value?.mail_there && !list.value.mail_server && <p class="alerts-warn">{t("alerts.channel.no.server")}</p>}
            {list.value?.items.length === 0 && (
                <Empty icon="sent" title={t("alerts.channel.none")}>
                    <p>{t("alerts.channel.none.text")}</p>
                </Empty>
            )}
            <ul class="sets">
                {list.value?.items.map((one) => <ChannelCard key={one.id} channel={one} tested={sent.reload} remove={() => setOpen({ remove: one })} />)}
            </ul>
            <h2 class="alerts-sent">{t("alerts.sent")}</h2>
            {sent.value && <Messages items={sent.value.items} />}
            {open === "channel" && (
                <ChannelForm
                    tenant={tenant}
                    mail={list.value?.mail_there ?? false}
                    close={(made) => {
                        close(made ? t("alerts.channel.made", { name: made.name }) : false);
                        if (made?.secret) setOpen({ secret: made.secret });
                    }}
                />
            )}
            {open === "server" && <MailServerForm close={(saved) => close(saved && t("alerts.server.saved"))} />}
            {open && typeof open === "object" && "remove" in open && (
                <ConfirmDialog
                    title={t("alerts.remove.of", { name: open.remove.name })}
                    act={t("alerts.remove")}
                    close={(done) => close(done && t("alerts.removed", { name: open.remove.name }))}
                    run={() => alertApi.dropChannel(open.remove.id)}
                >
                    <p>{t("alerts.remove.channel")}</p>
                </ConfirmDialog>
            )}
            {open && typeof open === "object" && "secret" in open && (
                <Dialog title={t("alerts.secret")} close={() => setOpen(null)}>
                    <SecretOnce label={t("alerts.secret")} secret={open.secret} why={t("alerts.secret.text")} />
                </Dialog>
            )}
        </>
    );
}

function Messages(props: { items: readonly Delivery[] }) {
    if (props.items.length === 0) return <p class="soft">{t("alerts.sent.none")}</p>;
    const columns: Column<Delivery>[] = [
        { id: "state", title: t("alerts.col.state"), cell: (one) => <Badge tone={one.state === "sent" ? "good" : one.state === "waits" ? "warn" : "bad"} text={t(`alerts.delivery.${one.state}`)} /> },
        { id: "to", title: t("alerts.sent.to"), cell: (one) => one.target, whole: (one) => one.target },
        { id: "when", title: t("alerts.sent.when"), cell: (one) => shortTime(one.created) },
        { id: "tries", title: t("alerts.sent.tries"), kind: "number", cell: (one) => number(one.attempts) },
        { id: "reason", title: t("alerts.sent.reason"), cell: (one) => one.reason ?? "", whole: (one) => one.reason ?? undefined },
    ];
    return (
        <Table<Delivery>
            name="deliveries"
            label={t("alerts.sent")}
            columns={columns}
            rows={props.items}
            keyOf={(one) => one.key}
            sort={{ by: "", order: "desc" }}
            onSort={() => undefined}
            busy={false}
        />
    );
}
