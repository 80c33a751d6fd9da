/** The guide at `/guide`: the Markdown files of `src/guide`, one page each. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FastifyInstance } from 'fastify';
import { Marked } from 'marked';
import { hint } from '../engine/nearest.ts';
import { Problem } from '../errors.ts';

const FOLDER = fileURLToPath(new URL('../guide', import.meta.url));

/** A page of the guide: its last segment in addresses, its heading, its first paragraph and its text. */
export interface GuidePage {
  readonly name: string;
  readonly title: string;
  readonly summary: string;
  readonly markdown: string;
}

/** The pages by name, in the order of their names; each file begins with its heading and a paragraph that says what it tells. */
export function guidePages(): readonly GuidePage[] {
  const files = readdirSync(FOLDER).filter((file) => file.endsWith('.md'));
  return files.sort().map((file) => {
    const markdown = readFileSync(join(FOLDER, file), 'utf8');
    const [heading = '', summary = ''] = markdown.split('\n\n');
    return { name: basename(file, '.md'), title: heading.replace(/^# /, ''), summary, markdown };
  });
}

const marked = new Marked({ gfm: true });

const STYLE =
  'body{font:17px/1.5 system-ui,sans-serif;max-width:46rem;margin:3rem auto;padding:0 1rem}table{border-collapse:collapse;display:block;overflow-x:auto}th,td{border:1px solid #8888;padding:.3rem .6rem;text-align:left;vertical-align:top}code{font-size:.9em}pre{overflow-x:auto}';

function page(title: string, markdown: string): string {
  const content = marked.parse(markdown, { async: false });
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Civic Policy Tracker</title>
<style>${STYLE}</style>
<nav><a href="/">Civic Policy Tracker</a> · <a href="/guide">Guide</a></nav>
<main>
${content}</main>
</html>
`;
}

/** Registers the pages and their index; they are made once, when first asked for. */
export async function registerGuide(app: FastifyInstance): Promise<void> {
  let made: ReadonlyMap<string, string> | undefined;
  const pages = () => {
    made ??= htmlPages();
    return made;
  };
  app.get('/guide', { schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(pages().get('')),
  );
  app.get('/guide/:name', { schema: { hide: true } }, async (request, reply) => {
    const { name } = request.params as { name: string };
    const found = name === '' ? undefined : pages().get(name);
    if (found === undefined) {
      const near = hint(name, [...pages().keys()].filter(Boolean));
      throw new Problem('not-found', `The guide has no page '${name}'${near}`.replace(/([^?])$/, '$1.'));
    }
    return reply.type('text/html; charset=utf-8').header('cache-control', 'no-cache').send(found);
  });
}

/** The pages as HTML, by name; the index has the empty one. */
function htmlPages(): ReadonlyMap<string, string> {
  const all = guidePages();
  const listed = all.map(
    ({ name, title, summary }) => `- [${title}](/guide/${name}): ${summary.replaceAll('\n', ' ')}`,
  );
  const index = `# Guide\n\nWhat is derived here is made by rules, and these are they.\n\n${listed.join('\n')}\n`;
  return new Map([
    ['', page('Guide', index)],
    ...all.map(({ name, title, markdown }) => [name, page(title, markdown)] as const),
  ]);
}
