//! From text to [`ast`]: the grammar, the tree, the comments.

pub mod ast;
