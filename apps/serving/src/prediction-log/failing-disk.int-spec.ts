import { execFileSync } from 'node:child_process';
import { afterEach, expect, it } from '@jest/globals';
import {
  asRequest,
  cleanUp,
  cleanups,
  definition,
  faultOf,
  Inbox,
  makeFolder,
  makeRow,
  makeRows,
  openLog,
  until,
} from '../../test/opened-log.js';
import { SPOOL_FILES } from './spool-files.js';

afterEach(cleanUp);

it.each(['ENOSPC', 'EDQUOT', 'EIO'])(
  '%s: nothing is acknowledged, what was is still there, and it recovers by itself',
  async (code) => {
    const directory = await makeFolder();
    const inbox = new Inbox();
    let room = Number.POSITIVE_INFINITY;
    const writeSync: typeof SPOOL_FILES.writeSync = ((
      fd: number,
      bytes: Buffer,
      offset: number,
      length: number,
      at: number,
    ) => {
      if (room <= 0) throw Object.assign(new Error(code), { code });
      const written = SPOOL_FILES.writeSync(fd, bytes, offset, Math.min(length, room), at);
      room -= written;
      return written;
    }) as typeof SPOOL_FILES.writeSync; // the one overload that the writer calls
    const log = await openLog(directory, inbox, { files: { ...SPOOL_FILES, writeSync } });
    const good = makeRows(2);
    await log.append(definition, asRequest(good));
    room = 50; // the next record is cut short, and then refused
    const expected = code === 'EIO' ? 'storage-failed' : 'storage-full';
    const refused = await Promise.all(
      [makeRow(), makeRow()].map((row) => faultOf(log.append(definition, asRequest([row])))),
    );
    expect(refused).toEqual([expected, expected]);
    expect(log.state.isFailing).toBe(true);
    room = Number.POSITIVE_INFINITY;
    const later = makeRow();
    await log.append(definition, asRequest([later]));
    expect(log.state.isFailing).toBe(false);
    await log.startShipping();
    await until(() => inbox.rows.length === 3, 'shipped');
    expect(inbox.rows.map(({ id }) => id)).toEqual([...good, later].map(({ id }) => id));
  },
);

it('a failed fdatasync refuses the rows and takes them out again', async () => {
  const inbox = new Inbox();
  let broken = false;
  const fdatasync = ((fd: number, done: (error: Error | null) => void) =>
    broken
      ? setImmediate(done, Object.assign(new Error('EIO'), { code: 'EIO' }))
      : SPOOL_FILES.fdatasync(fd, done)) as typeof SPOOL_FILES.fdatasync; // called like the original
  const log = await openLog(await makeFolder(), inbox, { sync: 'batch', files: { ...SPOOL_FILES, fdatasync } });
  const [first, lost, last] = [makeRow(), makeRow(), makeRow()];
  await log.append(definition, asRequest([first]));
  broken = true;
  expect(await faultOf(log.append(definition, asRequest([lost])))).toBe('storage-failed');
  broken = false;
  await log.append(definition, asRequest([last]));
  await log.startShipping();
  await until(() => inbox.rows.length >= 2, 'shipped');
  await log.close();
  expect(inbox.rows.map(({ id }) => id)).toEqual([first.id, last.id]);
});

it('the byte limit of the log is a full disk, too, until something was shipped', async () => {
  const inbox = new Inbox();
  const log = await openLog(await makeFolder(), inbox, { bytesMax: 3_000, segmentBytesMax: 1_000 });
  let answered = 0;
  let fault = 'answered';
  while (fault === 'answered') {
    fault = await faultOf(log.append(definition, asRequest([makeRow()])));
    if (fault === 'answered') answered += 1;
  }
  expect(fault).toBe('storage-full');
  await log.startShipping();
  await until(
    async () => (await faultOf(log.append(definition, asRequest([makeRow()])))) === 'answered',
    'space again',
  );
  await until(() => inbox.rows.length === answered + 1, 'shipped');
});

const mount = () => {
  const directory = execFileSync('mktemp', ['-d']).toString().trim();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=128k', 'tmpfs', directory], { stdio: 'ignore' });
    return directory;
  } catch {
    execFileSync('rmdir', [directory]);
    return undefined;
  }
};

it('a really full file system refuses, keeps what was acknowledged, and takes more once space returns', async () => {
  const directory = mount();
  if (directory === undefined) {
    process.stderr.write(
      'skipped: a small file system can only be mounted by root; the injected disk above stands for it\n',
    );
    return;
  }
  cleanups.push(() => execFileSync('umount', ['-l', directory]));
  const inbox = new Inbox();
  const log = await openLog(directory, inbox, { segmentBytesMax: 20_000 });
  const acknowledged: string[] = [];
  for (let refusals = 0; refusals < 20; ) {
    const row = makeRow();
    const fault = await faultOf(log.append(definition, asRequest([row])));
    if (fault === 'answered') acknowledged.push(row.id);
    else {
      expect(fault).toBe('storage-full');
      refusals += 1;
    }
  }
  expect(acknowledged.length).toBeGreaterThan(100);
  await log.startShipping();
  await until(() => inbox.rows.length >= acknowledged.length, 'shipped');
  await until(async () => {
    const row = makeRow();
    const fault = await faultOf(log.append(definition, asRequest([row])));
    if (fault === 'answered') acknowledged.push(row.id);
    return fault === 'answered';
  }, 'space again');
  await until(() => inbox.rows.length === acknowledged.length, 'shipped');
  expect(inbox.rows.map(({ id }) => id)).toEqual(acknowledged);
});
