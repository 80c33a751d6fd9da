CREATE TABLE "jurisdictions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"classification" text COLLATE "C" NOT NULL,
	"division_id" text COLLATE "C",
	"same_as" json NOT NULL,
	"parent_id" uuid,
	"website" text COLLATE "C",
	"timezone" text COLLATE "C",
	"population" bigint,
	"identifiers" json NOT NULL,
	"links" json NOT NULL,
	"version" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"seq" bigint NOT NULL,
	"moved_seq" bigint NOT NULL,
	"sort_name" text COLLATE "C" NOT NULL,
	"sort_population" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "organizations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"classification" text COLLATE "C",
	"jurisdiction_id" uuid,
	"parent_id" uuid,
	"other_names" json NOT NULL,
	"founded_on" text COLLATE "C",
	"dissolved_on" text COLLATE "C",
	"identifiers" json NOT NULL,
	"links" json NOT NULL,
	"version" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"seq" bigint NOT NULL,
	"moved_seq" bigint NOT NULL,
	"sort_name" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "officials" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"given_name" text COLLATE "C",
	"family_name" text COLLATE "C",
	"honorific" text COLLATE "C",
	"other_names" json NOT NULL,
	"birth_date" text COLLATE "C",
	"death_date" text COLLATE "C",
	"image_url" text COLLATE "C",
	"biography" text COLLATE "C",
	"contact_details" json NOT NULL,
	"identifiers" json NOT NULL,
	"links" json NOT NULL,
	"version" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"seq" bigint NOT NULL,
	"moved_seq" bigint NOT NULL,
	"sort_name" text COLLATE "C" NOT NULL,
	"sort_family_name" text COLLATE "C" NOT NULL,
	"sort_birth_date" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "memberships" (
	"id" uuid PRIMARY KEY NOT NULL,
	"official_id" uuid NOT NULL,
	"organization_id" uuid,
	"jurisdiction_id" uuid,
	"role" text COLLATE "C",
	"role_raw" text COLLATE "C",
	"seat" text COLLATE "C",
	"party" text COLLATE "C",
	"standing" text COLLATE "C",
	"start_date" text COLLATE "C",
	"end_date" text COLLATE "C",
	"end_reason" text COLLATE "C",
	"identifiers" json NOT NULL,
	"version" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"seq" bigint NOT NULL,
	"moved_seq" bigint NOT NULL,
	"sort_start_date" text COLLATE "C" NOT NULL,
	"sort_role" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "topics" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"description" text COLLATE "C",
	"parent_id" uuid,
	"scheme" text COLLATE "C" NOT NULL,
	"code" text COLLATE "C",
	"identifiers" json NOT NULL,
	"links" json NOT NULL,
	"version" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"seq" bigint NOT NULL,
	"moved_seq" bigint NOT NULL,
	"sort_name" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "policies" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text COLLATE "C" NOT NULL,
	"type" text COLLATE "C" NOT NULL,
	"type_raw" text COLLATE "C",
	"identifier" text COLLATE "C",
	"title" text COLLATE "C" NOT NULL,
	"short_title" text COLLATE "C",
	"summary" text COLLATE "C",
	"jurisdiction_id" uuid NOT NULL,
	"organization_id" uuid,
	"parent_id" uuid,
	"session" text COLLATE "C",
	"status" text COLLATE "C" NOT NULL,
	"status_raw" text COLLATE "C",
	"status_basis" text COLLATE "C",
	"status_as_of" text COLLATE "C",
	"introduced_on" text COLLATE "C",
	"adopted_on" text COLLATE "C",
	"signed_on" text COLLATE "C",
	"effective_on" text COLLATE "C",
	"effective_condition" text COLLATE "C",
	"final_action_on" text COLLATE "C",
	"expires_on" text COLLATE "C",
	"repealed_on" text COLLATE "C",
	"law_number" text COLLATE "C",
	"language" text COLLATE "C",
	"topics" json NOT NULL,
	"identifiers" json NOT NULL,
	"links" json NOT NULL,
	"version" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"seq" bigint NOT NULL,
	"moved_seq" bigint NOT NULL,
	"sort_date" text COLLATE "C" NOT NULL,
	"sort_introduced_on" text COLLATE "C" NOT NULL,
	"sort_adopted_on" text COLLATE "C" NOT NULL,
	"sort_effective_on" text COLLATE "C" NOT NULL,
	"sort_title" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "actions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"policy_id" uuid NOT NULL,
	"position" bigint,
	"date" text COLLATE "C",
	"date_basis" text COLLATE "C",
	"description" text COLLATE "C" NOT NULL,
	"classification" json NOT NULL,
	"organization_id" uuid,
	"official_id" uuid,
	"result" text COLLATE "C",
	"status_after" text COLLATE "C",
	"identifiers" json NOT NULL,
	"links" json NOT NULL,
	"version" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"seq" bigint NOT NULL,
	"moved_seq" bigint NOT NULL,
	"sort_date" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "measures" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"description" text COLLATE "C",
	"topic_id" uuid,
	"identifiers" json NOT NULL,
	"version" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"seq" bigint NOT NULL,
	"moved_seq" bigint NOT NULL,
	"sort_name" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "provisions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"policy_id" uuid NOT NULL,
	"parent_id" uuid,
	"position" bigint,
	"number" text COLLATE "C",
	"heading" text COLLATE "C",
	"text" text COLLATE "C" NOT NULL,
	"effect" text COLLATE "C",
	"measure_id" uuid,
	"identifiers" json NOT NULL,
	"version" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"seq" bigint NOT NULL,
	"moved_seq" bigint NOT NULL,
	"sort_position" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "policy_versions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"policy_id" uuid NOT NULL,
	"classification" text COLLATE "C",
	"label" text COLLATE "C",
	"date" text COLLATE "C",
	"text" text COLLATE "C",
	"media_type" text COLLATE "C",
	"url" text COLLATE "C",
	"sha256" text COLLATE "C",
	"language" text COLLATE "C",
	"identifiers" json NOT NULL,
	"version" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"seq" bigint NOT NULL,
	"moved_seq" bigint NOT NULL,
	"sort_date" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "meetings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"organization_id" uuid NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"date" text COLLATE "C",
	"date_basis" text COLLATE "C",
	"status" text COLLATE "C",
	"location" text COLLATE "C",
	"url" text COLLATE "C",
	"agenda" json NOT NULL,
	"identifiers" json NOT NULL,
	"links" json NOT NULL,
	"version" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"seq" bigint NOT NULL,
	"moved_seq" bigint NOT NULL,
	"sort_date" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "documents" (
	"id" uuid PRIMARY KEY NOT NULL,
	"policy_id" uuid,
	"meeting_id" uuid,
	"name" text COLLATE "C" NOT NULL,
	"classification" text COLLATE "C",
	"date" text COLLATE "C",
	"url" text COLLATE "C",
	"media_type" text COLLATE "C",
	"identifiers" json NOT NULL,
	"version" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"seq" bigint NOT NULL,
	"moved_seq" bigint NOT NULL,
	"sort_date" text COLLATE "C" NOT NULL,
	"sort_name" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sponsorships" (
	"id" uuid PRIMARY KEY NOT NULL,
	"policy_id" uuid NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"official_id" uuid,
	"organization_id" uuid,
	"classification" text COLLATE "C",
	"position" bigint,
	"date" text COLLATE "C",
	"withdrawn_on" text COLLATE "C",
	"identifiers" json NOT NULL,
	"version" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"seq" bigint NOT NULL,
	"moved_seq" bigint NOT NULL,
	"sort_position" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "relations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"subject_id" uuid NOT NULL,
	"object_id" uuid NOT NULL,
	"type" text COLLATE "C" NOT NULL,
	"note" text COLLATE "C",
	"effective_on" text COLLATE "C",
	"basis" text COLLATE "C",
	"identifiers" json NOT NULL,
	"version" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"seq" bigint NOT NULL,
	"moved_seq" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "vote_events" (
	"id" uuid PRIMARY KEY NOT NULL,
	"policy_id" uuid NOT NULL,
	"action_id" uuid,
	"organization_id" uuid,
	"date" text COLLATE "C",
	"date_basis" text COLLATE "C",
	"motion" text COLLATE "C",
	"result" text COLLATE "C",
	"method" text COLLATE "C" NOT NULL,
	"counts" json NOT NULL,
	"votes" json NOT NULL,
	"computed_counts" json NOT NULL,
	"counts_match" boolean,
	"identifiers" json NOT NULL,
	"links" json NOT NULL,
	"version" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"seq" bigint NOT NULL,
	"moved_seq" bigint NOT NULL,
	"sort_date" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "publishers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"domain" text COLLATE "C",
	"kind" text COLLATE "C" NOT NULL,
	"owner_group" text COLLATE "C",
	"identifiers" json NOT NULL,
	"links" json NOT NULL,
	"version" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"seq" bigint NOT NULL,
	"moved_seq" bigint NOT NULL,
	"sort_name" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sources" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text COLLATE "C" NOT NULL,
	"publisher_id" uuid,
	"kind" text COLLATE "C" NOT NULL,
	"title" text COLLATE "C" NOT NULL,
	"author" text COLLATE "C",
	"url" text COLLATE "C",
	"archive_url" text COLLATE "C",
	"published_on" text COLLATE "C",
	"published_on_basis" text COLLATE "C",
	"retrieved_at" text COLLATE "C",
	"sha256" text COLLATE "C",
	"length" bigint,
	"language" text COLLATE "C",
	"licence" text COLLATE "C",
	"derived_from_id" uuid,
	"status" text COLLATE "C" NOT NULL,
	"note" text COLLATE "C",
	"text" text COLLATE "C",
	"identifiers" json NOT NULL,
	"links" json NOT NULL,
	"version" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"seq" bigint NOT NULL,
	"moved_seq" bigint NOT NULL,
	"sort_published_on" text COLLATE "C" NOT NULL,
	"sort_title" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "statements" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text COLLATE "C" NOT NULL,
	"official_id" uuid,
	"organization_id" uuid,
	"speaker_name" text COLLATE "C",
	"speaker_role" text COLLATE "C",
	"text" text COLLATE "C",
	"text_basis" text COLLATE "C",
	"summary" text COLLATE "C",
	"kind" text COLLATE "C",
	"said_on" text COLLATE "C",
	"said_on_basis" text COLLATE "C",
	"venue" text COLLATE "C",
	"language" text COLLATE "C",
	"agreement" text COLLATE "C" NOT NULL,
	"agreement_reason" text COLLATE "C" NOT NULL,
	"report_count" bigint NOT NULL,
	"publisher_count" bigint NOT NULL,
	"identifiers" json NOT NULL,
	"links" json NOT NULL,
	"version" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"seq" bigint NOT NULL,
	"moved_seq" bigint NOT NULL,
	"sort_said_on" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "statement_reports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"statement_id" uuid NOT NULL,
	"source_id" uuid NOT NULL,
	"outlet_id" uuid,
	"quoted_text" text COLLATE "C",
	"attribution_text" text COLLATE "C",
	"speaker_as_printed" text COLLATE "C",
	"said_on" text COLLATE "C",
	"form" text COLLATE "C" NOT NULL,
	"selector" json,
	"report_status" text COLLATE "C" NOT NULL,
	"note" text COLLATE "C",
	"similarity" double precision,
	"same_wording" boolean,
	"identifiers" json NOT NULL,
	"version" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"seq" bigint NOT NULL,
	"moved_seq" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "stances" (
	"id" uuid PRIMARY KEY NOT NULL,
	"statement_id" uuid NOT NULL,
	"policy_id" uuid,
	"topic_id" uuid,
	"jurisdiction_id" uuid,
	"official_id" uuid,
	"target_statement_id" uuid,
	"relation" text COLLATE "C" NOT NULL,
	"stance" text COLLATE "C",
	"basis" text COLLATE "C",
	"identifiers" json NOT NULL,
	"version" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"seq" bigint NOT NULL,
	"moved_seq" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "citations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"record_type" text COLLATE "C" NOT NULL,
	"record_id" uuid NOT NULL,
	"field" text COLLATE "C" NOT NULL,
	"value" json,
	"source_id" uuid NOT NULL,
	"selector" json,
	"rank" text COLLATE "C" NOT NULL,
	"basis" text COLLATE "C",
	"method" text COLLATE "C" NOT NULL,
	"note" text COLLATE "C",
	"identifiers" json NOT NULL,
	"version" bigint NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"seq" bigint NOT NULL,
	"moved_seq" bigint NOT NULL,
	"sort_field" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "votes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"vote_event_id" uuid NOT NULL,
	"policy_id" uuid NOT NULL,
	"date" text COLLATE "C",
	"position" bigint,
	"name" text COLLATE "C" NOT NULL,
	"official_id" uuid,
	"option" text COLLATE "C" NOT NULL,
	"option_raw" text COLLATE "C",
	"reason" text COLLATE "C",
	"updated_at" timestamp (3) with time zone NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	"seq" bigint NOT NULL,
	"moved_seq" bigint NOT NULL,
	"sort_date" text COLLATE "C" NOT NULL
);
--> statement-breakpoint
CREATE TABLE "policy_topics" (
	"policy_id" uuid NOT NULL,
	"topic_id" uuid NOT NULL,
	CONSTRAINT "policy_topics_policy_id_topic_id_pk" PRIMARY KEY("policy_id","topic_id")
);
--> statement-breakpoint
CREATE TABLE "action_classifications" (
	"action_id" uuid NOT NULL,
	"word" text COLLATE "C" NOT NULL,
	CONSTRAINT "action_classifications_action_id_word_pk" PRIMARY KEY("action_id","word")
);
--> statement-breakpoint
CREATE TABLE "agenda_items" (
	"meeting_id" uuid NOT NULL,
	"ordinal" bigint NOT NULL,
	"policy_id" uuid,
	CONSTRAINT "agenda_items_meeting_id_ordinal_pk" PRIMARY KEY("meeting_id","ordinal")
);
--> statement-breakpoint
CREATE TABLE "identifiers" (
	"kind" text COLLATE "C" NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"record_id" uuid NOT NULL,
	CONSTRAINT "identifiers_kind_name_pk" PRIMARY KEY("kind","name")
);
--> statement-breakpoint
CREATE TABLE "changes" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"kind" text COLLATE "C" NOT NULL,
	"record_id" uuid NOT NULL,
	"op" text COLLATE "C" NOT NULL,
	"version" bigint NOT NULL,
	"changed_fields" json NOT NULL,
	"actor" text COLLATE "C" NOT NULL,
	"reason" text COLLATE "C",
	"content" json NOT NULL
);
--> statement-breakpoint
CREATE TABLE "sort_moves" (
	"kind" text COLLATE "C" NOT NULL,
	"sort" text COLLATE "C" NOT NULL,
	"key" text COLLATE "C" NOT NULL,
	"record_id" uuid NOT NULL,
	"since" bigint NOT NULL,
	"until" bigint NOT NULL,
	CONSTRAINT "sort_moves_record_id_sort_until_pk" PRIMARY KEY("record_id","sort","until")
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text COLLATE "C" NOT NULL,
	"prefix" text COLLATE "C" NOT NULL,
	"secret_sha256" text COLLATE "C" NOT NULL,
	"scopes" json NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "jurisdictions" ADD CONSTRAINT "jurisdictions_parent_id_jurisdictions_id_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."jurisdictions"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "organizations" ADD CONSTRAINT "organizations_jurisdiction_id_jurisdictions_id_fk" FOREIGN KEY ("jurisdiction_id") REFERENCES "public"."jurisdictions"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "organizations" ADD CONSTRAINT "organizations_parent_id_organizations_id_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_official_id_officials_id_fk" FOREIGN KEY ("official_id") REFERENCES "public"."officials"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "memberships" ADD CONSTRAINT "memberships_jurisdiction_id_jurisdictions_id_fk" FOREIGN KEY ("jurisdiction_id") REFERENCES "public"."jurisdictions"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "topics" ADD CONSTRAINT "topics_parent_id_topics_id_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."topics"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "policies" ADD CONSTRAINT "policies_jurisdiction_id_jurisdictions_id_fk" FOREIGN KEY ("jurisdiction_id") REFERENCES "public"."jurisdictions"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "policies" ADD CONSTRAINT "policies_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "policies" ADD CONSTRAINT "policies_parent_id_policies_id_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."policies"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "actions" ADD CONSTRAINT "actions_policy_id_policies_id_fk" FOREIGN KEY ("policy_id") REFERENCES "public"."policies"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "actions" ADD CONSTRAINT "actions_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "actions" ADD CONSTRAINT "actions_official_id_officials_id_fk" FOREIGN KEY ("official_id") REFERENCES "public"."officials"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "measures" ADD CONSTRAINT "measures_topic_id_topics_id_fk" FOREIGN KEY ("topic_id") REFERENCES "public"."topics"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "provisions" ADD CONSTRAINT "provisions_policy_id_policies_id_fk" FOREIGN KEY ("policy_id") REFERENCES "public"."policies"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "provisions" ADD CONSTRAINT "provisions_parent_id_provisions_id_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."provisions"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "provisions" ADD CONSTRAINT "provisions_measure_id_measures_id_fk" FOREIGN KEY ("measure_id") REFERENCES "public"."measures"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "policy_versions" ADD CONSTRAINT "policy_versions_policy_id_policies_id_fk" FOREIGN KEY ("policy_id") REFERENCES "public"."policies"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "meetings" ADD CONSTRAINT "meetings_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_policy_id_policies_id_fk" FOREIGN KEY ("policy_id") REFERENCES "public"."policies"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "documents" ADD CONSTRAINT "documents_meeting_id_meetings_id_fk" FOREIGN KEY ("meeting_id") REFERENCES "public"."meetings"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "sponsorships" ADD CONSTRAINT "sponsorships_policy_id_policies_id_fk" FOREIGN KEY ("policy_id") REFERENCES "public"."policies"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "sponsorships" ADD CONSTRAINT "sponsorships_official_id_officials_id_fk" FOREIGN KEY ("official_id") REFERENCES "public"."officials"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "sponsorships" ADD CONSTRAINT "sponsorships_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "relations" ADD CONSTRAINT "relations_subject_id_policies_id_fk" FOREIGN KEY ("subject_id") REFERENCES "public"."policies"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "relations" ADD CONSTRAINT "relations_object_id_policies_id_fk" FOREIGN KEY ("object_id") REFERENCES "public"."policies"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "vote_events" ADD CONSTRAINT "vote_events_policy_id_policies_id_fk" FOREIGN KEY ("policy_id") REFERENCES "public"."policies"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "vote_events" ADD CONSTRAINT "vote_events_action_id_actions_id_fk" FOREIGN KEY ("action_id") REFERENCES "public"."actions"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "vote_events" ADD CONSTRAINT "vote_events_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "sources" ADD CONSTRAINT "sources_publisher_id_publishers_id_fk" FOREIGN KEY ("publisher_id") REFERENCES "public"."publishers"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "sources" ADD CONSTRAINT "sources_derived_from_id_sources_id_fk" FOREIGN KEY ("derived_from_id") REFERENCES "public"."sources"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "statements" ADD CONSTRAINT "statements_official_id_officials_id_fk" FOREIGN KEY ("official_id") REFERENCES "public"."officials"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "statements" ADD CONSTRAINT "statements_organization_id_organizations_id_fk" FOREIGN KEY ("organization_id") REFERENCES "public"."organizations"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "statement_reports" ADD CONSTRAINT "statement_reports_statement_id_statements_id_fk" FOREIGN KEY ("statement_id") REFERENCES "public"."statements"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "statement_reports" ADD CONSTRAINT "statement_reports_source_id_sources_id_fk" FOREIGN KEY ("source_id") REFERENCES "public"."sources"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "statement_reports" ADD CONSTRAINT "statement_reports_outlet_id_publishers_id_fk" FOREIGN KEY ("outlet_id") REFERENCES "public"."publishers"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "stances" ADD CONSTRAINT "stances_statement_id_statements_id_fk" FOREIGN KEY ("statement_id") REFERENCES "public"."statements"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "stances" ADD CONSTRAINT "stances_policy_id_policies_id_fk" FOREIGN KEY ("policy_id") REFERENCES "public"."policies"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "stances" ADD CONSTRAINT "stances_topic_id_topics_id_fk" FOREIGN KEY ("topic_id") REFERENCES "public"."topics"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "stances" ADD CONSTRAINT "stances_jurisdiction_id_jurisdictions_id_fk" FOREIGN KEY ("jurisdiction_id") REFERENCES "public"."jurisdictions"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "stances" ADD CONSTRAINT "stances_official_id_officials_id_fk" FOREIGN KEY ("official_id") REFERENCES "public"."officials"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "stances" ADD CONSTRAINT "stances_target_statement_id_statements_id_fk" FOREIGN KEY ("target_statement_id") REFERENCES "public"."statements"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "citations" ADD CONSTRAINT "citations_source_id_sources_id_fk" FOREIGN KEY ("source_id") REFERENCES "public"."sources"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "votes" ADD CONSTRAINT "votes_vote_event_id_vote_events_id_fk" FOREIGN KEY ("vote_event_id") REFERENCES "public"."vote_events"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "votes" ADD CONSTRAINT "votes_policy_id_policies_id_fk" FOREIGN KEY ("policy_id") REFERENCES "public"."policies"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "votes" ADD CONSTRAINT "votes_official_id_officials_id_fk" FOREIGN KEY ("official_id") REFERENCES "public"."officials"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "policy_topics" ADD CONSTRAINT "policy_topics_policy_id_policies_id_fk" FOREIGN KEY ("policy_id") REFERENCES "public"."policies"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "policy_topics" ADD CONSTRAINT "policy_topics_topic_id_topics_id_fk" FOREIGN KEY ("topic_id") REFERENCES "public"."topics"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "action_classifications" ADD CONSTRAINT "action_classifications_action_id_actions_id_fk" FOREIGN KEY ("action_id") REFERENCES "public"."actions"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "agenda_items" ADD CONSTRAINT "agenda_items_meeting_id_meetings_id_fk" FOREIGN KEY ("meeting_id") REFERENCES "public"."meetings"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
ALTER TABLE "agenda_items" ADD CONSTRAINT "agenda_items_policy_id_policies_id_fk" FOREIGN KEY ("policy_id") REFERENCES "public"."policies"("id") ON DELETE no action ON UPDATE no action DEFERRABLE INITIALLY IMMEDIATE;--> statement-breakpoint
CREATE INDEX "jurisdictions_sort_name" ON "jurisdictions" USING btree ("sort_name","id");--> statement-breakpoint
CREATE INDEX "jurisdictions_sort_population" ON "jurisdictions" USING btree ("sort_population","id");--> statement-breakpoint
CREATE INDEX "jurisdictions_created_at" ON "jurisdictions" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "jurisdictions_updated_at" ON "jurisdictions" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "jurisdictions_classification" ON "jurisdictions" USING btree ("classification","sort_name","id");--> statement-breakpoint
CREATE INDEX "jurisdictions_division_id" ON "jurisdictions" USING btree ("division_id","sort_name","id");--> statement-breakpoint
CREATE INDEX "jurisdictions_parent_id" ON "jurisdictions" USING btree ("parent_id","sort_name","id");--> statement-breakpoint
CREATE UNIQUE INDEX "jurisdictions_slug" ON "jurisdictions" USING btree ("slug");--> statement-breakpoint
CREATE INDEX "organizations_sort_name" ON "organizations" USING btree ("sort_name","id");--> statement-breakpoint
CREATE INDEX "organizations_created_at" ON "organizations" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "organizations_updated_at" ON "organizations" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "organizations_classification" ON "organizations" USING btree ("classification","sort_name","id");--> statement-breakpoint
CREATE INDEX "organizations_jurisdiction_id" ON "organizations" USING btree ("jurisdiction_id","sort_name","id");--> statement-breakpoint
CREATE INDEX "organizations_parent_id" ON "organizations" USING btree ("parent_id","sort_name","id");--> statement-breakpoint
CREATE UNIQUE INDEX "organizations_slug" ON "organizations" USING btree ("slug");--> statement-breakpoint
CREATE INDEX "officials_sort_name" ON "officials" USING btree ("sort_name","id");--> statement-breakpoint
CREATE INDEX "officials_sort_family_name" ON "officials" USING btree ("sort_family_name","id");--> statement-breakpoint
CREATE INDEX "officials_sort_birth_date" ON "officials" USING btree ("sort_birth_date","id");--> statement-breakpoint
CREATE INDEX "officials_created_at" ON "officials" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "officials_updated_at" ON "officials" USING btree ("updated_at","id");--> statement-breakpoint
CREATE UNIQUE INDEX "officials_slug" ON "officials" USING btree ("slug");--> statement-breakpoint
CREATE INDEX "memberships_sort_start_date" ON "memberships" USING btree ("sort_start_date","id");--> statement-breakpoint
CREATE INDEX "memberships_sort_role" ON "memberships" USING btree ("sort_role","id");--> statement-breakpoint
CREATE INDEX "memberships_created_at" ON "memberships" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "memberships_updated_at" ON "memberships" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "memberships_official_id" ON "memberships" USING btree ("official_id","sort_start_date","id");--> statement-breakpoint
CREATE INDEX "memberships_organization_id" ON "memberships" USING btree ("organization_id","sort_start_date","id");--> statement-breakpoint
CREATE INDEX "memberships_jurisdiction_id" ON "memberships" USING btree ("jurisdiction_id","sort_start_date","id");--> statement-breakpoint
CREATE INDEX "memberships_role" ON "memberships" USING btree ("role","sort_start_date","id");--> statement-breakpoint
CREATE INDEX "memberships_seat" ON "memberships" USING btree ("seat","sort_start_date","id");--> statement-breakpoint
CREATE INDEX "memberships_party" ON "memberships" USING btree ("party","sort_start_date","id");--> statement-breakpoint
CREATE INDEX "memberships_standing" ON "memberships" USING btree ("standing","sort_start_date","id");--> statement-breakpoint
CREATE INDEX "memberships_end_reason" ON "memberships" USING btree ("end_reason","sort_start_date","id");--> statement-breakpoint
CREATE INDEX "topics_sort_name" ON "topics" USING btree ("sort_name","id");--> statement-breakpoint
CREATE INDEX "topics_created_at" ON "topics" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "topics_updated_at" ON "topics" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "topics_parent_id" ON "topics" USING btree ("parent_id","sort_name","id");--> statement-breakpoint
CREATE INDEX "topics_scheme" ON "topics" USING btree ("scheme","sort_name","id");--> statement-breakpoint
CREATE INDEX "topics_code" ON "topics" USING btree ("code","sort_name","id");--> statement-breakpoint
CREATE UNIQUE INDEX "topics_slug" ON "topics" USING btree ("slug");--> statement-breakpoint
CREATE INDEX "policies_sort_date" ON "policies" USING btree ("sort_date","id");--> statement-breakpoint
CREATE INDEX "policies_sort_introduced_on" ON "policies" USING btree ("sort_introduced_on","id");--> statement-breakpoint
CREATE INDEX "policies_sort_adopted_on" ON "policies" USING btree ("sort_adopted_on","id");--> statement-breakpoint
CREATE INDEX "policies_sort_effective_on" ON "policies" USING btree ("sort_effective_on","id");--> statement-breakpoint
CREATE INDEX "policies_sort_title" ON "policies" USING btree ("sort_title","id");--> statement-breakpoint
CREATE INDEX "policies_created_at" ON "policies" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "policies_updated_at" ON "policies" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "policies_type" ON "policies" USING btree ("type","sort_date","id");--> statement-breakpoint
CREATE INDEX "policies_jurisdiction_id" ON "policies" USING btree ("jurisdiction_id","sort_date","id");--> statement-breakpoint
CREATE INDEX "policies_organization_id" ON "policies" USING btree ("organization_id","sort_date","id");--> statement-breakpoint
CREATE INDEX "policies_parent_id" ON "policies" USING btree ("parent_id","sort_date","id");--> statement-breakpoint
CREATE INDEX "policies_session" ON "policies" USING btree ("session","sort_date","id");--> statement-breakpoint
CREATE INDEX "policies_status" ON "policies" USING btree ("status","sort_date","id");--> statement-breakpoint
CREATE INDEX "policies_law_number" ON "policies" USING btree ("law_number","sort_date","id");--> statement-breakpoint
CREATE INDEX "policies_language" ON "policies" USING btree ("language","sort_date","id");--> statement-breakpoint
CREATE UNIQUE INDEX "policies_slug" ON "policies" USING btree ("slug");--> statement-breakpoint
CREATE INDEX "actions_sort_date" ON "actions" USING btree ("sort_date","id");--> statement-breakpoint
CREATE INDEX "actions_created_at" ON "actions" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "actions_updated_at" ON "actions" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "actions_policy_id" ON "actions" USING btree ("policy_id","sort_date","id");--> statement-breakpoint
CREATE INDEX "actions_organization_id" ON "actions" USING btree ("organization_id","sort_date","id");--> statement-breakpoint
CREATE INDEX "actions_official_id" ON "actions" USING btree ("official_id","sort_date","id");--> statement-breakpoint
CREATE INDEX "actions_result" ON "actions" USING btree ("result","sort_date","id");--> statement-breakpoint
CREATE INDEX "actions_status_after" ON "actions" USING btree ("status_after","sort_date","id");--> statement-breakpoint
CREATE INDEX "measures_sort_name" ON "measures" USING btree ("sort_name","id");--> statement-breakpoint
CREATE INDEX "measures_created_at" ON "measures" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "measures_updated_at" ON "measures" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "measures_topic_id" ON "measures" USING btree ("topic_id","sort_name","id");--> statement-breakpoint
CREATE UNIQUE INDEX "measures_slug" ON "measures" USING btree ("slug");--> statement-breakpoint
CREATE INDEX "provisions_sort_position" ON "provisions" USING btree ("sort_position","id");--> statement-breakpoint
CREATE INDEX "provisions_created_at" ON "provisions" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "provisions_updated_at" ON "provisions" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "provisions_policy_id" ON "provisions" USING btree ("policy_id","sort_position","id");--> statement-breakpoint
CREATE INDEX "provisions_parent_id" ON "provisions" USING btree ("parent_id","sort_position","id");--> statement-breakpoint
CREATE INDEX "provisions_effect" ON "provisions" USING btree ("effect","sort_position","id");--> statement-breakpoint
CREATE INDEX "provisions_measure_id" ON "provisions" USING btree ("measure_id","sort_position","id");--> statement-breakpoint
CREATE INDEX "policy_versions_sort_date" ON "policy_versions" USING btree ("sort_date","id");--> statement-breakpoint
CREATE INDEX "policy_versions_created_at" ON "policy_versions" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "policy_versions_updated_at" ON "policy_versions" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "policy_versions_policy_id" ON "policy_versions" USING btree ("policy_id","sort_date","id");--> statement-breakpoint
CREATE INDEX "policy_versions_classification" ON "policy_versions" USING btree ("classification","sort_date","id");--> statement-breakpoint
CREATE INDEX "policy_versions_language" ON "policy_versions" USING btree ("language","sort_date","id");--> statement-breakpoint
CREATE INDEX "meetings_sort_date" ON "meetings" USING btree ("sort_date","id");--> statement-breakpoint
CREATE INDEX "meetings_created_at" ON "meetings" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "meetings_updated_at" ON "meetings" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "meetings_organization_id" ON "meetings" USING btree ("organization_id","sort_date","id");--> statement-breakpoint
CREATE INDEX "meetings_status" ON "meetings" USING btree ("status","sort_date","id");--> statement-breakpoint
CREATE INDEX "documents_sort_date" ON "documents" USING btree ("sort_date","id");--> statement-breakpoint
CREATE INDEX "documents_sort_name" ON "documents" USING btree ("sort_name","id");--> statement-breakpoint
CREATE INDEX "documents_created_at" ON "documents" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "documents_updated_at" ON "documents" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "documents_policy_id" ON "documents" USING btree ("policy_id","sort_date","id");--> statement-breakpoint
CREATE INDEX "documents_meeting_id" ON "documents" USING btree ("meeting_id","sort_date","id");--> statement-breakpoint
CREATE INDEX "documents_classification" ON "documents" USING btree ("classification","sort_date","id");--> statement-breakpoint
CREATE INDEX "sponsorships_sort_position" ON "sponsorships" USING btree ("sort_position","id");--> statement-breakpoint
CREATE INDEX "sponsorships_created_at" ON "sponsorships" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "sponsorships_updated_at" ON "sponsorships" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "sponsorships_policy_id" ON "sponsorships" USING btree ("policy_id","sort_position","id");--> statement-breakpoint
CREATE INDEX "sponsorships_official_id" ON "sponsorships" USING btree ("official_id","sort_position","id");--> statement-breakpoint
CREATE INDEX "sponsorships_organization_id" ON "sponsorships" USING btree ("organization_id","sort_position","id");--> statement-breakpoint
CREATE INDEX "sponsorships_classification" ON "sponsorships" USING btree ("classification","sort_position","id");--> statement-breakpoint
CREATE INDEX "relations_created_at" ON "relations" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "relations_updated_at" ON "relations" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "relations_subject_id" ON "relations" USING btree ("subject_id","created_at","id");--> statement-breakpoint
CREATE INDEX "relations_object_id" ON "relations" USING btree ("object_id","created_at","id");--> statement-breakpoint
CREATE INDEX "relations_type" ON "relations" USING btree ("type","created_at","id");--> statement-breakpoint
CREATE INDEX "relations_basis" ON "relations" USING btree ("basis","created_at","id");--> statement-breakpoint
CREATE INDEX "vote_events_sort_date" ON "vote_events" USING btree ("sort_date","id");--> statement-breakpoint
CREATE INDEX "vote_events_created_at" ON "vote_events" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "vote_events_updated_at" ON "vote_events" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "vote_events_policy_id" ON "vote_events" USING btree ("policy_id","sort_date","id");--> statement-breakpoint
CREATE INDEX "vote_events_action_id" ON "vote_events" USING btree ("action_id","sort_date","id");--> statement-breakpoint
CREATE INDEX "vote_events_organization_id" ON "vote_events" USING btree ("organization_id","sort_date","id");--> statement-breakpoint
CREATE INDEX "vote_events_result" ON "vote_events" USING btree ("result","sort_date","id");--> statement-breakpoint
CREATE INDEX "vote_events_method" ON "vote_events" USING btree ("method","sort_date","id");--> statement-breakpoint
CREATE INDEX "publishers_sort_name" ON "publishers" USING btree ("sort_name","id");--> statement-breakpoint
CREATE INDEX "publishers_created_at" ON "publishers" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "publishers_updated_at" ON "publishers" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "publishers_domain" ON "publishers" USING btree ("domain","sort_name","id");--> statement-breakpoint
CREATE INDEX "publishers_kind" ON "publishers" USING btree ("kind","sort_name","id");--> statement-breakpoint
CREATE INDEX "publishers_owner_group" ON "publishers" USING btree ("owner_group","sort_name","id");--> statement-breakpoint
CREATE UNIQUE INDEX "publishers_slug" ON "publishers" USING btree ("slug");--> statement-breakpoint
CREATE INDEX "sources_sort_published_on" ON "sources" USING btree ("sort_published_on","id");--> statement-breakpoint
CREATE INDEX "sources_sort_title" ON "sources" USING btree ("sort_title","id");--> statement-breakpoint
CREATE INDEX "sources_created_at" ON "sources" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "sources_updated_at" ON "sources" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "sources_publisher_id" ON "sources" USING btree ("publisher_id","sort_published_on","id");--> statement-breakpoint
CREATE INDEX "sources_kind" ON "sources" USING btree ("kind","sort_published_on","id");--> statement-breakpoint
CREATE INDEX "sources_sha256" ON "sources" USING btree ("sha256","sort_published_on","id");--> statement-breakpoint
CREATE INDEX "sources_language" ON "sources" USING btree ("language","sort_published_on","id");--> statement-breakpoint
CREATE INDEX "sources_derived_from_id" ON "sources" USING btree ("derived_from_id","sort_published_on","id");--> statement-breakpoint
CREATE INDEX "sources_status" ON "sources" USING btree ("status","sort_published_on","id");--> statement-breakpoint
CREATE UNIQUE INDEX "sources_slug" ON "sources" USING btree ("slug");--> statement-breakpoint
CREATE INDEX "statements_sort_said_on" ON "statements" USING btree ("sort_said_on","id");--> statement-breakpoint
CREATE INDEX "statements_created_at" ON "statements" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "statements_updated_at" ON "statements" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "statements_official_id" ON "statements" USING btree ("official_id","sort_said_on","id");--> statement-breakpoint
CREATE INDEX "statements_organization_id" ON "statements" USING btree ("organization_id","sort_said_on","id");--> statement-breakpoint
CREATE INDEX "statements_kind" ON "statements" USING btree ("kind","sort_said_on","id");--> statement-breakpoint
CREATE INDEX "statements_language" ON "statements" USING btree ("language","sort_said_on","id");--> statement-breakpoint
CREATE INDEX "statements_agreement" ON "statements" USING btree ("agreement","sort_said_on","id");--> statement-breakpoint
CREATE UNIQUE INDEX "statements_slug" ON "statements" USING btree ("slug");--> statement-breakpoint
CREATE INDEX "statement_reports_created_at" ON "statement_reports" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "statement_reports_updated_at" ON "statement_reports" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "statement_reports_statement_id" ON "statement_reports" USING btree ("statement_id","created_at","id");--> statement-breakpoint
CREATE INDEX "statement_reports_source_id" ON "statement_reports" USING btree ("source_id","created_at","id");--> statement-breakpoint
CREATE INDEX "statement_reports_outlet_id" ON "statement_reports" USING btree ("outlet_id","created_at","id");--> statement-breakpoint
CREATE INDEX "statement_reports_form" ON "statement_reports" USING btree ("form","created_at","id");--> statement-breakpoint
CREATE INDEX "statement_reports_report_status" ON "statement_reports" USING btree ("report_status","created_at","id");--> statement-breakpoint
CREATE INDEX "stances_created_at" ON "stances" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "stances_updated_at" ON "stances" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "stances_statement_id" ON "stances" USING btree ("statement_id","created_at","id");--> statement-breakpoint
CREATE INDEX "stances_policy_id" ON "stances" USING btree ("policy_id","created_at","id");--> statement-breakpoint
CREATE INDEX "stances_topic_id" ON "stances" USING btree ("topic_id","created_at","id");--> statement-breakpoint
CREATE INDEX "stances_jurisdiction_id" ON "stances" USING btree ("jurisdiction_id","created_at","id");--> statement-breakpoint
CREATE INDEX "stances_official_id" ON "stances" USING btree ("official_id","created_at","id");--> statement-breakpoint
CREATE INDEX "stances_target_statement_id" ON "stances" USING btree ("target_statement_id","created_at","id");--> statement-breakpoint
CREATE INDEX "stances_relation" ON "stances" USING btree ("relation","created_at","id");--> statement-breakpoint
CREATE INDEX "stances_stance" ON "stances" USING btree ("stance","created_at","id");--> statement-breakpoint
CREATE INDEX "stances_basis" ON "stances" USING btree ("basis","created_at","id");--> statement-breakpoint
CREATE INDEX "citations_sort_field" ON "citations" USING btree ("sort_field","id");--> statement-breakpoint
CREATE INDEX "citations_created_at" ON "citations" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "citations_updated_at" ON "citations" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "citations_record_type" ON "citations" USING btree ("record_type","sort_field","id");--> statement-breakpoint
CREATE INDEX "citations_record_id" ON "citations" USING btree ("record_id","sort_field","id");--> statement-breakpoint
CREATE INDEX "citations_field" ON "citations" USING btree ("field","sort_field","id");--> statement-breakpoint
CREATE INDEX "citations_source_id" ON "citations" USING btree ("source_id","sort_field","id");--> statement-breakpoint
CREATE INDEX "citations_rank" ON "citations" USING btree ("rank","sort_field","id");--> statement-breakpoint
CREATE INDEX "citations_basis" ON "citations" USING btree ("basis","sort_field","id");--> statement-breakpoint
CREATE INDEX "citations_method" ON "citations" USING btree ("method","sort_field","id");--> statement-breakpoint
CREATE INDEX "votes_sort_date" ON "votes" USING btree ("sort_date","id");--> statement-breakpoint
CREATE INDEX "votes_updated_at" ON "votes" USING btree ("updated_at","id");--> statement-breakpoint
CREATE INDEX "votes_vote_event_id" ON "votes" USING btree ("vote_event_id","sort_date","id");--> statement-breakpoint
CREATE INDEX "votes_policy_id" ON "votes" USING btree ("policy_id","sort_date","id");--> statement-breakpoint
CREATE INDEX "votes_official_id" ON "votes" USING btree ("official_id","sort_date","id");--> statement-breakpoint
CREATE INDEX "votes_option" ON "votes" USING btree ("option","sort_date","id");--> statement-breakpoint
CREATE INDEX "votes_reason" ON "votes" USING btree ("reason","sort_date","id");--> statement-breakpoint
CREATE INDEX "policy_topics_topic_id" ON "policy_topics" USING btree ("topic_id","policy_id");--> statement-breakpoint
CREATE INDEX "action_classifications_word" ON "action_classifications" USING btree ("word","action_id");--> statement-breakpoint
CREATE INDEX "agenda_items_policy_id" ON "agenda_items" USING btree ("policy_id","meeting_id");--> statement-breakpoint
CREATE INDEX "identifiers_record_id" ON "identifiers" USING btree ("record_id");--> statement-breakpoint
CREATE UNIQUE INDEX "changes_record" ON "changes" USING btree ("record_id","version");--> statement-breakpoint
CREATE INDEX "sort_moves_until" ON "sort_moves" USING btree ("kind","sort","until");--> statement-breakpoint
CREATE UNIQUE INDEX "api_keys_prefix" ON "api_keys" USING btree ("prefix");