CREATE TABLE `rate_windows` (
	`client` text PRIMARY KEY NOT NULL,
	`taken` integer NOT NULL,
	`ends_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `rate_windows_ends_at` ON `rate_windows` (`ends_at`);