-- Categories (a tree) and products. The gross price is a generated column: nobody can store a wrong one.
CREATE TABLE categories (
  id integer NOT NULL,
  parent_id integer,
  name varchar(60) NOT NULL,
  CONSTRAINT categories_pk PRIMARY KEY (id),
  CONSTRAINT categories_parent_fk FOREIGN KEY (parent_id) REFERENCES categories (id)
);

CREATE TABLE products (
  sku varchar(12) NOT NULL,
  category_id integer NOT NULL,
  name varchar(80) NOT NULL,
  description varchar(400),
  weight_g integer NOT NULL,
  price_net numeric(10, 2) NOT NULL,
  vat_rate numeric(4, 3) NOT NULL,
  price_gross numeric(10, 2) GENERATED ALWAYS AS (ROUND(price_net * (1 + vat_rate), 2)) STORED,
  CONSTRAINT products_pk PRIMARY KEY (sku),
  CONSTRAINT products_category_fk FOREIGN KEY (category_id) REFERENCES categories (id),
  CONSTRAINT products_price_net_ck CHECK (price_net >= 0)
);
