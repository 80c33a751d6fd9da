/** Holds the selectors of citations and reports against the text of their source, before they are written. */
import { createHash } from 'node:crypto';
import type { Column } from '../db/columns.ts';
import type { Database, Session } from '../db/database.ts';
import { sql } from '../db/drizzle.ts';
import type { Content } from '../engine/content.ts';
import type { Settling } from '../engine/engine.ts';
import { tableOf } from '../engine/select.ts';
import { Problem } from '../errors.ts';
import { kindNamed } from '../model/kinds.ts';
import { anchor, type Selector } from './anchors.ts';
import { codePointsOf } from './code-points.ts';

interface SourceText {
  readonly text: string | null;
  readonly sha256: string | null;
  readonly length: number | null;
}

/**
 * What is done with a selector where the source's text is known (stored, or sent along as `source_text`): words that
 * are not there are a 422 that shows the nearest, wrong offsets are corrected. A text sent along has to be the one
 * whose SHA-256 the source names. Without a text, the quotation has to fit between its offsets, and these may not lie
 * past the length the source is known to have.
 */
export function anchoring(db: Database): Readonly<Record<string, Settling>> {
  const settle: Settling = async (session, content, body) => {
    const selector = content.selector as Selector | null;
    const sent = (body.source_text ?? null) as string | null;
    if (selector === null && sent === null) return {};
    const source = await sourceOf(session, db, String(content.source_id));
    if (sent !== null) refuseOther(sent, source);
    if (selector === null) return {};
    const text = source.text ?? sent;
    if (text === null) {
      refuseMisfit(selector);
      return refuseBeyond(selector, source.length);
    }
    return { selector: { ...selector, ...held(text, selector) } };
  };
  return { citation: settle, statement_report: settle };
}

async function sourceOf(session: Session, db: Database, id: string): Promise<SourceText> {
  const table = tableOf(db, kindNamed('source'));
  const [source] = await session.all<SourceText>(
    'text of source',
    (on) =>
      on
        .select({
          text: table.text as Column,
          sha256: table.sha256 as Column,
          length: table.length as Column,
        })
        .from(table)
        .where(sql`${table.id} = ${sql.placeholder('id')}`),
    { id },
  );
  return source ?? { text: null, sha256: null, length: null };
}

/** Refuses a text that is not the one the source stands for. */
function refuseOther(sent: string, { text, sha256 }: SourceText): void {
  const got = createHash('sha256').update(sent, 'utf8').digest('hex');
  const expected = text === null ? sha256 : createHash('sha256').update(text, 'utf8').digest('hex');
  if (expected === null || expected === got) return;
  throw new Problem('unprocessable', 'The text sent along is not the text of the source.', {
    errors: [
      {
        pointer: '/source_text',
        message: 'is not the text whose SHA-256 the source has',
        expected: `a text with the SHA-256 ${expected}`,
        got,
      },
    ],
  });
}

function held(text: string, selector: Selector): Pick<Selector, 'start' | 'end'> {
  const found = anchor(text, selector);
  if (found.found) return { start: found.start, end: found.end };
  const { member, message, expected, nearest } = found;
  throw new Problem('citation-not-found-in-source', 'The anchor does not hold in the text of the source.', {
    errors: [
      {
        pointer: `/selector/${member}`,
        message,
        expected,
        got: selector[member],
        ...(nearest ? { nearest } : {}),
      },
    ],
  });
}

/** Refuses offsets that are not as far apart as the quotation is long: without a text nothing sets them right. */
function refuseMisfit({ exact, start, end }: Selector): void {
  if (exact === null || start === null || end === null) return;
  const { length } = codePointsOf(exact);
  if (end - start === length) return;
  throw new Problem('unprocessable', 'The offsets are not those of the quotation.', {
    errors: [
      {
        pointer: '/selector/end',
        message: `is not where a quotation of ${length} code points ends that begins at ${start}`,
        expected: `${start + length}, or the source’s text as source_text to find the offsets in`,
        got: end,
      },
    ],
  });
}

function refuseBeyond({ end }: Selector, length: number | null): Content {
  if (end === null || length === null || end <= length) return {};
  throw new Problem('citation-not-found-in-source', 'The anchor lies outside the text of the source.', {
    errors: [
      {
        pointer: '/selector/end',
        message: 'lies past the end of the source',
        expected: `at most ${length}, the source’s length in code points`,
        got: end,
      },
    ],
  });
}
