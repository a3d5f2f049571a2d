//! What is cut where a socket stops taking bytes.

use super::outbox::cut;
use bytes::Bytes;
use proptest::prelude::*;

proptest! {
    #[test]
    fn rt2_what_was_written_and_what_is_left_are_all_bytes_exactly_once(
        lengths in prop::collection::vec(1_usize..40, 0..17),
        part in 0.0..=1.0_f64,
    ) {
        let mut number = 0_u8;
        let pieces: Vec<Bytes> = lengths
            .iter()
            .map(|length| {
                let bytes: Vec<u8> = (0..*length).map(|_| { number = number.wrapping_add(1); number }).collect();
                bytes.into()
            })
            .collect();
        let all = pieces.concat();
        let written = (all.len() as f64 * part) as usize;
        let (begun, partial) = cut(&pieces, written);
        let rest: Vec<u8> = [std::slice::from_ref(&partial), &pieces[begun..]].concat().concat();
        prop_assert_eq!(&all[written..], &rest[..]);
        let before: usize = pieces[..begun].iter().map(Bytes::len).sum();
        prop_assert_eq!(before - partial.len(), written);
    }
}
