//! One file per output format: an output is a function of a result and a writer.
