/** The files that a page of the guide shows whole. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The text of each block of a page that is named after its language, by that name: a path, such as `/etc/x.conf`. */
export function filesOf(page: string): ReadonlyMap<string, string> {
  const markdown = readFileSync(join('src', 'guide', `${page}.md`), 'utf8');
  const blocks = markdown.matchAll(/^```\w+ (\S+)\n(.*?)^```$/gms);
  return new Map([...blocks].map(([, name, text]) => [name as string, text as string]));
}
