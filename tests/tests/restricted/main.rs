//! Users who may see little, servers that answer badly, and the watch through all of it.

mod faults;
mod following;
mod rights;
mod shop;
