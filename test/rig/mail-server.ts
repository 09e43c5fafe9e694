// A real mail server for the tests: OpenSMTPD takes the mail, Dovecot keeps it and shows it over IMAP.
// TLS and log-in are Dovecot's too (its submission door, before OpenSMTPD): OpenSMTPD 6.8 cannot speak TLS with the
// OpenSSL 3 of Debian 12.
import { chmod, chown, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Certificate, makeCertificate } from './certificate.ts';
import { type Daemon, freePorts, startDaemon } from './daemons.ts';

/** How the server is to behave. */
export interface MailServerOptions {
  /** Addresses refused with a real 550 5.1.1 at RCPT; every other address has a mailbox. */
  readonly unknown?: readonly string[];
  /** Addresses put off with a 4xx at RCPT. */
  readonly deferred?: readonly string[];
  /** Opens the doors with TLS, which ask for this log-in. */
  readonly submission?: Login;
}

/** What a sender logs in with; the user is no address. */
interface Login {
  readonly user: string;
  readonly password: string;
}

/** Where a server listens. */
interface Listening {
  readonly host: string;
  readonly port: number;
}

/** A running mail server. Any password opens any mailbox. */
export interface MailServer {
  /** Takes mail from everybody, in the clear. */
  readonly smtp: Listening;
  /** STARTTLS and log-in; only open with the option `submission`. */
  readonly submission: Listening;
  /** The same with TLS from the first byte. */
  readonly submissions: Listening;
  readonly imap: Listening;
  /** The certificate to trust, PEM; it names `localhost` and `127.0.0.1`. */
  readonly caPem: string;
  /** An outage: nobody listens, until `startSmtp`. Mail already taken is kept. */
  stopSmtp(): Promise<void>;
  startSmtp(): Promise<void>;
  /** Changes which addresses are refused or put off (restarts the SMTP server). */
  refuse(addresses: Pick<MailServerOptions, 'unknown' | 'deferred'>): Promise<void>;
  /** Resolves when all mail taken so far lies in its mailbox. */
  settled(): Promise<void>;
  /** Addresses that have a mailbox by now. */
  addresses(): Promise<string[]>;
  /** Ends both servers and removes the folder. */
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';
const NOBODY = { uid: 65534, gid: 65534 };

interface Ports {
  readonly smtp: number;
  readonly submission: number;
  readonly submissions: number;
  readonly imap: number;
  readonly lmtp: number;
}

function dovecotConf(folder: string, ports: Ports, login: Login | undefined): string {
  return `base_dir = ${folder}/dovecot/run
state_dir = ${folder}/dovecot/state
log_path = /dev/stderr
default_internal_user = nobody
default_internal_group = nogroup
default_login_user = nobody
first_valid_uid = 0
listen = ${HOST}
protocols = imap lmtp ${login === undefined ? '' : 'submission'}
disable_plaintext_auth = no
auth_mechanisms = plain login
mail_location = maildir:${folder}/dovecot/mail/%Lu
mail_uid = nobody
mail_gid = nogroup
mail_max_userip_connections = 100
mail_fsync = never
recipient_delimiter =
passdb {
  driver = static
  args = nopassword=y
  username_filter = *@*
}
userdb {
  driver = static
  args = uid=nobody gid=nogroup home=${folder}/dovecot/mail/%Lu allow_all_users=yes
}
namespace inbox {
  inbox = yes
  separator = /
}
auth_failure_delay = 0
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    address = ${HOST}
    port = ${ports.imap}
  }
  inet_listener imaps {
    port = 0
  }
}
service lmtp {
  inet_listener lmtp {
    address = ${HOST}
    port = ${ports.lmtp}
  }
}
${login === undefined ? 'ssl = no' : submissionConf(folder, ports, login)}
`;
}

function submissionConf(folder: string, ports: Ports, login: Login): string {
  return `ssl = yes
ssl_cert = <${folder}/cert.pem
ssl_key = <${folder}/key.pem
hostname = mx.example.test
submission_relay_host = ${HOST}
submission_relay_port = ${ports.smtp}
passdb {
  driver = static
  args = password=${login.password}
  username_filter = ${login.user}
}
service submission-login {
  chroot =
  inet_listener submission {
    address = ${HOST}
    port = ${ports.submission}
  }
  inet_listener submissions {
    address = ${HOST}
    port = ${ports.submissions}
    ssl = yes
  }
}`;
}

function smtpdConf(folder: string, ports: Ports): string {
  return `table mailboxes file:${folder}/mailboxes
listen on ${HOST} port ${ports.smtp} hostname mx.example.test
action "keep" lmtp "${HOST}:${ports.lmtp}" rcpt-to virtual <mailboxes>
match from any for any action "keep"
`;
}

/** OpenSMTPD's table of mailboxes: the refused ones with their answer, then everybody else. */
function mailboxes(options: Pick<MailServerOptions, 'unknown' | 'deferred'>): string {
  const unknown = (options.unknown ?? []).map((address) => `${address} error:550 5.1.1 No such user here`);
  // This server words a temporary answer of its own ("424 4.2.4 Mailing list expansion problem").
  const deferred = (options.deferred ?? []).map((address) => `${address} error:451 4.7.1 Come back later`);
  return [...unknown, ...deferred, '@ nobody', ''].join('\n');
}

async function writeFiles(
  folder: string,
  ports: Ports,
  certificate: Certificate,
  options: MailServerOptions,
): Promise<void> {
  // Both daemons leave root behind: they must be able to walk in.
  await chmod(folder, 0o755);
  for (const inner of ['spool', 'run', 'dovecot']) await mkdir(join(folder, inner), { mode: 0o755 });
  const files: readonly (readonly [name: string, text: string])[] = [
    ['key.pem', certificate.key],
    ['cert.pem', certificate.cert],
    ['mailboxes', mailboxes(options)],
    ['smtpd.conf', smtpdConf(folder, ports)],
    ['dovecot.conf', dovecotConf(folder, ports, options.submission)],
  ];
  for (const [name, text] of files) await writeFile(join(folder, name), text);
  for (const name of ['dovecot', 'key.pem']) await chown(join(folder, name), NOBODY.uid, NOBODY.gid);
}

/** True when the server holds no message between taking and keeping it: one file each, besides its envelopes. */
async function isQueueEmpty(folder: string): Promise<boolean> {
  try {
    const queues = ['queue', 'incoming'].map((name) => join(folder, 'spool', 'smtpd', name));
    const entries = await Promise.all(queues.map((queue) => readdir(queue, { recursive: true })));
    return !entries.flat().some((name) => name.endsWith('message'));
  } catch (error) {
    // A message left while its folder was being read: the others may still be there.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

const PATIENCE_MS = 30_000;

async function settled(folder: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await isQueueEmpty(folder))) {
    if (Date.now() > deadline) throw new Error('the mail server still holds mail it took');
    await pause(20);
  }
}

/** Starts OpenSMTPD on free ports. It is shown a spool and a /run of its own, so that several can run side by side. */
function startSmtpd(folder: string, ports: readonly number[]): Promise<Daemon> {
  const mounts = 'mount --bind "$0/spool" /var/spool && mount --bind "$0/run" /run';
  const start = `${mounts} && exec smtpd -d -f "$0/smtpd.conf"`;
  return startDaemon(['unshare', '--mount', 'sh', '-c', start, folder], ports, join(folder, 'smtpd.log'));
}

function startDovecot(folder: string, ports: readonly number[]): Promise<Daemon> {
  const asNobody = [`--reuid=${NOBODY.uid}`, `--regid=${NOBODY.gid}`, '--clear-groups'];
  const command = [...asNobody, 'dovecot', '-F', '-c', join(folder, 'dovecot.conf')];
  return startDaemon(command, ports, join(folder, 'dovecot.log'));
}

/** Starts a real mail server on loopback; it needs root (see test/machine/prepare). Ends with `stop`. */
export async function startMailServer(options: MailServerOptions = {}): Promise<MailServer> {
  const folder = await mkdtemp(join(tmpdir(), 'releve-mail-'));
  const [smtp = 0, submission = 0, submissions = 0, imap = 0, lmtp = 0] = await freePorts(5);
  const certificate = await makeCertificate(['DNS:localhost', `IP:${HOST}`]);
  const ports = { smtp, submission, submissions, imap, lmtp };
  await writeFiles(folder, ports, certificate, options);
  const doors = options.submission === undefined ? [] : [submission, submissions];
  const dovecot = await startDovecot(folder, [imap, lmtp, ...doors]);
  let smtpd: Daemon | null = await startSmtpd(folder, [smtp]);

  const stopSmtp = async () => {
    await smtpd?.end();
    smtpd = null;
  };
  const startSmtp = async () => {
    smtpd ??= await startSmtpd(folder, [smtp]);
  };
  return {
    smtp: { host: HOST, port: smtp },
    submission: { host: HOST, port: submission },
    submissions: { host: HOST, port: submissions },
    imap: { host: HOST, port: imap },
    caPem: certificate.cert,
    stopSmtp,
    startSmtp,
    refuse: async (addresses) => {
      const running = smtpd !== null;
      await stopSmtp();
      await writeFile(join(folder, 'mailboxes'), mailboxes(addresses));
      if (running) await startSmtp();
    },
    settled: () => settled(folder),
    addresses: async () => (await readdir(join(folder, 'dovecot', 'mail')).catch(() => [])).sort(),
    stop: async () => {
      await stopSmtp();
      await dovecot.end();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
