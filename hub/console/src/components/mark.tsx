// SPDX-License-Identifier: Apache-2.0
//
// The product's mark: a sheet of paper that runs up and around a platen, the roller of
// a printing machine; together they read as a P.
// mark.svg is the same drawing for the browser's tab.

export function Mark(props: { size: number }) {
    return (
        <svg class="mark" width={props.size} height={props.size} viewBox="0 0 32 32" aria-hidden="true">
            <rect class="mark-ground" width="32" height="32" rx="7" />
            <path class="mark-sheet" d="M9 26.5V13.5a8 8 0 1 1 8 8" />
            <circle class="mark-roller" cx="17" cy="13.5" r="4.4" />
        </svg>
    );
}
