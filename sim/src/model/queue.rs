//! One queue pair: rings, positions, doorbell rules, interrupt arming and coalescing.

use goldilane_abi::registers::{self as r, queue_status as bits};
use goldilane_abi::{
    ALIGNMENT, COALESCE_CLOCKS, Code, Completion, Descriptor, MAX_RING_LOG2, MIN_RING_LOG2,
};

/// Registers and positions of a pair.
#[derive(Default)]
pub struct Queue {
    /// Base of the submission ring.
    pub submission_base: u64,
    /// Base of the completion ring.
    pub completion_base: u64,
    /// Register `RING_SIZES`.
    pub sizes: u32,
    /// Whether descriptors are fetched.
    pub enabled: bool,
    /// Register `QUEUE_STATUS` without its read-only bits.
    pub status: u32,
    /// Position up to which descriptors have been fetched.
    pub head: u16,
    /// Last accepted doorbell.
    pub tail: u16,
    /// Position of the next completion entry.
    pub completion_tail: u16,
    /// Register `INTERRUPT_COALESCE`.
    pub coalesce: u32,
    /// A descriptor could not be read; nothing is fetched until the pair is enabled anew.
    pub halted: bool,
    phase: bool,
    armed: bool,
    flagged: u32,
    waiting_since: Option<u64>,
}

impl Queue {
    /// Entries of the submission ring.
    pub fn submission_size(&self) -> u32 {
        1 << (self.sizes & 0x1f)
    }

    fn completion_size(&self) -> u32 {
        1 << (self.sizes >> 8 & 0x1f)
    }

    /// Reads a register of the pair.
    pub fn read(&self, offset: u32) -> u32 {
        match offset {
            o if o == r::SQ_BASE_LO.offset => self.submission_base as u32,
            o if o == r::SQ_BASE_HI.offset => (self.submission_base >> 32) as u32,
            o if o == r::CQ_BASE_LO.offset => self.completion_base as u32,
            o if o == r::CQ_BASE_HI.offset => (self.completion_base >> 32) as u32,
            o if o == r::RING_SIZES.offset => self.sizes,
            o if o == r::QUEUE_CONTROL.offset => self.enabled.into(),
            o if o == r::QUEUE_STATUS.offset => self.status,
            o if o == r::SQ_HEAD.offset => self.head.into(),
            o if o == r::SQ_TAIL.offset => self.tail.into(),
            o if o == r::CQ_TAIL.offset => self.completion_tail.into(),
            o if o == r::INTERRUPT_ARM.offset => self.armed(),
            o if o == r::INTERRUPT_COALESCE.offset => self.coalesce,
            _ => 0,
        }
    }

    /// Writes a register of the pair: what is logged, and whether the interrupt fires.
    pub fn write(&mut self, register: &r::Register, value: u32) -> (Result<(), Code>, bool) {
        if register.access == r::Access::ReadOnly
            || register.access == r::Access::ReadWriteDisabled && self.enabled
        {
            return (Err(Code::RegisterIgnored), false);
        }
        let low = |old: u64| old & !0xffff_ffff | u64::from(value & register.mask);
        let high = |old: u64| old & 0xffff_ffff | u64::from(value) << 32;
        match register.offset {
            o if o == r::SQ_BASE_LO.offset => self.submission_base = low(self.submission_base),
            o if o == r::SQ_BASE_HI.offset => self.submission_base = high(self.submission_base),
            o if o == r::CQ_BASE_LO.offset => self.completion_base = low(self.completion_base),
            o if o == r::CQ_BASE_HI.offset => self.completion_base = high(self.completion_base),
            o if o == r::RING_SIZES.offset => self.sizes = value & register.mask,
            o if o == r::QUEUE_CONTROL.offset && value & 1 == 1 => {
                let enabled = self.enable();
                return (enabled, enabled.is_err());
            }
            o if o == r::QUEUE_CONTROL.offset => self.enabled = false,
            o if o == r::QUEUE_STATUS.offset => self.status &= !value,
            o if o == r::INTERRUPT_ARM.offset => return (Ok(()), self.arm(value)),
            o if o == r::INTERRUPT_COALESCE.offset => self.coalesce = value,
            _ => return (Err(Code::RegisterIgnored), false),
        }
        (Ok(()), false)
    }

    /// Enables the pair if its registers allow it.
    pub fn enable(&mut self) -> Result<(), Code> {
        if self.enabled {
            return Ok(());
        }
        let range = u32::from(MIN_RING_LOG2)..=u32::from(MAX_RING_LOG2);
        let (submission, completion) = (self.sizes & 0x1f, self.sizes >> 8 & 0x1f);
        let aligned = (self.submission_base | self.completion_base).is_multiple_of(ALIGNMENT);
        if !aligned
            || !range.contains(&submission)
            || !range.contains(&completion)
            || completion < submission
        {
            self.status |= bits::BAD_SETUP;
            return Err(Code::BadQueueSetup);
        }
        *self = Self {
            submission_base: self.submission_base,
            completion_base: self.completion_base,
            sizes: self.sizes,
            status: self.status,
            coalesce: self.coalesce,
            enabled: true,
            phase: true,
            ..Self::default()
        };
        Ok(())
    }

    /// Takes a doorbell.
    pub fn ring(&mut self, value: u32) -> Result<(), Code> {
        if !self.enabled {
            return Err(Code::RegisterIgnored);
        }
        let size = self.submission_size();
        if value >= size {
            self.status |= bits::DOORBELL_OUT_OF_RING;
            return Err(Code::DoorbellOutOfRing);
        }
        let distance = |from: u16, to: u32| to.wrapping_sub(from.into()) & (size - 1);
        let free = size - 1 - distance(self.head, self.tail.into());
        if distance(self.tail, value) > free {
            self.status |= bits::DOORBELL_OVERRUN;
            return Err(Code::DoorbellOverrun);
        }
        self.tail = value as u16;
        Ok(())
    }

    /// Address of the next descriptor, if there is one to fetch.
    pub fn next_descriptor(&self) -> Option<u64> {
        let ready = self.enabled && !self.halted && self.head != self.tail;
        ready.then(|| self.submission_base + u64::from(self.head) * Descriptor::BYTES as u64)
    }

    /// Counts a descriptor as fetched.
    pub fn advance_head(&mut self) {
        self.head = ((u32::from(self.head) + 1) & (self.submission_size() - 1)) as u16;
    }

    /// Address and bytes of the next completion entry; advances the position.
    pub fn place_completion(
        &mut self,
        pair: u16,
        completion: Completion,
    ) -> (u64, [u8; Completion::BYTES]) {
        let address =
            self.completion_base + u64::from(self.completion_tail) * Completion::BYTES as u64;
        let entry = Completion {
            phase: self.phase,
            submission_head: self.head,
            queue: pair,
            ..completion
        };
        self.completion_tail =
            ((u32::from(self.completion_tail) + 1) & (self.completion_size() - 1)) as u16;
        self.phase ^= self.completion_tail == 0;
        (address, entry.to_bytes())
    }

    /// Counts a written completion for the interrupt; whether it fires.
    pub fn completed(&mut self, flagged: bool, clock: u64) -> bool {
        if flagged {
            self.flagged += 1;
            self.waiting_since.get_or_insert(clock);
        }
        self.due(clock)
    }

    /// Whether the interrupt fires now; firing disarms.
    pub fn due(&mut self, clock: u64) -> bool {
        let count = (self.coalesce & 0xffff).max(1);
        let late = self.deadline().is_some_and(|deadline| clock >= deadline);
        let fires = self.armed && (self.flagged >= count || late);
        if fires {
            self.disarm();
        }
        fires
    }

    /// Clock at which the coalescing time is over, if that matters.
    pub fn deadline(&self) -> Option<u64> {
        let time = u64::from(self.coalesce >> 16) * COALESCE_CLOCKS;
        self.waiting_since
            .filter(|_| self.armed && time != 0)
            .map(|since| since + time)
    }

    fn disarm(&mut self) {
        self.armed = false;
        self.flagged = 0;
        self.waiting_since = None;
    }

    /// Takes a write to `INTERRUPT_ARM`; whether the interrupt fires at once.
    pub fn arm(&mut self, value: u32) -> bool {
        self.disarm();
        self.armed = value & 1 << 31 != 0;
        if self.armed && value & 0xffff != u32::from(self.completion_tail) {
            self.disarm();
            return true;
        }
        false
    }

    /// Register `INTERRUPT_ARM` as read.
    pub fn armed(&self) -> u32 {
        u32::from(self.armed) << 31
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue() -> Queue {
        let mut queue = Queue {
            sizes: 3 | 3 << 8,
            ..Queue::default()
        };
        queue.enable().unwrap();
        queue
    }

    #[test]
    fn doorbells_stay_within_the_free_entries() {
        let mut queue = queue();
        assert_eq!(queue.ring(8), Err(Code::DoorbellOutOfRing));
        assert_eq!(queue.ring(5), Ok(()));
        assert_eq!(queue.ring(3), Err(Code::DoorbellOverrun), "backwards");
        assert_eq!(
            queue.ring(0),
            Err(Code::DoorbellOverrun),
            "one entry too many"
        );
        assert_eq!(queue.tail, 5);
        assert_eq!(queue.ring(7), Ok(()));
        for _ in 0..4 {
            queue.advance_head();
        }
        assert_eq!(queue.ring(3), Ok(()));
        assert_eq!(queue.ring(4), Err(Code::DoorbellOverrun));
        assert_eq!(
            queue.status,
            bits::DOORBELL_OUT_OF_RING | bits::DOORBELL_OVERRUN
        );
    }

    #[test]
    fn the_phase_turns_with_the_ring() {
        let mut queue = queue();
        for pass in 0..3 {
            for position in 0..8_u64 {
                let (address, bytes) = queue.place_completion(1, Completion::default());
                assert_eq!(address, position * 16);
                assert_eq!(Completion::from_bytes(&bytes).phase, pass % 2 == 0);
            }
        }
    }

    #[test]
    fn setups_that_do_not_fit_are_refused() {
        for sizes in [0, 3, 3 << 8, 4 | 3 << 8, 13 | 13 << 8] {
            let mut queue = Queue {
                sizes,
                ..Queue::default()
            };
            assert_eq!(queue.enable(), Err(Code::BadQueueSetup), "{sizes:#x}");
        }
        let mut queue = Queue {
            sizes: 3 | 3 << 8,
            submission_base: 32,
            ..Queue::default()
        };
        assert_eq!(queue.enable(), Err(Code::BadQueueSetup));
        assert_eq!(queue.status, bits::BAD_SETUP);
        assert!(queue.next_descriptor().is_none());
    }

    #[test]
    fn interrupts_fire_by_count_by_time_and_for_the_unseen() {
        let mut queue = queue();
        assert!(!queue.completed(true, 0), "not armed");
        queue.coalesce = 3 | 2 << 16;
        assert!(!queue.arm(1 << 31));
        assert!(
            !queue.completed(true, 10) && !queue.completed(false, 11) && !queue.completed(true, 12)
        );
        assert_eq!(queue.deadline(), Some(10 + 2048));
        assert!(queue.completed(true, 13), "the third flagged one");
        assert!(!queue.completed(true, 14), "disarmed");
        assert!(!queue.arm(1 << 31));
        assert!(!queue.completed(true, 100) && !queue.due(2147));
        assert!(queue.due(2148));
        queue.place_completion(0, Completion::default());
        assert!(queue.arm(1 << 31), "one unseen");
        assert_eq!(queue.armed(), 0);
        assert!(!queue.arm(1 << 31 | 1));
        assert_eq!(queue.armed(), 1 << 31);
    }
}
