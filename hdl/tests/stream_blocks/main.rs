//! Every stream and DMA block through one table: {idle gaps} x {back-pressure} x {an error at no, the first, a middle,
//! the last beat}. Data comes through unharmed and in order, an error is reported once and where it belongs, what is
//! offered stays until it is taken, and the next transfer is as if nothing had been.

mod board_rate;
mod board_read;
mod board_write;
mod cells;
mod host_read;
mod host_read_queue;
mod host_write;
mod table;
