/** What a database file is called: its format, and its media type. */
export const FILE_FORM = { format: 'sqlite', mediaType: 'application/vnd.sqlite3' } as const;
