// SPDX-License-Identifier: Apache-2.0
//
// What an agent's times mean for a person. "Silent" is the hub's own measure (docs/api.md: not seen for 15
// minutes); the 30 days before a certificate ends are the console's.

import type { Agent } from "./api";

const silentAfter = 15 * 60_000;
const day = 24 * 60 * 60_000;
const soon = 30 * day;

export type AgentState = "active" | "silent" | "revoked";
export type CertificateState = "fine" | "soon" | "expired" | "none";

export function stateOf(agent: Agent, now: number): AgentState {
    if (agent.revoked) return "revoked";
    return agent.last_seen !== null && now - Date.parse(agent.last_seen) < silentAfter ? "active" : "silent";
}

export function certificateOf(agent: Agent, now: number): CertificateState {
    if (agent.certificate_expires === null || agent.revoked) return "none";
    const left = Date.parse(agent.certificate_expires) - now;
    if (left <= 0) return "expired";
    return left < soon ? "soon" : "fine";
}
