//! Chains that do not hold.
