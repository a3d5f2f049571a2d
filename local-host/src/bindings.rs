//! The interfaces of Spin, generated from the WIT files of the `spin-sdk` dependency by build.rs.

include!(concat!(env!("OUT_DIR"), "/bindings.rs"));
