//! The blocks between the accelerator and a card's PCIe bridge and memory controller (`bitstreams/boards/common`), each by
//! itself in Verilator.

use std::collections::{HashMap, VecDeque};
use std::fs;
use std::path::Path;

use goldilane_hdl::emit;
use goldilane_sim::axi::Random;
use goldilane_sim::verilator::{
    Design, Input, Model, Options, Output, Start, TextFile, build, check_synthesis, lint,
};

const WAIVERS: &str = include_str!("../../bitstreams/boards/u280/board.vlt");

fn design(top: &str, files: &[&str]) -> Design {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../bitstreams/boards/common");
    let file = |name: &&str| TextFile {
        name: format!("{name}.v"),
        text: fs::read_to_string(folder.join(format!("{name}.v"))).expect(name),
    };
    Design {
        top: top.to_owned(),
        clock: None,
        sources: files.iter().map(file).collect(),
        data: Vec::new(),
    }
}

/// A model whose ports are called by name, wide ones by their words.
struct Bench {
    model: Model,
    inputs: HashMap<String, (Input, u32)>,
    outputs: HashMap<String, (Output, u32)>,
}

impl Bench {
    fn new(design: &Design) -> Self {
        let built = build(design, &Options::default()).expect("model");
        let model = Model::open(&built, Start::Random(7)).expect("open");
        let ports: Vec<_> = (model.ports())
            .map(|(name, width, input)| (name.to_owned(), width, input))
            .collect();
        let (mut inputs, mut outputs) = (HashMap::new(), HashMap::new());
        for (name, width, input) in ports {
            if input {
                let port = model.input(&name, width).expect("input");
                inputs.insert(name, (port, width));
            } else {
                let port = model.output(&name, width).expect("output");
                outputs.insert(name, (port, width));
            }
        }
        Self {
            model,
            inputs,
            outputs,
        }
    }

    /// A design with one clock `clk`, after a reset.
    fn clocked(design: &Design) -> Self {
        let mut bench = Self::new(design);
        bench.set("rst", 1);
        (0..4).for_each(|_| bench.clock());
        bench.set("rst", 0);
        bench.eval();
        bench
    }

    fn set(&mut self, name: &str, value: u64) {
        let (port, width) = self.inputs[name];
        let mut words = vec![0; width.div_ceil(64) as usize];
        words[0] = value;
        self.model.set_words(port, &words).expect(name);
    }

    fn set_words(&mut self, name: &str, words: &[u64]) {
        self.model
            .set_words(self.inputs[name].0, words)
            .expect(name);
    }

    fn get(&self, name: &str) -> u64 {
        self.words(name)[0]
    }

    fn words(&self, name: &str) -> Vec<u64> {
        let (port, width) = self.outputs[name];
        let mut words = vec![0; width.div_ceil(64) as usize];
        self.model.get_words(port, &mut words).expect(name);
        words
    }

    fn eval(&mut self) {
        self.model.eval().expect("eval");
    }

    fn edge(&mut self, clock: &str) {
        self.eval();
        self.set(clock, 1);
        self.eval();
        self.set(clock, 0);
        self.eval();
    }

    fn clock(&mut self) {
        self.edge("clk");
    }
}

#[test]
fn the_blocks_are_clean() {
    let all: [&[&str]; 8] = [
        &["axi_crossing", "async_fifo"],
        &["axil_crossing", "async_fifo"],
        &["axi_to_lite"],
        &["lite_split"],
        &["msix"],
        &["message_join"],
        &["burst_split"],
        &["reset_bridge"],
    ];
    for files in all {
        let design = design(files[0], files);
        lint(&design, &format!("{}\n{WAIVERS}", emit::WAIVERS)).expect(files[0]);
        check_synthesis(&design).expect(files[0]);
    }
}

/// Clocks of any two speeds, both sides at any pace: every word once, in order.
#[test]
fn words_cross_clocks_in_order() {
    let design = design("async_fifo", &["async_fifo"]);
    for (seed, fast) in [(1, 128), (2, 20), (3, 236)] {
        let mut bench = Bench::new(&design);
        let mut random = Random::new(seed);
        bench.set("in_rst", 1);
        bench.set("out_rst", 1);
        for _ in 0..4 {
            bench.edge("in_clk");
            bench.edge("out_clk");
        }
        bench.set("in_rst", 0);
        bench.set("out_rst", 0);
        let (mut sent, mut got, mut full) = (0u64, 0u64, 0);
        for _ in 0..20_000 {
            if random.happens(fast) {
                bench.set("in_valid", random.happens(200).into());
                bench.set("in_data", sent & 0xff);
                bench.eval();
                let pushed = bench.inputs_high("in_valid") && bench.get("in_ready") == 1;
                full += u64::from(bench.get("in_ready") == 0);
                bench.edge("in_clk");
                sent += u64::from(pushed);
            } else {
                let ready = random.happens(200);
                bench.set("out_ready", ready.into());
                bench.eval();
                if ready && bench.get("out_valid") == 1 {
                    assert_eq!(bench.get("out_data"), got & 0xff);
                    got += 1;
                }
                bench.edge("out_clk");
            }
        }
        assert!(got > 700 && sent - got <= 16, "{sent} sent, {got} got");
        assert!(fast < 128 || full > 0, "never full");
    }
}

impl Bench {
    fn inputs_high(&self, name: &str) -> bool {
        self.model.get(self.inputs[name].0) == 1
    }
}

/// Long bursts become short ones at the right addresses; ends, answers and errors come back as of one.
#[test]
fn bursts_are_split() {
    let mut bench = Bench::clocked(&design("burst_split", &["burst_split"]));
    let mut random = Random::new(5);
    let mut burst = || (random.below(1 << 20) * 32, random.below(128));
    let bursts: Vec<(u64, u64)> = (0..200).map(|_| burst()).collect();
    let short = |&(address, length): &(u64, u64)| {
        let beats = length + 1;
        (0..beats.div_ceil(16))
            .map(|i| {
                (
                    address + 512 * i,
                    (beats - 16 * i).min(16) - 1,
                    16 * (i + 1) >= beats,
                )
            })
            .collect::<Vec<_>>()
    };
    for write in [false, true] {
        let side = if write { "aw" } else { "ar" };
        let name = |end: &str, port: &str| format!("{end}_{side}{port}");
        let mut wanted: VecDeque<_> = bursts.iter().flat_map(short).collect();
        // Short bursts whose beats or answer are due: beats left, number.
        let mut due: VecDeque<(u64, u64)> = VecDeque::new();
        let mut beats_in: VecDeque<bool> = bursts
            .iter()
            .flat_map(|b| (0..=b.1).map(|i| i == b.1))
            .collect();
        let mut short_left: VecDeque<u64> = bursts.iter().flat_map(short).map(|s| s.1).collect();
        let faulty = |number: u64| number % 37 == 5;
        let (mut number, mut written) = (0, 0);
        let (mut fed, mut ended, mut clocks) = (0, 0, 0);
        let mut faults: Vec<bool> = Vec::new();
        let mut of_long = Vec::new();
        for (i, b) in bursts.iter().enumerate() {
            of_long.extend(short(b).iter().map(|_| i));
        }
        let answered_wrong: Vec<bool> = (0..bursts.len())
            .map(|i| {
                of_long
                    .iter()
                    .enumerate()
                    .any(|(n, l)| *l == i && faulty(n as u64))
            })
            .collect();
        while ended < bursts.len() {
            clocks += 1;
            assert!(clocks < 200_000, "hangs at {ended}");
            let offers = fed < bursts.len();
            bench.set(&name("s", "valid"), offers.into());
            if offers {
                bench.set(&name("s", "addr"), bursts[fed].0);
                bench.set(&name("s", "len"), bursts[fed].1);
            }
            bench.set(&name("m", "ready"), random.happens(160).into());
            let answer = due.front().copied();
            let speaks = answer.is_some() && random.happens(200);
            if write {
                bench.set(
                    "s_wvalid",
                    (!beats_in.is_empty() && random.happens(220)).into(),
                );
                bench.set("s_wlast", u64::from(beats_in.front() == Some(&true)));
                bench.set("m_wready", random.happens(200).into());
                let complete = answer.is_some_and(|a| a.1 < written);
                bench.set("m_bvalid", (speaks && complete).into());
                bench.set("m_bresp", answer.map_or(0, |a| 2 * u64::from(faulty(a.1))));
                bench.set("s_bready", random.happens(200).into());
            } else {
                bench.set("m_rvalid", speaks.into());
                bench.set("m_rlast", u64::from(answer.is_some_and(|a| a.0 == 0)));
                bench.set("s_rready", random.happens(200).into());
            }
            bench.eval();
            if offers && bench.get(&name("s", "ready")) == 1 {
                fed += 1;
            }
            if bench.get(&name("m", "valid")) == 1 && bench.inputs_high(&name("m", "ready")) {
                let (address, length, _) = wanted.pop_front().expect("no burst too many");
                assert_eq!(bench.get(&name("m", "addr")), address & 0xfff_ffff);
                assert_eq!(bench.get(&name("m", "len")), length);
                due.push_back((if write { 0 } else { length }, number));
                number += 1;
            }
            if write {
                if bench.inputs_high("s_wvalid") && bench.get("s_wready") == 1 {
                    beats_in.pop_front();
                    let left = short_left.front_mut().expect("a beat too many");
                    assert_eq!(bench.get("m_wlast") == 1, *left == 0);
                    if *left == 0 {
                        short_left.pop_front();
                        written += 1;
                    } else {
                        *left -= 1;
                    }
                }
                if bench.inputs_high("m_bvalid") && bench.get("m_bready") == 1 {
                    due.pop_front();
                }
                if bench.get("s_bvalid") == 1 && bench.inputs_high("s_bready") {
                    faults.push(bench.get("s_bresp") != 0);
                    ended += 1;
                }
            } else if bench.inputs_high("m_rvalid") && bench.get("m_rready") == 1 {
                let last = beats_in.pop_front().expect("a beat too many");
                assert_eq!(bench.get("s_rlast") == 1, last);
                ended += usize::from(last);
                let front = due.front_mut().expect("due");
                if front.0 == 0 {
                    due.pop_front();
                } else {
                    front.0 -= 1;
                }
            }
            bench.clock();
        }
        assert!(wanted.is_empty() && beats_in.is_empty() && due.is_empty());
        assert!(!write || faults == answered_wrong);
    }
}

/// Register accesses in any lane; other widths are writes without strobes and zeros.
#[test]
fn registers_are_reached_through_the_wide_bus() {
    let mut bench = Bench::clocked(&design("axi_to_lite", &["axi_to_lite"]));
    for ready in ["m_awready", "m_wready", "m_arready", "s_bready", "s_rready"] {
        bench.set(ready, 1);
    }
    for lane in 0..16u64 {
        for wide in [false, true] {
            let address = 0x1_0040 + 4 * lane;
            let mut data = [0u64; 8];
            data[lane as usize / 2] = (0xabcd_0000 + lane) << (32 * (lane % 2));
            bench.set("s_awaddr", address);
            bench.set("s_awvalid", 1);
            bench.clock();
            bench.set("s_awvalid", 0);
            bench.set_words("s_wdata", &data);
            let strobes = 0xf << (4 * lane) | if wide { 0xf << (4 * (lane ^ 1)) } else { 0 };
            bench.set("s_wstrb", strobes);
            bench.set("s_wlast", 1);
            bench.set("s_wvalid", 1);
            bench.clock();
            bench.set("s_wvalid", 0);
            bench.eval();
            assert_eq!((bench.get("m_awvalid"), bench.get("m_wvalid")), (1, 1));
            assert_eq!(bench.get("m_awaddr"), address);
            assert_eq!(bench.get("m_wdata"), 0xabcd_0000 + lane);
            assert_eq!(bench.get("m_wstrb"), if wide { 0 } else { 0xf });
            bench.clock();
            bench.set("m_bvalid", 1);
            bench.clock();
            bench.set("m_bvalid", 0);
            bench.eval();
            assert_eq!(bench.get("s_bvalid"), 1);
            bench.clock();

            bench.set("s_araddr", address);
            bench.set("s_arsize", if wide { 3 } else { 2 });
            bench.set("s_arvalid", 1);
            bench.clock();
            bench.set("s_arvalid", 0);
            bench.eval();
            assert_eq!(bench.get("m_arvalid") == 1, !wide);
            if !wide {
                assert_eq!(bench.get("m_araddr"), address);
                bench.clock();
                bench.set("m_rdata", 0x1234_5678);
                bench.set("m_rvalid", 1);
                bench.clock();
                bench.set("m_rvalid", 0);
                bench.eval();
            }
            assert_eq!((bench.get("s_rvalid"), bench.get("s_rlast")), (1, 1));
            let word = bench.words("s_rdata")[lane as usize / 2] >> (32 * (lane % 2));
            assert_eq!(word as u32, if wide { 0 } else { 0x1234_5678 });
            bench.clock();
        }
    }
}

/// Writes a register of the MSI-X table.
fn write_table(bench: &mut Bench, address: u64, value: u64) {
    bench.set("s_awaddr", address);
    bench.set("s_awvalid", 1);
    bench.clock();
    bench.set("s_awvalid", 0);
    bench.set("s_wdata", value);
    bench.set("s_wstrb", 0xf);
    bench.set("s_wvalid", 1);
    bench.clock();
    bench.set("s_wvalid", 0);
    bench.set("s_bready", 1);
    bench.clock();
}

fn read_table(bench: &mut Bench, address: u64) -> u64 {
    bench.set("s_araddr", address);
    bench.set("s_arvalid", 1);
    bench.clock();
    bench.set("s_arvalid", 0);
    bench.set("s_rready", 1);
    bench.eval();
    assert_eq!(bench.get("s_rvalid"), 1);
    let value = bench.get("s_rdata");
    bench.clock();
    value
}

#[test]
fn vectors_become_messages_unless_masked() {
    let mut bench = Bench::clocked(&design("msix", &["msix"]));
    for v in 0..4 {
        assert_eq!(read_table(&mut bench, 16 * v + 12), 1, "masked after reset");
        write_table(&mut bench, 16 * v, 0xfee0_0000 + 4 * v);
        write_table(&mut bench, 16 * v + 4, 0x55 + v);
        write_table(&mut bench, 16 * v + 8, 0x4000 + v);
        assert_eq!(read_table(&mut bench, 16 * v + 4), 0x55 + v);
    }
    let raise = |bench: &mut Bench, v: u64| {
        bench.set("raise_vector", v);
        bench.set("raise_valid", 1);
        bench.clock();
        bench.set("raise_valid", 0);
        bench.clock();
    };
    let sent = |bench: &mut Bench, v: u64| {
        assert_eq!(bench.get("message_valid"), 1);
        assert_eq!(
            bench.get("message_address"),
            ((0x55 + v) << 32) | (0xfee0_0000 + 4 * v)
        );
        assert_eq!(bench.get("message_data"), 0x4000 + v);
        bench.set("message_done", 1);
        bench.clock();
        bench.set("message_done", 0);
        bench.clock();
    };
    bench.set("enable", 1);
    raise(&mut bench, 2);
    raise(&mut bench, 9);
    assert_eq!(bench.get("message_valid"), 0, "masked");
    assert_eq!(read_table(&mut bench, 0x800), 1 << 2, "pending");
    write_table(&mut bench, 16 * 2 + 12, 0);
    sent(&mut bench, 2);
    assert_eq!(
        (bench.get("message_valid"), read_table(&mut bench, 0x800)),
        (0, 0)
    );
    write_table(&mut bench, 16 + 12, 0);
    raise(&mut bench, 2);
    raise(&mut bench, 1);
    sent(&mut bench, 2);
    sent(&mut bench, 1);
    bench.set("enable", 0);
    raise(&mut bench, 1);
    assert_eq!(bench.get("message_valid"), 0, "not enabled");
}

/// Messages between random writes: each once, none while a write is open, no write changed or lost.
#[test]
fn messages_wait_for_open_writes() {
    let mut bench = Bench::clocked(&design("message_join", &["message_join"]));
    let mut random = Random::new(11);
    let (mut open, mut left, mut offered) = (0u64, VecDeque::new(), None);
    let (mut writes, mut messages, mut answered) = (0u64, 0u64, 0u64);
    // Of both kinds: addresses, last beats, answers.
    let (mut addresses, mut ends, mut answers) = (0u64, 0u64, 0u64);
    let mut waiting = false;
    let mut message_taken = false;
    for clock in 0..40_000u64 {
        if offered.is_none() && random.happens(180) {
            offered = Some((0x1_0000 * (writes + 1), random.below(8)));
        }
        let (address, length) = offered.unwrap_or((0, 0));
        bench.set("s_awvalid", offered.is_some().into());
        bench.set("s_awaddr", address);
        bench.set("s_awlen", length);
        let beat: Option<u64> = left.front().copied();
        bench.set("s_wvalid", beat.is_some().into());
        bench.set("s_wlast", u64::from(beat == Some(0)));
        bench.set("s_bready", random.happens(200).into());
        bench.set("m_awready", random.happens(140).into());
        bench.set("m_wready", random.happens(180).into());
        bench.set(
            "m_bvalid",
            (answers < addresses.min(ends) && random.happens(100)).into(),
        );
        waiting |= clock % 97 == 3;
        bench.set("message_valid", waiting.into());
        bench.set("message_address", 0xfee0_0014);
        bench.set("message_data", 0x77);
        bench.eval();
        let is_message = bench.get("m_awaddr") == 0xfee0_0014;
        let aw = bench.get("m_awvalid") == 1 && bench.inputs_high("m_awready");
        addresses += u64::from(aw);
        if aw && is_message {
            assert_eq!(
                (open, bench.get("m_awlen"), bench.get("m_awsize")),
                (0, 0, 2)
            );
            message_taken = true;
        } else if aw {
            assert_eq!(bench.get("s_awready"), 1);
            assert_eq!(
                (bench.get("m_awaddr"), bench.get("m_awlen")),
                (address, length)
            );
            left.extend((0..=length).rev());
            offered = None;
            open += 1;
            writes += 1;
        }
        if bench.get("m_wvalid") == 1 && bench.inputs_high("m_wready") {
            if bench.get("s_wready") == 1 {
                left.pop_front();
            } else {
                assert_eq!((bench.get("m_wlast"), bench.get("m_wstrb")), (1, 0xf << 20));
                assert_eq!(bench.words("m_wdata")[2] >> 32, 0x77);
            }
            if bench.get("m_wlast") == 1 {
                ends += 1;
            }
        }
        if bench.inputs_high("m_bvalid") && bench.get("m_bready") == 1 {
            answers += 1;
        }
        if bench.get("s_bvalid") == 1 && bench.inputs_high("s_bready") {
            open -= 1;
            answered += 1;
        }
        if bench.get("message_done") == 1 {
            assert!(message_taken);
            (waiting, message_taken) = (false, false);
            messages += 1;
        }
        bench.clock();
    }
    assert!(
        messages > 200 && writes > 1000,
        "{messages} messages, {writes} writes"
    );
    assert_eq!(writes - answered, open);
}
