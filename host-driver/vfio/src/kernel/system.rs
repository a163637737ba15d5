//! The calls of the kernel that the crate `vfio-ioctls` leaves open, or whose errors it drops.

use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, IntoRawFd, OwnedFd};
use std::sync::Arc;

use rustix::io::{pread, pwrite};
use rustix::ioctl::{NoArg, Opcode, ioctl, opcode};
use vfio_bindings::bindings::vfio::{
    VFIO_PCI_BAR0_REGION_INDEX, VFIO_PCI_CONFIG_REGION_INDEX, VFIO_PCI_ERR_IRQ_INDEX,
    VFIO_PCI_MSIX_IRQ_INDEX, VFIO_PCI_REQ_IRQ_INDEX,
};
use vfio_ioctls::{VfioContainer, VfioDevice, VfioError};
use vmm_sys_util::eventfd::EventFd;

use crate::alarms::Alarms;
use crate::memory::{Registers, SharedMemory};
use crate::pool::Mapper;

/// `_IO(';', 100 + 11)`: VFIO_DEVICE_RESET.
const DEVICE_RESET: Opcode = opcode::none(b';', 111);
/// No room for locked memory.
const ENOMEM: i32 = 12;

/// An open device.
pub(super) struct Handle {
    device: VfioDevice,
}

impl Handle {
    pub(super) fn new(device: VfioDevice) -> Self {
        Self { device }
    }

    #[allow(
        unsafe_code,
        reason = "the crate gives the device's file as a number only"
    )]
    fn file(&self) -> BorrowedFd<'_> {
        // SAFETY: the device owns its file and lives as long as the borrow.
        unsafe { BorrowedFd::borrow_raw(self.device.as_raw_fd()) }
    }

    /// Bytes of BAR0.
    pub(super) fn bar0_bytes(&self) -> u64 {
        self.device.get_region_size(VFIO_PCI_BAR0_REGION_INDEX)
    }

    /// Maps BAR0.
    pub(super) fn map_bar0(&self, bytes: usize) -> io::Result<Registers> {
        let offset = self.device.get_region_offset(VFIO_PCI_BAR0_REGION_INDEX);
        Registers::map(self.file(), offset, bytes)
    }

    fn config(&self, offset: u64) -> u64 {
        self.device.get_region_offset(VFIO_PCI_CONFIG_REGION_INDEX) + offset
    }

    /// Reads a 16-bit word of configuration space.
    pub(super) fn read_config(&self, offset: u64) -> io::Result<u16> {
        let mut bytes = [0; 2];
        match pread(self.file(), &mut bytes, self.config(offset))? {
            2 => Ok(u16::from_le_bytes(bytes)),
            _ => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }

    /// Writes a 16-bit word of configuration space.
    pub(super) fn write_config(&self, offset: u64, value: u16) -> io::Result<()> {
        match pwrite(self.file(), &value.to_le_bytes(), self.config(offset))? {
            2 => Ok(()),
            _ => Err(io::ErrorKind::WriteZero.into()),
        }
    }

    /// Number of MSI-X vectors.
    pub(super) fn vectors(&self) -> u32 {
        let irq = self.device.get_irq_info(VFIO_PCI_MSIX_IRQ_INDEX);
        irq.map_or(0, |irq| irq.count)
    }

    /// Lets each MSI-X vector fire its event.
    pub(super) fn enable_vectors(&self, events: &[OwnedFd]) -> io::Result<()> {
        self.enable(VFIO_PCI_MSIX_IRQ_INDEX, &events.iter().collect::<Vec<_>>())
    }

    /// Lets fatal errors and the wish to have the device back fire their events, as far as this kernel knows them.
    pub(super) fn enable_alarms(&self, alarms: &Alarms) -> io::Result<()> {
        for (index, event) in [
            (VFIO_PCI_ERR_IRQ_INDEX, alarms.error()),
            (VFIO_PCI_REQ_IRQ_INDEX, alarms.request()),
        ] {
            if self
                .device
                .get_irq_info(index)
                .is_some_and(|irq| irq.count > 0)
            {
                self.enable(index, &[event])?;
            }
        }
        Ok(())
    }

    #[allow(unsafe_code, reason = "the crate takes events of a type of its own")]
    fn enable(&self, index: u32, events: &[&OwnedFd]) -> io::Result<()> {
        let copies = events
            .iter()
            .map(|event| {
                let copy = event.try_clone()?.into_raw_fd();
                // SAFETY: the copy is an open descriptor that nobody else owns.
                Ok(unsafe { std::os::fd::FromRawFd::from_raw_fd(copy) })
            })
            .collect::<io::Result<Vec<EventFd>>>()?;
        // The call's own errno, which the crate drops, is still that of the thread.
        self.device
            .enable_irq(index, copies.iter().collect())
            .map_err(|_| io::Error::last_os_error())
    }

    /// Function level reset.
    #[allow(unsafe_code, reason = "a call of the kernel without arguments")]
    pub(super) fn reset(&self) -> io::Result<()> {
        // SAFETY: VFIO_DEVICE_RESET takes no argument and touches no memory of this process.
        unsafe { ioctl(self.file(), NoArg::<DEVICE_RESET>::new()) }?;
        Ok(())
    }
}

/// The container's IOMMU. Mappings end with the container's last device, which therefore stays as long as its memory.
pub(super) struct Iommu {
    pub(super) _device: Arc<Handle>,
    pub(super) container: Arc<VfioContainer>,
}

impl Mapper for Iommu {
    #[allow(unsafe_code, reason = "the kernel is given an address of this process")]
    fn map(&self, iova: u64, memory: &Arc<SharedMemory>) -> Result<(), String> {
        // SAFETY: the memory is only copied in and out through its address and never a Rust reference, and it is unmapped
        // for the device before it is freed, or never freed.
        let mapped = unsafe {
            self.container
                .vfio_dma_map(iova, memory.bytes(), memory.start())
        };
        mapped.map_err(|error| match error {
            VfioError::IommuDmaMap(errno) if errno.errno() == ENOMEM => format!(
                "{} MiB more of locked memory are not allowed: raise the limit (ulimit -l, or memlock in limits.conf)",
                memory.bytes() >> 20
            ),
            other => other.to_string(),
        })
    }

    fn unmap(&self, iova: u64, bytes: usize) -> Result<(), String> {
        self.container
            .vfio_dma_unmap(iova, bytes)
            .map_err(|error| error.to_string())
    }
}
