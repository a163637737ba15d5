//! The side channel of a simulated board: what tests do beside the driver, over a stream of bytes of its own (a socket,
//! or a port of a virtual machine that leads to one). A physical board has none.
//!
//! A message is a header of 16 bytes, little-endian, and a payload.
//!
//! | offset | width | field |
//! |---|---|---|
//! | 0 | u32 | magic: `GLSC` |
//! | 4 | u32 | id: the client's choice; the reply has the same |
//! | 8 | u16 | kind of the request; the reply has the same |
//! | 10 | u16 | 0 a request, 1 done, 2 refused: the payload is the reason, in UTF-8 |
//! | 12 | u32 | bytes of the payload: at most 4 KiB in a request, 64 KiB in a reply |
//!
//! | kind | request | reply |
//! |---|---|---|
//! | 0 hello | | u32 version: 1 |
//! | 1 hold | u8: 1 the board works in `run` only, 0 it goes on by itself | |
//! | 2 run | u64 clocks, at most 2^24 | u8: 0 idle, 1 busy |
//! | 3 read line | u64 line of board memory | its bytes |
//! | 4 flip bits | u64 line, u32 byte of the line, u8 mask | |
//! | 5 inject | u8 fault (0 on-chip memory, 1 board memory, 2 arithmetic), u8: 1 present, 0 healed | |
//! | 6 holds secrets | | u8: 1 there are words of earlier jobs, keys or tables anywhere in the board |
//! | 7 behaviour of host memory | u8 posted writes, u8 writes get lost, u64 first, u64 end of their addresses | |
//! | 8 mappings | | u64 number of the client's DMA mappings |
//! | 9 take violations | | texts, each a u32 length and UTF-8; at most 100, each of at most 500 bytes |
//!
//! A request that is whole and wrong is refused, and the channel goes on. Behind a wrong magic, a length beyond its bound,
//! or a message that is not whole in 5 s nothing can be understood: a last reply with id 0 and kind 0xffff says so, and the
//! channel is closed. When a client goes, what it armed (hold, faults, behaviour) is taken back.

mod channel;
mod client;
mod message;
mod types;

pub use channel::{Channel, ChannelError};
pub use client::{Client, ClientError};
pub use message::{
    HEADER_BYTES, Header, MAX_REPLY, MAX_REQUEST, Malformed, Reply, Request, Status,
};
pub use types::{Fault, HostBehaviour, Progress};

/// The protocol's version.
pub const VERSION: u32 = 1;
/// Most clocks of one request.
pub const MAX_CLOCKS: u64 = 1 << 24;
/// Kind of the reply behind which the channel is closed.
pub const LAST: u16 = 0xffff;
/// The most violations in a reply, and the most bytes of each.
pub const MAX_TEXTS: usize = 100;
/// See [`MAX_TEXTS`].
pub const MAX_TEXT: usize = 500;
