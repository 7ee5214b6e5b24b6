// SPDX-License-Identifier: MIT

package mapring

// #include "glue.h"
import "C"

import (
	"time"
	"unsafe"
)

// Producer is the one who writes. It is an io.Writer.
type Producer struct {
	handle
	raw     *C.mapring_producer
	place   unsafe.Pointer // of the reserved record
	buffers []C.struct_mapring_buffer
	flat    unsafe.Pointer // memory in C for a batch
	room    int            // in flat
}

// OpenProducer creates or attaches a ring and becomes its producer. Options may be nil.
func OpenProducer(name string, options *Options) (*Producer, error) {
	producer := &Producer{}
	var all texts
	defer all.free()
	var raw *C.mapring_producer
	result := C.glue_producer_open(&raw, all.add(name), options.inC(&all), &producer.failure)
	if err := producer.told(result); err != nil {
		return nil, err
	}
	producer.raw = raw
	return producer, nil
}

// Close ends the run. A producer that is closed can be closed again.
func (producer *Producer) Close() error {
	producer.calls++
	C.mapring_producer_close(producer.raw)
	C.free(producer.flat)
	producer.raw, producer.flat, producer.room = nil, nil, 0
	return nil
}

// RecordLimit returns the largest payload of a record.
func (producer *Producer) RecordLimit() int {
	return int(C.mapring_producer_record_limit(producer.raw))
}

// Send sends a record. Without room it fails with ErrNoRoom, ErrTimedOut or, where the ring drops,
// ErrDropped.
func (producer *Producer) Send(data []byte, timeout time.Duration) error {
	producer.calls++
	return producer.told(C.glue_send(producer.raw, pointerTo(data), C.size_t(len(data)),
		C.int64_t(timeout), &producer.failure))
}

// SendPart sends a record that the next one continues.
func (producer *Producer) SendPart(data []byte, timeout time.Duration) error {
	producer.calls++
	return producer.told(C.glue_send_part(producer.raw, pointerTo(data), C.size_t(len(data)),
		C.int64_t(timeout), &producer.failure))
}

// Write sends a record, and data beyond the record limit in parts. It waits for room.
func (producer *Producer) Write(data []byte) (int, error) {
	written, limit := 0, producer.RecordLimit()
	for limit > 0 && len(data)-written > limit {
		if err := producer.SendPart(data[written:written+limit], Forever); err != nil {
			return written, err
		}
		written += limit
	}
	if err := producer.Send(data[written:], Forever); err != nil {
		return written, err
	}
	return len(data), nil
}

// SendBatch sends records that become visible all at once, or not at all. They are gathered in
// memory of C first, which may not hold pointers into that of Go.
func (producer *Producer) SendBatch(records [][]byte, timeout time.Duration) error {
	producer.calls++
	total := 0
	for _, record := range records {
		total += len(record)
	}
	if total > producer.room {
		C.free(producer.flat)
		producer.flat, producer.room = C.malloc(C.size_t(total)), total
	}
	flat := unsafe.Slice((*byte)(producer.flat), total)
	producer.buffers = producer.buffers[:0]
	for at, i := 0, 0; i < len(records); i++ {
		producer.buffers = append(producer.buffers, C.struct_mapring_buffer{
			data: unsafe.Add(producer.flat, at), bytes: C.size_t(len(records[i]))})
		at += copy(flat[at:], records[i])
	}
	var first *C.struct_mapring_buffer
	if len(records) > 0 {
		first = &producer.buffers[0]
	}
	return producer.told(C.glue_send_batch(producer.raw, first, C.size_t(len(records)),
		C.int64_t(timeout), &producer.failure))
}

// Reserve returns the place of a record in the ring, to be filled and committed, or aborted.
func (producer *Producer) Reserve(bytes int, timeout time.Duration) ([]byte, error) {
	producer.calls++
	err := producer.told(C.glue_reserve(producer.raw, C.size_t(bytes), &producer.place,
		C.int64_t(timeout), &producer.failure))
	if err != nil {
		return nil, err
	}
	return unsafe.Slice((*byte)(producer.place), bytes), nil
}

// Commit sends the first bytes of what was reserved.
func (producer *Producer) Commit(bytes int) error {
	producer.calls++
	return producer.told(C.glue_commit(producer.raw, C.size_t(bytes), &producer.failure))
}

// Abort cancels the reservation.
func (producer *Producer) Abort() error {
	producer.calls++
	return producer.told(C.glue_abort(producer.raw, &producer.failure))
}

// WaitConsumers waits until so many consumers are attached.
func (producer *Producer) WaitConsumers(count int, timeout time.Duration) error {
	producer.calls++
	return producer.told(C.glue_wait_consumers(producer.raw, C.uint(count), C.int64_t(timeout),
		&producer.failure))
}

// Drain waits until everything has been read. ErrConsumerGone if somebody left records unread.
func (producer *Producer) Drain(timeout time.Duration) error {
	producer.calls++
	return producer.told(C.glue_drain(producer.raw, C.int64_t(timeout), &producer.failure))
}
