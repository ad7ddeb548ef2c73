-- Owner: domain billing. Rates for display; no amount is ever converted with them.

-- One row per source and currency: how many units of it one CNY is.
CREATE TABLE exchange_rates (
  source     VARCHAR(100)   CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  currency   CHAR(3)        CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
  per_cny    DECIMAL(20,10) NOT NULL,
  as_of      DATETIME(3)    NOT NULL COMMENT 'of the source',
  updated_at DATETIME(3)    NOT NULL,
  PRIMARY KEY (source, currency),
  CONSTRAINT ck_exchange_rates_rate CHECK (per_cny > 0),
  CONSTRAINT ck_exchange_rates_currency CHECK (currency IN ('USD', 'EUR', 'GBP', 'JPY'))
) ENGINE = InnoDB DEFAULT CHARSET = utf8mb4 COLLATE = utf8mb4_0900_ai_ci;
