// SPDX-License-Identifier: MIT
use crate::error::*;
use crate::options::{c_text, Options, Timeout};
use crate::sys;
use std::ops::{Deref, DerefMut};
use std::os::raw::c_void;
use std::ptr::{null_mut, NonNull};

/// What became of a record that was to be sent, or of a reservation.
#[must_use = "a full ring is no failure, but the record has not been sent"]
#[derive(Debug, PartialEq, Eq)]
pub enum Sent<T = ()> {
    Done(T),
    /// There was no room in time.
    NoRoom,
    /// There was no room, and the record was counted as dropped.
    Dropped,
    /// The ring was removed: nobody can find it any more.
    Removed,
}

impl<T> Sent<T> {
    pub fn is_done(&self) -> bool {
        matches!(self, Sent::Done(_))
    }

    pub fn done(self) -> Option<T> {
        match self {
            Sent::Done(value) => Some(value),
            _ => None,
        }
    }
}

fn sent<T>(code: i32, value: impl FnOnce() -> T) -> Result<Sent<T>, Error> {
    Ok(match outcome(code)? {
        OK => Sent::Done(value()),
        DROPPED => Sent::Dropped,
        REMOVED => Sent::Removed,
        _ => Sent::NoRoom,
    })
}

/// What a wait came to.
#[must_use]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waited {
    Done,
    TimedOut,
    /// A consumer left or died with records unread.
    ConsumerGone,
    Removed,
}

pub(crate) fn waited(code: i32) -> Result<Waited, Error> {
    Ok(match outcome(code)? {
        OK => Waited::Done,
        CONSUMER_GONE => Waited::ConsumerGone,
        REMOVED => Waited::Removed,
        _ => Waited::TimedOut,
    })
}

/// The one process that writes. It may move to another thread, but cannot be shared.
pub struct Producer {
    raw: NonNull<sys::Producer>,
    buffers: Vec<sys::Buffer>,
}

// SAFETY: a handle may be used by one thread at a time, whichever it is; `buffers` is empty between calls.
unsafe impl Send for Producer {}

impl Producer {
    pub fn open(name: &str, options: &Options) -> Result<Producer, Error> {
        let (name, options) = (c_text(name)?, options.in_c()?);
        let mut raw = null_mut();
        // SAFETY: all pointers are valid during the call.
        outcome(unsafe { sys::mapring_producer_open(&mut raw, name.as_ptr(), &options.options) })?;
        Ok(Producer { raw: NonNull::new(raw).expect("an open handle"), buffers: Vec::new() })
    }

    pub fn record_limit(&self) -> usize {
        unsafe { sys::mapring_producer_record_limit(self.raw.as_ptr()) }
    }

    pub fn send(&mut self, data: &[u8], timeout: Timeout) -> Result<Sent, Error> {
        let code = unsafe { sys::mapring_producer_send(self.raw.as_ptr(), data.as_ptr().cast(), data.len(), timeout.ns()) };
        sent(code, || ())
    }

    /// Sends a record that the next one continues.
    pub fn send_part(&mut self, data: &[u8], timeout: Timeout) -> Result<Sent, Error> {
        let code =
            unsafe { sys::mapring_producer_send_part(self.raw.as_ptr(), data.as_ptr().cast(), data.len(), timeout.ns()) };
        sent(code, || ())
    }

    /// Sends records that become visible all at once, or not at all.
    pub fn send_batch<T: AsRef<[u8]>>(&mut self, records: &[T], timeout: Timeout) -> Result<Sent, Error> {
        self.buffers.clear();
        self.buffers.extend(records.iter().map(|record| {
            let data = record.as_ref();
            sys::Buffer { data: data.as_ptr().cast(), bytes: data.len() }
        }));
        let code = unsafe {
            sys::mapring_producer_send_batch(self.raw.as_ptr(), self.buffers.as_ptr(), self.buffers.len(), timeout.ns())
        };
        self.buffers.clear();
        sent(code, || ())
    }

    /// Reserves the place of a record in the ring, to be filled and committed there.
    pub fn reserve(&mut self, bytes: usize, timeout: Timeout) -> Result<Sent<Reservation<'_>>, Error> {
        let mut place: *mut c_void = null_mut();
        let code = unsafe { sys::mapring_producer_reserve(self.raw.as_ptr(), bytes, &mut place, timeout.ns()) };
        sent(code, move || Reservation { producer: self, place: place.cast(), bytes })
    }

    /// Waits until so many consumers are attached.
    pub fn wait_consumers(&mut self, count: u32, timeout: Timeout) -> Result<Waited, Error> {
        waited(unsafe { sys::mapring_producer_wait_consumers(self.raw.as_ptr(), count, timeout.ns()) })
    }

    /// Waits until everything has been read.
    pub fn drain(&mut self, timeout: Timeout) -> Result<Waited, Error> {
        waited(unsafe { sys::mapring_producer_drain(self.raw.as_ptr(), timeout.ns()) })
    }

    /// Writes a ring in a file to its disk.
    pub fn sync(&mut self) -> Result<(), Error> {
        outcome(unsafe { sys::mapring_producer_sync(self.raw.as_ptr()) }).map(|_| ())
    }
}

impl Drop for Producer {
    fn drop(&mut self) {
        unsafe { sys::mapring_producer_close(self.raw.as_ptr()) }
    }
}

/// The place of a record, with whatever was there before. Unless it is committed, nothing is sent.
pub struct Reservation<'a> {
    producer: &'a mut Producer,
    place: *mut u8,
    bytes: usize,
}

impl Reservation<'_> {
    /// Sends the first `bytes` bytes, at most as many as were reserved.
    pub fn commit(self, bytes: usize) -> Result<(), Error> {
        self.end(|raw| unsafe { sys::mapring_producer_commit(raw, bytes) })
    }

    /// The same, as a part that the next record continues.
    pub fn commit_part(self, bytes: usize) -> Result<(), Error> {
        self.end(|raw| unsafe { sys::mapring_producer_commit_part(raw, bytes) })
    }

    /// A commit that is refused leaves the reservation, which is then dropped.
    fn end(self, commit: impl FnOnce(*mut sys::Producer) -> i32) -> Result<(), Error> {
        outcome(commit(self.producer.raw.as_ptr()))?;
        std::mem::forget(self);
        Ok(())
    }
}

impl Deref for Reservation<'_> {
    type Target = [u8];
    fn deref(&self) -> &[u8] {
        // SAFETY: nobody else reads or writes there before the commit.
        unsafe { std::slice::from_raw_parts(self.place, self.bytes) }
    }
}

impl DerefMut for Reservation<'_> {
    fn deref_mut(&mut self) -> &mut [u8] {
        // SAFETY: as above.
        unsafe { std::slice::from_raw_parts_mut(self.place, self.bytes) }
    }
}

impl Drop for Reservation<'_> {
    fn drop(&mut self) {
        unsafe { sys::mapring_producer_abort(self.producer.raw.as_ptr()) };
    }
}
