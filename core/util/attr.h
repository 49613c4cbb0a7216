/* SPDX-License-Identifier: Apache-2.0 */
/* What a compiler can check beyond C17. MinGW's plain "printf" means the old msvcrt's formats; ours are C17's. */
#ifndef PLATEN_CORE_UTIL_ATTR_H
#define PLATEN_CORE_UTIL_ATTR_H

#if defined(__clang__)
#define PLT_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#elif defined(__GNUC__)
#define PLT_PRINTF(fmt, args) __attribute__((format(gnu_printf, fmt, args)))
#else
#define PLT_PRINTF(fmt, args)
#endif

#endif
