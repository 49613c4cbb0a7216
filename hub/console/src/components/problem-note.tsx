// SPDX-License-Identifier: Apache-2.0
//
// What went wrong and what to do, where it happened; read aloud at once.

import { t } from "../language";
import type { Problem } from "../problem";
import { Icon } from "./icon";

export function ProblemNote(props: { problem: Problem; retry?: () => void }) {
    const { title, detail, remedy } = props.problem;
    return (
        <div class="note note-bad" role="alert">
            <Icon name="alert" />
            <div>
                <strong>{title}</strong>
                {detail && <p>{detail}</p>}
                {remedy && <p>{remedy}</p>}
            </div>
            {props.retry && (
                <button class="button button-small" onClick={props.retry}>
                    {t("retry")}
                </button>
            )}
        </div>
    );
}
