/** Holding all that cites a source against a copy of its text: by hash, and anchor by anchor. */
import { createHash } from 'node:crypto';
import type { Column } from '../db/columns.ts';
import type { Session } from '../db/database.ts';
import { sql } from '../db/drizzle.ts';
import type { Engine } from '../engine/engine.ts';
import { resolve } from '../engine/read.ts';
import { tableOf } from '../engine/select.ts';
import { kindNamed } from '../model/kinds.ts';
import { anchor, type Selector, type Stretch } from './anchors.ts';
import { codePointsOf } from './code-points.ts';

/** One anchor that was looked at. `moved`: it holds, elsewhere than its offsets say. */
export interface VerifiedAnchor {
  readonly kind: 'citation' | 'statement_report';
  readonly id: string;
  readonly state: 'holds' | 'moved' | 'missing' | 'unanchored';
  /** What is wrong, or where it holds. */
  readonly remark?: string;
  readonly nearest?: Stretch;
}

export interface Verification {
  readonly source: string;
  readonly sha256: {
    readonly expected: string | null;
    readonly found: string;
    readonly same: boolean | null;
  };
  readonly length: {
    readonly expected: number | null;
    readonly found: number;
    readonly same: boolean | null;
  };
  readonly counts: Readonly<Record<VerifiedAnchor['state'], number>>;
  /** Those that are not as they should be: moved or missing. */
  readonly faults: readonly VerifiedAnchor[];
}

interface Anchored {
  readonly id: string;
  readonly selector: Selector | null;
}

/** Anchors read at a time. */
const PAGE = 500;

/**
 * Holds every live citation and report of a source (id or slug) against a text; 404 when there is no such source.
 * Nothing is written.
 */
export async function verifySource(
  engine: Pick<Engine, 'db'>,
  name: string,
  text: string,
): Promise<Verification> {
  return engine.db.read(async (session) => {
    const id = await resolve(engine, session, kindNamed('source'), name);
    const expected = await expectedOf(engine, session, id);
    const found = {
      sha256: createHash('sha256').update(text, 'utf8').digest('hex'),
      length: codePointsOf(text).length,
    };
    const counts = { holds: 0, moved: 0, missing: 0, unanchored: 0 };
    const faults: VerifiedAnchor[] = [];
    for (const kind of ['citation', 'statement_report'] as const) {
      for await (const { id: of, selector } of anchorsOf(engine, session, kind, id)) {
        const verified = { kind, id: of, ...held(text, selector) };
        counts[verified.state] += 1;
        if (verified.state === 'moved' || verified.state === 'missing') faults.push(verified);
      }
    }
    const compared = <T>(wanted: T | null, has: T) => ({
      expected: wanted,
      found: has,
      same: wanted === null ? null : wanted === has,
    });
    return {
      source: name,
      sha256: compared(expected.sha256, found.sha256),
      length: compared(expected.length, found.length),
      counts,
      faults,
    };
  });
}

function held(text: string, selector: Selector | null): Omit<VerifiedAnchor, 'kind' | 'id'> {
  if (selector === null || Object.values(selector).every((member) => member === null))
    return { state: 'unanchored' };
  const found = anchor(text, selector);
  if (!found.found) {
    const { member, message, nearest } = found;
    return { state: 'missing', remark: `${member} ${message}`, ...(nearest ? { nearest } : {}) };
  }
  if (found.start === selector.start && found.end === selector.end) return { state: 'holds' };
  // Words that stand several times hold without offsets.
  if (selector.start === null) return { state: 'holds' };
  return { state: 'moved', remark: `stands at ${found.start} to ${found.end}` };
}

async function expectedOf(engine: Pick<Engine, 'db'>, session: Session, id: string) {
  const table = tableOf(engine.db, kindNamed('source'));
  const [row] = await session.all<{ sha256: string | null; length: number | null }>(
    'hash of source',
    (on) =>
      on
        .select({ sha256: table.sha256 as Column, length: table.length as Column })
        .from(table)
        .where(sql`${table.id} = ${sql.placeholder('id')}`),
    { id },
  );
  return row ?? { sha256: null, length: null };
}

/** The selectors of everything live of a kind that names the source, a page at a time. */
async function* anchorsOf(
  engine: Pick<Engine, 'db'>,
  session: Session,
  kind: string,
  source: string,
): AsyncGenerator<Anchored> {
  const table = tableOf(engine.db, kindNamed(kind));
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const rows: Anchored[] = await session.all<Anchored>(
      `anchors ${kind}`,
      (on) =>
        on
          .select({ id: table.id as Column, selector: table.selector as Column })
          .from(table)
          .where(
            sql`${table.source_id} = ${sql.placeholder('source')} and ${table.deleted_at} is null
              and ${table.id} > ${sql.placeholder('after')}`,
          )
          .orderBy(table.id as Column)
          .limit(PAGE),
      { source, after },
    );
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE) return;
    after = last.id;
  }
}
