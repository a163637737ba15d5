//! What every transport has between a board and its host: which bursts no bus allows, and what tests make wrong.

use std::ops::Range;

pub use goldilane_side_channel::Disturbance;

use crate::board::{BusFault, HostBus};

/// Bursts stay within pages of this many bytes.
const PAGE: u64 = 4096;
/// Starts of bursts are multiples of the smallest record.
const BURST_ALIGNMENT: u64 = 16;
/// Writes beyond what was meant begin at such multiples, and are cut there.
const OVERRUN_BYTES: usize = 64;
/// What damage does to a byte.
const DAMAGE: u8 = 0x10;
/// What an overrun leaves behind.
const GARBAGE: u8 = 0xd5;

/// The rule of a bus that an access breaks, if it breaks one.
pub fn broken_rule(what: &str, iova: u64, bytes: usize) -> Option<String> {
    let within = iova % PAGE + bytes as u64 <= PAGE;
    (!within || !iova.is_multiple_of(BURST_ALIGNMENT))
        .then(|| format!("{what} of {bytes} bytes at {iova:#x}"))
}

/// The way between a board and its host, with what is wrong with it.
#[derive(Debug, Default)]
pub struct HostLink {
    wrong: Vec<Disturbance>,
    /// A fatal error was reported: nothing answers before a function level reset.
    dead: bool,
    accesses: u64,
    struck: u64,
    /// An interrupt that comes again.
    again: Option<u16>,
}

impl HostLink {
    /// Makes this wrong from now on, and nothing else.
    pub fn disturb(&mut self, wrong: Vec<Disturbance>) {
        *self = Self {
            wrong,
            dead: self.dead,
            ..Self::default()
        };
    }

    /// How often what was armed last has had an effect.
    pub fn struck(&self) -> u64 {
        self.struck
    }

    /// A fatal error: nothing answers before [`HostLink::reset`].
    pub fn die(&mut self) {
        self.dead = true;
    }

    /// A function level reset, or power-up.
    pub fn reset(&mut self) {
        self.dead = false;
    }

    /// Whether something of a kind is armed; counts it as an effect.
    fn strikes(&mut self, what: impl Fn(&Disturbance) -> bool) -> bool {
        let found = self.wrong.iter().any(what);
        self.struck += u64::from(found);
        found
    }

    /// Whether an access to the board's registers goes nowhere: it reads all ones.
    pub fn is_down(&mut self) -> bool {
        self.strikes(|wrong| *wrong == Disturbance::LinkDown) || self.dead
    }

    /// Whether a read of a register is not answered now.
    pub fn hangs(&mut self) -> bool {
        self.strikes(|wrong| *wrong == Disturbance::HungReads)
    }

    /// Whether mappings stay that are ended now.
    pub fn ignores_unmaps(&mut self) -> bool {
        self.strikes(|wrong| *wrong == Disturbance::IgnoredUnmaps)
    }

    /// The host as the board sees it over this link.
    pub fn bus<'l, H: HostBus>(&'l mut self, host: &'l mut H) -> LinkedHost<'l, H> {
        LinkedHost { link: self, host }
    }

    /// Whether the board's accesses are refused.
    fn refuses(&mut self) -> bool {
        self.strikes(|wrong| *wrong == Disturbance::NoBusMaster) || self.is_down()
    }

    /// Flips bits of what is moved.
    fn damage<'w>(
        &'w self,
        iova: u64,
        data: &mut [u8],
        range: impl Fn(&'w Disturbance) -> Option<&'w Range<u64>>,
    ) -> bool {
        let mut damaged = false;
        for range in self.wrong.iter().filter_map(range) {
            for (_, byte) in (iova..)
                .zip(&mut *data)
                .filter(|(at, _)| range.contains(at))
            {
                *byte ^= DAMAGE;
                damaged = true;
            }
        }
        damaged
    }
}

/// Host memory and interrupts behind a [`HostLink`].
pub struct LinkedHost<'l, H> {
    link: &'l mut HostLink,
    host: &'l mut H,
}

impl<H: HostBus> LinkedHost<'_, H> {
    fn count_access(&mut self) {
        self.link.accesses += 1;
        if let Some(vector) = self.link.again.take() {
            self.host.interrupt(vector);
        }
    }

    fn overrun(&mut self, iova: u64, written: usize) {
        let more = self.link.wrong.iter().find_map(|wrong| match wrong {
            Disturbance::Overrun { writes, bytes } => writes.contains(&iova).then_some(*bytes),
            _ => None,
        });
        let Some(more) = more else { return };
        self.link.struck += 1;
        let unit = OVERRUN_BYTES as u64;
        let first = iova.saturating_add(written as u64).next_multiple_of(unit);
        for at in (first..first.saturating_add(more)).step_by(OVERRUN_BYTES) {
            // Where there is no memory the host refuses it: nobody waits for the answer.
            let _refused = self.host.write(at, &[GARBAGE; OVERRUN_BYTES]);
        }
    }
}

impl<H: HostBus> HostBus for LinkedHost<'_, H> {
    fn read(&mut self, iova: u64, buffer: &mut [u8]) -> Result<(), BusFault> {
        self.count_access();
        if self.link.refuses() {
            let bytes = buffer.len();
            return Err(BusFault { iova, bytes });
        }
        self.host.read(iova, buffer)?;
        let damaged = self.link.damage(iova, buffer, |wrong| match wrong {
            Disturbance::DamagedReads(range) => Some(range),
            _ => None,
        });
        self.link.struck += u64::from(damaged);
        Ok(())
    }

    fn write(&mut self, iova: u64, data: &[u8]) -> Result<(), BusFault> {
        self.count_access();
        if self.link.is_down() {
            return Ok(());
        }
        let lost = |wrong: &Disturbance| matches!(wrong, Disturbance::LostWrites(range) if range.contains(&iova));
        if self.link.strikes(lost) {
            return Ok(());
        }
        let mut data = data.to_vec();
        let damaged = self.link.damage(iova, &mut data, |wrong| match wrong {
            Disturbance::DamagedWrites(range) => Some(range),
            _ => None,
        });
        self.link.struck += u64::from(damaged);
        let refused = if self.link.refuses() {
            let bytes = data.len();
            Err(BusFault { iova, bytes })
        } else {
            self.host.write(iova, &data)
        };
        self.overrun(iova, data.len());
        if refused.is_err()
            && self
                .link
                .strikes(|wrong| *wrong == Disturbance::PostedWrites)
        {
            return Ok(());
        }
        refused
    }

    fn interrupt(&mut self, vector: u16) {
        let lost = |wrong: &Disturbance| *wrong == Disturbance::LostInterrupts;
        if self.link.strikes(lost) || self.link.refuses() {
            return;
        }
        self.host.interrupt(vector);
        let doubled = |wrong: &Disturbance| *wrong == Disturbance::DoubledInterrupts;
        if self.link.strikes(doubled) {
            self.link.again = Some(vector);
        }
    }

    fn stalled(&mut self) -> bool {
        let accesses = self.link.accesses;
        self.link.strikes(
            |wrong| matches!(wrong, Disturbance::StalledDma { after } if *after <= accesses),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 256 bytes of memory at 0x1000, and what was raised.
    struct Host(Vec<u8>, Vec<u16>);

    impl Host {
        fn at(&mut self, iova: u64, bytes: usize) -> Result<&mut [u8], BusFault> {
            let first = iova.wrapping_sub(0x1000) as usize;
            let fault = BusFault { iova, bytes };
            self.0
                .get_mut(first..first.saturating_add(bytes))
                .ok_or(fault)
        }
    }

    impl HostBus for Host {
        fn read(&mut self, iova: u64, buffer: &mut [u8]) -> Result<(), BusFault> {
            buffer.copy_from_slice(self.at(iova, buffer.len())?);
            Ok(())
        }

        fn write(&mut self, iova: u64, data: &[u8]) -> Result<(), BusFault> {
            self.at(iova, data.len())?.copy_from_slice(data);
            Ok(())
        }

        fn interrupt(&mut self, vector: u16) {
            self.1.push(vector);
        }
    }

    fn host() -> Host {
        Host(vec![0; 256], Vec::new())
    }

    fn link(wrong: &[Disturbance]) -> HostLink {
        let mut link = HostLink::default();
        link.disturb(wrong.to_vec());
        link
    }

    #[test]
    fn a_sound_link_lets_everything_through() {
        let (mut link, mut host) = (link(&[]), host());
        let mut bus = link.bus(&mut host);
        bus.write(0x1000, &[7; 16]).expect("there");
        let mut back = [0; 16];
        bus.read(0x1000, &mut back).expect("there");
        bus.interrupt(3);
        assert!(bus.write(0x2000, &[7; 16]).is_err() && !bus.stalled());
        assert_eq!((back, link.struck(), link.is_down()), ([7; 16], 0, false));
        assert_eq!(host.1, [3]);
    }

    #[test]
    fn nothing_comes_through_a_link_that_is_down() {
        for dead in [false, true] {
            let (mut link, mut host) = (HostLink::default(), host());
            match dead {
                false => link.disturb(vec![Disturbance::LinkDown]),
                true => link.die(),
            }
            let mut bus = link.bus(&mut host);
            bus.write(0x1000, &[7; 16]).expect("posted");
            assert!(bus.read(0x1000, &mut [0; 16]).is_err());
            bus.interrupt(3);
            assert!(link.is_down() && host.0 == [0; 256] && host.1.is_empty());
            link.disturb(Vec::new());
            assert_eq!(link.is_down(), dead);
            link.reset();
            assert!(!link.is_down());
        }
    }

    #[test]
    fn without_bus_mastering_accesses_are_refused() {
        let (mut link, mut host) = (link(&[Disturbance::NoBusMaster]), host());
        let mut bus = link.bus(&mut host);
        assert!(bus.write(0x1000, &[7; 16]).is_err() && bus.read(0x1000, &mut [0; 16]).is_err());
        bus.interrupt(0);
        assert!(!link.is_down() && link.struck() == 3 && host.1.is_empty());
    }

    #[test]
    fn writes_vanish_are_damaged_and_overrun() {
        let (mut link, mut host) = (
            link(&[
                Disturbance::PostedWrites,
                Disturbance::LostWrites(0x1000..0x1010),
                Disturbance::DamagedWrites(0x1021..0x1022),
                Disturbance::DamagedReads(0x1020..0x1021),
                Disturbance::Overrun {
                    writes: 0x1030..0x1031,
                    bytes: 4096,
                },
            ]),
            host(),
        );
        let mut bus = link.bus(&mut host);
        for at in [0x2000, 0x1000, 0x1020, 0x1030] {
            bus.write(at, &[7; 16]).expect("posted");
        }
        let mut back = [0; 3];
        bus.read(0x1020, &mut back).expect("there");
        assert_eq!((back, link.struck()), ([7 ^ DAMAGE, 7 ^ DAMAGE, 7], 5));
        assert_eq!(host.0[..16], [0; 16]);
        assert_eq!((&host.0[0x30..0x40], host.0[0x40]), (&[7; 16][..], GARBAGE));
        assert_eq!(host.0[255], GARBAGE, "to the end of memory");
    }

    #[test]
    fn interrupts_get_lost_or_come_twice() {
        for (wrong, raised) in [
            (Disturbance::LostInterrupts, vec![]),
            (Disturbance::DoubledInterrupts, vec![1, 1]),
        ] {
            let (mut link, mut host) = (link(&[wrong]), host());
            let mut bus = link.bus(&mut host);
            bus.interrupt(1);
            bus.write(0x1000, &[0; 16]).expect("there");
            bus.write(0x1000, &[0; 16]).expect("there");
            assert_eq!((host.1, link.struck()), (raised, 1));
        }
    }

    #[test]
    fn a_stall_begins_at_its_access() {
        let (mut link, mut host) = (link(&[Disturbance::StalledDma { after: 2 }]), host());
        let mut bus = link.bus(&mut host);
        for stalled in [false, false, true, true] {
            assert_eq!(bus.stalled(), stalled);
            bus.read(0x1000, &mut [0; 4]).expect("there");
        }
        link.disturb(Vec::new());
        assert!(!link.bus(&mut host).stalled());
    }
}
