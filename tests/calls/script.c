/* SPDX-License-Identifier: MIT */
/* Scripts: made at random, printed, and read. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "calls.h"

/* How often each verb comes, and what arguments it has: n is a number, f is a place to begin. */
static const struct {
    const char *name;
    const char *arguments;
    unsigned weight;
} verbs[VERBS] = {
    [PRODUCER_OPEN] = {"producer", "", 7},
    [PRODUCER_CLOSE] = {"close-producer", "", 3},
    [SEND] = {"send", "nnn", 22},
    [BATCH] = {"batch", "nn", 5},
    [RESERVE] = {"reserve", "nn", 4},
    [COMMIT] = {"commit", "n", 5},
    [ABORT] = {"abort", "", 2},
    [DRAIN] = {"drain", "", 4},
    [WAIT_CONSUMERS] = {"wait-consumers", "n", 2},
    [QUIET] = {"quiet", "n", 1},
    [PRODUCER_ARM] = {"producer-arm", "n", 3},
    [PRODUCER_READY] = {"producer-ready", "", 4},
    [WAKE] = {"wake", "", 1},
    [CONSUMER_OPEN] = {"consumer", "fnnnn", 12},
    [CONSUMER_CLOSE] = {"close-consumer", "", 5},
    [NEXT] = {"next", "nn", 6},
    [READ] = {"read", "nn", 16},
    [NEXT_BATCH] = {"next-batch", "n", 5},
    [RELEASE] = {"release", "", 6},
    [RECEIVE] = {"receive", "nn", 5},
    [SEEK] = {"seek", "fn", 6},
    [ARM] = {"arm", "", 4},
    [READY] = {"ready", "", 5},
    [WAIT_PRODUCER] = {"wait-producer", "n", 2},
    [REMOVE_CONSUMER] = {"remove-consumer", "n", 2},
    [OBSERVER_OPEN] = {"observer", "ffn", 4},
    [OBSERVER_CLOSE] = {"close-observer", "", 1},
    [LOOK] = {"look", "nn", 8},
    [PEEK] = {"peek", "", 2},
    [IMAGE] = {"image", "", 3},
    [KILL] = {"kill", "", 4},
};

static const char *const froms[] = {"unread", "oldest", "newest", "at", "run"};
static const char *const policies[] = {"", "block", "drop", "overwrite"};

/* ---- At random ---- */

static uint64_t chance;

static uint64_t below(uint64_t limit)
{
    chance = chance * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (chance >> 33) % limit;
}

/* A number up to the limit, mostly a small one. */
static uint64_t skewed(uint64_t limit)
{
    uint64_t most = limit;
    for (uint64_t halvings = below(16); halvings > 0 && most > 1; halvings--)
        most = (most + 1) / 2;
    return below(most + 1);
}

static enum verb random_verb(void)
{
    unsigned all = 0, verb = 0;
    for (unsigned i = 0; i < VERBS; i++)
        all += verbs[i].weight;
    unsigned at = (unsigned)below(all);
    while (at >= verbs[verb].weight)
        at -= verbs[verb++].weight;
    return (enum verb)verb;
}

/* Payload sizes; the limit of half a ring, and one byte more, are among them. */
static uint64_t random_bytes(uint64_t most)
{
    if (below(200) == 0)
        return CAPACITY / 2 - 8 + below(2);
    return below(3) ? below(most + 1) : skewed(most);
}

static uint64_t random_from(void)
{
    return below(5);
}

static void random_arguments(struct call *call, uint64_t most_bytes)
{
    uint64_t *argument = call->argument;
    uint64_t limit = below(12) == 0;
    switch (call->verb) {
    case SEND:
        argument[0] = 1 + skewed(below(4) ? 300 : 3000);
        argument[1] = random_bytes(most_bytes);
        argument[2] = limit;
        break;
    case BATCH:
        argument[0] = 1 + skewed(60);
        argument[1] = random_bytes(most_bytes);
        break;
    case RESERVE:
    case COMMIT:
    case PRODUCER_ARM: argument[0] = random_bytes(most_bytes); break;
    case WAIT_CONSUMERS: argument[0] = below(4); break;
    case QUIET: argument[0] = below(2); break;
    case CONSUMER_OPEN:
        argument[0] = random_from();
        argument[1] = skewed(3000);
        argument[2] = below(2) ? 1 + below(3) : 0;
        argument[3] = argument[2] && below(3) == 0 ? 1000 + below(CAPACITY) : 0;
        argument[4] = below(4) == 0;
        break;
    case NEXT:
    case READ:
    case LOOK:
        argument[0] = 1 + skewed(below(3) ? 100 : 5000);
        argument[1] = limit;
        break;
    case NEXT_BATCH: argument[0] = 1 + skewed(100); break;
    case RECEIVE:
        argument[0] = random_bytes(most_bytes);
        argument[1] = limit;
        break;
    case SEEK:
        argument[0] = random_from();
        argument[1] = skewed(3000);
        break;
    case REMOVE_CONSUMER: argument[0] = 1 + below(3); break;
    case OBSERVER_OPEN:
        argument[0] = below(3);
        argument[1] = below(3);
        argument[2] = below(4) == 0;
        break;
    case WAIT_PRODUCER: argument[0] = limit; break;
    default: break;
    }
}

/* Producers are mostly the first two processes; readers can be any of them. */
static unsigned random_process(enum verb verb)
{
    unsigned process = (unsigned)below(PROCESSES);
    if (verb <= WAKE && below(8))
        process = below(5) == 0;
    return process;
}

void script_make(struct script *script, uint64_t seed, size_t count)
{
    static const uint64_t most_bytes[] = {16, 60, 400, 3000, CAPACITY / 2 - 8};
    static const uint64_t slots[] = {8, 8, 16, 64, 256};
    chance = seed * UINT64_C(0x9E3779B97F4A7C15) + 1;
    below(1);
    *script = (struct script){.count = count};
    script->when_full = below(2) ? MAPRING_BLOCK : (enum mapring_when_full)(1 + below(3));
    script->slot_bytes = (uint32_t)slots[below(5)];
    uint64_t most = most_bytes[below(5)];
    uint64_t near = (UINT64_C(1) << 32) - 256 * below(1000);
    uint64_t far = 0 - 256 * below(1000);
    uint64_t positions[] = {0, near, far};
    script->position = positions[below(3)];
    script->sequence = below(2) ? 0 : (UINT64_C(1) << 32) - below(3000);
    for (size_t i = 0; i < count; i++) {
        struct call *call = &script->call[i];
        call->verb = random_verb();
        call->process = random_process(call->verb);
        random_arguments(call, most);
    }
}

/* ---- As text ---- */

void call_print(FILE *file, const struct call *call)
{
    const char *arguments = verbs[call->verb].arguments;
    fprintf(file, "%u %s", call->process, verbs[call->verb].name);
    for (size_t i = 0; arguments[i]; i++)
        if (arguments[i] == 'f')
            fprintf(file, " %s", froms[call->argument[i]]);
        else
            fprintf(file, " %" PRIu64, call->argument[i]);
    fputc('\n', file);
}

void script_print(FILE *file, const struct script *script)
{
    fprintf(file, "ring %s %" PRIu32 " %" PRIu64 " %" PRIu64 "\n", policies[script->when_full],
            script->slot_bytes, script->position, script->sequence);
    for (size_t i = 0; i < script->count; i++)
        call_print(file, &script->call[i]);
}

/* The index of a word in a list, or the length of the list. */
static size_t find(const char *word, const char *const *list, size_t count)
{
    size_t i = 0;
    while (i < count && strcmp(list[i], word) != 0)
        i++;
    return i;
}

static bool read_argument(struct call *call, size_t i, char kind, const char *word)
{
    if (!word)
        return false;
    call->argument[i] = kind == 'f' ? find(word, froms, 5) : strtoull(word, NULL, 10);
    return kind != 'f' || call->argument[i] < 5;
}

static bool read_call(struct call *call, char *line)
{
    const char *process = strtok(line, " \r\n"), *name = strtok(NULL, " \r\n");
    unsigned verb = 0;
    if (!name)
        return false;
    *call = (struct call){.process = (unsigned)strtoul(process, NULL, 10)};
    while (verb < VERBS && strcmp(verbs[verb].name, name) != 0)
        verb++;
    if (verb == VERBS || call->process >= PROCESSES)
        return false;
    call->verb = (enum verb)verb;
    for (size_t i = 0; verbs[verb].arguments[i]; i++)
        if (!read_argument(call, i, verbs[verb].arguments[i], strtok(NULL, " \r\n")))
            return false;
    return true;
}

static bool read_ring(struct script *script, const char *line)
{
    char policy[16] = "";
    bool good = sscanf(line, "ring %15s %" SCNu32 " %" SCNu64 " %" SCNu64, policy,
                       &script->slot_bytes, &script->position, &script->sequence) == 4;
    script->when_full = (enum mapring_when_full)find(policy, policies, 4);
    return good && script->when_full < 4;
}

bool script_read(FILE *file, struct script *script)
{
    char line[256], copy[256];
    *script = (struct script){0};
    while (fgets(line, sizeof line, file)) {
        strcpy(copy, line);
        if (line[0] == '\n' || line[0] == '#')
            continue;
        bool good =
            script->when_full == MAPRING_UNSPECIFIED
                ? read_ring(script, line)
                : script->count < CALLS_MOST && read_call(&script->call[script->count++], line);
        if (!good) {
            fprintf(stderr, "not a call: %s", copy);
            return false;
        }
    }
    return script->when_full != MAPRING_UNSPECIFIED;
}
