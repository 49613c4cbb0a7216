// SPDX-License-Identifier: Apache-2.0
//
// How much of a quota is used: what was printed, and what agents hold for jobs to come. The same stands beside it in figures.

import { t } from "../language";
import type { QuotaUse } from "./api";
import { shareOf } from "./words";

export function QuotaMeter(props: { use: QuotaUse }) {
    const { use } = props;
    const whole = Math.max(use.limit ?? 0, use.spent + use.leased, 1);
    const spent = (use.spent / whole) * 100;
    const leased = (use.leased / whole) * 100;
    const share = Math.round(shareOf(use) * 100);
    return (
        <svg class={`quota-meter${share > 100 ? " quota-over" : share >= 80 ? " quota-near" : ""}`} width="100%" height="8" role="img" aria-label={t("quota.used.percent", { n: share })}>
            <rect class="quota-ground" width="100%" height="8" rx="4" />
            <rect class="quota-leased" width={`${spent + leased}%`} height="8" rx="4" />
            <rect class="quota-spent" width={`${spent}%`} height="8" rx="4" />
        </svg>
    );
}
