-- Currencies belong to nobody; every tenant reads them, and only migrations write them.
-- Rollback: DROP TABLE currencies;

CREATE TABLE IF NOT EXISTS currencies (
    code text PRIMARY KEY CHECK (code ~ '^[A-Z]{3}$'),
    title text NOT NULL
);

INSERT INTO currencies (code, title) VALUES
    ('EUR', 'Euro'),
    ('PLN', 'Złoty'),
    ('USD', 'US dollar')
ON CONFLICT (code) DO NOTHING;

GRANT SELECT ON currencies TO ledger_app;
