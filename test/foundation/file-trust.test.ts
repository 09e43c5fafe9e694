// The rule of trust over a disk of the test's own: owners, modes, links and folders, each alone and in every order.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type FileEntry,
  type FileTree,
  followPath,
  type ProcessIdentity,
} from '../../src/foundation/file-trust.ts';
import { isPrivateGroup } from '../../src/foundation/trusted-file.ts';
import { pathsIn } from '../../src/foundation/trusted-program.ts';

const [ROOT, WE, DEPLOY, MALLORY] = [0, 1000, 1001, 1002];
/** The private group of ours, and one that others are in. */
const [OURS, STAFF] = [1000, 50];

/** `uid:mode` of a folder or file (a folder ends with a slash), `uid>target` of a link, `uid!mode` of a device. */
type Disk = Readonly<Record<string, string>>;

function treeOf(disk: Disk): FileTree {
  const all: Disk = { '/': '0:755', ...disk };
  const described = (path: string) => all[path] ?? all[`${path}/`];
  return {
    look: (path) => {
      const words = described(path);
      if (words === undefined) return null;
      const [, uid = '', sign = '', rest = '', gid = ''] = /^(\d+)([:>!])([^ ]*) ?(\d*)$/.exec(words) ?? [];
      const kinds = {
        '>': 'link',
        '!': 'device',
        ':': `${path}/` in all || path === '/' ? 'folder' : 'file',
      } as const;
      return {
        kind: kinds[sign as keyof typeof kinds] as FileEntry['kind'],
        uid: Number(uid),
        gid: gid === '' ? STAFF : Number(gid),
        mode: sign === '>' ? 0o777 : Number.parseInt(rest, 8),
        identity: path,
      };
    },
    target: (link) => described(link)?.split('>')[1] ?? '',
  };
}

const caller = (uid = WE): ProcessIdentity => ({
  uid,
  checkout: '/srv/releve',
  isPrivate: (gid) => gid === OURS,
});
/** `trusted`, with where it leads; or what is wrong. */
function verdict(path: string, disk: Disk, uid = WE): string {
  const followed = followPath(path, caller(uid), treeOf(disk));
  return followed.trusted
    ? `trusted ${followed.path}${followed.entry === null ? ' (missing)' : ''}`
    : `${followed.distrust.place} ${followed.distrust.found}`;
}

describe('a path', () => {
  test.each<[string, string, Disk, string]>([
    ['of root', '/etc/k', { '/etc/': '0:755', '/etc/k': '0:644' }, 'trusted /etc/k'],
    ['of ours', '/h/k', { '/h/': '1000:700', '/h/k': '1000:600' }, 'trusted /h/k'],
    ['of another', '/etc/k', { '/etc/': '0:755', '/etc/k': '1002:600' }, '/etc/k belongs to user 1002'],
    ['in his folder', '/h/k', { '/h/': '1002:755', '/h/k': '1000:600' }, '/h belongs to user 1002'],
    ['open to all', '/k', { '/k': '0:646' }, '/k can be changed by everybody (mode 0646)'],
    [
      'in an open folder',
      '/h/k',
      { '/h/': '0:757', '/h/k': '0:600' },
      '/h can be changed by everybody (mode 0757)',
    ],
    ['open to a group', '/k', { '/k': '1000:664' }, '/k can be changed by group 50 (mode 0664)'],
    [
      'open to our private group',
      '/h/k',
      { '/h/': '1000:775 1000', '/h/k': '1000:664 1000' },
      'trusted /h/k',
    ],
    ['in a sticky folder of root', '/tmp/k', { '/tmp/': '0:1777', '/tmp/k': '1000:600' }, 'trusted /tmp/k'],
    [
      'of another there',
      '/tmp/k',
      { '/tmp/': '0:1777', '/tmp/k': '1002:600' },
      '/tmp/k belongs to user 1002',
    ],
    [
      'in a sticky folder of ours',
      '/s/k',
      { '/s/': '1000:1777', '/s/k': '1000:600' },
      '/s can be changed by everybody (mode 1777)',
    ],
    ['missing, under what is safe', '/etc/a/b', { '/etc/': '0:755' }, 'trusted /etc/a/b (missing)'],
    [
      'missing, under what is not',
      '/h/a/b',
      { '/h/': '0:777' },
      '/h can be changed by everybody (mode 0777)',
    ],
    ['of a device', '/dev/null', { '/dev/': '0:755', '/dev/null': '0!666' }, 'trusted /dev/null'],
    [
      'of standard input',
      '/dev/stdin',
      {
        ...{ '/dev/': '0:755', '/dev/stdin': '0>/proc/self/fd/0', '/proc/': '0:555', '/proc/self': '0>7' },
        ...{ '/proc/7/': '1000:555', '/proc/7/fd/': '1000:500', '/proc/7/fd/0': '1000>/h/of/mallory' },
      },
      'trusted /proc/7/fd/0',
    ],
  ])('%s', (_what, path, disk, expected) => {
    expect(verdict(path, disk)).toBe(expected);
  });

  test.each<[string, Disk, string]>([
    ['of ours is followed', { '/etc/l': '1000>/opt/k' }, 'trusted /opt/k'],
    ['is followed from its own folder', { '/etc/l': '0>../opt/./k' }, 'trusted /opt/k'],
    ['of another is not', { '/etc/l': '1002>/opt/k' }, '/etc/l belongs to user 1002'],
    ['to what is not safe is not', { '/etc/l': '0>/h/k' }, '/h belongs to user 1002'],
    ['to a link is followed', { '/etc/l': '0>m', '/etc/m': '0>/opt/k' }, 'trusted /opt/k'],
    [
      'over a link of another is not',
      { '/etc/l': '0>m', '/etc/m': '1002>/opt/k' },
      '/etc/m belongs to user 1002',
    ],
    ['to nothing yet', { '/etc/l': '0>/opt/new' }, 'trusted /opt/new (missing)'],
  ])('over a link: %s', (_what, links, expected) => {
    const disk = {
      '/etc/': '0:755',
      '/opt/': '0:755',
      '/opt/k': '0:600',
      '/h/': '1002:755',
      '/h/k': '0:600',
    };
    expect(verdict('/etc/l', { ...disk, ...links })).toBe(expected);
  });

  test('over a link to a folder: `..` is the folder above where it leads', () => {
    const disk = {
      '/etc/': '0:755',
      '/etc/l': '0>/h/sub',
      '/h/': '1002:755',
      '/h/sub/': '0:755',
      '/h/k': '0:600',
    };
    expect(verdict('/etc/l/../k', disk)).toBe('/h belongs to user 1002');
  });

  test('over a link that leads back to itself ends', () => {
    expect(() => verdict('/l', { '/l': '0>l' })).toThrow(expect.objectContaining({ code: 'ELOOP' }));
  });
});

describe('a file of the checkout is trusted as its code is', () => {
  const disk: Disk = { '/srv/': '1002:777', '/srv/releve/': '1001:755', '/srv/releve/f': '1001:644' };
  test.each<[string, Disk, string]>([
    ["its owner's, whatever is above", {}, 'trusted /srv/releve/f'],
    ['not of another', { '/srv/releve/f': '1002:644' }, '/srv/releve/f belongs to user 1002'],
    [
      'open to a group',
      { '/srv/releve/f': '1001:664' },
      '/srv/releve/f can be changed by group 50 (mode 0664)',
    ],
    [
      'open to the group of its code',
      { '/srv/releve/': '1001:775', '/srv/releve/f': '1001:664' },
      'trusted /srv/releve/f',
    ],
    ['open to all', { '/srv/releve/f': '1001:646' }, '/srv/releve/f can be changed by everybody (mode 0646)'],
    [
      'open to all as its code is',
      { '/srv/releve/': '1001:777', '/srv/releve/f': '1001:666' },
      'trusted /srv/releve/f',
    ],
    [
      'but not what a link in it leads to',
      { '/srv/releve/f': '1001>/srv/x', '/srv/x': '0:600' },
      '/srv belongs to user 1002',
    ],
  ])('%s', (_what, more, expected) => {
    expect(verdict('/srv/releve/f', { ...disk, ...more })).toBe(expected);
  });
  test('outside of it its owner is nobody', () => {
    expect(verdict('/etc/f', { '/etc/': '0:755', '/etc/f': '1001:644' })).toBe('/etc/f belongs to user 1001');
  });
});

test('any path: trusted if and only if no other user owns or may write a part of it', () => {
  const step = fc.record({
    uid: fc.constantFrom(ROOT, WE, DEPLOY, MALLORY),
    mode: fc.constantFrom(0o700, 0o755, 0o775, 0o777, 0o1777),
    gid: fc.constantFrom(OURS, STAFF),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 5 }), fc.constantFrom(ROOT, WE), (steps, uid) => {
      const disk: Record<string, string> = {};
      let path = '';
      for (const { uid: owner, mode, gid } of steps) {
        path += '/d';
        disk[`${path}/`] = `${owner}:${mode.toString(8)} ${gid}`;
      }
      const safe = steps.every(
        ({ uid: owner, mode, gid }) =>
          (owner === ROOT || owner === uid) &&
          ((owner === ROOT && mode === 0o1777) ||
            ((mode & 0o002) === 0 && ((mode & 0o020) === 0 || gid === OURS))),
      );
      expect(verdict(path, disk, uid).startsWith('trusted')).toBe(safe);
    }),
  );
});

describe('a private group', () => {
  const accounts = {
    users:
      'root:x:0:0:root:/root:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\nbob:x:1001:100::/home/bob:/bin/sh\n',
    groups: 'root:x:0:\nann:x:1000:\nusers:x:100:\nbob:x:1001:\n',
  };
  test.each<[number, number, Partial<typeof accounts>, boolean]>([
    [0, 0, {}, true],
    [1000, 1000, {}, true],
    // Another's, one that is not his first, one that others share.
    [1000, 1001, {}, false],
    [1001, 1001, {}, false],
    [100, 1001, {}, false],
    [1000, 1000, { groups: 'ann:x:1000:ann\n' }, true],
    [1000, 1000, { groups: 'ann:x:1000:bob\n' }, false],
    [1000, 1000, { groups: 'staff:x:1000:\n' }, false],
    [1000, 1000, { users: `${accounts.users}eve:x:1002:1000::/:/bin/sh\n` }, false],
    // In a container the user may have no name.
    [4242, 4242, {}, true],
    [50, 4242, {}, false],
    [4242, 4242, { groups: 'x:x:4242:bob\n' }, false],
    [0, 1000, {}, false],
  ])('group %i of user %i with %j: %s', (gid, uid, more, expected) => {
    expect(isPrivateGroup(gid, uid, { ...accounts, ...more })).toBe(expected);
  });
});

test('every absolute path in an argument is found', () => {
  expect(pathsIn('/a/b')).toEqual(['/a/b']);
  expect(pathsIn('--key=/a/b')).toEqual(['/a/b']);
  expect(pathsIn("cat </a/b | tee '/c d' >>/e; . /f")).toEqual(['/a/b', '/c', '/e', '/f']);
  expect(pathsIn('@/a:/b,/c')).toEqual(['/a', '/b', '/c']);
  expect(pathsIn('/a b')).toEqual(['/a b', '/a']);
  for (const word of ['a/b', './a', 's/x/y/', '-v', 'connector.service']) expect(pathsIn(word)).toEqual([]);
});
