// SPDX-License-Identifier: Apache-2.0
//
// One figure with its name and a word of explanation; a way to the page behind it where there is one.

import { number } from "../format";
import { Icon } from "./icon";
import { Link } from "./link";

interface TileProps {
    name: string;
    value: number;
    note: string;
    to?: string;
    tone?: "warn" | "good";
}

export function Tile(props: TileProps) {
    return (
        <section class={props.tone ? `tile tile-${props.tone}` : "tile"}>
            <h2>{props.to ? <Link to={props.to}>{props.name}</Link> : props.name}</h2>
            <p class="tile-value">{number(props.value)}</p>
            <p class="tile-note">
                {props.tone && <Icon name={props.tone === "warn" ? "alert" : "check"} />}
                {props.note}
            </p>
        </section>
    );
}
