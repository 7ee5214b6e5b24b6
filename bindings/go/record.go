// SPDX-License-Identifier: MIT

package mapring

// #include "glue.h"
import "C"

import (
	"time"
	"unsafe"
)

// Record is one record.
type Record struct {
	Payload     []byte // of a consumer, in place: valid until the release, and not to be written to
	Sequence    uint64
	Continued   bool      // the next record continues this one
	Continues   bool      // this record continues the one before it
	Time        time.Time // when it was committed, in a ring with times
	Uncertainty time.Duration
}

func timeOf(ns C.uint64_t) time.Time {
	if ns == 0 {
		return time.Time{}
	}
	return time.Unix(0, int64(ns))
}

func recordOf(raw *C.struct_mapring_record) Record {
	return Record{
		Payload:     unsafe.Slice((*byte)(raw.payload), int(raw.bytes)),
		Sequence:    uint64(raw.sequence),
		Continued:   bool(raw.continued),
		Continues:   bool(raw.continues),
		Time:        timeOf(raw.time_ns),
		Uncertainty: time.Duration(raw.time_uncertainty_ns),
	}
}

// The result of a call of a reader; a loss and a buffer that is too small say more.
func (h *handle) toldReading(result C.int, raw *C.struct_mapring_record) error {
	err := h.told(result)
	if err == ErrLost {
		return &LostError{uint64(raw.sequence), uint64(raw.lost_records), uint64(raw.lost_bytes),
			timeOf(raw.time_ns), timeOf(raw.lost_until_ns)}
	}
	if failure, is := err.(*Error); is && failure.Code == ErrBufferTooSmall {
		failure.Needed = int(raw.bytes)
	}
	return err
}
