// SPDX-License-Identifier: Apache-2.0
//
// Quotas in words.

import { number } from "../format";
import { locale, t } from "../language";
import type { Quota, QuotaUnit, QuotaUse } from "./api";

/** So many units: of cost as money, whose currency the price list has. */
export function unitsText(value: number, unit: QuotaUnit): string {
    if (unit !== "cost") return number(value);
    return new Intl.NumberFormat(locale(), { minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(value / 1_000_000);
}

/** "500 pages a month" */
export function quotaWords(quota: Quota): string {
    return t(`quota.words.${quota.per}`, { n: unitsText(quota.limit, quota.unit), unit: t(`quota.unit.${quota.unit}`) });
}

/** Used or held by agents, of what the period has; 0 to 1, more after an overdraft. */
export const shareOf = (use: QuotaUse): number => (use.limit ? (use.spent + use.leased) / use.limit : use.spent + use.leased > 0 ? 1 : 0);
