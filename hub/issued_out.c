/* SPDX-License-Identifier: Apache-2.0 */
/* A kept file as CSV and as PDF: the figures are read out of the signed text, never looked up again. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <cjson/cJSON.h>

#include "core/record/receipt.h"
#include "core/util/text.h"
#include "hub/csv.h"
#include "hub/issued.h"
#include "hub/json.h"
#include "hub/pdf_table.h"
#include "hub/report_words.h"

#define PDF_MAX (15u << 20)

typedef enum field_kind { FIELD_TEXT, FIELD_COUNT, FIELD_TIME, FIELD_WORDS } field_kind;

typedef struct field {
    const char *name; /* NULL ends a list */
    field_kind kind;
    const char *word; /* of its column on paper; NULL: it is not on paper */
} field;

#define OF_DEVICE                                                                                                                                    \
    {"device", FIELD_COUNT, "column.device"}, {"site", FIELD_TEXT, "column.site"}, {"make", FIELD_TEXT, NULL},                                       \
        {"model", FIELD_TEXT, "column.model"}, {"serial", FIELD_TEXT, "column.serial"}, {"name", FIELD_TEXT, "column.name"},                         \
    {                                                                                                                                                \
        "location", FIELD_TEXT, NULL                                                                                                                 \
    }
static const field of_meters[] = {OF_DEVICE,
                                  {"meter", FIELD_TEXT, "column.meter"},
                                  {"unit", FIELD_TEXT, NULL},
                                  {"first_at", FIELD_TIME, "column.first_at"},
                                  {"first", FIELD_COUNT, "column.first"},
                                  {"last_at", FIELD_TIME, "column.last_at"},
                                  {"last", FIELD_COUNT, "column.last"},
                                  {"counted", FIELD_COUNT, "column.counted"},
                                  {"target", FIELD_COUNT, "column.target"},
                                  {"gaps", FIELD_WORDS, "column.note"},
                                  {NULL, FIELD_TEXT, NULL}};
static const field of_supplies[] = {OF_DEVICE,
                                    {"index", FIELD_COUNT, NULL},
                                    {"supply", FIELD_TEXT, "column.supply"},
                                    {"part", FIELD_TEXT, "column.part"},
                                    {"percent", FIELD_COUNT, "column.percent"},
                                    {"days", FIELD_COUNT, "column.days"},
                                    {"read_at", FIELD_TIME, "column.read_at"},
                                    {"catalogue_part", FIELD_TEXT, "column.catalogue_part"},
                                    {"pages_left", FIELD_COUNT, "column.pages_left"},
                                    {NULL, FIELD_TEXT, NULL}};

/* ---- the kept file ---- */

typedef struct kept {
    plt_receipt *receipt; /* owned */
    cJSON *body;          /* owned */
    const cJSON **rows;   /* owned */
    size_t n;
    const field *fields;
    int language;
} kept;

static void kept_free(kept *k)
{
    cJSON_Delete(k->body);
    free(k->receipt);
    free(k->rows);
}

static const char *text_of(const cJSON *o, const char *name)
{
    const char *v = hub_json_get(o, name);
    return v ? v : "";
}

static plt_status kept_read(kept *k, const char *file, size_t n)
{
    size_t at = 0;
    const cJSON *row;
    *k = (kept){.receipt = malloc(sizeof *k->receipt)};
    if (!k->receipt) return PLT_NOMEM;
    plt_status status = plt_receipt_split(file, n, k->receipt);
    if (status != PLT_OK) return status;
    k->body = cJSON_ParseWithLength(k->receipt->body, k->receipt->body_n);
    const cJSON *rows = cJSON_GetObjectItemCaseSensitive(k->body, "rows");
    const char *kind = text_of(k->body, "kind");
    k->fields = strcmp(kind, "meters") == 0 ? of_meters : strcmp(kind, "supplies") == 0 ? of_supplies : NULL;
    if (!cJSON_IsArray(rows) || !k->fields) return PLT_BAD;
    k->n = (size_t)cJSON_GetArraySize(rows);
    k->rows = calloc(k->n + 1, sizeof *k->rows);
    if (!k->rows) return PLT_NOMEM;
    cJSON_ArrayForEach(row, rows) k->rows[at++] = row;
    return PLT_OK;
}

/* Words of a list, joined; in a language, or as they stand (-1). */
static void words_of(const cJSON *list, int language, plt_buf *out)
{
    const cJSON *v;
    cJSON_ArrayForEach(v, list)
    {
        char id[64] = "word.";
        if (!cJSON_IsString(v) || !plt_copy(id + 5, sizeof id - 5, v->valuestring)) continue;
        if (out->len) plt_buf_text(out, language < 0 ? " " : ", ");
        plt_buf_text(out, language < 0 ? v->valuestring : hub_report_word(id, language));
    }
}

/* ---- CSV ---- */

static void put_csv(const cJSON *row, const field *f, plt_buf *out)
{
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(row, f->name);
    plt_buf words;
    switch (f->kind) {
    case FIELD_COUNT: hub_csv_number(out, cJSON_IsNumber(v) ? hub_json_whole(row, f->name) : -1); return;
    case FIELD_TIME:
    case FIELD_TEXT: hub_csv_text(out, text_of(row, f->name)); return;
    case FIELD_WORDS:
        plt_buf_init(&words, 256);
        words_of(v, -1, &words);
        hub_csv_text(out, plt_buf_str(&words));
        plt_buf_free(&words);
    }
}

plt_status hub_issued_csv(const char *file, size_t n, plt_buf *out)
{
    kept k;
    plt_status status = kept_read(&k, file, n);
    if (status == PLT_OK) {
        plt_buf_text(out, "export,period");
        for (const field *f = k.fields; f->name; f++) plt_buf_printf(out, ",%s", f->name);
        hub_csv_end(out);
    }
    for (size_t i = 0; status == PLT_OK && i < k.n; i++) {
        hub_csv_text(out, text_of(k.body, "id"));
        hub_csv_text(out, text_of(k.body, "period"));
        for (const field *f = k.fields; f->name; f++) put_csv(k.rows[i], f, out);
        hub_csv_end(out);
        status = out->status;
    }
    kept_free(&k);
    return status;
}

/* ---- PDF ---- */

/* The at-th field that is on paper. */
static const field *on_paper(const kept *k, size_t at)
{
    const field *f = k->fields;
    for (; f->name; f++)
        if (f->word && at-- == 0) break;
    return f->name ? f : NULL;
}

static void put_cell(void *ctx, size_t row, size_t column, char out[HUB_PDF_CELL])
{
    const kept *k = ctx;
    const field *f = on_paper(k, column);
    const cJSON *v = cJSON_GetObjectItemCaseSensitive(k->rows[row], f->name);
    plt_buf words;
    *out = 0;
    if (f->kind == FIELD_COUNT) {
        int64_t n = hub_json_whole(k->rows[row], f->name);
        if (n >= 0) hub_pdf_number(out, n, 0, 0, k->language);
    } else if (f->kind == FIELD_WORDS) {
        plt_buf_init(&words, 256);
        words_of(v, k->language, &words);
        plt_copy(out, HUB_PDF_CELL, plt_buf_str(&words));
        plt_buf_free(&words);
    } else {
        const char *text = text_of(k->rows[row], f->name);
        plt_utf8_copy(out, HUB_PDF_CELL, text, f->kind == FIELD_TIME ? strcspn(text, "T") : strlen(text));
    }
}

static void put_signature(hub_pdf_flow *f, const kept *k)
{
    plt_buf line;
    plt_buf_init(&line, 1024);
    plt_buf_printf(&line, "%s %s", hub_report_word("text.number", k->language), text_of(k->body, "id"));
    hub_pdf_flow_line(f, plt_buf_str(&line));
    plt_buf_clear(&line);
    if (*text_of(k->body, "replaces")) {
        plt_buf_printf(&line, "%s %s: %s", hub_report_word("text.replaces", k->language), text_of(k->body, "replaces"), text_of(k->body, "reason"));
        hub_pdf_flow_line(f, plt_buf_str(&line));
        plt_buf_clear(&line);
    }
    plt_buf_printf(&line, "%s %s", hub_report_word("text.signer", k->language), text_of(k->body, "signer"));
    hub_pdf_flow_line(f, plt_buf_str(&line));
    plt_buf_clear(&line);
    plt_buf_printf(&line, "%s %s", hub_report_word("text.signature", k->language), k->receipt->signature);
    hub_pdf_flow_line(f, plt_buf_str(&line));
    hub_pdf_flow_line(f, hub_report_word("text.verify", k->language));
    plt_buf_free(&line);
}

plt_status hub_issued_pdf(const char *file, size_t n, int language, plt_buf *out)
{
    kept k;
    hub_pdf_flow f;
    hub_pdf_column columns[HUB_PDF_COLUMNS];
    char below[256], title[96] = "issued.";
    size_t shown = 0;
    int64_t issued = 0;
    plt_status status = kept_read(&k, file, n);
    k.language = language;
    if (status == PLT_OK) {
        plt_copy(title + 7, sizeof title - 7, text_of(k.body, "kind"));
        plt_time_parse(text_of(k.body, "issued"), &issued);
        hub_pdf_flow_init(&f, true, PDF_MAX);
        plt_copy(below, sizeof below, text_of(k.body, "tenant"));
        plt_copy(below + strlen(below), sizeof below - strlen(below), " \xC2\xB7 ");
        plt_copy(below + strlen(below), sizeof below - strlen(below), text_of(k.body, "period"));
        hub_pdf_flow_title(&f, hub_report_word(title, language), below);
        for (const field *at; (at = on_paper(&k, shown)) != NULL; shown++)
            columns[shown] = (hub_pdf_column){hub_report_word(at->word, language), at->kind == FIELD_COUNT};
        hub_pdf_table t = {columns, shown, k.n, false, put_cell, &k};
        hub_pdf_flow_table(&f, &t);
        put_signature(&f, &k);
        hub_pdf_info info = {hub_report_word(title, language),       hub_language_tag(language),           text_of(k.body, "id"),
                             hub_report_word("text.page", language), hub_report_word("text.of", language), issued};
        status = hub_pdf_end(&f.pdf, &info, out);
        hub_pdf_free(&f.pdf);
    }
    kept_free(&k);
    return status;
}
