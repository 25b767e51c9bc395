//! No text whatever makes the parser panic, hang or overflow.
