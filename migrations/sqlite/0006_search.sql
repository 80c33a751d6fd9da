CREATE TABLE `search_documents` (
	`number` integer PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`record_id` text NOT NULL,
	`marks` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `search_documents_record_id` ON `search_documents` (`record_id`);--> statement-breakpoint
CREATE TABLE `search_postings` (
	`block` integer NOT NULL,
	`token` text NOT NULL,
	`documents` text NOT NULL,
	PRIMARY KEY(`block`, `token`)
) WITHOUT ROWID;
--> statement-breakpoint
-- Without a rowid the rows are stored once, in the order of the key. Words from before cannot be indexed here: the mark
-- says from where on the service still has to.
INSERT INTO `marks` (`name`, `value`, `updated_at`) SELECT 'search', '{"kind":"jurisdiction","after":null}', strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE EXISTS (SELECT 1 FROM `changes`);
