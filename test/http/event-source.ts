/** A client of server-sent events that shows everything it is sent, comments and bare ids too. */
import { get, type IncomingMessage } from 'node:http';

/** One block of a stream, up to its empty line. */
export interface Block {
  readonly event?: string;
  readonly id?: string;
  readonly data?: string;
  readonly retry?: string;
  readonly comment?: string;
}

export interface Source {
  readonly response: IncomingMessage;
  /** The blocks as they come; ends when the server ends the stream, or with `close`. */
  readonly blocks: AsyncGenerator<Block>;
  /** Hangs up. */
  readonly close: () => void;
}

/** Opens a stream; resolves with the head of the answer, whatever its status. */
export function openSource(url: string, headers: Record<string, string> = {}): Promise<Source> {
  return new Promise((resolve, reject) => {
    const request = get(url, { headers, agent: false }, (response) => {
      response.setEncoding('utf8');
      resolve({ response, blocks: blocksOf(response), close: () => request.destroy() });
    });
    request.on('error', reject);
  });
}

async function* blocksOf(response: IncomingMessage): AsyncGenerator<Block> {
  let rest = '';
  try {
    for await (const text of response) {
      const parts = (rest + text).split('\n\n');
      rest = parts.pop() as string;
      yield* parts.map(blockOf);
    }
  } catch (error) {
    // Hung up by this side, or by a server that gave up.
    if ((error as NodeJS.ErrnoException).code !== 'ECONNRESET') throw error;
  }
}

function blockOf(text: string): Block {
  const fields = text.split('\n').map((line) => {
    const [, name = '', value = ''] = /^([^:]*): ?(.*)$/s.exec(line) ?? [];
    return [name === '' ? 'comment' : name, value];
  });
  return Object.fromEntries(fields);
}
