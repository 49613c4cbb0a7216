# SPDX-License-Identifier: Apache-2.0
# The suites of tools/test, in their order: `suite NAME SECONDS COMMAND...`. quick_suites need no Wine, QEMU or browser.

quick_suites() {
    suite lint 60 tools/lint
    local t
    for t in build/linux-asan/bin/*_test; do
        suite "unit-$(basename "$t" _test)" 120 env CMOCKA_MESSAGE_OUTPUT=TAP "$t"
    done
}

all_suites() {
    :
}
