CREATE TABLE "import_runs" (
	"id" uuid PRIMARY KEY NOT NULL,
	"importer" text COLLATE "C" NOT NULL,
	"input" text COLLATE "C" NOT NULL,
	"status" text COLLATE "C" NOT NULL,
	"actor" text COLLATE "C" NOT NULL,
	"reason" text COLLATE "C",
	"strict" boolean NOT NULL,
	"dry_run" boolean NOT NULL,
	"started_at" text COLLATE "C" NOT NULL,
	"ended_at" text COLLATE "C",
	"read" bigint NOT NULL,
	"counts" json NOT NULL,
	"failures" json NOT NULL,
	"unresolved_count" bigint NOT NULL,
	"unresolved" json NOT NULL,
	"error" text COLLATE "C",
	"jurisdictions" json NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"seq" bigint NOT NULL,
	"moved_seq" bigint NOT NULL,
	"sort_started_at" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "import_run_jurisdictions" (
	"import_run_id" uuid NOT NULL,
	"jurisdiction_id" uuid NOT NULL,
	CONSTRAINT "import_run_jurisdictions_import_run_id_jurisdiction_id_pk" PRIMARY KEY("import_run_id","jurisdiction_id")
);
--> statement-breakpoint
CREATE TABLE "import_pending" (
	"run_id" uuid NOT NULL,
	"position" bigint NOT NULL,
	"record_id" uuid NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"given_id" uuid,
	"file" text COLLATE "C" NOT NULL,
	"line" bigint,
	"body" json NOT NULL,
	"did" text COLLATE "C",
	CONSTRAINT "import_pending_run_id_position_pk" PRIMARY KEY("run_id","position")
);
--> statement-breakpoint
ALTER TABLE "import_run_jurisdictions" ADD CONSTRAINT "import_run_jurisdictions_import_run_id_import_runs_id_fk" FOREIGN KEY ("import_run_id") REFERENCES "public"."import_runs"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "import_run_jurisdictions" ADD CONSTRAINT "import_run_jurisdictions_jurisdiction_id_jurisdictions_id_fk" FOREIGN KEY ("jurisdiction_id") REFERENCES "public"."jurisdictions"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
CREATE INDEX "import_runs_sort_started_at" ON "import_runs" USING btree ("sort_started_at","id");--> statement-breakpoint
CREATE INDEX "import_runs_updated_at" ON "import_runs" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "import_runs_importer" ON "import_runs" USING btree ("importer","sort_started_at","id");--> statement-breakpoint
CREATE INDEX "import_runs_input" ON "import_runs" USING btree ("input","sort_started_at","id");--> statement-breakpoint
CREATE INDEX "import_runs_status" ON "import_runs" USING btree ("status","sort_started_at","id");--> statement-breakpoint
CREATE INDEX "import_runs_actor" ON "import_runs" USING btree ("actor","sort_started_at","id");--> statement-breakpoint
CREATE INDEX "import_run_jurisdictions_jurisdiction_id" ON "import_run_jurisdictions" USING btree ("jurisdiction_id","import_run_id");--> statement-breakpoint
CREATE INDEX "import_pending_record_id" ON "import_pending" USING btree ("run_id","record_id");