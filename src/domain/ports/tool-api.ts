// The contract of the HTTP API for IT tools.
import type { Environment } from '../account/technical-user.ts';
import type { AdoptionResult } from '../monitoring/adoption.ts';
import type { ReportAnswer } from '../monitoring/probe-claim.ts';
import type { ApiTool } from '../registry/api-token.ts';
import type { TypedSubmission } from '../submission/submission.ts';
import type { Choice, SubmissionResult } from './manager-api.ts';

/** What an IT tool submits over POST /v1/submissions, checked for its shape. */
export interface ToolSubmission {
  readonly login: string;
  readonly environment: Environment | null;
  readonly typed: TypedSubmission;
  readonly choice: Choice | null;
}

export interface ToolActions {
  /** The tool when the token is one of ours and in use; null otherwise. */
  known(token: string): Promise<ApiTool | null>;
  /** `unknown-login` when there is no such technical user, or one in each environment and none was named. */
  submit(
    tool: string,
    submission: ToolSubmission,
  ): Promise<SubmissionResult | { readonly kind: 'unknown-login' }>;
  /** A connector reports the version of the password that it uses; `connector`: the sink that it reads, where it names one. */
  adopt(
    tool: string,
    account: { readonly login: string; readonly environment: Environment | null },
    report: { readonly version: number; readonly connector: string | null },
  ): Promise<AdoptionResult | 'unknown-login'>;
  /** A connector reports that Chorus Pro refused it: the password in service is checked now, within its budget. */
  refused(
    tool: string,
    login: string,
    environment: Environment | null,
  ): Promise<ReportAnswer | { readonly kind: 'unknown-login' }>;
}
