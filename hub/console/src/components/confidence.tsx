// SPDX-License-Identifier: Apache-2.0
//
// How sure the page count is, as a small circle that is filled accordingly.

import type { Job } from "../api";
import { t } from "../language";
import { Unknown } from "./unknown";

const filled = {
    exact: "M6 1a5 5 0 1 1 0 10a5 5 0 0 1 0-10z",
    declared: "M6 1a5 5 0 0 0 0 10z",
    estimated: "M6 6V1a5 5 0 0 0-5 5z",
};

export function Confidence(props: { value: Job["confidence"]; withText?: boolean }) {
    const { value } = props;
    if (!value || value === "unknown" || !(value in filled)) return <Unknown why={t("confidence.unknown.why")} />;
    return (
        <span class="confidence" title={t(`confidence.${value}.why`)}>
            <svg width="12" height="12" viewBox="0 0 12 12" aria-hidden="true">
                <circle class="confidence-ring" cx="6" cy="6" r="5" />
                <path class="confidence-full" d={filled[value]} />
            </svg>
            <span class={props.withText ? "" : "sr-only"}>{t(`confidence.${value}`)}</span>
        </span>
    );
}
