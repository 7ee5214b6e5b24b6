// SPDX-License-Identifier: MIT

package mapring

// #include "glue.h"
import "C"

import (
	"context"
	"io"
	"time"
)

// How long a call of C waits before the context is looked at again.
const contextTick = 20 * time.Millisecond

// ConsumerOptions are described in mapring.h, as struct mapring_consumer_options.
type ConsumerOptions struct {
	Scope        Scope
	From         From
	Sequence     uint64
	Name         string
	Durable      bool
	MaxLagBytes  uint64
	WakeBytes    uint64
	WakeDelay    time.Duration
	Prefault     bool
	WaitProducer bool
}

// Consumer reads every record, in place.
type Consumer struct {
	handle
	raw    *C.mapring_consumer
	record C.struct_mapring_record
	batch  []C.struct_mapring_record
	count  C.size_t
}

// OpenConsumer becomes a consumer of an existing ring. Options may be nil.
func OpenConsumer(name string, options *ConsumerOptions) (*Consumer, error) {
	consumer := &Consumer{}
	var all texts
	defer all.free()
	if options == nil {
		options = &ConsumerOptions{}
	}
	in := C.struct_mapring_consumer_options{
		scope:         uint32(options.Scope),
		from:          uint32(options.From),
		sequence:      C.uint64_t(options.Sequence),
		name:          all.addIfAny(options.Name),
		durable:       C.bool(options.Durable),
		max_lag_bytes: C.uint64_t(options.MaxLagBytes),
		wake_bytes:    C.uint64_t(options.WakeBytes),
		wake_delay_ns: C.int64_t(options.WakeDelay),
		prefault:      C.bool(options.Prefault),
		wait_producer: C.bool(options.WaitProducer),
	}
	var raw *C.mapring_consumer
	if err := consumer.told(C.glue_consumer_open(&raw, all.add(name), &in, &consumer.failure)); err != nil {
		return nil, err
	}
	consumer.raw = raw
	return consumer, nil
}

// Close frees the consumer's cell. A consumer that is closed can be closed again.
func (consumer *Consumer) Close() error {
	consumer.calls++
	C.mapring_consumer_close(consumer.raw)
	consumer.raw = nil
	return nil
}

// Next returns the next record, in place, until Release; several can be held. Otherwise: ErrNothing,
// ErrTimedOut, a *LostError, or once for each run, ErrProducerClosed or ErrProducerDied.
func (consumer *Consumer) Next(timeout time.Duration) (Record, error) {
	consumer.calls++
	result := C.glue_next(consumer.raw, &consumer.record, C.int64_t(timeout), &consumer.failure)
	if result != 0 {
		return Record{}, consumer.toldReading(result, &consumer.record)
	}
	return recordOf(&consumer.record), nil
}

// NextBatch sets records to those that are there, and returns how many; it waits for the first one
// only. They are released together.
func (consumer *Consumer) NextBatch(records []Record, timeout time.Duration) (int, error) {
	consumer.calls++
	for len(consumer.batch) < len(records) || len(consumer.batch) == 0 {
		consumer.batch = append(consumer.batch, C.struct_mapring_record{})
	}
	result := C.glue_next_batch(consumer.raw, &consumer.batch[0], C.size_t(len(records)),
		&consumer.count, C.int64_t(timeout), &consumer.failure)
	if result != 0 {
		return 0, consumer.toldReading(result, &consumer.batch[0])
	}
	for i := range records[:consumer.count] {
		records[i] = recordOf(&consumer.batch[i])
	}
	return int(consumer.count), nil
}

// Release gives back all records that are held; their payloads must not be used any more.
// ErrEvicted if the consumer was let go: what was read of them cannot be relied on.
func (consumer *Consumer) Release() error {
	consumer.calls++
	return consumer.told(C.glue_release(consumer.raw, &consumer.failure))
}

// Seek continues elsewhere; what is skipped is not reported.
func (consumer *Consumer) Seek(from From, sequence uint64) error {
	consumer.calls++
	return consumer.told(C.glue_seek(consumer.raw, uint32(from), C.uint64_t(sequence),
		&consumer.failure))
}

// Calls `try` with timeouts until it comes to something else than that nothing is there.
func wait(ctx context.Context, try func(time.Duration) error) error {
	for timeout := time.Duration(0); ; timeout = contextTick {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := try(timeout); err != ErrNothing && err != ErrTimedOut {
			return err
		}
	}
}

// NextContext is Next, and waits until the context ends.
func (consumer *Consumer) NextContext(ctx context.Context) (record Record, err error) {
	err = wait(ctx, func(timeout time.Duration) (err error) {
		record, err = consumer.Next(timeout)
		return err
	})
	return record, err
}

// Each calls a function with each record, and releases it afterwards, until the function fails or
// the context ends, which it returns; nil when the producer has closed. A loss is returned, too;
// Each may be called again.
func (consumer *Consumer) Each(ctx context.Context, do func(Record) error) error {
	for {
		record, err := consumer.NextContext(ctx)
		if err == ErrProducerClosed {
			return nil
		}
		if err == nil {
			err = do(record)
		}
		if err == nil {
			err = consumer.Release()
		}
		if err != nil {
			return err
		}
	}
}

// EachBatch is Each for batches of up to `limit` records: with one call of C for all, it costs less.
func (consumer *Consumer) EachBatch(ctx context.Context, limit int, do func([]Record) error) error {
	records := make([]Record, limit)
	for {
		count := 0
		err := wait(ctx, func(timeout time.Duration) (err error) {
			count, err = consumer.NextBatch(records, timeout)
			return err
		})
		if err == ErrProducerClosed {
			return nil
		}
		if err == nil {
			err = do(records[:count])
		}
		if err == nil {
			err = consumer.Release()
		}
		if err != nil {
			return err
		}
	}
}

type reader struct {
	consumer *Consumer
	ctx      context.Context
	rest     []byte
	held     bool
}

// Reader returns the payloads as a stream, which ends when the producer has closed.
func (consumer *Consumer) Reader(ctx context.Context) io.Reader {
	return &reader{consumer: consumer, ctx: ctx}
}

func (reader *reader) Read(space []byte) (int, error) {
	for len(reader.rest) == 0 && len(space) > 0 {
		if reader.held {
			reader.held = false
			if err := reader.consumer.Release(); err != nil {
				return 0, err
			}
		}
		record, err := reader.consumer.NextContext(reader.ctx)
		if err == ErrProducerClosed {
			return 0, io.EOF
		}
		if err != nil {
			return 0, err
		}
		reader.rest, reader.held = record.Payload, true
	}
	count := copy(space, reader.rest)
	reader.rest = reader.rest[count:]
	return count, nil
}
