// SPDX-License-Identifier: Apache-2.0
//
// Which rows of how many are shown, the ways to the other ones, and how many at a time.

import { number } from "../format";
import { t } from "../language";
import { Icon } from "./icon";

export const pageSizes = [25, 50, 100, 200] as const;

interface PagerProps {
    /** Of the first row shown, counted from 1. */
    first: number;
    shown: number;
    total: number;
    /** There are more than `total`. */
    more?: boolean;
    size: number;
    onSize(size: number): void;
    /** null: there is no such page. */
    toFirst: (() => void) | null;
    toPrevious: (() => void) | null;
    toNext: (() => void) | null;
}

export function Pager(props: PagerProps) {
    const last = props.first + props.shown - 1;
    return (
        <nav class="pager" aria-label={t("pager")}>
            <p class="pager-range" role="status">
                {t(props.more ? "pager.range.more" : "pager.range", {
                    first: number(props.first),
                    last: number(last),
                    total: number(props.total),
                })}
            </p>
            <label class="field-inline">
                <span>{t("pager.size")}</span>
                <select value={props.size} onChange={(event) => props.onSize(Number(event.currentTarget.value))}>
                    {pageSizes.map((size) => (
                        <option key={size} value={size}>
                            {number(size)}
                        </option>
                    ))}
                </select>
            </label>
            <div class="pager-steps">
                <Step icon="first" label={t("pager.first")} act={props.toFirst} />
                <Step icon="left" label={t("pager.previous")} act={props.toPrevious} />
                <Step icon="right" label={t("pager.next")} act={props.toNext} />
            </div>
        </nav>
    );
}

function Step(props: { icon: "first" | "left" | "right"; label: string; act: (() => void) | null }) {
    return (
        <button
            type="button"
            class="button button-icon"
            aria-label={props.label}
            title={props.label}
            disabled={!props.act}
            onClick={() => props.act?.()}
        >
            <Icon name={props.icon} />
        </button>
    );
}
