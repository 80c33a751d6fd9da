/** What a terminal shows of a bar and of lines that are told beside it. */
import { Writable } from 'node:stream';
import t from 'tap';
import { progressBar } from '../../src/cli/progress.ts';

const COLUMNS = 70;

const ESCAPE = '\u001b';
const KNOWN = new RegExp(
  String.raw`${ESCAPE}\[(\?\d+[hl]|\d*[A-K])|${ESCAPE}[78]|[\r\n]|[^${ESCAPE}\r\n]+`,
  'g',
);

/** A terminal of few columns, as far as bars and lines need one: what it shows, row by row. */
class Terminal extends Writable {
  readonly isTTY = true;
  readonly columns = COLUMNS;
  readonly rows: string[] = [''];
  #row = 0;
  #column = 0;

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    for (const [text, code] of String(chunk).matchAll(KNOWN)) this.#take(text, code);
    done();
  }

  #take(text: string, code: string | undefined): void {
    const row = () => this.rows[this.#row] ?? '';
    const count = Number.parseInt(code ?? '', 10);
    if (text === '\r') this.#column = 0;
    else if (text === '\n') this.#down();
    else if (code?.endsWith('G')) this.#column = count - 1;
    else if (code?.endsWith('A')) this.#row -= count;
    else if (code === '0K' || code === 'K') this.rows[this.#row] = row().slice(0, this.#column);
    else if (code === '2K') this.rows[this.#row] = '';
    else if (code === '0J' || code === 'J') {
      this.rows[this.#row] = row().slice(0, this.#column);
      this.rows.length = this.#row + 1;
    } else if (text.startsWith(ESCAPE)) throw new Error(`it does something else: ${JSON.stringify(text)}`);
    else for (const one of text) this.#put(one);
  }

  #put(one: string): void {
    if (this.#column === COLUMNS) this.#down();
    const row = (this.rows[this.#row] ?? '').padEnd(this.#column);
    this.rows[this.#row] = row.slice(0, this.#column) + one + row.slice(this.#column + 1);
    this.#column += 1;
  }

  #down(): void {
    this.#row += 1;
    this.#column = 0;
    this.rows[this.#row] ??= '';
  }
}

const shown = ({ rows }: Terminal) => rows.map((row) => row.replace(/[█░]+/, 'BAR').replace(/, .*/, ''));

t.test('lines that are told stand above the bar, whole, and what follows below it', (t) => {
  const terminal = new Terminal();
  const bar = progressBar('', terminal);
  bar.tell(['before it begins']);
  bar.update(1, 100);
  bar.tell(['one', 'two']);
  bar.update(50, 100);
  const long = `long ${'x'.repeat(COLUMNS)}`;
  bar.tell([long]);
  bar.update(100, 100);
  bar.tell(['last']);
  bar.stop();
  bar.tell(['after it']);
  terminal.write('the end\n');
  t.same(shown(terminal), [
    'before it begins',
    'one',
    'two',
    long.slice(0, COLUMNS),
    long.slice(COLUMNS),
    'last',
    'BAR 100 %',
    'after it',
    'the end',
    '',
  ]);
  t.end();
});

t.test('a bar that never began leaves nothing', (t) => {
  const terminal = new Terminal();
  const bar = progressBar('', terminal);
  bar.tell(['only this']);
  bar.stop();
  t.same(shown(terminal), ['only this', '']);
  t.end();
});

t.test('where there is no terminal there are plain lines', (t) => {
  const written: string[] = [];
  const plain = new Writable({
    write: (chunk, _encoding, done) => {
      written.push(String(chunk));
      done();
    },
  });
  const bar = progressBar('rows', plain);
  bar.update(5, 100);
  bar.update(15, 100);
  bar.tell(['one']);
  bar.update(100, 100);
  bar.stop();
  t.same(written, ['10 % of 100 rows\n', 'one\n', '100 % of 100 rows\n']);
  t.end();
});
