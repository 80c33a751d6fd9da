-- The index of words has records without words, too, by what else they are found by: those there are come into it.
INSERT INTO `marks` (`name`, `value`, `updated_at`) SELECT 'search', '{"kind":"jurisdiction","after":null}', strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE EXISTS (SELECT 1 FROM `changes`) ON CONFLICT (`name`) DO UPDATE SET `value` = excluded.`value`;
