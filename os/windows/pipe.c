/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Local streams by named pipes: byte mode, overlapped, never remote. A name is served by its first instance's owner only, and a
 * client talks to nobody but SYSTEM or its own account. What a peer says of itself is never asked.
 */
#include "os/pipe.h"

#include <windows.h>

#include <aclapi.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/util/text.h"
#include "os/error.h"
#include "os/windows/account.h"
#include "os/windows/last_error.h"
#include "os/windows/overlapped.h"
#include "os/windows/wide.h"

#define BUFFER_SIZE (256 * 1024) /* what the monitor sends in one write goes through in one */
#define RETRY_MS 50

/*
 * Who may open the pipes. '@' is this process's own account: SYSTEM for an installed service, the developer for a run in the
 * foreground. O:@ makes it the owner (SYSTEM's own default is Administrators): clients tell the true server by it.
 * D:P takes no right from elsewhere.
 */
static const wchar_t *const access_sddl[] = {
    /* The spooler (SYSTEM) and ourselves; not even administrators. */
    [OS_PIPE_SYSTEM] = L"O:@D:P"
                       L"(A;;GA;;;SY)" /* SYSTEM: everything */
                       L"(A;;GA;;;@)", /* ourselves: everything, so that we can make the next instance */
    /* Everybody who sits at this machine, on its console or by remote desktop. */
    [OS_PIPE_USERS] = L"O:@D:P"
                      L"(A;;GA;;;SY)"        /* SYSTEM: everything */
                      L"(A;;GA;;;@)"         /* ourselves: everything; before the next line, for a foreground run by remote shell */
                      L"(D;;GA;;;NU)"        /* whoever else came over the network: nothing, whatever groups they are in */
                      L"(A;;GA;;;BA)"        /* administrators: everything */
                      L"(A;;0x12008b;;;IU)", /* interactive users: FILE_GENERIC_READ | FILE_WRITE_DATA, that is connect, read and write.
                                                Without FILE_CREATE_PIPE_INSTANCE (4), which FILE_GENERIC_WRITE holds: they cannot serve */
};
/* What a client asks for: what the table gives to interactive users, and no more. */
#define CLIENT_ACCESS (GENERIC_READ | FILE_WRITE_DATA)

struct os_pipe {
    overlapped io;
    HANDLE cancel;
    bool is_server;
    char name[OS_PIPE_NAME_MAX];
};

struct os_pipe_server {
    HANDLE next; /* the instance that the next client gets; there is always one, so that the name stays ours */
    HANDLE connected;
    HANDLE stop;
    SECURITY_ATTRIBUTES security;
    wchar_t wide[OS_PIPE_NAME_MAX];
    char name[OS_PIPE_NAME_MAX];
};

plt_status os_pipe_name(char out[OS_PIPE_NAME_MAX], const char *data_dir, const char *role)
{
    (void)data_dir; /* pipes have a name space of their own */
    int n = snprintf(out, OS_PIPE_NAME_MAX, "\\\\.\\pipe\\platen-%s", role);
    return n > 0 && n < OS_PIPE_NAME_MAX ? PLT_OK : os_fail_as(PLT_BAD, "name the pipe", role);
}

/* Takes the handle over, also when it fails. */
static plt_status pipe_make(os_pipe **out, HANDLE handle, const char *name, bool is_server)
{
    *out = NULL;
    os_pipe *p = calloc(1, sizeof *p);
    plt_status s = p ? PLT_OK : os_fail_as(PLT_NOMEM, "open", name);
    if (p) {
        plt_copy(p->name, sizeof p->name, name);
        p->is_server = is_server;
        p->cancel = CreateEventW(NULL, TRUE, FALSE, NULL);
        s = p->cancel ? overlapped_open(&p->io, handle, p->cancel, p->name) : os_fail(last_error(), "make an event for", name);
    }
    if (s != PLT_OK) {
        CloseHandle(handle);
        os_pipe_close(p);
        return s;
    }
    *out = p;
    return PLT_OK;
}

void os_pipe_close(os_pipe *p)
{
    if (!p) return;
    /* Without DisconnectNamedPipe, which would throw away what the peer has not read yet. */
    overlapped_close(&p->io);
    if (p->cancel) CloseHandle(p->cancel);
    free(p);
}

void os_pipe_cancel(os_pipe *p)
{
    if (p) SetEvent(p->cancel);
}

/* -- the server */

static HANDLE instance_make(os_pipe_server *s, DWORD first)
{
    return CreateNamedPipeW(s->wide, PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED | first,
                            PIPE_TYPE_BYTE | PIPE_READMODE_BYTE | PIPE_WAIT | PIPE_REJECT_REMOTE_CLIENTS, PIPE_UNLIMITED_INSTANCES, BUFFER_SIZE,
                            BUFFER_SIZE, 0, &s->security);
}

static plt_status serve(os_pipe_server *s, os_pipe_access access)
{
    if (!wide_from(s->wide, OS_PIPE_NAME_MAX, s->name)) return os_fail_as(PLT_BAD, "serve", s->name);
    s->connected = CreateEventW(NULL, TRUE, FALSE, NULL);
    s->stop = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (!s->connected || !s->stop) return os_fail(last_error(), "make an event for", s->name);
    DWORD err = account_security(&s->security, access_sddl[access]);
    if (err != ERROR_SUCCESS) return os_fail(err, "make the rights of", s->name);
    /* The flag decides who is first; Wine ignores it, so the name is looked up before. */
    if (WaitNamedPipeW(s->wide, 1) || last_error() == ERROR_SEM_TIMEOUT) return os_fail_as(PLT_EXISTS, "serve", s->name);
    s->next = instance_make(s, FILE_FLAG_FIRST_PIPE_INSTANCE);
    if (s->next != INVALID_HANDLE_VALUE) return PLT_OK;
    err = last_error();
    plt_status st = os_fail(err, "serve", s->name);
    /* So the system says that somebody was first after all. */
    return err == ERROR_ACCESS_DENIED || err == ERROR_PIPE_BUSY ? PLT_EXISTS : st;
}

plt_status os_pipe_listen(os_pipe_server **out, const char *name, os_pipe_access access)
{
    *out = NULL;
    os_pipe_server *s = calloc(1, sizeof *s);
    if (!s) return os_fail_as(PLT_NOMEM, "serve", name);
    s->next = INVALID_HANDLE_VALUE;
    plt_status st = plt_copy(s->name, sizeof s->name, name) ? serve(s, access) : os_fail_as(PLT_BAD, "serve", name);
    if (st != PLT_OK) {
        os_pipe_server_free(s);
        return st;
    }
    *out = s;
    return PLT_OK;
}

void os_pipe_server_stop(os_pipe_server *s)
{
    if (s) SetEvent(s->stop);
}

void os_pipe_server_free(os_pipe_server *s)
{
    if (!s) return;
    if (s->next != INVALID_HANDLE_VALUE) CloseHandle(s->next);
    if (s->connected) CloseHandle(s->connected);
    if (s->stop) CloseHandle(s->stop);
    account_security_free(&s->security);
    free(s);
}

/* Waits until somebody has connected to s->next. */
static DWORD client_wait(os_pipe_server *s, uint64_t deadline)
{
    OVERLAPPED ov;
    DWORD moved;
    memset(&ov, 0, sizeof ov);
    ov.hEvent = s->connected;
    if (ConnectNamedPipe(s->next, &ov)) return ERROR_SUCCESS;
    DWORD err = last_error();
    if (err == ERROR_PIPE_CONNECTED) return ERROR_SUCCESS; /* faster than we were */
    if (err != ERROR_IO_PENDING) return err;
    return overlapped_settle(s->next, &ov, s->stop, deadline, &moved);
}

plt_status os_pipe_accept(os_pipe_server *s, uint32_t timeout_ms, os_pipe **out)
{
    uint64_t deadline = overlapped_deadline(timeout_ms);
    *out = NULL;
    for (;;) {
        if (WaitForSingleObject(s->stop, 0) == WAIT_OBJECT_0) return os_fail_as(PLT_CLOSED, "serve", s->name);
        if (s->next == INVALID_HANDLE_VALUE) s->next = instance_make(s, 0);
        DWORD err = s->next == INVALID_HANDLE_VALUE ? last_error() : client_wait(s, deadline);
        if (err == ERROR_SUCCESS) break;
        if (s->next == INVALID_HANDLE_VALUE && overlapped_left(deadline) > RETRY_MS) {
            WaitForSingleObject(s->stop, RETRY_MS); /* all instances are taken: clients wait, and so do we, without spinning */
            continue;
        }
        if (err != ERROR_NO_DATA) return os_fail(err, "wait for a client of", s->name);
        DisconnectNamedPipe(s->next); /* it connected and went away; take the next one */
    }
    HANDLE client = s->next;
    s->next = instance_make(s, 0); /* if this fails, the next accept tries again */
    return pipe_make(out, client, s->name, true);
}

/* -- the client */

/*
 * Whom are we talking to? The pipe's owner tells: an account can make itself the owner of what it creates, but nobody else without
 * SeRestorePrivilege. The process behind it tells less (an ordinary user may not open a service's process, and its id may have been
 * given away again), so it is asked only where the owner cannot be read.
 */
static plt_status server_check(HANDLE handle, const char *name)
{
    account own, server;
    PSID owner = NULL;
    PSECURITY_DESCRIPTOR sd = NULL;
    ULONG pid;
    DWORD err = account_own(&own);
    if (err != ERROR_SUCCESS) return os_fail(err, "ask for our own account at", name);
    err = GetSecurityInfo(handle, SE_KERNEL_OBJECT, OWNER_SECURITY_INFORMATION, &owner, NULL, NULL, NULL, &sd);
    if (err == ERROR_SUCCESS) err = owner ? account_from_sid(owner, &server) : ERROR_INVALID_OWNER;
    if (sd) LocalFree(sd);
    if (err != ERROR_SUCCESS) err = GetNamedPipeServerProcessId(handle, &pid) ? account_of_process(pid, &server) : last_error();
    if (err != ERROR_SUCCESS) {
        (void)os_fail(err, "find out who serves", name);
        return PLT_DENIED;
    }
    return server.is_system || account_same(&server, &own) ? PLT_OK : os_fail_as(PLT_DENIED, "trust the server of", name);
}

plt_status os_pipe_connect(os_pipe **out, const char *name, uint32_t timeout_ms)
{
    uint64_t deadline = overlapped_deadline(timeout_ms);
    wchar_t wide[OS_PIPE_NAME_MAX];
    HANDLE handle;
    *out = NULL;
    if (!wide_from(wide, OS_PIPE_NAME_MAX, name)) return os_fail_as(PLT_BAD, "connect to", name);
    for (;;) {
        /* A false server learns who we are, but cannot act as we. */
        handle =
            CreateFileW(wide, CLIENT_ACCESS, 0, NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED | SECURITY_SQOS_PRESENT | SECURITY_IDENTIFICATION, NULL);
        if (handle != INVALID_HANDLE_VALUE) break;
        DWORD err = last_error(), left = overlapped_left(deadline);
        if (err != ERROR_PIPE_BUSY) return os_fail(err, "connect to", name);
        if (left == 0) return os_fail_as(PLT_TIMEOUT, "connect to", name);
        /* 0 would mean the server's default. Whoever wins the free instance is not said: back to the start. */
        if (!WaitNamedPipeW(wide, left)) {
            err = last_error();
            if (err != ERROR_SEM_TIMEOUT) return os_fail(err, "wait for", name);
        }
    }
    plt_status s = server_check(handle, name);
    if (s != PLT_OK) {
        CloseHandle(handle);
        return s;
    }
    return pipe_make(out, handle, name, false);
}

/* -- both */

plt_status os_pipe_read(os_pipe *p, void *buf, size_t n, uint32_t timeout_ms, size_t *got)
{
    return overlapped_read(&p->io, buf, n, overlapped_deadline(timeout_ms), got);
}

plt_status os_pipe_read_all(os_pipe *p, void *buf, size_t n, uint32_t timeout_ms)
{
    return overlapped_read_all(&p->io, buf, n, overlapped_deadline(timeout_ms));
}

plt_status os_pipe_write(os_pipe *p, const void *buf, size_t n, uint32_t timeout_ms)
{
    return overlapped_write_all(&p->io, buf, n, overlapped_deadline(timeout_ms));
}

/* The client's token, by impersonating it for a moment. Every other call of this thread in between would be made in its name. */
static DWORD client_token(os_pipe *p, HANDLE *token)
{
    DWORD err = ERROR_SUCCESS;
    *token = NULL;
    if (!ImpersonateNamedPipeClient(p->io.handle)) return last_error();
    /* TRUE: the right to open the token is ours, not the client's. */
    if (!OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, token)) err = last_error();
    /* To go on under somebody else's name would be worse than not to go on. */
    if (!RevertToSelf()) abort();
    return err;
}

static bool is_administrator(HANDLE token)
{
    account admins;
    DWORD n = sizeof admins.u;
    BOOL member = FALSE;
    if (!CreateWellKnownSid(WinBuiltinAdministratorsSid, NULL, &admins.u.sid, &n)) return false;
    return CheckTokenMembership(token, &admins.u.sid, &member) && member;
}

plt_status os_pipe_peer_get(os_pipe *p, os_pipe_peer *out)
{
    account own, peer;
    HANDLE token = NULL;
    ULONG pid = 0, session = 0;
    memset(out, 0, sizeof *out);
    if (!p->is_server) return os_fail_as(PLT_UNSUPPORTED, "ask who serves", p->name);
    DWORD err = GetNamedPipeClientProcessId(p->io.handle, &pid) ? client_token(p, &token) : last_error();
    if (err == ERROR_SUCCESS) err = account_of_token(token, &peer);
    if (err == ERROR_SUCCESS) err = account_own(&own);
    if (err == ERROR_SUCCESS) {
        out->pid = pid;
        if (!GetNamedPipeClientSessionId(p->io.handle, &session)) session = 0;
        out->session = session;
        out->is_system = peer.is_system || account_same(&peer, &own) || is_administrator(token);
        account_name(&peer, out->user, sizeof out->user);
    }
    if (token) CloseHandle(token);
    return err == ERROR_SUCCESS ? PLT_OK : os_fail(err, "ask who is at", p->name);
}
