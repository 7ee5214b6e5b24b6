// SPDX-License-Identifier: MIT
//! What mapring.h declares, for the other modules and for the test that holds the structures against
//! those of the C compiler. Not part of the interface.
use std::os::raw::{c_char, c_int, c_long, c_uint, c_void};

macro_rules! opaque {
    ($($name:ident)*) => { $(#[repr(C)] pub struct $name { _private: [u8; 0] })* };
}
opaque! { Producer Consumer Observer }

#[repr(C)]
pub struct Error {
    pub code: c_int,
    pub system: c_long,
    pub name: [c_char; 160],
    pub text: [c_char; 512],
    pub reserved: [u64; 4],
}

#[repr(C)]
pub struct Options {
    pub how: c_uint,
    pub scope: c_uint,
    pub capacity_bytes: u64,
    pub slot_bytes: u32,
    pub mode: u32,
    pub when_full: c_uint,
    pub sync: c_uint,
    pub sync_interval_ms: u32,
    pub prefault: bool,
    pub huge: bool,
    pub on_numa_node: bool,
    pub numa_node: u32,
    pub trust_owner: bool,
    pub dictionary_bytes: u64,
    pub content: Text,
    pub times: bool,
    pub reserved_bytes: [u8; 7],
    pub max_lag_attached_bytes: u64,
    pub group: Text,
    pub origin: Text,
    pub first_sequence: u64,
    pub reserved: [u64; 1],
}

/// A pointer that takes 8 bytes everywhere.
#[repr(C)]
#[derive(Clone, Copy)]
pub union Text {
    pub text: *const c_char,
    pub reserved: u64,
}

#[repr(C)]
pub struct ConsumerOptions {
    pub scope: c_uint,
    pub from: c_uint,
    pub sequence: u64,
    pub name: *const c_char,
    pub durable: bool,
    pub max_lag_bytes: u64,
    pub wake_bytes: u64,
    pub wake_delay_ns: i64,
    pub prefault: bool,
    pub wait_producer: bool,
    pub every_run: bool,
    pub reserved_bytes: [u8; 7],
    pub reserved: [u64; 7],
}

#[repr(C)]
pub struct ObserverOptions {
    pub scope: c_uint,
    pub from: c_uint,
    pub after_lap: c_uint,
    pub prefault: bool,
    pub wait_producer: bool,
    pub reserved: [u64; 8],
}

#[repr(C)]
#[derive(Clone, Copy)]
pub struct Record {
    pub payload: *const c_void,
    pub bytes: usize,
    pub sequence: u64,
    pub continued: bool,
    pub continues: bool,
    pub lost_records: u64,
    pub lost_bytes: u64,
    pub time_ns: u64,
    pub time_uncertainty_ns: u64,
    pub lost_until_ns: u64,
    pub run: u64,
}

#[repr(C)]
pub struct Buffer {
    pub data: *const c_void,
    pub bytes: usize,
}

#[link(name = "mapring")]
extern "C" {
    pub fn mapring_last_error() -> *const Error;
    pub fn mapring_version() -> *const c_char;
    pub fn mapring_remove(name: *const c_char, scope: c_uint, force: bool) -> c_int;

    pub fn mapring_producer_open(producer: *mut *mut Producer, name: *const c_char, options: *const Options) -> c_int;
    pub fn mapring_producer_close(producer: *mut Producer);
    pub fn mapring_producer_record_limit(producer: *const Producer) -> usize;
    pub fn mapring_producer_reserve(producer: *mut Producer, bytes: usize, payload: *mut *mut c_void, timeout_ns: i64) -> c_int;
    pub fn mapring_producer_commit(producer: *mut Producer, bytes: usize) -> c_int;
    pub fn mapring_producer_commit_part(producer: *mut Producer, bytes: usize) -> c_int;
    pub fn mapring_producer_abort(producer: *mut Producer) -> c_int;
    pub fn mapring_producer_send(producer: *mut Producer, data: *const c_void, bytes: usize, timeout_ns: i64) -> c_int;
    pub fn mapring_producer_send_part(producer: *mut Producer, data: *const c_void, bytes: usize, timeout_ns: i64) -> c_int;
    pub fn mapring_producer_send_batch(producer: *mut Producer, records: *const Buffer, count: usize, timeout_ns: i64) -> c_int;
    pub fn mapring_producer_wait_consumers(producer: *mut Producer, count: c_uint, timeout_ns: i64) -> c_int;
    pub fn mapring_producer_drain(producer: *mut Producer, timeout_ns: i64) -> c_int;
    pub fn mapring_producer_sync(producer: *mut Producer) -> c_int;

    pub fn mapring_consumer_open(consumer: *mut *mut Consumer, name: *const c_char, options: *const ConsumerOptions) -> c_int;
    pub fn mapring_consumer_close(consumer: *mut Consumer);
    pub fn mapring_consumer_next(consumer: *mut Consumer, record: *mut Record, timeout_ns: i64) -> c_int;
    pub fn mapring_consumer_next_batch(consumer: *mut Consumer, records: *mut Record, limit: usize, count: *mut usize, timeout_ns: i64) -> c_int;
    pub fn mapring_consumer_release(consumer: *mut Consumer) -> c_int;
    pub fn mapring_consumer_receive(consumer: *mut Consumer, buffer: *mut c_void, buffer_bytes: usize, record: *mut Record, timeout_ns: i64) -> c_int;
    pub fn mapring_consumer_wait_producer(consumer: *mut Consumer, timeout_ns: i64) -> c_int;
    pub fn mapring_consumer_seek(consumer: *mut Consumer, from: c_uint, sequence: u64) -> c_int;

    pub fn mapring_observer_open(observer: *mut *mut Observer, name: *const c_char, options: *const ObserverOptions) -> c_int;
    pub fn mapring_observer_close(observer: *mut Observer);
    pub fn mapring_observer_receive(observer: *mut Observer, buffer: *mut c_void, buffer_bytes: usize, record: *mut Record, timeout_ns: i64) -> c_int;
}
