ALTER TABLE "statements" ADD COLUMN "agreement_override" json;--> statement-breakpoint
ALTER TABLE "statements" ADD COLUMN "agreement_by_rule" json;
--> statement-breakpoint
-- The rule takes more into account than before: the mark says from where on the service has to apply it anew.
INSERT INTO "marks" ("name", "value", "updated_at") SELECT 'agreement', '{"after":null}', now() WHERE EXISTS (SELECT 1 FROM "statements");
