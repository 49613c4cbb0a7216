/* SPDX-License-Identifier: Apache-2.0 */
/* A target's text and what it names. The text comes from the registry or from XcvData: it is checked here and nowhere else. */
#include "spooler-monitor/target.h"

#include <string.h>

#include "core/util/text.h"

uint32_t mon_error_of(plt_status s)
{
    switch (s) {
    case PLT_OK: return 0;
    case PLT_NOMEM: return MON_E_NOT_ENOUGH_MEMORY;
    case PLT_TIMEOUT: return MON_E_TIMEOUT;
    case PLT_CLOSED: return MON_E_NETNAME_DELETED;
    case PLT_DENIED: return MON_E_ACCESS_DENIED;
    case PLT_NOTFOUND: return MON_E_CONNECTION_REFUSED;
    case PLT_EXISTS: return MON_E_ALREADY_EXISTS;
    case PLT_BAD: return MON_E_INVALID_PARAMETER;
    case PLT_FULL: return MON_E_DISK_FULL;
    case PLT_BUSY: return MON_E_BUSY;
    case PLT_UNSUPPORTED: return MON_E_NOT_SUPPORTED;
    case PLT_IO: break;
    }
    return MON_E_WRITE_FAULT;
}

bool mon_cancel_asked(const mon_cancel *c)
{
    return c->asked && c->asked(c->ctx);
}

typedef struct parsed {
    char kind; /* 't', 'p', 'f' */
    char name[MON_TARGET_MAX];
    uint16_t port;
} parsed;

static bool printable(const char *s)
{
    for (; *s; s++)
        if ((unsigned char)*s < 0x20 || *s == 0x7F) return false;
    return true;
}

/* "<host>:<port>"; an IPv6 address stands in brackets. */
static bool parse_tcp(const char *s, parsed *p)
{
    const char *colon = strrchr(s, ':');
    unsigned port = 0;
    if (!colon || colon == s || !colon[1] || strlen(colon + 1) > 5) return false;
    for (const char *d = colon + 1; *d; d++) {
        if (*d < '0' || *d > '9') return false;
        port = port * 10 + (unsigned)(*d - '0');
    }
    size_t n = (size_t)(colon - s);
    if (s[0] == '[' && s[n - 1] == ']') {
        s++;
        n -= 2;
    }
    if (port == 0 || port > 65535 || n == 0 || n > 255) return false;
    memcpy(p->name, s, n);
    p->name[n] = 0;
    p->port = (uint16_t)port;
    return strpbrk(p->name, " []/\\") == NULL;
}

static bool parse(const char *text, parsed *p)
{
    memset(p, 0, sizeof *p);
    if (!text || strlen(text) >= MON_TARGET_MAX || !plt_utf8_valid(text, strlen(text)) || !printable(text)) return false;
    if (strncmp(text, "tcp:", 4) == 0) {
        p->kind = 't';
        return parse_tcp(text + 4, p);
    }
    if (strncmp(text, "port:", 5) != 0 && strncmp(text, "file:", 5) != 0) return false;
    p->kind = text[0];
    plt_copy(p->name, sizeof p->name, text + 5);
    /* A comma would end the port's name in "<name>, Port". */
    return p->name[0] && (p->kind == 'f' || !strchr(p->name, ','));
}

bool mon_target_valid(const char *text, char *inner)
{
    parsed p;
    if (inner) inner[0] = 0;
    if (!parse(text, &p)) return false;
    if (inner && p.kind == 'p') plt_copy(inner, MON_TARGET_MAX, p.name);
    return true;
}

plt_status mon_target_make(mon_target **t, const char *text)
{
    parsed p;
    *t = NULL;
    if (!parse(text, &p)) return PLT_BAD;
    if (p.kind == 't') return mon_target_tcp(t, p.name, p.port, &mon_tcp_default);
    if (p.kind == 'p') return mon_target_port(t, p.name);
    return mon_target_file(t, p.name);
}

void mon_target_free(mon_target *t)
{
    if (t) t->ops->free(t);
}
