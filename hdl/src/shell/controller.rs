//! The controller: a small processor that runs the shell's program.
//!
//! Control (checks, tables, order of the transfers) is a program in constant memory; data moves through blocks of
//! its own. One instruction takes [`CLOCKS`] clocks; see [`super::instruction`] for the set.
//!
//! Ports: `io_address` (read address, stands two clocks after the program word), `io_data` (64, wanted
//! [`IO_LATENCY`] clocks later), `write_valid` (pulse), `write_port` (16), `write_data` (64).
//!
//! | phase | what happens |
//! |---|---|
//! | 0 | program memory is read, the result of the instruction before is written |
//! | 1 | addresses: offset plus index register |
//! | 2 | scratch memory is read, port address out |
//! | 3 | operands |
//! | 4 | all results side by side |
//! | 5 | one of them is taken, branches are decided, ports are written |
//!
//! Cost: two copies of the scratch memory, one product, two 64-bit shifters.

use super::instruction::{Op, WIDTH};
use crate::netlist::{Builder, LOAD_LIMIT, Module, NetlistError, RamStyle, Sig, address_bits};
use std::sync::Arc;

/// Clocks of one instruction.
pub const CLOCKS: usize = 6;
/// Bits of a port's number.
pub const PORT_BITS: u32 = 10;
/// Times that `io_address` comes, for the loads of what it chooses from.
pub const IO_ADDRESSES: usize = 2;
/// Clocks from `io_address` to the moment in which `io_data` must stand.
pub const IO_LATENCY: usize = 3;

/// Left shift of a 64-bit word by a 6-bit count, in three levels of 4:1 multiplexers.
fn shift<'b>(b: &'b Builder, word: Sig<'b>, by: Sig<'b>, left: bool) -> Sig<'b> {
    let mut word = word;
    for level in (0..3).rev() {
        let unit = 1u32 << (2 * level);
        let option = |i: u32| {
            let n = i * unit;
            match (n, left) {
                (0, _) => word,
                (_, true) => b.cat(&[b.lit(0, n), word.slice(0, 64 - n)]),
                (_, false) => word.from_bit(n).zext(64),
            }
        };
        let options: Vec<_> = (0..4).map(option).collect();
        word = b.select(by.slice(2 * level, 2), &options);
    }
    word
}

/// Builds the controller for `program` and `scratch` words of memory.
///
/// # Errors
/// None but those of the netlist.
pub fn controller(program: &[u128], scratch: usize) -> Result<Arc<Module>, NetlistError> {
    let b = Builder::new(
        "shell_controller",
        "Runs the shell's program: queues, checks, tables, order of the transfers.",
    );
    logic(&b, program, address_bits(scratch));
    b.finish()
}

fn logic<'b>(b: &'b Builder, program: &[u128], memory_bits: u32) {
    // Port numbers travel like addresses.
    let address = memory_bits.max(PORT_BITS);
    let pc_bits = address_bits(program.len());
    let io_data = b.input("io_data", 64);

    // After reset the scratch memory is cleared, then the phases begin to go round.
    let sweep = b.state("sweep", memory_bits + 1, 0);
    let clearing = !sweep.bit(memory_bits);
    b.drive_en(sweep, sweep.add_lit(1), clearing);
    let phase: Vec<Sig> = (0..CLOCKS)
        .map(|i| b.state(&format!("phase_{i}"), 1, u128::from(i == 0)))
        .collect();
    for i in 0..CLOCKS {
        b.drive_en(phase[i], phase[(i + CLOCKS - 1) % CLOCKS], !clearing);
    }

    let pc = b.state("pc", pc_bits, 0);
    let word = b
        .rom("shell_program", WIDTH, program, pc)
        .named("instruction");
    let op = word.slice(0, 5);
    let is = |wanted: Op| b.reg(op.eq_lit(wanted as u128));
    let immediate = word.bit(5);
    let literal = word.slice(42, 32);

    // Phase 1: addresses.
    let [x, y, z] = ["index_x", "index_y", "index_z"].map(|name| b.state(name, address, 0));
    let place = |low: u32, select: u32, name: &str| {
        let base = b.select(word.slice(select, 2), &[b.lit(0, address), x, y, z]);
        b.reg(word.slice(low, address) + base).named(name)
    };
    let at_d = place(6, 22, "address_d");
    let at_a = place(24, 40, "address_a");
    let at_b = place(42, 58, "address_b");

    // Phases 2 and 3: operands. The memory is there twice, for two reads a clock.
    let write = b.state("result_write", 1, 0);
    let result = b.wire("result_reg", 64);
    let write_at = b.mux(
        clearing,
        sweep.slice(0, memory_bits),
        at_d.slice(0, memory_bits),
    );
    let data = b.mux(clearing, b.lit(0, 64), result);
    let read = |name: &str, at: Sig<'b>| {
        let ram = b.ram(name, 1 << memory_bits, 64, RamStyle::Auto);
        b.ram_write(&ram, clearing | write, write_at, data);
        b.ram_read(&ram, at.slice(0, memory_bits))
    };
    let from_b = read("scratch_b", at_b);
    let left = b.reg(read("scratch_a", at_a)).named("operand_a");
    let right = b
        .reg(b.mux(immediate, literal.zext(64), from_b))
        .named("operand_b");

    // Phase 4: all results side by side. The cut of a right shift is made meanwhile: 2^width - 1, all ones for 64.
    let cut = b.reg(immediate & !word.bit(56));
    let width = word.slice(50, 6);
    let power = b.reg(shift(b, cut.zext(64), width, true));
    let mask = b.reg(power.sub_lit(1)).named("cut_mask");
    let sum = b.reg(left + right).named("sum");
    let difference = b.reg(left - right).named("difference");
    let and = b.reg(left & right);
    let or = b.reg(left | right);
    let shift_left = b.reg(shift(b, left, right.slice(0, 6), true));
    let shift_right = b.reg(shift(b, left, right.slice(0, 6), false));
    let product = b.reg(b.mul(left.slice(0, 16), right.slice(0, 24)));
    let moved = b.reg(right);
    let equal = b.reg(left.eq(right)).named("equal");
    let less = b.reg(left.lt(right)).named("less");
    let next = b.reg(pc.add_lit(1)).named("next_pc");
    let elsewhere = b.select(
        b.cat(&[is(Op::Call), is(Op::Return)]),
        &[next, word.slice(42, pc_bits), left.slice(0, pc_bits), next],
    );
    let elsewhere = b.reg(elsewhere);

    // Phase 5: one of them. Numbers 0 to 8 are the operation's, 13 is a call.
    let options = [
        sum,
        difference,
        and,
        or,
        shift_left,
        shift_right & mask,
        product.zext(64),
        io_data,
        moved,
        moved,
        moved,
        moved,
        moved,
        next.zext(64),
    ];
    b.drive(result, b.reg(b.select(b.reg(op.slice(0, 4)), &options)));
    let last = phase[CLOCKS - 1];
    let has_result = b.reg(op.lt_lit(Op::Out as u128)) | is(Op::Call);
    b.drive(write, b.reg(has_result) & last);

    let wants_less = b.reg(op.bit(2) | op.slice(0, 2).all());
    let inverted = is_any(b, &[is(Op::IfNe), is(Op::IfGe)]);
    let conditional = is_any(b, &[is(Op::IfEq), is(Op::IfNe), is(Op::IfLt), is(Op::IfGe)]);
    let jump = is(Op::Jump);
    let hit = b.mux(wants_less, less, equal) ^ inverted;
    let taken = jump | (conditional & hit);
    let target = word.slice(6, pc_bits);
    b.drive_en(pc, b.mux(taken, target, elsewhere), last);
    for (register, op) in [(x, Op::SetX), (y, Op::SetY), (z, Op::SetZ)] {
        b.drive_en(register, right.slice(0, address), last & is(op));
    }
    let strobe = b.state("write_strobe", 1, 0);
    b.drive(strobe, last & is(Op::Out));

    let port = at_b.slice(0, PORT_BITS);
    b.output_words("io_address", &[port; IO_ADDRESSES]);
    b.expect_loads("io_address", LOAD_LIMIT);
    b.output("write_valid", strobe);
    b.output("write_port", at_d.slice(0, PORT_BITS));
    b.output("write_data", right);
}

/// One of the decoded flags, registered again.
fn is_any<'b>(b: &'b Builder, flags: &[Sig<'b>]) -> Sig<'b> {
    b.reg(b.cat(flags).any())
}

#[cfg(test)]
mod tests {
    use super::super::instruction::{Assembler, port};
    use super::*;
    use crate::netlist::Sim;

    /// Runs a program; port 3 reads 77; returns what it wrote to ports, in order.
    fn run(program: &Assembler, clocks: usize) -> Vec<(u128, u128)> {
        let module = controller(&program.words(), 16).unwrap();
        assert!(module.depth_report().violations.is_empty());
        let mut sim = Sim::new(&module);
        let mut written = Vec::new();
        let mut addresses = [0; IO_LATENCY];
        for _ in 0..clocks {
            sim.set(
                "io_data",
                if addresses[IO_LATENCY - 1] == 3 {
                    77
                } else {
                    5
                },
            );
            sim.eval();
            if sim.get("write_valid") == 1 {
                written.push((sim.get("write_port"), sim.get("write_data")));
            }
            addresses.rotate_right(1);
            addresses[0] = sim.get_words("io_address")[0];
            sim.clock();
        }
        written
    }

    #[test]
    fn arithmetic_and_fields() {
        let mut p = Assembler::new();
        let (u, v, w) = (p.variable(), p.variable(), p.variable());
        p.set(u, 0xffff_fff0);
        p.shl(v, u, 32);
        p.add(v, v, 0x1234_5678);
        p.output(port(1), v);
        p.sub(w, u, v);
        p.output(port(1), w);
        p.bits(w, v, 60, 4);
        p.output(port(1), w);
        p.bits(w, v, 0, 64);
        p.output(port(1), w);
        p.bits(w, v, 8, 12);
        p.output(port(1), w);
        p.set(w, 33);
        p.shr(w, v, w);
        p.output(port(1), w);
        p.mul(w, v, 0x00ab_cdef);
        p.output(port(1), w);
        p.and(w, v, u);
        p.or(w, w, 1);
        p.output(port(1), w);
        p.input(w, port(3));
        p.output(port(2), w);
        let end = p.here();
        p.jump(end);
        let u: u64 = 0xffff_fff0;
        let v = (u << 32) + 0x1234_5678;
        let wanted: Vec<(u128, u128)> = [
            v,
            u.wrapping_sub(v),
            15,
            v,
            v >> 8 & 0xfff,
            v >> 33,
            (v & 0xffff) * 0xab_cdef,
            v & u | 1,
        ]
        .iter()
        .map(|&w| (1, u128::from(w)))
        .chain([(2, 77)])
        .collect();
        assert_eq!(run(&p, 200), wanted);
    }

    #[test]
    fn branches_calls_and_indices() {
        let mut p = Assembler::new();
        let (i, table, sum) = (p.variable(), p.array(4), p.variable());
        let add = p.routine();
        let start = p.label();
        p.jump(start);
        p.begin(add, "add");
        p.set_z(i);
        p.add(sum, sum, table.z());
        p.ret(add);
        p.bind(start);
        for k in 0..4 {
            p.set(table.at(k), 10 + k as u32);
        }
        let again = p.here();
        p.call(add);
        p.add(i, i, 1);
        p.if_lt(i, 4, again);
        p.output(port(1), sum);
        let (bad, good) = (p.label(), p.label());
        p.if_eq(sum, 45, bad);
        p.if_ne(sum, 46, bad);
        p.if_lt(sum, 46, bad);
        p.if_ge(sum, 47, bad);
        p.if_ge(sum, 46, good);
        p.bind(bad);
        p.output(port(1), 666);
        p.bind(good);
        p.set_z(2);
        p.output(port(7).z(), i);
        let end = p.here();
        p.jump(end);
        assert_eq!(run(&p, 400), [(1, 46), (9, 4)]);
    }
}
