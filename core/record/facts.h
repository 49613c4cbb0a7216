/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a ruling needs of a past job beyond what a hub lists of it (names, title, numbers, paper, language), packed into a few dozen bytes: how sure
 * each fact is, what the driver was asked, when the job began, by
 * which clock and zone rules took its hour, what made it, which printer was behind its port. Pure. A byte says the version; what a
 * later one adds comes behind.
 */
#ifndef PLATEN_CORE_RECORD_FACTS_H
#define PLATEN_CORE_RECORD_FACTS_H

#include "core/record/record.h"
#include "core/util/buf.h"

#define PLT_FACTS_MAX 512

void plt_facts_write(const plt_job *j, plt_buf *out);
/* Fills in those fields of j and no other. PLT_BAD: the bytes are damaged or of a newer version; j is not to be used then. */
plt_status plt_facts_read(const void *data, size_t n, plt_job *j);

#endif
