-- The whole shop, in order, as psql reads it:  psql -v ON_ERROR_STOP=1 -f sql/main.pg.sql
-- (psql cannot run the one template; see README.md). Each line with \ir is one block of the bundle,
-- each statement here is a block too, and the settings hold for all that follows.
\set ON_ERROR_STOP on
SET client_encoding = 'UTF8';
SET timezone = 'UTC';

DO $$
BEGIN
  IF current_setting('server_version_num')::integer < 140000 THEN
    RAISE EXCEPTION 'the sample shop needs PostgreSQL 14 or later'
      USING HINT = 'It has BEGIN ATOMIC bodies and CREATE OR REPLACE TRIGGER; Rowgate itself works from 13 on.';
  END IF;
END
$$;

\ir 0001_countries.sql
\ir 0002_customers.sql
\ir 0003_employees.pg.sql
\ir 0004_first_employees.pg.sql
\ir 0005_products.sql
\ir catalogue/0006_catalogue.pg.sql
\ir 0007_orders.sql
\ir 0008_first_orders.sql
\ir 0009_domains_and_identity.pg.sql
\ir 0010_order_state.pg.sql
\ir 0011_shipping_fee.pg.sql
\ir 0012_backfill_shipping.pg.sql
\ir 0013_audit.pg.sql
\ir 0014_price_round.pg.sql
\ir 0015_payments.pg.sql
\ir 0016_payment_partitions.pg.sql.ejs
\ir 0017_payments_data.pg.sql
\ir 0018_order_state_returned.pg.sql
\ir 0019_returns.pg.sql
\ir 0020_orders_customer_index.pg.sql
\ir 0021_product_search.pg.sql
\ir 0022_promotions.pg.sql
\ir 0023_best_sellers.pg.sql
\ir 0024_row_security.pg.sql
\ir 0025_shipping_fee_2025.pg.sql
\ir 0026_wish_list.pg.sql
\ir 0027_quoting.pg.sql
\ir 0028_delivery_note.pg.sql
\ir 0029_sequences.pg.sql
\ir 0030_comments.pg.sql

-- Routines: applied again whenever their text changes.
\ir functions/format_money.pg.sql
\ir functions/order_total.pg.sql
\ir functions/bump_revision.pg.sql
\ir functions/take_from_stock.pg.sql
\ir procedures/place_order.pg.sql
\ir procedures/restock.pg.sql
\ir triggers/order_lines_stock.pg.sql
\ir triggers/products_revision.pg.sql
\ir views/order_totals.pg.sql
\ir views/customer_revenue.sql
\ir views/country_revenue.pg.sql

REFRESH MATERIALIZED VIEW best_sellers;
