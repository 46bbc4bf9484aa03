//! `passmuster`, the admission webhook.

fn main() {}
