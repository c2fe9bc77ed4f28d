import { existsSync } from "node:fs";
import { join } from "node:path";
import { MAIN } from "../support/command.ts";
import { type Started, startServing } from "./started.ts";

const motoServer = join(import.meta.dirname, "../../.venv/bin/moto_server");

/** An EC2 that a suite can start for itself, on a free port of 127.0.0.1. */
export interface Server {
	readonly name: "the embedded EC2" | "moto";
	start(): Promise<Started>;
}

export const EMBEDDED: Server = {
	name: "the embedded EC2",
	start: () => startServing(process.execPath, [MAIN, "emulator", "--port", "0"], {}),
};

export const MOTO: Server = {
	name: "moto",
	async start() {
		if (!existsSync(motoServer)) {
			throw new Error("There is no moto in .venv: `npm run test:interop` installs it and runs these tests.");
		}
		return startServing(motoServer, ["--host", "127.0.0.1", "--port", "0"], {
			PATH: "/usr/local/bin:/usr/bin:/bin",
			// It has no Ubuntu image of its own, and loads its own hundreds slowly.
			MOTO_AMIS_PATH: join(import.meta.dirname, "moto-images.json"),
			// Its requests are signed by nobody it knows, and it must never ask anybody else.
			AWS_EC2_METADATA_DISABLED: "true",
		});
	},
};

/** Both are held to the same cases. */
export const SERVERS: readonly Server[] = [EMBEDDED, MOTO];
