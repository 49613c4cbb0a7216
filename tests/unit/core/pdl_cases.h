/* SPDX-License-Identifier: Apache-2.0 */
/* Small jobs with known answers. */
#ifndef PLATEN_TESTS_UNIT_CORE_PDL_CASES_H
#define PLATEN_TESTS_UNIT_CORE_PDL_CASES_H

#include "tests/unit/core/pdl_kit.h"

extern const pdl_case pdl_cases[];
extern const size_t pdl_case_count;

#endif
