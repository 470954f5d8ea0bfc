-- The enum grows. A new value can be used only after COMMIT, so its first use is in the next file:
-- a deployer that puts everything into one transaction must end it here.
ALTER TYPE order_state ADD VALUE 'returned' AFTER 'shipped';
