#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Starts a program of Debian 13's snmpsim (snmpsimd, snmprec) as it is. Debian's snmpsim 0.4.5 and pysnmp 4.4.12 ask for pyasn1.compat.octets, which
Debian's pyasn1 0.6.1 has no more: on Python 3 these are names for what bytes and str do by themselves, and they are given here.

    python3 tests/lab/start_snmpsim.py snmpsimd --data-dir=... --agent-udpv4-endpoint=127.0.0.1:16100"""
import runpy
import shutil
import sys
import types

import pyasn1.compat


def octets_module():
    m = types.ModuleType("pyasn1.compat.octets")
    m.null = b""
    m.ints2octs = m.ensureString = bytes
    m.octs2ints = m.oct2int = lambda v: v
    m.str2octs = lambda s: s.encode("latin-1")
    m.octs2str = lambda o: o.decode("latin-1")
    m.isStringType = lambda v: isinstance(v, str)
    m.isOctetsType = lambda v: isinstance(v, bytes)
    return m


def main():
    if len(sys.argv) < 2 or not shutil.which(sys.argv[1]):
        sys.exit(f"there is no program {sys.argv[1:2]}")
    if not hasattr(pyasn1.compat, "octets"):
        pyasn1.compat.octets = sys.modules["pyasn1.compat.octets"] = octets_module()
    program = shutil.which(sys.argv[1])
    sys.argv = [program, *sys.argv[2:]]
    runpy.run_path(program, run_name="__main__")


if __name__ == "__main__":
    main()
