CREATE TABLE `change_subjects` (
	`subject_id` text NOT NULL,
	`seq` integer NOT NULL,
	PRIMARY KEY(`subject_id`, `seq`)
);
--> statement-breakpoint
CREATE TABLE `redirects` (
	`old_id` text PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`new_id` text NOT NULL,
	`first_seq` integer NOT NULL,
	`last_seq` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `redirects_new_id` ON `redirects` (`new_id`);--> statement-breakpoint
CREATE TABLE `key_writes` (
	`key_id` text NOT NULL,
	`day` text NOT NULL,
	`writes` integer NOT NULL,
	PRIMARY KEY(`key_id`, `day`)
);
--> statement-breakpoint
CREATE TABLE `idempotency_keys` (
	`api_key_id` text NOT NULL,
	`key` text NOT NULL,
	`request_sha256` text NOT NULL,
	`status` integer NOT NULL,
	`headers` text NOT NULL,
	`body` text NOT NULL,
	`created_at` text NOT NULL,
	PRIMARY KEY(`api_key_id`, `key`)
);
--> statement-breakpoint
CREATE INDEX `idempotency_keys_created_at` ON `idempotency_keys` (`created_at`);--> statement-breakpoint
CREATE TABLE `marks` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL,
	`updated_at` text NOT NULL
);
--> statement-breakpoint
ALTER TABLE `api_keys` ADD `jurisdiction_ids` text;--> statement-breakpoint
ALTER TABLE `api_keys` ADD `daily_writes` integer;--> statement-breakpoint
CREATE INDEX `changes_kind` ON `changes` (`kind`,`seq`);--> statement-breakpoint
CREATE INDEX `changes_at` ON `changes` (`at`,`seq`);