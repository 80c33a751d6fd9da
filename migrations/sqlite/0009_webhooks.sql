CREATE TABLE `webhooks` (
	`id` text PRIMARY KEY NOT NULL,
	`url` text NOT NULL,
	`description` text,
	`kinds` text,
	`jurisdictions` text,
	`filters` text NOT NULL,
	`payload` text NOT NULL,
	`secret` text NOT NULL,
	`previous_secret` text,
	`previous_secret_until` text,
	`status` text NOT NULL,
	`disabled_reason` text,
	`disabled_at` text,
	`position` integer NOT NULL,
	`last_number` integer NOT NULL,
	`failures` integer NOT NULL,
	`failing_since` text,
	`last_delivered_at` text,
	`version` integer NOT NULL,
	`created_at` text NOT NULL,
	`updated_at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `webhook_deliveries` (
	`webhook_id` text NOT NULL,
	`number` integer NOT NULL,
	`id` text NOT NULL,
	`message_id` text NOT NULL,
	`seq` integer,
	`kind` text,
	`record_id` text NOT NULL,
	`op` text NOT NULL,
	`state` text NOT NULL,
	`tries` integer NOT NULL,
	`attempts` text NOT NULL,
	`first_tried_at` text,
	`next_attempt_at` text,
	`claim` text,
	`created_at` text NOT NULL,
	`finished_at` text,
	PRIMARY KEY(`webhook_id`, `number`),
	FOREIGN KEY (`webhook_id`) REFERENCES `webhooks`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `webhook_deliveries_id` ON `webhook_deliveries` (`id`);--> statement-breakpoint
CREATE INDEX `webhook_deliveries_due` ON `webhook_deliveries` (`next_attempt_at`,`webhook_id`);--> statement-breakpoint
CREATE INDEX `webhook_deliveries_next` ON `webhook_deliveries` (`webhook_id`,`next_attempt_at`,`number`);--> statement-breakpoint
CREATE INDEX `webhook_deliveries_record` ON `webhook_deliveries` (`webhook_id`,`state`,`record_id`,`number`);