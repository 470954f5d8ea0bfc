-- What the database says about itself. The last statement has no semicolon, and the file no line end:
-- the next file must not be glued to it.
ALTER TABLE customers COMMENT = 'People and companies who buy; one row each -- also guests';
ALTER TABLE products
  MODIFY COLUMN price_gross decimal(10, 2) GENERATED ALWAYS AS (ROUND(price_net * (1 + vat_rate), 2)) STORED
    COMMENT 'Brutto: price_net × (1 + vat_rate)';
ALTER FUNCTION shipping_fee COMMENT 'Tariff of 2025; see 0011 for the one before';
ALTER FUNCTION shipping_fee_to COMMENT 'With the surcharge for "far" countries';
ALTER TABLE departments COMMENT = 'Each has a head,\nwho is in it'
-- the end