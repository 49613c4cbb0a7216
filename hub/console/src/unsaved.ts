// SPDX-License-Identifier: Apache-2.0
//
// Who leaves the page with something that is not saved is asked first, by the browser.

import { useEffect } from "preact/hooks";

export function useUnsaved(unsaved: boolean): void {
    useEffect(() => {
        if (!unsaved) return;
        const warn = (event: BeforeUnloadEvent): void => event.preventDefault();
        addEventListener("beforeunload", warn);
        return () => removeEventListener("beforeunload", warn);
    }, [unsaved]);
}
