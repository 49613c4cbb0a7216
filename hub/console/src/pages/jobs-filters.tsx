// SPDX-License-Identifier: Apache-2.0
//
// The filter bar of the jobs page.

import { useState } from "preact/hooks";
import { outcomes } from "../api";
import { Icon } from "../components/icon";
import { TypedField } from "../components/typed-field";
import { t } from "../language";
import { holds } from "../session";
import { isFiltered, type JobsView } from "./jobs-view";
import { PeriodField } from "./period-field";

type Filters = Pick<JobsView, "search" | "user" | "queue" | "machine" | "account" | "outcome" | "from" | "to">;

const none: Filters = { search: "", user: "", queue: "", machine: "", account: "", outcome: "", from: "", to: "" };

interface JobsFiltersProps {
    view: JobsView;
    /** `typed`: the change is one of many, not worth an entry in the browser's history. */
    change(change: Partial<Filters>, typed: boolean): void;
}

export function JobsFilters(props: JobsFiltersProps) {
    const { view, change } = props;
    const [open, setOpen] = useState(false);
    const exact = holds("accounts") ? (["user", "queue", "machine", "account"] as const) : (["user", "queue", "machine"] as const);
    return (
        <search class={open ? "filters filters-open" : "filters"}>
            <span class="search">
                <Icon name="search" />
                <TypedField
                    label={t("filter.search")}
                    title={t("filter.search.hint")}
                    value={view.search}
                    onValue={(search) => change({ search }, true)}
                />
                <kbd aria-hidden="true">/</kbd>
            </span>
            <button type="button" class="button filters-toggle" aria-expanded={open} onClick={() => setOpen(!open)}>
                <Icon name="filter" />
                {t("filter.more")}
            </button>
            <div class="filters-rest">
                <select
                    aria-label={t("job.outcome")}
                    value={view.outcome}
                    class={view.outcome ? "set" : ""}
                    onChange={(event) => change({ outcome: event.currentTarget.value }, false)}
                >
                    <option value="">{t("filter.outcome.any")}</option>
                    {outcomes.map((outcome) => (
                        <option key={outcome} value={outcome}>
                            {t(`outcome.${outcome}`)}
                        </option>
                    ))}
                </select>
                {exact.map((name) => (
                    <TypedField
                        key={name}
                        label={t(`job.${name}`)}
                        title={t("filter.exact")}
                        class={view[name] ? "set" : ""}
                        value={view[name]}
                        onValue={(value) => change({ [name]: value }, true)}
                    />
                ))}
                <PeriodField from={view.from} to={view.to} change={(period) => change(period, false)} />
                {isFiltered(view) && (
                    <button type="button" class="button button-quiet" onClick={() => change(none, false)}>
                        <Icon name="close" />
                        {t("filter.clear")}
                    </button>
                )}
            </div>
        </search>
    );
}
