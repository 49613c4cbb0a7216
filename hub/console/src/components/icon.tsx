// SPDX-License-Identifier: Apache-2.0
//
// The console's icons, drawn on a 16 x 16 field with one stroke. They never stand alone for a meaning: a
// text or a label is beside them.

const drawings = {
    overview: "M2.5 13.5h11M4 11V8m4 3V4m4 7V6.5",
    jobs: "M4 2.5h5.5L12.5 5.5v8H4zM9 2.5v3.5h3.5M6.5 8.5h3.5M6.5 11h3.5",
    agents: "M2.5 3h11v7.5h-11zM6 13.5h4M8 10.5v3",
    printer: "M4.5 6V2.5h7V6M4.5 11.5h-2V6h11v5.5h-2M4.5 9.5h7v4h-7z",
    download: "M8 2.5v7.5M4.5 7L8 10.5 11.5 7M2.5 13.5h11",
    policies: "M8 2l5 2v4c0 3-2 5-5 6c-3-1-5-3-5-6V4zM5.8 7.8l1.6 1.6l3-3",
    accounts: "M2.5 4h11v9h-11zM2.5 6.8h11M5 10h3",
    chart: "M2.5 2.5v11h11M5.5 11V8.5M8.5 11V5.5M11.5 11V7",
    tree: "M3 3h4v3H3zM9 7h4v3H9zM9 11.5h4v2.5H9zM5 6v6.7h4M5 8.5h4",
    log: "M3 3h10v10H3zM5.5 6h5M5.5 8.5h5M5.5 11h3",
    search: "M7 2.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 0 1 0-9zM10.3 10.3l3.2 3.2",
    close: "M4 4l8 8M12 4l-8 8",
    check: "M3 8.5l3.3 3.3L13 5",
    dot: "M8 7.5v1",
    alert: "M8 2.5l6 10.8H2zM8 6.5v3.2M8 11.5v.2",
    bell: "M8 2v1.2M4 11.5V7.2a4 4 0 0 1 8 0v4.3l1.2 1H2.8zM6.8 14h2.4",
    up: "M4.5 9.5L8 6l3.5 3.5",
    down: "M4.5 6.5L8 10l3.5-3.5",
    left: "M9.5 4.5L6 8l3.5 3.5",
    right: "M6.5 4.5L10 8l-3.5 3.5",
    first: "M11.5 4.5L8 8l3.5 3.5M4.8 4v8",
    menu: "M2.5 4.5h11M2.5 8h11M2.5 11.5h11",
    system: "M2.5 3h11v7.5h-11zM6 13.5h4",
    light: "M8 5.2a2.8 2.8 0 1 1 0 5.6a2.8 2.8 0 0 1 0-5.6zM8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M12.6 3.4l-.9.9M4.3 11.7l-.9.9",
    dark: "M13.3 9.3A5.6 5.6 0 1 1 6.7 2.7a4.5 4.5 0 0 0 6.6 6.6z",
    user: "M8 2.5a2.7 2.7 0 1 1 0 5.4a2.7 2.7 0 0 1 0-5.4zM2.8 13.5c.6-2.6 2.6-3.9 5.2-3.9s4.6 1.3 5.2 3.9",
    copy: "M5.5 5.5h8v8h-8zM5.5 10.5h-3v-8h8v3",
    filter: "M2.5 3.5h11L9.5 8.5v4l-3 1.5V8.5z",
    retry: "M13 5.5A5.5 5.5 0 1 0 13.5 8M13.3 2.5v3.2h-3.2",
    keyboard: "M1.5 4h13v8h-13zM4 6.7v.1M6.7 6.7v.1M9.3 6.7v.1M12 6.7v.1M4.5 9.5h7",
    table: "M2.5 3h11v10h-11zM2.5 6.3h11M2.5 9.7h11M6.5 3v10",
    sent: "M3 8h9M8.5 4.5L12 8l-3.5 3.5",
    key: "M5 7.5a2.5 2.5 0 1 1 0 5a2.5 2.5 0 0 1 0-5zM6.8 8.2L12.5 2.5M10.5 4.5l2 2",
    coins: "M6.5 2.5a4 2 0 1 1 0 4a4 2 0 0 1 0-4M2.5 4.5v7c0 1.2 1.8 2 4 2M10.5 4.5v2M9.5 8.5a4 2 0 1 1 0 4a4 2 0 0 1 0-4M5.5 10.5v2c0 1.2 1.8 2 4 2s4-.8 4-2v-2",
    people: "M6 3a2.3 2.3 0 1 1 0 4.6a2.3 2.3 0 0 1 0-4.6zM1.8 13c.4-2.3 2-3.4 4.2-3.4s3.8 1.1 4.2 3.4M10.6 3.4a2.1 2.1 0 0 1 0 4M12 9.8c1.3.4 2 1.5 2.3 3.2",
    receipt: "M3.5 2v12l1.5-1 1.5 1 1.5-1 1.5 1 1.5-1 1.5 1V2zM6 5.5h4M6 8h4",
    out: "M6.5 2.5h-4v11h4M6 8h7.5M10.5 5l3 3-3 3",
} as const;

export type IconName = keyof typeof drawings;

export function Icon(props: { name: IconName }) {
    return (
        <svg class="icon" width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
            <path d={drawings[props.name]} />
        </svg>
    );
}
