// SPDX-License-Identifier: MIT

package mapring

// #include "glue.h"
import "C"

import (
	"time"
	"unsafe"
)

// ObserverOptions are described in mapring.h, as struct mapring_observer_options.
type ObserverOptions struct {
	Scope        Scope
	From         From
	AfterLap     From
	Prefault     bool
	WaitProducer bool
}

// Observer reads a ring for which nobody waits.
type Observer struct {
	handle
	raw    *C.mapring_observer
	record *C.struct_mapring_record // in memory of C, which points into the caller's buffer there
}

// OpenObserver opens a ring, read-only. Options may be nil.
func OpenObserver(name string, options *ObserverOptions) (*Observer, error) {
	observer := &Observer{}
	var all texts
	defer all.free()
	if options == nil {
		options = &ObserverOptions{}
	}
	in := C.struct_mapring_observer_options{
		scope:         uint32(options.Scope),
		from:          uint32(options.From),
		after_lap:     uint32(options.AfterLap),
		prefault:      C.bool(options.Prefault),
		wait_producer: C.bool(options.WaitProducer),
	}
	var raw *C.mapring_observer
	if err := observer.told(C.glue_observer_open(&raw, all.add(name), &in, &observer.failure)); err != nil {
		return nil, err
	}
	observer.raw = raw
	observer.record = (*C.struct_mapring_record)(C.calloc(1, C.sizeof_struct_mapring_record))
	return observer, nil
}

// Close closes the observer. One that is closed can be closed again.
func (observer *Observer) Close() error {
	observer.calls++
	C.mapring_observer_close(observer.raw)
	C.free(unsafe.Pointer(observer.record))
	observer.raw, observer.record = nil, nil
	return nil
}

// Receive copies the next record into the buffer. ErrBufferTooSmall if it does not fit: it stays.
func (observer *Observer) Receive(buffer []byte, timeout time.Duration) (Record, error) {
	observer.calls++
	record := observer.record
	result := C.glue_observe(observer.raw, pointerTo(buffer), C.size_t(len(buffer)), record,
		C.int64_t(timeout), &observer.failure)
	if result != 0 {
		return Record{}, observer.toldReading(result, record)
	}
	received := recordOf(record)
	received.Payload = buffer[:record.bytes]
	return received, nil
}
