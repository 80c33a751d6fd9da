CREATE TABLE `wordings` (
	`number` integer PRIMARY KEY NOT NULL,
	`kind` text NOT NULL,
	`record_id` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `wordings_record_id` ON `wordings` (`record_id`);--> statement-breakpoint
CREATE TABLE `wording_shingles` (
	`shingle` integer NOT NULL,
	`wording` integer NOT NULL,
	PRIMARY KEY(`shingle`, `wording`)
) WITHOUT ROWID;
--> statement-breakpoint
-- Without a rowid the rows are stored once, in the order of the key, rather than twice. Wordings from before cannot
-- be indexed here: the mark says from where on the service still has to.
INSERT INTO `marks` (`name`, `value`, `updated_at`) SELECT 'wordings', '{"kind":"statement","after":null}', strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE EXISTS (SELECT 1 FROM `statements`);
