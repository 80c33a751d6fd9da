import t from 'tap';
import { judge, rangesOf } from '../../../src/features/webhooks/addresses.ts';

const refused: readonly (readonly [address: string, as: RegExp])[] = [
  ['127.0.0.1', /loopback/],
  ['127.255.255.254', /loopback/],
  ['0.0.0.0', /unspecified/],
  ['0.1.2.3', /unspecified/],
  ['10.0.0.1', /private/],
  ['172.16.0.1', /private/],
  ['172.31.255.255', /private/],
  ['192.168.1.1', /private/],
  ['169.254.169.254', /link-local/],
  ['100.64.0.1', /RFC 6598/],
  ['100.100.100.200', /RFC 6598/],
  ['168.63.129.16', /cloud/],
  ['192.0.0.192', /reserved/],
  ['192.0.2.1', /reserved/],
  ['198.18.0.1', /reserved/],
  ['198.51.100.1', /reserved/],
  ['203.0.113.1', /reserved/],
  ['224.0.0.1', /multicast/],
  ['240.0.0.1', /reserved/],
  ['255.255.255.255', /broadcast/],
  ['::', /unspecified/],
  ['::1', /loopback/],
  ['::127.0.0.1', /loopback|reserved/],
  ['::7f00:1', /loopback|reserved/],
  ['::a00:1', /private|reserved/],
  ['fe80::1', /link-local/],
  ['fe80::1%eth0', /link-local/],
  ['fec0::1', /deprecatedSiteLocal|reserved/],
  ['fc00::1', /RFC 4193/],
  ['fd00:ec2::254', /RFC 4193/],
  ['ff02::1', /multicast/],
  ['::ffff:127.0.0.1', /loopback/],
  ['::ffff:7f00:1', /loopback/],
  ['::ffff:10.0.0.1', /private/],
  ['::ffff:169.254.169.254', /link-local/],
  ['::ffff:0:127.0.0.1', /rfc6145/],
  ['64:ff9b::7f00:1', /loopback/],
  ['64:ff9b::169.254.169.254', /link-local/],
  ['64:ff9b::10.1.2.3', /private/],
  ['64:ff9b:1::8.8.8.8', /rfc6052/],
  ['2002:7f00:1::', /6to4/],
  ['2001:0:7f00:1::', /teredo/],
  ['2001:db8::1', /reserved/],
  ['3fff::1', /reserved/],
  ['100::1', /discard/],
  ['5f00::1', /segmentRouting/],
  ['4000::1', /reserved/],
  ['localhost', /no address/],
  ['2130706433', /no address/],
  ['0177.0.0.1', /no address/],
  ['', /no address/],
];

t.test('no address that is not public is connected to', async (t) => {
  for (const [address, as] of refused) t.match(judge(address, []), { refused: as }, address);
});

t.test('public addresses are', async (t) => {
  const open = ['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '2a00:1450::1'];
  for (const address of [...open, '::ffff:8.8.8.8', '64:ff9b::8.8.8.8'])
    t.equal(judge(address, []), 'public', address);
});

t.test('the operator may allow ranges, and no more than those', async (t) => {
  const listed = rangesOf(['10.1.0.0/16', '127.0.0.1', 'fd00:1::/32', '::1']);
  for (const address of ['10.1.2.3', '127.0.0.1', '::ffff:10.1.2.3', '64:ff9b::10.1.2.3', 'fd00:1::5', '::1'])
    t.equal(judge(address, listed), 'listed', address);
  for (const address of ['10.2.0.1', '127.0.0.2', '::ffff:10.2.0.1', 'fd00:2::5', '::2'])
    t.match(judge(address, listed), { refused: String }, address);
  t.equal(judge('8.8.8.8', listed), 'public');
});
