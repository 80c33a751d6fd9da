CREATE TABLE `search_spans` (
	`span` integer NOT NULL,
	`token` text NOT NULL,
	`blocks` integer NOT NULL,
	PRIMARY KEY(`span`, `token`)
) WITHOUT ROWID;
