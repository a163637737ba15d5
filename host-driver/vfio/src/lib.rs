//! Devices that are not in this process, and all `unsafe` memory accesses of the driver.
//!
//! | module | what |
//! |---|---|
//! | [`SocketDevice`] | a board process behind a vfio-user socket |
//! | [`VfioDevice`] | a board behind the kernel's VFIO |
//! | [`DeviceName`] | `socket:PATH` or `vfio:ADDRESS`, opened |
//! | [`InProcessMemory`] | DMA memory of a board that is a thread of this process |
//! | `memory` | memory and registers that a device shares; `unsafe` |
//! | `kernel/system` | calls of the kernel; `unsafe` |
//! | `alarms` | fatal errors, and the host that wants a device back |
//! | `pages`, `pool` | which pages are free, and chunks of them for an IOMMU |

mod alarms;
mod in_process;
mod kernel;
mod memory;
mod name;
mod pages;
mod pool;
mod socket;

pub use in_process::InProcessMemory;
pub use kernel::{
    AddressError, FoundBoard, Obstacle, PciAddress, Remark, Survey, VfioDevice, VfioOpenError,
    VfioReason, survey,
};
pub use name::{ConnectError, DeviceName, NameError};
pub use socket::{ClientError, OpenError, OpenReason, SocketDevice, SocketOptions};
