//! Amounts in cents.

/// What may still be given back of a payment.
pub fn left(captured: u64, refunded: u64) -> u64 {
    captured.saturating_sub(refunded)
}

#[cfg(test)]
mod tests {
    use super::left;

    #[test]
    fn tc_pay_001_no_more_is_given_back_than_was_taken() {
        assert_eq!(left(1900, 900), 1000);
    }

    #[test]
    fn tc_pay_002_nothing_is_left_of_what_was_given_back() {
        assert_eq!(left(1900, 2500), 0);
    }
}
