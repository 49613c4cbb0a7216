// SPDX-License-Identifier: Apache-2.0
//
// How a text differs from another, line by line.

import { t } from "../language";
import { differences } from "../policy/model";

export function DiffLines(props: { before: string; after: string }) {
    const lines = differences(props.before, props.after);
    if (!lines.some((line) => line.sign !== " ")) return <p class="soft">{t("policy.diff.none")}</p>;
    return (
        <pre class="diff" tabIndex={0}>
            {lines.map((line, index) => (
                <span key={index} class={{ "+": "diff-in", "-": "diff-out", " ": "" }[line.sign]}>
                    {line.sign} {line.text}
                </span>
            ))}
        </pre>
    );
}
