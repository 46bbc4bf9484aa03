//! kubectl's JSONPath dialect.
