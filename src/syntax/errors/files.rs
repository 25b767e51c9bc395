//! What is said about the files that a policy takes in.
