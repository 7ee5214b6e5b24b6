// SPDX-License-Identifier: MIT
use crate::error::*;
use crate::sys;
use std::marker::PhantomData;
use std::ops::Deref;
use std::ptr::null;

/// What a reader gets.
#[derive(Debug)]
pub enum Next<T> {
    Got(T),
    /// Records are missing here; reading goes on behind them.
    Lost(Loss),
    /// A run has ended, and everything in it is read; or the ring was removed.
    End(End),
    /// There is no record, or none came in time.
    Nothing,
}

impl<T> Next<T> {
    pub fn got(self) -> Option<T> {
        match self {
            Next::Got(value) => Some(value),
            _ => None,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Closed,
    Died,
    Removed,
}

/// Which records are missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loss {
    /// Number of the first one.
    pub sequence: u64,
    pub records: u64,
    /// Payload bytes in them, 0 when unknown.
    pub bytes: u64,
    /// In a ring with times: when the first and the last one were lost, or 0.
    pub since_ns: u64,
    pub until_ns: u64,
}

/// A record. It borrows from where it lies: the ring, so that its consumer cannot release it, or a
/// buffer.
#[derive(Clone, Copy)]
pub struct Record<'a> {
    raw: sys::Record,
    place: PhantomData<&'a [u8]>,
}

impl<'a> Record<'a> {
    pub fn payload(&self) -> &'a [u8] {
        if self.raw.bytes == 0 {
            return &[];
        }
        // SAFETY: the library has checked the place, which stays as it is during 'a.
        unsafe { std::slice::from_raw_parts(self.raw.payload.cast(), self.raw.bytes) }
    }

    /// Counts from 0 at the ring's creation, including dropped records.
    pub fn sequence(&self) -> u64 {
        self.raw.sequence
    }

    /// Whether the next record continues this one.
    pub fn continued(&self) -> bool {
        self.raw.continued
    }

    /// Whether this record continues the one before it.
    pub fn continues(&self) -> bool {
        self.raw.continues
    }

    /// In a ring with times: when the record was committed, in nanoseconds since 1970; otherwise 0.
    pub fn time_ns(&self) -> u64 {
        self.raw.time_ns
    }

    pub fn time_uncertainty_ns(&self) -> u64 {
        self.raw.time_uncertainty_ns
    }

    pub(crate) fn new(raw: sys::Record) -> Record<'a> {
        Record { raw, place: PhantomData }
    }
}

impl Deref for Record<'_> {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        self.payload()
    }
}

impl std::fmt::Debug for Record<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Record {} of {} bytes", self.raw.sequence, self.raw.bytes)
    }
}

pub(crate) const NO_RECORD: sys::Record = sys::Record {
    payload: null(),
    bytes: 0,
    sequence: 0,
    continued: false,
    continues: false,
    lost_records: 0,
    lost_bytes: 0,
    time_ns: 0,
    time_uncertainty_ns: 0,
    lost_until_ns: 0,
    run: 0,
};

/// What a call of a reader came to.
pub(crate) fn next<T>(code: i32, record: &sys::Record, got: impl FnOnce() -> T) -> Result<Next<T>, Error> {
    Ok(match outcome(code)? {
        OK => Next::Got(got()),
        LOST => Next::Lost(Loss {
            sequence: record.sequence,
            records: record.lost_records,
            bytes: record.lost_bytes,
            since_ns: record.time_ns,
            until_ns: record.lost_until_ns,
        }),
        PRODUCER_CLOSED => Next::End(End::Closed),
        PRODUCER_DIED => Next::End(End::Died),
        REMOVED => Next::End(End::Removed),
        _ => Next::Nothing,
    })
}
