ALTER TABLE "jurisdictions" ADD COLUMN "valid_from" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "jurisdictions" ADD COLUMN "valid_through" text COLLATE "C";