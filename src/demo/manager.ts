// A manager who does by himself what the story asks of a person: reads the letter, announces, resets on the portal, pastes.
import type { AccountName, ChorusStructure } from '../simulator/chorus-pro/events.ts';

/** Where the manager goes. */
export interface ManagerErrand {
  /** The personal link, as the letter has it. */
  readonly link: string;
  /** Without a slash at its end. */
  readonly portalUrl: string;
  readonly account: AccountName;
  readonly home: ChorusStructure;
}

/** Walks the whole way over HTTP, as a browser without scripts would. Throws when a page is not what it should be. */
export async function runErrand({ link, portalUrl, account, home }: ManagerErrand): Promise<void> {
  const seal = found(await page(link), /name="seal" value="([^"]+)"/, 'the form of the letter’s link');
  await send(`${link}/annonce`, { seal, ready: 'yes' });
  const shown = await send(`${portalUrl}/demandes`, {
    structure: home.siret,
    compte: `${account.environment} ${account.login}`,
  });
  const password = found(shown, /id="mot-de-passe">([^<]+)</, 'the red frame of the portal');
  const number = found(shown, /action="\/demandes\/(\d+)\/soumission"/, 'the button of the portal');
  const submitted = await send(`${portalUrl}/demandes/${number}/soumission`, {});
  const expiry = found(submitted, /id="expiration">([^<]+)</, 'the date of the portal');
  await send(link, { seal, password, login: account.login, expiry });
}

/** A page that hangs is no page, in ms. */
const DEADLINE_MS = 20_000;

async function page(url: string): Promise<string> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(DEADLINE_MS) });
  return answer.text();
}

/** Posts a form and gives the page that comes of it. Throws when the answer is no success. */
async function send(url: string, form: Readonly<Record<string, string>>): Promise<string> {
  const answer = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams(form),
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
  if (!answer.ok) throw new Error(`HTTP ${answer.status} where a form was sent`);
  return answer.text();
}

/** Portal passwords have no sign that HTML must escape. What was read is never quoted: it may hold one. */
function found(text: string, pattern: RegExp, what: string): string {
  const value = pattern.exec(text)?.[1];
  if (value === undefined) throw new Error(`${what} is not there`);
  return value;
}
