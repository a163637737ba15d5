//! Disturbances and incidents as they stand in a message.

use crate::{Disturbance, Incident, MAX_DISTURBANCES, MAX_OVERRUN};

/// Bytes of a disturbance: kind, range, number.
const BYTES: usize = 25;

/// A disturbance in a message.
pub(crate) fn to_bytes(wrong: &Disturbance) -> [u8; BYTES] {
    use Disturbance as D;
    let (kind, range, number) = match wrong {
        D::LinkDown => (0, None, 0),
        D::HungReads => (1, None, 0),
        D::NoBusMaster => (2, None, 0),
        D::StalledDma { after } => (3, None, *after),
        D::PostedWrites => (4, None, 0),
        D::LostWrites(range) => (5, Some(range), 0),
        D::DamagedReads(range) => (6, Some(range), 0),
        D::DamagedWrites(range) => (7, Some(range), 0),
        D::Overrun { writes, bytes } => (8, Some(writes), *bytes),
        D::LostInterrupts => (9, None, 0),
        D::DoubledInterrupts => (10, None, 0),
        D::IgnoredUnmaps => (11, None, 0),
    };
    let (start, end) = range.map_or((0, 0), |range| (range.start, range.end));
    let mut bytes = [0; BYTES];
    bytes[0] = kind;
    for (field, value) in bytes[1..].chunks_exact_mut(8).zip([start, end, number]) {
        field.copy_from_slice(&value.to_le_bytes());
    }
    bytes
}

fn one(bytes: &[u8; BYTES]) -> Option<Disturbance> {
    use Disturbance as D;
    let mut numbers = bytes[1..]
        .as_chunks()
        .0
        .iter()
        .map(|b| u64::from_le_bytes(*b));
    let range = numbers.next()?..numbers.next()?;
    let number = numbers.next()?;
    let wrong = match bytes[0] {
        0 => D::LinkDown,
        1 => D::HungReads,
        2 => D::NoBusMaster,
        3 => D::StalledDma { after: number },
        4 => D::PostedWrites,
        5 => D::LostWrites(range),
        6 => D::DamagedReads(range),
        7 => D::DamagedWrites(range),
        8 if number <= MAX_OVERRUN => D::Overrun {
            writes: range,
            bytes: number,
        },
        9 => D::LostInterrupts,
        10 => D::DoubledInterrupts,
        11 => D::IgnoredUnmaps,
        _ => return None,
    };
    // What a kind does not use is 0.
    (to_bytes(&wrong) == *bytes).then_some(wrong)
}

/// The disturbances of a message; `None` if they are none, or too many.
pub(crate) fn list(bytes: &[u8]) -> Option<Vec<Disturbance>> {
    let (entries, rest) = bytes.as_chunks();
    let fits = rest.is_empty() && entries.len() <= MAX_DISTURBANCES;
    fits.then(|| entries.iter().map(one).collect())?
}

/// An incident in a message.
pub(crate) fn incident_to_bytes(incident: Incident) -> [u8; 3] {
    let (kind, vector) = match incident {
        Incident::Interrupt(vector) => (0, vector),
        Incident::FatalError => (1, 0),
        Incident::Removal => (2, 0),
        Incident::Death => (3, 0),
    };
    let [low, high] = vector.to_le_bytes();
    [kind, low, high]
}

/// The incident of a message.
pub(crate) fn incident(bytes: &[u8]) -> Option<Incident> {
    match *bytes {
        [0, low, high] => Some(Incident::Interrupt(u16::from_le_bytes([low, high]))),
        [1, 0, 0] => Some(Incident::FatalError),
        [2, 0, 0] => Some(Incident::Removal),
        [3, 0, 0] => Some(Incident::Death),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_go_there_and_back() {
        let range = 5..u64::MAX;
        let all = vec![
            Disturbance::LinkDown,
            Disturbance::HungReads,
            Disturbance::NoBusMaster,
            Disturbance::StalledDma { after: 7 },
            Disturbance::PostedWrites,
            Disturbance::LostWrites(range.clone()),
            Disturbance::DamagedReads(range.clone()),
            Disturbance::DamagedWrites(range.clone()),
            Disturbance::Overrun {
                writes: range,
                bytes: MAX_OVERRUN,
            },
            Disturbance::LostInterrupts,
            Disturbance::DoubledInterrupts,
            Disturbance::IgnoredUnmaps,
        ];
        let bytes: Vec<u8> = all.iter().flat_map(to_bytes).collect();
        assert_eq!(list(&bytes), Some(all));
        for at in [
            Incident::Interrupt(u16::MAX),
            Incident::FatalError,
            Incident::Removal,
            Incident::Death,
        ] {
            assert_eq!(incident(&incident_to_bytes(at)), Some(at));
        }
    }

    #[test]
    fn what_is_too_much_or_unused_is_refused() {
        let mut overrun = to_bytes(&Disturbance::Overrun {
            writes: 0..1,
            bytes: MAX_OVERRUN,
        });
        overrun[17] += 1;
        assert_eq!(list(&overrun), None);
        let mut down = to_bytes(&Disturbance::LinkDown);
        down[24] = 1;
        assert_eq!(list(&down), None);
    }
}
