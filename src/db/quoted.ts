/** A text of our own as a constant of SQL, which both engines spell alike. */
export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
