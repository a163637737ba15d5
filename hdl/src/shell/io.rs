//! What lies between the controller's ports and the blocks: registers, strobes, the read multiplexer, counters.
//!
//! Ports: the controller's (`io_address`, `io_data`, `write_*`), the statuses that it reads, and the registers and
//! pulses that it makes; see [`super::ports`] for what each number means. A pulse comes with its data registered.

use super::controller::{IO_ADDRESSES, PORT_BITS};
use super::instruction::Port;
use super::ports;
use crate::netlist::{Builder, Module, NetlistError, Sig, address_bits};
use goldilane_abi::Shape;
use std::sync::Arc;

/// A 64-bit counter; `clear` wins.
fn counter<'b>(b: &'b Builder, name: &str, on: Sig<'b>, clear: Sig<'b>) -> Sig<'b> {
    let count = b.state(name, 64, 0);
    let keep = !clear;
    b.drive(count, b.sum(&[count & keep.sext(64), on], 64));
    count
}

/// Builds the block.
///
/// # Errors
/// None but those of the netlist.
pub fn io(shape: &Shape) -> Result<Arc<Module>, NetlistError> {
    let b = Builder::new(
        "shell_io",
        "Ports of the controller: registers, pulses, statuses, counters.",
    );
    let valid = b.input("write_valid", 1);
    let at = b.input("write_port", PORT_BITS);
    let data = b.input("write_data", 64);
    let hit = |p: Port| valid & at.eq_lit(u128::from(p.number()));
    let value = b.reg(data);
    let pulse = |name: &str, p: Port| {
        let pulse = b.state(name, 1, 0);
        b.drive(pulse, hit(p));
        b.output(name, pulse);
        pulse
    };
    let hold = |p: Port| b.reg_en(data, hit(p));

    let register_write = b.state("register_write_reg", 1, 0);
    b.drive(register_write, valid & !at.bit(9));
    b.output("register_write", register_write);
    b.output("register_at", b.reg(at.slice(0, 9)));
    b.output("register_data", value.slice(0, 32));
    pulse("mail_done", ports::MAIL_DONE);
    pulse("irq_valid", ports::INTERRUPT);
    b.output("irq_vector", value.slice(0, 8));
    let halt = b.state("halt_levels", 2, 3);
    b.drive_en(halt, data.slice(0, 2), hit(ports::HALT));
    let open = b.state("registers_open_reg", 1, 0);
    b.drive(open, open | hit(ports::HALT));
    b.output("registers_open", open);
    b.output("abort", halt.bit(0));
    b.output("clear", halt.bit(1));
    pulse("read_start", ports::READ_START);
    pulse("read_drop", ports::READ_DROP);
    b.output("read_address", hold(ports::READ_ADDRESS));
    pulse("write_start", ports::WRITE_START);
    b.output("write_address", hold(ports::WRITE_ADDRESS));
    b.output("write_word_0", hold(ports::WRITE_WORD));
    b.output("write_word_1", hold(ports::WRITE_WORD.at(1)));
    pulse("fill_start", ports::FILL_START);
    b.output("fill_lines", hold(ports::FILL_LINES));
    b.output("command", value);

    // The self-test.
    pulse("lut_fault_next", ports::LUT_FAULT_NEXT);
    let mode = b.state("test_mode_reg", 2, 0);
    b.drive_en(mode, data.slice(0, 2), hit(ports::TEST_MODE));
    b.output("test_mode", mode);
    let words: Vec<Sig> = (0..3).map(|i| hold(ports::TEST_WORD.at(i))).collect();
    b.output_words("test_words", &words);
    let lines = hold(ports::TEST_LINES);
    b.output("test_line", lines.slice(0, 32));
    b.output("test_crc_line", lines.slice(32, 32));
    pulse("test_request", ports::TEST_REQUEST);
    b.output("test_count", hold(ports::TEST_REQUEST).slice(0, 16));
    b.output("own_lwe_data", hold(ports::OWN_LWE_WORD));
    pulse("own_lwe_valid", ports::OWN_LWE);
    b.output("own_lwe_beat", value.slice(0, 13));
    b.output("own_lwe_bank", value.bit(16));

    // The batch: everything stands while it is offered.
    let numbers = hold(ports::BATCH_NUMBERS);
    let fill_bits = address_bits(shape.slots as usize + 1);
    for (name, low, width) in [
        ("batch_bank", 0, 1),
        ("batch_fill", 1, fill_bits),
        ("batch_steps", 8, 11),
        ("batch_n", 19, 11),
        ("batch_ks_base_log", 30, 3),
        ("batch_ks_levels", 33, 4),
        ("batch_pbs_base_log", 37, 6),
        ("batch_pbs_levels", 43, 4),
    ] {
        b.output(name, numbers.slice(low, width));
    }
    let (lines, crc_lines) = (hold(ports::BATCH_LINES), hold(ports::BATCH_CRC_LINES));
    b.output("batch_bsk_line", lines.slice(0, 32));
    b.output("batch_ksk_line", lines.slice(32, 32));
    b.output("batch_bsk_crc_line", crc_lines.slice(0, 32));
    b.output("batch_ksk_crc_line", crc_lines.slice(32, 32));
    // Lines of the lookup tables gather while the batch before may still be offered: they move over at the start.
    let start = b.state("batch_start", 1, 0);
    b.drive(start, hit(ports::BATCH_START));
    let luts: Vec<Sig> = (0..shape.slots as usize)
        .map(|i| {
            let gathered = b.reg_en(data.slice(0, 32), hit(ports::LUT_LINE.at(i)));
            b.reg_en(gathered, start)
        })
        .collect();
    b.output_words("batch_lut_line", &luts);
    let offered = b.state("batch_offered", 1, 0);
    let batch_ready = b.input("batch_ready", 1);
    let clearing = halt.bit(1);
    b.drive(offered, b.mux(offered, !batch_ready, start) & !clearing);
    b.output("batch_valid", offered);
    let read = b.state("result_asked", 1, 0);
    let ask = hit(ports::RESULT_READ);
    let read_ready = b.input("result_read_ready", 1);
    b.drive(read, b.mux(read, !read_ready, ask) & !clearing);
    let asked = b.reg_en(data.slice(0, 32), ask);
    b.output("result_read_valid", read);
    b.output(
        "result_read_slot",
        asked.slice(0, address_bits(shape.slots as usize)),
    );
    b.output("result_read_kind", asked.slice(8, 2));
    b.output("result_read_offset", asked.slice(16, 13));
    let released = pulse("out_release", ports::RESULTS_DONE);
    pulse("fault_clear", ports::FAULT_CLEAR);
    let done = b.state("batch_done_seen", 1, 0);
    let batch_done = b.input("batch_done", 1);
    b.drive(
        done,
        (done & !released & !clearing) | (batch_done & !clearing),
    );
    let errors = b.reg_en(b.input("batch_error", 2), batch_done);

    // Counters.
    let clear = b.state("counter_clear", 1, 0);
    b.drive(clear, hit(ports::COUNTER_CLEAR));
    let gathering = b.state("gathering", 1, 0);
    b.drive_en(gathering, data.bit(0), hit(ports::GATHERING));
    let core_idle = b.reg(b.input("core_idle", 1));
    let flag = |name: &str| b.reg(b.input(name, 1));
    let never = b.lit(0, 1);
    let now = counter(&b, "now", b.lit(1, 1), never);
    let counters = [
        counter(&b, "clocks", b.lit(1, 1), clear),
        counter(&b, "multiplier_busy", flag("count_product_busy"), clear),
        counter(&b, "key_wait", flag("count_key_wait"), clear),
        counter(&b, "input_stall", b.reg(gathering & core_idle), clear),
        counter(&b, "output_stall", done, clear),
    ];

    // What is read: three registered levels of multiplexers.
    let zero = b.lit(0, 64);
    let mut read_ports = vec![zero; ports::READ_PORTS];
    read_ports[ports::MAIL.number() as usize] = b.input("mail", 64);
    read_ports[ports::MAIL_RULE.number() as usize] = b.input("mail_rule", 35).zext(64);
    read_ports[ports::READ_STATUS.number() as usize] = b.input("read_status", 64);
    read_ports[ports::WRITE_STATUS.number() as usize] = b.input("write_status", 64);
    read_ports[ports::FILL_STATUS.number() as usize] = b.input("fill_status", 2).zext(64);
    let core = [
        !offered & !start,
        done,
        errors,
        core_idle,
        b.reg(b.input("clear_busy", 1)),
        b.input("lines_busy", 1),
        b.input("line_faults", 3),
    ];
    read_ports[ports::CORE_STATUS.number() as usize] = b.cat(&core).zext(64);
    read_ports[ports::LUT_FAULT.number() as usize] = b.input("lut_fault", 17).zext(64);
    read_ports[ports::TEST_CHECK.number() as usize] = b.input("test_check", 2).zext(64);
    read_ports[ports::STAMP.number() as usize] = b.input("build_stamp", 32).zext(64);
    read_ports[ports::NOW.number() as usize] = now;
    let switch_busy = flag("count_switch_busy");
    read_ports[ports::KEY_SWITCH_BUSY.number() as usize] =
        counter(&b, "key_switch_busy", switch_busy, clear);
    for (i, &c) in counters.iter().enumerate() {
        read_ports[ports::COUNTERS.number() as usize + i] = c;
    }
    let words = b.input_words("control_words", 8, 64);
    for (i, &word) in words.iter().enumerate() {
        read_ports[ports::CONTROL_WORDS.number() as usize + i] = word;
    }
    let addresses = b.input_words("io_address", IO_ADDRESSES, PORT_BITS);
    let mut addresses = addresses.iter().cycle();
    let mut bits = |low, width| addresses.next().expect("two addresses").slice(low, width);
    let first: Vec<Sig> = read_ports
        .chunks(4)
        .map(|group| b.reg(b.select(bits(0, 2), group)))
        .collect();
    let second: Vec<Sig> = first
        .chunks(4)
        .map(|group| {
            let mut group = group.to_vec();
            group.resize(4, zero);
            b.reg(b.select(bits(2, 2), &group))
        })
        .collect();
    b.output("io_data", b.reg(b.select(bits(4, 1), &second)));
    b.finish()
}
