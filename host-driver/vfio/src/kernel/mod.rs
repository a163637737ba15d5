//! A board in a slot, or one that a virtual machine shows, behind the kernel's VFIO (group and container).
//!
//! | file | what |
//! |---|---|
//! | `address` | DOMAIN:BUS:DEVICE.FUNCTION |
//! | `diagnosis` | why a device cannot be opened, and how to mend it, from the files of the system |
//! | `survey` | which boards there are, and what the machine lacks |
//! | `system` | the calls of the kernel |
//! | `device` | the device |

mod address;
mod device;
mod diagnosis;
#[cfg(test)]
mod paper;
mod survey;
mod system;

pub use address::{AddressError, PciAddress};
pub use device::{VfioDevice, VfioOpenError, VfioReason};
pub use diagnosis::Obstacle;
pub use survey::{FoundBoard, Remark, Survey, survey};
