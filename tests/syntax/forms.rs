//! Each form of the language document parses, and operators bind as it says.
