ALTER TABLE `jurisdictions` ADD `valid_from` text;--> statement-breakpoint
ALTER TABLE `jurisdictions` ADD `valid_through` text;