import { env } from "node:process";
import { countingClient } from "../ec2/client.ts";
import { environmentCredentials } from "./environment-credentials.ts";

/**
 * A function's way to EC2. Made once, so that a warm function keeps its connections, and before the first event, as
 * Lambda gives a function that starts a whole processor. What is fixed here is fixed for good: the bundle has no
 * code to do it otherwise (scripts/leave-out.ts), and says so at once where a client is made without.
 */
export const ec2 = countingClient({ credentials: environmentCredentials(env), retryMode: "standard" });
