//! In-process devices over any simulated board.
