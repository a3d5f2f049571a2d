//! State-of-the-art mode (api.md, "Boards" and what follows it; realtime.md, "Write path"), asked of
//! the real servers with databases of their own.

mod boards;
