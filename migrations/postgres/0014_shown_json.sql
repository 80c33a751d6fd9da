ALTER TABLE "jurisdictions" ADD COLUMN "shown_of" bigint;--> statement-breakpoint
ALTER TABLE "jurisdictions" ADD COLUMN "shown" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "shown_of" bigint;--> statement-breakpoint
ALTER TABLE "organizations" ADD COLUMN "shown" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "memberships" ADD COLUMN "shown_of" bigint;--> statement-breakpoint
ALTER TABLE "memberships" ADD COLUMN "shown" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "topics" ADD COLUMN "shown_of" bigint;--> statement-breakpoint
ALTER TABLE "topics" ADD COLUMN "shown" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "policies" ADD COLUMN "shown_of" bigint;--> statement-breakpoint
ALTER TABLE "policies" ADD COLUMN "shown" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "actions" ADD COLUMN "shown_of" bigint;--> statement-breakpoint
ALTER TABLE "actions" ADD COLUMN "shown" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "measures" ADD COLUMN "shown_of" bigint;--> statement-breakpoint
ALTER TABLE "measures" ADD COLUMN "shown" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "provisions" ADD COLUMN "shown_of" bigint;--> statement-breakpoint
ALTER TABLE "provisions" ADD COLUMN "shown" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "meetings" ADD COLUMN "shown_of" bigint;--> statement-breakpoint
ALTER TABLE "meetings" ADD COLUMN "shown" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "shown_of" bigint;--> statement-breakpoint
ALTER TABLE "documents" ADD COLUMN "shown" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "sponsorships" ADD COLUMN "shown_of" bigint;--> statement-breakpoint
ALTER TABLE "sponsorships" ADD COLUMN "shown" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "relations" ADD COLUMN "shown_of" bigint;--> statement-breakpoint
ALTER TABLE "relations" ADD COLUMN "shown" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "vote_events" ADD COLUMN "shown_of" bigint;--> statement-breakpoint
ALTER TABLE "vote_events" ADD COLUMN "shown" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "publishers" ADD COLUMN "shown_of" bigint;--> statement-breakpoint
ALTER TABLE "publishers" ADD COLUMN "shown" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "statements" ADD COLUMN "shown_of" bigint;--> statement-breakpoint
ALTER TABLE "statements" ADD COLUMN "shown" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "statement_reports" ADD COLUMN "shown_of" bigint;--> statement-breakpoint
ALTER TABLE "statement_reports" ADD COLUMN "shown" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "stances" ADD COLUMN "shown_of" bigint;--> statement-breakpoint
ALTER TABLE "stances" ADD COLUMN "shown" text COLLATE "C";--> statement-breakpoint
ALTER TABLE "citations" ADD COLUMN "shown_of" bigint;--> statement-breakpoint
ALTER TABLE "citations" ADD COLUMN "shown" text COLLATE "C";