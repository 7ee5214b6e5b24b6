/* SPDX-License-Identifier: MIT */
/* mapring run: runs a program whose output goes into a ring. */
#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "commands.h"
#include "input.h"
#include "program.h"
#include "sender.h"
#include "shared/idle.h"
#include "shared/message.h"
#include "shared/os.h"

static struct {
    struct sender_settings sender;
    bool output, errors; /* only that one */
    bool tee, kill_child;
    int64_t grace_ns;
} settings = {.sender = SENDER_DEFAULTS, .grace_ns = INT64_C(1000000000)};

/* How long a full ring is waited for when the program has been told to end. */
#define LAST_WAIT_NS INT64_C(1000000000)

static const struct option_row options[] = {
    {"stdout", NULL, NULL, &settings.output,
     "only standard output goes into the ring, and standard error stays what it is (default: "
     "both go into the ring)"},
    {"stderr", NULL, NULL, &settings.errors, "the reverse"},
    {"tee", NULL, NULL, &settings.tee,
     "also write what goes into the ring to this command's own standard output and error"},
    {"grace", "SECONDS", value_seconds, &settings.grace_ns,
     "when COMMAND has ended and processes that it started keep its output open, go on reading "
     "for that long (default 1)"},
    {"kill-child", NULL, NULL, &settings.kill_child,
     "kill COMMAND if this command is killed (Windows: and all that COMMAND started)"},
    OPTIONS_SENDER(settings.sender),
    {NULL, NULL, NULL, NULL, NULL},
};

struct output {
    struct run *run;
    int pipe;
    int copy; /* standard file that it is also written to; -1: none */
    bool is_open;
    size_t owed; /* when the program has ended: what is still to be read of it */
    struct input input;
};

struct run {
    struct sender sender;
    struct output outputs[PROGRAM_PIPES];
    bool has_ended;
    int64_t ended_ns;
    int exit_code; /* the program's */
    int status;    /* EXIT_DONE: what comes is sent; otherwise it is left out */
    bool told_grace;
    struct batch batch;
};

static struct run run;

/* ---- The end of the program ---- */

/* What the program itself wrote is in the pipes by then. */
static void look_for_end(void)
{
    if (run.has_ended || !program_has_ended(&run.exit_code))
        return;
    run.has_ended = true;
    run.ended_ns = os_now_ns();
    for (int i = 0; i < PROGRAM_PIPES; i++)
        run.outputs[i].owed = run.outputs[i].is_open ? program_held(i) : 0;
}

static bool is_grace_over(void)
{
    return run.has_ended && os_now_ns() - run.ended_ns >= settings.grace_ns;
}

static void tell_grace_is_over(void)
{
    if (!run.told_grace)
        complain("the program has ended, but processes that it started keep its output open; what "
                 "they write from now on is lost");
    run.told_grace = true;
}

/* Asked while the ring is full. Nobody should have to kill what was told to end. */
static bool keeps_waiting(void)
{
    bool is_final;
    int64_t told_ns = program_told_ns(&is_final);
    look_for_end();
    return told_ns == 0 || !(is_final || run.has_ended) || os_now_ns() - told_ns < LAST_WAIT_NS;
}

/* ---- What the program writes ---- */

static void copy_on(struct output *output, const void *data, size_t bytes)
{
    if (output->copy < 0)
        return;
    enum os_written written = os_write(output->copy, data, bytes);
    if (written == OS_NOT_WRITTEN)
        complain("cannot write to standard %s: %s",
                 output->copy == STANDARD_OUTPUT ? "output" : "error", os_error());
    if (written != OS_WRITTEN)
        output->copy = -1;
}

static ptrdiff_t read_output(void *context, void *buffer, size_t bytes)
{
    struct output *output = context;
    if (is_grace_over() && output->owed == 0) {
        char last;
        if (program_read(output->pipe, &last, 1) != FEED_END)
            tell_grace_is_over();
        return FEED_END;
    }
    ptrdiff_t got = program_read(output->pipe, buffer, bytes);
    if (got <= 0)
        return got;
    output->owed -= output->owed < (size_t)got ? output->owed : (size_t)got;
    copy_on(output, buffer, (size_t)got);
    return got;
}

static void leave_out_from_now_on(int status)
{
    run.status = status;
    complain(run.has_ended ? "the rest of the program's output does not get into the ring"
                           : "the program goes on, but its output does not get into the ring");
}

static void send_batch(const struct batch *batch)
{
    int status = run.status == EXIT_DONE ? sender_send(&run.sender, batch) : EXIT_DONE;
    if (status == EXIT_TIMED_OUT && !keeps_waiting())
        complain("the program was told to end, but the ring '%s' has been full since",
                 run.sender.name);
    if (status != EXIT_DONE)
        leave_out_from_now_on(status);
}

/* A record in parts must not have others in between. */
static void end_parts_of_others(const struct output *output)
{
    static struct batch end;
    for (int i = 0; i < PROGRAM_PIPES; i++) {
        struct output *other = &run.outputs[i];
        if (other == output || !other->is_open || !input_is_in_parts(&other->input))
            continue;
        input_end_parts(&other->input, &end);
        send_batch(&end);
    }
}

static void close_output(struct output *output)
{
    program_close(output->pipe);
    output->is_open = false;
}

/* Returns what a feed does. */
static ptrdiff_t leave_out(struct output *output)
{
    static char ignored[1 << 16];
    return read_output(output, ignored, sizeof ignored);
}

static ptrdiff_t pass_on(struct output *output)
{
    int count = input_next_batch(&output->input, &run.batch);
    if (count == INPUT_FAILED)
        leave_out_from_now_on(EXIT_FAILED);
    if (count > 0) {
        end_parts_of_others(output);
        send_batch(&run.batch);
    }
    return count == INPUT_FAILED ? FEED_NOTHING_YET : count;
}

/* Returns whether there was something. */
static bool serve(struct output *output)
{
    if (!output->is_open)
        return false;
    ptrdiff_t got = run.status == EXIT_DONE ? pass_on(output) : leave_out(output);
    if (got == FEED_END || got == FEED_FAILED)
        close_output(output);
    return got != FEED_NOTHING_YET;
}

static void serve_all(void)
{
    while (!run.has_ended || run.outputs[0].is_open || run.outputs[1].is_open) {
        bool was_something = serve(&run.outputs[0]);
        was_something |= serve(&run.outputs[1]);
        if (!was_something)
            program_wait();
        look_for_end();
        if (run.status == EXIT_DONE && !idle_goes_on())
            leave_out_from_now_on(sender_removed(&run.sender));
    }
}

/* ---- The command ---- */

static void open_output(int pipe, int standard)
{
    struct output *output = &run.outputs[pipe];
    output->pipe = pipe;
    output->copy = settings.tee ? standard : -1;
    output->is_open = true;
    sender_prepare(&run.sender, &output->input);
    input_open(&output->input, (struct feed){read_output, output}, "the program's output");
}

/* Both are one pipe, so that nothing changes its place, unless they lead apart from here on. */
static int start(char **command)
{
    struct program_options program = {command, 0, 0, settings.kill_child};
    if (settings.output)
        program.errors = PROGRAM_INHERITS;
    else if (settings.errors)
        program.output = PROGRAM_INHERITS;
    else if (settings.tee)
        program.errors = 1;
    int status = program_start(&program);
    if (status != 0)
        return status;
    open_output(0, settings.errors ? STANDARD_ERROR : STANDARD_OUTPUT);
    if (program.errors == 1)
        open_output(1, STANDARD_ERROR);
    return 0;
}

static int run_and_finish(void)
{
    serve_all();
    program_forget();
    for (int i = 0; i < PROGRAM_PIPES; i++) {
        input_tell_too_long(&run.outputs[i].input);
        input_free(&run.outputs[i].input);
    }
    return run.status == EXIT_DONE && os_interrupted() == 0
               ? sender_finish(&run.sender, wait_begin(settings.sender.linger_ns))
               : run.status;
}

/* The program's status goes first. */
static int combine(int status)
{
    if (run.exit_code != 0)
        return run.exit_code;
    return status == EXIT_DONE || status > 128 ? status : PROGRAM_FAILED;
}

static int run_program(int count, char **arguments)
{
    if (count < 2)
        return usage_error("COMMAND is missing");
    if (settings.output && settings.errors)
        return usage_error("--stdout and --stderr cannot be used together; without them both go "
                           "into the ring");
    int status = sender_check(&settings.sender, arguments[0]);
    if (status != EXIT_DONE)
        return status;
    status = sender_open(&run.sender, &settings.sender, arguments[0]);
    if (status != EXIT_DONE)
        return status == EXIT_USAGE ? status : combine(status);
    run.sender.keeps_waiting = keeps_waiting;
    if (settings.sender.wait_consumers > 0)
        status = sender_wait_for_consumers(&run.sender, wait_begin(settings.sender.timeout_ns));
    if (status == EXIT_DONE) {
        run.exit_code = start(arguments + 1);
        status = run.exit_code == 0 ? run_and_finish() : EXIT_DONE;
    }
    return combine(sender_close(&run.sender, status));
}

const struct command command_run_program = {
    .name = "run",
    .full_name = "mapring run",
    .arguments = "NAME [OPTION...] -- COMMAND [ARGUMENT...]",
    .summary = "run a program whose output goes into a ring",
    .help = "Runs COMMAND, and is the producer of the ring NAME with what it writes to standard "
            "output and standard error, as 'COMMAND 2>&1 | mapring send NAME' would be; but it "
            "passes on signals, and ends with the program's exit status. When the ring is full, "
            "the program waits, or loses records, as --when-full said when the ring was created.",
    .options = options,
    .example = "mapring run app --tee -- ./server --port 8080",
    .end = "Exit status: that of COMMAND; 128+N if signal N ended it; 127 COMMAND was not found; "
           "126 it could not be executed; 125 the ring could not be opened, or not all output got "
           "into it although COMMAND succeeded; 2 wrong usage.",
    .least = 1,
    .most = INT16_MAX,
    .run = run_program,
};
