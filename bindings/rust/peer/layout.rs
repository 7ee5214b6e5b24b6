// SPDX-License-Identifier: MIT
//! Where the fields of the structures are, as tests/languages/peer.c prints it.
use mapring::sys;
use std::mem::{size_of, MaybeUninit};
use std::ptr::addr_of;

macro_rules! fields {
    ($name:literal $type:ident: $($field:ident)*) => {
        println!("{} {}", $name, size_of::<sys::$type>());
        $({
            let whole = MaybeUninit::<sys::$type>::uninit();
            let begin = whole.as_ptr();
            // SAFETY: only addresses are taken.
            let field = unsafe { addr_of!((*begin).$field) } as usize;
            println!("{}.{} {}", $name, stringify!($field), field - begin as usize);
        })*
    };
}

pub fn print() {
    fields!("error" Error: code system name text);
    fields!("options" Options: how scope capacity_bytes slot_bytes mode when_full sync sync_interval_ms prefault huge on_numa_node numa_node trust_owner dictionary_bytes content times max_lag_attached_bytes group origin first_sequence);
    fields!("consumer_options" ConsumerOptions: scope from sequence name durable max_lag_bytes wake_bytes wake_delay_ns prefault wait_producer every_run);
    fields!("observer_options" ObserverOptions: scope from after_lap prefault wait_producer);
    fields!("record" Record: payload bytes sequence continued continues lost_records lost_bytes time_ns time_uncertainty_ns lost_until_ns run);
    fields!("buffer" Buffer: data bytes);
}
