// SPDX-License-Identifier: MIT
//! Finds the library: in the folder MAPRING_LIB_DIR, by pkg-config, or where the linker looks anyway.
use std::env;
use std::process::Command;

fn folder() -> Option<String> {
    if let Ok(folder) = env::var("MAPRING_LIB_DIR") {
        return Some(folder);
    }
    let asked = Command::new("pkg-config").args(["--variable=libdir", "mapring"]).output().ok()?;
    let folder = String::from_utf8(asked.stdout).ok()?;
    (asked.status.success() && !folder.trim().is_empty()).then(|| folder.trim().to_string())
}

fn main() {
    println!("cargo:rerun-if-env-changed=MAPRING_LIB_DIR");
    println!("cargo:rerun-if-changed=build.rs");
    if let Some(folder) = folder() {
        println!("cargo:rustc-link-search=native={folder}");
    }
}
