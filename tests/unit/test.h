/* SPDX-License-Identifier: Apache-2.0 */
/* What every unit test includes, in cmocka's order. */
#ifndef PLATEN_TESTS_UNIT_TEST_H
#define PLATEN_TESTS_UNIT_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
