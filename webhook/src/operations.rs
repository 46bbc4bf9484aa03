//! What the elected replica keeps right, and when this one is ready.
