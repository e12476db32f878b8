import * as z from "zod";
import { workspaceRole } from "../resources.ts";
import { name } from "./fields.ts";

/** What a browser needs before anyone has signed in. */
export const appConfig = z.object({
  /** Where supabase-js signs in: our own address, or the Supabase project's. */
  authUrl: z.url(),
  publishableKey: z.string(),
  isSimulatorOn: z.boolean(),
  /** True for anyone who holds no invitation. */
  isSignupOpen: z.boolean(),
  /** True until the first account is there, whose person sets the installation up. */
  needsFirstAccount: z.boolean(),
  version: z.string(),
});
export type AppConfig = z.infer<typeof appConfig>;

export const me = z.object({
  userId: z.uuid(),
  email: z.string(),
  displayName: z.string(),
  /** Whether this person may create a workspace. */
  canCreateWorkspace: z.boolean(),
  workspaces: z.array(
    z.object({
      id: z.uuid(),
      name: z.string(),
      role: workspaceRole,
      twilioConnected: z.boolean(),
      autoClaim: z.boolean(),
    }),
  ),
});
export type Me = z.infer<typeof me>;

export const updateMeRequest = z.object({ displayName: name });
