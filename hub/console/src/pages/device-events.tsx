// SPDX-License-Identifier: Apache-2.0
//
// What happened to a device, the newest first, in words of the chosen language.

import { Link } from "../components/link";
import { meterName, type Device, type DeviceEvent } from "../device";
import { fullTime, number, shortTime } from "../format";
import { t, tWord, type TextKey } from "../language";
import { texts } from "../i18n";
import { Card } from "./device";

const warns = new Set(["contradiction", "exchanged", "meter_reset", "meter_doubt", "replaced_early", "silent", "gone", "board"]);

export function DeviceEvents(props: { device: Device }) {
    return (
        <Card title={t("events.title")}>
            <ol class="device-events">
                {props.device.events.map((event, index) => (
                    <li key={index} class={warns.has(event.kind) ? "device-event-warn" : ""}>
                        <time dateTime={event.at} title={fullTime(event.at)}>
                            {shortTime(event.at)}
                        </time>
                        <span>
                            {wordsOf(event)}
                            {event.other !== null && (
                                <>
                                    {" "}
                                    <Link to={`/devices/${event.other}`} class="device-event-other">
                                        {t("device.unnamed", { no: event.other })}
                                    </Link>
                                </>
                            )}
                        </span>
                    </li>
                ))}
            </ol>
        </Card>
    );
}

/** A kind that only a newer hub knows is shown as it came. */
function wordsOf(event: DeviceEvent): string {
    const key = `devevent.${event.kind}`;
    if (!(key in texts)) return event.kind;
    const { detail } = event;
    const parameters: Record<string, string | number> = { other: event.other ?? "" };
    for (const [name, value] of Object.entries(detail)) parameters[name] = typeof value === "number" ? number(value) : (value ?? "");
    if (typeof detail["via"] === "string") parameters["via"] = tWord("devvia", detail["via"]);
    if (typeof detail["by"] === "string") parameters["by"] = tWord("devby", detail["by"]);
    if (typeof detail["meter"] === "string") parameters["meter"] = meterName(detail["meter"]);
    parameters["who"] = (typeof detail["who"] === "string" && detail["who"]) || (parameters["by"] ?? "");
    return t(key as TextKey, parameters);
}
