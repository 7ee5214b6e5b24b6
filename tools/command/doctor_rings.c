/* SPDX-License-Identifier: MIT */
/* What mapring doctor checks of each ring. */
#include "doctor_rings.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bridge/status.h"
#include "doctor_places.h"
#include "look.h"
#include "os.h"
#include "os_doctor.h"
#include "shared/os.h"
#include "shared/quantity.h"

#define PATIENCE_NS UINT64_C(1000000000) /* a producer may wait so long before it is told */

/* A bridge tells about itself every second. */
#define BRIDGE_PATIENCE_NS UINT64_C(10000000000)

struct patient {
    const struct os_ring *ring;
    const char *name;  /* as it is typed */
    const char *scope; /* the option that goes with the name, or "" */
    struct mapring_stat stat;
    int result; /* of looking at it; only what failed has an error */
    struct mapring_error error;
};

/* ---- A ring that cannot be opened ---- */

static bool is_left_over(const struct patient *patient)
{
    return mapring_prune(patient->name, ring_scope(patient->ring), MAPRING_PRUNE_LOOK) ==
           MAPRING_OK;
}

static void tell_missing(struct diagnosis *diagnosis, const struct patient *patient)
{
    if (patient->ring->remainder) {
        found(diagnosis, LEVEL_WARNING,
              "of ring '%s' only the second file is left; the first one was removed by hand",
              patient->name);
        advise(diagnosis, "Remove it: mapring prune %s%s", patient->name, patient->scope);
    } else if (is_left_over(patient)) {
        found(diagnosis, LEVEL_WARNING,
              "ring '%s' is half-made: its creator died before it was ready, and readers wait for "
              "it in vain",
              patient->name);
        advise(diagnosis,
               "Remove it (mapring prune %s%s), or start its producer, which creates it "
               "again",
               patient->name, patient->scope);
    } else if (patient->ring->named) {
        found(diagnosis, LEVEL_ERROR, "%s", patient->error.text);
        advise(diagnosis,
               "Start its producer, or create it (mapring create %s); 'mapring ls --all' "
               "shows what is there",
               patient->name);
    }
}

static void tell_unreadable(struct diagnosis *diagnosis, const struct patient *patient)
{
    const char *name = patient->name, *scope = patient->scope;
    bool damaged = patient->result == MAPRING_ERROR_DAMAGED;
    found(diagnosis, LEVEL_ERROR, "%s%s", patient->error.text,
          damaged ? ". No program can use it" : "");
    if (damaged)
        advise(diagnosis, "Remove it (mapring rm --force %s%s); the next producer creates it again",
               name, scope);
    else if (patient->result == MAPRING_ERROR_FOREIGN)
        advise(diagnosis,
               "Update mapring here, or end the programs that use the other version and "
               "remove the ring: mapring rm --force %s%s",
               name, scope);
    else if (patient->result == MAPRING_ERROR_WRONG_KIND)
        advise(diagnosis,
               "Something else has the name of a ring. Move it away, remove it (mapring "
               "rm --force %s%s), or choose another name",
               name, scope);
    else if (patient->result == MAPRING_ERROR_PERMISSION)
        advise(diagnosis,
               "Let its owner%s%s create it with a mode that includes you (mapring create "
               "NAME --scope global --mode 666), or choose another name",
               *patient->ring->owner ? ", " : "", patient->ring->owner);
    else
        advise(diagnosis, "'mapring stat %s%s' tries it again", name, scope);
}

/* That other users keep their rings to themselves is no problem, unless one was asked for. */
static void check_opens(struct diagnosis *diagnosis, const struct patient *patient)
{
    if (patient->result == MAPRING_OK ||
        (patient->result == MAPRING_ERROR_PERMISSION && patient->ring->path))
        return;
    if (patient->result == MAPRING_ERROR_NOT_THERE)
        tell_missing(diagnosis, patient);
    else
        tell_unreadable(diagnosis, patient);
}

static void check_owner(struct diagnosis *diagnosis, const struct patient *patient)
{
    const struct os_ring *ring = patient->ring;
    if (ring->path || ring->place == OS_LOCAL || os_trusts(ring->owner))
        return;
    found(diagnosis, LEVEL_WARNING,
          "ring '%s' belongs to another user, %s, who can read, change and lose what is sent. "
          "Producers of this user refuse it",
          patient->name, ring->owner);
    advise(diagnosis, "If you trust the owner, give --trust-owner to 'mapring send'; otherwise "
                      "choose another name");
}

/* ---- Its producer ---- */

/* Then that is told instead. */
static bool is_bridge(const struct patient *patient)
{
    struct status status[STATUS_LIMIT];
    unsigned count = status_read(patient->name, ring_scope(patient->ring), status);
    for (unsigned i = 0; i < count; i++)
        if (status[i].direction == STATUS_IN)
            return true;
    return false;
}

static void check_producer(struct diagnosis *diagnosis, const struct patient *patient)
{
    const struct mapring_stat *stat = &patient->stat;
    if (stat->producer_state != MAPRING_PRODUCER_HAS_DIED || is_bridge(patient))
        return;
    found(diagnosis, LEVEL_WARNING,
          "the producer of ring '%s' (process %" PRIu64 ") died without closing it. %" PRIu64
          " record%s unread, and no more will come",
          patient->name, stat->producer_process, stat->unread_records,
          stat->unread_records == 1 ? " is" : "s are");
    if (is_left_over(patient))
        advise(diagnosis,
               "Start the producer again, which continues the ring, or remove it: mapring "
               "prune %s%s",
               patient->name, patient->scope);
    else
        advise(diagnosis, "Start the producer again, which continues the ring");
}

/* ---- Its consumers ---- */

static uint64_t waits_ns(const struct mapring_stat *stat)
{
    uint64_t now = os_time_ns();
    bool waits = stat->producer_state == MAPRING_PRODUCER_IS_OPEN && stat->producer_waits;
    return waits && now > stat->blocked_since_ns ? now - stat->blocked_since_ns : 0;
}

static bool is_blocking(const struct mapring_stat *stat,
                        const struct mapring_consumer_stat *consumer)
{
    return stat->blocking_cell == (int)consumer->cell && waits_ns(stat) >= PATIENCE_NS;
}

static void check_stalled(struct diagnosis *diagnosis, const struct patient *patient,
                          const struct mapring_consumer_stat *consumer)
{
    const struct mapring_stat *stat = &patient->stat;
    bool stopped = os_process_is_stopped(consumer->process), blocks = is_blocking(stat, consumer);
    if (!consumer->alive || !(blocks || (stopped && consumer->pending_records > 0)))
        return;
    char since[96] = "the ring will fill up, and then its producer waits";
    if (blocks)
        snprintf(since, sizeof since, "the producer has waited for it for %s",
                 quantity_duration(waits_ns(stat)).text);
    else if (stat->when_full != MAPRING_BLOCK)
        snprintf(since, sizeof since, "it will lose records");
    found(diagnosis, blocks ? LEVEL_ERROR : LEVEL_WARNING,
          "consumer '%s' (process %" PRIu64 ") of ring '%s' %s, with %" PRIu64
          " record%s unread: %s",
          consumer->name, consumer->process, patient->name,
          stopped ? "is stopped by a signal or a debugger" : "does not read",
          consumer->pending_records, consumer->pending_records == 1 ? "" : "s", since);
    if (stopped)
        advise(diagnosis, "Resume it (kill -CONT %" PRIu64 ") or end it (kill -KILL %" PRIu64 ")",
               consumer->process, consumer->process);
    else
        advise(diagnosis, "Find out what process %" PRIu64 " is doing, or end it",
               consumer->process);
}

static void check_away(struct diagnosis *diagnosis, const struct patient *patient,
                       const struct mapring_consumer_stat *consumer)
{
    const struct mapring_stat *stat = &patient->stat;
    bool blocks = is_blocking(stat, consumer);
    if (consumer->state != MAPRING_CONSUMER_AWAY || stat->when_full != MAPRING_BLOCK)
        return;
    bool half = consumer->pending_bytes > stat->capacity_bytes / 2;
    found(diagnosis,
          blocks ? LEVEL_ERROR
          : half ? LEVEL_WARNING
                 : LEVEL_NOTE,
          "the durable consumer '%s' of ring '%s' is away, and its place is kept: it holds %s of "
          "%s. %s",
          consumer->name, patient->name, quantity_bytes(consumer->pending_bytes).text,
          quantity_bytes(stat->capacity_bytes).text,
          blocks ? "The producer waits for it now" : "When the ring is full, its producer waits");
    advise(diagnosis,
           "Start it again (mapring recv %s --consumer %s%s), or give up its place: "
           "mapring consumer rm %s %s%s",
           patient->name, consumer->name, patient->scope, patient->name, consumer->name,
           patient->scope);
}

static void check_consumers(struct diagnosis *diagnosis, const struct patient *patient)
{
    const struct mapring_stat *stat = &patient->stat;
    for (unsigned i = 0; i < stat->consumers; i++) {
        check_stalled(diagnosis, patient, &stat->consumer[i]);
        check_away(diagnosis, patient, &stat->consumer[i]);
    }
    if (stat->consumers == 0 && !stat->consumers_hidden && waits_ns(stat) >= PATIENCE_NS) {
        found(diagnosis, LEVEL_WARNING,
              "the producer of ring '%s' has waited for its first consumer for %s", patient->name,
              quantity_duration(waits_ns(stat)).text);
        advise(diagnosis, "Start one: mapring recv %s%s", patient->name, patient->scope);
    }
}

/* ---- Its bridges ---- */

static uint64_t since(uint64_t then_ns)
{
    uint64_t now = os_time_ns();
    return now > then_ns ? now - then_ns : 0;
}

static void advise_restart(struct diagnosis *diagnosis, const struct patient *patient,
                           const struct status *status)
{
    char path[FINDING_BYTES / 4];
    status_path(patient->name, ring_scope(patient->ring), status, path, sizeof path);
    advise(
        diagnosis,
        "%s, which continues where it was: mapring bridge %s %s%s --url %s --stream %s; or, if it "
        "is not to come back, forget it: rm %s",
        status->state == STATUS_FAILED ? "After what it says is mended, start it again"
                                       : "Start it again",
        status_direction(status), patient->name, patient->scope, status->server, status->stream,
        path);
}

static void tell_ended(struct diagnosis *diagnosis, const struct patient *patient,
                       const struct status *status)
{
    bool failed = status->state == STATUS_FAILED;
    found(diagnosis, LEVEL_ERROR,
          "the bridge %s of ring '%s' (stream '%s' of %s, process %" PRIu64 ") %s %s ago%s%s",
          status_direction(status), patient->name, status->stream, status->server, status->process,
          failed ? "stopped" : "died", quantity_duration(since(status->updated_ns)).text,
          failed ? ": " : "", failed ? status->last_error : "");
    advise_restart(diagnosis, patient, status);
}

static void tell_silent(struct diagnosis *diagnosis, const struct patient *patient,
                        const struct status *status)
{
    bool stopped = os_process_is_stopped(status->process);
    found(diagnosis, LEVEL_ERROR,
          "the bridge %s of ring '%s' (process %" PRIu64 ") %s, and has told nothing for %s",
          status_direction(status), patient->name, status->process,
          stopped ? "is stopped by a signal or a debugger" : "is stuck",
          quantity_duration(since(status->updated_ns)).text);
    if (stopped)
        advise(diagnosis, "Resume it: kill -CONT %" PRIu64, status->process);
    else
        advise(diagnosis,
               "Find out what process %" PRIu64
               " is doing, or end it and start it again: it continues where it was",
               status->process);
}

static void tell_waiting(struct diagnosis *diagnosis, const struct patient *patient,
                         const struct status *status)
{
    bool full = status->state == STATUS_FULL;
    const char *why = !full                             ? "has not reached its server"
                      : status->direction == STATUS_OUT ? "has had no room in its stream"
                                                        : "has had no room in the ring";
    found(diagnosis, LEVEL_WARNING,
          "the bridge %s of ring '%s' (stream '%s' of %s) %s for %s, and is %" PRIu64
          " records behind%s%s",
          status_direction(status), patient->name, status->stream, status->server, why,
          quantity_duration(since(status->state_since_ns)).text, status->lag_records,
          status->last_error[0] != '\0' ? ". Its last error: " : "", status->last_error);
    if (!full)
        advise(diagnosis, "Start the server, or look for what is between; the bridge tries again "
                          "by itself");
    else if (status->direction == STATUS_OUT)
        advise(diagnosis, "Let the stream keep more, or remove old messages from it, but never its "
                          "last one; the bridge then goes on by itself");
    else
        advise(diagnosis, "See who does not read it: mapring consumers %s%s", patient->name,
               patient->scope);
}

static void check_bridges(struct diagnosis *diagnosis, const struct patient *patient)
{
    struct status status[STATUS_LIMIT];
    unsigned count = status_read(patient->name, ring_scope(patient->ring), status);
    for (unsigned i = 0; i < count; i++) {
        if (!status_is_alive(&status[i]))
            tell_ended(diagnosis, patient, &status[i]);
        else if (since(status[i].updated_ns) > BRIDGE_PATIENCE_NS)
            tell_silent(diagnosis, patient, &status[i]);
        else if (status[i].state != STATUS_RUNNING &&
                 since(status[i].state_since_ns) > BRIDGE_PATIENCE_NS)
            tell_waiting(diagnosis, patient, &status[i]);
    }
}

static void check_ledgers(struct diagnosis *diagnosis, const struct patient *patient)
{
    if (patient->stat.balanced)
        return;
    found(diagnosis, LEVEL_ERROR,
          "the counts of ring '%s' do not add up: somebody wrote into its memory", patient->name);
    advise(diagnosis, "See 'mapring stat %s%s', end its processes, and remove it: mapring rm %s%s",
           patient->name, patient->scope, patient->name, patient->scope);
}

static void check_file(struct diagnosis *diagnosis, const struct patient *patient)
{
    if (patient->ring->place == OS_FILE)
        doctor_check_file_system(diagnosis, patient->name);
}

/* ---- All of them ---- */

static void examine(struct patient *patient, const struct os_ring *ring)
{
    *patient = (struct patient){.ring = ring, .name = ring_path(ring), .scope = ""};
    if (ring->place == OS_GLOBAL)
        patient->scope = " --scope global";
    patient->result = look(patient->name, ring_scope(ring), &patient->stat);
    if (patient->result != MAPRING_OK)
        patient->error = *mapring_last_error();
}

void doctor_check_rings(struct diagnosis *diagnosis, const struct rings *rings)
{
    static const struct {
        struct check check;
        void (*run)(struct diagnosis *diagnosis, const struct patient *patient);
        bool opened; /* needs a ring that could be opened */
    } checks[] = {
        {{"ring", "each ring can be opened"}, check_opens, false},
        {{"owner", "no ring of another user has to be trusted"}, check_owner, false},
        {{"producer", "no producer has died"}, check_producer, true},
        {{"consumers", "no consumer holds up its producer"}, check_consumers, true},
        {{"bridges", "no bridge is dead or stuck"}, check_bridges, false},
        {{"ledgers", "the counts of each ring add up"}, check_ledgers, true},
        {{"file-system", "ring files lie on a suitable file system"}, check_file, true},
    };
    static struct patient patient;
    for (size_t i = 0; i < rings->count; i++) {
        examine(&patient, &rings->ring[i]);
        for (size_t j = 0; j < sizeof checks / sizeof *checks; j++) {
            if (!os_makes_check(checks[j].check.name) ||
                (checks[j].opened && patient.result != MAPRING_OK))
                continue;
            diagnosis_check(diagnosis, &checks[j].check, rings->ring[i].name);
            checks[j].run(diagnosis, &patient);
        }
    }
}
