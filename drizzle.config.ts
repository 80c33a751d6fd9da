/**
 * Both dialects: `DIALECT=postgresql` generates the migrations of PostgreSQL, anything else those of SQLite.
 * `MIGRATIONS` names another folder than `migrations` to generate into, which is how they are checked.
 */
import { defineConfig } from 'drizzle-kit';

const folder = process.env.MIGRATIONS ?? './migrations';

export default process.env.DIALECT === 'postgresql'
  ? defineConfig({
      dialect: 'postgresql',
      schema: './src/db/postgres/schema.cts',
      out: `${folder}/postgres`,
    })
  : defineConfig({ dialect: 'sqlite', schema: './src/db/sqlite/schema.cts', out: `${folder}/sqlite` });
