//! Which replica writes: a Lease that one holds.
