CREATE TABLE IF NOT EXISTS payout_accounts (
    seller_id uuid PRIMARY KEY,
    account_holder text NOT NULL,
    bank_reference text NOT NULL
);
