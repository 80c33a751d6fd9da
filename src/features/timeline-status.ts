/** Where a policy stood after each entry of its timeline. Pure. */
import type { Dated, Place } from './timeline-order.ts';

/** How the status after an entry is known. */
export const STATUS_BASES = {
  stated: 'The step itself says so.',
  carried:
    'The last step before says so, and no other step can have come between, by dates, positions and links.',
  open: 'The last step before says so, but dates leave open whether a step with another status came before this entry or after it.',
} as const;

/** How the status is found, in sentences; documented and answered as it stands. */
export const STATUS_RULE =
  'status_after is what the step itself says or, where it says nothing and for every other entry, what the last step before it says; null until a step says something. status_basis tells them apart: `stated`, `carried`, or `open` where dates leave open whether a step with another status came before the entry or after it. What came after steps that are left out has status_after null.';

/** The status after an entry, and the action that says so. */
export interface Standing {
  readonly status_after: string | null;
  readonly status_basis: keyof typeof STATUS_BASES | null;
  readonly status_from: string | null;
}

interface Placed {
  readonly entry: Dated & { readonly status?: string | null };
  readonly place: Place;
}

/**
 * The standing after each entry of an ordered timeline. `hiddenFrom` is the date from which on steps are left out, `''`
 * where any may be; undefined where the timeline has them all.
 */
export function standings(ordered: readonly Placed[], hiddenFrom?: string): Standing[] {
  const saying = ordered.filter(({ entry }) => entry.status != null);
  const positions = new Map(ordered.map(({ entry }) => [entry.id, entry.position ?? null]));
  const positionOf = ({ id, of }: Dated) => positions.get(id) ?? positions.get(of ?? '') ?? null;
  let last: Placed | undefined;
  return ordered.map((placed) => {
    const { entry, place } = placed;
    if (entry.status != null) {
      last = placed;
      return { status_after: entry.status, status_basis: 'stated', status_from: entry.id };
    }
    if (hiddenFrom !== undefined && place.until >= hiddenFrom) return UNKNOWN;
    const carried = last?.entry.status ?? null;
    const order = (one: Placed, other: Placed) => certainOrder(one, other, positionOf);
    const source = saying.findLast((one) => one.entry.status === carried && order(one, placed) === 'before');
    const known = saying.every(
      (one) =>
        one.entry.status === carried ||
        order(one, placed) === 'after' ||
        (source !== undefined && order(one, source) === 'before'),
    );
    const status_basis = known && (source || !last) ? (last ? 'carried' : null) : 'open';
    return { status_after: carried, status_basis, status_from: last?.entry.id ?? null };
  });
}

const UNKNOWN: Standing = { status_after: null, status_basis: null, status_from: null };

/** Whether a step certainly came before another entry or after it, by dates, links and positions; undefined where that is open. */
function certainOrder(
  step: Placed,
  { entry, place }: Placed,
  positionOf: (entry: Dated) => number | null,
): 'before' | 'after' | undefined {
  if (step.place.until < place.from || entry.of === step.entry.id) return 'before';
  if (place.until < step.place.from) return 'after';
  const [one, other] = [positionOf(step.entry), positionOf(entry)];
  if (one === null || other === null || one === other) return undefined;
  return one < other ? 'before' : 'after';
}
