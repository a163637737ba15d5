//! The bootstrap core: blind rotation with its memories, sequencing and outer frame.
//!
//! ```text
//!   line reads -> key_stream -> LUT rows -> accumulator -> rotate -> decompose -> external_product
//!                     |                        ^   |                                    |
//!                     |                        +---|------------- results --------------+
//!                     +-> key_switch -> mod_switch |-> output_store (rows of the last step)
//!                                 rotations -> sequencer
//! ```
//!
//! | module | what it does |
//! |---|---|
//! | [`geometry`] | widths and addresses that follow from a shape |
//! | [`accumulator`] | three copies of the accumulators, addition of results, loading of lookup tables |
//! | [`accumulator_write`] | who writes which row when |
//! | [`rotate`] | lane part of the multiplication by X^a |
//! | [`decompose`] | difference, rounding, signed digits |
//! | [`sequencer`], [`sequencer_feed`] | which external product starts when, and the rows that it reads |
//! | [`core_front`] | all of these in one module |
//! | [`core`] | the whole core, with key switch, keys, external product and output store |
//! | [`slots`] | how many ciphertexts a batch must have |

pub mod accumulator;
pub mod accumulator_write;
pub mod core;
pub mod core_front;
mod core_wiring;
pub mod decompose;
pub mod decompose_levels;
pub mod decompose_table;
pub mod geometry;
pub mod key_stream;
pub mod key_stream_buffer;
pub mod key_stream_chunks;
pub mod key_stream_lines;
pub mod key_stream_requests;
pub mod key_stream_write;
pub mod output_store;
pub mod output_store_lanes;
pub mod output_store_pack;
pub mod output_store_walk;
pub mod rotate;
pub mod sequencer;
pub mod sequencer_feed;
pub mod slots;

pub use geometry::Geometry;
