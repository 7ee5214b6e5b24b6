/* SPDX-License-Identifier: MIT */
/* What 'mapring help TOPIC' says: each topic on one screen, because there are no man pages on
 * Windows. mapring(7) has the details. */
#include "topics.h"

#include <stddef.h>

const struct topic topics[] = {
    {"names", "what a ring may be called",
     "A ring's NAME is 1 to 100 of the characters A-Z a-z 0-9 . _ -. A NAME that contains a / or a "
     "\\ is a path, and the ring is in that file: 'mapring create flight.ring' makes a ring in "
     "memory, 'mapring create ./flight.ring' one in a file.\n\n"
     "recv and dump also take a pattern, in which * stands for any characters and ? for one. Put "
     "it in quotes, so that the shell does not expand it: mapring recv 'app.*'.\n\n"
     "'mapring ls' lists the rings that are not in files. See NAMES AND SCOPES in mapring(7)."},
    {"scopes", "whose name is meant: local or global",
     "Two users may each have a ring called log: by default, --scope local, a NAME belongs to the "
     "user who runs the command (on Windows, to the session). With --scope global it belongs to "
     "the whole machine; each command that uses the ring then needs the option. A path belongs to "
     "neither scope.\n\n"
     "The scope does not say who may use a ring: the --mode of 'mapring create' does. On Windows, "
     "creating a global ring needs a privilege. See NAMES AND SCOPES and SECURITY in mapring(7)."},
    {"policies", "what happens when a ring is full",
     "'mapring create' and 'mapring send' choose it for a new ring, with --when-full:\n\n"
     "  block      the producer waits for the slowest consumer (default)\n"
     "  drop       the new record is dropped; readers are told how many are missing\n"
     "  overwrite  the oldest records are overwritten; the producer waits for nobody, and\n"
     "             every reader is an observer\n\n"
     "Until the first consumer attaches, a ring that blocks or drops keeps everything. 'mapring "
     "stat' says for whom the producer waits. See FULL RINGS in mapring(7)."},
    {"durable", "readers that keep their place",
     "A consumer is a reader that the producer waits for. When it ends, its place is given up, "
     "and the next one begins with what nobody has read yet.\n\n"
     "With 'mapring recv --consumer archive' the ring keeps the place of this consumer under that "
     "name: started again, it continues where it left off, and until then the producer waits for "
     "it. --max-lag limits that. 'mapring consumers' lists them, and 'mapring consumer rm' forgets "
     "one.\n\n"
     "An observer (--observe) has no place: nobody waits for it, and it is told what it has lost. "
     "See DURABLE AND EPHEMERAL CONSUMERS and OBSERVERS in mapring(7)."},
    {"runs", "what happens when a producer ends, and the next one comes",
     "A run is the time of one producer. recv ends when the run that it reads has ended and "
     "everything is read: with status 0 if the producer closed, and with 3 if it died.\n\n"
     "  recv --wait     waits for a producer, even if there is no ring yet\n"
     "  recv --follow   goes on with the next producer\n"
     "  send --wait     waits until an earlier producer has ended\n\n"
     "So 'mapring recv app --wait --follow' and 'mapring send app --wait' may be started and "
     "restarted in any order. See RUNS and SERVICES in mapring(7)."},
    {"logs", "lines that programs write with mapring/log.h",
     "A program writes MAPRING_INFO(log, \"order %d\", id) into a log: a ring for each of its "
     "threads, called NAME, NAME.1, NAME.2 and so on. Commands take the NAME and find all of "
     "them:\n\n"
     "  mapring recv NAME           show the lines as they are written\n"
     "  mapring dump NAME --last 9  show those that are there, also after a crash\n"
     "  mapring level NAME debug    log more, or less, at once\n"
     "  mapring log sites NAME      list the places that log\n"
     "  mapring log write NAME hi   write a line from a script\n\n"
     "--level, --grep, --since and --until choose lines, --format says how they look, and --json "
     "writes an object for each, with its values. See LOGS in mapring-recv(1)."},
    {"framing", "how bytes are divided into records",
     "send divides its input into records, and recv and dump write records, as --framing says:\n\n"
     "  line    each line is a record, without its newline (default)\n"
     "  length  each record follows 4 bytes with its length, little-endian\n"
     "  block   records follow one another with nothing between them; send makes each of\n"
     "          --block-bytes\n\n"
     "Use length for records that may contain newlines. What is longer than a record of the ring "
     "is sent in parts, which recv joins again (--too-long)."},
    {"times", "when records were sent, and how to ask for them",
     "In a ring made with --times, each record says when it was sent. recv and dump then show the "
     "times with --time, and choose records by --since and --until:\n\n"
     "  2026-11-27T23:13:09Z   in UTC; without Z, local time\n"
     "  2026-11-27, 23:13      midnight of that day; today\n"
     "  10m, 2h, 1.5s, 3d      ago\n"
     "  @1795821189            seconds since 1970\n"
     "  4711                   a sequence number, which needs no --times\n\n"
     "See TIMES in mapring(7)."},
    {"files", "rings in files, which outlive crashes and restarts",
     "A ring whose NAME is a path is kept in that file. What was sent survives the death of every "
     "process and an orderly restart; 'mapring send --sync' also writes it to the disk at "
     "intervals. With --when-full overwrite it is a flight recorder: the newest records of a "
     "program, whatever happens to it.\n\n"
     "'mapring dump' reads such a file, a copy of it, or one from the other operating system, "
     "without changing it. See FLIGHT RECORDERS in mapring(7)."},
    {"exit-status", "what the exit status of a command means",
     "  0      done\n"
     "  1      failed; a message says why\n"
     "  2      wrong usage\n"
     "  3      the other side is gone: the producer died, or the ring was removed\n"
     "  4      timed out\n"
     "  128+N  ended by signal N, after cleaning up\n\n"
     "It is not an error if the reader of standard output is gone. Data goes to standard output, "
     "everything else to standard error. See EXIT STATUS in mapring(1), and in the page of each "
     "command."},
    {NULL, NULL, NULL},
};
