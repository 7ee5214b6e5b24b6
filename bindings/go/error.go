// SPDX-License-Identifier: MIT

package mapring

// #include "glue.h"
import "C"

import (
	"fmt"
	"time"
)

// Code is what a call came to, other than success: a number of enum mapring_result. It is an error
// itself, and every error of this package is one for errors.Is:
//
//	if errors.Is(err, mapring.ErrTimedOut) { ... }
type Code int

// Outcomes that are no failures are positive, and failures are negative.
const (
	ErrNothing        Code = 1
	ErrNoRoom         Code = 2
	ErrTimedOut       Code = 3
	ErrProducerClosed Code = 4
	ErrProducerDied   Code = 5
	ErrConsumerGone   Code = 6
	ErrLost           Code = 7
	ErrDropped        Code = 8
	ErrRemoved        Code = 9

	ErrArgument        Code = -1
	ErrName            Code = -2
	ErrGeometry        Code = -3
	ErrGeometryDiffers Code = -4
	ErrNotThere        Code = -5
	ErrExists          Code = -6
	ErrBeingCreated    Code = -7
	ErrWrongKind       Code = -8
	ErrForeign         Code = -9
	ErrDamaged         Code = -10
	ErrPermission      Code = -11
	ErrNoSpace         Code = -12
	ErrNoMemory        Code = -13
	ErrProducerTaken   Code = -14
	ErrConsumersFull   Code = -15
	ErrRecordTooLarge  Code = -16
	ErrBufferTooSmall  Code = -17
	ErrNothingHeld     Code = -18
	ErrHeld            Code = -19
	ErrForked          Code = -20
	ErrInUse           Code = -21
	ErrSystem          Code = -22
	ErrConsumerTaken   Code = -23
	ErrPolicy          Code = -24
	ErrEvicted         Code = -25
)

func (code Code) Error() string {
	return C.GoString(C.mapring_result_text(C.int(code)))
}

// Error is a failure: what was wrong, where, and what to do.
type Error struct {
	Code   Code
	Ring   string // as it was named by the caller, or its path
	Text   string
	System int64 // the system's own code, or 0
	Needed int   // with ErrBufferTooSmall: how large the buffer must be
}

func (err *Error) Error() string { return err.Text }
func (err *Error) Unwrap() error { return err.Code }

// LostError says which records are missing. Reading goes on behind them. It is an ErrLost.
type LostError struct {
	Sequence     uint64 // number of the first one
	Records      uint64
	Bytes        uint64    // payload bytes in them, 0 when unknown
	Since, Until time.Time // in a ring with times
}

func (err *LostError) Error() string {
	return fmt.Sprintf("%d records are lost, from number %d on", err.Records, err.Sequence)
}
func (err *LostError) Unwrap() error { return ErrLost }

// What every handle has: the place for its failures, which a call fills in.
type handle struct {
	failure C.struct_mapring_error
	calls   uint // written by each call, so that the race detector sees who shares a handle
}

// Returns the result of a call as an error.
func (h *handle) told(result C.int) error {
	if result == 0 {
		return nil
	}
	if result > 0 {
		return Code(result)
	}
	return &Error{
		Code:   Code(result),
		Ring:   C.GoString(&h.failure.name[0]),
		Text:   C.GoString(&h.failure.text[0]),
		System: int64(h.failure.system),
	}
}
