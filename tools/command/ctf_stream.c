/* SPDX-License-Identifier: MIT */
/* One file of a trace in the Common Trace Format: the events of one ring, in packets. ctf_metadata.c
 * describes the fields. */
#include "ctf_stream.h"

#include <stdlib.h>
#include <string.h>

#include "ctf_metadata.h"
#include "disk.h"
#include "shared/os.h"
#include "shared/text.h"

#define PACKET_MAGIC UINT32_C(0xC1FC1FC1)

/* A packet ends when it has that many bytes; the fields of its head, without the ring's name. */
enum { PACKET_BYTES = 1 << 16, HEAD_BYTES = 2 * 4 + 6 * 8 };

static bool make_room(struct ctf_stream *stream, size_t bytes)
{
    size_t needed = stream->bytes + bytes;
    if (needed <= stream->space)
        return true;
    size_t space = needed < PACKET_BYTES ? PACKET_BYTES : 2 * needed;
    unsigned char *larger = realloc(stream->packet, space);
    stream->lacks_memory = !larger;
    if (!larger)
        return false;
    stream->packet = larger;
    stream->space = space;
    return true;
}

/* There is room for it. */
static void put(struct ctf_stream *stream, const void *data, size_t bytes)
{
    if (bytes > 0)
        memcpy(stream->packet + stream->bytes, data, bytes);
    stream->bytes += bytes;
}

static void put_number(struct ctf_stream *stream, uint64_t value, int bytes)
{
    for (int i = 0; i < bytes; i++)
        stream->packet[stream->bytes++] = (unsigned char)(value >> 8 * i);
}

static bool begin_packet(struct ctf_stream *stream)
{
    size_t name_bytes = strlen(stream->ring) + 1;
    stream->bytes = 0;
    if (!make_room(stream, HEAD_BYTES + name_bytes))
        return false;
    stream->bytes = HEAD_BYTES;
    put(stream, stream->ring, name_bytes);
    return true;
}

static void put_head(struct ctf_stream *stream)
{
    size_t packet_bytes = stream->bytes;
    stream->bytes = 0;
    put_number(stream, PACKET_MAGIC, 4);
    put_number(stream, 0, 4); /* the class of the stream */
    put_number(stream, stream->number, 8);
    put_number(stream, stream->first_ns, 8);
    put_number(stream, stream->last_ns, 8);
    put_number(stream, 8 * (uint64_t)packet_bytes, 8); /* content */
    put_number(stream, 8 * (uint64_t)packet_bytes, 8); /* with padding, of which there is none */
    put_number(stream, stream->packets++, 8);
    stream->bytes = packet_bytes;
}

static bool is_empty(const struct ctf_stream *stream)
{
    return stream->bytes == HEAD_BYTES + strlen(stream->ring) + 1;
}

static bool write_packet(struct ctf_stream *stream)
{
    if (is_empty(stream))
        return true;
    put_head(stream);
    return disk_write(stream->file, stream->packet, stream->bytes) && begin_packet(stream);
}

/* Records without a time are as many nanoseconds apart as their numbers; time never goes back. */
static void advance(struct ctf_stream *stream, const struct mapring_record *record)
{
    uint64_t time_ns = record->time_ns != 0 ? record->time_ns : record->sequence;
    if (time_ns > stream->last_ns)
        stream->last_ns = time_ns;
    if (is_empty(stream))
        stream->first_ns = stream->last_ns;
}

static bool begin_event(struct ctf_stream *stream, const struct mapring_record *record,
                        enum ctf_event event)
{
    enum { MOST_NUMBERS = 64 };
    if (stream->bytes >= PACKET_BYTES && !write_packet(stream))
        return false;
    if (!make_room(stream, MOST_NUMBERS + record->bytes))
        return false;
    advance(stream, record);
    put_number(stream, event, 1);
    put_number(stream, stream->last_ns, 8);
    return true;
}

bool ctf_stream_open(struct ctf_stream *stream, const char *path, const char *ring, uint64_t number)
{
    *stream = (struct ctf_stream){.ring = strdup(ring), .number = number, .file = -1};
    stream->lacks_memory = !stream->ring;
    if (!stream->ring || !begin_packet(stream))
        return false;
    stream->file = disk_create(path);
    return stream->file >= 0;
}

bool ctf_stream_record(struct ctf_stream *stream, const struct mapring_record *record)
{
    bool is_text = text_is_string(record->payload, record->bytes);
    if (!begin_event(stream, record, is_text ? CTF_RECORD : CTF_BYTES))
        return false;
    put_number(stream, record->sequence, 8);
    put_number(stream, record->continues, 1);
    put_number(stream, record->continued, 1);
    if (!is_text)
        put_number(stream, record->bytes, 4);
    put(stream, record->payload, record->bytes);
    if (is_text)
        put_number(stream, 0, 1);
    return true;
}

bool ctf_stream_lost(struct ctf_stream *stream, const struct mapring_record *lost)
{
    struct mapring_record event = {.sequence = lost->sequence, .time_ns = lost->time_ns};
    if (!begin_event(stream, &event, CTF_LOST))
        return false;
    put_number(stream, lost->sequence, 8);
    put_number(stream, lost->lost_records, 8);
    put_number(stream, lost->lost_bytes, 8);
    put_number(stream, lost->lost_until_ns, 8);
    return true;
}

bool ctf_stream_close(struct ctf_stream *stream)
{
    bool done = stream->file >= 0 && write_packet(stream);
    if (stream->file >= 0)
        os_close(stream->file);
    free(stream->packet);
    free(stream->ring);
    stream->packet = NULL;
    stream->ring = NULL;
    return done;
}

const char *ctf_stream_error(const struct ctf_stream *stream)
{
    return stream->lacks_memory ? "not enough memory" : os_error();
}
