CREATE TABLE IF NOT EXISTS sellers (
    id uuid PRIMARY KEY,
    display_name text NOT NULL,
    country_code text NOT NULL,
    joined_on date NOT NULL
);
