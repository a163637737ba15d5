//! An AXI4-Lite master for register accesses, one at a time, with checks of the slave's answers.

use super::checker::Waiting;
use super::{Channel, Random, Rule, Violation, Violations};

/// The wires of an AXI4-Lite bus with 32-bit data, seen from the master's side.
pub trait LitePins {
    /// Drives the write-address channel: address, or no valid.
    fn set_aw(&mut self, address: Option<u32>);
    /// Drives the write-data channel: data with all bytes enabled, or no valid.
    fn set_w(&mut self, data: Option<u32>);
    /// Drives the read-address channel.
    fn set_ar(&mut self, address: Option<u32>);
    /// Drives BREADY.
    fn set_b_ready(&mut self, ready: bool);
    /// Drives RREADY.
    fn set_r_ready(&mut self, ready: bool);
    /// AWREADY.
    fn aw_ready(&self) -> bool;
    /// WREADY.
    fn w_ready(&self) -> bool;
    /// ARREADY.
    fn ar_ready(&self) -> bool;
    /// BVALID and BRESP.
    fn b(&self) -> Option<u8>;
    /// RVALID with RDATA and RRESP.
    fn r(&self) -> Option<(u32, u8)>;
}

/// How an access ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LiteResult {
    /// A read's data and response.
    Read(u32, u8),
    /// A write's response.
    Written(u8),
    /// The time limit is over; the access is given up.
    NoResponse,
}

#[derive(Clone, Copy, Debug)]
struct Access {
    address: u32,
    write: Option<u32>,
    since: Option<u64>,
    /// Clocks to wait before each channel shows its valid: write address, write data, read address.
    hold: [u8; 3],
    /// What is transferred already.
    done: [bool; 3],
}

/// The master.
#[derive(Debug)]
pub struct LiteMaster {
    bus: String,
    time_limit: u64,
    /// Chance in 256 that a channel waits a clock.
    gap: u8,
    random: Random,
    access: Option<Access>,
    result: Option<LiteResult>,
    ready: [bool; 2],
    b: Waiting<u8>,
    r: Waiting<(u32, u8)>,
    violations: Violations,
}

const AW: usize = 0;
const W: usize = 1;
const AR: usize = 2;
const B_READY: usize = 0;
const R_READY: usize = 1;

impl LiteMaster {
    /// A master on the bus `bus` that gives an access up after `time_limit` clocks. `gap`: chance in 256 that a channel
    /// waits a clock, so that address and data come apart and responses wait.
    pub fn new(bus: &str, time_limit: u64, gap: u8, seed: u64) -> Self {
        Self {
            bus: bus.to_owned(),
            time_limit,
            gap,
            random: Random::new(seed),
            access: None,
            result: None,
            ready: [false; 2],
            b: Waiting::new(),
            r: Waiting::new(),
            violations: Violations::default(),
        }
    }

    /// Begins a read; what an earlier access left is dropped.
    pub fn read(&mut self, address: u32) {
        self.begin(address, None);
    }

    /// Begins a write.
    pub fn write(&mut self, address: u32, data: u32) {
        self.begin(address, Some(data));
    }

    fn begin(&mut self, address: u32, write: Option<u32>) {
        let mut hold = [0; 3];
        for clocks in &mut hold {
            while *clocks < 20 && self.random.happens(self.gap) {
                *clocks += 1;
            }
        }
        self.result = None;
        self.access = Some(Access {
            address,
            write,
            since: None,
            hold,
            done: [false; 3],
        });
    }

    /// The end of the access, once it is there.
    pub fn take_result(&mut self) -> Option<LiteResult> {
        self.result.take()
    }

    /// Rules that the slave broke.
    pub fn violations(&mut self) -> &mut Violations {
        &mut self.violations
    }

    /// Drives this clock's outputs; true if one of them changed.
    pub fn drive(&mut self, pins: &mut impl LitePins) -> bool {
        if self.access.is_none() && self.ready == [true; 2] {
            return false;
        }
        match &mut self.access {
            Some(access) => {
                for clocks in &mut access.hold {
                    *clocks = clocks.saturating_sub(1);
                }
                pins.set_aw(access.shows(AW).then_some(access.address));
                pins.set_w(access.write.filter(|_| access.shows(W)));
                pins.set_ar(access.shows(AR).then_some(access.address));
                self.ready = [
                    !self.random.happens(self.gap),
                    !self.random.happens(self.gap),
                ];
            }
            None => {
                pins.set_aw(None);
                pins.set_w(None);
                pins.set_ar(None);
                self.ready = [true; 2];
            }
        }
        pins.set_b_ready(self.ready[B_READY]);
        pins.set_r_ready(self.ready[R_READY]);
        true
    }

    /// Takes over what is transferred at the coming edge.
    #[inline]
    pub fn sample(&mut self, pins: &impl LitePins, clock: u64) {
        let (b, r) = (pins.b(), pins.r());
        let quiet = self.access.is_none() && self.b.is_empty() && self.r.is_empty();
        if !(quiet && b.is_none() && r.is_none()) {
            self.sample_access(pins, (b, r), clock);
        }
    }

    #[inline(never)]
    fn sample_access(
        &mut self,
        pins: &impl LitePins,
        (b, r): (Option<u8>, Option<(u32, u8)>),
        clock: u64,
    ) {
        let ready = self.ready;
        if let Some(rule) = self.b.observe(b, ready[B_READY]) {
            self.report(Channel::B, clock, rule);
        }
        if let Some(rule) = self.r.observe(r, ready[R_READY]) {
            self.report(Channel::R, clock, rule);
        }
        let asked_write = self
            .access
            .is_some_and(|access| access.write.is_some() && access.done[AW] && access.done[W]);
        let asked_read = self
            .access
            .is_some_and(|access| access.write.is_none() && access.done[AR]);
        if b.is_some() && !asked_write {
            self.report(Channel::B, clock, Rule::ResponseWithoutRequest);
        }
        if r.is_some() && !asked_read {
            self.report(Channel::R, clock, Rule::ResponseWithoutRequest);
        }
        let Some(access) = &mut self.access else {
            return;
        };
        let since = *access.since.get_or_insert(clock);
        for (channel, ready) in [
            (AW, pins.aw_ready()),
            (W, pins.w_ready()),
            (AR, pins.ar_ready()),
        ] {
            if access.shows(channel) && ready {
                access.done[channel] = true;
            }
        }
        self.result = match (b, r) {
            (Some(response), _) if asked_write && ready[B_READY] => {
                Some(LiteResult::Written(response))
            }
            (_, Some((data, response))) if asked_read && ready[R_READY] => {
                Some(LiteResult::Read(data, response))
            }
            _ if clock - since >= self.time_limit => {
                let channel = if access.write.is_some() {
                    Channel::B
                } else {
                    Channel::R
                };
                self.report(channel, clock, Rule::NoResponse(self.time_limit));
                Some(LiteResult::NoResponse)
            }
            _ => None,
        };
        if self.result.is_some() {
            self.access = None;
            // So that `drive` takes the valids away.
            self.ready = [false; 2];
        }
    }

    /// After a reset nothing is under way.
    pub fn reset(&mut self, pins: &mut impl LitePins) {
        self.access = None;
        self.result = None;
        self.b = Waiting::new();
        self.r = Waiting::new();
        self.ready = [false; 2];
        self.drive(pins);
    }

    #[cold]
    fn report(&mut self, channel: Channel, clock: u64, rule: Rule) {
        self.violations.push(Violation {
            bus: self.bus.clone(),
            channel,
            clock,
            rule,
        });
    }
}

impl Access {
    /// Whether a channel's valid is up.
    fn shows(&self, channel: usize) -> bool {
        let wanted = (channel == AR) == self.write.is_none();
        wanted && self.hold[channel] == 0 && !self.done[channel]
    }
}
