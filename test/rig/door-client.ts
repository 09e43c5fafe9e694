// A client of the managers' page and of the door for tools that does what a browser does, and keeps every answer it got.

/** An answer of the door. */
interface DoorAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** What a request may have besides. */
interface DoorRequest {
  readonly headers?: Readonly<Record<string, string>>;
  /** What follows the link's own address: `/annonce` or `/choix`. */
  readonly path?: string;
  /** The address it comes from, as a proxy would say; a new one each time. */
  readonly from?: string;
}

export interface DoorClient {
  /** Without a slash at its end. */
  readonly doorUrl: string;
  /** Every answer so far, heads and all, as text. */
  readonly answers: readonly string[];
  /** One request exactly as given; redirections are not followed. */
  request(url: string, init?: RequestInit & { from?: string | undefined }): Promise<DoorAnswer>;
  /** The hidden field of a link's page, as it is read from the page. */
  sealOf(link: string): Promise<string>;
  /** Posts a form as the link's page does: reads the page for its seal first, and follows a redirection. */
  postForm(link: string, fields: Readonly<Record<string, string>>, more?: DoorRequest): Promise<DoorAnswer>;
  /** Posts to the door for tools; `body` is JSON as text, or a value to be written so. */
  postTool(token: string, body: unknown, path?: string): Promise<DoorAnswer>;
}

const FORM = 'application/x-www-form-urlencoded';

/** A client of the door at an address. */
export function doorClient(doorUrl: string): DoorClient {
  const answers: string[] = [];
  let requests = 0;
  const request: DoorClient['request'] = async (url, { from, ...init } = {}) => {
    requests += 1;
    const headers = new Headers(init.headers);
    // Limits count addresses: a test is many people, unless it says otherwise.
    headers.set('x-forwarded-for', from ?? `10.${requests >> 16}.${(requests >> 8) & 255}.${requests & 255}`);
    const answer = await fetch(url, { redirect: 'manual', ...init, headers });
    const text = await answer.text();
    answers.push(`${answer.status} ${JSON.stringify([...answer.headers])}\n${text}`);
    return { status: answer.status, headers: answer.headers, text };
  };
  const sealOf = async (link: string) => {
    const { status, text } = await request(`${link}?vue=formulaire`);
    const seal = /name="seal" value="([^"]*)"/.exec(text)?.[1];
    if (seal === undefined) throw new Error(`the page has no form (${status}): ${text}`);
    return seal;
  };
  return {
    ...{ doorUrl, answers, request, sealOf },
    postForm: async (link, fields, { headers = {}, path = '', from } = {}) => {
      const body = new URLSearchParams({ seal: await sealOf(link), ...fields }).toString();
      const init = { method: 'POST', headers: { 'content-type': FORM, ...headers }, body, from };
      const answer = await request(`${link}${path}`, init);
      const onward = answer.status === 303 ? answer.headers.get('location') : null;
      return onward === null ? answer : request(new URL(onward, doorUrl).href, { from });
    },
    postTool: (token, body, path = '/v1/submissions') =>
      request(`${doorUrl}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
  };
}
