/**
 * How many cases of a property on a database are tried, of those that are worth trying: a part in `npm test`, where they
 * are the same at every run, and all of them in `npm run drill:properties`, where they are others each time
 * (`PROPERTY_SHARE`).
 */
export function cases(all: number): number {
  return Math.ceil(all * Number(process.env.PROPERTY_SHARE ?? 0.4));
}
