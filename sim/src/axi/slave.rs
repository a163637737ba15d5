//! An AXI4 slave with a memory behind it: delays, bandwidth, back-pressure, reordering, faults.
//!
//! Order: bursts of one id and direction keep their order; reads and writes have none between them. A write takes effect
//! right before its response is given, a read sees memory after its latency: a master that does not wait for a response
//! is found out by what it reads or by what somebody else sees.
//!
//! Faults: a read answers SLVERR in the beats that memory refused, a write in its response. In posted mode writes behave as over PCIe:
//! the response is OKAY and comes before the effect, effects keep the order in which the data arrived, a refused write is
//! dropped, and a read waits for the writes before it.

use std::collections::VecDeque;

use super::burst::{Delivery, fetch, mask, place, store};
use super::{
    Address, Channel, MasterChecker, Memory, Pins, Random, ReadBeat, Response, Rule, Timing,
    WriteBeat,
};

/// What one slave is.
#[derive(Clone, Debug)]
pub struct SlaveSettings {
    /// Name of the bus: the prefix of its ports.
    pub bus: String,
    /// Width of the data bus.
    pub bus_bytes: usize,
    /// Transaction ids.
    pub ids: u32,
    /// Behaviour in time.
    pub timing: Timing,
    /// Posted writes.
    pub posted: bool,
    /// Of the random delays.
    pub seed: u64,
}

/// What a slave has done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// Read bursts answered in full.
    pub reads: u64,
    /// Read beats delivered.
    pub read_beats: u64,
    /// Write bursts that took effect.
    pub writes: u64,
    /// Write beats taken.
    pub write_beats: u64,
    /// Read bursts with a fault.
    pub read_faults: u64,
    /// Write bursts with a fault.
    pub write_faults: u64,
    /// Bursts that overtook an older one of another id.
    pub overtakes: u64,
}

/// A burst that waits for its time.
#[derive(Debug)]
struct Job<T> {
    sequence: u64,
    due: u64,
    burst: Address,
    load: T,
}

/// Data bursts that may wait for their address.
const EARLY_DATA: usize = 4;

/// The slave.
#[derive(Debug)]
pub struct MemorySlave {
    bus_bytes: usize,
    timing: Timing,
    posted: bool,
    random: Random,
    checker: MasterChecker,
    activity: Activity,
    sequence: u64,
    reads: VecDeque<Job<()>>,
    deliveries: Vec<Delivery>,
    addresses: VecDeque<Address>,
    open_data: Vec<WriteBeat>,
    data: VecDeque<Vec<WriteBeat>>,
    writes: VecDeque<Job<Vec<WriteBeat>>>,
    responses: VecDeque<(u32, Response)>,
    read_credit: u32,
    write_credit: u32,
    ready: [bool; 3],
    r: Option<ReadBeat>,
    r_shown: bool,
    b: Option<(u32, Response)>,
    b_shown: bool,
    /// Until something is asked for or taken up, [`MemorySlave::drive`] has nothing to change.
    at_rest: bool,
}

const AW: usize = 0;
const W: usize = 1;
const AR: usize = 2;
const BEAT_COST: u32 = 256;

impl MemorySlave {
    /// A slave at rest; it begins by driving its outputs low.
    pub fn new(settings: SlaveSettings) -> Self {
        Self {
            bus_bytes: settings.bus_bytes,
            timing: settings.timing,
            posted: settings.posted,
            random: Random::new(settings.seed),
            checker: MasterChecker::new(&settings.bus, settings.bus_bytes, settings.ids),
            activity: Activity::default(),
            sequence: 0,
            reads: VecDeque::new(),
            deliveries: Vec::new(),
            addresses: VecDeque::new(),
            open_data: Vec::new(),
            data: VecDeque::new(),
            writes: VecDeque::new(),
            responses: VecDeque::new(),
            read_credit: 0,
            write_credit: 0,
            ready: [false; 3],
            r: None,
            r_shown: false,
            b: None,
            b_shown: false,
            at_rest: false,
        }
    }

    /// Drives this clock's outputs; true if one of them changed.
    #[inline]
    pub fn drive(&mut self, pins: &mut impl Pins) -> bool {
        // Most clocks find the slave at rest: they are worth a way of their own.
        !self.at_rest && self.drive_channels(pins)
    }

    #[inline(never)]
    fn drive_channels(&mut self, pins: &mut impl Pins) -> bool {
        let mut changed = false;
        self.read_credit = fill(self.read_credit, self.timing.beats_per_256);
        self.write_credit = fill(self.write_credit, self.timing.beats_per_256);
        let room = self.timing.outstanding.max(1);
        let held = self.timing.back_pressure;
        let wanted = [
            self.writes.len() + self.addresses.len() < room && !self.random.happens(held),
            self.data.len() < EARLY_DATA
                && self.write_credit >= BEAT_COST
                && !self.random.happens(held),
            self.reads.len() + self.deliveries.len() < room && !self.random.happens(held),
        ];
        if wanted != self.ready {
            if wanted[AW] != self.ready[AW] {
                pins.set_aw_ready(wanted[AW]);
            }
            if wanted[W] != self.ready[W] {
                pins.set_w_ready(wanted[W]);
            }
            if wanted[AR] != self.ready[AR] {
                pins.set_ar_ready(wanted[AR]);
            }
            self.ready = wanted;
            changed = true;
        }
        if self.r.is_none() && (self.r_shown || !self.deliveries.is_empty()) {
            self.r = self.next_beat();
            if self.r.is_some() || self.r_shown {
                pins.set_r(self.r.as_ref());
                changed = true;
            }
            self.r_shown = self.r.is_some();
        }
        if self.b.is_none() && (self.b_shown || !self.responses.is_empty()) {
            if !self.random.happens(self.timing.idle_gap) {
                self.b = self.responses.pop_front();
            }
            if self.b.is_some() || self.b_shown {
                pins.set_b(self.b);
                changed = true;
            }
            self.b_shown = self.b.is_some();
        }
        self.at_rest = !changed && self.has_settled();
        changed
    }

    /// Whether a clock without a request would change nothing, not even the random numbers to come.
    fn has_settled(&self) -> bool {
        let full = |credit| credit == fill(credit, self.timing.beats_per_256);
        full(self.read_credit)
            && full(self.write_credit)
            && self.timing.back_pressure == 0
            && self.deliveries.is_empty()
            && !self.r_shown
            && self.responses.is_empty()
            && !self.b_shown
            && self.checker.is_quiet()
    }

    /// Takes over what is transferred at the coming edge; true if anything is.
    #[inline]
    pub fn sample(&mut self, pins: &impl Pins, clock: u64) -> bool {
        let asked = pins.aw_valid() || pins.w_valid() || pins.ar_valid();
        (asked || !self.at_rest) && self.sample_channels(pins, clock, asked)
    }

    #[inline(never)]
    fn sample_channels(&mut self, pins: &impl Pins, clock: u64, asked: bool) -> bool {
        self.at_rest = false;
        let mut moved = (asked || !self.checker.is_quiet()) && self.sample_requests(pins, clock);
        if let Some(beat) = self.r.as_ref()
            && pins.r_ready()
        {
            self.activity.read_beats += 1;
            self.activity.reads += u64::from(beat.last);
            self.r = None;
            moved = true;
        }
        if self.b.is_some() && pins.b_ready() {
            self.b = None;
            moved = true;
        }
        moved
    }

    /// The channels that the master drives.
    fn sample_requests(&mut self, pins: &impl Pins, clock: u64) -> bool {
        let mut moved = false;
        let aw = pins.aw_valid().then(|| pins.aw());
        self.checker.address(Channel::Aw, aw, self.ready[AW], clock);
        if let Some(burst) = aw.filter(|_| self.ready[AW]) {
            self.addresses.push_back(burst);
            moved = true;
        }
        let w = pins.w_valid().then(|| pins.w());
        self.checker.data(w, self.ready[W], clock);
        if let Some(beat) = w.filter(|_| self.ready[W]) {
            self.write_credit -= BEAT_COST;
            self.activity.write_beats += 1;
            self.take_data(beat, clock);
            moved = true;
        }
        if moved {
            self.join_writes(clock);
        }
        let ar = pins.ar_valid().then(|| pins.ar());
        self.checker.address(Channel::Ar, ar, self.ready[AR], clock);
        if let Some(burst) = ar.filter(|_| self.ready[AR]) {
            let due = self.due(clock);
            self.reads.push_back(Job {
                sequence: self.sequence,
                due,
                burst,
                load: (),
            });
            moved = true;
        }
        moved
    }

    /// Gives effect to at most one write that is due and fetches the data of reads that are.
    pub fn work(&mut self, memory: &mut (impl Memory + ?Sized), clock: u64) {
        // Reads first: a write that is due in the same clock was not waited for.
        if !self.reads.is_empty() {
            self.work_reads(memory, clock);
        }
        if !self.writes.is_empty() {
            self.work_writes(memory, clock);
        }
    }

    /// Whether nothing is under way.
    pub fn is_idle(&self) -> bool {
        self.reads.is_empty()
            && self.deliveries.is_empty()
            && self.r.is_none()
            && self.addresses.is_empty()
            && self.open_data.is_empty()
            && self.data.is_empty()
            && self.writes.is_empty()
            && self.responses.is_empty()
            && self.b.is_none()
    }

    /// A mark in the order of writes: see [`MemorySlave::has_passed`].
    pub fn mark(&self) -> u64 {
        self.sequence
    }

    /// Whether every write whose data came before the mark has taken effect.
    pub fn has_passed(&self, mark: u64) -> bool {
        self.writes.iter().all(|write| write.sequence >= mark)
    }

    /// What was done so far.
    pub fn activity(&self) -> Activity {
        self.activity
    }

    /// The protocol rules that the master broke.
    pub fn violations(&mut self) -> &mut super::Violations {
        &mut self.checker.violations
    }

    /// Forgets what is under way, as at power-up; posted writes that were answered still take effect.
    pub fn reset(&mut self, pins: &mut impl Pins) {
        self.reads.clear();
        self.deliveries.clear();
        self.addresses.clear();
        self.open_data.clear();
        self.data.clear();
        if !self.posted {
            self.writes.clear();
        }
        self.responses.clear();
        self.ready = [false; 3];
        (self.r, self.r_shown, self.b, self.b_shown) = (None, false, None, false);
        self.at_rest = false;
        self.checker.reset();
        pins.set_aw_ready(false);
        pins.set_w_ready(false);
        pins.set_ar_ready(false);
        pins.set_r(None);
        pins.set_b(None);
    }

    fn due(&mut self, clock: u64) -> u64 {
        let extra = match self.timing.jitter {
            0 => 0,
            jitter => self.random.below(u64::from(jitter) + 1),
        };
        clock + u64::from(self.timing.latency) + extra
    }

    fn take_data(&mut self, beat: WriteBeat, clock: u64) {
        self.open_data.push(beat);
        // The address of this burst, if it is here already.
        let address = self.addresses.front().filter(|_| self.data.is_empty());
        let beats = address.map_or(256, Address::beats);
        if beat.last || self.open_data.len() == beats {
            if !beat.last {
                self.checker
                    .report(Channel::W, clock, Rule::LastMissing { beats });
            }
            self.data.push_back(std::mem::take(&mut self.open_data));
        }
    }

    /// Brings addresses and data together.
    fn join_writes(&mut self, clock: u64) {
        while !self.addresses.is_empty() && !self.data.is_empty() {
            let (Some(burst), Some(mut beats)) =
                (self.addresses.pop_front(), self.data.pop_front())
            else {
                return;
            };
            let wanted = burst.beats();
            if beats.len() < wanted {
                let beat = beats.len() - 1;
                let rule = Rule::LastEarly {
                    beat,
                    beats: wanted,
                };
                self.checker.report(Channel::W, clock, rule);
            } else if beats.len() > wanted {
                let rule = Rule::LastMissing { beats: wanted };
                self.checker.report(Channel::W, clock, rule);
                beats.truncate(wanted);
            }
            let full = mask(self.bus_bytes);
            for (index, beat) in beats.iter().enumerate() {
                if beat.strobe == full && burst.beat_bytes() >= self.bus_bytes {
                    continue;
                }
                let (_, lane, bytes) = place(&burst, index, self.bus_bytes);
                let lanes = mask(bytes) << lane;
                if beat.strobe & !lanes != 0 {
                    let strobe = beat.strobe;
                    self.checker.report(
                        Channel::W,
                        clock,
                        Rule::StrobeOutsideLanes { strobe, lanes },
                    );
                }
            }
            let due = self.due(clock);
            if self.posted {
                self.responses.push_back((burst.id, Response::Okay));
            }
            self.writes.push_back(Job {
                sequence: self.sequence,
                due,
                burst,
                load: beats,
            });
            self.sequence += 1;
        }
    }

    fn work_writes(&mut self, memory: &mut (impl Memory + ?Sized), clock: u64) {
        let reorder = self.timing.reorder && !self.posted;
        let Some(index) = choose(&self.writes, clock, reorder, &mut self.random, |_| true) else {
            return;
        };
        self.activity.overtakes += u64::from(index != 0);
        let Some(write) = self.writes.remove(index) else {
            return;
        };
        self.at_rest = false;
        let response = match store(&write.burst, &write.load, self.bus_bytes, memory) {
            Ok(()) => Response::Okay,
            Err(_) => {
                self.activity.write_faults += 1;
                Response::SlaveError
            }
        };
        self.activity.writes += 1;
        if !self.posted {
            self.responses.push_back((write.burst.id, response));
        }
    }

    fn work_reads(&mut self, memory: &mut (impl Memory + ?Sized), clock: u64) {
        let limit = if self.timing.interleave { 4 } else { 1 };
        while self.deliveries.len() < limit {
            let oldest_write = self.writes.iter().map(|write| write.sequence).min();
            let (posted, deliveries) = (self.posted, &self.deliveries);
            let free = |job: &Job<()>| {
                let passed = !posted || oldest_write.is_none_or(|oldest| oldest >= job.sequence);
                passed && deliveries.iter().all(|d| d.burst.id != job.burst.id)
            };
            let reorder = self.timing.reorder;
            let Some(index) = choose(&self.reads, clock, reorder, &mut self.random, free) else {
                return;
            };
            self.activity.overtakes += u64::from(index != 0);
            let Some(read) = self.reads.remove(index) else {
                return;
            };
            self.at_rest = false;
            let delivery = fetch(read.burst, self.bus_bytes, memory);
            self.activity.read_faults += u64::from(delivery.has_fault());
            self.deliveries.push(delivery);
        }
    }

    /// The beat that the read-data channel shows next.
    fn next_beat(&mut self) -> Option<ReadBeat> {
        if self.deliveries.is_empty()
            || self.read_credit < BEAT_COST
            || self.random.happens(self.timing.idle_gap)
        {
            return None;
        }
        self.read_credit -= BEAT_COST;
        let index = match self.deliveries.len() {
            1 => 0,
            several => self.random.below(several as u64) as usize,
        };
        let delivery = &mut self.deliveries[index];
        let beat = delivery.beat(self.bus_bytes);
        if beat.last {
            self.deliveries.swap_remove(index);
        }
        Some(beat)
    }
}

fn fill(credit: u32, rate: u16) -> u32 {
    (credit + u32::from(rate)).min(2 * BEAT_COST)
}

/// The job that is served next: of those that are due, `free` and the oldest of their id; the oldest one unless `reorder`.
fn choose<T>(
    jobs: &VecDeque<Job<T>>,
    clock: u64,
    reorder: bool,
    random: &mut Random,
    free: impl Fn(&Job<T>) -> bool,
) -> Option<usize> {
    if !reorder {
        return jobs
            .front()
            .filter(|job| job.due <= clock && free(job))
            .map(|_| 0);
    }
    let (mut seen, mut found, mut count) = (0u64, None, 0);
    for (index, job) in jobs.iter().enumerate() {
        let id = 1u64 << (job.burst.id & 63);
        if seen & id == 0 && job.due <= clock && free(job) {
            count += 1;
            if random.below(count) == 0 {
                found = Some(index);
            }
        }
        seen |= id;
    }
    found
}
