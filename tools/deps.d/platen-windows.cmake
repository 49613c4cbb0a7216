# SPDX-License-Identifier: Apache-2.0
#
# CMake toolchain file of the Windows build: GCC for x86_64 and the UCRT, libraries from the prefix that
# tools/deps prints, given as -DPLATEN_DEPS=... or in the environment.

set(CMAKE_SYSTEM_NAME Windows)
set(CMAKE_SYSTEM_PROCESSOR x86_64)

set(CMAKE_C_COMPILER x86_64-w64-mingw32ucrt-gcc)
set(CMAKE_RC_COMPILER x86_64-w64-mingw32ucrt-windres)

if(NOT PLATEN_DEPS)
    set(PLATEN_DEPS "$ENV{PLATEN_DEPS}")
endif()
if(NOT PLATEN_DEPS)
    message(FATAL_ERROR "PLATEN_DEPS is not set: give -DPLATEN_DEPS=\"$(tools/deps windows)\"")
endif()
set(PLATEN_DEPS "${PLATEN_DEPS}" CACHE PATH "Prefix of the libraries built by tools/deps")
# try_compile() reads this file again in a project of its own, which knows no cache variable unless told.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES PLATEN_DEPS)

# Headers and libraries are taken from the prefix and from the compiler, never from the machine that builds.
set(CMAKE_FIND_ROOT_PATH "${PLATEN_DEPS}")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_LIBDIR} "${PLATEN_DEPS}/lib/pkgconfig")
