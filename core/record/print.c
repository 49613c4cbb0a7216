/* SPDX-License-Identifier: Apache-2.0 */
/* Without blanks: what is hashed and signed has one spelling. */
#include "core/record/print.h"

plt_status plt_print(cJSON *o, bool whole, plt_buf *out)
{
    char *text = whole ? cJSON_PrintUnformatted(o) : NULL;
    if (text) plt_buf_text(out, text);
    cJSON_free(text);
    cJSON_Delete(o);
    return text ? out->status : PLT_NOMEM;
}
