//! The host driver: devices, DMA buffers, queue pairs, handles.
