CREATE TABLE "search_documents" (
	"number" bigint PRIMARY KEY NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"record_id" uuid NOT NULL,
	"marks" json NOT NULL
);
--> statement-breakpoint
CREATE TABLE "search_postings" (
	"block" bigint NOT NULL,
	"token" text COLLATE "C" NOT NULL,
	"documents" text COLLATE "C" NOT NULL,
	CONSTRAINT "search_postings_block_token_pk" PRIMARY KEY("block","token")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "search_documents_record_id" ON "search_documents" USING btree ("record_id");
--> statement-breakpoint
-- Rows are written over and over while their block is the newest: room on their page keeps the key's index still.
ALTER TABLE "search_postings" SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.05);
--> statement-breakpoint
-- Words from before cannot be indexed here: the mark says from where on the service still has to.
INSERT INTO "marks" ("name", "value", "updated_at") SELECT 'search', '{"kind":"jurisdiction","after":null}', now() WHERE EXISTS (SELECT 1 FROM "changes");
