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
//! | 0 hello | | u32 version: 2 |
//! | 1 hold | u8: 1 the board works in `run` only, 0 it goes on by itself | |
//! | 2 run | u64 clocks, at most 2^24 | u8: 0 idle, 1 busy |
//! | 3 read line | u64 line of board memory | its bytes |
//! | 4 flip bits | u64 line, u32 byte of the line, u8 mask | |
//! | 5 inject | u8 fault (0 on-chip memory, 1 board memory, 2 arithmetic), u8: 1 present, 0 healed | |
//! | 6 holds secrets | | u8: 1 there are words of earlier jobs, keys or tables anywhere in the board |
//! | 7 disturb | what is wrong between board and host from now on, and nothing else: at most 16 entries of 25 bytes | |
//! | 8 mappings | | u64 number of the client's DMA mappings |
//! | 9 take violations | | texts, each a u32 length and UTF-8; at most 100, each of at most 500 bytes |
//! | 10 struck | | u64 how often that which was armed by `disturb` last has had an effect |
//! | 11 happen | u8 incident (0 interrupt, 1 fatal error, 2 removal, 3 death), u16 vector of an interrupt, else 0 | |
//!
//! An entry of `disturb` is a u8 kind, u64 first, u64 end of a range of addresses, u64 number; what a kind does not use is 0.
//!
//! | kind | what is wrong | uses |
//! |---|---|---|
//! | 0 | link down | |
//! | 1 | register reads are not answered | |
//! | 2 | no bus master | |
//! | 3 | DMA stalls | number: accesses that are answered first |
//! | 4 | writes are posted | |
//! | 5 | writes get lost | range |
//! | 6 | reads are damaged | range |
//! | 7 | writes are damaged | range |
//! | 8 | writes overrun | range, number: bytes, at most 2^16 |
//! | 9 | interrupts get lost | |
//! | 10 | interrupts come again with the next access | |
//! | 11 | mappings stay when they are ended | |
//!
//! A request that is whole and wrong is refused, and the channel goes on. Behind a wrong magic, a length beyond its bound,
//! or a message that is not whole in 5 s nothing can be understood: a last reply with id 0 and kind 0xffff says so, and the
//! channel is closed. When a client goes, what it armed (hold, faults, disturbances) is taken back.

mod channel;
mod client;
mod disturb;
mod message;
mod types;

pub use channel::{Channel, ChannelError};
pub use client::{Client, ClientError};
pub use message::{
    HEADER_BYTES, Header, MAX_REPLY, MAX_REQUEST, Malformed, Reply, Request, Status,
};
pub use types::{Disturbance, Fault, Incident, Progress};

/// The protocol's version.
pub const VERSION: u32 = 2;
/// Most clocks of one request.
pub const MAX_CLOCKS: u64 = 1 << 24;
/// Most disturbances at once.
pub const MAX_DISTURBANCES: usize = 16;
/// Most bytes of an overrun.
pub const MAX_OVERRUN: u64 = 1 << 16;
/// Kind of the reply behind which the channel is closed.
pub const LAST: u16 = 0xffff;
/// The most violations in a reply, and the most bytes of each.
pub const MAX_TEXTS: usize = 100;
/// See [`MAX_TEXTS`].
pub const MAX_TEXT: usize = 500;
