//! A board at a socket and clients of every kind: orderly, careless, hostile, gone.

#[path = "vfio_user/support.rs"]
mod support;

#[path = "vfio_user/hostile.rs"]
mod hostile;
#[path = "vfio_user/listener.rs"]
mod listener;
#[path = "vfio_user/orderly.rs"]
mod orderly;
#[path = "vfio_user/random.rs"]
mod random;
