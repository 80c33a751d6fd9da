/** Counts the assertions of tests as they are told of in TAP, and prints those that failed with where they stand. */
import { Parser } from 'tap-parser';

interface Assertion {
  readonly ok: boolean;
  readonly name: string;
  readonly diag?: object;
  readonly skip?: boolean | string;
}

export interface Counted {
  readonly write: (text: string) => void;
  readonly end: () => void;
  readonly passed: () => number;
  readonly failed: () => number;
}

/** Counts what one process tells of its files, which it names in comments. */
export function countTests(): Counted {
  const parser = new Parser();
  const counts = { passed: 0, failed: 0 };
  let file = '';
  parser.on('comment', (text: string) => {
    file = /^# file: (.*)/.exec(text)?.[1] ?? file;
  });
  const count = (inner: Parser, path: string) => {
    let child: string | undefined;
    inner.on('child', (made: Parser) => {
      child = made.name;
      count(made, `${path} > ${made.name}`);
    });
    inner.on('assert', ({ ok, name, diag, skip }: Assertion) => {
      // A test with assertions of its own is counted by those.
      const summary = child !== undefined && name === child;
      child = undefined;
      if (summary || skip) return;
      counts[ok ? 'passed' : 'failed'] += 1;
      if (!ok)
        process.stdout.write(`not ok: ${file}${path} > ${name}\n${JSON.stringify(diag ?? {}, null, 2)}\n`);
    });
  };
  count(parser, '');
  return {
    write: (text) => void parser.write(text),
    end: () => void parser.end(),
    passed: () => counts.passed,
    failed: () => counts.failed,
  };
}
