//! Pieces of keys on their way, and what is fetched ahead meanwhile.
//!
//! A load of a piece starts here when its checks are through; then the loop goes round, and `load_step` waits for its
//! end. While one pair alone has work, two things go on under a piece: its next descriptor is fetched, and if that is the
//! piece behind this one (the same key, kind and length, the index one further), its words are asked for, too: the reader
//! keeps them until the filler takes them. So only the first piece of a kind takes the checks and waits for the host. What
//! was fetched ahead is done in its turn: if this piece fails, or the pair is disabled, the words are dropped, and the
//! descriptor goes through all checks as any other.
//!
//! Of the pair `ahead_pair` there is at most the next descriptor in `next` (`next_valid`), and one behind it in the
//! reader's words, come or coming (`words_asked`). Whatever else is read as words must `land` the latter before.

use super::Writer;
use super::transfers::fill;
use super::variables::KEY_WORDS_LOG2;
use crate::shell::host_read::Destination;
use crate::shell::instruction::Label;
use crate::shell::ports;
use goldilane_abi::descriptor::fields;
use goldilane_abi::registers::Counter;
use goldilane_abi::{Code, Descriptor, PieceKind, flags};

impl Writer {
    /// Routines `load_step`, `fetch_ahead`, `land`, `forget_ahead`.
    pub(super) fn loading(&mut self) {
        self.load_step();
        self.fetch_ahead();
        self.land();
        self.forget_ahead();
    }

    /// Starts the load of the piece whose descriptor is at hand, one of `n`, to `lines` lines from `line` on; `piece_step`
    /// is the way to the next one's lines.
    pub(super) fn start_piece(&mut self, out: Label) {
        let v = self.v;
        let a = &mut self.a;
        a.shl(v.piece_lines, v.crc_line, 32);
        a.or(v.piece_lines, v.piece_lines, v.line);
        let command = fill::FROM_HOST | fill::FIRST | fill::LAST;
        a.or(v.piece_fill, v.lines, command);
        a.output(ports::FILL_LINES, v.piece_lines);
        a.output(ports::FILL_START, v.piece_fill);
        a.set(v.piece_read, Destination::Memory as u32);
        a.shl(v.piece_read, v.piece_read, 32);
        a.or(v.piece_read, v.piece_read, v.length);
        a.and(v.piece_word, v.descriptor, v.ticket_cut);
        for (word, of) in [
            (v.piece_slot, fields::OBJECT_SLOT),
            (v.piece_shape, fields::PIECE_KIND),
            (v.piece_place, fields::PIECE_INDEX),
        ] {
            a.set(word, v.descriptor.at(of.word));
        }
        a.shl(v.piece_limit, v.n, fields::PIECE_INDEX.low);
        a.set(v.piece_length, v.length);
        a.set(v.piece_flags, v.flags);
        a.and(v.piece_checked, v.flags, u32::from(flags::CRC));
        a.set(v.piece_ticket, v.ticket);
        a.shl(v.load_slot, v.slot, KEY_WORDS_LOG2);
        a.set(v.load_pair, v.at_pair);
        a.set(v.loading, 1);
        a.or(v.t0, v.next_valid, v.words_asked);
        let full = a.label();
        a.if_ne(v.t0, 0, full);
        a.set(v.position, v.q.head);
        a.call(self.r.fetch_ahead);
        let a = &mut self.a;
        a.bind(full);
        a.output(ports::READ_ADDRESS, v.source);
        a.output(ports::READ_START, v.piece_read);
        self.field(v.piece_crc, v.descriptor, fields::CRC);
        self.a.jump(out);
    }

    /// The rest of the piece that is on its way, and the start of the next one if that may be.
    fn load_step(&mut self) {
        let (v, r) = (self.v, self.r);
        let a = &mut self.a;
        let [transfer, fetched, failed, over, complete, kept] = [(); 6].map(|()| a.label());
        let [unchecked, loaded, columns, read] = [(); 4].map(|()| a.label());
        a.begin(r.load_step, "load_step");
        a.set(v.stay, 0);
        a.set(v.progress, 1);
        a.set_x(v.load_pair);
        a.set_y(v.load_slot);

        // The descriptor behind it.
        a.if_ne(v.cancelled, 0, transfer);
        a.if_ne(v.words_asked, 0, fetched);
        a.if_ne(v.next_valid, 0, transfer);
        a.set(v.position, v.q.head);
        a.call(r.fetch_ahead);
        a.if_eq(v.words_asked, 0, transfer);
        a.bind(fetched);
        a.if_ne(v.ahead_pair, v.load_pair, transfer);
        a.call(r.land);
        self.ask_ahead(transfer);

        let a = &mut self.a;
        // What can be made ready before the end.
        a.bind(transfer);
        a.set(v.ticket, v.piece_ticket);
        a.set(v.flags, v.piece_flags);
        a.set(v.failed, 0);
        a.set(v.info, 0);
        a.add(v.piece_lines, v.piece_lines, v.piece_step);
        // Whether there is anything to wait for or not.
        a.call(r.tend);
        a.call(r.wait_fill);
        a.input(v.read_status, ports::READ_STATUS);
        self.read_outcome();
        let a = &mut self.a;
        a.set(v.code, Code::ReadFault as u32);
        a.if_ne(v.read_error, 0, failed);
        a.set(v.code, Code::BoardMemoryFault as u32);
        a.if_ne(v.fill_status, 0, failed);
        a.if_eq(v.piece_checked, 0, unchecked);
        a.set(v.code, Code::CrcMismatch as u32);
        a.if_ne(v.piece_crc, v.crc, failed);
        a.bind(unchecked);
        a.set(v.code, Code::Success as u32);
        a.if_ne(v.cancelled, 0, over);
        a.if_eq(v.ahead, 0, over);
        // The next one.
        a.output(ports::FILL_LINES, v.piece_lines);
        a.output(ports::FILL_START, v.piece_fill);
        a.set(v.ahead, 0);
        a.set(v.next_valid, 0);
        a.set(v.piece_place, v.next.at(fields::PIECE_INDEX.word));
        self.field(v.piece_ticket, v.next, fields::TICKET);
        self.field(v.piece_crc, v.next, fields::CRC);
        self.count(Counter::HostReadBytes, Descriptor::BYTES as u32);
        self.take_descriptor();
        let a = &mut self.a;
        a.jump(loaded);

        a.bind(over);
        a.set(v.loading, 0);
        a.bind(loaded);
        a.set(v.info, v.key.generation);
        let kind = fields::PIECE_KIND;
        a.bits(v.t0, v.piece_shape, kind.low, kind.width);
        a.if_ne(v.t0, PieceKind::Ggsw as u32, columns);
        a.add(v.key.ggsws, v.key.ggsws, 1);
        a.jump(read);
        a.bind(columns);
        a.add(v.key.columns, v.key.columns, 1);
        a.bind(read);
        self.count(Counter::HostReadBytes, v.piece_length);
        let a = &mut self.a;
        a.bind(complete);
        a.call(r.complete);
        a.if_eq(v.ahead, 0, kept);
        // Words that nobody wants; the pair keeps its turn for the descriptor that is in `next`.
        a.output(ports::READ_DROP, 0);
        a.set(v.length_read, 0);
        a.call(r.wait_read);
        a.set(v.ahead, 0);
        a.set(v.stay, 1);
        a.bind(kept);
        a.ret(r.load_step);

        a.bind(failed);
        a.set(v.loading, 0);
        a.if_ne(v.read_error, 0, complete);
        a.jump(read);
    }

    /// Asks for the words of the descriptor in `next` if it is the piece behind the one on its way; else goes to `no`.
    fn ask_ahead(&mut self, no: Label) {
        let v = self.v;
        let next = v.next;
        let a = &mut self.a;
        a.if_ne(v.alone, v.m.mark, no);
        a.if_ne(v.next_error, 0, no);
        a.and(v.t0, next, v.ticket_cut);
        a.if_ne(v.t0, v.piece_word, no);
        a.if_ne(next.at(fields::PIECE_KIND.word), v.piece_shape, no);
        a.if_ne(next.at(fields::RESERVED_7.word), 0, no);
        a.if_ne(next.at(fields::OBJECT_SLOT.word), v.piece_slot, no);
        a.add(v.t0, v.piece_place, v.next_piece);
        a.if_ne(next.at(fields::PIECE_INDEX.word), v.t0, no);
        a.if_ge(v.t0, v.piece_limit, no);
        self.field(v.t0, next, fields::LENGTH);
        let a = &mut self.a;
        a.if_ne(v.t0, v.piece_length, no);
        let source = next.at(fields::SOURCE.word);
        a.and(v.t0, source, goldilane_abi::ALIGNMENT as u32 - 1);
        a.if_ne(v.t0, 0, no);
        // What is being cleared wants the filler, or the loop as a whole, between two pieces.
        a.if_ne(v.clearing, 0, no);
        a.if_ne(v.core_clearing, 0, no);
        // No more in flight than the completion ring holds.
        a.if_lt(v.q.cq_mask, v.q.in_flight, no);
        a.set(v.ahead, 1);
        // The descriptor behind it goes first: it is short.
        a.add(v.position, v.q.head, 1);
        a.and(v.position, v.position, v.q.sq_mask);
        a.call(self.r.fetch_ahead);
        let a = &mut self.a;
        a.output(ports::READ_ADDRESS, source);
        a.output(ports::READ_START, v.piece_read);
    }

    /// Asks for the descriptor at `position` of the pair at X, whose piece is on its way, if it is there and no other
    /// pair waits.
    fn fetch_ahead(&mut self) {
        let (v, r) = (self.v, self.r);
        let a = &mut self.a;
        let out = a.label();
        a.begin(r.fetch_ahead, "fetch_ahead");
        a.if_ne(v.alone, v.m.mark, out);
        a.if_eq(v.position, v.q.tail, out);
        a.if_eq(v.q.enable, 0, out);
        a.shl(v.t0, v.position, Descriptor::BYTES.trailing_zeros());
        a.add(v.t0, v.t0, v.q.sq_base);
        self.start_read_descriptor(v.t0);
        let a = &mut self.a;
        a.set(v.words_asked, 1);
        a.set(v.ahead_pair, v.load_pair);
        a.bind(out);
        a.ret(r.fetch_ahead);
    }

    /// Moves the reader's words, if they are a descriptor fetched ahead, to `next`, which is free.
    fn land(&mut self) {
        let (v, r) = (self.v, self.r);
        let a = &mut self.a;
        let out = a.label();
        a.begin(r.land, "land");
        a.if_eq(v.words_asked, 0, out);
        a.call(r.wait_words);
        for i in 0..Descriptor::WORDS {
            a.input(v.next.at(i), ports::CONTROL_WORDS.at(i));
        }
        a.set(v.next_error, v.words_error);
        a.set(v.next_valid, 1);
        a.set(v.words_asked, 0);
        a.bind(out);
        a.ret(r.land);
    }

    /// Forgets what was fetched ahead for a pair that has been disabled.
    fn forget_ahead(&mut self) {
        let (v, r) = (self.v, self.r);
        let a = &mut self.a;
        let out = a.label();
        a.begin(r.forget_ahead, "forget_ahead");
        a.if_eq(v.words_asked, 0, out);
        a.call(r.wait_words);
        a.set(v.words_asked, 0);
        a.bind(out);
        a.set(v.next_valid, 0);
        a.set(v.cancelled, 0);
        a.ret(r.forget_ahead);
    }
}
