import { Writable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import t from 'tap';
import { Outgoing } from '../../src/http/outgoing.ts';

type Chunk = Buffer | string;

async function* chunksOf(chunks: readonly Chunk[]): AsyncGenerator<Chunk> {
  yield* chunks;
}

/** Bytes with memory of their own. */
const bytes = (text: string) => Buffer.from(new TextEncoder().encode(text).buffer);

const isGone = ({ buffer }: Buffer) => (buffer as ArrayBuffer).detached;

/** Takes chunks some time after they were written, as the system does with a slow client's. */
function slowly(taken: string[]): Writable {
  return new Writable({
    decodeStrings: false,
    write(chunk: Chunk, _encoding, done) {
      setTimeout(() => {
        taken.push(String(chunk));
        done();
      }, 5);
    },
  });
}

const finished = (to: Writable) => new Promise((resolve) => to.once('finish', resolve));

t.test('the memory of bytes is given back once they are out, and not before', async (t) => {
  const taken: string[] = [];
  const chunks = [bytes('ä first '), 'a text ', bytes('the last')];
  const to = slowly(taken);
  new Outgoing(chunksOf(chunks)).pipe(to);
  await finished(to);
  t.same(taken, ['ä first ', 'a text ', 'the last']);
  t.ok([chunks[0], chunks[2]].every((chunk) => isGone(chunk as Buffer)));
});

t.test('bytes that are a part of others stay', async (t) => {
  const whole = bytes('some bytes, of which a part is sent');
  const to = slowly([]);
  new Outgoing(chunksOf([whole.subarray(0, 10), Buffer.from('pooled')])).pipe(to);
  await finished(to);
  t.equal(String(whole), 'some bytes, of which a part is sent');
});

t.test('the next chunk is made when the one before is out', async (t) => {
  const taken: string[] = [];
  const found: number[] = [];
  async function* made() {
    for (let at = 0; at < 4; at += 1) {
      found.push(taken.length);
      yield bytes(`${at}`);
    }
  }
  const to = slowly(taken);
  new Outgoing(made()).pipe(to);
  await finished(to);
  t.same(found, [0, 1, 2, 3]);
});

t.test('whoever makes them is told when no more are wanted', async (t) => {
  let told = false;
  async function* made() {
    try {
      for (;;) yield bytes('more');
    } finally {
      told = true;
    }
  }
  const out = new Outgoing(made());
  // It takes the first, and is never done with it.
  out.pipe(new Writable({ write: () => undefined }));
  await wait(5);
  t.notOk(told);
  out.destroy();
  await new Promise((resolve) => out.once('close', resolve));
  t.ok(told);
});

t.test('what goes wrong, while they are made or sent, is an error of the stream', async (t) => {
  async function* failing() {
    yield 'one';
    throw new Error('no more');
  }
  const out = new Outgoing(failing());
  const to = slowly([]);
  const failed = new Promise((resolve) => out.once('error', resolve));
  out.pipe(to);
  t.match(await failed, { message: 'no more' });
  t.notOk(to.writableEnded, 'and no end, as if it were whole');

  const other = new Outgoing(chunksOf([bytes('one')]));
  const unsent = new Promise((resolve) => other.once('error', resolve));
  const shut = new Writable({ write: (_chunk, _encoding, done) => done(new Error('gone away')) });
  shut.on('error', () => undefined);
  other.pipe(shut);
  t.match(await unsent, { message: 'gone away' });
});
