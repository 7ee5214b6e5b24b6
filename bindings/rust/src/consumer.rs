// SPDX-License-Identifier: MIT
use crate::error::*;
use crate::options::{c_text, ConsumerOptions, Start, Timeout};
use crate::producer::{waited, Waited};
use crate::record::{next, End, Loss, Next, Record, NO_RECORD};
use crate::sys;
use std::ptr::{null_mut, NonNull};

/// A process that reads every record, in place. It may move to another thread, but cannot be shared.
pub struct Consumer {
    raw: NonNull<sys::Consumer>,
    batch: Vec<sys::Record>,
}

// SAFETY: a handle may be used by one thread at a time, whichever it is; `batch` means nothing
// between calls.
unsafe impl Send for Consumer {}

impl Consumer {
    pub fn open(name: &str, options: &ConsumerOptions) -> Result<Consumer, Error> {
        let (name, options) = (c_text(name)?, options.in_c()?);
        let mut raw = null_mut();
        // SAFETY: all pointers are valid during the call.
        outcome(unsafe { sys::mapring_consumer_open(&mut raw, name.as_ptr(), &options.options) })?;
        Ok(Consumer { raw: NonNull::new(raw).expect("an open handle"), batch: Vec::new() })
    }

    /// Returns the next record, in place. Several may be held at once; as long as one is in use, the
    /// consumer cannot be borrowed for [`Consumer::release`].
    pub fn next(&self, timeout: Timeout) -> Result<Next<Record<'_>>, Error> {
        let mut record = NO_RECORD;
        let code = unsafe { sys::mapring_consumer_next(self.raw.as_ptr(), &mut record, timeout.ns()) };
        next(code, &record, || Record::new(record))
    }

    /// Releases all records held. [`Kind::Evicted`] if this consumer was let go: what was read of
    /// them cannot be relied on.
    pub fn release(&mut self) -> Result<(), Error> {
        outcome(unsafe { sys::mapring_consumer_release(self.raw.as_ptr()) }).map(|_| ())
    }

    /// Returns the records that are there, at most `limit`. They are released with the batch.
    pub fn batch(&mut self, limit: usize, timeout: Timeout) -> Result<Next<Batch<'_>>, Error> {
        self.batch.resize(limit, NO_RECORD);
        let mut count = 0;
        let code = unsafe {
            sys::mapring_consumer_next_batch(self.raw.as_ptr(), self.batch.as_mut_ptr(), limit, &mut count, timeout.ns())
        };
        let first = self.batch.first().copied().unwrap_or(NO_RECORD);
        next(code, &first, move || Batch { consumer: self, count })
    }

    /// Copies the next record into a buffer and releases it.
    pub fn receive<'b>(&mut self, buffer: &'b mut [u8], timeout: Timeout) -> Result<Next<Record<'b>>, Error> {
        let mut record = NO_RECORD;
        let code = unsafe {
            sys::mapring_consumer_receive(
                self.raw.as_ptr(),
                buffer.as_mut_ptr().cast(),
                buffer.len(),
                &mut record,
                timeout.ns(),
            )
        };
        next(code, &record, || Record::new(record)).map_err(|error| error.needing(record.bytes))
    }

    /// Copies of the records, until a run ends or none comes in time. Losses are among them.
    pub fn messages(&mut self, timeout: Timeout) -> Messages<'_> {
        Messages { consumer: self, timeout, end: None, is_over: false }
    }

    pub fn wait_producer(&mut self, timeout: Timeout) -> Result<Waited, Error> {
        waited(unsafe { sys::mapring_consumer_wait_producer(self.raw.as_ptr(), timeout.ns()) })
    }

    /// Continues elsewhere; what is skipped is not reported.
    pub fn seek(&mut self, from: Start) -> Result<(), Error> {
        let (from, sequence) = from.code();
        outcome(unsafe { sys::mapring_consumer_seek(self.raw.as_ptr(), from, sequence) }).map(|_| ())
    }
}

impl Drop for Consumer {
    fn drop(&mut self) {
        unsafe { sys::mapring_consumer_close(self.raw.as_ptr()) }
    }
}

/// Records that were there at once, and are released together.
#[derive(Debug)]
pub struct Batch<'a> {
    consumer: &'a mut Consumer,
    count: usize,
}

impl Batch<'_> {
    pub fn len(&self) -> usize {
        self.count
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    pub fn iter(&self) -> impl Iterator<Item = Record<'_>> {
        self.consumer.batch[..self.count].iter().map(|record| Record::new(*record))
    }

    /// As dropping it does, but tells whether what was read is good: see [`Consumer::release`].
    pub fn release(self) -> Result<(), Error> {
        let code = unsafe { sys::mapring_consumer_release(self.consumer.raw.as_ptr()) };
        std::mem::forget(self);
        outcome(code).map(|_| ())
    }
}

impl std::fmt::Debug for Consumer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Consumer")
    }
}

impl Drop for Batch<'_> {
    fn drop(&mut self) {
        unsafe { sys::mapring_consumer_release(self.consumer.raw.as_ptr()) };
    }
}

/// What [`Messages`] yields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    Record(Vec<u8>),
    Lost(Loss),
}

/// See [`Consumer::messages`].
#[derive(Debug)]
pub struct Messages<'a> {
    consumer: &'a mut Consumer,
    timeout: Timeout,
    end: Option<End>,
    is_over: bool,
}

impl Messages<'_> {
    /// How the run ended, if it has.
    pub fn end(&self) -> Option<End> {
        self.end
    }

    fn take(&mut self) -> Result<Option<Message>, Error> {
        let message = match self.consumer.next(self.timeout)? {
            Next::Got(record) => Message::Record(record.to_vec()),
            Next::Lost(loss) => return Ok(Some(Message::Lost(loss))),
            Next::End(end) => {
                self.end = Some(end);
                return Ok(None);
            }
            Next::Nothing => return Ok(None),
        };
        self.consumer.release()?;
        Ok(Some(message))
    }
}

impl Iterator for Messages<'_> {
    type Item = Result<Message, Error>;

    fn next(&mut self) -> Option<Result<Message, Error>> {
        if self.is_over {
            return None;
        }
        let taken = self.take();
        self.is_over = !matches!(taken, Ok(Some(_)));
        taken.transpose()
    }
}
