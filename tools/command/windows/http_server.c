/* SPDX-License-Identifier: MIT */
/* The HTTP server, by the system's HTTP Server API. */
#include <windows.h>

#include <http.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/http_server.h"
#include "shared/message.h"
#include "shared/os.h"

enum { THREADS = 4, REQUEST_BYTES = 16384, URL_CHARACTERS = 300, PATH_BYTES = 1024 };

static const HTTPAPI_VERSION version = HTTPAPI_VERSION_1;
static HANDLE queue;
static http_answer *answer_of;

/* ---- Answers ---- */

static void set_header(HTTP_RESPONSE *response, HTTP_HEADER_ID header, const char *value)
{
    response->Headers.KnownHeaders[header].pRawValue = value;
    response->Headers.KnownHeaders[header].RawValueLength = (USHORT)strlen(value);
}

static const char *reason_of(enum http_status status)
{
    switch (status) {
    case HTTP_OK: return "OK";
    case HTTP_NOT_FOUND: return "Not Found";
    case HTTP_NOT_ALLOWED: return "Method Not Allowed";
    default: return "Internal Server Error";
    }
}

/* The answer to HEAD has the length of the body, and not the body. */
static void send_reply(HTTP_REQUEST_ID request, const struct http_reply *reply, bool with_body)
{
    HTTP_RESPONSE response = {.StatusCode = (USHORT)reply->status};
    HTTP_DATA_CHUNK chunk = {.DataChunkType = HttpDataChunkFromMemory};
    char length[24];
    snprintf(length, sizeof length, "%zu", reply->bytes);
    response.pReason = reason_of(reply->status);
    response.ReasonLength = (USHORT)strlen(response.pReason);
    set_header(&response, HttpHeaderContentType, reply->type);
    if (reply->status == HTTP_NOT_ALLOWED)
        set_header(&response, HttpHeaderAllow, "GET, HEAD");
    if (!with_body)
        set_header(&response, HttpHeaderContentLength, length);
    chunk.FromMemory.pBuffer = reply->body;
    chunk.FromMemory.BufferLength = (ULONG)reply->bytes;
    response.EntityChunkCount = with_body && reply->bytes > 0;
    response.pEntityChunks = &chunk;
    ULONG sent = 0;
    HttpSendHttpResponse(queue, request, 0, &response, NULL, &sent, NULL, 0, NULL, NULL);
}

static void answer(const HTTP_REQUEST *request)
{
    char path[PATH_BYTES] = "";
    int characters = request->CookedUrl.AbsPathLength / (int)sizeof(wchar_t);
    struct http_reply reply = {.status = HTTP_NOT_ALLOWED, .type = "text/plain"};
    WideCharToMultiByte(CP_UTF8, 0, request->CookedUrl.pAbsPath, characters, path, PATH_BYTES - 1,
                        NULL, NULL);
    bool is_head = request->Verb == HttpVerbHEAD;
    if (is_head || request->Verb == HttpVerbGET)
        reply = answer_of(path);
    send_reply(request->RequestId, &reply, !is_head);
    free(reply.body);
}

/* A request that does not fit is given up: the client sees its connection end. */
static DWORD WINAPI serve(void *context)
{
    (void)context;
    HTTP_REQUEST *request = malloc(REQUEST_BYTES);
    ULONG result = request ? NO_ERROR : ERROR_NOT_ENOUGH_MEMORY, got = 0;
    while (result == NO_ERROR || result == ERROR_MORE_DATA || result == ERROR_CONNECTION_INVALID) {
        memset(request, 0, sizeof *request);
        result = HttpReceiveHttpRequest(queue, HTTP_NULL_ID, 0, request, REQUEST_BYTES, &got, NULL);
        if (result == NO_ERROR)
            answer(request);
        else if (result == ERROR_MORE_DATA)
            HttpCancelHttpRequest(queue, request->RequestId, NULL);
    }
    free(request);
    return 0;
}

/* ---- The address ---- */

static void complain_of_url(const wchar_t *url, ULONG result)
{
    switch (result) {
    case ERROR_ACCESS_DENIED:
        complain("cannot listen on %ls: not permitted to this user; an administrator permits it by "
                 "'netsh http add urlacl url=%ls user=NAME'",
                 url, url);
        return;
    case ERROR_ALREADY_EXISTS:
    case ERROR_SHARING_VIOLATION:
        complain("cannot listen on %ls: another program uses this port; choose one with --listen "
                 "ADDR:PORT",
                 url);
        return;
    case ERROR_INVALID_PARAMETER:
        complain("cannot listen on %ls: this is not an address, or not a port from 1 to 65535",
                 url);
        return;
    default: SetLastError(result); complain("cannot listen on %ls: %s", url, os_error());
    }
}

static ULONG add_url(const char *host, const char *port, wchar_t *url)
{
    bool is_6 = strchr(host, ':') != NULL;
    bool is_any = strcmp(host, "0.0.0.0") == 0 || strcmp(host, "::") == 0;
    swprintf(url, URL_CHARACTERS, L"http://%s%hs%s:%hs/", is_6 && !is_any ? L"[" : L"",
             is_any ? "+" : host, is_6 && !is_any ? L"]" : L"", port);
    return HttpAddUrl(queue, url, NULL);
}

/* Requests are told apart by the host that they name. Everybody may use "localhost". */
static bool add_address(const struct http_address *address)
{
    wchar_t url[URL_CHARACTERS], local[URL_CHARACTERS];
    bool is_local = strcmp(address->host, "127.0.0.1") == 0 || strcmp(address->host, "::1") == 0;
    ULONG result = add_url(address->host, address->port, url);
    if (is_local && (result == NO_ERROR || result == ERROR_ACCESS_DENIED) &&
        add_url("localhost", address->port, local) == NO_ERROR)
        result = NO_ERROR;
    if (result != NO_ERROR)
        complain_of_url(url, result);
    return result == NO_ERROR;
}

/* ---- The server ---- */

static bool start_threads(void)
{
    int started = 0;
    for (int i = 0; i < THREADS; i++) {
        HANDLE thread = CreateThread(NULL, 0, serve, NULL, 0, NULL);
        started += thread != NULL;
        if (thread)
            CloseHandle(thread);
    }
    return started > 0;
}

static bool complain_of(const char *what, ULONG result)
{
    SetLastError(result);
    complain("cannot %s: %s", what, os_error());
    return false;
}

bool http_server_start(struct http_address *address, http_answer *answers)
{
    ULONG result = HttpInitialize(version, HTTP_INITIALIZE_SERVER, NULL);
    if (result == NO_ERROR)
        result = HttpCreateHttpHandle(&queue, 0);
    if (result != NO_ERROR)
        return complain_of("use the system's HTTP server", result);
    answer_of = answers;
    if (!add_address(address))
        return false;
    return start_threads() || complain_of("start a thread", GetLastError());
}

/* The threads end with the process: one of them may be in a call that nothing ends. */
void http_server_stop(void)
{
    CloseHandle(queue);
}
