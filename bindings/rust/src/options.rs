// SPDX-License-Identifier: MIT
//! How rings are opened, and how long calls wait.
use crate::error::{Error, Kind};
use crate::sys;
use std::ffi::CString;
use std::ptr::null;
use std::time::Duration;

/// How long a call may wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timeout {
    Now,
    Forever,
    After(Duration),
}

impl Timeout {
    pub(crate) fn ns(self) -> i64 {
        match self {
            Timeout::Now => 0,
            Timeout::Forever => -1,
            Timeout::After(time) => i64::try_from(time.as_nanos()).unwrap_or(i64::MAX),
        }
    }
}

impl From<Duration> for Timeout {
    fn from(time: Duration) -> Timeout {
        Timeout::After(time)
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum How {
    #[default]
    CreateOrAttach,
    Create,
    Attach,
}

/// For this user, or for the whole machine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Scope {
    #[default]
    Local,
    Global,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WhenFull {
    /// As [`WhenFull::Block`], or what an existing ring does.
    #[default]
    Unspecified,
    Block,
    Drop,
    Overwrite,
}

/// What is on the disk after the machine has failed, of a ring in a file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sync {
    #[default]
    None,
    OnClose,
    /// Also everything older than so many milliseconds, at least 1.
    Interval(u32),
}

/// Where a reader begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Start {
    #[default]
    Unread,
    Oldest,
    Newest,
    AtSequence(u64),
    Run,
}

impl Start {
    pub(crate) fn code(self) -> (u32, u64) {
        match self {
            Start::Unread => (0, 0),
            Start::Oldest => (1, 0),
            Start::Newest => (2, 0),
            Start::AtSequence(sequence) => (3, sequence),
            Start::Run => (4, 0),
        }
    }
}

/// Properties of a ring; `mapring.h` describes each. The default creates a ring of 1 MiB for this
/// user, or attaches to what is there.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub how: How,
    pub scope: Scope,
    pub capacity_bytes: u64,
    pub slot_bytes: u32,
    pub mode: u32,
    pub when_full: WhenFull,
    pub sync: Sync,
    pub prefault: bool,
    pub huge: bool,
    pub numa_node: Option<u32>,
    pub trust_owner: bool,
    pub dictionary_bytes: u64,
    pub content: Option<String>,
    pub times: bool,
    pub max_lag_attached_bytes: u64,
    pub group: Option<String>,
    /// Which ring a new one repeats.
    pub origin: Option<String>,
    /// Of the first record of a new ring with an origin.
    pub first_sequence: u64,
}

#[derive(Clone, Debug, Default)]
pub struct ConsumerOptions {
    pub scope: Scope,
    pub from: Start,
    pub name: Option<String>,
    pub durable: bool,
    pub max_lag_bytes: u64,
    pub wake_bytes: u64,
    pub wake_delay: Duration,
    pub prefault: bool,
    pub wait_producer: bool,
    /// Also tells of the ends of earlier runs.
    pub every_run: bool,
}

#[derive(Clone, Debug, Default)]
pub struct ObserverOptions {
    pub scope: Scope,
    pub from: Start,
    pub after_lap: Start,
    pub prefault: bool,
    pub wait_producer: bool,
}

pub(crate) fn c_text(text: &str) -> Result<CString, Error> {
    CString::new(text).map_err(|_| Error::new(Kind::Name, "a name must not contain a null character"))
}

/// Structures in C with the texts that they point to.
pub(crate) struct InC<T> {
    pub(crate) options: T,
    _texts: Vec<CString>,
}

fn pointer(text: &Option<String>, texts: &mut Vec<CString>) -> Result<*const std::os::raw::c_char, Error> {
    Ok(match text {
        None => null(),
        Some(text) => {
            texts.push(c_text(text)?);
            texts[texts.len() - 1].as_ptr()
        }
    })
}

impl Options {
    pub(crate) fn in_c(&self) -> Result<InC<sys::Options>, Error> {
        let mut texts = Vec::new();
        // The whole word, where a pointer is shorter.
        let mut content = sys::Text { reserved: 0 };
        let mut group = sys::Text { reserved: 0 };
        let mut origin = sys::Text { reserved: 0 };
        content.text = pointer(&self.content, &mut texts)?;
        group.text = pointer(&self.group, &mut texts)?;
        origin.text = pointer(&self.origin, &mut texts)?;
        let (sync, sync_interval_ms) = match self.sync {
            Sync::None => (0, 0),
            Sync::OnClose => (1, 0),
            Sync::Interval(ms) => (2, ms),
        };
        let options = sys::Options {
            how: self.how as u32,
            scope: self.scope as u32,
            capacity_bytes: self.capacity_bytes,
            slot_bytes: self.slot_bytes,
            mode: self.mode,
            when_full: self.when_full as u32,
            sync,
            sync_interval_ms,
            prefault: self.prefault,
            huge: self.huge,
            on_numa_node: self.numa_node.is_some(),
            numa_node: self.numa_node.unwrap_or(0),
            trust_owner: self.trust_owner,
            dictionary_bytes: self.dictionary_bytes,
            content,
            times: self.times,
            reserved_bytes: [0; 7],
            max_lag_attached_bytes: self.max_lag_attached_bytes,
            group,
            origin,
            first_sequence: self.first_sequence,
            reserved: [0; 1],
        };
        Ok(InC { options, _texts: texts })
    }
}

impl ConsumerOptions {
    pub(crate) fn in_c(&self) -> Result<InC<sys::ConsumerOptions>, Error> {
        let mut texts = Vec::new();
        let (from, sequence) = self.from.code();
        let options = sys::ConsumerOptions {
            scope: self.scope as u32,
            from,
            sequence,
            name: pointer(&self.name, &mut texts)?,
            durable: self.durable,
            max_lag_bytes: self.max_lag_bytes,
            wake_bytes: self.wake_bytes,
            wake_delay_ns: Timeout::After(self.wake_delay).ns(),
            prefault: self.prefault,
            wait_producer: self.wait_producer,
            every_run: self.every_run,
            reserved_bytes: [0; 7],
            reserved: [0; 7],
        };
        Ok(InC { options, _texts: texts })
    }
}

impl ObserverOptions {
    pub(crate) fn in_c(&self) -> sys::ObserverOptions {
        sys::ObserverOptions {
            scope: self.scope as u32,
            from: self.from.code().0,
            after_lap: self.after_lap.code().0,
            prefault: self.prefault,
            wait_producer: self.wait_producer,
            reserved: [0; 8],
        }
    }
}
