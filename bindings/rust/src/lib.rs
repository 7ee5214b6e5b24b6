// SPDX-License-Identifier: MIT
//! mapring: a lock-free ring of records in shared memory, from one producer process to up to 32
//! consumer processes. `mapring.h` is the manual; what is said here is what differs in Rust.
//!
//! Outcomes that are no failures are values ([`Sent`], [`Next`]), and failures are an [`Error`].
//! A record is read in place, and borrows the consumer until it is no longer used. Nothing can be
//! used after its release:
//!
//! ```compile_fail,E0502
//! # fn late(consumer: &mut mapring::Consumer) -> Result<(), mapring::Error> {
//! let record = consumer.next(mapring::Timeout::Now)?.got().unwrap();
//! consumer.release()?;
//! println!("{:?}", record.payload());
//! # Ok(())
//! # }
//! ```
//!
//! One reservation is against Rust's letter: a consumer that is let go while it is attached
//! (`max_lag_attached_bytes`, `mapring consumer evict`) may see the bytes of its records change until
//! it is told. Where that can happen, [`Consumer::receive`] copies what is good.
mod consumer;
mod error;
mod observer;
mod options;
mod producer;
mod record;
#[doc(hidden)]
pub mod sys;

pub use consumer::{Batch, Consumer, Message, Messages};
pub use error::{Error, Kind};
pub use observer::Observer;
pub use options::{ConsumerOptions, How, ObserverOptions, Options, Scope, Start, Sync, Timeout, WhenFull};
pub use producer::{Producer, Reservation, Sent, Waited};
pub use record::{End, Loss, Next, Record};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
mod readme {}

/// Removes a ring; with `force`, also one that is in use.
pub fn remove(name: &str, scope: Scope, force: bool) -> Result<(), Error> {
    let name = options::c_text(name)?;
    error::outcome(unsafe { sys::mapring_remove(name.as_ptr(), scope as u32, force) }).map(|_| ())
}

/// The version of the library in use.
pub fn version() -> String {
    // SAFETY: a constant text.
    unsafe { std::ffi::CStr::from_ptr(sys::mapring_version()) }.to_string_lossy().into_owned()
}
