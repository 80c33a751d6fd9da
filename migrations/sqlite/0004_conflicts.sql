CREATE TABLE `conflicts` (
	`id` text PRIMARY KEY NOT NULL,
	`record_type` text NOT NULL,
	`record_id` text NOT NULL,
	`field` text NOT NULL,
	`held` text,
	`values` text NOT NULL,
	`state` text NOT NULL,
	`basis` text NOT NULL,
	`reason` text NOT NULL,
	`sources` text NOT NULL,
	`jurisdictions` text NOT NULL,
	`updated_at` text NOT NULL,
	`deleted_at` text,
	`seq` integer NOT NULL,
	`moved_seq` integer NOT NULL,
	`sort_record` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `conflicts_sort_record` ON `conflicts` (`sort_record`,`id`);--> statement-breakpoint
CREATE INDEX `conflicts_updated_at` ON `conflicts` (`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `conflicts_record_type` ON `conflicts` (`record_type`,`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `conflicts_record_id` ON `conflicts` (`record_id`,`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `conflicts_field` ON `conflicts` (`field`,`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `conflicts_state` ON `conflicts` (`state`,`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `conflicts_basis` ON `conflicts` (`basis`,`updated_at`,`id`);--> statement-breakpoint
CREATE TABLE `conflict_sources` (
	`conflict_id` text NOT NULL,
	`source_id` text NOT NULL,
	PRIMARY KEY(`conflict_id`, `source_id`),
	FOREIGN KEY (`conflict_id`) REFERENCES `conflicts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`source_id`) REFERENCES `sources`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `conflict_sources_source_id` ON `conflict_sources` (`source_id`,`conflict_id`);--> statement-breakpoint
CREATE TABLE `conflict_jurisdictions` (
	`conflict_id` text NOT NULL,
	`jurisdiction_id` text NOT NULL,
	PRIMARY KEY(`conflict_id`, `jurisdiction_id`),
	FOREIGN KEY (`conflict_id`) REFERENCES `conflicts`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`jurisdiction_id`) REFERENCES `jurisdictions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `conflict_jurisdictions_jurisdiction_id` ON `conflict_jurisdictions` (`jurisdiction_id`,`conflict_id`);
--> statement-breakpoint
-- What sources say cannot be judged here: the mark says from where on the service still has to.
INSERT INTO `marks` (`name`, `value`, `updated_at`) SELECT 'conflicts', '{"after":null}', strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE EXISTS (SELECT 1 FROM `citations`);
