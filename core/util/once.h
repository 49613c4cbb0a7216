/* SPDX-License-Identifier: Apache-2.0 */
/* A table that is the same for all and is made by the first who needs it. Who comes while it is being made makes one of his own: nobody waits. */
#ifndef PLATEN_CORE_UTIL_ONCE_H
#define PLATEN_CORE_UTIL_ONCE_H

#include <stdatomic.h>
#include <stdbool.h>

typedef struct plt_once {
    atomic_int state; /* PLT_ONCE_...; begins as zero */
} plt_once;

enum { PLT_ONCE_NONE, PLT_ONCE_CLAIMED, PLT_ONCE_MADE };

/* Can it be read? */
static inline bool plt_once_made(plt_once *o)
{
    return atomic_load_explicit(&o->state, memory_order_acquire) == PLT_ONCE_MADE;
}

/* True for one caller in all, who makes it and says so. */
static inline bool plt_once_claim(plt_once *o)
{
    int none = PLT_ONCE_NONE;
    return atomic_compare_exchange_strong(&o->state, &none, PLT_ONCE_CLAIMED);
}

static inline void plt_once_done(plt_once *o)
{
    atomic_store_explicit(&o->state, PLT_ONCE_MADE, memory_order_release);
}

#endif
