//! Where the serving certificate comes from and when it changes: own authority, cert-manager, or given files.
