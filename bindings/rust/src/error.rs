// SPDX-License-Identifier: MIT
//! Failures, with the library's own sentence about each.
use crate::sys;
use std::ffi::CStr;
use std::fmt;
use std::os::raw::c_char;

macro_rules! kinds {
    ($($name:ident = $code:literal, $meaning:literal;)*) => {
        /// What kind of failure it was.
        #[non_exhaustive]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Kind {
            $(#[doc = $meaning] $name = $code,)*
        }

        impl Kind {
            fn of(code: i32) -> Kind {
                match code {
                    $($code => Kind::$name,)*
                    _ => Kind::System,
                }
            }
        }
    };
}

kinds! {
    Argument = -1, "A value is out of range.";
    Name = -2, "Not a valid name for a ring.";
    Geometry = -3, "Invalid capacity or slot size.";
    GeometryDiffers = -4, "The ring exists with other properties.";
    NotThere = -5, "There is no such ring.";
    Exists = -6, "The ring already exists.";
    BeingCreated = -7, "Another process is still creating it.";
    WrongKind = -8, "The name belongs to something that is not a ring.";
    Foreign = -9, "A layout that this library cannot read.";
    Damaged = -10, "The ring is truncated, or its contents are invalid.";
    Permission = -11, "Not permitted.";
    NoSpace = -12, "Not enough storage for the ring.";
    NoMemory = -13, "Not enough memory or address space in this process.";
    ProducerTaken = -14, "The ring has a live producer.";
    ConsumersFull = -15, "The ring has 32 live consumers.";
    RecordTooLarge = -16, "Larger than the ring's record limit.";
    BufferTooSmall = -17, "The record does not fit; it stays in the ring.";
    NothingHeld = -18, "Nothing is reserved, or no records are held.";
    Held = -19, "A reservation or records are still held.";
    Forked = -20, "The handle belongs to the parent process.";
    InUse = -21, "A producer or a consumer is using the ring.";
    System = -22, "Any other failure of the system.";
    ConsumerTaken = -23, "A durable consumer of that name is attached.";
    Policy = -24, "Not possible with what the ring does when it is full.";
    Evicted = -25, "The consumer was let go.";
}

/// A failure: what was wrong, where, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(Box<Details>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Details {
    kind: Kind,
    code: i32,
    system: i64,
    text: String,
    bytes_needed: Option<usize>,
}

impl Error {
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The number of the kind in C: negative.
    pub fn code(&self) -> i32 {
        self.0.code
    }

    /// The operating system's own code, or 0.
    pub fn system(&self) -> i64 {
        self.0.system
    }

    /// With [`Kind::BufferTooSmall`]: how large the buffer must be.
    pub fn bytes_needed(&self) -> Option<usize> {
        self.0.bytes_needed
    }

    /// The last failure of the calling thread.
    pub(crate) fn last() -> Error {
        // SAFETY: never null, and valid until this thread's next call.
        let error = unsafe { &*sys::mapring_last_error() };
        Error(Box::new(Details {
            kind: Kind::of(error.code),
            code: error.code,
            system: error.system as i64,
            text: text_of(&error.text),
            bytes_needed: None,
        }))
    }

    pub(crate) fn new(kind: Kind, text: &str) -> Error {
        Error(Box::new(Details { kind, code: kind as i32, system: 0, text: text.to_string(), bytes_needed: None }))
    }

    pub(crate) fn needing(mut self, bytes: usize) -> Error {
        self.0.bytes_needed = (self.kind() == Kind::BufferTooSmall).then_some(bytes);
        self
    }
}

fn text_of(text: &[c_char]) -> String {
    // SAFETY: the library ends each text with a null character.
    unsafe { CStr::from_ptr(text.as_ptr()) }.to_string_lossy().into_owned()
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.text)
    }
}

impl std::error::Error for Error {}

/// The result of a call in C, which is an outcome if it is not negative.
pub(crate) fn outcome(code: i32) -> Result<i32, Error> {
    if code < 0 {
        Err(Error::last())
    } else {
        Ok(code)
    }
}

// Those that are told apart.
pub(crate) const OK: i32 = 0;
pub(crate) const PRODUCER_CLOSED: i32 = 4;
pub(crate) const PRODUCER_DIED: i32 = 5;
pub(crate) const CONSUMER_GONE: i32 = 6;
pub(crate) const LOST: i32 = 7;
pub(crate) const DROPPED: i32 = 8;
pub(crate) const REMOVED: i32 = 9;
