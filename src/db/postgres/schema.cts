// The migration generator reads a module's exports, and only CommonJS can export a list made at run time.
const { allTables, buildTables } = require('../tables.ts');
const { columns } = require('./columns.ts');

module.exports = allTables(buildTables(columns));
