/* SPDX-License-Identifier: MIT */
/* The mapping and the system that ring_source.h uses. */
#ifndef MODEL_PLATFORM_H
#define MODEL_PLATFORM_H

enum { SLEEPS_AT_MOST = 4, ENTRY_WORDS = 3 };

static struct {
    struct ring_header header;
    struct ring_cells cells;
    alignas(128) shared_u64 slots[MODEL_CAPACITY / 8];
    uint64_t dictionary[RECORDS * ENTRY_WORDS];
} mapping;

static mapring_producer model_producers[2];
static unsigned model_handles;

static void *model_handle(void)
{
    return &model_producers[model_handles++];
}

/* Of the index of a dictionary, which belongs to the producer alone. */
static uint64_t model_spaces[64];
static size_t model_spaces_used;

static void *model_space(size_t bytes)
{
    void *space = &model_spaces[model_spaces_used];
    model_spaces_used += (bytes + 7) / 8;
    return space;
}

/* Of a log: the ring NAME, and the one that is made in its place, which processes see or not. */
static struct {
    struct ring_cells cells[2];
    struct level_ring open[4];
    unsigned made, opened;
} levels;

static void *model_level(void)
{
    return &levels.open[levels.opened++];
}

bool log_has_content(const struct ring *ring)
{
    (void)ring;
    return true;
}

uint32_t entry_crc(uint32_t kind, const void *payload, size_t bytes)
{
    (void)bytes;
    return kind + (uint32_t)*(const uint64_t *)payload;
}

/* ---- Errors: only the result says what happened ---- */

static int model_damaged(void)
{
    assert(!"damaged");
    return MAPRING_ERROR_DAMAGED;
}

#define fail(code, ...)         (code)
#define fail_memory(ring, what) MAPRING_ERROR_NO_MEMORY
#define ring_damaged(...)       model_damaged()
#define ring_broken(ring)       ((ring)->hot->broken)

/* ---- Payloads are copied in words, and in atomic ones where there are observers ---- */

static void model_copy(void *to, const void *from, size_t bytes)
{
    for (size_t i = 0; i < bytes / sizeof(uint64_t); i++)
#if defined OBSERVE || defined EVICT
        MODEL_STORE("payload", (uint64_t *)to + i, ((const uint64_t *)from)[i], __ATOMIC_RELAXED);
#else
        MODEL_WRITE("payload", (uint64_t *)to + i, ((const uint64_t *)from)[i]);
#endif
}
#define memcpy(to, from, bytes) model_copy(to, from, bytes)

/* ---- The system ---- */

enum { MODEL_LONG_NS = 100000000, MODEL_LOOK_NS = 5000 };

static int64_t model_now; /* each look at the clock takes a while */

static struct queue {
    model_mutex mutex;
    bool asleep[2]; /* up to two consumers, or one producer */
    uint32_t woken[2];
} consumers_queue = {.mutex = MODEL_MUTEX}, room_queue = {.mutex = MODEL_MUTEX};

void platform_sleep(struct platform_object *object, unsigned channel, shared_u32 *word,
                    uint32_t expected, int64_t limit_ns)
{
    (void)object;
    if (limit_ns < MODEL_LONG_NS) { /* nobody wakes it in this time, but stores leave their buffers */
        MODEL_SETTLE();
        model_now += limit_ns;
        return;
    }
    struct queue *queue = channel == CHANNEL_ROOM ? &room_queue : &consumers_queue;
    unsigned place = channel == CHANNEL_ROOM ? 0 : channel;
    lock(&queue->mutex);
    bool sleeps = load_relaxed(word) == expected;
    if (sleeps) {
        MODEL_STORE("goes to sleep", &queue->woken[place], 0, __ATOMIC_RELAXED);
        queue->asleep[place] = true;
    }
    unlock(&queue->mutex);
    if (sleeps)
        sleep_while("sleeps", &queue->woken[place], 0);
}

void platform_wake(struct platform_object *object, uint64_t channels, shared_u32 *word)
{
    (void)object;
    (void)word;
    bool room = channels >> CHANNEL_ROOM & 1;
    struct queue *queue = room ? &room_queue : &consumers_queue;
    lock(&queue->mutex);
    for (unsigned place = 0; place < 2; place++)
        if ((room || channels >> place & 1) && queue->asleep[place]) {
            queue->asleep[place] = false;
            MODEL_STORE("wakes", &queue->woken[place], 1, __ATOMIC_RELEASE);
        }
    unlock(&queue->mutex);
}

/* The system's lock orders what came before a role was dropped. */
static uint32_t roles[ROLE_CONSUMER + MODEL_CELLS];

bool platform_role_held(struct platform_object *object, unsigned role)
{
    (void)object;
    return MODEL_LOAD("role", &roles[role], __ATOMIC_ACQUIRE) != 0;
}

int platform_role_take(struct platform_object *object, unsigned role)
{
    (void)object;
    bool held = MODEL_CHANGE(EXCHANGE, "takes role", &roles[role], 1, __ATOMIC_ACQUIRE);
    return held ? MAPRING_NOTHING : MAPRING_OK;
}

void platform_role_drop(struct platform_object *object, unsigned role)
{
    (void)object;
    MODEL_STORE("drops role", &roles[role], 0, __ATOMIC_RELEASE);
}

int platform_channel_open(struct platform_object *object, unsigned channel)
{
    (void)object;
    (void)channel;
    return MAPRING_OK;
}

bool platform_membarrier_register(void)
{
#if defined TAKEOVER
    return model_handles > 1; /* only for the second producer */
#elif defined SLEEPS && !defined MEMBARRIER
    return false;
#else
    return true; /* where nobody sleeps, nobody calls the barrier */
#endif
}

void platform_membarrier(void)
{
    MODEL_MEMBARRIER();
}

enum operating_system platform_system(void)
{
    return SYSTEM_LINUX;
}

uint64_t platform_process(void)
{
    return 1;
}

uint64_t platform_process_started(void)
{
    return 1;
}

void platform_pause_ns(int64_t ns)
{
    (void)ns;
}

/* ---- What the model leaves out ---- */

int check_timeout(const struct ring *ring, int64_t timeout_ns)
{
    (void)ring;
    (void)timeout_ns;
    return MAPRING_OK;
}

bool platform_is_removed(const struct platform_object *object, bool told)
{
    (void)object;
    (void)told;
    return false;
}

bool ring_is_to_reopen(struct ring *ring, int result, unsigned *refusals)
{
    (void)ring;
    (void)result;
    (void)refusals;
    return false;
}

int patience_take_creator(struct ring *ring)
{
    int result;
    while ((result = platform_role_take(ring->object, ROLE_CREATOR)) == MAPRING_NOTHING)
        platform_pause_ns(1);
    return result;
}

int64_t deadline_after(int64_t timeout_ns)
{
    return timeout_ns;
}

int64_t sleep_limit(int64_t deadline_ns, uint32_t peer_system)
{
    (void)peer_system;
    return deadline_ns < 0 ? MODEL_LONG_NS : 0;
}

unsigned spin_limit(const struct spin *spin)
{
    (void)spin;
    return 1;
}

void spin_ends(struct spin *spin, bool paid)
{
    (void)paid;
    spin->vain = !spin->vain; /* the consumer expects to sleep again, or not, in turns */
}

void spin_ends_asleep(struct spin *spin, int64_t since_ns)
{
    (void)spin;
    (void)since_ns;
}

int64_t platform_now_ns(void)
{
    return model_now += MODEL_LOOK_NS;
}

int64_t platform_now_roughly_ns(void)
{
    return 0;
}

/* Only the producer reads these. The system's clock goes another way than the counter, so that each
 * record gets a clock point of its own. */
enum { MODEL_CLOCKS_READ = 4, MODEL_COUNTERS_READ = 9 }; /* at each point; the last ones count */
#define MODEL_COUNTER_STEP (UINT64_C(1) << 40)
#define MODEL_CLOCK_STEP   (UINT64_C(1) << 44)
static uint64_t model_counter, model_clock;

bool counter_is_inlined(enum record_clock clock)
{
    (void)clock;
    return false;
}

enum record_clock counter_clock(void)
{
    return CLOCK_STEADY;
}

uint64_t counter_now(enum record_clock clock)
{
    (void)clock;
    return model_counter += MODEL_COUNTER_STEP;
}

uint64_t platform_wall_clock_ns(void)
{
    return model_clock += MODEL_CLOCK_STEP;
}

/* Whether the record has the time that its own point gives or, since there are few of them, a later
 * record's. The first point is made when the producer opens the ring. */
static bool model_is_time_of(uint64_t sequence, uint64_t time_ns)
{
    const uint64_t apart =
        MODEL_CLOCKS_READ * MODEL_CLOCK_STEP - MODEL_COUNTERS_READ * MODEL_COUNTER_STEP;
    uint64_t later = time_ns - MODEL_CLOCKS_READ * (sequence + 2) * MODEL_CLOCK_STEP;
    return later % apart == 0 && later / apart <= MODEL_POINTS;
}

void consumer_keep_distance(mapring_consumer *consumer)
{
    (void)consumer;
}

void consumer_consider_distance(mapring_consumer *consumer)
{
    (void)consumer;
}

/* ---- What is counted for others to see: nobody acts on it ---- */

void blame_count(struct blame *blame, struct ring *ring, uint64_t position)
{
    (void)blame;
    (void)ring;
    (void)position;
}

void blame_show(struct blame *blame, struct ring *ring, uint64_t position)
{
    (void)blame;
    (void)ring;
    (void)position;
}

void blame_end(struct blame *blame, struct ring *ring)
{
    (void)blame;
    (void)ring;
}

void blame_begin(struct blame *blame, struct ring *ring)
{
    (void)blame;
    (void)ring;
}

void stat_waits(const struct ring *ring, struct mapring_stat *stat)
{
    (void)ring;
    (void)stat;
}

void stat_blame(const struct ring *ring, struct mapring_consumer_stat *consumer)
{
    (void)ring;
    (void)consumer;
}

void stat_latency(const struct ring *ring, struct mapring_consumer_stat *consumer)
{
    (void)ring;
    (void)consumer;
}

void consumer_latency_clear(const struct ring *ring, unsigned cell)
{
    (void)ring;
    (void)cell;
}

void consumer_latency_note(mapring_consumer *consumer, const struct mapring_record *record)
{
    (void)consumer;
    (void)record;
}

int sync_start(mapring_producer *producer, const struct mapring_options *options)
{
    (void)producer;
    (void)options;
    return MAPRING_OK;
}

void sync_finish(mapring_producer *producer)
{
    (void)producer;
}

bool notifier_is_armed(const struct notifier *notifier)
{
    (void)notifier;
    return true;
}

bool notifier_pause(struct notifier *notifier)
{
    (void)notifier;
    return false;
}

void notifier_arm(struct notifier *notifier)
{
    (void)notifier;
}

void notifier_stop(struct notifier *notifier, bool forked)
{
    (void)notifier;
    (void)forked;
}

int ring_open(struct ring *ring, struct mapring_hot *hot, const char *name,
              const struct mapring_options *options, enum platform_access access)
{
    (void)name;
    (void)access;
    *ring = (struct ring){
        .hot = hot,
        .first_position = MODEL_FIRST,
        .when_full = options ? (enum when_full)options->when_full : WHEN_FULL_BLOCK,
        .header = &mapping.header,
#ifdef LEVEL
        .cells = &levels.cells[levels.made],
#else
        .cells = &mapping.cells,
#endif
        .dictionary = (unsigned char *)mapping.dictionary,
        .dictionary_bytes = sizeof mapping.dictionary,
    };
    *hot = (struct mapring_hot){
        .slots = (unsigned char *)mapping.slots,
        .mask = MODEL_CAPACITY - 1,
        .slot_mask = MODEL_SLOT - 1,
        .record_limit = MODEL_CAPACITY / 2 - COMMIT_WORD_BYTES * HEADER_WORDS,
#if defined TIMES || defined LEVEL
        .slow = MAPRING_TIMES,
#endif
    };
    return MAPRING_OK;
}

int ring_attach(struct ring *ring, struct mapring_hot *hot, const char *name,
                enum mapring_scope scope, bool prefault, enum platform_access access)
{
    (void)scope;
    (void)prefault;
    return ring_open(ring, hot, name, NULL, access);
}

int options_check_reserved(const uint64_t *reserved, size_t count, const char *name)
{
    (void)reserved;
    (void)count;
    (void)name;
    return MAPRING_OK;
}

int ring_name_parse(struct ring_name *name, const char *text, enum mapring_scope scope)
{
    (void)name;
    (void)text;
    (void)scope;
    return MAPRING_OK;
}

int outcome(int result)
{
    return result;
}

bool platform_has_companion(const struct platform_object *object)
{
    (void)object;
    return false;
}

const char *options_origin(const struct mapring_options *options)
{
    (void)options;
    return NULL;
}

int trust_check_owner(const struct ring *ring, const struct mapring_options *options)
{
    (void)ring;
    (void)options;
    return MAPRING_OK;
}

int ring_settle(struct ring *ring, const struct mapring_options *options,
                enum platform_access access)
{
    (void)ring;
    (void)options;
    (void)access;
    return MAPRING_OK;
}

/* Here, only producers are closed. */
void ring_close(struct ring *ring)
{
    platform_role_drop(ring->object, ROLE_PRODUCER);
}

#endif
