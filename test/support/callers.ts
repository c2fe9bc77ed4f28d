import type { Authorize, EmbeddedEc2 } from "../../emulator/ec2.ts";

/** Who asks for a pass: the operation, and the settings it has, as environment variables. */
export interface Caller {
	readonly operation: "launch" | "backfill" | "audit";
	readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What callers of a test's world may do there: anything, unless a suite's setup says otherwise. */
export const callers: {
	rightsOf: (caller: Caller, ec2: EmbeddedEc2) => Authorize | undefined;
} = { rightsOf: () => undefined };
