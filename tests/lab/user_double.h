/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A double of the service on the users' pipe: plays what a test tells it to, line by line. It is no service: it keeps nothing, decides nothing and
 * trusts its client.
 *
 * A line is a word and fields, parted by '|': "ask|uid=1|asks=1|seconds=30|document=Report.docx". Fields have the names of the table in the source.
 *   status|FIELDS...     what STATUS? is answered with from now on
 *   ask|uid=N|FIELDS...  opens a question     over|uid=N|message=T  ends it     notice|FIELDS...
 *   job|FIELDS...  account|FIELDS...  balance|FIELDS...  one more item of its list    forget  empties the lists
 *   pin|DIGITS           the right PIN of every account that has one
 *   error|code=N|message=T  the next ANSWER or ACT gets this
 *   printers|FIELDS...  what READ LOCAL and LOCAL? are answered with from now on; without it as an older service does: ERROR 1
 *   soon                 the next READ LOCAL gets ERROR 5
 *   deaf                 takes requests from now on and answers none    hear  ends that
 *   raw|HEX              bytes to whoever watches, as they are
 *   drop                 cuts all connections
 */
#ifndef PLATEN_TESTS_LAB_USER_DOUBLE_H
#define PLATEN_TESTS_LAB_USER_DOUBLE_H

#include <stdbool.h>

#include "core/util/status.h"

typedef struct user_double user_double;

/* `log` gets a line a request, on the double's threads: "watch", "status", "answer uid=1 answer=1 account=C1 pin=1234". */
plt_status user_double_start(user_double **out, const char *pipe, void (*log)(void *to, const char *line), void *to);
/* False when the line is none of ours. */
bool user_double_do(user_double *d, const char *line);
void user_double_stop(user_double *d);

#endif
