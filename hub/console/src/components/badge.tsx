// SPDX-License-Identifier: Apache-2.0
//
// A state in a word and a colour; the word alone is enough.

import type { Outcome } from "../api";
import { t, type TextKey } from "../language";

type Tone = "good" | "warn" | "bad" | "plain";

export function Badge(props: { tone: Tone; text: string; title?: string }) {
    return (
        <span class={`badge badge-${props.tone}`} title={props.title}>
            {props.text}
        </span>
    );
}

const outcomes: Record<Outcome, { tone: Tone; text: TextKey; why: TextKey }> = {
    printed: { tone: "good", text: "outcome.printed", why: "outcome.printed.why" },
    failed: { tone: "bad", text: "outcome.failed", why: "outcome.failed.why" },
    cancelled: { tone: "plain", text: "outcome.cancelled", why: "outcome.cancelled.why" },
    refused: { tone: "warn", text: "outcome.refused", why: "outcome.refused.why" },
    aborted: { tone: "bad", text: "outcome.aborted", why: "outcome.aborted.why" },
};

/** An outcome that a newer hub knows and this console does not is shown in the hub's own word. */
export function OutcomeBadge(props: { outcome: Outcome }) {
    const known = outcomes[props.outcome] as (typeof outcomes)[Outcome] | undefined;
    if (!known) return <Badge tone="plain" text={props.outcome} />;
    return <Badge tone={known.tone} text={t(known.text)} title={t(known.why)} />;
}
