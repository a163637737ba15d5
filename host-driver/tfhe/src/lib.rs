//! The bridge for tfhe users: keys, lookup tables and ciphertexts of tfhe on a device.
