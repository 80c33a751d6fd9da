CREATE TABLE `import_runs` (
	`id` text PRIMARY KEY NOT NULL,
	`importer` text NOT NULL,
	`input` text NOT NULL,
	`status` text NOT NULL,
	`actor` text NOT NULL,
	`reason` text,
	`strict` integer NOT NULL,
	`dry_run` integer NOT NULL,
	`started_at` text NOT NULL,
	`ended_at` text,
	`read` integer NOT NULL,
	`counts` text NOT NULL,
	`failures` text NOT NULL,
	`unresolved_count` integer NOT NULL,
	`unresolved` text NOT NULL,
	`error` text,
	`jurisdictions` text NOT NULL,
	`updated_at` text NOT NULL,
	`deleted_at` text,
	`seq` integer NOT NULL,
	`moved_seq` integer NOT NULL,
	`sort_started_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `import_runs_sort_started_at` ON `import_runs` (`sort_started_at`,`id`);--> statement-breakpoint
CREATE INDEX `import_runs_updated_at` ON `import_runs` (`updated_at`,`id`);--> statement-breakpoint
CREATE INDEX `import_runs_importer` ON `import_runs` (`importer`,`sort_started_at`,`id`);--> statement-breakpoint
CREATE INDEX `import_runs_input` ON `import_runs` (`input`,`sort_started_at`,`id`);--> statement-breakpoint
CREATE INDEX `import_runs_status` ON `import_runs` (`status`,`sort_started_at`,`id`);--> statement-breakpoint
CREATE INDEX `import_runs_actor` ON `import_runs` (`actor`,`sort_started_at`,`id`);--> statement-breakpoint
CREATE TABLE `import_run_jurisdictions` (
	`import_run_id` text NOT NULL,
	`jurisdiction_id` text NOT NULL,
	PRIMARY KEY(`import_run_id`, `jurisdiction_id`),
	FOREIGN KEY (`import_run_id`) REFERENCES `import_runs`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`jurisdiction_id`) REFERENCES `jurisdictions`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `import_run_jurisdictions_jurisdiction_id` ON `import_run_jurisdictions` (`jurisdiction_id`,`import_run_id`);--> statement-breakpoint
CREATE TABLE `import_pending` (
	`run_id` text NOT NULL,
	`position` integer NOT NULL,
	`record_id` text NOT NULL,
	`kind` text NOT NULL,
	`given_id` text,
	`file` text NOT NULL,
	`line` integer,
	`body` text NOT NULL,
	`did` text,
	PRIMARY KEY(`run_id`, `position`)
);
--> statement-breakpoint
CREATE INDEX `import_pending_record_id` ON `import_pending` (`run_id`,`record_id`);