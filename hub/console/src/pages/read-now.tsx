// SPDX-License-Identifier: Apache-2.0
//
// "Read now", for a device and for an agent: the button, and what became of it in words. It never says that something was read
// before the agent has said so.

import { useState } from "preact/hooks";
import type { Agent } from "../api";
import { useNow } from "../clock";
import { Dialog } from "../components/dialog";
import { ProblemNote } from "../components/problem-note";
import type { Device } from "../device";
import { number, relative, shortTime } from "../format";
import { t, type TextKey } from "../language";
import { asProblem, type Problem } from "../problem";
import { agentReads, askAgent, askDevice, deviceReads, isOpen, useReads, type ReadOrder, type ReadOrders, type ReadWhat } from "../read-now";
import { holds } from "../session";

/** An agent that is there takes an order within a second or two. */
const patience = 8000;

function wordsOf(order: ReadOrder, now: number): string {
    if (order.state === "asked")
        return now - Date.parse(order.asked) < patience || !order.until ? t("readnow.asked") : t("readnow.away", { until: shortTime(order.until) });
    if (order.state === "reading") return t("readnow.reading");
    const when = relative(order.changed, now);
    if (order.state === "done") return t("readnow.done", { count: number(order.printers ?? 0), when }, order.printers ?? 0);
    return t(`readnow.${order.state}` as TextKey, { when });
}

const tones: Partial<Record<ReadOrder["state"], string>> = { done: "good", failed: "bad", expired: "bad", lost: "bad", asked: "open", reading: "open" };

function Orders(props: { orders: ReadOrders; machines: boolean }) {
    const now = useNow(1000);
    return (
        <div role="status">
            <ul class="reads">
                {props.orders.items.map((order) => (
                    <li key={`${order.agent} ${order.what}`} class={`read read-${tones[order.state] ?? "plain"}`}>
                        <span class="read-what">
                            {t(`readnow.${order.what}`)}
                            {props.machines && `, ${order.machine ?? order.agent}`}
                        </span>
                        <span>{wordsOf(order, now)}</span>
                        {order.reason && <span class="read-why">{order.reason}</span>}
                    </li>
                ))}
            </ul>
        </div>
    );
}

/** In a device's head: the button. */
export function DeviceReadNow(props: { device: Device; asked(): void }) {
    const [busy, setBusy] = useState(false);
    const [problem, setProblem] = useState<Problem | null>(null);

    async function ask(): Promise<void> {
        setBusy(true);
        setProblem(null);
        try {
            await askDevice(props.device.no);
            props.asked();
        } catch (error) {
            setProblem(asProblem(error));
        }
        setBusy(false);
    }

    return (
        <>
            {holds("devices.change") && (
                <button type="button" class="button button-small button-primary" title={t("readnow.title")} disabled={busy} onClick={() => void ask()}>
                    {t("readnow")}
                </button>
            )}
            {problem && <ProblemNote problem={problem} />}
        </>
    );
}

/** Below it: what became of it. `turn` changes when somebody has asked. */
export function DeviceReads(props: { device: Device; turn: number }) {
    const reads = useReads(deviceReads(props.device.no), props.turn);
    return reads.value && reads.value.items.length > 0 ? <Orders orders={reads.value} machines /> : null;
}

const choices: readonly ReadWhat[] = ["all", "usb", "net"];

/** An agent has no page of its own: the dialog asks, and stays to show what comes of it. */
export function ReadNowDialog(props: { agent: Agent; close(): void }) {
    const { agent } = props;
    const [what, setWhat] = useState<ReadWhat>("all");
    const [turn, setTurn] = useState(0);
    const [problem, setProblem] = useState<Problem | null>(null);
    const reads = useReads(agentReads(agent.id), turn);
    const open = reads.value?.items.some(isOpen) ?? false;

    async function ask(event: Event): Promise<void> {
        event.preventDefault();
        setProblem(null);
        try {
            await askAgent(agent.id, what);
            setTurn((n) => n + 1);
        } catch (error) {
            setProblem(asProblem(error));
        }
    }

    return (
        <Dialog title={t("readnow.dialog", { machine: agent.machine })} close={props.close}>
            <form class="publish" onSubmit={(event) => void ask(event)}>
                {problem && <ProblemNote problem={problem} />}
                <p>{t("readnow.text")}</p>
                <label class="field">
                    <span>{t("readnow.what")}</span>
                    <select value={what} onChange={(event) => setWhat(event.currentTarget.value as ReadWhat)}>
                        {choices.map((one) => (
                            <option key={one} value={one}>
                                {t(`readnow.${one}`)}
                            </option>
                        ))}
                    </select>
                </label>
                {reads.value && reads.value.items.length > 0 && <Orders orders={reads.value} machines={false} />}
                <footer class="dialog-acts">
                    <button type="button" class="button" onClick={props.close}>
                        {t("close")}
                    </button>
                    <button type="submit" class="button button-primary" disabled={open}>
                        {t("readnow")}
                    </button>
                </footer>
            </form>
        </Dialog>
    );
}
