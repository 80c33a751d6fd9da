CREATE TABLE `import_met` (
	`importer` text NOT NULL,
	`collection` text NOT NULL,
	`kind` text NOT NULL,
	`record_id` text NOT NULL,
	`run_id` text NOT NULL,
	PRIMARY KEY(`importer`, `collection`, `kind`, `record_id`)
) WITHOUT ROWID;
--> statement-breakpoint
ALTER TABLE `import_runs` ADD `left_out` text;--> statement-breakpoint
ALTER TABLE `import_runs` ADD `disappeared` text;