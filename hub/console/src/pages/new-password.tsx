// SPDX-License-Identifier: Apache-2.0
//
// A one-time password opens nothing but this page: another password has to be chosen first.

import { PasswordForm } from "../components/password-form";
import { t } from "../language";
import { signOut } from "../session";
import { toast } from "../components/toast";
import { Gate } from "./gate";

export function NewPassword(props: { name: string; known: string }) {
    return (
        <Gate title={t("password.first.title")}>
            <p class="lead">{t("password.first.why", { name: props.name })}</p>
            <PasswordForm
                name={props.name}
                known={props.known}
                oldLabel={t("password.onetime")}
                done={() => toast(t("password.done"))}
            />
            <button class="button button-quiet button-wide" onClick={() => void signOut()}>
                {t("signout")}
            </button>
        </Gate>
    );
}
