// SPDX-License-Identifier: Apache-2.0
//
// A text as a QR code, drawn here: dark on light in every theme, with the border of four modules that cameras need.

import { qrModules } from "../access/qr";

const border = 4;

export function QrCode(props: { text: string; label: string }) {
    const modules = qrModules(props.text);
    if (!modules) return null; // longer than a code can be: the text itself stands beside it
    const side = modules.length + 2 * border;
    const path = modules.flatMap((row, r) => row.map((dark, c) => (dark ? `M${c + border} ${r + border}h1v1h-1z` : ""))).join("");
    return (
        <svg class="qr" role="img" aria-label={props.label} viewBox={`0 0 ${side} ${side}`} shape-rendering="crispEdges">
            <rect class="qr-light" width={side} height={side} />
            <path class="qr-dark" d={path} />
        </svg>
    );
}
