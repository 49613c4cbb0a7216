// SPDX-License-Identifier: Apache-2.0
//
// A value that nobody knows is shown as a dash that explains itself, never as 0 or as nothing.

import { number } from "../format";
import { t } from "../language";

export function Unknown(props: { why?: string }) {
    const why = props.why ?? t("unknown.number");
    return (
        <span class="unknown" title={why}>
            <span aria-hidden="true">—</span>
            <span class="sr-only">{t("unknown")}</span>
        </span>
    );
}

export function Count(props: { value: number | null | undefined }) {
    return typeof props.value === "number" ? <>{number(props.value)}</> : <Unknown />;
}

/** A text of the spooler's that may not have been given. */
export function Text(props: { value: string | null | undefined }) {
    return props.value ? <>{props.value}</> : <Unknown why={t("unknown.text")} />;
}
