/** The guide tells the points that count. */
import t from 'tap';
import { NAME_POINTS } from '../../../src/features/merging/names-alike.ts';
import { BODY_POINTS } from '../../../src/features/merging/organizations.ts';
import { POINTS } from '../../../src/features/merging/weigh.ts';
import { guidePages } from '../../../src/http/guide.ts';

const markdown = guidePages().find(({ name }) => name === 'merge-candidates')?.markdown ?? '';

/** Rules and points of the table under a heading. */
function told(heading: string): Record<string, number> {
  const section = markdown.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? '';
  const rows = [...section.matchAll(/^\| `(\w+)` \| (-?[\d.]+) \|/gm)];
  return Object.fromEntries(rows.map(([, rule, points]) => [rule, Number(points)]));
}

t.test('the guide tells every rule with its points, and no other', async (t) => {
  t.same(told('Officials'), { ...NAME_POINTS, ...POINTS });
  t.same(told('Organizations'), BODY_POINTS);
});
