/** Memberships of Popolo, wherever they stand in a document. */
import type { Identifier } from '../../engine/rows.ts';
import type { Place, Read } from '../import/record.ts';
import { dayOf, said } from '../open-civic-data/facts.ts';
import type { Context } from './context.ts';
import type { Id, Of } from './schemas.ts';

/** The longest role, in characters. */
const ROLE = 200;

type Membership = Of<'memberships'>;

/** An office: the post's label or the area is its seat, and the period's dates are its dates where it has none. */
export function* membershipRecords(place: Place, data: Membership, context: Context): Generator<Read> {
  const { names } = context;
  const person = names.of(data.person_id) ?? names.of(data.person?.id);
  const post = data.post ?? context.post(data.post_id) ?? {};
  const body =
    names.of(data.organization_id) ?? names.of(data.organization?.id) ?? names.of(post.organization_id);
  const { seat, jurisdiction } = whereabouts(data, post, context);
  const role = said(data.role) ?? said(post.role);
  const [start, end] = datesOf(data, context);
  const facts = [person, body].map((one) => one?.identifier ?? '');
  const own =
    names.of(data.id) ??
    names.made('membership', ...facts, role ?? '', seat ?? '', key(data.legislative_period_id), start ?? '');
  if (!context.isFirst('membership', own)) {
    // Some documents have each under its person and under its body.
    yield { kind: 'membership', place, note: 'stands in the document before' };
    return;
  }
  yield context.record('membership', place, data.id, {
    official_id: person,
    organization_id: body,
    jurisdiction_id: body === undefined ? jurisdiction : undefined,
    role: role !== undefined && role.length > ROLE ? undefined : role,
    role_raw: said(data.label) ?? role,
    seat,
    party: partyOf(data, context),
    start_date: start,
    end_date: end,
    identifiers: [own],
  });
}

const key = (id: Id) => String(id ?? '');

interface Whereabouts {
  readonly seat: string | undefined;
  readonly jurisdiction: Identifier | undefined;
}

/** The seat of an office, and the place it stands in where that is said. */
function whereabouts(data: Membership, post: NonNullable<Membership['post']>, context: Context): Whereabouts {
  const [id, embedded] = data.area_id || data.area ? [data.area_id, data.area] : [post.area_id, post.area];
  const jurisdiction = context.placeIn(id ?? embedded?.id);
  const area = jurisdiction ? undefined : (said(embedded?.name) ?? said(context.area(id)?.name));
  return { seat: area ?? said(post.label), jurisdiction };
}

function datesOf(data: Membership, context: Context): (string | undefined)[] {
  const period = context.period(data.legislative_period_id);
  return [
    dayOf(data.start_date) ?? dayOf(period?.start_date),
    dayOf(data.end_date) ?? dayOf(period?.end_date),
  ];
}

function partyOf({ on_behalf_of, on_behalf_of_id }: Membership, context: Context): string | undefined {
  return said(on_behalf_of?.name) ?? context.bodyName(on_behalf_of_id ?? on_behalf_of?.id);
}
