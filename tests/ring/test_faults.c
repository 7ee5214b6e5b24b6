/* SPDX-License-Identifier: MIT */
/* Each system call of each operation is made to fail once with each error that it can plausibly
 * return. The operation must then succeed all the same, or report a clear error, leave no leak and
 * nothing half-made, and succeed at the next try. */
#include "faults.h"

#include <ctype.h>
#include <inttypes.h>

#include "helpers.h"
#include "holdings.h"
#include "mapring/merge.h"
#include "platform.h"

enum {
    SMALL = 65536,
    RECORDS = 3,
    SHORT_WAIT_NS = 1000000,
    SYNC_INTERVAL_MS = 60000,
    NO_NODE = 1000,
    READABLE = 0644
};

/* The mode is that of the current test. */
static struct mapring_options small = {.capacity_bytes = SMALL, .dictionary_bytes = SMALL};
static struct mapring_options create = {
    .how = MAPRING_CREATE, .capacity_bytes = SMALL, .dictionary_bytes = SMALL};
static const struct mapring_options attach = {.how = MAPRING_ATTACH};
static const char *rings_directory;
static const struct mapring_consumer_options durable = {.name = "durable", .durable = true};

/* What an operation works on, and what it has opened. */
struct scene {
    const char *name;
    bool is_file;
    mapring_ring *kept; /* the ring is there before the operation */
    mapring_ring *ring;
    mapring_producer *producer;
    mapring_consumer *consumer;
    mapring_observer *observer;
    mapring_image *image;
    mapring_dictionary *dictionary;
    mapring_merge *merge;
    struct platform_object *object;
    unsigned found;
    /* what this process holds after prepare(), the same each time; counting takes long under
     * Wine */
    struct holdings holdings;
    long names;
};

struct operation {
    const char *name;
    void (*prepare)(struct scene *scene);
    int (*run)(struct scene *scene);
    int expected; /* any other result is a failure */
    void (*confirm)(struct scene *scene);
    bool of_files_only;
};

/* ---- Error messages ---- */

/* Printed if the test does not get to its end. */
static char where[256];

static bool is_bare(const char *text, const char *digits, size_t length)
{
    static const char *const meanings[] = {"id ", "process ", "node "};
    const char *behind = digits + length;
    if (digits > text && !strchr(" (", digits[-1]))
        return false;
    if (isalpha((unsigned char)*behind) || strncmp(behind, " bytes", 6) == 0)
        return false;
    for (size_t i = 0; i < COUNT_OF(meanings); i++) {
        size_t before = strlen(meanings[i]);
        if (digits - text >= (ptrdiff_t)before &&
            strncmp(digits - before, meanings[i], before) == 0)
            return false;
    }
    return true;
}

/* Fails if the text has a number and does not say what it means. */
static void check_no_bare_number(const char *text)
{
    for (const char *at = text; *at;) {
        size_t length = strspn(at, "0123456789");
        if (length > 0 && is_bare(text, at, length))
            check_failed(__FILE__, __LINE__, "a bare number in '%s'", text);
        at += length ? length : 1;
    }
}

static void check_clear(const char *name, int result)
{
    const struct mapring_error *error = mapring_last_error();
    char words[256];
    check(result < 0);
    check_result(result, error->code);
    if (name) {
        check_text(name, error->name);
        check(strstr(error->text, name) != NULL);
    }
    check(strlen(error->text) > strlen(error->name) + 12 && strchr(error->text, ' ') != NULL);
    check_no_bare_number(error->text);
    if (error->system) {
        platform_error_text(error->system, words, sizeof words);
        check(strstr(error->text, words) != NULL);
    }
}

/* ---- What is left behind ---- */

static long names_of(const struct scene *scene)
{
    char companion[1200];
    snprintf(companion, sizeof companion, "%s+", scene->name);
    return scene->is_file ? (os_file_size(scene->name) >= 0) + (os_file_size(companion) >= 0)
                          : holdings_names(scene->name);
}

static void close_all(struct scene *scene)
{
    if (scene->object)
        platform_detach(scene->object);
    scene->object = NULL;
    mapring_merge_close(scene->merge);
    mapring_image_close(scene->image);
    mapring_dictionary_close(scene->dictionary);
    mapring_observer_close(scene->observer);
    mapring_consumer_close(scene->consumer);
    mapring_producer_close(scene->producer);
    mapring_close(scene->ring);
    scene->merge = NULL;
    scene->image = NULL;
    scene->dictionary = NULL;
    scene->observer = NULL;
    scene->consumer = NULL;
    scene->producer = NULL;
    scene->ring = NULL;
    scene->found = 0;
}

/* Removes a companion that is left because a call was made to give a false answer. False: another
 * process has just looked at the ring, and on Windows keeps its name for that long. */
static bool forget_companion(const struct scene *scene)
{
    mapring_ring *ring;
    if (names_of(scene) == 0)
        return true;
    if (mapring_open(&ring, scene->name, &create) != MAPRING_OK)
        return false;
    mapring_close(ring);
    mapring_remove(scene->name, MAPRING_LOCAL, true);
    return true;
}

/* A forced removal finds nothing if a named ring has gone with its last handle. */
static void clear(struct scene *scene)
{
    close_all(scene);
    mapring_close(scene->kept);
    scene->kept = NULL;
    mapring_remove(scene->name, MAPRING_LOCAL, true);
    check_soon(forget_companion(scene) && names_of(scene) == 0);
}

/* ---- Scenes ---- */

static void send_records(mapring_producer *producer)
{
    for (uint64_t i = 0; i < RECORDS; i++)
        check_result(MAPRING_OK, mapring_producer_send(producer, &i, sizeof i, 0));
}

static void nothing_is_there(struct scene *scene)
{
    check_number(0, names_of(scene));
}

static void ring_is_there(struct scene *scene)
{
    mapring_producer *producer;
    check_result(MAPRING_OK, mapring_open(&scene->kept, scene->name, &create));
    check_result(MAPRING_OK, mapring_producer_open(&producer, scene->name, &attach));
    send_records(producer);
    mapring_producer_close(producer);
}

static void ring_is_left(struct scene *scene)
{
    ring_is_there(scene);
    mapring_close(scene->kept);
    scene->kept = NULL;
}

static void ring_is_of_group(struct scene *scene)
{
    struct mapring_options options = create;
    mapring_producer *producer;
    options.group = "root";
    check_result(MAPRING_OK, mapring_open(&scene->kept, scene->name, &options));
    check_result(MAPRING_OK, mapring_producer_open(&producer, scene->name, &attach));
    send_records(producer);
    mapring_producer_close(producer);
}

/* Somebody has removed the first file of a ring by hand. */
static void companion_is_left(struct scene *scene)
{
    struct mapring_options options = create;
    mapring_ring *ring;
    options.mode = READABLE;
    check_result(MAPRING_OK, mapring_open(&ring, scene->name, &options));
    mapring_close(ring);
    check_number(0, remove(scene->name));
}

/* Held by a process that names a consumer. */
static void names_are_held(struct scene *scene)
{
    struct ring_name parsed;
    ring_is_there(scene);
    check_result(MAPRING_OK, ring_name_parse(&parsed, scene->name, MAPRING_LOCAL));
    check_result(MAPRING_OK, platform_attach(&scene->object, &parsed, true));
    check_result(MAPRING_OK, platform_role_take(scene->object, ROLE_CREATOR));
}

static void producer_is_there(struct scene *scene)
{
    ring_is_there(scene);
    check_result(MAPRING_OK, mapring_producer_open(&scene->producer, scene->name, &attach));
}

static void consumer_is_there(struct scene *scene)
{
    producer_is_there(scene);
    check_result(MAPRING_OK, mapring_consumer_open(&scene->consumer, scene->name, NULL));
}

static void durable_is_away(struct scene *scene)
{
    mapring_consumer *consumer;
    ring_is_there(scene);
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, scene->name, &durable));
    mapring_consumer_close(consumer);
}

static void consumer_has_read_all(struct scene *scene)
{
    struct mapring_record record;
    consumer_is_there(scene);
    for (unsigned i = 0; i < RECORDS; i++)
        check_result(MAPRING_OK, mapring_consumer_next(scene->consumer, &record, 0));
    check_result(MAPRING_OK, mapring_consumer_release(scene->consumer));
}

static void consumer_waits(struct scene *scene)
{
    mapring_handle handle;
    consumer_has_read_all(scene);
    check_result(MAPRING_OK, mapring_consumer_wait_handle(scene->consumer, &handle));
    check_result(MAPRING_NOTHING, mapring_consumer_arm(scene->consumer));
}

static void ring_is_full(struct scene *scene)
{
    static const unsigned char payload[1000];
    consumer_is_there(scene);
    while (mapring_producer_send(scene->producer, payload, sizeof payload, 0) == MAPRING_OK)
        continue;
}

static void image_is_open(struct scene *scene)
{
    ring_is_there(scene);
    check_result(MAPRING_OK, mapring_image_open(&scene->image, scene->name, MAPRING_LOCAL));
}

static void dictionary_is_open(struct scene *scene)
{
    uint64_t offset;
    producer_is_there(scene);
    check_result(MAPRING_OK, mapring_producer_define(scene->producer, 1, "entry", 5, &offset));
    check_result(MAPRING_OK,
                 mapring_dictionary_open(&scene->dictionary, scene->name, MAPRING_LOCAL));
}

static void image_is_lapped(struct scene *scene)
{
    static const unsigned char payload[1000];
    image_is_open(scene);
    mapring_consumer *consumer; /* once it has left, nobody gates the producer */
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, scene->name, NULL));
    mapring_consumer_close(consumer);
    check_result(MAPRING_OK, mapring_producer_open(&scene->producer, scene->name, &attach));
    for (unsigned i = 0; i < 2 * SMALL / sizeof payload; i++)
        check_result(MAPRING_OK,
                     mapring_producer_send(scene->producer, payload, sizeof payload, 0));
}

static void observer_is_there(struct scene *scene)
{
    producer_is_there(scene);
    check_result(MAPRING_OK, mapring_observer_open(&scene->observer, scene->name, NULL));
}

static void merge_is_open(struct scene *scene)
{
    producer_is_there(scene);
    check_result(MAPRING_OK, mapring_merge_open(&scene->merge, NULL));
}

static void read_all_of_merge(struct scene *scene)
{
    struct mapring_record record;
    struct mapring_origin origin;
    while (mapring_merge_next(scene->merge, &record, &origin, 0) == MAPRING_OK)
        check_result(MAPRING_OK, mapring_merge_release(scene->merge));
}

static void merge_has_ring(struct scene *scene)
{
    merge_is_open(scene);
    check_result(MAPRING_OK, mapring_merge_add(scene->merge, scene->name));
    read_all_of_merge(scene);
}

static void ring_is_open(struct scene *scene)
{
    ring_is_there(scene);
    check_result(MAPRING_OK, mapring_open(&scene->ring, scene->name, &attach));
}

static void ring_is_used(struct scene *scene)
{
    producer_is_there(scene);
    check_result(MAPRING_OK, mapring_open(&scene->ring, scene->name, &attach));
}

/* ---- Operations ---- */

static int create_ring(struct scene *scene)
{
    return mapring_open(&scene->ring, scene->name, &create);
}

static int open_or_create_ring(struct scene *scene)
{
    return mapring_open(&scene->ring, scene->name, &small);
}

static int attach_ring(struct scene *scene)
{
    return mapring_open(&scene->ring, scene->name, &attach);
}

static int attach_with_mode(struct scene *scene)
{
    const struct mapring_options private = {.how = MAPRING_ATTACH,
                                            .mode = small.mode ? small.mode : 0600};
    return mapring_open(&scene->ring, scene->name, &private);
}

static int create_with_all(struct scene *scene)
{
    struct mapring_options all = create;
    all.prefault = all.huge = all.on_numa_node = true;
    if (scene->is_file) {
        all.sync = MAPRING_SYNC_INTERVAL;
        all.sync_interval_ms = SYNC_INTERVAL_MS;
    }
    return mapring_producer_open(&scene->producer, scene->name, &all);
}

static int open_producer(struct scene *scene)
{
    return mapring_producer_open(&scene->producer, scene->name, &small);
}

static int open_second_producer(struct scene *scene)
{
    mapring_producer *second;
    return mapring_producer_open(&second, scene->name, &small);
}

static int open_consumer(struct scene *scene)
{
    return mapring_consumer_open(&scene->consumer, scene->name, NULL);
}

static int open_durable(struct scene *scene)
{
    return mapring_consumer_open(&scene->consumer, scene->name, &durable);
}

static int forget_durable(struct scene *scene)
{
    return mapring_consumer_remove(scene->name, MAPRING_LOCAL, durable.name);
}

static int open_observer(struct scene *scene)
{
    return mapring_observer_open(&scene->observer, scene->name, NULL);
}

static int attach_without_name(struct scene *scene)
{
    return mapring_open(&scene->ring, NULL, &attach);
}

static int create_on_node(struct scene *scene)
{
    struct mapring_options options = create;
    options.on_numa_node = true;
    options.numa_node = NO_NODE;
    return mapring_open(&scene->ring, scene->name, &options);
}

static int create_for_group(struct scene *scene)
{
    struct mapring_options options = create;
    options.group = "12345";
    return mapring_open(&scene->ring, scene->name, &options);
}

static int attach_for_group(struct scene *scene)
{
    struct mapring_options options = attach;
    options.group = "root";
    return mapring_open(&scene->ring, scene->name, &options);
}

static int open_image(struct scene *scene)
{
    return mapring_image_open(&scene->image, scene->name, MAPRING_LOCAL);
}

static int wait_as_observer(struct scene *scene)
{
    struct mapring_record record;
    int result;
    while ((result = mapring_observer_next(scene->observer, &record, SHORT_WAIT_NS)) == MAPRING_OK)
        continue;
    return result;
}

static int read_image(struct scene *scene)
{
    struct mapring_record record;
    int result = mapring_image_next(scene->image, &record);
    if (result == MAPRING_OK)
        scene->found++;
    return result;
}

static int stat_ring(struct scene *scene)
{
    struct mapring_stat stat;
    int result = mapring_stat(scene->ring, &stat);
    if (result == MAPRING_OK)
        check_number(MAPRING_PRODUCER_IS_OPEN, stat.producer_state);
    return result;
}

static int remove_ring(struct scene *scene)
{
    return mapring_remove(scene->name, MAPRING_LOCAL, false);
}

static int remove_used_ring(struct scene *scene)
{
    return mapring_remove(scene->name, MAPRING_LOCAL, true);
}

static int prune_ring(struct scene *scene)
{
    return mapring_prune(scene->name, MAPRING_LOCAL, 0);
}

static int look_at_ring(struct scene *scene)
{
    return mapring_prune(scene->name, MAPRING_LOCAL, MAPRING_PRUNE_LOOK);
}

static bool count_own(const char *name, void *context)
{
    struct scene *scene = context;
    scene->found += strcmp(name, scene->name) == 0;
    return true;
}

static int list_rings(struct scene *scene)
{
    scene->found = 0;
    return mapring_list(MAPRING_LOCAL, count_own, scene);
}

static int list_global_rings(struct scene *scene)
{
    return mapring_list(MAPRING_GLOBAL, count_own, scene);
}

/* Of the directory of MAPRING_DIR. */
static int list_directory(struct scene *scene)
{
    os_set_environment("MAPRING_DIR", rings_directory);
    scene->found = 0;
    int result = mapring_list(MAPRING_LOCAL, count_own, scene);
    os_set_environment("MAPRING_DIR", "");
    return result;
}

static int hand_out_consumer(struct scene *scene)
{
    mapring_handle handle;
    return mapring_consumer_wait_handle(scene->consumer, &handle);
}

static int open_merge(struct scene *scene)
{
    return mapring_merge_open(&scene->merge, NULL);
}

/* A ring that the system says is absent joins when it is looked for again. */
static int add_to_merge(struct scene *scene)
{
    struct mapring_merge_stat stat;
    int result = mapring_merge_add(scene->merge, scene->name);
    if (result != MAPRING_NOTHING)
        return result;
    read_all_of_merge(scene);
    check_result(MAPRING_OK, mapring_merge_stat(scene->merge, &stat));
    return stat.rings == 1 ? MAPRING_OK : MAPRING_NOTHING;
}

static int add_pattern(struct scene *scene)
{
    return mapring_merge_add(scene->merge, "no-such-ring-*");
}

static int wait_for_merge(struct scene *scene)
{
    struct mapring_record record;
    struct mapring_origin origin;
    return mapring_merge_next(scene->merge, &record, &origin, 3 * SHORT_WAIT_NS);
}

static int hand_out_merge(struct scene *scene)
{
    mapring_handle handle;
    return mapring_merge_wait_handle(scene->merge, &handle);
}

static int hand_out_producer(struct scene *scene)
{
    mapring_handle handle;
    return mapring_producer_wait_handle(scene->producer, &handle);
}

static int send_one(struct scene *scene)
{
    return mapring_producer_send(scene->producer, "record", 6, 0);
}

static int define_one(struct scene *scene)
{
    uint64_t offset;
    return mapring_producer_define(scene->producer, 1, "entry", 5, &offset);
}

static int open_dictionary(struct scene *scene)
{
    return mapring_dictionary_open(&scene->dictionary, scene->name, MAPRING_LOCAL);
}

static int read_dictionary(struct scene *scene)
{
    struct mapring_entry entry;
    return mapring_dictionary_next(scene->dictionary, &entry);
}

static int wait_for_record(struct scene *scene)
{
    struct mapring_record record;
    return mapring_consumer_next(scene->consumer, &record, SHORT_WAIT_NS);
}

static int wait_for_room(struct scene *scene)
{
    static const unsigned char payload[1000];
    return mapring_producer_send(scene->producer, payload, sizeof payload, SHORT_WAIT_NS);
}

static int sync_producer(struct scene *scene)
{
    return mapring_producer_sync(scene->producer);
}

static int close_both(struct scene *scene)
{
    mapring_consumer_close(scene->consumer);
    mapring_producer_close(scene->producer);
    scene->consumer = NULL;
    scene->producer = NULL;
    return MAPRING_OK;
}

/* ---- What success means ---- */

static uint64_t records_in(const struct scene *scene)
{
    mapring_ring *ring;
    struct mapring_stat stat;
    check_result(MAPRING_OK, mapring_open(&ring, scene->name, &attach));
    check_result(MAPRING_OK, mapring_stat(ring, &stat));
    check_number(SMALL, stat.capacity_bytes);
    check(stat.balanced);
    mapring_close(ring);
    return stat.records;
}

static void new_ring_works(struct scene *scene)
{
    check_number(0, records_in(scene));
    if (!scene->producer)
        check_result(MAPRING_OK, mapring_producer_open(&scene->producer, scene->name, &attach));
    send_records(scene->producer);
    check_number(RECORDS, records_in(scene));
}

static void definitions_work(struct scene *scene)
{
    struct mapring_entry entry;
    check_result(MAPRING_OK, define_one(scene));
    if (!scene->dictionary)
        check_result(MAPRING_OK, open_dictionary(scene));
    check_result(MAPRING_OK, mapring_dictionary_at(scene->dictionary, 0, &entry));
    check_number(5, entry.bytes);
    check_number(1, scene->producer ? entry.kind : 0);
}

static void ring_works(struct scene *scene)
{
    check_number(RECORDS, records_in(scene));
    if (!scene->producer)
        check_result(MAPRING_OK, mapring_producer_open(&scene->producer, scene->name, &attach));
    send_records(scene->producer);
    check_number(2 * RECORDS, records_in(scene));
}

static void consumer_works(struct scene *scene)
{
    struct mapring_record record;
    for (uint64_t i = 0; i < RECORDS; i++) {
        check_result(MAPRING_OK, mapring_consumer_next(scene->consumer, &record, 0));
        check_number(i, record.sequence);
    }
    check_result(MAPRING_OK, mapring_consumer_release(scene->consumer));
    ring_works(scene);
    check_result(MAPRING_PRODUCER_CLOSED, mapring_consumer_next(scene->consumer, &record, 0));
    check_result(MAPRING_OK, mapring_consumer_next(scene->consumer, &record, 0));
}

static void durable_is_forgotten(struct scene *scene)
{
    check_result(MAPRING_ERROR_NOT_THERE, forget_durable(scene));
}

static void observer_works(struct scene *scene)
{
    struct mapring_record record;
    for (uint64_t i = 0; i < RECORDS; i++) {
        check_result(MAPRING_OK, mapring_observer_next(scene->observer, &record, 0));
        check_number(i, record.sequence);
    }
}

static void image_works(struct scene *scene)
{
    while (read_image(scene) == MAPRING_OK)
        continue;
    check_number(RECORDS, scene->found);
}

static void ring_is_removed(struct scene *scene)
{
    check_number(0, names_of(scene));
}

static void ring_is_listed(struct scene *scene)
{
    check_number(!scene->is_file, scene->found);
}

static void ring_is_as_before(struct scene *scene)
{
    check_number(RECORDS, records_in(scene));
}

static void handle_works(struct scene *scene)
{
    mapring_handle handle;
    check_result(MAPRING_OK, mapring_consumer_wait_handle(scene->consumer, &handle));
    check_result(MAPRING_NOTHING, mapring_consumer_arm(scene->consumer));
    check_result(MAPRING_OK, send_one(scene));
    check_number(0, os_wait_for_any(&handle, 1, TIME_LIMIT));
}

static void merge_works(struct scene *scene)
{
    mapring_handle handle;
    struct mapring_record record;
    struct mapring_origin origin;
    read_all_of_merge(scene);
    check_result(MAPRING_OK, mapring_merge_wait_handle(scene->merge, &handle));
    check_result(MAPRING_NOTHING, mapring_merge_arm(scene->merge));
    check_result(MAPRING_OK, send_one(scene));
    check_number(0, os_wait_for_any(&handle, 1, TIME_LIMIT));
    check_result(MAPRING_OK, mapring_merge_next(scene->merge, &record, &origin, TIME_LIMIT));
    check_text(scene->name, origin.ring);
}

static void ring_is_added(struct scene *scene)
{
    check_result(MAPRING_OK, add_to_merge(scene));
    merge_works(scene);
}

static void record_arrives(struct scene *scene)
{
    mapring_handle handle;
    struct mapring_record record;
    check_result(MAPRING_OK, mapring_consumer_wait_handle(scene->consumer, &handle));
    check_number(0, os_wait_for_any(&handle, 1, TIME_LIMIT));
    check_result(MAPRING_OK, mapring_consumer_next(scene->consumer, &record, 0));
}

static void ring_can_be_opened_anew(struct scene *scene)
{
    struct mapring_record record;
    check_result(MAPRING_OK, open_producer(scene));
    check_result(MAPRING_OK, open_consumer(scene));
    check_result(MAPRING_OK, mapring_consumer_next(scene->consumer, &record, 0));
}

static const struct operation operations[] = {
    {"create", nothing_is_there, create_ring, MAPRING_OK, new_ring_works, false},
    {"open or create", nothing_is_there, open_or_create_ring, MAPRING_OK, new_ring_works, false},
    {"create with all options", nothing_is_there, create_with_all, MAPRING_OK, new_ring_works,
     false},
    {"create for a group", nothing_is_there, create_for_group, MAPRING_OK, new_ring_works, true},
    {"attach as a group's", ring_is_of_group, attach_for_group, MAPRING_OK, ring_works, true},
    {"create what is there", ring_is_there, create_ring, MAPRING_ERROR_EXISTS, ring_works, false},
    {"create on a node", nothing_is_there, create_on_node, MAPRING_ERROR_ARGUMENT, nothing_is_there,
     false},
    {"attach without a name", ring_is_there, attach_without_name, MAPRING_ERROR_ARGUMENT,
     ring_works, false},
    {"attach while names are held", names_are_held, attach_ring, MAPRING_OK, close_all, false},
    {"open or attach", ring_is_there, open_or_create_ring, MAPRING_OK, ring_works, false},
    {"attach", ring_is_there, attach_ring, MAPRING_OK, ring_works, false},
    {"attach with a mode", ring_is_there, attach_with_mode, MAPRING_OK, ring_works, false},
    {"attach what is not there", nothing_is_there, attach_ring, MAPRING_ERROR_NOT_THERE,
     nothing_is_there, false},
    {"producer", ring_is_there, open_producer, MAPRING_OK, ring_works, false},
    {"second producer", ring_is_used, open_second_producer, MAPRING_ERROR_PRODUCER_TAKEN,
     ring_is_as_before, false},
    {"consumer", ring_is_there, open_consumer, MAPRING_OK, consumer_works, false},
    {"durable consumer", ring_is_there, open_durable, MAPRING_OK, consumer_works, false},
    {"durable consumer again", durable_is_away, open_durable, MAPRING_OK, consumer_works, false},
    {"forget", durable_is_away, forget_durable, MAPRING_OK, durable_is_forgotten, false},
    {"observer", ring_is_there, open_observer, MAPRING_OK, observer_works, false},
    {"image", ring_is_there, open_image, MAPRING_OK, image_works, false},
    {"next of image", image_is_open, read_image, MAPRING_OK, image_works, false},
    {"next of a lapped image", image_is_lapped, read_image, MAPRING_LOST, close_all, false},
    {"define", producer_is_there, define_one, MAPRING_OK, definitions_work, false},
    {"dictionary", producer_is_there, open_dictionary, MAPRING_OK, definitions_work, false},
    {"next of a dictionary", dictionary_is_open, read_dictionary, MAPRING_OK, definitions_work,
     false},
    {"stat", ring_is_used, stat_ring, MAPRING_OK, ring_is_as_before, false},
    {"list", ring_is_open, list_rings, MAPRING_OK, ring_is_listed, false},
    {"list of the global scope", nothing_is_there, list_global_rings, MAPRING_OK, nothing_is_there,
     false},
    {"list of a directory", nothing_is_there, list_directory, MAPRING_OK, nothing_is_there, true},
    {"remove", ring_is_left, remove_ring, MAPRING_OK, ring_is_removed, true},
    {"prune", ring_is_left, prune_ring, MAPRING_OK, ring_is_removed, true},
    {"prune a second file", companion_is_left, prune_ring, MAPRING_OK, ring_is_removed, true},
    {"look whether it is left over", ring_is_left, look_at_ring, MAPRING_OK, ring_is_as_before,
     true},
    {"remove by force", ring_is_used, remove_used_ring, MAPRING_OK, ring_is_removed, false},
    {"remove what is used", ring_is_used, remove_ring, MAPRING_ERROR_IN_USE, ring_is_as_before,
     false},
    {"consumer's wait handle", consumer_has_read_all, hand_out_consumer, MAPRING_OK, handle_works,
     false},
    {"producer's wait handle", producer_is_there, hand_out_producer, MAPRING_OK, ring_works, false},
    {"merge", producer_is_there, open_merge, MAPRING_OK, ring_is_added, false},
    {"add to a merge", merge_is_open, add_to_merge, MAPRING_OK, merge_works, false},
    {"add a pattern to a merge", merge_is_open, add_pattern, MAPRING_NOTHING, close_all, false},
    {"merge's wait handle", merge_has_ring, hand_out_merge, MAPRING_OK, merge_works, false},
    {"wait of a merge", merge_has_ring, wait_for_merge, MAPRING_TIMED_OUT, merge_works, false},
    {"send to who sleeps", consumer_waits, send_one, MAPRING_OK, record_arrives, false},
    {"wait for a record", consumer_has_read_all, wait_for_record, MAPRING_TIMED_OUT, handle_works,
     false},
    {"wait of an observer", observer_is_there, wait_as_observer, MAPRING_TIMED_OUT, ring_works,
     false},
    {"wait for room", ring_is_full, wait_for_room, MAPRING_TIMED_OUT, close_all, false},
    {"sync", producer_is_there, sync_producer, MAPRING_OK, ring_works, true},
    {"close", consumer_is_there, close_both, MAPRING_OK, ring_can_be_opened_anew, false},
};

/* ---- One fault after another ---- */

static bool is_list(const struct operation *operation)
{
    return operation->run == list_rings || operation->run == list_global_rings ||
           operation->run == list_directory || operation->run == add_pattern;
}

static struct faults count_calls(const struct operation *operation, struct scene *scene)
{
    operation->prepare(scene);
    scene->holdings = holdings_now();
    scene->names = names_of(scene);
    faults_count();
    int result = operation->run(scene);
    struct faults is = faults_stop();
    check_result(operation->expected, result);
    operation->confirm(scene);
    clear(scene);
    return is;
}

static bool names_no_ring(const struct operation *operation)
{
    return is_list(operation) || operation->run == attach_without_name ||
           operation->run == open_merge || operation->run == hand_out_merge;
}

static bool is_removal(const struct operation *operation)
{
    return operation->run == remove_ring || operation->run == remove_used_ring ||
           operation->run == prune_ring;
}

static void check_failure(const struct operation *operation, struct scene *scene, int result)
{
    check_clear(names_no_ring(operation) ? NULL : scene->name, result);
    check(operation->prepare != nothing_is_there || (!scene->ring && !scene->producer));
    check_holdings(scene->holdings);
    /* A removal continues where it stopped. */
    /* The system may take a moment to forget a name whose last handle was closed. */
    check_soon(scene->names == names_of(scene) || is_removal(operation));
    check_result(operation->expected, operation->run(scene));
}

/* Nothing can be done about a file that cannot be removed, or that the system says is absent or
 * empty. */
static bool may_stay(const struct operation *operation, const struct fault_call *call)
{
    return (operation->confirm == nothing_is_there && strcmp(call->name, "unlink") == 0) ||
           (is_removal(operation) && strstr("lstat pread", call->name)) ||
           (is_list(operation) && strcmp(call->name, "fstatat") == 0);
}

/* The number of calls varies in waits, and in lists and searches while others make rings. */
static bool calls_vary(const struct operation *operation)
{
    return operation->expected == MAPRING_TIMED_OUT ||
           operation->expected == MAPRING_ERROR_NOT_THERE || is_list(operation);
}

static void try_fault(const struct operation *operation, struct scene *scene, unsigned number,
                      const struct fault_call *call, long error)
{
    operation->prepare(scene);
    faults_fail(number, error);
    int result = operation->run(scene);
    check(faults_stop().failed || calls_vary(operation));
    if (result != operation->expected) {
        check(!fault_is_interruption(error));
        check_failure(operation, scene, result);
    }
    if (!may_stay(operation, call))
        operation->confirm(scene);
    clear(scene);
}

static unsigned try_errors(const struct operation *operation, struct scene *scene, unsigned number,
                           const struct fault_call *call)
{
    for (size_t i = 0; i < call->error_count; i++) {
        snprintf(where, sizeof where, "%s of %s, where call %u, %s, fails with %ld",
                 operation->name, scene->name, number, call->name, call->errors[i]);
        try_fault(operation, scene, number, call, call->errors[i]);
    }
    return (unsigned)call->error_count;
}

/* First runs the operation twice without a fault, since what happens for the first time may keep
 * something. */
static unsigned try_all_faults(const struct operation *operation, struct scene *scene)
{
    static const struct fault_call *calls[FAULT_CALL_LIMIT];
    snprintf(where, sizeof where, "%s of %s without a fault", operation->name, scene->name);
    count_calls(operation, scene);
    struct faults is = count_calls(operation, scene);
    memcpy(calls, is.calls, is.count * sizeof *calls);
    struct holdings before = holdings_now();
    unsigned tried = 0;
    for (unsigned i = 0; i < is.count; i++)
        tried += try_errors(operation, scene, i, calls[i]);
    check_holdings(before);
    return tried;
}

/* Linux places memory on its node once it is there; Windows allocates it there. */
static bool is_possible(const struct operation *operation, bool is_file)
{
    if (operation->prepare == companion_is_left)
        return is_file && os_names_outlive_handles();
    if (operation->run == create_for_group || operation->run == attach_for_group)
        return is_file && os_names_outlive_handles() && os_is_root();
    if (operation->run == create_on_node || operation->run == remove_used_ring)
        return os_names_outlive_handles();
    return is_file || !operation->of_files_only;
}

static void try_operations(const char *name, bool is_file, uint32_t mode)
{
    small.mode = create.mode = mode;
    struct scene scene = {.name = name, .is_file = is_file};
    rings_directory = new_path("-rings");
    check(os_make_directory(rings_directory));
    os_set_environment("MAPRING_DIR", rings_directory);
    check_result(MAPRING_OK, mapring_open(&scene.ring, "some", &small));
    os_set_environment("MAPRING_DIR", "");
    close_all(&scene);
    unsigned faults = 0;
    for (size_t i = 0; i < COUNT_OF(operations); i++)
        if (is_possible(&operations[i], is_file))
            faults += try_all_faults(&operations[i], &scene);
    check(faults > 500);
    where[0] = '\0';
}

static void named_rings_survive_every_failing_call(void **state)
{
    (void)state;
    try_operations(new_ring_name(), false, 0);
}

static void files_survive_every_failing_call(void **state)
{
    (void)state;
    try_operations(new_path(".ring"), true, 0);
}

static void named_rings_that_others_may_read_survive_every_failing_call(void **state)
{
    (void)state;
    if (!os_names_outlive_handles()) /* there, they are like the others */
        skip();
    try_operations(new_ring_name(), false, READABLE);
}

static void files_that_others_may_read_survive_every_failing_call(void **state)
{
    (void)state;
    if (!os_names_outlive_handles())
        skip();
    try_operations(new_path(".ring"), true, READABLE);
}

/* What is done once in each process, with its first ring. */
static int first_ring(int argc, char **argv)
{
    (void)argc;
    mapring_ring *ring;
    if (!faults_fail_next("pthread_atfork"))
        return 0;
    check_result(MAPRING_ERROR_NO_MEMORY, mapring_open(&ring, argv[0], &attach));
    check(faults_failed_next());
    check_clear(argv[0], MAPRING_ERROR_NO_MEMORY);
    check_result(MAPRING_OK, mapring_open(&ring, argv[0], &create));
    mapring_close(ring);
    return 0;
}

/* Before the first wait, the library asks whether there are several processors. */
static int first_wait(int argc, char **argv)
{
    (void)argc;
    mapring_consumer *consumer;
    struct mapring_record record;
    check_result(MAPRING_OK, mapring_consumer_open(&consumer, argv[0], NULL));
    faults_fail_next("sysconf");
    check_result(MAPRING_TIMED_OUT, mapring_consumer_next(consumer, &record, SHORT_WAIT_NS));
    check(faults_failed_next());
    mapring_consumer_close(consumer);
    return 0;
}

static void first_wait_of_a_process_survives(void **state)
{
    (void)state;
    process_finish(start_role("first_wait", new_ring(&small), NULL));
}

static void first_ring_of_a_process_survives(void **state)
{
    (void)state;
    process_finish(start_role("first_ring", new_ring_name(), NULL));
}

/* The system reports the failure only once, and to the library's own thread. */
static void failed_write_at_an_interval_is_told(void **state)
{
    (void)state;
    const struct mapring_options options = {
        .capacity_bytes = SMALL, .sync = MAPRING_SYNC_INTERVAL, .sync_interval_ms = 1};
    mapring_producer *producer;
    const char *path = new_path(".ring");
    check_result(MAPRING_OK, mapring_producer_open(&producer, path, &options));
    check(faults_fail_next("fdatasync") || faults_fail_next("FlushFileBuffers"));
    check_soon(faults_failed_next());
    check_soon(mapring_producer_sync(producer) == MAPRING_ERROR_SYSTEM);
    check_clear(path, MAPRING_ERROR_SYSTEM);
    mapring_producer_close(producer);
}

/* A sleep that ends early is not taken for a record, and a missed wake-up is made up for by the
 * next look. */
static void wait_handles_survive_failing_calls_of_their_thread(void **state)
{
    (void)state;
    static const char *const calls[] = {"poll", "eventfd_read", "futex"};
    struct scene scene = {.name = new_ring_name()};
    for (size_t i = 0; i < COUNT_OF(calls); i++) {
        mapring_handle handle;
        consumer_has_read_all(&scene);
        check_result(MAPRING_OK, mapring_consumer_wait_handle(scene.consumer, &handle));
        faults_fail_next(calls[i]);
        handle_works(&scene);
        check_soon(faults_failed_next());
        clear(&scene);
    }
}

static int tell_and_teardown(void **state)
{
    if (where[0])
        fprintf(stderr, "the failure was in: %s\n", where);
    where[0] = '\0';
    return test_teardown(state);
}

/* clang-format off */
#define FAULT_TEST(function) {#function, function, test_setup, tell_and_teardown, NULL}
/* clang-format on */

static const struct role roles[] = {{"first_ring", first_ring}, {"first_wait", first_wait}};
static const struct CMUnitTest tests[] = {
    FAULT_TEST(named_rings_survive_every_failing_call),
    FAULT_TEST(files_survive_every_failing_call),
    TEST(named_rings_that_others_may_read_survive_every_failing_call),
    TEST(files_that_others_may_read_survive_every_failing_call),
    FAULT_TEST(first_wait_of_a_process_survives),
    FAULT_TEST(first_ring_of_a_process_survives),
    FAULT_TEST(failed_write_at_an_interval_is_told),
    FAULT_TEST(wait_handles_survive_failing_calls_of_their_thread),
};
TEST_MAIN(roles, tests)
