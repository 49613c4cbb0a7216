// SPDX-License-Identifier: Apache-2.0
//
// People who print: who they are, their groups, their quotas; and, with a user in the address, one of them. Which view stands in the address.

import { PageHead } from "../components/page-head";
import { t } from "../language";
import { GroupsView } from "../people/groups";
import { PeopleList } from "../people/list";
import { OnePerson } from "../people/person";
import { QuotasView } from "../people/quotas";
import { TenantChoice, TenantGate } from "../policy/state";
import { goTo, place } from "../router";
import { holds } from "../session";
import { useStore } from "../store";

const tabs = ["people", "groups", "quotas"] as const;
type Tab = (typeof tabs)[number];

const pathOf = (tab: Tab): string => (tab === "people" ? "/people" : `/people/${tab}`);

export function People() {
    const { path, query } = useStore(place);
    const tab = tabs.find((name) => path === `/people/${name}`) ?? "people";
    const user = query.get("user");
    return (
        <TenantGate title={t("page.people")}>
            {(tenant, tenants) =>
                user && tab === "people" ? (
                    <OnePerson key={`${tenant} ${user}`} tenant={tenant} user={user} />
                ) : (
                    <>
                        <PageHead title={t("page.people")}>
                            <div class="head-acts">
                                <TenantChoice tenant={tenant} tenants={tenants} path={pathOf(tab)} />
                                <div class="segments" role="group" aria-label={t("people.tab")}>
                                    {tabs
                                        .filter((name) => name !== "groups" || holds("policies"))
                                        .map((name) => (
                                            <button key={name} type="button" aria-pressed={name === tab} onClick={() => goTo(`${pathOf(name)}?${new URLSearchParams({ tenant })}`)}>
                                                {t(`people.tab.${name}`)}
                                            </button>
                                        ))}
                                </div>
                            </div>
                        </PageHead>
                        {tab === "people" && <PeopleList key={tenant} tenant={tenant} />}
                        {tab === "groups" && <GroupsView key={tenant} tenant={tenant} />}
                        {tab === "quotas" && <QuotasView key={tenant} tenant={tenant} />}
                    </>
                )
            }
        </TenantGate>
    );
}
