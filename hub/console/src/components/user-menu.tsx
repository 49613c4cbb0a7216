// SPDX-License-Identifier: Apache-2.0
//
// Who is signed in, and what that person can do for the own account.

import { useState } from "preact/hooks";
import { roleWord } from "../access/words";
import { t } from "../language";
import { asProblem } from "../problem";
import { goTo } from "../router";
import { signOut } from "../session";
import { Dialog } from "./dialog";
import { Icon } from "./icon";
import { Menu } from "./menu";
import { PasswordForm } from "./password-form";
import { toast } from "./toast";

export function UserMenu(props: { user: { name: string; role: string }; help(): void }) {
    const { name, role } = props.user;
    const [changing, setChanging] = useState(false);

    async function leave(): Promise<void> {
        try {
            await signOut();
        } catch (error) {
            toast(asProblem(error).title);
        }
    }

    return (
        <>
            <Menu
                label={t("user.menu", { name })}
                button={
                    <>
                        <Icon name="user" />
                        <span class="user-name">{name}</span>
                    </>
                }
                heading={
                    <p class="menu-heading">
                        <strong>{name}</strong>
                        <span>{roleWord(role)}</span>
                    </p>
                }
                items={[
                    { id: "account", text: t("page.account"), icon: "user", act: () => goTo("/account") },
                    { id: "password", text: t("password.change"), icon: "key", act: () => setChanging(true) },
                    { id: "keys", text: t("keys.title"), icon: "keyboard", act: props.help },
                    { id: "out", text: t("signout"), icon: "out", act: () => void leave() },
                ]}
            />
            {changing && (
                <Dialog title={t("password.change")} close={() => setChanging(false)}>
                    <PasswordForm
                        name={name}
                        known=""
                        oldLabel={t("password.old")}
                        done={() => {
                            setChanging(false);
                            toast(t("password.done"));
                        }}
                    />
                </Dialog>
            )}
        </>
    );
}
