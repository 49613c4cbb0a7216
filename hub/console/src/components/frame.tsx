// SPDX-License-Identifier: Apache-2.0
//
// What surrounds every page: skip link, top bar, navigation (a drawer on narrow screens), the page itself.

import { useEffect, useRef, useState } from "preact/hooks";
import { useKeys } from "../keys";
import { t } from "../language";
import { pageOf, pages } from "../pages";
import { place } from "../router";
import { holds } from "../session";
import { useStore } from "../store";
import { LanguageMenu, ThemeMenu } from "./choices";
import { Empty } from "./empty";
import { FaultBoundary } from "./fault-boundary";
import { Icon } from "./icon";
import { Link } from "./link";
import { LiveSign } from "./live-sign";
import { Mark } from "./mark";
import { Shortcuts } from "./shortcuts";
import { UserMenu } from "./user-menu";

export function Frame(props: { user: { name: string; role: string } }) {
    const { path } = useStore(place);
    const [drawer, setDrawer] = useState(false);
    const [help, setHelp] = useState(false);
    const main = useRef<HTMLElement>(null);
    const first = useRef(true);
    const page = pageOf(path);
    const title = t(page ? page.name : "page.none");

    useEffect(() => {
        document.title = `${title} – Platen`;
    }, [title]);
    useEffect(() => {
        // A page change moves the focus as a page load would; the first page leaves it alone.
        if (!first.current) main.current?.focus();
        first.current = false;
    }, [path]);

    useKeys({
        "?": () => setHelp(true),
        "/": () => {
            const field = document.querySelector<HTMLInputElement>("input[type=search]");
            field?.focus();
            field?.select();
            return field !== null;
        },
        Escape: () => {
            if (!drawer) return false;
            setDrawer(false);
        },
    });

    const allowed = !page?.right || holds(page.right);
    const View = allowed ? page?.view : undefined;
    return (
        <div class={drawer ? "frame frame-drawer" : "frame"}>
            <a class="skip" href="#main" onClick={(event) => (event.preventDefault(), main.current?.focus())}>
                {t("skip")}
            </a>
            <header class="bar">
                <button
                    class="button button-bar bar-drawer"
                    aria-expanded={drawer}
                    aria-controls="navigation"
                    aria-label={t("nav.toggle")}
                    title={t("nav.toggle")}
                    onClick={() => setDrawer(!drawer)}
                >
                    <Icon name="menu" />
                </button>
                <Link to="/" class="brand">
                    <Mark size={26} />
                    <span class="brand-name">Platen</span>
                </Link>
                <div class="bar-space" />
                <LiveSign />
                <LanguageMenu />
                <ThemeMenu />
                <UserMenu user={props.user} help={() => setHelp(true)} />
            </header>
            <nav class="nav" id="navigation" aria-label={t("nav")}>
                <ul>
                    {pages.filter((entry) => !entry.apart && (!entry.right || holds(entry.right))).map((entry) => (
                        <li key={entry.path}>
                            <Link to={entry.path} current={entry.path === (page?.of ?? page?.path)} onGo={() => setDrawer(false)}>
                                <Icon name={entry.icon} />
                                <span>{t(entry.name)}</span>
                            </Link>
                        </li>
                    ))}
                </ul>
            </nav>
            <div class="nav-shade" onClick={() => setDrawer(false)} />
            <main class="main" id="main" ref={main} tabIndex={-1}>
                {View ? (
                    <FaultBoundary key={path}>
                        <View />
                    </FaultBoundary>
                ) : page ? (
                    <Empty icon="key" title={t("page.forbidden")}>
                        <p>{t("page.forbidden.text", { page: title })}</p>
                    </Empty>
                ) : (
                    <Empty icon="search" title={t("page.none")}>
                        <p>
                            {t("page.none.text", { address: path })}{" "}
                            <Link to="/">{t("page.none.back")}</Link>
                        </p>
                    </Empty>
                )}
            </main>
            {help && <Shortcuts close={() => setHelp(false)} />}
        </div>
    );
}
