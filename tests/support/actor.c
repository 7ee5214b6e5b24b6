/* SPDX-License-Identifier: MIT */
/* The actor: a process that works on a ring as a test tells it to. */
#include "actor.h"

#include <inttypes.h>

#include "consumer/consumer.h"
#include "producer/drop.h"
#include "producer/producer.h"
#include "reader/reader.h"
#include "ring/cell.h"
#include "ring/open.h"

enum { WORD_COUNT = 12, RECEIVE_BYTES = 1 << 20 };

static struct {
    mapring_ring *ring;
    mapring_producer *producer;
    mapring_consumer *consumer;
    mapring_observer *observer;
    void *payload;     /* of the open reservation */
    uint64_t sequence; /* of the producer's next record */
    uint64_t expected; /* of the consumer's next record */
    bool started;      /* the consumer has read a record */
    struct reply reply;
} me;

/* ---- Records ---- */

void record_fill(void *payload, size_t bytes, uint64_t sequence)
{
    unsigned char *at = payload;
    uint64_t state = sequence * UINT64_C(0x9E3779B97F4A7C15) + bytes;
    for (size_t i = 0; i < bytes; i++) {
        at[i] = (unsigned char)(state >> 56);
        state += UINT64_C(0xD1B54A32D192ED03);
    }
}

bool record_is_intact(const void *payload, size_t bytes, uint64_t sequence)
{
    const unsigned char *at = payload;
    uint64_t state = sequence * UINT64_C(0x9E3779B97F4A7C15) + bytes;
    for (size_t i = 0; i < bytes; i++) {
        if (at[i] != (unsigned char)(state >> 56))
            return false;
        state += UINT64_C(0xD1B54A32D192ED03);
    }
    return true;
}

/* Losses add up; lost_from is the sequence number of the first lost record. */
static void note_loss(const struct mapring_record *record)
{
    if (me.reply.lost == 0)
        me.reply.lost_from = record->sequence;
    me.reply.lost += record->lost_records;
    me.reply.lost_bytes += record->lost_bytes;
    if (record->lost_records == 0 || (me.started && record->sequence != me.expected))
        me.reply.intact = 0;
    me.expected = record->sequence + record->lost_records;
    me.started = true;
}

static void note_record(const struct mapring_record *record)
{
    me.reply.bytes = record->bytes;
    me.reply.sequence = record->sequence;
    if (!record_is_intact(record->payload, record->bytes, record->sequence) ||
        (me.started && record->sequence != me.expected))
        me.reply.intact = 0;
    me.expected = record->sequence + 1;
    me.started = true;
}

static int note_result(int result, const struct mapring_record *record)
{
    if (result == MAPRING_OK)
        note_record(record);
    if (result == MAPRING_LOST)
        note_loss(record);
    return result;
}

/* ---- Commands ---- */

static int64_t milliseconds(const char *word)
{
    if (strcmp(word, "forever") == 0)
        return MAPRING_FOREVER;
    return (int64_t)strtoll(word, NULL, 10) * MILLISECONDS;
}

static size_t number(const char *word)
{
    return (size_t)strtoull(word, NULL, 10);
}

/* The index of a word in a list, or 0 if it is not there. */
static unsigned choice(const char *word, const char *const *list, size_t count)
{
    for (unsigned i = 0; i < count; i++)
        if (strcmp(list[i], word) == 0)
            return i;
    return 0;
}

static enum mapring_when_full policy_of(const char *word)
{
    static const char *const names[] = {"", "block", "drop", "overwrite"};
    return (enum mapring_when_full)choice(word, names, COUNT_OF(names));
}

/* A number means the record with that sequence number. */
static enum mapring_from from_of(const char *word)
{
    static const char *const names[] = {"oldest", "newest", "unread", "run"};
    static const enum mapring_from values[] = {MAPRING_OLDEST, MAPRING_NEWEST, MAPRING_UNREAD,
                                               MAPRING_RUN};
    if (*word >= '0' && *word <= '9')
        return MAPRING_AT_SEQUENCE;
    return values[choice(word, names, COUNT_OF(names))];
}

static struct mapring_options options_of(char **words)
{
    struct mapring_options options = {.capacity_bytes = strtoull(words[3], NULL, 10),
                                      .slot_bytes = (uint32_t)number(words[4]),
                                      .when_full = policy_of(words[5])};
    if (strcmp(words[2], "create") == 0)
        options.how = MAPRING_CREATE;
    if (strcmp(words[2], "attach") == 0)
        options.how = MAPRING_ATTACH;
    return options;
}

static int command_ring(char **words)
{
    struct mapring_options options = options_of(words);
    return mapring_open(&me.ring, words[1], &options);
}

static int command_producer(char **words)
{
    struct mapring_options options = options_of(words);
    int result = mapring_producer_open(&me.producer, words[1], &options);
    if (result == MAPRING_OK)
        me.sequence = me.producer->hot.sequence + drop_untold(me.producer).records;
    return result;
}

static int command_consumer(char **words)
{
    struct mapring_consumer_options options = {
        .from = from_of(words[2]),
        .sequence = strtoull(words[2], NULL, 10),
        .name = words[3],
        .durable = strcmp(words[4], "durable") == 0,
        .max_lag_bytes = strtoull(words[5], NULL, 10),
        .wake_bytes = strtoull(words[6], NULL, 10),
        .wake_delay_ns = milliseconds(words[7]),
        .wait_producer = strcmp(words[8], "waits") == 0,
    };
    me.started = false;
    return mapring_consumer_open(&me.consumer, words[1], &options);
}

static int command_observer(char **words)
{
    struct mapring_observer_options options = {.from = from_of(words[2]),
                                               .after_lap = from_of(words[3])};
    if (strcmp(words[4], "global") == 0)
        options.scope = MAPRING_GLOBAL;
    options.wait_producer = strcmp(words[4], "waits") == 0;
    me.started = false;
    return mapring_observer_open(&me.observer, words[1], &options);
}

static int command_close(char **words)
{
    (void)words;
    mapring_producer_close(me.producer);
    mapring_consumer_close(me.consumer);
    mapring_observer_close(me.observer);
    mapring_close(me.ring);
    me.producer = NULL;
    me.consumer = NULL;
    me.observer = NULL;
    me.ring = NULL;
    return MAPRING_OK;
}

static int send_one(size_t bytes, int64_t timeout_ns)
{
    void *payload;
    int result = mapring_producer_reserve(me.producer, bytes, &payload, timeout_ns);
    me.sequence += result == MAPRING_DROPPED;
    if (result != MAPRING_OK)
        return result;
    record_fill(payload, bytes, me.sequence);
    result = mapring_producer_commit(me.producer, bytes);
    me.sequence += result == MAPRING_OK;
    return result;
}

static int command_send(char **words)
{
    size_t count = number(words[1]);
    int result = MAPRING_OK;
    for (; me.reply.count < count; me.reply.count++) {
        result = send_one(number(words[2]), milliseconds(words[3]));
        if (result != MAPRING_OK)
            break;
    }
    return result;
}

/* Like send, but continues after a drop; reply.lost counts the dropped records. */
static int command_flood(char **words)
{
    size_t count = number(words[1]);
    for (size_t i = 0; i < count; i++) {
        int result = send_one(number(words[2]), milliseconds(words[3]));
        if (result == MAPRING_OK)
            me.reply.count++;
        else if (result == MAPRING_DROPPED)
            me.reply.lost++;
        else
            return result;
    }
    return MAPRING_OK;
}

static int command_batch(char **words)
{
    size_t count = number(words[1]), bytes = number(words[2]);
    struct mapring_buffer *records = calloc(count, sizeof *records);
    unsigned char *data = malloc(count * bytes + 1);
    for (size_t i = 0; i < count; i++) {
        record_fill(data + i * bytes, bytes, me.sequence + i);
        records[i] = (struct mapring_buffer){data + i * bytes, bytes};
    }
    int result = mapring_producer_send_batch(me.producer, records, count, milliseconds(words[3]));
    if (result == MAPRING_OK || result == MAPRING_DROPPED)
        me.sequence += count;
    free(records);
    free(data);
    return result;
}

static int command_reserve(char **words)
{
    size_t bytes = number(words[1]);
    int result = mapring_producer_reserve(me.producer, bytes, &me.payload, milliseconds(words[2]));
    me.sequence += result == MAPRING_DROPPED;
    if (result == MAPRING_OK)
        record_fill(me.payload, bytes, me.sequence);
    return result;
}

static int command_commit(char **words)
{
    size_t bytes = number(words[1]);
    if (me.payload)
        record_fill(me.payload, bytes, me.sequence);
    int result = mapring_producer_commit(me.producer, bytes);
    if (result == MAPRING_OK)
        me.sequence++;
    return result;
}

static int command_abort(char **words)
{
    (void)words;
    return mapring_producer_abort(me.producer);
}

/* Leaves the ring as a producer does that dies just before the last store of a batch. */
static int command_torn(char **words)
{
    size_t count = number(words[1]), bytes = number(words[2]);
    uint64_t span = record_span(&me.producer->hot.ring, bytes);
    for (size_t i = 0; i < count; i++) {
        unsigned char *record = (unsigned char *)me.payload + i * span;
        record_fill(record, bytes, me.sequence + i);
        if (i > 0)
            store_relaxed((shared_u64 *)(void *)(record - COMMIT_WORD_BYTES),
                          commit_word(RECORD_DATA, bytes, me.sequence + i));
    }
    return MAPRING_OK;
}

static int command_drain(char **words)
{
    return mapring_producer_drain(me.producer, milliseconds(words[1]));
}

static int command_wait(char **words)
{
    return mapring_producer_wait_consumers(me.producer, (unsigned)number(words[1]),
                                           milliseconds(words[2]));
}

static int command_next(char **words)
{
    struct mapring_record record;
    int result = mapring_consumer_next(me.consumer, &record, milliseconds(words[1]));
    return note_result(result, &record);
}

static int command_wake(char **words)
{
    (void)words;
    return mapring_producer_wake(me.producer);
}

static int command_wait_producer(char **words)
{
    return mapring_consumer_wait_producer(me.consumer, milliseconds(words[1]));
}

static int command_release(char **words)
{
    (void)words;
    return mapring_consumer_release(me.consumer);
}

static int command_receive(char **words)
{
    static unsigned char buffer[RECEIVE_BYTES];
    struct mapring_record record;
    int result = mapring_consumer_receive(me.consumer, buffer, sizeof buffer, &record,
                                          milliseconds(words[1]));
    return note_result(result, &record);
}

/* Receives a record through the observer, by copy. */
static int command_look(char **words)
{
    static unsigned char buffer[RECEIVE_BYTES];
    struct mapring_record record;
    int result = mapring_observer_receive(me.observer, buffer, sizeof buffer, &record,
                                          milliseconds(words[1]));
    return note_result(result, &record);
}

static bool is_end(int result)
{
    return result == MAPRING_PRODUCER_CLOSED || result == MAPRING_PRODUCER_DIED;
}

static int follow(size_t limit, char **words, int (*step)(char **words))
{
    bool across = strcmp(words[2], "across") == 0;
    while (me.reply.count + me.reply.lost < limit) {
        int result = step(words);
        if (across && is_end(result)) {
            me.reply.ends++;
            continue;
        }
        if (result == MAPRING_OK) {
            me.reply.count++;
            if (me.consumer)
                result = mapring_consumer_release(me.consumer);
        }
        if (result != MAPRING_OK && result != MAPRING_LOST)
            return result;
    }
    return MAPRING_OK;
}

/* Reads until COUNT records have been read or lost. */
static int command_follow(char **words)
{
    return follow(number(words[1]), words + 1, me.observer ? command_look : command_next);
}

static int command_seek(char **words)
{
    me.started = false;
    return mapring_consumer_seek(me.consumer, from_of(words[1]), strtoull(words[1], NULL, 10));
}

static int command_read(char **words)
{
    size_t count = number(words[1]);
    int result = MAPRING_OK;
    while (me.reply.count < count && result == MAPRING_OK) {
        result = command_next(words + 1);
        if (result != MAPRING_OK)
            break;
        me.reply.count++;
        result = mapring_consumer_release(me.consumer);
    }
    return result;
}

static int command_poke(char **words)
{
    const struct ring *ring = me.consumer ? &me.consumer->reader.ring
                              : me.observer
                                  ? &((const struct reader *)(const void *)me.observer)->ring
                                  : &me.producer->ring;
    volatile unsigned char *at = ring->hot->slots;
    if (strcmp(words[1], "header") == 0)
        at = (volatile unsigned char *)&ring->header->identity.reserved;
    if (strcmp(words[1], "cell") == 0)
        at = (volatile unsigned char *)ring->cells->cell[me.consumer ? me.consumer->cell : 0].name;
    os_crash_plainly();
    *at = 'x';
    return MAPRING_OK;
}

static int command_drop(char **words)
{
    (void)words;
    return os_drop_privileges() ? MAPRING_OK : MAPRING_NOTHING;
}

static int command_remove(char **words)
{
    return mapring_remove(words[1], MAPRING_LOCAL, strcmp(words[2], "force") == 0);
}

static int command_prune(char **words)
{
    return mapring_prune(words[1], MAPRING_LOCAL, 0);
}

static const struct {
    const char *name;
    int (*run)(char **words);
} commands[] = {
    {"ring", command_ring},         {"producer", command_producer},
    {"consumer", command_consumer}, {"close", command_close},
    {"send", command_send},         {"batch", command_batch},
    {"reserve", command_reserve},   {"commit", command_commit},
    {"abort", command_abort},       {"torn", command_torn},
    {"drain", command_drain},       {"wait", command_wait},
    {"next", command_next},         {"release", command_release},
    {"receive", command_receive},   {"read", command_read},
    {"poke", command_poke},         {"drop", command_drop},
    {"flood", command_flood},       {"look", command_look},
    {"follow", command_follow},     {"seek", command_seek},
    {"observer", command_observer}, {"wait_producer", command_wait_producer},
    {"wake", command_wake},         {"remove", command_remove},
    {"prune", command_prune},
};

static int run_command(char **words)
{
    for (size_t i = 0; i < COUNT_OF(commands); i++)
        if (strcmp(commands[i].name, words[0]) == 0)
            return commands[i].run(words);
    check_failed(__FILE__, __LINE__, "an actor does not know '%s'", words[0]);
}

/* Splits a line into words; missing words are empty strings. */
static void split(char *line, char *words[WORD_COUNT])
{
    for (int i = 0; i < WORD_COUNT; i++) {
        words[i] = line;
        line += strcspn(line, " ");
        if (*line)
            *line++ = '\0';
    }
}

int actor_main(int argc, char **argv)
{
    char line[1024], *words[WORD_COUNT];
    (void)argc;
    (void)argv;
    for (;;) {
        strcpy(line, role_line());
        if (strcmp(line, "end") == 0)
            break;
        split(line, words);
        me.reply = (struct reply){.intact = 1};
        int64_t cpu = os_cpu_ns(), start = now_ns();
        int result = run_command(words);
        int64_t took = now_ns() - start;
        cpu = os_cpu_ns() - cpu;
        role_say("%d %" PRIu64 " %" PRIu64 " %" PRIu64 " %d %" PRIu64 " %" PRIu64 " %" PRIu64
                 " %" PRIu64 " %" PRId64 " %" PRId64 " %s",
                 result, me.reply.count, me.reply.bytes, me.reply.sequence, me.reply.intact,
                 me.reply.lost, me.reply.lost_from, me.reply.lost_bytes, me.reply.ends, took, cpu,
                 result < 0 ? mapring_last_error()->text : "");
    }
    return command_close(words);
}

/* ---- The test's side ---- */

struct process *start_actor(void)
{
    return start_role("actor", NULL);
}

struct process *start_producer(const char *name)
{
    struct process *actor = start_actor();
    expect(actor, MAPRING_OK, "producer %s", name);
    return actor;
}

struct process *start_consumer(const char *name, const char *from)
{
    struct process *actor = start_actor();
    expect(actor, MAPRING_OK, "consumer %s %s", name, from);
    return actor;
}

struct reply answer(struct process *actor)
{
    struct reply reply = {0};
    const char *line = process_line(actor);
    if (!line)
        check_failed(__FILE__, __LINE__, "an actor has ended instead of answering");
    int used = 0;
    int fields = sscanf(line,
                        "%d %" SCNu64 " %" SCNu64 " %" SCNu64 " %d %" SCNu64 " %" SCNu64 " %" SCNu64
                        " %" SCNu64 " %" SCNd64 " %" SCNd64 " %n",
                        &reply.result, &reply.count, &reply.bytes, &reply.sequence, &reply.intact,
                        &reply.lost, &reply.lost_from, &reply.lost_bytes, &reply.ends,
                        &reply.took_ns, &reply.cpu_ns, &used);
    check_number(11, fields);
    snprintf(reply.text, sizeof reply.text, "%s", line + used);
    return reply;
}

struct reply expect_at(const char *file, int line, struct process *actor, int result,
                       const char *format, ...)
{
    char command[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(command, sizeof command, format, arguments);
    va_end(arguments);
    tell(actor, "%s", command);
    struct reply reply = answer(actor);
    if (reply.result != result)
        check_failed(file, line, "'%s' is %d (%s), not %d (%s), after %" PRIu64 " records: %s",
                     command, reply.result, mapring_result_text(reply.result), result,
                     mapring_result_text(result), reply.count, reply.text);
    if (!reply.intact)
        check_failed(file, line, "'%s': record %" PRIu64 " is not what was sent", command,
                     reply.sequence);
    return reply;
}

void expect_records_at(const char *file, int line, struct process *actor, uint64_t sequence,
                       uint64_t count)
{
    struct reply reply = expect_at(file, line, actor, MAPRING_OK, "read %" PRIu64 " 10000", count);
    if (reply.sequence != sequence + count - 1)
        check_failed(file, line, "the last record is number %" PRIu64 ", not %" PRIu64,
                     reply.sequence, sequence + count - 1);
}

static void look_into(struct ring *ring, const char *name)
{
    static struct mapring_hot hot;
    check_result(MAPRING_OK, ring_attach(ring, &hot, name, MAPRING_LOCAL, false, ACCESS_READ));
}

void await_sleeping_consumer(const char *name, unsigned cell)
{
    struct ring ring;
    look_into(&ring, name);
    check_soon(cell_is_asleep(&ring, cell));
    ring_close(&ring);
}

void await_sleeping_producer(const char *name)
{
    struct ring ring;
    look_into(&ring, name);
    check_soon(load_ordered(&ring.header->producer_waits) == 1);
    ring_close(&ring);
}

struct mapring_stat stat_of(const char *name)
{
    const struct mapring_options attach = {.how = MAPRING_ATTACH};
    struct mapring_stat stat;
    mapring_ring *ring;
    check_result(MAPRING_OK, mapring_open(&ring, name, &attach));
    check_result(MAPRING_OK, mapring_stat(ring, &stat));
    mapring_close(ring);
    return stat;
}

struct ring_header *header_read(const char *path)
{
    struct ring_header *header = malloc(sizeof *header);
    check(header && os_file_read_at(path, 0, header, sizeof *header));
    return header;
}

void header_write(const char *path, struct ring_header *header)
{
    check(os_file_write_at(path, 0, header, sizeof *header));
    free(header);
}

void header_begin_at(const char *path, uint64_t position, uint64_t sequence)
{
    struct ring_header *header = header_read(path);
    header->identity.first_position = position;
    store_relaxed(&header->tail, position);
    store_relaxed(&header->horizon, position);
    store_relaxed(&header->marks[0].position, position);
    store_relaxed(&header->marks[0].sequence, sequence);
    header_write(path, header);
}
