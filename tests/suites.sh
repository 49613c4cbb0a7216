# SPDX-License-Identifier: Apache-2.0
# The suites of tools/test, in their order: `suite NAME SECONDS COMMAND...`. quick_suites need no Wine, QEMU or browser;
# they, beside_suites and window_suites run side by side, alone_suites one after the other. root_suites have a root of their own (tools/box.d) and
# run by name only, outside of the box.

quick_suites() {
    local t
    suite lint 120 tools/lint
    suite api 30 bash -c 'python3 tests/api/reference.py; python3 tests/api/contract_test.py'
    for t in build/linux-asan/bin/*_test; do
        suite "unit-$(basename "$t" _test)" 400 env CMOCKA_MESSAGE_OUTPUT=TAP POLICY_JOBS=50000 "$t"
    done
    suite fuzz-replay 120 bash tests/fuzz/replay.sh
    suite agent 300 python3 tests/e2e/agent_test.py
    suite scan 200 python3 tests/e2e/scan_test.py
    suite farm-scan 600 python3 tests/e2e/farm_scan_test.py
    suite answers 200 python3 tests/e2e/answers_test.py
    suite usb-load 120 python3 tests/e2e/usb_load_test.py
    suite policy 300 python3 tests/e2e/policy_test.py
    suite convert 100 python3 tests/e2e/convert_test.py
    suite gate 300 env PLATEN_BIN="$PWD/build/linux-asan/bin" python3 tests/e2e/gate_test.py
    suite policy-hub 300 python3 tests/e2e/policy_hub_test.py
}

# Those that measure no time and share nothing: each has its own folder, ports and database.
beside_suites() {
    # waits for intervals to pass, most of its time: begun first, it costs none
    suite devices 600 python3 tests/e2e/devices_test.py
    suite store-postgres 600 env CMOCKA_MESSAGE_OUTPUT=TAP PLATEN_POSTGRES_OPTIONS="-c fsync=off" tests/lab/with_postgres.sh bash -c \
        'for t in db store jobs people tenants usage quota backup report receipt issued alerts post numbers orders once device_groups schedule held retention thin prices collections catalogue tenants; do build/linux-asan/bin/hub_${t}_test || exit 1; done'
    suite faults 1200 python3 tests/e2e/faults.py --most 80
    suite gate-faults 900 python3 tests/e2e/gate_faults.py --most 80
    suite worker-attack 200 python3 tests/e2e/worker_attack.py
    suite corpus 400 bash tests/corpus/suite.sh
    suite metamorphic 400 python3 tests/corpus/metamorphic.py --seconds 150
    suite policy-million 400 env CMOCKA_MESSAGE_OUTPUT=TAP build/linux/bin/policy_property_test
    suite usb-faults 400 python3 tests/e2e/usb_faults_test.py
    suite usb-table 400 env PLATEN_BIN="$PWD/build/linux/bin" python3 tests/e2e/usb_table.py
    suite held-hub 400 env PLATEN_BIN="$PWD/build/linux-asan/bin" python3 tests/e2e/held_hub_test.py
    suite read-now 500 env PLATEN_BIN="$PWD/build/linux-asan/bin" python3 tests/e2e/read_now_test.py
    suite collection 400 env PLATEN_BIN="$PWD/build/linux-asan/bin" python3 tests/e2e/collection_test.py
    suite recordings 500 env PLATEN_BIN="$PWD/build/linux-asan/bin" python3 tests/e2e/recordings_test.py
    suite lease 300 env PLATEN_BIN="$PWD/build/linux-asan/bin" python3 tests/e2e/lease_test.py
    suite policy-pc 500 env PLATEN_BIN="$PWD/build/linux-asan/bin" python3 tests/e2e/policy_pc_test.py
    suite clock 300 python3 tests/e2e/clock_test.py
    suite policy-api 200 python3 tests/e2e/policy_api_test.py
    suite hub 400 python3 tests/e2e/hub_http_test.py
    suite hub-crowd 300 env PLATEN_BIN="$PWD/build/linux-asan/bin" python3 tests/e2e/hub_crowd_test.py
    suite hub-rights 300 python3 tests/e2e/hub_rights_test.py
    suite hub-once 200 python3 tests/e2e/hub_once_test.py
    suite once-postgres 300 tests/lab/with_postgres.sh bash -c 'python3 tests/e2e/hub_once_test.py --store "$PLATEN_POSTGRES"'
    suite sso 300 python3 tests/e2e/sso_test.py
    suite hub-devices 300 python3 tests/e2e/hub_devices_test.py
    suite hub-catalogue 200 python3 tests/e2e/hub_catalogue_test.py
    suite catalogue-postgres 200 tests/lab/with_postgres.sh bash -c 'python3 tests/e2e/hub_catalogue_test.py --store "$PLATEN_POSTGRES"'
    suite hub-reports 300 python3 tests/e2e/hub_reports_test.py
    suite hub-alerts 400 python3 tests/e2e/hub_alerts_test.py
    suite alerts-postgres 500 tests/lab/with_postgres.sh bash -c 'python3 tests/e2e/hub_alerts_test.py --store "$PLATEN_POSTGRES"'
    suite schedules 300 python3 tests/e2e/hub_schedules_test.py
    suite schedules-postgres 400 tests/lab/with_postgres.sh bash -c 'python3 tests/e2e/hub_schedules_test.py --store "$PLATEN_POSTGRES"'
    suite hub-postgres 400 tests/lab/with_postgres.sh bash -c 'python3 tests/e2e/hub_http_test.py --store "$PLATEN_POSTGRES"'
    suite rights-postgres 300 tests/lab/with_postgres.sh bash -c 'python3 tests/e2e/hub_rights_test.py --store "$PLATEN_POSTGRES"'
    suite reports-postgres 300 tests/lab/with_postgres.sh bash -c 'python3 tests/e2e/hub_reports_test.py --store "$PLATEN_POSTGRES"'
    suite sso-postgres 300 tests/lab/with_postgres.sh bash -c 'python3 tests/e2e/sso_test.py --store "$PLATEN_POSTGRES"'
    suite postgres-faults 400 tests/lab/with_postgres.sh python3 tests/e2e/postgres_faults_test.py
    suite postgres-full 200 tests/e2e/postgres_full.sh
    suite two-hubs 300 tests/lab/with_postgres.sh python3 tests/e2e/two_hubs_test.py --rounds 4
    suite usb-snmp 120 python3 tests/e2e/usb_snmp_test.py
    suite answers-v3 300 python3 tests/e2e/answers_v3_test.py
    suite deb 200 python3 tests/e2e/deb_test.py
    suite console 120 python3 tests/e2e/console_test.py
    suite policy-console 240 python3 tests/e2e/policy_console_test.py
}

# Those that measure, or take both processors: one after the other, nothing beside them.
alone_suites() {
    suite fuzz-short 1500 bash tests/fuzz/run.sh --short 500
    suite usb-gadget 300 env PLATEN_BIN="$PWD/build/linux/bin" python3 tests/e2e/usb_gadget_test.py
    suite usb-hotplug 300 bash tests/e2e/usb_hotplug_test.sh
    suite farm 400 python3 tests/e2e/farm_test.py
    suite hostile-scan 300 python3 tests/e2e/hostile_scan_test.py
}

# Those with windows or Wine, two at a time: each has its own prefix and screen. The longest is begun first.
window_suites() {
    suite browser 1200 env PLATEN_REPORTER=tap tests/browser/run.sh
    suite wine-hub 400 python3 tests/e2e/hub_http_test.py --quick --hub "wine $PWD/build/windows/bin/platen-hub.exe"
    suite wine-os 300 bash tests/wine/os_test.sh
    suite wine-monitor 300 bash tests/wine/monitor_way.sh
    suite wine-gate 300 bash tests/wine/gate_way.sh
    suite wine-bytes 200 bash tests/wine/bytes_test.sh
    suite wine-msi 600 bash tests/wine/msi_test.sh build/windows/bin build/platen.msi
    suite wine-devices 300 bash tests/wine/devices_test.sh
    suite wine-usb 300 bash tests/wine/usb_test.sh
    suite wine-usb-service 300 bash tests/wine/usb_service_test.sh
    suite wine-tray 300 bash tests/wine/tray_test.sh
    suite wine-tray-asks 400 bash tests/wine/tray_asks_test.sh
    suite wine-actions 600 bash tests/wine/actions_test.sh
    suite solution 600 bash tests/e2e/solution_test.sh
    suite demo 300 bash tests/e2e/demo_test.sh
}

root_suites() {
    suite deb-arm64 1800 tests/e2e/deb_arm64_test.sh
}
