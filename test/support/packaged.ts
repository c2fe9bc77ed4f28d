import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildHandlers } from "../../scripts/build-handlers.ts";

const root = join(import.meta.dirname, "../..");
const bin = join(root, "node_modules/.bin");

/** What a person who deploys would give. */
export const REQUIRED = {
	nodeFilters: "tag:kubernetes.io/cluster/hard-way=owned",
	routeTables: "rtb-0a1b2c3d4e5f60718",
	clusterCidrs: "10.200.0.0/16",
};

export type Params = Readonly<Record<string, string>>;

interface Resource {
	readonly Type: string;
	readonly Properties: Readonly<Record<string, unknown>>;
}

/** A stack as `osls package` leaves it. */
export interface Packaged {
	readonly folder: string;
	/** Of the template that a deployment would send to CloudFormation. */
	readonly resources: Readonly<Record<string, Resource>>;
}

/** `serverless.yml` with all that it needs, and handlers built for it alone: suites that run at once share no `dist`. */
interface Service {
	readonly folder: string;
	readonly packages: string[];
}

let service: Promise<Service> | undefined;

async function makeService(): Promise<Service> {
	const folder = await mkdtemp(join(tmpdir(), "podroute-stack-"));
	// osls takes no link for its service file.
	for (const part of ["serverless.yml", "package.json", "infra", "src"]) {
		await cp(join(root, part), join(folder, part), { recursive: true });
	}
	await symlink(join(root, "node_modules"), join(folder, "node_modules"));
	await buildHandlers(join(folder, "dist"));
	return { folder, packages: [] };
}

/** Packages the stack with these params. Rejects with what osls wrote where it refuses. */
export async function packageWith(params: Params, stage = "prod"): Promise<Packaged> {
	service ??= makeService();
	const { folder: cwd, packages } = await service;
	const folder = await mkdtemp(join(tmpdir(), "podroute-package-"));
	packages.push(folder);
	const flags = Object.entries(params).flatMap(([name, value]) => ["--param", `${name}=${value}`]);
	// osls reads the caller's AWS configuration; none may leak into the template.
	const env = { PATH: `${bin}:/usr/bin:/bin` };
	await promisify(execFile)(join(bin, "osls"), ["package", "--package", folder, "--stage", stage, ...flags], {
		cwd,
		env,
	});
	const template = JSON.parse(
		await readFile(join(folder, "cloudformation-template-update-stack.json"), "utf8"),
	);
	return { folder, resources: template.Resources };
}

/** What osls says when it refuses to package. */
export async function refusalOf(params: Params): Promise<string> {
	return packageWith(params).then(
		() => "packaged",
		({ stdout, stderr }: { stdout: string; stderr: string }) => `${stdout}${stderr}`,
	);
}

/** Leaves nothing behind; whoever packages calls it in the end. */
export async function removePackages(): Promise<void> {
	const made = await service;
	service = undefined;
	if (made === undefined) return;
	await Promise.all([made.folder, ...made.packages].map((folder) => rm(folder, { recursive: true })));
}
