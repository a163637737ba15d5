//! The jobs of a queue pair by their tickets: in flight, then completed until somebody takes them.
//!
//! A table indexed by the ticket's low bits, so that neither a job nor its completion costs more than one look. It grows
//! until every ticket there is can be out.

use crate::queue_pair::{Done, Job, Ticket};
use goldilane_abi::Completion;

/// Tickets that there are.
const TICKETS: usize = 1 << 16;

enum Slot {
    Free,
    InFlight(Job),
    /// In flight, but nobody waits for it any more.
    Forgotten(Job),
    Completed(Done),
}

/// What a completion did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The job is completed.
    Completed,
    /// There is no such job in flight.
    Stray,
}

/// The jobs of a pair.
pub(crate) struct Jobs {
    /// With each slot the ticket that it is for, if it is not free.
    slots: Vec<(u16, Slot)>,
    last: u16,
    in_flight: usize,
    completed: usize,
    /// Where the next completed job is looked for first.
    cursor: usize,
}

impl Jobs {
    /// None, with room for `size` (a power of two) without growing.
    pub(crate) fn new(size: usize) -> Self {
        let mut jobs = Self {
            slots: Vec::new(),
            last: 0,
            in_flight: 0,
            completed: 0,
            cursor: 0,
        };
        jobs.slots.resize_with(size, || (0, Slot::Free));
        jobs
    }

    /// Jobs that the board has not answered.
    pub(crate) fn in_flight(&self) -> usize {
        self.in_flight
    }

    /// Jobs that can be added until tickets run out.
    pub(crate) fn room(&self) -> usize {
        TICKETS - self.in_flight - self.completed
    }

    fn index(&self, ticket: u16) -> usize {
        usize::from(ticket) & (self.slots.len() - 1)
    }

    /// Makes room for `count` more jobs, as far as there are tickets.
    pub(crate) fn reserve(&mut self, count: usize) {
        let needed = (self.in_flight + self.completed + count).min(TICKETS);
        while self.slots.len() < needed {
            let mut larger = Self::new(self.slots.len() * 2);
            for (ticket, slot) in std::mem::take(&mut self.slots) {
                if !matches!(slot, Slot::Free) {
                    let index = larger.index(ticket);
                    larger.slots[index] = (ticket, slot);
                }
            }
            (self.slots, self.cursor) = (larger.slots, 0);
        }
    }

    /// The ticket that was given last.
    pub(crate) fn last_ticket(&self) -> u16 {
        self.last
    }

    /// The next ticket after `last` whose slot is free; [`Jobs::reserve`] has made room.
    pub(crate) fn fresh_ticket(&self, last: u16) -> u16 {
        let mut ticket = last.wrapping_add(1);
        while !matches!(self.slots[self.index(ticket)].1, Slot::Free) {
            ticket = ticket.wrapping_add(1);
        }
        ticket
    }

    /// Puts a job under way.
    pub(crate) fn start(&mut self, ticket: u16, job: Job) {
        let index = self.index(ticket);
        self.slots[index] = (ticket, Slot::InFlight(job));
        self.last = ticket;
        self.in_flight += 1;
    }

    fn take_slot(&mut self, ticket: u16) -> Slot {
        let index = self.index(ticket);
        match &mut self.slots[index] {
            (found, slot) if *found == ticket => std::mem::replace(slot, Slot::Free),
            _ => Slot::Free,
        }
    }

    fn put(&mut self, ticket: u16, slot: Slot) {
        let index = self.index(ticket);
        self.slots[index].1 = slot;
    }

    /// Whether the job is in flight or completed.
    pub(crate) fn knows(&self, ticket: Ticket) -> bool {
        let (found, slot) = &self.slots[self.index(ticket.number())];
        *found == ticket.number() && matches!(slot, Slot::InFlight(_) | Slot::Completed(_))
    }

    /// Whether the job is completed and was not taken.
    pub(crate) fn is_completed(&self, ticket: Ticket) -> bool {
        let (found, slot) = &self.slots[self.index(ticket.number())];
        *found == ticket.number() && matches!(slot, Slot::Completed(_))
    }

    /// Takes a completion in.
    pub(crate) fn complete(&mut self, completion: Completion) -> Outcome {
        let ticket = completion.ticket;
        match self.take_slot(ticket) {
            Slot::InFlight(job) => {
                let done = Done {
                    ticket: Ticket::new(ticket),
                    completion,
                    job,
                };
                self.put(ticket, Slot::Completed(done));
                self.in_flight -= 1;
                self.completed += 1;
                Outcome::Completed
            }
            Slot::Forgotten(_) => {
                self.in_flight -= 1;
                Outcome::Completed
            }
            // The planted bug: a second completion takes the job's memory away.
            Slot::Completed(_) if cfg!(feature = "planted-bug") => Outcome::Stray,
            other => {
                if !matches!(other, Slot::Free) {
                    self.put(ticket, other);
                }
                Outcome::Stray
            }
        }
    }

    /// Takes a completed job.
    pub(crate) fn take(&mut self, ticket: Ticket) -> Option<Done> {
        match self.take_slot(ticket.number()) {
            Slot::Completed(done) => {
                self.completed -= 1;
                Some(done)
            }
            Slot::Free => None,
            other => {
                self.put(ticket.number(), other);
                None
            }
        }
    }

    /// Takes any completed job.
    pub(crate) fn take_any(&mut self) -> Option<Done> {
        if self.completed == 0 {
            return None;
        }
        let (before, behind) = self.slots.split_at(self.cursor);
        let mut order = behind.iter().chain(before);
        let distance = order.position(|(_, slot)| matches!(slot, Slot::Completed(_)))?;
        self.cursor = (self.cursor + distance) & (self.slots.len() - 1);
        let ticket = Ticket::new(self.slots[self.cursor].0);
        self.take(ticket)
    }

    /// Nobody will ask for this job: it goes as soon as the board is done with it.
    pub(crate) fn forget(&mut self, ticket: Ticket) {
        match self.take_slot(ticket.number()) {
            Slot::InFlight(job) => self.put(ticket.number(), Slot::Forgotten(job)),
            Slot::Completed(_) => self.completed -= 1,
            Slot::Free => {}
            forgotten => self.put(ticket.number(), forgotten),
        }
    }

    /// Takes all jobs in flight that somebody waits for; the forgotten ones go.
    pub(crate) fn abort(&mut self) -> Vec<(Ticket, Job)> {
        self.in_flight = 0;
        let mut aborted = Vec::new();
        for (ticket, slot) in &mut self.slots {
            match std::mem::replace(slot, Slot::Free) {
                Slot::InFlight(job) => aborted.push((Ticket::new(*ticket), job)),
                Slot::Completed(done) => *slot = Slot::Completed(done),
                Slot::Free | Slot::Forgotten(_) => {}
            }
        }
        aborted
    }

    /// The jobs in flight.
    pub(crate) fn under_way(&self) -> impl Iterator<Item = &Job> {
        self.slots.iter().filter_map(|(_, slot)| match slot {
            Slot::InFlight(job) | Slot::Forgotten(job) => Some(job),
            Slot::Free | Slot::Completed(_) => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use goldilane_abi::{Descriptor, Opcode};

    fn job(count: u16) -> Job {
        Job {
            descriptor: Descriptor {
                count,
                ..Descriptor::new(Opcode::NoOp)
            },
            buffers: Vec::new(),
        }
    }

    fn start(jobs: &mut Jobs, count: u16) -> Ticket {
        jobs.reserve(1);
        let ticket = jobs.fresh_ticket(jobs.last_ticket());
        jobs.start(ticket, job(count));
        Ticket::new(ticket)
    }

    fn answer(jobs: &mut Jobs, ticket: Ticket) -> Outcome {
        jobs.complete(Completion {
            ticket: ticket.number(),
            ..Completion::default()
        })
    }

    #[test]
    fn every_job_completes_once_in_any_order() {
        let mut jobs = Jobs::new(4);
        let tickets: Vec<_> = (0..100).map(|count| start(&mut jobs, count)).collect();
        assert_eq!(jobs.in_flight(), 100);
        for ticket in tickets.iter().rev() {
            assert!(jobs.knows(*ticket) && !jobs.is_completed(*ticket));
            assert_eq!(answer(&mut jobs, *ticket), Outcome::Completed);
            assert_eq!(answer(&mut jobs, *ticket), Outcome::Stray, "a second time");
        }
        for (count, ticket) in tickets.iter().enumerate() {
            let done = jobs.take(*ticket).expect("a completed job");
            assert_eq!(usize::from(done.job.descriptor.count), count);
            assert!(jobs.take(*ticket).is_none() && !jobs.knows(*ticket));
            assert_eq!(answer(&mut jobs, *ticket), Outcome::Stray, "taken");
        }
        assert_eq!((jobs.in_flight(), jobs.room()), (0, TICKETS));
    }

    #[test]
    fn any_completed_job_is_found() {
        let mut jobs = Jobs::new(8);
        let tickets: Vec<_> = (0..6).map(|count| start(&mut jobs, count)).collect();
        assert!(jobs.take_any().is_none());
        for ticket in [4, 1, 3] {
            answer(&mut jobs, tickets[ticket]);
        }
        let mut found: Vec<_> = std::iter::from_fn(|| jobs.take_any())
            .map(|done| done.job.descriptor.count)
            .collect();
        found.sort_unstable();
        assert_eq!(found, [1, 3, 4]);
        assert_eq!(jobs.in_flight(), 3);
    }

    #[test]
    fn forgotten_jobs_go_with_their_completion() {
        let mut jobs = Jobs::new(4);
        let (early, late) = (start(&mut jobs, 1), start(&mut jobs, 2));
        answer(&mut jobs, early);
        jobs.forget(early);
        jobs.forget(late);
        assert!(!jobs.knows(early) && !jobs.knows(late));
        assert_eq!((jobs.in_flight(), jobs.under_way().count()), (1, 1));
        assert_eq!(answer(&mut jobs, late), Outcome::Completed);
        assert_eq!((jobs.in_flight(), jobs.under_way().count()), (0, 0));
        assert!(jobs.take_any().is_none());
    }

    #[test]
    fn tickets_run_out_and_come_back() {
        let mut jobs = Jobs::new(2);
        let mut first = None;
        while jobs.room() > 0 {
            let ticket = start(&mut jobs, 0);
            answer(&mut jobs, ticket);
            first.get_or_insert(ticket);
        }
        jobs.take(first.expect("a ticket")).expect("its job");
        assert_eq!(jobs.room(), 1);
        let again = start(&mut jobs, 7);
        assert_eq!(Some(again), first);
        let aborted = jobs.abort();
        assert_eq!((aborted.len(), aborted[0].1.descriptor.count), (1, 7));
        assert_eq!((jobs.in_flight(), jobs.room()), (0, 1));
    }
}
