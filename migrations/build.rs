//! Has the crate compiled anew when a migration is added or changed.

fn main() {
    println!("cargo::rerun-if-changed=sql");
}
