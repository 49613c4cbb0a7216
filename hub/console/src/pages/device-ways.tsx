// SPDX-License-Identifier: Apache-2.0
//
// How a device is reached: over which agent, how the last try went, and the way to say that it is not this printer.

import { useState } from "preact/hooks";
import { api } from "../api";
import { useNow } from "../clock";
import { Badge } from "../components/badge";
import { ConfirmDialog } from "../components/confirm-dialog";
import { toast } from "../components/toast";
import type { Device, Way } from "../device";
import { relative } from "../format";
import { t, tWord } from "../language";
import { goTo } from "../router";
import { holds } from "../session";
import { Card } from "./device";
import { Seen } from "./devices-columns";

export function DeviceWays(props: { device: Device; reload(): void }) {
    const now = useNow(15_000);
    const [parting, setParting] = useState<Way | null>(null);
    const { ways } = props.device;
    return (
        <Card title={t("ways.title")}>
            <ul class="ways">
                {ways.map((way) => (
                    <li key={way.way} class={way.ended ? "way way-ended" : "way"}>
                        <p class="way-head">
                            <strong>{tWord("ways.via", way.via)}</strong>
                            <span>{way.address ?? way.key}</span>
                            <Badge tone={["read", "partly"].includes(way.outcome) ? "plain" : "warn"} text={tWord("wayoutcome", way.outcome)} title={way.why ?? undefined} />
                            {way.pinned && <Badge tone="plain" text={t("ways.pinned")} title={t("ways.pinned.why")} />}
                        </p>
                        <p class="way-foot">
                            <span>{t("ways.by", { machine: way.machine ?? way.agent })}</span>
                            <span>{way.ended ? t("ways.ended", { when: relative(way.ended, now) }) : <Seen instant={way.last_seen} now={now} />}</span>
                            {way.why && <span>{way.why}</span>}
                            {ways.length > 1 && holds("devices.change") && (
                                <button type="button" class="button button-small" aria-label={t("split.of", { key: way.address ?? way.key })} onClick={() => setParting(way)}>
                                    {t("split")}
                                </button>
                            )}
                        </p>
                    </li>
                ))}
            </ul>
            {parting && (
                <SplitDialog
                    device={props.device}
                    way={parting}
                    close={(done) => {
                        setParting(null);
                        if (done) props.reload();
                    }}
                />
            )}
        </Card>
    );
}

function SplitDialog(props: { device: Device; way: Way; close(done: boolean): void }) {
    async function part(): Promise<void> {
        const { no } = await api.splitDevice(props.device.no, [props.way.way]);
        toast(t("split.done", { no }));
        goTo(`/devices/${no}`);
    }

    return (
        <ConfirmDialog title={t("split.title")} act={t("split.do")} mild close={props.close} run={part}>
            <p>
                <strong>{tWord("ways.via", props.way.via)}</strong> {props.way.address ?? props.way.key}, {t("ways.by", { machine: props.way.machine ?? props.way.agent })}
            </p>
            <p>{t("split.text")}</p>
        </ConfirmDialog>
    );
}
