/* SPDX-License-Identifier: Apache-2.0 */
/* What the spooler said when a job began is exact; what the page analysis found is as certain as it says. What is absent stays unknown. */
#include "core/policy/from_record.h"

static void text(plt_policy_job *out, plt_policy_fact f, const char *s, plt_policy_level level)
{
    plt_policy_set_text(out, f, *s ? s : NULL, level);
}

static void number(plt_policy_job *out, plt_policy_fact f, plt_maybe n, plt_policy_level level)
{
    const uint64_t most = INT64_MAX;
    if (n.known) plt_policy_set_number(out, f, (int64_t)(n.n < most ? n.n : most), level);
}

/* The levels of both rooms have the same numbers. Records of old agents say only how sure pages and copies are: the rest is an estimate then. */
static plt_policy_level sure(const plt_pdl_result *a, plt_fact f)
{
    plt_confidence c = a->certainty[f].level;
    if (c != PLT_CONF_UNKNOWN) return (plt_policy_level)c;
    return f == PLT_ON_PAGES || f == PLT_ON_COPIES ? (plt_policy_level)a->confidence : PLT_POLICY_ESTIMATED;
}

static plt_policy_level lower(plt_policy_level a, plt_policy_level b)
{
    return a < b ? a : b;
}

void plt_policy_job_of(const plt_job *j, int64_t east, plt_policy_job *out)
{
    const plt_pdl_result *a = &j->analysis;
    plt_policy_level pages = sure(a, PLT_ON_PAGES), printed = lower(pages, sure(a, PLT_ON_COPIES));
    plt_policy_job_init(out);
    text(out, PLT_P_USER, j->user, PLT_POLICY_EXACT);
    text(out, PLT_P_WORKSTATION, j->machine, PLT_POLICY_EXACT);
    text(out, PLT_P_QUEUE, j->queue, PLT_POLICY_EXACT);
    text(out, PLT_P_PORT, j->port, PLT_POLICY_EXACT);
    text(out, PLT_P_DEVICE, j->device, PLT_POLICY_EXACT);
    text(out, PLT_P_DOCUMENT, j->document, PLT_POLICY_EXACT);
    text(out, PLT_P_DRIVER_PAPER, j->asked_paper, PLT_POLICY_EXACT);
    text(out, PLT_P_LANGUAGE, a->language, PLT_POLICY_EXACT);
    text(out, PLT_P_PAPER, a->paper, sure(a, PLT_ON_PAPER));
    number(out, PLT_P_PAGES, a->pages, pages);
    number(out, PLT_P_COPIES, a->copies, sure(a, PLT_ON_COPIES));
    number(out, PLT_P_IMPRESSIONS, a->impressions, printed);
    number(out, PLT_P_COLOR_PAGES, a->color_pages, lower(pages, sure(a, PLT_ON_COLOR)));
    number(out, PLT_P_SHEETS, a->sheets, lower(printed, sure(a, PLT_ON_DUPLEX)));
    number(out, PLT_P_DUPLEX, a->duplex, sure(a, PLT_ON_DUPLEX));
    number(out, PLT_P_NUP, a->nup, PLT_POLICY_DECLARED);
    if (j->bytes <= INT64_MAX) plt_policy_set_number(out, PLT_P_BYTES, (int64_t)j->bytes, PLT_POLICY_EXACT);
    number(out, PLT_P_DRIVER_COPIES, j->asked_copies, PLT_POLICY_EXACT);
    number(out, PLT_P_DRIVER_DUPLEX, j->asked_duplex, PLT_POLICY_EXACT);
    if (j->asked_color.known) plt_policy_set_number(out, PLT_P_DRIVER_COLOR, j->asked_color.n == 2, PLT_POLICY_EXACT); /* DMCOLOR_COLOR of DEVMODE */
    int64_t begun = j->policy.clock ? j->policy.clock : j->begun;
    if (j->policy.zoned) east = j->policy.east_minutes * 60;
    if (begun) plt_policy_set_time(out, begun / 1000 - (begun % 1000 < 0) + east);
    plt_policy_derive(out, a->producer, 0);
}
