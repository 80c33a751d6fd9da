import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import t from 'tap';
import { type Config, ConfigError, printConfig, readConfig, settings } from '../src/config.ts';

const node = promisify(execFile);

type Environment = Readonly<Record<string, string>>;

function read(environment: Environment): { config: Config; warnings: string[] } {
  const warnings: string[] = [];
  return { config: readConfig(environment, (line) => warnings.push(line)), warnings };
}

const defaults: Config = {
  HOST: '127.0.0.1',
  PORT: 3000,
  WORKERS: 1,
  DATABASE_URL: 'sqlite:./data/civic.db',
  DATABASE_REPLICA_URLS: [],
  DATABASE_REPLICA_LAG: 1000,
  DATABASE_POOL_SIZE: 10,
  DATABASE_WAIT: 5000,
  DATABASE_STATEMENT_TIMEOUT: 30_000,
  TRUST_PROXY: [],
  LOG_LEVEL: 'info',
  SEED: true,
  PUBLIC_URL: '',
  SECURITY_CONTACT: [],
  RATE_LIMIT: '600/60',
  MAX_IN_FLIGHT: 64,
  RESPONSE_CACHE: 32,
  SNAPSHOT_DIR: '',
  SNAPSHOT_EVERY: '24h',
  SNAPSHOT_KEEP: 3,
  WEBHOOKS: true,
  WEBHOOK_ALLOWED: [],
};

const valid: readonly (readonly [name: keyof Config, text: string, value: unknown])[] = [
  ['HOST', '0.0.0.0', '0.0.0.0'],
  ['HOST', '::', '::'],
  ['HOST', '::1', '::1'],
  ['HOST', 'localhost', 'localhost'],
  ['HOST', 'civic-1.example.org', 'civic-1.example.org'],
  ['PORT', '0', 0],
  ['PORT', '8080', 8080],
  ['PORT', '65535', 65_535],
  ['WORKERS', '1', 1],
  ['WORKERS', '64', 64],
  ['DATABASE_URL', 'sqlite:civic.db', 'sqlite:civic.db'],
  ['DATABASE_URL', 'postgres://civic:secret@db.example/civic', 'postgres://civic:secret@db.example/civic'],
  ['DATABASE_URL', 'postgres://civic@/civic?host=/run/db', 'postgres://civic@/civic?host=/run/db'],
  ['DATABASE_REPLICA_URLS', '', []],
  ['DATABASE_REPLICA_LAG', '500', 500],
  ['DATABASE_POOL_SIZE', '25', 25],
  ['DATABASE_WAIT', '250', 250],
  ['DATABASE_STATEMENT_TIMEOUT', '1000', 1000],
  ['DATABASE_URL', 'sqlite:/var/lib/civic policy/civic.db', 'sqlite:/var/lib/civic policy/civic.db'],
  ['TRUST_PROXY', '', []],
  ['TRUST_PROXY', '10.0.0.1', ['10.0.0.1']],
  ['TRUST_PROXY', '10.0.0.0/8, 192.168.1.1,fd00::/8', ['10.0.0.0/8', '192.168.1.1', 'fd00::/8']],
  ['TRUST_PROXY', '10.0.0.1/32,::1/128', ['10.0.0.1/32', '::1/128']],
  ...['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'].map(
    (level) => ['LOG_LEVEL', level, level] as const,
  ),
  ['SEED', 'true', true],
  ['SEED', 'false', false],
  ['PUBLIC_URL', '', ''],
  ['PUBLIC_URL', 'https://civic.example.org', 'https://civic.example.org'],
  ['PUBLIC_URL', 'https://civic.example.org/', 'https://civic.example.org'],
  ['PUBLIC_URL', 'https://civic.example.org/api//', 'https://civic.example.org/api'],
  ['PUBLIC_URL', 'http://[::1]:8080/api', 'http://[::1]:8080/api'],
  ['SECURITY_CONTACT', '', []],
  [
    'SECURITY_CONTACT',
    'mailto:security@example.org, https://example.org/security?x=1,tel:+1-201-555-0123',
    ['mailto:security@example.org', 'https://example.org/security?x=1', 'tel:+1-201-555-0123'],
  ],
  ['RATE_LIMIT', 'off', 'off'],
  ['RATE_LIMIT', '1/1', '1/1'],
  ['RATE_LIMIT', '100000/3600', '100000/3600'],
  ['MAX_IN_FLIGHT', '1', 1],
  ['MAX_IN_FLIGHT', '10000', 10_000],
  ['RESPONSE_CACHE', '0', 0],
  ['RESPONSE_CACHE', '4096', 4096],
  ['SNAPSHOT_DIR', '/var/lib/civic/snapshots', '/var/lib/civic/snapshots'],
  ...['off', '30m', '24h', '7d'].map((every) => ['SNAPSHOT_EVERY', every, every] as const),
  ['SNAPSHOT_KEEP', '1', 1],
  ['WEBHOOKS', 'false', false],
  ['WEBHOOK_ALLOWED', '127.0.0.0/8, fd00::/8', ['127.0.0.0/8', 'fd00::/8']],
];

const invalid: readonly (readonly [name: keyof Config, ...texts: string[]])[] = [
  ['HOST', '', ' ', 'a b', 'http://localhost', 'localhost:3000', '-a', '256.1.1.1', '1.2.3', 'a..b', '[::1]'],
  ['PORT', '', ' 80', '80 ', '-1', '65536', '99999', '3e3', '0x50', '80.0', 'http', '３０００'],
  ['DATABASE_URL', '', 'civic.db', 'sqlite:', 'sqlite::memory:', 'sqlite:data/', 'SQLITE:civic.db'],
  [
    'DATABASE_URL',
    'sqlite:a.db?mode=ro',
    'postgres://localhost',
    'mysql://localhost/civic',
    'file:civic.db',
    'sqlite:a\0b',
  ],
  [
    'DATABASE_REPLICA_URLS',
    ',',
    'sqlite:civic.db',
    'postgres://a/b,',
    'postgres://a/b postgres://c/d',
    'db2',
  ],
  ['DATABASE_REPLICA_LAG', '', '499', '600001', '1s'],
  ['DATABASE_POOL_SIZE', '', '0', '1001', 'ten', '-1', '1.5'],
  ['DATABASE_WAIT', '0', '60001', '5s'],
  ['DATABASE_STATEMENT_TIMEOUT', '0', '3600001', '1m'],
  ['TRUST_PROXY', 'true', '1', 'loopback', '10.0.0.0/33', '::/129', '10.0.0.1,', '10.0.0.0/', '10.0.0.0/8/8'],
  ['TRUST_PROXY', '0.0.0.0/0', '::/0', '10.0.0.0/255.0.0.0', 'proxy.example.org', '10.0.0.0 /8'],
  ['LOG_LEVEL', '', 'INFO', 'verbose', '30', 'info '],
  ['SEED', '', 'yes', '1', 'TRUE', 'no'],
  ['PUBLIC_URL', 'civic.example.org', 'ftp://a.example', 'https://', 'https://a.example?x=1', '/api'],
  [
    'RATE_LIMIT',
    '',
    '600',
    '0/60',
    '600/0',
    '600/min',
    '600 / 60',
    '-1/60',
    '6e2/60',
    'OFF',
    'none',
    '600/60/2',
  ],
  ['SECURITY_CONTACT', 'security@example.org', 'http://example.org/security', 'mailto:', 'tel:'],
  ['SECURITY_CONTACT', 'mailto:a@example.org,', 'mailto:a@example.org\nContact: mailto:b', 'https:///x'],
  ['WORKERS', '', '0', '65', '1.5', 'auto'],
  ['MAX_IN_FLIGHT', '', '0', '10001', 'off', '6.4'],
  ['RESPONSE_CACHE', '', '-1', '4097', 'off', '32MB'],
  ['SNAPSHOT_DIR', 'a\0b'],
  ['SNAPSHOT_EVERY', '', '0h', '24', '1.5h', '24H', '10000d', 'never', '1w'],
  ['SNAPSHOT_KEEP', '', '0', '10000', 'all'],
  ['WEBHOOKS', '', 'on', '1'],
  ['WEBHOOK_ALLOWED', 'localhost', '10.0.0.0/33', '0.0.0.0/0', '10.0.0.1;10.0.0.2'],
  ['PUBLIC_URL', 'https://a.example#top', 'https://a b.example', 'https://a.example:99999', 'javascript:1'],
];

/** The error that reading gives, or undefined. */
function fault(environment: Environment): unknown {
  try {
    readConfig(environment, () => undefined);
    return undefined;
  } catch (error) {
    return error;
  }
}

t.test('every setting has a default, a meaning and an expectation', async (t) => {
  const { config, warnings } = read({});
  t.same(config, defaults);
  t.same(warnings, []);
  t.same(Object.keys(settings), Object.keys(defaults));
  for (const [name, { meaning, expected }] of Object.entries(settings)) t.ok(meaning && expected, name);
});

t.test('the README lists every setting with its default', async (t) => {
  const listed = [
    ...readFileSync('README.md', 'utf8').matchAll(/^\| `([A-Z_]+)` \| (?:`([^`]*)`|none) \|/gm),
  ];
  t.same(
    Object.fromEntries(listed.map(([, name, initial = '']) => [name, initial])),
    Object.fromEntries(Object.entries(settings).map(([name, { initial }]) => [name, initial])),
  );
});

t.test('every setting is read from the environment', async (t) => {
  for (const [name, text, value] of valid) {
    const { config } = read({ [name]: text });
    t.same(config, { ...defaults, [name]: value }, `${name}='${text}'`);
  }
});

t.test(
  'a value that is not right stops the start with one line that names the setting and what is right',
  async (t) => {
    for (const [name, ...texts] of invalid) {
      for (const text of texts) {
        const error = fault({ [name]: text });
        t.type(error, ConfigError, `${name}='${text}'`);
        const { message } = error as Error;
        t.ok(message.startsWith(`${name} is '`), message);
        t.ok(message.endsWith(`: it must be ${settings[name].expected}`), message);
      }
    }
  },
);

t.test('the line is one line, whatever the value', async (t) => {
  const { message } = fault({ PORT: '80\n90\r\u2028\u0007' }) as Error;
  t.match(message, /^PORT is '80.*90.*': it must be a number from 0 to 65535$/);
  t.notMatch(message, /[\p{Cc}\u2028\u2029]/u, 'without control characters');
  t.ok((fault({ PORT: '9'.repeat(100_000) }) as Error).message.length < 300, 'nor is it endless');
});

t.test('replicas are of a server, and their secrets are shown nowhere', async (t) => {
  const DATABASE_URL = 'postgres://ann:s3cret@one/civic';
  const DATABASE_REPLICA_URLS =
    'postgres://ann:s3cret@two/civic, postgres://ann@/civic?host=/run&password=s3cret';
  const { config } = read({ DATABASE_URL, DATABASE_REPLICA_URLS });
  t.same(config.DATABASE_REPLICA_URLS, DATABASE_REPLICA_URLS.split(', '));
  t.notMatch(printConfig(config), /s3cret/);
  t.match(printConfig(config), /^DATABASE_REPLICA_URLS=postgres:\/\/\*\*\*@two\/civic,postgres:/m);
  const wrong = fault({ DATABASE_URL, DATABASE_REPLICA_URLS: `${DATABASE_REPLICA_URLS},nowhere` }) as Error;
  t.match(wrong.message, /^DATABASE_REPLICA_URLS is 'postgres:.*it must be addresses separated by commas/);
  t.notMatch(wrong.message, /s3cret/);
  const alone = fault({ DATABASE_REPLICA_URLS });
  t.type(alone, ConfigError);
  t.match((alone as Error).message, /^DATABASE_REPLICA_URLS is set, but DATABASE_URL is no server: /);
});

t.test('unknown CIVIC_ names are warned of, and the nearest setting named', async (t) => {
  const { config, warnings } = read({ CIVIC_PORT: '1', CIVIC_DATABSE_URL: 'x', CIVIC_COLOUR_OF_MOON: 'x' });
  t.same(config, defaults, 'they set nothing');
  t.same(warnings, [
    'CIVIC_PORT is not a setting; did you mean PORT?',
    'CIVIC_DATABSE_URL is not a setting; did you mean DATABASE_URL?',
    'CIVIC_COLOUR_OF_MOON is not a setting',
  ]);
  t.same(read({ PATH: '/bin', NODE_ENV: 'production' }).warnings, [], 'names of others are left alone');
});

t.test('settings cannot be changed once read', async (t) => {
  const { config } = read({ TRUST_PROXY: '10.0.0.1' });
  t.throws(() => Object.assign(config, { PORT: 1 }), TypeError);
  t.throws(() => (config.TRUST_PROXY as string[]).push('0.0.0.0'), TypeError);
});

t.test('secrets are shown nowhere: neither printed nor in errors', async (t) => {
  const addresses = [
    'https://ann:s3cret@civic.example.org',
    'https://:s3cret@civic.example.org',
    'https://s3cret@civic.example.org',
    'https://ann:s3cret@s3cret@civic.example.org/a@b',
  ];
  for (const PUBLIC_URL of addresses) {
    const printed = printConfig({ ...defaults, PUBLIC_URL });
    t.notMatch(printed, /s3cret/, PUBLIC_URL);
    t.match(printed, /PUBLIC_URL=https:\/\/.*civic\.example\.org/, 'the rest is shown');
  }
  t.notMatch(
    printConfig({ ...defaults, DATABASE_URL: 'postgres://ann:s3cret@db/civic?password=s3cret' }),
    /s3cret/,
  );
  for (const DATABASE_URL of [
    'postgres://ann:s3cret@db',
    'postgres://ann:/#?s3cret@db/civic',
    'postgresql://ann:s3:cr@db:5432,b/civic?password=s3cret',
  ])
    t.notMatch((fault({ DATABASE_URL }) as Error).message, /s3cret|s3:cr/, DATABASE_URL);
});

t.test('--print-config shows what is in force, and can be read back', async (t) => {
  const env = {
    PATH: process.env.PATH,
    PORT: '4000',
    TRUST_PROXY: '10.0.0.1,::1',
    PUBLIC_URL: 'https://a:b@c.example',
  };
  const { stdout, stderr } = await node(process.execPath, ['src/cli.ts', 'serve', '--print-config'], { env });
  t.equal(stderr, '');
  const lines = stdout.trimEnd().split('\n');
  t.same(lines, [
    'HOST=127.0.0.1',
    'PORT=4000',
    'WORKERS=1',
    'DATABASE_URL=sqlite:./data/civic.db',
    'DATABASE_REPLICA_URLS=',
    'DATABASE_REPLICA_LAG=1000',
    'DATABASE_POOL_SIZE=10',
    'DATABASE_WAIT=5000',
    'DATABASE_STATEMENT_TIMEOUT=30000',
    'TRUST_PROXY=10.0.0.1,::1',
    'LOG_LEVEL=info',
    'SEED=true',
    'PUBLIC_URL=https://***@c.example',
    'SECURITY_CONTACT=',
    'RATE_LIMIT=600/60',
    'MAX_IN_FLIGHT=64',
    'RESPONSE_CACHE=32',
    'SNAPSHOT_DIR=',
    'SNAPSHOT_EVERY=24h',
    'SNAPSHOT_KEEP=3',
    'WEBHOOKS=true',
    'WEBHOOK_ALLOWED=',
  ]);
  const back = Object.fromEntries(lines.map((line) => line.split(/=(.*)/s).slice(0, 2)));
  t.same(read(back).config, {
    ...defaults,
    PORT: 4000,
    TRUST_PROXY: ['10.0.0.1', '::1'],
    PUBLIC_URL: 'https://***@c.example',
  });
});
