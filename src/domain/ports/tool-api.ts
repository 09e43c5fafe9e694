// What IT tools ask over HTTP, and what they are told.
import type { Environment } from '../account/technical-user.ts';
import type { Reported } from '../monitoring/probe-claim.ts';
import type { Typed } from '../submission/submission.ts';
import type { Choice, SubmissionResult } from './manager-api.ts';

/** What an IT tool hands in over POST /v1/submissions, checked for its shape. */
export interface ToolSubmission {
  readonly login: string;
  readonly environment: Environment | null;
  readonly typed: Typed;
  readonly choice: Choice | null;
}

/** What the door for IT tools asks. */
export interface ToolActions {
  /** The tool's name when the token is one of ours and in use; null otherwise. */
  known(token: string): Promise<string | null>;
  /** `unknown-login` when there is no such technical user, or one in each environment and none was named. */
  submit(
    tool: string,
    submission: ToolSubmission,
  ): Promise<SubmissionResult | { readonly kind: 'unknown-login' }>;
  /** A connector says which version of the password it uses. */
  adopt(
    tool: string,
    login: string,
    environment: Environment | null,
    version: number,
  ): Promise<'adopted' | 'unknown-login' | 'other-version'>;
  /** A connector says that Chorus Pro refused it: the password in service is asked about now, within its budget. */
  refused(
    tool: string,
    login: string,
    environment: Environment | null,
  ): Promise<Reported | { readonly kind: 'unknown-login' }>;
}
