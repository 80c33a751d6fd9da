/**
 * Snapshots: all that anyone may have of a tracker, as it was at one change. A private copy of the database is made
 * first, while others go on writing, and everything is read from that.
 */
import { chmodSync, closeSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Session } from '../../db/database.ts';
import { type Readable, readFile, upgradeFile } from '../../db/maintenance.ts';
import type { Limits } from '../../db/open.ts';
import { revisionOf } from '../../engine/list.ts';
import type { Kind } from '../../model/declare.ts';
import { kinds } from '../../model/kinds.ts';
import { VERSION } from '../../version.ts';
import { writeCopy } from '../backup.ts';
import type { Progress } from '../copy.ts';
import { BUNDLE, BundleFile, bundleLine } from './bundle.ts';
import { bundledKinds, exportColumns, exportedKinds } from './columns.ts';
import { csvLines, csvOf } from './csv.ts';
import { dataPackage, type ExportFile, PACKAGE } from './datapackage.ts';
import { beginSnapshot, keepNewest, publishSnapshot, type Snapshot, snapshotName } from './folder.ts';
import { openCopy } from './open-copy.ts';
import { ParquetFile } from './parquet.ts';
import { countOpen, openRecords } from './rows.ts';
import { Sink } from './sink.ts';

export interface SnapshotOptions {
  /** The folder of snapshots. */
  readonly dir: string;
  /** How many are kept, this one counted. */
  readonly keep: number;
  /** Tells this one from others that are being made. */
  readonly claim: string;
  readonly now: () => Date;
  readonly progress?: Progress;
}

const DATABASE = 'civic.db';

/** Steps that progress is told in, and how many of them the copy takes. */
const STEPS = 1000;
const COPYING = 200;

/**
 * Makes a snapshot of the tracker at an address and returns what it has. Until it is whole nothing of it is there; what
 * ends it early leaves nothing behind.
 */
export async function makeSnapshot(url: string, limits: Limits, options: SnapshotOptions): Promise<Snapshot> {
  const { dir, keep, claim, now, progress = () => undefined } = options;
  const created = now();
  const partial = beginSnapshot(dir, claim, created.getTime());
  try {
    const copy = join(partial, DATABASE);
    closeSync(openSync(copy, 'wx', 0o600));
    await writeCopy(url, limits, copy, (done, total) =>
      progress(Math.floor((done / Math.max(1, total)) * COPYING), STEPS),
    );
    // The tracker may be of an older version, which is no reason to touch it.
    upgradeFile(copy);
    const { revision, records, tables, files } = await writeFiles(copy, limits, partial, (done, total) =>
      progress(COPYING + Math.floor((done / Math.max(1, total)) * (STEPS - COPYING)), STEPS),
    );
    const database = { path: DATABASE, rows: records, ...(await openCopy(copy, tables)) };
    const taken = {
      name: snapshotName(created, revision),
      revision,
      created: created.toISOString(),
    };
    const all = [...files, database];
    const described = new Sink(join(partial, PACKAGE));
    described.write(Buffer.from(`${JSON.stringify(dataPackage(taken, all, exportedKinds), null, 2)}\n`));
    described.end();
    chmodSync(partial, 0o755);
    publishSnapshot(dir, partial, taken.name);
    keepNewest(dir, keep);
    progress(STEPS, STEPS);
    return { ...taken, software: VERSION, files: all };
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    throw error;
  }
}

/** Writes the files of every kind, and the bundle, from a copy. */
async function writeFiles(copy: string, limits: Limits, folder: string, progress: Progress) {
  const db = readFile(copy, limits);
  try {
    return await db.read(async (session) => {
      const revision = await revisionOf(session, { db });
      const total = await totalOf(db, session);
      let done = 0;
      const step = (rows: number) => {
        done += rows;
        progress(done, total);
      };
      const bundle = new BundleFile(new Sink(join(folder, BUNDLE)));
      const files: ExportFile[] = [];
      for (const kind of exportedKinds)
        files.push(...(await writeKind({ db, session, folder, revision, step, bundle }, kind)));
      const tables = [...kinds.map(({ table }) => table), ...db.tables.rows.keys()];
      return { revision, records: total, tables, files: [...files, await bundle.end()] };
    });
  } finally {
    await db.close();
  }
}

async function totalOf(db: Readable, session: Session): Promise<number> {
  let total = 0;
  for (const kind of exportedKinds) total += await countOpen(db, session, kind);
  return total;
}

interface Writing {
  readonly db: Readable;
  readonly session: Session;
  readonly folder: string;
  readonly revision: number;
  readonly step: (rows: number) => void;
  readonly bundle: BundleFile;
}

/** Writes the records of a kind in each form. */
async function writeKind(
  { db, session, folder, revision, step, bundle }: Writing,
  kind: Kind,
): Promise<ExportFile[]> {
  const columns = exportColumns(kind);
  const names = columns.map(({ name }) => name);
  const at = (format: string) => join(folder, `${kind.path}.${format}`);
  const [lines, table] = [new Sink(at('ndjson')), new Sink(at('csv'))];
  const parquet = new ParquetFile(new Sink(at('parquet')), columns, {
    kind: kind.name,
    revision: String(revision),
  });
  table.write(Buffer.from(csvLines([names])));
  let rows = 0;
  for await (const records of openRecords(db, session, kind)) {
    lines.write(Buffer.from(records.map((record) => `${JSON.stringify(record)}\n`).join('')));
    table.write(Buffer.from(csvOf(kind, names, records)));
    for (const record of records) parquet.add(record);
    if (bundledKinds.includes(kind)) await bundle.add(records.map((record) => bundleLine(kind, record)));
    rows += records.length;
    step(records.length);
  }
  const plural = kind.path.replaceAll('-', ' ');
  const file = { kind: kind.name, rows };
  return [
    {
      path: `${kind.path}.ndjson`,
      format: 'ndjson',
      ...file,
      ...lines.end(),
      description: `All ${plural}, a JSON object a line.`,
    },
    {
      path: `${kind.path}.csv`,
      format: 'csv',
      ...file,
      ...table.end(),
      description: `All ${plural}, as a table.`,
    },
    {
      path: `${kind.path}.parquet`,
      format: 'parquet',
      ...file,
      ...parquet.end(),
      description: `All ${plural} as Parquet; lists and objects are texts in JSON.`,
    },
  ];
}
