// SPDX-License-Identifier: MIT

// Package mapring reads and writes rings of records in shared memory. The header mapring.h is the
// manual; what is said here is what differs in Go.
//
// Goroutines: a handle may be used by one goroutine at a time, whichever it is; different handles
// are independent. The race detector notices who breaks this. A call that waits keeps a thread, not
// the processor.
//
// Memory: the payload of a record is where it lies in the ring. It is valid until the record is
// released or its consumer closed, and must not be written to: copy what is to live longer. An
// Observer copies.
//
// Cost: a call of C takes some 30 to 60 ns. SendBatch and NextBatch make one for many records.
package mapring

// #cgo pkg-config: mapring
// #include "glue.h"
import "C"

import (
	"time"
	"unsafe"
)

// Forever, as a timeout, waits without limit; 0 does not wait.
const Forever time.Duration = -1

// Scope says whether a ring is for this user or for the whole machine.
type Scope uint32

const (
	Local Scope = iota
	Global
)

// How says whether a ring is created.
type How uint32

const (
	CreateOrAttach How = iota
	Create
	Attach
)

// WhenFull says what becomes of records that have no room.
type WhenFull uint32

const (
	Unspecified WhenFull = iota // Block, or what an existing ring does
	Block
	Drop
	Overwrite
)

// Sync says what is on the disk after the machine has failed, of a ring in a file.
type Sync uint32

const (
	SyncNone Sync = iota
	SyncOnClose
	SyncInterval
)

// From says where a reader begins.
type From uint32

const (
	Unread From = iota
	Oldest
	Newest
	AtSequence
	Run
)

// Options are the properties of a ring; mapring.h describes each. The zero value creates a ring of
// 1 MiB for this user, or attaches to what is there.
type Options struct {
	How                 How
	Scope               Scope
	CapacityBytes       uint64
	SlotBytes           uint32
	Mode                uint32
	WhenFull            WhenFull
	Sync                Sync
	SyncInterval        time.Duration
	Prefault            bool
	Huge                bool
	OnNUMANode          bool
	NUMANode            uint32
	TrustOwner          bool
	DictionaryBytes     uint64
	Content             string
	Times               bool
	MaxLagAttachedBytes uint64
	Group               string
}

// Strings in C, to be freed together.
type texts []*C.char

func (all *texts) add(text string) *C.char {
	added := C.CString(text)
	*all = append(*all, added)
	return added
}

func (all *texts) addIfAny(text string) *C.char {
	if text == "" {
		return nil
	}
	return all.add(text)
}

func (all *texts) free() {
	for _, text := range *all {
		C.free(unsafe.Pointer(text))
	}
}

func (options *Options) inC(all *texts) *C.struct_mapring_options {
	if options == nil {
		return nil
	}
	in := &C.struct_mapring_options{
		how:                    uint32(options.How),
		scope:                  uint32(options.Scope),
		capacity_bytes:         C.uint64_t(options.CapacityBytes),
		slot_bytes:             C.uint32_t(options.SlotBytes),
		mode:                   C.uint32_t(options.Mode),
		when_full:              uint32(options.WhenFull),
		sync:                   uint32(options.Sync),
		sync_interval_ms:       C.uint32_t(options.SyncInterval.Milliseconds()),
		prefault:               C.bool(options.Prefault),
		huge:                   C.bool(options.Huge),
		on_numa_node:           C.bool(options.OnNUMANode),
		numa_node:              C.uint32_t(options.NUMANode),
		trust_owner:            C.bool(options.TrustOwner),
		dictionary_bytes:       C.uint64_t(options.DictionaryBytes),
		times:                  C.bool(options.Times),
		max_lag_attached_bytes: C.uint64_t(options.MaxLagAttachedBytes),
	}
	C.glue_texts(in, all.addIfAny(options.Content), all.addIfAny(options.Group))
	return in
}

// Remove removes a ring; with force, also one that is in use.
func Remove(name string, scope Scope, force bool) error {
	var h handle
	var all texts
	defer all.free()
	return h.told(C.glue_remove(all.add(name), uint32(scope), C.bool(force), &h.failure))
}

// Version returns the version of the library in use.
func Version() string { return C.GoString(C.mapring_version()) }

func pointerTo(data []byte) unsafe.Pointer {
	if len(data) == 0 {
		return nil
	}
	return unsafe.Pointer(&data[0])
}
