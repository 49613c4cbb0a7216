/* SPDX-License-Identifier: Apache-2.0 */
/* What the mail of a scheduled report says. Names that people typed are text in it, and never markup. */
#include "hub/post_report.h"

#include <stdio.h>
#include <string.h>

#include "core/util/text.h"
#include "hub/json.h"
#include "hub/months.h"
#include "hub/report_words.h"

#define TEXT_MAX 65536

/* {name} of a text by its member of the message. */
static void put_words(plt_buf *b, const char *id, int language, const cJSON *o)
{
    char name[32];
    for (const char *p = hub_report_word(id, language); *p;) {
        const char *end = *p == '{' ? strchr(p, '}') : NULL;
        size_t n = end ? (size_t)(end - p - 1) : 0;
        if (!end || n >= sizeof name) {
            plt_buf_byte(b, (uint8_t)*p++);
            continue;
        }
        plt_utf8_copy(name, sizeof name, p + 1, n);
        const char *v = hub_json_get(o, name);
        int64_t count = v ? -1 : hub_json_whole(o, name);
        if (count >= 0)
            plt_buf_printf(b, "%lld", (long long)count);
        else
            plt_buf_text(b, v ? v : "");
        p = end + 1;
    }
}

static void put_line(plt_buf *b, const char *id, int language, const cJSON *o)
{
    put_words(b, id, language, o);
    plt_buf_text(b, "\n\n");
}

/* The last day of the period, which ends before `to`. */
static void last_day(const cJSON *o, char out[11])
{
    char t[PLT_TIME_SIZE] = "";
    int64_t to;
    const char *v = hub_json_get(o, "to");
    if (v && plt_time_parse(v, &to)) plt_time_format(t, to - HUB_DAY_MS);
    plt_copy(out, 11, "");
    if (*t) plt_utf8_copy(out, 11, t, 10);
}

/* Title, and the days that it is of. */
static void put_title(plt_buf *b, int language, const cJSON *o)
{
    char id[64], last[11];
    const char *report = hub_json_get(o, "report"), *from = hub_json_get(o, "from");
    snprintf(id, sizeof id, "report.%s", report ? report : "");
    last_day(o, last);
    plt_buf_text(b, hub_report_word(id, language));
    if (cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(o, "state")))
        plt_buf_printf(b, " %.10s", hub_json_get(o, "due") ? hub_json_get(o, "due") : "");
    else
        plt_buf_printf(b, " %.10s%s%s", from ? from : "",
                       strcmp(last, from ? from : "") && strncmp(last, from ? from : "", 10) ? " \xE2\x80\x93 " : "",
                       from && strncmp(last, from, 10) ? last : "");
}

static void put_text(plt_buf *b, int language, const cJSON *o, bool attached)
{
    const cJSON *late = cJSON_GetObjectItemCaseSensitive(o, "late");
    put_title(b, language, o);
    plt_buf_printf(b, "\n%s\n\n", hub_json_get(o, "tenant") ? hub_json_get(o, "tenant") : "");
    put_line(b, attached ? "mail.attached" : "mail.link", language, o);
    plt_buf_printf(b, "%s\n\n", hub_json_get(o, "link") ? hub_json_get(o, "link") : "");
    if (cJSON_IsTrue(late)) put_line(b, "mail.late", language, o);
    if (hub_json_whole(o, "missed") > 0) put_line(b, "mail.missed", language, o);
    put_words(b, "mail.why", language, o);
    plt_buf_byte(b, '\n');
}

static void put_html(plt_buf *b, const char *text, const char *language)
{
    plt_buf_printf(b, "<!doctype html><html lang=\"%s\"><meta charset=\"utf-8\"><body><p>", language);
    for (; *text; text++) {
        if (*text == '<' || *text == '>' || *text == '&' || *text == '"')
            plt_buf_printf(b, "&#%d;", *text);
        else if (text[0] == '\n' && text[1] == '\n') {
            plt_buf_text(b, "</p>\n<p>");
            text++;
        } else if (*text == '\n')
            plt_buf_text(b, "<br>\n");
        else
            plt_buf_byte(b, (uint8_t)*text);
    }
    plt_buf_text(b, "</p></body></html>\n");
}

static plt_status fill(hub_report_letter *l, const cJSON *o)
{
    const char *language = hub_json_get(o, "language"), *name = hub_json_get(o, "name"), *file = hub_json_get(o, "file");
    bool pdf = cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(o, "pdf"));
    plt_buf title;
    int of = hub_language_of(language ? language : "");
    if (!name || !hub_json_get(o, "report")) return PLT_BAD;
    plt_copy(l->language, sizeof l->language, hub_language_tag(of));
    if (file && !plt_copy(l->file, sizeof l->file, file)) return PLT_BAD;
    plt_buf_init(&title, 512);
    put_title(&title, of, o);
    plt_buf_printf(&l->subject, "%s: %s", name, plt_buf_str(&title));
    snprintf(l->file_name, sizeof l->file_name, "%.200s.%s", plt_buf_str(&title), pdf ? "pdf" : "csv");
    l->type = pdf ? "application/pdf" : "text/csv; charset=utf-8";
    put_text(&l->text, of, o, *l->file);
    put_html(&l->html, plt_buf_str(&l->text), l->language);
    plt_status status = title.status;
    plt_buf_free(&title);
    if (status == PLT_OK) status = l->subject.status;
    if (status == PLT_OK) status = l->text.status;
    return status == PLT_OK ? l->html.status : status;
}

plt_status hub_report_letter_of(const char *body, size_t n, hub_report_letter *out)
{
    memset(out, 0, sizeof *out);
    plt_buf_init(&out->subject, 1024);
    plt_buf_init(&out->text, TEXT_MAX);
    plt_buf_init(&out->html, (size_t)2 * TEXT_MAX);
    cJSON *o = hub_json_read(body, n);
    plt_status status = o ? fill(out, o) : PLT_BAD;
    cJSON_Delete(o);
    return status;
}

void hub_report_letter_free(hub_report_letter *l)
{
    plt_buf_free(&l->subject);
    plt_buf_free(&l->text);
    plt_buf_free(&l->html);
}
