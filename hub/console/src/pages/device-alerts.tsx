// SPDX-License-Identifier: Apache-2.0
//
// How a device is, its open alerts with what to do, and those that were.

import { useNow } from "../clock";
import { Badge } from "../components/badge";
import { Icon } from "../components/icon";
import { type Device, type DeviceAlert } from "../device";
import { fullTime, relative, shortTime } from "../format";
import { t, tWord } from "../language";
import { Card } from "./device";
import { StateBadge } from "./devices-columns";

const past = 10;

export function DeviceAlerts(props: { device: Device }) {
    const { device } = props;
    const now = useNow(15_000);
    const open = device.alerts_log.filter((alert) => alert.closed === null);
    const closed = device.alerts_log.filter((alert) => alert.closed !== null).slice(0, past);
    return (
        <Card title={t("status.title")} head={<StateBadge state={device.state} />}>
            {open.length === 0 && (
                <p class="card-empty">
                    <Icon name="check" />
                    {t("alerts.none")}
                </p>
            )}
            <ul class="alerts">
                {open.map((alert) => (
                    <li key={`${alert.opened}${alert.code}${alert.text}`}>
                        <SeverityBadge severity={alert.severity} />
                        <div>
                            <strong>{alert.text ?? alert.code}</strong>
                            {alert.remedy && <p>{alert.remedy}</p>}
                            <time dateTime={alert.opened} title={fullTime(alert.opened)}>
                                {t("alerts.since", { when: relative(alert.opened, now) })}
                            </time>
                        </div>
                    </li>
                ))}
            </ul>
            {closed.length > 0 && (
                <details class="alerts-past">
                    <summary>{t("alerts.past")}</summary>
                    <ul>
                        {closed.map((alert) => (
                            <li key={`${alert.opened}${alert.code}${alert.text}`}>
                                <span>{alert.text ?? alert.code}</span>
                                <span>{t("alerts.span", { from: shortTime(alert.opened), to: shortTime(alert.closed!) })}</span>
                            </li>
                        ))}
                    </ul>
                </details>
            )}
        </Card>
    );
}

function SeverityBadge(props: { severity: DeviceAlert["severity"] }) {
    const tone = props.severity === "critical" ? "bad" : props.severity === "warning" ? "warn" : "plain";
    return <Badge tone={tone} text={tWord("severity", props.severity ?? "other")} />;
}
