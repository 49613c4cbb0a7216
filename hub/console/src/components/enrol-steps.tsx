// SPDX-License-Identifier: Apache-2.0
//
// How the first agent comes to the hub: shown wherever there is nothing to show before that.

import { t } from "../language";
import { CopyButton } from "./copy-button";

const makeKey = "platen-hub key create --tenant NAME";
const install = (hub: string): string => `msiexec /i platen-VERSION-x64.msi /qn HUBURL=${hub} ENROLLKEY=PLT1-…`;

export function EnrolSteps() {
    const steps = [
        { text: t("enrol.key"), command: makeKey },
        { text: t("enrol.install"), command: install(t("enrol.hub")) },
    ];
    return (
        <ol class="steps">
            {steps.map((step) => (
                <li key={step.command}>
                    <p>{step.text}</p>
                    <div class="command">
                        <code>{step.command}</code>
                        <CopyButton text={step.command} label={t("copy")} />
                    </div>
                </li>
            ))}
            <li>
                <p>{t("enrol.then")}</p>
            </li>
        </ol>
    );
}
