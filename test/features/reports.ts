/** Reports as the rule of agreement sees them, and a speaker. */
import type { Origin, Report } from '../../src/features/agreement-rule.ts';

export const homan = { names: ['Tom Homan', 'Tim Homan'], family_name: 'Homan', titles: ['border czar'] };

/** A story of this publisher’s. */
export function origin(name: string, more: Partial<Origin> = {}): Origin {
  return { source_id: `story of ${name}`, publisher_id: name, owner_group: null, ...more };
}

/** A live report in the speaker’s own words or, without any, in the reporter’s. */
export function report(publisher: string, quoted_text: string | null, more: Partial<Report> = {}): Report {
  return {
    origins: [origin(publisher)],
    form: quoted_text === null ? 'paraphrase' : 'verbatim',
    standing: 'live',
    quoted_text,
    said_on: null,
    speaker_as_printed: null,
    ...more,
  };
}
