/* SPDX-License-Identifier: Apache-2.0 */
/* The printer's side of PJL (HP PJL Technical Reference) and of PML over DMINFO: one row a command, answers from the model. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/pjl/pml.h"
#include "core/util/text.h"
#include "tests/lab/printer_inner.h"

static const char *eol(const lab_channel *c)
{
    return c->printer->model->lf_only ? "\n" : "\r\n";
}

static void begin(lab_channel *c, const char *line)
{
    plt_buf_text(&c->reply, line);
    plt_buf_text(&c->reply, eol(c));
}

static void body(lab_channel *c, const char *text)
{
    lab_expand(c->printer, text, eol(c), &c->reply);
    plt_buf_text(&c->reply, eol(c));
}

static void end(lab_channel *c, uint64_t now)
{
    if (!c->printer->model->no_feed) plt_buf_byte(&c->reply, '\f');
    lab_reply_send(c, now);
}

static void unknown(lab_channel *c, const char *line, uint64_t now)
{
    static const char *const answers[] = {[LAB_QUESTION] = "?", [LAB_QUOTED] = "\"?\"", [LAB_EMPTY] = ""};
    lab_unknown how = c->printer->model->unknown;
    if (how == LAB_SILENT) return;
    begin(c, how == LAB_USTATUS ? "@PJL USTATUS DEVICE" : line);
    if (how == LAB_USTATUS)
        body(c, "CODE=20002");
    else if (answers[how][0])
        body(c, answers[how]);
    end(c, now);
}

static const lab_info *find_info(const lab_model *m, const char *name)
{
    for (size_t i = 0; i < m->infos_n; i++)
        if (plt_same(m->infos[i].name, name)) return &m->infos[i];
    return NULL;
}

static const lab_variable *find_variable(const lab_model *m, const char *name)
{
    for (size_t i = 0; i < m->variables_n; i++)
        if (plt_same(m->variables[i].name, name)) return &m->variables[i];
    return NULL;
}

static void all_variables(lab_channel *c)
{
    const lab_model *m = c->printer->model;
    for (size_t i = 0; i < m->variables_n; i++) {
        const lab_variable *v = &m->variables[i];
        char line[256];
        snprintf(line, sizeof line, "%s=%s %s", v->name, v->value, v->range);
        body(c, line);
        for (const char *p = v->options; *p;) { /* indented by one tabulator */
            size_t n = strcspn(p, "\n");
            plt_buf_byte(&c->reply, '\t');
            plt_buf_add(&c->reply, p, n);
            plt_buf_text(&c->reply, eol(c));
            p += n + (p[n] == '\n');
        }
    }
}

/* ---- the commands: `line` whole, `rest` behind the command's name ---- */

static void do_echo(lab_channel *c, const char *line, const char *rest, uint64_t now)
{
    (void)rest;
    begin(c, line);
    end(c, now);
}

static void do_info(lab_channel *c, const char *line, const char *rest, uint64_t now)
{
    const lab_model *m = c->printer->model;
    const lab_info *info = find_info(m, rest);
    c->printer->n[LAB_QUESTIONS]++;
    if (m->info_ustatus && !c->on_device) return;
    bool variables = !info && m->variables_n && plt_same(rest, "VARIABLES");
    if (!info && !variables) {
        unknown(c, line, now);
        return;
    }
    begin(c, line);
    if (variables) all_variables(c);
    if (info && info->body[0]) body(c, info->body);
    end(c, now);
}

static void do_inquire(lab_channel *c, const char *line, const char *rest, uint64_t now)
{
    const lab_variable *v = find_variable(c->printer->model, rest);
    c->printer->n[LAB_QUESTIONS]++;
    begin(c, line);
    body(c, v ? v->value : "\"?\"");
    end(c, now);
}

static void do_ustatus(lab_channel *c, const char *line, const char *rest, uint64_t now)
{
    (void)line;
    if (!strncmp(rest, "TIMED=", 6)) {
        unsigned long s = strtoul(rest + 6, NULL, 10);
        c->timed_ms = s >= 5 && s <= 300 ? (uint32_t)s * 1000 : 0;
        c->timed_at = now;
    }
    static const char *const names[] = {"DEVICE=", "JOB=", "PAGE="};
    bool *const flags[] = {&c->on_device, &c->on_job, &c->on_page};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (!strncmp(rest, names[i], strlen(names[i]))) *flags[i] = strcmp(rest + strlen(names[i]), "OFF") != 0;
    if (c->printer->model->ustatus_at_once && c->on_device) lab_pjl_status_block(c, "DEVICE", now);
}

static void do_ustatusoff(lab_channel *c, const char *line, const char *rest, uint64_t now)
{
    (void)line;
    (void)rest;
    (void)now;
    c->on_device = c->on_job = c->on_page = false;
    c->timed_ms = 0;
}

static void do_job(lab_channel *c, const char *line, const char *rest, uint64_t now)
{
    (void)line;
    if (c->job && c->job->counted) lab_channel_job_end(c, now);
    lab_channel_job(c, now);
    if (!c->job) return;
    c->job->wrapped = true;
    const char *name = strstr(rest, "NAME");
    name = name ? strchr(name, '"') : NULL;
    if (name) plt_utf8_copy(c->job->name, sizeof c->job->name, name + 1, strcspn(name + 1, "\""));
    if (c->on_job) lab_pjl_job_block(c, "START", c->job->name, 0, now);
}

static void do_eoj(lab_channel *c, const char *line, const char *rest, uint64_t now)
{
    (void)line;
    (void)rest;
    if (!c->job) return;
    lab_print_count(c->printer, c->job);
    c->job->wrapped = false; /* the next UEL ends its bytes too */
    if (c->on_job) lab_pjl_job_block(c, "END", c->job->name, c->job->result.impressions.n, now);
}

static void do_enter(lab_channel *c, const char *line, const char *rest, uint64_t now)
{
    (void)line;
    (void)rest;
    lab_channel_job(c, now);
    c->data = true;
}

static void do_nothing(lab_channel *c, const char *line, const char *rest, uint64_t now)
{
    (void)c;
    (void)line;
    (void)rest;
    (void)now;
}

/* What an agent must never send: a lab that sees it counts it, and changes nothing. */
static void do_forbidden(lab_channel *c, const char *line, const char *rest, uint64_t now)
{
    (void)line;
    (void)rest;
    (void)now;
    c->printer->n[LAB_FORBIDDEN]++;
}

/* ---- PML ---- */

enum { PML_GET = 0x00, PML_SET = 0x04, PML_REPLY = 0x80, PML_NO_REQUEST = 0x80, PML_NO_OBJECT = 0x83, PML_NO_ACTION = 0x84, PML_SYNTAX = 0x88 };

static void pml_item(plt_buf *out, uint8_t type, const void *data, size_t n)
{
    plt_buf_byte(out, (uint8_t)(type | n >> 8));
    plt_buf_byte(out, (uint8_t)n);
    plt_buf_add(out, data, n);
}

/* Big endian, as short as its sign allows. */
static void pml_integer(plt_buf *out, uint8_t type, int64_t v)
{
    uint8_t b[8];
    size_t first = 0;
    for (size_t i = 0; i < 8; i++) b[i] = (uint8_t)((uint64_t)v >> (56 - 8 * i));
    uint8_t sign = v < 0 ? 0xFF : 0;
    while (first < 7 && b[first] == sign && (b[first + 1] & 0x80) == (sign & 0x80)) first++;
    pml_item(out, type, b + first, 8 - first);
}

static void pml_value(const lab_printer *p, const lab_object *o, plt_buf *out)
{
    plt_buf text;
    plt_buf_init(&text, 1024);
    if (o->type == PLT_PML_STRING) plt_buf_add(&text, "\x01\x15", 2); /* Roman-8 */
    lab_expand(p, o->value, "\n", &text);
    uint8_t raw[512];
    size_t n = text.len / 2;
    if (o->type == PLT_PML_INTEGER || o->type == PLT_PML_ENUM)
        pml_integer(out, o->type, strtoll(plt_buf_str(&text), NULL, 10));
    else if (o->type == PLT_PML_BINARY && n <= sizeof raw && plt_unhex(raw, n, plt_buf_str(&text)))
        pml_item(out, o->type, raw, n);
    else
        pml_item(out, o->type, text.data, text.len);
    plt_buf_free(&text);
}

static void pml_refuse(plt_buf *out, uint8_t outcome, const uint8_t *oid, size_t n)
{
    plt_buf_byte(out, PML_REPLY);
    plt_buf_byte(out, outcome);
    pml_item(out, PLT_PML_ERROR, &outcome, 1);
    pml_item(out, PLT_PML_OID, oid, n);
}

static void pml_answer(lab_printer *p, const uint8_t *q, size_t n, plt_buf *out)
{
    const lab_model *m = p->model;
    bool whole = n >= 3 && q[1] == PLT_PML_OID && q[2] <= n - 3;
    const uint8_t *oid = whole ? q + 3 : q;
    size_t oid_len = whole ? q[2] : 0;
    if (n && q[0] == PML_SET) p->n[LAB_PML_SETS]++;
    if (!whole || q[0] != PML_GET) {
        pml_refuse(out, !whole ? PML_SYNTAX : q[0] == PML_SET ? PML_NO_ACTION : PML_NO_REQUEST, oid, oid_len);
        return;
    }
    for (size_t i = 0; i < m->objects_n; i++) {
        const lab_object *o = &m->objects[i];
        if (o->oid_len != oid_len || memcmp(o->oid, oid, oid_len) != 0) continue;
        plt_buf_byte(out, PML_REPLY);
        plt_buf_byte(out, 0);
        pml_item(out, PLT_PML_OID, oid, oid_len);
        pml_value(p, o, out);
        return;
    }
    pml_refuse(out, PML_NO_OBJECT, oid, oid_len);
}

static void do_dminfo(lab_channel *c, const char *line, const char *rest, uint64_t now)
{
    uint8_t q[256];
    char hex[2 * sizeof q + 1];
    const char *text = strchr(rest, '"');
    c->printer->n[LAB_QUESTIONS]++;
    size_t n = text ? strcspn(text + 1, "\"") : 0;
    if (!c->printer->model->pml || n % 2 || n >= sizeof hex) {
        unknown(c, line, now);
        return;
    }
    memcpy(hex, text ? text + 1 : "", n);
    hex[n] = 0;
    plt_buf answer;
    plt_buf_init(&answer, 2048);
    if (plt_unhex(q, n / 2, hex)) pml_answer(c->printer, q, n / 2, &answer);
    begin(c, line);
    plt_buf_byte(&c->reply, '"');
    for (size_t i = 0; i < answer.len; i++) plt_buf_printf(&c->reply, "%02X", answer.data[i]);
    body(c, "\"");
    end(c, now);
    plt_buf_free(&answer);
}

static const struct command {
    const char *name;
    void (*run)(lab_channel *c, const char *line, const char *rest, uint64_t now);
} commands[] = {
    {"ECHO", do_echo},
    {"INFO", do_info},
    {"INQUIRE", do_inquire},
    {"DINQUIRE", do_inquire},
    {"USTATUS", do_ustatus},
    {"USTATUSOFF", do_ustatusoff},
    {"DMINFO", do_dminfo},
    {"JOB", do_job},
    {"EOJ", do_eoj},
    {"ENTER", do_enter},
    {"SET", do_nothing},
    {"COMMENT", do_nothing},
    {"JOBATTR", do_nothing},
    {"DEFAULT", do_forbidden},
    {"INITIALIZE", do_forbidden},
    {"RESET", do_forbidden},
    {"OPMSG", do_forbidden},
    {"STMSG", do_forbidden},
    {"RDYMSG", do_forbidden},
    {"DMCMD", do_forbidden},
    {"UPGRADE", do_forbidden},
    {"FSUPLOAD", do_forbidden},
    {"FSDOWNLOAD", do_forbidden},
    {"FSDELETE", do_forbidden},
    {"FSDIRLIST", do_forbidden},
    {"FSQUERY", do_forbidden},
    {"FSINIT", do_forbidden},
    {"FSMKDIR", do_forbidden},
    {"FSAPPEND", do_forbidden},
};

void lab_pjl_line(lab_channel *c, const char *line, uint64_t now)
{
    const char *p = line + 4; /* "@PJL" */
    p += strspn(p, " \t");
    size_t n = strcspn(p, " \t=");
    const char *rest = p + n + strspn(p + n, " \t");
    if (!n) return;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        const char *name = commands[i].name;
        if (strlen(name) != n || memcmp(name, p, n) != 0) continue;
        commands[i].run(c, line, rest, now);
        return;
    }
    unknown(c, line, now);
}

void lab_pjl_status_block(lab_channel *c, const char *kind, uint64_t now)
{
    const lab_model *m = c->printer->model;
    const lab_info *info = find_info(m, "*USTATUS");
    char head[64];
    if (!info) info = find_info(m, "STATUS");
    snprintf(head, sizeof head, "@PJL USTATUS %s", kind);
    begin(c, head);
    if (info) body(c, info->body);
    end(c, now);
}

void lab_pjl_job_block(lab_channel *c, const char *what, const char *name, uint64_t pages, uint64_t now)
{
    begin(c, "@PJL USTATUS JOB");
    begin(c, what);
    plt_buf_printf(&c->reply, "NAME=\"%s\"%s", name, eol(c));
    if (!strcmp(what, "END")) plt_buf_printf(&c->reply, "PAGES=%llu%s", (unsigned long long)pages, eol(c));
    end(c, now);
}

void lab_pjl_page_block(lab_channel *c, uint64_t page, uint64_t now)
{
    begin(c, "@PJL USTATUS PAGE");
    plt_buf_printf(&c->reply, "%llu%s", (unsigned long long)page, eol(c));
    end(c, now);
}
