/** Bills that were put forward again in a later session. */
import { type Client, idIn } from '../legistar/client.ts';
import type { Draft } from '../legistar/draft.ts';
import type { ResubmitFile } from './files.ts';
import { folded } from './layout.ts';

/** The relations of a file; `numbers` has the ids of the matters there are, as it tells of them by number alone. */
export function* fromResubmissions(
  client: Client,
  { Resubmitted }: ResubmitFile,
  numbers: ReadonlyMap<string, number>,
): Generator<Draft> {
  for (const [index, { FromFile, ToFile }] of (Resubmitted ?? []).entries()) {
    const at = `resubmission ${index + 1}`;
    const [from, to] = [numbers.get(folded(FromFile)), numbers.get(folded(ToFile))];
    if (from === undefined || to === undefined || from === to) {
      const missing = [from === undefined ? FromFile : [], to === undefined ? ToFile : []].flat();
      const why =
        missing.length > 0 ? `${missing.join(' and ')} is not in the input` : 'it names one bill twice';
      yield { kind: 'relation', at, note: `${ToFile} is ${FromFile} put forward again, but ${why}` };
      continue;
    }
    yield {
      kind: 'relation',
      at,
      body: {
        subject_id: idIn(client, to),
        object_id: idIn(client, from),
        type: 'prior_session',
        basis: 'stated',
        identifiers: [idIn(client, `${to}-${from}`)],
      },
    };
  }
}
