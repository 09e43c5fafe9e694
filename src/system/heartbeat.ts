// The dead-man's switch: a call to an outer monitor, which raises the alarm when the calls stop.
import type { Log } from './log.ts';

const DEADLINE_MS = 10_000;

/** Loaded with the first beat: most daemons have no such address. */
async function openClient() {
  const { default: axios } = await import('axios');
  const client = axios.create({
    timeout: DEADLINE_MS,
    maxRedirects: 0,
    maxContentLength: 64 * 1024,
    responseType: 'text',
    headers: { 'User-Agent': 'releve' },
  });
  return { client, isAxiosError: axios.isAxiosError };
}

let opened: ReturnType<typeof openClient> | null = null;

/**
 * Calls the address once; true when it answered with success. Never throws; the address may hold a token, so only its host
 * is logged. `stop` ends the call without a log line: a slow listener must not delay the end of the process.
 */
export async function beat(
  url: string,
  log: Pick<Log, 'warn'>,
  deadlineMs = DEADLINE_MS,
  stop?: AbortSignal,
): Promise<boolean> {
  opened ??= openClient();
  const { client, isAxiosError } = await opened;
  const host = URL.parse(url)?.host ?? 'unknown';
  // axios's own timeout does not cover connecting; the signal bounds the whole call.
  const deadline = AbortSignal.timeout(deadlineMs);
  try {
    await client.get(url, { signal: stop === undefined ? deadline : AbortSignal.any([deadline, stop]) });
    return true;
  } catch (error) {
    if (stop?.aborted) return false;
    const answer = isAxiosError(error) ? { status: error.response?.status, code: error.code } : {};
    log.warn({ host, ...answer }, 'heartbeat failed');
    return false;
  }
}
