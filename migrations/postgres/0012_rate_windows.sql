CREATE TABLE "rate_windows" (
	"client" text COLLATE "C" PRIMARY KEY NOT NULL,
	"taken" bigint NOT NULL,
	"ends_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE INDEX "rate_windows_ends_at" ON "rate_windows" USING btree ("ends_at");