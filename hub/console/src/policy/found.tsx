// SPDX-License-Identifier: Apache-2.0
//
// What the proof found of a rule or a quota, or why the set cannot be used, right where it stands.

import { Icon } from "../components/icon";
import { t } from "../language";
import type { Finding } from "./api";
import { findingWords, jobWords } from "./words";

export function Found(props: { findings: readonly Finding[]; error: string | null; mild?(finding: Finding): boolean }) {
    if (!props.error && props.findings.length === 0) return null;
    return (
        <ul class="found">
            {props.error && (
                <li class="found-bad">
                    <Icon name="alert" />
                    <span lang="en">{props.error}</span>
                </li>
            )}
            {props.findings.map((finding, index) => (
                <li key={index} class={props.mild?.(finding) ? "found-warn" : "found-bad"}>
                    <Icon name="alert" />
                    <span>
                        {findingWords(finding)}
                        {finding.witness && (
                            <small>
                                {t("policy.found.example")} {jobWords(finding.witness)}
                            </small>
                        )}
                    </span>
                </li>
            ))}
        </ul>
    );
}
