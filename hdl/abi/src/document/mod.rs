//! Texts made from the tables: the page on the host interface, the C header, the test vectors. Pure functions.

mod c_header;
mod page;
mod vectors;

pub use c_header::c_header;
pub use page::page;
pub use vectors::vectors;
