-- Deliveries that wait are few among those that are kept.
CREATE INDEX "webhook_deliveries_pending" ON "webhook_deliveries" ("created_at") WHERE "state" = 'pending';
