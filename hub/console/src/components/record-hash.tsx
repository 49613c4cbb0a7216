// SPDX-License-Identifier: Apache-2.0
//
// The hash of a record as the hub keeps it, and the same computed here from the line (docs/protocol.md 2: the
// SHA-256 of the line's bytes without the newline). Two that differ mean that the line is not what the agent wrote.

import { useEffect, useState } from "preact/hooks";
import { t } from "../language";
import { Badge } from "./badge";
import { CopyButton } from "./copy-button";

export function RecordHash(props: { record: string; hash: string }) {
    const [computed, setComputed] = useState<string | null>(null);

    useEffect(() => {
        let asked = true;
        setComputed(null);
        void sha256(props.record).then((hash) => asked && setComputed(hash));
        return () => void (asked = false);
    }, [props.record]);

    return (
        <>
            <div class="record-head">
                <h4>{t("record.hash")}</h4>
                {computed !== null &&
                    (computed === props.hash ? (
                        <Badge tone="good" text={t("record.match")} title={t("record.match.why")} />
                    ) : (
                        <Badge tone="bad" text={t("record.differs")} title={t("record.differs.why")} />
                    ))}
                <CopyButton text={props.hash} label={t("record.hash.copy")} />
            </div>
            <code class="record-hash">{props.hash}</code>
        </>
    );
}

async function sha256(line: string): Promise<string> {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(line));
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
