CREATE TABLE "conflicts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"record_type" text COLLATE "C" NOT NULL,
	"record_id" uuid NOT NULL,
	"field" text COLLATE "C" NOT NULL,
	"held" json,
	"values" json NOT NULL,
	"state" text COLLATE "C" NOT NULL,
	"basis" text COLLATE "C" NOT NULL,
	"reason" text COLLATE "C" NOT NULL,
	"sources" json NOT NULL,
	"jurisdictions" json NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"seq" bigint NOT NULL,
	"moved_seq" bigint NOT NULL,
	"sort_record" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "conflict_sources" (
	"conflict_id" uuid NOT NULL,
	"source_id" uuid NOT NULL,
	CONSTRAINT "conflict_sources_conflict_id_source_id_pk" PRIMARY KEY("conflict_id","source_id")
);
--> statement-breakpoint
CREATE TABLE "conflict_jurisdictions" (
	"conflict_id" uuid NOT NULL,
	"jurisdiction_id" uuid NOT NULL,
	CONSTRAINT "conflict_jurisdictions_conflict_id_jurisdiction_id_pk" PRIMARY KEY("conflict_id","jurisdiction_id")
);
--> statement-breakpoint
ALTER TABLE "conflict_sources" ADD CONSTRAINT "conflict_sources_conflict_id_conflicts_id_fk" FOREIGN KEY ("conflict_id") REFERENCES "public"."conflicts"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "conflict_sources" ADD CONSTRAINT "conflict_sources_source_id_sources_id_fk" FOREIGN KEY ("source_id") REFERENCES "public"."sources"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "conflict_jurisdictions" ADD CONSTRAINT "conflict_jurisdictions_conflict_id_conflicts_id_fk" FOREIGN KEY ("conflict_id") REFERENCES "public"."conflicts"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "conflict_jurisdictions" ADD CONSTRAINT "conflict_jurisdictions_jurisdiction_id_jurisdictions_id_fk" FOREIGN KEY ("jurisdiction_id") REFERENCES "public"."jurisdictions"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
CREATE INDEX "conflicts_sort_record" ON "conflicts" USING btree ("sort_record","id");--> statement-breakpoint
CREATE INDEX "conflicts_updated_at" ON "conflicts" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "conflicts_record_type" ON "conflicts" USING btree ("record_type","updated_at","id");--> statement-breakpoint
CREATE INDEX "conflicts_record_id" ON "conflicts" USING btree ("record_id","updated_at","id");--> statement-breakpoint
CREATE INDEX "conflicts_field" ON "conflicts" USING btree ("field","updated_at","id");--> statement-breakpoint
CREATE INDEX "conflicts_state" ON "conflicts" USING btree ("state","updated_at","id");--> statement-breakpoint
CREATE INDEX "conflicts_basis" ON "conflicts" USING btree ("basis","updated_at","id");--> statement-breakpoint
CREATE INDEX "conflict_sources_source_id" ON "conflict_sources" USING btree ("source_id","conflict_id");--> statement-breakpoint
CREATE INDEX "conflict_jurisdictions_jurisdiction_id" ON "conflict_jurisdictions" USING btree ("jurisdiction_id","conflict_id");
--> statement-breakpoint
-- What sources say cannot be judged here: the mark says from where on the service still has to.
INSERT INTO "marks" ("name", "value", "updated_at") SELECT 'conflicts', '{"after":null}', now() WHERE EXISTS (SELECT 1 FROM "citations");
