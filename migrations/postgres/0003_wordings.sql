CREATE TABLE "wordings" (
	"number" bigint PRIMARY KEY NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"record_id" uuid NOT NULL
);
--> statement-breakpoint
CREATE TABLE "wording_shingles" (
	"shingle" bigint NOT NULL,
	"wording" bigint NOT NULL,
	CONSTRAINT "wording_shingles_shingle_wording_pk" PRIMARY KEY("shingle","wording")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "wordings_record_id" ON "wordings" USING btree ("record_id");
--> statement-breakpoint
-- Wordings from before cannot be indexed here: the mark says from where on the service still has to.
INSERT INTO "marks" ("name", "value", "updated_at") SELECT 'wordings', '{"kind":"statement","after":null}', now() WHERE EXISTS (SELECT 1 FROM "statements");
