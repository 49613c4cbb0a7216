// SPDX-License-Identifier: Apache-2.0
//
// Why something was done to a job: in the chosen language where the agent gave codes, else in the English that it wrote.

import { sayWhy } from "../why";

export function Reason(props: { why?: string | null; english?: string | null }) {
    const said = sayWhy(props.why);
    if (said) return <>{said}</>;
    return props.english ? <span lang="en">{props.english}</span> : null;
}
