/* SPDX-License-Identifier: MIT */
/*
 * The wake-up protocol of src/layout.h, edges W and S, with the store buffers of the processors made
 * explicit. One producer and CONSUMERS consumers; all sleep without a time limit, so a wake-up that
 * is lost leaves somebody asleep for ever: an invalid end state.
 *
 * The producer publishes by a plain store. Before a consumer falls asleep for long,
 * -DMEMBARRIER   it has the producer's buffer emptied
 * -DSETTLE       it sleeps for a time in which stores leave their buffer, and looks again; it
 *                sleeps on an event rather than a futex
 * unless its bit is still set from before: whoever wakes it may leave it, and so may the consumer. And
 * the planted bugs named below. Steps carry the same numbers in the code.
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
byte wait_set;              /* bit i: consumer i is to be woken */
bit wakes_seen[CONSUMERS];  /* consumer i has read the present value of wakes */
byte wanted[CONSUMERS];     /* the record before which it slept last, or is about to sleep */
byte room_wakes;
bit producer_waits;
bit asleep[CONSUMERS];      /* in the kernel */
bit signaled[CONSUMERS];      /* of its event, which stays set until it sleeps */
bit producer_asleep;

/* A store buffer holds one store, which shows the race: published by the producer, a consumer's bit
 * or head, or the producer's flag. */
bit word_buffered, waits_buffered, bit_buffered[CONSUMERS], head_buffered[CONSUMERS];
bit wanted_buffered[CONSUMERS];
byte buffered_head[CONSUMERS], buffered_wanted[CONSUMERS];
bit overdue[CONSUMERS];     /* what is buffered was published before the consumer set its bit */

inline flush_producer()
{
    if :: word_buffered -> words++; word_buffered = 0 :: else fi;
    if :: waits_buffered -> producer_waits = 1; waits_buffered = 0 :: else fi
}

inline flush_consumer(i)
{
    if :: bit_buffered[i] -> wait_set = wait_set | (1 << i); bit_buffered[i] = 0 :: else fi;
    if :: head_buffered[i] -> heads[i] = buffered_head[i]; head_buffered[i] = 0 :: else fi;
    if :: wanted_buffered[i] -> wanted[i] = buffered_wanted[i]; wanted_buffered[i] = 0 :: else fi
}

/* Processors empty their buffers whenever they like. */
active proctype drain()
{
    byte i;
end:
    do
    :: atomic { word_buffered || waits_buffered -> flush_producer() }
    :: atomic { bit_buffered[0] || head_buffered[0] || wanted_buffered[0] -> i = 0; flush_consumer(i) }
#if CONSUMERS > 1
    :: atomic { bit_buffered[1] || head_buffered[1] || wanted_buffered[1] -> i = 1; flush_consumer(i) }
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

/* A futex wakes who is asleep; an event keeps a signal for who is not. */
#ifdef SETTLE
#define WAKE(i) signaled[i] = !asleep[i]; asleep[i] = 0
#else
#define WAKE(i) asleep[i] = 0
#endif

/* Wakes those of the sleepers that the kernel has asleep. A system call empties the buffer. */
inline wake(sleepers)
{
    atomic {
        flush_producer();
        if :: sleepers & 1 -> WAKE(0) :: else fi;
#if CONSUMERS > 1
        if :: sleepers & 2 -> WAKE(1) :: else fi
#endif
    }
}

inline count_wake()
{
    atomic {
#ifndef BUG_PLAIN_COUNT
        flush_producer(); /* W6 */
#endif
#ifndef BUG_NO_COUNT_OF_WAKES
        wakes_seen[0] = 0;
#if CONSUMERS > 1
        wakes_seen[1] = 0
#endif
#endif
    }
}

/* As mapring_producer_wake() does. */
inline wake_all()
{
#ifdef BUG_WAKE_BEFORE_COUNT
    wake(woken);
#endif
    atomic { flush_producer();
#ifdef BUG_CLEAR_ALL
        wait_set = 0; woken = 1
#else
        wait_set = wait_set & ~woken
#endif
    };
    count_wake();
#ifndef BUG_WAKE_BEFORE_COUNT
    wake(woken)
#endif
}

inline find_sleepers()
{
    sleepers = 0;
    if :: (woken & 1) && wanted[0] >= woke -> sleepers = 1 :: else fi; /* W7 */
#if CONSUMERS > 1
    if :: (woken & 2) && wanted[1] >= woke -> sleepers = sleepers | 2 :: else fi
#endif
}

/* Who has slept since it was woken last keeps its request; who has not is awake, and may lose it. If
 * it does not, it is woken all the same. */
inline wake_due()
{
    find_sleepers();
#ifdef BUG_CLEAR_AFTER_LOOK
    count_wake();
    find_sleepers();
#endif
    if
    :: sleepers != woken -> atomic { flush_producer(); wait_set = wait_set & (sleepers | ~woken) }
    :: sleepers != woken -> kept = 1
    :: else
    fi;
#ifndef BUG_CLEAR_AFTER_LOOK
    count_wake();
    find_sleepers();
#endif
    if :: kept -> sleepers = woken; kept = 0 :: else fi;
    if
    :: sleepers -> woke = sent; wake(sleepers)
    :: else
    fi
}

inline wake_consumers()
{
    woken = wait_set; /* W2 */
    if
    :: woken -> wake_all()
    :: woken -> wake_due()
    :: !woken
    fi;
    woken = 0;
    sleepers = 0
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
    byte sent, woken, sleepers, woke, counted;
    bit kept;
    do
    :: sent == RECORDS -> break
    :: sent < RECORDS && FULL -> sleep_for_room()
    :: sent < RECORDS && !FULL ->
        atomic { publish(); sent++ };
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
    atomic { flush_consumer(i); bit_buffered[i] = 1 };
#else
    atomic { flush_consumer(i); wait_set = wait_set | (1 << i) }; /* W3 */
#endif
    overdue[i] = word_buffered;
    settled = 0;
#ifdef MEMBARRIER
    atomic { flush_consumer(i); flush_producer() }
#endif
}

#define WANTS_WAKE(i) ((wait_set >> i & 1) || bit_buffered[i])

/* W5. What the system finds changed is no reason to sleep. */
inline fall_asleep(i)
{
#ifdef SETTLE
    if
    :: wakes_seen[i] -> atomic { flush_consumer(i); asleep[i] = !signaled[i]; signaled[i] = 0 }
    :: else
    fi
#else
    atomic {
        flush_consumer(i);
#ifdef BUG_NO_COMPARISON
        asleep[i] = 1
#else
        if :: wakes_seen[i] -> asleep[i] = 1 :: else fi
#endif
    }
#endif
}

/* The first sleep ends when its time is up, and then what is overdue has left its buffer; or earlier,
 * as when another consumer is woken, and then it is taken up again. */
inline settle(i)
{
    do
    :: words == taken && WANTS_WAKE(i) && !settled ->
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
        wakes_seen[i] = 1
    :: else -> break
    od
}

inline sleep_for_record(i)
{
    wakes_seen[i] = 1;
#ifdef BUG_PLAIN_WANTED
    atomic { flush_consumer(i); buffered_wanted[i] = taken; wanted_buffered[i] = 1 };
#else
    atomic { flush_consumer(i); wanted[i] = taken };
#endif
    if
    :: !WANTS_WAKE(i) -> call(i)
    :: else
    fi;
#ifdef SETTLE
    settle(i);
#endif
#ifdef BUG_NO_LOOK_FOR_RECORD
    if
    :: true ->
#else
    if
    :: words == taken && WANTS_WAKE(i) -> /* W4 */
#endif
#ifdef BUG_WAKES_READ_LATE
        wakes_seen[i] = 1;
#endif
        fall_asleep(i);
        (!asleep[i])
    :: else
    fi;
    if
    :: atomic { flush_consumer(i); wait_set = wait_set & ~(1 << i) }
    :: true /* it will sleep again */
    fi
}

active [CONSUMERS] proctype consumer()
{
    byte taken, i = _pid - 2;
    bit settled;
    do
    :: taken == RECORDS -> break
    :: taken < RECORDS && words > taken -> taken++; release(i)
    :: taken < RECORDS && words == taken -> sleep_for_record(i)
    od;
    atomic { flush_consumer(i) }
}
