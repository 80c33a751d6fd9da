ALTER TABLE `statements` ADD `agreement_override` text;--> statement-breakpoint
ALTER TABLE `statements` ADD `agreement_by_rule` text;
--> statement-breakpoint
-- The rule takes more into account than before: the mark says from where on the service has to apply it anew.
INSERT INTO `marks` (`name`, `value`, `updated_at`) SELECT 'agreement', '{"after":null}', strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE EXISTS (SELECT 1 FROM `statements`);
