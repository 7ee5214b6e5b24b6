/* SPDX-License-Identifier: MIT */
/* Every call refuses what is out of range, with a message that names the ring and says what is
 * wrong. */
#include "helpers.h"

enum { SMALL = 65536, NEGATIVE = -2 };

static const struct mapring_options small = {.capacity_bytes = SMALL};

/* The last failure must be about that ring, and its text must contain `part` and the name. Only the
 * text about a null pointer need not repeat the name. */
static void check_message(const char *file, int line, const char *name, const char *part)
{
    const struct mapring_error *error = mapring_last_error();
    if (error->code != MAPRING_ERROR_ARGUMENT && error->code != MAPRING_ERROR_GEOMETRY)
        check_failed(file, line, "the code of the last failure is %d", error->code);
    check_texts(file, line, "the ring's name", name, error->name);
    bool is_plain = strstr(error->text, "is a null pointer") != NULL;
    if (!strstr(error->text, part) || (!is_plain && !strstr(error->text, name)))
        check_failed(file, line, "'%s' does not say '%s' and '%s'", error->text, part, name);
}

#define REFUSED(name, part, call)                          \
    do {                                                   \
        check_result(MAPRING_ERROR_ARGUMENT, call);        \
        check_message(__FILE__, __LINE__, (name), (part)); \
    } while (0)

/* ---- Options ---- */

static void check_ring_options(const char *name, const char *part, struct mapring_options options)
{
    mapring_ring *ring = NULL;
    mapring_producer *producer = NULL;
    REFUSED(name, part, mapring_open(&ring, name, &options));
    REFUSED(name, part, mapring_producer_open(&producer, name, &options));
    check(ring == NULL && producer == NULL);
}

/* The result is the same whether or not the ring exists. */
static void options_of_a_ring_out_of_range_are_refused(void **state)
{
    (void)state;
    const char *const names[] = {new_ring_name(), new_ring(&small), new_path(".ring"),
                                 new_ring_file(&small)};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const struct {
            const char *part;
            struct mapring_options options;
        } wrong[] = {
            {"options.how", {.how = (enum mapring_how)3}},
            {"options.how", {.how = (enum mapring_how) - 1}},
            {"scope", {.scope = (enum mapring_scope)2}},
            {"scope", {.scope = (enum mapring_scope) - 1}},
            {"options.when_full", {.when_full = (enum mapring_when_full)4}},
            {"options.when_full", {.when_full = (enum mapring_when_full) - 1}},
            {"mode", {.mode = 01000}},
            {"mode", {.mode = UINT32_MAX}},
            {"options.sync", {.sync = (enum mapring_sync)99}},
            {"options.sync", {.sync = (enum mapring_sync) - 1}},
            {i < 2 ? "no file" : "options.sync_interval_ms", {.sync = MAPRING_SYNC_INTERVAL}},
            {"NUMA node 99999", {.on_numa_node = true, .numa_node = 99999}},
        };
        for (size_t w = 0; w < COUNT_OF(wrong); w++)
            check_ring_options(names[i], wrong[w].part, wrong[w].options);
    }
    for (size_t i = 0; i < 2; i++) {
        const struct mapring_options attach = {.how = MAPRING_ATTACH};
        mapring_ring *ring;
        check_result(MAPRING_ERROR_NOT_THERE, mapring_open(&ring, names[2 * i], &attach));
    }
}

static void options_of_a_consumer_out_of_range_are_refused(void **state)
{
    (void)state;
    static char long_name[MAPRING_NAME_BYTES + 1];
    memset(long_name, 'x', MAPRING_NAME_BYTES);
    const char *name = new_ring(&small);
    const struct {
        const char *part;
        struct mapring_consumer_options options;
    } wrong[] = {
        {"scope", {.scope = (enum mapring_scope)2}},
        {"from: 9", {.from = (enum mapring_from)9}},
        {"from: -1", {.from = (enum mapring_from) - 1}},
        {"sequence", {.from = MAPRING_AT_SEQUENCE, .sequence = UINT64_MAX}},
        {"name", {.durable = true}},
        {"name", {.durable = true, .name = ""}},
        {"64 bytes", {.name = long_name}},
        {"max_lag", {.max_lag_bytes = 5, .name = "x"}},
        {"wake_delay_ns", {.wake_bytes = 100}},
        {"wake_delay_ns", {.wake_delay_ns = -1}},
        {"wake_delay_ns", {.wake_delay_ns = INT64_MIN, .wake_bytes = 100}},
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        mapring_consumer *consumer = (mapring_consumer *)&consumer;
        REFUSED(name, wrong[i].part, mapring_consumer_open(&consumer, name, &wrong[i].options));
        check(consumer == NULL);
    }
}

static void options_of_an_observer_out_of_range_are_refused(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    const struct {
        const char *part;
        struct mapring_observer_options options;
    } wrong[] = {
        {"scope", {.scope = (enum mapring_scope)2}},
        {"options.from", {.from = (enum mapring_from)9}},
        {"options.from", {.from = MAPRING_AT_SEQUENCE}},
        {"options.from", {.from = (enum mapring_from) - 1}},
        {"options.after_lap", {.after_lap = MAPRING_AT_SEQUENCE}},
        {"options.after_lap", {.after_lap = (enum mapring_from) - 1}},
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        mapring_observer *observer = (mapring_observer *)&observer;
        REFUSED(name, wrong[i].part, mapring_observer_open(&observer, name, &wrong[i].options));
        check(observer == NULL);
    }
}

static bool find_none(const char *name, void *context)
{
    (void)name;
    (void)context;
    return false;
}

static void scopes_out_of_range_are_refused(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    enum mapring_scope none = (enum mapring_scope)7;
    mapring_image *image;
    REFUSED(name, "scope", mapring_remove(name, none, false));
    REFUSED(name, "scope", mapring_consumer_remove(name, none, "d"));
    REFUSED(name, "scope", mapring_image_open(&image, name, none));
    REFUSED("", "invalid scope: 7", mapring_list(none, find_none, NULL));
    REFUSED("", "function", mapring_list(MAPRING_LOCAL, NULL, NULL));
}

/* ---- Timeouts of calls that have to wait ---- */

static void negative_time_limits_of_a_producer_are_refused(void **state)
{
    (void)state;
    static const int64_t limits[] = {NEGATIVE, INT64_MIN};
    const char *name = new_ring(&small);
    mapring_producer *producer;
    void *payload;
    char data[1000] = {0};
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    while (mapring_producer_send(producer, data, sizeof data, 0) == MAPRING_OK)
        continue;
    const struct mapring_buffer batch = {data, sizeof data};
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        int64_t limit = limits[i];
        REFUSED(name, "timeout_ns", mapring_producer_send(producer, data, sizeof data, limit));
        REFUSED(name, "timeout_ns", mapring_producer_send_batch(producer, &batch, 1, limit));
        REFUSED(name, "timeout_ns", mapring_producer_reserve(producer, 1000, &payload, limit));
        REFUSED(name, "timeout_ns", mapring_producer_wait_consumers(producer, 1, limit));
        REFUSED(name, "timeout_ns", mapring_producer_drain(producer, limit));
    }
    check_result(MAPRING_NO_ROOM, mapring_producer_send(producer, data, sizeof data, 0));
    mapring_producer_close(producer);
}

static void negative_time_limits_of_readers_are_refused(void **state)
{
    (void)state;
    static const int64_t limits[] = {NEGATIVE, INT64_MIN};
    const char *name = new_ring(&small);
    mapring_consumer *consumer;
    mapring_observer *observer;
    struct mapring_record record;
    char buffer[8];
    size_t count;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, NULL));
    check_result(MAPRING_OK, mapring_observer_open(&observer, name, NULL));
    for (size_t i = 0; i < COUNT_OF(limits); i++) {
        int64_t limit = limits[i];
        REFUSED(name, "timeout_ns", mapring_consumer_next(consumer, &record, limit));
        REFUSED(name, "timeout_ns", mapring_consumer_wait_producer(consumer, limit));
        REFUSED(name, "timeout_ns",
                mapring_consumer_next_batch(consumer, &record, 1, &count, limit));
        REFUSED(name, "timeout_ns",
                mapring_consumer_receive(consumer, buffer, sizeof buffer, &record, limit));
        REFUSED(name, "timeout_ns", mapring_observer_next(observer, &record, limit));
        REFUSED(name, "timeout_ns",
                mapring_observer_receive(observer, buffer, sizeof buffer, &record, limit));
    }
    check_result(MAPRING_NOTHING, mapring_consumer_next(consumer, &record, 0));
    check_result(MAPRING_NOTHING, mapring_observer_next(observer, &record, 0));
    mapring_consumer_close(consumer);
    mapring_observer_close(observer);
}

/* ---- Null pointers and counts ---- */

static void what_a_producer_is_not_given_is_named(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    const struct mapring_buffer batch = {NULL, 5};
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_producer_open(&producer, name, NULL));
    REFUSED(name, "data", mapring_producer_send(producer, NULL, 5, 0));
    REFUSED(name, "payload", mapring_producer_reserve(producer, 5, NULL, 0));
    REFUSED(name, "record 0", mapring_producer_send_batch(producer, &batch, 1, 0));
    REFUSED(name, "no records", mapring_producer_send_batch(producer, &batch, 0, 0));
    REFUSED(name, "no records", mapring_producer_send_batch(producer, NULL, 1, 0));
    REFUSED(name, "33 consumers", mapring_producer_wait_consumers(producer, 33, 0));
    REFUSED(name, "handle", mapring_producer_wait_handle(producer, NULL));
    REFUSED(name, "arm", mapring_producer_arm(producer, 5));
    REFUSED("", "producer", mapring_producer_send(NULL, NULL, 5, 0));
    REFUSED("", "producer", mapring_producer_wait_consumers(NULL, 33, 0));
    REFUSED("", "producer", mapring_producer_drain(NULL, NEGATIVE));
    REFUSED(name, "producer", mapring_producer_open(NULL, name, NULL));
    mapring_producer_close(producer);
}

static void what_a_reader_is_not_given_is_named(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    mapring_consumer *consumer;
    mapring_observer *observer;
    struct mapring_record record;
    char buffer[8];
    size_t count;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, name, NULL));
    check_result(MAPRING_OK, mapring_observer_open(&observer, name, NULL));
    REFUSED(name, "limit", mapring_consumer_next_batch(consumer, &record, 0, &count, 0));
    REFUSED(name, "result", mapring_consumer_next_batch(consumer, &record, 1, NULL, 0));
    REFUSED(name, "result", mapring_consumer_next_batch(consumer, NULL, 1, &count, 0));
    REFUSED(name, "result", mapring_consumer_next(consumer, NULL, 0));
    REFUSED(name, "buffer", mapring_consumer_receive(consumer, NULL, 8, &record, 0));
    REFUSED(name, "result", mapring_consumer_receive(consumer, buffer, 8, NULL, 0));
    REFUSED(name, "result", mapring_consumer_wait_handle(consumer, NULL));
    REFUSED(name, "arm", mapring_consumer_arm(consumer));
    REFUSED(name, "from: 9", mapring_consumer_seek(consumer, (enum mapring_from)9, 0));
    REFUSED(name, "sequence", mapring_consumer_seek(consumer, MAPRING_AT_SEQUENCE, UINT64_MAX));
    REFUSED(name, "result", mapring_observer_next(observer, NULL, 0));
    REFUSED(name, "buffer", mapring_observer_receive(observer, NULL, 8, &record, 0));
    REFUSED("", "handle", mapring_consumer_next_batch(NULL, &record, 0, &count, 0));
    REFUSED("", "handle", mapring_observer_next(NULL, &record, NEGATIVE));
    REFUSED(name, "consumer", mapring_consumer_open(NULL, name, NULL));
    REFUSED(name, "observer", mapring_observer_open(NULL, name, NULL));
    mapring_consumer_close(consumer);
    mapring_observer_close(observer);
}

static void what_a_ring_is_not_given_is_named(void **state)
{
    (void)state;
    const char *name = new_ring(&small);
    struct mapring_stat stat;
    struct mapring_record record;
    mapring_ring *ring;
    mapring_image *image;
    check_result(MAPRING_OK, mapring_open(&ring, name, NULL));
    check_result(MAPRING_OK, mapring_image_open(&image, name, MAPRING_LOCAL));
    REFUSED(name, "state", mapring_stat(ring, NULL));
    REFUSED("", "the ring", mapring_stat(NULL, &stat));
    REFUSED(name, "record", mapring_image_next(image, NULL));
    REFUSED("", "image", mapring_image_next(NULL, &record));
    REFUSED(name, "image", mapring_image_open(NULL, name, MAPRING_LOCAL));
    REFUSED(name, "ring", mapring_open(NULL, name, NULL));
    mapring_close(ring);
    REFUSED("", "name of the ring", mapring_open(&ring, NULL, NULL));
    check(ring == NULL);
    REFUSED(name, "name of the consumer", mapring_consumer_remove(name, MAPRING_LOCAL, NULL));
    mapring_image_close(image);
}

static const struct CMUnitTest tests[] = {
    TEST(options_of_a_ring_out_of_range_are_refused),
    TEST(options_of_a_consumer_out_of_range_are_refused),
    TEST(options_of_an_observer_out_of_range_are_refused),
    TEST(scopes_out_of_range_are_refused),
    TEST(negative_time_limits_of_a_producer_are_refused),
    TEST(negative_time_limits_of_readers_are_refused),
    TEST(what_a_producer_is_not_given_is_named),
    TEST(what_a_reader_is_not_given_is_named),
    TEST(what_a_ring_is_not_given_is_named),
};

int main(int argc, char **argv)
{
    return test_main(argc, argv, NULL, 0, tests, COUNT_OF(tests));
}
