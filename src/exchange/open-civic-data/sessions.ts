/** Legislative sessions, which agendas leave to be understood. */
import { dayOf } from './facts.ts';
import type { Jurisdiction } from './schemas.ts';

export type Session = NonNullable<Jurisdiction['legislative_sessions']>[number];

/** The session that a day lies in; of several the regular one, and none where that is open too. */
export function sessionOn(sessions: readonly Session[], day: string): string | undefined {
  const within = sessions.filter(({ start_date, end_date }) => {
    const [start, end] = [dayOf(start_date), dayOf(end_date)];
    return start !== undefined && start <= day && (end === undefined || day <= `${end}~`);
  });
  const regular = within.filter(({ classification }) => classification === 'primary');
  const [one, another] = regular.length > 0 ? regular : within;
  return another === undefined ? one?.identifier : undefined;
}
