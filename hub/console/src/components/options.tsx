// SPDX-License-Identifier: Apache-2.0

/** The choices of a <select> that are called what they are. */
export function Options(props: { of: readonly string[] }) {
    return (
        <>
            {props.of.map((name) => (
                <option key={name} value={name}>
                    {name}
                </option>
            ))}
        </>
    );
}
