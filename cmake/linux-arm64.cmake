# SPDX-License-Identifier: Apache-2.0
#
# CMake toolchain file of the build for 64-bit ARM: Debian's cross-compiler, and the libraries that stand beside the machine's own by multiarch
# (tools/box.d/packages.arm64). Tests run under QEMU's emulation of single programs.

set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_LIBRARY_ARCHITECTURE aarch64-linux-gnu)

set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64)

# Only what is there for arm64: the machine's own .pc files would name libraries that cannot be linked.
set(ENV{PKG_CONFIG_LIBDIR} /usr/lib/aarch64-linux-gnu/pkgconfig:/usr/share/pkgconfig)
