/* SPDX-License-Identifier: MIT */
/*
 * The wake-up protocol of src/layout.h, edges W and S, with the store buffers of the processors made
 * explicit. One producer and CONSUMERS consumers; all sleep without a time limit, so a wake-up that
 * is lost leaves somebody asleep for ever: an invalid end state.
 *
 * The producer publishes by a plain store. Before a consumer falls asleep for long,
 * -DMEMBARRIER   it has the producer's buffer emptied
 * -DSETTLE       it sleeps for a time in which stores leave their buffer, and looks again
 * and the planted bugs named below. Steps carry the same numbers in the code.
 */
#ifndef RECORDS
#define RECORDS 3
#endif
#ifndef CAPACITY
#define CAPACITY 1
#endif
#ifndef CONSUMERS
#define CONSUMERS 1
#endif

byte words;                 /* commit words stored: records 0 to words - 1 are visible */
byte heads[CONSUMERS];
byte wait_set;              /* bit i: consumer i sleeps or is about to */
byte room_wakes;
bit producer_waits;
bit asleep[CONSUMERS];      /* in the kernel */
bit producer_asleep;

/* A store buffer holds one store, which shows the race: published by the producer, a consumer's bit
 * or head, or the producer's flag. */
bit word_buffered, waits_buffered, bit_buffered[CONSUMERS], head_buffered[CONSUMERS];
byte buffered_head[CONSUMERS];
bit overdue[CONSUMERS];     /* what is buffered was published before the consumer set its bit */

inline flush_producer()
{
    if :: word_buffered -> words++; word_buffered = 0 :: else fi;
    if :: waits_buffered -> producer_waits = 1; waits_buffered = 0 :: else fi
}

inline flush_consumer(i)
{
    if :: bit_buffered[i] -> wait_set = wait_set | (1 << i); bit_buffered[i] = 0 :: else fi;
    if :: head_buffered[i] -> heads[i] = buffered_head[i]; head_buffered[i] = 0 :: else fi
}

/* Processors empty their buffers whenever they like. */
active proctype drain()
{
    byte i;
end:
    do
    :: atomic { word_buffered || waits_buffered -> flush_producer() }
    :: atomic { bit_buffered[0] || head_buffered[0] -> i = 0; flush_consumer(i) }
#if CONSUMERS > 1
    :: atomic { bit_buffered[1] || head_buffered[1] -> i = 1; flush_consumer(i) }
#endif
    od
}

#if CONSUMERS > 1
#define SLOWEST (heads[0] < heads[1] -> heads[0] : heads[1])
#else
#define SLOWEST heads[0]
#endif
#define FULL (sent - SLOWEST >= CAPACITY)

inline publish()
{
    atomic { /* W1 */
        flush_producer();
        word_buffered = 1;
        overdue[0] = 0;
#if CONSUMERS > 1
        overdue[1] = 0
#endif
    }
}

/* Wakes those of the sleepers that the kernel has asleep. A system call empties the buffer. */
inline wake(sleepers)
{
    atomic {
        flush_producer();
        if :: sleepers & 1 -> asleep[0] = 0 :: else fi;
#if CONSUMERS > 1
        if :: sleepers & 2 -> asleep[1] = 0 :: else fi
#endif
    }
}

inline wake_consumers()
{
    woken = wait_set; /* W2 */
    if
    :: woken ->
#ifdef BUG_WAKE_BEFORE_CLEAR
        wake(woken);
        atomic { flush_producer(); wait_set = wait_set & ~woken }
#else
        atomic { flush_producer(); /* W6 */
#ifdef BUG_CLEAR_ALL
            wait_set = 0; woken = 1
#else
            wait_set = wait_set & ~woken
#endif
        };
        wake(woken)
#endif
    :: else
    fi
}

inline sleep_for_room()
{
#ifndef BUG_COUNT_READ_LATE
    counted = room_wakes; /* S1 */
#endif
#ifdef BUG_PLAIN_PRODUCER_WAITS
    atomic { flush_producer(); waits_buffered = 1 }
#else
    atomic { flush_producer(); producer_waits = 1 } /* S2 */
#endif
#ifdef BUG_NO_LOOK_FOR_ROOM
    if
    :: true ->
#else
    if
    :: FULL -> /* S3 */
#endif
#ifdef BUG_COUNT_READ_LATE
        counted = room_wakes;
#endif
        atomic {
            flush_producer();
            if :: counted == room_wakes -> producer_asleep = 1 :: else fi
        };
        (!producer_asleep)
    :: else
    fi;
    atomic { flush_producer(); producer_waits = 0 }
}

active proctype producer()
{
    byte sent, woken, counted;
    do
    :: sent == RECORDS -> break
    :: sent < RECORDS && FULL -> sleep_for_room()
    :: sent < RECORDS && !FULL ->
        publish();
        sent++;
        wake_consumers()
    od;
    atomic { flush_producer() }
}

inline wake_producer(i)
{
    if
    :: producer_waits -> /* S5 */
        atomic { flush_consumer(i);
#ifndef BUG_NO_COUNT
            room_wakes++ /* S6 */
#endif
        };
        atomic { producer_asleep = 0 }
    :: else
    fi
}

inline release(i)
{
#ifdef BUG_PLAIN_HEAD
    atomic { flush_consumer(i); buffered_head[i] = taken; head_buffered[i] = 1 };
#else
    atomic { flush_consumer(i); heads[i] = taken }; /* S4 */
#endif
    wake_producer(i)
}

inline call(i)
{
#ifdef BUG_PLAIN_WAIT_SET
    atomic { flush_consumer(i); bit_buffered[i] = 1; expected = wait_set | (1 << i) };
#else
    atomic { flush_consumer(i); /* W3 */
        wait_set = wait_set | (1 << i); expected = wait_set };
#endif
    overdue[i] = word_buffered;
#ifdef MEMBARRIER
    atomic { flush_consumer(i); flush_producer() }
#endif
}

/* W5. What the system finds changed is no reason to sleep. */
inline fall_asleep(i)
{
    atomic {
        flush_consumer(i);
#ifdef BUG_NO_COMPARISON
        asleep[i] = 1
#else
        if :: wait_set == expected -> asleep[i] = 1 :: else fi
#endif
    }
}

/* The first sleep ends when its time is up, and then what is overdue has left its buffer; or earlier,
 * as when another consumer changes the wait set, and then it is taken up again. */
inline settle(i)
{
    settled = 0;
    do
    :: words == taken && (expected & (1 << i)) && !settled ->
        fall_asleep(i);
        if
#ifdef BUG_SETTLED_ONCE_AWAKE
        :: !asleep[i] -> settled = 1
#else
        :: !asleep[i]
#endif
        :: atomic {
#ifndef BUG_NO_SHORT_SLEEP
            if :: overdue[i] -> flush_producer() :: else fi;
#endif
            asleep[i] = 0;
            settled = 1
        }
        fi;
        expected = wait_set
    :: else -> break
    od
}

inline sleep_for_record(i)
{
    call(i);
#ifdef SETTLE
    settle(i);
#endif
#ifdef BUG_NO_LOOK_FOR_RECORD
    if
    :: true ->
#else
    if
    :: words == taken && (expected & (1 << i)) -> /* W4 */
#endif
        fall_asleep(i);
        (!asleep[i])
    :: else
    fi;
    atomic { flush_consumer(i); wait_set = wait_set & ~(1 << i) }
}

active [CONSUMERS] proctype consumer()
{
    byte taken, expected, i = _pid - 2;
    bit settled;
    do
    :: taken == RECORDS -> break
    :: taken < RECORDS && words > taken -> taken++; release(i)
    :: taken < RECORDS && words == taken -> sleep_for_record(i)
    od;
    atomic { flush_consumer(i) }
}
