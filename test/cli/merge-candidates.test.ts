import t from 'tap';
import { writer } from '../http/writer.ts';
import { command, run } from '../program.ts';

t.test(
  'civic merge-candidates tells pairs with the request that merges them',
  { timeout: 60_000 },
  async (t) => {
    const { url, make, clock } = await writer(t);
    clock.now = new Date('2126-01-31T12:00:00.000Z');
    const again = await make('officials', { name: 'Bass, Karen' });
    const env = { DATABASE_URL: url, LOG_LEVEL: 'silent', PUBLIC_URL: 'https://civic.example.org' };
    const civic = (...args: string[]) => command(['merge-candidates', ...args], env);
    const [plain, json, places, wrong, kind] = await Promise.all([
      run(t, ['src/cli.ts', 'merge-candidates', '--min-score', '0.5'], env).ended,
      civic('--json'),
      civic('--kind', 'jurisdiction'),
      civic('--min-score', '1.5'),
      civic('--kind', 'policy'),
    ]);
    t.equal(plain.code, 0);
    const [pair, reasons, request] = plain.stdout.split('\n');
    t.equal(pair, '0.60  bass-karen (Bass, Karen) into karen-bass (Karen Bass)');
    t.equal(reasons, '      the same name +0.6');
    t.match(
      request,
      new RegExp(
        `^ {6}curl -X POST https://civic\\.example\\.org/v1/officials/${again.id}/merge .*-d '{"into":"[0-9a-f-]{36}"}'$`,
      ),
    );
    const told = JSON.parse(json.stdout);
    t.match(told, {
      kind: 'official',
      min_score: 0.6,
      candidates: [{ score: 0.6, merges: { id: again.id } }],
      too_many: [],
    });
    t.same(
      [places.code, places.stdout],
      [0, '0 pairs to look at, of 0 that were weighed, among 9 jurisdictions\n'],
    );
    t.equal(wrong.code, 1);
    t.match(
      wrong.stderr,
      /'--min-score <score>' argument '1\.5' is invalid\. It must be a number from 0 to 1\./,
    );
    t.equal(kind.code, 1);
    t.match(kind.stderr, /Allowed choices are official, organization, jurisdiction/);
  },
);
