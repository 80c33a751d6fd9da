/** Cutting what is read into pages, each of which is one transaction. */
import type { Content } from '../../engine/content.ts';
import { type Checked, checkRecord, type Failed } from './check.ts';
import type { LeftOut, Read } from './record.ts';

/** Some records that follow one another in the input. */
export interface Page {
  readonly items: readonly Checked[];
  readonly failed: readonly Failed[];
  readonly leftOut: readonly LeftOut[];
  /** How many records of the input have been read with this page. */
  readonly position: number;
}

/** Something that was read, and its place in the input, from 1. */
export interface Placed {
  readonly read: Read;
  readonly position: number;
}

/** Texts a page holds at most, in UTF-16 units: what keeps memory flat where single records have millions. */
const TEXT = 4 * 1024 * 1024;

/**
 * The pages of what was read, each with its place in the input; `most` records a page at most. No page is about one record
 * twice, so that of two the later stands.
 */
export async function* pagesOf(reads: AsyncIterable<Placed>, most: number): AsyncGenerator<Page> {
  let last = 0;
  let page = emptyPage();
  for await (const { read, position } of reads) {
    const found = 'note' in read ? read : checkRecord(read, position);
    if ('note' in found) {
      page.leftOut.push(found);
    } else if ('faults' in found) {
      page.failed.push(found);
    } else {
      const claims = claimsOf(found);
      if (claims.some((claim) => page.claimed.has(claim))) {
        yield { ...page, position: last };
        page = emptyPage();
      }
      for (const claim of claims) page.claimed.add(claim);
      page.items.push(found);
      page.text += textIn(found.raw);
    }
    last = position;
    if (sizeOf(page) < most && page.text < TEXT) continue;
    yield { ...page, position };
    page = emptyPage();
  }
  if (sizeOf(page) > 0) yield { ...page, position: last };
}

const emptyPage = () => ({
  items: [] as Checked[],
  failed: [] as Failed[],
  leftOut: [] as LeftOut[],
  claimed: new Set<string>(),
  text: 0,
});

const sizeOf = ({ items, failed, leftOut }: Pick<Page, 'items' | 'failed' | 'leftOut'>) =>
  items.length + failed.length + leftOut.length;

/** What no two records of a page may both be, or be called. */
function claimsOf({ kind: { name }, newId, names, body }: Checked): string[] {
  const slug = typeof body.slug === 'string' ? [`${name} slug ${body.slug}`] : [];
  return [`id ${newId}`, ...names.map((one) => `${name} ${one}`), ...slug];
}

/** How long the texts of a record are, as far as they stand in its own fields: long ones do. */
function textIn(record: Content): number {
  let length = 0;
  for (const value of Object.values(record)) if (typeof value === 'string') length += value.length;
  return length;
}
