DROP TABLE "change_subjects";
--> statement-breakpoint
CREATE TABLE "change_subjects" (
	"subject_id" uuid NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"seq" bigint NOT NULL,
	CONSTRAINT "change_subjects_subject_id_kind_seq_pk" PRIMARY KEY("subject_id","kind","seq")
);
--> statement-breakpoint
-- What changes from before concern is taken from the records as they stand.
CREATE TABLE "belonging" (
	"record_id" uuid NOT NULL,
	"jurisdiction_id" uuid NOT NULL
);
--> statement-breakpoint
INSERT INTO "belonging" ("record_id", "jurisdiction_id") SELECT "id", "id" FROM "jurisdictions";
--> statement-breakpoint
INSERT INTO "belonging" ("record_id", "jurisdiction_id") SELECT "id", "jurisdiction_id" FROM "organizations" WHERE "jurisdiction_id" IS NOT NULL;
--> statement-breakpoint
INSERT INTO "belonging" ("record_id", "jurisdiction_id") SELECT "id", "jurisdiction_id" FROM "policies";
--> statement-breakpoint
INSERT INTO "belonging" ("record_id", "jurisdiction_id") SELECT "id", "jurisdiction_id" FROM "memberships" WHERE "organization_id" IS NULL AND "jurisdiction_id" IS NOT NULL;
--> statement-breakpoint
CREATE INDEX "belonging_record_id" ON "belonging" ("record_id");
--> statement-breakpoint
INSERT INTO "belonging" ("record_id", "jurisdiction_id") SELECT part."id", whole."jurisdiction_id" FROM "memberships" part JOIN "belonging" whole ON whole."record_id" = part."organization_id";
--> statement-breakpoint
INSERT INTO "belonging" ("record_id", "jurisdiction_id") SELECT DISTINCT office."official_id", place."jurisdiction_id" FROM "memberships" office JOIN "belonging" place ON place."record_id" = office."id" WHERE office."deleted_at" IS NULL;
--> statement-breakpoint
INSERT INTO "belonging" ("record_id", "jurisdiction_id") SELECT part."id", whole."jurisdiction_id" FROM "meetings" part JOIN "belonging" whole ON whole."record_id" = part."organization_id";
--> statement-breakpoint
INSERT INTO "belonging" ("record_id", "jurisdiction_id") SELECT part."id", whole."jurisdiction_id" FROM "statements" part JOIN "belonging" whole ON whole."record_id" = part."organization_id";
--> statement-breakpoint
INSERT INTO "belonging" ("record_id", "jurisdiction_id") SELECT part."id", whole."jurisdiction_id" FROM "statements" part JOIN "belonging" whole ON whole."record_id" = part."official_id" WHERE part."organization_id" IS NULL;
--> statement-breakpoint
INSERT INTO "belonging" ("record_id", "jurisdiction_id") SELECT part."id", whole."jurisdiction_id" FROM "actions" part JOIN "belonging" whole ON whole."record_id" = part."policy_id";
--> statement-breakpoint
INSERT INTO "belonging" ("record_id", "jurisdiction_id") SELECT part."id", whole."jurisdiction_id" FROM "provisions" part JOIN "belonging" whole ON whole."record_id" = part."policy_id";
--> statement-breakpoint
INSERT INTO "belonging" ("record_id", "jurisdiction_id") SELECT part."id", whole."jurisdiction_id" FROM "policy_versions" part JOIN "belonging" whole ON whole."record_id" = part."policy_id";
--> statement-breakpoint
INSERT INTO "belonging" ("record_id", "jurisdiction_id") SELECT part."id", whole."jurisdiction_id" FROM "documents" part JOIN "belonging" whole ON whole."record_id" = part."policy_id";
--> statement-breakpoint
INSERT INTO "belonging" ("record_id", "jurisdiction_id") SELECT part."id", whole."jurisdiction_id" FROM "sponsorships" part JOIN "belonging" whole ON whole."record_id" = part."policy_id";
--> statement-breakpoint
INSERT INTO "belonging" ("record_id", "jurisdiction_id") SELECT part."id", whole."jurisdiction_id" FROM "vote_events" part JOIN "belonging" whole ON whole."record_id" = part."policy_id";
--> statement-breakpoint
INSERT INTO "belonging" ("record_id", "jurisdiction_id") SELECT part."id", whole."jurisdiction_id" FROM "documents" part JOIN "belonging" whole ON whole."record_id" = part."meeting_id" WHERE part."policy_id" IS NULL;
--> statement-breakpoint
INSERT INTO "belonging" ("record_id", "jurisdiction_id") SELECT part."id", whole."jurisdiction_id" FROM "relations" part JOIN "belonging" whole ON whole."record_id" = part."subject_id";
--> statement-breakpoint
INSERT INTO "belonging" ("record_id", "jurisdiction_id") SELECT part."id", whole."jurisdiction_id" FROM "statement_reports" part JOIN "belonging" whole ON whole."record_id" = part."statement_id";
--> statement-breakpoint
INSERT INTO "belonging" ("record_id", "jurisdiction_id") SELECT part."id", whole."jurisdiction_id" FROM "stances" part JOIN "belonging" whole ON whole."record_id" = part."statement_id";
--> statement-breakpoint
INSERT INTO "belonging" ("record_id", "jurisdiction_id") SELECT part."id", whole."jurisdiction_id" FROM "citations" part JOIN "belonging" whole ON whole."record_id" = part."record_id";
--> statement-breakpoint
INSERT INTO "change_subjects" ("subject_id", "kind", "seq")
SELECT place."jurisdiction_id", change."kind", change."seq" FROM "changes" change JOIN "belonging" place ON place."record_id" = change."record_id"
UNION SELECT part."policy_id", change."kind", change."seq" FROM "changes" change JOIN "actions" part ON part."id" = change."record_id"
UNION SELECT part."policy_id", change."kind", change."seq" FROM "changes" change JOIN "provisions" part ON part."id" = change."record_id"
UNION SELECT part."policy_id", change."kind", change."seq" FROM "changes" change JOIN "policy_versions" part ON part."id" = change."record_id"
UNION SELECT part."policy_id", change."kind", change."seq" FROM "changes" change JOIN "documents" part ON part."id" = change."record_id" WHERE part."policy_id" IS NOT NULL
UNION SELECT part."policy_id", change."kind", change."seq" FROM "changes" change JOIN "sponsorships" part ON part."id" = change."record_id"
UNION SELECT part."policy_id", change."kind", change."seq" FROM "changes" change JOIN "vote_events" part ON part."id" = change."record_id"
UNION SELECT part."meeting_id", change."kind", change."seq" FROM "changes" change JOIN "documents" part ON part."id" = change."record_id" WHERE part."meeting_id" IS NOT NULL
UNION SELECT part."subject_id", change."kind", change."seq" FROM "changes" change JOIN "relations" part ON part."id" = change."record_id"
UNION SELECT part."object_id", change."kind", change."seq" FROM "changes" change JOIN "relations" part ON part."id" = change."record_id"
UNION SELECT part."statement_id", change."kind", change."seq" FROM "changes" change JOIN "statement_reports" part ON part."id" = change."record_id"
UNION SELECT part."statement_id", change."kind", change."seq" FROM "changes" change JOIN "stances" part ON part."id" = change."record_id"
UNION SELECT part."record_id", change."kind", change."seq" FROM "changes" change JOIN "citations" part ON part."id" = change."record_id";
--> statement-breakpoint
DROP TABLE "belonging";
