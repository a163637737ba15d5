//! The binary `goldilane`.
fn main() {}
