-- What the database says about itself. The last statement has no semicolon, and the file no line end:
-- the next file must not be glued to it.
COMMENT ON TABLE customers IS 'People and companies who buy; one row each -- also guests';
COMMENT ON COLUMN products.price_gross IS 'Brutto: price_net × (1 + vat_rate)';
COMMENT ON FUNCTION shipping_fee(integer) IS $$Tariff of 2025; see 0011 for the one before$$;
COMMENT ON FUNCTION shipping_fee(integer, char) IS 'With the surcharge for "far" countries';
COMMENT ON TYPE order_state IS E'open → paid → shipped\n(→ returned)';
COMMENT ON TRIGGER products_audit ON products IS 'Writes audit_entries; do not disable';
COMMENT ON CONSTRAINT employees_manager_fk ON employees IS 'Deferred: a boss may come after the staff'
-- the end