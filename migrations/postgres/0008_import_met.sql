CREATE TABLE "import_met" (
	"importer" text COLLATE "C" NOT NULL,
	"collection" text COLLATE "C" NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"record_id" text COLLATE "C" NOT NULL,
	"run_id" text COLLATE "C" NOT NULL,
	CONSTRAINT "import_met_importer_collection_kind_record_id_pk" PRIMARY KEY("importer","collection","kind","record_id")
);
--> statement-breakpoint
ALTER TABLE "import_runs" ADD COLUMN "left_out" json;--> statement-breakpoint
ALTER TABLE "import_runs" ADD COLUMN "disappeared" json;