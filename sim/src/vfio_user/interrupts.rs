//! The event descriptors that a client gave for the board's interrupts.

use std::os::fd::{AsFd, AsRawFd, OwnedFd};

use goldilane_vfio_user::errno;
use goldilane_vfio_user::payload::{SetIrqs, irq};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl, readlink};

use super::Refusal;

/// What the kernel calls an event descriptor.
const EVENTFD: &str = "anon_inode:[eventfd]";

/// Descriptors by index and vector.
pub struct Interrupts {
    vectors: u32,
    descriptors: [Vec<Option<OwnedFd>>; irq::COUNT as usize],
}

impl Interrupts {
    /// For a board with so many MSI-X vectors.
    pub fn new(vectors: u16) -> Self {
        let mut interrupts = Self {
            vectors: vectors.into(),
            descriptors: Default::default(),
        };
        interrupts.clear();
        interrupts
    }

    /// Vectors of an index; `None` if there is no such index.
    pub fn count(&self, index: u32) -> Option<u32> {
        match index {
            irq::MSIX => Some(self.vectors),
            irq::ERROR | irq::REQUEST => Some(1),
            _ if index < irq::COUNT => Some(0),
            _ => None,
        }
    }

    /// Forgets all descriptors.
    pub fn clear(&mut self) {
        for index in 0..irq::COUNT {
            let count = self.count(index).unwrap_or(0);
            self.descriptors[index as usize] = (0..count).map(|_| None).collect();
        }
    }

    /// Raises a vector; without a descriptor it is lost, as with a vector that nobody has set up.
    pub fn raise(&self, index: u32, vector: u32) {
        let descriptor = self
            .descriptors
            .get(index as usize)
            .and_then(|vectors| vectors.get(vector as usize)?.as_ref());
        if let Some(descriptor) = descriptor {
            signal(descriptor);
        }
    }

    /// Carries `DEVICE_SET_IRQS` out.
    pub fn set(
        &mut self,
        request: &SetIrqs,
        data: &[u8],
        fds: Vec<OwnedFd>,
    ) -> Result<(), Refusal> {
        let SetIrqs {
            flags,
            index,
            start,
            count,
            ..
        } = *request;
        let refused = |errno, reason: &str| {
            Err(Refusal::new(
                errno,
                format!("set interrupts {start} to {start} + {count} of index {index}: {reason}"),
            ))
        };
        let Some(vectors) = self.count(index) else {
            return refused(errno::EINVAL, "no such index");
        };
        if start.checked_add(count).is_none_or(|end| end > vectors) {
            return refused(errno::EINVAL, "no such vector");
        }
        let (kind, action) = (flags & irq::DATA_MASK, flags & irq::ACTIONS);
        if flags & !(irq::DATA_MASK | irq::ACTIONS) != 0
            || !kind.is_power_of_two()
            || !action.is_power_of_two()
        {
            return refused(errno::EINVAL, "flags");
        }
        let expected = match (kind, fds.len()) {
            (irq::DATA_EVENTFD, 0) => 0,
            (irq::DATA_EVENTFD, _) => count as usize,
            _ => 0,
        };
        if fds.len() != expected {
            return refused(errno::EINVAL, "another number of descriptors");
        }
        if kind == irq::DATA_BOOL && data.len() < count as usize {
            return refused(errno::EINVAL, "fewer bytes than vectors");
        }
        if action != irq::ACTION_TRIGGER {
            return refused(errno::ENOTSUP, "vectors cannot be masked here");
        }
        if !fds.iter().all(prepare) {
            return refused(errno::EINVAL, "a descriptor that is no eventfd");
        }
        let meant = start as usize..(start + count) as usize;
        let vectors = &mut self.descriptors[index as usize];
        match kind {
            irq::DATA_EVENTFD => {
                let mut fds = fds.into_iter();
                for vector in &mut vectors[meant] {
                    *vector = fds.next();
                }
            }
            irq::DATA_NONE if count == 0 => vectors.fill_with(|| None),
            irq::DATA_NONE => meant.for_each(|vector| self.raise(index, vector as u32)),
            _ => meant
                .zip(data)
                .filter(|(_, byte)| **byte != 0)
                .for_each(|(vector, _)| self.raise(index, vector as u32)),
        }
        Ok(())
    }
}

/// Whether a descriptor is an eventfd; then it does not block from here on.
fn prepare(descriptor: &OwnedFd) -> bool {
    let link = format!("/proc/self/fd/{}", descriptor.as_raw_fd());
    let is_event =
        readlink(link, Vec::new()).is_ok_and(|name| name.as_bytes() == EVENTFD.as_bytes());
    is_event
        && fcntl_getfl(descriptor)
            .and_then(|flags| fcntl_setfl(descriptor, flags | OFlags::NONBLOCK))
            .is_ok()
}

/// Adds one. A counter that is full stays so: whoever reads it is woken in any case.
fn signal(descriptor: &OwnedFd) {
    // Its owner may have made it blocking again.
    let mut ready = [PollFd::from_borrowed_fd(descriptor.as_fd(), PollFlags::OUT)];
    let now = Timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    if poll(&mut ready, Some(&now)) == Ok(1) {
        let _full_or_gone = rustix::io::write(descriptor, &1_u64.to_ne_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::event::{EventfdFlags, eventfd};

    fn event() -> OwnedFd {
        eventfd(0, EventfdFlags::CLOEXEC).expect("an eventfd")
    }

    fn request(flags: u32, index: u32, start: u32, count: u32) -> SetIrqs {
        SetIrqs {
            argsz: 20,
            flags,
            index,
            start,
            count,
        }
    }

    const SET: u32 = irq::DATA_EVENTFD | irq::ACTION_TRIGGER;
    const FIRE: u32 = irq::DATA_NONE | irq::ACTION_TRIGGER;

    fn fired(event: &OwnedFd) -> u64 {
        let mut count = [0; 8];
        match rustix::io::read(event, &mut count) {
            Ok(_) => u64::from_ne_bytes(count),
            Err(_) => 0,
        }
    }

    #[test]
    fn vectors_are_set_fired_and_taken_away() {
        let mut interrupts = Interrupts::new(2);
        let events = [event(), event()];
        let copies = || {
            events
                .iter()
                .map(|event| event.try_clone().expect("a copy"))
        };
        let set = request(SET, irq::MSIX, 0, 2);
        interrupts.set(&set, &[], copies().collect()).expect("set");
        interrupts.raise(irq::MSIX, 1);
        interrupts.raise(irq::MSIX, 7);
        interrupts
            .set(&request(FIRE, irq::MSIX, 0, 2), &[], Vec::new())
            .expect("fire");
        let chosen = request(irq::DATA_BOOL | irq::ACTION_TRIGGER, irq::MSIX, 0, 2);
        interrupts.set(&chosen, &[1, 0], Vec::new()).expect("one");
        assert_eq!([fired(&events[0]), fired(&events[1])], [2, 2]);
        let without = request(SET, irq::MSIX, 1, 1);
        interrupts.set(&without, &[], Vec::new()).expect("take");
        interrupts.raise(irq::MSIX, 0);
        interrupts.raise(irq::MSIX, 1);
        assert_eq!([fired(&events[0]), fired(&events[1])], [1, 0]);
        interrupts
            .set(&request(FIRE, irq::MSIX, 0, 0), &[], Vec::new())
            .expect("all");
        interrupts.raise(irq::MSIX, 0);
        assert_eq!(fired(&events[0]), 0);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        let mut interrupts = Interrupts::new(2);
        let mut errno_of = |request: SetIrqs, data: &[u8], fds: usize| {
            let fds = (0..fds).map(|_| event()).collect();
            let refused = interrupts.set(&request, data, fds).err();
            refused.map_or(0, |refusal| refusal.errno)
        };
        let cases = [
            (request(SET, irq::MSIX, 0, 3), 3, errno::EINVAL),
            (request(SET, irq::MSIX, u32::MAX, 2), 2, errno::EINVAL),
            (request(SET, irq::COUNT, 0, 0), 0, errno::EINVAL),
            (request(SET, 0, 0, 1), 1, errno::EINVAL),
            (request(SET, irq::MSIX, 0, 2), 1, errno::EINVAL),
            (request(FIRE, irq::MSIX, 0, 2), 2, errno::EINVAL),
            (request(0, irq::MSIX, 0, 1), 0, errno::EINVAL),
            (
                request(SET | irq::DATA_NONE, irq::MSIX, 0, 1),
                1,
                errno::EINVAL,
            ),
            (request(SET | 1 << 9, irq::MSIX, 0, 1), 1, errno::EINVAL),
            (
                request(irq::DATA_NONE | irq::ACTION_MASK, irq::MSIX, 0, 1),
                0,
                errno::ENOTSUP,
            ),
            (
                request(irq::DATA_BOOL | irq::ACTION_TRIGGER, irq::MSIX, 0, 2),
                0,
                errno::EINVAL,
            ),
        ];
        for (request, fds, expected) in cases {
            assert_eq!(errno_of(request, &[1], fds), expected, "{request:?} {fds}");
        }
        let (reader, _writer) = std::io::pipe().expect("a pipe");
        let pipe = vec![OwnedFd::from(reader)];
        assert!(
            interrupts
                .set(&request(SET, irq::MSIX, 0, 1), &[], pipe)
                .is_err()
        );
    }

    #[test]
    fn a_full_counter_holds_nobody() {
        let mut interrupts = Interrupts::new(1);
        let event = event();
        let copy = event.try_clone().expect("a copy");
        interrupts
            .set(&request(SET, irq::MSIX, 0, 1), &[], vec![copy])
            .expect("set");
        rustix::io::write(&event, &(u64::MAX - 1).to_ne_bytes()).expect("full");
        fcntl_setfl(&event, OFlags::empty()).expect("blocking");
        interrupts.raise(irq::MSIX, 0);
        assert_eq!(fired(&event), u64::MAX - 1);
    }
}
