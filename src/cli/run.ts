import { tellError } from "../reconcile/tell-error.ts";
import { audit } from "./audit.ts";
import { backfill } from "./backfill.ts";
import { demo } from "./demo.ts";
import { emulator } from "./emulator.ts";
import { type ExitCode, type Terminal, UsageError } from "./terminal.ts";

const HELP = `podroute keeps the pod-CIDR routes of VPC route tables in line with the EC2
instances of a self-managed Kubernetes cluster.

Usage: podroute <command> [options]

  audit [--json] [--html FILE]
                     looks at the whole route table and tells what is wrong;
                     with REPAIR=routes or all, puts it right. --html draws
                     the blocks as a map, in one file for a browser
  backfill [--dry-run] [--plan-id ID] [--instance i-…]… [--json]
                     routes every node, or those named. --dry-run shows the
                     plan and its id; --plan-id applies that plan only
  demo [--json]      the worked example on the embedded EC2: workers launch,
                     their routes appear, one is replaced in place; ends
                     with a map of the blocks, as a file for a browser
  emulator [--port N] [--latency-ms N] [--throttle aws|none] [--events URL]
                     the embedded EC2 on 127.0.0.1, for trying things.
                     --throttle aws: requests draw on AWS's token buckets.
                     --events URL: an EventBridge endpoint that gets every
                     event, as PutEvents

Settings are environment variables: see README.md. --json prints the report
alone. Exit status: 0 all is as it should be, 2 there is something to act on,
1 an error.`;

type Command = (args: string[], terminal: Terminal) => Promise<ExitCode>;

const COMMANDS: Readonly<Record<string, Command>> = { audit, backfill, demo, emulator };

/** Runs one command line. What goes wrong is told on standard error, in a sentence, and by the exit code. */
export async function run(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
	const [name, ...rest] = args;
	if (name === undefined || ["help", "--help", "-h"].includes(name)) {
		terminal.print(HELP);
		return name === undefined ? 1 : 0;
	}
	try {
		const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
		if (command === undefined) throw new UsageError(`There is no command "${name}".`);
		return await command(rest, terminal);
	} catch (error) {
		terminal.warn(tell(error));
		return 1;
	}
}

function tell(error: unknown): string {
	if (error instanceof UsageError) return `podroute: ${error.message}\nRun podroute --help for the commands.`;
	return `podroute: ${tellError(error)}`;
}
