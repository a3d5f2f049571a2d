//! What guests may do beyond computing, one module for each kind: the interfaces of Spin and
//! outbound HTTP.

pub(crate) mod allowed_hosts;
pub(crate) mod files;
pub(crate) mod key_value;
pub(crate) mod outbound_http;
pub(crate) mod postgres;
pub(crate) mod redis;
pub(crate) mod standard_streams;
pub(crate) mod variables;
