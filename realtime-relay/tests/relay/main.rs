//! Black-box tests of the relay as built. The numbers in the titles are those of the real-time
//! contract's promises.

mod delivery;
mod floods;
mod frames;
mod guests;
mod http_side;
mod presence;
mod recovery;
mod sessions;
mod slow_readers;
mod support;
