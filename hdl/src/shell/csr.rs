//! AXI4-Lite slave: the register file.
//!
//! The registers that the host reads are a memory which the controller writes. A write of the host becomes a message
//! to the controller; its response is given when the controller has acted on it, so that whoever has the response
//! sees the effect. Reads wait for writes that were accepted before. Which offsets exist and what they take comes
//! from the table in `goldilane_abi::registers`.
//!
//! Ports: `s_axil_*` (32-bit data, 16-bit address); `register_write`, `register_at` (9, word), `register_data` (32)
//! from the controller; `mail` (64: value [31:0], word offset [45:32], strobes [51:48], waiting [63]), `mail_rule`
//! (35: mask [31:0], kind [34:32], see [`Kind`]) of the offset in `mail`, `mail_done` (pulse);
//! `registers_open` (level): nothing is answered before.

use crate::netlist::{Builder, Module, NetlistError, RamStyle};
use goldilane_abi::registers::{self, Access, Target};
use std::sync::Arc;

/// Words of the register page.
pub const REGISTER_WORDS: usize = 512;

/// Clocks from a read's address to its data.
pub const READ_LATENCY: usize = 4;
/// Clocks from a write's address and data, the later of them, to the message.
pub const MAIL_LATENCY: usize = 2;
/// Clocks from `mail_done` to the write's response.
pub const RESPONSE_LATENCY: usize = 1;

/// What the rule of an offset says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// No register.
    None = 0,
    /// Read-only.
    ReadOnly = 1,
    /// Read and write.
    ReadWrite = 2,
    /// Read and write, locked while the pair is enabled.
    Locked = 3,
    /// A one clears the bit.
    WriteOneToClear = 4,
    /// A write is an action.
    Action = 5,
}

/// The rules by word offset.
pub fn rules(queue_pairs: u32) -> Vec<u128> {
    (0..REGISTER_WORDS as u32)
        .map(|word| {
            let (access, mask) = match registers::find(4 * word, queue_pairs) {
                Some(Target::Global(r) | Target::Queue(_, r)) => (r.access, r.mask),
                Some(Target::Counter(..)) => (Access::ReadOnly, 0),
                Some(Target::Doorbell(_)) | None => return 0,
            };
            let kind = match access {
                Access::ReadOnly => Kind::ReadOnly,
                Access::ReadWrite => Kind::ReadWrite,
                Access::ReadWriteDisabled => Kind::Locked,
                Access::WriteOneToClear => Kind::WriteOneToClear,
                Access::Action => Kind::Action,
            };
            u128::from(mask) | (kind as u128) << 32
        })
        .collect()
}

/// Builds the slave.
///
/// # Errors
/// None but those of the netlist.
pub fn csr(queue_pairs: u32) -> Result<Arc<Module>, NetlistError> {
    let b = Builder::new(
        "shell_csr",
        "AXI4-Lite slave: register file, messages to the controller.",
    );
    let rules = rules(queue_pairs);

    // Writes: address and data come in any order, then the message waits for the controller.
    let (aw_valid, aw_address) = (b.input("s_axil_awvalid", 1), b.input("s_axil_awaddr", 16));
    let (w_valid, w_data) = (b.input("s_axil_wvalid", 1), b.input("s_axil_wdata", 32));
    let w_strobe = b.input("s_axil_wstrb", 4);
    let b_ready = b.input("s_axil_bready", 1);
    let mail_done = b.input("mail_done", 1);
    let aw_have = b.state("aw_have", 1, 0);
    let w_have = b.state("w_have", 1, 0);
    let mail_valid = b.state("mail_valid", 1, 0);
    let b_valid = b.state("b_valid", 1, 0);
    // Closed until the controller has filled the register file.
    let open = b.input("registers_open", 1);
    let (aw_ready, w_ready) = (open & !aw_have, open & !w_have);
    let take_aw = aw_valid & aw_ready;
    let take_w = w_valid & w_ready;
    let answered = b_valid & b_ready;
    b.drive(aw_have, (aw_have | take_aw) & !answered);
    b.drive(w_have, (w_have | take_w) & !answered);
    b.drive(
        mail_valid,
        b.mux(mail_valid, !mail_done, aw_have & w_have & !b_valid),
    );
    b.drive(b_valid, b.mux(b_valid, !b_ready, mail_valid & mail_done));
    let offset = b.reg_en(aw_address.from_bit(2), take_aw);
    let value = b.reg_en(w_data, take_w);
    let strobe = b.reg_en(w_strobe, take_w);
    let mail = [value, offset, b.lit(0, 2), strobe, b.lit(0, 11), mail_valid];
    b.output("mail", b.cat(&mail));
    let rule = b.rom("register_rules", 35, &rules, offset.slice(0, 9));
    b.output("mail_rule", rule);
    b.output("s_axil_awready", aw_ready);
    b.output("s_axil_wready", w_ready);
    b.output("s_axil_bvalid", b_valid);
    b.output("s_axil_bresp", b.lit(0, 2));

    // Reads: one at a time, through the memory's register.
    let (ar_valid, ar_address) = (b.input("s_axil_arvalid", 1), b.input("s_axil_araddr", 16));
    let r_ready = b.input("s_axil_rready", 1);
    let stage: Vec<_> = (0..3)
        .map(|i| b.state(&format!("read_{i}"), 1, 0))
        .collect();
    let r_valid = b.state("r_valid", 1, 0);
    // Closed while a write is under way; the flag is a register, so a write accepted in this very clock is not seen.
    let idle = b.state("read_open", 1, 0);
    let take_ar = ar_valid & idle;
    let quiet = !(aw_have & w_have & !b_valid);
    let empty = !(b.cat(&stage).any() | r_valid);
    b.drive(idle, open & quiet & empty & !take_ar);
    b.drive(stage[0], take_ar);
    b.drive(stage[1], stage[0]);
    b.drive(stage[2], stage[1]);
    b.drive(r_valid, b.mux(r_valid, !r_ready, stage[2]));
    let at = b.reg_en(ar_address.from_bit(2), take_ar);
    let file = b.ram("register_file", REGISTER_WORDS, 32, RamStyle::Auto);
    b.ram_write(
        &file,
        b.input("register_write", 1),
        b.input("register_at", 9),
        b.input("register_data", 32),
    );
    let word = b.ram_read(&file, at.slice(0, 9));
    let known = b.rom("register_rules_read", 35, &rules, at.slice(0, 9));
    let present = known.slice(32, 3).any() & b.reg(!at.from_bit(9).any());
    let data = b.reg(b.mux(present, word, b.lit(0, 32)));
    b.output("s_axil_arready", idle);
    b.output("s_axil_rvalid", r_valid);
    b.output("s_axil_rdata", b.reg_en(data, stage[2]));
    b.output("s_axil_rresp", b.lit(0, 2));
    b.finish()
}
