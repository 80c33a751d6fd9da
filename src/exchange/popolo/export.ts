/** The tracker as one Popolo document, made as it is taken: memory holds a page of one list. */
import { setImmediate as turn } from 'node:timers/promises';
import { crawlRecords } from '../../engine/crawl.ts';
import type { Engine } from '../../engine/engine.ts';
import { DEFAULT_LIMIT } from '../../engine/parameters.ts';
import type { PublicRecord } from '../../model/declare.ts';
import { kindNamed } from '../../model/kinds.ts';
import {
  areaOf,
  eventOf,
  membershipOf,
  motionOf,
  organizationOf,
  personOf,
  voteEventOf,
} from './to-popolo.ts';

/** The lists of the document: each is a kind of record, what is said of others coming after those. */
export const POPOLO_LISTS: Readonly<
  Record<string, { readonly kind: string; readonly made: (record: PublicRecord) => object }>
> = {
  areas: { kind: 'jurisdiction', made: areaOf },
  organizations: { kind: 'organization', made: organizationOf },
  persons: { kind: 'official', made: personOf },
  memberships: { kind: 'membership', made: membershipOf },
  motions: { kind: 'policy', made: motionOf },
  vote_events: { kind: 'vote_event', made: voteEventOf },
  events: { kind: 'meeting', made: eventOf },
};

/** A document that has been begun. */
export interface PopoloDocument {
  /** Number of the last change when it was begun; the change feed tells what came after it. */
  readonly revision: number;
  readonly chunks: AsyncGenerator<Buffer>;
}

/** Begins the document; records are read as it is taken, each page of them in a read of its own. */
export async function popoloDocument(engine: Engine): Promise<PopoloDocument> {
  const lists = Object.entries(POPOLO_LISTS);
  const [first] = lists;
  const begun = await crawl(engine, first?.[1].kind as string);
  async function* chunks(): AsyncGenerator<Buffer> {
    for (const [at, [name, { kind, made }]] of lists.entries()) {
      const { pages } = at === 0 ? begun : await crawl(engine, kind);
      yield Buffer.from(`${at === 0 ? '{' : ',\n'}${JSON.stringify(name)}:[`);
      let between = '\n';
      for await (const records of pages) {
        yield Buffer.from(between + records.map((record) => JSON.stringify(made(record))).join(',\n'));
        between = ',\n';
        await turn();
      }
      yield Buffer.from(between === '\n' ? ']' : '\n]');
    }
    yield Buffer.from(`,\n"meta":${JSON.stringify({ revision: begun.revision })}}\n`);
  }
  return { revision: begun.revision, chunks: chunks() };
}

function crawl(engine: Engine, name: string) {
  const kind = kindNamed(name);
  const query = { limit: DEFAULT_LIMIT, sort: 'created_at' };
  return crawlRecords(engine, kind, query, { path: `/v1/${kind.path}`, fixed: {}, restricted: false });
}
