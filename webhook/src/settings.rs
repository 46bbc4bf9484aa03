//! What the command line and the environment say. Each module has options of its own, a `clap::Args`; they come
//! together here.
