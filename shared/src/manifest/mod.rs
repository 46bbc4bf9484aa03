//! Files, directories, standard input and saved snapshots.
