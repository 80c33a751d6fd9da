CREATE TABLE `jurisdictions` (
	`id` text PRIMARY KEY NOT NULL,
	`slug` text NOT NULL,
	`name` text NOT NULL,
	`classification` text NOT NULL,
	`division_id` text,
	`same_as` text NOT NULL,
	`parent_id` text,
	`website` text,
	`timezone` text,
	`population` integer,
	`identifiers` text NOT NULL,
	`links` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`deleted_at` text,
	`seq` integer NOT NULL,
	`moved_seq` integer NOT NULL,
	`sort_name` text NOT NULL,
	`sort_population` text NOT NULL,
	FOREIGN KEY (`parent_id`) REFERENCES `jurisdictions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `jurisdictions_sort_name` ON `jurisdictions` (`sort_name`,`id`);--> statement-breakpoint
CREATE INDEX `jurisdictions_sort_population` ON `jurisdictions` (`sort_population`,`id`);--> statement-breakpoint
CREATE INDEX `jurisdictions_created_at` ON `jurisdictions` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `jurisdictions_updated_at` ON `jurisdictions` (`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `jurisdictions_classification` ON `jurisdictions` (`classification`,`sort_name`,`id`);--> statement-breakpoint
CREATE INDEX `jurisdictions_division_id` ON `jurisdictions` (`division_id`,`sort_name`,`id`);--> statement-breakpoint
CREATE INDEX `jurisdictions_parent_id` ON `jurisdictions` (`parent_id`,`sort_name`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `jurisdictions_slug` ON `jurisdictions` (`slug`);--> statement-breakpoint
CREATE TABLE `organizations` (
	`id` text PRIMARY KEY NOT NULL,
	`slug` text NOT NULL,
	`name` text NOT NULL,
	`classification` text,
	`jurisdiction_id` text,
	`parent_id` text,
	`other_names` text NOT NULL,
	`founded_on` text,
	`dissolved_on` text,
	`identifiers` text NOT NULL,
	`links` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`deleted_at` text,
	`seq` integer NOT NULL,
	`moved_seq` integer NOT NULL,
	`sort_name` text NOT NULL,
	FOREIGN KEY (`jurisdiction_id`) REFERENCES `jurisdictions`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`parent_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `organizations_sort_name` ON `organizations` (`sort_name`,`id`);--> statement-breakpoint
CREATE INDEX `organizations_created_at` ON `organizations` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `organizations_updated_at` ON `organizations` (`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `organizations_classification` ON `organizations` (`classification`,`sort_name`,`id`);--> statement-breakpoint
CREATE INDEX `organizations_jurisdiction_id` ON `organizations` (`jurisdiction_id`,`sort_name`,`id`);--> statement-breakpoint
CREATE INDEX `organizations_parent_id` ON `organizations` (`parent_id`,`sort_name`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `organizations_slug` ON `organizations` (`slug`);--> statement-breakpoint
CREATE TABLE `officials` (
	`id` text PRIMARY KEY NOT NULL,
	`slug` text NOT NULL,
	`name` text NOT NULL,
	`given_name` text,
	`family_name` text,
	`honorific` text,
	`other_names` text NOT NULL,
	`birth_date` text,
	`death_date` text,
	`image_url` text,
	`biography` text,
	`contact_details` text NOT NULL,
	`identifiers` text NOT NULL,
	`links` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`deleted_at` text,
	`seq` integer NOT NULL,
	`moved_seq` integer NOT NULL,
	`sort_name` text NOT NULL,
	`sort_family_name` text NOT NULL,
	`sort_birth_date` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `officials_sort_name` ON `officials` (`sort_name`,`id`);--> statement-breakpoint
CREATE INDEX `officials_sort_family_name` ON `officials` (`sort_family_name`,`id`);--> statement-breakpoint
CREATE INDEX `officials_sort_birth_date` ON `officials` (`sort_birth_date`,`id`);--> statement-breakpoint
CREATE INDEX `officials_created_at` ON `officials` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `officials_updated_at` ON `officials` (`updated_at`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `officials_slug` ON `officials` (`slug`);--> statement-breakpoint
CREATE TABLE `memberships` (
	`id` text PRIMARY KEY NOT NULL,
	`official_id` text NOT NULL,
	`organization_id` text,
	`jurisdiction_id` text,
	`role` text,
	`role_raw` text,
	`seat` text,
	`party` text,
	`standing` text,
	`start_date` text,
	`end_date` text,
	`end_reason` text,
	`identifiers` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`deleted_at` text,
	`seq` integer NOT NULL,
	`moved_seq` integer NOT NULL,
	`sort_start_date` text NOT NULL,
	`sort_role` text NOT NULL,
	FOREIGN KEY (`official_id`) REFERENCES `officials`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`jurisdiction_id`) REFERENCES `jurisdictions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `memberships_sort_start_date` ON `memberships` (`sort_start_date`,`id`);--> statement-breakpoint
CREATE INDEX `memberships_sort_role` ON `memberships` (`sort_role`,`id`);--> statement-breakpoint
CREATE INDEX `memberships_created_at` ON `memberships` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `memberships_updated_at` ON `memberships` (`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `memberships_official_id` ON `memberships` (`official_id`,`sort_start_date`,`id`);--> statement-breakpoint
CREATE INDEX `memberships_organization_id` ON `memberships` (`organization_id`,`sort_start_date`,`id`);--> statement-breakpoint
CREATE INDEX `memberships_jurisdiction_id` ON `memberships` (`jurisdiction_id`,`sort_start_date`,`id`);--> statement-breakpoint
CREATE INDEX `memberships_role` ON `memberships` (`role`,`sort_start_date`,`id`);--> statement-breakpoint
CREATE INDEX `memberships_seat` ON `memberships` (`seat`,`sort_start_date`,`id`);--> statement-breakpoint
CREATE INDEX `memberships_party` ON `memberships` (`party`,`sort_start_date`,`id`);--> statement-breakpoint
CREATE INDEX `memberships_standing` ON `memberships` (`standing`,`sort_start_date`,`id`);--> statement-breakpoint
CREATE INDEX `memberships_end_reason` ON `memberships` (`end_reason`,`sort_start_date`,`id`);--> statement-breakpoint
CREATE TABLE `topics` (
	`id` text PRIMARY KEY NOT NULL,
	`slug` text NOT NULL,
	`name` text NOT NULL,
	`description` text,
	`parent_id` text,
	`scheme` text NOT NULL,
	`code` text,
	`identifiers` text NOT NULL,
	`links` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`deleted_at` text,
	`seq` integer NOT NULL,
	`moved_seq` integer NOT NULL,
	`sort_name` text NOT NULL,
	FOREIGN KEY (`parent_id`) REFERENCES `topics`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `topics_sort_name` ON `topics` (`sort_name`,`id`);--> statement-breakpoint
CREATE INDEX `topics_created_at` ON `topics` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `topics_updated_at` ON `topics` (`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `topics_parent_id` ON `topics` (`parent_id`,`sort_name`,`id`);--> statement-breakpoint
CREATE INDEX `topics_scheme` ON `topics` (`scheme`,`sort_name`,`id`);--> statement-breakpoint
CREATE INDEX `topics_code` ON `topics` (`code`,`sort_name`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `topics_slug` ON `topics` (`slug`);--> statement-breakpoint
CREATE TABLE `policies` (
	`id` text PRIMARY KEY NOT NULL,
	`slug` text NOT NULL,
	`type` text NOT NULL,
	`type_raw` text,
	`identifier` text,
	`title` text NOT NULL,
	`short_title` text,
	`summary` text,
	`jurisdiction_id` text NOT NULL,
	`organization_id` text,
	`parent_id` text,
	`session` text,
	`status` text NOT NULL,
	`status_raw` text,
	`status_basis` text,
	`status_as_of` text,
	`introduced_on` text,
	`adopted_on` text,
	`signed_on` text,
	`effective_on` text,
	`effective_condition` text,
	`final_action_on` text,
	`expires_on` text,
	`repealed_on` text,
	`law_number` text,
	`language` text,
	`topics` text NOT NULL,
	`identifiers` text NOT NULL,
	`links` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`deleted_at` text,
	`seq` integer NOT NULL,
	`moved_seq` integer NOT NULL,
	`sort_date` text NOT NULL,
	`sort_introduced_on` text NOT NULL,
	`sort_adopted_on` text NOT NULL,
	`sort_effective_on` text NOT NULL,
	`sort_title` text NOT NULL,
	FOREIGN KEY (`jurisdiction_id`) REFERENCES `jurisdictions`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`parent_id`) REFERENCES `policies`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `policies_sort_date` ON `policies` (`sort_date`,`id`);--> statement-breakpoint
CREATE INDEX `policies_sort_introduced_on` ON `policies` (`sort_introduced_on`,`id`);--> statement-breakpoint
CREATE INDEX `policies_sort_adopted_on` ON `policies` (`sort_adopted_on`,`id`);--> statement-breakpoint
CREATE INDEX `policies_sort_effective_on` ON `policies` (`sort_effective_on`,`id`);--> statement-breakpoint
CREATE INDEX `policies_sort_title` ON `policies` (`sort_title`,`id`);--> statement-breakpoint
CREATE INDEX `policies_created_at` ON `policies` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `policies_updated_at` ON `policies` (`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `policies_type` ON `policies` (`type`,`sort_date`,`id`);--> statement-breakpoint
CREATE INDEX `policies_jurisdiction_id` ON `policies` (`jurisdiction_id`,`sort_date`,`id`);--> statement-breakpoint
CREATE INDEX `policies_organization_id` ON `policies` (`organization_id`,`sort_date`,`id`);--> statement-breakpoint
CREATE INDEX `policies_parent_id` ON `policies` (`parent_id`,`sort_date`,`id`);--> statement-breakpoint
CREATE INDEX `policies_session` ON `policies` (`session`,`sort_date`,`id`);--> statement-breakpoint
CREATE INDEX `policies_status` ON `policies` (`status`,`sort_date`,`id`);--> statement-breakpoint
CREATE INDEX `policies_law_number` ON `policies` (`law_number`,`sort_date`,`id`);--> statement-breakpoint
CREATE INDEX `policies_language` ON `policies` (`language`,`sort_date`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `policies_slug` ON `policies` (`slug`);--> statement-breakpoint
CREATE TABLE `actions` (
	`id` text PRIMARY KEY NOT NULL,
	`policy_id` text NOT NULL,
	`position` integer,
	`date` text,
	`date_basis` text,
	`description` text NOT NULL,
	`classification` text NOT NULL,
	`organization_id` text,
	`official_id` text,
	`result` text,
	`status_after` text,
	`identifiers` text NOT NULL,
	`links` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`deleted_at` text,
	`seq` integer NOT NULL,
	`moved_seq` integer NOT NULL,
	`sort_date` text NOT NULL,
	FOREIGN KEY (`policy_id`) REFERENCES `policies`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`official_id`) REFERENCES `officials`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `actions_sort_date` ON `actions` (`sort_date`,`id`);--> statement-breakpoint
CREATE INDEX `actions_created_at` ON `actions` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `actions_updated_at` ON `actions` (`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `actions_policy_id` ON `actions` (`policy_id`,`sort_date`,`id`);--> statement-breakpoint
CREATE INDEX `actions_organization_id` ON `actions` (`organization_id`,`sort_date`,`id`);--> statement-breakpoint
CREATE INDEX `actions_official_id` ON `actions` (`official_id`,`sort_date`,`id`);--> statement-breakpoint
CREATE INDEX `actions_result` ON `actions` (`result`,`sort_date`,`id`);--> statement-breakpoint
CREATE INDEX `actions_status_after` ON `actions` (`status_after`,`sort_date`,`id`);--> statement-breakpoint
CREATE TABLE `measures` (
	`id` text PRIMARY KEY NOT NULL,
	`slug` text NOT NULL,
	`name` text NOT NULL,
	`description` text,
	`topic_id` text,
	`identifiers` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`deleted_at` text,
	`seq` integer NOT NULL,
	`moved_seq` integer NOT NULL,
	`sort_name` text NOT NULL,
	FOREIGN KEY (`topic_id`) REFERENCES `topics`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `measures_sort_name` ON `measures` (`sort_name`,`id`);--> statement-breakpoint
CREATE INDEX `measures_created_at` ON `measures` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `measures_updated_at` ON `measures` (`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `measures_topic_id` ON `measures` (`topic_id`,`sort_name`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `measures_slug` ON `measures` (`slug`);--> statement-breakpoint
CREATE TABLE `provisions` (
	`id` text PRIMARY KEY NOT NULL,
	`policy_id` text NOT NULL,
	`parent_id` text,
	`position` integer,
	`number` text,
	`heading` text,
	`text` text NOT NULL,
	`effect` text,
	`measure_id` text,
	`identifiers` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`deleted_at` text,
	`seq` integer NOT NULL,
	`moved_seq` integer NOT NULL,
	`sort_position` text NOT NULL,
	FOREIGN KEY (`policy_id`) REFERENCES `policies`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`parent_id`) REFERENCES `provisions`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`measure_id`) REFERENCES `measures`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `provisions_sort_position` ON `provisions` (`sort_position`,`id`);--> statement-breakpoint
CREATE INDEX `provisions_created_at` ON `provisions` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `provisions_updated_at` ON `provisions` (`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `provisions_policy_id` ON `provisions` (`policy_id`,`sort_position`,`id`);--> statement-breakpoint
CREATE INDEX `provisions_parent_id` ON `provisions` (`parent_id`,`sort_position`,`id`);--> statement-breakpoint
CREATE INDEX `provisions_effect` ON `provisions` (`effect`,`sort_position`,`id`);--> statement-breakpoint
CREATE INDEX `provisions_measure_id` ON `provisions` (`measure_id`,`sort_position`,`id`);--> statement-breakpoint
CREATE TABLE `policy_versions` (
	`id` text PRIMARY KEY NOT NULL,
	`policy_id` text NOT NULL,
	`classification` text,
	`label` text,
	`date` text,
	`text` text,
	`media_type` text,
	`url` text,
	`sha256` text,
	`language` text,
	`identifiers` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`deleted_at` text,
	`seq` integer NOT NULL,
	`moved_seq` integer NOT NULL,
	`sort_date` text NOT NULL,
	FOREIGN KEY (`policy_id`) REFERENCES `policies`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `policy_versions_sort_date` ON `policy_versions` (`sort_date`,`id`);--> statement-breakpoint
CREATE INDEX `policy_versions_created_at` ON `policy_versions` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `policy_versions_updated_at` ON `policy_versions` (`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `policy_versions_policy_id` ON `policy_versions` (`policy_id`,`sort_date`,`id`);--> statement-breakpoint
CREATE INDEX `policy_versions_classification` ON `policy_versions` (`classification`,`sort_date`,`id`);--> statement-breakpoint
CREATE INDEX `policy_versions_language` ON `policy_versions` (`language`,`sort_date`,`id`);--> statement-breakpoint
CREATE TABLE `meetings` (
	`id` text PRIMARY KEY NOT NULL,
	`organization_id` text NOT NULL,
	`name` text NOT NULL,
	`date` text,
	`date_basis` text,
	`status` text,
	`location` text,
	`url` text,
	`agenda` text NOT NULL,
	`identifiers` text NOT NULL,
	`links` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`deleted_at` text,
	`seq` integer NOT NULL,
	`moved_seq` integer NOT NULL,
	`sort_date` text NOT NULL,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `meetings_sort_date` ON `meetings` (`sort_date`,`id`);--> statement-breakpoint
CREATE INDEX `meetings_created_at` ON `meetings` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `meetings_updated_at` ON `meetings` (`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `meetings_organization_id` ON `meetings` (`organization_id`,`sort_date`,`id`);--> statement-breakpoint
CREATE INDEX `meetings_status` ON `meetings` (`status`,`sort_date`,`id`);--> statement-breakpoint
CREATE TABLE `documents` (
	`id` text PRIMARY KEY NOT NULL,
	`policy_id` text,
	`meeting_id` text,
	`name` text NOT NULL,
	`classification` text,
	`date` text,
	`url` text,
	`media_type` text,
	`identifiers` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`deleted_at` text,
	`seq` integer NOT NULL,
	`moved_seq` integer NOT NULL,
	`sort_date` text NOT NULL,
	`sort_name` text NOT NULL,
	FOREIGN KEY (`policy_id`) REFERENCES `policies`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`meeting_id`) REFERENCES `meetings`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `documents_sort_date` ON `documents` (`sort_date`,`id`);--> statement-breakpoint
CREATE INDEX `documents_sort_name` ON `documents` (`sort_name`,`id`);--> statement-breakpoint
CREATE INDEX `documents_created_at` ON `documents` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `documents_updated_at` ON `documents` (`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `documents_policy_id` ON `documents` (`policy_id`,`sort_date`,`id`);--> statement-breakpoint
CREATE INDEX `documents_meeting_id` ON `documents` (`meeting_id`,`sort_date`,`id`);--> statement-breakpoint
CREATE INDEX `documents_classification` ON `documents` (`classification`,`sort_date`,`id`);--> statement-breakpoint
CREATE TABLE `sponsorships` (
	`id` text PRIMARY KEY NOT NULL,
	`policy_id` text NOT NULL,
	`name` text NOT NULL,
	`official_id` text,
	`organization_id` text,
	`classification` text,
	`position` integer,
	`date` text,
	`withdrawn_on` text,
	`identifiers` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`deleted_at` text,
	`seq` integer NOT NULL,
	`moved_seq` integer NOT NULL,
	`sort_position` text NOT NULL,
	FOREIGN KEY (`policy_id`) REFERENCES `policies`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`official_id`) REFERENCES `officials`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `sponsorships_sort_position` ON `sponsorships` (`sort_position`,`id`);--> statement-breakpoint
CREATE INDEX `sponsorships_created_at` ON `sponsorships` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `sponsorships_updated_at` ON `sponsorships` (`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `sponsorships_policy_id` ON `sponsorships` (`policy_id`,`sort_position`,`id`);--> statement-breakpoint
CREATE INDEX `sponsorships_official_id` ON `sponsorships` (`official_id`,`sort_position`,`id`);--> statement-breakpoint
CREATE INDEX `sponsorships_organization_id` ON `sponsorships` (`organization_id`,`sort_position`,`id`);--> statement-breakpoint
CREATE INDEX `sponsorships_classification` ON `sponsorships` (`classification`,`sort_position`,`id`);--> statement-breakpoint
CREATE TABLE `relations` (
	`id` text PRIMARY KEY NOT NULL,
	`subject_id` text NOT NULL,
	`object_id` text NOT NULL,
	`type` text NOT NULL,
	`note` text,
	`effective_on` text,
	`basis` text,
	`identifiers` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`deleted_at` text,
	`seq` integer NOT NULL,
	`moved_seq` integer NOT NULL,
	FOREIGN KEY (`subject_id`) REFERENCES `policies`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`object_id`) REFERENCES `policies`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `relations_created_at` ON `relations` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `relations_updated_at` ON `relations` (`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `relations_subject_id` ON `relations` (`subject_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `relations_object_id` ON `relations` (`object_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `relations_type` ON `relations` (`type`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `relations_basis` ON `relations` (`basis`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `vote_events` (
	`id` text PRIMARY KEY NOT NULL,
	`policy_id` text NOT NULL,
	`action_id` text,
	`organization_id` text,
	`date` text,
	`date_basis` text,
	`motion` text,
	`result` text,
	`method` text NOT NULL,
	`counts` text NOT NULL,
	`votes` text NOT NULL,
	`computed_counts` text NOT NULL,
	`counts_match` integer,
	`identifiers` text NOT NULL,
	`links` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`deleted_at` text,
	`seq` integer NOT NULL,
	`moved_seq` integer NOT NULL,
	`sort_date` text NOT NULL,
	FOREIGN KEY (`policy_id`) REFERENCES `policies`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`action_id`) REFERENCES `actions`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `vote_events_sort_date` ON `vote_events` (`sort_date`,`id`);--> statement-breakpoint
CREATE INDEX `vote_events_created_at` ON `vote_events` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `vote_events_updated_at` ON `vote_events` (`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `vote_events_policy_id` ON `vote_events` (`policy_id`,`sort_date`,`id`);--> statement-breakpoint
CREATE INDEX `vote_events_action_id` ON `vote_events` (`action_id`,`sort_date`,`id`);--> statement-breakpoint
CREATE INDEX `vote_events_organization_id` ON `vote_events` (`organization_id`,`sort_date`,`id`);--> statement-breakpoint
CREATE INDEX `vote_events_result` ON `vote_events` (`result`,`sort_date`,`id`);--> statement-breakpoint
CREATE INDEX `vote_events_method` ON `vote_events` (`method`,`sort_date`,`id`);--> statement-breakpoint
CREATE TABLE `publishers` (
	`id` text PRIMARY KEY NOT NULL,
	`slug` text NOT NULL,
	`name` text NOT NULL,
	`domain` text,
	`kind` text NOT NULL,
	`owner_group` text,
	`identifiers` text NOT NULL,
	`links` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`deleted_at` text,
	`seq` integer NOT NULL,
	`moved_seq` integer NOT NULL,
	`sort_name` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `publishers_sort_name` ON `publishers` (`sort_name`,`id`);--> statement-breakpoint
CREATE INDEX `publishers_created_at` ON `publishers` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `publishers_updated_at` ON `publishers` (`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `publishers_domain` ON `publishers` (`domain`,`sort_name`,`id`);--> statement-breakpoint
CREATE INDEX `publishers_kind` ON `publishers` (`kind`,`sort_name`,`id`);--> statement-breakpoint
CREATE INDEX `publishers_owner_group` ON `publishers` (`owner_group`,`sort_name`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `publishers_slug` ON `publishers` (`slug`);--> statement-breakpoint
CREATE TABLE `sources` (
	`id` text PRIMARY KEY NOT NULL,
	`slug` text NOT NULL,
	`publisher_id` text,
	`kind` text NOT NULL,
	`title` text NOT NULL,
	`author` text,
	`url` text,
	`archive_url` text,
	`published_on` text,
	`published_on_basis` text,
	`retrieved_at` text,
	`sha256` text,
	`length` integer,
	`language` text,
	`licence` text,
	`derived_from_id` text,
	`status` text NOT NULL,
	`note` text,
	`text` text,
	`identifiers` text NOT NULL,
	`links` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`deleted_at` text,
	`seq` integer NOT NULL,
	`moved_seq` integer NOT NULL,
	`sort_published_on` text NOT NULL,
	`sort_title` text NOT NULL,
	FOREIGN KEY (`publisher_id`) REFERENCES `publishers`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`derived_from_id`) REFERENCES `sources`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `sources_sort_published_on` ON `sources` (`sort_published_on`,`id`);--> statement-breakpoint
CREATE INDEX `sources_sort_title` ON `sources` (`sort_title`,`id`);--> statement-breakpoint
CREATE INDEX `sources_created_at` ON `sources` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `sources_updated_at` ON `sources` (`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `sources_publisher_id` ON `sources` (`publisher_id`,`sort_published_on`,`id`);--> statement-breakpoint
CREATE INDEX `sources_kind` ON `sources` (`kind`,`sort_published_on`,`id`);--> statement-breakpoint
CREATE INDEX `sources_sha256` ON `sources` (`sha256`,`sort_published_on`,`id`);--> statement-breakpoint
CREATE INDEX `sources_language` ON `sources` (`language`,`sort_published_on`,`id`);--> statement-breakpoint
CREATE INDEX `sources_derived_from_id` ON `sources` (`derived_from_id`,`sort_published_on`,`id`);--> statement-breakpoint
CREATE INDEX `sources_status` ON `sources` (`status`,`sort_published_on`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `sources_slug` ON `sources` (`slug`);--> statement-breakpoint
CREATE TABLE `statements` (
	`id` text PRIMARY KEY NOT NULL,
	`slug` text NOT NULL,
	`official_id` text,
	`organization_id` text,
	`speaker_name` text,
	`speaker_role` text,
	`text` text,
	`text_basis` text,
	`summary` text,
	`kind` text,
	`said_on` text,
	`said_on_basis` text,
	`venue` text,
	`language` text,
	`agreement` text NOT NULL,
	`agreement_reason` text NOT NULL,
	`report_count` integer NOT NULL,
	`publisher_count` integer NOT NULL,
	`identifiers` text NOT NULL,
	`links` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`deleted_at` text,
	`seq` integer NOT NULL,
	`moved_seq` integer NOT NULL,
	`sort_said_on` text NOT NULL,
	FOREIGN KEY (`official_id`) REFERENCES `officials`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`organization_id`) REFERENCES `organizations`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `statements_sort_said_on` ON `statements` (`sort_said_on`,`id`);--> statement-breakpoint
CREATE INDEX `statements_created_at` ON `statements` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `statements_updated_at` ON `statements` (`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `statements_official_id` ON `statements` (`official_id`,`sort_said_on`,`id`);--> statement-breakpoint
CREATE INDEX `statements_organization_id` ON `statements` (`organization_id`,`sort_said_on`,`id`);--> statement-breakpoint
CREATE INDEX `statements_kind` ON `statements` (`kind`,`sort_said_on`,`id`);--> statement-breakpoint
CREATE INDEX `statements_language` ON `statements` (`language`,`sort_said_on`,`id`);--> statement-breakpoint
CREATE INDEX `statements_agreement` ON `statements` (`agreement`,`sort_said_on`,`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `statements_slug` ON `statements` (`slug`);--> statement-breakpoint
CREATE TABLE `statement_reports` (
	`id` text PRIMARY KEY NOT NULL,
	`statement_id` text NOT NULL,
	`source_id` text NOT NULL,
	`outlet_id` text,
	`quoted_text` text,
	`attribution_text` text,
	`speaker_as_printed` text,
	`said_on` text,
	`form` text NOT NULL,
	`selector` text,
	`report_status` text NOT NULL,
	`note` text,
	`similarity` real,
	`same_wording` integer,
	`identifiers` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`deleted_at` text,
	`seq` integer NOT NULL,
	`moved_seq` integer NOT NULL,
	FOREIGN KEY (`statement_id`) REFERENCES `statements`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`source_id`) REFERENCES `sources`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`outlet_id`) REFERENCES `publishers`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `statement_reports_created_at` ON `statement_reports` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `statement_reports_updated_at` ON `statement_reports` (`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `statement_reports_statement_id` ON `statement_reports` (`statement_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `statement_reports_source_id` ON `statement_reports` (`source_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `statement_reports_outlet_id` ON `statement_reports` (`outlet_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `statement_reports_form` ON `statement_reports` (`form`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `statement_reports_report_status` ON `statement_reports` (`report_status`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `stances` (
	`id` text PRIMARY KEY NOT NULL,
	`statement_id` text NOT NULL,
	`policy_id` text,
	`topic_id` text,
	`jurisdiction_id` text,
	`official_id` text,
	`target_statement_id` text,
	`relation` text NOT NULL,
	`stance` text,
	`basis` text,
	`identifiers` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`deleted_at` text,
	`seq` integer NOT NULL,
	`moved_seq` integer NOT NULL,
	FOREIGN KEY (`statement_id`) REFERENCES `statements`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`policy_id`) REFERENCES `policies`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`topic_id`) REFERENCES `topics`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`jurisdiction_id`) REFERENCES `jurisdictions`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`official_id`) REFERENCES `officials`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`target_statement_id`) REFERENCES `statements`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `stances_created_at` ON `stances` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `stances_updated_at` ON `stances` (`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `stances_statement_id` ON `stances` (`statement_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `stances_policy_id` ON `stances` (`policy_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `stances_topic_id` ON `stances` (`topic_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `stances_jurisdiction_id` ON `stances` (`jurisdiction_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `stances_official_id` ON `stances` (`official_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `stances_target_statement_id` ON `stances` (`target_statement_id`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `stances_relation` ON `stances` (`relation`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `stances_stance` ON `stances` (`stance`,`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `stances_basis` ON `stances` (`basis`,`created_at`,`id`);--> statement-breakpoint
CREATE TABLE `citations` (
	`id` text PRIMARY KEY NOT NULL,
	`record_type` text NOT NULL,
	`record_id` text NOT NULL,
	`field` text NOT NULL,
	`value` text,
	`source_id` text NOT NULL,
	`selector` text,
	`rank` text NOT NULL,
	`basis` text,
	`method` text NOT NULL,
	`note` text,
	`identifiers` text NOT NULL,
	`version` integer NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL,
	`deleted_at` text,
	`seq` integer NOT NULL,
	`moved_seq` integer NOT NULL,
	`sort_field` text NOT NULL,
	FOREIGN KEY (`source_id`) REFERENCES `sources`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `citations_sort_field` ON `citations` (`sort_field`,`id`);--> statement-breakpoint
CREATE INDEX `citations_created_at` ON `citations` (`created_at`,`id`);--> statement-breakpoint
CREATE INDEX `citations_updated_at` ON `citations` (`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `citations_record_type` ON `citations` (`record_type`,`sort_field`,`id`);--> statement-breakpoint
CREATE INDEX `citations_record_id` ON `citations` (`record_id`,`sort_field`,`id`);--> statement-breakpoint
CREATE INDEX `citations_field` ON `citations` (`field`,`sort_field`,`id`);--> statement-breakpoint
CREATE INDEX `citations_source_id` ON `citations` (`source_id`,`sort_field`,`id`);--> statement-breakpoint
CREATE INDEX `citations_rank` ON `citations` (`rank`,`sort_field`,`id`);--> statement-breakpoint
CREATE INDEX `citations_basis` ON `citations` (`basis`,`sort_field`,`id`);--> statement-breakpoint
CREATE INDEX `citations_method` ON `citations` (`method`,`sort_field`,`id`);--> statement-breakpoint
CREATE TABLE `votes` (
	`id` text PRIMARY KEY NOT NULL,
	`vote_event_id` text NOT NULL,
	`policy_id` text NOT NULL,
	`date` text,
	`position` integer,
	`name` text NOT NULL,
	`official_id` text,
	`option` text NOT NULL,
	`option_raw` text,
	`reason` text,
	`updated_at` text NOT NULL,
	`deleted_at` text,
	`seq` integer NOT NULL,
	`moved_seq` integer NOT NULL,
	`sort_date` text NOT NULL,
	FOREIGN KEY (`vote_event_id`) REFERENCES `vote_events`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`policy_id`) REFERENCES `policies`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`official_id`) REFERENCES `officials`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `votes_sort_date` ON `votes` (`sort_date`,`id`);--> statement-breakpoint
CREATE INDEX `votes_updated_at` ON `votes` (`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `votes_vote_event_id` ON `votes` (`vote_event_id`,`sort_date`,`id`);--> statement-breakpoint
CREATE INDEX `votes_policy_id` ON `votes` (`policy_id`,`sort_date`,`id`);--> statement-breakpoint
CREATE INDEX `votes_official_id` ON `votes` (`official_id`,`sort_date`,`id`);--> statement-breakpoint
CREATE INDEX `votes_option` ON `votes` (`option`,`sort_date`,`id`);--> statement-breakpoint
CREATE INDEX `votes_reason` ON `votes` (`reason`,`sort_date`,`id`);--> statement-breakpoint
CREATE TABLE `policy_topics` (
	`policy_id` text NOT NULL,
	`topic_id` text NOT NULL,
	PRIMARY KEY(`policy_id`, `topic_id`),
	FOREIGN KEY (`policy_id`) REFERENCES `policies`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`topic_id`) REFERENCES `topics`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `policy_topics_topic_id` ON `policy_topics` (`topic_id`,`policy_id`);--> statement-breakpoint
CREATE TABLE `action_classifications` (
	`action_id` text NOT NULL,
	`word` text NOT NULL,
	PRIMARY KEY(`action_id`, `word`),
	FOREIGN KEY (`action_id`) REFERENCES `actions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `action_classifications_word` ON `action_classifications` (`word`,`action_id`);--> statement-breakpoint
CREATE TABLE `agenda_items` (
	`meeting_id` text NOT NULL,
	`ordinal` integer NOT NULL,
	`policy_id` text,
	PRIMARY KEY(`meeting_id`, `ordinal`),
	FOREIGN KEY (`meeting_id`) REFERENCES `meetings`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`policy_id`) REFERENCES `policies`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `agenda_items_policy_id` ON `agenda_items` (`policy_id`,`meeting_id`);--> statement-breakpoint
CREATE TABLE `identifiers` (
	`kind` text NOT NULL,
	`name` text NOT NULL,
	`record_id` text NOT NULL,
	PRIMARY KEY(`kind`, `name`)
);
--> statement-breakpoint
CREATE INDEX `identifiers_record_id` ON `identifiers` (`record_id`);--> statement-breakpoint
CREATE TABLE `changes` (
	`seq` integer PRIMARY KEY NOT NULL,
	`at` text NOT NULL,
	`kind` text NOT NULL,
	`record_id` text NOT NULL,
	`op` text NOT NULL,
	`version` integer NOT NULL,
	`changed_fields` text NOT NULL,
	`actor` text NOT NULL,
	`reason` text,
	`content` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `changes_record` ON `changes` (`record_id`,`version`);--> statement-breakpoint
CREATE TABLE `sort_moves` (
	`kind` text NOT NULL,
	`sort` text NOT NULL,
	`key` text NOT NULL,
	`record_id` text NOT NULL,
	`since` integer NOT NULL,
	`until` integer NOT NULL,
	PRIMARY KEY(`record_id`, `sort`, `until`)
);
--> statement-breakpoint
CREATE INDEX `sort_moves_until` ON `sort_moves` (`kind`,`sort`,`until`);--> statement-breakpoint
CREATE TABLE `api_keys` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`prefix` text NOT NULL,
	`secret_sha256` text NOT NULL,
	`scopes` text NOT NULL,
	`created_at` text NOT NULL,
	`expires_at` text,
	`revoked_at` text,
	`last_used_at` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `api_keys_prefix` ON `api_keys` (`prefix`);