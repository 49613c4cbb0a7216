/* SPDX-License-Identifier: Apache-2.0 */
/* What a compiler can check and do beyond C17. MinGW's plain "printf" means the old msvcrt's formats; ours are C17's. */
#ifndef PLATEN_CORE_UTIL_ATTR_H
#define PLATEN_CORE_UTIL_ATTR_H

#if defined(__clang__)
#define PLT_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#elif defined(__GNUC__)
#define PLT_PRINTF(fmt, args) __attribute__((format(gnu_printf, fmt, args)))
#else
#define PLT_PRINTF(fmt, args)
#endif

/* A call of its own: what stands before it then needs no room for what the called one keeps, and costs little where it is not called. */
#ifdef _MSC_VER
#define PLT_APART __declspec(noinline)
#else
#define PLT_APART __attribute__((noinline))
#endif

#endif
