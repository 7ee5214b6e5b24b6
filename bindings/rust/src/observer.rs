// SPDX-License-Identifier: MIT
use crate::error::*;
use crate::options::{c_text, ObserverOptions, Timeout};
use crate::record::{next, Next, Record, NO_RECORD};
use crate::sys;
use std::ptr::{null_mut, NonNull};

/// Reads a ring for which nobody waits. Records are copied: in place, they could change meanwhile.
pub struct Observer {
    raw: NonNull<sys::Observer>,
}

// SAFETY: a handle may be used by one thread at a time, whichever it is.
unsafe impl Send for Observer {}

impl Observer {
    pub fn open(name: &str, options: &ObserverOptions) -> Result<Observer, Error> {
        let (name, options) = (c_text(name)?, options.in_c());
        let mut raw = null_mut();
        // SAFETY: all pointers are valid during the call.
        outcome(unsafe { sys::mapring_observer_open(&mut raw, name.as_ptr(), &options) })?;
        Ok(Observer { raw: NonNull::new(raw).expect("an open handle") })
    }

    /// Copies the next record into a buffer.
    pub fn receive<'b>(&mut self, buffer: &'b mut [u8], timeout: Timeout) -> Result<Next<Record<'b>>, Error> {
        let mut record = NO_RECORD;
        let code = unsafe {
            sys::mapring_observer_receive(
                self.raw.as_ptr(),
                buffer.as_mut_ptr().cast(),
                buffer.len(),
                &mut record,
                timeout.ns(),
            )
        };
        next(code, &record, || Record::new(record)).map_err(|error| error.needing(record.bytes))
    }
}

impl Drop for Observer {
    fn drop(&mut self) {
        unsafe { sys::mapring_observer_close(self.raw.as_ptr()) }
    }
}
