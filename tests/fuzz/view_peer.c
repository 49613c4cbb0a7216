/* SPDX-License-Identifier: Apache-2.0 */
/* cJSON takes more than RFC 8259: other white space, raw control characters, 01 and \u0000. Printed again all of that is gone but the last, which it
 * cuts. */
#include "tests/fuzz/view_peer.h"

#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/util/text.h"

#define DEPTH 32

static plt_view_kind kind_of(const cJSON *c)
{
    return cJSON_IsNull(c)     ? PLT_VIEW_NULL
           : cJSON_IsFalse(c)  ? PLT_VIEW_FALSE
           : cJSON_IsTrue(c)   ? PLT_VIEW_TRUE
           : cJSON_IsNumber(c) ? PLT_VIEW_NUMBER
           : cJSON_IsString(c) ? PLT_VIEW_TEXT
           : cJSON_IsArray(c)  ? PLT_VIEW_LIST
                               : PLT_VIEW_OBJECT;
}

static const char *number_complaint(const plt_value *v, double d)
{
    uint64_t ours = 0, theirs = 0;
    bool is = plt_json_whole(d, &theirs);
    if (strtod(v->text, NULL) != d) return "another number";
    return plt_view_whole(v, &ours) == is && (!is || ours == theirs) ? NULL : "another whole number";
}

/* *at goes behind the value. */
static const char *value_complaint(const plt_view *v, uint32_t *at, const cJSON *c, const cJSON *around)
{
    const plt_value *value = &v->values[*at];
    uint32_t end = *at + value->span;
    if (*at >= v->count || end > v->count) return "a span that leads outside";
    if (value->kind != kind_of(c)) return "another kind";
    if (strcmp(value->name, cJSON_IsObject(around) ? c->string : "") != 0) return "another name";
    if (value->kind == PLT_VIEW_TEXT && strcmp(value->text, c->valuestring) != 0) return "another text";
    const char *why = value->kind == PLT_VIEW_NUMBER ? number_complaint(value, c->valuedouble) : NULL;
    ++*at;
    for (const cJSON *child = c->child; child && !why; child = child->next) {
        const plt_value *member = plt_view_member(value, child->string ? child->string : "");
        if (cJSON_IsObject(c) && !member) return "a member is not found";
        if (cJSON_IsObject(c) && (member == &v->values[*at]) != (cJSON_GetObjectItemCaseSensitive(c, child->string) == child))
            return "another of two alike is found";
        why = *at < end ? value_complaint(v, at, child, c) : "a value too few";
    }
    return why ? why : *at == end ? NULL : "a value too many";
}

static const char *tree_complaint(const plt_view *v, const cJSON *c)
{
    uint32_t at = 0;
    const char *why = value_complaint(v, &at, c, NULL);
    return why ? why : at == v->count ? NULL : "values behind the last";
}

static bool cut_or_deep(const char *json, size_t n)
{
    for (size_t i = 0; i + 6 <= n; i++)
        if (memcmp(json + i, "\\u0000", 6) == 0) return true;
    return !plt_json_shallow(json, n, DEPTH);
}

const char *view_peer_complaint(plt_view *v, const char *json, size_t n)
{
    const char *end = NULL, *why = NULL;
    cJSON *c = cJSON_ParseWithLengthOpts(json, n, &end, 0);
    plt_status s = plt_view_read(v, json, n, DEPTH);
    if (s == PLT_OK && !c) {
        why = "cJSON does not take it";
    } else if (s == PLT_OK) {
        why = end == json + v->read ? tree_complaint(v, c) : "it ends elsewhere";
    } else if (c && !cut_or_deep(json, n)) {
        char *printed = cJSON_PrintUnformatted(c);
        why = !printed || plt_view_read(v, printed, strlen(printed), DEPTH) == PLT_OK ? NULL : "it does not take what cJSON prints";
        cJSON_free(printed);
    }
    cJSON_Delete(c);
    return why;
}
