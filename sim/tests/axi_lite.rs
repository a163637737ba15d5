//! The AXI4-Lite master against a register file in plain Rust: data, gaps, time limit, planted errors.

use goldilane_sim::axi::{LiteMaster, LitePins, LiteResult, Random};

/// The wires, and a slave with sixteen registers that answers after some clocks.
#[derive(Default)]
struct Slave {
    aw: Option<u32>,
    w: Option<u32>,
    ar: Option<u32>,
    b_ready: bool,
    r_ready: bool,
    ready: bool,
    b: Option<u8>,
    r: Option<(u32, u8)>,
    taken_aw: Option<u32>,
    taken_w: Option<u32>,
    taken_ar: Option<u32>,
    delay: u32,
    wait: u32,
    registers: [u32; 16],
    writes: u32,
}

impl LitePins for Slave {
    fn set_aw(&mut self, address: Option<u32>) {
        self.aw = address;
    }
    fn set_w(&mut self, data: Option<u32>) {
        self.w = data;
    }
    fn set_ar(&mut self, address: Option<u32>) {
        self.ar = address;
    }
    fn set_b_ready(&mut self, ready: bool) {
        self.b_ready = ready;
    }
    fn set_r_ready(&mut self, ready: bool) {
        self.r_ready = ready;
    }
    fn aw_ready(&self) -> bool {
        self.ready && self.taken_aw.is_none()
    }
    fn w_ready(&self) -> bool {
        self.ready && self.taken_w.is_none()
    }
    fn ar_ready(&self) -> bool {
        self.ready && self.taken_ar.is_none()
    }
    fn b(&self) -> Option<u8> {
        self.b
    }
    fn r(&self) -> Option<(u32, u8)> {
        self.r
    }
}

impl Slave {
    /// The rising edge.
    fn clock(&mut self, ready: bool) {
        if self.aw_ready() && self.aw.is_some() {
            self.taken_aw = self.aw;
        }
        if self.w_ready() && self.w.is_some() {
            self.taken_w = self.w;
        }
        if self.ar_ready() && self.ar.is_some() {
            self.taken_ar = self.ar;
        }
        if self.b_ready {
            self.b = None;
        }
        if self.r_ready {
            self.r = None;
        }
        self.ready = ready;
        if let (Some(address), Some(data), None) = (self.taken_aw, self.taken_w, self.b) {
            self.wait += 1;
            if self.wait > self.delay {
                self.registers[address as usize / 4 % 16] = data;
                self.writes += 1;
                (self.taken_aw, self.taken_w, self.b, self.wait) = (None, None, Some(0), 0);
            }
        }
        if let (Some(address), None) = (self.taken_ar, self.r) {
            self.wait += 1;
            if self.wait > self.delay {
                self.r = Some((self.registers[address as usize / 4 % 16], 0));
                (self.taken_ar, self.wait) = (None, 0);
            }
        }
    }
}

struct Bench {
    master: LiteMaster,
    slave: Slave,
    clock: u64,
    random: Random,
    lazy: u8,
}

impl Bench {
    fn new(gap: u8, lazy: u8, delay: u32) -> Self {
        Self {
            master: LiteMaster::new("s_axil", 300, gap, 5),
            slave: Slave {
                delay,
                ..Slave::default()
            },
            clock: 0,
            random: Random::new(9),
            lazy,
        }
    }

    fn finish(&mut self) -> LiteResult {
        loop {
            self.master.drive(&mut self.slave);
            self.master.sample(&self.slave, self.clock);
            let ready = !self.random.happens(self.lazy);
            self.slave.clock(ready);
            self.clock += 1;
            if let Some(result) = self.master.take_result() {
                return result;
            }
        }
    }

    fn rules(&mut self) -> Vec<String> {
        let all = self.master.violations().take();
        all.iter().map(ToString::to_string).collect()
    }
}

#[test]
fn registers_are_written_once_and_read_back_at_every_pace() {
    for (gap, lazy) in [(0, 0), (120, 0), (0, 120), (120, 120)] {
        for delay in [0, 7] {
            let mut bench = Bench::new(gap, lazy, delay);
            for index in 0..16u32 {
                bench.master.write(index * 4, index * 77 + 1);
                assert_eq!(bench.finish(), LiteResult::Written(0));
            }
            assert_eq!(bench.slave.writes, 16);
            for index in (0..16u32).rev() {
                bench.master.read(index * 4);
                assert_eq!(bench.finish(), LiteResult::Read(index * 77 + 1, 0));
            }
            assert_eq!(bench.rules(), [""; 0]);
        }
    }
}

#[test]
fn a_silent_slave_is_reported() {
    let mut bench = Bench::new(0, 0, 1000);
    bench.master.read(8);
    assert_eq!(bench.finish(), LiteResult::NoResponse);
    assert_eq!(
        bench.rules(),
        ["s_axil R at clock 300: no answer within 300 clocks"]
    );
}

#[test]
fn planted_errors_of_the_slave_are_reported() {
    let mut bench = Bench::new(0, 0, 5);
    bench.slave.b = Some(0);
    bench.slave.r = Some((1, 0));
    bench.master.read(8);
    bench.finish();
    let rules = bench.rules();
    assert!(
        rules.contains(&"s_axil B at clock 0: a response that nothing asked for".to_owned())
            && rules.contains(&"s_axil R at clock 0: a response that nothing asked for".to_owned()),
        "{rules:?}"
    );

    // The answer changes while the master is not ready, then falls.
    let mut bench = Bench::new(255, 0, 0);
    bench.master.read(8);
    for clock in 0..200 {
        bench.master.drive(&mut bench.slave);
        match clock {
            100 => bench.slave.r = Some((5, 0)),
            101 => bench.slave.r = Some((6, 0)),
            102 => bench.slave.r = None,
            _ => {}
        }
        bench.slave.r_ready = false;
        bench.master.sample(&bench.slave, clock);
    }
    let rules = bench.rules();
    for wanted in [
        "s_axil R at clock 101: the payload changed while valid waited for ready",
        "s_axil R at clock 102: valid fell before ready came",
    ] {
        assert!(rules.iter().any(|rule| rule == wanted), "{rules:?}");
    }
}
