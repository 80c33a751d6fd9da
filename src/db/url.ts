/** Addresses of databases, as `DATABASE_URL` gives them. */
import { existsSync, realpathSync } from 'node:fs';
import { resolve } from 'node:path';

/** Where the data is kept when nothing is said. */
export const DEFAULT_URL = 'sqlite:./data/civic.db';

/** What a right address looks like. */
export const URL_FORM = 'sqlite:PATH or postgres://USER@HOST/DATABASE';

/** What the right address of a server looks like. */
export const SERVER_FORM = 'postgres://USER@HOST/DATABASE';

export type Address =
  | { readonly engine: 'sqlite'; readonly file: string }
  | { readonly engine: 'postgres'; readonly url: string };

/** The database an address names, or undefined when it names none. */
export function addressOf(url: string): Address | undefined {
  if (/^sqlite:[^?#\0]*[^?#\0/]$/.test(url) && url !== 'sqlite::memory:')
    return { engine: 'sqlite', file: url.slice('sqlite:'.length) };
  if (/^postgres(ql)?:\/\/[^/\s]*\/[^\s#]+$/.test(url) && URL.canParse(url))
    return { engine: 'postgres', url };
  // A Unix socket's address has no host, which the standard's parser does not know.
  if (/^postgres(ql)?:\/\/[^/\s]*@?\/[^\s?]+\?host=[^\s#]+$/.test(url)) return { engine: 'postgres', url };
  return undefined;
}

/** An address as it may be shown: without its user and password, or its password parameter. */
export function maskedUrl(url: string): string {
  return url.replace(/(:\/\/)[^/?#]*@/g, '$1***@').replace(/(password=)[^&#]*/gi, '$1***');
}

/** Whether an address is that of a server, which other machines may use too, and not of a file. */
export function isServer(url: string): boolean {
  return addressOf(url)?.engine === 'postgres';
}

/** Where the database of an address is, however the address is written: the same for two that lead to one file or server. */
export function placeOf(url: string): string {
  const address = addressOf(url);
  if (address?.engine !== 'sqlite') return maskedUrl(url).replace('***@', '');
  const file = resolve(address.file);
  return existsSync(file) ? realpathSync(file) : file;
}
