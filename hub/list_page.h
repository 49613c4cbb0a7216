/* SPDX-License-Identifier: Apache-2.0 */
/* What the API's long lists have in common: their order, their search, cursors of words, the page's end, and the form of a file. */
#ifndef PLATEN_HUB_LIST_PAGE_H
#define PLATEN_HUB_LIST_PAGE_H

#include "core/util/buf.h"
#include "hub/task.h"

#define HUB_EXPORT_MAX 10000

typedef enum hub_export { HUB_EXPORT_NONE, HUB_EXPORT_CSV, HUB_EXPORT_LINES } hub_export;

/* What is asked for, by `format` or else by Accept. False: there is no such format. */
bool hub_export_form(const hub_task *t, hub_export *form);

/* `sort` and `order` of a task: which of the n words, and whether from the last one on; what is not asked for stays. NULL, or what is wrong. */
const char *hub_order_read(const hub_task *t, const char *const *sorts, int n, const char *fault, int *sort, bool *descending);
/* `q`, folded into `search`, which holds as much as a search may; NULL without one. NULL, or `fault`: it is too long. */
const char *hub_search_read(const hub_task *t, plt_buf *search, const char **out, const char *fault);

/* A cursor of words is opaque to clients: "MARK SORT DESCENDING ..." in base64url. Decodes it into raw (size bytes, with a NUL); *p is behind the
   descending. False: it is none of that mark and of so many sorts. */
bool hub_words_open(const char *text, const char *mark, int sorts, char *raw, size_t size, const char **p, int *sort, bool *descending);
/* The next word, a number, and the space behind it. */
bool hub_words_number(const char **p, int64_t *out);

/* The end of a list's page, behind its last item; `next` "": there is none. */
void hub_page_end(plt_buf *b, const char *next, int64_t total, bool capped);

#endif
