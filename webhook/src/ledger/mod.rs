//! What projects have reserved, kept in the API server so that any number of replicas agree.
