// Certificates that are not valid today: one from tomorrow, one until yesterday, made by openssl's own authority.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Certificate } from '../../rig/certificate.ts';

const CONFIG = `
[ca]
default_ca = here
[here]
database = index
serial = serial
new_certs_dir = .
default_md = sha256
policy = any
x509_extensions = names
unique_subject = no
[any]
commonName = supplied
[names]
subjectAltName = IP:127.0.0.1
basicConstraints = critical,CA:true
`;

/** Makes both; each is its own authority. `close` throws them away. */
export async function startWrongDays() {
  const folder = await mkdtemp(join(tmpdir(), 'releve-days-'));
  const openssl = (...args: readonly string[]) => promisify(execFile)('openssl', [...args], { cwd: folder });
  const make = async (name: string, from: string, to: string): Promise<Certificate> => {
    const subject = ['-subj', `/CN=${name}`];
    await openssl(
      'req',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-keyout',
      `${name}.key`,
      '-out',
      `${name}.csr`,
      ...subject,
    );
    const days = ['-startdate', from, '-enddate', to];
    const files = ['-keyfile', `${name}.key`, '-in', `${name}.csr`, '-out', `${name}.pem`];
    await openssl('ca', '-batch', '-notext', '-selfsign', '-config', 'ca.conf', ...days, ...files);
    const read = (ending: string) => readFile(join(folder, `${name}.${ending}`), 'utf8');
    return { key: await read('key'), cert: await read('pem') };
  };
  await writeFile(join(folder, 'ca.conf'), CONFIG);
  await writeFile(join(folder, 'index'), '');
  await writeFile(join(folder, 'serial'), '01\n');
  const year = new Date().getUTCFullYear();
  return {
    tomorrow: await make('tomorrow', `${year + 5}0101000000Z`, `${year + 9}0101000000Z`),
    yesterday: await make('yesterday', `${year - 9}0101000000Z`, `${year - 5}0101000000Z`),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}
