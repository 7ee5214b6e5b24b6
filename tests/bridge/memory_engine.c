/* SPDX-License-Identifier: MIT */
/* A stream in the memory of this process. */
#include "memory_engine.h"

#include <stdlib.h>
#include <string.h>

#include "helpers.h"

enum { MESSAGES = 4096, HEADERS = 32 };

static struct {
    struct engine_message message[MESSAGES]; /* [number]; without headers: it is not there */
    uint64_t first, last, next;              /* the next one to be delivered */
    unsigned fails_after;
    enum engine_result fails_with, failed;
    uint64_t before;
    void (*call)(void);
    unsigned connections;
} stream;

static void *copy(const void *data, size_t bytes)
{
    void *new = malloc(bytes + 1);
    check(new != NULL);
    memcpy(new, data, bytes);
    return new;
}

static void drop(struct engine_message *message)
{
    for (unsigned i = 0; i < message->header_count; i++)
        free((void *)message->headers[i].value);
    free((void *)message->headers);
    free((void *)message->payload);
    *message = (struct engine_message){0};
}

/* ---- What the test does ---- */

void memory_reset(void)
{
    for (unsigned i = 0; i < MESSAGES; i++)
        drop(&stream.message[i]);
    memset(&stream, 0, sizeof stream);
    stream.first = 1;
}

void memory_publish(const struct engine_message *message)
{
    struct engine_header *headers = copy(message->headers, HEADERS * sizeof *headers);
    check(message->header_count <= HEADERS && stream.last + 1 < MESSAGES);
    for (unsigned i = 0; i < message->header_count; i++)
        headers[i].value = copy(headers[i].value, strlen(headers[i].value) + 1);
    stream.message[++stream.last] =
        (struct engine_message){.number = stream.last,
                                .time_ns = (int64_t)stream.last * SECONDS,
                                .headers = headers,
                                .header_count = message->header_count,
                                .payload = copy(message->payload, message->bytes),
                                .bytes = message->bytes};
}

void memory_lose(uint64_t number)
{
    drop(&stream.message[number]);
}

void memory_remove_first(uint64_t count)
{
    for (; count > 0; count--)
        memory_lose(stream.first++);
}

struct engine_message *memory_message(uint64_t number)
{
    return &stream.message[number];
}

void memory_set_header(uint64_t number, const char *name, const char *value)
{
    struct engine_message *message = memory_message(number);
    struct engine_header *headers = (struct engine_header *)message->headers;
    for (unsigned i = 0; i < message->header_count; i++) {
        if (strcmp(headers[i].name, name) != 0)
            continue;
        free((void *)headers[i].value);
        headers[i].value = copy(value, strlen(value) + 1);
        return;
    }
    check_failed(__FILE__, __LINE__, "there is no header %s", name);
}

uint64_t memory_last(void)
{
    return stream.last;
}

static void write_bytes(FILE *file, const void *data, size_t bytes)
{
    check(fwrite(&bytes, sizeof bytes, 1, file) == 1);
    check(fwrite(data, 1, bytes, file) == bytes);
}

static void *read_bytes(FILE *file, size_t *bytes)
{
    check(fread(bytes, sizeof *bytes, 1, file) == 1);
    char *data = copy("", 0);
    data = realloc(data, *bytes + 1);
    check(data && fread(data, 1, *bytes, file) == *bytes);
    return data;
}

/* The names of headers are the same in all processes. */
void memory_save(const char *path)
{
    FILE *file = fopen(path, "wb");
    check(file != NULL);
    write_bytes(file, &stream.last, sizeof stream.last);
    for (uint64_t i = 1; i <= stream.last; i++) {
        const struct engine_message *message = &stream.message[i];
        write_bytes(file, &message->header_count, sizeof message->header_count);
        for (unsigned h = 0; h < message->header_count; h++) {
            write_bytes(file, message->headers[h].name, strlen(message->headers[h].name) + 1);
            write_bytes(file, message->headers[h].value, strlen(message->headers[h].value) + 1);
        }
        write_bytes(file, message->payload, message->bytes);
    }
    check(fclose(file) == 0);
}

void memory_load(const char *path)
{
    FILE *file = fopen(path, "rb");
    size_t bytes;
    check(file != NULL);
    uint64_t *last = read_bytes(file, &bytes);
    for (uint64_t i = 1; i <= *last; i++) {
        struct engine_header headers[HEADERS] = {{NULL, NULL}};
        unsigned *count = read_bytes(file, &bytes);
        struct engine_message message = {.headers = headers, .header_count = *count};
        for (unsigned h = 0; h < *count; h++) {
            headers[h].name = read_bytes(file, &bytes); /* kept for good */
            headers[h].value = read_bytes(file, &bytes);
        }
        message.payload = read_bytes(file, &message.bytes);
        memory_publish(&message);
        for (unsigned h = 0; h < *count; h++)
            free((void *)headers[h].value);
        free((void *)message.payload);
        free(count);
    }
    free(last);
    fclose(file);
}

void memory_fail_after(unsigned messages, enum engine_result result)
{
    stream.fails_after = messages + 1;
    stream.fails_with = result;
}

void memory_before(uint64_t number, void (*call)(void))
{
    stream.before = number;
    stream.call = call;
}

unsigned memory_connections(void)
{
    return stream.connections;
}

/* ---- What the bridge sees ---- */

struct engine *engine_make(const struct connection *connection, const char *name,
                           const char *subject)
{
    (void)connection, (void)name, (void)subject;
    return (struct engine *)&stream;
}

void engine_close(struct engine *engine)
{
    (void)engine;
}

const char *engine_problem(const struct engine *engine)
{
    (void)engine;
    return "the stream does as the test wants";
}

const char *engine_server(const struct engine *engine)
{
    (void)engine;
    return "memory://test";
}

enum engine_result engine_connect(struct engine *engine)
{
    (void)engine;
    stream.failed = ENGINE_OK;
    stream.connections++;
    return ENGINE_OK;
}

enum engine_result engine_stream(struct engine *engine, struct engine_stream *about)
{
    (void)engine;
    *about = (struct engine_stream){.first = stream.first, .last = stream.last};
    for (uint64_t i = stream.first; i <= stream.last; i++) {
        about->messages += stream.message[i].headers != NULL;
        about->bytes += stream.message[i].bytes;
    }
    return stream.failed;
}

enum engine_result engine_get(struct engine *engine, uint64_t number,
                              struct engine_message *message)
{
    (void)engine;
    if (stream.failed != ENGINE_OK)
        return stream.failed;
    if (number > stream.last || !stream.message[number].headers)
        return ENGINE_NOTHING;
    *message = stream.message[number];
    return ENGINE_OK;
}

enum engine_result engine_last(struct engine *engine, struct engine_message *message)
{
    return engine_get(engine, stream.last, message);
}

const char *engine_header(const struct engine_message *message, const char *name)
{
    for (unsigned i = 0; i < message->header_count; i++)
        if (strcmp(message->headers[i].name, name) == 0)
            return message->headers[i].value;
    return NULL;
}

enum engine_result engine_read(struct engine *engine, uint64_t number)
{
    (void)engine;
    stream.next = number;
    return stream.failed;
}

static bool fails(void)
{
    if (stream.fails_after > 0 && --stream.fails_after == 0)
        stream.failed = stream.fails_with;
    return stream.failed != ENGINE_OK;
}

static void find_next(void)
{
    if (stream.next < stream.first)
        stream.next = stream.first;
    while (stream.next <= stream.last && !stream.message[stream.next].headers)
        stream.next++;
}

enum engine_result engine_next(struct engine *engine, int64_t timeout_ns,
                               struct engine_message *message)
{
    (void)engine, (void)timeout_ns;
    if (fails())
        return stream.failed;
    find_next();
    if (stream.next == stream.before && stream.call) {
        void (*call)(void) = stream.call;
        stream.call = NULL;
        call();
        find_next();
    }
    if (stream.next > stream.last)
        return ENGINE_NOTHING;
    *message = stream.message[stream.next++];
    message->pending = stream.last + 1 - stream.next;
    return ENGINE_OK;
}
