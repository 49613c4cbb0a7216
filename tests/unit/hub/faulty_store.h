/* SPDX-License-Identifier: Apache-2.0 */
/* A store that fails at a chosen write: it stands before a real one and counts what could fail. */
#ifndef PLATEN_TESTS_UNIT_FAULTY_STORE_H
#define PLATEN_TESTS_UNIT_FAULTY_STORE_H

#include "hub/store.h"

typedef struct faulty_store {
    hub_store base; /* first */
    hub_store_ops ops;
    hub_store *real;
    int left; /* calls until the fault; 0: none */
    plt_status fault;
    int calls;
} faulty_store;

/* The n-th call from now on gives `fault`; n 0: none does. Freed with nothing: the real store stays the caller's. */
void faulty_store_init(faulty_store *f, hub_store *real, int n, plt_status fault);

#endif
