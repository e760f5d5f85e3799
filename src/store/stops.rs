//! What becomes of an order.

/// What the store made of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ordered {
    /// It is kept, and holds.
    Done,
    /// It was taken before, and nothing changed.
    Again,
    /// Its id belongs to another order; nothing changed.
    Another,
    /// It is older than it may be, or a later order was taken before it; nothing changed.
    Old,
}
