-- The whole shop, in order, as psql reads it:  psql -v ON_ERROR_STOP=1 -f sql/main.sql
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
\ir 0003_employees.sql
\ir 0004_first_employees.sql
\ir 0005_products.sql
\ir catalogue/0006_catalogue.sql
\ir 0007_orders.sql
\ir 0008_first_orders.sql
\ir 0009_domains_and_identity.sql
\ir 0010_order_state.sql
\ir 0011_shipping_fee.sql
\ir 0012_backfill_shipping.sql
\ir 0013_audit.sql
\ir 0014_price_round.sql
\ir 0015_payments.sql
\ir 0016_payment_partitions.sql.ejs
\ir 0017_payments_data.sql
\ir 0018_order_state_returned.sql
\ir 0019_returns.sql
\ir 0020_orders_customer_index.sql
\ir 0021_product_search.sql
\ir 0022_promotions.sql
\ir 0023_best_sellers.sql
\ir 0024_row_security.sql
\ir 0025_shipping_fee_2025.sql
\ir 0026_wish_list.sql
\ir 0027_quoting.sql
\ir 0028_delivery_note.sql
\ir 0029_sequences.sql
\ir 0030_comments.sql

-- Routines: applied again whenever their text changes.
\ir functions/format_money.sql
\ir functions/order_total.sql
\ir functions/bump_revision.sql
\ir functions/take_from_stock.sql
\ir procedures/place_order.sql
\ir procedures/restock.sql
\ir triggers/order_lines_stock.sql
\ir triggers/products_revision.sql
\ir views/order_totals.sql
\ir views/customer_revenue.sql
\ir views/country_revenue.sql

REFRESH MATERIALIZED VIEW best_sellers;
