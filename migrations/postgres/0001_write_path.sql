CREATE TABLE "change_subjects" (
	"subject_id" uuid NOT NULL,
	"seq" bigint NOT NULL,
	CONSTRAINT "change_subjects_subject_id_seq_pk" PRIMARY KEY("subject_id","seq")
);
--> statement-breakpoint
CREATE TABLE "redirects" (
	"old_id" uuid PRIMARY KEY NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"new_id" uuid NOT NULL,
	"first_seq" bigint NOT NULL,
	"last_seq" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "key_writes" (
	"key_id" uuid NOT NULL,
	"day" text COLLATE "C" NOT NULL,
	"writes" bigint NOT NULL,
	CONSTRAINT "key_writes_key_id_day_pk" PRIMARY KEY("key_id","day")
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"api_key_id" uuid NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"request_sha256" text COLLATE "C" NOT NULL,
	"status" bigint NOT NULL,
	"headers" json NOT NULL,
	"body" text COLLATE "C" NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_api_key_id_key_pk" PRIMARY KEY("api_key_id","key")
);
--> statement-breakpoint
CREATE TABLE "marks" (
	"name" text COLLATE "C" PRIMARY KEY NOT NULL,
	"value" json NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "jurisdiction_ids" json;--> statement-breakpoint
ALTER TABLE "api_keys" ADD COLUMN "daily_writes" bigint;--> statement-breakpoint
CREATE INDEX "redirects_new_id" ON "redirects" USING btree ("new_id");--> statement-breakpoint
CREATE INDEX "idempotency_keys_created_at" ON "idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "changes_kind" ON "changes" USING btree ("kind","seq");--> statement-breakpoint
CREATE INDEX "changes_at" ON "changes" USING btree ("at","seq");